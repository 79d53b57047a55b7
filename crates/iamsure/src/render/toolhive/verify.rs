//! What a visit to a running proxy showed, in its forms.

mod json;
mod tools;

pub(crate) use json::json;

use std::time::Duration;

use iamsure_mcp::{Admitted, Endpoint, Step, Trouble, Turned};
use iamsure_toolhive::check::{Check, Holds};
use iamsure_toolhive::reply;
use iamsure_toolhive::road::{Journey, Road};

use super::block::{self, Block};
use super::mapping;
use crate::render::layout::Drawing;
use crate::render::words;
use crate::streams::Finished;

/// A visit, and what manifests and policies say of it.
pub(crate) struct Report<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) turned: Turned,
    /// `None` without a token, or if the proxy was not reached.
    pub(crate) admitted: Option<Admitted>,
    pub(crate) checks: Vec<Check>,
    /// With the claims of the token.
    pub(crate) offline: Option<Offline<'a>>,
}

/// What manifests and policies say of the token.
pub(crate) struct Offline<'a> {
    pub(crate) road: Road<'a>,
    pub(crate) journey: Journey,
    /// The MCP server of AWS that sessions are used through.
    pub(crate) server: String,
}

/// The answer in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every step went well and every check holds.
    Verified,
    /// One did not.
    NotVerified,
    /// The proxy never answered.
    NotReached,
}

impl Report<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        let first = self.turned.steps.first().and_then(|step| step.result.as_ref().err());
        if first.is_some_and(Trouble::is_unreachable) {
            Verdict::NotReached
        } else if self.failures() == 0 {
            Verdict::Verified
        } else {
            Verdict::NotVerified
        }
    }

    fn steps(&self) -> impl Iterator<Item = &Step> {
        let with_token = self.admitted.iter().flat_map(|admitted| &admitted.steps);
        self.turned.steps.iter().chain(with_token)
    }

    fn failures(&self) -> usize {
        self.steps().filter(|step| step.result.is_err()).count()
            + self.checks.iter().filter(|check| check.holds == Holds::No).count()
    }

    /// The verdict, in a line.
    fn headline(&self) -> String {
        let url = self.endpoint.url();
        match self.verdict() {
            Verdict::NotReached => format!("NOT REACHED  {url}: unreachable"),
            Verdict::NotVerified => match self.failures() {
                1 => format!("NOT VERIFIED  {url}: 1 check failed"),
                count => format!("NOT VERIFIED  {url}: {count} checks failed"),
            },
            Verdict::Verified => match &self.admitted {
                Some(admitted) => format!(
                    "VERIFIED  {url}: it refuses requests without a token, and lists {} with it",
                    super::counted(admitted.tools.as_ref().map_or(0, Vec::len), "tool")
                ),
                None => format!(
                    "VERIFIED  {url}: it refuses requests without a token; no token was given for further checks"
                ),
            },
        }
    }
}

/// For a terminal.
pub(crate) fn table(report: &Report<'_>, drawing: Drawing) -> Finished {
    block::for_terminal(page(report), drawing)
}

/// For documents.
pub(crate) fn markdown(report: &Report<'_>) -> String {
    block::for_documents(page(report))
}

fn page<'a>(report: &'a Report<'_>) -> Vec<Block<'a>> {
    let mut blocks = vec![Block::Lines(vec![report.headline()])];
    blocks.extend(steps("Without a token", &report.turned.steps));
    let (agreement, published): (Vec<_>, Vec<_>) =
        report.checks.iter().partition(|check| check.code == "agreement");
    if !published.is_empty() {
        blocks.push(Block::Heading("What the proxy publishes".to_owned()));
        blocks.push(Block::Lines(lines(&published)));
    }
    if let Some(admitted) = &report.admitted {
        blocks.extend(steps("With the token", &admitted.steps));
    }
    if let Some(Offline { road, journey, .. }) = &report.offline {
        blocks.push(Block::Heading(super::heading(road)));
        blocks.push(Block::Lines(mapping::facts(road)));
        let notes = mapping::notes(road);
        blocks.push(mapping::table(road, &notes));
        blocks.push(Block::Lines(mapping::legend(road)));
        if !notes.is_empty() {
            let notes = notes.iter().map(|(mark, text)| format!("({mark}) {text}"));
            blocks.push(Block::Lines(notes.collect()));
        }
        if !agreement.is_empty() {
            blocks.push(Block::Lines(lines(&agreement)));
        }
        blocks.extend(super::exchanges(road, journey));
        blocks.extend(super::sessions(road));
    }
    blocks.extend(tools::blocks(report));
    blocks
}

/// The steps of a visit: what was asked, what came, how long it took; then what to do where one failed.
fn steps<'a>(title: &str, steps: &[Step]) -> Vec<Block<'a>> {
    let header = ["", "asked", "answer", "time"].map(str::to_owned).to_vec();
    let row = |step: &Step| {
        let mark = if step.result.is_ok() { "ok" } else { "NO" };
        vec![mark.to_owned(), asked(step), answer(step), milliseconds(step.took)]
    };
    let mut blocks = vec![
        Block::Heading(title.to_owned()),
        Block::Table { header, body: steps.iter().map(row).collect() },
    ];
    let help: Vec<_> = steps
        .iter()
        .filter_map(|step| Some(format!("{}: {}", asked(step), advice(step)?)))
        .collect();
    if !help.is_empty() {
        blocks.push(Block::Lines(help));
    }
    blocks
}

fn asked(step: &Step) -> String {
    words::on_one_line(&step.request.to_string())
}

fn answer(step: &Step) -> String {
    let came = step.came.as_ref().map(|came| {
        if came.media_type.is_empty() {
            came.status.to_string()
        } else {
            format!("{} {}", came.status, words::on_one_line(&came.media_type))
        }
    });
    let meaning = match &step.result {
        Ok(note) => note.to_string(),
        // The status stands before it already.
        Err(trouble) => {
            let text = trouble.to_string();
            let status = step.came.as_ref().map(|came| format!("{}: ", came.status));
            let rest = status.and_then(|status| text.strip_prefix(&status).map(str::to_owned));
            rest.unwrap_or(text)
        }
    };
    match came {
        Some(came) => format!("{came}: {}", words::on_one_line(&meaning)),
        None => words::on_one_line(&meaning),
    }
}

/// What to do about a step that failed: by the sentence of ToolHive or AWS, or by the kind of trouble.
fn advice(step: &Step) -> Option<&'static str> {
    let trouble = step.result.as_ref().err()?;
    reply::advice(&trouble.to_string()).or_else(|| trouble.advice())
}

fn milliseconds(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

fn lines(checks: &[&Check]) -> Vec<String> {
    let mut lines = Vec::new();
    for check in checks {
        let mark = match check.holds {
            Holds::Yes => "ok  ",
            Holds::Aside => "note",
            Holds::No => "NO  ",
        };
        lines.push(format!("{mark}  {}", words::on_one_line(&check.found)));
        lines.extend(check.help.iter().map(|help| format!("      {}", words::on_one_line(help))));
    }
    lines
}
