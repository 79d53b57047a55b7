//! The documents that are meant, and the files beside them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use iamsure_account::{MAX_CONTAINER, managed_name};
use iamsure_core::language::Source;
use iamsure_core::language::json::MAX_BYTES;
use iamsure_review::documentation::Syntax;
use iamsure_review::documentation::binding::Surroundings;
use iamsure_review::documentation::finding::{Code, Finding};
use iamsure_review::documentation::reference::{Held, Shelved};
use iamsure_review::suite::SUFFIX;

use crate::failure::Failure;
use crate::input::{self, Opened, Root};
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

/// Where a document finds the files that it names: beside itself, in its repository, with what containers hold; and
/// policies of AWS.
pub(super) fn shelf(
    document: &Path,
    streams: &Streams,
) -> impl Fn(&str, Option<&str>) -> Result<Shelved, String> + use<> {
    let folder = match document.parent() {
        Some(parent) if document.as_os_str() != "-" => parent.to_path_buf(),
        _ => PathBuf::new(),
    };
    let root =
        if streams.allows_outside() { Root::Anywhere } else { Root::of_references(document) };
    let managed = Arc::clone(streams.managed());
    move |name: &str, fragment: Option<&str>| {
        if let Some(name) = managed_name(name) {
            let source = managed.find(name).and_then(|policy| policy.source());
            return source.map(Shelved::Text).map_err(|error| error.to_string());
        }
        let path = folder.join(name);
        let is_page = name.ends_with(SUFFIX) || Syntax::of(name).is_some();
        let limit = if fragment.is_some() && !is_page { MAX_CONTAINER } else { MAX_BYTES };
        let source = input::text_under(&path, &root, limit)?;
        if is_page {
            return Ok(Shelved::Text(source));
        }
        let opened = input::held_in(&source, fragment, &managed).map_err(Failure::on_one_line)?;
        opened.map_or(Ok(Shelved::Text(source)), |opened| held(name, opened).map(Shelved::Held))
    }
}

/// What a page shows of a container. What its policies decide with values that are not known yet is no fact.
fn held(name: &str, opened: Opened) -> Result<Held, String> {
    let Opened { container, holder, found } = opened;
    let symbols = input::symbols(&found);
    if container.has_symbols && !symbols.is_empty() {
        let choose = if container.takes_choices {
            format!("; set them: `{name}#NAME?PARAMETER=VALUE`")
        } else {
            String::new()
        };
        return Err(format!(
            "the decisions depend on values that are known only when `{name}` is deployed: {}{choose}",
            symbols.join(", ")
        ));
    }
    Ok(Held {
        policies: found.into_iter().map(|found| (found.kind, found.source)).collect(),
        is_of_principal: holder.is_principal,
        principal: holder.arn.filter(|_| holder.calls),
    })
}

/// What a marker may refer to.
pub(super) fn around<'a>(
    shelf: &'a (impl Fn(&str, Option<&str>) -> Result<Shelved, String> + 'a),
) -> Surroundings<'a> {
    Surroundings { shelf, requesters: &requester }
}

fn requester(text: &str) -> Result<iamsure_core::world::Requester, String> {
    input::requester(text).map_err(Failure::on_one_line)
}
