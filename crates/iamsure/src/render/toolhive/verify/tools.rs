//! The tools that a proxy lists, and what the role may do through each.

use iamsure_toolhive::exchange::Trust;
use iamsure_toolhive::road::{SessionMatrix, Started};
use iamsure_toolhive::tool::{AwsCalls, aws_calls};
use iamsure_truth::ask::Answer;

use super::{Offline, Report};
use crate::render::toolhive::block::Block;
use crate::render::toolhive::past;
use crate::render::words;

/// A tool, in words.
pub(super) struct Row {
    pub(super) tool: String,
    pub(super) calls: AwsCalls,
    /// What the role may do through it; `None` where nobody can say.
    pub(super) may: Option<String>,
}

/// Every tool of the list, in its order.
pub(super) fn rows(report: &Report<'_>) -> Vec<Row> {
    let tools = report.admitted.as_ref().and_then(|admitted| admitted.tools.as_deref());
    let row = |tool: &String| {
        let calls = report
            .offline
            .as_ref()
            .map_or(AwsCalls::Unknown, |offline| aws_calls(&offline.server, tool));
        let may = report.offline.as_ref().and_then(|offline| may(offline, calls));
        Row { tool: tool.clone(), calls, may }
    };
    tools.unwrap_or_default().iter().map(row).collect()
}

pub(super) fn blocks<'a>(report: &Report<'_>) -> Vec<Block<'a>> {
    let rows = rows(report);
    if rows.is_empty() {
        return Vec::new();
    }
    let Some(offline) = &report.offline else {
        let names = rows.iter().map(|row| words::on_one_line(&row.tool)).collect();
        return vec![
            Block::Heading("Tools".to_owned()),
            Block::Lines(names),
            Block::Lines(vec![
                "what the role may do through them: --manifests, --claims and --identity"
                    .to_owned(),
            ]),
        ];
    };
    let path = offline.journey.paths.first().map_or("", |path| path.name());
    let header = ["tool", "calls of AWS", "what the role may do"].map(str::to_owned).to_vec();
    let body = rows
        .into_iter()
        .map(|row| {
            let may = row.may.unwrap_or_else(|| "unknown".to_owned());
            vec![words::on_one_line(&row.tool), called(row.calls), words::on_one_line(&may)]
        })
        .collect();
    vec![
        Block::Heading(format!("Tools, on {}", words::on_one_line(path))),
        Block::Table { header, body },
    ]
}

fn called(calls: AwsCalls) -> String {
    match calls {
        AwsCalls::None => "none".to_owned(),
        AwsCalls::Any => "any".to_owned(),
        AwsCalls::WhenUsed(actions) => format!("{} when a URL is used", actions.join(", ")),
        AwsCalls::Unknown => "unknown".to_owned(),
    }
}

/// What the role may do through a tool; `None` if nobody has said what the tool does.
fn may(offline: &Offline<'_>, calls: AwsCalls) -> Option<String> {
    let text = match (calls, session(offline)) {
        (AwsCalls::Unknown, _) => return None,
        (AwsCalls::None, _) => "needs no permission".to_owned(),
        (_, Err(why)) => why,
        (AwsCalls::Any, Ok(session)) if session.depends(0) => {
            format!("{}; other actions depend: see the session", past::allowed_on(session, 0))
        }
        (AwsCalls::Any, Ok(session)) => past::allowed_on(session, 0),
        (AwsCalls::WhenUsed(actions), Ok(session)) => {
            let direct = session.matrix.paths.iter().position(|path| path.name() == "direct")?;
            let decided: Vec<_> = actions
                .iter()
                .map(|action| format!("{action} {}", decided(session, action, direct)))
                .collect();
            format!("{}, as a direct call (inferred)", decided.join(", "))
        }
    };
    Some(text)
}

/// The session of the token, or why there is none to speak of.
fn session<'a>(offline: &'a Offline<'_>) -> Result<&'a SessionMatrix, String> {
    let token = offline.road.tokens.first();
    let started = match token.and_then(|token| token.exchange.as_ref()) {
        Some(Ok(started)) => started,
        Some(Err(_)) => return Err("nothing: STS refuses the exchange".to_owned()),
        None => return Err("nothing is known: no role is selected".to_owned()),
    };
    let Started { exchange, trust, session } = started;
    let denied = trust.as_ref().and_then(Trust::succeeds) == Some(false);
    session.as_ref().ok_or_else(|| {
        if denied {
            "nothing: the trust policy denies the exchange".to_owned()
        } else {
            format!("not decided: no policy of {} was given (--identity)", exchange.role.name())
        }
    })
}

/// How an action is decided on the path with this index, on all resources that were asked about.
fn decided(session: &SessionMatrix, action: &str, path: usize) -> &'static str {
    let matrix = &session.matrix;
    let rows = matrix.questions.iter().zip(&matrix.answers);
    let mut answers = rows
        .filter(|(question, _)| question.action.as_str().eq_ignore_ascii_case(action))
        .map(|(_, answers)| answers.get(path).and_then(Answer::succeeds));
    match answers.next() {
        None => "depends",
        Some(first) if answers.any(|other| other != first) => "depends",
        Some(Some(true)) => "allowed",
        Some(Some(false)) => "denied",
        Some(None) => "depends",
    }
}
