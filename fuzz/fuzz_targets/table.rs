//! The diagram of all requests decides each request as the evaluator does, and so does the table.
//!
//! Input: text whose characters choose, one after the other, a switch, the statements of a small set of
//! policies (layer, effect, actions, resources, clauses) and requests; characters that are missing
//! choose the first option.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::decision::{Outcome as CoreOutcome, evaluate};
use iamsure_core::language::condition::Family;
use iamsure_core::language::{
    ActionName, ActionPattern, ConditionKey, Operator, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::{
    Context, KeyState, PolicySet, Principal, Request, Requester, Switch, Switches,
};
use iamsure_truth::budget::Budget;
use iamsure_truth::class::requester::Caller;
use iamsure_truth::class::state::{Arity, Nature};
use iamsure_truth::class::value::Domain;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::model::{
    Knowledge, Model, Outcome, Question, ResourceKind, ResourceRange, Scope, View,
};
use iamsure_truth::table::{Form, HitPolicy, Table};
use iamsure_truth::unanswered::Unanswered;
use serde_json::{Value, json};

mod shim;

const KEYS: [&str; 3] = ["x:k", "aws:username", "aws:PrincipalTag/team"];
const ACTIONS: [&str; 6] = ["s3:GetObject", "s3:Get*", "s3:*Object", "sqs:*", "*", "s3:G?tObject"];
const RESOURCES: [&str; 7] = [
    "*",
    "arn:aws:s3:::bucket/*",
    "arn:aws:s3:::bucket/a",
    "arn:aws:s3:::*/a",
    "arn:aws:s3:::b*t/${aws:username}",
    "arn:aws:sqs:*:111122223333:*",
    "arn:aws:s3:::${x:k}",
];
const CONCRETE: [&str; 6] = [
    "*",
    "arn:aws:s3:::bucket/a",
    "arn:aws:s3:::bucket/b",
    "arn:aws:s3:::other/a",
    "arn:aws:sqs:us-east-1:111122223333:q",
    "arn:aws:s3:::a",
];
const TEXTS: [&str; 8] = ["a", "b", "A", "a*", "?", "*", "${aws:username}", "${x:k}b"];

/// Values that an operator of `family` compares, and that a request holds.
const fn values(family: Family) -> &'static [&'static str] {
    match family {
        Family::String => &TEXTS,
        Family::Numeric => &["1", "2", "1.0", "-1", "x", "10"],
        Family::Date => &["2026-01-01T00:00:00Z", "2026", "2026-01-02", "0", "x"],
        Family::Bool | Family::Null => &["true", "false", "TRUE", "x"],
        Family::Binary => &["QQ==", "AAAA", "x"],
        Family::IpAddress => &["203.0.113.0/24", "203.0.113.7", "::1", "::ffff:203.0.113.7", "x"],
        Family::Arn => &[
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:iam::111122223333:role/*",
            "arn:aws:iam::*:role/a?p",
            "arn:aws:iam::111122223333:role/${aws:username}",
            "x",
        ],
    }
}

/// Characters that choose.
struct Choices<'a>(std::str::Chars<'a>);

impl Choices<'_> {
    fn of(&mut self, options: usize) -> usize {
        self.0.next().map_or(0, |c| c as usize) % options
    }

    fn one<'t>(&mut self, options: &[&'t str]) -> &'t str {
        options[self.of(options.len())]
    }

    fn statement(&mut self, operators: &[Operator]) -> Value {
        let effect = self.one(&["Allow", "Deny"]);
        let action = if self.of(5) == 4 { "NotAction" } else { "Action" };
        let resource = if self.of(5) == 4 { "NotResource" } else { "Resource" };
        let mut statement = json!({
            "Effect": effect,
            action: [self.one(&ACTIONS)],
            resource: (0..=self.of(2)).map(|_| self.one(&RESOURCES)).collect::<Vec<_>>(),
        });
        let mut block = serde_json::Map::new();
        for _ in 0..self.of(3) {
            let operator = operators[self.of(operators.len())];
            let key = self.one(&KEYS);
            let texts = values(operator.base.family());
            let texts: Vec<_> = (0..=self.of(3)).map(|_| self.one(texts)).collect();
            block.entry(operator.to_string()).or_insert_with(|| json!({}))[key] = json!(texts);
        }
        statement["Condition"] = Value::Object(block);
        statement
    }

    fn text(&mut self, asked: &[String]) -> String {
        // Mostly what the policies name.
        if asked.is_empty() || self.of(4) == 3 {
            return self.one(&["", "a", "b", "ab", "true", "1", "203.0.113.9", "c"]).to_owned();
        }
        asked[self.of(asked.len())].clone()
    }

    fn state(&mut self, asked: &[String]) -> KeyState {
        match self.of(4) {
            0 => KeyState::Absent,
            1 | 2 => KeyState::Single(self.text(asked)),
            _ => KeyState::Multi((0..self.of(4)).map(|_| self.text(asked)).collect()),
        }
    }
}

fn nothing_known(_: &ConditionKey, _: &Caller) -> Knowledge {
    Knowledge {
        nature: Nature { arity: Some(Arity::Either), may_be_absent: true, may_be_present: true },
        domain: Domain::Text,
        hints: Vec::new(),
    }
}

fn read(kind: PolicyType, statements: &[Value]) -> PolicyDocument {
    let version = if statements.len() == 3 { "2008-10-17" } else { "2012-10-17" };
    let text = json!({ "Version": version, "Statement": statements }).to_string();
    PolicyDocument::read(&Source::new("p", text), kind, Profile::Lenient).expect("a policy")
}

fn law(input: &str) {
    let operators: Vec<Operator> = Operator::all().collect();
    let mut choices = Choices(input.chars());
    let mut switches = Switches::default();
    if choices.of(2) == 1 {
        switches = switches.with(Switch::ALL[choices.of(Switch::ALL.len())], choices.of(2));
    }
    let mut layer = |most: usize| -> Vec<Value> {
        let count = choices.of(most + 1);
        (0..count).map(|_| choices.statement(&operators)).collect()
    };
    let (identity, boundary, scp) = (layer(3), layer(2), layer(2));
    let mut policies =
        PolicySet { identity: vec![read(PolicyType::Identity, &identity)], ..PolicySet::default() };
    if !boundary.is_empty() {
        policies.boundary = Some(read(PolicyType::Boundary, &boundary));
    }
    if !scp.is_empty() {
        policies.scp = vec![vec![read(PolicyType::Scp, &scp)]];
    }
    let asked: Vec<String> = policies
        .statements()
        .flat_map(|(_, _, statement)| &statement.condition.clauses)
        .flat_map(|clause| clause.values.iter().map(|value| value.as_str().to_owned()))
        .collect();

    let account = "111122223333".to_owned();
    let arn = "arn:aws:iam::111122223333:user/alice".to_owned();
    let requester = Requester::from(Principal::User { account, arn, unique_id: None });
    let action = ActionName::parse("s3:GetObject").expect("an action");
    let template = Request::new(requester.clone(), action, "*", Context::closed());
    let callers = [Caller::new("alice", requester.clone())];
    let scope = Scope {
        callers: &callers,
        template: &template,
        worlds: &[Context::open()],
        actions: &["s3:*", "sqs:*"].map(ActionPattern::new),
        resources: ResourceRange::Every(ResourceKind::Any),
        knowledge: &nothing_known,
        budget: Budget::default(),
    };
    let view = View { policies: &policies, switches: &switches, question: Question::Decision };
    let model = match Model::build(&[view], scope) {
        Ok(model) => model,
        // A clear refusal is an answer.
        Err(_) => return,
    };
    let hit = [HitPolicy::Unique, HitPolicy::Any, HitPolicy::Priority][choices.of(3)];
    let table =
        match Table::of(&model, 0, view, &Form { hit: Some(hit), apart: None, keys: None }, 500) {
            Ok(table) => Some(table),
            Err(Unanswered::TooComplex(_)) => None,
            Err(error) => panic!("{error}"),
        };
    for _ in 0..8 {
        let mut context = Context::closed();
        for key in KEYS {
            context.set(ConditionKey::from(key), choices.state(&asked));
        }
        let action =
            choices.one(&["s3:GetObject", "s3:PutObject", "sqs:SendMessage", "s3:GetNothing"]);
        let action = ActionName::parse(action).expect("an action");
        let request = Request::new(requester.clone(), action, choices.one(&CONCRETE), context);
        let CoreOutcome::Decided(decision) = evaluate(&policies, &request, &switches).outcome
        else {
            panic!("nothing is unknown: {request:?}");
        };
        let expected = Some(Outcome::Verdict(decision.verdict));
        let place = model.locate(0, &request).unwrap_or_else(|| panic!("no place for {request:?}"));
        let residual = &model.residuals[place.cell.residual];
        assert_eq!(residual.diagram.value(residual.possible, &place.classes), TRUE, "{request:?}");
        assert_eq!(model.outcomes(&place, 0).and_then(|all| all.one()), expected, "{request:?}");
        if let Some(table) = &table {
            assert_eq!(
                table.outcomes(&place).and_then(|all| all.one()),
                expected,
                "{hit:?}: {request:?}"
            );
        }
    }
}

shim::law!(law);
