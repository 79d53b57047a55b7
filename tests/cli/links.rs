//! Links in the pages lead somewhere, and every page is in the book.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The pages that are read by people: those at the root, and all of `docs`.
fn pages() -> Vec<PathBuf> {
    let root = super::root();
    let mut found: Vec<PathBuf> = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        .iter()
        .map(|name| root.join(name))
        .collect();
    below(&root.join("docs"), "md", &mut found);
    found.sort();
    found
}

/// The files below a folder whose names end so.
pub(super) fn below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

/// Where the links of a page lead.
fn links(text: &str) -> Vec<String> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some(dest_url.into_string())
            }
            _ => None,
        })
        .collect()
}

/// The anchors of the headings of a page, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let anchor: String = heading
                    .take()
                    .unwrap_or_default()
                    .to_lowercase()
                    .chars()
                    .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
                    .map(|c| if c == ' ' { '-' } else { c })
                    .collect();
                let mut unused = anchor.clone();
                let mut count = 0;
                while !found.insert(unused.clone()) {
                    count += 1;
                    unused = format!("{anchor}-{count}");
                }
            }
            _ => {}
        }
    }
    found
}

/// What is wrong with a link of a page, if anything is.
fn fault(page: &Path, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => page.to_owned(),
        _ => page.parent()?.join(path),
    };
    if !target.exists() {
        return Some(format!("there is no {path}"));
    }
    if anchor.is_empty() || target.extension().is_none_or(|extension| extension != "md") {
        return None;
    }
    let has_anchor = anchors(&std::fs::read_to_string(&target).unwrap()).contains(anchor);
    (!has_anchor).then(|| format!("no heading of {} is #{anchor}", target.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        for link in links(&std::fs::read_to_string(&page).unwrap()) {
            count += 1;
            if let Some(fault) = fault(&page, &link) {
                faults.push(format!("{}: {link}: {fault}", page.display()));
            }
        }
    }
    assert!(count > 500, "too few links were seen: {count}");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = super::root().join("docs/diff.md");
    assert!(fault(&page, "no-such-page.md").is_some());
    assert!(fault(&page, "lint.md#no-such-heading").is_some());
    assert!(fault(&page, "#no-such-heading").is_some());
    assert!(fault(&page, "../no-such-page.md").is_some());
    assert!(fault(&page, "lint.md#statements-without-effect").is_none());
    assert!(fault(&page, "#in-a-pull-request").is_none());
}

#[test]
fn every_page_is_in_the_book_once() {
    let docs = super::root().join("docs");
    let summary = docs.join("SUMMARY.md");
    let listed: Vec<PathBuf> = links(&std::fs::read_to_string(&summary).unwrap())
        .iter()
        .map(|link| docs.join(link))
        .collect();
    let there: BTreeSet<PathBuf> =
        pages().into_iter().filter(|page| page.starts_with(&docs) && *page != summary).collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), there);
    assert_eq!(listed.len(), there.len(), "a page is listed twice");
}
