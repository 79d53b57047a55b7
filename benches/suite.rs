//! How long do ten thousand cases of a suite take? `cargo bench -p iamsure-testkit --bench suite`.
//!
//! In process, on one thread, from the text of the suite: one hundred tests of fifty actions on two call paths, on the
//! S3 role of the tutorial. The peer is the same cases put to the evaluator alone, one request each.

#![expect(clippy::unwrap_used, reason = "a bench that cannot start must stop")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use iamsure_core::decision::evaluate;
use iamsure_core::language::Source;
use iamsure_core::world::Request;
use iamsure_review::suite::{Body, Case, Decided, Outcome, Suite, decide};
use iamsure_testkit::suite_file::Disk;

const TESTS: usize = 100;
const ACTIONS: usize = 50;

fn main() {
    let source = Source::new(folder(), text());
    let read = || Suite::read(&source, &mut Disk).unwrap();
    let suite = read();
    let cases: Vec<&Case> = suite
        .tests
        .iter()
        .flat_map(|test| match &test.body {
            Body::Cases(cases) => cases.as_slice(),
            Body::Claim(_) => &[],
        })
        .collect();
    assert_eq!(cases.len(), TESTS * ACTIONS * 2);
    let passed = |suite: &Suite| {
        suite.tests.iter().all(|test| match decide(test) {
            Decided::Cases(outcomes) => {
                outcomes.iter().all(|outcome| matches!(outcome, Outcome::Passed(_)))
            }
            _ => false,
        })
    };
    assert!(passed(&suite));
    let requests: Vec<(Request, &Case)> = cases
        .iter()
        .map(|case| {
            let mut context = case.scene.query.context.clone();
            case.path.worlds().first().unwrap().apply(&mut context);
            let requester =
                iamsure_truth::sample::sample_requester(iamsure_truth::sample::EXAMPLE_ACCOUNT);
            let request =
                Request::new(requester, case.action.clone(), case.resource.as_str(), context);
            (request, *case)
        })
        .collect();

    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let mut group = criterion.benchmark_group("ten thousand cases");
    group.throughput(Throughput::Elements(u64::try_from(cases.len()).unwrap()));
    group.bench_function("read", |bencher| bencher.iter(|| black_box(read())));
    group.bench_function("decide", |bencher| bencher.iter(|| black_box(passed(&suite))));
    group.bench_function("the evaluator alone", |bencher| {
        bencher.iter(|| {
            for (request, case) in &requests {
                let query = &case.scene.query;
                black_box(evaluate(&query.policies, request, &query.switches));
            }
        });
    });
    group.finish();
    criterion.final_summary();
}

/// A name beside the policies of the corpus.
fn folder() -> String {
    format!("{}/../../corpus/guardrails/bench.iamsure.yaml", env!("CARGO_MANIFEST_DIR"))
}

fn text() -> String {
    let mut text =
        String::from("policies: { role: { identity: toolhive-s3-readonly.json } }\ntests:\n");
    let actions: Vec<String> = iamsure_reference::expand("s3:*")
        .chain(iamsure_reference::expand("ec2:*"))
        .map(|action| action.to_string())
        .filter(|name| !["s3:GetObject", "s3:ListBucket"].contains(&name.as_str()))
        .take(ACTIONS)
        .collect();
    for test in 0..TESTS {
        let _ = writeln!(
            text,
            "  - name: test {test}\n    actions: [{}]\n    expect: {{ direct: denied by DenyUnlessThroughMcp, \"mcp:aws-mcp\": implicitly denied }}",
            actions.join(", ")
        );
    }
    text
}
