//! Marks in the forms that CI reads.

use super::github::annotations;
use super::mark::Mark;
use super::sarif::{Rule, sarif};
use crate::args::Format;
use crate::streams::Finished;

/// Annotations of GitHub Actions, with a last line that says the verdict; or SARIF. `None` for other formats.
pub(crate) fn in_ci(
    format: Format,
    marks: &[Mark<'_>],
    rules: &[Rule],
    verdict: &str,
) -> Option<Finished> {
    match format {
        Format::Github => {
            let mut out = annotations(marks);
            out.push_str(&format!("{verdict}\n"));
            Some(out)
        }
        Format::Sarif => Some(sarif(marks, rules).into()),
        _ => None,
    }
}
