//! CloudTrail records.
//!
//! A record holds who called what, from where, and whether it failed. It does not hold the request
//! context: tags, organizations and most keys are not in it, nor are the policies. The parameters of
//! requests are never copied; of them only whether a version of an object is named is looked at.
//!
//! AWS pages: CloudTrail User Guide, `cloudtrail-event-reference-record-contents`,
//! `cloudtrail-event-reference-user-identity`.

mod request;

use iamsure_core::decision::exemption::exemption;
use iamsure_core::language::json;
use iamsure_core::language::{ActionName, Arn, PolicyType, Source};

use super::expected::{Expected, Word};
use super::field::{Field, ImportError};
use super::operation::{Operation, operation};
use super::{Import, Policies, Test, caller, sentence};

/// Error codes that say that a request was not authorized (X-8; SNS; network activity events).
const DENIALS: [&str; 6] = [
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedOperation",
    "VpceAccessDenied",
];

/// What every record leaves out.
const NEVER_TOLD: &str = "a CloudTrail record lacks most of the request context: tags (aws:PrincipalTag/…, aws:ResourceTag/…, aws:RequestTag/…), organizations (aws:PrincipalOrgID, aws:ResourceOrgID) and service-specific keys";
const SUCCESS: &str =
    "a successful call does not show which policies allowed it or which other actions it needed";
const TIME: &str =
    "aws:CurrentTime is the record's eventTime: when the call completed, to the second";

/// Reads a record, or a list of them.
///
/// # Errors
/// If something in it is not of the form.
pub(super) fn read(field: Field<'_>, import: &mut Import) -> Result<(), ImportError> {
    for record in field.list("Records")? {
        one(record, import)?;
    }
    for event in field.list("Events")? {
        embedded(event, import)?;
    }
    if field.get("CloudTrailEvent").is_some() {
        embedded(field, import)?;
    }
    if field.get("eventSource").is_some() {
        one(field, import)?;
    }
    Ok(())
}

/// A record as text, as `LookupEvents` answers.
fn embedded(event: Field<'_>, import: &mut Import) -> Result<(), ImportError> {
    let text = event.required("CloudTrailEvent")?;
    let source = Source::new(event.source.name(), text);
    let wrong =
        |message: &str| event.error(format!("its `CloudTrailEvent` cannot be read: {message}"));
    let value = json::read(&source).map_err(|error| wrong(&error.message))?;
    one(Field::new(&source, &value), import).map_err(|error| wrong(&error.message))
}

fn one(record: Field<'_>, import: &mut Import) -> Result<(), ImportError> {
    let event = record.required("eventName")?;
    let service = record.required("eventSource")?;
    let file = record.source.name();
    let id = record.text("eventID").unwrap_or("without eventID");
    let mut skip = |why: String| {
        import.notes.push(format!("{file}: record {id} ({event}) skipped: {why}"));
    };
    let kind = record.text("eventType").unwrap_or("AwsApiCall");
    if !["AwsApiCall", "AwsVpceEvents"].contains(&kind) {
        skip(format!("its type `{kind}` is not an API call that policies decide"));
        return Ok(());
    }
    let message = record.text("errorMessage").unwrap_or_default();
    let read = sentence::read(message);
    let denied = match record.text("errorCode") {
        None => false,
        Some(code) => {
            let code = code.strip_prefix("Client.").unwrap_or(code);
            if !DENIALS.contains(&code) && !sentence::is_denial(message) {
                skip(format!("error `{code}` is not an authorization error"));
                return Ok(());
            }
            true
        }
    };
    let of_a_version = record.find(&["requestParameters", "versionId"]).is_some();
    let Some(operation) = operation(service, event, of_a_version) else {
        skip(format!("no IAM action of {service} has the event's name"));
        return Ok(());
    };
    let Some(identity) = record.get("userIdentity") else {
        skip("it has no `userIdentity`".to_owned());
        return Ok(());
    };
    import.remark(NEVER_TOLD);
    import.remark(TIME);
    if !denied {
        import.remark(SUCCESS);
    }
    let mut remarks = Vec::new();
    let mut todo = Vec::new();
    let action = action(&operation, denied, read.action, &mut remarks, &mut todo);
    let principal = caller::of_record(identity).map_err(|why| todo.push(why)).ok();
    let (resource, resource_account) =
        resource(record, &action, read.resource.filter(|_| denied), &mut todo);
    let expected = expected(denied, &action, record.text("errorCode"), &read, &mut remarks);
    let who = principal.as_ref().map_or_else(|| "somebody".to_owned(), caller::short_name);
    let time = record.text("eventTime");
    let mut test = Test {
        name: format!(
            "{action} by {who}{} is {}",
            time.map_or_else(String::new, |time| format!(" at {time}")),
            expected.word.as_str()
        ),
        source: format!("CloudTrail record {id} ({file})"),
        principal,
        action,
        resource,
        resource_account,
        context: Vec::new(),
        path: None,
        expected,
        policies: Policies::NotTold(format!("the policies of {who}")),
        remarks,
        todo,
    };
    request::said_of_request(record, identity, &mut test);
    import.tests.push(test);
    Ok(())
}

/// The action: as the message names it, or as the event is called.
fn action(
    operation: &Operation,
    denied: bool,
    named: Option<&str>,
    remarks: &mut Vec<String>,
    todo: &mut Vec<String>,
) -> ActionName {
    if denied && let Some(action) = named.and_then(|name| ActionName::parse(name).ok()) {
        return action;
    }
    match operation {
        Operation::Documented(action, page) => {
            remarks.push(format!("the action is the one AWS documents for the event ({page})"));
            action.clone()
        }
        Operation::SameName(action) => {
            remarks.push(
                "the action is inferred from the event name: AWS publishes an action of that name"
                    .to_owned(),
            );
            action.clone()
        }
        Operation::Unclear(action, why) => {
            todo.push(format!("set the action: {why}"));
            action.clone()
        }
    }
}

/// The resource and its account: as the message names it, or the one that the record lists and that
/// fits the action.
fn resource(
    record: Field<'_>,
    action: &ActionName,
    named: Option<&str>,
    todo: &mut Vec<String>,
) -> (Option<String>, Option<String>) {
    let listed: Vec<(&str, Option<&str>)> = record
        .list("resources")
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| Some((item.text("ARN")?, item.text("accountId"))))
        .filter(|(arn, _)| Arn::split(arn).is_some())
        .collect();
    let owner = |resource: &str| {
        let in_arn = Arn::split(resource).is_some_and(|arn| !arn.account.is_empty());
        // An object is its bucket's owner's, where its own entry does not say whose it is.
        let is_of = |arn: &str| {
            arn == resource || resource.strip_prefix(arn).is_some_and(|rest| rest.starts_with('/'))
        };
        let account = listed.iter().find_map(|(arn, account)| account.filter(|_| is_of(arn)));
        account.filter(|_| !in_arn).map(str::to_owned)
    };
    if let Some(resource) = named.filter(|text| *text == "*" || Arn::split(text).is_some()) {
        return (Some(resource.to_owned()), owner(resource));
    }
    let known = iamsure_reference::action(action.as_str()).known();
    let types = || known.into_iter().flat_map(iamsure_reference::Action::resource_types);
    if known.is_some() && types().next().is_none() {
        return (Some("*".to_owned()), None);
    }
    let needs_one = types().any(|kind| kind.required);
    let mut fitting: Vec<&str> = listed
        .iter()
        .map(|(arn, _)| *arn)
        .filter(|arn| types().any(|kind| (kind.required || !needs_one) && kind.fits(arn)))
        .collect();
    fitting.dedup();
    match fitting.as_slice() {
        [only] => (Some((*only).to_owned()), owner(only)),
        [] => {
            todo.push(
                "set the resource: the record lists none that the action applies to".to_owned(),
            );
            (None, None)
        }
        several => {
            todo.push(format!(
                "set the resource: the record lists several ({})",
                several.join(", ")
            ));
            (None, None)
        }
    }
}

fn expected(
    denied: bool,
    action: &ActionName,
    code: Option<&str>,
    read: &sentence::Sentence<'_>,
    remarks: &mut Vec<String>,
) -> Expected {
    if !denied {
        return Expected::of(if exemption(action).is_some() {
            Word::Exempt
        } else {
            Word::Allowed
        });
    }
    if code == Some("VpceAccessDenied") {
        remarks.push("a network activity event names the VPC endpoint policy, but not whether a Deny in it matched".to_owned());
        return Expected::by(Word::Denied, PolicyType::Endpoint);
    }
    remarks.extend(read.remarks());
    read.expected.clone()
}
