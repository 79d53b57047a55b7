//! `iamsure docs write`

use iamsure_core::language::Source;
use iamsure_review::documentation::finding::{Bearing, Code, Finding};
use iamsure_review::documentation::reference::Shelved;
use iamsure_review::documentation::{Syntax, block, check};

use super::files::{around, shelf, text_of, under};
use super::{Failure, document, exit, internal};
use crate::args::DocsWriteArgs;
use crate::exit::Exit;
use crate::render::diagnostic::of_document;
use crate::render::docs as render;
use crate::render::layout::Drawing;
use crate::streams::Streams;
use crate::written;

pub(super) fn run(args: &DocsWriteArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut worst = Bearing::Aside;
    let mut out = String::new();
    let mut blocks = 0;
    for file in under(&args.paths)? {
        if file.as_os_str() == "-" {
            return Err(Failure::Message(
                "standard input cannot be written back; `iamsure docs print -` prints its tables"
                    .to_owned(),
            ));
        }
        let (source, read) = match text_of(&file, streams)? {
            Ok(source) => {
                let read = document(&source);
                (source, read)
            }
            Err((source, finding)) => (source, Err(finding)),
        };
        let found = match read {
            Ok(document) => changes(&document, args, &shelf(&file, streams), &source)?,
            Err(finding) => Changes {
                findings: vec![finding],
                after: source.text().to_owned(),
                ..Changes::default()
            },
        };
        blocks += found.blocks + found.bound;
        let bearing = found.findings.iter().map(|finding| finding.code.bearing()).max();
        worst = worst.max(bearing.unwrap_or(Bearing::Aside));
        streams.note(&of_document(&source, &found.findings, Drawing::of_errors(streams)));
        if found.after == source.text() {
            continue;
        }
        if args.diff {
            out.push_str(&render::diff(source.name(), source.text(), &found.after));
            continue;
        }
        written::write(&file, Some(source.text()), &found.after)?;
        let said = said(found.written, found.cells);
        out.extend([source.name(), ": ", &said, "\n"]);
    }
    if out.is_empty() && worst == Bearing::Aside {
        out = match blocks {
            0 => "there is no table to write: add an `iamsure:begin` and an `iamsure:end` comment where it belongs\n".to_owned(),
            _ => "nothing to change\n".to_owned(),
        };
    }
    streams.print(&out)?;
    Ok(exit(worst))
}

/// What is to be changed in one document.
#[derive(Default)]
struct Changes {
    /// The text with them.
    after: String,
    /// How many generated tables are written.
    written: usize,
    /// How many cells of bound tables are put right.
    cells: usize,
    findings: Vec<Finding>,
    blocks: usize,
    bound: usize,
}

fn changes(
    document: &iamsure_review::documentation::Document,
    args: &DocsWriteArgs,
    shelf: &impl Fn(&str, Option<&str>) -> Result<Shelved, String>,
    source: &Source,
) -> Result<Changes, Failure> {
    let written = block::write(document, around(shelf), args.force)
        .map_err(|error| internal(source, &error))?;
    if let Some(refused) = refused(document, written.blocks) {
        return Ok(Changes {
            after: source.text().to_owned(),
            findings: vec![refused],
            blocks: written.blocks,
            ..Changes::default()
        });
    }
    let mut fixes = written.fixes;
    let mut changes = Changes {
        written: fixes.len(),
        findings: written.findings,
        blocks: written.blocks,
        ..Changes::default()
    };
    if args.fix_cells {
        let checked =
            check::check(document, around(shelf)).map_err(|error| internal(source, &error))?;
        changes.bound = checked.bound;
        changes.cells = checked.fixes.len();
        fixes.extend(checked.fixes);
        // What cannot be put right is still wrong.
        changes.findings.extend(checked.findings.into_iter().filter(|finding| {
            finding.code.bearing() == Bearing::Broken || finding.code == Code::UnsettledCell
        }));
        changes.findings.dedup();
    }
    changes.after = block::settle(document, &fixes, around(shelf), args.force)
        .map_err(|error| internal(source, &error))?;
    Ok(changes)
}

/// Why nothing is written into a document with so many blocks, if that is so.
fn refused(document: &iamsure_review::documentation::Document, blocks: usize) -> Option<Finding> {
    let language = match document.syntax {
        Syntax::AsciiDoc => "AsciiDoc",
        Syntax::ReStructuredText => "reStructuredText",
        Syntax::Markdown | Syntax::Mdx | Syntax::Other => return None,
    };
    let first =
        document.comments.iter().find(|comment| comment.text.starts_with("iamsure:begin"))?;
    let message = format!("no table is written into {language}: only the policies in it are read");
    let help = "`iamsure docs print` prints the table, in HTML for a pass-through block or a raw directive";
    (blocks > 0).then(|| Finding::new(Code::BadMarker, first.span, message).help(help))
}

fn said(blocks: usize, cells: usize) -> String {
    let count = |number: usize, noun: &str| match number {
        0 => None,
        1 => Some(format!("1 {noun}")),
        several => Some(format!("{several} {noun}s")),
    };
    let parts: Vec<String> = [
        count(blocks, "generated table").map(|text| format!("{text} written")),
        count(cells, "cell").map(|text| format!("{text} corrected")),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}
