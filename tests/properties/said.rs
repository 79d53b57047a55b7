//! What cells say: words are read as what they were printed from, and one meaning has one form.

use iamsure_testkit::strategy::said::said;
use iamsure_truth::phrase::Phrase;
use iamsure_truth::said::Said;
use proptest::collection::vec;
use proptest::prelude::*;

/// Every part made anew by the functions that keep the one form.
fn remade(said: Said) -> Said {
    match said {
        Said::Listed(values) => Said::listed(values),
        Said::Compared(comparison, values) => Said::compared(comparison, values),
        Said::Such(sample, values) => Said::such(sample, values),
        Said::Exactly(values) => Said::exactly(values),
        Said::Elements(quantifier, said) => Said::elements(quantifier, remade(*said)),
        Said::All(parts) => Said::all(parts.into_iter().map(remade)),
        Said::OneOf(parts) => Said::one_of(parts.into_iter().map(remade)),
        Said::Not(said) => Said::negated(remade(*said)),
        Said::AnyBut(said) => Said::any_but(remade(*said)),
        said => said,
    }
}

proptest! {
    #![proptest_config(super::cases(4096))]

    #[test]
    fn what_is_printed_is_read_as_what_it_was(said in said()) {
        let words = said.to_string();
        prop_assert_eq!(Said::read_loosely(&words), Some(said.clone()), "{}", words);
        prop_assert_eq!(Phrase::read(&words), said.phrase());
    }

    #[test]
    fn what_is_made_keeps_its_form(said in said()) {
        prop_assert_eq!(&remade(said.clone()), &said);
        if let Said::Not(what) = &said {
            prop_assert_eq!(&Said::negated(said.clone()), what.as_ref());
        }
    }

    #[test]
    fn the_order_of_parts_says_nothing(parts in vec(said(), 0..5)) {
        let backwards = || parts.iter().rev().cloned();
        prop_assert_eq!(Said::one_of(parts.clone()), Said::one_of(backwards()));
        prop_assert_eq!(Said::all(parts.clone()), Said::all(backwards()));
        let doubled = || parts.iter().flat_map(|part| [part.clone(), part.clone()]);
        prop_assert_eq!(Said::one_of(parts.clone()), Said::one_of(doubled()));
        prop_assert_eq!(Said::all(parts.clone()), Said::all(doubled()));
    }

    #[test]
    fn any_text_is_read_or_not_understood(text in "[`\"a-c,;() ]{0,12}|(not |none of: |like |or |and |but |, |; |\\(|\\)|`a` ?|absent |present |present, |any but |an element ){0,8}") {
        if let Some(said) = Said::read_loosely(&text) {
            prop_assert_eq!(Said::read_loosely(&said.to_string()), Some(said));
        }
    }
}
