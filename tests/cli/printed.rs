//! Every text that may be printed, as a list that is read whenever it changes: `tests/cli/printed.txt`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The files of Rust of every crate that is part of the program, in order.
pub(super) fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for krate in std::fs::read_dir(super::root().join("crates")).unwrap() {
        let krate = krate.unwrap().path();
        if !krate.ends_with("iamsure-testkit") {
            super::links::below(&krate.join("src"), "rs", &mut found);
        }
    }
    found.sort();
    found
}

/// The texts of a source file that may be printed: literals of more than one word, and with `help` the comments that are
/// help. Tests are left out.
pub(super) fn texts(path: &Path, help: bool) -> Vec<String> {
    let is_test =
        |part: &std::ffi::OsStr| part.to_string_lossy().trim_end_matches(".rs").ends_with("tests");
    if path.components().any(|part| is_test(part.as_os_str())) {
        return Vec::new();
    }
    let source = std::fs::read_to_string(path).unwrap();
    let is_args =
        path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("args"));
    let mut found = Texts { has_help: help && is_args, found: Vec::new() };
    found.add(source.parse().unwrap());
    found.found
}

struct Texts {
    /// Whether comments are help.
    has_help: bool,
    found: Vec<String>,
}

impl Texts {
    fn add(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut is_of_tests = false;
        while let Some(token) = tokens.next() {
            match token {
                // An attribute: `#[…]` or `#![…]`.
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    let _ = tokens.next_if(
                        |next| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!'),
                    );
                    if let Some(TokenTree::Group(group)) = tokens.next_if(|next| {
                        matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
                    }) {
                        let text = group.stream().to_string();
                        let is_of = |name: &str| text.starts_with(name);
                        is_of_tests |= text.replace(' ', "") == "cfg(test)";
                        let is_printed = if is_of("doc") { self.has_help } else { !is_of("expect") };
                        if is_printed {
                            self.add(group.stream());
                        }
                    }
                }
                // What is for tests alone ends with its body.
                TokenTree::Group(group) if is_of_tests && group.delimiter() == Delimiter::Brace => {
                    is_of_tests = false;
                }
                TokenTree::Punct(mark) if is_of_tests && mark.as_char() == ';' => {
                    is_of_tests = false;
                }
                TokenTree::Group(group) if !is_of_tests => self.add(group.stream()),
                TokenTree::Literal(literal) if !is_of_tests => {
                    let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                    let text = text.map(|text| text.value()).unwrap_or_default();
                    if text.trim().contains([' ', '\n']) {
                        self.found.push(text.trim().to_owned());
                    }
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_printed_text_is_listed() {
    let mut page = String::from(
        "Every text that may be printed, by the file it is in; {} stands for what is filled in. Help is in docs/reference/commands.md.\n\
         `UPDATE_DOCS=1 cargo test --test cli printed` writes this list. Read what changed: plain words, the verdict first.\n",
    );
    let root = super::root();
    for path in sources() {
        let texts = texts(&path, false);
        if texts.is_empty() {
            continue;
        }
        let name = path.strip_prefix(&root).unwrap().display();
        writeln!(page, "\n{name}").unwrap();
        for text in texts {
            writeln!(page, "  {}", text.replace('\n', "\n    ")).unwrap();
        }
    }
    let page: Vec<&str> = page.lines().map(str::trim_end).collect();
    super::pages::check("tests/cli/printed.txt", &format!("{}\n", page.join("\n")));
}
