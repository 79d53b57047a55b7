//! Dates of the `Date…` operators: the W3C profile of ISO 8601, or epoch seconds (C-24).
//!
//! Accepted: `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DDThh:mm[:ss[.f…]](Z|±hh:mm)`, and digits alone as
//! seconds since 1970. A missing zone is read as UTC and a short date as the start of its period;
//! both are an assumption ([`Date::is_assumed`], Q17).

use std::cmp::Ordering;

use jiff::civil;

/// An instant, exact to any number of digits.
#[derive(Clone, Debug)]
pub struct Date {
    seconds: i128,
    /// The digits after the second's decimal point, without trailing zeros.
    fraction: String,
    assumed: bool,
}

impl Date {
    /// Reads a date; `None` if `text` has none of the accepted forms.
    pub fn read(text: &str) -> Option<Self> {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self {
                seconds: text.parse().ok()?,
                fraction: String::new(),
                assumed: false,
            });
        }
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let mut parts = day.split('-');
        let year: i16 = digits(parts.next()?, 4)?.try_into().ok()?;
        let month = digits(parts.next()?, 2)?.try_into().ok()?;
        let day_of_month = match (parts.next(), time) {
            (Some(day), _) => digits(day, 2)?.try_into().ok()?,
            (None, None) => 1,
            (None, Some(_)) => return None,
        };
        if parts.next().is_some() {
            return None;
        }
        let date = civil::Date::new(year, month, day_of_month).ok()?;
        let Some(time) = time else { return Self::at(date, 0, "", 0, true) };

        let (clock, offset) = zone(time)?;
        let (clock, fraction) = match clock.split_once('.') {
            Some((_, "")) => return None,
            Some((clock, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => {
                (clock, fraction)
            }
            Some(_) => return None,
            None => (clock, ""),
        };
        let mut parts = clock.split(':');
        let hour = digits(parts.next()?, 2).filter(|hour| *hour < 24)?;
        let minute = digits(parts.next()?, 2).filter(|minute| *minute < 60)?;
        let second = match parts.next() {
            Some(second) => digits(second, 2).filter(|second| *second < 60)?,
            None if fraction.is_empty() => 0,
            None => return None,
        };
        if parts.next().is_some() {
            return None;
        }
        let of_day = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        Self::at(date, of_day, fraction, offset.unwrap_or(0), offset.is_none())
    }

    fn at(
        date: civil::Date,
        of_day: i64,
        fraction: &str,
        offset: i64,
        assumed: bool,
    ) -> Option<Self> {
        // Civil arithmetic: time stamps of the calendar library end before the year 9999 does.
        let days = civil::date(1970, 1, 1).until(date).ok()?.get_days();
        let seconds = i128::from(days) * 86_400 + i128::from(of_day) - i128::from(offset);
        Some(Self { seconds, fraction: fraction.trim_end_matches('0').to_owned(), assumed })
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

/// Splits a time from its zone: the zone's offset in seconds, `None` if there is no zone.
fn zone(time: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, Some(0)));
    }
    let Some(at) = time.find(['+', '-']) else { return Some((time, None)) };
    let (clock, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let hours = digits(hours, 2).filter(|hours| *hours < 24)?;
    let minutes = digits(minutes, 2).filter(|minutes| *minutes < 60)?;
    Some((clock, Some(sign * (i64::from(hours) * 60 + i64::from(minutes)) * 60)))
}

/// Exactly `count` ASCII digits.
fn digits(text: &str, count: usize) -> Option<u16> {
    if text.len() == count && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
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
        assert!(Date::read("2026-01-01T00:00:00.0000000000000000001Z").unwrap() > instant);
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
            ("5", false),
        ] {
            assert_eq!(Date::read(text).unwrap().is_assumed(), assumed, "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "2026-1-1",
            "2026-13",
            "2026-02-30",
            "2026-01-01T24:00Z",
            "2026-01-01T00:60Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00Z",
            "2026-01T00:00Z",
            "2026-01-01 00:00:00Z",
            "-5",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00+1",
            "2026-01-01t00:00:00z",
            "2026-01-01T00:00.5Z",
            "2026-01-01T00:00:00.5xZ",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+00:60",
        ] {
            assert_eq!(Date::read(text), None, "{text}");
        }
    }
}
