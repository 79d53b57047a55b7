//! What people write in the cells of a truth table: states of a key, and answers.
//!
//! People write `n/a`, a dash, "No (key absent)", `` `true` ``. What is not in these lists is not
//! understood, and a row that is not understood is not checked, and said to be so: a guess at the meaning
//! of a cell would be a confident answer about something nobody wrote.

use iamsure_core::language::condition::address::Network;
use iamsure_truth::wording::Piece;

use super::table::{Cell, normal};

/// Something that a cell says of a key. Several are alternatives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It is not in the request.
    Absent,
    /// It has this value.
    Value(String),
    /// It is there, whatever its value.
    Present,
    /// It is there with a value that no other row names.
    OtherValue,
    /// It is there with a value that is none of these.
    NotValue(Vec<String>),
    /// It is absent, or there with any value.
    Any,
}

/// What a cell says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum States {
    /// One of these.
    Of(Vec<State>),
    /// Nothing: `n/a`, a dash, an empty cell.
    Nothing,
}

const NOTHING: [&str; 12] =
    ["", "-", "–", "—", "--", "n/a", "na", "n.a", "not applicable", "none", "null", "/"];
const ABSENT: [&str; 34] = [
    "absent",
    "key absent",
    "key is absent",
    "is absent",
    "(absent)",
    "not present",
    "key not present",
    "is not present",
    "not in the request",
    "not in request",
    "not in context",
    "not in the context",
    "not in the request context",
    "missing",
    "key missing",
    "key is missing",
    "is missing",
    "(missing)",
    "not set",
    "unset",
    "(not set)",
    "undefined",
    "key not in request",
    "key not in the request",
    "does not exist",
    "key does not exist",
    "doesn't exist",
    "not included",
    "not available",
    "key not set",
    "not there",
    "omitted",
    "not provided",
    "not supplied",
];
const PRESENT: [&str; 16] = [
    "present",
    "key present",
    "key is present",
    "is present",
    "any value",
    "present any value",
    "present, any value",
    "any present value",
    "present (any value)",
    "any value (present)",
    "set",
    "is set",
    "exists",
    "key exists",
    "in the request",
    "whatever value",
];
const ANY: [&str; 9] = [
    "any",
    "either",
    "whatever",
    "present or absent",
    "absent or present",
    "any state",
    "don't care",
    "doesn't matter",
    "*",
];
const OTHER: [&str; 9] = [
    "other",
    "any other",
    "any other value",
    "other value",
    "other values",
    "another value",
    "anything else",
    "something else",
    "all other values",
];
const YES: [&str; 12] = [
    "yes",
    "y",
    "true",
    "✓",
    "✔",
    "✅",
    "☑",
    "x",
    ":white_check_mark:",
    ":heavy_check_mark:",
    "🟢",
    "1",
];
const NO: [&str; 11] =
    ["no", "n", "false", "✗", "✘", "❌", "✖", ":x:", ":negative_squared_cross_mark:", "🔴", "0"];

/// What a cell says of the presence of a key: "No (key absent)", "Yes", "either".
pub(super) fn presence(cell: &Cell) -> Option<States> {
    let words = without_brackets(&cell.words());
    if cell.codes().next().is_some() {
        return state(cell);
    }
    Some(States::Of(vec![if NO.contains(&words.as_str()) || ABSENT.contains(&words.as_str()) {
        State::Absent
    } else if YES.contains(&words.as_str()) || PRESENT.contains(&words.as_str()) {
        State::Present
    } else if ANY.contains(&words.as_str()) {
        State::Any
    } else {
        return None;
    }]))
}

/// What a cell says of the state or the value of a key: `` `true` ``, "absent or `false`", "n/a".
pub(super) fn state(cell: &Cell) -> Option<States> {
    let words = cell.words();
    if cell.codes().next().is_none() && NOTHING.contains(&words.as_str()) {
        return Some(States::Nothing);
    }
    let mut states = Vec::new();
    for part in alternatives(cell) {
        states.push(alternative(&part)?);
    }
    (!states.is_empty()).then_some(States::Of(states))
}

/// The parts of a cell between "or" and commas; what stands in code is never broken.
fn alternatives(cell: &Cell) -> Vec<Vec<Piece>> {
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in &cell.phrase.0 {
        match piece {
            Piece::Code(_) => {
                parts.last_mut().into_iter().for_each(|part| part.push(piece.clone()));
            }
            Piece::Word(words) => {
                // "present, any value" and "present, not `x`" are one thing.
                let words = words.replace("present, ", "present ").replace("Present, ", "present ");
                let words = words.replace(" or ", ",").replace(" OR ", ",").replace(" / ", ",");
                for (at, word) in words.split(',').enumerate() {
                    if at > 0 {
                        parts.push(Vec::new());
                    }
                    if let (Some(part), false) = (parts.last_mut(), word.trim().is_empty()) {
                        part.push(Piece::Word(word.to_owned()));
                    }
                }
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn alternative(part: &[Piece]) -> Option<State> {
    let mut codes = Vec::new();
    let mut words = String::new();
    for piece in part {
        match piece {
            Piece::Code(text) => codes.push(text.trim()),
            Piece::Word(text) => words.push_str(text),
        }
    }
    let all = normal(&words);
    let words = without_brackets(&all);
    match codes.as_slice() {
        [] => {
            let word = words.as_str();
            Some(if ABSENT.contains(&word) || ABSENT.contains(&all.as_str()) {
                State::Absent
            } else if PRESENT.contains(&word) {
                State::Present
            } else if ANY.contains(&word) {
                State::Any
            } else if OTHER.contains(&word) {
                State::OtherValue
            } else if matches!(word, "true" | "false") {
                State::Value(word.to_owned())
            } else {
                return None;
            })
        }
        [code] => match words.as_str() {
            "" | "is" | "=" | "==" | "set to" | "present" | "yes" | "value" | "equals"
            | "present and" => Some(match normal(code).as_str() {
                "" => return None,
                "absent" | "(absent)" if words.is_empty() => State::Absent,
                "null" | "undefined" => return None,
                _ if !is_one_value(code) => return None,
                _ => State::Value(code.trim_matches('"').to_owned()),
            }),
            "present not" | "other than" | "any value but" | "anything but"
            | "any value except" | "present and not" => {
                Some(State::NotValue(vec![(*code).to_owned()]))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a text is a value, and not a pattern, a range or the beginning of a value: those stand for many,
/// and a policy need not treat them alike.
fn is_one_value(text: &str) -> bool {
    let is_range = text.contains('/') && Network::read(text).is_some();
    !is_range && !text.contains(['*', '?', '…']) && !text.contains("...")
}

/// Without what stands in brackets at the end: "no (key absent)" is "no".
fn without_brackets(text: &str) -> String {
    match text.find('(') {
        Some(0) => text.trim_matches(['(', ')']).trim().to_owned(),
        Some(at) => text.get(..at).unwrap_or_default().trim().to_owned(),
        None => text.trim().to_owned(),
    }
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Allowed.
    Allowed,
    /// Denied, explicitly or implicitly.
    Denied,
    /// Denied by a Deny.
    ExplicitlyDenied,
    /// Denied for want of an Allow.
    ImplicitlyDenied,
    /// Not authorized by AWS at all.
    Exempt,
}

/// What a cell answers.
pub(super) fn answer(cell: &Cell) -> Option<Answer> {
    let text = normal(&cell.text());
    let exact = |text: &str| {
        Some(match text {
            _ if YES.contains(&text) => Answer::Yes,
            _ if NO.contains(&text) => Answer::No,
            "applies" | "it applies" | "matches" | "match" | "matched" | "deny applies"
            | "statement applies" | "active" | "in effect" | "fires" | "condition met" => {
                Answer::Yes
            }
            "does not apply"
            | "doesn't apply"
            | "not applied"
            | "does not match"
            | "no match"
            | "not matched"
            | "deny does not apply"
            | "deny doesn't apply"
            | "inactive"
            | "statement does not apply"
            | "not in effect"
            | "skipped"
            | "condition not met" => Answer::No,
            "allowed" | "allow" | "allows" | "permitted" | "access allowed" | "granted"
            | "access granted" | "request allowed" => Answer::Allowed,
            "denied" | "deny" | "denies" | "blocked" | "access denied" | "refused"
            | "not allowed" | "request denied" | "rejected" | "forbidden" => Answer::Denied,
            "explicitly denied" | "explicit deny" | "denied explicitly" | "denied (explicit)"
            | "explicit denial" | "deny (explicit)" => Answer::ExplicitlyDenied,
            "implicitly denied" | "implicit deny" | "denied implicitly" | "denied (implicit)"
            | "denied (no allow)" | "deny (implicit)" | "implicit denial" => {
                Answer::ImplicitlyDenied
            }
            "exempt" | "not authorized by aws" => Answer::Exempt,
            _ => return None,
        })
    };
    exact(&text).or_else(|| exact(&without_brackets(&text))).or_else(|| {
        // "✅ Yes", "❌ Denied".
        let (mark, rest) = text.split_once(' ')?;
        match (exact(mark)?, exact(rest.trim())?) {
            (Answer::Yes, rest @ (Answer::Yes | Answer::Allowed)) => Some(rest),
            (
                Answer::No,
                rest @ (Answer::No
                | Answer::Denied
                | Answer::ExplicitlyDenied
                | Answer::ImplicitlyDenied),
            ) => Some(rest),
            _ => None,
        }
    })
}

/// The text for another answer in the manner of this cell: `No` becomes `Yes`, `` `false` `` becomes
/// `` `true` ``. `None` if its manner is not known.
pub(super) fn in_the_manner_of(written: &str, answer: Answer) -> Option<String> {
    const PAIRS: [(&str, &str); 16] = [
        ("Yes", "No"),
        ("yes", "no"),
        ("YES", "NO"),
        ("True", "False"),
        ("true", "false"),
        ("TRUE", "FALSE"),
        ("✓", "✗"),
        ("✔", "✘"),
        ("✅", "❌"),
        ("Applies", "Does not apply"),
        ("applies", "does not apply"),
        ("Matches", "Does not match"),
        ("matches", "does not match"),
        ("Allowed", "Denied"),
        ("allowed", "denied"),
        ("Allow", "Deny"),
    ];
    let bare = written.trim_matches(['`', '*', '_']);
    let (yes, no) = PAIRS.into_iter().find(|(yes, no)| bare == *yes || bare == *no)?;
    let is_decision = matches!(yes, "Allowed" | "allowed" | "Allow");
    let new = match answer {
        Answer::Yes if !is_decision => yes,
        Answer::No if !is_decision => no,
        Answer::Allowed if is_decision => yes,
        Answer::Denied | Answer::ExplicitlyDenied | Answer::ImplicitlyDenied if is_decision => no,
        _ => return None,
    };
    Some(written.replace(bare, new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documentation::Document;
    use iamsure_core::language::Source;

    fn cell(text: &str) -> Cell {
        let page = format!("| a |\n| --- |\n| {text} |\n");
        let document = Document::read(&Source::new("p.md", page)).unwrap();
        document.tables[0].rows[0][0].clone()
    }

    #[test]
    fn loose_cells_are_read() {
        let value = |text: &str| State::Value(text.to_owned());
        for (text, states) in [
            ("`true`", vec![value("true")]),
            ("false", vec![value("false")]),
            ("absent", vec![State::Absent]),
            ("*absent*", vec![State::Absent]),
            ("(not set)", vec![State::Absent]),
            ("absent or `false`", vec![State::Absent, value("false")]),
            ("`a`, `b` or absent", vec![value("a"), value("b"), State::Absent]),
            ("present, any value", vec![State::Present]),
            ("present, not `x`", vec![State::NotValue(vec!["x".to_owned()])]),
            ("any other value", vec![State::OtherValue]),
            ("Any", vec![State::Any]),
            ("`\"true\"`", vec![value("true")]),
        ] {
            assert_eq!(state(&cell(text)), Some(States::Of(states)), "{text}");
        }
        for text in ["n/a", "—", "", "–", "N/A"] {
            assert_eq!(state(&cell(text)), Some(States::Nothing), "{text}");
        }
        for text in
            ["sometimes", "`a` `b`", "not `x`", "the default", "`*`", "`vpce-…`", "`10.0.0.0/8`"]
        {
            assert_eq!(state(&cell(text)), None, "{text}");
        }
    }

    #[test]
    fn presence_may_be_explained() {
        assert_eq!(presence(&cell("No (key absent)")), Some(States::Of(vec![State::Absent])));
        assert_eq!(presence(&cell("**Yes**")), Some(States::Of(vec![State::Present])));
        assert_eq!(presence(&cell("maybe")), None);
    }

    #[test]
    fn answers_are_read() {
        for (text, expected) in [
            ("No", Some(Answer::No)),
            ("**Yes**", Some(Answer::Yes)),
            ("✅", Some(Answer::Yes)),
            ("❌ Denied", Some(Answer::Denied)),
            ("Denied (explicit)", Some(Answer::ExplicitlyDenied)),
            ("Allowed (by the role)", Some(Answer::Allowed)),
            ("Yes, mostly", None),
            ("$12", None),
        ] {
            assert_eq!(answer(&cell(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_cell_is_put_right_in_its_own_manner() {
        assert_eq!(in_the_manner_of("No", Answer::Yes).as_deref(), Some("Yes"));
        assert_eq!(in_the_manner_of("**no**", Answer::Yes).as_deref(), Some("**yes**"));
        assert_eq!(
            in_the_manner_of("Allowed", Answer::ExplicitlyDenied).as_deref(),
            Some("Denied")
        );
        assert_eq!(in_the_manner_of("Allowed", Answer::Yes), None);
        assert_eq!(in_the_manner_of("perhaps", Answer::Yes), None);
    }
}
