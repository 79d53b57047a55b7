//! Condition keys: those of actions, of identity providers, and the global ones.

use super::known;
use crate::Presence::{Always, Never, Sometimes};
use crate::*;

#[test]
fn keys_of_an_action_include_those_of_its_resource_types() {
    let run = known("ec2:RunInstances");
    let has = |name: &str| run.condition_keys().any(|key| key.name == name);
    assert!(has("ec2:InstanceType") && has("aws:RequestTag/${TagKey}"));
    let instance = run.resource_types().find(|resource| resource.name() == "instance").unwrap();
    assert!(
        instance.required
            && instance.condition_keys().any(|key| key.name == "ec2:MetadataHttpTokens")
    );
}

#[test]
fn web_identity_has_its_keys() {
    let assume = known("sts:AssumeRoleWithWebIdentity");
    let keys: Vec<_> = assume.condition_keys().map(|key| key.name).collect();
    for wanted in [
        "accounts.google.com:aud",
        "cognito-identity.amazonaws.com:amr",
        "sts:RoleSessionName",
        "token.actions.githubusercontent.com:repository",
    ] {
        assert!(keys.contains(&wanted), "{wanted} in {keys:?}");
    }
    assert_eq!(assume.resource_types().map(ResourceType::name).collect::<Vec<_>>(), ["role"]);
}

#[test]
fn a_key_is_meant_by_its_name_with_any_parameter() {
    let key = |name: &str| condition_key(name).known().unwrap();
    let tag = key("s3:ExistingObjectTag/team");
    assert!(
        tag.is("S3:existingobjecttag/x")
            && !tag.is("s3:ExistingObjectTag/")
            && !tag.is("s3:prefix")
    );
    let session = ConditionKey::from(global_key("aws:PrincipalTag/x").unwrap());
    assert!(session.is("aws:principaltag/team") && !session.is("aws:PrincipalTag/"));
    assert!(key("s3:prefix").is("S3:PREFIX"));
}

#[test]
fn keys_are_found_in_any_case_and_with_any_parameter() {
    let found =
        |name: &str| condition_key(name).known().unwrap_or_else(|| panic!("`{name}` is not known"));
    for key in condition_keys() {
        assert_eq!(found(&key.name.to_ascii_uppercase()).name, key.name);
        if key.name.contains("${") {
            let filled = key.name.split("${").map(|part| {
                part.split_once('}')
                    .map_or(part.to_owned(), |(_, rest)| format!("some.thing{rest}"))
            });
            let filled: String = filled.collect();
            assert_eq!(found(&filled).name, key.name, "{filled}");
        }
    }
    assert_eq!(found("S3:existingobjecttag/Team").name, "s3:ExistingObjectTag/${TagKey}");
    assert_eq!(
        found("kms:EncryptionContext:app").name,
        "kms:EncryptionContext:${EncryptionContextKey}"
    );
    assert!(condition_key("s3:ExistingObjectTag/").is_unknown());
    assert_eq!(
        found("s3:prefix"),
        ConditionKey { name: "s3:prefix", value_type: ValueType::String, multivalued: false }
    );
    assert!(found("dynamodb:LeadingKeys").multivalued);
    assert_eq!(found("ec2:MetadataHttpPutResponseHopLimit").value_type, ValueType::Numeric);
}

#[test]
fn keys_of_identity_providers_are_found_by_issuer() {
    let found = |name: &str| condition_key(name).known().map(|key| (key.name, key.multivalued));
    assert_eq!(
        found("oidc.eks.us-east-1.amazonaws.com/id/ABC:sub"),
        Some(("<oidc-provider>:sub", false))
    );
    assert_eq!(found("keycloak.example.com/realms/main:aud"), Some(("<oidc-provider>:aud", false)));
    assert_eq!(found("login.example.com:AMR"), Some(("<oidc-provider>:amr", true)));
    assert_eq!(
        found("token.actions.githubusercontent.com:ref"),
        Some(("token.actions.githubusercontent.com:ref", false))
    );
    assert_eq!(found("s3:aud"), None);
    assert_eq!(found("login.example.com:nosuch"), None);
    assert_eq!(found("sts:ExternalId").map(|key| key.0), Some("sts:ExternalId"));
    assert_eq!(found("aws:SourceOwner").map(|key| key.0), Some("aws:SourceOwner"));
}

#[test]
fn global_keys_are_as_the_specification_says() {
    let key = |name: &str| global_key(name).unwrap_or_else(|| panic!("`{name}` is not global"));
    assert!(
        key("aws:TagKeys").multivalued
            && key("AWS:CALLEDVIA").multivalued
            && !key("aws:CalledViaFirst").multivalued
    );
    assert_eq!(global_keys().filter(|key| key.multivalued).count(), 7);
    assert_eq!(global_keys().filter(|key| key.identifier).count(), 10);
    assert_eq!(key("aws:PrincipalTag/team").name, "aws:PrincipalTag/tag-key");
    assert_eq!(key("aws:requesttag/${TagKey}").parameter_prefix(), Some("aws:RequestTag/"));
    assert_eq!(
        (global_key("aws:PrincipalTag/"), global_key("aws:PrincipalTag"), global_key("aws:nosuch")),
        (None, None, None)
    );
    assert_eq!(
        (key("aws:SourceIp").value_type, key("aws:SourceIp").category),
        (ValueType::IpAddress, Category::Network)
    );

    let mfa = key("aws:MultiFactorAuthPresent");
    assert_eq!(
        CallerKind::ALL.map(|caller| mfa.presence(caller)),
        [Sometimes, Never, Always, Sometimes, Sometimes, Never, Never, Never]
    );
    assert_eq!(key("aws:ViaAWSMCPService").presence(CallerKind::RoleSession), Sometimes);
    assert_eq!(key("aws:SourceArn").presence(CallerKind::ServicePrincipal), Sometimes);
    assert_eq!(key("aws:SourceArn").presence(CallerKind::RoleSession), Never);
    assert_eq!(key("aws:PrincipalArn").presence(CallerKind::ServicePrincipal), Presence::Unknown);
}

#[test]
fn every_global_key_is_a_condition_key_of_the_same_type() {
    for global in global_keys() {
        let key = condition_key(global.name)
            .known()
            .unwrap_or_else(|| panic!("`{}` is not known", global.name));
        assert_eq!(
            (key.value_type, key.multivalued),
            (global.value_type, global.multivalued),
            "{}",
            global.name
        );
    }
}
