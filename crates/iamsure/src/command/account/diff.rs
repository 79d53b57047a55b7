//! `iamsure account diff`

use iamsure_account::changes;

use super::{facts, of_files, print, unanswered};
use crate::args::DiffOfAllArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::account::changes::Report;
use crate::streams::Streams;

pub(super) fn run(args: &DiffOfAllArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let facts = facts(&args.beside, streams)?;
    let before = of_files(std::slice::from_ref(&args.before), streams)?;
    let after = of_files(std::slice::from_ref(&args.after), streams)?;
    let found = changes(&before.principals, &after.principals, &facts)
        .map_err(|error| unanswered(&error))?;
    let report = Report { before: &before, after: &after, found: &found, policies: None };
    print(&args.beside, &report.listing(), || report.json(), streams)?;
    Ok(if found.iter().any(|change| change.comparison.is_ok()) {
        Exit::No
    } else if found.is_empty() {
        Exit::AsExpected
    } else {
        // What is left could not be compared.
        Exit::Depends
    })
}
