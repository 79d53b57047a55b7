//! `iamsure account who-can`

use iamsure_account::{Facts, who_can};

use super::{everybody, facts, lists_all, print, unanswered, with_resource_policy};
use crate::args::{Format, WhoCanArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::account::who_can::Report;
use crate::streams::Streams;

pub(super) fn run(args: &WhoCanArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut facts = facts(&args.everybody.beside, streams)?;
    facts.actions = vec![input::action(&args.action)?];
    for resource in &args.resources {
        input::check_resource(resource)?;
    }
    facts.resources.clone_from(&args.resources);
    input::say_unpublished(std::slice::from_ref(&args.action), &facts.context, streams);
    let account = everybody(&args.everybody, streams)?;
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let (facts, open) = with_resource_policy(facts, &account, &args.resources, streams)?;
    let answer = who_can(&account.principals, &facts).map_err(|error| unanswered(&error))?;
    let report = Report {
        account: &account,
        action: &args.action,
        resources: &args.resources,
        answer: &answer,
        open: &open,
        all: lists_all(&args.everybody.beside, streams),
    };
    let beside = &args.everybody.beside;
    let is_csv = beside.format == Format::Csv;
    let listing = || if is_csv { report.records() } else { report.listing() };
    print(beside, listing, || report.json(), streams)?;
    Ok(Exit::AsExpected)
}
