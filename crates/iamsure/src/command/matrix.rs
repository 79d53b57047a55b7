//! `iamsure matrix`

use iamsure_core::world::session::Operation;
use iamsure_core::world::{CallPath, CallPaths, Context, PolicySet};
use iamsure_truth::matrix::{Matrix, MatrixQuery, Questions, questions, usual_paths};

use crate::args::{Format, MatrixArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Given};
use crate::render::layout::Drawing;
use crate::render::matrix::{self as render, Report};
use crate::render::picture::svg;
use crate::streams::Streams;

pub(crate) fn run(args: &MatrixArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let given = input::some_policies(&args.policies, streams)?;
    let policies = given.policies.clone();
    let (matrix, actions_left_out) = decided(args, &given, streams)?;
    let report = Report::new(&policies, matrix, actions_left_out);
    let drawing = Drawing::of(&args.drawing, streams);
    let text = match args.format {
        Format::Markdown => render::markdown(&report).into(),
        Format::Csv => render::csv(&report).map_err(Failure::Message)?.into(),
        Format::Json => render::json(&report),
        Format::Svg => svg(&render::table(&report, Drawing::of_picture(&args.drawing))),
        _ => render::table(&report, drawing),
    };
    streams.print(&text)?;
    Ok(Exit::AsExpected)
}

/// The matrix of these policies, and how many actions that they name have no row.
pub(super) fn decided(
    args: &MatrixArgs,
    given: &Given,
    streams: &mut Streams,
) -> Result<(Matrix, usize), Failure> {
    let switches = input::switches(&args.request.switches)?;
    let requester = args.request.principal.as_deref().map(input::requester).transpose()?;
    let context = input::context(&args.request, Context::open())?;
    let actions =
        args.actions.iter().map(|text| input::action(text)).collect::<Result<Vec<_>, _>>()?;
    for resource in &args.resources {
        input::check_resource(resource)?;
    }
    input::say_unpublished(&args.actions, &context, streams);
    let requester = given.caller(requester.as_ref())?;
    let context = given.tagged(&context);
    let policies = given.policies.clone();
    let known = input::call_paths(&args.path_files, &switches, streams)?;
    let mut names = args.paths.clone();
    for operation in Operation::ALL.into_iter().filter(|operation| operation.is_unsigned()) {
        let action = operation.action();
        if args.actions.iter().any(|asked| asked.eq_ignore_ascii_case(action)) {
            // It is a path of its own: no other path carries it.
            let also = if names.is_empty() { format!("+{action}") } else { action.to_owned() };
            names.push(also);
        }
    }
    let paths = paths(&names, &policies, &known, streams)?;
    let mut asked =
        if args.only { Questions::default() } else { questions(&policies, &[], &args.resources) };
    if !actions.is_empty() {
        asked.add(questions(&policies, &actions, &args.resources));
    }
    let Questions { rows, wildcards, actions_left_out } = asked;
    let is_own_role = |resource: &String| given.principal.as_ref() == Some(resource);
    // The policies of a principal hold whom it trusts itself.
    let trust_is_of_others = !given.is_of_principal || args.policies.layers.trust.is_some();
    let query = MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: !args.resources.is_empty()
            && (trust_is_of_others || args.resources.iter().all(is_own_role)),
        who: requester.into(),
        questions: rows,
        wildcards,
        paths,
        context,
        resource_account: args.request.resource_account.clone().or_else(|| given.owner.clone()),
        switches,
        known_later: given.known_later,
        is_whole: given.is_of_principal,
    };
    Ok((Matrix::decide(query), actions_left_out))
}

/// The call paths that were asked for, or the usual ones.
fn paths(
    names: &[String],
    policies: &PolicySet,
    known: &CallPaths,
    streams: &mut Streams,
) -> Result<Vec<CallPath>, Failure> {
    let mut paths = if names.iter().all(|name| name.starts_with('+')) {
        usual_paths(policies, known)
    } else {
        Vec::new()
    };
    for name in names {
        let name = name.trim_start_matches('+');
        let path = input::path(name, known, streams)?;
        if !paths.iter().any(|known| known.name().eq_ignore_ascii_case(path.name())) {
            paths.push(path);
        }
    }
    Ok(paths)
}
