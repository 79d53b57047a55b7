//! Every law holds for its seeds: `cargo test --manifest-path fuzz/Cargo.toml`.

use std::path::Path;
use std::process::Command;

fn replays(program: &str, target: &str) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    let output = Command::new(program).arg(seeds).output().expect("the replayer runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complained}");
}

#[test]
fn document() {
    replays(env!("CARGO_BIN_EXE_document"), "document");
}

#[test]
fn pattern() {
    replays(env!("CARGO_BIN_EXE_pattern"), "pattern");
}

#[test]
fn operator() {
    replays(env!("CARGO_BIN_EXE_operator"), "operator");
}

#[test]
fn variable() {
    replays(env!("CARGO_BIN_EXE_variable"), "variable");
}

#[test]
fn agree() {
    replays(env!("CARGO_BIN_EXE_agree"), "agree");
}

#[test]
fn table() {
    replays(env!("CARGO_BIN_EXE_table"), "table");
}

#[test]
fn claim() {
    replays(env!("CARGO_BIN_EXE_claim"), "claim");
}

#[test]
fn inject() {
    replays(env!("CARGO_BIN_EXE_inject"), "inject");
}

#[test]
fn record() {
    replays(env!("CARGO_BIN_EXE_record"), "record");
}

#[test]
fn container() {
    replays(env!("CARGO_BIN_EXE_container"), "container");
}
