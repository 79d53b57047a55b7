//! Tests made for a suite: read from their text as the suite is, and run, before they are shown.

use iamsure_core::decision::Decision;
use iamsure_core::language::{PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Request};

use super::Suite;
use super::case::Case;
use super::decide::Outcome;
use super::expectation::{Expectation, Who, Word, Words};
use super::read::read_over;
use super::sets::NamedSet;
use super::shelf::{Shelf, Shelved};
use super::test::Body;
use crate::suite_text::TestText;

/// A test that the policies of a set decide a request as they do; `None` if there is none, since not all of the
/// request can be written down or the decision is not one.
pub(super) fn of_today(
    suite: &Suite,
    set: &NamedSet,
    request: &Request,
    name: String,
) -> Option<TestText> {
    let draft = TestText::of(request, name, set.name.clone(), "denied".to_owned());
    let case = read(suite, set, &draft)?;
    let answer = case.answer(&case.scene.query).ok()?;
    let text = TestText { expect: words(answer.decision()?, &set.policies), ..draft };
    passes(suite, set, &text)?.then_some(text)
}

/// Whether a test passes on these policies; `None` if it cannot be read or decided.
pub(super) fn passes(suite: &Suite, set: &NamedSet, text: &TestText) -> Option<bool> {
    match read(suite, set, text)?.decide() {
        Outcome::Passed(_) => Some(true),
        Outcome::Failed(_) => Some(false),
        Outcome::Errored(_) => None,
    }
}

/// The only case of a test of a set.
fn read(suite: &Suite, set: &NamedSet, text: &TestText) -> Option<Case> {
    let source = Source::new("a test", format!("tests:\n{text}"));
    let read = read_over(&source, &mut Nothing, vec![set.clone()], suite.switches).ok()?;
    match read.tests.into_iter().next()?.body {
        Body::Cases(cases) => cases.into_iter().next(),
        Body::Claim(_) => None,
    }
}

/// The exact words for a decision: with the statements that decide it, by their Sids where they have them.
fn words(decision: &Decision, policies: &PolicySet) -> String {
    let by = policies
        .statements()
        .enumerate()
        .filter(|(_, (id, ..))| decision.statements.contains(id))
        .map(|(number, (_, _, statement))| match statement.sid() {
            Some(sid) => Who::Sid(sid.to_owned()),
            None => Who::Number(number + 1),
        });
    let words = Words { word: Word::of(decision.verdict), by: by.collect() };
    Expectation::Cases(vec![words]).to_string()
}

/// A shelf without files: a test names none.
struct Nothing;

impl Shelf for Nothing {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        Err(format!("no suite `{reference}`"))
    }

    fn policies(
        &mut self,
        _: &str,
        reference: &str,
        _: PolicyType,
        _: Profile,
    ) -> Result<Shelved, String> {
        Err(format!("there is no policy `{reference}`"))
    }
}
