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
