//! Placeholders in the policies of a page: what a reader or a template puts a value in the place of.
//!
//! Nobody knows what such a statement does, only what it does whatever the value is. So it is read twice: as
//! written, where a placeholder equals only itself, and as *wide* as any value could make it.

mod mark;

use std::ops::Range;

use iamsure_core::language::condition::{Family, Operand};
use iamsure_core::language::document::{
    ActionElement, PrincipalElement, PrincipalEntry, ResourceElement, Sense,
};
use iamsure_core::language::{
    ActionPattern, Clause, ConditionKey, ResourcePattern, Source, Span, Spanned, Statement,
};

use mark::{by_form, in_arn, in_text, is_description, is_unknown_service, widened};

/// The longest placeholder that is shown, in characters.
const LONGEST_SHOWN: usize = 60;

/// A placeholder, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// Its place, or that of the value that holds it.
    pub(super) span: Span,
    /// Its text, as short as a message can bear.
    pub(super) text: String,
}

/// What placeholders do to a statement.
#[derive(Clone, Debug, Default)]
pub(super) struct Openness {
    /// The placeholders, in the order of the elements.
    pub(super) placeholders: Vec<Placeholder>,
    /// Whether one is in an element that says what is left out, so that a value may match what the placeholder
    /// does not.
    pub(super) is_negated: bool,
    /// Whether one is in an action.
    pub(super) in_action: bool,
    /// The keys of the clauses that have one.
    pub(super) keys: Vec<ConditionKey>,
}

impl Openness {
    /// Whether nothing is left open.
    pub(super) fn is_none(&self) -> bool {
        self.placeholders.is_empty()
    }

    fn add(&mut self, source: &Source, entry: &str, span: Span, marks: &[Range<usize>]) {
        let written = source.slice(span);
        for mark in marks {
            let text = entry.get(mark.clone()).unwrap_or_default();
            // JSON may write it otherwise.
            let at = written.find(text).filter(|_| !text.is_empty());
            let span =
                at.map_or(span, |at| Span::new(span.start + at, span.start + at + text.len()));
            let text = match text.chars().count() {
                long if long > LONGEST_SHOWN => {
                    format!("{}\u{2026}", text.chars().take(LONGEST_SHOWN).collect::<String>())
                }
                _ => text.to_owned(),
            };
            self.placeholders.push(Placeholder { span, text });
        }
    }
}

/// The placeholders of a statement of `source`.
pub(super) fn of(source: &Source, statement: &Statement) -> Openness {
    let mut open = Openness::default();
    if let Some(element) = &statement.principal {
        for entry in &element.entries {
            let marks = in_principal(entry);
            open.is_negated |= element.sense == Sense::NoneOf && !marks.is_empty();
            open.add(source, entry.as_str(), entry.span, &marks);
        }
    }
    if let Some(element) = &statement.action {
        for entry in &element.entries {
            let marks = in_action(entry.as_str());
            open.is_negated |= element.sense == Sense::NoneOf && !marks.is_empty();
            open.in_action |= !marks.is_empty();
            open.add(source, entry.as_str(), entry.span, &marks);
        }
    }
    if let Some(element) = &statement.resource {
        for entry in &element.entries {
            let marks = in_value(entry.as_str());
            open.is_negated |= element.sense == Sense::NoneOf && !marks.is_empty();
            open.add(source, entry.as_str(), entry.span, &marks);
        }
    }
    for clause in &statement.condition.clauses {
        let before = open.placeholders.len();
        let marks = by_form(clause.key.as_str());
        open.add(source, clause.key.as_str(), clause.key.span, &marks);
        for value in &clause.values {
            let marks = in_condition(clause, value.as_str(), value.operand());
            open.add(source, value.as_str(), value.span, &marks);
        }
        if open.placeholders.len() > before {
            open.is_negated |=
                clause.operator.base.is_negated() || clause.operator.base.family() == Family::Null;
            open.keys.push(clause.key.value.clone());
        }
    }
    open
}

/// The statement as wide as any value of its placeholders could make it: it matches whatever it matches with some
/// value.
pub(super) fn widest(statement: &Spanned<Statement>) -> Spanned<Statement> {
    let mut wide = statement.clone();
    let Statement { principal, action, resource, condition, .. } = &mut wide.value;
    if let Some(element) = principal {
        let span = element.span;
        let PrincipalElement { sense, entries } = &mut element.value;
        widen(sense, entries, span, PrincipalEntry::Everyone, |entry| {
            (!in_principal(entry).is_empty()).then_some(PrincipalEntry::Everyone)
        });
    }
    if let Some(element) = action {
        let span = element.span;
        let ActionElement { sense, entries } = &mut element.value;
        widen(sense, entries, span, ActionPattern::new("*"), |entry| {
            let marks = in_action(entry.as_str());
            let text = widened(entry.as_str(), &marks);
            let is_whole = text.split(':').next().is_none_or(|prefix| prefix.contains('*'));
            (!marks.is_empty())
                .then(|| ActionPattern::new(if is_whole { "*" } else { text.as_str() }))
        });
    }
    if let Some(element) = resource {
        let span = element.span;
        let ResourceElement { sense, entries } = &mut element.value;
        widen(sense, entries, span, ResourcePattern::new("*"), |entry| {
            let marks = in_value(entry.as_str());
            let text = widened(entry.as_str(), &marks);
            // A placeholder may stand for any part of an ARN; one before the resource may hold colons.
            let is_plain = text.starts_with("arn:")
                && text.split(':').nth(2).is_some_and(|service| !service.contains('*'));
            (!marks.is_empty())
                .then(|| ResourcePattern::new(if is_plain { text.as_str() } else { "*" }))
        });
    }
    condition.clauses.retain(|clause| {
        by_form(clause.key.as_str()).is_empty()
            && clause
                .values
                .iter()
                .all(|value| in_condition(clause, value.as_str(), value.operand()).is_empty())
    });
    wide
}

/// Widens the entries that have a placeholder. What is left out is left out by fewer entries; by none, if each had
/// one: then everything is meant.
fn widen<T: Clone>(
    sense: &mut Sense,
    entries: &mut Vec<Spanned<T>>,
    span: Span,
    everything: T,
    wide: impl Fn(&T) -> Option<T>,
) {
    match sense {
        Sense::OneOf => {
            for entry in entries {
                if let Some(value) = wide(&entry.value) {
                    entry.value = value;
                }
            }
        }
        Sense::NoneOf => {
            let had = entries.len();
            entries.retain(|entry| wide(&entry.value).is_none());
            if entries.is_empty() && had > 0 {
                *sense = Sense::OneOf;
                entries.push(Spanned::new(everything, span));
            }
        }
    }
}

/// The whole of a text.
fn whole(text: &str) -> Vec<Range<usize>> {
    std::iter::once(0..text.len()).collect()
}

/// In an ARN, or in something in the place of one.
fn in_value(text: &str) -> Vec<Range<usize>> {
    in_arn(text).unwrap_or_else(|| if is_description(text) { whole(text) } else { by_form(text) })
}

fn in_action(text: &str) -> Vec<Range<usize>> {
    let marks = by_form(text);
    if !marks.is_empty() {
        return marks;
    }
    match text.split_once(':') {
        Some((prefix, _)) if is_unknown_service(prefix) => whole(text),
        // No action has a hyphen in its name.
        Some((_, name)) if name.contains('-') => whole(text),
        None if is_description(text) => whole(text),
        _ => Vec::new(),
    }
}

fn in_principal(entry: &PrincipalEntry) -> Vec<Range<usize>> {
    let text = entry.as_str();
    match entry {
        PrincipalEntry::Everyone => Vec::new(),
        PrincipalEntry::Service(name) => {
            let is_open = |label: &str| matches!(label, "region" | "service" | "service-name");
            if name.split('.').any(is_open) { whole(text) } else { by_form(text) }
        }
        _ => in_value(text),
    }
}

/// In a value of a clause. Words are values like any other, but where the operator or the key takes none.
fn in_condition(clause: &Clause, text: &str, operand: &Operand) -> Vec<Range<usize>> {
    if text.starts_with("arn:") {
        return in_arn(text).unwrap_or_else(|| by_form(text));
    }
    let marks = in_text(text);
    if !marks.is_empty() {
        return marks;
    }
    let name = clause.key.folded().rsplit(':').next().unwrap_or_default();
    let takes_ids = ["account", "arn", "vpc", "orgid"].iter().any(|part| name.contains(part));
    let is_address = matches!(operand, Operand::Network(None));
    let has_letters = text.contains(|c: char| c.is_ascii_alphabetic());
    if (takes_ids && is_description(text)) || (is_address && has_letters) {
        return whole(text);
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::{PolicyDocument, PolicyType, Profile};

    use super::*;

    fn wide(statement: &str) -> String {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
        let source = Source::new("p.json", text);
        let mut policy =
            PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient).unwrap();
        let statements: Vec<_> = policy.statements.iter().map(widest).collect();
        policy.statements = statements.into();
        policy.to_json().split_whitespace().collect()
    }

    #[test]
    fn a_statement_is_as_wide_as_any_value_could_make_it() {
        for (statement, expected) in [
            (
                r#"{"Effect": "Allow", "Action": "sqs:<Name>", "Resource": "arn:aws:sqs:region:1:q"}"#,
                r#""Action":["sqs:*"],"Resource":["arn:aws:sqs:*:1:q"]"#,
            ),
            (
                r#"{"Effect": "Allow", "Action": "service:*", "Resource": "SNS-topic-ARN"}"#,
                r#""Action":["*"],"Resource":["*"]"#,
            ),
            (
                r#"{"Effect": "Deny", "NotAction": ["s3:*", "<x>:*"], "NotResource": "<arn>"}"#,
                r#""NotAction":["s3:*"],"Resource":["*"]"#,
            ),
            (
                r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "<ip>/32"}, "Bool": {"aws:SecureTransport": "true"}}}"#,
                r#""Condition":{"Bool":{"aws:SecureTransport":["true"]}}"#,
            ),
        ] {
            assert!(wide(statement).contains(expected), "{}", wide(statement));
        }
    }
}
