//! A request that an answer is about, as the request form reads it.

use iamsure_core::decision::Decision;
use iamsure_core::world::{Bucket, PolicySet, Principal, Request};
use serde_json::{Map, Value, json};

use super::{decision_word, state, statement};
use crate::request_form::BUCKET_FACTS;

/// The request. A key that is absent is `null`, as one that is not named.
pub fn request(request: &Request) -> Map<String, Value> {
    let Request { requester, context, .. } = request;
    let keys = context.entries().map(|(key, is)| (key.to_string(), state(is)));
    let mut form = Map::new();
    let mut add = |name: &str, value: Value| form.insert(name.to_owned(), value);
    add("principal", json!(requester.principal.display_arn()));
    if let Principal::RoleSession { role_arn: Some(role), .. } = &requester.principal {
        // The ARN of a session does not tell the path of its role.
        add("roleArn", json!(role));
    }
    if let Principal::FederatedUser { user_arn: Some(user), .. } = &requester.principal {
        // Nor does that of a federated user tell who started its session.
        add("userArn", json!(user));
    }
    add("action", json!(request.action.as_str()));
    add("resource", json!(request.resource));
    add("resourceAccount", json!(request.resource_account));
    add("context", Value::Object(keys.collect()));
    if requester.in_management_account {
        add("principalInManagementAccount", json!(true));
    }
    if request.resource_in_management_account {
        add("resourceInManagementAccount", json!(true));
    }
    if request.through_gateway_endpoint {
        add("gatewayEndpoint", json!(true));
    }
    if request.bucket != Bucket::default() {
        add("bucket", json!(facts(&request.bucket)));
    }
    form
}

/// The names of what is so of a bucket.
fn facts(bucket: &Bucket) -> Vec<&'static str> {
    let is_so = |set: fn(&mut Bucket)| {
        let mut with = *bucket;
        set(&mut with);
        with == *bucket
    };
    BUCKET_FACTS.iter().filter(|(_, set)| is_so(*set)).map(|(name, _)| *name).collect()
}

/// The request that shows something, with what is decided of it.
pub fn witness(asked: &Request, decision: &Decision, policies: &PolicySet) -> Value {
    let mut form = request(asked);
    form.insert("decision".to_owned(), json!(decision_word(decision.verdict)));
    form.insert("by".to_owned(), json!(decision.by.name()));
    let statements = decision.statements.iter().map(|id| statement(policies, *id));
    form.insert("statements".to_owned(), statements.collect());
    Value::Object(form)
}

#[cfg(test)]
mod tests {
    use iamsure_core::decision::evaluate;
    use iamsure_core::language::Profile;
    use iamsure_core::world::Switches;

    use super::*;
    use crate::request_form::read;

    const POLICIES: &str = r#"{"resource": {"Version": "2012-10-17", "Statement": [
        {"Sid": "Role", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/team/app"},
         "Action": "s3:GetObject", "Resource": "*", "Condition": {"Null": {"aws:SourceIp": "true"}}}]}}"#;

    fn line(principal: &str, beside: &str) -> String {
        format!(
            r#"{{"principal": {principal}, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k",
            "context": {{"aws:SourceIp": null, "aws:TagKeys": ["a"], "aws:userid": {{"unknown": true}}}},
            "policies": {POLICIES}{beside}}}"#
        )
    }

    /// What is decided, and the witness of it with the same policies.
    fn told(text: &str) -> (Request, Value) {
        let form = read(text, Profile::Strict).unwrap();
        let decided = evaluate(&form.policies, &form.request, &Switches::default());
        let mut value = witness(&form.request, decided.outcome.decided().unwrap(), &form.policies);
        let fields = value.as_object_mut().unwrap();
        fields.insert("policies".to_owned(), serde_json::from_str(POLICIES).unwrap());
        (form.request, value)
    }

    #[test]
    fn a_witness_is_a_request_that_is_decided_alike() {
        let role = r#"{"kind": "role", "arn": "arn:aws:iam::111122223333:role/team/app", "managementAccount": true}"#;
        let facts = r#", "resourceAccount": "111122223333", "gatewayEndpoint": true,
            "resourceInManagementAccount": true, "bucket": ["public-acl-grants", "ignore-public-acls"]"#;
        let (request, first) = told(&line(role, facts));
        let (again, second) = told(&first.to_string());
        assert_eq!(first.get("decision"), Some(&json!("allowed")), "{first}");
        assert_eq!(first, second);
        assert_eq!(again.requester, request.requester);
        assert_eq!(again.bucket, request.bucket);
        for (key, state) in request.context.entries() {
            assert_eq!(again.context.state(key), state, "{key}");
        }
    }

    #[test]
    fn a_principal_that_is_a_text_is_somebody() {
        let session = r#""arn:aws:sts::111122223333:assumed-role/app/s""#;
        for (principal, beside, says) in [
            (r#""alice""#, "", "is not a valid principal"),
            (
                session,
                r#", "roleArn": "arn:aws:iam::111122223333:role/other""#,
                "is not a session of",
            ),
            (
                session,
                r#", "roleArn": "arn:aws:iam::444455556666:role/app""#,
                "is not a session of",
            ),
            (
                r#""anonymous""#,
                r#", "roleArn": "arn:aws:iam::111122223333:role/app""#,
                "not a session of a role",
            ),
            (
                r#"{"kind": "anonymous"}"#,
                r#", "roleArn": "arn:aws:iam::111122223333:role/app""#,
                "a string",
            ),
        ] {
            let error = read(&line(principal, beside), Profile::Strict).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
            assert_eq!(error.code(), "bad-principal");
        }
    }
}
