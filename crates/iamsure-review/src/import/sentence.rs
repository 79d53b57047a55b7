//! AWS's access-denied sentence, read: of the evaluation spec.
//!
//! AWS page: IAM User Guide, `troubleshoot_access-denied`.

use iamsure_core::language::PolicyType;

use super::expected::{Expected, Word};

/// What a sentence tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'a> {
    /// The IAM action, if it is named.
    pub(super) action: Option<&'a str>,
    /// The resource, if it is named.
    pub(super) resource: Option<&'a str>,
    /// What was decided, and the layer that is named.
    pub(super) expected: Expected,
    /// The policy that is named.
    pub(super) policy: Option<&'a str>,
    /// The authorization id.
    pub(super) authorization: Option<&'a str>,
}

const FRAME: &str = " is not authorized to perform: ";

/// Whether a text is such a sentence, or holds one.
pub(super) fn is_denial(text: &str) -> bool {
    text.contains(FRAME)
}

/// Reads a sentence; a text that is none tells only that the request was denied.
pub(super) fn read(text: &str) -> Sentence<'_> {
    let rest = text.split_once(FRAME).map(|(_, rest)| rest);
    let action = rest.and_then(|rest| rest.split_whitespace().next()).map(trimmed);
    // The resource ends where the reason begins; ARNs may hold blanks.
    let resource = rest
        .and_then(|rest| rest.split_once(" on resource: "))
        .map(|(_, rest)| before(rest, &[" because ", " with an explicit deny", " Encoded ", " Go to "]))
        .map(trimmed)
        .filter(|resource| !resource.is_empty());
    let (expected, policy) = reason(text);
    let authorization = text
        .split_once("authorization id: ")
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .map(trimmed);
    Sentence { action, resource, expected, policy, authorization }
}

/// The decision and the policy that the reason names.
fn reason(text: &str) -> (Expected, Option<&str>) {
    let layer_at = |rest: &str| {
        let rest = ["an ", "a ", "the "].iter().find_map(|article| rest.strip_prefix(article));
        let rest = rest?;
        PolicyType::ALL.into_iter().find_map(|layer| {
            rest.strip_prefix(layer.aws_name()).map(|rest| (layer, rest.to_owned().len()))
        })
    };
    if let Some((_, rest)) = text.split_once("with an explicit deny") {
        let word = Word::ExplicitlyDenied;
        let Some(named) = rest.strip_prefix(" in ") else { return (Expected::of(word), None) };
        let Some((layer, left)) = layer_at(named) else { return (Expected::of(word), None) };
        let after = named.get(named.len() - left..).unwrap_or_default();
        let policy = after
            .strip_prefix(": ")
            .and_then(|rest| rest.split_whitespace().next())
            .map(trimmed)
            .filter(|policy| policy.starts_with("arn:"));
        return (Expected::by(word, layer), policy);
    }
    if let Some((_, rest)) = text.split_once("because no ") {
        let layer = PolicyType::ALL.into_iter().find(|layer| rest.starts_with(layer.aws_name()));
        let word = Word::ImplicitlyDenied;
        return (layer.map_or(Expected::of(word), |layer| Expected::by(word, layer)), None);
    }
    (Expected::of(Word::Denied), None)
}

fn before<'a>(text: &'a str, marks: &[&str]) -> &'a str {
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Without quotes and the full stop of a sentence.
fn trimmed(text: &str) -> &str {
    text.trim().trim_end_matches(['.', ',']).trim_matches('"')
}
