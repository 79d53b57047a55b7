//! Classes of texts against `regex-automata`: the same signatures, found by another automaton.

use std::collections::BTreeSet;

use iamsure_truth::budget::Budget;
use iamsure_truth::class::text::{Span, Symbol, TextPattern, text_classes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::{Anchored, MatchKind};

use super::cases;

fn symbol() -> impl Strategy<Value = Symbol> {
    select(vec![
        Symbol::Char('a'),
        Symbol::Char('b'),
        Symbol::Char('A'),
        Symbol::Char(':'),
        Symbol::Char('é'),
        Symbol::Char('1'),
        Symbol::Letter('a'),
        Symbol::Letter('b'),
        Symbol::One(Span::All),
        Symbol::One(Span::Field),
        Symbol::One(Span::Digit),
        Symbol::Run(Span::All),
        Symbol::Run(Span::All),
        Symbol::Run(Span::Field),
        Symbol::Run(Span::Digit),
        Symbol::One(Span::OneOf("ab")),
        Symbol::Run(Span::OneOf("ab")),
        Symbol::Run(Span::NoneOf("a:")),
    ])
}

fn pattern() -> impl Strategy<Value = Vec<Symbol>> {
    vec(symbol(), 0..6)
}

/// The same pattern as a regular expression.
fn regex(symbols: &[Symbol]) -> String {
    let class = |span: Span| match span {
        Span::All => "(?s:.)".to_owned(),
        Span::Field => "[^:]".to_owned(),
        Span::Digit => "[0-9]".to_owned(),
        Span::OneOf(own) => format!("[{own}]"),
        Span::NoneOf(others) => format!("[^{others}]"),
    };
    symbols
        .iter()
        .map(|symbol| match symbol {
            Symbol::Char(c) => c.to_string(),
            Symbol::Letter(c) => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
            Symbol::One(span) => class(*span),
            Symbol::Run(span) => format!("{}*", class(*span)),
        })
        .collect()
}

/// The signatures that some text has, by walking every state of the automaton of all patterns.
/// `owners` says which clause each pattern is of.
fn signatures(regexes: &[String], owners: &[usize]) -> BTreeSet<BTreeSet<usize>> {
    let whole: Vec<String> = regexes.iter().map(|regex| format!("(?:{regex})\\z")).collect();
    let dfa = dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(regex_automata::dfa::StartKind::Anchored),
        )
        .build_many(&whole)
        .unwrap();
    let input = regex_automata::Input::new("").anchored(Anchored::Yes);
    let start = dfa.start_state_forward(&input).unwrap();
    // A state stands for texts only if they are whole characters: the bytes of one that is not yet
    // complete lead on. How many bytes are missing is walked along.
    let mut seen: BTreeSet<(StateID, Utf8)> = BTreeSet::new();
    let mut pending = vec![(start, Utf8::Whole)];
    let mut found = BTreeSet::new();
    while let Some((state, within)) = pending.pop() {
        if !seen.insert((state, within)) {
            continue;
        }
        if within == Utf8::Whole {
            let end = dfa.next_eoi_state(state);
            let matched = if dfa.is_match_state(end) {
                (0..dfa.match_len(end))
                    .map(|at| owners[dfa.match_pattern(end, at).as_usize()])
                    .collect()
            } else {
                BTreeSet::new()
            };
            found.insert(matched);
        }
        for byte in 0..=u8::MAX {
            if let Some(then) = within.then(byte) {
                pending.push((dfa.next_state(state, byte), then));
            }
        }
    }
    found
}

/// How far a text is into a character of several bytes. Two bytes are enough for the characters of
/// the patterns and for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Utf8 {
    Whole,
    OneMissing,
}

impl Utf8 {
    fn then(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (Self::Whole, 0..=0x7F) | (Self::OneMissing, 0x80..=0xBF) => Some(Self::Whole),
            (Self::Whole, 0xC2..=0xDF) => Some(Self::OneMissing),
            _ => None,
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn classes_of_texts_are_those_of_another_automaton(
        lists in vec(vec(pattern(), 0..3), 1..4),
        universe in prop::option::weighted(0.3, pattern()),
    ) {
        let mut regexes = Vec::new();
        let mut owners = Vec::new();
        for (owner, list) in lists.iter().enumerate() {
            for pattern in list {
                regexes.push(regex(pattern));
                owners.push(owner);
            }
        }
        let clauses: Vec<Vec<TextPattern>> = lists
            .iter()
            .map(|list| list.iter().map(|pattern| TextPattern::new(pattern.iter().copied())).collect())
            .collect();
        let slices: Vec<&[TextPattern]> = clauses.iter().map(Vec::as_slice).collect();
        let among = universe.as_ref().map(|pattern| TextPattern::new(pattern.iter().copied()));
        if let Some(pattern) = &universe {
            regexes.push(regex(pattern));
            owners.push(lists.len());
        }
        let expected: BTreeSet<BTreeSet<usize>> = signatures(&regexes, &owners)
            .into_iter()
            .filter(|signature| universe.is_none() || signature.contains(&lists.len()))
            .map(|signature| signature.into_iter().filter(|clause| *clause < lists.len()).collect())
            .collect();
        let classes = text_classes(&slices, among.as_ref(), Budget::default()).unwrap();
        let found: BTreeSet<BTreeSet<usize>> =
            classes.iter().map(|class| class.signature.iter().collect()).collect();
        prop_assert_eq!(found.len(), classes.len(), "two classes of one signature");
        prop_assert_eq!(found, expected);
    }
}
