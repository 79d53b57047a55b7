//! The outermost object: its members, Version and Id (G-1, G-4, G-5).

use super::{Node, PolicyType, Reader, a};
use crate::language::diagnostic::Code;
use crate::language::document::{PolicyDocument, Version};
use crate::language::json::{Json, Member};
use crate::language::source::{Source, Span, Spanned};

impl Reader {
    /// The whole document.
    pub(super) fn document(&mut self, source: &Source, tree: Node) -> Option<PolicyDocument> {
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
                            format!("AWS does not document Id in {}, but stores it", a(self.kind)),
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
            "Version is {is}: CreatePolicy rejects such a managed policy (`Policy document must be version 2012-10-17 or greater.`); an inline policy may have it"
        );
        let finding = self.finding(Code::OldManagedVersion, span, message);
        self.report(
            finding.help("write \"Version\": \"2012-10-17\"; `${` then begins a policy variable"),
        );
    }
}
