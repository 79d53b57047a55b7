//! Tables: what their rows say is what the diagram says, and what changes no meaning changes no row.

use iamsure_core::decision::{Outcome as CoreOutcome, Verdict, evaluate};
use iamsure_core::language::document::Effect;
use iamsure_core::language::{ActionPattern, ConditionKey, PolicyType};
use iamsure_core::world::{Context, PolicySet, Principal, Request, Requester, Switches};
use iamsure_testkit::strategy::document::{policy, policy_text};
use iamsure_testkit::strategy::world::{policy_set, request, switches};
use iamsure_truth::budget::Budget;
use iamsure_truth::class::requester::Caller;
use iamsure_truth::class::state::{Arity, Nature};
use iamsure_truth::class::value::Domain;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::model::{
    Knowledge, Model, Outcome, Outcomes, Place, Question, ResourceKind, ResourceRange, Scope,
    Subject, View,
};
use iamsure_truth::table::{Column, Form, HitPolicy, Table};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{cases, documents, read};

/// What a property asks of policies: a caller, and the actions that they name most.
struct Asked {
    caller: [Caller; 1],
    template: Request,
    actions: Vec<ActionPattern>,
    open: [Context; 1],
}

fn nothing_known(_: &ConditionKey, _: &Caller) -> Knowledge {
    Knowledge {
        nature: Nature { arity: Some(Arity::Either), may_be_absent: true, may_be_present: true },
        domain: Domain::Text,
        hints: Vec::new(),
    }
}

impl Asked {
    fn new(request: &Request) -> Self {
        Self {
            caller: [Caller::new("caller", request.requester.clone())],
            template: request.clone(),
            actions: ["s3:*", "sts:*", "kms:*", "ec2:RunInstances"]
                .map(ActionPattern::new)
                .to_vec(),
            open: [Context::open()],
        }
    }

    fn model(&self, views: &[View<'_>]) -> Model {
        let scope = Scope {
            callers: &self.caller,
            template: &self.template,
            worlds: &self.open,
            actions: &self.actions,
            resources: ResourceRange::Every(ResourceKind::Any),
            knowledge: &nothing_known,
            budget: Budget::default(),
        };
        Model::build(views, scope).unwrap()
    }
}

fn alice() -> Request {
    let requester = Requester::from(Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
    });
    let action = iamsure_core::language::ActionName::parse("s3:GetObject").unwrap();
    Request::new(requester, action, "*", Context::closed())
}

fn decision<'a>(policies: &'a PolicySet, switches: &'a Switches) -> View<'a> {
    View { policies, switches, question: Question::Decision }
}

/// Every possible combination of a model, or an even choice of `most` in each cell.
fn places(model: &Model, most: usize) -> Vec<Place> {
    let mut places = Vec::new();
    for cell in &model.cells {
        let residual = &model.residuals[cell.residual];
        let arities: Vec<usize> =
            residual.subjects.iter().map(|subject| subject.classes.len()).collect();
        let total = arities.iter().fold(1_usize, |total, arity| total.saturating_mul(*arity));
        for number in (0..total).step_by(total.div_ceil(most).max(1)) {
            let mut left = number;
            let mut classes = Vec::with_capacity(arities.len());
            for arity in &arities {
                classes.push(left % arity);
                left /= arity;
            }
            if residual.diagram.value(residual.possible, &classes) == TRUE {
                places.push(Place { cell: *cell, classes });
            }
        }
    }
    places
}

/// A table of up to this many rows.
fn table(model: &Model, view: (usize, View<'_>), hit: HitPolicy, apart: bool) -> Option<Table> {
    let form = Form { hit: Some(hit), apart: Some(apart), keys: None };
    match Table::of(model, view.0, view.1, &form, 3_000) {
        Ok(table) => Some(table),
        // Disjoint rows of a random set of policies may be very many.
        Err(iamsure_truth::unanswered::Unanswered::TooComplex(_)) => None,
        Err(error) => panic!("{error}: {error:?}"),
    }
}

const HITS: [(HitPolicy, bool); 4] = [
    (HitPolicy::Unique, false),
    (HitPolicy::Unique, true),
    (HitPolicy::Any, false),
    (HitPolicy::Priority, false),
];

/// How much access an outcome gives: an explicit denial least.
fn access(outcomes: Outcomes) -> Option<u8> {
    match outcomes.one()? {
        Outcome::Verdict(Verdict::ExplicitlyDenied) => Some(0),
        Outcome::Verdict(Verdict::ImplicitlyDenied) => Some(1),
        Outcome::Verdict(Verdict::Allowed) => Some(2),
        _ => None,
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn every_table_says_what_the_diagram_says(
        policies in policy_set(),
        switches in switches(),
        request in request(),
    ) {
        let asked = Asked::new(&request);
        let view = decision(&policies, &switches);
        let model = asked.model(&[view]);
        for (hit, apart) in HITS {
            let Some(table) = table(&model, (0, view), hit, apart) else { continue };
            for place in places(&model, 60) {
                let expected = model.outcomes(&place, 0);
                prop_assert_eq!(table.outcomes(&place), expected, "{:?} {}: {:?}", hit, apart, place);
            }
        }
    }

    #[test]
    fn the_example_of_every_row_is_decided_as_the_row_says(
        policies in policy_set(),
        switches in switches(),
        request in request(),
    ) {
        let asked = Asked::new(&request);
        let view = decision(&policies, &switches);
        // The second of two views: each has its own rows and examples.
        let nothing = PolicySet::default();
        let model = asked.model(&[decision(&nothing, &switches), view]);
        for (hit, apart) in HITS {
            let Some(table) = table(&model, (1, view), hit, apart) else { continue };
            for row in &table.rows {
                let Some(witness) = &row.witness else { continue };
                let CoreOutcome::Decided(decided) = evaluate(&policies, witness, &switches).outcome else {
                    return Err(TestCaseError::fail("the example leaves something unknown"));
                };
                prop_assert_eq!(Some(Outcome::Verdict(decided.verdict)), row.outcomes.one());
                let place = model.locate(0, witness).unwrap();
                // Sets of different elements may be answered alike; apart, each has a row.
                prop_assert!(apart || row.holds(&place), "the example is of another row: {:?}", witness);
            }
        }
    }

    #[test]
    fn two_views_differ_where_some_combination_does(
        one in policy_set(),
        two in policy_set(),
        is_same in any::<bool>(),
        switches in switches(),
        request in request(),
    ) {
        let two = if is_same { one.clone() } else { two };
        let asked = Asked::new(&request);
        let model = asked.model(&[decision(&one, &switches), decision(&two, &switches)]);
        let all = places(&model, 20_000);
        let total: usize = model.cells.iter().map(|cell| {
            let subjects = &model.residuals[cell.residual].subjects;
            subjects.iter().fold(1_usize, |total, subject| total.saturating_mul(subject.classes.len()))
        }).max().unwrap_or(0);
        let differs = all.iter().any(|place| model.outcomes(place, 0) != model.outcomes(place, 1));
        prop_assert!(!differs || model.differs());
        // Only where every combination was looked at is there none.
        if total <= 20_000 {
            prop_assert_eq!(differs, model.differs());
        }
        prop_assert!(!is_same || !model.differs());
    }

    #[test]
    fn one_more_statement_changes_access_in_its_own_direction(
        policies in policy_set(),
        more in policy(PolicyType::Identity),
        switches in switches(),
        request in request(),
        effect in prop_oneof![Just(Effect::Allow), Just(Effect::Deny)],
    ) {
        let mut more = more;
        more.statements.to_mut().retain(|statement| *statement.effect == effect);
        prop_assume!(!more.statements.is_empty());
        let mut wider = policies.clone();
        wider.identity.push(more);
        let asked = Asked::new(&request);
        let model = asked.model(&[decision(&policies, &switches), decision(&wider, &switches)]);
        for place in places(&model, 60) {
            let (Some(before), Some(after)) = (model.outcomes(&place, 0), model.outcomes(&place, 1)) else {
                return Err(TestCaseError::fail("no outcome"));
            };
            // Exempt stays exempt.
            let (Some(before), Some(after)) = (access(before), access(after)) else {
                prop_assert_eq!(before, after);
                continue;
            };
            match effect {
                Effect::Allow => prop_assert!(before <= after),
                Effect::Deny => prop_assert!(after <= before),
            }
        }
    }

    #[test]
    fn leaving_out_keys_leaves_every_outcome_they_lead_to(
        policies in policy_set(),
        request in request(),
        chosen in any::<Index>(),
    ) {
        let switches = Switches::default();
        let asked = Asked::new(&request);
        let view = decision(&policies, &switches);
        let model = asked.model(&[view]);
        let keys: Vec<ConditionKey> = model
            .residuals
            .iter()
            .flat_map(|residual| &residual.subjects)
            .filter_map(|subject| match &subject.subject {
                Subject::Key(key) => Some(key.clone()),
                _ => None,
            })
            .collect();
        prop_assume!(!keys.is_empty());
        let shown = vec![chosen.get(&keys).clone()];
        let is_shown = |subject: &Subject| match subject {
            Subject::Key(key) => shown.contains(key),
            Subject::Relation(iamsure_truth::relation::Relation::Value { key, .. }) => shown.contains(key),
            Subject::Relation(iamsure_truth::relation::Relation::Elements(clause)) => {
                shown.contains(&clause.key)
            }
            _ => true,
        };
        for hit in [HitPolicy::Unique, HitPolicy::Any, HitPolicy::Priority] {
            let form = Form { hit: Some(hit), apart: Some(false), keys: Some(shown.clone()) };
            let Ok(table) = Table::of(&model, 0, view, &form, 3_000) else { continue };
            for cell in &model.cells {
                let residual = &model.residuals[cell.residual];
                let total = residual
                    .subjects
                    .iter()
                    .fold(1_usize, |total, subject| total.saturating_mul(subject.classes.len()));
                if total > 400 {
                    continue;
                }
                let own: Vec<Place> = places(&model, 400).into_iter().filter(|place| place.cell == *cell).collect();
                for place in &own {
                    // What the places say that look the same in what is shown.
                    let same = |other: &&Place| {
                        residual.subjects.iter().enumerate().all(|(at, subject)| {
                            !is_shown(&subject.subject) || place.classes[at] == other.classes[at]
                        })
                    };
                    let all = own.iter().filter(same).filter_map(|other| model.outcomes(other, 0));
                    let expected = all.fold(0, |all, outcomes| all | outcomes.0);
                    prop_assert_eq!(table.outcomes(place), Some(Outcomes(expected)), "{:?}", hit);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn what_is_decided_does_not_hang_on_the_order_of_anything(
        policies in policy_set(),
        request in request(),
        turn in 1..4_usize,
    ) {
        let switches = Switches::default();
        let mut turned = policies.clone();
        turned.identity.reverse();
        turned.session.reverse();
        turned.scp.iter_mut().for_each(|level| level.reverse());
        turned.rcp.iter_mut().for_each(|level| level.reverse());
        for document in documents(&mut turned) {
            document.statements.to_mut().reverse();
            for statement in document.statements.to_mut() {
                let statement = &mut statement.value;
                statement.condition.clauses.reverse();
                for clause in &mut statement.condition.clauses {
                    let values = &mut clause.value.values;
                    let by = turn.min(values.len());
                    values.rotate_left(by);
                }
                if let Some(element) = &mut statement.action {
                    element.value.entries.reverse();
                }
                if let Some(element) = &mut statement.resource {
                    element.value.entries.reverse();
                }
            }
        }
        let asked = Asked::new(&request);
        let (one, two) = (decision(&policies, &switches), decision(&turned, &switches));
        prop_assert!(!asked.model(&[one, two]).differs());
        // Nor does what is printed.
        let printed = |view, hit, apart| {
            let table = table(&asked.model(&[view]), (0, view), hit, apart)?;
            let row = |row: &iamsure_truth::table::Row| {
                (row.cells.clone(), row.outcomes, row.reach.clone(), row.witness.clone())
            };
            let headings: Vec<_> = table.columns.iter().map(Column::heading).collect();
            Some((headings, table.rows.iter().map(row).collect::<Vec<_>>()))
        };
        for (hit, apart) in HITS {
            prop_assert_eq!(printed(one, hit, apart), printed(two, hit, apart), "{:?}", hit);
        }
    }

    #[test]
    fn no_two_columns_have_one_heading(policies in policy_set(), request in request()) {
        let switches = Switches::default();
        let asked = Asked::new(&request);
        let view = decision(&policies, &switches);
        let Some(table) = table(&asked.model(&[view]), (0, view), HitPolicy::Priority, false) else {
            return Ok(());
        };
        let mut headings: Vec<_> = table.columns.iter().map(Column::heading).collect();
        headings.sort_unstable();
        headings.dedup();
        prop_assert_eq!(headings.len(), table.columns.len());
    }

    #[test]
    fn a_policy_written_otherwise_decides_the_same(
        text in policy_text(PolicyType::Identity),
    ) {
        let document = iamsure_core::language::PolicyDocument::read(
            &iamsure_core::language::Source::new("p", text.clone()),
            PolicyType::Identity,
            iamsure_core::language::Profile::Strict,
        );
        prop_assume!(document.is_ok());
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let again = read(PolicyType::Identity, &serde_json::to_string_pretty(&value).unwrap());
        let one = PolicySet { identity: vec![document.unwrap()], ..PolicySet::default() };
        let two = PolicySet { identity: vec![again], ..PolicySet::default() };
        let switches = Switches::default();
        let asked = Asked::new(&alice());
        let views = [decision(&one, &switches), decision(&two, &switches)];
        prop_assert!(!asked.model(&views).differs());
    }
}
