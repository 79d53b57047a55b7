//! Claims: what is written reads back the same, and every text is a claim or an error with a place.

use iamsure_testkit::strategy::claim::{body, nearly};
use iamsure_truth::claim::Claim;
use proptest::prelude::*;

use super::cases;

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn the_sentence_of_a_claim_reads_back_as_the_claim(body in body()) {
        let sentence = Claim { text: String::new(), body: body.clone() }.to_string();
        let read = Claim::parse(&sentence);
        prop_assert_eq!(read.as_ref().map(|claim| &claim.body), Ok(&body), "{}", sentence);
        prop_assert_eq!(read.map(|claim| claim.to_string()), Ok(sentence));
    }

    #[test]
    fn every_text_is_a_claim_or_an_error_with_a_place(
        text in prop_oneof![nearly(), any::<String>(), body().prop_map(damaged)],
    ) {
        match Claim::parse(&text) {
            Ok(claim) => {
                for remark in claim.remarks() {
                    prop_assert!(text.get(remark.span.clone()).is_some(), "{:?}", remark);
                }
                let again = Claim::parse(&claim.to_string());
                prop_assert_eq!(again.map(|again| again.body), Ok(claim.body));
            }
            Err(error) => {
                prop_assert!(text.get(error.span.clone()).is_some(), "{:?}", error);
                prop_assert!(!error.message.is_empty() && !error.message.contains("something else"), "{:?}", error);
            }
        }
    }
}

/// A sentence without its middle character.
fn damaged(body: iamsure_truth::claim::Body) -> String {
    let sentence = Claim { text: String::new(), body }.to_string();
    let middle = sentence.chars().count() / 2;
    sentence.chars().enumerate().filter(|(at, _)| *at != middle).map(|(_, c)| c).collect()
}
