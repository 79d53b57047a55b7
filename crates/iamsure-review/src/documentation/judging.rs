//! Every claim of a table held against the policies.

use std::collections::BTreeSet;

use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::{CallPaths, KeyState, Switches};
use iamsure_truth::model::Outcome;
use iamsure_truth::said::Said;
use iamsure_truth::unanswered::Unanswered;

use super::asking::{States, Subject};
use super::cell::Answer;
use super::column::Asks;
use super::reading::{About, Reading, meant};

/// What the columns of a table are asked of.
#[derive(Clone, Debug)]
pub(super) struct Subjects {
    /// What "applies" is about.
    pub(super) statement: Option<Subject>,
    /// What a decision is about.
    pub(super) decision: Option<Subject>,
}

impl Subjects {
    /// What a column of answers is about.
    pub(super) const fn of(&self, asks: Asks) -> Option<&Subject> {
        match asks {
            Asks::Applies => self.statement.as_ref(),
            Asks::Decision | Asks::IsAllowed | Asks::IsDenied => match &self.decision {
                Some(subject) => Some(subject),
                // "Denied" of a Deny alone is "it applies".
                None => self.statement.as_ref(),
            },
        }
    }

    /// The keys that any of them asks for.
    pub(super) fn keys(&self) -> Vec<ConditionKey> {
        let mut keys: Vec<ConditionKey> = Vec::new();
        for subject in self.statement.iter().chain(&self.decision) {
            for key in subject.keys() {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }
}

/// A claim, judged.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    /// The row, from 0.
    pub(super) row: usize,
    /// The column of the answer.
    pub(super) column: usize,
    /// What it asks.
    pub(super) asks: Asks,
    /// What was claimed.
    pub(super) answer: Option<Answer>,
    /// What was asked: the subject of the column as the row narrows it; `None` if it was not asked.
    pub(super) subject: Option<Box<Subject>>,
    /// How it stands.
    pub(super) verdict: Verdict,
}

/// How a claim stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is what the policies say.
    Right,
    /// It is not what they say.
    Wrong {
        /// What they say of every request of the row: one outcome, or several.
        computed: BTreeSet<Outcome>,
        /// One kind of request for which the claim is wrong.
        kind: States,
    },
    /// It could not be judged.
    Unclear(Unclear),
}

/// Why a claim could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// The cell of this column is not understood.
    Cell(usize),
    /// The answer is none to what the column asks.
    Answer,
    /// The row stands for too many kinds of request, or for none that could be named.
    Kinds,
    /// There is no such call path.
    Path(String),
    /// It is not said what the column is about.
    NoSubject,
    /// It takes more than the budget.
    Budget(String),
}

/// Judges every claim.
///
/// # Errors
/// What a check of the program's own found.
pub(super) fn judge(reading: &Reading, subjects: &Subjects) -> Result<Vec<Judged>, Unanswered> {
    let mut judged = Vec::new();
    let keys = reading.keys();
    let mut known: Vec<(Asks, Vec<States>)> = Vec::new();
    for row in &reading.rows {
        for claim in &row.claims {
            let mut verdict_of = |subject: Option<&Subject>, verdict| {
                judged.push(Judged {
                    subject: subject.cloned().map(Box::new),
                    row: row.number,
                    column: claim.column,
                    asks: claim.asks,
                    answer: claim.answer,
                    verdict,
                });
            };
            let about = match &row.about {
                Ok(about) => about,
                Err(obscure) => {
                    verdict_of(None, Verdict::Unclear(Unclear::Cell(obscure.column)));
                    continue;
                }
            };
            let Some(subject) = subjects.of(claim.asks) else {
                verdict_of(None, Verdict::Unclear(Unclear::NoSubject));
                continue;
            };
            let expected = claim.answer.and_then(|answer| meant(claim.asks, answer, subject));
            let Some(expected) = expected else {
                verdict_of(None, Verdict::Unclear(Unclear::Answer));
                continue;
            };
            let subject = match narrowed(subject, about) {
                Ok(subject) => subject,
                Err(unclear) => {
                    verdict_of(None, Verdict::Unclear(unclear));
                    continue;
                }
            };
            if !known.iter().any(|(asks, _)| *asks == claim.asks) {
                match classes(&subject, &keys) {
                    Ok(classes) => known.push((claim.asks, classes)),
                    Err(Unanswered::TooComplex(error)) => {
                        verdict_of(None, Verdict::Unclear(Unclear::Budget(error.to_string())));
                        continue;
                    }
                    Err(other) => return Err(other),
                }
            }
            let classes = known
                .iter()
                .find(|(asks, _)| *asks == claim.asks)
                .map_or(&[][..], |(_, classes)| classes);
            let found = match one(&subject, reading.kinds(about, classes), &expected) {
                Ok(found) => found,
                Err(Unanswered::TooComplex(error)) => {
                    Verdict::Unclear(Unclear::Budget(error.to_string()))
                }
                Err(other) => return Err(other),
            };
            verdict_of(Some(&subject), found);
        }
    }
    Ok(judged)
}

/// The classes of the keys that have a column, if the policies ask for any of them.
fn classes(subject: &Subject, keys: &[ConditionKey]) -> Result<Vec<States>, Unanswered> {
    let asked = subject.keys();
    let keys: Vec<ConditionKey> = keys.iter().filter(|key| asked.contains(key)).cloned().collect();
    let mut classes = subject.classes(&keys)?;
    // A key that no policy asks for is in one class with any value.
    if classes.is_empty() {
        classes.push(States::new());
    }
    Ok(classes)
}

/// The subject as a row narrows it.
fn narrowed(subject: &Subject, about: &About) -> Result<Subject, Unclear> {
    let mut subject = subject.clone();
    if let Some(action) = &about.action {
        subject.actions = vec![ActionPattern::new(action.as_str())];
    }
    if let Some(resource) = &about.resource {
        subject.resources = vec![resource.clone()];
    }
    if let Some(name) = &about.path {
        let path = CallPaths::new(Switches::default()).named(name);
        subject.path = Some(path.map_err(|error| Unclear::Path(error.to_string()))?);
    }
    Ok(subject)
}

fn one(
    subject: &Subject,
    kinds: Option<Vec<States>>,
    expected: &[Outcome],
) -> Result<Verdict, Unanswered> {
    let Some(kinds) = kinds else { return Ok(Verdict::Unclear(Unclear::Kinds)) };
    let mut computed = BTreeSet::new();
    let mut wrong: Option<States> = None;
    for kind in kinds {
        let outcomes = subject.outcomes(&kind)?;
        if wrong.is_none() && outcomes.iter().any(|outcome| !expected.contains(outcome)) {
            wrong = Some(kind);
        }
        computed.extend(outcomes);
    }
    Ok(match wrong {
        Some(kind) => Verdict::Wrong { computed, kind },
        None if computed.is_empty() => Verdict::Unclear(Unclear::Kinds),
        None => Verdict::Right,
    })
}

/// Whether some row speaks of an absent key, for each key that the table has a column for.
pub(super) fn speaks_of_absence(reading: &Reading, key: &ConditionKey) -> bool {
    let rows = reading.rows.iter().filter_map(|row| row.about.as_ref().ok());
    rows.filter_map(|about| about.keys.get(key))
        .flat_map(Said::alternatives)
        .any(|said| matches!(said, Said::Absent | Said::Any))
}

/// "`aws:ViaAWSMCPService` absent", for people; empty if nothing is said.
pub(super) fn in_words(kind: &States) -> String {
    let words: Vec<String> = kind
        .iter()
        .map(|(key, state)| match state {
            KeyState::Absent => format!("`{key}` absent"),
            KeyState::Unknown => format!("`{key}` unknown"),
            KeyState::Single(text) => format!("`{key}` = `{text}`"),
            KeyState::Multi(texts) => format!("`{key}` = [{}]", texts.join(", ")),
        })
        .collect();
    words.join(", ")
}

/// An outcome, for people.
pub(super) const fn outcome_in_words(outcome: Outcome) -> &'static str {
    outcome.words()
}
