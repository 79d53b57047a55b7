//! The matrix: what a cell says of all members of a wildcard is what the evaluator decides for each.

use std::collections::BTreeSet;

use iamsure_core::decision::{Outcome as CoreOutcome, Truth, Verdict, evaluate};
use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{CallPath, PolicySet, Request, Switches};
use iamsure_testkit::strategy::world::{policy_set, request, switches};
use iamsure_truth::matrix::{Deciding, Divided, Matrix, MatrixQuery, Wildcard, questions};
use iamsure_truth::model::Outcome;
use iamsure_truth::open_world::with_callers_own;
use iamsure_truth::sample::Who;
use proptest::prelude::*;

use super::{cases, stand_alone};

fn matrix(
    policies: &PolicySet,
    request: &Request,
    switches: &Switches,
    path: &CallPath,
    actions: &[ActionPattern],
) -> Matrix {
    Matrix::decide(query(policies, request, switches, path, actions))
}

fn query(
    policies: &PolicySet,
    request: &Request,
    switches: &Switches,
    path: &CallPath,
    actions: &[ActionPattern],
) -> MatrixQuery {
    let asked = questions(policies, actions, &[]);
    MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: true,
        who: Who::Named(request.requester.clone()),
        questions: Vec::new(),
        wildcards: asked.wildcards,
        paths: vec![path.clone()],
        context: request.context.clone(),
        resource_account: request.resource_account.clone(),
        switches: *switches,
        known_later: false,
        is_whole: true,
    }
}

/// The request with another action and resource, as each world of the path has it.
fn worlds(request: &Request, path: &CallPath, action: &ActionName, resource: &str) -> Vec<Request> {
    let world = |world: &iamsure_core::world::call_path::World| {
        let mut context = request.context.clone();
        world.apply(&mut context);
        let mut found = Request::new(request.requester.clone(), action.clone(), resource, context);
        found.resource_account.clone_from(&request.resource_account);
        for (key, state) in derived_keys(&found) {
            if !found.context.is_set(&key) {
                found.context.set(key, state);
            }
        }
        found
    };
    path.worlds().iter().map(world).collect()
}

/// Checks one cell against every member.
fn check(
    (wildcard, cell): (&Wildcard, &Divided),
    policies: &PolicySet,
    request: &Request,
    switches: &Switches,
    path: &CallPath,
) -> Result<(), TestCaseError> {
    let Ok(cell) = cell else { return Err(TestCaseError::fail("a small policy is not decided")) };
    let nothing = Deciding::default();
    let deciding = cell.deciding.clone().unwrap_or_default();
    let resources = ["*", request.resource.as_str(), "arn:aws:s3:::a", "arn:aws:s3:::a/b"];
    for member in iamsure_reference::actions() {
        let action = ActionName::parse(member.name()).unwrap();
        // Of the many that nobody writes policies about, some.
        let is_usual = ["s3", "sts", "kms", "ec2"].contains(&action.prefix());
        if !wildcard.holds(&action) || !is_usual && member.index() % 40 != 0 {
            continue;
        }
        for resource in resources {
            for world in worlds(request, path, &action, resource) {
                let found = evaluate(policies, &world, switches);
                let CoreOutcome::Decided(decision) = &found.outcome else { continue };
                prop_assert!(
                    cell.verdicts.contains(&decision.verdict),
                    "{} on {}: {:?}, not {:?}",
                    action,
                    resource,
                    decision,
                    cell.verdicts
                );
                let of_verdict = deciding.get(&decision.verdict).unwrap_or(&nothing);
                for (id, _, matched) in &found.statements {
                    prop_assert!(!of_verdict.always.contains(id) || matched.truth() == Truth::True);
                }
                for id in decision.statements.iter().filter(|_| cell.deciding.is_some()) {
                    prop_assert!(
                        of_verdict.always.contains(id) || of_verdict.sometimes.contains(id),
                        "{id:?} decides {} on {}: {:?} {:?} {:?}",
                        action,
                        resource,
                        decision,
                        of_verdict,
                        policies
                            .statements()
                            .map(|(id, d, _)| (id, d.source.text().to_owned()))
                            .collect::<Vec<_>>()
                    );
                }
            }
        }
    }
    // Every class has a request of a member that is decided so.
    for row in cell.classes.rows() {
        let Some(witness) = &row.witness else { continue };
        prop_assert!(wildcard.holds(&witness.action));
        // A policy that stands in for one that was not given decides here as well.
        if cell.silent.is_none()
            && let CoreOutcome::Decided(decision) = evaluate(policies, witness, switches).outcome
        {
            prop_assert_eq!(row.outcomes.one(), Some(Outcome::Verdict(decision.verdict)));
        }
    }
    let said = cell.classes.rows().filter_map(|row| match row.outcomes.one() {
        Some(Outcome::Verdict(verdict)) => Some(verdict),
        _ => None,
    });
    let said: Vec<Verdict> = said.chain([cell.classes.otherwise]).collect();
    prop_assert!(
        cell.silent.is_some() || cell.verdicts.iter().all(|verdict| said.contains(verdict))
    );
    Ok(())
}

proptest! {
    #![proptest_config(cases(400))]

    /// What the callers' own policies make of a call is in its row, and nothing else is.
    #[test]
    fn a_row_of_a_resource_is_open_for_its_callers(
        policies in policy_set(),
        request in request(),
        switches in switches(),
    ) {
        prop_assume!(policies.resource.is_some());
        let policies = PolicySet { identity: Vec::new(), ..policies };
        let path = CallPath::named("direct", &switches).unwrap();
        let action = [ActionPattern::new(request.action.as_str())];
        let rows = questions(&policies, &action, std::slice::from_ref(&request.resource)).rows;
        let whole = query(&policies, &request, &switches, &path, &[]);
        let allowing = MatrixQuery { policies: with_callers_own(&policies), ..whole.clone() };
        let open = MatrixQuery { is_whole: false, ..whole.clone() };
        for row in rows {
            let of = |query: &MatrixQuery| query.cell(&path, &row).verdicts();
            let expected: BTreeSet<Verdict> =
                of(&whole).into_iter().chain(of(&allowing)).collect();
            let found: BTreeSet<Verdict> = of(&open).into_iter().collect();
            prop_assert_eq!(found, expected);
            for case in &open.cell(&path, &row).cases {
                let policies = open.deciding(&path, case);
                if let CoreOutcome::Decided(decision) = evaluate(&policies, &case.witness, &switches).outcome {
                    prop_assert_eq!(decision.verdict, case.decision.verdict, "{:?}", case);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_cell_of_a_wildcard_holds_for_every_member(
        policies in policy_set(),
        request in request(),
        switches in switches(),
        path in prop_oneof![Just("direct"), Just("mcp:aws-mcp")],
    ) {
        prop_assume!(stand_alone(&policies));
        let path = CallPath::named(path, &switches).unwrap();
        let patterns = ["s3:*", "sts:*", "ec2:Run*"].map(ActionPattern::new);
        let asked = matrix(&policies, &request, &switches, &path, &patterns);
        let named = matrix(&policies, &request, &switches, &path, &[]);
        for matrix in [asked, named] {
            prop_assert_eq!(matrix.wildcards.len(), matrix.wildcard_cells.len());
            for (wildcard, cells) in matrix.wildcards.iter().zip(&matrix.wildcard_cells) {
                for cell in cells {
                    check((wildcard, cell), &policies, &request, &switches, &path)?;
                }
            }
        }
    }
}
