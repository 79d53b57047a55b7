//! The condition keys of an action, and where a key occurs, in their forms.

use std::collections::BTreeMap;

use iamsure_core::world::Evidence;
use iamsure_reference::{
    AccessLevel, Action, CallerKind, Category, ConditionKey, Presence, ResourceType, captured,
    global_key,
};
use iamsure_review::answer_form::VERSION;
use iamsure_review::key_sheet::{KeyRow, KeySheet};
use iamsure_truth::Availability;
use serde::Serialize;

use super::actions::counted;
use super::csv;
use super::json::pretty;
use super::listing::Listing;
use crate::streams::Finished;

/// The keys of one action.
pub(crate) struct Report {
    pub(crate) sheet: KeySheet,
    pub(crate) caller: String,
    pub(crate) resource: Option<String>,
    /// One name for each availability of a row.
    pub(crate) paths: Vec<String>,
}

/// Where one key occurs.
pub(crate) struct Occurrences<'a> {
    pub(crate) asked: &'a str,
    pub(crate) key: ConditionKey,
    pub(crate) actions: Vec<Action>,
}

const fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Always => "always",
        Presence::Sometimes => "sometimes",
        Presence::Never => "never",
        Presence::Unknown => "unknown",
    }
}

const fn category(category: Category) -> &'static str {
    match category {
        Category::Principal => "principal",
        Category::Session => "session",
        Category::Network => "network",
        Category::Resource => "resource",
        Category::Request => "request",
    }
}

/// "sometimes"; with the evidence where it is not a page of AWS's.
fn cell(availability: &Availability) -> String {
    match availability.evidence {
        Evidence::Documented | Evidence::Unknown => presence(availability.presence).to_owned(),
        evidence => format!("{} ({evidence})", presence(availability.presence)),
    }
}

fn values(key: ConditionKey) -> &'static str {
    if key.multivalued { "several" } else { "one" }
}

fn listed_for(row: &KeyRow) -> String {
    let action = row.for_action.then_some("the action");
    let names: Vec<_> = action.into_iter().chain(row.for_types.iter().copied()).collect();
    if names.is_empty() { "not this resource".to_owned() } else { names.join(", ") }
}

/// For people.
pub(crate) fn listing(report: &Report) -> Listing {
    let sheet = &report.sheet;
    let mut listing = Listing::default();
    listing.line(format!(
        "{} ({}, {})   reference data of {}",
        sheet.action,
        sheet.action.service().title(),
        sheet.action.access_levels(),
        captured()
    ));
    let resource = report.resource.as_deref().unwrap_or("any that it applies to");
    listing.line(format!("caller: {}   resource: {resource}", report.caller));
    let types: Vec<_> = sheet
        .resource_types
        .iter()
        .flat_map(|kind| {
            kind.arn_formats().map(|format| {
                let required = if kind.required { "required" } else { "" };
                vec![kind.name().to_owned(), required.to_owned(), format.to_owned()]
            })
        })
        .collect();
    if types.is_empty() {
        listing.line("resource types: none is listed, so the resource is `*`");
    }
    listing.table(&["works on", "", "ARN format"], types);
    let paths = report.paths.iter().map(String::as_str);
    let (listed, others): (Vec<_>, Vec<_>) = sheet
        .rows
        .iter()
        .partition(|row| row.for_action || !row.for_types.is_empty() || row.global.is_none());
    let row = |row: &KeyRow, last: String| {
        let head = [row.key.name, row.key.value_type.as_str(), values(row.key)].map(str::to_owned);
        head.into_iter()
            .chain([last])
            .chain(row.availability.iter().map(cell))
            .collect::<Vec<String>>()
    };
    let header = |name, last| {
        [name, "type", "values", last].into_iter().chain(paths.clone()).collect::<Vec<_>>()
    };
    listing.table(
        &header("listed key", "listed for"),
        listed.iter().map(|key| row(key, listed_for(key))).collect(),
    );
    let is_never =
        |row: &KeyRow| row.availability.iter().all(|found| found.presence == Presence::Never);
    let (never, there): (Vec<_>, Vec<_>) = others.into_iter().partition(|row| is_never(row));
    listing.table(
        &header("global key", "about"),
        there
            .iter()
            .map(|key| {
                row(key, key.global.map_or("", |global| category(global.category)).to_owned())
            })
            .collect(),
    );
    if !never.is_empty() {
        let names: Vec<_> = never.iter().map(|row| row.key.name).collect();
        listing.line(format!("never, for this caller and on these paths: {}", names.join(", ")));
    }
    listing.line("always, sometimes, never: documented by AWS unless noted otherwise. A service's key is \"never\" where AWS does not list it");
    let reasons: BTreeMap<&str, Vec<String>> = unknowns(report);
    for (reason, keys) in reasons {
        listing.line(format!("unknown: {}: {reason}", keys.join(", ")));
    }
    listing
}

/// The keys of which it is unknown, by the reason.
fn unknowns(report: &Report) -> BTreeMap<&str, Vec<String>> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in &report.sheet.rows {
        for (path, found) in report.paths.iter().zip(&row.availability) {
            if found.presence != Presence::Unknown {
                continue;
            }
            let everywhere = row.availability.iter().all(|other| other.source == found.source);
            let name = if everywhere {
                row.key.name.to_owned()
            } else {
                format!("{} ({path})", row.key.name)
            };
            let keys = reasons.entry(&found.source).or_default();
            if !keys.contains(&name) {
                keys.push(name);
            }
        }
    }
    reasons
}

/// One line a key and path.
pub(crate) fn csv(report: &Report) -> Result<String, String> {
    let mut records = vec![
        [
            "action",
            "key",
            "type",
            "values",
            "listed for",
            "path",
            "presence",
            "evidence",
            "source",
            "reference data",
        ]
        .map(str::to_owned),
    ];
    for row in &report.sheet.rows {
        let listed: Vec<_> = row
            .for_action
            .then_some("action")
            .into_iter()
            .chain(row.for_types.iter().copied())
            .collect();
        for (path, found) in report.paths.iter().zip(&row.availability) {
            let record = [
                report.sheet.action.name(),
                row.key.name,
                row.key.value_type.as_str(),
                values(row.key),
                &listed.join("; "),
                path,
                presence(found.presence),
                found.evidence.name(),
                &found.source,
                captured(),
            ];
            records.push(record.map(str::to_owned));
        }
    }
    csv::csv(records)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Form<'a> {
    version: u32,
    reference_data: &'a str,
    action: &'a str,
    access_levels: Vec<&'a str>,
    dependent_actions: Vec<&'a str>,
    caller: &'a str,
    resource: Option<&'a str>,
    resource_types: Vec<TypeForm<'a>>,
    keys: Vec<KeyForm<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypeForm<'a> {
    name: &'a str,
    required: bool,
    arn_formats: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyForm<'a> {
    name: &'a str,
    r#type: &'a str,
    multivalued: bool,
    global: Option<&'a str>,
    listed_for_action: bool,
    listed_for_types: &'a [&'a str],
    paths: Vec<PathForm<'a>>,
}

#[derive(Serialize)]
struct PathForm<'a> {
    path: &'a str,
    presence: &'a str,
    evidence: &'a str,
    source: &'a str,
}

/// The versioned JSON form.
pub(crate) fn json(report: &Report) -> Finished {
    let sheet = &report.sheet;
    let form = Form {
        version: VERSION,
        reference_data: captured(),
        action: sheet.action.name(),
        access_levels: sheet.action.access_levels().iter().map(AccessLevel::as_str).collect(),
        dependent_actions: sheet.action.dependent_actions().collect(),
        caller: &report.caller,
        resource: report.resource.as_deref(),
        resource_types: sheet
            .resource_types
            .iter()
            .map(|kind| TypeForm {
                name: kind.name(),
                required: kind.required,
                arn_formats: kind.arn_formats().collect(),
            })
            .collect(),
        keys: sheet.rows.iter().map(|row| key_form(row, &report.paths)).collect(),
    };
    pretty(&form)
}

fn key_form<'a>(row: &'a KeyRow, paths: &'a [String]) -> KeyForm<'a> {
    let path_form = |(path, found): (&'a String, &'a Availability)| PathForm {
        path,
        presence: presence(found.presence),
        evidence: found.evidence.name(),
        source: &found.source,
    };
    KeyForm {
        name: row.key.name,
        r#type: row.key.value_type.as_str(),
        multivalued: row.key.multivalued,
        global: row.global.map(|global| category(global.category)),
        listed_for_action: row.for_action,
        listed_for_types: &row.for_types,
        paths: paths.iter().zip(&row.availability).map(path_form).collect(),
    }
}

/// How many actions are named in the table for people.
const SHOWN: usize = 40;

const CALLERS: [(&str, CallerKind); 8] = [
    ("root user", CallerKind::Root),
    ("user, long-term key", CallerKind::UserLongTermKey),
    ("user, temporary credentials", CallerKind::UserTemporaryCredentials),
    ("role session", CallerKind::RoleSession),
    ("federated user", CallerKind::FederatedUser),
    ("AssumeRoot session", CallerKind::AssumeRootSession),
    ("service principal", CallerKind::ServicePrincipal),
    ("anonymous", CallerKind::Anonymous),
];

/// For people.
pub(crate) fn occurrences(found: &Occurrences<'_>) -> Listing {
    let mut listing = Listing::default();
    let Occurrences { key, actions, .. } = found;
    listing.line(format!(
        "{} ({}, {})   reference data of {}",
        key.name,
        key.value_type,
        if key.multivalued {
            "multivalued: needs ForAnyValue or ForAllValues"
        } else {
            "single-valued"
        },
        captured()
    ));
    if let Some(global) = global_key(found.asked) {
        listing.line(format!(
            "global key ({}); global keys are not listed per action",
            category(global.category)
        ));
        let rows = CALLERS.iter().map(|(name, kind)| {
            vec![(*name).to_owned(), presence(global.presence(*kind)).to_owned()]
        });
        listing.table(&["caller", "carries it"], rows.collect());
    }
    listing.line(format!("listed for {}", counted(actions.len(), "action")));
    let rows = actions
        .iter()
        .take(SHOWN)
        .map(|action| vec![action.name().to_owned(), for_types(*action, found.asked)]);
    listing.table(&["action", "listed for"], rows.collect());
    if actions.len() > SHOWN {
        listing.line(format!("and {} more; --format csv has all", actions.len() - SHOWN));
    }
    listing
}

/// For what of an action a key is listed.
fn for_types(action: Action, key: &str) -> String {
    let own = action.own_condition_keys().any(|listed| listed.is(key)).then_some("the action");
    let types = action
        .resource_types()
        .filter(|kind| kind.condition_keys().any(|listed| listed.is(key)))
        .map(ResourceType::name);
    own.into_iter().chain(types).collect::<Vec<_>>().join(", ")
}

/// One line an action.
pub(crate) fn occurrences_csv(found: &Occurrences<'_>) -> Result<String, String> {
    let header = ["key", "action", "listed for", "reference data"].map(str::to_owned);
    let records = found.actions.iter().map(|action| {
        let types = for_types(*action, found.asked);
        [found.key.name, action.name(), &types, captured()].map(str::to_owned)
    });
    csv::csv([header].into_iter().chain(records))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OccurrencesForm<'a> {
    version: u32,
    reference_data: &'a str,
    key: &'a str,
    r#type: &'a str,
    multivalued: bool,
    global: Option<&'a str>,
    callers: BTreeMap<&'a str, &'a str>,
    actions: Vec<&'a str>,
}

/// The versioned JSON form.
pub(crate) fn occurrences_json(found: &Occurrences<'_>) -> Finished {
    let global = global_key(found.asked);
    pretty(&OccurrencesForm {
        version: VERSION,
        reference_data: captured(),
        key: found.key.name,
        r#type: found.key.value_type.as_str(),
        multivalued: found.key.multivalued,
        global: global.map(|global| category(global.category)),
        callers: global
            .iter()
            .flat_map(|global| {
                CALLERS.iter().map(|(name, kind)| (*name, presence(global.presence(*kind))))
            })
            .collect(),
        actions: found.actions.iter().map(|action| action.name()).collect(),
    })
}
