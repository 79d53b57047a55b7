//! `iamsure explain`

use std::fmt::Write as _;

use crate::identifier::Identifier;
use iamsure_review::finding::FindingCode;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::layout::wrap;
use crate::render::words::on_one_line;
use crate::streams::Streams;

/// How wide the text is.
const WIDTH: usize = 100;

pub(crate) fn run(args: &ExplainArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let Some(code) = &args.code else {
        streams.print(&listed())?;
        return Ok(Exit::AsExpected);
    };
    let meant = Identifier::named(code);
    if meant.is_empty() {
        let meant = Identifier::closest(code)
            .map(|name| format!(" (did you mean `{name}`?)"))
            .unwrap_or_default();
        return Err(Failure::Message(format!(
            "unknown name `{}`{meant}; `iamsure explain` lists all names",
            on_one_line(code)
        )));
    }
    let mut text = String::new();
    for (number, identifier) in meant.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "{} ({})", identifier.name(), identifier.kind());
        let see = format!("See {}.", identifier.page());
        for paragraph in identifier.paragraphs().into_iter().chain([see]) {
            text.push('\n');
            for line in wrap(&paragraph, Some(WIDTH), "") {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    streams.print(&text)?;
    Ok(Exit::AsExpected)
}

/// Everything that can be explained, by kind.
fn listed() -> String {
    let mut by_page: Vec<(&'static str, Vec<String>)> = Vec::new();
    for identifier in Identifier::all() {
        let name = identifier.name().to_owned();
        match by_page.iter_mut().find(|(page, _)| *page == identifier.page()) {
            Some((_, names)) => names.push(name),
            None => by_page.push((identifier.page(), vec![name])),
        }
    }
    let mut text = String::new();
    for (page, names) in by_page {
        let _ = writeln!(text, "{page}");
        for line in wrap(&names.join(", "), Some(WIDTH), "") {
            let _ = writeln!(text, "  {line}");
        }
        text.push('\n');
    }
    text.push_str("`iamsure explain NAME` explains one of them.\n");
    text
}

/// The code of a finding about policies of this name.
///
/// # Errors
/// If there is none.
pub(crate) fn named(name: &str) -> Result<FindingCode, Failure> {
    FindingCode::all().find(|code| code.name() == name).ok_or_else(|| {
        let meant = FindingCode::closest(name)
            .map(|code| format!(" (did you mean `{}`?)", code.name()))
            .unwrap_or_default();
        let name = on_one_line(name);
        Failure::Message(format!("unknown code `{name}`{meant}; docs/findings.md lists them all"))
    })
}
