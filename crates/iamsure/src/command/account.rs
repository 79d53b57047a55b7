//! `iamsure account`

mod compared;
mod diff;
mod paths;
mod prove;
mod review;
mod tokens;
mod who_can;

use std::path::PathBuf;
use std::thread::available_parallelism;

use iamsure_account::{Container, Facts, ResourcePolicies, Unasked};
use iamsure_core::world::Context;
use iamsure_truth::sample::account_of;
use iamsure_truth::unanswered::Unanswered;
use serde::Serialize;

pub(super) use compared::Compared;

use crate::args::{
    AccountArgs, AccountQuestion, BesideArgs, ContextArgs, EverybodyArgs, Format, LayerArgs,
    SettingArgs, Verbosity,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::account::Account;
use crate::render::json::{lines, print_pretty};
use crate::render::layout::Drawing;
use crate::render::listing::Listing;
use crate::render::words::on_one_line;
use crate::streams::Streams;

pub(crate) fn run(args: &AccountArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    match &args.question {
        AccountQuestion::WhoCan(args) => who_can::run(args, streams),
        AccountQuestion::Prove(args) => prove::run(args, streams),
        AccountQuestion::Review(args) => review::run(args, streams),
        AccountQuestion::Paths(args) => paths::run(args, streams),
        AccountQuestion::Tokens(args) => tokens::run(args, streams),
        AccountQuestion::Diff(args) => diff::run(args, streams),
    }
}

/// Everybody that files describe.
///
/// # Errors
/// If a file cannot be read, or nothing in them makes requests.
fn everybody(args: &EverybodyArgs, streams: &mut Streams) -> Result<Account, Failure> {
    of_files(&args.files, streams)
}

fn of_files(files: &[PathBuf], streams: &mut Streams) -> Result<Account, Failure> {
    let account = Account::of(input::containers(files, streams)?);
    if account.principals.principals.is_empty() {
        return Err(nobody(&account.container));
    }
    Ok(account)
}

fn nobody(container: &Container) -> Failure {
    if [" get-role`", " list-roles`"].iter().any(|answer| container.what.ends_with(answer)) {
        return Failure::Message(format!(
            "{} shows whom a role trusts, and not what it may do; give the output of `aws iam get-account-authorization-details`",
            container.what
        ));
    }
    let advice = if container.takes_choices && !container.callers().is_empty() {
        format!("; {}", crate::render::account::NAME_IT)
    } else {
        String::new()
    };
    Failure::Message(format!("{} contains no principal with a known ARN{advice}", container.what))
}

/// What applies beside the policies of principals.
///
/// # Errors
/// If a policy or a fact cannot be read.
fn facts(args: &BesideArgs, streams: &mut Streams) -> Result<Facts, Failure> {
    let said = ContextArgs {
        context: args.context.clone(),
        absent: args.absent.clone(),
        ..ContextArgs::default()
    };
    let jobs = args.jobs.map_or_else(all_processors, usize::from);
    Ok(Facts {
        layers: input::layers(&[], &args.layers(), streams)?.policies,
        actions: Vec::new(),
        resources: Vec::new(),
        resource_account: args.resource_account.clone(),
        context: input::context(&said, Context::open())?,
        switches: input::switches(&args.switches)?,
        in_management_account: args.management_account,
        known_later: false,
        jobs,
        progress: streams.progress(),
    })
}

/// What applies beside the policies of everybody, by the options of commands that are about one principal, too.
///
/// # Errors
/// If something is given that names one caller or its path, or cannot be read.
pub(super) fn facts_of(
    layers: &LayerArgs,
    setting: &SettingArgs,
    streams: &mut Streams,
) -> Result<Facts, Failure> {
    for (is_given, option) in
        [(setting.path.is_some(), "--path"), (setting.request.principal.is_some(), "--principal")]
    {
        if is_given {
            return Err(Failure::Message(format!(
                "{option} applies to one principal only: give its policies as FILE#ADDRESS"
            )));
        }
    }
    let layers = input::layers(&[], layers, streams)?.policies;
    let (setting, _) = input::setting(setting, streams)?;
    Ok(Facts {
        layers,
        actions: setting.actions,
        resources: setting.resources,
        resource_account: setting.resource_account,
        context: setting.context,
        switches: setting.switches,
        in_management_account: false,
        known_later: false,
        jobs: all_processors(),
        progress: streams.progress(),
    })
}

/// Puts the policy of the resource that a question names beside the policies of principals, where the files hold it; says so,
/// or, where the question names none or several, which policies are not considered. Those that may be of the resource, which
/// is known later, leave every answer open.
fn with_resource_policy(
    mut facts: Facts,
    account: &Account,
    resources: &[String],
    streams: &mut Streams,
) -> Result<(Facts, Vec<Unasked>), Failure> {
    let all = ResourcePolicies::of(&account.container);
    let mut open = Vec::new();
    if facts.layers.resource.is_some() || all.policies.is_empty() {
        return Ok((facts, open));
    }
    match all.about(resources) {
        Ok((resource, Some(policy))) => {
            let path = on_one_line(&policy.path);
            let document = policy
                .document()
                .map_err(|why| Failure::Message(format!("{path}: {}", on_one_line(&why))))?;
            facts.layers.resource = Some(document);
            if facts.resource_account.is_none() && account_of(&resource).is_none() {
                facts.resource_account.clone_from(&policy.account);
            }
            let resource = on_one_line(&resource);
            streams.remark(&format!("note: the policy of `{resource}`: {path}\n"));
        }
        Ok((resource, None)) => {
            let perhaps = all.perhaps_about(&resource);
            open.extend(perhaps.map(|policy| Unasked {
                address: policy.path.clone(),
                why: format!(
                    "may be the policy of `{}`: {}",
                    on_one_line(&resource),
                    policy.resource.as_ref().map_or_else(
                        |why| on_one_line(why),
                        |_| "its resource is known only after deployment".to_owned()
                    )
                ),
            }));
        }
        Err(why) => {
            let paths = all.policies.iter().map(|policy| on_one_line(&policy.path)).collect();
            let (listed, more) = input::some_of(paths);
            streams.remark(&format!(
                "warning: resource-based policies that are not considered: {listed}{more}, because {}; name one resource (`--resource ARN`, or `on ARN` in a claim)\n",
                on_one_line(&why)
            ));
        }
    }
    Ok((facts, open))
}

fn all_processors() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// Whether everybody is listed, and lists are whole.
fn lists_all(args: &BesideArgs, streams: &Streams) -> bool {
    args.all || streams.verbosity() == Verbosity::Verbose
}

/// Prints a listing, or its JSON: whichever is wanted is made.
fn print<J: Serialize>(
    args: &BesideArgs,
    listing: impl FnOnce() -> Listing,
    json: impl FnOnce() -> J,
    streams: &mut Streams,
) -> Result<(), Failure> {
    let is_whole = args.format == Format::Csv || lists_all(args, streams);
    let listing = || {
        let mut listing = listing();
        if !is_whole {
            listing.shorten();
        }
        listing
    };
    if args.format == Format::Json {
        return Ok(print_pretty(&json(), streams)?);
    }
    streams.print(&match args.format {
        Format::Jsonl => lines(&json()),
        Format::Markdown => listing().markdown().into(),
        Format::Csv => listing().csv().map_err(Failure::Message)?.into(),
        _ => listing().text(Drawing::of(&args.drawing, streams)),
    })?;
    Ok(())
}

pub(super) fn unanswered(error: &Unanswered) -> Failure {
    if error.is_bug() {
        Failure::Internal(error.to_string())
    } else {
        Failure::Message(error.to_string())
    }
}
