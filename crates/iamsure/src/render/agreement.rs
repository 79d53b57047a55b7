//! What our evaluator decides beside what AWS decided.

use iamsure_core::language::ConditionKey;
use iamsure_review::import::{Agreement, Policies, Test};

/// One line or several for a person, about one record.
pub(crate) fn human(test: &Test, found: &Agreement, whose: &str) -> String {
    let aws = &test.expected;
    match found {
        Agreement::Agrees => format!("iamsure agrees with AWS: {aws}\n"),
        Agreement::Differs(ours) => differs(test, ours, whose),
        Agreement::Depends(keys) => format!(
            "AWS decided: {aws}. Under {whose} it depends on {}, which the record does not contain\n",
            joined(keys)
        ),
        Agreement::NotAsked(why) => format!("AWS decided: {aws}. Not compared: {why}\n"),
    }
}

/// A disagreement with AWS: ours, or of the policies with those that decided then.
pub(crate) fn differs(test: &Test, ours: &str, whose: &str) -> String {
    let incomplete = match &test.policies {
        Policies::Captured(captured) => captured.incomplete.as_deref(),
        Policies::NotTold(_) => Some("the policies given may not be the ones AWS evaluated"),
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

/// Condition keys in a sentence.
pub(crate) fn joined(keys: &[ConditionKey]) -> String {
    let keys: Vec<&str> = keys.iter().map(ConditionKey::as_str).collect();
    keys.join(", ")
}
