//! JSON → document: one function per production of AWS's policy grammar, and every finding on the
//! way. This file and its folder are the only readers of the JSON tree.
//!
//! Findings are collected, never thrown: a reader wants all of them at once. A document comes out
//! only when none of them is an error.

mod action;
mod condition;
mod kind;
mod principal;
mod resource;

use std::collections::BTreeMap;

use super::policy_type::{PolicyType, Presence, Profile};
use super::statement::{Effect, Sense, Statement};
use super::{PolicyDocument, Version};
use crate::language::diagnostic::{Code, Diagnostic, Grade};
use crate::language::json::{self, Json, Member};
use crate::language::source::{Source, Span, Spanned};
use crate::language::symbol;

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

    /// The whole document.
    fn document(&mut self, source: &Source, tree: Node) -> Option<PolicyDocument> {
        self.characters(source);
        self.size(source);
        self.placeholders(source);
        let members = self.document_members(tree)?;
        self.duplicates(&members);

        let mut version = None;
        let (mut id, mut statements) = (None, None);
        // Version first: whether `${` is a variable depends on it.
        for member in members.iter().filter(|member| *member.key == "Version") {
            version = self.version(&member.value);
        }
        self.version = version.as_ref().map(|version: &Spanned<Version>| version.value);
        for Member { key, value } in members {
            match key.as_str() {
                "Version" => {}
                "Id" => {
                    if self.kind.is_identity_family() {
                        let finding = self.finding(
                            Code::ProhibitedId,
                            key.span,
                            format!("AWS documents no Id in {}, but stores it", a(self.kind)),
                        );
                        self.report(finding.help("remove the Id element; it does nothing here"));
                    }
                    id = self.text("Id", &value);
                }
                "Statement" => statements = Some(self.statements(value, key.span)),
                other => self.unknown_element(other, key.span, &["Version", "Id", "Statement"]),
            }
        }
        if version.is_none() && self.kind.needs_2012() && !self.found(Code::BadVersion) {
            let message = format!("{} needs \"Version\": \"2012-10-17\"", a(self.kind));
            self.report(self.finding(Code::VersionMustBe2012, Span::new(0, 0), message));
        } else if version.is_none() && source.text().contains("${") && !self.found(Code::BadVersion)
        {
            let at = source.text().find("${").unwrap_or_default();
            let finding = self.finding(
                Code::MissingVersion,
                Span::new(at, at + 2),
                "without Version the document is read as 2008-10-17, where `${` is ordinary text",
            );
            self.report(finding.help("add \"Version\": \"2012-10-17\""));
        }
        self.managed_version(version.as_ref());
        let Some(statements) = statements else {
            let finding = self.finding(
                Code::MissingStatement,
                Span::new(0, 0),
                "the document has no Statement",
            );
            self.report(finding.help(
                "a policy document is `{ \"Version\": \"2012-10-17\", \"Statement\": [ … ] }`",
            ));
            return None;
        };
        self.unique_sids(&statements);
        Some(PolicyDocument {
            source: source.clone(),
            kind: self.kind,
            version,
            id,
            statements: statements.into(),
        })
    }

    /// The members of the outermost object. Bare statements are wrapped when the profile allows.
    fn document_members(&mut self, tree: Node) -> Option<Vec<Member>> {
        let span = tree.span;
        let is_statement = |json: &Json| match json {
            Json::Map(members) => {
                let has = |name: &str| members.iter().any(|member| *member.key == name);
                has("Effect") && !has("Statement")
            }
            _ => false,
        };
        let bare = match &tree.value {
            Json::List(list) => {
                !list.is_empty() && list.iter().all(|node| is_statement(&node.value))
            }
            other => is_statement(other),
        };
        if bare {
            let finding = self.finding(
                Code::BareStatements,
                Span::new(span.start, span.start + 1),
                "these are bare statements, not a policy document",
            );
            self.report(finding.help(
                "wrap them: { \"Version\": \"2012-10-17\", \"Statement\": … }; the lenient profile reads them as if they were",
            ));
            let member =
                |key: &str, value| Member { key: Spanned::new(key.to_owned(), span), value };
            let version = Spanned::new(Json::Text(Version::V2012.as_str().to_owned()), span);
            return Some(vec![member("Version", version), member("Statement", tree)]);
        }
        match tree.value {
            Json::Map(members) => Some(members),
            other => {
                let message =
                    format!("a policy document is a JSON object; this is {}", other.kind());
                self.report(self.finding(Code::NotAnObject, span, message));
                None
            }
        }
    }

    fn version(&mut self, node: &Node) -> Option<Spanned<Version>> {
        let text = self.text("Version", node)?;
        let version = match text.as_str() {
            "2012-10-17" => Version::V2012,
            "2008-10-17" => Version::V2008,
            other => {
                let message = format!("`{other}` is not a version of the policy language");
                let finding = self.finding(Code::BadVersion, node.span, message);
                self.report(finding.help(
                    "write \"2012-10-17\" (or \"2008-10-17\", which has no policy variables)",
                ));
                return None;
            }
        };
        if version == Version::V2008 && self.kind.needs_2012() {
            let message = format!("{} needs Version 2012-10-17", a(self.kind));
            self.report(self.finding(Code::VersionMustBe2012, node.span, message));
        }
        Some(Spanned::new(version, node.span))
    }

    /// G-4: what `CreatePolicy` refuses, and putting the same policy inline does not.
    fn managed_version(&mut self, version: Option<&Spanned<Version>>) {
        if !matches!(self.kind, PolicyType::Identity | PolicyType::Boundary)
            || self.found(Code::BadVersion)
            || version.is_some_and(|version| version.value == Version::V2012)
        {
            return;
        }
        let (span, is) = match version {
            Some(version) => (version.span, "2008-10-17"),
            None => (Span::new(0, 0), "absent"),
        };
        let message = format!(
            "Version is {is}: CreatePolicy refuses such a managed policy (`Policy document must be version 2012-10-17 or greater.`), and an inline policy may have it"
        );
        let finding = self.finding(Code::OldManagedVersion, span, message);
        self.report(
            finding.help("write \"Version\": \"2012-10-17\"; `${` then begins a policy variable"),
        );
    }

    fn statements(&mut self, node: Node, key: Span) -> Vec<Spanned<Statement>> {
        if matches!(&node.value, Json::List(nodes) if nodes.is_empty()) {
            let message = "the list of statements is empty; IAM answers `Syntax errors in policy.`";
            self.report(
                self.stored_finding(Code::EmptyStatement, key, message)
                    .help("write at least one statement; an empty list has no effect"),
            );
        }
        let nodes = match node.value {
            Json::List(nodes) => nodes,
            value => vec![Spanned::new(value, node.span)],
        };
        nodes.into_iter().filter_map(|node| self.statement(node)).collect()
    }

    fn statement(&mut self, node: Node) -> Option<Spanned<Statement>> {
        let span = node.span;
        let Json::Map(members) = node.value else {
            let message = format!("a statement is an object; this is {}", node.value.kind());
            self.report(self.finding(Code::BadElement, span, message));
            return None;
        };
        self.duplicates(&members);
        let mut sid = None;
        let (mut effect, mut has_effect) = (None, false);
        let (mut principal, mut action, mut resource) = (Vec::new(), Vec::new(), Vec::new());
        let mut conditions = None;
        for Member { key, value } in members {
            match key.as_str() {
                "Sid" => sid = self.sid(&value),
                "Effect" => {
                    has_effect = true;
                    effect = self.effect(&value);
                }
                "Principal" => principal.push((Sense::OneOf, key.span, value)),
                "NotPrincipal" => principal.push((Sense::NoneOf, key.span, value)),
                "Action" => action.push((Sense::OneOf, key.span, value)),
                "NotAction" => action.push((Sense::NoneOf, key.span, value)),
                "Resource" => resource.push((Sense::OneOf, key.span, value)),
                "NotResource" => resource.push((Sense::NoneOf, key.span, value)),
                "Condition" => conditions = Some(value),
                other => self.unknown_element(
                    other,
                    key.span,
                    &[
                        "Sid",
                        "Effect",
                        "Principal",
                        "NotPrincipal",
                        "Action",
                        "NotAction",
                        "Resource",
                        "NotResource",
                        "Condition",
                    ],
                ),
            }
        }
        let place = Span::new(span.start, span.start + 1);
        if !has_effect {
            let finding = self.finding(Code::MissingEffect, place, "the statement has no Effect");
            self.report(finding.help("add \"Effect\": \"Allow\" or \"Effect\": \"Deny\""));
        }
        let effect_value = effect.as_ref().map(|effect: &Spanned<Effect>| effect.value);
        let principal = self.principal_element(principal, effect_value, place);
        let action = self.action_element(action, effect_value, place);
        let resource = self.resource_element(resource, effect_value, place);
        let condition =
            conditions.map(|node| self.condition(node, effect_value)).unwrap_or_default();
        let statement = Statement { sid, effect: effect?, principal, action, resource, condition };
        if self.kind == PolicyType::Rcp {
            self.resource_control(&statement);
        }
        Some(Spanned::new(statement, span))
    }

    /// T-6: a customer's RCP denies, and names the service of each action.
    fn resource_control(&mut self, statement: &Statement) {
        if *statement.effect == Effect::Allow {
            let at = statement.effect.span;
            let finding =
                self.finding(Code::RcpAllow, at, "a resource control policy can only deny");
            self.report(
                finding.help("list what is denied; AWS's own `RCPFullAWSAccess` allows the rest"),
            );
        }
        let listed = statement.action.iter().filter(|element| element.sense == Sense::OneOf);
        for entry in listed.flat_map(|element| &element.entries).filter(|entry| entry.is_every()) {
            let finding = self.finding(
                Code::RcpActionStar,
                entry.span,
                "a resource control policy must name the service of each action; a bare `*` is rejected",
            );
            self.report(finding.help("write for example `s3:*`"));
        }
    }

    fn sid(&mut self, node: &Node) -> Option<Spanned<String>> {
        let sid = self.text("Sid", node)?;
        if self.kind.is_stored_by_iam() && !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let message = format!(
                "the Sid `{}` contains characters other than letters and digits",
                sid.value
            );
            self.report(self.finding(Code::BadSid, node.span, message));
        }
        Some(sid)
    }

    fn effect(&mut self, node: &Node) -> Option<Spanned<Effect>> {
        let text = self.text("Effect", node)?;
        let effect = match text.as_str() {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            other => {
                let message =
                    format!("Effect must be exactly `Allow` or `Deny`; this is `{other}`");
                self.report(self.finding(Code::BadEffect, node.span, message));
                return None;
            }
        };
        Some(Spanned::new(effect, node.span))
    }

    /// Sids are unique in what IAM stores (G-6); the empty one may repeat.
    fn unique_sids(&mut self, statements: &[Spanned<Statement>]) {
        if !self.kind.is_stored_by_iam() {
            return;
        }
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for sid in statements.iter().filter_map(|statement| statement.sid.as_ref()) {
            if sid.is_empty() {
                continue;
            }
            match seen.get(sid.as_str()) {
                Some(first) => {
                    let message = format!("duplicate Sid `{}`", sid.value);
                    self.report(
                        self.finding(Code::DuplicateSid, sid.span, message)
                            .also(*first, "first used here"),
                    );
                }
                None => {
                    seen.insert(sid, sid.span);
                }
            }
        }
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

    /// G-16, once a document.
    fn characters(&mut self, source: &Source) {
        if !self.kind.is_stored_by_iam() {
            return;
        }
        let refused = |c: char| !matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}');
        let mut places = source.text().char_indices().filter(|(_, c)| refused(*c));
        if let Some((at, c)) = places.next() {
            let more = match places.count() {
                0 => String::new(),
                more => format!(" ({more} more such characters follow)"),
            };
            let message = format!(
                "IAM does not accept the character U+{:04X} in a policy{more}",
                u32::from(c)
            );
            self.report(self.finding(
                Code::BadCharacter,
                Span::new(at, at + c.len_utf8()),
                message,
            ));
        }
    }

    /// 2.3. What is longer than AWS stores anywhere is refused; what only some places store is suspicious.
    fn size(&mut self, source: &Source) {
        let limit = self.kind.size_limit();
        let whole = source.text().chars().count();
        let blank = source.text().chars().filter(|c| c.is_whitespace()).count();
        let length = if limit.white_space_counts { whole } else { whole - blank };
        if length <= limit.characters {
            return;
        }
        let uncounted = if limit.white_space_counts { "" } else { ", not counting white space" };
        let message = format!(
            "the document has {length} characters{uncounted}; AWS's limit is {} for {}",
            limit.characters, limit.what
        );
        let mut finding = self.finding(Code::SizeLimit, Span::new(0, 0), message);
        // Consoles drop white space before they save.
        if length > limit.most && (!limit.white_space_counts || whole - blank > limit.most) {
            finding.severity = Grade::Refused.severity(self.profile);
        } else if limit.white_space_counts && whole - blank <= limit.characters {
            finding = finding
                .help("the console removes white space before saving; the API and CLI do not");
        }
        self.report(finding);
    }

    /// `<YOUR_ACCOUNT_ID>` and the like, once each.
    fn placeholders(&mut self, source: &Source) {
        let mut seen = std::collections::BTreeSet::new();
        for span in symbol::placeholders(source.text()) {
            let symbol = source.slice(span);
            if seen.insert(symbol.to_owned()) {
                let message = format!("`{symbol}` is a placeholder: it is treated as a literal");
                self.report(
                    self.finding(Code::Placeholder, span, message)
                        .help("replace it before the policy is deployed"),
                );
            }
        }
    }
}

/// "an identity-based policy", "a role trust policy".
fn a(kind: PolicyType) -> String {
    let name = kind.aws_name();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}
