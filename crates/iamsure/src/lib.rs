//! The command line of iamsure: arguments, rendering, exit codes.
//!
//! Everything here is about one terminal and one process; what the answers are is decided on the
//! floors below. [`run`] is the whole program without its process, so that tests can call it.

pub mod args;
mod call;
mod check;
mod command;
mod exit;
mod failure;
mod input;
mod render;
mod streams;
mod suite_run;
mod written;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use iamsure_review::foreign::Sink;

pub use args::Args;
pub use exit::Exit;
use failure::Failure;
pub use streams::Streams;

/// Parses the arguments of the process, runs, and says how it went.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version go to standard output and are a success. A closed pipe is no error.
            let code = if error.use_stderr() { Exit::CouldNotRun } else { Exit::AsExpected };
            let is_plain = |arg: OsString| {
                arg.to_str().is_some_and(|arg| !arg.contains("##[") && Sink::Line.text(arg) == arg)
            };
            if error.use_stderr() && !std::env::args_os().all(is_plain) {
                // What an argument holds cannot be told from the styles of the message.
                let text = error.to_string();
                let text = text.strip_prefix("error: ").unwrap_or(&text);
                Streams::of_process(args::Color::Never).complain(&arguments_on_one_line(text));
            } else {
                let _ = error.print();
            }
            return code.into();
        }
    };
    let mut streams = Streams::of_process(args.color);
    run(&args, &mut streams).into()
}

/// A message of the parser, in which no argument of the process begins a line.
fn arguments_on_one_line(message: &str) -> String {
    let mut text = message.trim_end().to_owned();
    for arg in std::env::args_os() {
        let Some(arg) = arg.to_str() else { continue };
        // Of `--option=value` the value alone may be shown.
        for part in [Some(arg), arg.split_once('=').map(|(_, value)| value)].into_iter().flatten() {
            let shown = Sink::Line.text(part);
            if shown != part {
                text = text.replace(part, &shown);
            }
        }
    }
    text
}

/// Runs one command on the given streams.
pub fn run(args: &Args, streams: &mut Streams) -> Exit {
    streams.allow_outside(args.allow_outside);
    if matches!(args.command, args::Command::Report(_)) {
        streams.keep_record();
    }
    let result = input::managed(&args.managed, streams).and_then(|managed| {
        streams.know_managed(managed, &args.managed);
        command(args, streams)
    });
    match result {
        Ok(exit) => exit,
        Err(Failure::Said) => Exit::CouldNotRun,
        Err(Failure::Message(message)) => {
            streams.complain(&message);
            Exit::CouldNotRun
        }
        Err(Failure::Internal(message)) => {
            streams.complain(&format!(
                "{message}. This is a bug of iamsure; please report it with the policies, or a part of them that still shows it"
            ));
            Exit::Internal
        }
    }
}

fn command(args: &Args, streams: &mut Streams) -> Result<Exit, Failure> {
    match &args.command {
        args::Command::Account(args) => command::account::run(args, streams),
        args::Command::Actions(args) => command::actions::run(args, streams),
        args::Command::Diff(args) => command::diff::run(args, streams),
        args::Command::Docs(args) => command::docs::run(args, streams),
        args::Command::Explain(args) => command::explain::run(args, streams),
        args::Command::Import(args) => command::import::run(args, streams),
        args::Command::Keys(args) => command::keys::run(args, streams),
        args::Command::Lint(args) => command::lint::run(args, streams),
        args::Command::Matrix(args) => command::matrix::run(args, streams),
        args::Command::Prove(args) => command::prove::run(args, streams),
        args::Command::Report(args) => command::report::run(args, streams),
        args::Command::Simulate(args) => command::simulate::run(args, streams),
        args::Command::Table(args) => command::table::run(args, streams),
        args::Command::Test(args) => command::test::run(args, streams),
        args::Command::Toolhive(args) => command::toolhive::run(args, streams),
        args::Command::Validate(args) => command::validate::run(args, streams),
    }
}
