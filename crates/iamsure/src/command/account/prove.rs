//! `iamsure account prove`

use iamsure_account::{ClaimOfAll, Facts};
use iamsure_core::language::Source;
use iamsure_core::world::CallPaths;
use iamsure_truth::claim::{Body, Claim};
use iamsure_truth::unanswered::Unaskable;

use super::{everybody, facts, lists_all, print, unanswered, with_resource_policy};
use crate::args::{Format, ProveOfAllArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::account::prove::{Report, Reports};
use crate::render::ci::in_ci;
use crate::render::diagnostic;
use crate::render::layout::Drawing;
use crate::render::proof::rule;
use crate::streams::Streams;

pub(super) fn run(args: &ProveOfAllArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let paths = CallPaths::new(input::switches(&args.everybody.beside.switches)?);
    let claims = args
        .claims()
        .map(|text| claim(text, &paths, streams))
        .collect::<Result<Vec<Claim>, Failure>>()?;
    let facts = facts(&args.everybody.beside, streams)?;
    let account = everybody(&args.everybody, streams)?;
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let mut answers = Vec::with_capacity(claims.len());
    let mut left_open = Vec::with_capacity(claims.len());
    for claim in &claims {
        let (facts, open) =
            with_resource_policy(facts.clone(), &account, claim.resources(), streams)?;
        let query = ClaimOfAll { claim, paths: &paths, open_world: args.open_world };
        let answer =
            query.answer(&account.principals, &facts).map_err(|error| unanswered(&error))?;
        if answer.answers.iter().all(|one| one.is_about_nothing) {
            let of_claim = if claims.len() > 1 { format!("`{claim}`: ") } else { String::new() };
            return Err(Failure::Message(format!("{of_claim}{}", Unaskable::NoRequest)));
        }
        answers.push(answer);
        left_open.push(open);
    }
    let beside = &args.everybody.beside;
    let all = lists_all(beside, streams);
    let report = |((claim, answer), open)| Report {
        account: &account,
        claim,
        open,
        open_world: args.open_world,
        answer,
        all,
    };
    let reports = Reports {
        account: &account,
        each: claims
            .iter()
            .zip(&answers)
            .zip(left_open.iter().map(Vec::as_slice))
            .map(report)
            .collect(),
    };
    let listing = || reports.listing(beside.format == Format::Csv);
    match in_ci(beside.format, || reports.marks(), &[rule()], &reports.headline()) {
        Some(text) => streams.print(&text)?,
        None => print(beside, listing, || &reports, streams)?,
    }
    Ok(reports.verdict().into())
}

/// Reads a claim about everybody.
fn claim(text: &str, paths: &CallPaths, streams: &mut Streams) -> Result<Claim, Failure> {
    let source = Source::new("claim", text);
    let claim = Claim::parse_with(text, paths).map_err(|error| {
        streams.note(&diagnostic::of_claim(&source, &error, Drawing::of_errors(streams)));
        Failure::Said(error.to_string())
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
    Ok(claim)
}
