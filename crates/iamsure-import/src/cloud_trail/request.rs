//! What a record tells of the request context: how the call arrived, from where, with what credentials.

use std::net::IpAddr;

use iamsure_core::language::json::Json;
use iamsure_core::world::{KeyState, Principal};

use super::super::Test;
use super::super::field::Field;

/// The condition keys that a record tells, and how the call arrived.
pub(super) fn said_of_request(record: Field<'_>, identity: Field<'_>, test: &mut Test) {
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
                Some(_) => test.remarks.push(format!("the call path is inferred from `invokedBy` ({service}); further service calls are not recorded")),
                None => test.remarks.push(format!("{service} made the call, either for the caller (a forward access session) or with its own role; the record does not say which, so aws:ViaAWSService, aws:CalledVia and the network keys are unknown")),
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
            test.remarks.push("the call path is direct: CloudTrail sets `invokedBy` when a service makes the call".to_owned());
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
            "the record does not contain the origin of the call (aws:SourceIp, aws:SourceVpce)"
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
        Some(false) => test.remarks.push("`mfaAuthenticated` is false: aws:MultiFactorAuthPresent may be false or, for sign-ins outside AWS, absent".to_owned()),
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
