//! Classes of texts: which combinations of clauses a text can match, with the shortest text for each.
//!
//! A clause is a list of patterns, any of which may match. A text's *signature* is the set of
//! clauses it matches. Walking the patterns' positions character by character (the subset
//! construction) finds every signature that some text has:
//!
//! - In a state only the characters that some pattern waits for matter, and one that no pattern
//!   names: any two characters that no pattern names can be swapped for each other in a text without
//!   changing what matches. So each state has few successors.
//! - A clause that has reached the `*` at the end of one of its patterns matches whatever follows;
//!   its other positions are dropped. What is kept apart is clauses, never patterns.
//! - Patterns of a clause that end alike share their ends, and once a `*` is reached, the positions
//!   that only lead to it are dropped: the `*` takes whatever they would.
//! - From a `*` and from a clause that matches whatever follows no character leads away. A state names
//!   these by one number and lists only the positions that the next character may leave.
//! - A letter whose case nobody asks for is followed once.
//! - States are visited by length of text, so the first text that reaches a signature is a shortest.
//!
//! Every text ends in exactly one state, so the signatures found are all there are.

mod construction;
mod held;
mod layout;
mod pattern;
mod position;

use rustc_hash::FxHashMap;

pub use pattern::{Span, Symbol, TextPattern};

use crate::bits::Bits;
use crate::budget::{Budget, Exceeded, TooComplex};
use construction::{Construction, too_complex};

/// Texts that match the same clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextClass {
    /// The clauses they match.
    pub signature: Bits,
    /// A shortest of them.
    pub witness: String,
    /// Whether there is more than one of them.
    pub several: bool,
}

/// Every class of texts that `clauses` tell apart, among the texts that match `universe` (all texts,
/// if there is none). Shortest witness first, then in order of the clauses' characters.
///
/// # Errors
/// If it takes more states or classes than the budget allows.
pub fn text_classes(
    clauses: &[&[TextPattern]],
    universe: Option<&TextPattern>,
    budget: Budget,
) -> Result<Vec<TextClass>, TooComplex> {
    if let Some(classes) = literal_classes(clauses, universe) {
        return Ok(classes);
    }
    let characters = clauses.iter().flat_map(|clause| clause.iter()).map(|one| one.0.len()).sum();
    let most = budget.states / 2;
    if most < characters {
        return Err(too_complex(clauses, Exceeded::Characters, most));
    }
    Construction::new(clauses, universe, budget).run()
}

/// The quick way where every pattern is one text: each is its own class, or shares one with texts that
/// the same clauses list; all other texts are one class more.
fn literal_classes(
    clauses: &[&[TextPattern]],
    universe: Option<&TextPattern>,
) -> Option<Vec<TextClass>> {
    let mut texts: FxHashMap<String, Bits> = FxHashMap::default();
    let mut order: Vec<String> = Vec::new();
    for (index, clause) in clauses.iter().enumerate() {
        for pattern in *clause {
            let text = pattern.only_text()?;
            let signature = texts.entry(text.clone()).or_insert_with(|| {
                order.push(text);
                Bits::new()
            });
            signature.insert(index);
        }
    }
    let mut classes: Vec<TextClass> = Vec::new();
    let mut places: FxHashMap<Bits, usize> = FxHashMap::default();
    let other = match universe {
        None => other_text(|text| texts.contains_key(text)),
        Some(universe) => other_member(universe, |text| texts.contains_key(text))?,
    };
    classes.push(TextClass { signature: Bits::new(), witness: other, several: true });
    order.sort_by(|one, two| one.len().cmp(&two.len()).then_with(|| one.cmp(two)));
    for text in order {
        if universe.is_some_and(|universe| !universe.matches(&text)) {
            continue;
        }
        let signature = texts.get(&text).cloned().unwrap_or_default();
        let place = *places.entry(signature.clone()).or_insert_with(|| {
            classes.push(TextClass { signature, witness: text.clone(), several: false });
            classes.len() - 1
        });
        if let Some(class) = classes.get_mut(place) {
            class.several |= class.witness != text;
        }
    }
    Some(classes)
}

/// What stands for a text that nobody named.
const OTHERS: [&str; 4] = ["another-value", "some-other-value", "yet-another-value", "value"];

/// A text that is not `taken`.
pub(crate) fn other_text(taken: impl Fn(&str) -> bool) -> String {
    let numbered = (0_usize..).map(|number| format!("another-value-{number}"));
    OTHERS
        .iter()
        .map(|text| (*text).to_owned())
        .chain(numbered)
        .find(|text| !taken(text))
        .unwrap_or_default()
}

/// A text of `universe` that is not `taken`; `None` if the universe does not end in a free run.
fn other_member(universe: &TextPattern, taken: impl Fn(&str) -> bool) -> Option<String> {
    let (last, head) = universe.0.split_last()?;
    if *last != Symbol::Run(Span::All) {
        return None;
    }
    let mut start = String::new();
    for symbol in head {
        match symbol {
            Symbol::Char(c) | Symbol::Letter(c) => start.push(*c),
            Symbol::One(Span::Digit) => start.push('0'),
            Symbol::One(_) => start.push('x'),
            Symbol::Run(_) => {}
        }
    }
    Some(format!("{start}{}", other_text(|text| taken(&format!("{start}{text}")))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Exceeded;

    fn classes(clauses: &[&[&str]]) -> Vec<(Vec<usize>, String)> {
        let patterns: Vec<Vec<TextPattern>> = clauses
            .iter()
            .map(|clause| clause.iter().map(|text| TextPattern::glob(text, false)).collect())
            .collect();
        let slices: Vec<&[TextPattern]> = patterns.iter().map(Vec::as_slice).collect();
        let mut found: Vec<_> = text_classes(&slices, None, Budget::default())
            .unwrap()
            .into_iter()
            .map(|class| (class.signature.iter().collect::<Vec<_>>(), class.witness))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn every_combination_that_some_text_has_is_found_with_a_shortest_text() {
        let found = classes(&[&["a*"], &["*b"]]);
        assert_eq!(
            found,
            [
                (vec![], String::new()),
                (vec![0], "a".to_owned()),
                (vec![0, 1], "ab".to_owned()),
                (vec![1], "b".to_owned()),
            ]
        );
    }

    #[test]
    fn patterns_of_one_clause_are_not_told_apart() {
        let words: Vec<String> = (0..24).map(|number| format!("*w{number:02}*")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(classes(&[&words]).len(), 2);
    }

    #[test]
    fn both_ways_of_matching_agree() {
        let long = "x".repeat(130);
        let pattern = TextPattern::glob(&format!("{long}*a?"), false);
        assert!(pattern.matches(&format!("{long}bab")) && !pattern.matches(&format!("{long}ba")));
        for (pattern, text, expected) in [
            ("a*b?", "axxbc", true),
            ("a*b?", "ab", false),
            ("*", "", true),
            ("??", "a", false),
            ("", "", true),
        ] {
            assert_eq!(
                TextPattern::glob(pattern, false).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn too_many_states_name_the_patterns() {
        let words: Vec<String> = (0..16).map(|number| format!("*w{number:02}*")).collect();
        let patterns: Vec<[TextPattern; 1]> =
            words.iter().map(|word| [TextPattern::glob(word, false)]).collect();
        let slices: Vec<&[TextPattern]> =
            patterns.iter().map(<[TextPattern; 1]>::as_slice).collect();
        let budget = Budget { states: 500, ..Budget::default() };
        let error = text_classes(&slices, None, budget).unwrap_err();
        assert_eq!(error.exceeded, Exceeded::States);
        assert!(error.because.contains(&"*w00*".to_owned()));
    }
}
