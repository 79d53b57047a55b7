//! Whatever stands in a document: reading, checking and scanning it never panics, every finding has a place,
//! writing twice is writing once, and nothing before the first marker or after the last changes.
//!
//! Input: a line with the name of the document (`page.mdx`), then the document. `guard.json` is a policy.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::language::Source;
use iamsure_core::world::Requester;
use iamsure_review::documentation::binding::Surroundings;
use iamsure_review::documentation::finding::Finding;
use iamsure_review::documentation::reference::Shelved;
use iamsure_review::documentation::{Document, block, check, scan};

mod shim;

const GUARD: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Guard","Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:ViaAWSMCPService":"false"},"StringNotLike":{"aws:PrincipalArn":"arn:*:role/a|b`*"}}}]}"#;

fn shelf(name: &str, _: Option<&str>) -> Result<Shelved, String> {
    let is_known = name == "guard.json";
    let guard = || Shelved::Text(Source::new(name, GUARD));
    is_known.then(guard).ok_or_else(|| "no such file".to_owned())
}

fn nobody(_: &str) -> Result<Requester, String> {
    Err("nobody".to_owned())
}

const AROUND: Surroundings<'static> = Surroundings { shelf: &shelf, requesters: &nobody };

fn written(name: &str, text: &str, force: bool) -> Option<String> {
    let document = Document::read(&Source::new(name, text)).ok()?;
    let written =
        block::write(&document, AROUND, force).expect("no check of the program's own fails");
    let settled = block::settle(&document, &written.fixes, AROUND, force);
    Some(settled.expect("no check of the program's own fails"))
}

fn places(findings: &[Finding], text: &str) {
    for label in findings.iter().flat_map(|finding| &finding.labels) {
        assert!(text.get(label.span.start..label.span.end).is_some(), "{label:?}");
    }
}

fn law(input: &str) {
    let (name, text) = input.split_once('\n').unwrap_or(("page.md", input));
    let Ok(document) = Document::read(&Source::new(name, text)) else { return };
    let checked = check::check(&document, AROUND).expect("no check of the program's own fails");
    places(&checked.findings, text);
    let scanned = scan::scan(&document).expect("no check of the program's own fails");
    places(&scanned.findings, text);
    for force in [false, true] {
        let once = written(name, text, force).expect("it was read before");
        let twice = written(name, &once, force).expect("what is written can be read");
        assert_eq!(once, twice);
        let first = text.find("iamsure:").unwrap_or(text.len());
        assert_eq!(once.get(..first), text.get(..first));
        let last = text.rfind("iamsure:").map_or(0, |at| at + "iamsure:".len());
        let tail = text.get(last..).and_then(|rest| rest.find('\n').and_then(|at| rest.get(at..)));
        assert!(once.ends_with(tail.unwrap_or_default()));
    }
}

shim::law!(law);
