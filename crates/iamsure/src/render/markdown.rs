//! What Markdown forms share.

use iamsure_review::foreign::Sink;

/// Text for a terminal as a code block, which nothing in it ends.
pub(crate) fn block(text: &str) -> String {
    let text = Sink::Lines.text(text.trim_matches('\n'));
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}text\n{text}\n{fence}\n")
}

/// A word that weighs, and a text beside it.
pub(crate) fn headline(word: &str, text: &str) -> String {
    format!("**{}** {}\n", Sink::Markdown.text(word), text)
}

/// A text for a terminal: its first line as such, the others as they are laid out.
pub(crate) fn explained(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = format!("**{}**\n", Sink::Markdown.text(first));
    if rest.trim().is_empty() { first } else { format!("{first}\n{}", block(rest)) }
}
