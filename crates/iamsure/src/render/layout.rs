//! How text is laid out: wrapping, escaping, heights of rows.

use super::verdict::coloured;
use crate::args::DrawingArgs;
use crate::streams::{Finished, Streams};

/// The narrowest table, in columns.
const NARROWEST: usize = 60;

/// The columns of a picture, unless others are asked for: they fit on a slide.
const OF_PICTURES: usize = 120;

/// How something is drawn at a terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawing {
    /// The columns there are; `None` for as many as it takes.
    pub(crate) width: Option<usize>,
    /// Whether all characters are ASCII.
    pub(crate) ascii: bool,
    /// Whether verdicts are coloured.
    pub(crate) styled: bool,
}

impl Drawing {
    /// As wide as it takes, without colour.
    pub(crate) const PLAIN: Self = Self { width: None, ascii: false, styled: false };

    /// As asked for, on the terminal at hand.
    pub(crate) fn of(args: &DrawingArgs, streams: &Streams) -> Self {
        Self {
            // Narrower than this no table can be read.
            width: args.width.or(streams.width()).map(|width| width.max(NARROWEST)),
            ascii: args.ascii,
            styled: streams.output_styled(),
        }
    }

    /// As asked for, on a picture.
    pub(crate) fn of_picture(args: &DrawingArgs) -> Self {
        let width = args.width.unwrap_or(OF_PICTURES).max(NARROWEST);
        Self { width: Some(width), ascii: args.ascii, styled: true }
    }

    /// As wide as the terminal at hand.
    pub(crate) const fn here(streams: &Streams) -> Self {
        Self { width: streams.width(), ascii: false, styled: streams.output_styled() }
    }

    /// As wide as the terminal at hand, for standard error.
    pub(crate) const fn of_errors(streams: &Streams) -> Self {
        Self { width: streams.width(), ascii: false, styled: streams.errors_styled() }
    }

    /// A line in as many as it takes; further ones are indented.
    pub(crate) fn lines(self, line: &str, indent: &str, out: &mut Finished) {
        for line in wrap(line, self.width, indent) {
            let line = if self.ascii { plain(&line) } else { line };
            out.push(&coloured(&format!("{line}\n"), self));
        }
    }
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
