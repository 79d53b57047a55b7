//! Where the files may be that are read.
//!
//! A file of a pull request names other files, and may be a link itself. What it names is read if it is in the
//! repository of the file that names it, after every link was followed.

use std::path::{Component, Path, PathBuf};

/// The folder that a file must be in to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    /// Anywhere: a person named the file, and it is in no repository.
    Anywhere,
    /// In a repository.
    Repository(PathBuf),
    /// Beside the file that names it, or below: that is in no repository.
    Folder(PathBuf),
}

impl Root {
    /// For a file that was named on the command line: its repository, so that a link in it cannot lead out.
    pub(crate) fn of_named(path: &Path) -> Self {
        repository(path).map_or(Self::Anywhere, Self::Repository)
    }

    /// For what `file` names: the repository, or the folder of the file where there is none.
    pub(crate) fn of_references(file: &Path) -> Self {
        let whole = absolute(file);
        let folder = || whole.parent().map_or_else(|| whole.clone(), Path::to_path_buf);
        repository(file).map_or_else(|| Self::Folder(folder()), Self::Repository)
    }

    /// Whether a file may be read, as far as its name and its links tell. One that is missing may.
    ///
    /// # Errors
    /// Why not, in one line, with nothing of its content.
    pub(crate) fn admit(&self, path: &Path) -> Result<(), String> {
        let (root, what) = match self {
            Self::Anywhere => return Ok(()),
            Self::Repository(root) => (root, "the repository"),
            Self::Folder(root) => (root, "the folder of the file that names it"),
        };
        // By name first: whether a file outside exists is not told either.
        let is_inside = absolute(path).starts_with(root)
            && match (path.canonicalize(), root.canonicalize()) {
                (Ok(file), Ok(root)) => file.starts_with(root),
                _ => true,
            };
        if is_inside {
            return Ok(());
        }
        Err(format!(
            "`{}` is outside {what}, so it is not read; --allow-outside reads it",
            path.display()
        ))
    }
}

/// The path from the root of the file system, without `FOLDER/..`.
fn absolute(path: &Path) -> PathBuf {
    without_detours(&std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()))
}

/// The nearest folder above a path that holds a repository, as the path is written.
fn repository(path: &Path) -> Option<PathBuf> {
    let whole = absolute(path);
    whole.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}

/// The path without `FOLDER/..`.
pub(crate) fn without_detours(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for part in path.components() {
        match (part, short.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => {
                short.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            _ => short.push(part),
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detours_are_left_out_and_ways_up_are_kept() {
        for (path, short) in [
            ("a/../b", "b"),
            ("../a/./b", "../a/b"),
            ("a/b/../../..", ".."),
            ("/../../etc", "/etc"),
        ] {
            assert_eq!(without_detours(Path::new(path)), Path::new(short), "{path}");
        }
    }

    #[test]
    fn only_what_is_in_the_repository_is_admitted() {
        // This crate is in one.
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = Root::of_references(&here.join("suite.iamsure.yaml"));
        assert!(matches!(root, Root::Repository(_)), "{root:?}");
        assert_eq!(root.admit(&here.join("../iamsure-core/Cargo.toml")), Ok(()));
        for outside in ["/etc/passwd", "../../../../etc/passwd", "/no/such/file"] {
            assert!(root.admit(&here.join(outside)).is_err(), "{outside}");
        }
    }
}
