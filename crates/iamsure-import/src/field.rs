//! Fields of JSON records, with places for what is wrong with them.

use iamsure_core::language::json::{Json, Member};
use iamsure_core::language::{Source, Span, Spanned};

/// Why a file cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ImportError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

impl ImportError {
    pub(super) fn at(source: &Source, span: Span, message: impl Into<String>) -> Self {
        let place = source.place(span.start);
        Self {
            file: source.name().to_owned(),
            line: place.line,
            column: place.column,
            message: message.into(),
        }
    }

    /// The same, of a text that stands so many lines further down in its file.
    pub(super) const fn below(mut self, lines: usize) -> Self {
        self.line += lines;
        self
    }
}

/// A value of a record, with the text it stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub(super) source: &'a Source,
    pub(super) value: &'a Spanned<Json>,
}

impl<'a> Field<'a> {
    pub(super) const fn new(source: &'a Source, value: &'a Spanned<Json>) -> Self {
        Self { source, value }
    }

    pub(super) fn error(self, message: impl Into<String>) -> ImportError {
        ImportError::at(self.source, self.value.span, message)
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(self) -> &'a [Member] {
        if let Json::Map(members) = &self.value.value { members } else { &[] }
    }

    /// A member of an object that is not null.
    pub(super) fn get(self, name: &str) -> Option<Self> {
        let member = self.members().iter().find(|member| member.key.value == name)?;
        let field = Self { source: self.source, value: &member.value };
        (!matches!(field.value.value, Json::Null)).then_some(field)
    }

    /// A member of a member of … an object.
    pub(super) fn find(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |field, name| field.get(name))
    }

    /// The text of a member, if it is one and not empty.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_text().filter(|text| !text.is_empty())
    }

    /// The text of a member that must be there.
    ///
    /// # Errors
    /// If it is not there, or is no text.
    pub(super) fn required(self, name: &str) -> Result<&'a str, ImportError> {
        match self.get(name) {
            None => Err(self.error(format!("`{name}` is missing"))),
            Some(field) => field.as_text().ok_or_else(|| {
                field.error(format!("`{name}` must be a string; found {}", field.value.kind()))
            }),
        }
    }

    /// The elements of a list that must be one, if it is there.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn list(self, name: &str) -> Result<Vec<Self>, ImportError> {
        let Some(field) = self.get(name) else { return Ok(Vec::new()) };
        field.elements().ok_or_else(|| {
            field.error(format!("`{name}` must be a list; found {}", field.value.kind()))
        })
    }

    /// The texts of a list.
    ///
    /// # Errors
    /// If it is no list, or holds something else.
    pub(super) fn texts(self, name: &str) -> Result<Vec<&'a str>, ImportError> {
        let text = |field: Self| {
            field.as_text().ok_or_else(|| {
                field.error(format!("`{name}` must hold strings; found {}", field.value.kind()))
            })
        };
        self.list(name)?.into_iter().map(text).collect()
    }

    pub(super) fn elements(self) -> Option<Vec<Self>> {
        let Json::List(items) = &self.value.value else { return None };
        Some(items.iter().map(|value| Self { source: self.source, value }).collect())
    }

    pub(super) fn as_text(self) -> Option<&'a str> {
        if let Json::Text(text) = &self.value.value { Some(text) } else { None }
    }

    pub(super) fn as_bool(self) -> Option<bool> {
        match &self.value.value {
            Json::Bool(value) => Some(*value),
            // Some services write it as text.
            Json::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The JSON as it is written.
    pub(super) fn written(self) -> &'a str {
        self.source.slice(self.value.span)
    }
}
