//! A request that an answer is about, as the request form reads it.

use iamsure_core::decision::Decision;
use iamsure_core::world::{Bucket, Context, PolicySet, Principal, Request};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::{StateForm, StatementForm, decision_word};
use crate::request_form::BUCKET_FACTS;

/// The request. A key that is absent is `null`, as one that is not named.
pub fn request(request: &Request) -> Map<String, Value> {
    match json!(Asked(request)) {
        Value::Object(form) => form,
        _ => Map::new(),
    }
}

struct Asked<'a>(&'a Request);

impl Serialize for Asked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_map(None)?;
        self.add_to(&mut form)?;
        form.end()
    }
}

impl Asked<'_> {
    fn add_to<M: SerializeMap>(&self, form: &mut M) -> Result<(), M::Error> {
        let Self(request) = self;
        let requester = &request.requester;
        form.serialize_entry("principal", &requester.principal.shown_arn())?;
        if let Principal::RoleSession { role_arn: Some(role), .. } = &requester.principal {
            // The ARN of a session does not tell the path of its role.
            form.serialize_entry("roleArn", role)?;
        }
        if let Principal::FederatedUser { user_arn: Some(user), .. } = &requester.principal {
            // Nor does that of a federated user tell who started its session.
            form.serialize_entry("userArn", user)?;
        }
        form.serialize_entry("action", request.action.as_str())?;
        form.serialize_entry("resource", &request.resource)?;
        form.serialize_entry("resourceAccount", &request.resource_account)?;
        form.serialize_entry("context", &Keys(&request.context))?;
        if requester.in_management_account {
            form.serialize_entry("principalInManagementAccount", &true)?;
        }
        if request.resource_in_management_account {
            form.serialize_entry("resourceInManagementAccount", &true)?;
        }
        if request.through_gateway_endpoint {
            form.serialize_entry("gatewayEndpoint", &true)?;
        }
        if request.bucket != Bucket::default() {
            form.serialize_entry("bucket", &facts(&request.bucket))?;
        }
        Ok(())
    }
}

/// The keys that were set.
struct Keys<'a>(&'a Context);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.entries().map(|(key, is)| (key.as_str(), StateForm(is))))
    }
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
    json!(Witness { asked, decision, policies })
}

/// As [`witness`], for what is written at once.
#[derive(Clone, Copy, Debug)]
pub struct Witness<'a> {
    /// The request.
    pub asked: &'a Request,
    /// What is decided of it.
    pub decision: &'a Decision,
    /// By which policies.
    pub policies: &'a PolicySet,
}

impl Serialize for Witness<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_map(None)?;
        Asked(self.asked).add_to(&mut form)?;
        form.serialize_entry("decision", decision_word(self.decision.verdict))?;
        form.serialize_entry("by", self.decision.by.name())?;
        let statements = self.decision.statements.iter();
        let statements: Vec<_> =
            statements.map(|id| StatementForm::new(self.policies, *id)).collect();
        form.serialize_entry("statements", &statements)?;
        form.end()
    }
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
