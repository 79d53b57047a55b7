//! What is wrong with the values of a statement that matches nothing, in words that tell a slip from an example: a
//! field of an ARN that is missing, a blank before it.

use iamsure_core::language::document::{PrincipalEntry, Sense};
use iamsure_core::language::{
    Code, Diagnostic, PolicyType, Span, Spanned, Statement, is_account_id,
};

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// Where it is.
    pub(super) span: Span,
    /// What is wrong, as a clause of its own.
    pub(super) message: String,
    /// What is wrong, for a label at the place.
    pub(super) label: String,
    /// Whether it is the form of the value, which is wrong however AWS reads variables.
    pub(super) is_of_form: bool,
}

/// The flaws that keep a statement from matching anything: of every entry of an element, or of every value of a
/// clause. `findings` are those of its policy.
pub(super) fn flaws(findings: &[Diagnostic], statement: &Spanned<Statement>) -> Vec<Flaw> {
    let found = |span: Span| {
        findings.iter().find(|found| is_fatal(found.code) && found.span() == span).map(|found| {
            let text = found.message.clone();
            (found.span(), text)
        })
    };
    let of_element = |entries: Vec<(Span, &str, Kind)>| -> Vec<Flaw> {
        let flaws: Vec<Flaw> = entries
            .iter()
            .filter_map(|(span, text, kind)| {
                let (span, message) = found(*span)?;
                Some(match form(text, *kind) {
                    Some(form) => Flaw {
                        span,
                        message: format!("`{}` {form}", shown(text)),
                        label: form,
                        is_of_form: true,
                    },
                    None => Flaw {
                        span,
                        message,
                        label: "matches nothing".to_owned(),
                        is_of_form: false,
                    },
                })
            })
            .collect();
        if flaws.len() == entries.len() { flaws } else { Vec::new() }
    };
    let principals = statement.principal.iter().filter(|element| element.sense == Sense::OneOf);
    let principals = principals.flat_map(|element| &element.entries).map(|entry| {
        let kind = if matches!(entry.value, PrincipalEntry::Aws(_)) {
            Kind::Principal
        } else {
            Kind::Other
        };
        (entry.span, entry.as_str(), kind)
    });
    let actions = statement.action.iter().filter(|element| element.sense == Sense::OneOf);
    let actions = actions
        .flat_map(|element| &element.entries)
        .map(|entry| (entry.span, entry.as_str(), Kind::Other));
    let resources = statement.resource.iter().filter(|element| element.sense == Sense::OneOf);
    let resources = resources
        .flat_map(|element| &element.entries)
        .map(|entry| (entry.span, entry.as_str(), Kind::Resource));
    let mut all = of_element(principals.collect());
    all.extend(of_element(actions.collect()));
    all.extend(of_element(resources.collect()));
    for clause in &statement.condition.clauses {
        let values = clause.values.iter().map(|value| (value.span, value.as_str(), Kind::Other));
        all.extend(of_element(values.collect()));
    }
    for (code, message) in
        [(Code::MissingAction, "it has no Action"), (Code::MissingResource, "it has no Resource")]
    {
        let is_here =
            |span: Span| statement.span.start <= span.start && span.end <= statement.span.end;
        if findings.iter().any(|found| found.code == code && is_here(found.span())) {
            all.push(Flaw {
                span: statement.effect.span,
                message: message.to_owned(),
                label: message.to_owned(),
                is_of_form: true,
            });
        }
    }
    all
}

/// The flaws of a statement each of whose resources is an ARN with a field too few and something in the place of the
/// account that is none. AWS completes it, with whatever is there as the account (M-14), so it matches nothing that
/// anybody has. `None` if one of them may match.
pub(super) fn of_no_account(kind: PolicyType, statement: &Statement) -> Option<Vec<Flaw>> {
    let element = statement.resource.as_ref().filter(|element| element.sense == Sense::OneOf)?;
    if !matches!(kind, PolicyType::Identity | PolicyType::Boundary) || element.entries.is_empty() {
        return None;
    }
    element
        .entries
        .iter()
        .map(|entry| {
            let text = entry.as_str();
            let &[_, _, _, _, account] = fields(text).as_slice() else { return None };
            // AWS's own resources have words for an account, such as `aws`.
            let may_be_account = !account.contains('/')
                && (account.is_empty()
                    || account.contains(['*', '?', '$'])
                    || account.starts_with("aws")
                    || account.bytes().all(|byte| byte.is_ascii_digit()));
            let label = form(text, Kind::Resource).filter(|_| !may_be_account)?;
            let message = format!("`{}` {label}", shown(text));
            Some(Flaw { span: entry.span, message, label, is_of_form: true })
        })
        .collect()
}

/// Whether a value of which this was found matches nothing.
const fn is_fatal(code: Code) -> bool {
    matches!(
        code,
        Code::ActionWithoutVendor
            | Code::ActionColons
            | Code::WildcardVendor
            | Code::BadVendor
            | Code::UnmatchableAction
            | Code::ResourceNotArn
            | Code::ShortArn
            | Code::VariableBeforeResource
            | Code::BadPrincipal
            | Code::GroupPrincipal
            | Code::WildcardPrincipal
            | Code::UnreadableLiteral
            | Code::BadDate
    )
}

/// What a value ought to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Principal,
    Resource,
    Other,
}

/// What is wrong with the form of a value; `None` if that cannot be told.
fn form(text: &str, kind: Kind) -> Option<String> {
    let is_blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if is_blank(text.chars().next()) {
        return Some("begins with a blank".to_owned());
    }
    if is_blank(text.chars().next_back()) {
        return Some("ends with a blank".to_owned());
    }
    if kind == Kind::Other {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("has {} digits; an account id has 12", text.len()));
    }
    let fields = fields(text);
    if fields.first() != Some(&"arn") {
        return Some(match kind {
            Kind::Principal => "is neither an ARN nor an account id".to_owned(),
            _ => "is neither an ARN nor `*`".to_owned(),
        });
    }
    let missing = match fields.iter().position(|field| is_account_id(field)) {
        Some(3) => "the region field before the account, which may be empty (`::`)",
        Some(4) if fields.len() == 5 => "what comes after the account, such as `:root`",
        _ => "the account field",
    };
    if fields.len() < 6 {
        return Some(format!(
            "has {} of the six fields of an ARN: {missing} is missing",
            fields.len()
        ));
    }
    match (kind, fields.get(4..6)) {
        (Kind::Principal, Some([account, _])) if !is_account_id(account) => {
            Some(format!("names no account: `{}` has not 12 digits", shown(account)))
        }
        (Kind::Principal, Some([_, resource])) if !resource.contains('/') => Some(format!(
            "names no principal: `{}` is neither `root` nor a `user/…` or `role/…`",
            shown(resource)
        )),
        _ => None,
    }
}

/// The fields of an ARN, colons in `${…}` not counted.
fn fields(text: &str) -> Vec<&str> {
    let (mut fields, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && fields.len() < 5 => {
                fields.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.push(text.get(start..).unwrap_or_default());
    fields
}

/// A text as short as a message can bear.
fn shown(text: &str) -> String {
    const LONGEST: usize = 100;
    match text.chars().count() {
        long if long > LONGEST => format!("{}…", text.chars().take(LONGEST).collect::<String>()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_in_words() {
        for (text, kind, expected) in [
            (" *", Kind::Resource, "begins with a blank"),
            ("ec2:* ", Kind::Other, "ends with a blank"),
            ("", Kind::Resource, "is empty"),
            ("my-bucket/*", Kind::Resource, "is neither an ARN nor `*`"),
            (
                "arn:aws:iam::user/${aws:username}",
                Kind::Resource,
                "has 5 of the six fields of an ARN: the account field is missing",
            ),
            (
                "arn:aws:iam:123456789012:user/x",
                Kind::Principal,
                "has 5 of the six fields of an ARN: the region field before the account, which may be empty (`::`) is missing",
            ),
            (
                "arn:aws:iam::999988887777",
                Kind::Principal,
                "has 5 of the six fields of an ARN: what comes after the account, such as `:root` is missing",
            ),
            (
                "arn:aws:iam::999988887777:JohnDoe",
                Kind::Principal,
                "names no principal: `JohnDoe` is neither `root` nor a `user/…` or `role/…`",
            ),
            ("99998888777", Kind::Principal, "has 11 digits; an account id has 12"),
        ] {
            assert_eq!(form(text, kind).as_deref(), Some(expected), "{text}");
        }
    }
}
