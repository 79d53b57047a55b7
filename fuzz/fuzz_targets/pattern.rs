//! Wildcards match as the textbook recurrence says, as globs, in actions and in resources.
//!
//! Input: a line with a pattern, then the text.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::language::pattern::{Case, Pattern};
use iamsure_core::language::resource::{ResourceMatch, ResourceRules};
use iamsure_core::language::variable::{Reading, Value};
use iamsure_core::language::{ActionName, ActionPattern, PolicyType, ResourcePattern};
use iamsure_testkit::oracle::pattern::{glob, glob_ignoring_case};

mod shim;

fn law(input: &str) {
    // The oracle marks literal wildcards with private characters.
    if input.contains(['\u{f0000}', '\u{f0001}']) || input.len() > 2000 {
        return;
    }
    let (pattern, text) = input.split_once('\n').unwrap_or((input, ""));
    let sensitive = Pattern::glob(pattern, Case::Sensitive);
    assert_eq!(sensitive.matches(text), glob(pattern, text));
    let insensitive = Pattern::glob(pattern, Case::Insensitive);
    assert_eq!(insensitive.matches(text), glob_ignoring_case(pattern, text));
    assert!(sensitive.matches(&sensitive.example(text)));

    if let Ok(action) = ActionName::parse(&format!("s3:{text}")) {
        let entry = ActionPattern::new(format!("S3:{pattern}"));
        assert_eq!(entry.matches(&action), glob_ignoring_case(pattern, text));
    }
    // After the fifth colon a resource entry is a glob (M-11).
    let rules = ResourceRules::default();
    let matches = |entry: String, resource: &str| {
        let entry = ResourcePattern::new(entry);
        let none = |_: &_| Value::None;
        entry.matches(resource, PolicyType::Identity, Reading::Plain, rules, none)
            == ResourceMatch::Yes
    };
    let resource = format!("arn:aws:s3:::{text}");
    assert_eq!(matches(format!("arn:aws:s3:::{pattern}"), &resource), glob(pattern, text));
    // Anywhere, it matches no more than a glob does, and a short one no more than its completion.
    if matches(pattern.to_owned(), text) {
        let missing = 5_usize.saturating_sub(pattern.matches(':').count());
        assert!(pattern == "*" || glob(&(pattern.to_owned() + &":*".repeat(missing)), text));
    }
}

shim::law!(law);
