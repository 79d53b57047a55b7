//! Reading the fields of one mapping: every unknown, missing or mistyped one is a finding.

use iamsure_core::language::{Source, Span, Spanned};

use super::finding::{Finding, FindingCode};
use iamsure_review::tree::{Entry, Node, Value, closest};

/// The findings of one file as they are made.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    pub(super) source: &'a Source,
    pub(super) found: Vec<Finding>,
}

impl Findings<'_> {
    pub(super) fn add(&mut self, code: FindingCode, span: Span, message: impl Into<String>) {
        self.found.push(Finding::new(code, self.source, span, message));
    }

    pub(super) fn advise(
        &mut self,
        code: FindingCode,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Finding::new(code, self.source, span, message).help(help));
    }
}

/// A name that a field had, or is often given.
pub(super) struct OldName {
    pub(super) name: &'static str,
    pub(super) code: FindingCode,
    /// What became of it.
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// The fields of one mapping.
pub(super) struct Fields<'a> {
    /// How messages call the mapping: `spec.awsSts`.
    path: String,
    /// Where it begins: its key, or its first character.
    span: Span,
    entries: &'a [Entry],
}

impl<'a> Fields<'a> {
    /// The fields of `node`, which messages call `path`; `None`, and a finding, if it is no mapping.
    pub(super) fn of(
        node: &'a Node,
        path: impl Into<String>,
        span: Span,
        findings: &mut Findings<'_>,
    ) -> Option<Self> {
        let path = path.into();
        if let Value::Mapping(entries) = &node.value {
            return Some(Self { path, span, entries });
        }
        let message = format!("`{path}` must be a mapping; found {}", node.value.kind());
        findings.add(FindingCode::WrongType, node.span, message);
        None
    }

    pub(super) const fn span(&self) -> Span {
        self.span
    }

    fn entry(&self, name: &str) -> Option<&'a Entry> {
        // A null is the same as nothing, as in Kubernetes.
        self.entries
            .iter()
            .find(|entry| entry.key.value == name && entry.value.value != Value::Null)
    }

    fn called(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Reports every field that is neither among `names` nor an old name.
    pub(super) fn only(&self, names: &[&str], old: &[OldName], findings: &mut Findings<'_>) {
        for Entry { key, .. } in self.entries {
            if names.contains(&key.value.as_str()) {
                continue;
            }
            if let Some(old) = old.iter().find(|old| old.name == key.value) {
                findings.advise(old.code, key.span, old.message, old.help);
                continue;
            }
            let owner = if self.path.is_empty() { "a resource" } else { self.path.as_str() };
            let message =
                format!("`{owner}` has no field `{}`: Kubernetes rejects or drops it", key.value);
            let help = match closest(&key.value, names.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("the fields are {}", names.join(", ")),
            };
            findings.advise(FindingCode::UnknownField, key.span, message, help);
        }
    }

    /// Whether the field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Whether the field is a list without items.
    pub(super) fn is_empty_list(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.value.value == Value::List(Vec::new()))
    }

    /// Where the name of the field stands.
    pub(super) fn key_span(&self, name: &str) -> Option<Span> {
        self.entry(name).map(|entry| entry.key.span)
    }

    /// A text; `None` if it is not there, or is empty.
    pub(super) fn text(&self, name: &str, findings: &mut Findings<'_>) -> Option<Spanned<String>> {
        let entry = self.entry(name)?;
        let Some(text) = entry.value.value.text() else {
            let message = format!(
                "`{}` must be a string; found {}",
                self.called(name),
                entry.value.value.kind()
            );
            let written = findings.source.slice(entry.value.span);
            let help = format!("put it in quotes: {name}: \"{}\"", written.trim());
            if matches!(entry.value.value, Value::List(_) | Value::Mapping(_)) {
                findings.add(FindingCode::WrongType, entry.value.span, message);
            } else {
                findings.advise(FindingCode::WrongType, entry.value.span, message, help);
            }
            return None;
        };
        (!text.is_empty()).then(|| Spanned::new(text.to_owned(), entry.value.span))
    }

    /// A text that must be there.
    pub(super) fn required_text(
        &self,
        name: &str,
        findings: &mut Findings<'_>,
    ) -> Option<Spanned<String>> {
        let before = findings.found.len();
        let text = self.text(name, findings);
        if text.is_none() && findings.found.len() == before {
            let span = self.entry(name).map_or(self.span, |entry| entry.key.span);
            let what = if self.has(name) { "is empty" } else { "is missing" };
            let message = format!("`{}` {what}: ToolHive requires it", self.called(name));
            findings.add(FindingCode::MissingField, span, message);
        }
        text
    }

    /// A whole number.
    pub(super) fn integer(&self, name: &str, findings: &mut Findings<'_>) -> Option<Spanned<i64>> {
        let entry = self.entry(name)?;
        if let Value::Integer(number) = entry.value.value {
            return Some(Spanned::new(number, entry.value.span));
        }
        let message = format!(
            "`{}` must be a whole number; found {}",
            self.called(name),
            entry.value.value.kind()
        );
        findings.add(FindingCode::WrongType, entry.value.span, message);
        None
    }

    /// A mapping, with its fields.
    pub(super) fn mapping(&self, name: &str, findings: &mut Findings<'_>) -> Option<Self> {
        let entry = self.entry(name)?;
        Self::of(&entry.value, self.called(name), entry.key.span, findings)
    }

    /// A mapping that must be there.
    pub(super) fn required_mapping(&self, name: &str, findings: &mut Findings<'_>) -> Option<Self> {
        if !self.has(name) {
            let message = format!("`{}` is missing: ToolHive requires it", self.called(name));
            findings.add(FindingCode::MissingField, self.span, message);
        }
        self.mapping(name, findings)
    }

    /// A list of mappings, each with its fields.
    pub(super) fn mappings(&self, name: &str, findings: &mut Findings<'_>) -> Vec<Self> {
        let Some(entry) = self.entry(name) else { return Vec::new() };
        let Value::List(items) = &entry.value.value else {
            let message = format!(
                "`{}` must be a list; found {}",
                self.called(name),
                entry.value.value.kind()
            );
            findings.add(FindingCode::WrongType, entry.value.span, message);
            return Vec::new();
        };
        items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| {
                let path = format!("{}[{index}]", self.called(name));
                Self::of(item, path, item.span, findings)
            })
            .collect()
    }
}
