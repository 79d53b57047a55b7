//! Writing files: the whole of one, or nothing.
//!
//! The text goes to a temporary file beside the one it is for, is synced, and takes its name. A full disk or a
//! stop leaves the file as it was.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::input::Root;

/// Writes a file. `before` is the text it was read with, for what is to be changed; a report replaces whatever is
/// there. Permissions are kept.
///
/// # Errors
/// If the file is a link or no regular file, a link in its name leads out of the repository, it was changed since
/// it was read, or it cannot be written.
pub(crate) fn write(path: &Path, before: Option<&str>, text: &str) -> Result<(), Failure> {
    replace(path, before, text)
        .map_err(|error| Failure::Message(format!("cannot write `{}`: {error}", path.display())))
}

fn replace(path: &Path, before: Option<&str>, text: &str) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::other("that is not a file name"))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Root::of_named(path)
        .admit(folder)
        .map_err(|_| io::Error::other("a link leads out of the repository"))?;
    let mode = target(path)?;
    if let Some(before) = before {
        unchanged(path, before)?;
    }
    let (temporary, mut file) = beside(folder, &name.to_string_lossy())?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| mode.map_or(Ok(()), |mode| file.set_permissions(mode)))
        .and_then(|()| file.sync_all())
        // As late as can be: whoever changed it meanwhile is not overwritten.
        .and_then(|()| before.map_or(Ok(()), |before| unchanged(path, before)))
        .and_then(|()| target(path).map(drop))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    } else if let Ok(folder) = File::open(folder) {
        // The name is as durable as the text, where the system can do that.
        let _ = folder.sync_all();
    }
    written
}

/// The permissions of the file that is there, if one is.
fn target(path: &Path) -> io::Result<Option<fs::Permissions>> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(found) if found.is_symlink() => {
            Err(io::Error::other("it is a link; name the file that it leads to"))
        }
        Ok(found) if !found.is_file() => Err(io::Error::other("it is not a regular file")),
        Ok(found) if found.permissions().readonly() => {
            Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"))
        }
        Ok(found) => Ok(Some(found.permissions())),
    }
}

fn unchanged(path: &Path, before: &str) -> io::Result<()> {
    // A file that was not there was read as an empty one.
    let now = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        now => now?,
    };
    if now == before.as_bytes() {
        Ok(())
    } else {
        Err(io::Error::other("it was changed since it was read; run again"))
    }
}

/// A new file that nobody else has.
fn beside(folder: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let mut last = io::Error::other("there is no free name for a temporary file");
    for number in 0..100 {
        let path = folder.join(format!(".{name}.{}-{number}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}
