//! Any text is a claim, whose canonical sentence is the same claim, or an error with a place.
//!
//! Input: the text.

#![cfg_attr(fuzzing, no_main)]

use iamsure_truth::claim::Claim;

mod shim;

fn law(input: &str) {
    match Claim::parse(input) {
        Ok(claim) => {
            for remark in claim.remarks() {
                assert!(input.get(remark.span.clone()).is_some(), "{remark:?}");
            }
            let sentence = claim.to_string();
            let again = Claim::parse(&sentence);
            assert_eq!(again.map(|again| again.body).as_ref(), Ok(&claim.body), "{sentence}");
        }
        Err(error) => assert!(input.get(error.span.clone()).is_some(), "{error:?}"),
    }
}

shim::law!(law);
