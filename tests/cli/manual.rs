//! What packages carry beside the program: completions of shells, manual pages.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::CommandFactory as _;

fn iamsure(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamsure")).args(args).output().unwrap()
}

/// The names of a command and of all below it, as `iamsure-account-prove`.
fn names(command: &clap::Command, before: &str, found: &mut Vec<String>) {
    let name = if before.is_empty() {
        command.get_name().to_owned()
    } else {
        format!("{before}-{}", command.get_name())
    };
    for below in command.get_subcommands() {
        names(below, &name, found);
    }
    found.push(name);
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("manual").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

#[test]
fn every_command_has_a_manual_page_and_there_are_no_others() {
    let folder = folder("pages");
    let output = iamsure(&["man", "--out", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut expected = Vec::new();
    names(&iamsure::Args::command(), "", &mut expected);
    assert!(expected.len() > 25, "{expected:?}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().strip_suffix(".1").unwrap();
        assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{name}: {text}");
        found.push(name.to_owned());
    }
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    // Once more, over what is there.
    assert_eq!(iamsure(&["man", "--out", folder.to_str().unwrap()]).status.code(), Some(0));
}

#[test]
fn every_shell_completes_every_command() {
    let mut commands = Vec::new();
    names(&iamsure::Args::command(), "", &mut commands);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = iamsure(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for command in &commands {
            let last = command.rsplit_once("iamsure-").map_or("iamsure", |(_, name)| name);
            let last = last.split('-').next().unwrap();
            assert!(script.contains(last), "{shell} does not know {command}");
        }
        assert!(script.contains("--open-world") || script.contains("open-world"), "{shell}");
    }
}

/// clap writes the help of a value between double quotes for fish, as it is.
#[test]
fn no_help_of_a_value_ends_a_text_of_fish() {
    fn look(command: &clap::Command) {
        let values = command.get_arguments().flat_map(clap::Arg::get_possible_values);
        for help in values.filter_map(|value| value.get_help().map(ToString::to_string)) {
            assert!(!help.contains('"'), "{}: {help}", command.get_name());
        }
        command.get_subcommands().for_each(look);
    }
    look(&iamsure::Args::command());
}

#[test]
fn bash_reads_its_completions() {
    let folder = folder("bash");
    std::fs::create_dir_all(&folder).unwrap();
    let script = folder.join("iamsure.bash");
    std::fs::write(&script, iamsure(&["completions", "bash"]).stdout).unwrap();
    // Where there is no bash, its users are elsewhere too.
    let Ok(read) = Command::new("bash").arg("-n").arg(&script).output() else { return };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    // As Tab does after `iamsure acc`.
    let ask = format!(
        ". '{}'; COMP_WORDS=(iamsure acc); COMP_CWORD=1; _iamsure iamsure acc iamsure; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    let offered = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
    assert_eq!(String::from_utf8(offered.stdout).unwrap(), "account\n");
    // As Tab does within a file.
    let program = Path::new(env!("CARGO_BIN_EXE_iamsure")).parent().unwrap();
    let word = "corpus/accounts/company.json#user/g";
    let ask = format!(
        "PATH='{}':$PATH; . '{}'; COMP_WORDS=(iamsure simulate '{word}'); COMP_CWORD=2; _iamsure_or_address iamsure '{word}' simulate; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        program.display(),
        script.display()
    );
    let offered = Command::new("bash")
        .args(["--norc", "-c", &ask])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(offered.stdout).unwrap(),
        "corpus/accounts/company.json#user/grace\n"
    );
}
