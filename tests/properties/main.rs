//! Laws that hold for all policies and requests, one file for each body of law.
//!
//! A failure is written to `tests/proptest-regressions`; commit it with the fix.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod account;
mod alone;
mod answer;
mod any_session;
mod chart;
mod claim;
mod compiled;
mod condition;
mod document;
mod documentation;
mod everybody;
mod foreign;
mod guardrail;
mod inert;
mod inquiry;
mod known_later;
mod lenient;
mod matrix;
mod model;
mod one_answer;
mod owner;
mod paths;
mod pattern;
mod possible;
mod precedence;
mod prove;
mod said;
mod session;
mod suite;
mod table;
mod text;
mod token;
mod toolhive;
mod unknown;

use iamsure_core::decision::{Decision, Outcome, evaluate};
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Request, Switches};
use mimalloc::MiMalloc;
use proptest::test_runner::Config;

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// A law with this many random instances; the variable `PROPTEST_CASES` overrides it for all laws.
fn cases(count: u32) -> Config {
    // Some laws are about few of the instances, and some instances are none.
    Config {
        cases: count,
        max_global_rejects: 1_000_000,
        max_local_rejects: 1_000_000,
        ..Config::default()
    }
}

/// The decision about a request in which nothing is unknown.
fn decide(policies: &PolicySet, request: &Request, switches: &Switches) -> Decision {
    match evaluate(policies, request, switches).outcome {
        Outcome::Decided(decision) => decision,
        Outcome::Depends { .. } => panic!("nothing is unknown"),
    }
}

/// Whether nothing stands in for what is not given: something grants, and every level of SCPs allows something.
fn stand_alone(policies: &PolicySet) -> bool {
    use iamsure_core::language::document::Effect;
    let grants =
        !policies.identity.is_empty() || policies.resource.is_some() || policies.trust.is_some();
    let allows = |level: &Vec<PolicyDocument>| {
        let mut statements = level.iter().flat_map(|policy| &policy.statements);
        statements.any(|statement| *statement.effect == Effect::Allow)
    };
    grants && policies.scp.iter().all(allows)
}

/// A document that must read strictly.
fn read(kind: PolicyType, text: &str) -> PolicyDocument {
    PolicyDocument::read(&Source::new("p", text), kind, Profile::Strict).unwrap()
}

/// Every document of a set, to be changed.
fn documents(policies: &mut PolicySet) -> impl Iterator<Item = &mut PolicyDocument> {
    let PolicySet { identity, boundary, session, resource, trust, scp, rcp, endpoint } = policies;
    identity
        .iter_mut()
        .chain(boundary)
        .chain(session)
        .chain(resource)
        .chain(trust)
        .chain(endpoint)
        .chain(scp.iter_mut().chain(rcp).flatten())
}
