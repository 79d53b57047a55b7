//! Findings that somebody looked at and accepted, with the reason.

use std::path::{Path, PathBuf};

use iamsure_core::language::pattern::{Case, Pattern};
use iamsure_core::language::{PolicyDocument, Severity};
use iamsure_review::finding::{Finding, FindingCode};
use toml_edit::{ArrayOfTables, Item, Table};

use super::file::ProjectFile;
use crate::input::without_detours;
use crate::render::words;

/// The findings that are accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acceptances {
    /// The folder that files are named from.
    folder: PathBuf,
    all: Vec<Acceptance>,
}

/// One entry: a code, in a file or several, at a statement or at any.
#[derive(Clone, Debug)]
struct Acceptance {
    code: FindingCode,
    file: Pattern,
    statement: Option<String>,
}

const FIELDS: [&str; 4] = ["code", "file", "statement", "reason"];

impl Acceptances {
    /// The entries of the file.
    ///
    /// # Errors
    /// What is wrong with one, with its place.
    pub(super) fn of(file: &ProjectFile) -> Result<Self, String> {
        let folder = whole(file.path.parent().unwrap_or_else(|| Path::new("")));
        let entries = match file.item(super::ACCEPT) {
            None => return Ok(Self::default()),
            Some(Item::ArrayOfTables(entries)) => entries,
            Some(item) => {
                let what =
                    "write accepted findings as `[[accept]]`, each with code, file and reason";
                return Err(file.error_at(item.span(), what));
            }
        };
        let all =
            entries.iter().map(|entry| one(file, entries, entry)).collect::<Result<_, _>>()?;
        Ok(Self { folder, all })
    }

    /// Whether a finding about a document is accepted. An error never is: AWS would refuse the policy.
    pub(crate) fn accepts(&self, finding: &Finding, document: &PolicyDocument) -> bool {
        if self.all.is_empty() || finding.severity == Severity::Error {
            return false;
        }
        let file = whole(Path::new(document.source.file()));
        let Ok(file) = file.strip_prefix(&self.folder) else { return false };
        let Some(file) = file.to_str() else { return false };
        let place = finding.span().start;
        let within = document
            .statements
            .iter()
            .find(|statement| (statement.span.start..=statement.span.end).contains(&place));
        let sid = within.and_then(|statement| statement.sid());
        self.all.iter().any(|accepted| {
            accepted.code == finding.code
                && accepted.file.matches(file)
                && accepted.statement.as_deref().is_none_or(|named| sid == Some(named))
        })
    }
}

/// The path from the root of the file system.
fn whole(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    without_detours(&std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()))
}

fn one(file: &ProjectFile, entries: &ArrayOfTables, entry: &Table) -> Result<Acceptance, String> {
    let span = || entry.span().or_else(|| entries.span());
    for (name, item) in entry {
        if !FIELDS.contains(&name) {
            let name = words::on_one_line(name);
            let what =
                format!("accepted findings have no field `{name}`; expected {}", FIELDS.join(", "));
            return Err(file.error_at(item.span(), &what));
        }
    }
    let text = |name: &str| -> Result<Option<&str>, String> {
        let Some(item) = entry.get(name) else { return Ok(None) };
        let found = item.as_str().filter(|text| !text.trim().is_empty());
        let what = format!("`{name}` must be a string");
        found.map(Some).ok_or_else(|| file.error_at(item.span(), &what))
    };
    let needed = |name: &str| {
        let what = format!("accepted findings need a `{name}`");
        text(name)?.ok_or_else(|| file.error_at(span(), &what))
    };
    needed("reason")?;
    let name = needed("code")?;
    let code = FindingCode::all().find(|code| code.name() == name).ok_or_else(|| {
        let meant = FindingCode::closest(name)
            .map(|code| format!("; did you mean `{}`?", code.name()))
            .unwrap_or_default();
        let name = words::on_one_line(name);
        let item = entry.get("code").and_then(Item::span);
        file.error_at(item, &format!("unknown code `{name}`{meant}"))
    })?;
    let pattern = Pattern::glob(needed("file")?, Case::Sensitive);
    Ok(Acceptance { code, file: pattern, statement: text("statement")?.map(str::to_owned) })
}
