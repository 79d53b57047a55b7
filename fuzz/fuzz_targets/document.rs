//! Reading never panics, every finding has a place, and what is written reads back the same.
//!
//! Input: a line with a policy type and a profile (`identity strict`), then the document.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::language::{Code, PolicyDocument, PolicyType, Profile, Source};

mod shim;

fn law(input: &str) {
    let (head, text) = input.split_once('\n').unwrap_or(("", input));
    let named = head.split(' ').next().and_then(PolicyType::from_name);
    let kind = named.unwrap_or(PolicyType::ALL[head.len() % PolicyType::ALL.len()]);
    let profile = if head.contains("lenient") { Profile::Lenient } else { Profile::Strict };

    let source = Source::new("input", text);
    let inspection = PolicyDocument::inspect(&source, kind, profile);
    for label in inspection.findings.iter().flat_map(|finding| &finding.labels) {
        assert!(label.span.start <= label.span.end && label.span.end <= text.len(), "{label:?}");
    }
    // A document that is too long to be stored decides all the same.
    let refused = inspection
        .findings
        .iter()
        .any(|finding| finding.is_error() && finding.code != Code::SizeLimit);
    assert_eq!(inspection.document.is_none(), refused);

    let Some(document) = inspection.document.filter(|_| profile == Profile::Strict) else { return };
    let written = document.to_json();
    // An escaped character beyond U+00FF is written bare, which IAM refuses (G-16).
    if written.chars().any(|c| c > '\u{ff}') {
        return;
    }
    let again = PolicyDocument::read(&Source::new("written", written.as_str()), kind, profile);
    assert_eq!(again.as_ref(), Ok(&document), "{written}");
    assert_eq!(document.to_json(), written);
}

shim::law!(law);
