//! The embedded tables against the text they were made from, and against facts checked by hand on
//! AWS's pages.

use std::collections::BTreeSet;

use crate::Presence::{Always, Never, Sometimes};
use crate::familiar::FAMILIAR;
use crate::*;

/// The text again, for scans that share nothing with the build script.
const TEXT: &str = include_str!("../data/service-reference.txt");

/// `service:Name` of every action line.
fn names_in_text() -> Vec<String> {
    let current = TEXT.split("\nretirement\n").next().unwrap();
    let mut service = "";
    let mut names = Vec::new();
    for line in current.lines() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["service", prefix] => service = prefix,
            ["action", name, ..] => names.push(format!("{service}:{name}")),
            _ => {}
        }
    }
    names
}

fn known(name: &str) -> Action {
    action(name).known().unwrap_or_else(|| panic!("`{name}` is not known"))
}

fn names(actions: impl Iterator<Item = Action>) -> Vec<&'static str> {
    actions.map(Action::name).collect()
}

#[test]
fn counts_are_those_of_the_capture() {
    assert_eq!(captured(), "2026-10-27");
    assert_eq!(sources().len(), 7);
    assert_eq!(services().count(), 457);
    assert_eq!(ACTION_COUNT, 22_321);
    assert_eq!(actions().len(), 22_321);
    assert_eq!(names_in_text().len(), 22_321);
    // The source says 22,147: it repeats six pairs.
    let pairs: usize = actions().map(|action| action.resource_types().count()).sum();
    assert_eq!(pairs, 22_141);
    let dependents: Vec<usize> =
        actions().map(|action| action.dependent_actions().count()).collect();
    assert_eq!(dependents.iter().sum::<usize>(), 4_518);
    assert_eq!(dependents.iter().filter(|count| **count > 0).count(), 1_738);
    // The source describes 2,595 keys, `aws:` tag keys for service after service. Secrets Manager and
    // Systems Manager describe one tag key each under two spellings; one key of KMS is used and not
    // described.
    let listed = services().filter_map(|prefix| service(prefix).known());
    assert_eq!(listed.map(|service| service.condition_keys().count()).sum::<usize>(), 2_594);
    assert_eq!(condition_keys().len(), 1_599);
    assert_eq!(global_keys().len(), 62);
    let listed = services().filter_map(|prefix| service(prefix).known());
    let types: Vec<ResourceType> = listed.flat_map(Service::resource_types).collect();
    assert_eq!(types.len(), 2_348);
    assert_eq!(types.iter().map(|resource| resource.arn_formats().count()).sum::<usize>(), 2_361);
    assert_eq!(retired_actions().len(), 479);
    assert_eq!(retired_services().len(), count_of_retired("service "));
    assert_eq!(retired_condition_keys().len(), count_of_retired("key "));
}

/// Lines of this kind in the retirements of the text.
fn count_of_retired(kind: &str) -> usize {
    let (_, retirements) = TEXT.split_once("\nretirement\n").unwrap();
    retirements.lines().filter(|line| line.starts_with(kind)).count()
}

#[test]
fn access_levels_are_those_of_the_capture() {
    let count =
        |text: &str| actions().filter(|action| action.access_levels().to_string() == text).count();
    let counts =
        ["Read", "List", "Write", "Tagging, Write", "Permissions management, Write"].map(count);
    assert_eq!(counts, [5_947, 3_748, 11_485, 719, 422]);
}

#[test]
fn every_action_in_the_text_is_found_in_any_case() {
    for (index, name) in names_in_text().iter().enumerate() {
        for spelling in [name.clone(), name.to_ascii_lowercase(), name.to_ascii_uppercase()] {
            let found = known(&spelling);
            assert_eq!((found.name(), found.index()), (name.as_str(), index));
            assert_eq!(found.service().prefix(), name.split_once(':').unwrap().0);
        }
    }
}

#[test]
fn every_record_is_whole() {
    let every = actions().collect::<Vec<_>>();
    assert!(every.is_sorted());
    for action in every {
        assert_eq!(Action::from_index(action.index()), Some(action));
        assert!(action.access_levels().iter().next().is_some(), "{action}");
        for resource in action.resource_types() {
            assert!(!resource.name().is_empty(), "{action}");
            assert!(resource.arn_formats().count() > 0, "{action} {}", resource.name());
            assert!(
                resource.arn_formats().all(|arn| arn.starts_with("arn:")),
                "{action} {}",
                resource.name()
            );
        }
        assert!(
            action
                .condition_keys()
                .chain(action.own_condition_keys())
                .all(|key| key.name.contains(':'))
        );
        assert!(
            action.condition_keys().map(|key| key.name).collect::<BTreeSet<_>>().len()
                == action.condition_keys().count()
        );
        assert!(action.dependent_actions().all(|name| name.contains(':')), "{action}");
    }
    assert_eq!(Action::from_index(ACTION_COUNT), None);
    for prefix in services() {
        let service = service(prefix).known().unwrap();
        assert!(
            !service.title().is_empty()
                && service.actions().all(|action| action.service() == service)
        );
    }
}

#[test]
fn dependent_actions_are_known_or_retired() {
    for action in actions() {
        for name in action.dependent_actions() {
            assert!(!crate::action(name).is_unknown(), "{action} needs {name}");
        }
    }
}

#[test]
fn reading_an_object_is_as_the_s3_page_says() {
    let get = known("S3:GETOBJECT");
    assert_eq!(
        (get.name(), get.operation(), get.service().title()),
        ("s3:GetObject", "GetObject", "Amazon S3")
    );
    assert_eq!(get.access_levels().iter().collect::<Vec<_>>(), [AccessLevel::Read]);
    let resources: Vec<_> =
        get.resource_types().map(|resource| (resource.name(), resource.required)).collect();
    assert_eq!(resources, [("accesspointobject", false), ("object", false)]);
    let object = get.resource_types().last().unwrap();
    assert_eq!(
        object.arn_formats().collect::<Vec<_>>(),
        ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]
    );
    let keys: Vec<_> = get.own_condition_keys().map(|key| key.name).collect();
    assert!(
        keys.contains(&"s3:ExistingObjectTag/${TagKey}") && keys.contains(&"s3:TlsVersion"),
        "{keys:?}"
    );
}

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
fn a_cell_with_two_arn_formats_gives_two() {
    let resource = known("lex:BatchCreateCustomVocabularyItem")
        .resource_types()
        .find(|resource| resource.name() == "bot")
        .unwrap();
    assert_eq!(
        resource.arn_formats().collect::<Vec<_>>(),
        [
            "arn:${Partition}:lex:${Region}:${Account}:bot/${BotId}",
            "arn:${Partition}:lex:${Region}:${Account}:bot:${BotName}",
        ]
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
fn mcp_actions_have_the_standing_aws_gave_them() {
    for name in ["aws-mcp:InvokeMcp", "aws-mcp:CallReadOnlyTool", "AWS-MCP:callreadwritetool"] {
        let retirement = action(name).retirement().unwrap();
        assert!(retirement.name.eq_ignore_ascii_case(name));
        assert_eq!((retirement.since, retirement.source), ("2026-03-24", "AWS MCP user guide"));
    }
    assert!(service("aws-mcp").is_retired());
    for operation in ["InvokeMcp", "CallReadOnlyTool", "CallPrivilegedTool"] {
        let name = format!("sagemaker-unified-studio-mcp:{operation}");
        assert_eq!(action(&name).retirement().unwrap().since, "announced 2026-05-29");
    }
    assert!(action("sagemaker-unified-studio-mcp:AuthorizeVpce").is_known());
    assert!(action("eks-mcp:CallPrivilegedTool").is_known());
}

#[test]
fn retired_names_say_between_which_snapshots() {
    let since = |name| action(name).retirement().map(|retirement| retirement.since);
    assert_eq!(since("evidently:CreateProject"), Some("between 2026-07-08 and 2026-10-27"));
    assert_eq!(since("trustedadvisor:CreateEngagement"), Some("between 2025-10-01 and 2026-07-08"));
    assert!(service("evidently").is_retired());
    assert!(service("quicksight").is_known());
    assert_eq!(since("gamesparks:CreateGame"), Some("before 2025-10-01"));
    assert_eq!(since("cloudhsm:CreateHapg"), Some("before 2024-10-25"));
    let retired = TEXT
        .split("\nretirement\n")
        .skip(1)
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("action "));
    let retired: Vec<&str> = retired.collect();
    assert_eq!(retired.len(), 479);
    assert!(retired.iter().all(|name| action(name).is_retired()));
    assert!(retired_services().all(|retirement| service(retirement.name).is_retired()));
    assert!(retired_condition_keys().all(|retirement| condition_key(retirement.name).is_retired()));
}

#[test]
fn what_nobody_published_is_unknown() {
    for name in [
        "s3:GetObjet",
        "é:ü",
        "s3:é",
        "s3:",
        ":GetObject",
        "s3",
        "",
        "nosuch:GetObject",
        "s3:Get*",
        " s3:GetObject",
        "s3:GetObject ",
    ] {
        assert_eq!(action(name), Standing::Unknown, "{name}");
    }
    for name in ["nosuch", "", "s3:", "s", "zzz", "é"] {
        assert_eq!(service(name), Standing::Unknown, "{name}");
    }
    for name in ["s3:nosuch", "é:ü", "aws:é", "", ":", "aws:ResourceTag/", "é.example:ü"] {
        assert_eq!(condition_key(name), Standing::Unknown, "{name}");
    }
    assert_eq!(condition_key("aws:ResourceTag/é").known().map(|key| key.multivalued), Some(false));
    assert!(expand("s3:é*").chain(expand("é*:é")).chain(expand("s3:*é?")).next().is_none());
}

/// `*` and `?` by recursion over the pattern: slow, plain, and nothing in common with the matcher
/// under test.
fn matches_slowly(pattern: &[u8], name: &[u8]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => (0..=name.len()).any(|skip| matches_slowly(rest, &name[skip..])),
        Some((b'?', rest)) => !name.is_empty() && matches_slowly(rest, &name[1..]),
        Some((byte, rest)) => name.first() == Some(byte) && matches_slowly(rest, &name[1..]),
    }
}

#[test]
fn expansion_equals_a_naive_scan() {
    let text = names_in_text();
    for pattern in [
        "s3:*",
        "s3:Get*",
        "S3:gEt*",
        "s3:*Object",
        "s3:*Object*Acl",
        "s3:Get?bject",
        "s3:GetObject",
        "s3:??tObject",
        "ec2:*e*s*",
        "ec2:Describe*s",
        "iam:*Role*",
        "sts:AssumeRole*",
        "sts:?*",
        "kms:*Key",
        "vpc-lattice:*-*",
        "a4b:z*",
        "a4b:*",
        "xray:*",
        "s3:**",
        "s3:*?*?",
        "s3:",
        "s3:zz",
        "*",
    ] {
        let lower = if pattern == "*" { "*:*".to_owned() } else { pattern.to_ascii_lowercase() };
        let (service, name) = lower.split_once(':').unwrap();
        let expected: Vec<&str> = text
            .iter()
            .map(String::as_str)
            .filter(|action| {
                let action = action.to_ascii_lowercase();
                let (of_service, operation) = action.split_once(':').unwrap();
                (service == "*" || service == of_service)
                    && matches_slowly(name.as_bytes(), operation.as_bytes())
            })
            .collect();
        assert_eq!(names(expand(pattern)), expected, "{pattern}");
    }
}

#[test]
fn patterns_find_what_is_retired() {
    let found = |pattern: &str| -> Vec<&str> {
        expand_retired(pattern).map(|retirement| retirement.name).collect()
    };
    let of_mcp = ["aws-mcp:CallReadOnlyTool", "aws-mcp:CallReadWriteTool", "aws-mcp:InvokeMcp"];
    assert_eq!(found("aws-mcp:*"), of_mcp);
    assert_eq!(found("AWS-MCP:call*"), of_mcp[..2]);
    assert_eq!(found("*").len(), 479);
    assert_eq!(found("*:*").len(), 479);
    for nothing in ["aws-mcp", "*-mcp:*", "", "s3:GetObject", "nosuch:*"] {
        assert_eq!(found(nothing), [""; 0], "{nothing}");
    }
}

/// The types of the action that an ARN, or a pattern of one, fits.
fn fitting(action: &str, arn: &str) -> Vec<&'static str> {
    known(action)
        .resource_types()
        .filter(|resource| resource.fits(arn))
        .map(ResourceType::name)
        .collect()
}

#[test]
fn an_arn_fits_the_types_it_may_be_of() {
    for prefix in services() {
        for resource in service(prefix).known().unwrap().resource_types() {
            for format in resource.arn_formats() {
                let filled: String = format
                    .split("${")
                    .map(|part| {
                        part.split_once('}').map_or(part.to_owned(), |(_, rest)| format!("x{rest}"))
                    })
                    .collect();
                assert!(resource.fits(&filled), "{filled}");
                assert!(resource.fits("*") && resource.fits("arn:*"), "{format}");
                assert!(!resource.fits("") && !resource.fits("arn:aws:nosuch:::x"), "{format}");
            }
        }
    }
    assert_eq!(fitting("s3:GetObject", "arn:aws:s3:::bucket/key"), ["object"]);
    assert_eq!(fitting("s3:GetObject", "arn:aws:s3:::bucket"), [""; 0]);
    assert_eq!(fitting("s3:ListBucket", "arn:aws:s3:::bucket"), ["bucket"]);
    assert_eq!(fitting("s3:ListBucket", "arn:aws:s3:::bucket/*"), [""; 0]);
    assert_eq!(fitting("s3:ListBucket", "arn:aws:s3:::bucket*"), ["bucket"]);
    assert_eq!(fitting("iam:PassRole", "arn:aws:iam::111122223333:role/a/b"), ["role"]);
    assert_eq!(fitting("iam:PassRole", "arn:aws:iam::111122223333:user/a"), [""; 0]);
}

#[test]
fn a_service_knows_its_resource_types() {
    let s3 = service("s3").known().unwrap();
    let names: Vec<_> = s3.resource_types().map(ResourceType::name).collect();
    assert!(names.contains(&"bucket") && names.contains(&"object"), "{names:?}");
    assert!(s3.resource_types().all(|resource| !resource.required));
    let instance =
        service("ec2").known().unwrap().resource_types().find(|r| r.name() == "instance");
    assert!(instance.unwrap().condition_keys().any(|key| key.name == "ec2:InstanceType"));
    assert_eq!(service("sts").known().unwrap().resource_types().len(), {
        let of_sts = TEXT.split("\nservice sts\n").nth(1).unwrap();
        let of_sts = of_sts.split("\nservice ").next().unwrap();
        of_sts.lines().filter(|line| line.starts_with("resource ")).count()
    });
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
fn expansions_known_by_heart() {
    assert_eq!(
        names(expand("sts:assumerole*")),
        ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
    );
    assert_eq!(expand("*").count(), ACTION_COUNT);
    assert_eq!(expand("*:*").count(), ACTION_COUNT);
    for nothing in ["s*:Get*", "*:GetObject", "s3", "", "nosuch:*", "?", "s3*"] {
        assert_eq!(expand(nothing).count(), 0, "{nothing}");
    }
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

#[test]
fn example_resources_fit_what_they_exemplify() {
    let example =
        |name: &str| example_resource(name).unwrap_or_else(|| panic!("`{name}` has no example"));
    assert_eq!(example("s3:GetObject"), "arn:aws:s3:::example-bucket/example-key");
    assert_eq!(example("s3:ListBucket"), "arn:aws:s3:::example-bucket");
    assert_eq!(
        example("ec2:RunInstances"),
        "arn:aws:ec2:us-east-1:111122223333:instance/example-instance"
    );
    assert_eq!(example("sts:AssumeRole"), "arn:aws:iam::111122223333:role/example-role");
    assert_eq!(
        example("lambda:InvokeFunction"),
        "arn:aws:lambda:us-east-1:111122223333:function:example-function"
    );
    assert_eq!(example("kms:Decrypt"), "arn:aws:kms:us-east-1:111122223333:key/example-key");
    assert_eq!(example("sts:GetCallerIdentity"), "*");
    assert_eq!(example("s3:ListAllMyBuckets"), "*");
    assert_eq!(
        (example_resource("s3:nosuch"), example_resource("aws-mcp:InvokeMcp")),
        (None, None)
    );
    for action in actions() {
        let arn = example(action.name());
        assert!(
            arn == "*" || (arn.starts_with("arn:") && !arn.contains(['*', '?', '$', '{', '}'])),
            "{action}: {arn}"
        );
    }
}

#[test]
fn well_known_actions_are_known() {
    for (service, names) in FAMILIAR {
        assert!((2..=4).contains(&names.len()), "{service}");
        for name in *names {
            assert_eq!(known(name).name(), *name);
            assert_eq!(known(name).service().prefix(), *service);
        }
    }
    assert!(FAMILIAR.is_sorted());
    assert_eq!(well_known("S3")[0], "s3:GetObject");
    assert!(well_known("nosuch").is_empty());
}

#[test]
fn resource_control_policies_reach_the_listed_services() {
    let reached: Vec<_> = services()
        .filter(|prefix| {
            service(prefix).known().is_some_and(Service::supports_resource_control_policies)
        })
        .collect();
    assert_eq!(reached.len(), 62);
    assert!(
        ["s3", "sts", "kms", "sqs", "secretsmanager"].iter().all(|prefix| reached.contains(prefix))
    );
    assert!(!reached.contains(&"sns"));
}

#[test]
fn sets_of_actions_obey_the_laws_of_sets() {
    let (all, reads, s3) =
        (ActionSet::all(), ActionSet::matching("s3:Get*"), ActionSet::matching("s3:*"));
    assert_eq!((all.len(), ActionSet::new().len()), (ACTION_COUNT, 0));
    assert!(ActionSet::new().is_empty() && !reads.is_empty());
    assert!(reads.is_subset(&s3) && s3.is_subset(&all) && !s3.is_subset(&reads));
    assert_eq!(names(reads.iter()), names(expand("s3:Get*")));
    assert_eq!(s3.union(&reads), s3);
    assert_eq!(s3.intersection(&reads), reads);
    assert_eq!(s3.difference(&reads).len(), s3.len() - reads.len());
    assert_eq!(reads.difference(&s3), ActionSet::new());
    assert_eq!(names(all.iter()), names(actions()));

    let mut set = ActionSet::default();
    let last = actions().last().unwrap();
    assert!(set.insert(last) && !set.insert(last) && set.contains(last) && set.len() == 1);
    assert!(set.remove(last) && !set.remove(last) && set.is_empty());
}
