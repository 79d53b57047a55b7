//! `iamsure test --watch`: run again whenever a file changes.
//!
//! Files are looked at a few times a second, by date and size: that sees editors that replace files, and works on
//! file systems that tell nobody of changes.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{files, run_all};
use crate::args::{TestArgs, Verbosity};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::layout::Drawing;
use crate::render::suite::{self as render, Report};
use crate::streams::Streams;

/// How often files are looked at.
const PERIOD: Duration = Duration::from_millis(200);

/// A file as it was last seen.
type Seen = (PathBuf, Option<(SystemTime, u64)>);

/// Runs until it is stopped, or the reader of the report went away.
///
/// # Errors
/// If what is to be run cannot be looked for.
pub(super) fn run(
    paths: &[PathBuf],
    args: &TestArgs,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let mut before: Option<Vec<(String, String)>> = None;
    loop {
        let suites = files::under(paths)?;
        let mut read = suites.clone();
        let runs = run_all(&suites, args, &mut read, streams)?;
        let report = Report::of(&runs);
        for run in &runs {
            if let Err(errors) = &run.result {
                streams.note(&crate::render::diagnostic::of_suite(
                    errors,
                    Drawing::of_errors(streams),
                ));
            }
        }
        let text = match &before {
            None => render::human(&report, streams.verbosity() == Verbosity::Verbose),
            Some(before) => render::changes(before, &report),
        };
        streams.print(&text)?;
        streams.write_remarks();
        if streams.is_closed() {
            return Ok(report.exit());
        }
        before = Some(render::outcomes(&report));
        let seen: Vec<Seen> = read.into_iter().map(look).collect();
        while seen.iter().all(is_as_seen) && files::under(paths)? == suites {
            std::thread::sleep(PERIOD);
        }
    }
}

fn look(path: PathBuf) -> Seen {
    let state = state(&path);
    (path, state)
}

fn is_as_seen((path, seen): &Seen) -> bool {
    state(path) == *seen
}

fn state(path: &Path) -> Option<(SystemTime, u64)> {
    // A policy may be a part of a document.
    let whole =
        path.to_str().and_then(|text| text.split_once('#')).map(|(file, _)| Path::new(file));
    let metadata =
        path.metadata().or_else(|error| whole.map_or(Err(error), Path::metadata)).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
