//! The documents that are meant, and the files beside them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use iamsure_account::managed_name;
use iamsure_core::language::Source;
use iamsure_review::documentation::Syntax;
use iamsure_review::documentation::binding::Surroundings;
use iamsure_review::documentation::finding::{Code, Finding};

use crate::failure::Failure;
use crate::input::{self, Root};
use crate::streams::Streams;

/// Every document that is named, and every one in the folders that are, in order.
///
/// # Errors
/// If a folder cannot be looked into.
pub(super) fn under(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    input::files_under(paths, |file| file.to_str().and_then(Syntax::of).is_some())
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

/// Where a document finds the files that it names: beside itself, in its repository; and policies of AWS.
pub(super) fn shelf(
    document: &Path,
    streams: &Streams,
) -> impl Fn(&str) -> Result<Source, String> + use<> {
    let folder = match document.parent() {
        Some(parent) if document.as_os_str() != "-" => parent.to_path_buf(),
        _ => PathBuf::new(),
    };
    let root =
        if streams.allows_outside() { Root::Anywhere } else { Root::of_references(document) };
    let managed = Arc::clone(streams.managed());
    move |name: &str| match managed_name(name) {
        Some(name) => {
            managed.find(name).and_then(|policy| policy.source()).map_err(|error| error.to_string())
        }
        None => input::text_under(&folder.join(name), &root),
    }
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
        _ => format!("`{text}` is not a valid principal"),
    })
}
