//! `iamsure explain`

use std::fmt::Write as _;

use iamsure_review::finding::FindingCode;
use iamsure_review::identifier::Identifier;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::layout::wrap;
use crate::render::words::on_one_line;
use crate::streams::Streams;

/// How wide the text is.
const WIDTH: usize = 100;

pub(crate) fn run(args: &ExplainArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let meant = Identifier::named(&args.code);
    if meant.is_empty() {
        let meant = Identifier::closest(&args.code)
            .map(|name| format!(" (did you mean `{name}`?)"))
            .unwrap_or_default();
        return Err(Failure::Message(format!(
            "unknown name `{}`{meant}; see docs/findings.md for finding codes, docs/review-claims.md for review claims, docs/switches.md for switches, docs/conformance.md for rules",
            on_one_line(&args.code)
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
