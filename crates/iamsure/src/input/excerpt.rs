//! Policies out of documents: `page.mdx#role.json`, by the title of a code fence, a Sid, or a line.

use std::path::{Path, PathBuf};

use iamsure_core::language::document::Inspection;
use iamsure_core::language::{Code, Diagnostic, PolicyDocument, PolicyType, Profile, Source};
use iamsure_review::documentation::Document;

use super::{Failure, Root};
use crate::streams::Streams;

/// The file and the fragment of a path that names a part of a document; `None` if it names a file.
pub(super) fn parts(path: &Path) -> Option<(PathBuf, &str)> {
    let text = path.to_str()?;
    let (file, fragment) = text.split_once('#')?;
    // A file may be called so.
    (!file.is_empty() && !fragment.is_empty() && !path.exists())
        .then(|| (PathBuf::from(file), fragment))
}

/// The document with everything blank but the fence that is named, so that places are the document's.
///
/// # Errors
/// If the document cannot be read, or has no such fence.
pub(super) fn source(
    file: &Path,
    fragment: &str,
    root: &Root,
    streams: &mut Streams,
) -> Result<Result<Source, (Source, Diagnostic)>, Failure> {
    let text = match super::source_under(file, root, streams)? {
        Ok(text) => text,
        Err(finding) => return Ok(Err(finding)),
    };
    let name = file.display();
    let document = Document::read(&text)
        .map_err(|error| Failure::Message(format!("cannot read `{name}`: {error}")))?;
    let fence =
        document.select(fragment).map_err(|error| Failure::Message(format!("{name}: {error}")))?;
    document
        .fence_alone(fence, format!("{name}#{fragment}"))
        .map(Ok)
        .ok_or_else(|| Failure::Message(format!("{name}: no such code fence")))
}

/// A page may show a statement without the document around it; the rest is held to what AWS saves.
pub(super) fn accept_fragment(inspection: &mut Inspection, source: &Source, kind: PolicyType) {
    let before = inspection.findings.len();
    inspection.findings.retain(|finding| finding.code != Code::BareStatements);
    let was_bare = inspection.findings.len() < before;
    if was_bare && !inspection.findings.iter().any(Diagnostic::is_error) {
        inspection.document =
            PolicyDocument::inspect_attached(source, kind, Profile::Lenient).document;
    }
}
