//! Action and NotAction (G-8, G-9, G-10, T-2, T-6).

use super::{Effect, Node, PolicyType, Reader, Sense, a};
use crate::language::action::{ActionPattern, is_prefix};
use crate::language::diagnostic::{Code, Grade};
use crate::language::document::statement::ActionElement;
use crate::language::source::{Span, Spanned};
use crate::language::symbol::placeholders;

/// What a role trust policy may name besides `sts:AssumeRole…` (T-2).
const TRUST_ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
];

impl Reader {
    pub(super) fn action_element(
        &mut self,
        written: Vec<(Sense, Span, Node)>,
        effect: Option<Effect>,
        place: Span,
    ) -> Option<Spanned<ActionElement>> {
        if written.is_empty() {
            let finding = self.finding(
                Code::MissingAction,
                place,
                "the statement has neither Action nor NotAction",
            );
            self.report(finding.help("without one the statement never matches"));
            return None;
        }
        let (sense, key, node) =
            self.one_of_pair(written, Code::ActionAndNotAction, ("Action", "NotAction"))?;
        let (name, span) = (if sense == Sense::OneOf { "Action" } else { "NotAction" }, node.span);
        let entries = self.texts(name, node)?;
        if entries.is_empty() {
            let mut finding =
                self.finding(Code::EmptyAction, span, format!("the list of {name} is empty"));
            if !self.kind.is_identity_family() {
                finding.severity = Grade::Suspicious.severity(self.profile);
            }
            self.report(finding.help("name an action; an empty list has no effect"));
        }
        if self.kind == PolicyType::Rcp && sense == Sense::NoneOf {
            self.report(self.finding(
                Code::RcpNotAction,
                key,
                "a resource control policy cannot have NotAction",
            ));
        }
        let everything = Self::must_match(sense, effect);
        let mut patterns = Vec::with_capacity(entries.len());
        for Spanned { value, span } in entries {
            let is_readable = self.action(&value, span);
            let pattern = match value {
                text if !everything || is_readable => ActionPattern::new(text),
                text if !placeholders(&text).is_empty() => ActionPattern::unreadable(text),
                _ => ActionPattern::new("*"),
            };
            patterns.push(Spanned::new(pattern, span));
        }
        Some(Spanned::new(
            ActionElement { sense, entries: patterns },
            Span::new(key.start, span.end),
        ))
    }

    /// What there is to say of an entry, and whether it can be read: as a rule reads it, or as AWS stores it.
    fn action(&mut self, text: &str, span: Span) -> bool {
        if text == "*" || text == "*:*" {
            self.trust_action(text, span);
            return true;
        }
        let finding = match text.split_once(':') {
            None => self
                .finding(
                    Code::ActionWithoutVendor,
                    span,
                    format!("the action `{text}` has no service prefix"),
                )
                .help("write `service:Name`, such as `s3:GetObject`"),
            Some((_, name)) if name.contains(':') => self
                .finding(
                    Code::ActionColons,
                    span,
                    format!("the action `{text}` has more than one colon"),
                )
                .help("one entry is one `service:Name`; write several as a list"),
            Some((prefix, _)) if prefix.contains(['*', '?']) => self
                .finding(
                    Code::WildcardVendor,
                    span,
                    format!("the service prefix of `{text}` contains a wildcard"),
                )
                .help("such an entry matches nothing; name the service, or write `*`"),
            Some((prefix, _)) if !is_prefix(prefix) => {
                self.finding(Code::BadVendor, span, format!("`{prefix}` is not a service prefix"))
            }
            Some((_, name)) if name.is_empty() || name.contains([' ', '\t', '\n', '\r', ',']) => {
                self.finding(Code::UnmatchableAction, span, format!("`{text}` matches no action"))
                    .help("names cannot contain spaces or commas; write several actions as a list")
            }
            Some(_) => {
                self.trust_action(text, span);
                return true;
            }
        };
        let is_readable = finding.code.grade() == Grade::Suspicious;
        self.report(finding);
        is_readable
    }

    fn trust_action(&mut self, text: &str, span: Span) {
        if self.kind != PolicyType::Trust {
            return;
        }
        let pattern = ActionPattern::new(text);
        let named = |action: &&str| {
            crate::language::action::ActionName::parse(action)
                .is_ok_and(|action| pattern.matches(&action))
        };
        let is_sts = pattern.parts().is_some_and(|(prefix, _)| prefix == "sts");
        if !is_sts || !TRUST_ACTIONS.iter().any(named) {
            let message = format!("{} cannot name `{text}`", a(self.kind));
            let finding = self.finding(Code::TrustAction, span, message);
            self.report(finding.help(
                "it can name only sts:AssumeRole, sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity (and sts:TagSession, sts:SetSourceIdentity, sts:SetContext)",
            ));
        }
    }
}
