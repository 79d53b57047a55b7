//! Principal and NotPrincipal (P-1, P-3, P-20, P-22, T-1 to T-6).

use super::{Effect, Json, Member, Node, PolicyType, Presence, Reader, Sense, a};
use crate::language::diagnostic::Code;
use crate::language::document::principal::{AwsPrincipal, Named, PrincipalElement, PrincipalEntry};
use crate::language::source::{Span, Spanned};

impl Reader {
    pub(super) fn principal_element(
        &mut self,
        written: Vec<(Sense, Span, Node)>,
        effect: Option<Effect>,
        place: Span,
    ) -> Option<Spanned<PrincipalElement>> {
        if written.is_empty() {
            if self.kind.principal() == Presence::Required {
                let message = format!(
                    "in {} each statement needs a Principal; this one has none",
                    a(self.kind)
                );
                let finding = self.finding(Code::MissingPrincipal, place, message);
                self.report(finding.help("without Principal the statement never matches"));
            }
            return None;
        }
        let mut prohibited = false;
        for (sense, key, _) in &written {
            let (code, name, presence) = match sense {
                Sense::OneOf => (Code::ProhibitedPrincipal, "Principal", self.kind.principal()),
                Sense::NoneOf => {
                    (Code::ProhibitedNotPrincipal, "NotPrincipal", self.kind.not_principal())
                }
            };
            if presence == Presence::Prohibited {
                // Where the type of policy has principals, a rule says how NotPrincipal evaluates.
                prohibited |= self.kind.principal() == Presence::Prohibited;
                let mut finding =
                    self.finding(code, *key, format!("{} cannot have {name}", a(self.kind)));
                if self.kind == PolicyType::Identity {
                    finding = finding.help(
                        "an identity-based policy is attached to its principal; if this is a role trust policy or a resource-based policy, give its type (trust, resource)",
                    );
                }
                self.report(finding);
            }
        }
        if prohibited {
            return None;
        }
        let (sense, key, node) = self.one_of_pair(
            written,
            Code::PrincipalAndNotPrincipal,
            ("Principal", "NotPrincipal"),
        )?;
        let span = node.span;
        if sense == Sense::NoneOf {
            let (code, message, help) = if effect == Some(Effect::Allow) {
                (
                    Code::NotPrincipalWithAllow,
                    "NotPrincipal with Allow grants access to everyone not listed, including anonymous callers",
                    "use Principal with the intended principals",
                )
            } else {
                (
                    Code::NotPrincipalWithDeny,
                    "NotPrincipal with Deny exempts a principal only if its account, role and session are all listed",
                    "AWS recommends Principal `*` with an ArnNotEquals condition on aws:PrincipalArn",
                )
            };
            self.report(self.finding(code, key, message).help(help));
        }
        let entries = self.principals(node, Self::must_match(sense, effect))?;
        if entries.is_empty() {
            self.report(self.finding(
                Code::EmptyPrincipal,
                span,
                "the principal list is empty: the statement never matches",
            ));
        }
        let bare = matches!(entries.as_slice(), [entry] if entry.value == PrincipalEntry::Everyone);
        if self.kind == PolicyType::Rcp && !bare {
            let finding = self.finding(
                Code::RcpPrincipal,
                span,
                "the Principal of a resource control policy must be `\"*\"`",
            );
            self.report(finding.help("narrow it with conditions such as aws:PrincipalOrgID"));
        }
        Some(Spanned::new(PrincipalElement { sense, entries }, Span::new(key.start, span.end)))
    }

    /// The entries; those that cannot be read are everyone if `everyone` says so.
    fn principals(&mut self, node: Node, everyone: bool) -> Option<Vec<Spanned<PrincipalEntry>>> {
        let span = node.span;
        let members = match node.value {
            Json::Text(text) if text == "*" => {
                return Some(vec![Spanned::new(PrincipalEntry::Everyone, span)]);
            }
            Json::Text(text) => {
                let finding = self.finding(
                    Code::BadPrincipal,
                    span,
                    format!("a bare `{text}` is not a principal"),
                );
                self.report(
                    finding.help("write `\"*\"`, or a map such as { \"AWS\": \"111122223333\" }"),
                );
                // An empty list would take the effect of the statement away (G-9), also that of a Deny.
                let entry = if everyone {
                    PrincipalEntry::Everyone
                } else {
                    PrincipalEntry::Other { key: None, value: text }
                };
                return Some(vec![Spanned::new(entry, span)]);
            }
            Json::Map(members) => members,
            other => {
                let message =
                    format!("Principal must be `\"*\"` or a map; this is {}", other.kind());
                self.report(self.finding(Code::BadElement, span, message));
                return None;
            }
        };
        self.duplicates(&members);
        let mut entries = Vec::new();
        for Member { key, value } in members {
            let known = ["AWS", "Service", "Federated", "CanonicalUser"];
            if !known.contains(&key.as_str()) {
                let message = format!("unknown principal type `{}`", key.value);
                self.report(self.finding(Code::BadPrincipalType, key.span, message).help(
                    "principals are listed under AWS, Service, Federated or CanonicalUser, case-sensitive",
                ));
            }
            for text in self.texts("a principal", value)? {
                let entry = match key.as_str() {
                    "AWS" => PrincipalEntry::Aws(AwsPrincipal::new(text.as_str())),
                    "Service" => PrincipalEntry::Service(text.value.clone()),
                    "Federated" => PrincipalEntry::Federated(text.value.clone()),
                    "CanonicalUser" => PrincipalEntry::CanonicalUser(text.value.clone()),
                    other => {
                        let key = Some(other.to_owned());
                        PrincipalEntry::Other { key, value: text.value.clone() }
                    }
                };
                let is_readable = self.principal(&entry, text.span);
                let entry = if everyone && !is_readable { PrincipalEntry::Everyone } else { entry };
                entries.push(Spanned::new(entry, text.span));
            }
        }
        Some(entries)
    }

    /// What there is to say of an entry, and whether it can be read as a principal.
    fn principal(&mut self, entry: &PrincipalEntry, span: Span) -> bool {
        let text = entry.as_str();
        let has_wildcard = text.contains(['*', '?']);
        let finding = match entry {
            PrincipalEntry::Aws(principal) => match principal.named() {
                Named::Everyone => return true,
                _ if has_wildcard => self
                    .finding(Code::WildcardPrincipal, span, format!("`{text}` is not a complete principal"))
                    .help("write it out in full, or use `*` with a condition on aws:PrincipalArn"),
                Named::Nobody if text.contains(":group/") => self
                    .finding(Code::GroupPrincipal, span, format!("`{text}` is a group, and groups cannot be principals"))
                    .help("list users or roles, or attach an identity-based policy to the group"),
                // A placeholder may stand for any of the forms.
                Named::Nobody if text.contains('<') && text.contains('>') => return true,
                Named::Nobody => self
                    .finding(Code::BadPrincipal, span, format!("`{text}` is not an AWS principal"))
                    .help("write an account id, or the ARN of a user, role, session or federated user"),
                _ => return true,
            },
            PrincipalEntry::Service(_) | PrincipalEntry::Federated(_) | PrincipalEntry::CanonicalUser(_)
                if has_wildcard =>
            {
                self.finding(Code::WildcardPrincipal, span, format!("`{text}` is not a complete principal"))
            }
            PrincipalEntry::Everyone
            | PrincipalEntry::Service(_)
            | PrincipalEntry::Federated(_)
            | PrincipalEntry::CanonicalUser(_) => return true,
            // Its key was reported.
            PrincipalEntry::Other { .. } => return false,
        };
        self.report(finding);
        false
    }
}
