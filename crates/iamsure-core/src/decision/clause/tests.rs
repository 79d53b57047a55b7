use super::*;
use crate::language::{PolicyDocument, PolicyType, Profile, Source};

/// What is judged of the one clause of a condition block, with these states of keys.
fn judged(block: &str, states: &[(&str, KeyState)], switches: &Switches) -> Judgement {
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {block}}}}}"#
    );
    let source = Source::new("p", text);
    let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient).unwrap();
    let mut context = Context::closed();
    for (key, state) in states {
        context.set(ConditionKey::new(*key), state.clone());
    }
    let facts = Facts { context: &context, reading: document.reading(false), switches };
    let [statement] = &*document.statements else { panic!("one statement") };
    let [clause] = statement.condition.clauses.as_slice() else { panic!("one clause") };
    judge(clause, facts)
}

fn multi(values: &[&str]) -> KeyState {
    KeyState::Multi(values.iter().map(|value| (*value).to_owned()).collect())
}

fn single(value: &str) -> KeyState {
    KeyState::Single(value.to_owned())
}

#[test]
fn null_of_an_unknown_key_is_unknown_where_its_presence_matters() {
    let none = Switches::default();
    for (values, truth) in [
        (r#""true""#, Truth::Unknown),
        (r#""false""#, Truth::Unknown),
        (r#"["true", "false"]"#, Truth::True),
        ("[]", Truth::False),
    ] {
        let block = format!(r#"{{"Null": {{"x:k": {values}}}}}"#);
        assert_eq!(judged(&block, &[("x:k", KeyState::Unknown)], &none).truth, truth, "{values}");
    }
}

#[test]
fn a_set_operator_says_whether_its_elements_differ() {
    use Reason::{ElementsDiffer, Matched, NoneMatched, Unknown};
    let none = Switches::default();
    for (quantifier, values, elements, truth, reason) in [
        ("ForAnyValue", r#""a""#, &["a", "b"][..], Truth::True, ElementsDiffer),
        ("ForAnyValue", r#"["b", "a"]"#, &["a", "a"], Truth::True, Matched(1)),
        ("ForAnyValue", r#""a""#, &["x", "y"], Truth::False, NoneMatched),
        ("ForAllValues", r#""a""#, &["x", "y"], Truth::False, NoneMatched),
        ("ForAllValues", r#""a""#, &["a", "x"], Truth::False, ElementsDiffer),
        ("ForAllValues", r#""a""#, &["a", "a"], Truth::True, Matched(0)),
        ("ForAnyValue", r#"["a", "${x:u}"]"#, &["b", "c"], Truth::Unknown, Unknown),
        ("ForAllValues", r#"["a", "${x:u}"]"#, &["a", "c"], Truth::Unknown, Unknown),
    ] {
        let block = format!(r#"{{"{quantifier}:StringEquals": {{"x:k": {values}}}}}"#);
        let states = [("x:k", multi(elements)), ("x:u", KeyState::Unknown)];
        let expected = Judgement { truth, reason };
        assert_eq!(judged(&block, &states, &none), expected, "{block} {elements:?}");
    }
}

#[test]
fn what_cannot_be_compared_is_the_reason_that_nothing_matched() {
    use Reason::{NoVariable, NoneMatched, Unknown, Unreadable};
    let none = Switches::default();
    for (block, truth, reason) in [
        (r#"{"NumericEquals": {"x:k": ["2", "two"]}}"#, Truth::False, Unreadable),
        (r#"{"NumericNotEquals": {"x:k": ["2", "two"]}}"#, Truth::True, Unreadable),
        (r#"{"NumericEquals": {"x:k": "2"}}"#, Truth::False, NoneMatched),
        (r#"{"StringEquals": {"x:k": ["2", "${x:absent}"]}}"#, Truth::False, NoVariable),
        (r#"{"StringNotEquals": {"x:k": "${x:absent}"}}"#, Truth::True, NoVariable),
        (r#"{"StringEquals": {"x:k": ["${x:u}", "${x:absent}"]}}"#, Truth::Unknown, Unknown),
        (r#"{"StringNotEquals": {"x:k": ["${x:u}", "2"]}}"#, Truth::Unknown, Unknown),
    ] {
        let states = [("x:k", single("1")), ("x:u", KeyState::Unknown)];
        assert_eq!(judged(block, &states, &none), Judgement { truth, reason }, "{block}");
    }
}

/// Whether the variable has a value does not depend on what it is compared with.
#[test]
fn a_variable_without_value_fails_a_negated_operator_whatever_the_text() {
    let block = r#"{"ArnNotEquals": {"x:k": "arn:aws:iam::111122223333:role/${x:absent}"}}"#;
    let no_match = Switches::default().with(Switch::Q21, 0);
    for text in ["arn:aws:iam::111122223333:role/app", "z", ""] {
        let states = [("x:k", single(text))];
        assert_eq!(judged(block, &states, &Switches::default()).truth, Truth::True, "{text}");
        assert_eq!(judged(block, &states, &no_match).truth, Truth::False, "{text}");
    }
}

/// Each of the two switches is about its own reason, and about negated operators only.
#[test]
fn what_cannot_be_compared_fails_a_negated_operator_under_its_own_switch() {
    let unreadable = r#"{"NumericNotEquals": {"x:k": "two"}}"#;
    let no_variable = r#"{"StringNotEquals": {"x:k": "${x:absent}"}}"#;
    let plain = r#"{"StringNotEquals": {"x:k": "2"}}"#;
    for (switch, failing) in [(Switch::Q2, unreadable), (Switch::Q21, no_variable)] {
        let switches = Switches::default().with(switch, 0);
        for block in [unreadable, no_variable, plain] {
            let truth = judged(block, &[("x:k", single("1"))], &switches).truth;
            assert_eq!(truth, Truth::from(block != failing), "{switch:?} {block}");
        }
    }
}
