//! Opening files: regular ones, and no more of them than is ever read.

use crate::render::words;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use super::root::Root;

/// At most `limit` bytes of a file under `root`.
///
/// # Errors
/// Why it cannot be read, in a clause.
pub(crate) fn bytes(path: &Path, root: &Root, limit: u64) -> Result<Vec<u8>, String> {
    let cannot = |why: &dyn std::fmt::Display| {
        let name = words::on_one_line(&path.display().to_string());
        format!("cannot read `{name}`: {why}")
    };
    let file = open(path, root)?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    Ok(bytes)
}

/// Opens a file under `root` for reading.
///
/// # Errors
/// Why it cannot be read, in a clause.
pub(crate) fn open(path: &Path, root: &Root) -> Result<File, String> {
    let cannot = |why: &dyn std::fmt::Display| {
        let name = words::on_one_line(&path.display().to_string());
        format!("cannot read `{name}`: {why}")
    };
    root.admit(path)?;
    // Looked at before it is opened: opening a pipe waits for a writer.
    let is_a_pipe_of_the_shell = is_of_the_shell(path);
    let before = path.metadata().map_err(|error| cannot(&error))?;
    refuse(path, &before, is_a_pipe_of_the_shell).map_err(|error| cannot(&error))?;
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let opened = file.metadata().map_err(|error| cannot(&error))?;
    refuse(path, &opened, is_a_pipe_of_the_shell).map_err(|error| cannot(&error))?;
    Ok(file)
}

/// `<(command)`, as a shell gives it to a program.
fn is_of_the_shell(path: &Path) -> bool {
    path.starts_with("/dev/fd")
        || path.starts_with("/proc/self/fd")
        || path == Path::new("/dev/stdin")
}

fn refuse(path: &Path, metadata: &Metadata, may_be_a_pipe: bool) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if may_be_a_pipe {
        return Ok(());
    }
    let is_of_the_system = path
        .canonicalize()
        .is_ok_and(|path| ["/proc", "/sys", "/dev"].iter().any(|folder| path.starts_with(folder)));
    if metadata.is_file() && !is_of_the_system {
        return Ok(());
    }
    Err(io::Error::other("it is not a regular file; use `-` for standard input"))
}
