//! Standard input, output and error, and how wide and colourful they are.

use std::fmt;
use std::io::{self, IsTerminal, Read, Write};

use anstream::{AutoStream, ColorChoice};

use crate::args::Color;

/// The streams of one run. Output is written whole, at the end of a command, never half.
pub struct Streams {
    input: Box<dyn Read>,
    output: Box<dyn Write>,
    errors: Box<dyn Write>,
    /// Columns of the terminal that output goes to; `None` if it is no terminal.
    width: Option<usize>,
    /// Whether diagnostics are coloured.
    styled: bool,
}

impl Streams {
    /// The streams of the process.
    pub fn of_process(color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let errors = AutoStream::new(io::stderr(), choice);
        let styled = errors.current_choice() != ColorChoice::Never;
        let is_terminal = io::stdout().is_terminal();
        let width = terminal_size::terminal_size()
            .filter(|_| is_terminal)
            .map(|(width, _)| usize::from(width.0));
        Self {
            input: Box::new(io::stdin()),
            output: Box::new(AutoStream::new(io::stdout(), choice)),
            errors: Box::new(errors),
            width,
            styled,
        }
    }

    /// Streams in memory or elsewhere, without colour; `width` as of a terminal.
    pub fn new(
        input: Box<dyn Read>,
        output: Box<dyn Write>,
        errors: Box<dyn Write>,
        width: Option<usize>,
    ) -> Self {
        Self { input, output, errors, width, styled: false }
    }

    /// Columns of the terminal; `None` if output goes elsewhere.
    pub const fn width(&self) -> Option<usize> {
        self.width
    }

    /// Whether diagnostics are coloured.
    pub const fn styled(&self) -> bool {
        self.styled
    }

    /// At most `limit` bytes of standard input.
    pub(crate) fn read_input(&mut self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.input.by_ref().take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Standard input itself, for a command that writes while it reads; none is left behind.
    pub(crate) fn take_input(&mut self) -> Box<dyn Read> {
        std::mem::replace(&mut self.input, Box::new(io::empty()))
    }

    /// Writes to standard output. Control characters that a document may hold are shown, not sent:
    /// nothing that was read can move the cursor or change what is on the screen.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        self.output.write_all(visible(text).as_bytes())?;
        self.output.flush()
    }

    /// Writes to standard error, as well as it goes.
    pub(crate) fn note(&mut self, text: &str) {
        let _ = self.errors.write_all(text.as_bytes());
        let _ = self.errors.flush();
    }

    /// Writes an error message of one line.
    pub(crate) fn complain(&mut self, message: &str) {
        self.note(&format!("error: {message}\n"));
    }
}

/// The text with control characters other than line feeds written as `\\u{1b}`, and texts that would
/// reverse the direction of writing too.
pub(crate) fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams")
            .field("width", &self.width)
            .field("styled", &self.styled)
            .finish_non_exhaustive()
    }
}
