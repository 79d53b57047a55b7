//! `iamsure report`

mod account;
mod suite;

use std::path::{Path, PathBuf};

use iamsure_account::Container;
use iamsure_review::suite::SUFFIX;
use iamsure_truth::chart::ChartQuery;
use iamsure_truth::known_later::Bounds;

use super::{diff, lint, matrix, prove, table};
use crate::args::{
    DiffArgs, DiffLayer, DrawingArgs, FailOn, Format, MatrixArgs, OutputArgs, ReportArgs, TableArgs,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::matrix as matrix_form;
use crate::render::report::policies::{self as render, Page};
use crate::render::words;
use crate::streams::{Finished, Streams};

pub(crate) fn run(args: &ReportArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let text = match subject(args, streams)? {
        Subject::Policies => of_policies(args, streams)?,
        Subject::Suites => suite::page(args, streams)?,
        Subject::Everybody(container) => account::page(args, *container, streams)?,
    };
    streams.print(&Finished::ours(text))?;
    Ok(Exit::AsExpected)
}

/// What a page is about.
enum Subject {
    Policies,
    Suites,
    /// Everybody in an account, a plan or a stack.
    Everybody(Box<Container>),
}

/// What the files are, all of one kind.
fn subject(args: &ReportArgs, streams: &mut Streams) -> Result<Subject, Failure> {
    let files = &args.policies.files;
    let is_suite = |file: &PathBuf| file.to_str().is_some_and(|name| name.ends_with(SUFFIX));
    let suites = files.iter().filter(|file| is_suite(file)).count();
    let mixed = || {
        Failure::Message(
            "a page covers policies, suites or an account; write one for each".to_owned(),
        )
    };
    if suites > 0 {
        return if suites == files.len() { Ok(Subject::Suites) } else { Err(mixed()) };
    }
    let mut found = Vec::new();
    for file in files {
        found.push(input::everybody_in(file, streams));
    }
    if found.iter().all(Option::is_none) {
        return Ok(Subject::Policies);
    }
    let mut found = found.into_iter();
    let mut together = found.next().flatten().ok_or_else(mixed)?;
    for other in found {
        together = together
            .with(other.ok_or_else(mixed)?)
            .map_err(|error| Failure::Message(error.to_string()))?;
    }
    Ok(Subject::Everybody(Box::new(together)))
}

/// The page of policies.
fn of_policies(args: &ReportArgs, streams: &mut Streams) -> Result<String, Failure> {
    let (setting, paths) = input::setting(&args.setting, streams)?;
    let given = input::some_policies(&args.policies, streams)?;
    let policies = given.policies.clone();
    let bounds = given.known_later.then(|| Bounds::of(&policies, "")).flatten();
    let known_later = bounds.map(|bounds| bounds.symbols).unwrap_or_default();
    let notes =
        if known_later.is_empty() { Vec::new() } else { vec![words::every_value(&known_later)] };
    let asked_only = input::asked_only(&args.setting);

    let (decided, actions_left_out) = matrix::decided(&matrix_args(args), &given, streams)?;
    let of_table = table_args(args);
    let asked = table::asked(&of_table, setting.clone(), given.clone())?;
    let query = ChartQuery { policies: asked.policies.clone(), setting: asked.setting.clone() };
    let chart = query.answer().map_err(|error| table::unanswered(&error))?;
    let table = asked.answered(&of_table)?;
    let review = prove::reviewed(&given, setting.clone(), &paths, &args.setting)?;
    let lint = lint::report(given, None, &setting, &[], &asked_only, streams)?;

    let mut options = prove::policy_options(&args.policies);
    options.extend(streams.managed_options());
    options.extend(args.policies.layers.lenient.then(|| "--lenient".to_owned()));
    let of_changes = diff_args(args)?;
    let compared = of_changes
        .as_ref()
        .map(|(args, after)| diff::compared(args, after, streams))
        .transpose()?;
    let changes = of_changes.as_ref().zip(compared.as_ref());
    let changes =
        changes.map_or_else(Vec::new, |((args, after), compared)| compared.reports(args, after));
    let page = Page {
        changes,
        matrix: matrix_form::Report::new(&policies, decided, actions_left_out),
        policies: &policies,
        table,
        chart,
        review,
        lint,
        options,
        switches: &args.setting.request.switches,
        files: streams.read_so_far(),
        asked_only,
        known_later,
        notes,
    };
    Ok(render::html(&page))
}

/// The question for the matrix.
fn matrix_args(args: &ReportArgs) -> MatrixArgs {
    let setting = &args.setting;
    MatrixArgs {
        actions: setting.actions.clone(),
        only: !setting.actions.is_empty(),
        resources: setting.resources.clone(),
        paths: setting.path.iter().cloned().collect(),
        path_files: setting.path_files.clone(),
        format: Format::Human,
        output: OutputArgs::default(),
        drawing: DrawingArgs::default(),
        policies: args.policies.clone(),
        request: setting.request.clone(),
    }
}

/// The question for the table.
fn table_args(args: &ReportArgs) -> TableArgs {
    TableArgs {
        statement: None,
        keys: Vec::new(),
        hit: None,
        merge: false,
        apart: false,
        why: true,
        examples: false,
        format: Format::Human,
        output: OutputArgs::default(),
        drawing: DrawingArgs::default(),
        policies: args.policies.clone(),
        setting: args.setting.clone(),
    }
}

/// The question for what changed, if there is a version before.
fn diff_args(args: &ReportArgs) -> Result<Option<(DiffArgs, &Path)>, Failure> {
    let Some(before) = &args.before else { return Ok(None) };
    let [after] = args.policies.files.as_slice() else {
        return Err(Failure::Message(
            "--before compares with one POLICY; give others with --identity".to_owned(),
        ));
    };
    let compared = DiffArgs {
        before: before.clone(),
        after: Some(after.clone()),
        kind: DiffLayer::Identity,
        open_world: false,
        fail_on: FailOn::Never,
        examples: true,
        format: Format::Human,
        output: OutputArgs::default(),
        drawing: DrawingArgs::default(),
        layers: args.policies.layers.clone(),
        setting: args.setting.clone(),
    };
    Ok(Some((compared, after)))
}
