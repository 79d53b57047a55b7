//! Marks in the forms that CI reads.

use super::github::annotations;
use super::mark::Mark;
use super::sarif::{Rule, sarif};
use crate::args::Format;
use crate::streams::Finished;

/// Annotations of GitHub Actions, with a last line that says the verdict; or SARIF. `None` for other formats, for
/// which no mark is made.
pub(crate) fn in_ci<'m>(
    format: Format,
    marks: impl FnOnce() -> Vec<Mark<'m>>,
    rules: &[Rule],
    verdict: &str,
) -> Option<Finished> {
    match format {
        Format::Github => {
            let mut out = annotations(&marks());
            out.push_str(&format!("{verdict}\n"));
            Some(out)
        }
        Format::Sarif => Some(sarif(&marks(), rules)),
        _ => None,
    }
}
