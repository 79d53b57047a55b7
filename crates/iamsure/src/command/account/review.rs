//! `iamsure account review`

use iamsure_account::{Facts, review, review_of_policies, review_of_resources};
use iamsure_core::world::CallPaths;

use super::{facts, nobody, print, unanswered};
use crate::args::{BesideArgs, ReviewOfAllArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::account::Account;
use crate::render::account::review::Report;
use crate::render::ci::in_ci;
use crate::streams::Streams;

pub(super) fn run(args: &ReviewOfAllArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let beside = &args.everybody.beside;
    // Policies of many resources apply to no request for all of them.
    let folder = beside.resource_policy.as_deref().filter(|path| path.is_dir());
    let facts = match folder {
        None => facts(beside, streams)?,
        Some(_) => facts(&BesideArgs { resource_policy: None, ..beside.clone() }, streams)?,
    };
    let paths = CallPaths::new(facts.switches);
    let account = Account::of(input::containers(&args.everybody.files, streams)?);
    // Policies of resources are reviewed where nobody is described, too.
    if account.principals.principals.is_empty() && account.container.unattached().is_empty() {
        return Err(nobody(&account.container));
    }
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let found = review(&account.principals, &facts, &paths).map_err(|error| unanswered(&error))?;
    let mut policies = review_of_policies(&account.container, &facts, &paths)
        .map_err(|error| unanswered(&error))?;
    if let Some(folder) = folder {
        let of_resources = input::resource_policies(folder, streams)?.policies;
        let found = review_of_resources(&of_resources, &facts, &paths);
        policies.extend(found.map_err(|error| unanswered(&error))?);
        streams.remark("note: principals are reviewed without resource-based policies, and resource-based policies as if no principal had other policies; `iamsure account who-can ACTION --resource ARN` evaluates both together\n");
    }
    let report = Report { account: &account, found: &found, policies: &policies };
    match in_ci(beside.format, || report.marks(), &report.rules(), &report.headline()) {
        Some(text) => streams.print(&text)?,
        None => print(beside, || report.listing(), || report.json(), streams)?,
    }
    Ok(report.verdict().into())
}
