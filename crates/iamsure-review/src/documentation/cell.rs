//! What people write in the cells of a truth table: states of a key, and answers.
//!
//! People write `n/a`, a dash, "No (key absent)", `` `true` ``. States are [read as what tables
//! say](Said::read_loosely). What is not understood is not checked, and said to be so: a guess at the meaning
//! of a cell would be a confident answer about something nobody wrote.

use iamsure_core::language::condition::address::Network;
use iamsure_truth::said::{Said, Value};

use super::table::{Cell, normal};

/// What a cell says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum States {
    /// That it is absent, there, one of some values, or none of some.
    Of(Said),
    /// Nothing: `n/a`, a dash, an empty cell.
    Nothing,
}

const NOTHING: [&str; 12] =
    ["", "-", "–", "—", "--", "n/a", "na", "n.a", "not applicable", "none", "null", "/"];
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
    if cell.codes().next().is_some() {
        return state(cell);
    }
    let words = without_brackets(&cell.words());
    let said = if NO.contains(&words.as_str()) {
        Said::Absent
    } else if YES.contains(&words.as_str()) {
        Said::Present
    } else {
        Said::read_loosely(&words)?
    };
    matches!(said, Said::Absent | Said::Present | Said::Any).then_some(States::Of(said))
}

/// What a cell says of the state or the value of a key: `` `true` ``, "absent or `false`", "n/a".
pub(super) fn state(cell: &Cell) -> Option<States> {
    if cell.codes().next().is_none() && NOTHING.contains(&cell.words().as_str()) {
        return Some(States::Nothing);
    }
    let said = match Said::of_phrase(&cell.phrase)? {
        Said::Listed(values) => Said::is_one_of(values),
        said => said,
    };
    said.alternatives().iter().all(is_checkable).then_some(States::Of(said))
}

/// Whether requests can be named that are all there are of it.
fn is_checkable(said: &Said) -> bool {
    match said {
        Said::Any | Said::Absent | Said::Present | Said::Other => true,
        Said::Is(value) => is_one_value(value),
        said => said.excluded().is_some_and(|values| values.into_iter().all(is_one_value)),
    }
}

/// Whether a value is one, and not a pattern, a range or the beginning of a value: those stand for many, and a
/// policy need not treat them alike.
fn is_one_value(value: &Value) -> bool {
    let text = &value.text;
    let is_range = text.contains('/') && Network::read(text).is_some();
    !is_range && !text.is_empty() && !text.contains(['*', '?', '…']) && !text.contains("...")
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
        let either = |said: &[Said]| Said::one_of(said.iter().cloned());
        for (text, states) in [
            ("`true`", Said::is("true")),
            ("false", Said::is("false")),
            ("absent", Said::Absent),
            ("*absent*", Said::Absent),
            ("(not set)", Said::Absent),
            ("absent or `false`", either(&[Said::Absent, Said::is("false")])),
            ("`a`, `b` or absent", either(&[Said::is("a"), Said::is("b"), Said::Absent])),
            ("`a`, `b`", either(&[Said::is("a"), Said::is("b")])),
            ("present, any value", Said::Present),
            ("present, not `x`", Said::all([Said::Present, Said::negated(Said::is("x"))])),
            (
                "present, none of: `x`, `y`",
                Said::all([Said::Present, Said::negated(Said::is_one_of(["x", "y"]))]),
            ),
            ("any other value", Said::Other),
            ("`false` (a direct call)", Said::is("false")),
            ("absent (not set)", Said::Absent),
            ("absent (the CLI)", Said::Absent),
            ("Any", Said::Any),
            ("`\"true\"`", Said::is("true")),
            ("``a`b``", Said::is("a`b")),
        ] {
            assert_eq!(state(&cell(text)), Some(States::Of(states)), "{text}");
        }
        for text in ["n/a", "—", "", "–", "N/A"] {
            assert_eq!(state(&cell(text)), Some(States::Nothing), "{text}");
        }
        for text in [
            "sometimes",
            "`a` `b`",
            "not `x`",
            "the default",
            "`*`",
            "`vpce-…`",
            "`10.0.0.0/8`",
            "present, not `vpce-…`",
            "like `a*`",
            "`false` (or absent)",
            "`false` (never set)",
            "`false` (not through MCP)",
            "`false` (doesn't hold)",
            "`false` (`true` elsewhere)",
            "`null`",
            "yes",
        ] {
            assert_eq!(state(&cell(text)), None, "{text}");
        }
    }

    #[test]
    fn presence_may_be_explained() {
        assert_eq!(presence(&cell("No (key absent)")), Some(States::Of(Said::Absent)));
        assert_eq!(presence(&cell("**Yes**")), Some(States::Of(Said::Present)));
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
