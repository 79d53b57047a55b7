//! What cells say, nested at random.

use iamsure_core::language::condition::Quantifier;
use iamsure_truth::said::{Comparison, Said, Sample, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A text of a policy; many are words of cells, or hold what sets values apart.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => super::one_of(&[
            "a", "b", "a*", "ab", "x", "0", "true", "example", "another-value", "s3:Get*", "${aws:username}",
        ])
        .prop_map(str::to_owned),
        2 => super::one_of(&[
            "", " ", " a", "absent", "(absent)", "Absent.", "null", "undefined", "any other value", "\"", "\"\"",
            "\"a\"", "`", "a`b", "``a", "a `", "a, b or c", "not `x`", "…", "a|b", "(", "\n", "any but",
        ])
        .prop_map(str::to_owned),
        1 => ".{0,6}",
    ]
}

/// A value of a policy.
pub fn value() -> impl Strategy<Value = Value> {
    let is_verbatim = prop::bool::weighted(0.1);
    (text(), is_verbatim).prop_map(|(text, is_verbatim)| Value { text, is_verbatim })
}

fn values(least: usize) -> impl Strategy<Value = Vec<Value>> {
    vec(value(), least..4)
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{
        After, ArnLike, AtLeast, AtMost, AtOrAfter, AtOrBefore, Before, IgnoreCase, Less, Like,
        More, Number, OfAccount, OfTheForm, Time, Within,
    };
    select(vec![
        IgnoreCase, Like, ArnLike, Number, Time, Less, AtMost, More, AtLeast, Before, AtOrBefore,
        After, AtOrAfter, Within, OfTheForm, OfAccount,
    ])
}

fn sample() -> impl Strategy<Value = Sample> {
    prop_oneof![
        Just(Sample::Values),
        Just(Sample::Set),
        Just(Sample::Resources),
        any::<usize>().prop_map(Sample::Actions),
    ]
}

fn leaf() -> impl Strategy<Value = Said> {
    prop_oneof![
        2 => select(vec![
            Said::Any, Said::Holds(true), Said::Holds(false), Said::Absent, Said::Empty,
            Said::NoElements, Said::Present, Said::Single, Said::Other, Said::NoResource,
        ]),
        4 => value().prop_map(Said::is),
        2 => values(0).prop_map(Said::is_one_of),
        2 => values(0).prop_map(Said::listed),
        3 => (comparison(), values(0)).prop_map(|(comparison, values)| Said::compared(comparison, values)),
        1 => (sample(), values(0)).prop_map(|(sample, values)| Said::such(sample, values)),
        1 => values(0).prop_map(Said::exactly),
    ]
}

/// Anything that can be said.
pub fn said() -> impl Strategy<Value = Said> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let quantifier = select(vec![Quantifier::ForAnyValue, Quantifier::ForAllValues]);
        prop_oneof![
            3 => inner.clone().prop_map(Said::negated),
            1 => inner.clone().prop_map(Said::any_but),
            1 => (quantifier, inner.clone()).prop_map(|(quantifier, said)| Said::elements(quantifier, said)),
            3 => vec(inner.clone(), 0..4).prop_map(Said::one_of),
            3 => vec(inner, 0..4).prop_map(Said::all),
        ]
    })
}
