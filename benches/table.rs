//! How long does the truth table take? `cargo bench -p iamsure-testkit --bench table`.
//!
//! In process: classes, diagram, cover, the check of the rows, and a witness for each, from policies that were
//! read before. The peer is *brute force*: the witness of every combination of the same classes, decided by
//! the evaluator one by one, without a diagram. It is given the classes and still grows with the product of
//! them.

#![expect(clippy::unwrap_used, reason = "a bench that cannot start must stop")]

use std::hint::black_box;
use std::time::Duration;

use criterion::Criterion;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_testkit::every_request::EveryRequest;
use iamsure_testkit::growth::{self, Grown};
use iamsure_testkit::specimen;
use iamsure_truth::budget::Budget;
use iamsure_truth::unanswered::Unanswered;

/// The role of the ToolHive tutorial that reads S3.
const S3_ROLE: &str = include_str!("../corpus/guardrails/toolhive-s3-readonly.json");

fn read(name: &str, text: &str) -> Grown {
    let source = Source::new(name, text);
    let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
    Grown { name: name.to_owned(), policies: PolicySet::of_identity([document]) }
}

/// Policies whose tables must be exact.
fn exact() -> Vec<Grown> {
    let mut all = vec![read("guardrail", specimen::GUARDRAIL), read("the S3 role", S3_ROLE)];
    all.extend([5, 10, 20].map(growth::denies_on_own_keys));
    all.extend([20, 200, 2_000].map(growth::action_globs));
    all.extend([10, 100, 1_000].map(growth::alternating_buckets));
    all.extend([6, 12, 24].map(growth::infix_globs_of_one_shape));
    all.extend([4, 6, 8].map(growth::infix_globs_under_conditions));
    all.push(growth::wildcards_to_the_limit());
    all.push(growth::layers());
    all
}

/// The policies few enough combinations of which exist to be tried one by one.
const BY_BRUTE_FORCE: [&str; 4] =
    ["guardrail", "the S3 role", "denies on own keys, 5", "infix globs under own conditions, 4"];

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let all = EveryRequest::default();
    let budget = Budget::default();

    let mut group = criterion.benchmark_group("table");
    for grown in exact() {
        let Grown { name, policies } = &grown;
        all.table(policies, budget).unwrap();
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(all.table(policies, budget)));
        });
    }
    // Right, or an error that says what was too much; never something in between.
    let hard = growth::infix_globs_under_conditions(16);
    match all.table(&hard.policies, budget) {
        Ok(_) => {}
        Err(Unanswered::TooComplex(error)) => assert!(!error.because.is_empty(), "{error}"),
        Err(error) => assert!(matches!(error, Unanswered::TooComplex(_)), "{error}"),
    }
    group.bench_function(&hard.name, |bencher| {
        bencher.iter(|| black_box(all.table(&hard.policies, budget)));
    });
    group.finish();

    let mut group = criterion.benchmark_group("brute force");
    for grown in exact().iter().filter(|grown| BY_BRUTE_FORCE.contains(&grown.name.as_str())) {
        let Grown { name, policies } = grown;
        let model = all.model(policies, budget).unwrap();
        let count = all.by_brute_force(policies, &model);
        assert!(count.decided > 0 && count.different == 0, "{name}: {count:?}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(all.by_brute_force(policies, &model)));
        });
    }
    group.finish();
    criterion.final_summary();
}
