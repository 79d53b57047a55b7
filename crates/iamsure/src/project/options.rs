//! The options that a command takes from the file.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::file::{ProjectFile, Written};
use crate::input::{self, Root};
use crate::render::words;

/// What a file may set: what is known of the callers and layers of a repository, and how strict its checks are.
const MAY_BE_SET: [&str; 19] = [
    "absent",
    "ascii",
    "boundary",
    "context",
    "endpoint",
    "fail-on",
    "lenient",
    "managed",
    "management-account",
    "open-world",
    "paths",
    "principal",
    "rcp",
    "resource-account",
    "scp",
    "switch",
    "together",
    "unknown",
    "width",
];

/// Options whose values differ by command.
const OF_ONE_COMMAND: [&str; 1] = ["fail-on"];

/// Options of which one that is typed stands for all: they say the same keys.
const OF_KEYS: [&str; 3] = ["absent", "context", "unknown"];

/// An option with one value.
#[derive(Debug)]
pub(super) struct Added {
    /// Its name, without the hyphens.
    pub(super) name: String,
    value: Option<String>,
}

impl Added {
    /// The word of the command line.
    pub(super) fn word(self) -> OsString {
        match self.value {
            Some(value) => format!("--{}={value}", self.name).into(),
            None => format!("--{}", self.name).into(),
        }
    }
}

/// The options that the command takes: those that it has and nobody typed.
///
/// # Errors
/// What is wrong in the file, whichever command it is for.
pub(super) fn added(
    file: &ProjectFile,
    root: &Command,
    matches: &ArgMatches,
) -> Result<Vec<Added>, String> {
    let (path, asked, typed) = deepest(root, matches);
    let mut own: Vec<Written<'_>> = Vec::new();
    for option in file.options() {
        check(file, root, &option)?;
        if option.command.is_none_or(|name| path.first() == Some(&name)) {
            own.push(option);
        }
    }
    let is_typed = |name: &str| {
        let by_name = |command: &Command| {
            command.get_arguments().find(|arg| arg.get_long() == Some(name)).cloned()
        };
        let arg = by_name(asked).or_else(|| by_name(root));
        arg.is_some_and(|arg| {
            let id = arg.get_id().as_str();
            [typed, matches].iter().any(|matches| {
                matches.try_contains_id(id).is_ok()
                    && matches.value_source(id) == Some(ValueSource::CommandLine)
            })
        })
    };
    let may_leave = matches.get_flag("allow_outside");
    let mut found = Vec::new();
    for option in &own {
        let is_replaced = option.command.is_none()
            && own.iter().any(|other| other.command.is_some() && other.name == option.name);
        let group: &[&str] = if OF_KEYS.contains(&option.name) { &OF_KEYS } else { &[] };
        let counts =
            !is_replaced && !is_typed(option.name) && !group.iter().any(|other| is_typed(other));
        let Some(arg) = argument(asked, option.name).or_else(|| global(root, option.name)) else {
            continue;
        };
        // Nothing is added to what cannot stand beside it.
        let conflicts = asked.get_arg_conflicts_with(arg);
        let is_beside = conflicts.iter().filter_map(|other| other.get_long()).any(is_typed);
        if !counts || is_beside {
            continue;
        }
        let values = option.values().ok_or_else(|| file.error(option, NO_VALUE))?;
        for value in values {
            let value = if option.is_flag() {
                None
            } else {
                Some(located(file, option, arg, &value, may_leave)?)
            };
            found.push(Added { name: option.name.to_owned(), value });
        }
    }
    Ok(found)
}

const NO_VALUE: &str =
    "an option must be a string, a number, `true`, `false`, or a list of strings";

/// The names of the commands that were typed, the last of them, and what was typed of it.
fn deepest<'a>(
    root: &'a Command,
    matches: &'a ArgMatches,
) -> (Vec<&'a str>, &'a Command, &'a ArgMatches) {
    let (mut path, mut command, mut typed) = (Vec::new(), root, matches);
    while let Some((name, below)) = typed.subcommand() {
        let Some(found) = command.find_subcommand(name) else { break };
        path.push(found.get_name());
        (command, typed) = (found, below);
    }
    (path, command, typed)
}

fn argument<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| arg.get_long() == Some(name))
}

fn global<'a>(root: &'a Command, name: &str) -> Option<&'a Arg> {
    argument(root, name).filter(|arg| arg.is_global_set())
}

/// Whether the option may be set, and is one of the command's that it is for.
fn check(file: &ProjectFile, root: &Command, option: &Written<'_>) -> Result<(), String> {
    let name = words::on_one_line(option.name);
    if let Some(command) = option.command {
        let Some(command) = root.find_subcommand(command) else {
            let known = root.get_subcommands().map(Command::get_name);
            let meant = meant(command, known);
            let command = words::on_one_line(command);
            return Err(file.error(option, &format!("unknown command `{command}`{meant}")));
        };
        if MAY_BE_SET.contains(&option.name)
            && !has(command, option.name)
            && global(root, option.name).is_none()
        {
            let what = format!("`iamsure {}` has no option `--{name}`", command.get_name());
            return Err(file.error(option, &what));
        }
    }
    if option.command.is_none() && OF_ONE_COMMAND.contains(&option.name) {
        let what = format!("`{name}` differs between commands: set it in a table such as `[lint]`");
        return Err(file.error(option, &what));
    }
    if !MAY_BE_SET.contains(&option.name) {
        let meant = meant(option.name, MAY_BE_SET.into_iter());
        let what = format!("unknown setting `{name}`{meant}; supported: {}", MAY_BE_SET.join(", "));
        return Err(file.error(option, &what));
    }
    Ok(())
}

/// Whether a command or one below it has an option.
fn has(command: &Command, name: &str) -> bool {
    argument(command, name).is_some() || command.get_subcommands().any(|below| has(below, name))
}

fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance * 3 <= known.len())
        .min()
        .map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"))
}

/// A value, in which a file is named from where the command runs.
fn located(
    file: &ProjectFile,
    option: &Written<'_>,
    arg: &Arg,
    value: &str,
    may_leave: bool,
) -> Result<String, String> {
    let names = arg.get_value_names().unwrap_or_default();
    let is_file = names.iter().any(|name| name.ends_with("FILE") || *name == "PATH");
    if !is_file || value.starts_with("aws:") {
        return Ok(value.to_owned());
    }
    let (level, name) = input::with_level(value);
    if name == "-" {
        return Err(file.error(option, "a project file cannot refer to standard input"));
    }
    let path = file.path.with_file_name(name);
    let named = path.display().to_string();
    let of_file = named.split_once('#').map_or(named.as_str(), |(file, _)| file);
    if !may_leave {
        let root = Root::of_references(&file.path);
        root.admit(of_file.as_ref()).map_err(|why| file.error(option, &why))?;
    }
    Ok(level.map_or_else(|| named.clone(), |level| format!("{level}={named}")))
}
