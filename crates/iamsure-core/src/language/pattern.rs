//! Wildcard patterns: `*` is any run of characters, `?` exactly one, all else stands for itself.
//!
//! A pattern covers the whole text (M-2). In the first five fields of a resource a wildcard may be
//! held back at colons (M-12, M-13); that is the [`Reach`] of a piece.
//!
//! Matching walks the set of pieces that are still possible, one character of the text at a time.
//! It never backtracks, so no pattern is expensive: the cost is at most (pieces × characters).

mod matcher;

pub use matcher::Matcher;
pub(crate) use matcher::literal_head;

/// How far a wildcard reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Over every character.
    Everything,
    /// Over every character but the colon.
    Field,
}

impl Reach {
    const fn covers(self, c: char) -> bool {
        match self {
            Self::Everything => true,
            Self::Field => c != ':',
        }
    }
}

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// This character.
    Char(char),
    /// `?`: exactly one character.
    One(Reach),
    /// `*`: any run of characters, also none.
    Run(Reach),
}

/// Whether letters compare with case. Folding is ASCII only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// `a` is not `A`.
    Sensitive,
    /// `a` is `A`.
    Insensitive,
}

impl Case {
    /// Whether two characters are the same.
    pub const fn same(self, a: char, b: char) -> bool {
        match self {
            Self::Sensitive => a as u32 == b as u32,
            Self::Insensitive => a.eq_ignore_ascii_case(&b),
        }
    }
}

/// A sequence of pieces that a whole text must match.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    pieces: Vec<Piece>,
    case: Case,
}

impl Pattern {
    /// The pattern made of these pieces. Neighbouring runs of one reach are one run.
    pub fn new(pieces: impl IntoIterator<Item = Piece>, case: Case) -> Self {
        let mut kept: Vec<Piece> = Vec::new();
        for piece in pieces {
            if !(matches!(piece, Piece::Run(_)) && kept.last() == Some(&piece)) {
                kept.push(piece);
            }
        }
        Self { pieces: kept, case }
    }

    /// Reads `*` and `?` in `text` as wildcards over every character.
    pub fn glob(text: &str, case: Case) -> Self {
        let piece = |c| match c {
            '*' => Piece::Run(Reach::Everything),
            '?' => Piece::One(Reach::Everything),
            c => Piece::Char(c),
        };
        Self::new(text.chars().map(piece), case)
    }

    /// The pieces, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// How letters compare.
    pub const fn case(&self) -> Case {
        self.case
    }

    /// The one text that matches, if there are no wildcards (one of its case variants, if case
    /// does not matter).
    pub fn literal(&self) -> Option<String> {
        self.pieces
            .iter()
            .map(|piece| if let Piece::Char(c) = piece { Some(*c) } else { None })
            .collect()
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        if self.pieces.iter().any(|piece| matches!(piece, Piece::Run(Reach::Field))) {
            self.matches_by_sets(text)
        } else {
            matches_by_last_run(self.pieces.iter().copied(), self.case, text)
        }
    }

    /// The general way: the set of positions in the pattern that some reading of the text so far
    /// has reached.
    fn matches_by_sets(&self, text: &str) -> bool {
        let mut reached = vec![false; self.pieces.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        self.skip_runs(&mut reached);
        for c in text.chars() {
            let mut next = vec![false; self.pieces.len() + 1];
            for (position, piece) in self.pieces.iter().enumerate() {
                if reached.get(position) != Some(&true) {
                    continue;
                }
                let target = match piece {
                    Piece::Char(p) => self.case.same(*p, c).then_some(position + 1),
                    Piece::One(reach) => reach.covers(c).then_some(position + 1),
                    Piece::Run(reach) => reach.covers(c).then_some(position),
                };
                if let Some(slot) = target.and_then(|target| next.get_mut(target)) {
                    *slot = true;
                }
            }
            reached = next;
            self.skip_runs(&mut reached);
        }
        reached.last() == Some(&true)
    }

    /// A run may be empty: where it can start, what follows it can start.
    fn skip_runs(&self, reached: &mut [bool]) {
        for (position, piece) in self.pieces.iter().enumerate() {
            if matches!(piece, Piece::Run(_))
                && reached.get(position) == Some(&true)
                && let Some(slot) = reached.get_mut(position + 1)
            {
                *slot = true;
            }
        }
    }

    /// A text that matches, with `run` in the place of each `*` and the first character of `run`
    /// (or `x`) in the place of each `?`.
    pub fn example(&self, run: &str) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Char(c) => text.push(*c),
                Piece::One(_) => text.push(run.chars().next().filter(|c| *c != ':').unwrap_or('x')),
                Piece::Run(Reach::Everything) => text.push_str(run),
                Piece::Run(Reach::Field) => text.extend(run.chars().filter(|c| *c != ':')),
            }
        }
        text
    }
}

/// Whether the whole of `text` matches pieces of which no run stops at a colon.
///
/// When every run covers everything, only the last run met can need to grow: what an earlier one
/// could give, the later one can give as well.
pub(crate) fn matches_by_last_run(
    mut pieces: impl Iterator<Item = Piece> + Clone,
    case: Case,
    text: &str,
) -> bool {
    let mut rest = text.chars();
    let mut resume = None;
    loop {
        let mut ahead = (pieces.clone(), rest.clone());
        let fits = match (ahead.0.next(), ahead.1.next()) {
            (Some(Piece::Run(_)), _) => {
                if ahead.0.clone().next().is_none() {
                    return true;
                }
                resume = Some((ahead.0.clone(), rest.clone()));
                pieces = ahead.0;
                continue;
            }
            (None, None) => return true,
            (Some(Piece::Char(p)), Some(c)) => case.same(p, c),
            (Some(Piece::One(reach)), Some(c)) => reach.covers(c),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if fits {
            (pieces, rest) = ahead;
            continue;
        }
        let Some((after, mut from)) = resume.take() else { return false };
        if from.next().is_none() {
            return false;
        }
        resume = Some((after.clone(), from.clone()));
        (pieces, rest) = (after, from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(pattern: &str, text: &str) -> bool {
        Pattern::glob(pattern, Case::Sensitive).matches(text)
    }

    #[test]
    fn a_pattern_covers_the_whole_text() {
        assert!(glob("a*c", "abc"));
        assert!(glob("a*c", "ac"));
        assert!(glob("*", ""));
        assert!(glob("a*b*c", "axbxbxc"));
        assert!(!glob("a*c", "abcd"));
        assert!(!glob("a?c", "ac"));
        assert!(!glob("", "a"));
        assert!(glob("", ""));
        assert!(glob("?", "ö"));
    }

    #[test]
    fn both_ways_of_matching_agree_on_small_patterns() {
        let alphabet = ['a', ':', '*', '?'];
        let mut patterns = vec![String::new()];
        for _ in 0..4 {
            let longer: Vec<_> = patterns
                .iter()
                .flat_map(|p| alphabet.iter().map(move |c| format!("{p}{c}")))
                .collect();
            patterns.extend(longer);
        }
        let texts = ["", "a", ":", "aa", "a:", ":a", "aaa", "a:a", "b", "ab:a"];
        for pattern in &patterns {
            let pattern = Pattern::glob(pattern, Case::Sensitive);
            for text in texts {
                assert_eq!(
                    matches_by_last_run(pattern.pieces.iter().copied(), pattern.case, text),
                    pattern.matches_by_sets(text),
                    "{pattern:?} {text}"
                );
            }
        }
    }

    #[test]
    fn a_run_held_back_at_colons_does_not_spoil_an_earlier_free_one() {
        // `*` may take "a:b", after which the field run takes "c".
        let pattern = Pattern::new(
            [
                Piece::Run(Reach::Everything),
                Piece::Char(':'),
                Piece::Run(Reach::Field),
                Piece::Char('c'),
            ],
            Case::Sensitive,
        );
        assert!(pattern.matches("a:b:c"));
        assert!(!pattern.matches("a:b:d"));
    }

    #[test]
    fn wildcards_of_a_field_stop_at_its_end() {
        let one = |piece: Piece| Pattern::new([Piece::Char('a'), piece], Case::Sensitive);
        for (reach, colon) in [(Reach::Field, false), (Reach::Everything, true)] {
            assert_eq!(one(Piece::One(reach)).matches("a:"), colon);
            assert_eq!(one(Piece::Run(reach)).matches("ab:c"), colon);
            assert!(one(Piece::One(reach)).matches("ab"));
            assert!(one(Piece::Run(reach)).matches("abc"));
            let example = one(Piece::Run(reach)).example(":b");
            assert_eq!(example, if colon { "a:b" } else { "ab" });
            assert_eq!(one(Piece::One(reach)).example(":b"), "ax");
            assert_eq!(one(Piece::One(reach)).example("b"), "ab");
        }
    }

    #[test]
    fn a_pattern_without_wildcards_is_one_text() {
        assert_eq!(Pattern::glob("a:b", Case::Insensitive).literal().as_deref(), Some("a:b"));
        assert_eq!(Pattern::glob("a*", Case::Sensitive).literal(), None);
        assert_eq!(Pattern::glob("a?", Case::Sensitive).literal(), None);
    }

    #[test]
    fn an_example_matches() {
        for pattern in ["a*", "*", "a?b*c", "x"] {
            let pattern = Pattern::glob(pattern, Case::Sensitive);
            assert!(pattern.matches(&pattern.example("any")));
            assert!(pattern.matches(&pattern.example("")));
        }
    }
}
