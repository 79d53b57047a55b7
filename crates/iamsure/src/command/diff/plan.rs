//! `iamsure diff PLAN`: what a Terraform plan changes.

use iamsure_account::{Change, Container, Facts, changes, changes_of_others};

use super::exit_of;
use crate::args::{DiffArgs, DiffLayer, FailOn, Format};
use crate::command::account::{all_processors, unanswered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::account::Account;
use crate::render::account::changes::Report;
use crate::render::layout::Drawing;
use crate::render::picture::svg;
use crate::render::words::on_one_line;
use crate::streams::Streams;

pub(super) fn run(args: &DiffArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let name = on_one_line(&args.before.display().to_string());
    let two = |what: &str| {
        Failure::Message(format!("{name}: {what}; give both versions: `iamsure diff BEFORE AFTER`"))
    };
    let container = input::container(&args.before, streams)?
        .ok_or_else(|| two("one policy is no comparison"))?;
    let what = container.what.clone();
    let (before, after) = (container.versions())
        .ok_or_else(|| two(&format!("it is {what}, and has one version of everything")))?;
    let facts = facts(args, streams)?;
    let compared = Compared::of(before, after, &facts)?;
    let report = compared.report();
    let listing = report.listing();
    streams.print(&match args.format {
        Format::Json => report.json().into(),
        Format::Markdown => listing.markdown().into(),
        Format::Svg => svg(&listing.text(Drawing::of_picture(&args.drawing))),
        _ => listing.text(Drawing::of(&args.drawing, streams)),
    })?;
    let exits = compared.found.iter().map(|change| match &change.comparison {
        Ok(comparison) => exit_of(comparison, args.fail_on),
        Err(_) if args.fail_on == FailOn::Never => Exit::AsExpected,
        Err(_) => Exit::Depends,
    });
    Ok(exits
        .max_by_key(|exit| (*exit == Exit::No, *exit == Exit::Depends))
        .unwrap_or(Exit::AsExpected))
}

/// What a plan changes.
pub(super) struct Compared {
    before: Account,
    after: Account,
    found: Vec<Change>,
    policies: usize,
}

impl Compared {
    /// Compares what there is before a plan is applied with what there is after.
    fn of(before: Container, after: Container, facts: &Facts) -> Result<Self, Failure> {
        let policies = after.unattached().len();
        let lone = changes_of_others(&before, &after, facts).map_err(|error| unanswered(&error))?;
        let (before, after) = (Account::of(before), Account::of(after));
        let mut found = changes(&before.principals, &after.principals, facts)
            .map_err(|error| unanswered(&error))?;
        found.extend(lone);
        Ok(Self { before, after, found, policies })
    }

    fn report(&self) -> Report<'_> {
        Report {
            before: &self.before,
            after: &self.after,
            found: &self.found,
            policies: Some(self.policies),
        }
    }
}

/// What applies beside the policies of the plan.
///
/// # Errors
/// If something is given that is about two policies and not about a plan, or cannot be read.
fn facts(args: &DiffArgs, streams: &mut Streams) -> Result<Facts, Failure> {
    let setting = &args.setting;
    for (is_given, option) in [
        (args.open_world, "--open-world"),
        (args.kind != DiffLayer::Identity, "--as"),
        (setting.path.is_some(), "--path"),
        (setting.request.principal.is_some(), "--principal"),
    ] {
        if is_given {
            return Err(Failure::Message(format!(
                "{option} is for two policies; a plan says whose policies are of which kind. Compare one of them as `iamsure diff PLAN#before/ADDRESS PLAN#ADDRESS`"
            )));
        }
    }
    let layers = input::layers(&[], &args.layers, streams)?.policies;
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
    })
}
