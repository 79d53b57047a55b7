//! The documents that are meant, and the files beside them.

use std::path::{Component, Path, PathBuf};

use iamsure_core::language::{Source, json::MAX_BYTES};
use iamsure_review::documentation::Syntax;
use iamsure_review::documentation::binding::Surroundings;
use iamsure_review::documentation::finding::{Code, Finding};
use ignore::WalkBuilder;

use super::Failure;
use crate::input;
use crate::streams::Streams;

/// The documents under some paths, in order.
pub(super) struct Files;

impl Files {
    /// Every document that is named, and every one in the folders that are. What .gitignore names is left
    /// out of folders, and so is what is hidden.
    ///
    /// # Errors
    /// If a path cannot be opened.
    pub(super) fn under(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        let mut found = Vec::new();
        for path in paths {
            if path.as_os_str() == "-" || !path.is_dir() {
                found.push(path.clone());
                continue;
            }
            let mut walk = WalkBuilder::new(path);
            // A folder need not be a repository for its .gitignore to count.
            walk.require_git(false).sort_by_file_path(Path::cmp);
            for entry in walk.build() {
                let entry = entry.map_err(|error| {
                    Failure::Message(format!("cannot look into `{}`: {error}", path.display()))
                })?;
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                let is_document = entry.path().to_str().and_then(Syntax::of).is_some();
                if is_file && is_document {
                    found.push(entry.into_path());
                }
            }
        }
        found.dedup();
        Ok(found)
    }
}

/// The text of a document, or the finding that keeps it from being text.
///
/// # Errors
/// If it cannot be opened or read.
pub(super) fn text_of(
    path: &Path,
    streams: &mut Streams,
) -> Result<Result<Source, (Source, Finding)>, Failure> {
    Ok(input::source(path, streams)?.map_err(|(source, finding)| {
        let found = Finding::new(Code::Unreadable, finding.span(), finding.message);
        (source, found)
    }))
}

/// Where a document finds the files that it names: beside itself.
pub(super) fn shelf(document: &Path) -> impl Fn(&str) -> Result<Source, String> {
    let folder = match document.parent() {
        Some(parent) if document.as_os_str() != "-" => parent.to_path_buf(),
        _ => PathBuf::new(),
    };
    move |name: &str| {
        let path = folder.join(name);
        let cannot = |error: std::io::Error| format!("cannot read `{}`: {error}", path.display());
        let size = std::fs::metadata(&path).map_err(cannot)?.len();
        if usize::try_from(size).is_ok_and(|size| size > MAX_BYTES) {
            return Err(format!(
                "`{}` is longer than {MAX_BYTES} bytes, the most that iamsure reads",
                path.display()
            ));
        }
        let text = std::fs::read_to_string(&path).map_err(cannot)?;
        Ok(Source::new(plain(&path).display().to_string(), text))
    }
}

/// A path without `..` after the name of a folder, as people would write it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let in_folder = matches!(plain.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if in_folder => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// What a marker may refer to.
pub(super) fn around<'a>(
    shelf: &'a (impl Fn(&str) -> Result<Source, String> + 'a),
) -> Surroundings<'a> {
    Surroundings { shelf, requesters: &requester }
}

fn requester(text: &str) -> Result<iamsure_core::world::Requester, String> {
    input::requester(text).map_err(|failure| match failure {
        Failure::Message(message) => message,
        _ => format!("`{text}` is no principal"),
    })
}
