//! Imported tests as a suite.

use iamsure_core::world::Principal;

use super::{Captured, Import, Policies, Test, caller};
use iamsure_review::suite_text::{PolicyText, SetText, SuiteText, TestText};

/// The suite of an import. `given` are the policies of records that hold none, if somebody named them.
pub fn suite_text(import: &Import, given: Option<&SetText>, lenient: bool) -> SuiteText {
    let head = "AWS's decisions as tests; keys that a test does not name are unknown, because the record does not contain them";
    let mut suite = SuiteText {
        comments: std::iter::once(head.to_owned()).chain(import.remarks.iter().cloned()).collect(),
        ..SuiteText::default()
    };
    for test in &import.tests {
        let (policies, todo) = match (&test.policies, given) {
            (Policies::Captured(captured), _) => {
                (Some(set(&mut suite, "captured", &of(captured, lenient))), None)
            }
            (Policies::NotTold(_), Some(given)) => (Some(set(&mut suite, "given", given)), None),
            (Policies::NotTold(whose), None) => (None, Some(format!("name {whose}"))),
        };
        let mut todo: Vec<String> = todo.into_iter().collect();
        todo.extend(test.todo.iter().cloned());
        let text = TestText {
            name: unique(&test.name, |name| suite.tests.iter().any(|known| known.name == name)),
            comments: test.remarks.clone(),
            source: Some(test.source.clone()),
            todo: (!todo.is_empty()).then(|| todo.join("; ")),
            policies,
            principal: principal(&mut suite, test),
            action: test.action.as_str().to_owned(),
            resource: test.resource.clone(),
            resource_account: test.resource_account.clone(),
            context: test.context.clone(),
            given_any_other_allow: false,
            expect: test.expected.to_string(),
            path: test.path.map(str::to_owned),
        };
        suite.tests.push(text);
    }
    suite
}

fn of(captured: &Captured, lenient: bool) -> SetText {
    let policies = captured
        .policies
        .iter()
        .map(|policy| {
            let json = policy.laid_out().unwrap_or_else(|| policy.text.clone());
            (policy.layer, policy.level, PolicyText::Document { from: policy.name.clone(), json })
        })
        .collect();
    SetText { policies, lenient }
}

/// The name of a set, which is added if it is not there.
fn set(suite: &mut SuiteText, name: &str, set: &SetText) -> String {
    if let Some((known, _)) = suite.policies.iter().find(|(_, known)| known == set) {
        return known.clone();
    }
    let name = unique(name, |name| suite.policies.iter().any(|(known, _)| known == name));
    suite.policies.push((name.clone(), set.clone()));
    name
}

/// What names the caller of a test: one text, or an entry of `principals`.
fn principal(suite: &mut SuiteText, test: &Test) -> Option<String> {
    let principal: &Principal = test.principal.as_ref()?;
    if let Some(text) = caller::one_text(principal) {
        return Some(text);
    }
    if let Some((known, _)) = suite.principals.iter().find(|(_, known)| known == principal) {
        return Some(known.clone());
    }
    let name = unique(&caller::short_name(principal), |name| {
        suite.principals.iter().any(|(known, _)| known == name)
    });
    suite.principals.push((name.clone(), principal.clone()));
    Some(name)
}

/// A name that is not taken: itself, or with a number from 2.
fn unique(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(name) {
        return name.to_owned();
    }
    let numbered = |number: usize| format!("{name} ({number})");
    let mut number = 2;
    while is_taken(&numbered(number)) {
        number += 1;
    }
    numbered(number)
}
