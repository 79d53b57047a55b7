//! A table by how requests arrive: one row a call path, with the keys that the path fixes.

use std::collections::BTreeSet;

use iamsure_core::language::ConditionKey;
use iamsure_core::world::{CallPath, CallPaths, KeyState, Switches};
use iamsure_truth::model::Outcome;
use iamsure_truth::phrase::Phrase;
use iamsure_truth::said::Said;
use iamsure_truth::unanswered::Unanswered;

use super::super::asking::{States, Subject};
use super::super::binding::Binding;
use super::super::finding::Code;
use super::super::marker::Attributes;
use super::super::markup::{Grid, Lead};
use super::Trouble;
use super::grid::{answer_heading, spoken, words};
use super::layout::{Audience, Layout};
use super::note::{OTHERS, only};

/// The rows, and what they rest on.
pub(super) fn made(
    binding: &Binding,
    attributes: &Attributes,
    layout: &Layout,
) -> Result<Result<(Grid, Phrase), Trouble>, Unanswered> {
    let bad = |message: String| Ok(Err((Code::BadMarker, message)));
    let (statement, decision) =
        (binding.subjects.statement.as_ref(), binding.subjects.decision.as_ref());
    let asked: Vec<Option<&Subject>> = match attributes.get("answer") {
        None if binding.names_statement => vec![statement],
        None | Some("decision") => vec![decision],
        Some("applies") => vec![statement],
        Some("both") => vec![statement, decision],
        Some(_) => return bad("`answer` must be applies, decision or both".to_owned()),
    };
    let Some(asked) = asked.into_iter().collect::<Option<Vec<&Subject>>>() else {
        return bad("add sid=\"…\" to select the statement".to_owned());
    };
    let mut paths = Vec::new();
    for name in attributes.list("paths") {
        match CallPaths::new(Switches::default()).named(name) {
            Ok(path) => paths.push(path),
            Err(error) => return bad(error.to_string()),
        }
    }
    let keys = fixed_keys(&asked, &paths);
    let first = layout.first.as_deref().unwrap_or("How the request arrives");
    let mut heading = vec![Phrase::word(first)];
    heading.extend(keys.iter().map(|key| Phrase::code(key.as_str())));
    heading.extend(asked.iter().map(|subject| answer_heading(subject)));
    let reviewer = layout.audience == Audience::Reviewer;
    heading.extend(reviewer.then(|| Phrase::word("Evidence")));
    let (mut rows, mut said) = (Vec::new(), Vec::new());
    for path in &paths {
        let label = layout.labels.iter().find(|(name, _)| name == path.name());
        let mut row = vec![match label {
            Some((_, label)) => Phrase::word(label.as_str()),
            None => Phrase::code(path.name()),
        }];
        row.extend(keys.iter().map(|key| state_of(path, key).phrase()));
        let mut spoken_of = Vec::new();
        for subject in &asked {
            let outcomes = match outcomes(subject, path) {
                Ok(outcomes) => outcomes,
                Err(Unanswered::TooComplex(error)) => {
                    return Ok(Err((Code::TooComplex, error.to_string())));
                }
                Err(other) => return Err(other),
            };
            let all: Vec<&str> = outcomes.iter().map(|outcome| words(*outcome)).collect();
            row.push(Phrase::word(match all.as_slice() {
                [one] => (*one).to_owned(),
                several => format!("Depends: {}", several.join(" or ")),
            }));
            spoken_of.push(spoken(subject, outcomes.into_iter()));
        }
        row.extend(reviewer.then(|| evidence(path, &keys)));
        said.push(spoken_of.join(", and "));
        rows.push(row);
    }
    let mut notes: Vec<String> = Vec::new();
    if let Some(subject) = asked.iter().find(|subject| subject.statement.is_none()) {
        notes.extend(only(subject));
        notes.push(OTHERS.to_owned());
    }
    for key in &keys {
        if paths.iter().any(|path| states(path, key).len() > 1) {
            notes.push(format!(
                "Where `{key}` has two states, AWS's documentation allows both, and both were checked."
            ));
        }
    }
    let grid =
        Grid { heading, rows, said, columns: keys.len(), answers: asked.len(), lead: Lead::Label };
    Ok(Ok((grid, Phrase::read(&notes.join(" ")))))
}

/// The keys that the policies ask for and some path fixes.
fn fixed_keys(asked: &[&Subject], paths: &[CallPath]) -> Vec<ConditionKey> {
    let mut keys: Vec<ConditionKey> = Vec::new();
    for key in asked.iter().flat_map(|subject| subject.keys()) {
        if !keys.contains(&key) && paths.iter().any(|path| !states(path, &key).is_empty()) {
            keys.push(key);
        }
    }
    keys
}

/// What a path says of a key: one state for each possibility, each once.
fn states(path: &CallPath, key: &ConditionKey) -> Vec<KeyState> {
    let mut states = Vec::new();
    for fixed in path.worlds().iter().filter_map(|world| world.fixed(key)) {
        if !states.contains(&fixed.state) {
            states.push(fixed.state.clone());
        }
    }
    states
}

fn state_of(path: &CallPath, key: &ConditionKey) -> Said {
    match states(path, key).as_slice() {
        [] => Said::Any,
        states => Said::one_of(states.iter().map(Said::state)),
    }
}

/// How well it is known what a path fixes of these keys.
fn evidence(path: &CallPath, keys: &[ConditionKey]) -> Phrase {
    let all: BTreeSet<String> = path
        .worlds()
        .iter()
        .flat_map(|world| keys.iter().filter_map(|key| world.fixed(key)))
        .map(|fixed| fixed.evidence.to_string())
        .collect();
    let all: Vec<String> = all.into_iter().collect();
    Phrase::word(if all.is_empty() { "nothing is fixed".to_owned() } else { all.join(", ") })
}

fn outcomes(subject: &Subject, path: &CallPath) -> Result<BTreeSet<Outcome>, Unanswered> {
    let subject = Subject { path: Some(path.clone()), ..subject.clone() };
    subject.outcomes(&States::new())
}
