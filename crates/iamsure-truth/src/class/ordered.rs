//! Classes of ordered values, numbers and dates: the points that clauses name and the gaps between.

use std::cmp::Ordering;

use iamsure_core::language::condition::Test;
use iamsure_core::language::condition::date::Date;
use iamsure_core::language::condition::number::Number;

/// A kind of ordered value that conditions compare.
pub(crate) trait Ordered: Ord + Clone {
    /// Reads a value.
    fn read(text: &str) -> Option<Self>;

    /// Texts to look among for one below `first`.
    fn below(first: &str) -> Vec<String>;

    /// Texts to look among for one above `last`.
    fn above(last: &str) -> Vec<String>;

    /// Texts to look among for one between two.
    fn between(low: &str, high: &str) -> Vec<String>;
}

/// The points that clauses name, ascending, each with a text for it.
///
/// Cells count from below: cell `2i` is the gap before point `i`, cell `2i + 1` the point itself, and
/// the last cell the gap after all points.
#[derive(Clone, Debug)]
pub(crate) struct Points<T> {
    points: Vec<(T, String)>,
}

impl<T: Ordered> Points<T> {
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut points: Vec<(T, String)> =
            texts.filter_map(|text| Some((T::read(text)?, text.to_owned()))).collect();
        points.sort_by(|one, two| one.0.cmp(&two.0).then_with(|| one.1.len().cmp(&two.1.len())));
        points.dedup_by(|later, kept| later.0 == kept.0);
        Self { points }
    }

    pub(crate) fn cells(&self) -> usize {
        2 * self.points.len() + 1
    }

    /// The cell that `text` lies in; `None` if it is no such value.
    pub(crate) fn cell_of(&self, text: &str) -> Option<usize> {
        let value = T::read(text)?;
        Some(match self.points.binary_search_by(|(point, _)| point.cmp(&value)) {
            Ok(at) => 2 * at + 1,
            Err(at) => 2 * at,
        })
    }

    /// How the values of `cell` lie to the point `text`; `None` if the point was not named.
    pub(crate) fn compare(&self, cell: usize, text: &str) -> Option<Ordering> {
        Some(cell.cmp(&self.cell_of(text)?))
    }

    /// A value of `cell`, as text.
    pub(crate) fn witness(&self, cell: usize) -> Option<String> {
        let at = cell / 2;
        let text = |index: Option<usize>| {
            index.and_then(|index| self.points.get(index)).map(|(_, text)| text.as_str())
        };
        if cell % 2 == 1 {
            return text(Some(at)).map(str::to_owned);
        }
        let candidates = match (text(at.checked_sub(1)), text(Some(at))) {
            (None, None) => vec!["1".to_owned()],
            (None, Some(first)) => T::below(first),
            (Some(last), None) => T::above(last),
            (Some(low), Some(high)) => T::between(low, high),
        };
        candidates.into_iter().find(|text| self.cell_of(text) == Some(cell))
    }
}

/// Whether `x OP p` for an `x` that lies to `p` as `order` says (C-23, C-24).
pub(crate) const fn holds(test: Test, order: Ordering) -> bool {
    match test {
        Test::Less => order.is_lt(),
        Test::LessOrEqual => order.is_le(),
        Test::Greater => order.is_gt(),
        Test::GreaterOrEqual => order.is_ge(),
        Test::Equal | Test::EqualIgnoreCase | Test::Like | Test::Within | Test::Absent => {
            order.is_eq()
        }
    }
}

/// The whole number one off, if that is easily said.
fn whole_steps(text: &str) -> Vec<String> {
    let Ok(number) = text.parse::<i64>() else { return Vec::new() };
    [number.checked_add(1), number.checked_sub(1)]
        .into_iter()
        .flatten()
        .map(|number| number.to_string())
        .collect()
}

/// `text` with more decimal places, the last of them a one: a little farther from zero.
fn farther_from_zero(text: &str, places: usize) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let zeros = "0".repeat(places.saturating_sub(fraction.len()));
    format!("{whole}.{fraction}{zeros}1")
}

impl Ordered for Number {
    fn read(text: &str) -> Option<Self> {
        Self::read(text)
    }

    fn below(first: &str) -> Vec<String> {
        let digits = first.trim_start_matches(['+', '-']);
        let mut texts = whole_steps(first);
        texts.extend(["0".to_owned(), "-1".to_owned(), format!("-1{digits}")]);
        texts
    }

    fn above(last: &str) -> Vec<String> {
        let digits = last.trim_start_matches(['+', '-']);
        let mut texts = whole_steps(last);
        texts.extend(["1".to_owned(), format!("1{digits}")]);
        texts
    }

    fn between(low: &str, high: &str) -> Vec<String> {
        let places = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let places = places(low).max(places(high)) + 1;
        let mut texts = whole_steps(low);
        texts.extend(whole_steps(high));
        let near_zero = farther_from_zero("-0", places);
        texts.extend([
            "0".to_owned(),
            near_zero,
            farther_from_zero(low, places),
            farther_from_zero(high, places),
        ]);
        texts
    }
}

/// The instant so many seconds after `text`, to the second.
fn seconds_after(text: &str, seconds: i128) -> Option<String> {
    let at = Date::read(text)?.seconds().checked_add(seconds)?;
    let at = i64::try_from(at).ok()?;
    // Before the year 0 and beyond the calendar there are still epoch seconds.
    let stamp = jiff::Timestamp::from_second(at).ok().map(|stamp| stamp.to_string());
    Some(stamp.filter(|stamp| !stamp.starts_with('-')).unwrap_or_else(|| at.to_string()))
}

/// The instant of `text`, with so many more decimal places, the last of them a one.
fn just_after(text: &str, places: usize) -> Option<String> {
    let date = Date::read(text)?;
    let whole = seconds_after(text, 0)?;
    let head = whole.strip_suffix('Z')?;
    let fraction = date.fraction();
    let zeros = "0".repeat(places.saturating_sub(fraction.len()));
    Some(format!("{head}.{fraction}{zeros}1Z"))
}

impl Ordered for Date {
    fn read(text: &str) -> Option<Self> {
        Self::read(text)
    }

    fn below(first: &str) -> Vec<String> {
        [-1, -86_400].into_iter().filter_map(|seconds| seconds_after(first, seconds)).collect()
    }

    fn above(last: &str) -> Vec<String> {
        [1, 86_400].into_iter().filter_map(|seconds| seconds_after(last, seconds)).collect()
    }

    fn between(low: &str, high: &str) -> Vec<String> {
        let places = |text: &str| Self::read(text).map_or(0, |date| date.fraction().len());
        let places = places(low).max(places(high)) + 1;
        seconds_after(low, 1).into_iter().chain(just_after(low, places)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_cell_has_a_witness<T: Ordered>(texts: &[&str]) {
        let points = Points::<T>::new(texts.iter().copied());
        for cell in 0..points.cells() {
            let witness = points.witness(cell).unwrap_or_else(|| panic!("{texts:?}: cell {cell}"));
            assert_eq!(points.cell_of(&witness), Some(cell), "{witness}");
        }
    }

    #[test]
    fn every_gap_between_numbers_has_a_witness() {
        for texts in [
            &["10", "20"][..],
            &["-3.5", "-3.25", "0", "7", "7.0000001"],
            &["-1", "0", "1"],
            &["99999999999999999999999999999999", "-99999999999999999999999999999999"],
            &["0.1", "0.10001", "+0.2"],
            &["-0.2", "-0.1"],
            &[],
        ] {
            every_cell_has_a_witness::<Number>(texts);
        }
    }

    #[test]
    fn numbers_longer_than_any_width_have_witnesses() {
        let long = format!("0.{}1", "0".repeat(70_000));
        every_cell_has_a_witness::<Number>(&[&long, "1"]);
        every_cell_has_a_witness::<Number>(&[&format!("-{long}"), "0"]);
    }

    #[test]
    fn every_gap_between_dates_has_a_witness() {
        for texts in [
            &["2026-01-01T00:00:00Z", "2026-12-31"][..],
            &["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:00.5Z"],
            &["1767225600", "1767225601"],
            &["1970-01-01T00:00:00Z", "1969-12-31T23:59:59.25+01:00"],
            &["01T", "-292275054", "-99999999999", "-9223372036854775807"],
            &["9223372036854775806", "2016-12-13t2:00:00.593194+23"],
        ] {
            every_cell_has_a_witness::<Date>(texts);
        }
    }

    #[test]
    fn equal_values_in_two_spellings_are_one_point() {
        let points = Points::<Number>::new(["1", "1.0", "+1"].into_iter());
        assert_eq!(points.cells(), 3);
        assert_eq!(points.compare(0, "1.0"), Some(Ordering::Less));
        assert_eq!(points.compare(1, "+1"), Some(Ordering::Equal));
    }
}
