//! Documents, and what AWS's published data say of them.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

use super::*;

/// The findings of a document of one statement: code and the text they are at.
fn found(kind: PolicyType, statement: &str) -> Vec<(&'static str, String)> {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    let source = Source::new("test.json", text);
    let document = PolicyDocument::inspect(&source, kind, Profile::Lenient).document.unwrap();
    findings(&document)
        .into_iter()
        .map(|finding| (finding.code.name(), source.slice(finding.span()).to_owned()))
        .collect()
}

fn allow(action: &str, rest: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":{action}{rest}}}"#)
}

/// The codes for these actions on `*`.
fn of_actions(kind: PolicyType, actions: &str) -> Vec<(&'static str, String)> {
    found(kind, &allow(actions, r#","Resource":"*""#))
}

/// The codes for this condition on these actions and `*`.
fn of_condition(kind: PolicyType, actions: &str, condition: &str) -> Vec<&'static str> {
    let rest = format!(r#","Resource":"*","Condition":{condition}"#);
    found(kind, &allow(actions, &rest)).into_iter().map(|(code, _)| code).collect()
}

const NONE: [(&str, String); 0] = [];

#[test]
fn actions_that_exist_are_no_finding() {
    for actions in [r#""s3:GetObject""#, r#"["S3:get*","*"]"#, r#""*:*""#, r#""ec2:Describe?*""#] {
        assert_eq!(of_actions(PolicyType::Identity, actions), NONE, "{actions}");
    }
}

#[test]
fn actions_that_do_not_exist_are_told_apart() {
    for (action, code) in [
        ("s3:GetObjet", "unknown-action"),
        ("s3:Gt*", "pattern-without-actions"),
        ("lamda:InvokeFunction", "unknown-service"),
        ("aws-mcp:InvokeMcp", "retired-action"),
        ("aws-mcp:*", "retired-action"),
        ("evidently:Nosuch", "retired-action"),
        ("sts:GetCallerIdentity", "exempt-action"),
        ("sts:GetSession*", "exempt-action"),
    ] {
        let quoted = format!("\"{action}\"");
        for effect in ["Allow", "Deny"] {
            let statement = format!(r#"{{"Effect":"{effect}","Action":{quoted},"Resource":"*"}}"#);
            assert_eq!(found(PolicyType::Identity, &statement), [(code, quoted.clone())]);
        }
    }
    // What the grammar reports is not reported again.
    for action in [r#""s3""#, r#""s*:Get*""#, r#""s3:GetObject, s3:PutObject""#, r#""s3:""#] {
        assert_eq!(of_actions(PolicyType::Identity, action), NONE, "{action}");
    }
    // Left out of NotAction, an exempt operation does no harm; a misspelt one leaves nothing out.
    let statement =
        r#"{"Effect":"Deny","NotAction":["sts:GetCallerIdentity","s3:GetObjet"],"Resource":"*"}"#;
    assert_eq!(
        found(PolicyType::Identity, statement),
        [("unknown-action", "\"s3:GetObjet\"".to_owned())]
    );
}

#[test]
fn a_retirement_says_when_by_whom_and_to_what_effect() {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"aws-mcp:*","Resource":"*"}}"#;
    let source = Source::new("test.json", text);
    let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
    let [finding] = &findings(&document)[..] else { panic!("one finding") };
    assert!(finding.message.contains("since 2026-03-24 (AWS MCP user guide)"), "{finding:?}");
    assert_eq!(finding.labels[0].text, "denies nothing");
    assert!(!finding.is_error());
}

#[test]
fn keys_are_held_against_what_exists_and_how_many_values_it_holds() {
    let codes = |condition: &str| of_condition(PolicyType::Identity, r#""ec2:*""#, condition);
    for (condition, expected) in [
        (r#"{"StringEquals":{"ec2:InstanceType":"t3.nano"}}"#, None),
        (r#"{"StringEquals":{"ec2:InstanceTyp":"t3.nano"}}"#, Some("unknown-condition-key")),
        (r#"{"StringEquals":{"aws:TagKeys":"a"}}"#, Some("plain-operator-on-set")),
        (r#"{"Null":{"aws:TagKeys":"true"}}"#, None),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}}"#, None),
        (
            r#"{"ForAnyValue:StringEquals":{"aws:PrincipalTag/a":"a"}}"#,
            Some("set-operator-on-single"),
        ),
        (r#"{"StringEquals":{"deepracer:UserToken":"a"}}"#, Some("retired-condition-key")),
        (r#"{"StringEquals":{"<ISSUER>:sub":"a"}}"#, None),
    ] {
        assert_eq!(codes(condition), expected.as_slice(), "{condition}");
    }
}

#[test]
fn a_key_that_is_never_there_is_found_where_that_is_certain() {
    let prefix = r#"{"StringEquals":{"s3:prefix":"a"}}"#;
    let of = |actions: &str| of_condition(PolicyType::Identity, actions, prefix);
    assert_eq!(of(r#""s3:GetObject""#), ["unsupplied-key"]);
    // Some of the actions that are allowed by name lack it; of a pattern nobody meant each.
    assert_eq!(of(r#"["s3:GetObject","s3:ListBucket"]"#), ["unsupplied-key"]);
    for actions in [r#"["s3:Get*","s3:ListBucket"]"#, r#""s3:*""#, r#""*""#] {
        assert!(of(actions).is_empty(), "{actions}");
    }
    assert_eq!(of(r#"["s3:GetObject","s3:Nosuch"]"#), ["unknown-action"]);
    // The callers of a policy decide on global keys.
    let source = r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::a"}}"#;
    let of = |kind| of_condition(kind, r#""sqs:SendMessage""#, source);
    assert_eq!(of(PolicyType::Identity), ["unsupplied-key"]);
    assert_eq!(of(PolicyType::Scp), ["unsupplied-key"]);
    let resource = r#"{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:111122223333:a"}}}"#;
    assert_eq!(found(PolicyType::Resource, resource), NONE);
    // A global key that no list names may be there.
    let tag = r#"{"StringEquals":{"aws:RequestTag/a":"a"}}"#;
    assert!(of_condition(PolicyType::Identity, r#""s3:GetObject""#, tag).is_empty());
}

#[test]
fn a_key_that_some_actions_lack_matters_where_it_keeps_them_from_being_allowed() {
    let of = |effect: &str, condition: &str| {
        let statement = format!(
            r#"{{"Effect":"{effect}","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*","Condition":{condition}}}"#
        );
        found(PolicyType::Identity, &statement)
            .into_iter()
            .map(|(code, _)| code)
            .collect::<Vec<_>>()
    };
    assert_eq!(of("Allow", r#"{"StringLike":{"s3:prefix":"a/*"}}"#), ["unsupplied-key"]);
    for (effect, condition) in [
        ("Deny", r#"{"StringLike":{"s3:prefix":"a/*"}}"#),
        ("Allow", r#"{"StringLikeIfExists":{"s3:prefix":"a/*"}}"#),
        ("Allow", r#"{"StringNotLike":{"s3:prefix":"a/*"}}"#),
    ] {
        assert!(of(effect, condition).is_empty(), "{effect} {condition}");
    }
}

#[test]
fn the_resources_narrow_the_keys() {
    let statement = |resource: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"{resource}","Condition":{{"StringEquals":{{"ec2:InstanceType":"t3.nano"}}}}}}"#
        )
    };
    let of = |resource: &str| found(PolicyType::Identity, &statement(resource));
    assert_eq!(of("arn:aws:ec2:*:*:instance/*"), NONE);
    assert_eq!(of("arn:aws:ec2:*:*:subnet/*")[0].0, "unsupplied-key");
    assert_eq!(of("arn:aws:ec2:*:*:*"), NONE);
}

#[test]
fn actions_and_resources_belong_together() {
    let of = |actions: &str, resources: &str| {
        let rest = format!(r#","Resource":{resources}"#);
        let found = found(PolicyType::Identity, &allow(actions, &rest));
        found.into_iter().map(|(code, at)| format!("{code} {at}")).collect::<Vec<_>>()
    };
    let fine: [&str; 0] = [];
    assert_eq!(of(r#""s3:ListBucket""#, r#""arn:aws:s3:::b""#), fine);
    assert_eq!(
        of(r#""s3:ListBucket""#, r#""arn:aws:s3:::b/*""#),
        [r#"resource-type-mismatch "s3:ListBucket""#]
    );
    assert_eq!(
        of(r#""s3:ListBucket""#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#),
        [r#"unused-resource "arn:aws:s3:::b/*""#]
    );
    let both = r#"["s3:ListBucket","s3:GetObject"]"#;
    assert_eq!(of(both, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#), fine);
    assert_eq!(of(both, r#""arn:aws:s3:::${aws:username}/*""#).len(), 1);
    assert_eq!(of(both, r#""arn:aws:s3:::${aws:username}*""#), fine);
    assert_eq!(
        of(r#""s3:ListAllMyBuckets""#, r#""arn:aws:s3:::b""#),
        [r#"resource-not-everything "s3:ListAllMyBuckets""#]
    );
    // Q23: nobody knows whether this matches.
    assert_eq!(of(r#""s3:ListAllMyBuckets""#, r#""arn:aws:s3:::*""#), fine);
    // Many are one finding.
    let four = r#"["s3:GetBucketAcl","s3:GetBucketCORS","s3:GetBucketTagging","s3:ListBucket"]"#;
    assert_eq!(of(four, r#""arn:aws:s3:::b/*""#), [r#"resource-type-mismatch "s3:GetBucketAcl""#]);
    // AWS's own documents have no account.
    assert_eq!(of(r#""ssm:GetDocument""#, r#""arn:aws:ssm:*::document/AWS-RunShellScript""#), fine);
    // Short ARNs are completed, placeholders stand for anything, unknown actions for anything too.
    assert_eq!(of(r#""s3:ListBucket""#, r#""arn:aws:s3""#), fine);
    assert_eq!(of(r#""s3:ListBucket""#, r#""<BUCKET_ARN>""#), fine);
    assert_eq!(of(r#""s3:ListBucket""#, r#""arn:aws:s3:::<BUCKET>""#), fine);
    assert_eq!(
        of(r#"["s3:ListBucket","s3:Nosuch"]"#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#),
        [r#"unknown-action "s3:Nosuch""#]
    );
}

#[test]
fn resource_control_policies_cover_some_services() {
    let of = |action: &str| {
        let statement =
            format!(r#"{{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"*"}}"#);
        found(PolicyType::Rcp, &statement).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(of("sns:Publish"), ["rcp-uncovered-service"]);
    assert_eq!(of("kms:RetireGrant"), ["rcp-uncovered-service"]);
    assert!(of("kms:*").is_empty() && of("s3:GetObject").is_empty());
}

#[test]
fn a_trust_in_every_token_of_an_issuer_is_found() {
    let of = |provider: &str, condition: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"Federated":"{provider}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{condition}}}"#
        );
        found(PolicyType::Trust, &statement).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    let provider = "arn:aws:iam::111122223333:oidc-provider/Keycloak.example.com/realms/main";
    let issuer = "keycloak.example.com/realms/main";
    let aud = format!(r#"{{"StringEquals":{{"{issuer}:aud":"a"}}}}"#);
    let sub = format!(r#"{{"StringEquals":{{"{issuer}:aud":"a","{issuer}:sub":"b"}}}}"#);
    let other = r#"{"StringEquals":{"other.example.com:sub":"b"}}"#;
    assert_eq!(of(provider, &aud), ["oidc-without-subject"]);
    assert!(of(provider, &sub).is_empty());
    assert_eq!(of(provider, other), ["oidc-without-subject"]);
    assert_eq!(of("cognito-identity.amazonaws.com", "{}"), ["oidc-without-subject"]);
    let pool = r#"{"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:pool"}}"#;
    assert!(of("cognito-identity.amazonaws.com", pool).is_empty());
    assert!(of("arn:aws:iam::111122223333:saml-provider/x", "{}").is_empty());
    let repository = r#"{"StringEquals":{"token.actions.githubusercontent.com:repository":"a/b"}}"#;
    let github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    assert!(of(github, repository).is_empty());
}

#[test]
fn a_document_beyond_all_bounds_says_that_it_was_not_checked() {
    let statement =
        r#"{"Effect":"Allow","Action":"ec2:*","Resource":["arn:aws:s3:::a","arn:aws:s3:::b"]}"#;
    let many = vec![statement; 1_000].join(",");
    let found = found(PolicyType::Identity, &format!("[{many}]"));
    assert_eq!(found.last().map(|(code, _)| *code), Some("unchecked"));
}

#[test]
fn codes_are_unique_over_both_tables() {
    use std::collections::BTreeSet;
    let language = language::Code::ALL.iter().map(|code| code.name());
    let names: Vec<_> = language.chain(Code::ALL.iter().map(|code| code.name())).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

use iamsure_core::language;

#[test]
fn values_that_never_occur_are_found_and_their_neighbours_are_not() {
    let codes =
        |condition: &str| of_condition(PolicyType::Identity, r#""s3:GetObject""#, condition);
    for (condition, expected) in [
        // C-20: an operator without wildcards.
        (r#"{"StringEquals":{"aws:PrincipalTag/a":"b*"}}"#, Some("literal-wildcard")),
        (r#"{"StringNotEqualsIgnoreCase":{"aws:PrincipalTag/a":"?"}}"#, Some("literal-wildcard")),
        (r#"{"StringLike":{"aws:PrincipalTag/a":"b*"}}"#, None),
        (r#"{"StringEquals":{"aws:PrincipalTag/a":"b${*}"}}"#, None),
        (r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}"#, None),
        // K-11.
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:assumed-role/admin/*"}}"#,
            Some("principal-arn-of-nobody"),
        ),
        (
            r#"{"StringNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:group/admins"}}"#,
            Some("principal-arn-of-nobody"),
        ),
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::111122223333:federated-user/bob"}}"#,
            None,
        ),
        (r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}"#, None),
        (r#"{"StringLike":{"aws:PrincipalArn":"*assumed-role*"}}"#, None),
        (r#"{"Null":{"aws:PrincipalArn":"true"}}"#, None),
        // Roles of IAM Identity Center.
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/AWSReservedSSO_Admin_*"}}"#,
            Some("reserved-role-without-path"),
        ),
        (
            r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"}}"#,
            None,
        ),
        (r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*AWSReservedSSO_Admin_*"}}"#, None),
        // Placeholders are filled in later.
        (r#"{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::<account>:role/app"}}"#, None),
    ] {
        assert_eq!(codes(condition), expected.as_slice(), "{condition}");
    }
}

#[test]
fn subjects_and_audiences_of_tokens_are_held_against_what_providers_write() {
    let of = |claim: &str, operator: &str, value: &str| {
        let condition = format!(
            r#"{{"StringEquals":{{"token.actions.githubusercontent.com:sub":"repo:o/r:pull_request"}},"{operator}":{{"{claim}":"{value}"}}}}"#
        );
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{condition}}}"#
        );
        let found = found(PolicyType::Trust, &statement);
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    let github = "token.actions.githubusercontent.com";
    let (sub, aud) = (format!("{github}:sub"), format!("{github}:aud"));
    assert_eq!(of(&sub, "StringLike", "repo:o/r"), ["subject-without-context"]);
    assert_eq!(of(&sub, "StringEqualsIgnoreCase", "repo:o/r"), ["subject-without-context"]);
    for value in
        ["repo:o/r:*", "repo:o/*", "repo:o/r*", "repo:o/r:environment:prod", "repository_id:1"]
    {
        assert!(of(&sub, "StringLike", value).is_empty(), "{value}");
    }
    assert_eq!(of(&aud, "StringLike", "repo:o/r:pull_request"), ["audience-is-subject"]);
    assert_eq!(of(&aud, "StringLike", "system:serviceaccount:a:b"), ["audience-is-subject"]);
    assert!(of(&aud, "StringLike", "sts.amazonaws.com").is_empty());
}

#[test]
fn subjects_that_no_token_has_are_found_and_customized_ones_are_not() {
    let of = |issuer: &str, operator: &str, value: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"{operator}":{{"{issuer}:sub":"{value}"}}}}}}"#
        );
        let found = found(PolicyType::Trust, &statement);
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    let github = "token.actions.githubusercontent.com";
    for value in [
        "repo:o/r:branch:main",
        "repo:o/r:refs/heads/main",
        "repo:o/r:ref:heads/main",
        "o/r:ref:refs/heads/main",
        "repo:o/r/ref:refs/heads/main",
        "repo:o:*",
        "repo:o@12/r:*",
        "repo:https://github.com/o/r:*",
    ] {
        assert_eq!(of(github, "StringLike", value), ["subject-of-no-token"], "{value}");
    }
    for value in [
        "*",
        "repo:*",
        "repo:o/*:environment:prod*",
        "repo:o@12/r@34:pull_request",
        "repo:o/r:ref:refs/tags/v1.?",
        // A customized subject names claims.
        "repo:o/r:environment:prod:job_workflow_ref:o/r/.github/workflows/a.yml@refs/heads/main",
        "repository_owner_id:1:*",
        "repo:o/r:ref:refs/heads/main:actor:octocat",
        // To be filled in.
        "repo:ORG/REPO:BRANCH:main",
        "repo:${aws:PrincipalTag/repo}",
    ] {
        assert!(of(github, "StringLike", value).is_empty(), "{value}");
    }
    let eks = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0123456789";
    for (value, is_found) in [
        ("system:serviceaccount:default:app", false),
        ("system:serviceaccount:default", true),
        ("system:serviceaccount: default:app", true),
        ("system:serviceaccount:Default:app", true),
        ("serviceaccount:default:app", true),
        ("system:serviceaccount:NAMESPACE:NAME", false),
    ] {
        let codes = of(eks, "StringEquals", value);
        assert_eq!(codes == ["subject-of-no-token"], is_found, "{value}: {codes:?}");
    }
    assert!(of(eks, "StringEqualsIgnoreCase", "system:serviceaccount:Default:app").is_empty());
    assert_eq!(
        of("gitlab.com", "StringLike", "project_path:g/*:ref_type:branch:ref"),
        ["subject-of-no-token"]
    );
    let circleci = "oidc.circleci.com/org/0a1b2c3d-0000-4000-8000-0123456789ab";
    let other = "org/11111111-2222-4333-8444-555555555555/project/*";
    assert_eq!(of(circleci, "StringLike", other), ["subject-of-no-token"]);
    assert!(of(circleci, "StringLike", "org/0a1b2c3d-*/project/*").is_empty());
    assert!(of("idp.example.com", "StringEquals", "anything").is_empty());
}

#[test]
fn a_secret_has_a_suffix_and_a_reserved_role_a_path() {
    let of = |resource: &str| {
        let rest = format!(r#","Resource":"{resource}""#);
        let found =
            found(PolicyType::Identity, &allow(r#""secretsmanager:GetSecretValue""#, &rest));
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db";
    assert_eq!(of(secret), ["secret-without-suffix"]);
    for suffix in ["-a1B2c3", "-??????", "-*", "*"] {
        assert!(of(&format!("{secret}{suffix}")).is_empty(), "{suffix}");
    }
    let reserved = r#"{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111122223333:role/AWSReservedSSO_a_0123456789abcdef"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
    let codes: Vec<_> =
        found(PolicyType::Resource, reserved).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["reserved-role-without-path"]);
}

#[test]
fn a_bucket_policy_delegates_to_access_points() {
    // S3 User Guide, access-points-policies: the bucket policy is asked with the keys of the access point.
    let of = |key: &str, kind: PolicyType, action: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":"{action}","Resource":"arn:aws:s3:::b/*","Condition":{{"StringEquals":{{"{key}":"a"}}}}}}"#
        );
        let found = found(kind, &statement);
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    for key in ["s3:DataAccessPointAccount", "s3:DataAccessPointArn", "s3:AccessPointNetworkOrigin"]
    {
        assert!(of(key, PolicyType::Resource, "s3:GetObject").is_empty(), "{key}");
    }
    assert_eq!(of("s3:prefix", PolicyType::Resource, "s3:GetObject"), ["unsupplied-key"]);
}

#[test]
fn a_source_in_any_account_is_found_unless_something_says_whose() {
    let codes = |source: &str, beside: &str| {
        let condition = format!(r#"{{"ArnLike":{{"aws:SourceArn":"{source}"}}{beside}}}"#);
        let rest = format!(
            r#","Principal":{{"Service":"s3.amazonaws.com"}},"Resource":"arn:aws:sns:eu-west-1:111122223333:t","Condition":{condition}"#
        );
        let found = found(PolicyType::Resource, &allow(r#""sns:Publish""#, &rest));
        found.into_iter().filter(|(code, _)| *code == "source-without-account").count()
    };
    let account = r#","StringEquals":{"aws:SourceAccount":"111122223333"}"#;
    for source in ["arn:aws:s3:::acme", "arn:aws:s3:*:*:acme", "*", "arn:aws:sqs:*:1111*:q"] {
        assert_eq!(codes(source, ""), 1, "{source}");
        assert_eq!(codes(source, account), 0, "{source}");
    }
    assert_eq!(codes("arn:aws:sqs:eu-west-1:111122223333:q", ""), 0);
}

#[test]
fn an_audience_that_no_workflow_for_aws_asks_for_is_found() {
    let codes = |operator: &str, audience: &str| {
        let key = "token.actions.githubusercontent.com";
        let condition = format!(
            r#"{{"{operator}":{{"{key}:aud":"{audience}"}},"StringLikeIfExists":{{"{key}:sub":"repo:acme/app:*"}}}}"#
        );
        let rest = format!(
            r#","Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{key}"}},"Condition":{condition}"#
        );
        let found = found(PolicyType::Trust, &allow(r#""sts:AssumeRoleWithWebIdentity""#, &rest));
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(codes("StringEquals", "https://github.com/acme"), ["audience-by-default"]);
    assert_eq!(codes("StringEquals", "sts.amazonaws.com"), NO_CODES);
    assert_eq!(codes("StringNotEquals", "https://github.com/acme"), NO_CODES);
    assert_eq!(codes("StringEquals", "repo:acme/app:*").first(), Some(&"literal-wildcard"));
    assert_eq!(codes("StringLike", "repo:acme/app:*"), ["audience-is-subject"]);
}

const NO_CODES: [&str; 0] = [];
