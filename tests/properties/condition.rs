//! Clauses: every operator, every state of a key (section 5).

use iamsure_core::decision::Truth;
use iamsure_core::decision::clause::{Facts, judge};
use iamsure_core::language::condition::{BaseOperator, Family, Quantifier};
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{Clause, ConditionKey, Operator};
use iamsure_core::world::{Context, KeyState, Switches};
use iamsure_testkit::oracle;
use iamsure_testkit::strategy::condition::{
    KEYS, any_key_state, clause_of, key_state, near_value, operator, policy_value,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::cases;

/// An operator, values of its family, a state of its key, and a value for the variables.
#[derive(Clone, Debug)]
struct Question {
    operator: Operator,
    values: Vec<String>,
    state: KeyState,
    other: KeyState,
}

impl Question {
    fn clause(&self, operator: Operator) -> Clause {
        clause_of(operator, ConditionKey::from("x:asked"), &self.values)
    }

    fn context(&self, state: KeyState) -> Context {
        let mut context = Context::closed();
        for key in KEYS {
            context.set(ConditionKey::from(*key), self.other.clone());
        }
        context.set(ConditionKey::from("x:asked"), state);
        context
    }

    /// The answer of `operator` in place of the operator drawn, about `state`.
    fn answer_of(&self, operator: Operator, state: KeyState) -> bool {
        let context = self.context(state);
        let facts = Facts {
            context: &context,
            reading: Reading::Substituted,
            switches: &Switches::default(),
        };
        match judge(&self.clause(operator), facts).truth {
            Truth::True => true,
            Truth::False => false,
            Truth::Unknown => panic!("nothing is unknown"),
        }
    }

    fn answer(&self, operator: Operator) -> bool {
        self.answer_of(operator, self.state.clone())
    }
}

/// A question whose operator has at least `least` values.
fn question(least: usize) -> impl Strategy<Value = Question> {
    operator().prop_flat_map(move |operator| {
        let family = operator.base.family();
        (vec(policy_value(family), least..4), key_state(family), any_key_state())
            .prop_map(move |(values, state, other)| Question { operator, values, state, other })
    })
}

/// The operators without prefix and suffix that come in a positive and a negated form.
const PAIRS: [(BaseOperator, BaseOperator); 8] = [
    (BaseOperator::StringEquals, BaseOperator::StringNotEquals),
    (BaseOperator::StringEqualsIgnoreCase, BaseOperator::StringNotEqualsIgnoreCase),
    (BaseOperator::StringLike, BaseOperator::StringNotLike),
    (BaseOperator::NumericEquals, BaseOperator::NumericNotEquals),
    (BaseOperator::DateEquals, BaseOperator::DateNotEquals),
    (BaseOperator::IpAddress, BaseOperator::NotIpAddress),
    (BaseOperator::ArnEquals, BaseOperator::ArnNotEquals),
    (BaseOperator::ArnLike, BaseOperator::ArnNotLike),
];

fn pair() -> impl Strategy<Value = (Operator, Operator, Question, String)> {
    select(PAIRS.to_vec()).prop_flat_map(|(positive, negated)| {
        let family = positive.family();
        (vec(policy_value(family), 0..4), near_value(family), any_key_state(), any::<bool>())
            .prop_map(move |(values, x, other, if_exists)| {
                let operator = |base| Operator { quantifier: None, base, if_exists };
                let state = KeyState::Absent;
                let question = Question { operator: operator(positive), values, state, other };
                (operator(positive), operator(negated), question, x)
            })
    })
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn a_clause_is_judged_as_the_procedure_says(question in question(1)) {
        let context = question.context(question.state.clone());
        let value_of = |key: &str| match context.state(&ConditionKey::from(key)) {
            KeyState::Single(text) => Some(text.clone()),
            KeyState::Absent | KeyState::Multi(_) | KeyState::Unknown => None,
        };
        let name = question.operator.to_string();
        let expected =
            oracle::clause::eval(&name, &question.values, &question.state, true, &value_of);
        prop_assert_eq!(Some(question.answer(question.operator)), expected);
    }

    #[test]
    fn an_operator_and_its_negation_partition_present_single_values(
        (positive, negated, question, x) in pair(),
    ) {
        prop_assume!(!question.values.is_empty() || !positive.if_exists);
        let state = KeyState::Single(x);
        let holds = question.answer_of(positive, state.clone());
        prop_assert_eq!(question.answer_of(negated, state), !holds);
    }

    #[test]
    fn with_ifexists_is_without_or_absent(question in question(1)) {
        let Operator { quantifier: None, base, .. } = question.operator else { return Ok(()) };
        prop_assume!(base.family() != Family::Null);
        let plain = question.answer(Operator { quantifier: None, base, if_exists: false });
        let suffixed = question.answer(Operator { quantifier: None, base, if_exists: true });
        let absent = [KeyState::Absent, KeyState::Multi(Vec::new())].contains(&question.state);
        prop_assert_eq!(suffixed, plain || absent);
    }

    #[test]
    fn ifexists_changes_no_set_operator(question in question(0)) {
        let Operator { quantifier: quantifier @ Some(_), base, .. } = question.operator else {
            return Ok(());
        };
        prop_assume!(base.family() != Family::Null);
        let answers = [false, true]
            .map(|if_exists| question.answer(Operator { quantifier, base, if_exists }));
        prop_assert_eq!(answers[0], answers[1]);
    }

    #[test]
    fn for_all_is_true_and_for_any_false_of_nothing(
        question in question(0),
        empties in 0..4_usize,
        absent in any::<bool>(),
    ) {
        let Some(quantifier) = question.operator.quantifier else { return Ok(()) };
        let nothing =
            if absent { KeyState::Absent } else { KeyState::Multi(vec![String::new(); empties]) };
        let expected = quantifier == Quantifier::ForAllValues;
        prop_assert_eq!(question.answer_of(question.operator, nothing), expected);
    }

    // The empty single value is a null data set under a set operator, and a value without one.
    #[test]
    fn a_set_operator_on_a_single_value_is_the_plain_operator(question in question(1)) {
        let Operator { quantifier: Some(_), base, .. } = question.operator else { return Ok(()) };
        let KeyState::Single(x) = &question.state else { return Ok(()) };
        prop_assume!(!x.is_empty() && base.family() != Family::Null);
        let plain = question.answer(Operator::plain(base));
        prop_assert_eq!(question.answer(question.operator), plain);
    }

    #[test]
    fn for_all_is_every_element_and_for_any_some(question in question(1)) {
        let Operator { quantifier: Some(quantifier), base, .. } = question.operator else {
            return Ok(());
        };
        let KeyState::Multi(elements) = &question.state else { return Ok(()) };
        prop_assume!(!question.state.is_null_set() && base.family() != Family::Null);
        let mut each = elements
            .iter()
            .map(|x| question.answer_of(Operator::plain(base), KeyState::single(x.as_str())));
        let expected = match quantifier {
            Quantifier::ForAllValues => each.all(|holds| holds),
            Quantifier::ForAnyValue => each.any(|holds| holds),
        };
        prop_assert_eq!(question.answer(question.operator), expected);
    }

    #[test]
    fn a_plain_operator_judges_one_element_and_no_more(question in question(0), xs in vec("[a-c]?", 0..4)) {
        let Operator { quantifier: None, base, .. } = question.operator else { return Ok(()) };
        prop_assume!(base.family() != Family::Null);
        let answer = question.answer_of(question.operator, KeyState::Multi(xs.clone()));
        let expected = match xs.as_slice() {
            [] => question.answer_of(question.operator, KeyState::Absent),
            [x] => question.answer_of(question.operator, KeyState::single(x.as_str())),
            _ => false,
        };
        prop_assert_eq!(answer, expected);
    }

    #[test]
    fn null_true_and_null_false_partition_every_state(question in question(0)) {
        let null = Operator::plain(BaseOperator::Null);
        let asked = |value: &str| {
            Question { values: vec![value.to_owned()], ..question.clone() }.answer(null)
        };
        prop_assert_eq!(asked("true"), !asked("false"));
        let absent = question.state == KeyState::Absent || question.state.is_null_set();
        prop_assert_eq!(asked("TRUE"), absent);
    }

    #[test]
    fn arnequals_is_arnlike(question in question(0)) {
        for (one, other) in [
            (BaseOperator::ArnEquals, BaseOperator::ArnLike),
            (BaseOperator::ArnNotEquals, BaseOperator::ArnNotLike),
        ] {
            let of = |base| question.answer(Operator { base, ..question.operator });
            prop_assert!(question.operator.base.family() == Family::Null || of(one) == of(other));
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    // The Effect is no part of a clause, so this goes through whole statements.
    #[test]
    fn the_effect_never_changes_whether_a_statement_matches(
        policies in iamsure_testkit::strategy::world::policy_set(),
        request in iamsure_testkit::strategy::world::request(),
        switches in iamsure_testkit::strategy::world::switches(),
    ) {
        use iamsure_core::decision::statement::judge;
        use iamsure_core::language::document::{Effect, Sense};
        for (_, document, statement) in policies.statements() {
            let mut other = statement.value.clone();
            other.effect.value = match *statement.effect {
                Effect::Allow => Effect::Deny,
                Effect::Deny => Effect::Allow,
            };
            let found = judge(document, statement, &request, false, &switches);
            let turned = judge(document, &other, &request, false, &switches);
            prop_assert_eq!(found.condition, turned.condition);
            prop_assert_eq!((found.action, found.resource), (turned.action, turned.resource));
            // NotPrincipal is read by another procedure under Deny (P-21).
            if statement.principal.as_ref().is_none_or(|element| element.sense == Sense::OneOf) {
                prop_assert_eq!(found, turned);
            }
        }
    }
}

/// With no values, the suffix helps only where the key is absent (C-7, which here wins over C-13).
#[test]
fn without_values_ifexists_is_true_of_an_absent_key_only() {
    for (positive, negated) in PAIRS {
        for base in [positive, negated] {
            let question = Question {
                operator: Operator { if_exists: true, ..Operator::plain(base) },
                values: Vec::new(),
                state: KeyState::single("a"),
                other: KeyState::Absent,
            };
            assert!(!question.answer(question.operator));
            assert!(question.answer_of(question.operator, KeyState::Absent));
        }
    }
}

/// The empty single value is a null data set under a set operator, with values or without (C-47).
#[test]
fn a_null_data_set_is_one_in_either_arity() {
    let question = Question {
        operator: Operator::parse("ForAllValues:StringEquals").unwrap(),
        values: Vec::new(),
        state: KeyState::single(""),
        other: KeyState::Absent,
    };
    let multi = question.answer_of(question.operator, KeyState::Multi(vec![String::new()]));
    assert_eq!(question.answer(question.operator), multi);
}
