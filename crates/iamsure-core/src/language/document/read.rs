//! JSON → document: one function per production of AWS's policy grammar, and every finding on the
//! way. This file and its folder are the only readers of the JSON tree.
//!
//! Findings are collected, never thrown: a reader wants all of them at once. A document comes out
//! only when none of them is an error.

mod action;
mod condition;
mod extent;
mod kind;
mod outline;
mod principal;
mod resource;
mod statement;

use std::collections::BTreeMap;

use super::policy_type::{PolicyType, Presence, Profile};
use super::statement::{Effect, Sense};
use super::{PolicyDocument, Version};
use crate::language::diagnostic::{Code, Diagnostic, Grade};
use crate::language::json::{self, Json, Member};
use crate::language::source::{Source, Span, Spanned};

/// What came of reading a document.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The document, unless one of the findings is an error that says more than that it is too long
    /// to be stored.
    pub document: Option<PolicyDocument>,
    /// If there is no document: what could be read of it. Parts of it are missing, so that it decides nothing; the names
    /// that it holds can be looked up.
    pub part: Option<PolicyDocument>,
    /// Everything there is to say, in the order of the text.
    pub findings: Vec<Diagnostic>,
}

impl Inspection {
    /// Whether the text could not even be read as JSON.
    pub fn is_unreadable(&self) -> bool {
        self.findings.iter().any(|finding| finding.code.grade() == Grade::Unreadable)
    }
}

pub(super) fn inspect(source: &Source, kind: PolicyType, profile: Profile) -> Inspection {
    let mut reader = Reader { kind, profile, version: None, findings: Vec::new(), suggestions: 0 };
    let document = match json::read(source) {
        Ok(tree) => reader.document(source, tree),
        Err(finding) => {
            reader.findings.push(finding);
            None
        }
    };
    reader.findings.sort_by_key(Diagnostic::span);
    // How long a policy is never changes what it decides (2.3).
    let keeps_from_use =
        |finding: &Diagnostic| finding.is_error() && finding.code != Code::SizeLimit;
    let fine = !reader.findings.iter().any(keeps_from_use);
    let (document, part) = if fine { (document, None) } else { (None, document) };
    Inspection { document, part, findings: reader.findings }
}

pub(super) use kind::detect;

struct Reader {
    kind: PolicyType,
    profile: Profile,
    version: Option<Version>,
    findings: Vec<Diagnostic>,
    /// How many names were looked up for a suggestion, of at most [`MAX_SUGGESTIONS`].
    suggestions: usize,
}

/// The longest message, in characters.
const LONGEST_MESSAGE: usize = 300;

/// How many misspelt names of one document are given a suggestion: a person reads no more, and each
/// costs a comparison with every name there is.
const MAX_SUGGESTIONS: usize = 100;

type Node = Spanned<Json>;

impl Reader {
    fn finding(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.profile, span, message)
    }

    /// A finding about what IAM itself was recorded to refuse; of what other services store it is only
    /// suspicious.
    fn stored_finding(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        let mut finding = self.finding(code, span, message);
        if !self.kind.is_stored_by_iam() {
            finding.severity = Grade::Suspicious.severity(self.profile);
        }
        finding
    }

    /// Records a finding. A message quotes what was written, but not megabytes of it.
    fn report(&mut self, mut finding: Diagnostic) {
        if let Some((end, _)) = finding.message.char_indices().nth(LONGEST_MESSAGE) {
            finding.message.truncate(end);
            finding.message.push('…');
        }
        self.findings.push(finding);
    }

    /// An element that holds one text.
    fn text(&mut self, element: &str, node: &Node) -> Option<Spanned<String>> {
        if let Json::Text(text) = &node.value {
            return Some(Spanned::new(text.clone(), node.span));
        }
        let message = format!("{element} must be a string; this is {}", node.value.kind());
        self.report(self.finding(Code::BadElement, node.span, message));
        None
    }

    /// An element that holds one text or a list of them.
    fn texts(&mut self, element: &str, node: Node) -> Option<Vec<Spanned<String>>> {
        let nodes = match node.value {
            Json::List(nodes) => nodes,
            value => vec![Spanned::new(value, node.span)],
        };
        let mut texts = Vec::with_capacity(nodes.len());
        let mut fine = true;
        for node in nodes {
            if let Json::Text(text) = node.value {
                texts.push(Spanned::new(text, node.span));
            } else {
                let message = format!(
                    "{element} must be a string or a list of strings; this is {}",
                    node.value.kind()
                );
                self.report(self.finding(Code::BadElement, node.span, message));
                fine = false;
            }
        }
        fine.then_some(texts)
    }

    /// Whether an entry that cannot be read would widen access if it matched nothing: in what an Allow leaves
    /// out, and in what a Deny is about. There it is read as everything. So what cannot be read never
    /// widens access, whatever it was to be.
    const fn must_match(sense: Sense, effect: Option<Effect>) -> bool {
        match effect {
            Some(Effect::Allow) => matches!(sense, Sense::NoneOf),
            Some(Effect::Deny) => matches!(sense, Sense::OneOf),
            None => false,
        }
    }

    /// The one element of a pair such as Action and NotAction, if the pair is as the type of
    /// policy wants it.
    fn one_of_pair(
        &mut self,
        mut written: Vec<(Sense, Span, Node)>,
        both: Code,
        names: (&str, &str),
    ) -> Option<(Sense, Span, Node)> {
        if let [(_, first, _), (_, second, _)] = written.as_slice()
            && written.iter().any(|(sense, ..)| *sense == Sense::OneOf)
            && written.iter().any(|(sense, ..)| *sense == Sense::NoneOf)
        {
            let message = format!("a statement has {} or {}, not both", names.0, names.1);
            self.report(self.finding(both, *second, message).also(*first, "the other is here"));
            return None;
        }
        written.pop()
    }

    fn duplicates(&mut self, members: &[Member]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for Member { key, .. } in members {
            match seen.get(key.as_str()) {
                Some(first) => {
                    let message = format!("`{}` occurs twice in one object", key.value);
                    let finding = self
                        .finding(Code::DuplicateKey, key.span, message)
                        .also(*first, "first written here");
                    self.report(
                        finding
                            .help("merge the two; most JSON readers would silently drop the first"),
                    );
                }
                None => {
                    seen.insert(key, key.span);
                }
            }
        }
    }

    fn unknown_element(&mut self, name: &str, span: Span, known: &[&str]) {
        let mut finding =
            self.finding(Code::UnknownElement, span, format!("unknown policy element `{name}`"));
        if let Some(close) = self.closest(name, known.iter().copied()) {
            finding =
                finding.help(format!("did you mean `{close}`? Element names are case-sensitive"));
        }
        self.report(finding);
    }

    /// The known name most like `name`, if one is like it at all.
    fn closest<'a>(&mut self, name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS || name.len() > 64 {
            return None;
        }
        let name = name.to_ascii_lowercase();
        known
            .map(|candidate| {
                (strsim::jaro_winkler(&name, &candidate.to_ascii_lowercase()), candidate)
            })
            .filter(|(likeness, _)| *likeness > 0.85)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, candidate)| candidate)
    }

    fn found(&self, code: Code) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}

/// "an identity-based policy", "a role trust policy".
fn a(kind: PolicyType) -> String {
    let name = kind.aws_name();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}
