//! The test that notices a mutant which no other does.

use iamsure_core::language::ActionName;
use iamsure_core::world::{PolicySet, Principal, Request};

use crate::suite::Suite;
use crate::suite::ready_made::{of_today, passes};
use crate::suite::sets::NamedSet;
use crate::suite_text::TestText;

/// How many requests are tried.
const MAX_TRIED: usize = 8;

/// The tests made for the mutants of a policy set.
pub(super) struct Survivors<'a> {
    suite: &'a Suite,
    original: &'a NamedSet,
    made: Vec<TestText>,
}

impl<'a> Survivors<'a> {
    pub(super) const fn of(suite: &'a Suite, original: &'a NamedSet) -> Self {
        Self { suite, original, made: Vec::new() }
    }

    /// A test that passes on the policies as they are and fails on the changed ones, read from its text and run
    /// on both: one made before, or one of these requests.
    pub(super) fn test(
        &mut self,
        changed: &PolicySet,
        words: &str,
        requests: &[Request],
    ) -> Option<TestText> {
        let (suite, original) = (self.suite, self.original);
        let changed = NamedSet { policies: changed.clone(), ..original.clone() };
        let fails = |text: &TestText| passes(suite, &changed, text) == Some(false);
        if let Some(known) = self.made.iter().find(|text| fails(text)) {
            return Some(known.clone());
        }
        let name = self.fresh(&format!("{}: {words} is noticed", original.name));
        let likely = requests.iter().filter_map(with_tags).chain(requests.iter().cloned());
        let text = likely
            .take(MAX_TRIED)
            .filter_map(|request| of_today(suite, original, &request, name.clone()))
            .find(fails)?;
        self.made.push(text.clone());
        Some(text)
    }

    /// A name that no test of the suite has.
    fn fresh(&self, name: &str) -> String {
        let is_free = |name: &String| {
            self.suite.tests.iter().all(|test| test.name != *name)
                && self.made.iter().all(|test| test.name != *name)
        };
        let most = self.suite.tests.len() + self.made.len() + 2;
        let numbered = (2..=most).map(|number| format!("{name} ({number})"));
        std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
    }
}

/// For a request that no token makes, one that comes with tokens: a token brings tags to its session.
///
/// AWS page: IAM User Guide, `id_session-tags` (permissions to add session tags).
fn with_tags(request: &Request) -> Option<Request> {
    let is_of_token = matches!(request.requester.principal, Principal::FederatedCaller { .. });
    if !is_of_token || iamsure_core::decision::exemption::is_unsigned(&request.action) {
        return None;
    }
    let action = ActionName::parse("sts:TagSession").ok()?;
    Some(Request { action, ..request.clone() })
}
