//! The text that a pattern matches and that differs least from a given one.

use iamsure_core::language::variable::Token;

/// What one more change costs where the one before was no change of its kind: a whole segment goes before
/// letters here and there do.
const OPENING: u16 = 4;

/// What a character costs that is put in; one that goes costs one. What the text holds is somebody's name for
/// something, and what is put in is of the policy alone.
const PUT: u16 = 3;

/// A pattern laid beside a text. Time and memory are their lengths multiplied.
pub(super) struct Alignment<'a> {
    pattern: &'a [Token],
    text: Vec<char>,
    /// What the rest of the pattern and the rest of the text cost: a row for each place in the pattern, in it a
    /// place for each in the text, and there one number for each [`Change`] before.
    costs: Vec<[u16; 3]>,
}

/// What was changed last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Nothing,
    Gone,
    Put,
}

impl Change {
    const ALL: [Self; 3] = [Self::Nothing, Self::Gone, Self::Put];

    /// The cost of one more change.
    const fn cost(self, before: Self) -> u16 {
        let one = if matches!(self, Self::Put) { PUT } else { 1 };
        if self as u8 == before as u8 { one } else { one + OPENING }
    }
}

impl<'a> Alignment<'a> {
    /// Lays them beside each other.
    pub(super) fn of(pattern: &'a [Token], text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let cells = (pattern.len() + 1).saturating_mul(text.len() + 1);
        let mut alignment = Self { pattern, text, costs: vec![[0; 3]; cells] };
        let width = alignment.text.len() + 1;
        for row in (0..=alignment.pattern.len()).rev() {
            for column in (0..width).rev() {
                let least = Change::ALL.map(|before| alignment.step(row, column, before).0);
                if let Some(cell) = alignment.costs.get_mut(row * width + column) {
                    *cell = least;
                }
            }
        }
        alignment
    }

    fn at(&self, row: usize, column: usize, before: Change) -> u16 {
        let width = self.text.len() + 1;
        if row > self.pattern.len() || column >= width {
            return u16::MAX;
        }
        let cell = self.costs.get(row * width + column);
        cell.and_then(|cell| cell.get(before as usize)).copied().unwrap_or(u16::MAX)
    }

    /// The best way on from here, and what it costs in all.
    fn step(&self, row: usize, column: usize, before: Change) -> (u16, Step) {
        let token = self.pattern.get(row);
        let given = self.text.get(column);
        let after = |row, column, change: Change| {
            self.at(row, column, change).saturating_add(change.cost(before))
        };
        let drop = (after(row, column + 1, Change::Gone), Step::Drop);
        let keep = (self.at(row + 1, column + 1, Change::Nothing), Step::KeepOne);
        let put = (after(row + 1, column, Change::Put), Step::Put);
        let ways = match (token, given) {
            (None, None) => return (0, Step::End),
            (None, Some(_)) => return drop,
            (Some(Token::Star), _) => [
                (self.at(row + 1, column, before), Step::EndRun),
                (self.at(row, column + 1, Change::Nothing), Step::Keep),
                drop,
            ],
            (Some(Token::Question), Some(_)) => [keep, put, drop],
            (Some(Token::Char(wanted)), Some(given)) if wanted == given => [keep, put, drop],
            (Some(_), _) => [put, put, drop],
        };
        let [first, second, third] = ways;
        let nearer = if first.0 <= second.0 { first } else { second };
        if nearer.0 <= third.0 { nearer } else { third }
    }

    /// How much changes, and the text that comes of it.
    pub(super) fn nearest(&self) -> (usize, String) {
        let (mut row, mut column, mut before) = (0, 0, Change::Nothing);
        let mut out = String::new();
        let distance = usize::from(self.at(0, 0, before));
        loop {
            let given = self.text.get(column).copied();
            let step = self.step(row, column, before).1;
            before = match step {
                Step::End => return (distance, out),
                Step::EndRun => before,
                Step::Keep | Step::KeepOne => Change::Nothing,
                Step::Drop => Change::Gone,
                Step::Put => Change::Put,
            };
            match (step, self.pattern.get(row)) {
                (Step::Keep | Step::KeepOne, _) => out.extend(given),
                (Step::Put, Some(Token::Char(wanted))) => out.push(*wanted),
                (Step::Put, _) => out.push('x'),
                (Step::End | Step::EndRun | Step::Drop, _) => {}
            }
            row += usize::from(matches!(step, Step::EndRun | Step::KeepOne | Step::Put));
            column += usize::from(matches!(step, Step::Keep | Step::KeepOne | Step::Drop));
        }
    }
}

/// One step of an alignment.
#[derive(Clone, Copy)]
enum Step {
    End,
    /// The run ends here.
    EndRun,
    /// The run takes a character.
    Keep,
    /// One character of the pattern takes one.
    KeepOne,
    /// A character of the text goes.
    Drop,
    /// A character of the pattern is put in.
    Put,
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::pattern::{Case, Pattern};
    use iamsure_core::language::variable::{Reading, Template};

    use super::*;

    fn nearest(pattern: &str, text: &str) -> (usize, String) {
        let template = Template::new(pattern);
        Alignment::of(template.tokens(Reading::Plain), text).nearest()
    }

    #[test]
    fn what_is_too_much_goes_and_what_is_missing_comes() {
        let role = "role/service-role/Glue-science";
        assert_eq!(nearest("role/Glue-*", role).1, "role/Glue-science");
        let role = "role/service-role/AWSGlueServiceRole-science";
        assert_eq!(nearest("role/AWSGlueServiceRole-*", role).1, "role/AWSGlueServiceRole-science");
        assert_eq!(nearest("role/ci/*", "role/build").1, "role/ci/build");
        assert_eq!(nearest("a?", "a").1, "ax");
        assert_eq!(nearest("abc", "abc"), (0, "abc".to_owned()));
    }

    /// Every text of up to three of these letters.
    fn all(letters: &[char]) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..3 {
            last = last
                .iter()
                .flat_map(|text| letters.iter().map(move |c| format!("{text}{c}")))
                .collect();
            texts.extend(last.iter().cloned());
        }
        texts
    }

    #[test]
    fn the_nearest_text_matches_and_no_other_is_nearer() {
        let texts = all(&['a', 'b', 'x']);
        for pattern in all(&['a', 'b', '*', '?']) {
            let matcher = Pattern::glob(&pattern, Case::Sensitive);
            for text in texts.iter().filter(|text| text.len() < 3) {
                let (distance, found) = nearest(&pattern, text);
                assert!(matcher.matches(&found), "{pattern} {text} {found}");
                // The cost of a text is that of the pattern that is the text.
                assert_eq!(nearest(&found, text).0, distance, "{pattern} {text} {found}");
                for other in texts.iter().filter(|other| matcher.matches(other)) {
                    assert!(distance <= nearest(other, text).0, "{pattern} {text} {other}");
                }
            }
        }
    }
}
