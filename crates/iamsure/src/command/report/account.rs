//! `iamsure report ACCOUNT`

use iamsure_account::{Container, Facts, paths, review, review_of_policies, tokens};
use iamsure_core::world::CallPaths;

use crate::args::ReportArgs;
use crate::command::account::{Compared, facts_of, unanswered};
use crate::failure::Failure;
use crate::input;
use crate::render::account::{
    Account, paths as of_paths, review as of_review, tokens as of_tokens,
};
use crate::render::report::account::{Page, html};
use crate::streams::Streams;

/// The page of everybody in an account, a plan or a stack.
pub(super) fn page(
    args: &ReportArgs,
    container: Container,
    streams: &mut Streams,
) -> Result<String, Failure> {
    let facts = facts_of(&args.policies.layers, &args.setting, streams)?;
    let failed = |error| unanswered(&error);
    let compared = match &args.before {
        Some(before) => {
            let before = input::containers(std::slice::from_ref(before), streams)?;
            Some(Compared::of(before, container.clone(), &facts)?)
        }
        // A plan holds both versions.
        None => match container.clone().versions() {
            Some((before, after)) => Some(Compared::of(before, after, &facts)?),
            None => None,
        },
    };
    let account = Account::of(container);
    let call_paths = CallPaths::new(facts.switches);
    let facts = Facts { known_later: account.principals.known_later, ..facts };
    let reviewed = review(&account.principals, &facts, &call_paths).map_err(failed)?;
    let policies = review_of_policies(&account.container, &facts, &call_paths).map_err(failed)?;
    let found_paths = paths(&account.principals, &facts).map_err(failed)?;
    let found_tokens = tokens(&account.principals, &facts).map_err(failed)?;
    let files_named: Vec<String> =
        args.policies.files.iter().map(|file| file.display().to_string()).collect();
    let layers = super::prove::layer_options(&args.policies.layers);
    let options = files_named.iter().cloned().chain(layers).collect();
    Ok(html(&Page {
        account: &account,
        review: of_review::Report { account: &account, found: &reviewed, policies: &policies },
        paths: of_paths::Report { account: &account, found: &found_paths, from: None, to: None },
        tokens: of_tokens::Report { account: &account, found: &found_tokens },
        changes: compared.as_ref().map(Compared::report),
        files_named,
        options,
        files: streams.read_so_far(),
        asked_only: input::asked_only(&args.setting),
    }))
}
