//! The files under some folders.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::revision::git;
use crate::failure::Failure;

/// Every file that is named, and every one of the folders that `is_wanted`, in order and once. Out of folders come
/// those that git tracks, whatever `.gitignore` or `.ignore` names and however hidden they are: a line in such a
/// file cannot take a check away. Of the others what is ignored or hidden is left out.
///
/// # Errors
/// If a folder cannot be looked into.
pub(crate) fn files_under(
    paths: &[PathBuf],
    is_wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" || !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut inside: Vec<PathBuf> =
            tracked(path).into_iter().filter(|file| is_wanted(file)).collect();
        // A folder need not be a repository for its .gitignore to count.
        for entry in WalkBuilder::new(path).require_git(false).build() {
            let entry = entry.map_err(|error| {
                Failure::Message(format!("cannot look into `{}`: {error}", path.display()))
            })?;
            if entry.file_type().is_some_and(|kind| kind.is_file()) && is_wanted(entry.path()) {
                inside.push(entry.into_path());
            }
        }
        let without_dot =
            |path: PathBuf| path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path);
        let mut inside: Vec<PathBuf> = inside.into_iter().map(without_dot).collect();
        inside.sort();
        found.extend(inside);
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|path| seen.insert(path.clone()));
    Ok(found)
}

/// The files in a folder that git tracks and that are there, regular ones; none where there is no repository.
fn tracked(folder: &Path) -> Vec<PathBuf> {
    let listed = git().arg("-C").arg(folder).args(["ls-files", "-z", "--", "."]).output();
    let Ok(listed) = listed else { return Vec::new() };
    listed
        .stdout
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .filter_map(|name| Some(folder.join(OsStr::new(std::str::from_utf8(name).ok()?))))
        .filter(|file| file.symlink_metadata().is_ok_and(|metadata| metadata.is_file()))
        .collect()
}
