//! How long does a proof take? `cargo bench -p iamsure-testkit --bench proof`.
//!
//! In process, from a policy and a claim that were read before. The peer is the same question with every
//! other choice where AWS is silent asked too, as `iamsure prove` does.

#![expect(clippy::unwrap_used, reason = "a bench that cannot start must stop")]

use std::hint::black_box;
use std::time::Duration;

use criterion::Criterion;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_testkit::specimen;
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::setting::Setting;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let source = Source::new("guardrail", specimen::GUARDRAIL);
    let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
    let query = ClaimQuery {
        policies: PolicySet::of_identity([document]),
        claim: Claim::parse("never allow * unless aws:ViaAWSMCPService is true").unwrap(),
        setting: Setting::default(),
        paths: CallPaths::default(),
        open_world: true,
        is_whole: false,
    };
    assert_eq!(query.proof().unwrap().verdict, ClaimVerdict::Proved);
    let mut group = criterion.benchmark_group("the guardrail, open world");
    group.bench_function("proof", |bencher| bencher.iter(|| black_box(query.proof())));
    group.bench_function("with every switch", |bencher| {
        bencher.iter(|| black_box(query.answer()));
    });
    group.finish();
    criterion.final_summary();
}
