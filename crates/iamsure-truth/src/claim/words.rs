//! The words of the language of claims.

use iamsure_core::language::PolicyType;

use super::DecisionWord;

/// Words that end a bare value; as a value they are quoted.
const RESERVED: [&str; 15] = [
    "and", "or", "not", "implies", "when", "unless", "is", "in", "like", "absent", "present",
    "before", "after", "cidr", "within",
];

/// What a condition may begin with, beside a condition key.
pub(super) const SUBJECTS: [&str; 13] = [
    "action",
    "resource",
    "principal",
    "path",
    "layer",
    "any",
    "all",
    "not",
    "allow",
    "deny",
    "explicit",
    "implicit",
    "exempt",
];

/// Whether a word cannot stand as a bare value.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// How a word for decisions is written after `never`, `always` and `some`.
pub(super) const fn verb(word: DecisionWord) -> &'static str {
    match word {
        DecisionWord::Allowed => "allow",
        DecisionWord::Denied => "deny",
        DecisionWord::ExplicitlyDenied => "explicitly deny",
        DecisionWord::ImplicitlyDenied => "implicitly deny",
        DecisionWord::Exempt => "exempt",
    }
}

/// How a word for decisions is written as a condition.
pub(super) const fn noun(word: DecisionWord) -> &'static str {
    match word {
        DecisionWord::Allowed => "allow",
        DecisionWord::Denied => "deny",
        DecisionWord::ExplicitlyDenied => "explicit deny",
        DecisionWord::ImplicitlyDenied => "implicit deny",
        DecisionWord::Exempt => "exempt",
    }
}

/// The layer of this name, in any case.
pub(super) fn layer(name: &str) -> Option<PolicyType> {
    PolicyType::from_name(&name.to_ascii_lowercase())
}

/// The one of `known` that `word` is a slip away from: a letter wrong, missing, too many or
/// exchanged; two in a long word.
pub(super) fn closest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_ascii_lowercase();
    // Longer words are no slips of any of ours, and the distance takes time.
    if word.len() > 40 {
        return None;
    }
    known
        .map(|candidate| {
            (strsim::damerau_levenshtein(&word, &candidate.to_ascii_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= 1 + usize::from(candidate.len() > 6) && *distance < candidate.len()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
