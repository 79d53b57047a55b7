//! A role that is named without a session: what is proved of it holds for every session of it (P-6, P-7).

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{ActionPattern, ConditionKey, PolicyType};
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{CallPaths, PolicySet, Principal, Request, Requester, Switches};
use iamsure_testkit::sampling::fits;
use iamsure_testkit::strategy::world::context;
use iamsure_testkit::strategy::{document, pattern};
use iamsure_truth::background::knowledge::knowledge;
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::setting::Setting;
use proptest::prelude::*;

use super::cases;
use super::prove::is_outside;

const ACCOUNT: &str = "111122223333";

/// A session of the role that the policies of the strategies name `s1` and `s2` of.
fn session(name: &str) -> Requester {
    Requester::from(Principal::RoleSession {
        account: ACCOUNT.to_owned(),
        arn: format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/{name}"),
        role_arn: Some(format!("arn:aws:iam::{ACCOUNT}:role/app")),
        role_id: None,
        service_linked: false,
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn what_is_proved_of_a_role_holds_for_every_session_of_it(
        resource in document::policy(PolicyType::Resource),
        identity in prop::option::of(document::policy(PolicyType::Identity)),
        text in prop::sample::select(&["never allow s3:*", "always allow s3:GetObject", "never explicit deny s3:*"][..]),
        asked in prop::collection::vec((pattern::action(), pattern::resource(), context()), 8),
    ) {
        let policies = PolicySet { resource: Some(resource), ..PolicySet::of_identity(identity) };
        let role = session("example-session");
        let query = ClaimQuery {
            policies: policies.clone(),
            claim: Claim::parse(text).unwrap(),
            setting: Setting {
                who: Some(role).into(),
                resource_account: Some(ACCOUNT.to_owned()),
                ..Setting::default()
            },
            paths: CallPaths::default(),
            open_world: false, is_whole: false,
        };
        let proof = query.answer().unwrap();
        if proof.verdict != ClaimVerdict::Proved || !proof.background.is_empty() {
            return Ok(());
        }
        for ((action, resource, context), name) in
            asked.iter().flat_map(|asked| ["s1", "s2", "other"].map(|name| (asked, name)))
        {
            let asked_about = if text.ends_with("s3:*") { "s3:*" } else { "s3:GetObject" };
            if !ActionPattern::new(asked_about).matches(action) {
                continue;
            }
            let mut request =
                Request::new(session(name), action.clone(), resource.as_str(), context.clone());
            request.resource_account = Some(ACCOUNT.to_owned());
            for (key, state) in derived_keys(&request) {
                request.context.set(key, state);
            }
            let of_its_type = |key: &ConditionKey| {
                let known = knowledge(key, Some(&request.requester.principal));
                fits(request.context.state(key), &known)
            };
            if is_outside(&[&policies], &request) || !policies.keys().iter().all(of_its_type) {
                continue;
            }
            let outcome = evaluate(&policies, &request, &Switches::default()).outcome;
            let Outcome::Decided(decision) = outcome else { continue };
            let holds = match text {
                "never allow s3:*" => decision.verdict != Verdict::Allowed,
                "always allow s3:GetObject" => decision.verdict == Verdict::Allowed,
                _ => decision.verdict != Verdict::ExplicitlyDenied,
            };
            prop_assert!(holds, "{} by {}: {:?}", text, name, request);
        }
    }
}
