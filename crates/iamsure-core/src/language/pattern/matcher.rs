//! A pattern made ready to be held against many texts.

use super::{Case, Pattern, Piece, Reach};

/// A [`Pattern`], ready for many texts: it matches the same ones. Most patterns are a text, or a text with one
/// `*`, and are then compared as texts.
#[derive(Clone, Debug)]
pub struct Matcher {
    case: Case,
    /// What every text that matches starts with.
    head: Box<str>,
    rest: Rest,
}

/// What follows the head.
#[derive(Clone, Debug)]
enum Rest {
    /// Nothing.
    End,
    /// Any run of characters, and then this.
    RunThen(Box<str>),
    /// Anything else.
    Pattern(Pattern),
}

impl Matcher {
    /// Makes `pattern` ready.
    pub fn new(pattern: &Pattern) -> Self {
        let head = literal_head(pattern.pieces());
        let after = pattern.pieces().get(head.chars().count()..).unwrap_or_default();
        let rest = match after.split_first() {
            None => Rest::End,
            Some((Piece::Run(Reach::Everything), tail)) => {
                let text = literal_head(tail);
                if text.chars().count() == tail.len() {
                    Rest::RunThen(text.into())
                } else {
                    Rest::Pattern(Pattern::new(after.iter().copied(), pattern.case()))
                }
            }
            Some(_) => Rest::Pattern(Pattern::new(after.iter().copied(), pattern.case())),
        };
        Self { case: pattern.case(), head: head.into(), rest }
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        let Some((head, rest)) = text.split_at_checked(self.head.len()) else { return false };
        self.same(head, &self.head)
            && match &self.rest {
                Rest::End => rest.is_empty(),
                Rest::RunThen(tail) => rest
                    .len()
                    .checked_sub(tail.len())
                    .and_then(|at| rest.split_at_checked(at))
                    .is_some_and(|(_, end)| self.same(end, tail)),
                Rest::Pattern(pattern) => pattern.matches(rest),
            }
    }

    fn same(&self, a: &str, b: &str) -> bool {
        match self.case {
            Case::Sensitive => a == b,
            Case::Insensitive => a.eq_ignore_ascii_case(b),
        }
    }
}

/// The characters before the first wildcard.
pub(crate) fn literal_head(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map_while(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matcher_matches_what_its_pattern_does() {
        let alphabet = ['a', 'B', 'ö', ':', '*', '?'];
        let mut patterns = vec![String::new()];
        for _ in 0..4 {
            let longer: Vec<_> = patterns
                .iter()
                .flat_map(|p| alphabet.iter().map(move |c| format!("{p}{c}")))
                .collect();
            patterns.extend(longer);
            patterns.sort();
            patterns.dedup();
        }
        let texts = ["", "a", "b", "A", "aB", "ab", "ö", "aö", "öa", "a:b", "aab", ":", "aaaa"];
        for text in texts {
            for pattern in &patterns {
                for case in [Case::Sensitive, Case::Insensitive] {
                    for reach in [Reach::Everything, Reach::Field] {
                        let pieces = pattern.chars().map(|c| match c {
                            '*' => Piece::Run(reach),
                            '?' => Piece::One(reach),
                            c => Piece::Char(c),
                        });
                        let pattern = Pattern::new(pieces, case);
                        let matcher = Matcher::new(&pattern);
                        assert_eq!(
                            matcher.matches(text),
                            pattern.matches(text),
                            "{pattern:?} {text}"
                        );
                    }
                }
            }
        }
    }
}
