//! `docs/schema`: a schema for every JSON form. That answers are of them is for `tests/schema/check.py`.

use std::collections::BTreeSet;

use clap::{Command, CommandFactory as _};
use serde_json::Value;

/// The commands that have a JSON form, as their schemas are called.
fn with_json(command: &Command, name: &str, found: &mut BTreeSet<String>) {
    let format = command.get_arguments().find(|arg| arg.get_long() == Some("format"));
    let forms = format.map(clap::Arg::get_possible_values).unwrap_or_default();
    if forms.iter().any(|form| form.get_name() == "json") {
        found.insert(name.to_owned());
    }
    for inner in command.get_subcommands() {
        let name = if name.is_empty() {
            inner.get_name().to_owned()
        } else {
            format!("{name}-{}", inner.get_name())
        };
        with_json(inner, &name, found);
    }
}

fn schema(name: &str) -> Value {
    let path = super::root().join("docs/schema").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(!text.is_empty(), "there is no {name}.json");
    serde_json::from_str(&text).unwrap()
}

fn names() -> BTreeSet<String> {
    let files = std::fs::read_dir(super::root().join("docs/schema")).unwrap();
    let stem = |path: std::path::PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.map(|file| stem(file.unwrap().path())).collect()
}

#[test]
fn every_json_form_has_a_schema_and_there_are_no_others() {
    let mut expected = BTreeSet::new();
    with_json(&iamsure::Args::command(), "", &mut expected);
    assert!(expected.len() > 15, "{expected:?}");
    // Of one command with two forms, and of what is read.
    for name in ["review", "request", "suite", "project", "vocabulary"] {
        expected.insert(name.to_owned());
    }
    assert_eq!(names(), expected);
    let page = std::fs::read_to_string(super::root().join("docs/reference/json.md")).unwrap();
    for name in &expected {
        let schema = schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert!(schema["$id"].is_string() && schema["title"].is_string(), "{name}");
        assert!(page.contains(&format!("(../schema/{name}.json)")), "{name}");
    }
}

/// The object of a schema that has fields is closed, or says what others are.
fn open_objects(value: &Value, place: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            if fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
                found.push(place.to_owned());
            }
            fields.iter().map(|(name, inner)| (name.clone(), inner)).collect()
        }
        Value::Array(all) => all.iter().map(|inner| (String::new(), inner)).collect(),
        _ => Vec::new(),
    };
    for (name, inner) in inner {
        open_objects(inner, &format!("{place}/{name}"), found);
    }
}

#[test]
fn every_object_of_a_schema_is_closed() {
    let mut found = Vec::new();
    // That of suites says in part what is closed as a whole.
    for name in names().into_iter().filter(|name| name != "suite") {
        open_objects(&schema(&name), &name, &mut found);
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_schema_of_suites_is_the_one_that_is_printed() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(["test", "--schema"])
        .output()
        .unwrap();
    super::pages::check("docs/schema/suite.json", &String::from_utf8(output.stdout).unwrap());
}

#[test]
fn the_schema_of_a_project_names_every_option_that_may_be_set() {
    let schema = schema("project");
    let page = std::fs::read_to_string(super::root().join("docs/project-file.md")).unwrap();
    let sets = page.split("\nIt sets ").nth(1).unwrap().split(". It cannot").next().unwrap();
    let mut names: BTreeSet<&str> = sets.split('`').skip(1).step_by(2).collect();
    let of_command = &schema["$defs"]["command"]["properties"];
    assert_eq!(
        of_command.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(),
        names
    );
    // Its values differ by command.
    assert!(names.remove("fail-on"));
    let program = iamsure::Args::command();
    let top = schema["properties"].as_object().unwrap();
    let commands: BTreeSet<&str> = program
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
        .map(Command::get_name)
        .filter(|name| top.contains_key(*name))
        .collect();
    assert!(commands.len() > 10, "{commands:?}");
    names.insert("accept");
    names.extend(commands);
    assert_eq!(top.keys().map(String::as_str).collect::<BTreeSet<_>>(), names);
}
