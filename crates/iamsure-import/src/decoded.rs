//! Decoded authorization messages: what `sts:DecodeAuthorizationMessage` answers.
//!
//! AWS documents what a message tells, and shows one in an example; it does not say that the condition keys in it are
//! all there were.
//!
//! AWS pages: STS API Reference, `API_DecodeAuthorizationMessage`; IAM User Guide,
//! `sts_example_sts_DecodeAuthorizationMessage_section`.

use iamsure_core::language::json::{self, Json};
use iamsure_core::language::{ActionName, Arn, ConditionKey, Source};

use super::expected::{Expected, Word};
use super::field::{Field, ImportError};
use super::known::{self, Known};
use super::{Import, Policies, Test, caller};

/// What no message tells.
const NEVER_TOLD: &str = "a decoded authorization message lists condition keys, but AWS does not say that others were absent: they are unknown";

/// Whether a value is such an answer, or the message in it.
pub(super) fn is_one(value: Field<'_>) -> bool {
    let has = |name: &str| value.get(name).is_some();
    has("DecodedMessage") || has("explicitDeny") && has("context")
}

/// Reads the answer, or the message in it.
///
/// # Errors
/// If something in it is not of the form.
pub(super) fn read(answer: Field<'_>, import: &mut Import) -> Result<(), ImportError> {
    let Some(inner) = answer.get("DecodedMessage") else { return one(answer, import) };
    if matches!(inner.value.value, Json::Map(_)) {
        return one(inner, import);
    }
    let text = answer.required("DecodedMessage")?;
    let source = Source::new(answer.source.name(), text);
    let wrong =
        |message: &str| inner.error(format!("its `DecodedMessage` cannot be read: {message}"));
    let value = json::read(&source).map_err(|error| wrong(&error.message))?;
    one(Field::new(&source, &value), import).map_err(|error| wrong(&error.message))
}

fn one(message: Field<'_>, import: &mut Import) -> Result<(), ImportError> {
    let file = message.source.name();
    let context = message.get("context").ok_or_else(|| {
        message.error("`context` is missing: without it the message describes no request")
    })?;
    let mut remarks = Vec::new();
    let resource = context.text("resource");
    let action = action(context, resource, &mut remarks)?;
    let expected = expected(message)?;
    import.remark(NEVER_TOLD);
    let principal = context
        .find(&["principal", "arn"])
        .and_then(Field::as_text)
        .and_then(|arn| caller::of_arn_and_id(arn, context.get("principal")?.text("id")));
    let who = principal.as_ref().map_or_else(|| "somebody".to_owned(), caller::short_name);
    let mut test = Test {
        name: format!("{action} by {who} is {}", expected.word.as_str()),
        source: format!("decoded authorization message ({file})"),
        principal,
        resource: None,
        resource_account: None,
        context: Vec::new(),
        path: None,
        expected,
        policies: Policies::NotTold(format!("the policies of {who}")),
        remarks,
        todo: Vec::new(),
        action,
    };
    if test.principal.is_none() {
        test.todo.push("set the caller: the message contains no ARN for it".to_owned());
    }
    match resource {
        Some(resource) => test.name_resource(resource),
        None => test.todo.push("set the resource: the message does not name it".to_owned()),
    }
    test.remark_owner();
    conditions(context, &mut test)?;
    matched(message, &mut test)?;
    import.tests.push(test);
    Ok(())
}

/// The action; AWS writes some without their service, which the resource then tells.
fn action(
    context: Field<'_>,
    resource: Option<&str>,
    remarks: &mut Vec<String>,
) -> Result<ActionName, ImportError> {
    let name = context.required("action")?;
    if let Ok(action) = ActionName::parse(name) {
        return Ok(action);
    }
    let service = resource.and_then(Arn::split).map(|arn| arn.service);
    let whole = service
        .map(|service| format!("{service}:{name}"))
        .filter(|whole| !name.contains(':') && iamsure_reference::action(whole).known().is_some());
    let action = whole.and_then(|whole| ActionName::parse(&whole).ok()).ok_or_else(|| {
        context
            .error(format!("`{name}` is not an action, and the resource does not show its service"))
    })?;
    remarks.push(format!("AWS writes the action as `{name}`; its service is the resource's"));
    Ok(action)
}

fn expected(message: Field<'_>) -> Result<Expected, ImportError> {
    let said = |name: &str| {
        let field = message.get(name).and_then(Field::as_bool);
        field.ok_or_else(|| message.error(format!("`{name}` must be present, and true or false")))
    };
    Ok(Expected::of(match (said("allowed")?, said("explicitDeny")?) {
        (_, true) => Word::ExplicitlyDenied,
        (true, false) => Word::Allowed,
        (false, false) => Word::ImplicitlyDenied,
    }))
}

/// The condition keys that are listed.
fn conditions(context: Field<'_>, test: &mut Test) -> Result<(), ImportError> {
    let Some(conditions) = context.get("conditions") else { return Ok(()) };
    let mut unpublished = Vec::new();
    for condition in conditions.list("items")? {
        let name = condition.required("key")?;
        let values = match condition.get("values") {
            Some(values) => values.list("items")?,
            None => Vec::new(),
        };
        let texts = values
            .into_iter()
            .map(|value| value.required("value").map(str::to_owned))
            .collect::<Result<Vec<_>, _>>()?;
        let key = ConditionKey::new(name);
        if test.context.iter().any(|(known, _)| *known == key) {
            test.remarks.push(format!("`{name}` is there twice; the first is taken"));
            continue;
        }
        match known::listed(name, texts) {
            Some(Known::State(state) | Known::Split(state)) => test.context.push((key, state)),
            Some(Known::Unclear(why)) => test.remarks.push(format!("{name} skipped: {why}")),
            None => unpublished.push(name),
        }
    }
    if !unpublished.is_empty() {
        let names = unpublished.join(", ");
        test.remarks
            .push(format!("skipped, because AWS publishes no such condition keys: {names}"));
        if unpublished.iter().any(|name| name.eq_ignore_ascii_case("aws:Region")) {
            test.remarks.push("AWS does not document whether `aws:Region` equals aws:RequestedRegion; set aws:RequestedRegion if you know it".to_owned());
        }
    }
    Ok(())
}

/// The statements that matched: AWS names them, and no policy.
fn matched(message: Field<'_>, test: &mut Test) -> Result<(), ImportError> {
    let list = |name: &str| match message.get(name) {
        Some(found) => found.list("items"),
        None => Ok(Vec::new()),
    };
    for statement in list("matchedStatements")? {
        let named = statement.text("statementId").map_or_else(
            || "a statement without a Sid".to_owned(),
            |sid| format!("the statement `{sid}`"),
        );
        let effect = statement.text("effect").unwrap_or("unknown");
        test.remarks
            .push(format!("AWS says that {named} matched ({effect}), but not in which policy"));
    }
    let failures = list("failures")?.len();
    if failures > 0 {
        test.remarks.push(format!(
            "the message lists {failures} `failures`, which AWS does not document; they are ignored"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Documents, read as read_files};
    use super::*;
    use iamsure_core::world::{KeyState, Principal};

    /// A message with these members in place of those of a plain one.
    fn message(other: &serde_json::Value) -> serde_json::Value {
        let mut message = serde_json::json!({
            "allowed": false,
            "explicitDeny": false,
            "matchedStatements": { "items": [] },
            "failures": { "items": [] },
            "context": {
                "principal": { "id": "AIDAEXAMPLEALICE", "name": "alice", "arn": "arn:aws:iam::111122223333:user/alice" },
                "action": "iam:PassRole",
                "resource": "arn:aws:iam::111122223333:role/app",
                "conditions": { "items": [] },
            },
        });
        for (name, value) in other.as_object().unwrap() {
            message[name] = value.clone();
        }
        message
    }

    fn imported(message: &serde_json::Value) -> Result<Test, ImportError> {
        let source = Source::new("file.json", message.to_string());
        read_files(&[source], None, &Documents::default()).map(|mut found| found.tests.remove(0))
    }

    fn of_context(name: &str, value: serde_json::Value) -> serde_json::Value {
        let mut context = message(&serde_json::json!({}))["context"].take();
        context[name] = value;
        message(&serde_json::json!({ "context": context }))
    }

    #[test]
    fn the_message_is_the_same_alone_and_in_the_answer() {
        let inner = message(&serde_json::json!({ "explicitDeny": true }));
        let answers = [
            inner.clone(),
            serde_json::json!({ "DecodedMessage": inner.to_string() }),
            serde_json::json!({ "DecodedMessage": inner }),
        ];
        for answer in answers {
            let test = imported(&answer).unwrap();
            assert_eq!(test.action.as_str(), "iam:PassRole");
            assert_eq!(test.resource.as_deref(), Some("arn:aws:iam::111122223333:role/app"));
            assert_eq!(test.expected, Expected::of(Word::ExplicitlyDenied));
            assert!(test.todo.is_empty(), "{:?}", test.todo);
            let Some(Principal::User { unique_id, .. }) = &test.principal else {
                panic!("{:?}", test.principal)
            };
            assert_eq!(unique_id.as_deref(), Some("AIDAEXAMPLEALICE"));
        }
    }

    #[test]
    fn what_was_decided_is_told_by_two_members() {
        for (allowed, explicit, word) in [
            (false, false, Word::ImplicitlyDenied),
            (false, true, Word::ExplicitlyDenied),
            (true, false, Word::Allowed),
        ] {
            let told = serde_json::json!({ "allowed": allowed, "explicitDeny": explicit });
            assert_eq!(imported(&message(&told)).unwrap().expected, Expected::of(word));
        }
    }

    #[test]
    fn keys_are_those_that_aws_publishes_with_as_many_values_as_it_says() {
        let item = |key: &str, values: &[&str]| {
            let values: Vec<_> =
                values.iter().map(|value| serde_json::json!({ "value": value })).collect();
            serde_json::json!({ "key": key, "values": { "items": values } })
        };
        let items = serde_json::json!({ "items": [
            item("iam:PassedToService", &["lambda.amazonaws.com"]),
            item("aws:TagKeys", &["team"]),
            item("aws:RequestTag/team", &["a"]),
            item("aws:SourceIp", &["203.0.113.7", "203.0.113.8"]),
            item("aws:Region", &["eu-west-1"]),
            item("iam:RoleName", &["app"]),
        ] });
        let test = imported(&of_context("conditions", items)).unwrap();
        let states: Vec<(&str, KeyState)> =
            test.context.iter().map(|(key, state)| (key.as_str(), state.clone())).collect();
        assert_eq!(
            states,
            [
                ("iam:PassedToService", KeyState::single("lambda.amazonaws.com")),
                ("aws:TagKeys", KeyState::Multi(vec!["team".to_owned()])),
                ("aws:RequestTag/team", KeyState::single("a")),
            ]
        );
        let remarks = test.remarks.join("\n");
        assert!(remarks.contains("aws:SourceIp skipped"), "{remarks}");
        assert!(remarks.contains("no such condition keys: aws:Region, iam:RoleName"), "{remarks}");
        assert!(remarks.contains("aws:RequestedRegion"), "{remarks}");
    }

    #[test]
    fn an_action_without_its_service_is_that_of_the_resource() {
        let mut of_ec2 = of_context("action", "RunInstances".into());
        of_ec2["context"]["resource"] = "arn:aws:ec2:eu-west-1:111122223333:instance/*".into();
        assert_eq!(imported(&of_ec2).unwrap().action.as_str(), "ec2:RunInstances");
        // IAM has no such action.
        assert!(imported(&of_context("action", "RunInstances".into())).is_err());
    }

    #[test]
    fn what_is_missing_is_to_do_or_an_error() {
        let masked =
            serde_json::json!({ "id": "AIDA", "arn": "arn:aws:iam::xxxxxxxxxxxx:user/alice" });
        let test = imported(&of_context("principal", masked)).unwrap();
        assert!(test.todo.join("").contains("set the caller"), "{:?}", test.todo);
        for broken in [
            serde_json::json!({ "DecodedMessage": "not json" }),
            serde_json::json!({ "DecodedMessage": 1 }),
            serde_json::json!({ "DecodedMessage": "{\"allowed\": true}" }),
            message(&serde_json::json!({ "allowed": null })),
            message(&serde_json::json!({ "matchedStatements": { "items": 1 } })),
            of_context("conditions", serde_json::json!({ "items": [{ "values": {} }] })),
        ] {
            let error = imported(&broken).unwrap_err();
            assert_eq!(error.file, "file.json", "{error}");
        }
    }

    #[test]
    fn a_statement_that_matched_is_named_and_no_policy_is_made_up() {
        let matched = serde_json::json!({ "explicitDeny": true, "matchedStatements": { "items": [
            { "statementId": "Guard", "effect": "DENY" }, { "statementId": "", "effect": "DENY" }
        ] } });
        let test = imported(&message(&matched)).unwrap();
        assert_eq!(test.expected.by, None);
        let remarks = test.remarks.join("\n");
        assert!(remarks.contains("the statement `Guard` matched (DENY)"), "{remarks}");
        assert!(remarks.contains("a statement without a Sid"), "{remarks}");
    }
}
