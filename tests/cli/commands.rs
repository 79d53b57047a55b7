//! `docs/reference/commands.md`: every command with its options, made from the help.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory as _};
use regex::Regex;

/// An option that as many commands have, in the same words, is explained once.
const SHARED: usize = 3;

#[test]
fn the_page_of_commands_lists_every_option() {
    let mut program = iamsure::Args::command();
    program.build();
    let mut commands = Vec::new();
    of_program(&program, "iamsure", &mut commands);
    let shared = shared(&commands);
    let mut page = String::from(
        "# Commands\n\nMade from the help of the program: `iamsure COMMAND --help` says the same. What the codes mean with which a command ends:\n[exit-codes.md](exit-codes.md).\n\n| command | does |\n| --- | --- |\n",
    );
    for (name, command) in &commands {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(page, "| [`{name}`](#{}) | {about} |", name.replace(' ', "-")).unwrap();
    }
    page.push_str("\n## Options of every command\n\n");
    for arg in program.get_arguments().filter(|arg| arg.is_global_set()) {
        page.push_str(&entry(arg));
    }
    page.push_str("\n## Options of several commands\n\n");
    let mut explained = BTreeSet::new();
    for (_, command) in &commands {
        for arg in own(command).filter(|arg| shared.contains(&entry(arg))) {
            if explained.insert(entry(arg)) {
                page.push_str(&entry(arg));
            }
        }
    }
    for (name, command) in &commands {
        write!(page, "\n## {name}\n\n{}\n\n", about(command)).unwrap();
        let usage = Command::clone(command).bin_name(name).render_usage().to_string();
        write!(page, "```text\n{}\n```\n", usage.trim_start_matches("Usage: ")).unwrap();
        let (several, own): (Vec<&Arg>, Vec<&Arg>) =
            own(command).partition(|arg| shared.contains(&entry(arg)));
        if !(several.is_empty() && own.is_empty()) {
            page.push('\n');
        }
        for arg in own {
            page.push_str(&entry(arg));
        }
        if !several.is_empty() {
            let names: Vec<String> = several.iter().map(|arg| format!("`{arg}`")).collect();
            writeln!(
                page,
                "- [As for other commands](#options-of-several-commands): {}.",
                names.join(", ")
            )
            .unwrap();
        }
        if let Some(after) = command.get_after_long_help().or(command.get_after_help()) {
            write!(page, "\n```text\n{}\n```\n", after.to_string().trim_end()).unwrap();
        }
    }
    super::pages::check("docs/reference/commands.md", &page);
}

/// The commands that do something, with their whole names.
fn of_program<'a>(command: &'a Command, name: &str, found: &mut Vec<(String, &'a Command)>) {
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let name = format!("{name} {}", inner.get_name());
        found.push((name.clone(), inner));
        of_program(inner, &name, found);
    }
}

/// The arguments that a command has for itself.
fn own(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| {
        !arg.is_global_set()
            && !arg.is_hide_set()
            && arg.get_id() != "help"
            && arg.get_id() != "version"
    })
}

fn shared(commands: &[(String, &Command)]) -> BTreeSet<String> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (_, command) in commands {
        for arg in own(command) {
            *counts.entry((arg.to_string(), entry(arg))).or_default() += 1;
        }
    }
    // Of several texts about one option the most frequent is the shared one.
    let mut chosen: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for ((name, entry), count) in counts.into_iter().filter(|(_, count)| *count >= SHARED) {
        let best = chosen.entry(name).or_default();
        if count > best.0 {
            *best = (count, entry);
        }
    }
    chosen.into_values().map(|(_, entry)| entry).collect()
}

fn about(command: &Command) -> String {
    let about = command.get_long_about().or(command.get_about());
    linked(&about.map(ToString::to_string).unwrap_or_default())
}

/// One argument, its text and its values.
fn entry(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut text = format!("- `{arg}`: {}", linked(&help).replace("\n\n", "\n\n  "));
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if arg.get_action().takes_values() && !defaults.is_empty() {
        text.truncate(text.trim_end_matches('.').len());
        write!(text, ". Default: {}", defaults.join(", ")).unwrap();
    }
    text.push('\n');
    if arg.get_action().takes_values() {
        for value in arg.get_possible_values().iter().filter(|value| !value.is_hide_set()) {
            let help = value.get_help().map(|help| format!(": {help}")).unwrap_or_default();
            writeln!(text, "  - `{}`{}", value.get_name(), linked(&help)).unwrap();
        }
    }
    text
}

/// Help text with the pages that it names as links.
fn linked(text: &str) -> String {
    let page = Regex::new(r"docs/([a-z/-]+\.md)").unwrap();
    page.replace_all(text, "[docs/$1](../$1)").into_owned()
}
