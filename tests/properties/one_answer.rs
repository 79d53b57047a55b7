//! One question, one answer: what is asked of one fully stated request is answered alike by everything that can be
//! asked. And every request that is shown can be replayed.

use std::collections::BTreeSet;

use iamsure_core::decision::{Verdict, evaluate};
use iamsure_core::language::ActionPattern;
use iamsure_core::world::{CallPath, CallPaths, PolicySet, Request, Requester, Switches};
use iamsure_testkit::strategy::world::{context, member, policy_set, request_of};
use iamsure_truth::ask::{Answer, Known, NotGiven, Worlds, inquire};
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::comparison::ComparisonQuery;
use iamsure_truth::matrix::{MatrixQuery, Question};
use iamsure_truth::model::{Outcome, Question as Asked};
use iamsure_truth::open_world::with_callers_own;
use iamsure_truth::sample::Who;
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, Reach, TableQuery};
use iamsure_truth::unanswered::Unanswered;
use proptest::prelude::*;

use super::cases;

/// A request of which everything is stated that every view can be told.
fn stated() -> impl Strategy<Value = Request> {
    request_of(member(), context()).prop_map(|request| Request {
        resource_in_management_account: false,
        requester: Requester::from(request.requester.principal.clone()),
        ..request
    })
}

/// A policy set; now and then of layers that only limit, as they are reviewed.
fn policies() -> impl Strategy<Value = PolicySet> {
    let limits = policy_set().prop_map(|policies| PolicySet {
        identity: Vec::new(),
        resource: None,
        trust: None,
        ..policies
    });
    prop_oneof![3 => policy_set(), 1 => limits]
}

/// As `iamsure simulate` asks.
fn simulated(policies: &PolicySet, request: &Request) -> Answer {
    let who = Who::Named(request.requester.clone());
    let worlds = Worlds::of(request.clone(), &who, None, Known::Derived { resource: true });
    inquire(policies, &worlds, &Switches::default(), NotGiven::Unknown, false).answer
}

/// As a cell of `iamsure matrix`, and a case of a suite, ask.
fn cell(policies: &PolicySet, request: &Request) -> Answer {
    let query = MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: true,
        who: Who::Named(request.requester.clone()),
        questions: Vec::new(),
        wildcards: Vec::new(),
        paths: Vec::new(),
        context: request.context.clone(),
        resource_account: request.resource_account.clone(),
        switches: Switches::default(),
        known_later: false,
        is_whole: true,
    };
    let question = Question {
        action: request.action.clone(),
        resource: request.resource.clone(),
        stands_for: None,
        resource_matters: true,
        resources_left_out: 0,
    };
    query.cell(&CallPath::any(), &question)
}

/// The same request as a question about all requests.
fn setting(request: &Request) -> Setting {
    Setting {
        who: Who::Named(request.requester.clone()),
        context: request.context.clone(),
        actions: vec![ActionPattern::new(request.action.as_str())],
        resources: vec![request.resource.clone()],
        resource_account: request.resource_account.clone(),
        ..Setting::default()
    }
}

/// As `iamsure table` asks: every verdict of a row that may occur.
fn tabled(policies: &PolicySet, request: &Request, is_whole: bool) -> Option<BTreeSet<Verdict>> {
    let query = TableQuery {
        policies: policies.clone(),
        question: Asked::Decision,
        setting: setting(request),
        form: Form::default(),
        is_whole,
    };
    let table = match query.answer() {
        Ok(report) => report.table,
        Err(Unanswered::TooComplex(_)) => return None,
        Err(error) => panic!("{error}"),
    };
    let rows = table.rows.iter().filter(|row| !matches!(row.reach, Reach::Unreachable(_)));
    let mut verdicts: BTreeSet<Verdict> = rows
        .flat_map(|row| row.outcomes.iter())
        .filter_map(|outcome| match outcome {
            Outcome::Verdict(verdict) => Some(verdict),
            Outcome::Applies | Outcome::DoesNotApply => None,
        })
        .collect();
    if verdicts.is_empty() {
        verdicts.insert(Verdict::ImplicitlyDenied);
    }
    Some(verdicts)
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn every_view_gives_the_answer_of_simulate(policies in policies(), request in stated()) {
        let answer = simulated(&policies, &request);
        let cell = cell(&policies, &request);
        prop_assert_eq!(&answer.cases, &cell.cases);
        prop_assert_eq!(&answer.left_open, &cell.left_open);
        let verdicts = answer.verdicts();
        prop_assume!(request.resource == "*" || request.resource.starts_with("arn:"));
        if let Some(tabled) = tabled(&policies, &request, true) {
            prop_assert_eq!(&tabled, &verdicts, "{:?}", answer);
        }
        let claim = format!("never allow {} on \"{}\"", request.action, request.resource);
        let Ok(claim) = Claim::parse(&claim) else { return Ok(()) };
        let query = ClaimQuery {
            policies,
            claim,
            setting: setting(&request),
            paths: CallPaths::default(),
            open_world: false, is_whole: false,
        };
        match query.proof().map(|proof| proof.verdict) {
            Ok(ClaimVerdict::Proved) => prop_assert!(!verdicts.contains(&Verdict::Allowed)),
            Ok(ClaimVerdict::Refuted) => prop_assert_eq!(verdicts, BTreeSet::from([Verdict::Allowed])),
            Ok(ClaimVerdict::Depends) | Err(Unanswered::Claim(_) | Unanswered::TooComplex(_)) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    /// Of a policy of a resource or role alone, a table has every decision that the callers' own policies can lead to, and
    /// no other.
    #[test]
    fn a_table_of_a_half_is_open_for_the_other(policies in policy_set(), request in stated()) {
        let half = PolicySet { identity: Vec::new(), ..policies };
        prop_assume!(half.resource.is_some() || half.trust.is_some());
        prop_assume!(request.resource == "*" || request.resource.starts_with("arn:"));
        let mut verdicts = simulated(&half, &request).verdicts();
        verdicts.extend(simulated(&with_callers_own(&half), &request).verdicts());
        if let Some(tabled) = tabled(&half, &request, false) {
            prop_assert_eq!(tabled, verdicts);
        }
    }

    /// The request of a refutation, asked alone with nothing but what is shown of it, is decided as it is shown.
    #[test]
    fn what_refutes_a_claim_replays(policies in policies(), claim in claim()) {
        let query = ClaimQuery {
            policies,
            claim: Claim::parse(claim).unwrap(),
            setting: Setting::default(),
            paths: CallPaths::default(),
            open_world: false, is_whole: false,
        };
        let Ok(proof) = query.proof() else { return Ok(()) };
        let Some(example) = proof.example.filter(|_| proof.verdict == ClaimVerdict::Refuted) else {
            return Ok(());
        };
        // As the command that `--emit simulate` prints: the caller is named, its keys follow from it.
        let answer = simulated(&query.policies, &example.request);
        prop_assert_eq!(answer.verdict(), Some(example.decision.verdict), "{:?}", example);
        prop_assert_eq!(contradiction(&example.request), None);
    }

    #[test]
    fn what_shows_a_difference_replays(before in policies(), after in policies()) {
        let query = ComparisonQuery { before, after, setting: Setting::default(), open_world: false, is_whole: true };
        let Ok(comparison) = query.answer() else { return Ok(()) };
        for row in comparison.rows.iter().filter(|row| !row.only_if_delegated) {
            let Some(request) = &row.row.witness else { continue };
            // An ARN that AWS publishes no form of is no key, though a pattern of keys may match it.
            let known = iamsure_reference::action(request.action.as_str()).known();
            let fits = |kind: iamsure_reference::ResourceType| kind.fits(&request.resource);
            if known.is_some_and(|known| !known.resource_types().any(fits)) {
                continue;
            }
            let decided = |policies: &PolicySet| simulated(policies, request).verdicts();
            prop_assert!(decided(&query.before).contains(&row.before), "{:?}", row);
            prop_assert!(decided(&query.after).contains(&row.after), "{:?}", row);
        }
    }

    #[test]
    fn what_shows_a_row_replays(policies in policies()) {
        let query = TableQuery {
            policies,
            question: Asked::Decision,
            setting: Setting::default(),
            form: Form::default(),
            is_whole: false,
        };
        let Ok(report) = query.answer() else { return Ok(()) };
        for row in &report.table.rows {
            let (Some(request), Some(decision)) = (&row.witness, &row.decision) else { continue };
            let found = evaluate(&report.grounds.policies, request, &Switches::default());
            let found = found.outcome.decided().cloned().unwrap();
            prop_assert_eq!(found.verdict, decision.verdict);
        }
    }
}

/// Claims that random policies break.
fn claim() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "never allow *",
        "never allow s3:*",
        "never allow s3:GetObject unless aws:ViaAWSMCPService is true",
        "never allow * when aws:SourceIp is absent",
        "never allow sts:AssumeRole",
        "never allow kms:Decrypt",
    ])
}

/// A key of a request that is not what it is for the caller.
fn contradiction(request: &Request) -> Option<String> {
    use iamsure_core::world::KeyState;
    use iamsure_core::world::principal_keys::principal_keys;
    principal_keys(&request.requester.principal).into_iter().find_map(|(key, state)| {
        let held = request.context.state(&key);
        let differs = request.context.is_set(&key)
            && state != KeyState::Unknown
            && *held != KeyState::Unknown
            && *held != state;
        differs.then(|| format!("{key}: {held:?}, not {state:?}"))
    })
}

proptest! {
    #![proptest_config(cases(300))]

    /// A table has a row of requests that AWS can be asked and that are allowed, if and only if a proof finds one.
    #[test]
    fn what_a_table_allows_a_proof_finds(policies in policies(), request in stated()) {
        let all = Setting { resources: Vec::new(), ..setting(&request) };
        let query = TableQuery {
            policies: policies.clone(),
            question: Asked::Decision,
            setting: all.clone(),
            form: Form::default(),
            is_whole: false,
        };
        let Ok(report) = query.answer() else { return Ok(()) };
        let allows = |outcome| outcome == Outcome::Verdict(Verdict::Allowed);
        let mut rows = report.table.rows.iter();
        let certain = rows.any(|row| {
            row.reach == Reach::Reachable && row.outcomes.iter().all(allows) && row.witness.is_some()
        });
        let Ok(claim) = Claim::parse(&format!("never allow {}", request.action)) else { return Ok(()) };
        let paths = CallPaths::default();
        let query = ClaimQuery { policies, claim, setting: all, paths, open_world: false, is_whole: false};
        match query.proof().map(|proof| proof.verdict) {
            Ok(ClaimVerdict::Refuted) => prop_assert!(certain, "{:?}", report.table.rows),
            Ok(verdict) => prop_assert!(!certain, "{:?} {:?}", verdict, report.table.rows),
            Err(Unanswered::Claim(_) | Unanswered::TooComplex(_)) => {}
            Err(error) => prop_assert!(false, "{}", error),
        }
    }
}
