//! What action patterns stand for, in its forms.

use std::collections::BTreeMap;

use iamsure_reference::{AccessLevel, Action, ResourceType, Retirement, captured};
use iamsure_review::answer_form::VERSION;
use iamsure_review::expansion::{Expansion, Nothing, went, when};
use serde::Serialize;

use super::csv;
use super::json::pretty;
use super::listing::Listing;
use crate::render::layout::Drawing;
use crate::streams::Finished;

/// What is shown.
pub(crate) struct Report {
    pub(crate) expansions: Vec<Expansion>,
    /// Only actions of these levels; all, if none is named.
    pub(crate) levels: Vec<AccessLevel>,
    /// Whether the rows are what the patterns leave out of the services they name.
    pub(crate) complement: bool,
    /// The actions, each once and in order.
    pub(crate) actions: Vec<Action>,
}

impl Report {
    fn retired(&self) -> Vec<Retirement> {
        if self.complement || !self.levels.is_empty() {
            // Nothing else was asked of them, and their levels are not known.
            return Vec::new();
        }
        let retired = self.expansions.iter().flat_map(|expansion| &expansion.retired);
        let by_name: BTreeMap<_, _> =
            retired.map(|retirement| (retirement.name.to_ascii_lowercase(), *retirement)).collect();
        by_name.into_values().collect()
    }

    fn listing(&self) -> Listing {
        let mut listing = Listing::default();
        let of = if self.complement { "not matched" } else { "matched" };
        let levels: Vec<_> = self.levels.iter().map(|level| level.as_str()).collect();
        let level = if levels.is_empty() {
            String::new()
        } else {
            format!(" of level {}", levels.join(" or "))
        };
        listing.line(format!(
            "{} {of}{level}   reference data of {}",
            counted(self.actions.len(), "action"),
            captured()
        ));
        let patterns = self.expansions.iter().map(|expansion| {
            let stands_for = match expansion.nothing() {
                None => counted(expansion.actions.len(), "action"),
                Some(nothing) => why(expansion, nothing),
            };
            vec![expansion.pattern.clone(), stands_for]
        });
        listing.table(&["pattern", "stands for"], patterns.collect());
        let current = self.actions.iter().map(|action| {
            let types: Vec<_> = action.resource_types().map(ResourceType::name).collect();
            let types = if types.is_empty() { "*".to_owned() } else { types.join(", ") };
            vec![action.name().to_owned(), action.access_levels().to_string(), types]
        });
        let retired = self.retired();
        listing.table(&["action", "access level", "works on"], current.collect());
        let gone = retired.iter().map(|retirement| {
            vec![retirement.name.to_owned(), went(*retirement).to_owned(), when(*retirement)]
        });
        listing.table(&["retired", "", "when"], gone.collect());
        if !retired.is_empty() {
            listing.line("note: AWS does not use retired actions for authorization; an action that is merely no longer listed may still exist, undocumented");
        }
        if !self.levels.is_empty() {
            listing.line("note: an action of two levels counts for both; retired actions, whose levels are not known, are left out");
        }
        listing
    }
}

/// Why a pattern matches nothing, in a cell.
fn why(expansion: &Expansion, nothing: Nothing) -> String {
    let meant = expansion.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    match nothing {
        Nothing::Retired(first) => {
            format!(
                "nothing: {} {}, {}",
                went(first),
                counted(expansion.retired.len(), "such action"),
                when(first)
            )
        }
        Nothing::RetiredService(of) => format!("nothing: {} the service, {}", went(of), when(of)),
        Nothing::UnknownService => format!("no match: AWS lists no such service{meant}"),
        Nothing::NoMatch => "no match: no action of the service matches".to_owned(),
        Nothing::UnknownAction => format!("no match: AWS lists no such action{meant}"),
        Nothing::NotAPattern => {
            "no match: an action is written service:Name, with wildcards only in the name"
                .to_owned()
        }
    }
}

pub(crate) fn table(report: &Report, drawing: Drawing) -> Finished {
    report.listing().text(drawing)
}

pub(crate) fn markdown(report: &Report) -> String {
    report.listing().markdown()
}

/// One line an action; retired ones last.
pub(crate) fn csv(report: &Report) -> Result<String, String> {
    let header =
        ["action", "standing", "access levels", "resource types", "retired", "reference data"];
    let current = report.actions.iter().map(|action| {
        let levels: Vec<_> = action.access_levels().iter().map(AccessLevel::as_str).collect();
        let types: Vec<_> = action.resource_types().map(ResourceType::name).collect();
        [action.name(), "current", &levels.join("; "), &types.join("; "), "", captured()]
            .map(str::to_owned)
    });
    let retired = report.retired().into_iter().map(|retirement| {
        [retirement.name, "retired", "", "", &when(retirement), captured()].map(str::to_owned)
    });
    csv::csv([header.map(str::to_owned)].into_iter().chain(current).chain(retired))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Form<'a> {
    version: u32,
    reference_data: &'a str,
    patterns: Vec<PatternForm<'a>>,
    actions: Vec<ActionForm>,
    retired: Vec<RetiredForm>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PatternForm<'a> {
    pattern: &'a str,
    actions: usize,
    retired: usize,
    /// Why it matches no current action.
    nothing: Option<&'static str>,
    meant: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActionForm {
    name: &'static str,
    access_levels: Vec<&'static str>,
    resource_types: Vec<&'static str>,
    dependent_actions: Vec<&'static str>,
}

#[derive(Serialize)]
struct RetiredForm {
    name: &'static str,
    since: &'static str,
    source: &'static str,
}

/// The versioned JSON form.
pub(crate) fn json(report: &Report) -> Finished {
    let form = Form {
        version: VERSION,
        reference_data: captured(),
        patterns: report
            .expansions
            .iter()
            .map(|expansion| PatternForm {
                pattern: &expansion.pattern,
                actions: expansion.actions.len(),
                retired: expansion.retired.len(),
                nothing: expansion.nothing().map(|nothing| match nothing {
                    Nothing::Retired(_) => "retired",
                    Nothing::RetiredService(_) => "retiredService",
                    Nothing::UnknownService => "unknownService",
                    Nothing::NoMatch => "noMatch",
                    Nothing::UnknownAction => "unknownAction",
                    Nothing::NotAPattern => "notAPattern",
                }),
                meant: expansion.meant(),
            })
            .collect(),
        actions: report
            .actions
            .iter()
            .map(|action| ActionForm {
                name: action.name(),
                access_levels: action.access_levels().iter().map(AccessLevel::as_str).collect(),
                resource_types: action.resource_types().map(ResourceType::name).collect(),
                dependent_actions: action.dependent_actions().collect(),
            })
            .collect(),
        retired: report
            .retired()
            .into_iter()
            .map(|Retirement { name, since, source }| RetiredForm { name, since, source })
            .collect(),
    };
    pretty(&form)
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
