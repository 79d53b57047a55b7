//! `iamsure account prove`

use iamsure_account::{ClaimOfAll, Facts};
use iamsure_core::language::Source;
use iamsure_core::world::CallPaths;
use iamsure_truth::claim::{Body, Claim};
use iamsure_truth::unanswered::Unaskable;

use super::{everybody, facts, lists_all, print, unanswered};
use crate::args::ProveOfAllArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::account::prove::Report;
use crate::render::ci::in_ci;
use crate::render::diagnostic;
use crate::render::layout::Drawing;
use crate::render::proof::rule;
use crate::streams::Streams;

pub(super) fn run(args: &ProveOfAllArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let paths = CallPaths::new(input::switches(&args.everybody.beside.switches)?);
    let source = Source::new("claim", args.claim.as_str());
    let claim = Claim::parse_with(&args.claim, &paths).map_err(|error| {
        streams.note(&diagnostic::of_claim(&source, &error, Drawing::of_errors(streams)));
        Failure::Said
    })?;
    if matches!(
        claim.body,
        Body::NoInertStatements | Body::SameDecisionsAs(_) | Body::NoMoreThan(_)
    ) {
        return Err(Failure::Message(
            "the claim is about whole policies; `iamsure account diff BEFORE AFTER` compares accounts, and `iamsure lint` finds what has no effect".to_owned(),
        ));
    }
    let remarks =
        diagnostic::of_claim_remarks(&source, &claim.remarks(), Drawing::of_errors(streams));
    streams.remark(&remarks);
    let facts = facts(&args.everybody.beside, streams)?;
    let account = everybody(&args.everybody, streams)?;
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let query = ClaimOfAll { claim: &claim, paths: &paths, open_world: args.open_world };
    let answer = query.answer(&account.principals, &facts).map_err(|error| unanswered(&error))?;
    if answer.answers.iter().all(|one| one.is_about_nothing) {
        return Err(Failure::Message(Unaskable::NoRequest.to_string()));
    }
    let report = Report {
        account: &account,
        claim: &claim,
        open_world: args.open_world,
        answer: &answer,
        all: lists_all(&args.everybody.beside, streams),
    };
    let beside = &args.everybody.beside;
    match in_ci(beside.format, &report.marks(), &[rule()], &report.headline()) {
        Some(text) => streams.print(&text)?,
        None => print(beside, || report.listing(), || report.json(), streams)?,
    }
    Ok(report.verdict().into())
}
