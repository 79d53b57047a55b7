//! Texts in Markdown and MDX. They are of one line already.

use std::fmt::Write as _;

use iamsure_truth::phrase::fenced;

/// Words, with whatever begins something in CommonMark, GFM or MDX escaped.
pub(super) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '{' | '}' | '#' | '~' | '$'
            | '&' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Words that begin a line, and with it a paragraph: what is something else there alone is escaped too.
///
/// `import` and `export` begin a statement of MDX at the start of a paragraph, and nowhere else. A letter has no
/// escape but a character reference.
pub(super) fn paragraph(text: &str) -> String {
    let text = words(text.trim_start_matches(' '));
    let first = text.split(' ').next().unwrap_or_default();
    let digits = first.trim_start_matches(|c: char| c.is_ascii_digit());
    match text.chars().next() {
        Some(letter) if matches!(first, "import" | "export") => {
            text.replacen(letter, &format!("&#{};", u32::from(letter)), 1)
        }
        Some('-' | '+' | '=' | ':') => format!("\\{text}"),
        Some('0'..='9') if matches!(digits, "." | ")") => {
            text.replacen(digits, &format!("\\{digits}"), 1)
        }
        _ => text,
    }
}

/// A code span. In a cell of a pipe table a bar is escaped even there.
///
/// A bar after a backslash cannot be: GFM reads `\\|` as an escaped backslash and the end of the cell, and what
/// follows would be words, in MDX code. Such a text becomes an element with character references.
pub(super) fn code(text: &str, in_cell: bool) -> String {
    if in_cell && text.contains("\\|") {
        return element(text);
    }
    let text = if in_cell { text.replace('|', "\\|") } else { text.to_owned() };
    if text.is_empty() {
        return "``".to_owned();
    }
    fenced(&text)
}

/// `<code>`, everything but letters and digits as character references: Markdown and MDX agree on those.
fn element(text: &str) -> String {
    let mut out = String::from("<code>");
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", u32::from(c));
        }
    }
    out.push_str("</code>");
    out
}

/// Words, and code where backticks are closed by as many.
pub(super) fn with_code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.find('`').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(&words(before));
        let inside = from.trim_start_matches('`');
        let ticks = from.len() - inside.len();
        if let Some((code, after)) = closing(inside, ticks) {
            out.push_str(&self::code(stripped(code), true));
            rest = after;
        } else {
            out.push_str(&"\\`".repeat(ticks));
            rest = inside;
        }
    }
    out.push_str(&words(rest));
    out
}

/// What stands before the next run of `ticks` backticks, and what after it.
fn closing(text: &str, ticks: usize) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('`').map(|at| from + at) {
        let tail = text.get(at..)?;
        let after = tail.trim_start_matches('`');
        let run = tail.len() - after.len();
        if run == ticks {
            return Some((text.get(..at)?, after));
        }
        from = at + run;
    }
    None
}

/// A blank on either side of a code span is no part of it.
fn stripped(code: &str) -> &str {
    let inner = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
    inner.filter(|_| !code.trim().is_empty()).unwrap_or(code)
}
