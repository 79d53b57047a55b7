//! Whether the actions of a statement work on its resources.
//!
//! Only what the published ARN formats rule out is a finding. An action without resource types is
//! decided on the resource `*` (M-16), which an entry whose resource part is `*` may match too
//! (Q23), so such an entry is left alone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use iamsure_core::language::document::Sense;
use iamsure_core::language::symbol::{is_placeholder, placeholders};
use iamsure_core::language::{ActionPattern, ResourcePattern, Span, Spanned, Statement};
use iamsure_reference::{Action, ResourceType, example_resource, expand};

use super::{Added, Code, Report, listed_actions, shown};

pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    let Some(actions) = listed_actions(statement) else { return };
    let Some(resources) = &statement.resource else { return };
    if resources.sense == Sense::NoneOf || resources.entries.iter().any(|entry| entry.is_every()) {
        return;
    }
    let patterns: Option<Vec<_>> = resources.entries.iter().map(|entry| pattern(entry)).collect();
    // What is no ARN, or stands for one, is the grammar's finding.
    let Some(patterns) = patterns.filter(|patterns| !patterns.is_empty()) else { return };
    let mut fit = Fit { patterns: &patterns, known: BTreeMap::new() };
    let mut used = vec![false; patterns.len()];
    let mut all_work = true;
    let (mut mistyped, mut untyped) = (Vec::new(), Vec::new());
    for entry in actions {
        let mut works = false;
        let (mut typed, mut first) = (None, None);
        for action in expand(entry.as_str()) {
            if !report.may_look_up(patterns.len()) {
                return;
            }
            first = first.or(Some(action));
            if typed.is_none() && action.resource_types().next().is_some() {
                typed = Some(action);
            }
            for (fits, used) in fit.of(action).into_iter().zip(&mut used) {
                works |= fits;
                *used |= fits;
            }
        }
        all_work &= works;
        match (works, typed, first) {
            // Nobody published it, so nobody can say what it works on.
            (true, ..) | (false, None, None) => {}
            (false, Some(typed), _) => mistyped.push((entry, typed)),
            (false, None, Some(first)) => untyped.push((entry, first)),
        }
    }
    of_other_types(report, &mistyped, resources.span);
    without_types(report, &untyped, resources.span);
    // With an action of which nothing is known, or a finding already, the resources are not blamed.
    if !all_work {
        return;
    }
    for (entry, _) in resources.entries.iter().zip(&used).filter(|(_, used)| !**used) {
        let message = format!("no action of this statement applies to {}", shown(entry.as_str()));
        report
            .add(Code::UnusedResource, entry.span, message)
            .labelled("no resource type of its actions has this form")
            .help("move it to a statement with actions that apply to it, or remove it");
    }
}

/// Which resources of a statement each resource type fits, worked out once.
struct Fit<'p> {
    patterns: &'p [Cow<'p, str>],
    /// By service and type.
    known: BTreeMap<(&'static str, &'static str), Vec<bool>>,
}

impl Fit<'_> {
    /// For each resource, whether the action works on it.
    fn of(&mut self, action: Action) -> Vec<bool> {
        let mut works = vec![false; self.patterns.len()];
        let mut has_type = false;
        for resource in action.resource_types() {
            has_type = true;
            let fits = self
                .known
                .entry((action.service().prefix(), resource.name()))
                .or_insert_with(|| self.patterns.iter().map(|arn| resource.fits(arn)).collect());
            for (works, fits) in works.iter_mut().zip(fits) {
                *works |= *fits;
            }
        }
        if !has_type {
            // Decided on `*`, which may match an entry that ends so (Q23).
            let everything = |arn: &Cow<'_, str>| {
                arn.splitn(6, ':').nth(5).is_some_and(|resource| resource == "*")
            };
            works = self.patterns.iter().map(everything).collect();
        }
        works
    }
}

type Unfit<'s> = (&'s Spanned<ActionPattern>, Action);

/// Actions that work on other types of resource: a finding each, or one for many.
fn of_other_types(report: &mut Report<'_>, mistyped: &[Unfit<'_>], resources: Span) {
    const APART: usize = 3;
    for (place, (entry, example)) in mistyped.iter().enumerate() {
        let rest = mistyped.get(place + 1..).unwrap_or_default();
        let together = mistyped.len() > APART;
        let message = mismatch(entry.as_str(), *example);
        let message = if together {
            format!("{message}; the same is true of {} more actions of the statement", rest.len())
        } else {
            message
        };
        let added = report
            .add(Code::ResourceTypeMismatch, entry.span, message)
            .labelled("matches none of these resources")
            .also(resources, "");
        let rest = if together { rest } else { &[] };
        these_neither(added, rest).help(forms(*example));
        if together {
            return;
        }
    }
}

/// Actions that AWS lists without resource types, in a statement that does not name `*`: one
/// finding, for there are often many.
fn without_types(report: &mut Report<'_>, untyped: &[Unfit<'_>], resources: Span) {
    let [(entry, first), rest @ ..] = untyped else { return };
    let more = match rest.len() {
        0 => String::new(),
        more => format!(", nor for {more} more actions of this statement"),
    };
    let message = format!(
        "AWS lists no resource type for {first}{more}, so the resource is `*`, which the statement does not include"
    );
    let added = report
        .add(Code::ResourceNotEverything, entry.span, message)
        .labelled("matches none of these resources")
        .also(resources, "");
    these_neither(added, rest).help(
        "use the resource `*` for it, in a separate statement; AWS's lists of resource types have gaps",
    );
}

/// The places of the others, as far as anybody reads.
fn these_neither<'f>(mut added: Added<'f>, others: &[Unfit<'_>]) -> Added<'f> {
    for (entry, _) in others.iter().take(9) {
        added = added.also(entry.span, "nor does this one");
    }
    added
}

/// An entry as a pattern of `*` and `?`: its variables and symbols stand for any text, and missing fields
/// too (M-14).
pub(super) fn pattern(entry: &ResourcePattern) -> Option<Cow<'_, str>> {
    let text = entry.as_str();
    if !text.starts_with("arn:") || is_placeholder(text) {
        return None;
    }
    let mut known = text.to_owned();
    for span in placeholders(text).into_iter().rev() {
        known.replace_range(span.start..span.end, "*");
    }
    let mut plain = String::new();
    let mut rest = &*known;
    while let Some((before, variable)) = rest.split_once("${") {
        let (_, after) = variable.split_once('}')?;
        plain.push_str(before);
        plain.push('*');
        rest = after;
    }
    plain.push_str(rest);
    let missing = 5_usize.saturating_sub(plain.matches(':').count());
    // A colon is missing, and nothing tells which field the others are.
    if missing > 0 && plain.split(':').any(str::is_empty) {
        return None;
    }
    plain.push_str(&":*".repeat(missing));
    Some(Cow::Owned(plain))
}

fn mismatch(entry: &str, example: Action) -> String {
    if entry.contains(['*', '?']) {
        return format!(
            "no action that {} matches applies to a resource of this statement",
            shown(entry)
        );
    }
    let types: Vec<_> = example.resource_types().map(ResourceType::name).collect();
    format!("{example} applies to {}, but this statement names no such resource", any_of(&types))
}

fn forms(example: Action) -> String {
    let such_as = example_resource(example.name()).unwrap_or_default();
    format!("expected a resource such as `{such_as}`; `iamsure keys {example}` lists every form")
}

fn any_of(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        names if names.len() > SHOWN => {
            let first: Vec<_> = names.iter().take(SHOWN).copied().collect();
            format!("{} or {} more types", first.join(", "), names.len() - SHOWN)
        }
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}
