//! A file as it was in another revision of a git repository: `main:policies/role.json`.

use std::path::Path;
use std::process::Command;

/// The revision and the file of `REVISION:FILE`; `None` if the path is a file, or names no revision.
pub(super) fn parts(path: &Path) -> Option<(&str, &str)> {
    let (revision, file) = path.to_str()?.split_once(':')?;
    let is_revision = !revision.is_empty() && !revision.starts_with('-') && !file.is_empty();
    (is_revision && !path.exists()).then_some((revision, file))
}

/// The bytes of `REVISION:FILE`; `None` if the path is a file, or names no revision.
///
/// # Errors
/// What git says, if there is no such revision or file.
pub(super) fn bytes_of(path: &Path) -> Option<Result<Vec<u8>, String>> {
    let (revision, file) = parts(path)?;
    let text = format!("{revision}:{file}");
    // As typed, the file is relative to the working directory; git takes it from the top.
    let name = if file.starts_with('/') { text } else { format!("{revision}:./{file}") };
    Some(match Command::new("git").args(["show", "--end-of-options", &name]).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(said.lines().next().unwrap_or("git did not say why").to_owned())
        }
        Err(error) => Err(format!("git cannot be run: {error}")),
    })
}
