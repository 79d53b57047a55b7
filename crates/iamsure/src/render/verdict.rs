//! Verdicts in colour. The word says it too: nothing is told by colour alone.

use anstyle::{AnsiColor, Style};

use super::layout::Drawing;
use crate::streams::{Finished, Printed as _};

/// What a verdict asks of whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Allowed, or proved.
    Good,
    /// Denied by a Deny, or refuted.
    Bad,
    /// It depends, or is new access: it wants a look.
    Open,
    /// Denied for want of an Allow, exempt, or taken away.
    Calm,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green,
            Self::Bad => AnsiColor::Red,
            Self::Open => AnsiColor::Yellow,
            Self::Calm => AnsiColor::Cyan,
        }
        .on_default()
    }
}

/// The words that verdicts begin with. Of two that begin alike the longer comes first.
const WORDS: [(&str, Tone); 27] = [
    ("PROVED", Tone::Good),
    ("REFUTED", Tone::Bad),
    ("DEPENDS", Tone::Open),
    ("UNDECIDED", Tone::Open),
    ("ALLOWED", Tone::Good),
    ("DENIED explicitly", Tone::Bad),
    ("DENIED implicitly", Tone::Calm),
    ("DENIED unless", Tone::Open),
    ("DENIED", Tone::Bad),
    ("EXEMPT", Tone::Calm),
    ("DENY", Tone::Bad),
    ("allowed if", Tone::Open),
    ("allowed", Tone::Good),
    ("allow", Tone::Good),
    ("partly allowed", Tone::Open),
    ("explicitly denied", Tone::Bad),
    ("implicitly denied", Tone::Calm),
    ("denied", Tone::Bad),
    ("deny", Tone::Calm),
    ("depends", Tone::Open),
    ("exempt", Tone::Calm),
    ("not decided", Tone::Open),
    ("widened", Tone::Open),
    ("narrowed", Tone::Calm),
    ("passed", Tone::Good),
    ("failed", Tone::Bad),
    ("errored", Tone::Open),
];

/// The words of a verdict that a text begins with, and their tone.
pub(super) fn verdict_tone(text: &str) -> Option<(&'static str, Tone)> {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
    WORDS.into_iter().find(|(word, _)| text.strip_prefix(word).is_some_and(ends))
}

/// The verdict that a text begins with, and how it is drawn: in bold where it is a line's, which the letter of a cell is
/// not.
pub(super) fn verdict_word(text: &str) -> Option<(&'static str, Style)> {
    let (word, tone) = verdict_tone(text)?;
    let is_of_line = word != "DENY" && word.starts_with(char::is_uppercase);
    let style = if is_of_line { tone.style().bold() } else { tone.style() };
    Some((word, style))
}

/// A text in which the verdict is coloured that begins a line, where a line may begin with one: no text of others
/// begins a line.
pub(crate) fn coloured(text: &str, drawing: Drawing) -> Finished {
    if !drawing.styled {
        return text.to_owned().into();
    }
    let shown = text.shown();
    let mut out = String::with_capacity(shown.len());
    for line in shown.split_inclusive('\n') {
        match verdict_word(line).filter(|(word, _)| word.starts_with(char::is_uppercase)) {
            Some((word, style)) => {
                let rest = line.get(word.len()..).unwrap_or_default();
                out.extend([&format!("{style}{word}{style:#}"), rest]);
            }
            None => out.push_str(line),
        }
    }
    Finished::ours(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_a_whole_word_at_the_start() {
        let word = |text| verdict_word(text).map(|(word, _)| word);
        assert_eq!(word("DENY [2]"), Some("DENY"));
        assert_eq!(word("allowed"), Some("allowed"));
        assert_eq!(word("allowed if the caller's own policies allow it"), Some("allowed if"));
        assert_eq!(word("DENIED explicitly by X"), Some("DENIED explicitly"));
        assert_eq!(word("DENIED, for different reasons"), Some("DENIED"));
        assert_eq!(word("DenyAll"), None);
        assert_eq!(word("deny-list"), None);
        assert_eq!(word("never allow"), None);
    }

    #[test]
    fn only_verdicts_are_coloured_and_nothing_is_lost() {
        let drawing = Drawing { width: None, ascii: false, styled: true };
        let text = "REFUTED  never allow s3:*\n  DENY [1]\nDENYING\n";
        let shown = coloured(text, drawing).shown().into_owned();
        assert!(shown.starts_with("\u{1b}[1m\u{1b}[31mREFUTED\u{1b}[0m  never allow"), "{shown:?}");
        assert!(shown.ends_with("\n  DENY [1]\nDENYING\n"), "{shown:?}");
        let plain = Drawing { styled: false, ..drawing };
        assert_eq!(coloured(text, plain).shown(), text);
        // A style in what was read is none.
        let foreign = coloured("PROVED \u{1b}[31mx\n", drawing).shown().into_owned();
        assert!(foreign.ends_with(" \\u{1b}[31mx\n"), "{foreign:?}");
    }
}
