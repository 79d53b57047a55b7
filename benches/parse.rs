//! How long does reading a policy take? `cargo bench -p iamsure-testkit --bench parse`.

#![expect(clippy::unwrap_used, reason = "a bench that cannot start must stop")]

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_testkit::specimen;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("parse");
    for policy in specimen::all() {
        let source = Source::new(policy.name, policy.text.as_str());
        let read = || PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
        assert_eq!(read().statements.len(), policy.statements);
        group.throughput(Throughput::Bytes(policy.text.len() as u64));
        group.bench_function(policy.name, |bencher| bencher.iter(|| black_box(read())));
    }
    group.finish();
    criterion.final_summary();
}
