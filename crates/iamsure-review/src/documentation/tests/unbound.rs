//! Tables that no marker binds.

use super::{DECISIONS, MFA, codes, deny, document, edit_of, scanned};
use crate::documentation::finding::Code;
use crate::documentation::scan::scan;

#[test]
fn denied_beside_a_deny_alone_is_that_it_applies() {
    let page = deny("BoolIfExists", MFA, "\"false\"") + DECISIONS;
    let found = scanned(&page);
    assert_eq!((found.unbound, found.agreeing), (1, 1));
    assert_eq!(codes(&found.findings), []);
}

#[test]
fn a_table_of_a_stricter_guardrail_is_told_from_one_of_a_weaker() {
    let page = deny("Bool", MFA, "\"false\"") + DECISIONS;
    let found = scanned(&page);
    assert_eq!(codes(&found.findings), [Code::SuspectTable]);
    let note = edit_of(&found.findings[0]);
    assert!(note.contains("correct for `BoolIfExists`") && note.contains("stricter"), "{note}");
}

#[test]
fn a_swapped_value_is_found_although_no_row_is_right() {
    let table =
        "| `aws:SecureTransport` | Denied? |\n| --- | --- |\n| `true` | no |\n| `false` | yes |\n";
    let page = deny("Bool", "aws:SecureTransport", "\"true\"") + table;
    let found = scanned(&page);
    assert_eq!(codes(&found.findings)[..2], [Code::SuspectTable, Code::SuspectTable]);
    let note = edit_of(&found.findings[0]);
    assert!(note.contains("correct for `\"false\"`"), "{note}");
}

#[test]
fn each_table_may_be_about_a_policy_of_its_own() {
    let table = |first: &str| {
        format!(
            "| `aws:ViaAWSMCPService` | Applies? |\n| --- | --- |\n| absent | {first} |\n| `true` | no |\n| `false` | yes |\n\n"
        )
    };
    let key = "aws:ViaAWSMCPService";
    let page = deny("Bool", key, "\"false\"")
        + &table("no")
        + &deny("BoolIfExists", key, "\"false\"")
        + &table("yes");
    let found = scanned(&page);
    assert_eq!((found.unbound, found.agreeing), (2, 2));
    assert_eq!(codes(&found.findings), []);
}

#[test]
fn a_table_that_is_understood_in_part_is_a_note() {
    let page = deny("BoolIfExists", MFA, "\"false\"")
        + "| `aws:MultiFactorAuthPresent` | Result |\n| --- | --- |\n| absent | it depends |\n| `true` | Denied |\n";
    assert_eq!(codes(&scanned(&page).findings), [Code::UnboundTable]);
}

#[test]
fn tables_about_keys_that_no_policy_asks_for_are_none_of_ours() {
    let page = deny("BoolIfExists", MFA, "\"false\"")
        + "| `aws:SourceIp` | Allowed? |\n| --- | --- |\n| `203.0.113.7` | yes |\n| `198.51.100.1` | no |\n";
    assert_eq!(scanned(&page).unbound, 0);
    let table_alone = "| `aws:SourceIp` | Allowed? |\n| --- | --- |\n| `203.0.113.7` | yes |\n";
    assert_eq!(scanned(table_alone).unbound, 0);
}

#[test]
fn containers_do_not_hide_a_table() {
    let table = [
        "| `aws:MultiFactorAuthPresent` | Result |",
        "| --- | --- |",
        "| absent | Allowed |",
        "| `true` | Allowed |",
    ];
    for (open, indent, close) in [
        ("- item\n", "  ", ""),
        ("1. item\n\n", "   ", ""),
        (":::note\n", "", ":::"),
        ("!!! note \"A title\"\n", "    ", ""),
        ("!!! note\n\n", "    ", ""),
        ("> quoted\n>\n", "> ", ""),
        ("<Tabs>\n", "", "</Tabs>"),
        ("<details>\n<summary>More</summary>\n\n", "", "</details>"),
    ] {
        for newline in ["\n", "\r\n"] {
            let lines: Vec<String> = table.iter().map(|line| format!("{indent}{line}\n")).collect();
            let page = deny("BoolIfExists", MFA, "\"false\"") + open + &lines.concat() + close;
            let page = page.replace('\n', newline);
            let found = scanned(&page);
            assert_eq!(codes(&found.findings), [Code::SuspectTable], "{page}");
            let span = found.findings[0].span();
            assert_eq!(page.get(span.start..span.end), Some("Allowed"), "{page}");
        }
    }
}

#[test]
fn what_is_commented_out_is_not_there() {
    let table = "| `aws:MultiFactorAuthPresent` | Result |\n| --- | --- |\n| absent | Allowed |\n| `true` | Allowed |\n";
    for (open, close) in [("{/*\n\n", "\n*/}\n"), ("<!--\n\n", "\n-->\n")] {
        let policy = deny("BoolIfExists", MFA, "\"false\"");
        assert_eq!(scanned(&format!("{policy}{open}{table}{close}")).unbound, 0);
        assert_eq!(scanned(&format!("{open}{policy}{close}{table}")).policies, 0);
    }
}

/// A table with a column for each state, as of a report from the field.
#[test]
fn a_transposed_table_is_checked_as_any_other() {
    let page = |answers: &str| {
        deny("BoolIfExists", "rds:ManageMasterUserPassword", "\"false\"")
            + &format!(
                "| `rds:ManageMasterUserPassword` | `false` | `true` | absent |\n| --- | --- | --- | --- |\n| Deny applies? | {answers} |\n"
            )
    };
    let right = scanned(&page("yes | no | yes"));
    assert_eq!((right.unbound, right.agreeing), (1, 1), "{:?}", right.findings);
    let text = page("yes | no | no");
    let wrong = scanned(&text);
    assert_eq!(codes(&wrong.findings), [Code::SuspectTable]);
    let span = wrong.findings[0].span();
    assert_eq!((text.get(span.start..span.end), text.get(span.end..)), (Some("no"), Some(" |\n")));
    // A negated heading is not read as its opposite.
    let negated = scanned(&text.replace("Deny applies?", "Deny does not apply?"));
    assert_eq!((negated.unbound, codes(&negated.findings)), (0, vec![]));
}

#[test]
fn a_table_of_decisions_that_a_deny_overrules_is_reported() {
    let page = |rows: &str| {
        deny("StringNotEqualsIfExists", "aws:SourceVpc", "\"vpc-1a2b3c4d\"")
            + "| `aws:SourceVpc` | Result |\n| --- | --- |\n"
            + rows
    };
    let absent_wrong =
        "| absent | Allowed |\n| `vpc-1a2b3c4d` (ours) | Allowed |\n| `vpc-9` | Denied |\n";
    let found = scanned(&page(absent_wrong));
    assert_eq!(codes(&found.findings), [Code::SuspectTable], "{:?}", found.findings);
    let right = absent_wrong.replacen("Allowed", "Denied", 1);
    assert_eq!(codes(&scanned(&page(&right)).findings), []);
    // That it is denied where this Deny does not apply may rest on other policies.
    let denied = "| absent | Denied |\n| `vpc-1a2b3c4d` | Denied |\n| `vpc-9` | Denied |\n";
    assert_eq!(codes(&scanned(&page(denied)).findings), [Code::UnboundTable]);
}

/// The policies of other languages than Markdown are read; what is not read of them is counted.
#[test]
fn policies_of_asciidoc_and_restructuredtext_are_read() {
    let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ec2:* ", "Resource": "*"}}"#;
    for (name, page) in [
        ("p.adoc", format!("= P\n\n[source,json]\n----\n{policy} <1>\n----\n<1> The policy.\n")),
        ("p.rst", format!("P\n=\n\n.. code-block:: json\n\n   {policy}\n\nText.\n")),
        ("p.rst", format!("P\n=\n\nThe policy::\n\n   {policy}\n")),
    ] {
        let found = scan(&document(name, &page)).unwrap();
        assert_eq!((found.policies, found.is_read_in_part), (1, true), "{page}");
        assert_eq!(codes(&found.findings), [Code::InertStatement], "{page}");
        let place = found.findings[0].labels.last().unwrap().span;
        assert_eq!(page.get(place.start..place.end), Some("\"ec2:* \""));
    }
    let page = format!("<pre>{policy}</pre>");
    let found = scan(&document("p.html", &page)).unwrap();
    assert_eq!((found.policies, found.is_read_in_part), (0, true));
    let found = scan(&document("p.md", "```json\n{\"Effect\": \"Allow\", ...}\n```\n")).unwrap();
    assert_eq!((found.policies, found.unreadable), (0, 1));
}
