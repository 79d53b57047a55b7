//! `iamsure report`

use iamsure_truth::chart::ChartQuery;

use super::{lint, matrix, prove, table};
use crate::args::{DrawingArgs, Format, MatrixArgs, OutputArgs, ReportArgs, TableArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::matrix as matrix_form;
use crate::render::report::{self as render, Page};
use crate::streams::{Finished, Streams};

pub(crate) fn run(args: &ReportArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let (setting, paths) = input::setting(&args.setting, streams)?;
    let given = input::some_policies(&args.policies, streams)?;
    let policies = given.policies.clone();
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
    let page = Page {
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
    };
    let text = render::html(&page);
    streams.print(&Finished::ours(text))?;
    Ok(Exit::AsExpected)
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
