//! Whatever a record of a decision holds: reading it never panics, an error has a place in it, and the suite that is
//! written reads as a suite with a test for each request.
//!
//! Input: the record, as JSON, JSON lines or a sentence.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::language::{PolicyType, Profile, Source};
use iamsure_import::{Documents, read, suite_text};
use iamsure_review::suite::{Shelf, Shelved, Suite};

mod shim;

/// What is written names no other file.
struct Nothing;

impl Shelf for Nothing {
    fn suite(&mut self, _: &str, reference: &str) -> Result<Source, String> {
        panic!("the suite extends {reference}")
    }

    fn policies(
        &mut self,
        _: &str,
        reference: &str,
        _: PolicyType,
        _: Profile,
    ) -> Result<Shelved, String> {
        panic!("the suite names {reference}")
    }
}

fn law(input: &str) {
    let source = Source::new("record", input);
    let import = match read(&[source], None, &Documents::default()) {
        Ok(import) => import,
        Err(error) => {
            assert!(error.line >= 1 && error.line <= input.split('\n').count() + 1, "{error:?}");
            assert!(error.column >= 1, "{error:?}");
            return;
        }
    };
    if import.tests.is_empty() {
        return;
    }
    let text = suite_text(&import, None, false).to_string();
    let suite = Suite::read(&Source::new("written.iamsure.yaml", text.as_str()), &mut Nothing);
    match suite {
        Ok(suite) => assert_eq!(suite.tests.len(), import.tests.len(), "{text}"),
        Err(errors) => panic!("{errors:?}\n{text}"),
    }
}

shim::law!(law);
