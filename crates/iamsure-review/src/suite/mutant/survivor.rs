//! The test that notices a mutant which no other does.

use iamsure_core::decision::Decision;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Request};

use crate::suite::case::Case;
use crate::suite::decide::Outcome;
use crate::suite::expectation::{Expectation, Who, Word, Words};
use crate::suite::read::read_over;
use crate::suite::sets::NamedSet;
use crate::suite::shelf::Shelf;
use crate::suite::test::Body;
use crate::suite::test_text::TestText;
use crate::suite::Suite;

/// How many requests are tried.
const MAX_TRIED: usize = 8;

/// A test of one of these requests that passes on the policies as they are and fails on the changed ones: read
/// from its text and run on both.
pub(super) fn test(
    suite: &Suite,
    set: usize,
    changed: &PolicySet,
    words: &str,
    requests: &[Request],
) -> Option<TestText> {
    let named = suite.sets.get(set)?;
    let name = format!("noticed: {words}");
    let with = |policies: &PolicySet| NamedSet { policies: policies.clone(), ..named.clone() };
    let (original, changed) = (with(&named.policies), with(changed));
    requests.iter().take(MAX_TRIED).find_map(|request| {
        let draft = TestText::of(request, name.clone(), named.name.clone(), "denied".to_owned());
        let case = read(suite, &original, &draft)?;
        let answer = case.answer(&case.scene.query).ok()?;
        let expect = words_of(answer.decision()?, &original.policies);
        let text = TestText { expect, ..draft };
        let passes = |set| {
            read(suite, set, &text).map(|case| matches!(case.decide(), Outcome::Passed(_)))
        };
        (passes(&original)? && !passes(&changed)?).then_some(text)
    })
}

/// The only case of a test of a set, read as a suite is.
fn read(suite: &Suite, set: &NamedSet, text: &TestText) -> Option<Case> {
    let source = Source::new("a test", format!("tests:\n{text}"));
    let read = read_over(&source, &mut Nothing, vec![set.clone()], suite.switches).ok()?;
    match read.tests.into_iter().next()?.body {
        Body::Cases(cases) => cases.into_iter().next(),
        Body::Claim(_) => None,
    }
}

/// The exact words for a decision: with the statements that decide it, by their Sids where they have them.
fn words_of(decision: &Decision, policies: &PolicySet) -> String {
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
        Err(format!("there is no suite `{reference}`"))
    }

    fn policy(
        &mut self,
        _: &str,
        reference: &str,
        _: PolicyType,
        _: Profile,
    ) -> Result<PolicyDocument, String> {
        Err(format!("there is no policy `{reference}`"))
    }
}
