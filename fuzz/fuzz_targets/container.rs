//! Whatever a file holds that policies are taken from: reading it never panics, each address leads to what it names
//! or is told to name several things, and what is called a place is one.
//!
//! Input: account details, a plan, a template, an answer, a list, or a list of managed policies.

#![cfg_attr(fuzzing, no_main)]

use iamsure_account::{Choices, read, read_managed};
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

mod shim;

fn law(input: &str) {
    let source = Source::new("file", input);
    let _ = read_managed(&source, "Fuzzed");
    let Ok(Some(container)) = read(&source, &Choices::default()) else { return };
    for address in container.addresses() {
        let holder = match container.find(&address) {
            Ok(holder) => holder,
            // A plan that says two things of one address.
            Err(error) => {
                assert!(error.0.contains(" of them; "), "{error}");
                continue;
            }
        };
        let Ok(sources) = holder.sources() else { continue };
        for (kind, source) in sources {
            let kind = kind.unwrap_or(PolicyType::Identity);
            let inspection = PolicyDocument::inspect(&source, kind, Profile::Lenient);
            for label in inspection.findings.iter().flat_map(|finding| &finding.labels) {
                assert!(source.text().get(label.span.start..label.span.end).is_some(), "{label:?}");
            }
        }
    }
    let again = read(&source, &Choices::default()).expect("it was read before");
    let again = again.expect("it was read before");
    assert_eq!(again.addresses(), container.addresses());
}

shim::law!(law);
