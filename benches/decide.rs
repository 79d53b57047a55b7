//! How long does deciding a request take? `cargo bench -p iamsure-testkit --bench decide`.

#![expect(clippy::unwrap_used, reason = "a bench that cannot start must stop")]

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use iamsure_core::decision::{CompiledPolicies, evaluate};
use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Request, Switches};
use iamsure_testkit::specimen;

fn main() {
    let mut context = Context::closed();
    context.set("aws:username".into(), KeyState::single("alice"));
    let caller = Principal::User {
        account: "111122223333".into(),
        arn: "arn:aws:iam::111122223333:user/alice".into(),
        unique_id: None,
    };
    let action = ActionName::parse("s3:GetObject").unwrap();
    let request = Request::new(caller, action, "arn:aws:s3:::bucket-0/alice/key", context);
    let switches = Switches::default();

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("decide");
    group.throughput(Throughput::Elements(1));
    for policy in specimen::all() {
        let source = Source::new(policy.name, policy.text.as_str());
        let document =
            PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
        let policies = PolicySet::of_identity([document]);
        let decide = || evaluate(&policies, &request, &switches).outcome;
        assert_eq!(decide().decided().map(|decision| decision.verdict), Some(policy.verdict));
        group.bench_function(policy.name, |bencher| bencher.iter(|| black_box(decide())));
        let compiled = CompiledPolicies::new(&policies, switches);
        assert_eq!(compiled.decide(&request), decide());
        group.bench_function(format!("{}, compiled", policy.name), |bencher| {
            bencher.iter(|| black_box(compiled.decide(&request)));
        });
    }
    group.finish();
    criterion.final_summary();
}
