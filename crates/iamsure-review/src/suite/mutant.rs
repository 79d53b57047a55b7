//! Mutants: policies changed a little, one change at a time, and whether a test notices.
//!
//! A change that leaves every decision as it was is no mutant of anything: the engine compares the two as
//! functions, and an equal one is not counted, even where a test notices which statement decided. What
//! makes a difference and no test notices survives, and comes with a test that notices it.

mod change;
mod kin;
mod notice;
mod survivor;

pub use change::Change;

use iamsure_core::language::{PolicyDocument, Profile, Source, Span};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;

use super::Suite;
use super::decide::Decided;
use super::passed::Passed;
use crate::suite_text::TestText;
use kin::Kinship;
use notice::{Notice, Tests};
use survivor::Survivors;

/// What became of the mutants of one policy set.
#[derive(Clone, Debug)]
pub struct SetMutants {
    /// The policy set, by its place in the suite.
    pub set: usize,
    /// Whether any test is about it. If none is, no mutants are made.
    pub is_tested: bool,
    /// The mutants, in the order of the policies.
    pub mutants: Vec<Mutant>,
}

/// One change, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The statement.
    pub(crate) id: StatementId,
    /// The change.
    pub(crate) change: Change,
    /// What was changed: `DenyUnlessThroughMcp: BoolIfExists -> Bool`.
    pub words: String,
    /// The policy.
    pub file: Source,
    /// Where in it.
    pub span: Span,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A test notices it.
    Killed,
    /// No test does; with one that would, unless none could be made. Several may have the same.
    Survived(Option<Box<TestText>>),
    /// It decides like the policies as they are; not counted.
    Equivalent,
    /// No test notices it, and it is not known whether it decides otherwise, for this reason; not counted.
    NotKnown(String),
}

impl SetMutants {
    /// How many a test notices.
    pub fn killed(&self) -> usize {
        self.mutants.iter().filter(|mutant| mutant.fate == Fate::Killed).count()
    }

    /// Those that no test notices.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        self.mutants.iter().filter(|mutant| matches!(mutant.fate, Fate::Survived(_)))
    }
}

/// Changes every policy set of a suite that a test is about, and says which changes the tests that passed
/// notice.
pub fn mutants(suite: &Suite, decided: &[Decided]) -> Vec<SetMutants> {
    (0..suite.sets.len()).map(|set| of_set(suite, decided, set)).collect()
}

fn of_set(suite: &Suite, decided: &[Decided], set: usize) -> SetMutants {
    let passed = Passed::of(suite, decided, set);
    let mut found = SetMutants { set, is_tested: passed.is_tested, mutants: Vec::new() };
    let Some(named) = suite.sets.get(set).filter(|_| passed.is_tested) else { return found };
    let original = &named.policies;
    let tests = Tests::of(&passed);
    let kinship = Kinship::of(original, &passed, suite.switches);
    let mut survivors = Survivors::of(suite, named);
    let mut known: Vec<PolicySet> = Vec::new();
    for (number, (id, document, statement)) in original.statements().enumerate() {
        for change in Change::all(statement) {
            let (Some(changed), Some(words)) =
                (change.apply(original, id), change.words(statement))
            else {
                continue;
            };
            if change != Change::Drop && !may_be_saved(original, &changed, id) {
                continue;
            }
            if changed == *original || known.contains(&changed) {
                continue;
            }
            let name =
                statement.sid().map_or_else(|| format!("statement {}", number + 1), str::to_owned);
            let words = format!("{name}: {words}");
            let fate = match (tests.notice(&change, id), kinship.of_mutant(&changed, id)) {
                (_, kin::Kin::Alike { only_impossible: true })
                | (Notice::Nothing | Notice::Reason, kin::Kin::Alike { .. }) => Fate::Equivalent,
                // Somebody or some Allow that the comparison does not know of.
                (Notice::Decision, _) | (Notice::Reason, kin::Kin::Other(_)) => Fate::Killed,
                (Notice::Nothing | Notice::Reason, kin::Kin::NotKnown(why)) => Fate::NotKnown(why),
                (Notice::Nothing, kin::Kin::Other(rows)) => {
                    let test = survivors.test(&changed, &words, &rows);
                    Fate::Survived(test.map(Box::new))
                }
            };
            let (file, span) = (document.source.clone(), change.span(statement));
            known.push(changed);
            found.mutants.push(Mutant { id, change, words, file, span, fate });
        }
    }
    found
}

/// Whether AWS would save the changed policy, if it would the one that is written.
fn may_be_saved(original: &PolicySet, changed: &PolicySet, id: StatementId) -> bool {
    let is_fine = |policies: &PolicySet| {
        policies.statement(id).is_some_and(|(document, _)| {
            let source = Source::new("a changed policy", document.to_json());
            let read = PolicyDocument::inspect_attached(&source, document.kind, Profile::Strict);
            read.document.is_some()
        })
    };
    is_fine(changed) || !is_fine(original)
}

#[cfg(test)]
mod tests;
