use std::collections::BTreeSet;

use super::*;
use crate::world::context::KeyState;
use crate::world::evidence::Evidence;

fn path(name: &str) -> CallPath {
    CallPath::named(name, &Switches::default()).unwrap()
}

/// The states of a key over the worlds, each once.
fn states(name: &str, key: &str) -> Vec<KeyState> {
    let mut found = Vec::new();
    for world in path(name).worlds() {
        if let Some(fixed) = world.fixed(&key.into())
            && !found.contains(&fixed.state)
        {
            found.push(fixed.state.clone());
        }
    }
    found
}

fn single(text: &str) -> KeyState {
    KeyState::single(text)
}

#[test]
fn a_direct_call_has_two_worlds_unless_q20_is_settled() {
    assert_eq!(states("direct", "aws:ViaAWSMCPService"), [KeyState::Absent, single("false")]);
    let settled = Switches::default().choose("Q20=false").unwrap();
    assert_eq!(CallPath::named("direct", &settled).unwrap().worlds().len(), 1);
}

#[test]
fn an_mcp_server_is_named_by_its_service_principal() {
    assert_eq!(states("mcp:eks-mcp", "aws:CalledViaAWSMCP"), [single("eks-mcp.amazonaws.com")]);
    assert_eq!(states("mcp:eks-mcp", "aws:ViaAWSService"), [single("false"), single("true")]);
    assert_eq!(path("mcp:any").worlds().len(), 10);
}

#[test]
fn a_forwarded_call_keeps_the_chain_in_order_and_drops_the_network() {
    let name = "direct/vpce/service:athena+kms";
    let chain = ["athena.amazonaws.com", "kms.amazonaws.com"].map(str::to_owned).to_vec();
    assert_eq!(states(name, "aws:CalledVia"), [KeyState::Multi(chain)]);
    assert_eq!(states(name, "aws:CalledViaFirst"), [single("athena.amazonaws.com")]);
    assert_eq!(states(name, "aws:CalledViaLast"), [single("kms.amazonaws.com")]);
    assert_eq!(states(name, "aws:ViaAWSService"), [single("true")]);
    for key in ["aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp", "aws:SourceIp"] {
        assert_eq!(states(name, key), [KeyState::Absent], "{key}");
    }
    // The address is kept if the first call came through no endpoint; who does not say, does not know.
    assert!(path("direct/internet/service:athena").is_present(&"aws:SourceIp".into()));
    assert_eq!(states("service:athena", "aws:SourceIp"), [KeyState::Unknown]);
    assert!(!path("service:athena").is_present(&"aws:SourceIp".into()));
}

#[test]
fn a_service_that_the_key_does_not_list_may_leave_no_name() {
    let chain = KeyState::Multi(vec!["s3.amazonaws.com".to_owned()]);
    assert_eq!(states("service:s3", "aws:CalledVia"), [chain, KeyState::Absent]);
    assert_eq!(states("service:s3", "aws:ViaAWSService"), [single("true")]);
    assert_eq!(states("service:glue", "aws:ViaAWSService"), [single("true"), single("false")]);
}

#[test]
fn whether_mcp_keys_outlive_a_hop_is_left_open() {
    let name = "mcp:aws-mcp/service:cloudformation";
    let found = states(name, "aws:ViaAWSMCPService");
    assert_eq!(found, [single("true"), KeyState::Absent, single("false")]);
    for world in path(name).worlds() {
        let via = world.fixed(&"aws:ViaAWSMCPService".into()).unwrap();
        let called = world.fixed(&"aws:CalledViaAWSMCP".into()).unwrap();
        assert_eq!(via.evidence, Evidence::Unknown);
        // KC-13
        assert_eq!(via.state == single("true"), called.state != KeyState::Absent);
        assert_eq!(world.fixed(&"aws:ViaAWSService".into()).unwrap().state, single("true"));
    }
}

#[test]
fn the_role_of_a_function_carries_no_mark_of_mcp() {
    let name = "execution-role:lambda";
    assert_eq!(states(name, "aws:ViaAWSMCPService"), [KeyState::Absent, single("false")]);
    assert_eq!(states(name, "aws:CalledVia"), [KeyState::Absent]);
    assert_eq!(states(name, "aws:ViaAWSService"), [single("false")]);
    assert_eq!(states(name, "lambda:SourceFunctionArn"), [KeyState::Unknown]);
    assert_eq!(states(name, "ec2:SourceInstanceArn"), [KeyState::Absent]);
}

#[test]
fn a_service_as_itself_is_the_principal() {
    let path = path("service-principal:cloudtrail");
    let name = "cloudtrail.amazonaws.com".to_owned();
    assert_eq!(path.principal(), Some(&Principal::Service { name }));
    assert_eq!(states(path.name(), "aws:PrincipalIsAWSService"), [single("true")]);
    assert_eq!(states(path.name(), "aws:SourceArn"), [KeyState::Unknown]);
    assert_eq!(path.through_endpoint(), Some(false));
}

#[test]
fn through_an_endpoint_the_address_is_the_private_one() {
    assert_eq!(states("direct/vpce", "aws:SourceIp"), [KeyState::Absent]);
    assert!(path("direct/vpce").is_present(&"aws:SourceVpce".into()));
    assert!(path("direct/internet").is_present(&"aws:SourceIp".into()));
    assert_eq!(states("direct/internet", "aws:SourceVpce"), [KeyState::Absent]);
}

#[test]
fn every_form_has_an_example_and_no_world_says_a_key_twice() {
    let operations = Operation::ALL.iter().map(|operation| operation.action());
    for name in FORMS.iter().map(|form| form.example).chain(operations).chain(["mcp:any"]) {
        let path = path(name);
        assert!(!path.worlds().is_empty(), "{name}");
        for world in path.worlds() {
            let keys: BTreeSet<_> = world.keys.iter().map(|fixed| fixed.key.folded()).collect();
            assert_eq!(keys.len(), world.keys.len(), "{name}");
        }
        let different: BTreeSet<String> =
            path.worlds().iter().map(|world| format!("{world:?}")).collect();
        assert_eq!(different.len(), path.worlds().len(), "{name}");
    }
}

#[test]
fn other_names_are_no_paths() {
    let names = [
        "",
        "Direct",
        "mcp:",
        "mcp:s3",
        "mcp:x y-mcp",
        "sts:GetCallerIdentity",
        "service:",
        "service:a+",
        "service:A",
        "direct/",
        "direct/vpc",
        "direct/vpce/",
        "direct/x/service:a",
        "direct/vpce/vpce",
        "mcp:aws-mcp/vpce",
        "service-principal:",
        "execution-role:lambda/vpce",
        "service:athena/service:glue",
    ];
    for name in names {
        assert!(CallPath::named(name, &Switches::default()).is_err(), "{name}");
    }
}

#[test]
fn a_misspelt_name_is_answered_with_the_right_one() {
    let meant = |name: &str| CallPath::named(name, &Switches::default()).unwrap_err().suggestion;
    assert_eq!(meant("dirct").as_deref(), Some("direct"));
    assert_eq!(meant("mcp:aws-mpc").as_deref(), Some("mcp:aws-mcp"));
    assert_eq!(meant("sts:AssumeRoleWithSMAL").as_deref(), Some("sts:AssumeRoleWithSAML"));
    assert_eq!(meant("servce:athena+glue").as_deref(), Some("service:athena+glue"));
    assert_eq!(meant("something else"), None);
}

#[test]
fn a_name_with_a_dot_ends_as_names_of_service_principals_do() {
    let meant = |name: &str| CallPath::named(name, &Switches::default()).unwrap_err().suggestion;
    for (short, whole) in [
        ("service-principal:delivery.logs", "service-principal:delivery.logs.amazonaws.com"),
        ("service:athena+ops.apigateway", "service:athena+ops.apigateway.amazonaws.com"),
        ("execution-role:replicator.lambda", "execution-role:replicator.lambda.amazonaws.com"),
        ("direct/vpce/service:a.b", "direct/vpce/service:a.b.amazonaws.com"),
        (
            "service-principal:delivery.logs.amazonaws",
            "service-principal:delivery.logs.amazonaws.com",
        ),
    ] {
        assert_eq!(meant(short).as_deref(), Some(whole), "{short}");
    }
    for name in
        ["logs.eu-west-1.amazonaws.com", "ec2.amazonaws.com.cn", "delivery.logs.amazonaws.com"]
    {
        let path = path(&format!("service-principal:{name}"));
        assert_eq!(path.principal(), Some(&Principal::Service { name: name.to_owned() }));
    }
    for name in [".amazonaws.com", "a..amazonaws.com", "logs.example.com"] {
        let path = format!("service-principal:{name}");
        assert!(CallPath::named(&path, &Switches::default()).is_err(), "{name}");
    }
}

#[test]
fn a_defined_path_is_a_built_in_one_with_other_states() {
    let key = FixedKey::new("aws:ViaAWSMCPService", KeyState::Absent, Evidence::Assumed, "a test");
    let defined = CallPath::defined("no-key", &path("direct"), &[key]);
    assert_eq!(defined.worlds().len(), 1, "Q20 is settled by it");
    let mut paths = CallPaths::new(Switches::default());
    paths.define(defined.clone());
    assert_eq!(paths.named("no-key").unwrap(), defined);
    let error = paths.named("no-kye").unwrap_err();
    assert_eq!(error.suggestion.as_deref(), Some("no-key"));
    assert_eq!(error.defined, ["no-key"]);
}

#[test]
fn what_the_caller_said_wins() {
    let mut context = Context::closed();
    context.set("aws:viaawsservice".into(), single("true"));
    path("direct").worlds()[0].apply(&mut context);
    assert_eq!(context.state(&"aws:ViaAWSService".into()), &single("true"));
}
