//! The suites that are meant.

use std::path::{Path, PathBuf};

use iamsure_review::suite::SUFFIX;
use ignore::WalkBuilder;

use crate::command::Failure;

/// Every suite that is named, and every one in the folders that are, in order. What .gitignore names is left out
/// of folders, and so is what is hidden.
///
/// # Errors
/// If a folder cannot be looked into.
pub(super) fn under(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = Vec::new();
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
            let is_suite = entry.file_name().to_str().is_some_and(|name| name.ends_with(SUFFIX));
            if is_file && is_suite {
                let path = entry.into_path();
                found.push(path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path));
            }
        }
    }
    let mut once: Vec<PathBuf> = Vec::new();
    for path in found {
        if !once.contains(&path) {
            once.push(path);
        }
    }
    Ok(once)
}
