//! Statements: their elements, Sid and Effect (G-6, G-7, T-6).

use std::collections::BTreeMap;

use super::{Effect, Node, PolicyType, Reader, Sense};
use crate::language::diagnostic::Code;
use crate::language::document::Statement;
use crate::language::json::{Json, Member};
use crate::language::source::{Span, Spanned};

impl Reader {
    pub(super) fn statements(&mut self, node: Node, key: Span) -> Vec<Spanned<Statement>> {
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
    pub(super) fn unique_sids(&mut self, statements: &[Spanned<Statement>]) {
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
}
