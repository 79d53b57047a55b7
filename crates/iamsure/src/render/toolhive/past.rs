//! What the manifests cannot enforce: roles that can be had past the mappings.

use iamsure_core::decision::Verdict;
use iamsure_core::world::{KeyState, PolicySet};
use iamsure_toolhive::bypass::Witness;
use iamsure_toolhive::road::{Journey, Road, RoleBypass, SessionMatrix};

use iamsure_truth::ask::Answer;

use super::block::Block;
use crate::render::words;

pub(super) fn blocks<'a>(road: &Road<'_>, journey: &Journey) -> Vec<Block<'a>> {
    let mut lines = Vec::new();
    for found in &road.bypasses {
        lines.extend(of_role(found, journey));
    }
    if road.bypasses.iter().all(|found| found.bypass.found.is_none()) {
        lines = vec![
            "not decided: no trust policy was given (--trust). ToolHive selects the role, but only the trust policies can enforce that choice"
                .to_owned(),
        ];
    }
    vec![Block::Heading("What the manifests cannot enforce".to_owned()), Block::Lines(lines)]
}

fn of_role(found: &RoleBypass, journey: &Journey) -> Vec<String> {
    let role = found.bypass.role.name();
    let Some(facts) = &found.bypass.found else {
        return vec![format!(
            "{role}: not decided: no trust policy was given (--trust {role}=FILE)"
        )];
    };
    let mut lines = Vec::new();
    let policies = journey.policies_of(&found.bypass.role);
    match &facts.witness {
        Some(witness) => {
            let who = match (facts.takes_any_token(), witness.certain) {
                (Some(true), _) => {
                    "any holder of a token with this audience can assume it directly from STS, regardless of the mappings"
                }
                (_, true) => "it can be assumed directly from STS, bypassing the mappings",
                (_, false) => {
                    "it may be possible to assume it directly from STS, bypassing the mappings, depending on unknown facts"
                }
            };
            lines.push(format!("{role}: {who}"));
            lines.extend(shown(witness, &policies));
            lines.push(format!("    that session may then: {}", powers(found)));
        }
        None if facts.kept_out.is_empty() && facts.anybody.is_none() => {
            lines.push(format!(
                "{role}: nothing was tried: no token here is mapped to another role, and no audience is known"
            ));
        }
        None => lines.push(format!(
            "{role}: the trust policy accepts none of the tokens tried without the mappings"
        )),
    }
    for kept in &facts.kept_out {
        let by = if kept.by.is_empty() {
            "the trust policy does not allow it".to_owned()
        } else {
            kept.by.join("; ")
        };
        lines.push(format!(
            "    not for {}: {}",
            words::on_one_line(&kept.tokens.join(", ")),
            words::on_one_line(&by)
        ));
    }
    if let Some(answer) = facts.anybody.as_ref().filter(|answer| answer.succeeds() != Some(true)) {
        lines.push(format!("    of all tokens with this audience it accepts {}", taken(answer)));
    }
    for token in &facts.undecided {
        lines.push(format!(
            "    undecided for {}: no successful request was found, but none could be ruled out",
            words::on_one_line(token)
        ));
    }
    lines
}

/// Which tokens the trust policy takes.
fn taken(answer: &Answer) -> String {
    let allowed = answer.cases.iter().filter(|case| case.decision.verdict == Verdict::Allowed);
    let conditions: Vec<_> = allowed
        .map(|case| match words::when(&case.when) {
            when if when.is_empty() => "any".to_owned(),
            when => {
                when.strip_prefix("if ").map_or(when.clone(), |when| format!("those where {when}"))
            }
        })
        .collect();
    let exact = if answer.is_complete() { "" } else { " (incomplete: others may be accepted too)" };
    if conditions.is_empty() {
        format!("none{exact}")
    } else {
        format!("{}{exact}", conditions.join("; "))
    }
}

/// The request of a witness, so that it can be made.
fn shown(witness: &Witness, policies: &PolicySet) -> Vec<String> {
    let token = words::on_one_line(&witness.token);
    let toolhive = match (&witness.chosen, witness.was_given) {
        (Some(role), _) => format!(", for which ToolHive selects {}", role.name()),
        (None, true) => ", for which ToolHive selects no role".to_owned(),
        (None, false) => String::new(),
    };
    let keys: Vec<_> = witness
        .request
        .context
        .entries()
        .filter(|(key, state)| {
            let asked = policies.keys().contains(key);
            (asked || key.as_str() == "sts:RoleSessionName" || key.as_str().ends_with(":sub"))
                && !matches!(state, KeyState::Absent | KeyState::Unknown)
        })
        .map(|(key, state)| format!("{key} = {}", words::state(state)))
        .collect();
    let statements: Vec<_> = policies
        .trust
        .iter()
        .flat_map(|trust| {
            witness.statements.iter().filter_map(move |index| {
                let statement = trust.statements.get(*index)?;
                let sid = statement
                    .sid()
                    .map_or_else(|| format!("statement {}", index + 1), words::on_one_line);
                let place = trust.source.place(statement.span.start);
                Some(format!("{sid} ({}:{place})", trust.source.name()))
            })
        })
        .collect();
    vec![
        format!("    witness: the token {token}{toolhive}"),
        format!(
            "    {} on {} with {}: allowed by {}",
            witness.request.action,
            witness.request.resource,
            keys.join(", "),
            statements.join(", ")
        ),
        format!(
            "    aws sts assume-role-with-web-identity --role-arn {} --role-session-name {} --web-identity-token \"$TOKEN\"",
            witness.exchange.role, witness.exchange.session_name
        ),
    ]
}

/// What a session had so may do, path by path.
fn powers(found: &RoleBypass) -> String {
    let Some(session) = &found.session else {
        return "not decided: no policy of the role was given (--identity)".to_owned();
    };
    let paths: Vec<_> = session
        .matrix
        .paths
        .iter()
        .enumerate()
        .map(|(index, path)| format!("on {}, {}", path.name(), allowed_on(session, index)))
        .collect();
    paths.join("; ")
}

/// What a session may do for certain on the path with this index.
pub(super) fn allowed_on(session: &SessionMatrix, path: usize) -> String {
    const SHOWN: usize = 8;
    let allowed = session.allowed(path);
    match allowed.len() {
        0 if session.depends(path) => "nothing for certain".to_owned(),
        0 => "nothing that the policies name".to_owned(),
        count if count > SHOWN => {
            let first: Vec<_> = allowed.into_iter().take(SHOWN).collect();
            format!("{} and {} more", first.join(", "), count - SHOWN)
        }
        _ => allowed.join(", "),
    }
}
