//! `iamsure account review`

use iamsure_account::{Facts, review, review_of_policies};
use iamsure_core::world::CallPaths;

use super::{everybody, facts, print, unanswered};
use crate::args::ReviewOfAllArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::account::review::Report;
use crate::render::ci::in_ci;
use crate::streams::Streams;

pub(super) fn run(args: &ReviewOfAllArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let facts = facts(&args.everybody.beside, streams)?;
    let paths = CallPaths::new(facts.switches);
    let account = everybody(&args.everybody, streams)?;
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let found = review(&account.principals, &facts, &paths).map_err(|error| unanswered(&error))?;
    let policies = review_of_policies(&account.container, &facts, &paths)
        .map_err(|error| unanswered(&error))?;
    let report = Report { account: &account, found: &found, policies: &policies };
    let beside = &args.everybody.beside;
    match in_ci(beside.format, &report.marks(), &report.rules(), &report.headline()) {
        Some(text) => streams.print(&text)?,
        None => print(beside, || report.listing(), || report.json(), streams)?,
    }
    Ok(report.verdict().into())
}
