//! `iamsure test --snapshot`: what changed since it was accepted, and accepting it.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use iamsure_core::language::Source;
use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::world::Context;
use iamsure_review::suite::{
    Acceptance, Cell, CellChange, NamedSet, SNAPSHOT_SUFFIX, SUFFIX, SetCells, Snapshot, Suite,
};
use iamsure_truth::matrix::{Matrix, MatrixQuery, Questions, questions, usual_paths};
use iamsure_truth::sample::Who;

use crate::args::TestArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Files, Root};
use crate::render;
use crate::streams::Streams;
use crate::suite_run::Compared;
use crate::written;

pub(super) fn run(
    files: &[PathBuf],
    args: &TestArgs,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for file in files {
        all.push(compare(file, streams)?);
    }
    let wanted = wanted(&args.accept, all.iter().map(|one| one.changes.len()).sum())?;
    let (mut number, mut accepted) = (0, 0);
    for one in &mut all {
        let first = number + 1;
        number += one.changes.len();
        let chosen: Vec<CellChange> = one
            .changes
            .iter()
            .zip(first..)
            .filter(|(_, number)| wanted.contains(number))
            .map(|(change, _)| change.clone())
            .collect();
        if chosen.is_empty() {
            continue;
        }
        accepted += chosen.len();
        let acceptance = Acceptance {
            date: today(),
            by: args.by.clone().unwrap_or_default(),
            why: args.why.clone().unwrap_or_default(),
            changes: chosen,
        };
        one.snapshot.accept(acceptance, &one.now);
        one.changes = one.snapshot.changes(&one.now);
        let text = one.snapshot.write(&one.suite).map_err(Failure::Internal)?;
        written::write(&one.file, Some(&one.before), &text)?;
    }
    streams.print(&render::suite::snapshot(&all, accepted))?;
    let is_same = all.iter().all(|one| one.changes.is_empty());
    Ok(if is_same { Exit::AsExpected } else { Exit::No })
}

/// The numbers of the changes that are accepted.
fn wanted(accept: &[String], count: usize) -> Result<Vec<usize>, Failure> {
    let mut numbers = Vec::new();
    for text in accept {
        if text == "all" {
            numbers.extend(1..=count);
            continue;
        }
        let number = text.parse().ok().filter(|number| (1..=count).contains(number));
        numbers.push(number.ok_or_else(|| {
            Failure::Message(format!("no change {text}: choose 1 to {count}, or `all`"))
        })?);
    }
    Ok(numbers)
}

fn compare(file: &Path, streams: &mut Streams) -> Result<Compared, Failure> {
    let name = file.display().to_string();
    let Some(stem) = name.strip_suffix(SUFFIX) else {
        return Err(Failure::Message(format!(
            "a snapshot is stored next to its suite, but `{name}` is not named *{SUFFIX}"
        )));
    };
    let source = input::source(file, streams)?
        .map_err(|(_, finding)| Failure::Message(format!("{name}: {}", finding.message)))?;
    let suite = Suite::read(&source, &mut Files::new(streams, &mut Vec::new()))
        .map_err(|errors| input::not_a_suite(&errors, streams))?;
    let snapshot_file = PathBuf::from(format!("{stem}{SNAPSHOT_SUFFIX}"));
    let before = if snapshot_file.symlink_metadata().is_ok() {
        let root = Root::of_references(file);
        input::text_under(&snapshot_file, &root, MAX_BYTES).map_err(Failure::Message)?
    } else {
        Source::new(snapshot_file.display().to_string(), "")
    };
    let snapshot = if before.text().is_empty() {
        Snapshot::default()
    } else {
        Snapshot::read(&before).map_err(|error| {
            Failure::Message(format!("`{}` is not a snapshot: {error}", before.name()))
        })?
    };
    let now = suite
        .sets
        .iter()
        .map(|set| Ok(SetCells { policies: set.name.clone(), cells: cells(set, &suite) }))
        .collect::<Result<Vec<_>, Failure>>()?;
    let changes = snapshot.changes(&now);
    let before = before.text().to_owned();
    Ok(Compared { suite: name, file: snapshot_file, before, snapshot, now, changes })
}

/// The cells of the matrix of a policy set, on the usual call paths and those of the suite.
fn cells(set: &NamedSet, suite: &Suite) -> Vec<Cell> {
    let policies = &set.policies;
    let mut paths = usual_paths(policies, &suite.paths);
    paths.extend(suite.paths.defined().iter().cloned());
    let Questions { rows, wildcards, actions_left_out } = questions(policies, &[], &[]);
    let query = MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: false,
        who: Who::Anybody,
        questions: rows,
        wildcards,
        paths,
        context: Context::open(),
        resource_account: None,
        switches: suite.switches,
        known_later: set.known_later,
        is_whole: true,
    };
    let matrix = Matrix::decide(query);
    let report = render::matrix::Report::new(policies, matrix, actions_left_out);
    let mut cells: Vec<Cell> = Vec::new();
    for [action, resource, path, outcome, decision, _, statements, when, caller] in
        render::matrix::records(&report)
    {
        let request = if resource.is_empty() { action } else { format!("{action} on {resource}") };
        let path = if caller.is_empty() { path } else { format!("{path} by {caller}") };
        let word = if decision.is_empty() { outcome } else { decision };
        let mut line = word;
        if !statements.is_empty() {
            line.push_str(" by ");
            line.push_str(&statements);
        }
        if !when.is_empty() {
            line.push_str(", ");
            line.push_str(&when);
        }
        match cells.iter_mut().find(|cell| cell.request == request && cell.path == path) {
            Some(cell) => cell.decides.push(line),
            None => cells.push(Cell { request, path, decides: vec![line] }),
        }
    }
    cells
}

/// The day in UTC. `SOURCE_DATE_EPOCH` stands for the clock where it is set
/// (<https://reproducible-builds.org/specs/source-date-epoch/>).
fn today() -> String {
    let told = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds: u64 = told.unwrap_or_else(clock);
    let time =
        i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.unwrap_or_default().strftime("%Y-%m-%d").to_string()
}
