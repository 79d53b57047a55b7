//! Dates of the `Date…` operators: ISO 8601 as AWS stores it, or epoch seconds (C-24).
//!
//! ```text
//! date   = ["-"] digits                                   seconds since 1970, of 64 bits
//!        | day [("T" | "t") [clock] [zone]]
//! day    = year ["-" month ["-" day-of-month]]
//! clock  = hour [":" minute [":" second ["." fraction]]]   at most nine digits of fraction
//! zone   = "Z" | "z" | ("+" | "-") hh [[":"] mm]
//! ```
//!
//! A year has up to four digits, the other numbers one or two, the numbers of a zone two. Beside the
//! W3C profile that AWS documents, these are the forms that `CreatePolicy` was recorded to store: an
//! offset of hours alone, a small `t`, an hour of one digit, a short year with a bare `T`, a negative
//! epoch. Recorded as refused are an offset of one digit, ten digits of fraction, and an epoch beyond
//! 63 bits.
//!
//! A missing zone is read as UTC and a short date as the start of its period; both are an assumption
//! ([`Date::is_assumed`], Q17).
//!
//! AWS page: IAM User Guide, `reference_policies_elements_condition_operators`.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use jiff::civil;

/// An instant, exact to the digits it is written with.
#[derive(Clone, Debug)]
pub struct Date {
    seconds: i128,
    /// The digits after the second's decimal point, without trailing zeros.
    fraction: String,
    assumed: bool,
}

/// The most digits after a second's decimal point.
const MAX_FRACTION: usize = 9;

/// The time of a day.
#[derive(Default)]
struct Clock<'a> {
    seconds: i64,
    fraction: &'a str,
    /// Whether hour and minute are both there.
    is_whole: bool,
}

impl Date {
    /// Reads a date; `None` if `text` has none of the accepted forms.
    pub fn read(text: &str) -> Option<Self> {
        if is_digits(text.strip_prefix('-').unwrap_or(text)) {
            let seconds: i64 = text.parse().ok()?;
            let fraction = String::new();
            return Some(Self { seconds: seconds.into(), fraction, assumed: false });
        }
        let (day, time) = match text.split_once(['T', 't']) {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let mut parts = day.split('-');
        let year = digits(parts.next()?, 1..=4)?.try_into().ok()?;
        let (month, day_of_month) = (parts.next(), parts.next());
        if parts.next().is_some() {
            return None;
        }
        let one_or_two = |text: Option<&str>| -> Option<i8> {
            text.map_or(Some(1), |text| digits(text, 1..=2)?.try_into().ok())
        };
        let date = civil::Date::new(year, one_or_two(month)?, one_or_two(day_of_month)?).ok()?;
        let (clock, offset) = zone(time.unwrap_or_default())?;
        let clock = if clock.is_empty() { Clock::default() } else { Clock::read(clock)? };
        let assumed = day_of_month.is_none() || !clock.is_whole || offset.is_none();
        Self::at(date, &clock, offset.unwrap_or(0), assumed)
    }

    fn at(date: civil::Date, clock: &Clock<'_>, offset: i64, assumed: bool) -> Option<Self> {
        // Civil arithmetic: time stamps of the calendar library end before the year 9999 does.
        let days = civil::date(1970, 1, 1).until(date).ok()?.get_days();
        let seconds = i128::from(days) * 86_400 + i128::from(clock.seconds) - i128::from(offset);
        let fraction = clock.fraction.trim_end_matches('0').to_owned();
        Some(Self { seconds, fraction, assumed })
    }

    /// The instant in full, in UTC: `2026-01-31T00:00:00Z`.
    pub fn in_full(&self) -> String {
        let days = i64::try_from(self.seconds.div_euclid(86_400)).unwrap_or_default();
        let seconds = self.seconds.rem_euclid(86_400);
        let span = jiff::Span::new().try_days(days);
        let day = span.and_then(|span| civil::date(1970, 1, 1).checked_add(span));
        let day = day.map_or_else(|_| "1970-01-01".to_owned(), |day| day.to_string());
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let fraction =
            if self.fraction.is_empty() { String::new() } else { format!(".{}", self.fraction) };
        format!("{day}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// The whole seconds since 1970, UTC.
    pub const fn seconds(&self) -> i128 {
        self.seconds
    }

    /// The digits after the second's decimal point, without trailing zeros.
    pub fn fraction(&self) -> &str {
        &self.fraction
    }

    /// Whether a missing zone or a missing part was filled in.
    pub const fn is_assumed(&self) -> bool {
        self.assumed
    }
}

impl<'a> Clock<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (clock, fraction) = match text.split_once('.') {
            Some((clock, fraction)) => (clock, Some(fraction)),
            None => (text, None),
        };
        if !fraction.is_none_or(|digits| is_digits(digits) && digits.len() <= MAX_FRACTION) {
            return None;
        }
        let mut parts = clock.split(':');
        let hour = digits(parts.next()?, 1..=2).filter(|hour| *hour < 24)?;
        let (minute, second) = (parts.next(), parts.next());
        if parts.next().is_some() || (fraction.is_some() && second.is_none()) {
            return None;
        }
        let sixty = |text: Option<&str>| {
            text.map_or(Some(0), |text| digits(text, 1..=2).filter(|number| *number < 60))
        };
        let minutes = i64::from(hour) * 60 + i64::from(sixty(minute)?);
        Some(Self {
            seconds: minutes * 60 + i64::from(sixty(second)?),
            fraction: fraction.unwrap_or_default(),
            is_whole: minute.is_some(),
        })
    }
}

/// Splits a time from its zone: the zone's offset in seconds, `None` if there is no zone.
fn zone(time: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(0)));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, None)) };
    let (clock, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_at_checked(2)?;
    let minutes = match minutes {
        "" => "00",
        minutes => minutes.strip_prefix(':').unwrap_or(minutes),
    };
    let hours = digits(hours, 2..=2).filter(|hours| *hours < 24)?;
    let minutes = digits(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    Some((clock, Some(sign * (i64::from(hours) * 60 + i64::from(minutes)) * 60)))
}

/// A number of so many ASCII digits.
fn digits(text: &str, count: RangeInclusive<usize>) -> Option<u16> {
    if count.contains(&text.len()) && is_digits(text) { text.parse().ok() } else { None }
}

/// Whether it is ASCII digits and nothing else.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> Ordering {
        self.seconds.cmp(&other.seconds).then_with(|| self.fraction.cmp(&other.fraction))
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Date {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Date {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_one_instant_are_equal() {
        let instant = Date::read("2026-01-01T00:00:00Z").unwrap();
        for text in [
            "1767225600",
            "2026-01",
            "2026-01-01",
            "2026-01-01T00:00Z",
            "2026-01-01T00:00:00.000Z",
            "2026-01-01T01:30:00+01:30",
            "2025-12-31T19:00:00-05:00",
            "2026-01-01T00:00:00",
        ] {
            assert_eq!(Date::read(text).as_ref(), Some(&instant), "{text}");
        }
        assert!(Date::read("2026-01-01T00:00:00.000000001Z").unwrap() > instant);
        assert!(Date::read("1767225599").unwrap() < instant);
        assert_ne!(Date::read("1767225599").unwrap(), instant);
        assert_eq!(Date::read("2026-01-01T00:00:00.0250Z").unwrap().fraction(), "025");
        assert_eq!(instant.fraction(), "");
    }

    #[test]
    fn the_last_day_of_the_calendar_is_a_date() {
        let last = Date::read("9999-12-31T23:59:59Z").unwrap();
        assert_eq!(last.seconds(), 253_402_300_799);
        assert!(Date::read("9999-12-31").unwrap() < last);
        assert_eq!(Date::read("1969-12-31T23:59:59Z").unwrap().seconds(), -1);
    }

    #[test]
    fn what_was_filled_in_is_said() {
        for (text, assumed) in [
            ("2026-01", true),
            ("2026-01-01", true),
            ("2026-01-01T00:00:00", true),
            ("2026-01-01T00:00Z", false),
            ("2026-01-01t0:00:00+00", false),
            ("2026-01-01T00Z", true),
            ("2026-01T00:00Z", true),
            ("01T", true),
            ("5", false),
            ("-5", false),
        ] {
            assert_eq!(Date::read(text).unwrap().is_assumed(), assumed, "{text}");
        }
    }
}
