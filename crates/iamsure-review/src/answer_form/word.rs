//! Our words as programs read them.

use std::borrow::Cow;

use iamsure_core::decision::Verdict;

/// The word for a verdict in every form but the answer to one request.
pub const fn decision_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::ExplicitlyDenied => "explicitlyDenied",
        Verdict::ImplicitlyDenied => "implicitlyDenied",
        Verdict::Exempt => "exempt",
    }
}

/// The word for a verdict in an answer to one request, whose form is fixed: AWS's own words for the outcomes of its
/// simulator, and `exempt`.
///
/// AWS page: IAM API Reference, `EvaluationResult` (`EvalDecision`).
pub const fn answer_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::ExplicitlyDenied => "explicitDeny",
        Verdict::ImplicitlyDenied => "implicitDeny",
        Verdict::Exempt => "exempt",
    }
}

/// Words of ours as one word: `does not apply` is `doesNotApply`.
pub fn word(words: &str) -> Cow<'_, str> {
    if !words.contains(' ') {
        return Cow::Borrowed(words);
    }
    let mut one = String::with_capacity(words.len());
    for part in words.split(' ') {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if !one.is_empty() => one.extend(first.to_uppercase()),
            first => one.extend(first),
        }
        one.push_str(letters.as_str());
    }
    Cow::Owned(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_called_the_same_in_both_ways() {
        for verdict in [
            Verdict::Allowed,
            Verdict::ExplicitlyDenied,
            Verdict::ImplicitlyDenied,
            Verdict::Exempt,
        ] {
            assert_eq!(word(verdict.words()), decision_word(verdict));
        }
        assert_eq!(word("does not apply"), "doesNotApply");
    }
}
