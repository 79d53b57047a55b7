//! The command line as people use it: transcripts, and pages that are made from the code.
//!
//! `TRYCMD=overwrite cargo test --test cli` rewrites transcripts; `UPDATE_DOCS=1` rewrites pages. Read the
//! difference before you keep it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod commands;
mod documents;
mod exits;
mod identifiers;
mod lines;
mod links;
mod live;
mod manual;
mod markdown;
mod pages;
mod paths_page;
mod picture;
mod printed;
mod project;
mod report_page;
mod robustness;
mod schemas;
#[expect(clippy::indexing_slicing, reason = "tests")]
#[path = "../mcp/server.rs"]
mod server;
#[expect(clippy::indexing_slicing, reason = "tests")]
#[path = "../mcp/stand_in.rs"]
mod stand_in;
mod strangers;
mod topics;
mod words;

use std::path::{Path, PathBuf};

/// The root of the repository, from where every transcript runs.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

#[test]
fn transcripts_are_true() {
    std::env::set_current_dir(root()).unwrap();
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("README.md")
        .case("docs/*.md")
        .case("docs/*/*.md")
        .case("tests/cli/*.trycmd");
}
