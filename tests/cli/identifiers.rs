//! Whatever is printed by name is explained.

use std::collections::BTreeSet;

use iamsure::identifier::Identifier;
use regex::Regex;

#[test]
fn every_identifier_of_a_transcript_is_explained() {
    // `warning[some-code]`, `Q20`, `C-45`, `KC-5`.
    let printed = Regex::new(
        r"(?:error|warning|note)\[([a-z0-9-]+)\]|\b(Q[0-9]{1,2}|(?:KC|[A-Z])-[0-9]{1,2})\b",
    )
    .unwrap();
    let known: BTreeSet<String> =
        Identifier::all().iter().map(|identifier| identifier.name().to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut unknown = BTreeSet::new();
    for entry in std::fs::read_dir(super::root().join("tests/cli")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "trycmd") {
            continue;
        }
        for found in printed.captures_iter(&std::fs::read_to_string(&path).unwrap()) {
            let name = found.get(1).or_else(|| found.get(2)).unwrap().as_str().to_owned();
            if !known.contains(&name) {
                unknown.insert(format!("{}: {name}", path.display()));
            }
            seen.insert(name);
        }
    }
    assert!(seen.len() > 30, "too few were seen for the expression to be right: {seen:?}");
    assert!(unknown.is_empty(), "{unknown:#?}");
}
