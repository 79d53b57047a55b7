//! Rows under headings, at a terminal: in columns, or a block for each row where columns do not fit.

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::layout::{Drawing, plain};
use super::verdict::verdict_word;
use crate::streams::Finished;

/// The blanks between columns.
const GAP: usize = 2;

/// In fewer columns than this, rows that would be tall are blocks.
const NARROW: usize = 90;

/// The most lines of a row in a narrow terminal.
const TALLEST: usize = 4;

/// The longest word that makes a column as wide as itself; longer ones are cut.
const LONGEST_WORD: usize = 40;

/// The longest verdict that is not broken: `explicitly denied`.
const LONGEST_VERDICT: usize = 17;

/// What a cell may be broken after, beside blanks.
const BREAKS: [char; 4] = [':', '/', ',', '-'];

/// Rows under headings. A text for each column.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// The headings, and rows that say more of the columns.
    pub(crate) header: Vec<Vec<String>>,
    pub(crate) body: Vec<Vec<String>>,
    /// The columns whose cells begin with a verdict.
    pub(crate) verdicts: Vec<usize>,
}

impl Grid {
    /// Draws it, each line with its end.
    pub(crate) fn draw(&self, drawing: Drawing) -> Finished {
        let natural = self.widest(|cell| cell.lines().map(str::width).max().unwrap_or(0));
        let widths = match drawing.width {
            Some(width) => self.fitted(&natural, width),
            None => Some(natural),
        };
        match widths {
            Some(widths) => self.in_columns(&widths, drawing),
            None => self.in_blocks(drawing),
        }
    }

    fn rows(&self) -> impl Iterator<Item = &Vec<String>> {
        self.header.iter().chain(&self.body)
    }

    /// The most of each column.
    fn widest(&self, of: impl Fn(&str) -> usize) -> Vec<usize> {
        let mut widest = Vec::new();
        for row in self.rows() {
            widest.resize(widest.len().max(row.len()), 0);
            for (most, cell) in widest.iter_mut().zip(row) {
                *most = (*most).max(of(cell));
            }
        }
        widest
    }

    /// How wide each column is so that all fit; `None` if none is wide enough then.
    fn fitted(&self, natural: &[usize], width: usize) -> Option<Vec<usize>> {
        let room = width.saturating_sub(GAP * natural.len().saturating_sub(1));
        if natural.iter().sum::<usize>() <= room {
            return Some(natural.to_vec());
        }
        // Whole verdicts and words where they fit; else parts of them.
        let longest = |of: fn(&str) -> Vec<&str>, verdict: usize| -> Vec<usize> {
            let width = |cell: &str| of(cell).iter().map(|part| part.trim_end().width()).max();
            let widths = self.widest(|cell| width(cell).unwrap_or(0).clamp(1, LONGEST_WORD));
            let least = |(column, (width, natural)): (usize, (usize, &usize))| {
                let is_verdict = self.verdicts.contains(&column);
                if is_verdict { width.max(verdict.min(*natural)) } else { width }
            };
            widths.into_iter().zip(natural).enumerate().map(least).collect()
        };
        let fits = |widths: &Vec<usize>| widths.iter().sum::<usize>() <= room;
        let mut widths = [longest(words, LONGEST_VERDICT), longest(words, 0), longest(parts, 0)]
            .into_iter()
            .find(fits)?;
        let mut left = room - widths.iter().sum::<usize>();
        let mut content = vec![0; natural.len()];
        for row in self.rows() {
            content.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell.width());
        }
        // Each column more goes to where it saves the most lines.
        while left > 0 {
            let columns = widths.iter_mut().zip(natural).zip(&content);
            let growing = columns.filter(|((width, natural), _)| **width < **natural);
            let saved =
                |width: usize, content: usize| content * 1_000 / (width * (width + 1)).max(1);
            let Some(((width, _), _)) =
                growing.max_by_key(|((width, _), content)| saved(**width, **content))
            else {
                break;
            };
            *width += 1;
            left -= 1;
        }
        let height = |row: &Vec<String>| {
            row.iter().zip(&widths).map(|(cell, width)| broken(cell, *width).len()).max()
        };
        let is_tall = |row| height(row).is_some_and(|height| height > TALLEST);
        (width >= NARROW || !self.body.iter().any(is_tall)).then_some(widths)
    }

    fn in_columns(&self, widths: &[usize], drawing: Drawing) -> Finished {
        let mut lines: Vec<(usize, Finished)> = Vec::new();
        let mut rule_at = 0;
        for (number, row) in self.rows().enumerate() {
            let cells: Vec<Vec<String>> =
                row.iter().zip(widths).map(|(cell, width)| broken(cell, *width)).collect();
            let is_body = number >= self.header.len();
            let verdict = |(column, cell): (usize, &String)| match verdict_word(cell) {
                Some(found) if is_body && self.verdicts.contains(&column) => found,
                _ => ("", Style::new()),
            };
            let mut verdicts: Vec<(&str, Style)> = row.iter().enumerate().map(verdict).collect();
            for height in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
                let mut line = Line::new(drawing);
                for ((cell, width), verdict) in cells.iter().zip(widths).zip(&mut verdicts) {
                    let text = cell.get(height).map_or("", String::as_str);
                    line.verdict(text, verdict);
                    line.blanks((width + GAP).saturating_sub(text.width()));
                }
                lines.push(line.end());
            }
            if !is_body {
                rule_at = lines.len();
            }
        }
        let longest = lines.iter().map(|(width, _)| *width).max().unwrap_or(0);
        let rule = if drawing.ascii { "-" } else { "─" };
        let mut out = Finished::default();
        for (number, (_, line)) in lines.iter().enumerate() {
            if number == rule_at {
                out.push_str(&format!("{}\n", rule.repeat(longest)));
            }
            out.push(line);
        }
        out
    }

    /// A block for each row: what it is about, then the other cells, each with its heading.
    fn in_blocks(&self, drawing: Drawing) -> Finished {
        let headings = self.header.first();
        let heading =
            |column: usize| headings.and_then(|row| row.get(column)).map_or("", String::as_str);
        let mut out = Finished::default();
        for (number, row) in self.rows().enumerate().skip(1) {
            if number > 1 {
                out.push_str("\n");
            }
            let is_body = number >= self.header.len();
            for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let indent = if column == 0 { "" } else { "  " };
                // What is said of columns is named by its first cell.
                let label = match heading(column).trim() {
                    label if !label.is_empty() && (is_body || column > 0) => format!("{label}: "),
                    _ => String::new(),
                };
                let before = format!("{indent}{label}");
                let is_verdict = is_body && self.verdicts.contains(&column);
                let width = drawing.width.unwrap_or(usize::MAX);
                let whole = format!("{before}{}", cell.trim());
                for (height, text) in broken_after(&whole, width, "    ").iter().enumerate() {
                    let mut line = Line::new(drawing);
                    match text.strip_prefix(&before) {
                        Some(rest) if is_verdict && height == 0 => {
                            line.text(&before);
                            line.verdict(rest, &mut verdict_word(rest).unwrap_or_default());
                        }
                        _ => line.text(text),
                    }
                    out.push(&line.end().1);
                }
            }
        }
        out
    }
}

/// A line that is being written.
struct Line {
    drawing: Drawing,
    done: Finished,
    /// What is not styled, and not yet among what is done.
    rest: String,
    /// How wide what is done is.
    width: usize,
}

impl Line {
    fn new(drawing: Drawing) -> Self {
        Self { drawing, done: Finished::default(), rest: String::new(), width: 0 }
    }

    fn text(&mut self, text: &str) {
        self.rest.push_str(text);
    }

    fn blanks(&mut self, count: usize) {
        self.rest.extend(std::iter::repeat_n(' ', count));
    }

    /// A text that may begin with what is left of a verdict, of which it may be a part.
    fn verdict(&mut self, text: &str, (left, style): &mut (&str, Style)) {
        let word = match left.strip_prefix(text) {
            Some(rest) => {
                *left = rest.trim_start();
                text
            }
            None => std::mem::take(left),
        };
        let rest = text.strip_prefix(word).filter(|_| !word.is_empty() && self.drawing.styled);
        if let Some(rest) = rest {
            self.flush();
            self.width += word.width();
            self.done.push(&Finished::ours(format!("{style}{word}{style:#}")));
            self.text(rest);
        } else {
            self.text(text);
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.rest);
        self.width += text.width();
        self.done.push_str(&if self.drawing.ascii { plain(&text) } else { text });
    }

    /// The line with its end, and how wide it is.
    fn end(mut self) -> (usize, Finished) {
        self.rest.truncate(self.rest.trim_end().len());
        self.flush();
        self.done.push_str("\n");
        (self.width, self.done)
    }
}

/// The words of a text, each with the blanks that end it.
fn words(text: &str) -> Vec<&str> {
    pieces(text, |_, c, next| c == ' ' && next != ' ')
}

/// The parts of words that lines may end after, if words are too long.
fn parts(text: &str) -> Vec<&str> {
    pieces(text, |before, c, next| match c {
        ' ' => next != ' ',
        // No option and no negative number is broken.
        '-' => before.is_alphanumeric() && next.is_alphanumeric(),
        c => BREAKS.contains(&c) && next != ' ' && !BREAKS.contains(&next),
    })
}

/// A text cut after each character of which that is said, given those around it.
fn pieces(text: &str, ends: impl Fn(char, char, char) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut before) = (0, ' ');
    let mut characters = text.char_indices().peekable();
    while let Some((_, c)) = characters.next() {
        if let Some((at, next)) = characters.peek().copied()
            && ends(before, c, next)
            // What a line begins with is no word.
            && text.get(from..at).is_some_and(|piece| !piece.trim().is_empty())
        {
            pieces.extend(text.get(from..at));
            from = at;
        }
        before = c;
    }
    pieces.extend(text.get(from..).filter(|rest| !rest.is_empty()));
    pieces
}

/// A text in lines that are no wider than this.
fn broken(text: &str, width: usize) -> Vec<String> {
    text.lines().flat_map(|line| broken_after(line, width, "")).collect()
}

/// A line in lines that are no wider than this; the second and all further ones are indented.
fn broken_after(line: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = Filled::default();
    let length = |text: &str| text.trim_end().width();
    for word in words(line) {
        // A word that no line holds is broken where that is least of a loss.
        let fits = indent.width() + length(word) <= width;
        let pieces = if fits { vec![word] } else { parts(word) };
        for piece in pieces {
            if current.width + length(piece) > width && !current.is_blank() {
                lines.push(current.begin(indent));
            }
            if current.width + length(piece) <= width {
                current.push(piece);
                continue;
            }
            let mut buffer = [0; 4];
            for c in piece.chars() {
                if current.width + c.width().unwrap_or(0) > width && !current.is_blank() {
                    lines.push(current.begin(indent));
                }
                current.push(c.encode_utf8(&mut buffer));
            }
        }
    }
    lines.push(current.text);
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// A line in the making, with its width: where lines are long, measuring it for every word costs the square.
#[derive(Default)]
struct Filled {
    text: String,
    width: usize,
}

impl Filled {
    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        // Other characters can make one with those before them.
        let is_plain = piece.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        self.width = if is_plain { self.width + piece.len() } else { self.text.width() };
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Begins another line; gives this one.
    fn begin(&mut self, indent: &str) -> String {
        let text = std::mem::replace(&mut self.text, indent.to_owned());
        self.width = indent.width();
        text
    }
}

#[cfg(test)]
mod tests;
