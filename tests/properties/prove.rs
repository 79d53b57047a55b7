//! Laws of claims and comparisons: what is proved holds of every request that can be drawn, what is
//! refuted is broken by its witness, and a comparison differs just where requests do.

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{ActionPattern, Arn, ConditionKey, PolicyType};
use iamsure_core::world::{CallPaths, Context, KeyState, PolicySet, Request, Requester, Switches};
use iamsure_testkit::strategy::world::{context, role_session, via_mcp};
use iamsure_testkit::strategy::{document, pattern};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::class::value::Domain;
use iamsure_truth::comparison::ComparisonQuery;
use iamsure_truth::open_world::{Grant, with_grants};
use iamsure_truth::setting::Setting;
use proptest::prelude::*;

use super::cases;

/// What some claims say of a request, told here once more without the machinery of claims.
type Says = fn(&Request, Verdict) -> bool;

/// Claims, and whether a request keeps each.
const CLAIMS: [(&str, Says); 8] = [
    ("never allow", |_, verdict| verdict != Verdict::Allowed),
    ("never allow unless aws:ViaAWSMCPService is true", |request, verdict| {
        verdict != Verdict::Allowed || is(request, "aws:ViaAWSMCPService", "true")
    }),
    ("never allow s3:Get* when aws:ViaAWSMCPService is absent", |request, verdict| {
        verdict != Verdict::Allowed
            || !ActionPattern::new("s3:Get*").matches(&request.action)
            || *state(request, "aws:ViaAWSMCPService") != KeyState::Absent
    }),
    ("aws:ViaAWSMCPService is false implies denied", |request, verdict| {
        !is(request, "aws:ViaAWSMCPService", "false") || is_denied(verdict)
    }),
    ("allow implies aws:PrincipalTag/team is not absent", |request, verdict| {
        verdict != Verdict::Allowed || *state(request, "aws:PrincipalTag/team") != KeyState::Absent
    }),
    ("always deny when aws:PrincipalTag/team is a", |request, verdict| {
        is_denied(verdict) || !is(request, "aws:PrincipalTag/team", "a")
    }),
    ("allow only [s3:Get*, s3:Put*]", |request, verdict| {
        verdict != Verdict::Allowed
            || ["s3:Get*", "s3:Put*"]
                .iter()
                .any(|p| ActionPattern::new(*p).matches(&request.action))
    }),
    ("explicit deny implies not aws:ViaAWSMCPService is true", |request, verdict| {
        verdict != Verdict::ExplicitlyDenied || !is(request, "aws:ViaAWSMCPService", "true")
    }),
];

fn state<'a>(request: &'a Request, key: &str) -> &'a KeyState {
    request.context.state(&ConditionKey::new(key))
}

fn is(request: &Request, key: &str, value: &str) -> bool {
    matches!(state(request, key), KeyState::Single(text) if text.eq_ignore_ascii_case(value))
}

fn is_denied(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::ExplicitlyDenied | Verdict::ImplicitlyDenied)
}

fn verdict(policies: &PolicySet, request: &Request) -> Option<Verdict> {
    match evaluate(policies, request, &Switches::default()).outcome {
        Outcome::Decided(decision) => Some(decision.verdict),
        Outcome::Depends { .. } => None,
    }
}

fn policies() -> impl Strategy<Value = PolicySet> {
    prop::collection::vec(document::policy(PolicyType::Identity), 1..3)
        .prop_map(PolicySet::of_identity)
}

/// Only actions of S3: for those of KMS and for exchanges, policies that were not given would count.
const ACTIONS: &str = "s3:*";

/// A request of a given session that the claims look at closely.
fn request() -> impl Strategy<Value = Request> {
    let tag = prop_oneof![
        Just(KeyState::Absent),
        Just(KeyState::single("a")),
        Just(KeyState::single("b"))
    ];
    (role_session(), pattern::action(), pattern::resource(), context(), via_mcp(), tag).prop_map(
        |(principal, action, resource, mut context, via, tag)| {
            context.set(ConditionKey::new("aws:ViaAWSMCPService"), via);
            context.set(ConditionKey::new("aws:PrincipalTag/team"), tag);
            Request::new(Requester::from(principal), action, resource, context)
        },
    )
}

fn setting(request: &Request) -> Setting {
    Setting {
        who: Some(request.requester.clone()).into(),
        resource_account: request.requester.principal.account().map(str::to_owned),
        actions: vec![ActionPattern::new(ACTIONS)],
        ..Setting::default()
    }
}

/// The request as the setting has it, if it may occur at all: typed keys hold values of their type, and
/// keys that AWS always or never puts in are there, or not.
fn fits(request: &Request) -> Option<Request> {
    let mut request = request.clone();
    request.resource_account = request.requester.principal.account().map(str::to_owned);
    let via = state(&request, "aws:ViaAWSMCPService");
    let is_bool = matches!(via, KeyState::Absent)
        || ["true", "false"].iter().any(|value| is(&request, "aws:ViaAWSMCPService", value));
    let is_of_s3 = ActionPattern::new(ACTIONS).matches(&request.action);
    (is_bool && is_of_s3).then_some(request)
}

/// ARNs and patterns of them.
fn asked_arns() -> impl Strategy<Value = Vec<String>> {
    let is_arn = |text: &String| Arn::split(text).is_some() && !text.contains("${");
    let one = prop_oneof![
        pattern::resource_entry().prop_filter("is an ARN", is_arn),
        pattern::resource().prop_filter("is an ARN", is_arn),
    ];
    prop::collection::vec(one, 1..4)
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn what_is_proved_no_request_breaks_and_what_is_refuted_its_witness_breaks(
        policies in policies(),
        requests in prop::collection::vec(request(), 12),
        claim in prop::sample::select(&CLAIMS[..]),
        open_world in any::<bool>(),
    ) {
        let (text, keeps) = claim;
        let setting = setting(&requests[0]);
        let query = ClaimQuery {
            policies: policies.clone(),
            claim: Claim::parse(text).unwrap(),
            setting,
            paths: CallPaths::default(),
            open_world, is_whole: false,
        };
        let proof = query.answer().unwrap();
        match proof.verdict {
            ClaimVerdict::Refuted => {
                let example = proof.example.unwrap();
                let decided = verdict(&example.policies, &example.request).unwrap();
                prop_assert_eq!(decided, example.decision.verdict);
                prop_assert!(!keeps(&example.request, decided), "{} {:?}", text, example);
                if !open_world {
                    prop_assert!(example.extra.is_empty());
                }
            }
            ClaimVerdict::Proved if proof.background.is_empty() => {
                let worlds = if open_world {
                    vec![policies.clone(), with_grants(&policies, &[Grant::Identity]), with_grants(&policies, &Grant::ALL)]
                } else {
                    vec![policies]
                };
                for request in &requests {
                    let request = Request { requester: requests[0].requester.clone(), ..request.clone() };
                    let Some(request) = fits(&request) else { continue };
                    if is_outside(&[&query.policies], &request) {
                        continue;
                    }
                    for world in &worlds {
                        if let Some(decided) = verdict(world, &request) {
                            prop_assert!(keeps(&request, decided), "{} {:?}", text, request);
                        }
                    }
                }
            }
            ClaimVerdict::Proved | ClaimVerdict::Depends => {}
        }
    }

    #[test]
    fn resources_are_the_same_in_a_claim_and_in_the_question_in_any_order(
        policies in policies(),
        request in request(),
        asked in asked_arns(),
        decision in prop::sample::select(&["never allow", "always allow", "some deny", "never explicit deny"][..]),
        open_world in any::<bool>(),
    ) {
        let ask = |text: &str, resources: &[String]| {
            let query = ClaimQuery {
                policies: policies.clone(),
                claim: Claim::parse(text).unwrap(),
                setting: Setting { resources: resources.to_vec(), ..setting(&request) },
                paths: CallPaths::default(),
                open_world, is_whole: false,
            };
            // That there is no such request is the same, too.
            query.answer().map(|proof| proof.verdict).ok()
        };
        let in_question = ask(decision, &asked);
        let mut reversed = asked.clone();
        reversed.reverse();
        prop_assert_eq!(ask(decision, &reversed), in_question);
        let target: Vec<String> = asked.iter().map(|arn| format!("'{arn}'")).collect();
        let in_claim = ask(&format!("{decision} on [{}]", target.join(", ")), &[]);
        prop_assert_eq!(in_claim, in_question);
    }

    #[test]
    fn a_claim_and_its_negation_are_never_both_proved(
        policies in policies(),
        request in request(),
        open_world in any::<bool>(),
    ) {
        let ask = |text: &str| {
            let query = ClaimQuery {
                policies: policies.clone(),
                claim: Claim::parse(text).unwrap(),
                setting: setting(&request),
                paths: CallPaths::default(),
                open_world, is_whole: false,
            };
            query.answer().unwrap().verdict
        };
        for (claim, negation) in [
            ("never allow s3:GetObject", "always allow s3:GetObject"),
            ("never explicit deny s3:*", "always explicit deny s3:*"),
        ] {
            prop_assert!(
                (ask(claim), ask(negation)) != (ClaimVerdict::Proved, ClaimVerdict::Proved),
                "{claim} and {negation}"
            );
        }
        // There is one or there is none.
        let never = ask("never allow s3:GetObject");
        let some = ask("some allow s3:GetObject");
        if never != ClaimVerdict::Depends && some != ClaimVerdict::Depends {
            prop_assert!(never != some, "{never:?} {some:?}");
        }
    }

    #[test]
    fn a_comparison_differs_just_where_requests_do(
        before in policies(),
        after in policies(),
        requests in prop::collection::vec(request(), 12),
    ) {
        let setting = setting(&requests[0]);
        let compare = |before: &PolicySet, after: &PolicySet| {
            ComparisonQuery {
                before: before.clone(),
                after: after.clone(),
                setting: setting.clone(),
                open_world: false,
                is_whole: false,
            }
            .answer()
            .unwrap()
        };
        let allowing = |policies: &PolicySet| with_grants(policies, &[Grant::Identity]);
        prop_assert!(compare(&before, &before).is_same());
        let there = compare(&before, &after);
        let back = compare(&after, &before);
        prop_assert_eq!(there.is_same(), back.is_same());
        for row in &there.rows {
            let Some(request) = &row.row.witness else { continue };
            let of = |policies: &PolicySet| {
                if row.only_if_allowed { allowing(policies) } else { policies.clone() }
            };
            prop_assert_eq!(verdict(&of(&before), request), Some(row.before));
            prop_assert_eq!(verdict(&of(&after), request), Some(row.after));
        }
        if there.is_same() {
            for request in &requests {
                let request = Request { requester: requests[0].requester.clone(), ..request.clone() };
                let Some(request) = fits(&request) else { continue };
                if !is_outside(&[&before, &after], &request) {
                    prop_assert_eq!(verdict(&before, &request), verdict(&after, &request));
                    // Whatever the callers' own policies allow, where these were not given.
                    if there.callers_own {
                        let verdicts = [&before, &after].map(|policies| verdict(&allowing(policies), &request));
                        prop_assert_eq!(verdicts[0], verdicts[1]);
                    }
                }
            }
        }
    }
}

/// Whether a request cannot be in the setting: a key of it that AWS types, or ties to the caller, says
/// something else.
pub(super) fn is_outside(policies: &[&PolicySet], request: &Request) -> bool {
    let keys: Vec<ConditionKey> = policies.iter().flat_map(|policies| policies.keys()).collect();
    let fixed = iamsure_core::world::principal_keys::derived_keys(request);
    let contradicts = |context: &Context| {
        fixed.iter().any(|(key, known)| {
            *known != KeyState::Unknown && keys.contains(key) && context.state(key) != known
        })
    };
    contradicts(&request.context)
        || keys.iter().any(|key| {
            let known = iamsure_truth::background::knowledge::knowledge(
                key,
                Some(&request.requester.principal),
            );
            let state = request.context.state(key);
            let shape = known.nature;
            if !iamsure_testkit::sampling::fits(state, &known)
                && matches!(known.domain, Domain::Identity(_) | Domain::NoneOf(_))
            {
                return true;
            }
            let is_absent = *state == KeyState::Absent;
            (is_absent && !shape.may_be_absent)
                || (!is_absent && !shape.may_be_present)
                || (shape.arity == Some(iamsure_truth::class::state::Arity::One)
                    && matches!(state, KeyState::Multi(_)))
                || (shape.arity == Some(iamsure_truth::class::state::Arity::Many)
                    && matches!(state, KeyState::Single(_)))
                || !is_typed(key, state)
        })
}

/// Whether the values of a key are of the type that AWS documents for it.
fn is_typed(key: &ConditionKey, state: &KeyState) -> bool {
    use iamsure_reference::ValueType;
    let texts: Vec<&String> = match state {
        KeyState::Single(text) => vec![text],
        KeyState::Multi(texts) => texts.iter().collect(),
        KeyState::Absent | KeyState::Unknown => Vec::new(),
    };
    let Some(known) = iamsure_reference::condition_key(key.as_str()).known() else { return true };
    texts.iter().all(|text| match known.value_type {
        ValueType::Bool => ["true", "false"].iter().any(|value| text.eq_ignore_ascii_case(value)),
        ValueType::Numeric | ValueType::Date | ValueType::IpAddress => false,
        ValueType::String | ValueType::Arn | ValueType::Binary => true,
    })
}
