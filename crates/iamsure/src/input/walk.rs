//! The files under some folders.

use std::ffi::OsStr;
use std::fs::FileType;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::{DirEntry, WalkBuilder};

use super::revision::git;
use crate::failure::Failure;
use crate::render::words;

/// The policies that paths of the command line name: the JSON files of folders and those that a pattern matches; the others
/// as they are.
///
/// # Errors
/// As [`files_under`]; if a folder holds none, or one that is no regular file: what it leads to may be elsewhere, and a
/// check must not pass without it.
pub(crate) fn policies_under(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let is_json =
        |file: &Path| file.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    for folder in paths.iter().filter(|path| path.is_dir()) {
        let inside = WalkBuilder::new(folder).require_git(false).build().filter_map(Result::ok);
        let found = inside.filter(is_other).map(DirEntry::into_path);
        // A line in `.ignore` cannot take a link away that git tracks.
        let others = found.chain(tracked(folder, |kind| !kind.is_file() && !kind.is_dir()));
        if let Some(other) = others.into_iter().find(|path| is_json(path)) {
            return Err(not_regular(&other));
        }
        if files_under(std::slice::from_ref(folder), is_json)?.is_empty() {
            return Err(Failure::Message(format!("`{}` contains no JSON file", named(folder))));
        }
    }
    files_under(paths, is_json)
}

fn named(path: &Path) -> String {
    words::on_one_line(&path.display().to_string())
}

/// Whether it is neither a file nor a folder, but a link or a pipe.
fn is_other(entry: &DirEntry) -> bool {
    !entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_dir())
}

fn not_regular(path: &Path) -> Failure {
    let name = named(path);
    Failure::Message(format!("`{name}` is not a regular file; to check it, name it itself"))
}

/// Every file that is named, and every one of the folders that `is_wanted`, in order and once. A path with wildcards that is
/// no file means those that it matches, as in a shell. Out of folders come
/// those that git tracks, whatever `.gitignore` or `.ignore` names and however hidden they are: a line in such a
/// file cannot take a check away. Of the others what is ignored or hidden is left out.
///
/// # Errors
/// If a folder cannot be looked into, or nothing matches a pattern.
pub(crate) fn files_under(
    paths: &[PathBuf],
    is_wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        if let Some(pattern) = pattern(path) {
            found.extend(matching(path, pattern)?);
            continue;
        }
        if path.as_os_str() == "-" || !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut inside: Vec<PathBuf> =
            tracked(path, |kind| kind.is_file()).filter(|file| is_wanted(file)).collect();
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

/// The text of a path that is a pattern. Names of AWS's policies and what is after `#` are no files.
fn pattern(path: &Path) -> Option<&str> {
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    let is_other = text.starts_with("aws:") || text.contains('#');
    (!is_other && path.symlink_metadata().is_err()).then_some(text)
}

/// The files that a pattern matches, in order: `*` and `?` stay within a folder, `**` is any number of folders, and none of them
/// is a hidden name.
///
/// # Errors
/// If it is no pattern, a folder cannot be looked into, nothing matches, or something that is no regular file does.
fn matching(path: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let name = || words::on_one_line(pattern);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Message(format!("cannot look for `{}`: {error}", name()))
    };
    let without_dot = pattern.strip_prefix("./").unwrap_or(pattern);
    let matcher = GlobBuilder::new(without_dot).literal_separator(true).build();
    let matcher = matcher.map_err(|error| failed(error.kind()))?.compile_matcher();
    let is_plain = |part: &std::path::Component<'_>| {
        part.as_os_str().to_str().is_some_and(|part| !part.contains(['*', '?', '[']))
    };
    let mut base: PathBuf = path.components().take_while(is_plain).collect();
    if base.as_os_str().is_empty() {
        base.push(".");
    }
    let mut found = Vec::new();
    for entry in WalkBuilder::new(&base).standard_filters(false).hidden(true).build() {
        let entry = entry.map_err(|error| failed(&error))?;
        let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
        if !matcher.is_match(path) || entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        if is_other(&entry) {
            return Err(not_regular(path));
        }
        found.push(path.to_path_buf());
    }
    if found.is_empty() {
        return Err(Failure::Message(format!("no file matches `{}`", name())));
    }
    found.sort();
    Ok(found)
}

/// What git tracks in a folder and is there, of this kind; nothing where there is no repository.
fn tracked(folder: &Path, is_wanted: fn(FileType) -> bool) -> impl Iterator<Item = PathBuf> {
    let listed = git().arg("-C").arg(folder).args(["ls-files", "-z", "--", "."]).output();
    let names = listed.map(|listed| listed.stdout).unwrap_or_default();
    let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let paths =
        names.filter_map(|name| Some(folder.join(OsStr::new(std::str::from_utf8(name).ok()?))));
    let is_there =
        |path: &PathBuf| path.symlink_metadata().is_ok_and(|found| is_wanted(found.file_type()));
    paths.filter(is_there).collect::<Vec<_>>().into_iter()
}
