//! The file as it is written.

use std::ops::Range;
use std::path::{Path, PathBuf};

use iamsure_core::language::Source;
use iamsure_core::language::json::MAX_BYTES;
use toml_edit::{Document, Item, Table, Value};

use crate::input::{self, Root};
use crate::render::words;

/// What a file of a project holds.
#[derive(Debug)]
pub(super) struct ProjectFile {
    /// Where it is, as far as it is told.
    pub(super) path: PathBuf,
    source: Source,
    document: Document<String>,
}

/// An option, as it is written there.
#[derive(Debug)]
pub(super) struct Written<'f> {
    /// Its name, without the hyphens.
    pub(super) name: &'f str,
    /// The command that it is for; any that has it, if there is none.
    pub(super) command: Option<&'f str>,
    item: &'f Item,
    span: Range<usize>,
}

impl ProjectFile {
    /// Reads the file.
    ///
    /// # Errors
    /// Why it cannot be read, with its place.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let source = input::text_under(path, &Root::of_named(path), MAX_BYTES)?;
        let document = Document::parse(source.text().to_owned()).map_err(|error| {
            let place = place(&source, path, error.span().unwrap_or(0..0));
            format!("{place}: {}", words::on_one_line(error.message()))
        })?;
        Ok(Self { path: path.to_owned(), source, document })
    }

    /// The options, in the order of the file.
    pub(super) fn options(&self) -> Vec<Written<'_>> {
        let mut found = Vec::new();
        for (name, item) in self.document.as_table() {
            match item {
                _ if name == super::ACCEPT => {}
                Item::Table(of_command) => {
                    for (option, item) in of_command {
                        found.push(written(of_command, Some(name), option, item));
                    }
                }
                _ => found.push(written(self.document.as_table(), None, name, item)),
            }
        }
        found
    }

    /// What stands under a name.
    pub(super) fn item(&self, name: &str) -> Option<&Item> {
        self.document.get(name)
    }

    /// What is wrong with an option, with its place.
    pub(super) fn error(&self, written: &Written<'_>, what: &str) -> String {
        self.error_at(Some(written.span.clone()), what)
    }

    /// What is wrong, with its place.
    pub(super) fn error_at(&self, span: Option<Range<usize>>, what: &str) -> String {
        format!("{}: {what}", place(&self.source, &self.path, span.unwrap_or(0..0)))
    }
}

fn written<'f>(
    table: &'f Table,
    command: Option<&'f str>,
    name: &'f str,
    item: &'f Item,
) -> Written<'f> {
    let span = table.key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
    Written { name, command, item, span: span.unwrap_or(0..0) }
}

impl Written<'_> {
    /// The values: none for `false`, an empty one for `true`; `None` if it is nothing that an option takes.
    pub(super) fn values(&self) -> Option<Vec<String>> {
        let value = self.item.as_value()?;
        match value {
            Value::Boolean(flag) => Some(if *flag.value() { vec![String::new()] } else { vec![] }),
            Value::Array(values) => values.iter().map(text).collect(),
            value => Some(vec![text(value)?]),
        }
    }

    /// Whether it is `true` or `false`.
    pub(super) fn is_flag(&self) -> bool {
        self.item.is_bool()
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        _ => None,
    }
}

/// File, line and column.
fn place(source: &Source, path: &Path, span: Range<usize>) -> String {
    let place = source.place(span.start);
    format!("{}:{}:{}", words::on_one_line(&path.display().to_string()), place.line, place.column)
}
