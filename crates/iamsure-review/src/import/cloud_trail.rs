//! CloudTrail records.
//!
//! A record holds who called what, from where, and whether it failed. It does not hold the request
//! context: tags, organizations and most keys are not in it, nor are the policies. The parameters of
//! requests are never copied; of them only whether a version of an object is named is looked at.
//!
//! AWS pages: CloudTrail User Guide, `cloudtrail-event-reference-record-contents`,
//! `cloudtrail-event-reference-user-identity`.

use std::net::IpAddr;

use iamsure_core::decision::exemption::exemption;
use iamsure_core::language::json::{self, Json};
use iamsure_core::language::{ActionName, Arn, PolicyType, Source};
use iamsure_core::world::{KeyState, Principal};

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
const NEVER_TOLD: &str = "a CloudTrail record does not hold the request context: tags (aws:PrincipalTag/…, aws:ResourceTag/…, aws:RequestTag/…), organizations (aws:PrincipalOrgID, aws:ResourceOrgID) and the service's own keys are not in it";
const SUCCESS: &str = "a success does not say which policies allowed it, nor which other actions the same call needed";
const TIME: &str =
    "aws:CurrentTime is the eventTime of the record: when the call was completed, to the second";

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
        import.notes.push(format!("{file}: the record {id} ({event}) is left out: {why}"));
    };
    let kind = record.text("eventType").unwrap_or("AwsApiCall");
    if !["AwsApiCall", "AwsVpceEvents"].contains(&kind) {
        skip(format!("its type `{kind}` is no call of an API that policies decide"));
        return Ok(());
    }
    let message = record.text("errorMessage").unwrap_or_default();
    let read = sentence::read(message);
    let denied = match record.text("errorCode") {
        None => false,
        Some(code) => {
            let code = code.strip_prefix("Client.").unwrap_or(code);
            if !DENIALS.contains(&code) && !sentence::is_denial(message) {
                skip(format!("its error `{code}` says nothing of authorization"));
                return Ok(());
            }
            true
        }
    };
    let of_a_version = record.find(&["requestParameters", "versionId"]).is_some();
    let Some(operation) = operation(service, event, of_a_version) else {
        skip(format!("no IAM action is called like the event of {service}"));
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
    said_of_request(record, identity, &mut test);
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
            remarks
                .push(format!("the action is the one that AWS documents for the event ({page})"));
            action.clone()
        }
        Operation::SameName(action) => {
            remarks.push(
                "the action is taken from the name of the event: AWS publishes one of that name"
                    .to_owned(),
            );
            action.clone()
        }
        Operation::Unclear(action, why) => {
            todo.push(format!("name the action: {why}"));
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
        let of = listed.iter().find(|(arn, _)| {
            *arn == resource || resource.strip_prefix(arn).is_some_and(|rest| rest.starts_with('/'))
        });
        of.and_then(|(_, account)| *account).filter(|_| !in_arn).map(str::to_owned)
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
                "name the resource: the record does not list one that the action works on"
                    .to_owned(),
            );
            (None, None)
        }
        several => {
            todo.push(format!(
                "name the resource: the record lists several ({})",
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
        remarks.push("a network activity event names the VPC endpoint policy, and not whether a Deny in it matched".to_owned());
        return Expected::by(Word::Denied, PolicyType::Endpoint);
    }
    match (&read.expected.by, read.policy) {
        (None, _) => remarks.push("the message does not say which layer denied: AWS leaves that out across organizations, and some services always do".to_owned()),
        (Some(_), Some(policy)) => remarks.push(format!("the message names the policy {policy}, and no statement; other layers may have denied as well")),
        (Some(_), None) => remarks.push("the message names one layer, and neither a policy nor a statement; other layers may have denied as well".to_owned()),
    }
    if let Some(id) = read.authorization {
        remarks.push(format!("for a day AWS tells more: aws iam-toolbox get-request-authorization-details --authorization-id {id}"));
    }
    read.expected.clone()
}

/// The condition keys that a record tells, and how the call arrived.
fn said_of_request(record: Field<'_>, identity: Field<'_>, test: &mut Test) {
    arrival(record, identity, test);
    if let Some(region) = record.text("awsRegion") {
        test.say("aws:RequestedRegion", KeyState::single(region));
    }
    if let Some(time) = record.text("eventTime") {
        test.say("aws:CurrentTime", KeyState::single(time));
    }
    if record.get("tlsDetails").is_some() {
        test.say("aws:SecureTransport", KeyState::single("true"));
    }
    credentials(identity, test);
}

/// Whether a service called on, through which endpoint, and from where.
fn arrival(record: Field<'_>, identity: Field<'_>, test: &mut Test) {
    let is_member = !matches!(
        test.principal,
        None | Some(
            Principal::Service { .. } | Principal::Anonymous | Principal::FederatedCaller { .. }
        )
    );
    let address =
        record.text("sourceIPAddress").and_then(|text| text.parse::<IpAddr>().ok().map(|_| text));
    let endpoint = record.text("vpcEndpointId");
    match identity.text("invokedBy") {
        Some(service) if is_member => {
            let server = service.strip_suffix(".amazonaws.com");
            test.path = MCP_PATHS.into_iter().find(|path| path.strip_prefix("mcp:") == server);
            match test.path {
                Some(_) => test.remarks.push(format!("the call path is taken from `invokedBy` ({service}); whether services called on is not recorded")),
                None => test.remarks.push(format!("{service} made the call: for the caller (a forward access session) or with a role of its own; the record does not say which, so that aws:ViaAWSService, aws:CalledVia and the network keys are unknown")),
            }
            return;
        }
        Some(_) => return,
        None if is_member => {
            test.path = Some(match (endpoint, address) {
                (Some(_), _) => "direct/vpce",
                (None, Some(address)) if is_public(address) => "direct/internet",
                (None, _) => "direct",
            });
            test.remarks.push("the call path is direct: CloudTrail writes `invokedBy` where a service makes the call".to_owned());
        }
        None => {}
    }
    match (endpoint, address) {
        (Some(endpoint), address) => {
            test.say("aws:SourceVpce", KeyState::single(endpoint));
            if let Some(address) = address {
                test.say("aws:VpcSourceIp", KeyState::single(address));
            }
        }
        (None, Some(address)) if is_public(address) => {
            test.say("aws:SourceIp", KeyState::single(address));
        }
        (None, _) => test.remarks.push(
            "the record does not tell where the call came from (aws:SourceIp, aws:SourceVpce)"
                .to_owned(),
        ),
    }
    let is_s3 = record.text("eventSource") == Some("s3.amazonaws.com");
    // S3 writes it in brackets, and long ones are cut.
    if let Some(agent) = record.text("userAgent").filter(|agent| !is_s3 && agent.len() < 1000) {
        test.say("aws:UserAgent", KeyState::single(agent));
    }
}

/// The call paths of AWS's MCP servers.
const MCP_PATHS: [&str; 4] =
    ["mcp:aws-mcp", "mcp:eks-mcp", "mcp:ecs-mcp", "mcp:sagemaker-unified-studio-mcp"];

/// The keys of temporary credentials (K-10).
fn credentials(identity: Field<'_>, test: &mut Test) {
    let attributes = identity.find(&["sessionContext", "attributes"]);
    let attribute = |name: &str| attributes.and_then(|attributes| attributes.get(name));
    // AWS gives long-term access keys names that start with AKIA.
    let is_long_term = attributes.is_none()
        && identity.text("accessKeyId").is_some_and(|id| id.starts_with("AKIA"));
    if is_long_term {
        for key in ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime"] {
            test.say(key, KeyState::Absent);
        }
        return;
    }
    match attribute("mfaAuthenticated").and_then(Field::as_bool) {
        Some(true) => test.say("aws:MultiFactorAuthPresent", KeyState::single("true")),
        Some(false) => test.remarks.push("`mfaAuthenticated` is false: aws:MultiFactorAuthPresent may be false, or absent as for sign-ins outside AWS".to_owned()),
        None => {}
    }
    let issued = attribute("creationDate").map(|field| &field.value.value);
    if let Some(Json::Text(issued)) = issued {
        test.say("aws:TokenIssueTime", KeyState::single(issued.as_str()));
    }
    if let Some(source) =
        identity.find(&["sessionContext"]).and_then(|session| session.text("sourceIdentity"))
    {
        test.say("aws:SourceIdentity", KeyState::single(source));
    }
}

/// Whether an address is one of the internet: a private one comes through an endpoint, or from inside.
fn is_public(address: &str) -> bool {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => {
            let [first, second, ..] = v4.octets();
            // RFC 6598: carrier-grade NAT.
            let is_shared = first == 100 && (64..128).contains(&second);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || is_shared)
        }
        Ok(IpAddr::V6(v6)) => {
            !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_unique_local()
                || v6.is_unicast_link_local())
        }
        Err(_) => false,
    }
}
