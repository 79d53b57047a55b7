//! `iamsure account paths`

use iamsure_account::{Facts, paths};

use super::{everybody, facts, print, unanswered};
use crate::args::PathsArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::account::Account;
use crate::render::account::paths::Report;
use crate::render::words;
use crate::streams::Streams;

pub(super) fn run(args: &PathsArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let facts = facts(&args.everybody.beside, streams)?;
    let account = everybody(&args.everybody, streams)?;
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let named =
        |text: &Option<String>| text.as_ref().map(|text| principal(&account, text)).transpose();
    let (from, to) = (named(&args.from)?, named(&args.to)?);
    let found = paths(&account.principals, &facts).map_err(|error| unanswered(&error))?;
    let report = Report { account: &account, found: &found, from, to };
    if args.dot {
        streams.print(&report.graph().dot())?;
    } else {
        print(&args.everybody.beside, || report.listing(), || report.json(), streams)?;
    }
    Ok(Exit::AsExpected)
}

/// The number of the principal that a text names.
fn principal(account: &Account, text: &str) -> Result<usize, Failure> {
    let all = &account.principals.principals;
    let is_named =
        |number: &usize| all.get(*number).is_some_and(|one| one.arn == text || one.address == text);
    let found: Vec<usize> = (0..all.len()).filter(is_named).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::Message(format!(
            "no role or user named `{}`; give an address such as `role/App`, or an ARN",
            words::on_one_line(text)
        ))),
        _ => Err(Failure::Message(format!(
            "several principals are named `{}`; give the ARN",
            words::on_one_line(text)
        ))),
    }
}
