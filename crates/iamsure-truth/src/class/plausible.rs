//! ARNs that could be real: what stands in for wildcards where a request is shown.
//!
//! Any member of a class is as right as any other. One with a partition, a service and an account of twelve digits
//! is one that a reader can try.

use std::collections::BTreeSet;

use iamsure_core::language::{Arn, is_account_id};
use iamsure_reference::{Action, action, example_resource};

use super::resource::ResourceClause;
use super::text::{Span, Symbol, TextPattern};

/// How many patterns are tried for a resource that could be real.
const MAX_TEXTS: usize = 64;

/// How many digits an account has.
const ACCOUNT_DIGITS: usize = 12;

/// The texts that name resources, each once, in an order that does not depend on the policies'.
pub(crate) fn texts_of<'a>(
    clauses: &[&'a ResourceClause],
    rules: &'a [Vec<String>],
    asked: &'a [String],
) -> impl IntoIterator<Item = &'a str> + use<'a> {
    let entries = clauses.iter().flat_map(|clause| &clause.entries);
    // In a list of the rules `#` is a digit: that of all accounts names no resource.
    let lists = rules.iter().flatten().map(String::as_str).filter(|text| !text.contains('#'));
    let asked = asked.iter().map(String::as_str);
    let texts: BTreeSet<&str> =
        entries.map(|entry| entry.text.as_str()).chain(lists).chain(asked).collect();
    texts.into_iter().take(MAX_TEXTS)
}

/// The ARN that `pattern` stands for, with its wildcards and variables filled in: a field from the same field of
/// `usual`, an ARN of the same kind. `None` if the pattern has no six fields.
pub(crate) fn arn_like(pattern: &str, usual: &str, account: &str) -> Option<String> {
    if pattern == "*" {
        return Some(usual.to_owned());
    }
    let fields: Vec<&str> = pattern.splitn(6, ':').collect();
    let [partition, .., resource] = fields.as_slice() else { return None };
    if fields.len() != 6 || !partition.starts_with("arn") {
        return None;
    }
    let of_usual: Vec<&str> = usual.splitn(6, ':').collect();
    let mut text = String::new();
    for (number, field) in fields.iter().enumerate().take(5) {
        let known = of_usual.get(number).copied().unwrap_or_default();
        let known = match number {
            4 if !known.is_empty() => account,
            _ => known,
        };
        if field.contains(['*', '?']) {
            text.push_str(known);
        } else {
            text.push_str(field);
        }
        text.push(':');
    }
    let literal = resource.starts_with(['*', '$']).then(|| of_usual.get(5)).flatten();
    match literal {
        Some(usual) if *resource == "*" => text.push_str(usual),
        _ => text.push_str(&filled(resource)),
    }
    Some(text)
}

/// As [`arn_like`]: for a pattern that names a part of an account, of several accounts of that form.
pub(crate) fn arns_like(
    pattern: &str,
    usual: &str,
    account: &str,
) -> impl Iterator<Item = String> + use<> {
    let named =
        pattern.split(':').nth(4).filter(|field| field.contains(|c: char| c.is_ascii_digit()));
    let others: Vec<String> = named.map(accounts_like).unwrap_or_default();
    let of_account = |account: &str| arn_like(pattern, usual, account);
    let found: Vec<String> = std::iter::once(account)
        .chain(others.iter().map(String::as_str))
        .filter_map(of_account)
        .collect();
    found.into_iter()
}

/// Accounts of a form, one for each digit that its wildcards may be; none if it has no wildcard.
fn accounts_like(form: &str) -> Vec<String> {
    let Some(missing) = ACCOUNT_DIGITS.checked_sub(form.chars().filter(|c| *c != '*').count())
    else {
        return Vec::new();
    };
    let of_digit = |digit: char| {
        let digits: String = std::iter::repeat_n(digit, missing).collect();
        let account =
            form.replacen('*', &digits, 1).replace('*', "").replace('?', &digit.to_string());
        is_account_id(&account).then_some(account)
    };
    if form.contains(['*', '?']) { ('0'..='9').filter_map(of_digit).collect() } else { Vec::new() }
}

/// A text with its wildcards and variables filled in.
fn filled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((_, after)) = rest.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
            out.push_str("example");
            rest = after;
            continue;
        }
        match letter {
            '*' if !out.ends_with("example") => out.push_str("example"),
            '*' => {}
            '?' => out.push('x'),
            letter => out.push(letter),
        }
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    out
}

/// Resources of an action, as far as AWS publishes their forms: an example first, then what `patterns` mean by it.
pub(crate) fn resources_of<'a>(
    action: &'a str,
    patterns: impl Iterator<Item = &'a str> + 'a,
    account: &'a str,
) -> impl Iterator<Item = String> + 'a {
    let usual = example_resource(action).unwrap_or_else(|| "*".to_owned());
    let of_account = arn_like(&usual.replacen(":111122223333:", ":*:", 1), &usual, account);
    let first = of_account.unwrap_or_else(|| usual.clone());
    std::iter::once(first)
        .chain(patterns.flat_map(move |pattern| arns_like(pattern, &usual, account)))
}

/// Whether AWS authorizes an action on such a resource, as far as it publishes that.
///
/// `*` is the resource of calls that need none, and the only one of actions that AWS lists no type of resource for.
pub(crate) fn is_of(action: Action, resource: &str) -> bool {
    if resource == "*" {
        return !action.resource_types().any(|kind| kind.required);
    }
    action.works_on(resource)
}

/// Why AWS may never ask whether the action is allowed on the resource, as far as it publishes that.
///
/// What a symbol such as `<Table.Arn>` stands for may be of any form.
pub fn misfit(name: &str, resource: &str) -> Option<&'static str> {
    if resource.starts_with('<') {
        return None;
    }
    if names_no_account(resource) {
        return Some("the account in its ARN is not twelve digits");
    }
    let known = action(name).known().filter(|known| !is_of(*known, resource))?;
    Some(match known.resource_types().next() {
        None => "AWS lists no resource type for this action, so its resource is `*`",
        Some(_) => "AWS lists no such resource type for this action",
    })
}

/// Whether the account field of an ARN holds digits, but not the twelve of an account. Words are placeholders, or AWS's own.
///
/// AWS page: Account Management Reference Guide, `manage-acct-identifiers` (a 12-digit number).
pub(crate) fn names_no_account(resource: &str) -> bool {
    let ends_in_digit = |text: &str| {
        let is_digit = |c: char| c.is_ascii_digit();
        text.starts_with(is_digit) || text.ends_with(is_digit)
    };
    Arn::split(resource)
        .is_some_and(|arn| ends_in_digit(arn.account) && !is_account_id(arn.account))
}

/// The ARNs of a published format; with an account only those that a reader would take for real: of the partition
/// `aws`, and in that account where the format has one.
pub(crate) fn form_of(format: &str, account: Option<&str>) -> TextPattern {
    let mut symbols: Vec<Symbol> = Vec::with_capacity(format.len());
    let mut colons = 0;
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
            let span = match name {
                _ if colons < 5 => Span::Field,
                "BucketName" => Span::NoneOf("/"),
                _ => Span::All,
            };
            match (name, account) {
                ("Partition", Some(_)) => symbols.extend("aws".chars().map(Symbol::Char)),
                ("Account", Some(account)) => symbols.extend(account.chars().map(Symbol::Char)),
                ("Account", None) if colons < 5 => symbols.push(Symbol::Run(span)),
                _ => symbols.extend([Symbol::One(span), Symbol::Run(span)]),
            }
            rest = after;
            continue;
        }
        colons += usize::from(letter == ':');
        symbols.push(if letter == '*' { Symbol::Run(Span::All) } else { Symbol::Char(letter) });
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    TextPattern::new(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_of_a_rule_is_in_no_resource() {
        let rules =
            [vec!["arn:*:*:*:############:*".to_owned(), "arn:*:*:*:639080490749:*".to_owned()]];
        let texts: Vec<&str> = texts_of(&[], &rules, &[]).into_iter().collect();
        assert_eq!(texts, ["arn:*:*:*:639080490749:*"]);
    }

    #[test]
    fn wildcards_become_what_an_arn_has_there() {
        let account = "639080490749";
        let like = |pattern: &str, usual: &str| arn_like(pattern, usual, account);
        let instance = "arn:aws:ec2:us-east-1:111122223333:instance/example-InstanceId";
        assert_eq!(
            like("arn:*:ec2:*:*:instance/i-*", instance).as_deref(),
            Some("arn:aws:ec2:us-east-1:639080490749:instance/i-example")
        );
        let object = "arn:aws:s3:::example-bucket/example-key";
        assert_eq!(
            like("arn:aws:s3:::prod-*/*", object).as_deref(),
            Some("arn:aws:s3:::prod-example/example")
        );
        assert_eq!(
            like("arn:aws:iam::*:role/Admin*", "arn:aws:iam::111122223333:role/x").as_deref(),
            Some("arn:aws:iam::639080490749:role/Adminexample")
        );
        assert_eq!(like("acme", object), None);
    }
}
