//! Expectations: the decision words, and whether an answer is what they say.

use std::fmt;

use iamsure_core::decision::{Answerable, Decision, Verdict};
use iamsure_core::language::PolicyType;
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::ask::Answer;
use iamsure_truth::claim::ClaimVerdict;

/// What an answer must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The decision depends on what was not said.
    Depends,
    /// The answers over the worlds of the path, in order; one is an answer for all.
    Cases(Vec<Words>),
}

/// A decision word and, where it says, who decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The decision.
    pub word: Word,
    /// Who decides; all of them.
    pub by: Vec<Who>,
}

/// A decision word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// `allowed`
    Allowed,
    /// `denied`, explicitly or implicitly.
    Denied,
    /// `explicitly denied`
    ExplicitlyDenied,
    /// `implicitly denied`
    ImplicitlyDenied,
    /// `exempt`
    Exempt,
}

/// Who decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A statement, by its Sid.
    Sid(String),
    /// A statement, by its number over all policies of the set, from 1.
    Number(usize),
    /// A layer.
    Layer(PolicyType),
}

impl Word {
    /// Every word.
    pub const ALL: [Self; 5] =
        [Self::Allowed, Self::Denied, Self::ExplicitlyDenied, Self::ImplicitlyDenied, Self::Exempt];

    /// The word, as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::ExplicitlyDenied => "explicitly denied",
            Self::ImplicitlyDenied => "implicitly denied",
            Self::Exempt => "exempt",
        }
    }

    /// The word that says just this verdict.
    pub(crate) const fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allowed => Self::Allowed,
            Verdict::ExplicitlyDenied => Self::ExplicitlyDenied,
            Verdict::ImplicitlyDenied => Self::ImplicitlyDenied,
            Verdict::Exempt => Self::Exempt,
        }
    }

    /// Whether a verdict is what the word says.
    pub const fn says(self, verdict: Verdict) -> bool {
        match self {
            Self::Allowed => matches!(verdict, Verdict::Allowed),
            Self::Denied => {
                matches!(verdict, Verdict::ExplicitlyDenied | Verdict::ImplicitlyDenied)
            }
            Self::ExplicitlyDenied => matches!(verdict, Verdict::ExplicitlyDenied),
            Self::ImplicitlyDenied => matches!(verdict, Verdict::ImplicitlyDenied),
            Self::Exempt => matches!(verdict, Verdict::Exempt),
        }
    }
}

impl Expectation {
    /// Reads the words.
    ///
    /// # Errors
    /// The word that says no decision.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim() == "depends" {
            return Ok(Self::Depends);
        }
        text.split(" then ")
            .map(|words| Words::parse(words.trim()))
            .collect::<Result<_, _>>()
            .map(Self::Cases)
    }

    /// Whether an answer of these policies is what the words say. Nothing that was not ruled out may be left.
    pub(crate) fn holds(&self, answer: &Answer, policies: &PolicySet) -> bool {
        let Self::Cases(expected) = self else { return answer.succeeds().is_none() };
        if !answer.is_complete() {
            // What is left open may still all be what is expected.
            let [words] = expected.as_slice() else { return false };
            let verdicts = answer.verdicts();
            return words.by.is_empty()
                && !verdicts.is_empty()
                && verdicts.into_iter().all(|verdict| words.word.says(verdict));
        }
        match expected.as_slice() {
            [words] => {
                !answer.cases.is_empty()
                    && answer.cases.iter().all(|case| words.hold(&case.decision, policies))
            }
            several => {
                several.len() == answer.cases.len()
                    && several
                        .iter()
                        .zip(&answer.cases)
                        .all(|(words, case)| words.hold(&case.decision, policies))
            }
        }
    }

    /// Whether it expects nothing but denials.
    pub(crate) fn is_denial(&self) -> bool {
        let denial = |words: &Words| !matches!(words.word, Word::Allowed | Word::Exempt);
        matches!(self, Self::Cases(cases) if cases.iter().all(denial))
    }
}

impl Words {
    fn parse(text: &str) -> Result<Self, String> {
        let (word, by) = match text.split_once(" by ") {
            Some((word, by)) => (word.trim(), by.split(", ").map(Who::parse).collect()),
            None => (text, Vec::new()),
        };
        let known = Word::ALL.into_iter().find(|known| known.as_str() == word);
        let word = known.ok_or_else(|| {
            let words: Vec<&str> = Word::ALL.iter().map(|word| word.as_str()).collect();
            let meant = crate::tree::closest(word, words.iter().copied().chain(["depends"]));
            match meant {
                Some(meant) => format!("`{word}` is not a valid decision; did you mean `{meant}`?"),
                None => format!(
                    "`{word}` is not a valid decision; expected one of {}, depends; the first four also with `by` a Sid, `statement 2`, or a layer",
                    words.join(", ")
                ),
            }
        })?;
        if word == Word::Exempt && !by.is_empty() {
            return Err("no policy decides an exempt call: write `exempt` without `by`".to_owned());
        }
        Ok(Self { word, by })
    }

    /// Whether a decision is what the words say.
    pub fn hold(&self, decision: &Decision, policies: &PolicySet) -> bool {
        self.word.says(decision.verdict)
            && self.by.iter().all(|who| who.decides(decision, policies))
    }
}

impl Who {
    fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some(number) = text.strip_prefix("statement ").and_then(|number| number.parse().ok())
        {
            return Self::Number(number);
        }
        PolicyType::from_name(text).map_or_else(|| Self::Sid(text.to_owned()), Self::Layer)
    }

    /// The statements that are meant. A Sid may stand in several policies.
    pub(crate) fn statements(&self, policies: &PolicySet) -> Vec<StatementId> {
        let all = policies.statements().enumerate();
        let meant = all.filter(|(number, (id, _, statement))| match self {
            Self::Sid(sid) => statement.sid() == Some(sid),
            Self::Number(wanted) => number + 1 == *wanted,
            Self::Layer(layer) => id.layer == *layer,
        });
        meant.map(|(_, (id, ..))| id).collect()
    }

    fn decides(&self, decision: &Decision, policies: &PolicySet) -> bool {
        match self {
            Self::Layer(layer) => decision.by == Answerable::Layer(*layer),
            _ => self.statements(policies).iter().any(|id| decision.statements.contains(id)),
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Cases(cases) = self else { return f.write_str("depends") };
        for (number, words) in cases.iter().enumerate() {
            if number > 0 {
                f.write_str(" then ")?;
            }
            write!(f, "{words}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word.as_str())?;
        for (number, who) in self.by.iter().enumerate() {
            write!(f, "{}{who}", if number == 0 { " by " } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sid(sid) => f.write_str(sid),
            Self::Number(number) => write!(f, "statement {number}"),
            Self::Layer(layer) => f.write_str(layer.name()),
        }
    }
}

/// What must come of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExpectedClaim(pub ClaimVerdict);

impl ExpectedClaim {
    /// Reads `proved`, `refuted` or `depends`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [ClaimVerdict::Proved, ClaimVerdict::Refuted, ClaimVerdict::Depends]
            .into_iter()
            .find(|verdict| verdict.word().eq_ignore_ascii_case(text))
            .map(Self)
    }
}
