//! Tables in documents: writing twice is writing once, nothing outside of markers is touched, and what a
//! policy holds comes through a CommonMark parser as it was.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::Requester;
use iamsure_review::documentation::asking::{States, Subject};
use iamsure_review::documentation::binding::Surroundings;
use iamsure_review::documentation::finding::Finding;
use iamsure_review::documentation::reference::Shelved;
use iamsure_review::documentation::{Document, block, check, fix, scan};
use iamsure_truth::phrase::{Phrase, Piece};
use iamsure_truth::said::Said;
use proptest::collection::vec;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

use super::cases;

const GUARDRAIL: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Sid": "Guard", "Effect": "Deny", "Action": "*", "Resource": "*",
    "Condition": { "BoolIfExists": { "aws:ViaAWSMCPService": "false" } }
  }
}"#;

fn shelf(name: &str, _: Option<&str>) -> Result<Shelved, String> {
    match name {
        "guard.json" => Ok(Shelved::Text(Source::new(name, GUARDRAIL))),
        other => Err(format!("there is no `{other}`")),
    }
}

fn nobody(text: &str) -> Result<Requester, String> {
    Err(format!("`{text}` is nobody"))
}

const AROUND: Surroundings<'static> = Surroundings { shelf: &shelf, requesters: &nobody };

/// The document after `docs write`.
fn written(name: &str, text: &str, force: bool) -> String {
    let Ok(document) = Document::read(&Source::new(name, text)) else { return text.to_owned() };
    let written = block::write(&document, AROUND, force).unwrap();
    block::settle(&document, &written.fixes, AROUND, force).unwrap()
}

fn lie_inside(findings: &[Finding], text: &str) -> Result<(), TestCaseError> {
    for label in findings.iter().flat_map(|finding| &finding.labels) {
        prop_assert!(text.get(label.span.start..label.span.end).is_some(), "{label:?}");
    }
    Ok(())
}

/// Lines that mean something to a reader of Markdown, or to us.
fn line() -> impl Strategy<Value = String> {
    let ours = prop_oneof![
        Just(r#"<!-- iamsure:begin policy="guard.json" sid="Guard" -->"#),
        Just(r#"{/* iamsure:begin policy="guard.json" sid="Guard" audience="reviewer" */}"#),
        Just(r#"  <!-- iamsure:begin policy="guard.json" form="list" -->"#),
        Just(
            r#"{/* iamsure:begin policy="guard.json" sid="Guard" form="html" caption="a | <b> {c}" */}"#
        ),
        Just("<!-- iamsure:end -->"),
        Just("{/* iamsure:end 0000000000000000 */}"),
        Just("  {/* iamsure:end */}"),
        Just(r#"<!-- iamsure:check policy="guard.json" sid="Guard" -->"#),
        Just("<!-- iamsure:ignore -->"),
    ];
    let markdown = prop_oneof![
        Just("```json"),
        Just("```"),
        Just("~~~"),
        Just("<!--"),
        Just("-->"),
        Just("{/*"),
        Just("*/}"),
        Just("| `aws:ViaAWSMCPService` | Deny applies? |"),
        Just("| --- | --- |"),
        Just("| absent | no |"),
        Just("| `true` | no |"),
        Just("- item"),
        Just("    indented"),
        Just("> quoted"),
        Just(":::note"),
        Just("!!! note"),
        Just("<details>"),
        Just("# Heading"),
        Just("---"),
        Just(""),
        Just(GUARDRAIL),
    ];
    prop_oneof![
        3 => ours.prop_map(str::to_owned),
        4 => markdown.prop_map(str::to_owned),
        1 => ".{0,20}",
    ]
}

fn page() -> impl Strategy<Value = String> {
    let newline = prop_oneof![Just("\n"), Just("\r\n")];
    (vec(line(), 0..24), newline).prop_map(|(lines, newline)| lines.join(newline))
}

/// The texts of the cells of the first table.
fn cells(markdown: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().unwrap().push(String::new()),
            Event::Text(text) | Event::Code(text) if !rows.is_empty() => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push_str(&text);
                }
            }
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    rows
}

fn plain(phrase: &Phrase) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) => text.clone(),
            // What cannot be seen, or stand in a cell, is shown.
            Piece::Code(text) => {
                text.replace('\r', "\\r").replace('\n', "\\n").replace('\t', "\\t")
            }
        })
        .collect()
}

proptest! {
    #![proptest_config(cases(256))]

    /// inject ∘ inject = inject
    #[test]
    fn writing_twice_is_writing_once(page in page(), mdx in any::<bool>(), force in any::<bool>()) {
        let name = if mdx { "p.mdx" } else { "p.md" };
        let once = written(name, &page, force);
        prop_assert_eq!(&written(name, &once, force), &once);
        prop_assert_eq!(written(name, &once, true), written(name, &page, true));
    }

    #[test]
    fn nothing_outside_of_markers_is_touched(
        before in page(), inside in page(), after in page(), force in any::<bool>()
    ) {
        let begin = r#"<!-- iamsure:begin policy="guard.json" sid="Guard" -->"#;
        let text = format!("{before}\n{begin}\n{inside}\n<!-- iamsure:end -->\n{after}");
        let written = written("p.md", &text, force);
        // Whatever stands before the first marker, and after the last, is there as it was.
        let marker = |text: &str| ["<!-- iamsure:", "{/* iamsure:"].iter().filter_map(|open| text.find(open)).min();
        let first = marker(&text).unwrap();
        prop_assert_eq!(written.get(..first), text.get(..first));
        let last = ["<!-- iamsure:", "{/* iamsure:"].iter().filter_map(|open| text.rfind(open)).max().unwrap();
        let rest = text.get(last..).unwrap();
        let tail = rest.find('\n').map_or("", |at| rest.get(at..).unwrap());
        prop_assert!(written.ends_with(tail), "{tail:?} is gone from {written:?}");
    }

    #[test]
    fn any_page_is_checked_and_scanned_without_a_word_out_of_place(page in page(), mdx in any::<bool>()) {
        let name = if mdx { "p.mdx" } else { "p.md" };
        if let Ok(document) = Document::read(&Source::new(name, page.as_str())) {
            let checked = check::check(&document, AROUND).unwrap();
            lie_inside(&checked.findings, &page)?;
            // What is put right is right.
            let fixed = fix::apply(&page, &checked.fixes);
            let again = Document::read(&Source::new(name, fixed.as_str())).unwrap();
            prop_assert!(check::check(&again, AROUND).unwrap().fixes.is_empty(), "{fixed}");
            lie_inside(&scan::scan(&document).unwrap().findings, &page)?;
        }
    }

    #[test]
    fn what_a_policy_holds_survives_a_commonmark_parser(values in vec("[ -~\n\r\t`|\\\\*_<>{}é]{1,8}", 1..4)) {
        let policy = json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": { "StringEqualsIfExists": { "aws:RequestTag/a|b": values } },
            },
        });
        let text = policy.to_string();
        let source = Source::new("p.json", text.as_str());
        let read = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient);
        let Ok(document) = read else { return Err(TestCaseError::reject("not a policy")) };
        let table = Subject::of_statement(&document, 0).table(None, Some(true), &States::new()).unwrap().table;
        let shelf = |_: &str, _: Option<&str>| Ok(Shelved::Text(Source::new("p.json", text.as_str())));
        let around = Surroundings { shelf: &shelf, requesters: &nobody };
        let page = "<!-- iamsure:begin policy=\"p.json\" sid=\"1\" -->\n<!-- iamsure:end -->\n";
        let page = Document::read(&Source::new("p.md", page)).unwrap();
        let printed = block::print(&page, around).unwrap().unwrap().concat();
        let found = cells(&printed);
        let [column] = table.columns.as_slice() else { return Err(TestCaseError::reject("no keys")) };
        prop_assert_eq!(&found[0][0], &plain(&column.heading()));
        prop_assert_eq!(found.len(), table.rows.len() + 1);
        for (row, cells) in table.rows.iter().zip(&found[1..]) {
            let said = plain(&row.cells.get(column).unwrap_or(&Said::Any).phrase());
            prop_assert_eq!(&cells[0], &said, "{}", printed);
        }
    }
}
