//! `iamsure account diff`

use super::{Compared, facts, nobody, print};
use crate::args::DiffOfAllArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::streams::Streams;

pub(super) fn run(args: &DiffOfAllArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let facts = facts(&args.beside, streams)?;
    let before = input::containers(std::slice::from_ref(&args.before), streams)?;
    let after = input::containers(std::slice::from_ref(&args.after), streams)?;
    for container in [&before, &after] {
        if container.callers().is_empty() && !container.has_symbols {
            return Err(nobody(container));
        }
    }
    let compared = Compared::of(before, after, &facts)?;
    let (report, found) = (compared.report(), &compared.found);
    print(&args.beside, || report.listing(), || report.json(), streams)?;
    Ok(if found.iter().any(|change| change.comparison.is_ok()) {
        Exit::No
    } else if found.is_empty() {
        Exit::AsExpected
    } else {
        // What is left could not be compared.
        Exit::Depends
    })
}
