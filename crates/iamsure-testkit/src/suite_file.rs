//! Suites on the disk, read and run without the command line.

use std::path::{Path, PathBuf};

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_review::suite::{self, Body, Decided, Outcome, SUFFIX, Shelf, Shelved, Suite, Test};

/// The files of the disk. Parts of documents are not read.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Shelf for Disk {
    fn suite(&mut self, beside: &str, reference: &str) -> Result<Source, String> {
        source(&folder_of(beside).join(reference))
    }

    fn policies(
        &mut self,
        beside: &str,
        reference: &str,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<Shelved, String> {
        let source = source(&folder_of(beside).join(reference))?;
        PolicyDocument::read(&source, kind, profile)
            .map(Shelved::from)
            .map_err(|findings| format!("{reference}: {findings:?}"))
    }
}

fn folder_of(file: &str) -> PathBuf {
    Path::new(file).parent().map(Path::to_path_buf).unwrap_or_default()
}

fn source(path: &Path) -> Result<Source, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Source::new(path.display().to_string(), text))
}

/// Every suite under a folder, in order.
///
/// # Errors
/// If a folder cannot be read.
pub fn under(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            found.extend(under(&path)?);
        } else if path.to_string_lossy().ends_with(SUFFIX) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads a suite.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(path: &Path) -> Result<Suite, String> {
    Suite::read(&source(path)?, &mut Disk)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Runs a test.
///
/// # Errors
/// Every case that is not decided as expected.
pub fn run(test: &Test) -> Result<(), String> {
    let wrong: Vec<String> = match (suite::decide(test), &test.body) {
        (Decided::Skipped(_), _) => Vec::new(),
        (Decided::Claim(outcome), Body::Claim(claim)) if claim.is_met(&outcome) => Vec::new(),
        (Decided::Claim(outcome), _) => vec![format!("{:?}", outcome.verdict)],
        (Decided::Cases(outcomes), Body::Cases(cases)) => {
            let misses = cases.iter().zip(&outcomes).filter_map(|(case, outcome)| match outcome {
                Outcome::Passed(_) => None,
                Outcome::Failed(miss) => {
                    let found: Vec<String> = miss
                        .answer
                        .cases
                        .iter()
                        .map(|case| format!("{:?}", case.decision))
                        .collect();
                    Some(format!(
                        "{}: expected {}, found {}",
                        case.label,
                        case.expected,
                        found.join(" then ")
                    ))
                }
                Outcome::Errored(error) => Some(format!("{}: {error}", case.label)),
            });
            misses.collect()
        }
        (Decided::Cases(_), Body::Claim(_)) => vec!["a claim has no cases".to_owned()],
    };
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}
