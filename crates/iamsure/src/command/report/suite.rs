//! `iamsure report SUITE…`

use crate::args::{Format, LayerArgs, OutputArgs, ReportArgs, SettingArgs, TestArgs};
use crate::command::test;
use crate::failure::Failure;
use crate::render::report::suite::{Page, html};
use crate::render::suite::Report;
use crate::streams::Streams;

/// The page of suites.
pub(super) fn page(args: &ReportArgs, streams: &mut Streams) -> Result<String, Failure> {
    if args.before.is_some() {
        return Err(Failure::Message(
            "--before is for policies and accounts; `iamsure test --snapshot` says what changed for a suite".to_owned(),
        ));
    }
    if args.policies.layers != LayerArgs::default() || args.setting != SettingArgs::default() {
        streams.remark("note: a suite defines its own policies and requests: the options for others are ignored\n");
    }
    let files = &args.policies.files;
    let runs = test::run_all(files, &test_args(args), &mut Vec::new(), streams)?;
    let report = Report::of(&runs);
    if let Some(bug) = &report.bug {
        return Err(Failure::Internal(bug.clone()));
    }
    let options = files.iter().map(|file| file.display().to_string()).collect();
    Ok(html(&Page { report, options, files: streams.read_so_far() }))
}

/// The question that the page answers.
fn test_args(args: &ReportArgs) -> TestArgs {
    TestArgs {
        paths: args.policies.files.clone(),
        coverage: true,
        filter: None,
        format: Format::Human,
        output: OutputArgs::default(),
        junit: None,
        sarif: None,
        require_coverage: None,
        mutants: false,
        require_mutants: None,
        watch: false,
        init: false,
        snapshot: false,
        accept: Vec::new(),
        by: None,
        why: None,
        layers: LayerArgs::default(),
        schema: false,
    }
}
