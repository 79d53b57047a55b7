//! Reading and writing documents: nothing is lost, nothing panics, every finding has a place.

use iamsure_core::language::diagnostic::Code;
use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Profile, Source};
use iamsure_review::published;
use iamsure_testkit::strategy::document::{
    any_policy_text, mutated_policy_text, policy_text, policy_type,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::cases;

fn profile() -> impl Strategy<Value = Profile> {
    prop_oneof![Just(Profile::Strict), Just(Profile::Lenient)]
}

fn typed_text() -> impl Strategy<Value = (PolicyType, String)> {
    policy_type().prop_flat_map(|kind| (Just(kind), policy_text(kind)))
}

fn lies_inside(finding: &Diagnostic, source: &Source) -> Result<(), TestCaseError> {
    prop_assert!(!finding.labels.is_empty());
    prop_assert!(!finding.message.is_empty());
    for label in &finding.labels {
        let span = label.span;
        let fits = span.start <= span.end && span.end <= source.text().len();
        prop_assert!(fits, "{:?} of {} bytes: {}", span, source.text().len(), finding.message);
    }
    Ok(())
}

/// Everything that must hold however bad the text is.
fn inspected(text: &str, kind: PolicyType, profile: Profile) -> Result<(), TestCaseError> {
    let source = Source::new("p", text);
    let inspection = PolicyDocument::inspect(&source, kind, profile);
    for finding in &inspection.findings {
        lies_inside(finding, &source)?;
    }
    // A document that is too long is read all the same (2.3).
    let refuses = |finding: &Diagnostic| finding.is_error() && finding.code != Code::SizeLimit;
    let refused = inspection.findings.iter().any(refuses);
    prop_assert_eq!(inspection.document.is_none(), refused, "refused exactly if there is an error");
    prop_assert!(inspection.findings.is_sorted_by_key(Diagnostic::span));
    if let Some(document) = &inspection.document {
        for statement in &document.statements {
            let whole = source.slice(statement.span);
            prop_assert!(whole.starts_with('{') && whole.ends_with('}'), "{}", whole);
        }
        // What AWS's lists say of it never refuses it, and has its place too.
        let published = published::findings(document);
        prop_assert!(published.is_sorted_by_key(|finding| finding.span().start));
        for finding in &published {
            prop_assert!(!finding.is_error() && !finding.message.is_empty());
            for label in &finding.labels {
                prop_assert!(!source.slice(label.span).is_empty(), "{}", finding.message);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1200))]

    #[test]
    fn what_the_strategies_call_storable_reads_strictly((kind, text) in typed_text()) {
        let source = Source::new("p", text);
        let found = PolicyDocument::read(&source, kind, Profile::Strict);
        prop_assert!(found.is_ok(), "{:?}", found);
    }

    #[test]
    fn reading_what_was_written_gives_the_same_document((kind, text) in typed_text()) {
        let document =
            PolicyDocument::read(&Source::new("p", text), kind, Profile::Strict).unwrap();
        let written = document.to_json();
        let again = PolicyDocument::read(&Source::new("w", written.as_str()), kind, Profile::Strict);
        let again = again.unwrap();
        prop_assert_eq!(&again, &document);
        prop_assert_eq!(again.to_json(), written);
    }

    #[test]
    fn whatever_reads_strictly_is_written_and_read_back(
        text in prop_oneof![mutated_policy_text(), any_policy_text()],
        kind in policy_type(),
    ) {
        let source = Source::new("p", text);
        if let Ok(document) = PolicyDocument::read(&source, kind, Profile::Strict) {
            let written = document.to_json();
            // See the law about escapes below.
            prop_assume!(written.chars().all(|c| c <= '\u{ff}'));
            let again =
                PolicyDocument::read(&Source::new("w", written.as_str()), kind, Profile::Strict);
            prop_assert_eq!(again.as_ref(), Ok(&document), "{}", written);
        }
    }

    #[test]
    fn what_reads_strictly_reads_leniently_as_the_same((kind, text) in typed_text()) {
        let source = Source::new("p", text);
        let strict = PolicyDocument::read(&source, kind, Profile::Strict);
        prop_assert_eq!(strict, PolicyDocument::read(&source, kind, Profile::Lenient));
    }

    #[test]
    fn no_text_panics(text in any::<String>(), kind in policy_type(), profile in profile()) {
        inspected(&text, kind, profile)?;
    }

    #[test]
    fn no_bytes_panic(
        bytes in vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b'{'), Just(b'\\'), Just(b'[')], 0..80),
        kind in policy_type(),
        profile in profile(),
    ) {
        inspected(&String::from_utf8_lossy(&bytes), kind, profile)?;
    }

    #[test]
    fn no_json_panics(text in any_policy_text(), kind in policy_type(), profile in profile()) {
        inspected(&text, kind, profile)?;
    }

    #[test]
    fn no_broken_policy_panics(
        text in mutated_policy_text(),
        kind in policy_type(),
        profile in profile(),
    ) {
        inspected(&text, kind, profile)?;
    }
}

#[test]
fn an_escaped_character_is_written_so_that_it_reads_back() {
    let text =
        r#"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::\u4e2d"}}"#;
    let read = |text: &str| {
        PolicyDocument::read(&Source::new("p", text), PolicyType::Identity, Profile::Strict)
    };
    let document = read(text).unwrap();
    assert_eq!(read(&document.to_json()), Ok(document));
}

#[test]
fn no_finding_splits_a_character() {
    let source = Source::new("p", "{\"é");
    let inspection = PolicyDocument::inspect(&source, PolicyType::Identity, Profile::Strict);
    for finding in inspection.findings {
        let span = finding.span();
        assert!(source.text().is_char_boundary(span.start), "{span:?}");
        assert!(source.text().is_char_boundary(span.end), "{span:?}");
    }
}
