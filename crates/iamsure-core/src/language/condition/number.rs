//! Numbers of the `Numeric…` operators: decimal, exact, of any length (C-23).

use std::cmp::Ordering;

/// A decimal number `[+-]?d+(.d+)?`, compared by value and exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    negative: bool,
    /// Without leading zeros.
    whole: String,
    /// Without trailing zeros.
    fraction: String,
}

impl Number {
    /// Reads a number; `None` for exponents, blanks, hexadecimal and anything else.
    pub fn read(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        let negative = negative && !(whole.is_empty() && fraction.is_empty());
        Some(Self { negative, whole, fraction })
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        self.whole
            .len()
            .cmp(&other.whole.len())
            .then_with(|| self.whole.cmp(&other.whole))
            // A fraction that is a prefix of another is the smaller one: zeros are trimmed.
            .then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_exactly() {
        let ascending = [
            "-10",
            "-2.5",
            "-2.25",
            "-1",
            "0",
            "0.001",
            "0.01",
            "1",
            "1.5",
            "9007199254740992",
            "9007199254740993",
        ];
        for pair in ascending.windows(2) {
            assert!(Number::read(pair[0]).unwrap() < Number::read(pair[1]).unwrap(), "{pair:?}");
        }
        for (a, b) in [("1", "1.0"), ("-0", "+0.00"), ("007", "7"), ("+5", "5")] {
            assert_eq!(Number::read(a), Number::read(b));
        }
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in
            ["", "-", ".5", "5.", "1e3", "0x1", " 1", "1 ", "1_000", "NaN", "٣", "--1", "1.2.3"]
        {
            assert_eq!(Number::read(text), None, "{text}");
        }
    }
}
