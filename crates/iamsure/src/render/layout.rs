//! How text is laid out: wrapping, escaping, heights of rows.

/// The narrowest table, in columns.
pub(crate) const NARROWEST: usize = 60;

/// How many lines the first rows take.
pub(crate) fn header_height(table: &tabled::Table, rows: usize) -> usize {
    use tabled::grid::dimension::CompleteDimension;
    use tabled::grid::dimension::{Dimension, Estimate};
    let mut dimension = CompleteDimension::default();
    dimension.estimate(table.get_records(), table.get_config());
    (0..rows).map(|row| dimension.get_height(row)).sum()
}

/// Breaks a line at blanks so that it fits; continued lines are indented.
pub(crate) fn wrap<'a>(
    line: &'a str,
    width: Option<usize>,
    indent: &'a str,
) -> impl Iterator<Item = String> {
    let width = width.unwrap_or(usize::MAX).max(40);
    let mut lines = Vec::new();
    let mut current = String::new();
    // The characters of `current`.
    let mut taken = 0;
    for word in line.split_inclusive(' ') {
        let length = taken + word.trim_end().chars().count();
        if length > width && !current.trim().is_empty() {
            lines.push(std::mem::replace(&mut current, indent.to_owned()).trim_end().to_owned());
            taken = indent.chars().count();
        }
        taken += word.chars().count();
        current.push_str(word);
    }
    lines.push(current.trim_end().to_owned());
    lines.into_iter()
}

/// Lines of prose, none longer than the terminal is wide where a blank allows that; continued lines are indented by two
/// more.
pub(crate) fn fitted(text: &str, width: Option<usize>) -> String {
    if width.is_none() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let indent = " ".repeat(blanks + 2);
        for part in wrap(line, width, &indent) {
            out.push_str(&part);
            out.push('\n');
        }
    }
    out
}

/// The same text with ASCII characters only.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '×' => out.push('x'),
            '─' | '·' | '—' | '–' => out.push('-'),
            '…' => out.push_str("..."),
            c if c.is_ascii() => out.push(c),
            _ => out.push('?'),
        }
    }
    out
}
