//! `iamsure account tokens`

use iamsure_account::{Facts, tokens};

use super::{everybody, facts, print, unanswered};
use crate::args::TokensArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::account::tokens::Report;
use crate::streams::Streams;

pub(super) fn run(args: &TokensArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let facts = facts(&args.everybody.beside, streams)?;
    let account = everybody(&args.everybody, streams)?;
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let found = tokens(&account.principals, &facts).map_err(|error| unanswered(&error))?;
    let report = Report { account: &account, found: &found };
    print(&args.everybody.beside, || report.listing(), || report.json(), streams)?;
    Ok(Exit::AsExpected)
}
