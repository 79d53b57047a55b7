//! Policies of one and two statements over two actions, two resources and one key, with every operator:
//! the model and its tables against the evaluator, over every request there is.
//!
//! A third action, a third resource, other values and every kind of set stand for all that the
//! policies do not name.

use iamsure_core::decision::{Outcome as CoreOutcome, evaluate};
use iamsure_core::language::condition::Family;
use iamsure_core::language::{
    ActionName, ActionPattern, ConditionKey, Operator, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Request, Requester, Switches};
use iamsure_truth::budget::Budget;
use iamsure_truth::class::requester::Caller;
use iamsure_truth::class::state::{Arity, Nature};
use iamsure_truth::class::value::Domain;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::model::{
    Knowledge, Model, Outcome, Question, ResourceKind, ResourceRange, Scope, View,
};
use iamsure_truth::table::{Form, HitPolicy, Table};
use serde_json::{Value, json};

const KEY: &str = "x:k";
const ACTIONS: [&str; 3] = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"];
const RESOURCES: [&str; 3] = [
    "arn:aws:sqs:us-east-1:111122223333:one",
    "arn:aws:sqs:us-east-1:111122223333:two",
    "arn:aws:sqs:us-east-1:111122223333:three",
];

/// The first, the second or both of two names.
const CHOICES: [&[usize]; 3] = [&[0], &[1], &[0, 1]];

/// Two values that a policy compares with, then what a request holds beside them.
const fn texts(family: Family) -> [&'static str; 4] {
    match family {
        Family::String => ["a", "b*", "bc", "x"],
        Family::Numeric => ["1", "3", "2", "x"],
        Family::Date => {
            ["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z", "x"]
        }
        Family::Bool | Family::Null => ["true", "false", "TRUE", "x"],
        Family::Binary => ["QQ==", "Qg==", "Qw==", "x"],
        Family::IpAddress => ["203.0.113.0/24", "203.0.113.7", "203.0.113.8", "x"],
        Family::Arn => [
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::111122223333:role/b",
            "x",
        ],
    }
}

/// Every state of a key that a clause of `families` is about.
fn states(families: &[Family]) -> Vec<KeyState> {
    let mut states = vec![
        KeyState::Absent,
        KeyState::single(""),
        KeyState::Multi(Vec::new()),
        KeyState::Multi(vec![String::new()]),
    ];
    for family in families {
        let [one, two, three, other] = texts(*family).map(str::to_owned);
        states.extend([&one, &two, &three, &other].map(|text| KeyState::Single(text.clone())));
        for set in
            [vec![&one], vec![&other], vec![&one, &three], vec![&one, &other], vec![&three, &other]]
        {
            states.push(KeyState::Multi(set.into_iter().cloned().collect()));
        }
        states.push(KeyState::Multi(vec![String::new(), one]));
    }
    states.sort();
    states.dedup();
    states
}

/// Every form of a table, and whether its classes are kept apart.
const FORMS: [(HitPolicy, bool); 4] = [
    (HitPolicy::Unique, false),
    (HitPolicy::Unique, true),
    (HitPolicy::Any, false),
    (HitPolicy::Priority, false),
];

/// A condition of one operator, with one value or two; or none.
#[derive(Clone, Copy, Debug)]
struct Asked {
    operator: Operator,
    values: usize,
}

/// One statement.
#[derive(Clone, Copy, Debug)]
struct Line {
    effect: &'static str,
    actions: &'static [usize],
    resources: &'static [usize],
    asked: Option<Asked>,
}

impl Line {
    fn json(&self) -> Value {
        let named = |names: &[&str], chosen: &[usize]| -> Vec<String> {
            chosen.iter().map(|at| names[*at].to_owned()).collect()
        };
        let mut statement = json!({
            "Effect": self.effect,
            "Action": named(&ACTIONS, self.actions),
            "Resource": named(&RESOURCES, self.resources),
        });
        if let Some(Asked { operator, values }) = self.asked {
            let texts = texts(operator.base.family());
            statement["Condition"] = json!({ operator.to_string(): { KEY: &texts[..values] } });
        }
        statement
    }
}

fn every_condition() -> Vec<Asked> {
    Operator::all().flat_map(|operator| [1, 2].map(|values| Asked { operator, values })).collect()
}

/// How much was looked at.
#[derive(Debug, Default)]
struct Count {
    policies: usize,
    requests: usize,
    rows: usize,
}

/// What every policy is asked.
struct World {
    caller: [Caller; 1],
    template: Request,
    actions: Vec<ActionPattern>,
    open: [Context; 1],
}

fn knowledge(_: &ConditionKey, _: &Caller) -> Knowledge {
    Knowledge {
        nature: Nature { arity: Some(Arity::Either), may_be_absent: true, may_be_present: true },
        domain: Domain::Text,
        hints: Vec::new(),
    }
}

impl World {
    fn new() -> Self {
        let requester = Requester::from(Principal::User {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
            unique_id: None,
        });
        let action = ActionName::parse(ACTIONS[0]).unwrap();
        Self {
            caller: [Caller::new("alice", requester.clone())],
            template: Request::new(requester, action, "*", Context::closed()),
            actions: ACTIONS.map(ActionPattern::new).to_vec(),
            open: [Context::open()],
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope {
            callers: &self.caller,
            template: &self.template,
            worlds: &self.open,
            actions: &self.actions,
            resources: ResourceRange::Every(ResourceKind::Any),
            knowledge: &knowledge,
            budget: Budget::default(),
        }
    }

    /// Every request for the first `names` actions and resources, whatever the conditions ask of the key.
    fn requests(&self, lines: &[Line], names: usize) -> Vec<Request> {
        let mut families: Vec<Family> = lines
            .iter()
            .filter_map(|line| line.asked)
            .map(|asked| asked.operator.base.family())
            .collect();
        families.dedup();
        let mut requests = Vec::new();
        for state in states(&families) {
            let mut context = Context::closed();
            context.set(ConditionKey::from(KEY), state);
            for action in &ACTIONS[..names] {
                for resource in &RESOURCES[..names] {
                    let action = ActionName::parse(action).unwrap();
                    requests.push(Request::new(
                        self.caller[0].requester.clone(),
                        action,
                        *resource,
                        context.clone(),
                    ));
                }
            }
        }
        requests
    }

    /// The model decides as the evaluator does, and so does a table of the form with this number, if there
    /// is one, on every request for the first `names` actions and resources.
    fn check(&self, lines: &[Line], names: usize, form: usize, count: &mut Count) {
        let statements: Vec<Value> = lines.iter().map(Line::json).collect();
        let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        // Leniently: AWS does not save set operators before Null, and rules say what they are (C-33).
        let document = PolicyDocument::read(
            &Source::new("p", text.clone()),
            PolicyType::Identity,
            Profile::Lenient,
        );
        let policies = PolicySet { identity: vec![document.unwrap()], ..PolicySet::default() };
        let switches = Switches::default();
        let view = View { policies: &policies, switches: &switches, question: Question::Decision };
        let model = Model::build(&[view], self.scope()).unwrap();
        let table = FORMS.get(form).map(|(hit, apart)| {
            let form = Form { hit: Some(*hit), apart: Some(*apart), keys: None };
            Table::of(&model, 0, view, &form, 1_000).unwrap()
        });
        count.policies += 1;
        count.rows += table.as_ref().map_or(0, |table| table.rows.len());
        for request in self.requests(lines, names) {
            count.requests += 1;
            let CoreOutcome::Decided(decision) = evaluate(&policies, &request, &switches).outcome
            else {
                panic!("nothing is unknown");
            };
            let expected = Some(Outcome::Verdict(decision.verdict));
            let what =
                || format!("{text}\n{} {} {:?}", request.action, request.resource, request.context);
            let place = model.locate(0, &request).unwrap_or_else(|| panic!("no place: {}", what()));
            let residual = &model.residuals[place.cell.residual];
            assert_eq!(
                residual.diagram.value(residual.possible, &place.classes),
                TRUE,
                "{}",
                what()
            );
            assert_eq!(model.outcomes(&place, 0).unwrap().one(), expected, "{}", what());
            if let Some(table) = &table {
                let said = table.outcomes(&place).unwrap_or_else(|| {
                    panic!("{:?}: the rows do not keep to it: {}", table.hit, what())
                });
                assert_eq!(said.one(), expected, "{:?}: {}", table.hit, what());
            }
        }
    }
}

fn said(what: &str, count: &Count) {
    let Count { policies, requests, rows } = count;
    println!("{what}: {policies} policies, {requests} requests, {rows} rows");
}

/// Every statement about an operator: its effect, its actions, its resources.
fn places() -> impl Iterator<Item = (&'static str, &'static [usize], &'static [usize])> {
    ["Allow", "Deny"].into_iter().flat_map(|effect| {
        CHOICES.into_iter().flat_map(move |actions| {
            CHOICES.into_iter().map(move |resources| (effect, actions, resources))
        })
    })
}

#[test]
fn one_statement() {
    let (world, mut count) = (World::new(), Count::default());
    let conditions = every_condition().into_iter().map(Some).chain([None]);
    for asked in conditions {
        for (effect, actions, resources) in places() {
            let line = Line { effect, actions, resources, asked };
            // Forms by turns: 18 statements of each operator, so each form has at least four of them.
            world.check(&[line], 3, count.policies % FORMS.len(), &mut count);
        }
    }
    assert_eq!(count.policies, (159 * 2 + 1) * 18);
    said("one statement", &count);
}

/// Every two operators, the same one twice among them; how many values, what else the statements say and
/// the form of the table by turns.
#[test]
fn two_statements_of_every_two_operators() {
    let (world, mut count) = (World::new(), Count::default());
    let operators: Vec<Operator> = Operator::all().collect();
    let places: Vec<_> = places().collect();
    for (number, one) in operators.iter().enumerate() {
        for two in &operators[number..] {
            let turn = count.policies;
            // A stride without a common divisor, so that all pairs of places have their turn.
            let both = turn * 7 % (places.len() * places.len());
            let line = |operator: Operator, values: usize, place: usize| {
                let (effect, actions, resources) = places[place];
                Line { effect, actions, resources, asked: Some(Asked { operator, values }) }
            };
            let lines = [
                line(*one, 1 + turn % 2, both / places.len()),
                line(*two, 1 + turn / 2 % 2, both % places.len()),
            ];
            world.check(&lines, 2, turn % 24, &mut count);
        }
    }
    assert_eq!(count.policies, 159 * 160 / 2);
    said("two statements, every two operators", &count);
}

/// Every two effects, actions and resources, for some operators that differ in what they say of an
/// absent key, of one value and of sets.
#[test]
fn two_statements_of_every_place() {
    let (world, mut count) = (World::new(), Count::default());
    let pairs = [
        (Some("Bool"), Some("BoolIfExists")),
        (Some("StringLike"), Some("ForAnyValue:StringNotLike")),
        (Some("NumericLessThan"), Some("Null")),
        (Some("ForAllValues:ArnLike"), None),
    ];
    let asked = |name: Option<&str>| {
        name.map(|name| Asked { operator: Operator::parse(name).unwrap(), values: 1 })
    };
    for (one, two) in pairs {
        for (effect, actions, resources) in places() {
            let first = Line { effect, actions, resources, asked: asked(one) };
            for (effect, actions, resources) in places() {
                let second = Line { effect, actions, resources, asked: asked(two) };
                world.check(&[first, second], 3, count.policies % 8, &mut count);
            }
        }
    }
    assert_eq!(count.policies, 4 * 18 * 18);
    said("two statements, every place", &count);
}
