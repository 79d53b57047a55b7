//! `iamsure explain`

use std::fmt::Write as _;

use iamsure_review::finding::FindingCode;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::layout::wrap;
use crate::streams::Streams;

/// How wide the text is.
const WIDTH: usize = 100;

pub(crate) fn run(args: &ExplainArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let code = named(&args.code)?;
    let mut text = format!("{} ({}, rule {})\n\n", code.name(), code.grade(), code.rule());
    let paragraphs = code.page().into_iter().flat_map(|page| page.split("\n\n"));
    for (number, paragraph) in std::iter::once(code.summary()).chain(paragraphs).enumerate() {
        if number > 0 {
            text.push('\n');
        }
        for line in wrap(paragraph, Some(WIDTH), "") {
            let _ = writeln!(text, "{line}");
        }
    }
    streams.print(&text)?;
    Ok(Exit::AsExpected)
}

/// The code of this name.
///
/// # Errors
/// If there is none.
pub(crate) fn named(name: &str) -> Result<FindingCode, Failure> {
    FindingCode::all().find(|code| code.name() == name).ok_or_else(|| {
        let meant = FindingCode::closest(name)
            .map(|code| format!(" (did you mean `{}`?)", code.name()))
            .unwrap_or_default();
        let name = crate::render::words::on_one_line(name);
        Failure::Message(format!(
            "there is no code `{name}`{meant}; docs/findings.md lists them all"
        ))
    })
}
