//! `iamsure docs`

mod files;
mod write;

use std::path::Path;

use iamsure_core::language::{Source, Span};
use iamsure_review::documentation::Document;
use iamsure_review::documentation::block;
use iamsure_review::documentation::check::{self, Checked};
use iamsure_review::documentation::finding::{Bearing, Code, Finding};
use iamsure_review::documentation::scan;
use iamsure_truth::unanswered::Unanswered;

use crate::args::{DocsArgs, DocsCheckArgs, DocsCommand, DocsPrintArgs, DocsScanArgs, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::diagnostic::of_document;
use crate::render::docs as render;
use crate::render::layout::Drawing;
use crate::render::words::on_one_line;
use crate::streams::Streams;
use files::{around, text_of};

pub(crate) fn run(args: &DocsArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    match &args.command {
        DocsCommand::Check(args) => check(args, streams),
        DocsCommand::Write(args) => write::run(args, streams),
        DocsCommand::Print(args) => print(args, streams),
        DocsCommand::Scan(args) => scan(args, streams),
    }
}

/// The exit code for what was found.
const fn exit(bearing: Bearing) -> Exit {
    match bearing {
        Bearing::Aside => Exit::AsExpected,
        Bearing::No => Exit::No,
        Bearing::Broken => Exit::CouldNotRun,
    }
}

/// A check of the program's own that failed, in this document.
fn internal(source: &Source, error: &Unanswered) -> Failure {
    Failure::Internal(format!("{}: {error}", source.name()))
}

/// A document, or the finding that keeps it from being read.
fn document(source: &Source) -> Result<Document, Finding> {
    Document::read(source)
        .map_err(|error| Finding::new(Code::Unreadable, Span::default(), error.to_string()))
}

fn check(args: &DocsCheckArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut report = render::Report::default();
    for file in files::under(&args.paths)? {
        let source = match text_of(&file, streams)? {
            Ok(source) => source,
            Err((source, finding)) => {
                report
                    .add_checked(source, Checked { findings: vec![finding], ..Checked::default() });
                continue;
            }
        };
        let shelf = files::shelf(&file, streams);
        let checked = match document(&source) {
            Err(finding) => Checked { findings: vec![finding], ..Checked::default() },
            Ok(document) => {
                let checked = check::check(&document, around(&shelf))
                    .map_err(|error| internal(&source, &error))?;
                if args.diff {
                    let written = block::write(&document, around(&shelf), true)
                        .map_err(|error| internal(&source, &error))?;
                    let after = block::settle(&document, &written.fixes, around(&shelf), true)
                        .map_err(|error| internal(&source, &error))?;
                    report.diffs.push_str(&render::diff(source.name(), source.text(), &after));
                }
                checked
            }
        };
        report.add_checked(source, checked);
    }
    let text = match args.format {
        Format::Github => render::github(&report),
        Format::Json => render::json(&report),
        _ => render::human(&report, Drawing::here(streams)),
    };
    streams.print(&text)?;
    if report.tables() == 0 && report.bearing() == Bearing::Aside {
        if args.allow_none {
            return Ok(Exit::AsExpected);
        }
        return Err(Failure::Message(
            "no table is bound to a policy or generated, so nothing was checked; `iamsure docs scan` finds tables to bind, and --allow-none accepts this"
                .to_owned(),
        ));
    }
    Ok(exit(report.bearing()))
}

fn scan(args: &DocsScanArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut report = render::Report::default();
    let mut unread = false;
    for file in files::under(&args.paths)? {
        // Among many files of a folder some are no text; the others are still worth a look. One that was named is
        // to be looked at.
        let is_named = args.paths.contains(&file);
        let not_looked_at = |source: &Source, finding: &Finding| {
            format!("{}: skipped: {}\n", source.name(), finding.message)
        };
        let source = match text_of(&file, streams)? {
            Ok(source) => source,
            Err((source, finding)) => {
                streams.note(&not_looked_at(&source, &finding));
                unread |= is_named;
                continue;
            }
        };
        let document = match document(&source) {
            Ok(document) => document,
            Err(finding) => {
                streams.note(&not_looked_at(&source, &finding));
                unread |= is_named;
                continue;
            }
        };
        let scanned = scan::scan(&document).map_err(|error| internal(&source, &error))?;
        report.add_scanned(source, scanned);
    }
    let text = match args.format {
        Format::Github => render::github(&report),
        Format::Json => render::json(&report),
        _ => render::human(&report, Drawing::here(streams)),
    };
    streams.print(&text)?;
    Ok(exit(if unread { Bearing::Broken } else { report.bearing() }))
}

fn print(args: &DocsPrintArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let path = args.path.as_deref();
    let source = match (&args.marker, path) {
        (Some(marker), path) => {
            let name = path.map_or_else(|| "page.md".to_owned(), |path| path.display().to_string());
            let style = iamsure_review::documentation::Syntax::of(&name)
                .unwrap_or(iamsure_review::documentation::Syntax::Markdown)
                .comments();
            let begin = style.comment(&format!("iamsure:begin {marker}"));
            let end = style.comment("iamsure:end");
            // The fences of the document may be named too.
            let before = match path {
                Some(path) => match text_of(path, streams)? {
                    Ok(text) => text.text().to_owned(),
                    Err((source, finding)) => return unreadable(&source, finding, streams),
                },
                None => String::new(),
            };
            let without = match path {
                Some(_) => render::without_markers(&before),
                None => before,
            };
            Source::new(name, format!("{without}\n\n{begin}\n{end}\n"))
        }
        (None, Some(path)) => match text_of(path, streams)? {
            Ok(source) => source,
            Err((source, finding)) => return unreadable(&source, finding, streams),
        },
        (None, None) => return Err(Failure::Message("name a document".to_owned())),
    };
    let shelf = files::shelf(path.unwrap_or(Path::new("page.md")), streams);
    let found = match document(&source) {
        Ok(document) => {
            block::print(&document, around(&shelf)).map_err(|error| internal(&source, &error))?
        }
        Err(finding) => Err(finding),
    };
    match found {
        Ok(blocks) if blocks.is_empty() => Err(Failure::Message(format!(
            "{} has no generated table; add an `iamsure:begin` and an `iamsure:end` comment",
            source.name()
        ))),
        Ok(blocks) => {
            let text = format!("{}\n", blocks.join("\n\n"));
            if args.format == Format::Svg {
                let drawing = Drawing::of_picture(&args.drawing);
                let picture = render::picture(&source, &text, drawing).ok_or_else(|| {
                    Failure::Message(format!(
                        "{}: none of its tables can be drawn; pictures need tables in Markdown or MDX",
                        on_one_line(source.name())
                    ))
                })?;
                streams.print(&picture)?;
            } else {
                streams.print(&text)?;
            }
            Ok(Exit::AsExpected)
        }
        Err(finding) => unreadable(&source, finding, streams),
    }
}

/// Says what keeps a document from being used.
#[expect(clippy::unnecessary_wraps, reason = "it ends a command")]
fn unreadable(source: &Source, finding: Finding, streams: &mut Streams) -> Result<Exit, Failure> {
    streams.note(&of_document(source, &[finding], Drawing::of_errors(streams)));
    Ok(Exit::CouldNotRun)
}
