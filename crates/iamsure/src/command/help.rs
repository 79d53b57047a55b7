//! `iamsure help`: a command, or a topic.

use std::fmt::Write as _;

use clap::{Command, CommandFactory as _};

use crate::args::{Args, HelpArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::layout::fitted;
use crate::render::words::on_one_line;
use crate::streams::{Finished, Streams};

/// What there is to read beside the help of commands, each with what it is about.
pub(crate) const TOPICS: [(&str, &str); 5] = [
    ("claims", "The language of claims"),
    ("suites", "The files that `iamsure test` runs"),
    ("paths", "Call paths: how a call arrives"),
    ("formats", "Output formats, by command"),
    ("exit-codes", "What the exit codes mean"),
];

pub(crate) fn run(args: &HelpArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut all = Args::command().max_term_width(100);
    if let [name] = args.name.as_slice()
        && let Some(text) = topic(name, &all)
    {
        streams.print(&fitted(&text, streams.width()))?;
        return Ok(Exit::AsExpected);
    }
    all.build();
    let mut command = &mut all;
    for name in &args.name {
        command = command.find_subcommand_mut(name).ok_or_else(|| unknown(name))?;
    }
    let help = command.render_long_help();
    let help = if streams.output_styled() { help.ansi().to_string() } else { help.to_string() };
    // It is ours, with styles of ours.
    streams.print(&Finished::ours(help))?;
    Ok(Exit::AsExpected)
}

fn unknown(name: &str) -> Failure {
    let topics: Vec<&str> = TOPICS.iter().map(|(name, _)| *name).collect();
    Failure::Message(format!(
        "unknown command or topic `{}`; the topics are {}, and `iamsure --help` lists the commands",
        on_one_line(name),
        topics.join(", ")
    ))
}

/// The text of a topic.
fn topic(name: &str, all: &Command) -> Option<String> {
    match name {
        "claims" => Some(
            include_str!("help/claims.txt").replace("@GRAMMAR@", include_str!("help/grammar.txt")),
        ),
        "suites" => Some(include_str!("help/suites.txt").to_owned()),
        "paths" => paths(all),
        "formats" => Some(formats(all)),
        "exit-codes" => Some(include_str!("help/exit-codes.txt").to_owned()),
        _ => None,
    }
}

/// Call paths, as the help of the matrix lists them.
fn paths(all: &Command) -> Option<String> {
    let help = all.find_subcommand("matrix")?.get_after_help()?.to_string();
    let (list, _) = help.split_once("\n\nExamples:")?;
    Some(format!(
        "A call path describes how a call reaches AWS, and so which condition keys the request carries.\n\n{list}\n\nExamples:\n  iamsure matrix role.json --path direct --path mcp:aws-mcp/service:cloudformation\n  iamsure prove 'never allow s3:* when path is direct' role.json\n  iamsure simulate role.json --action s3:GetObject --resource arn:aws:s3:::bucket/key --path mcp:aws-mcp\n"
    ))
}

/// The forms of each command that has any.
fn formats(all: &Command) -> String {
    let mut text = String::from(
        "--format FORM sets the output format, and --output FILE the file to write. Formats by command:\n\n",
    );
    for command in all.get_subcommands() {
        of_command(command, "", &mut text);
    }
    text.push_str(
        "\nhuman is for terminals, and its wording may change; json is for programs, and is versioned. github and sarif are annotations for pull requests and code scanning, junit and tap are for test reporters.\n\nExamples:\n  iamsure lint role.json --format sarif --output lint.sarif\n  iamsure matrix role.json --format csv --output matrix.csv\n  iamsure diff main:role.json role.json --format markdown\n\ndocs/formats.md describes each field of JSON.\n",
    );
    text
}

fn of_command(command: &Command, before: &str, text: &mut String) {
    let name = format!("{before}{}", command.get_name());
    if let Some(format) = command.get_arguments().find(|arg| arg.get_id() == "format") {
        let values: Vec<String> =
            format.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let _ = writeln!(text, "  {name:<16} {}", values.join(", "));
    }
    for below in command.get_subcommands() {
        of_command(below, &format!("{name} "), text);
    }
}
