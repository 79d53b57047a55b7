//! Reading a suite: the whole file, and what it extends.

mod callers;
mod cases;
mod claim;
mod fields;

use std::collections::BTreeSet;

use iamsure_core::language::Source;
use iamsure_core::world::evidence::FixedKey;
use iamsure_core::world::{CallPaths, Requester, Switches};

use super::Suite;
use super::error::SuiteError;
use super::principal::principals;
use super::sets::{NamedSet, SetReader};
use super::shelf::Shelf;
use super::test::{Body, Test};
use crate::path_file;
use crate::tree::{self, Misread, Node, Shape, Value};
use fields::TestReader;

/// The fields of a suite.
pub(super) const FIELDS: [&str; 7] =
    ["extends", "policies", "principals", "contexts", "paths", "switches", "tests"];

/// The fields of a test.
pub(super) const TEST_FIELDS: [&str; 23] = [
    "name",
    "claim",
    "rule",
    "why",
    "source",
    "todo",
    "policies",
    "principal",
    "principals",
    "action",
    "actions",
    "resource",
    "resources",
    "resource-account",
    "context",
    "contexts",
    "path",
    "paths",
    "switches",
    "given",
    "allow-unpublished",
    "expect",
    "id",
];

/// How many suites one may extend, with those that these extend.
const MAX_EXTENDED: usize = 1_000;

/// How deep suites may extend each other.
const MAX_DEPTH: usize = 16;

/// Reads a suite and everything it names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(source: &Source, shelf: &mut dyn Shelf) -> Result<Suite, Vec<SuiteError>> {
    read_over(source, shelf, Vec::new(), Switches::default())
}

/// Reads a suite over policy sets that are there already.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read_over(
    source: &Source,
    shelf: &mut dyn Shelf,
    sets: Vec<NamedSet>,
    switches: Switches,
) -> Result<Suite, Vec<SuiteError>> {
    let mut reader = Reader {
        shelf,
        errors: Vec::new(),
        sets,
        principals: Vec::new(),
        contexts: Vec::new(),
        paths: CallPaths::new(switches),
        switches,
        tests: Vec::new(),
        work: 0,
        above: Vec::new(),
        extended: BTreeSet::new(),
    };
    reader.file(source, true);
    if reader.errors.is_empty() {
        let Reader { sets, paths, switches, tests, .. } = reader;
        Ok(Suite { source: source.clone(), sets, paths, switches, tests })
    } else {
        Err(reader.errors)
    }
}

struct Reader<'a> {
    shelf: &'a mut dyn Shelf,
    errors: Vec<SuiteError>,
    sets: Vec<NamedSet>,
    principals: Vec<(String, Requester)>,
    contexts: Vec<(String, Vec<FixedKey>)>,
    paths: CallPaths,
    switches: Switches,
    tests: Vec<Test>,
    /// How many statements the cases are held against.
    work: usize,
    /// The suites that extend the one that is read.
    above: Vec<String>,
    /// The suites that were extended: each is read once, on however many ways it is reached.
    extended: BTreeSet<String>,
}

impl Reader<'_> {
    fn refuse(&mut self, source: &Source, misread: Misread) {
        self.errors.push(SuiteError::of(source, misread));
    }

    /// Reads one file; its tests only if it is the suite itself.
    fn file(&mut self, source: &Source, is_suite: bool) {
        let document = match tree::document(source) {
            Ok(document) => document,
            Err(misread) => return self.refuse(source, misread),
        };
        let value = match document.fields("a suite", &FIELDS) {
            Ok(value) => value,
            Err(misread) => return self.refuse(source, misread),
        };
        if let Some(node) = value.get("extends") {
            self.above.push(source.name().to_owned());
            for item in node.one_or_many() {
                self.extend(source, item);
            }
            self.above.pop();
        }
        if let Some(node) = value.get("policies") {
            SetReader { source, shelf: &mut *self.shelf, errors: &mut self.errors }
                .sets(node, &mut self.sets);
        }
        let read = [
            value.get("switches").map(|node| self.all_switches(node)),
            value.get("principals").map(|node| principals(node, &mut self.principals)),
            value.get("contexts").map(|node| self.all_contexts(source, node)),
            value
                .get("paths")
                .map(|node| path_file::define(node, &file_name(source), &mut self.paths)),
        ];
        for misread in read.into_iter().flatten().filter_map(Result::err) {
            self.refuse(source, misread);
        }
        if !is_suite {
            return;
        }
        let Some(node) = value.get("tests") else {
            let message = "the suite has no tests";
            return self.refuse(
                source,
                Misread::at(document.span, message)
                    .help("add the expected decisions under `tests`; `iamsure test --init POLICY` writes a first suite"),
            );
        };
        let Value::List(items) = &node.value else {
            return self.refuse(source, Misread::at(node.span, "`tests` must be a list"));
        };
        for item in items {
            match self.test(source, item) {
                Ok(test) => {
                    if let Some(known) = self.tests.iter().find(|known| known.name == test.name) {
                        let place = source.place(known.span.start);
                        let message =
                            format!("duplicate test name `{}`; first used at {place}", test.name);
                        self.refuse(source, Misread::at(test.span, message));
                    }
                    self.tests.push(test);
                }
                Err(misread) => self.refuse(source, misread),
            }
        }
    }

    fn extend(&mut self, source: &Source, item: &Node) {
        let told =
            item.string("`extends` is the name of a suite, or a list of names").and_then(|name| {
                if self.above.len() > MAX_DEPTH {
                    return Err(Misread::at(item.span, "suites extend each other too deeply"));
                }
                let found = self.shelf.suite(source.name(), &name);
                let base = found.map_err(|error| Misread::at(item.span, error))?;
                if self.above.iter().any(|above| above == base.name()) {
                    let message = format!("circular `extends`: `{name}` extends this suite");
                    return Err(Misread::at(item.span, message));
                }
                if self.extended.len() >= MAX_EXTENDED {
                    let message = format!(
                        "suites extend more than {MAX_EXTENDED} others, the most that iamsure reads"
                    );
                    return Err(Misread::at(item.span, message));
                }
                Ok(base)
            });
        match told {
            Ok(base) if self.extended.contains(base.name()) => {}
            Ok(base) => {
                self.extended.insert(base.name().to_owned());
                self.file(&base, false);
            }
            Err(misread) => self.refuse(source, misread),
        }
    }

    fn all_switches(&mut self, node: &Node) -> Result<(), Misread> {
        self.switches = switches(node, self.switches)?;
        // The paths follow the switches, where they settle Q20.
        self.paths = CallPaths::new(self.switches);
        Ok(())
    }

    fn all_contexts(&mut self, source: &Source, node: &Node) -> Result<(), Misread> {
        for entry in node.entries("`contexts` must be a map of names to condition keys")? {
            let name = &entry.key.value;
            if self.contexts.iter().any(|(known, _)| known == name) {
                let message =
                    format!("the context `{name}` is already defined in a suite this one extends");
                return Err(Misread::at(entry.key.span, message));
            }
            self.contexts.push((name.clone(), path_file::keys(&entry.value, &file_name(source))?));
        }
        Ok(())
    }

    fn test(&mut self, source: &Source, node: &Node) -> Result<Test, Misread> {
        let value = node.fields("a test", &TEST_FIELDS)?;
        let text = |name: &str| {
            value
                .get(name)
                .map(|node| node.string(&format!("`{name}` must be a string")))
                .transpose()
        };
        let claim = value.get("claim");
        let name_node = value.get("name").or(claim).ok_or_else(|| {
            Misread::at(node.span, "the test has no name")
                .help("describe the expectation in `name`, or make it a `claim`")
        })?;
        let name = name_node.string("`name` must be a string")?;
        let rules = value
            .get("rule")
            .map_or_else(Vec::new, Shape::one_or_many)
            .into_iter()
            .map(|node| node.string("`rule` must be a string or a list of strings"))
            .collect::<Result<_, _>>()?;
        let reading = TestReader { reader: self, source, node, value };
        let body = match claim {
            Some(claim) => Body::Claim(Box::new(reading.claim(claim)?)),
            // What is still to do may not yet say everything.
            None => match reading.cases() {
                Err(_) if value.get("todo").is_some() => Body::Cases(Vec::new()),
                read => Body::Cases(read?),
            },
        };
        Ok(Test {
            name,
            span: name_node.span,
            rules,
            why: text("why")?,
            source: text("source")?,
            todo: text("todo")?,
            body,
        })
    }
}

/// What is said of keys in a file, without its folders.
fn file_name(source: &Source) -> String {
    source.name().rsplit('/').next().unwrap_or_default().to_owned()
}

fn switches(node: &Node, base: Switches) -> Result<Switches, Misread> {
    let mut chosen = Vec::new();
    node.one_or_many().into_iter().try_fold(base, |switches, item| {
        let text = item.string("`switches` must be a list of choices, such as Q4=any-element")?;
        switches.choose_once(&text, &mut chosen).map_err(|error| Misread::at(item.span, error))
    })
}
