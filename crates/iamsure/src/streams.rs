//! Standard input, output and error, how wide and colourful they are, and what files may name beside files.

mod link;
mod progress;

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};
use iamsure_account::{ManagedPolicies, Progress};
use iamsure_core::language::PolicyDocument;
use iamsure_review::finding::Finding;
use iamsure_review::foreign::{Sink, is_plain};
use ring::digest::{SHA256, digest};
use supports_hyperlinks::Stream;

use crate::args::{Color, Verbosity};
use crate::project::Acceptances;
use link::Links;
use progress::Watched;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputFile {
    /// Its name, as it was given.
    pub(crate) name: String,
    /// Its bytes by SHA-256, in hexadecimal digits.
    pub(crate) sha256: String,
    /// How many they are.
    pub(crate) length: usize,
}

/// The streams of one run. Output is written at the end of a command, once nothing can fail but writing itself;
/// answers to lines as the lines come.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Streams {
    input: Box<dyn Read>,
    output: Box<dyn Write>,
    /// The same without what takes styles away, if there is such: for a text without any.
    plain_output: Option<Box<dyn Write>>,
    errors: Box<dyn Write>,
    /// Columns of the terminal that output goes to; `None` if it is no terminal.
    width: Option<usize>,
    /// Whether what goes to standard output is coloured.
    output_styled: bool,
    /// Whether what goes to standard error is coloured.
    errors_styled: bool,
    /// Whether a person watches standard error.
    is_watched: bool,
    /// What makes places on standard output links, if its terminal opens them.
    output_links: Option<Links>,
    /// What makes places on standard error links, if its terminal opens them.
    errors_links: Option<Links>,
    /// What was printed, if it is kept for a file.
    kept: Option<String>,
    /// How much is said beside the answer.
    verbosity: Verbosity,
    /// What is said after the answer.
    remarks: Finished,
    /// Whether the reader of standard output went away.
    closed: bool,
    /// Whether files may name files outside the repository.
    allow_outside: bool,
    /// What was read, if that is recorded.
    record: Option<Vec<InputFile>>,
    /// The policies of AWS that may be named.
    managed: Arc<ManagedPolicies>,
    /// The files and folders that they come from.
    managed_paths: Vec<PathBuf>,
    /// The findings that the file of the project accepts.
    acceptances: Acceptances,
    /// How many were left out for that.
    accepted: usize,
}

impl Streams {
    /// The streams of the process. Each is coloured, or not, on its own.
    pub fn of_process(color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let output = AutoStream::new(io::stdout(), choice);
        let errors = AutoStream::new(io::stderr(), choice);
        let is_terminal = io::stdout().is_terminal();
        let width = terminal_size::terminal_size()
            .filter(|_| is_terminal)
            .map(|(width, _)| usize::from(width.0));
        Self {
            output_styled: output.current_choice() != ColorChoice::Never,
            errors_styled: errors.current_choice() != ColorChoice::Never,
            is_watched: io::stderr().is_terminal(),
            output_links: links(Stream::Stdout, output.current_choice()),
            errors_links: links(Stream::Stderr, errors.current_choice()),
            input: Box::new(io::stdin()),
            output: Box::new(output),
            plain_output: Some(Box::new(io::stdout())),
            errors: Box::new(errors),
            width,
            kept: None,
            verbosity: Verbosity::default(),
            remarks: Finished::default(),
            closed: false,
            allow_outside: false,
            record: None,
            managed: Arc::default(),
            managed_paths: Vec::new(),
            acceptances: Acceptances::default(),
            accepted: 0,
        }
    }

    /// Streams in memory or elsewhere, without colour; `width` as of a terminal.
    pub fn new(
        input: Box<dyn Read>,
        output: Box<dyn Write>,
        errors: Box<dyn Write>,
        width: Option<usize>,
    ) -> Self {
        Self {
            input,
            output,
            plain_output: None,
            errors,
            width,
            output_styled: false,
            errors_styled: false,
            is_watched: false,
            output_links: None,
            errors_links: None,
            kept: None,
            verbosity: Verbosity::default(),
            remarks: Finished::default(),
            closed: false,
            allow_outside: false,
            record: None,
            managed: Arc::default(),
            managed_paths: Vec::new(),
            acceptances: Acceptances::default(),
            accepted: 0,
        }
    }

    /// Columns of the terminal; `None` if output goes elsewhere.
    pub const fn width(&self) -> Option<usize> {
        self.width
    }

    /// Whether what is printed on standard output is coloured.
    pub const fn output_styled(&self) -> bool {
        self.output_styled
    }

    /// Whether what is noted on standard error is coloured.
    pub const fn errors_styled(&self) -> bool {
        self.errors_styled
    }

    /// Whether the reader of standard output went away: nothing that is printed arrives any more.
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// For a run that says as much beside its answer.
    pub(crate) const fn speak(&mut self, verbosity: Verbosity) {
        self.verbosity = verbosity;
    }

    /// How much is said beside the answer.
    pub(crate) const fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// For a run in which files may name files outside the repository, or may not.
    pub(crate) const fn allow_outside(&mut self, allow_outside: bool) {
        self.allow_outside = allow_outside;
    }

    /// Whether files may name files outside the repository.
    pub(crate) const fn allows_outside(&self) -> bool {
        self.allow_outside
    }

    /// For a run in which these findings are accepted.
    pub(crate) fn accept(&mut self, acceptances: Acceptances) {
        self.acceptances = acceptances;
    }

    /// Whether a finding about a document is accepted; it is counted then.
    pub(crate) fn accepts(&mut self, finding: &Finding, document: &PolicyDocument) -> bool {
        let accepts = self.acceptances.accepts(finding, document);
        self.accepted += usize::from(accepts);
        accepts
    }

    /// How many findings were accepted.
    pub(crate) const fn accepted(&self) -> usize {
        self.accepted
    }

    /// For a run that says what it read.
    pub(crate) fn keep_record(&mut self) {
        self.record = Some(Vec::new());
    }

    /// Records that a file was read.
    pub(crate) fn was_read(&mut self, name: &str, bytes: &[u8]) {
        for links in [&mut self.output_links, &mut self.errors_links].into_iter().flatten() {
            links.add(name);
        }
        let Some(record) = &mut self.record else { return };
        if record.iter().any(|known| known.name == name) {
            return;
        }
        let sha256 = digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        });
        record.push(InputFile { name: name.to_owned(), sha256, length: bytes.len() });
    }

    /// What was read, if that is recorded.
    pub(crate) fn read_so_far(&self) -> &[InputFile] {
        self.record.as_deref().unwrap_or_default()
    }

    /// For a run in which these policies of AWS may be named, which were read from `paths`.
    pub(crate) fn know_managed(&mut self, managed: Arc<ManagedPolicies>, paths: &[PathBuf]) {
        self.managed = managed;
        self.managed_paths = paths.to_vec();
    }

    /// The options that give them, as words of a command line.
    pub(crate) fn managed_options(&self) -> Vec<String> {
        let option = |path: &PathBuf| ["--managed".to_owned(), path.display().to_string()];
        self.managed_paths.iter().flat_map(option).collect()
    }

    /// The policies of AWS that may be named: those that are built in, and those of files.
    pub(crate) const fn managed(&self) -> &Arc<ManagedPolicies> {
        &self.managed
    }

    /// From now on keeps what is printed, as it is for a file: without colour, as wide as it needs.
    pub(crate) fn keep(&mut self) {
        self.kept = Some(String::new());
        self.width = None;
        self.output_styled = false;
        self.output_links = None;
    }

    /// What was kept.
    pub(crate) fn kept(&mut self) -> String {
        self.kept.take().unwrap_or_default()
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

    /// Writes to standard output. If its reader went away that is no error: the exit code is still that of the
    /// answer.
    pub(crate) fn print<T: Printed + ?Sized>(&mut self, text: &T) -> io::Result<()> {
        if let Some(kept) = &mut self.kept {
            kept.push_str(&text.shown());
            return Ok(());
        }
        if self.closed {
            return Ok(());
        }
        let shown = text.shown();
        let shown = linked(self.output_links.as_ref(), &shown);
        let output = match &mut self.plain_output {
            Some(plain) if is_plain(&shown) => plain,
            _ => &mut self.output,
        };
        let written = output.write_all(shown.as_bytes()).and_then(|()| output.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            written => written,
        }
    }

    /// Writes to standard error, as well as it goes.
    pub(crate) fn note<T: Printed + ?Sized>(&mut self, text: &T) {
        let shown = text.shown();
        let _ = self.errors.write_all(linked(self.errors_links.as_ref(), &shown).as_bytes());
        let _ = self.errors.flush();
    }

    /// Says something about the answer or its files on standard error, after the answer; nothing with `--quiet`.
    pub(crate) fn remark<T: Printed + ?Sized>(&mut self, text: &T) {
        if self.verbosity != Verbosity::Quiet {
            self.remarks.push(&Finished(text.shown().into_owned()));
        }
    }

    /// Writes the remarks that wait for the answer.
    pub(crate) fn write_remarks(&mut self) {
        let remarks = std::mem::take(&mut self.remarks);
        self.note(&remarks);
    }

    /// A bar for work that takes long, where a person watches.
    pub(crate) fn progress(&self) -> Progress {
        if self.verbosity == Verbosity::Quiet || !self.is_watched {
            return Progress::default();
        }
        let watched = Watched::new();
        Progress::new(move |done, of| watched.at(done, of))
    }

    /// Writes an error message. Its further lines are indented: no text in it begins a line.
    pub(crate) fn complain(&mut self, message: &str) {
        let indented = |(number, line): (usize, &str)| match number {
            0 => line.to_owned(),
            _ => format!("\n  {}", line.trim_start()),
        };
        let message: String = message.split('\n').enumerate().map(indented).collect();
        self.note(&format!("error: {message}\n"));
    }
}

/// Links for a stream that is coloured, if its terminal opens them.
fn links(stream: Stream, choice: ColorChoice) -> Option<Links> {
    (choice != ColorChoice::Never && supports_hyperlinks::on(stream)).then(Links::new)
}

fn linked<'a>(links: Option<&Links>, text: &'a str) -> Cow<'a, str> {
    links.map_or(Cow::Borrowed(text), |links| links.add_to(text))
}

/// What can be written to a stream.
pub(crate) trait Printed {
    /// The bytes that arrive there.
    fn shown(&self) -> Cow<'_, str>;
}

/// Whatever text is: nothing that was read can move the cursor, change what is on the screen, or give a command
/// to the runner that reads it.
impl Printed for str {
    fn shown(&self) -> Cow<'_, str> {
        Sink::Lines.text(self)
    }
}

impl Printed for String {
    fn shown(&self) -> Cow<'_, str> {
        self.as_str().shown()
    }
}

/// A text of ours in which all that is of others was written by a [`Sink`]: its styles and its workflow commands
/// are ours, and are written as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Finished(String);

impl Finished {
    /// Nothing in the text is of others, or a sink wrote it.
    pub(crate) const fn ours(text: String) -> Self {
        Self(text)
    }

    /// Adds any text, which begins a line.
    pub(crate) fn push_str(&mut self, text: &str) {
        self.0.push_str(&text.shown());
    }

    /// Adds a finished text.
    pub(crate) fn push(&mut self, text: &Self) {
        self.0.push_str(&text.0);
    }
}

impl Printed for Finished {
    fn shown(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

impl From<String> for Finished {
    fn from(text: String) -> Self {
        Self(text.shown().into_owned())
    }
}

impl FromIterator<Self> for Finished {
    fn from_iter<I: IntoIterator<Item = Self>>(texts: I) -> Self {
        Self(texts.into_iter().map(|Self(text)| text).collect())
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams")
            .field("width", &self.width)
            .field("output_styled", &self.output_styled)
            .field("errors_styled", &self.errors_styled)
            .finish_non_exhaustive()
    }
}
