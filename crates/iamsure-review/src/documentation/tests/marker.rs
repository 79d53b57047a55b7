//! Tables that a marker binds, and those that are written between two.

use iamsure_core::language::Source;

use super::{AROUND, DECISIONS, MFA, checked, codes, deny, document, edit_of, nobody};
use crate::documentation::binding::Surroundings;
use crate::documentation::document::Document;
use crate::documentation::finding::Code;
use crate::documentation::reference::Shelved;
use crate::documentation::{block, fix};

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
