use iamsure_core::language::{PolicyType, Profile, Source};
use iamsure_core::world::Principal;

use super::*;
use iamsure_review::suite_text::{PolicyText, SetText};

const DENIAL: &str = include_str!("../../../corpus/import/denial.json");
const TRAIL: &str = include_str!("../../../corpus/import/trail.json");
const REQUEST: &str = include_str!("../../../corpus/import/simulation-request.json");
const RESULT: &str = include_str!("../../../corpus/import/simulation-result.json");
const GUARDRAIL: &str = include_str!("../../../corpus/guardrails/toolhive-s3-readonly.json");
const FULL_ACCESS: &str = include_str!("../../../corpus/import/full-access.json");

const GUARDRAIL_URI: &str = "arn:aws:iam::111122223333:policy/OnlyThroughMcp";
const FULL_ACCESS_URI: &str =
    "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess";

fn imported(texts: &[&str]) -> Result<Import, ImportError> {
    let sources: Vec<Source> = texts.iter().map(|text| Source::new("file.json", *text)).collect();
    read(&sources, None, &Documents::default())
}

fn documents() -> Documents {
    let mut documents = Documents::default();
    documents.add(GUARDRAIL_URI, &Source::new("guardrail.json", GUARDRAIL)).unwrap();
    documents.add(FULL_ACCESS_URI, &Source::new("full.json", FULL_ACCESS)).unwrap();
    documents
}

fn denial(text: &str) -> Test {
    let source = Source::new("denial.json", text);
    read(&[source], None, &documents()).unwrap().tests.remove(0)
}

fn state<'a>(test: &'a Test, key: &str) -> Option<&'a KeyState> {
    let key = ConditionKey::new(key);
    test.context.iter().find(|(known, _)| *known == key).map(|(_, state)| state)
}

fn single(text: &str) -> KeyState {
    KeyState::single(text)
}

/// The suite, which is YAML.
fn yaml(import: &Import, given: Option<&SetText>) -> serde_json::Value {
    let text = suite_text(import, given, false).to_string();
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A record: the members of `other` in place of those of a plain one.
fn record(other: &serde_json::Value) -> String {
    let mut record = serde_json::json!({
        "eventSource": "sqs.amazonaws.com",
        "eventName": "DeleteQueue",
        "eventID": "e-1",
        "eventTime": "2026-05-02T10:00:00Z",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "agent/1",
        "requestParameters": { "password": "hunter2" },
        "resources": [{ "ARN": "arn:aws:sqs:eu-central-1:111122223333:jobs", "accountId": "111122223333" }],
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAALICE", "accountId": "111122223333",
            "arn": "arn:aws:iam::111122223333:user/alice", "accessKeyId": "AKIASECRET",
        },
    });
    for (name, value) in other.as_object().unwrap() {
        record[name] = value.clone();
    }
    record.to_string()
}

fn of_record(other: &serde_json::Value) -> Test {
    let import = imported(&[&record(other)]).unwrap();
    assert_eq!(import.notes, Vec::<String>::new());
    import.tests.into_iter().next().unwrap()
}

#[test]
fn a_denial_brings_its_context_and_policies() {
    let test = denial(DENIAL);
    assert_eq!(test.expected.to_string(), "explicitly denied by DenyUnlessThroughMcp");
    assert_eq!(state(&test, "aws:ViaAWSMCPService"), Some(&single("false")));
    assert_eq!(state(&test, "aws:SecureTransport"), Some(&single("true")));
    let paths = KeyState::Multi(vec!["o-exampleorgid/r-examp/".to_owned()]);
    assert_eq!(state(&test, "aws:PrincipalOrgPaths"), Some(&paths));
    assert_eq!(state(&test, "aws:SourceVpce"), None, "it is not listed, and so unknown");
    let Some(Principal::RoleSession { arn, role_arn, role_id, .. }) = &test.principal else {
        panic!("{:?}", test.principal)
    };
    assert_eq!(arn, "arn:aws:sts::111122223333:assumed-role/reader/smoke-test");
    assert_eq!(role_arn.as_deref(), Some("arn:aws:iam::111122223333:role/agents/reader"));
    assert_eq!(role_id.as_deref(), Some("AROAEXAMPLEREADER"));
    let Policies::Captured(captured) = &test.policies else { panic!("{:?}", test.policies) };
    let set = captured.policy_set(Profile::Strict).unwrap();
    assert_eq!((set.identity.len(), set.scp.len()), (1, 2), "the policy is attached on two levels");
    assert_eq!(agreement(&test, &set), Agreement::Agrees);
}

#[test]
fn a_denial_without_documents_waits_for_them() {
    let import = imported(&[DENIAL]).unwrap();
    let Policies::NotTold(whose) = &import.tests[0].policies else { panic!("captured") };
    assert!(whose.contains(GUARDRAIL_URI), "{whose}");
    let found = yaml(&import, None);
    assert!(found["tests"][0]["todo"].as_str().unwrap().contains(GUARDRAIL_URI));
    // Without the document nobody knows whether the Sid is one that AWS made up.
    assert_eq!(found["tests"][0]["expect"], "explicitly denied by identity");
}

#[test]
fn a_sid_that_aws_made_up_is_not_named() {
    let test =
        denial(&DENIAL.replace("\"sid\": \"DenyUnlessThroughMcp\"", "\"sid\": \"Statement1\""));
    assert_eq!(test.expected.to_string(), "explicitly denied by identity");
}

#[test]
fn several_layers_that_denied_are_not_put_in_order() {
    let denied = DENIAL.replacen(
        "\"evaluatedEffect\": \"ALLOW\",\n          \"relevant",
        "\"evaluatedEffect\": \"EXPLICIT_DENY\",\n          \"relevant",
        1,
    );
    assert_ne!(denied, DENIAL);
    let test = denial(&denied);
    assert_eq!(test.expected.to_string(), "explicitly denied");
    assert!(
        test.remarks
            .iter()
            .any(|remark| remark.contains("service control policy, identity-based policy")),
        "{:?}",
        test.remarks
    );
}

#[test]
fn an_implicit_denial_names_the_layer_of_its_check() {
    let implicit =
        DENIAL.replace("EXPLICIT_DENY", "IMPLICIT_DENY").replace("\"DENY\"", "\"ALLOW\"");
    assert_eq!(denial(&implicit).expected.to_string(), "implicitly denied by identity");
}

#[test]
fn a_decision_of_aws_that_is_not_ours_is_said() {
    let test = denial(
        &DENIAL
            .replace("\"aws:ViaAWSMCPService\": \"false\"", "\"aws:ViaAWSMCPService\": \"true\""),
    );
    let Policies::Captured(captured) = &test.policies else { panic!("{:?}", test.policies) };
    let set = captured.policy_set(Profile::Strict).unwrap();
    assert_eq!(
        agreement(&test, &set),
        Agreement::Differs("implicitly denied by identity".to_owned())
    );
    // Not listed, it is unknown: then it may be either.
    let test = denial(&DENIAL.replace("    \"aws:ViaAWSMCPService\": \"false\",\n", ""));
    assert_eq!(agreement(&test, &set), Agreement::Depends(vec!["aws:ViaAWSMCPService".into()]));
    assert_eq!(
        not_told(&test, &set),
        ["aws:CalledViaAWSMCP".into(), "aws:ViaAWSMCPService".into()] as [ConditionKey; 2]
    );
}

#[test]
fn a_record_tells_who_what_and_from_where() {
    let test = of_record(&serde_json::json!({}));
    assert_eq!(test.action.as_str(), "sqs:DeleteQueue");
    assert_eq!(test.resource.as_deref(), Some("arn:aws:sqs:eu-central-1:111122223333:jobs"));
    assert_eq!(test.expected.to_string(), "allowed");
    assert_eq!(test.path, Some("direct/internet"));
    assert_eq!(state(&test, "aws:SourceIp"), Some(&single("203.0.113.7")));
    assert_eq!(state(&test, "aws:RequestedRegion"), Some(&single("eu-central-1")));
    assert_eq!(state(&test, "aws:CurrentTime"), Some(&single("2026-05-02T10:00:00Z")));
    assert_eq!(state(&test, "aws:UserAgent"), Some(&single("agent/1")));
    assert_eq!(
        state(&test, "aws:MultiFactorAuthPresent"),
        Some(&KeyState::Absent),
        "a long-term key"
    );
    assert_eq!(state(&test, "aws:SecureTransport"), None, "no tlsDetails");
    assert_eq!(state(&test, "aws:PrincipalOrgID"), None);
    assert!(matches!(test.policies, Policies::NotTold(_)));
}

#[test]
fn secrets_of_a_record_are_not_copied() {
    let import = imported(&[&record(&serde_json::json!({}))]).unwrap();
    let text = suite_text(&import, None, false).to_string();
    assert!(!text.contains("hunter2") && !text.contains("AKIASECRET"), "{text}");
}

#[test]
fn errors_that_are_no_denial_are_left_out() {
    for (other, why) in [
        (serde_json::json!({ "errorCode": "ThrottlingException" }), "not an authorization error"),
        (serde_json::json!({ "eventType": "AwsServiceEvent" }), "not an API call"),
        (serde_json::json!({ "eventName": "Console Login" }), "no IAM action"),
    ] {
        let import = imported(&[&record(&other)]).unwrap();
        assert!(import.tests.is_empty());
        assert!(
            import.notes[0].contains(why) && import.notes[0].contains("e-1"),
            "{:?}",
            import.notes
        );
    }
}

#[test]
fn the_message_of_a_denial_goes_before_the_event() {
    let message = "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sqs:purgequeue on resource: arn:aws:sqs:eu-central-1:111122223333:other because no service control policy allows the sqs:purgequeue action";
    let test =
        of_record(&serde_json::json!({ "errorCode": "AccessDenied", "errorMessage": message }));
    assert_eq!(test.action.as_str(), "sqs:purgequeue");
    assert_eq!(test.resource.as_deref(), Some("arn:aws:sqs:eu-central-1:111122223333:other"));
    assert_eq!(test.expected.to_string(), "implicitly denied by scp");
    let bare = of_record(&serde_json::json!({ "errorCode": "Client.UnauthorizedOperation" }));
    assert_eq!(bare.expected.to_string(), "denied");
    let endpoint = of_record(
        &serde_json::json!({ "errorCode": "VpceAccessDenied", "eventType": "AwsVpceEvents" }),
    );
    assert_eq!(endpoint.expected, Expected::by(Word::Denied, PolicyType::Endpoint));
}

#[test]
fn what_the_record_leaves_open_is_to_do() {
    let no_resource = of_record(&serde_json::json!({ "resources": null }));
    assert_eq!(no_resource.resource, None);
    assert!(no_resource.todo[0].contains("set the resource"), "{:?}", no_resource.todo);
    let unclear = of_record(&serde_json::json!({ "eventName": "MadeUp" }));
    assert!(unclear.todo[0].contains("set the action"), "{:?}", unclear.todo);
    let other_account = of_record(&serde_json::json!({
        "userIdentity": { "type": "AWSAccount", "accountId": "999988887777", "principalId": "AIDAX" },
    }));
    assert!(other_account.todo[0].contains("999988887777"), "{:?}", other_account.todo);
    assert_eq!(other_account.principal, None);
    let without_types =
        of_record(&serde_json::json!({ "eventName": "ListQueues", "resources": [] }));
    assert_eq!((without_types.resource.as_deref(), without_types.todo.len()), (Some("*"), 0));
}

#[test]
fn exempt_operations_were_not_allowed_by_anybody() {
    let test = of_record(
        &serde_json::json!({ "eventSource": "sts.amazonaws.com", "eventName": "GetCallerIdentity" }),
    );
    assert_eq!(test.expected.to_string(), "exempt");
}

#[test]
fn every_caller_of_a_record_is_told() {
    let caller = |identity: serde_json::Value| {
        of_record(&serde_json::json!({ "userIdentity": identity })).principal.unwrap()
    };
    let account = "111122223333".to_owned();
    let root = serde_json::json!({ "type": "Root", "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:root" });
    assert_eq!(caller(root.clone()), Principal::Root { account: account.clone() });
    let mut assumed = root;
    assumed["sessionContext"] = serde_json::json!({ "assumedRoot": "true" });
    assert!(matches!(caller(assumed), Principal::AssumeRoot { .. }));
    let service =
        serde_json::json!({ "type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com" });
    assert_eq!(caller(service), Principal::Service { name: "cloudtrail.amazonaws.com".to_owned() });
    let token =
        serde_json::json!({ "type": "WebIdentityUser", "identityProvider": "accounts.google.com" });
    assert_eq!(
        caller(token),
        Principal::FederatedCaller { provider: "accounts.google.com".to_owned() }
    );
    let federated = serde_json::json!({
        "type": "FederatedUser", "accountId": "111122223333", "arn": "arn:aws:sts::111122223333:federated-user/bob",
        "sessionContext": { "sessionIssuer": { "arn": "arn:aws:iam::111122223333:user/alice" } },
    });
    let wanted = Principal::FederatedUser {
        account,
        arn: "arn:aws:sts::111122223333:federated-user/bob".to_owned(),
        user_arn: Some("arn:aws:iam::111122223333:user/alice".to_owned()),
    };
    assert_eq!(caller(federated), wanted);
    let nobody = serde_json::json!({ "type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL" });
    assert_eq!(caller(nobody), Principal::Anonymous);
}

#[test]
fn a_path_is_told_only_by_who_made_the_call() {
    let path = |other: serde_json::Value| of_record(&other).path;
    let identity = |service: &str| {
        serde_json::json!({ "userIdentity": {
            "type": "IAMUser", "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:user/alice", "invokedBy": service,
        } })
    };
    assert_eq!(path(identity("aws-mcp.amazonaws.com")), Some("mcp:aws-mcp"));
    assert_eq!(path(identity("cloudformation.amazonaws.com")), None);
    let forwarded = of_record(&identity("cloudformation.amazonaws.com"));
    assert_eq!(state(&forwarded, "aws:SourceIp"), None, "nobody says whose address it is");
    let endpoint =
        of_record(&serde_json::json!({ "vpcEndpointId": "vpce-1", "sourceIPAddress": "10.0.0.1" }));
    assert_eq!(endpoint.path, Some("direct/vpce"));
    assert_eq!(state(&endpoint, "aws:VpcSourceIp"), Some(&single("10.0.0.1")));
    let private = of_record(&serde_json::json!({ "sourceIPAddress": "10.0.0.1" }));
    assert_eq!((private.path, state(&private, "aws:SourceIp")), (Some("direct"), None));
    let inside = of_record(&serde_json::json!({ "sourceIPAddress": "AWS Internal" }));
    assert_eq!((inside.path, state(&inside, "aws:SourceIp")), (Some("direct"), None));
}

#[test]
fn every_path_that_is_told_is_a_built_in_one() {
    use iamsure_core::world::call_path::MCP_SERVERS;
    use iamsure_core::world::{CallPath, Switches};
    let servers = MCP_SERVERS.map(|server| format!("{server}.amazonaws.com"));
    for server in servers {
        let test = of_record(&serde_json::json!({ "userIdentity": {
            "type": "IAMUser", "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:user/alice", "invokedBy": server,
        } }));
        assert!(CallPath::named(test.path.unwrap(), &Switches::default()).is_ok(), "{server}");
    }
    for path in ["direct", "direct/vpce", "direct/internet"] {
        assert!(CallPath::named(path, &Switches::default()).is_ok(), "{path}");
    }
}

#[test]
fn mfa_that_is_false_may_be_absent() {
    let session = |mfa: &str| {
        of_record(&serde_json::json!({ "userIdentity": {
            "type": "AssumedRole", "accountId": "111122223333", "principalId": "AROAAPP:s",
            "arn": "arn:aws:sts::111122223333:assumed-role/app/s",
            "sessionContext": {
                "sessionIssuer": { "arn": "arn:aws:iam::111122223333:role/team/app" },
                "attributes": { "mfaAuthenticated": mfa, "creationDate": "2026-05-02T09:00:00Z" },
            },
        } }))
    };
    assert_eq!(state(&session("true"), "aws:MultiFactorAuthPresent"), Some(&single("true")));
    assert_eq!(state(&session("false"), "aws:MultiFactorAuthPresent"), None);
    assert_eq!(
        state(&session("false"), "aws:TokenIssueTime"),
        Some(&single("2026-05-02T09:00:00Z"))
    );
}

#[test]
fn records_come_in_several_wrappings() {
    let one = record(&serde_json::json!({}));
    let lines = format!("{one}\n\n{one}\n");
    let looked_up =
        serde_json::json!({ "Events": [{ "EventId": "e", "CloudTrailEvent": one }] }).to_string();
    let file = format!("{{ \"Records\": [{one}, {one}] }}");
    for (text, count) in [(&one, 1), (&lines, 2), (&looked_up, 1), (&file, 2)] {
        assert_eq!(imported(&[text]).unwrap().tests.len(), count, "{text}");
    }
    // Names are unique in a suite.
    let found = yaml(&imported(&[&lines]).unwrap(), None);
    assert_ne!(found["tests"][0]["name"], found["tests"][1]["name"]);
}

#[test]
fn a_simulation_brings_its_policies_and_missing_keys() {
    let import = imported(&[REQUEST, RESULT]).unwrap();
    let [read, delete] = import.tests.as_slice() else { panic!("{import:?}") };
    assert_eq!(read.expected.to_string(), "allowed");
    assert_eq!(delete.expected.to_string(), "explicitly denied by identity");
    assert_eq!(state(delete, "aws:MultiFactorAuthPresent"), Some(&KeyState::Absent));
    assert_eq!(state(read, "aws:MultiFactorAuthPresent"), None);
    let Policies::Captured(captured) = &delete.policies else { panic!("{:?}", delete.policies) };
    let set = captured.policy_set(Profile::Strict).unwrap();
    assert_eq!((set.identity.len(), set.boundary.is_some(), set.scp.len()), (1, true, 2));
    assert_eq!(set.scp[1].len(), 2);
    assert_eq!(agreement(read, &set), Agreement::Agrees);
    assert_eq!(agreement(delete, &set), Agreement::Agrees);
    let wrong = imported(&[REQUEST, &RESULT.replace("explicitDeny", "allowed")]).unwrap();
    assert_eq!(
        agreement(&wrong.tests[1], &set),
        Agreement::Differs("explicitly denied by identity".to_owned())
    );
}

#[test]
fn a_request_and_its_result_may_be_one_object() {
    let mut both: serde_json::Value = serde_json::from_str(REQUEST).unwrap();
    let result: serde_json::Value = serde_json::from_str(RESULT).unwrap();
    both["EvaluationResults"] = result["EvaluationResults"].clone();
    assert_eq!(imported(&[&both.to_string()]).unwrap().tests.len(), 2);
}

#[test]
fn the_policies_of_a_principal_are_not_in_the_request() {
    let request = serde_json::json!({
        "PolicySourceArn": "arn:aws:iam::111122223333:role/app",
        "ActionNames": ["s3:GetObject"],
        "ResourceArns": ["arn:aws:s3:::b/k"],
        "ResourceOwner": "arn:aws:iam::444455556666:root",
        "ContextEntries": [{ "ContextKeyName": "aws:TagKeys", "ContextKeyValues": ["a"], "ContextKeyType": "stringList" }],
    });
    let result = serde_json::json!({ "EvaluationResults": [{ "EvalActionName": "s3:GetObject", "EvalDecision": "implicitDeny" }] });
    let import = imported(&[&request.to_string(), &result.to_string()]).unwrap();
    let test = &import.tests[0];
    assert!(matches!(&test.policies, Policies::NotTold(whose) if whose.contains("role/app")));
    assert_eq!(test.resource.as_deref(), Some("arn:aws:s3:::b/k"));
    assert_eq!(test.resource_account.as_deref(), Some("444455556666"));
    assert_eq!(state(test, "aws:TagKeys"), Some(&KeyState::Multi(vec!["a".to_owned()])));
    assert_eq!(test.expected, Expected::of(Word::ImplicitlyDenied));
    assert_eq!(yaml(&import, None)["tests"][0]["principal"], "arn:aws:iam::111122223333:role/app");
}

#[test]
fn policies_that_are_given_are_named_in_the_suite() {
    let given = SetText {
        policies: vec![(PolicyType::Identity, 0, PolicyText::File("role.json".to_owned()))],
        lenient: false,
    };
    let found = yaml(&imported(&[TRAIL]).unwrap(), Some(&given));
    assert_eq!(found["policies"]["given"]["identity"][0], "role.json");
    assert_eq!(found["tests"][0]["policies"], "given");
    assert_eq!(found["tests"][0]["todo"], serde_json::Value::Null);
    assert_eq!(found["tests"][0]["expect"]["direct/internet"], "explicitly denied by identity");
    assert_eq!(found["tests"][1]["expect"]["mcp:aws-mcp"], "allowed");
}

#[test]
fn captured_policies_are_written_as_they_are() {
    let source = Source::new("denial.json", DENIAL);
    let import = read(&[source], None, &documents()).unwrap();
    let found = yaml(&import, None);
    let wanted: serde_json::Value = serde_json::from_str(GUARDRAIL).unwrap();
    assert_eq!(found["policies"]["captured"]["identity"][0], wanted);
    assert_eq!(found["policies"]["captured"]["scp"].as_array().unwrap().len(), 2);
    assert_eq!(found["principals"]["reader"]["kind"], "role-session");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let cases: [(&[&str], &str, &str); 9] = [
        (&["{\n  \"a\": 1\n}"], "not an importable record", ":1:1:"),
        (&["{\n  \"a\": \n}"], "", ":3:1:"),
        (&[REQUEST], "without its result", ":1:1:"),
        (&[RESULT], "give the request before it", ":1:1:"),
        (&[REQUEST, "{ \"EvaluationResults\": [] }"], "`EvaluationResults` is empty", ":1:1:"),
        (
            &["{ \"eventSource\": \"a.amazonaws.com\" }\n{ \"eventSource\": 1 }"],
            "`eventName` is missing",
            ":1:1:",
        ),
        (
            &[
                "{ \"eventSource\": \"sqs.amazonaws.com\", \"eventName\": \"X\", \"errorCode\": \"Y\" }\n{ \"eventName\": 1,\n",
            ],
            "",
            ":2:",
        ),
        (
            &[
                "{ \"requestContext\": {}, \"policies\": [], \"evaluations\": [\n  { \"action\": 1 }] }",
            ],
            "`action` must be a string; found a number",
            ":2:15:",
        ),
        (
            &[
                "{ \"requestContext\": {}, \"evaluations\": [{ \"action\": \"a:B\", \"resource\": \"*\",\n \"evaluatedEffect\": \"MAYBE\" }] }",
            ],
            "`MAYBE` is not a known effect",
            ":1:",
        ),
    ];
    for (texts, message, place) in cases {
        let error = imported(texts).unwrap_err().to_string();
        assert!(error.contains(message) && error.contains(place), "{texts:?}: {error}");
    }
}

#[test]
fn an_object_is_of_the_account_of_its_bucket() {
    let test = of_record(&serde_json::json!({
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "resources": [
            { "type": "AWS::S3::Object", "ARN": "arn:aws:s3:::reports/q1" },
            { "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::reports", "accountId": "444455556666" },
        ],
    }));
    assert_eq!(test.resource.as_deref(), Some("arn:aws:s3:::reports/q1"));
    assert_eq!(test.resource_account.as_deref(), Some("444455556666"));
}
