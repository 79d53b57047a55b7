//! `iamsure help TOPIC`: what it shows is true.

use std::process::{Command, Output};

use clap::CommandFactory as _;

const TOPICS: [&str; 5] = ["claims", "suites", "paths", "formats", "exit-codes"];

fn iamsure(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(args)
        .current_dir(super::root())
        .output()
        .unwrap()
}

fn help(topic: &str) -> String {
    let output = iamsure(&["help", topic]);
    assert_eq!(output.status.code(), Some(0), "{topic}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_topic_is_short_and_has_examples_and_is_listed() {
    let listed = String::from_utf8(iamsure(&["help", "help"]).stdout).unwrap();
    for topic in TOPICS {
        let text = help(topic);
        assert!(text.lines().count() <= 60, "{topic} is {} lines long", text.lines().count());
        assert!(text.contains("Examples:\n  iamsure "), "{topic}");
        assert!(listed.contains(&format!("\n  {topic} ")), "{topic} is not in {listed}");
    }
    let wrong = iamsure(&["help", "claim"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(TOPICS.iter().all(|topic| said.contains(topic)), "{said}");
}

#[test]
fn help_of_a_command_is_that_of_the_command() {
    for words in [vec!["lint"], vec!["account", "prove"]] {
        let by_help = iamsure(&[&["help"], words.as_slice()].concat());
        let by_option = iamsure(&[words.as_slice(), &["--help"]].concat());
        assert_eq!(by_help.status.code(), Some(0), "{words:?}");
        assert_eq!(
            String::from_utf8(by_help.stdout).unwrap(),
            String::from_utf8(by_option.stdout).unwrap()
        );
    }
}

#[test]
fn the_grammar_is_that_of_the_page() {
    let page = std::fs::read_to_string(super::root().join("docs/claims.md")).unwrap();
    let grammar = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(grammar.starts_with("claim "), "{grammar}");
    assert!(help("claims").contains(grammar), "the grammar is not that of docs/claims.md");
}

#[test]
fn the_claims_that_are_shown_can_be_asked() {
    let mut asked = 0;
    for line in help("claims").lines().chain(help("paths").lines()) {
        let Some(claim) = line.strip_prefix("  iamsure prove '") else { continue };
        let claim = claim.split('\'').next().unwrap();
        let output = iamsure(&["prove", claim, "corpus/guardrails/toolhive-s3-readonly.json"]);
        assert!(
            matches!(output.status.code(), Some(0 | 1 | 3)),
            "{claim}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        asked += 1;
    }
    assert!(asked >= 5, "{asked}");
}

#[test]
fn the_suite_that_is_shown_passes() {
    let text = help("suites");
    let from = text.find("policies:\n").unwrap();
    let suite = text.get(from..).unwrap().split("\n\nAn expectation").next().unwrap();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("shown.iamsure.yaml");
    std::fs::write(&file, suite).unwrap();
    let output = iamsure(&["test", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_command_with_a_format_is_listed() {
    let text = help("formats");
    for command in iamsure::Args::command().get_subcommands() {
        let has_format = command.get_arguments().any(|arg| arg.get_id() == "format");
        let name = format!("\n  {:<16} ", command.get_name());
        assert_eq!(text.contains(&name), has_format, "{}", command.get_name());
    }
}
