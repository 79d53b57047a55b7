//! `iamsure diff PLAN`: what a Terraform plan changes.

use super::exit_of;
use crate::args::{DiffArgs, DiffLayer, FailOn, Format};
use crate::command::account::{Compared, facts_of};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::json::pretty;
use crate::render::layout::Drawing;
use crate::render::picture::svg;
use crate::render::words::on_one_line;
use crate::streams::Streams;

pub(super) fn run(args: &DiffArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let name = on_one_line(&args.before.display().to_string());
    let two = |what: &str| {
        Failure::Message(format!("{name}: {what}; give both versions: `iamsure diff BEFORE AFTER`"))
    };
    let container =
        input::container(&args.before, streams)?.ok_or_else(|| two("diff needs two versions"))?;
    let what = container.what.clone();
    let (before, after) = (container.versions())
        .ok_or_else(|| two(&format!("it is {what}, with only one version")))?;
    fits(args)?;
    let facts = facts_of(&args.layers, &args.setting, streams)?;
    let compared = Compared::of(before, after, &facts)?;
    let report = compared.report();
    let listing = report.listing();
    streams.print(&match args.format {
        Format::Json => pretty(&report.json()),
        Format::Markdown => listing.markdown().into(),
        Format::Csv => listing.csv().map_err(Failure::Message)?.into(),
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

/// # Errors
/// If something is given that is about two policies and not about a plan.
fn fits(args: &DiffArgs) -> Result<(), Failure> {
    for (is_given, option) in
        [(args.open_world, "--open-world"), (args.kind != DiffLayer::Identity, "--as")]
    {
        if is_given {
            return Err(Failure::Message(format!(
                "{option} is for two policies; a plan defines the type of each policy. Compare one of them as `iamsure diff PLAN#before/ADDRESS PLAN#ADDRESS`"
            )));
        }
    }
    Ok(())
}
