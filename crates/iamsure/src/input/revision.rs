//! A file as it was in another revision of a git repository: `main:policies/role.json`.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// The revision and the file of `REVISION:FILE`; `None` if the path is a file, or names no revision.
pub(super) fn parts(path: &Path) -> Option<(&str, &str)> {
    let (revision, file) = path.to_str()?.split_once(':')?;
    let is_revision = !revision.is_empty() && !revision.starts_with('-') && !file.is_empty();
    (is_revision && !path.exists()).then_some((revision, file))
}

/// At most `limit` bytes of `REVISION:FILE`; `None` if the path is a file, or names no revision.
///
/// # Errors
/// What git says, if there is no such revision or file.
pub(super) fn bytes_of(path: &Path, limit: u64) -> Option<Result<Vec<u8>, String>> {
    let (revision, file) = parts(path)?;
    let text = format!("{revision}:{file}");
    // As typed, the file is relative to the working directory; git takes it from the top.
    let name = if file.starts_with('/') { text } else { format!("{revision}:./{file}") };
    Some(show(&name, limit))
}

/// Git, that runs nothing which a repository inside this one could name.
pub(super) fn git() -> Command {
    let mut git = Command::new("git");
    git.args(["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"]);
    git
}

fn show(name: &str, limit: u64) -> Result<Vec<u8>, String> {
    let cannot = |error: std::io::Error| format!("git cannot be run: {error}");
    let mut child = git()
        .args(["show", "--no-textconv", "--end-of-options", name])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(cannot)?;
    let mut bytes = Vec::new();
    if let Some(output) = child.stdout.take() {
        output.take(limit).read_to_end(&mut bytes).map_err(cannot)?;
    }
    // Past the limit nobody reads on, and git ends on the closed pipe.
    let mut said = String::new();
    if let Some(errors) = child.stderr.take() {
        let mut first = Vec::new();
        errors.take(MOST_SAID).read_to_end(&mut first).map_err(cannot)?;
        said.push_str(&String::from_utf8_lossy(&first));
    }
    let status = child.wait().map_err(cannot)?;
    let is_cut = u64::try_from(bytes.len()).is_ok_and(|length| length >= limit);
    if status.success() || is_cut {
        return Ok(bytes);
    }
    Err(said.lines().next().unwrap_or("git gave no reason").to_owned())
}

/// How much git may say of what is wrong.
const MOST_SAID: u64 = 4_096;
