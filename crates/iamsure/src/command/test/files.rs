//! The suites that are meant.

use std::path::{Path, PathBuf};

use iamsure_review::suite::SUFFIX;

use crate::failure::Failure;
use crate::input;

/// Names that are meant for suites and are none, so that what they hold would never be run.
const NEARLY: [&str; 4] = [".iamsure.yml", ".iamsure.json", ".iamsure.yaml.yml", ".iamsure"];

/// Every suite that is named, and every one in the folders that are, in order.
///
/// # Errors
/// If a folder cannot be looked into, or holds a file whose name is nearly that of a suite.
pub(super) fn under(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let ends = |file: &Path, suffix: &str| {
        file.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.to_ascii_lowercase().ends_with(suffix))
    };
    let is_suite = |file: &Path| file.to_str().is_some_and(|name| name.ends_with(SUFFIX));
    let is_meant =
        |file: &Path| ends(file, SUFFIX) || NEARLY.iter().any(|suffix| ends(file, suffix));
    let found = input::files_under(paths, is_meant)?;
    // One that is named is read whatever it is called.
    if let Some(stray) = found.iter().find(|file| !is_suite(file) && !paths.contains(file)) {
        return Err(Failure::Message(format!(
            "`{}` does not have a suite's name and would not be run: suites are named *{SUFFIX}",
            stray.display()
        )));
    }
    Ok(found)
}
