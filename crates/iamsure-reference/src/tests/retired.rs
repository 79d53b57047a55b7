//! What AWS dropped is told from what never was.

use super::TEXT;
use crate::*;

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
