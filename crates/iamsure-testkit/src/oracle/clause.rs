//! The `eval` procedure of the evaluation rules (5.6), word for word but for C-45, which was amended
//! after it, with the default of every switch, and each family of values read afresh (C-20 to C-28).
//!
//! An empty list of values is left out: C-7 and the procedure disagree about it.

use std::net::IpAddr;

use iamsure_core::world::KeyState;

use super::pattern::{glob, literally, plainly};

/// Whether the clause is true; `None` if the operator has no such name.
///
/// `substitutes` says whether `${…}` are variables (Version 2012-10-17); `value_of` gives the text
/// of a single-valued key, by its name in lower case.
pub fn eval(
    operator: &str,
    values: &[String],
    state: &KeyState,
    substitutes: bool,
    value_of: &dyn Fn(&str) -> Option<String>,
) -> Option<bool> {
    let (set, rest) =
        operator.split_once(':').map_or((None, operator), |(set, rest)| (Some(set), rest));
    let (base, if_exists) =
        rest.strip_suffix("IfExists").map_or((rest, false), |base| (base, true));
    if base == "Null" {
        let absent = match state {
            KeyState::Absent => true,
            KeyState::Multi(values) => values.iter().all(String::is_empty),
            KeyState::Single(_) | KeyState::Unknown => false,
        };
        let wanted = if absent { "true" } else { "false" };
        return Some(match set {
            Some("ForAllValues") => true,
            Some(_) => false,
            None => values.iter().any(|value| value.eq_ignore_ascii_case(wanted)),
        });
    }
    let negated = base.contains("Not");
    let positive = base.replace("Not", "");
    let compare = comparison(&positive)?;
    let elem = |x: &str| {
        let some = values.iter().any(|p| {
            let p =
                if substitutes && (positive.starts_with("String") || positive.starts_with("Arn")) {
                    substituted(p, value_of)
                } else {
                    Some(p.clone())
                };
            let is_arn = positive.starts_with("Arn");
            let p = p.map(|p| if is_arn { p } else { p.replace(PRIVATE_COLON, ":") });
            p.is_some_and(|p| compare(&p, x))
        });
        some != negated
    };
    if let Some(set) = set {
        let xs: Vec<&str> = match state {
            KeyState::Single(x) => vec![x],
            KeyState::Multi(xs) => xs.iter().map(String::as_str).collect(),
            KeyState::Absent | KeyState::Unknown => Vec::new(),
        };
        let null = xs.iter().all(|x| x.is_empty());
        return Some(match set {
            "ForAllValues" => null || xs.iter().all(|x| elem(x)),
            _ => !null && xs.iter().any(|x| elem(x)),
        });
    }
    Some(match state {
        KeyState::Absent | KeyState::Unknown => negated || if_exists,
        KeyState::Single(x) => elem(x),
        // C-45, as amended: one element is that value, none is an absent key, more are false.
        KeyState::Multi(xs) => match xs.as_slice() {
            [] => negated || if_exists,
            [x] => elem(x),
            _ => false,
        },
    })
}

/// The positive comparison of a base operator: policy value, request value.
fn comparison(base: &str) -> Option<fn(&str, &str) -> bool> {
    Some(match base {
        "StringEquals" => |p, x| plainly(p) == x,
        "StringEqualsIgnoreCase" => |p, x| plainly(p).eq_ignore_ascii_case(x),
        "StringLike" => glob,
        "NumericEquals" => |p, x| number(p).zip(number(x)).is_some_and(|(p, x)| x == p),
        "NumericLessThan" => |p, x| number(p).zip(number(x)).is_some_and(|(p, x)| x < p),
        "NumericLessThanEquals" => |p, x| number(p).zip(number(x)).is_some_and(|(p, x)| x <= p),
        "NumericGreaterThan" => |p, x| number(p).zip(number(x)).is_some_and(|(p, x)| x > p),
        "NumericGreaterThanEquals" => |p, x| number(p).zip(number(x)).is_some_and(|(p, x)| x >= p),
        "DateEquals" => |p, x| date(p).zip(date(x)).is_some_and(|(p, x)| x == p),
        "DateLessThan" => |p, x| date(p).zip(date(x)).is_some_and(|(p, x)| x < p),
        "DateLessThanEquals" => |p, x| date(p).zip(date(x)).is_some_and(|(p, x)| x <= p),
        "DateGreaterThan" => |p, x| date(p).zip(date(x)).is_some_and(|(p, x)| x > p),
        "DateGreaterThanEquals" => |p, x| date(p).zip(date(x)).is_some_and(|(p, x)| x >= p),
        "Bool" => |p, x| {
            let (p, x) = (p.to_ascii_lowercase(), x.to_ascii_lowercase());
            p == x && (p == "true" || p == "false")
        },
        "BinaryEquals" => |p, x| bytes(p).zip(bytes(x)).is_some_and(|(p, x)| p == x),
        "IpAddress" => within,
        "ArnEquals" | "ArnLike" => arn_like,
        _ => return None,
    })
}

/// The policy value with each variable replaced by what stands for it; characters that are to be
/// taken literally are marked. `None` if a variable has no value.
fn substituted(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let Some((name, default, remaining)) = variable(after) else {
            // Unreadable: ordinary text.
            out.push_str("${");
            rest = after;
            continue;
        };
        rest = remaining;
        match name {
            "*" | "?" | "$" if default.is_none() => out.push_str(&literally(name)),
            name => {
                let name = name.to_ascii_lowercase();
                let value = value_of(&name).filter(|value| !value.is_empty());
                // A colon that a variable brings in separates no fields of an ARN.
                let value = value.or_else(|| default.map(str::to_owned))?;
                out.push_str(&literally(&value).replace(':', PRIVATE_COLON));
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

/// The text with each variable replaced by what stands for it, and `${*}`, `${?}`, `${$}` by their
/// characters; `None` if a variable has no value.
pub fn resolved(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    substituted(text, value_of).map(|text| plainly(&text).replace(PRIVATE_COLON, ":"))
}

const BLANKS: [char; 2] = [' ', '\t'];
const PRIVATE_COLON: &str = "\u{f0002}";

/// What follows `${`: a name, perhaps a default, and what follows `}`.
fn variable(after: &str) -> Option<(&str, Option<&str>, &str)> {
    let end = after.find(['}', ','])?;
    let (name, rest) = (after.get(..end)?, after.get(end..)?);
    let (default, rest) = match rest.strip_prefix(',') {
        None => (None, rest),
        Some(quoted) => {
            let (default, rest) =
                quoted.trim_start_matches(BLANKS).strip_prefix('\'')?.split_once('\'')?;
            (Some(default), rest.trim_start_matches(BLANKS))
        }
    };
    let rest = rest.strip_prefix('}')?;
    let before_tag = name.split('/').next()?;
    let fine =
        !name.is_empty() && !before_tag.contains(char::is_whitespace) && !name.contains("${");
    fine.then_some((name, default, rest))
}

/// A decimal number as (is not negative, digits aligned at the point, complemented if negative):
/// tuples and texts of one length compare as the numbers do.
fn number(text: &str) -> Option<(bool, Vec<u8>)> {
    const WIDTH: usize = 400;
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, "0"),
    };
    for part in [whole, fraction] {
        if part.is_empty() || !part.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
    }
    let aligned = format!("{whole:0>WIDTH$}.{fraction:0<WIDTH$}");
    let zero = !aligned.bytes().any(|b| (b'1'..=b'9').contains(&b));
    if negative && !zero {
        let flip = |b: u8| if b == b'.' { b } else { b'9' - (b - b'0') };
        Some((false, aligned.bytes().map(flip).collect()))
    } else {
        Some((true, aligned.into_bytes()))
    }
}

/// A date as (seconds since 1970, the digits of the fraction to a fixed length): character by character,
/// by the amended C-24.
pub fn date(text: &str) -> Option<(i128, String)> {
    const WIDTH: usize = 9;
    let no_fraction = || "0".repeat(WIDTH);
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    if !unsigned.is_empty() && unsigned.chars().all(|c| c.is_ascii_digit()) {
        return Some((i128::from(text.parse::<i64>().ok()?), no_fraction()));
    }
    let mut rest = Rest(text);
    let year = rest.number(1, 4)?;
    let month = if rest.take("-") { rest.number(1, 2)? } else { 1 };
    let of_month = if rest.0.starts_with('-') && rest.take("-") { rest.number(1, 2)? } else { 1 };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month - 1).ok()?)?;
    if of_month < 1 || of_month > length {
        return None;
    }
    let leap_days = |year: i128| {
        (year - 1).div_euclid(4) - (year - 1).div_euclid(100) + (year - 1).div_euclid(400)
    };
    let before: i128 = lengths.iter().take(usize::try_from(month - 1).ok()?).sum();
    let days = (year - 1970) * 365 + leap_days(year) - leap_days(1970) + before + of_month - 1;
    let (mut seconds, mut fraction) = (days * 86_400, String::new());
    if rest.take("T") || rest.take("t") {
        if rest.0.starts_with(|c: char| c.is_ascii_digit()) {
            let (hour, mut minute, mut second) = (rest.number(1, 2)?, 0, 0);
            if rest.take(":") {
                minute = rest.number(1, 2)?;
                if rest.take(":") {
                    second = rest.number(1, 2)?;
                    if rest.take(".") {
                        fraction = rest.digits();
                        if fraction.is_empty() || fraction.len() > WIDTH {
                            return None;
                        }
                    }
                }
            }
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            seconds += (hour * 60 + minute) * 60 + second;
        }
        let sign = if rest.take("+") { -1 } else { i128::from(rest.take("-")) };
        if sign != 0 {
            let hours = rest.two()?;
            let minutes = if rest.take(":") || !rest.0.is_empty() { rest.two()? } else { 0 };
            if hours > 23 || minutes > 59 {
                return None;
            }
            seconds += sign * (hours * 60 + minutes) * 60;
        } else if !rest.take("Z") {
            rest.take("z");
        }
    } else if !text.contains('-') {
        return None;
    }
    rest.0.is_empty().then(|| (seconds, format!("{fraction:0<WIDTH$}")))
}

/// What is left of a text.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn take(&mut self, expected: &str) -> bool {
        let found = self.0.strip_prefix(expected);
        self.0 = found.unwrap_or(self.0);
        found.is_some()
    }

    /// All digits that stand here.
    fn digits(&mut self) -> String {
        let digits: String = self.0.chars().take_while(char::is_ascii_digit).collect();
        self.0 = self.0.get(digits.len()..).unwrap_or_default();
        digits
    }

    /// The number of the two digits that stand here, whatever follows.
    fn two(&mut self) -> Option<i128> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        self.0 = rest;
        digits.chars().all(|c| c.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    }

    /// The number of the digits that stand here, if there are at least `least` and at most `most`.
    fn number(&mut self, least: usize, most: usize) -> Option<i128> {
        let digits = self.digits();
        (least..=most).contains(&digits.len()).then(|| digits.parse().ok()).flatten()
    }
}

/// Padded base64, by the bit.
fn bytes(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let body = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let mut bits = Vec::new();
    for c in body.chars() {
        let letter = LETTERS.find(c)?;
        bits.extend((0..6).rev().map(|bit| letter >> bit & 1 == 1));
    }
    let whole = bits.len() / 8 * 8;
    // What is left over must be padding, and empty.
    if bits.len() - whole >= 6 || bits.iter().skip(whole).any(|bit| *bit) {
        return None;
    }
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte: u8, bit| byte << 1 | u8::from(*bit));
    Some(bits.chunks_exact(8).map(byte).collect())
}

/// Whether the address `x` lies in the range `p`, both as bits.
fn within(p: &str, x: &str) -> bool {
    fn bits(address: IpAddr) -> Vec<bool> {
        let octets: Vec<u8> = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        octets.iter().flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1 == 1)).collect()
    }
    let (address, prefix) =
        p.split_once('/').map_or((p, None), |(address, prefix)| (address, Some(prefix)));
    let (Ok(p), Ok(x)) = (address.parse::<IpAddr>(), x.parse::<IpAddr>()) else { return false };
    let (p, x) = (bits(p), bits(x));
    let length = match prefix {
        None => p.len(),
        Some(prefix) if !prefix.chars().all(|c| c.is_ascii_digit()) => return false,
        Some(prefix) => match prefix.parse() {
            Ok(length) if length <= p.len() => length,
            _ => return false,
        },
    };
    p.len() == x.len() && p.iter().zip(&x).take(length).all(|(p, x)| p == x)
}

/// Six fields, each a glob of its own.
fn arn_like(p: &str, x: &str) -> bool {
    let (p, x): (Vec<_>, Vec<_>) = (p.splitn(6, ':').collect(), x.splitn(6, ':').collect());
    p.len() == 6
        && x.len() == 6
        && p.iter().zip(&x).all(|(p, x)| glob(&p.replace(PRIVATE_COLON, ":"), x))
}
