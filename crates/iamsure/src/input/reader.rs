//! Policies as they are read: what is wrong with them is said as they come.

use std::path::Path;

use iamsure_core::language::{
    Code, Diagnostic, PolicyDocument, PolicyType, Profile, Source, symbol,
};
use iamsure_core::world::PolicySet;
use iamsure_review::finding::Finding;

use super::{Found, Given, Named, Root, excerpt, held, is_for_others, named};
use crate::args::Verbosity;
use crate::failure::Failure;
use crate::render::layout::Drawing;
use crate::render::{self, diagnostic::beside_the_answer};
use crate::streams::Streams;

/// Reads policies and renders what is wrong with them on standard error, as they come.
pub(crate) struct PolicyReader<'a> {
    profile: Profile,
    pub(super) streams: &'a mut Streams,
    /// What is wrong with the first document that cannot be used.
    failed: Option<String>,
    stdin_taken: bool,
    /// What to do with a policy that names principals where an identity-based one is expected.
    for_principals: &'static str,
    /// Whether a policy holds symbols for values that are known when it is deployed.
    pub(super) known_later: bool,
    /// The account that owns the resource or role whose policy was read, if its container tells.
    pub(super) owner: Option<String>,
}

impl<'a> PolicyReader<'a> {
    pub(crate) const fn new(lenient: bool, streams: &'a mut Streams) -> Self {
        let profile = if lenient { Profile::Lenient } else { Profile::Strict };
        Self {
            profile,
            streams,
            failed: None,
            stdin_taken: false,
            for_principals: "if this is a role trust policy, give it with --trust; if it is attached to a resource, with --resource-policy",
            known_later: false,
            owner: None,
        }
    }

    /// The same, where the layer of a policy is said by `--as`.
    pub(crate) fn of_layer(self) -> Self {
        let for_principals = "if this is a role trust policy, add --as trust; if it is attached to a resource, --as resource";
        Self { for_principals, ..self }
    }

    /// Whether every document can be used.
    ///
    /// # Errors
    /// If one cannot; what is wrong was rendered.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        self.failed.clone().map_or(Ok(()), |why| Err(Failure::Said(why)))
    }

    /// One document; `None` if it cannot be used.
    ///
    /// # Errors
    /// If it cannot be opened or read.
    pub(crate) fn read(
        &mut self,
        path: &Path,
        kind: PolicyType,
    ) -> Result<Option<PolicyDocument>, Failure> {
        self.read_under(path, &Root::of_named(path), kind)
    }

    /// One document, of the type that its place in a container or it itself shows.
    ///
    /// # Errors
    /// If it cannot be opened, read or used.
    pub(super) fn detected(mut self, path: &Path) -> Result<Given, Failure> {
        let found = match named(path, &Root::of_named(path), self.streams)? {
            Named::One(found) => found,
            Named::Principal(owner, policies) => {
                let kind = PolicyType::Identity;
                let found = held::one(&owner.address, policies, kind)?;
                Found { kind: Some(kind), ..found }
            }
            Named::Unreadable(source, finding) => {
                let why = in_one_line(&finding, &source);
                self.inspect(Err((source, finding)), PolicyType::Identity);
                return Err(Failure::Said(why));
            }
        };
        self.found(found)
    }

    /// A document that was found, of the type that its place or it itself shows.
    ///
    /// # Errors
    /// If it cannot be used.
    pub(super) fn found(mut self, found: Found) -> Result<Given, Failure> {
        let kind = found.kind.unwrap_or_else(|| PolicyDocument::detect(&found.source).0);
        let document = self.take(Ok(found), kind);
        self.finish()?;
        let policies = document.map(PolicySet::of).unwrap_or_default();
        Ok(Given { known_later: self.known_later, owner: self.owner, ..policies.into() })
    }

    /// One document that must be under a root; `None` if it cannot be used.
    ///
    /// # Errors
    /// If it cannot be opened or read, or is elsewhere.
    pub(crate) fn read_under(
        &mut self,
        path: &Path,
        root: &Root,
        kind: PolicyType,
    ) -> Result<Option<PolicyDocument>, Failure> {
        if path.as_os_str() == "-" && std::mem::replace(&mut self.stdin_taken, true) {
            return Err(Failure::Message("standard input (`-`) can be read once only".to_owned()));
        }
        let named = named(path, root, self.streams)?;
        self.one(named, kind)
    }

    /// What a suite names: one document, or all policies of a principal where `kind` is identity-based; `None` if it cannot be
    /// used.
    ///
    /// # Errors
    /// If it cannot be opened or read, or is elsewhere.
    pub(crate) fn read_beside(
        &mut self,
        path: &Path,
        root: &Root,
        kind: PolicyType,
    ) -> Result<Option<Given>, Failure> {
        let given = match named(path, root, self.streams)? {
            Named::Principal(owner, policies) if kind == PolicyType::Identity => {
                held::of_principal(owner, policies, kind, self)?
            }
            named => {
                let document = self.one(named, kind)?;
                document.map(PolicySet::of).unwrap_or_default().into()
            }
        };
        let known_later = self.known_later;
        Ok(self.failed.is_none().then_some(Given { known_later, ..given }))
    }

    /// The one document of `kind` among what was named; `None` if it cannot be used.
    fn one(&mut self, named: Named, kind: PolicyType) -> Result<Option<PolicyDocument>, Failure> {
        let found = match named {
            Named::One(found) => Ok(found),
            Named::Principal(owner, policies) => Ok(held::one(&owner.address, policies, kind)?),
            Named::Unreadable(source, finding) => Err((source, finding)),
        };
        Ok(self.take(found, kind))
    }

    /// As [`inspect`](Self::inspect), of a policy that stands for itself: it tells whose resource or role it is of.
    pub(super) fn take(
        &mut self,
        found: Result<Found, (Source, Diagnostic)>,
        kind: PolicyType,
    ) -> Option<PolicyDocument> {
        if let (Ok(found), PolicyType::Resource | PolicyType::Trust) = (&found, kind)
            && self.owner.is_none()
        {
            self.owner.clone_from(&found.account);
        }
        self.inspect(found, kind)
    }

    /// A document that was found; `None` if it cannot be used. What is wrong is rendered.
    pub(crate) fn inspect(
        &mut self,
        found: Result<Found, (Source, Diagnostic)>,
        kind: PolicyType,
    ) -> Option<PolicyDocument> {
        let (source, document, mut findings) = match found {
            Ok(Found { source, may_be_bare, symbols_said, is_of_aws, .. }) => {
                let mut inspection = PolicyDocument::inspect_attached(&source, kind, self.profile);
                if may_be_bare {
                    excerpt::accept_fragment(&mut inspection, &source, kind);
                }
                if is_of_aws {
                    inspection.findings.retain(|finding| !is_for_others(finding.code));
                }
                if symbols_said {
                    self.known_later |= !symbol::placeholders(source.text()).is_empty();
                    inspection.findings.retain(|finding| finding.code != Code::Placeholder);
                }
                (source, inspection.document, inspection.findings)
            }
            Err((source, finding)) => (source, None, vec![finding]),
        };
        if document.is_none() {
            let first = findings.iter().find(|finding| finding.is_error());
            let why = first.map(|finding| in_one_line(finding, &source)).unwrap_or_default();
            self.failed.get_or_insert(why);
            if kind == PolicyType::Identity
                && findings.iter().any(|finding| finding.code == Code::ProhibitedPrincipal)
            {
                for finding in
                    findings.iter_mut().filter(|finding| finding.code == Code::ProhibitedPrincipal)
                {
                    finding.help = Some(self.for_principals.to_owned());
                }
            }
        }
        let findings: Vec<_> = findings.into_iter().map(Finding::from).collect();
        let drawing = Drawing::of_errors(self.streams);
        let all = self.streams.verbosity() == Verbosity::Verbose;
        if document.is_none() {
            self.streams.note(&render::diagnostic::human(&source, &findings, all, drawing));
        } else {
            let verbosity = self.streams.verbosity();
            self.streams.remark(&beside_the_answer(&source, &findings, verbosity, drawing));
        }
        document
    }

    /// Documents by level; a bare FILE is on level 0.
    pub(crate) fn levels(
        &mut self,
        args: &[String],
        kind: PolicyType,
    ) -> Result<Vec<Vec<PolicyDocument>>, Failure> {
        let mut levels: Vec<Vec<PolicyDocument>> = Vec::new();
        let bare = args.iter().filter(|arg| with_level(arg).0.is_none()).count();
        if bare > 1 && kind == PolicyType::Scp {
            self.streams.remark(&format!(
                "note: the {bare} --scp files without LEVEL= are all at level 0, where an Allow in any one of them is enough; give LEVEL=FILE for other levels\n"
            ));
        }
        for arg in args {
            let (level, path) = match with_level(arg) {
                (Some(level), path) => {
                    let level: usize = level.parse().ok().filter(|level| *level < 16).ok_or_else(|| {
                        Failure::Message(format!("`{level}` is not a level: an organization has at most a root, five OUs and an account"))
                    })?;
                    (level, path)
                }
                (None, path) => (0, path),
            };
            if levels.len() <= level {
                levels.resize_with(level + 1, Vec::new);
            }
            let document = self.read(Path::new(path), kind)?;
            if let Some(slot) = levels.get_mut(level) {
                slot.extend(document);
            }
        }
        if let Some(empty) = levels.iter().position(Vec::is_empty).filter(|_| self.failed.is_none())
        {
            return Err(Failure::Message(format!(
                "level {empty} of --{kind} is empty; give it a policy (by default AWS attaches FullAWSAccess)"
            )));
        }
        Ok(levels)
    }
}

/// What is wrong with a document, and where.
pub(crate) fn in_one_line(finding: &Diagnostic, source: &Source) -> String {
    format!("{} ({})", finding.message, source.place(finding.span().start))
}

/// `LEVEL=FILE`, or a bare FILE.
pub(crate) fn with_level(arg: &str) -> (Option<&str>, &str) {
    match arg.split_once('=') {
        Some((level, path)) if !level.is_empty() && level.bytes().all(|b| b.is_ascii_digit()) => {
            (Some(level), path)
        }
        _ => (None, arg),
    }
}
