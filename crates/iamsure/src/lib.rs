//! The command line of iamsure: arguments, rendering, exit codes.
//!
//! Everything here is about one terminal and one process; what the answers are is decided on the
//! floors below. [`run`] is the whole program without its process, so that tests can call it:
//!
//! ```
//! use clap::Parser;
//! use iamsure::{Args, Exit, Streams, run};
//!
//! let simulate = |action: &str| {
//!     let policy = r#"{ "Version": "2012-10-17", "Statement":
//!         { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*" } }"#;
//!     let args = Args::parse_from([
//!         "iamsure", "simulate", "-", "--action", action, "--resource", "arn:aws:s3:::b/k", "--expect", "allowed",
//!     ]);
//!     let (out, errors) = (Box::new(std::io::sink()), Box::new(std::io::sink()));
//!     run(&args, &mut Streams::new(Box::new(policy.as_bytes()), out, errors, None))
//! };
//! assert_eq!(simulate("s3:GetObject"), Exit::AsExpected);
//! // Nothing allows it.
//! assert_eq!(simulate("s3:PutObject"), Exit::No);
//! ```
//!
//! # Rooms
//!
//! - [`args`]: what can be typed, a file for each command.
//! - `project`, `input`: what `iamsure.toml` adds, and what is read.
//! - [`identifier`]: every identifier that is printed, and what it means.
//! - `command`: a file for each command: read, ask a floor below, render. `call`, `check` and `suite_run` are what
//!   several of them ask.
//! - `render`: an output form each.
//! - [`Streams`], `written`: what is printed and written, whole or not at all.
//! - [`Exit`], `failure`: how a run ends.

pub mod args;
mod call;
mod check;
mod command;
mod exit;
mod failure;
pub mod identifier;
mod input;
mod project;
mod render;
mod streams;
mod suite_run;
mod written;

use std::ffi::OsString;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use iamsure_review::foreign::Sink;

pub use args::Args;
pub use exit::Exit;
use failure::Failure;
pub use streams::Streams;

/// Parses the arguments of the process, runs, and says how it went.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(give_up));
    let typed = std::env::args_os().collect();
    let arguments = match project::arguments(typed, &Args::command()) {
        Ok(arguments) => arguments,
        Err(message) => {
            Streams::of_process(args::Color::Auto).complain(&message);
            return Exit::CouldNotRun.into();
        }
    };
    let (mut streams, exit) = match Args::try_parse_from(&arguments.all) {
        Ok(args) => {
            let mut streams = Streams::of_process(args.color);
            streams.accept(arguments.accepted);
            let exit = run(&args, &mut streams);
            (streams, exit)
        }
        Err(error) => {
            (Streams::of_process(args::Color::Never), not_understood(&error, &arguments.all))
        }
    };
    if let Some(shaped) = arguments.shaped {
        streams.remark(&format!("note: {shaped} (--no-config leaves it out)\n"));
    }
    let (file, accepted) = (arguments.file.unwrap_or_default(), streams.accepted());
    if accepted > 0 {
        let findings = if accepted == 1 { "finding" } else { "findings" };
        let file = Sink::Line.text(&file.display().to_string()).into_owned();
        streams.remark(&format!(
            "note: {file} accepts {accepted} {findings} (--no-config shows them)\n"
        ));
    }
    streams.write_remarks();
    exit.into()
}

/// What a reader of an internal error is asked for.
const REPORT_IT: &str = "This is a bug in iamsure; please report it with the policies, or with a part of them that still triggers it";

/// Ends the process at a panic, in whatever thread: half an answer is none.
#[expect(clippy::exit, reason = "nothing catches a panic, and its own exit code says nothing")]
fn give_up(panic: &PanicHookInfo<'_>) {
    let payload = panic.payload();
    let own = payload.downcast_ref::<String>().map(String::as_str);
    let why =
        own.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no reason was given");
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let message = format!("iamsure stopped{place}: {}. {REPORT_IT}", Sink::Line.text(why));
    Streams::of_process(args::Color::Never).complain(&message);
    std::process::exit(Exit::Internal.code().into());
}

/// Prints what the parser says of the arguments.
fn not_understood(error: &clap::Error, arguments: &[OsString]) -> Exit {
    // Help and version go to standard output and are a success. A closed pipe is no error.
    if !error.use_stderr() {
        let _ = error.print();
        return Exit::AsExpected;
    }
    let is_plain = |arg: &OsString| {
        arg.to_str().is_some_and(|arg| !arg.contains("##[") && Sink::Line.text(arg) == arg)
    };
    if arguments.iter().all(is_plain) {
        let _ = error.print();
    } else {
        // What an argument holds cannot be told from the styles of the message.
        let text = error.to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        Streams::of_process(args::Color::Never).complain(&on_one_line_each(arguments, text));
    }
    Exit::CouldNotRun
}

/// A message of the parser, in which no argument begins a line.
fn on_one_line_each(arguments: &[OsString], message: &str) -> String {
    let mut text = message.trim_end().to_owned();
    for arg in arguments {
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
    streams.speak(args.verbosity());
    streams.allow_outside(args.allow_outside);
    if matches!(args.command, args::Command::Report(_)) {
        streams.keep_record();
    }
    let result = input::managed(&args.managed, streams).and_then(|managed| {
        streams.know_managed(managed, &args.managed);
        let mut args = args.clone();
        if let Some(files) = args.command.policy_files() {
            *files = input::policies_under(files)?;
        }
        if let Some(of) = args.command.of_resource() {
            input::choose_resource_policy(of, streams)?;
        }
        let args = &args;
        let Some(file) = args.command.output() else { return command(args, streams) };
        streams.keep();
        let exit = command(args, streams)?;
        let answer = streams.kept();
        // Where nothing could be read there is no answer, and what is there stays.
        if exit != Exit::CouldNotRun || !answer.is_empty() {
            written::write(file, None, &answer)?;
        }
        Ok(exit)
    });
    streams.write_remarks();
    match result {
        Ok(exit) => exit,
        Err(Failure::Said(_)) => Exit::CouldNotRun,
        Err(Failure::Message(message)) => {
            streams.complain(&message);
            Exit::CouldNotRun
        }
        Err(Failure::Internal(message)) => {
            streams.complain(&format!("{message}. {REPORT_IT}"));
            Exit::Internal
        }
    }
}

fn command(args: &Args, streams: &mut Streams) -> Result<Exit, Failure> {
    match &args.command {
        args::Command::Account(args) => command::account::run(args, streams),
        args::Command::Actions(args) => command::actions::run(args, streams),
        args::Command::Completions(args) => command::completions::run(args, streams),
        args::Command::Diff(args) => command::diff::run(args, streams),
        args::Command::Docs(args) => command::docs::run(args, streams),
        args::Command::Explain(args) => command::explain::run(args, streams),
        args::Command::Help(args) => command::help::run(args, streams),
        args::Command::Import(args) => command::import::run(args, streams),
        args::Command::Keys(args) => command::keys::run(args, streams),
        args::Command::Lint(args) => command::lint::run(args, streams),
        args::Command::Man(args) => command::man::run(args, streams),
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
