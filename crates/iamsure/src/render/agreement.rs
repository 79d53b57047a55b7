//! What our evaluator decides beside what AWS decided.

use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::PolicySet;
use iamsure_import::{Agreement, By, Policies, Test};

/// One line or several for a person, about one record, held against `given`.
pub(crate) fn human(test: &Test, found: &Agreement, whose: &str, given: &PolicySet) -> String {
    let aws = &test.expected;
    match found {
        Agreement::Agrees => format!("iamsure agrees with AWS: {aws}\n"),
        Agreement::Differs(ours) => differs(test, ours, whose, given),
        Agreement::Depends(keys) => format!(
            "AWS decided: {aws}. Under {whose} it depends on {}, which the record does not contain\n",
            joined(keys)
        ),
        Agreement::NotAsked(why) => format!("AWS decided: {aws}. Not compared: {why}\n"),
    }
}

/// A disagreement with AWS: ours, or of the policies with those that decided then.
pub(crate) fn differs(test: &Test, ours: &str, whose: &str, given: &PolicySet) -> String {
    let incomplete =
        match &test.policies {
            Policies::Captured(captured) => captured.incomplete.clone(),
            Policies::NotTold(_) => Some(not_given(test, given).unwrap_or_else(|| {
                "the policies given may not be the ones AWS evaluated".to_owned()
            })),
        };
    let why = incomplete.map_or_else(
        || {
            "Either AWS evaluated something that was not captured, or iamsure is wrong: please report it"
                .to_owned()
        },
        |why| format!("Note: {why}"),
    );
    format!(
        "DIFFERS: {} ({})\n  AWS decided:  {}\n  iamsure:      {ours}, under {whose}\n  {why}\n",
        test.name, test.source, test.expected
    )
}

/// That nothing is given of the layer by which AWS decided, where that is so.
fn not_given(test: &Test, given: &PolicySet) -> Option<String> {
    let (By::Layer(layer) | By::Statements(layer, _)) = test.expected.by.as_ref()?;
    let is_given = given.policies().any(|(kind, ..)| kind == *layer);
    (!is_given).then(|| {
        format!(
            "no {} is given (--{} FILE), but AWS's decision came from one",
            layer.aws_name(),
            option(*layer)
        )
    })
}

/// The option that gives policies of a layer.
const fn option(layer: PolicyType) -> &'static str {
    match layer {
        PolicyType::Resource => "resource-policy",
        other => other.name(),
    }
}

/// Condition keys in a sentence.
pub(crate) fn joined(keys: &[ConditionKey]) -> String {
    let keys: Vec<&str> = keys.iter().map(ConditionKey::as_str).collect();
    keys.join(", ")
}
