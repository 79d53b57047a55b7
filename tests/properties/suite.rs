//! Suites: what is written for policies is read, and true of them.

use std::collections::BTreeMap;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_review::suite::{
    Body, Decided, Expectation, Outcome, Shelf, Shelved, Suite, Who, Word, Words, decide,
    first_suite,
};
use iamsure_review::suite_text::{PolicyText, SetText};
use iamsure_testkit::strategy::world::policy_set;
use proptest::prelude::*;

use super::cases;

/// Policies by the names that a suite has for them.
struct Documents(BTreeMap<String, PolicyDocument>);

impl Shelf for Documents {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        Err(format!("there is no suite {reference}"))
    }

    fn policies(
        &mut self,
        _: &str,
        reference: &str,
        _: PolicyType,
        _: Profile,
    ) -> Result<Shelved, String> {
        let found = self.0.get(reference).cloned().map(Shelved::from);
        found.ok_or_else(|| format!("there is no policy {reference}"))
    }
}

/// Where the policies of a set are, each under a name.
fn named(policies: &PolicySet) -> (SetText, Documents) {
    let mut set = SetText::default();
    let mut documents = BTreeMap::new();
    for (kind, level, number, document) in policies.policies() {
        let name = format!("{kind}-{level}-{number}.json");
        documents.insert(name.clone(), document.clone());
        set.policies.push((kind, level, PolicyText::File(name)));
    }
    (set, Documents(documents))
}

fn words() -> impl Strategy<Value = Words> {
    let who = prop_oneof![
        "[A-Za-z][A-Za-z0-9]{0,8}"
            .prop_filter("a layer is not taken for a Sid", |text| PolicyType::from_name(text)
                .is_none())
            .prop_map(Who::Sid),
        (1_usize..20).prop_map(Who::Number),
        proptest::sample::select(PolicyType::ALL.as_slice()).prop_map(Who::Layer),
    ];
    let word = proptest::sample::select(Word::ALL.as_slice());
    (word, proptest::collection::vec(who, 0..3)).prop_map(|(word, by)| {
        let by = if word == Word::Exempt { Vec::new() } else { by };
        Words { word, by }
    })
}

proptest! {
    #![proptest_config(cases(24))]

    /// A first suite is a suite, and its tests pass.
    #[test]
    fn a_first_suite_passes(policies in policy_set()) {
        // A level without policies, which AWS does not have, cannot be written.
        prop_assume!(policies.scp.iter().chain(&policies.rcp).all(|level| !level.is_empty()));
        let (set, mut documents) = named(&policies);
        prop_assume!(!set.policies.is_empty());
        let text = first_suite(&policies, false, &set);
        let suite = Suite::read(&Source::new("first.iamsure.yaml", text.as_str()), &mut documents);
        let suite = suite.map_err(|errors| TestCaseError::fail(format!("{errors:?}\n{text}")))?;
        for test in &suite.tests {
            let passes = match (decide(test), &test.body) {
                (Decided::Cases(outcomes), _) => {
                    outcomes.iter().all(|outcome| matches!(outcome, Outcome::Passed(_)))
                }
                (Decided::Claim(outcome), Body::Claim(claim)) => claim.is_met(&outcome),
                _ => false,
            };
            prop_assert!(passes, "{}\n{text}", test.name);
        }
    }

    /// What is written of an expectation is read as the same.
    #[test]
    fn an_expectation_is_read_as_it_is_written(cases in proptest::collection::vec(words(), 1..4)) {
        let expectation = Expectation::Cases(cases);
        prop_assert_eq!(Expectation::parse(&expectation.to_string()), Ok(expectation));
    }
}
