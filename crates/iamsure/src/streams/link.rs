//! Places of files as links that a terminal opens (OSC 8). A link leads to a file that this run read, and nowhere else,
//! whatever the text around it says.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anstyle_hyperlink::{Editor, Hyperlink};
use iamsure_review::foreign::Sink;
use regex::{Captures, Regex};

/// The files that places may lead to.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What a place looks like.
    place: Option<Regex>,
    hostname: Option<String>,
    /// Absolute paths by the names that are printed.
    files: HashMap<String, PathBuf>,
}

impl Links {
    /// For a terminal of this machine.
    pub(super) fn new() -> Self {
        let hostname = anstyle_hyperlink::hostname().ok().and_then(|name| name.into_string().ok());
        Self { place: Regex::new(PLACE).ok(), hostname, files: HashMap::new() }
    }

    /// From now on, places in this file are links.
    pub(super) fn add(&mut self, name: &str) {
        if let Ok(path) = Path::new(name).canonicalize() {
            self.files.insert(Sink::Line.text(name).into_owned(), path);
        }
    }

    /// The text with each `FILE:LINE:COLUMN` as a link. A name that holds a blank is not found.
    pub(super) fn add_to<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match &self.place {
            Some(place) if !self.files.is_empty() => {
                place.replace_all(text, |found: &Captures<'_>| self.link(found))
            }
            _ => Cow::Borrowed(text),
        }
    }

    fn link(&self, found: &Captures<'_>) -> String {
        let [before, name, line, column] = ["before", "name", "line", "column"]
            .map(|group| found.name(group).map_or("", |part| part.as_str()));
        let url = line.parse().ok().zip(column.parse().ok()).and_then(|(line, column)| {
            Editor::Kitty.to_url(self.hostname.as_deref(), self.files.get(name)?, line, column)
        });
        let Some(url) = url else {
            return found.get_match().as_str().to_owned();
        };
        let link = Hyperlink::with_url(url);
        format!("{before}{link}{name}:{line}:{column}{link:#}")
    }
}

/// A place, and what may stand right before its name: a blank, a bracket or a style.
const PLACE: &str = r"(?m)(?<before>^|[ \t\n(]|\x1b\[[0-9;]*m)(?<name>[^ \t\n(:\x1b]+):(?<line>[1-9][0-9]*):(?<column>[1-9][0-9]*)";

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        let files = [("role.json".to_owned(), "/policies/role.json".into())];
        Links { hostname: Some("here".to_owned()), files: files.into(), ..Links::new() }
    }

    #[test]
    fn a_place_of_a_file_that_was_read_is_a_link() {
        let open = "\u{1b}]8;;file://here/policies/role.json#3\u{1b}\\";
        let close = "\u{1b}]8;;\u{1b}\\";
        for (before, after) in
            [("  Deny A   ", "\n next"), ("\u{1b}[94m--> \u{1b}[0m", "\n"), ("(", ")")]
        {
            let text = format!("{before}role.json:3:14{after}");
            let shown = links().add_to(&text).into_owned();
            assert_eq!(shown, format!("{before}{open}role.json:3:14{close}{after}"));
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "other.json:3:14",
            "role.json:3",
            "role.json:03:14",
            "x/role.json:1:1",
            "role.json",
            "",
            " \n",
            "a:1:2",
        ] {
            assert_eq!(links().add_to(text), text);
        }
    }
}
