//! Pages in many manners: what is found in them, and what is not.

use iamsure_core::language::Source;
use iamsure_core::world::Requester;

use super::binding::Surroundings;
use super::check::{Checked, check};
use super::document::Document;
use super::finding::{Code, Finding};
use super::reference::Shelved;
use super::scan::{Scanned, scan};
use super::{block, fix};

fn nothing(name: &str, _: Option<&str>) -> Result<Shelved, String> {
    Err(format!("there is no `{name}`"))
}

fn nobody(text: &str) -> Result<Requester, String> {
    Err(format!("`{text}` is nobody"))
}

const AROUND: Surroundings<'static> = Surroundings { shelf: &nothing, requesters: &nobody };

fn document(name: &str, text: &str) -> Document {
    Document::read(&Source::new(name, text)).unwrap()
}

fn scanned(text: &str) -> Scanned {
    scan(&document("page.mdx", text)).unwrap()
}

fn checked(text: &str) -> Checked {
    check(&document("page.mdx", text), AROUND).unwrap()
}

/// The codes of findings that are more than remarks about policies.
fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|found| found.code).filter(|code| *code != Code::Placeholder).collect()
}

fn deny(operator: &str, key: &str, value: &str) -> String {
    format!(
        "```json title=\"p.json\"\n{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Sid\": \"Guard\", \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {{\"{operator}\": {{\"{key}\": {value}}}}}}}]}}\n```\n\n"
    )
}

/// The findings of a page that shows these statements.
fn of_statements(statements: &[&str]) -> Scanned {
    let list = statements.join(", ");
    scanned(&format!("```json\n{{\"Version\": \"2012-10-17\", \"Statement\": [{list}]}}\n```\n"))
}

/// A statement of the reports from the field: what depends on a placeholder is not judged, and that is said.
#[test]
fn what_depends_on_a_placeholder_is_not_judged() {
    for statement in [
        r#"{"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "arn:${AWS::Partition}:ec2:${AWS::Region}:*:instance/*"}"#,
        r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:${region}:${account_id}:key/${key}"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${var.bucket_arn}/*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Principal": {"AWS": "arn:aws:iam::<ACCOUNT_ID>:root"}, "Resource": "arn:aws:s3:::<BUCKET>/*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Principal": {"AWS": "ACCOUNT-B-ID"}, "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::YOUR_BUCKET/*"}"#,
        r#"{"Effect": "Allow", "Action": "sns:Publish", "Resource": "SNS-topic-ARN"}"#,
        r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": ["List of the KMS key ARNs."]}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "<your-ip>/32"}}}"#,
        r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:REGION:123456789012:QUEUE-ID"}"#,
        r#"{"Effect": "Deny", "Action": "service:*", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": "service-prefix:action-name", "Resource": "*"}"#,
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{{ bucket }}/*"}"#,
        r#"{"Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "arn:aws:ec2:[region]:[account-id]:instance/*"}"#,
        r#"{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::account-id:role/x"}}"#,
        r#"{"Effect": "Allow", "Action": "kms:Encrypt", "Principal": {"Service": "logs.region.amazonaws.com"}, "Resource": "<arn of the key>"}"#,
        r#"{"Effect": "Deny", "Action": "s3:*", "NotResource": "${arn}"}"#,
        r#"{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}"#,
    ] {
        let found = of_statements(&[statement]);
        let all: Vec<Code> = found.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(all, [Code::Placeholder], "{statement}: {:?}", found.findings);
        assert_eq!(found.unjudged, 1, "{statement}");
    }
}

#[test]
fn what_holds_for_every_value_of_a_placeholder_is_said() {
    for (statements, expected) in [
        (
            &[
                r#"{"Effect": "Allow", "Action": "glue:BatchCreatePartitions", "Resource": "<ARN>"}"#,
            ][..],
            "never published",
        ),
        (
            &[r#"{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "<ARN>"}"#],
            "needs no permission",
        ),
        (
            &[
                r#"{"Effect": "Allow", "Action": "ec2:* ", "Resource": "arn:aws:ec2:<region>:*:instance/*"}"#,
            ],
            "`ec2:* ` ends with a blank",
        ),
        // The same placeholder is the same value.
        (
            &[
                r#"{"Sid": "One", "Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:<region>:<id>:q"}"#,
                r#"{"Sid": "Two", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:<region>:<id>:q"}"#,
            ],
            "Allow `One` does the same",
        ),
    ] {
        let found = of_statements(statements);
        let inert: Vec<_> =
            found.findings.iter().filter(|found| found.code == Code::InertStatement).collect();
        assert_eq!(inert.len(), 1, "{statements:?}: {:?}", found.findings);
        assert!(inert[0].message.contains(expected), "{}", inert[0].message);
    }
}

/// A Deny that leaves out what a placeholder stands for may leave out what the other statement allows.
#[test]
fn nothing_rests_on_what_a_placeholder_is_not() {
    let found = of_statements(&[
        r#"{"Sid": "A", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Sid": "D", "Effect": "Deny", "Action": "s3:*", "NotResource": "<ARN>"}"#,
    ]);
    assert_eq!(codes(&found.findings), [], "{:?}", found.findings);
}

#[test]
fn policy_variables_are_no_placeholders() {
    let found = of_statements(&[
        r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::home/${aws:username}/*"}"#,
        r#"{"Effect": "Allow", "Action": "iam:TagUser", "Resource": "arn:aws:iam::user/${aws:username}"}"#,
    ]);
    assert_eq!(found.unjudged, 0);
    let [only] = &found.findings[..] else { panic!("{:?}", found.findings) };
    assert!(only.message.ends_with("the account field is missing"), "{}", only.message);
}

#[test]
fn an_arn_without_its_account_is_of_nobody() {
    let statement = |action: &str, resources: &str| {
        format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": {resources}}}"#)
    };
    for (action, resources, is_found) in [
        ("iam:PassRole", r#""arn:aws:iam::role/app""#, true),
        (
            "dynamodb:GetItem",
            r#"["arn:aws:dynamodb:us-east-1:table/t1", "arn:aws:dynamodb:eu-west-1:table/t2"]"#,
            true,
        ),
        (
            "dynamodb:GetItem",
            r#"["arn:aws:dynamodb:us-east-1:table/t1", "arn:aws:dynamodb:*:*:table/t2"]"#,
            false,
        ),
        ("iam:GetPolicy", r#""arn:aws:iam::aws""#, false),
        ("iam:GetUser", r#""arn:aws:iam::123456789012""#, false),
        ("dynamodb:GetItem", r#""arn:aws:dynamodb:us-east-1:*""#, false),
    ] {
        let found = of_statements(&[&statement(action, resources)]);
        assert_eq!(found.findings.len(), usize::from(is_found), "{resources} {:?}", found.findings);
        let says = |finding: &Finding| finding.message.contains("the account field is missing");
        assert!(found.findings.iter().all(says), "{:?}", found.findings);
    }
}

#[test]
fn an_account_that_examples_share_is_nobodys_own() {
    for statement in [
        r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
        r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
        r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/x"}, "Action": "kms:Decrypt", "Resource": "*"}"#,
    ] {
        let found = of_statements(&[statement]);
        assert_eq!(found.findings, [], "{statement}");
    }
    // Here the page says whose the queue is.
    let found = of_statements(&[
        r#"{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    ]);
    assert!(found.findings[0].message.contains("the account that owns the resource"));
}

#[test]
fn stack_policies_are_no_iam_policies() {
    let found = of_statements(&[
        r#"{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}"#,
        r#"{"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "LogicalResourceId/Db"}"#,
    ]);
    assert_eq!(codes(&found.findings), [Code::NotJudged]);
    assert_eq!(found.unjudged, 2);
}

const MFA: &str = "aws:MultiFactorAuthPresent";

const DECISIONS: &str = "| `aws:MultiFactorAuthPresent` | Result |\n| --- | --- |\n| absent | Denied |\n| `false` | Denied |\n| `true` | Allowed |\n";

fn edit_of(finding: &Finding) -> &str {
    finding
        .notes
        .iter()
        .find(|note| note.starts_with("this table is correct for"))
        .map_or("", |note| note)
}

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

#[test]
fn a_marker_in_code_is_none() {
    let page = "```md\n<!-- iamsure:begin policy=\"x\" -->\n```\n\n`<!-- iamsure:end -->` and\n\n    {/* iamsure:check */}\n";
    let found = checked(page);
    assert_eq!((found.bound, found.generated, found.findings.len()), (0, 0, 0));
}

#[test]
fn statements_of_one_name_that_differ_are_told() {
    let policy = deny("BoolIfExists", MFA, "\"false\"");
    let fragment = "```json\n{\"Sid\": \"Guard\", \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {\"Bool\": {\"aws:MultiFactorAuthPresent\": \"false\"}}}\n```\n\n";
    let bound = "{/* iamsure:check policy=\"#p.json\" sid=\"Guard\" */}\n\n";
    let page = format!("{policy}{fragment}{bound}{DECISIONS}");
    assert_eq!(codes(&checked(&page).findings), [Code::StatementsDiffer]);
    // Without the name of a policy, nobody knows which is meant.
    let page = page.replace("policy=\"#p.json\" ", "");
    assert!(codes(&checked(&page).findings).contains(&Code::BadPolicy));
}

#[test]
fn an_absent_row_is_missed_where_it_matters() {
    let table = "| `aws:MultiFactorAuthPresent` | Result |\n| --- | --- |\n| `false` | Denied |\n| `true` | Allowed |\n";
    let bound = "{/* iamsure:check policy=\"#p.json\" sid=\"Guard\" */}\n\n";
    let page = deny("BoolIfExists", MFA, "\"false\"") + bound + table;
    let found = checked(&page);
    assert_eq!(codes(&found.findings), [Code::NoAbsentRow]);
    assert_eq!((found.right, found.wrong), (2, 0));
}

#[test]
fn negated_operators_and_sets_are_asked_as_they_are() {
    let bound = "{/* iamsure:check policy=\"#p.json\" sid=\"Guard\" */}\n\n";
    let table = |rows: &str| format!("| `aws:SourceVpce` | Deny applies? |\n| --- | --- |\n{rows}");
    let page = deny("StringNotEquals", "aws:SourceVpce", "\"vpce-1\"")
        + bound
        + &table("| — | Yes |\n| `vpce-1` | No |\n| any other value | Yes |\n");
    assert_eq!((checked(&page).right, codes(&checked(&page).findings)), (3, vec![]));

    let table = "| `aws:CalledVia` | Deny applies? |\n| --- | --- |\n| absent | No |\n| `athena.amazonaws.com` | Yes |\n| `glue.amazonaws.com` | No |\n";
    let page = deny("ForAnyValue:StringEquals", "aws:CalledVia", "\"athena.amazonaws.com\"")
        + bound
        + table;
    assert_eq!((checked(&page).right, codes(&checked(&page).findings)), (3, vec![]));
    let page = page.replace("ForAnyValue", "ForAllValues");
    let found = checked(&page);
    assert_eq!(codes(&found.findings), [Code::WrongCell]);
    assert!(
        edit_of(&found.findings[0]).contains("ForAnyValue:StringEquals"),
        "{:?}",
        found.findings
    );
}

#[test]
fn a_block_in_a_list_keeps_its_indentation() {
    let page = format!(
        "{}- item\r\n\r\n  {{/* iamsure:begin policy=\"#p.json\" sid=\"Guard\" */}}\r\n  {{/* iamsure:end */}}\r\n",
        deny("BoolIfExists", MFA, "\"false\"")
    );
    let document = document("page.mdx", &page);
    let written = block::write(&document, AROUND, false).unwrap();
    let text = fix::apply(&page, &written.fixes);
    assert!(text.contains("\r\n  | `aws:MultiFactorAuthPresent` | Deny applies? |\r\n"), "{text}");
    assert_eq!(codes(&checked(&text).findings), []);
}

#[test]
fn a_marker_shares_its_line_with_nothing() {
    let policy = deny("BoolIfExists", MFA, "\"false\"");
    let page =
        format!("{policy}text {{/* iamsure:begin policy=\"#p.json\" */}}\n{{/* iamsure:end */}}\n");
    assert_eq!(codes(&checked(&page).findings), [Code::BadMarker]);
}

#[test]
fn other_documents_have_html_between_their_markers() {
    let shelf = |_: &str, _: Option<&str>| {
        Ok(Shelved::Text(Source::new(
            "p.json",
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}}"#,
        )))
    };
    let around = Surroundings { shelf: &shelf, requesters: &nobody };
    let page = "Title\n=====\n\n.. raw:: html\n\n   <!-- iamsure:begin policy=\"p.json\" sid=\"1\" caption=\"A & B\" -->\n   <!-- iamsure:end -->\n";
    let document = document("page.rst", page);
    let written = block::write(&document, around, false).unwrap();
    let text = fix::apply(page, &written.fixes);
    assert!(text.contains("\n     <caption>A &amp; B</caption>\n"), "{text}");
    assert!(text.contains("<th scope=\"row\"><code>false</code></th>"), "{text}");
    let again = Document::read(&Source::new("page.rst", text.as_str())).unwrap();
    assert!(block::write(&again, around, false).unwrap().fixes.is_empty());
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

#[test]
fn a_marker_that_names_what_is_not_there_is_refused() {
    let policy = deny("BoolIfExists", MFA, "\"false\"");
    let page = |attributes: &str, heading: &str| {
        format!(
            "{policy}<!-- iamsure:check policy=\"#p.json\" sid=\"Guard\" {attributes} -->\n\n| {heading} | Deny applies? |\n| --- | --- |\n| absent | Yes |\n"
        )
    };
    assert_eq!(codes(&checked(&page("", "state")).findings), []);
    let unasked = "which the policy does not use";
    for (attributes, heading, code, says) in [
        ("column=\"Denies?=applies\"", "state", Code::BadMarker, "the table has no column"),
        ("action=\"s3:GetObjct\"", "state", Code::BadPolicy, "did you mean `s3:GetObject`"),
        ("", "aws:SourceIp", Code::BadMarker, unasked),
        ("", "acme:Key", Code::BadMarker, unasked),
    ] {
        let found = checked(&page(attributes, heading)).findings;
        assert_eq!(codes(&found), [code], "{attributes} {heading}");
        assert!(found[0].message.contains(says), "{}", found[0].message);
    }
}

#[test]
fn a_backtick_of_a_value_stays_in_its_cell() {
    let page = format!(
        "{}<!-- iamsure:begin policy=\"#p.json\" sid=\"Guard\" audience=\"reviewer\" -->\n<!-- iamsure:end -->\n",
        deny("StringEquals", "aws:SourceVpce", "\"a`b\"")
    );
    let document = document("page.mdx", &page);
    let text = fix::apply(&page, &block::write(&document, AROUND, false).unwrap().fixes);
    assert!(text.contains("``a`b``"), "{text}");
    assert_eq!(codes(&checked(&text).findings), []);
}

#[test]
fn an_end_marker_holds_a_digest_and_nothing_that_could_be_lost() {
    let policy = deny("BoolIfExists", MFA, "\"false\"");
    let page = format!(
        "{policy}<!-- iamsure:begin policy=\"#p.json\" -->\n<!-- iamsure:end 0011 and a remark\nof two lines -->\n"
    );
    let document = document("page.mdx", &page);
    assert!(codes(&checked(&page).findings).contains(&Code::BadMarker));
    let written = block::write(&document, AROUND, true).unwrap();
    assert_eq!(fix::apply(&page, &written.fixes), page);
}
