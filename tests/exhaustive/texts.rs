//! Every pair of patterns of up to three symbols, against every text of up to five or six characters.
//!
//! All characters that no pattern names are alike; two of them stand for the rest.

use std::collections::HashMap;

use iamsure_truth::bits::Bits;
use iamsure_truth::budget::Budget;
use iamsure_truth::class::text::{Span, Symbol, TextPattern, text_classes};

/// Whether a pattern takes a whole text, by the textbook recurrence.
fn matches(pattern: &[Symbol], text: &[char]) -> bool {
    let covers = |span: Span, c: char| match span {
        Span::All => true,
        Span::Field => c != ':',
        Span::Digit => c.is_ascii_digit(),
        Span::OneOf(own) => own.contains(c),
        Span::NoneOf(others) => !others.contains(c),
    };
    let Some((symbol, rest)) = pattern.split_first() else { return text.is_empty() };
    let next = text.split_first();
    match symbol {
        Symbol::Run(span) => {
            matches(rest, text)
                || next.is_some_and(|(c, after)| covers(*span, *c) && matches(pattern, after))
        }
        Symbol::Char(own) => next.is_some_and(|(c, after)| own == c && matches(rest, after)),
        Symbol::Letter(own) => {
            next.is_some_and(|(c, after)| own.eq_ignore_ascii_case(c) && matches(rest, after))
        }
        Symbol::One(span) => {
            next.is_some_and(|(c, after)| covers(*span, *c) && matches(rest, after))
        }
    }
}

/// Every sequence of `symbols` of at most `longest`.
fn sequences<T: Copy>(symbols: &[T], longest: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last
            .iter()
            .flat_map(|start| {
                symbols.iter().map(|symbol| start.iter().copied().chain([*symbol]).collect())
            })
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// Looks at every pair of patterns over `symbols`, among the texts of `universe`; says how many. Texts
/// of `longest` characters must show whatever two patterns and the universe can do, twice.
fn every_pair(
    symbols: &[Symbol],
    characters: &[char],
    universe: Option<&[Symbol]>,
    longest: usize,
) -> usize {
    let patterns = sequences(symbols, 3);
    let texts: Vec<Vec<char>> = sequences(characters, longest)
        .into_iter()
        .filter(|text| universe.is_none_or(|universe| matches(universe, text)))
        .collect();
    let taken: Vec<Vec<bool>> = patterns
        .iter()
        .map(|pattern| texts.iter().map(|text| matches(pattern, text)).collect())
        .collect();
    let among = universe.map(|symbols| TextPattern::new(symbols.iter().copied()));
    let built: Vec<[TextPattern; 1]> =
        patterns.iter().map(|pattern| [TextPattern::new(pattern.iter().copied())]).collect();
    let mut pairs = 0;
    for one in 0..patterns.len() {
        for two in one..patterns.len() {
            pairs += 1;
            let clauses: [&[TextPattern]; 2] = [&built[one], &built[two]];
            let classes = text_classes(&clauses, among.as_ref(), Budget::default()).unwrap();
            let what = || format!("{:?} and {:?}", patterns[one], patterns[two]);
            let signature =
                |first: bool, second: bool| usize::from(first) + 2 * usize::from(second);
            let mut found = [None; 4];
            for class in &classes {
                let text: Vec<char> = class.witness.chars().collect();
                let own = [matches(&patterns[one], &text), matches(&patterns[two], &text)];
                let said = [class.signature.contains(0), class.signature.contains(1)];
                assert_eq!(own, said, "{:?} stands for {}", class.witness, what());
                assert!(universe.is_none_or(|universe| matches(universe, &text)), "{}", what());
                let place = &mut found[signature(own[0], own[1])];
                assert!(place.is_none(), "two classes of one signature: {}", what());
                *place = Some(class.several);
            }
            let mut seen = [0; 4];
            for (first, second) in taken[one].iter().zip(&taken[two]) {
                seen[signature(*first, *second)] += 1;
            }
            for (several, count) in found.into_iter().zip(seen) {
                // A class found without a text here would need a longer text than any there is.
                assert_eq!(several, (count > 0).then_some(count > 1), "{}", what());
            }
        }
    }
    pairs
}

#[test]
fn pairs_of_globs() {
    let symbols =
        [Symbol::Char('a'), Symbol::Char('b'), Symbol::Run(Span::All), Symbol::One(Span::All)];
    let not_empty = [Symbol::One(Span::All), Symbol::Run(Span::All)];
    let pairs = every_pair(&symbols, &['a', 'b', 'x', 'y'], None, 5)
        + every_pair(&symbols, &['a', 'b', 'x', 'y'], Some(&not_empty), 5);
    println!("{pairs} pairs of globs, each over every text");
}

#[test]
fn pairs_of_patterns_with_fields() {
    let symbols = [
        Symbol::Char('a'),
        Symbol::Char(':'),
        Symbol::Run(Span::All),
        Symbol::One(Span::All),
        Symbol::Run(Span::Field),
        Symbol::One(Span::Field),
    ];
    let two_fields = [Symbol::Run(Span::Field), Symbol::Char(':'), Symbol::Run(Span::All)];
    let pairs = every_pair(&symbols, &['a', ':', 'x', 'y'], None, 5)
        + every_pair(&symbols, &['a', ':', 'x', 'y'], Some(&two_fields), 6);
    println!("{pairs} pairs of patterns with fields, each over every text");
}

#[test]
fn pairs_of_patterns_with_and_without_case() {
    let symbols =
        [Symbol::Char('a'), Symbol::Char('A'), Symbol::Letter('a'), Symbol::Run(Span::All)];
    let pairs = every_pair(&symbols, &['a', 'A', 'x', 'y'], None, 5);
    println!("{pairs} pairs of patterns with and without case, each over every text");
}

#[test]
fn pairs_of_patterns_of_digits() {
    let symbols = [
        Symbol::Char('1'),
        Symbol::One(Span::Digit),
        Symbol::One(Span::All),
        Symbol::Run(Span::All),
    ];
    let pairs = every_pair(&symbols, &['1', '2', '3', 'x', 'y'], None, 5);
    println!("{pairs} pairs of patterns of digits, each over every text");
}

#[test]
fn lists_of_two_globs_against_a_third() {
    let symbols = [Symbol::Char('a'), Symbol::Run(Span::All), Symbol::One(Span::All)];
    let patterns = sequences(&symbols, 2);
    let texts = sequences(&['a', 'x', 'y'], 5);
    let mut lists = 0;
    for one in &patterns {
        for two in &patterns {
            for three in &patterns {
                lists += 1;
                let build = |pattern: &[Symbol]| TextPattern::new(pattern.iter().copied());
                let (list, alone) = ([build(one), build(two)], [build(three)]);
                let classes = text_classes(&[&list, &alone], None, Budget::default()).unwrap();
                let mut seen: HashMap<Bits, usize> = HashMap::new();
                for text in &texts {
                    let holds = [matches(one, text) || matches(two, text), matches(three, text)];
                    let signature = (0..2).filter(|clause| holds[*clause]).collect();
                    *seen.entry(signature).or_default() += 1;
                }
                assert_eq!(classes.len(), seen.len(), "{one:?}, {two:?} and {three:?}");
                for class in classes {
                    let count = seen.get(&class.signature).copied().unwrap_or_default();
                    assert!(
                        count > 0 && class.several == (count > 1),
                        "{one:?}, {two:?} and {three:?}"
                    );
                }
            }
        }
    }
    println!("{lists} lists of globs, each over every text");
}
