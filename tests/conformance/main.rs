//! `docs/conformance.md` is what the corpus, the program and the differential runs say; every rule has a case or a reason.
//!
//! `UPDATE_DOCS=1 cargo test --test conformance` rewrites the page. Read the difference before committing it.

use std::path::{Path, PathBuf};

use iamsure_testkit::conformance::Conformance;
use iamsure_testkit::event_table;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_rule_has_a_case_or_a_reason() {
    let found = Conformance::read(&root()).unwrap().faults(&root());
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether the page of that name is this one, after it was written if so asked.
fn is_written(name: &str, page: &str) -> std::io::Result<bool> {
    let path = root().join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page)?;
    }
    Ok(std::fs::read_to_string(&path)? == page)
}

#[test]
fn the_page_is_what_was_found() {
    let page = Conformance::read(&root()).unwrap().page().unwrap();
    assert!(
        is_written("docs/conformance.md", &page).unwrap(),
        "run UPDATE_DOCS=1 cargo test --test conformance"
    );
}

#[test]
fn the_tables_of_event_patterns_are_what_is_decided() {
    let tables = event_table::load(&root().join("corpus/tables/event-patterns.yaml")).unwrap();
    let page = event_table::page(&tables).unwrap();
    assert!(
        is_written("docs/event-patterns.md", &page).unwrap(),
        "run UPDATE_DOCS=1 cargo test --test conformance"
    );
}
