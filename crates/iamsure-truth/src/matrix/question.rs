//! Which actions on which resources a matrix asks about, when nobody said: those that the policies
//! name, and for single actions resources that fit.

use std::collections::{BTreeSet, HashSet};

use iamsure_core::decision::exemption::{EXEMPTIONS, is_unsigned};
use iamsure_core::language::document::Sense;
use iamsure_core::language::resource::{ResourceMatch, ResourceRules};
use iamsure_core::language::symbol::is_placeholder;
use iamsure_core::language::variable::{Reading, Token, Value};
use iamsure_core::language::{ActionName, ActionPattern, PolicyType, ResourcePattern};
use iamsure_core::world::PolicySet;
use iamsure_reference::{
    ResourceType, Standing, action as published, example_resource, expand, well_known,
};

use super::wildcard::Wildcard;
use crate::ask::BUDGET;
use crate::class::resource::is_resource_pattern;
use crate::class::text::{TextPattern, text_classes};

/// One row: an action on a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The action.
    pub action: ActionName,
    /// The resource.
    pub resource: String,
    /// What the row stands for, if the action was not named as it is.
    pub stands_for: Option<StandsFor>,
    /// Whether the row's resource was chosen among several that the policies tell apart.
    pub resource_matters: bool,
    /// How many more resources of this action the policies tell apart, beyond the rows there are.
    pub resources_left_out: usize,
}

/// The rows of a matrix, and how many actions were left out for want of room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// The rows of one action.
    pub rows: Vec<Question>,
    /// The rows of many.
    pub wildcards: Vec<Wildcard>,
    /// Actions and wildcards that the policies name and that have no row: there are [`MAX_ACTIONS`] at
    /// most.
    pub actions_left_out: usize,
}

/// The most actions that a matrix is asked about when nobody named them.
pub const MAX_ACTIONS: usize = 400;

/// Why an action that nobody named is in the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StandsFor {
    /// A member of this pattern.
    Pattern(String),
    /// Any action that no entry names.
    AnyOther,
}

impl StandsFor {
    /// The pattern, or "any other action".
    pub fn name(&self) -> &str {
        match self {
            Self::Pattern(pattern) => pattern,
            Self::AnyOther => "any other action",
        }
    }
}

/// What an entry asks about.
enum Entry {
    /// One action, and what it stands for.
    Action(ActionName, Option<StandsFor>),
    /// All members of a pattern.
    Pattern(ActionPattern),
    /// Every action that none of these names.
    Others(Vec<ActionPattern>),
}

/// How many members are tried for what a wildcard's statements match.
const MEMBERS: usize = 2;

/// How many resources one action is asked about.
const RESOURCES: usize = 12;

/// The rows for `policies`. `actions` and `resources` replace the default choice where not empty;
/// both may hold wildcards.
pub fn questions(
    policies: &PolicySet,
    actions: &[ActionPattern],
    resources: &[String],
) -> Questions {
    let mut chosen =
        if actions.is_empty() { named_actions(policies) } else { entries_of_all(actions.iter()) };
    // An unsigned call is an exchange, which no call path of a principal carries.
    chosen.retain(|entry| !matches!(entry, Entry::Action(action, _) if is_unsigned(action)));
    let mut found = Questions {
        actions_left_out: chosen.len().saturating_sub(MAX_ACTIONS),
        ..Questions::default()
    };
    let (patterns, names): (Vec<String>, Vec<String>) =
        resources.iter().cloned().partition(|resource| is_resource_pattern(resource));
    for entry in chosen.into_iter().take(MAX_ACTIONS) {
        let at = found.rows.len();
        let (action, stands_for) = match entry {
            Entry::Action(action, stands_for) => (action, stands_for),
            Entry::Pattern(pattern) => {
                found.add_wildcard(&Wildcard::of_pattern(&pattern, at), resources);
                continue;
            }
            Entry::Others(named) => {
                found.add_wildcard(&Wildcard::of_others(named, at), resources);
                continue;
            }
        };
        let (list, left_out) = if resources.is_empty() {
            fitting_resources(policies, &action)
        } else {
            (names.clone(), 0)
        };
        let resource_matters = !resources.is_empty() || list.len() > 1;
        for resource in list {
            found.rows.push(Question {
                action: action.clone(),
                resource,
                stands_for: stands_for.clone(),
                resource_matters,
                resources_left_out: left_out,
            });
        }
        if !patterns.is_empty() {
            let one = ActionPattern::new(action.as_str());
            found.add_wildcard(&Wildcard::of_pattern(&one, found.rows.len()), &patterns);
        }
    }
    found
}

impl Questions {
    /// A row for each of `resources`; one for every resource, if there are none.
    fn add_wildcard(&mut self, wildcard: &Wildcard, resources: &[String]) {
        if resources.is_empty() {
            self.wildcards.push(wildcard.clone());
        }
        let on =
            |resource: &String| Wildcard { resource: Some(resource.clone()), ..wildcard.clone() };
        self.wildcards.extend(resources.iter().map(on));
    }

    /// Adds the rows of `more` that are not there yet. A row that is there was asked for by name now.
    pub fn add(&mut self, more: Self) {
        let before = self.rows.len();
        for question in more.rows {
            let known = |row: &&mut Question| {
                row.action == question.action && row.resource == question.resource
            };
            match self.rows.iter_mut().find(known) {
                Some(row) => row.stands_for.clone_from(&question.stands_for),
                None => self.rows.push(question),
            }
        }
        for wildcard in more.wildcards {
            let is_known = self.wildcards.iter().any(|known| {
                known.stands_for == wildcard.stands_for && known.resource == wildcard.resource
            });
            if !is_known {
                let at = (before + wildcard.at).min(self.rows.len());
                self.wildcards.push(Wildcard { at, ..wildcard });
            }
        }
    }
}

/// The actions that the policies name, in document order; trust policies are about exchanges and
/// name none here.
fn named_actions(policies: &PolicySet) -> Vec<Entry> {
    let entries: Vec<&ActionPattern> = policies
        .statements()
        .filter(|(id, ..)| id.layer != PolicyType::Trust)
        .flat_map(|(_, _, statement)| statement.action.iter().flat_map(|element| &element.entries))
        .map(|entry| &entry.value)
        .collect();
    let complement = policies.statements().any(|(_, _, statement)| {
        statement.action.as_ref().is_some_and(|element| element.sense == Sense::NoneOf)
    });
    let mut actions = entries_of_all(entries.iter().copied());
    if entries.iter().any(|entry| entry.is_every()) || complement {
        let named = entries.iter().filter(|entry| !entry.is_every());
        actions.push(Entry::Others(named.map(|entry| (*entry).clone()).collect()));
        // `*` seems to cover what no policy decides.
        let is = |known: &Entry, exempt: &ActionName| matches!(known, Entry::Action(action, _) if action == exempt);
        if let Some(exempt) =
            EXEMPTIONS.first().and_then(|exemption| ActionName::parse(exemption.action).ok())
            && !actions.iter().any(|known| is(known, &exempt))
        {
            actions.push(Entry::Action(exempt, Some(StandsFor::Pattern("*".to_owned()))));
        }
    }
    actions
}

/// Some requests of a wildcard: what its statements match on no path, they match nowhere.
pub(super) fn examples(policies: &PolicySet, wildcard: &Wildcard) -> Vec<Question> {
    let actions = match &wildcard.stands_for {
        StandsFor::Pattern(_) => wildcard.patterns.iter().flat_map(members).collect(),
        StandsFor::AnyOther => unnamed_action(&wildcard.patterns).into_iter().collect::<Vec<_>>(),
    };
    let mut found = Vec::new();
    for action in actions.into_iter().filter(|action| wildcard.holds(action)) {
        let resources = match &wildcard.resource {
            Some(resource) => vec![resource.clone()],
            None => fitting_resources(policies, &action).0,
        };
        found.extend(resources.into_iter().map(|resource| Question {
            action: action.clone(),
            resource,
            stands_for: Some(wildcard.stands_for.clone()),
            resource_matters: false,
            resources_left_out: 0,
        }));
    }
    found
}

/// An action that no entry matches.
fn unnamed_action(entries: &[ActionPattern]) -> Option<ActionName> {
    let everyday = [
        "ec2:DescribeInstances",
        "dynamodb:GetItem",
        "lambda:InvokeFunction",
        "sqs:SendMessage",
        "iam:CreateUser",
        "s3:GetObject",
        "sns:Publish",
        "kms:Decrypt",
    ];
    let named = |action: &ActionName| entries.iter().any(|entry| entry.matches(action));
    everyday.iter().filter_map(|name| ActionName::parse(name).ok()).find(|action| !named(action))
}

/// All entries but `*`, each once.
fn entries_of_all<'a>(entries: impl Iterator<Item = &'a ActionPattern>) -> Vec<Entry> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut chosen = Vec::new();
    for entry in entries {
        // An entry without a colon matches nothing, `*` aside.
        if entry.is_every() || entry.parts().is_none() {
            continue;
        }
        if seen.insert(entry.as_str().to_ascii_lowercase()) {
            chosen.push(match ActionName::parse(entry.as_str()) {
                Ok(action) => Entry::Action(action, None),
                Err(_) => Entry::Pattern(entry.clone()),
            });
        }
    }
    chosen
}

/// A few members of a wildcard entry: well-known ones first, then published ones, then one made up.
fn members(entry: &ActionPattern) -> Vec<ActionName> {
    let Some((prefix, name)) = entry.parts() else { return Vec::new() };
    let fits = |action: &ActionName| entry.matches(action);
    let mut members: Vec<ActionName> = well_known(prefix)
        .iter()
        .filter_map(|name| ActionName::parse(name).ok())
        .filter(fits)
        .take(MEMBERS)
        .collect();
    if members.is_empty() {
        members.extend(
            expand(entry.as_str())
                .take(MEMBERS)
                .filter_map(|action| ActionName::parse(action.name()).ok()),
        );
    }
    if members.is_empty() {
        members.extend(ActionName::parse(&format!("{prefix}:{}", name.example("Any"))).ok());
    }
    members
}

/// The resources to ask about: one for each set of entries that some resource can match, and one
/// that no entry names; and how many such sets were left out.
fn fitting_resources(policies: &PolicySet, action: &ActionName) -> (Vec<String>, usize) {
    let usual = example_resource(action.as_str()).unwrap_or_else(|| "*".to_owned());
    let entries: Vec<(Reading, &ResourcePattern)> = policies
        .statements()
        .filter(|(_, _, statement)| {
            statement.action.as_ref().is_some_and(|element| {
                element.entries.iter().any(|entry| entry.matches(action))
                    == (element.sense == Sense::OneOf)
            })
        })
        .flat_map(|(_, document, statement)| {
            let reading = document.reading(false);
            statement
                .resource
                .iter()
                .flat_map(|element| &element.entries)
                .map(move |entry| (reading, &entry.value))
        })
        .filter(|(_, entry)| !entry.is_every())
        .collect();
    if entries.is_empty() || usual == "*" && published(action.as_str()).is_known() {
        return (vec![usual], 0);
    }
    let kinds = kinds(action);
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    let mut left_out = 0;
    let of_entries = entries.iter().flat_map(|(_, entry)| examples_of(entry, &usual, &kinds));
    for text in of_entries.chain([usual.clone()]) {
        let is_usual = text == usual;
        if list.len() >= RESOURCES && !is_usual {
            left_out += usize::from(!list.contains(&text));
            continue;
        }
        if seen.insert(matched_entries(&entries, &text)) {
            list.push(text);
        }
    }
    (list, left_out)
}

/// Resources that an entry matches and that the action can be about: one of each of its resource types that has
/// any. None, if it can be about no resource that the entry matches.
fn examples_of(entry: &ResourcePattern, usual: &str, kinds: &[ResourceType]) -> Vec<String> {
    let text = example(entry, usual, "example");
    if kinds.is_empty() || is_placeholder(&text) {
        return vec![text];
    }
    if kinds.iter().any(|kind| kind.fits(&text)) {
        return vec![text];
    }
    // The shortest that the entry and a published format both match.
    let pattern = example(entry, usual, "*");
    let clause = [TextPattern::glob(&pattern, false)];
    let formats = kinds
        .iter()
        .filter(|kind| kind.fits(&pattern))
        .flat_map(|kind| kind.arn_formats().map(|format| TextPattern::glob(&glob(format), false)));
    let mut met = Vec::new();
    for format in formats {
        // Beyond the budget it is not known that they have no text in common: the entry keeps its row.
        let Ok(classes) = text_classes(&[&clause], Some(&format), BUDGET) else {
            return vec![text];
        };
        let both = classes.into_iter().find(|class| class.signature.contains(0));
        met.extend(
            both.map(|class| class.witness).filter(|text| kinds.iter().any(|kind| kind.fits(text))),
        );
    }
    met.dedup();
    met
}

/// Which entries a resource matches, variables standing for any value.
fn matched_entries(entries: &[(Reading, &ResourcePattern)], resource: &str) -> Vec<usize> {
    let matches = |(reading, entry): &(Reading, &ResourcePattern)| {
        let any = |_: &_| Value::Any;
        entry.matches(resource, PolicyType::Identity, *reading, ResourceRules::default(), any)
            == ResourceMatch::Yes
    };
    entries.iter().enumerate().filter(|(_, entry)| matches(entry)).map(|(index, _)| index).collect()
}

/// A text that the entry matches: variables filled in, `run` for each `*`, empty fields left empty.
fn example(entry: &ResourcePattern, usual: &str, run: &str) -> String {
    if is_placeholder(entry.as_str()) {
        return entry.to_string();
    }
    let mut usual_fields = usual.splitn(6, ':');
    let mut text = String::new();
    for (index, field) in entry.as_str().splitn(6, ':').enumerate() {
        let usual_field = usual_fields.next().unwrap_or_default();
        if index > 0 {
            text.push(':');
        }
        // A field that is nothing but `*` takes what the action's usual resource has there.
        if index < 5 && field == "*" {
            text.push_str(if index == 0 { "arn" } else { usual_field });
            continue;
        }
        for token in ResourcePattern::new(field).template().tokens(Reading::Substituted) {
            match token {
                Token::Char(c) => text.push(*c),
                Token::Star => text.push_str(run),
                Token::Question => text.push('x'),
                Token::Variable(_) => text.push_str("value-1"),
            }
        }
    }
    for field in usual_fields {
        text.push(':');
        text.push_str(field);
    }
    text
}

/// The resource types of an action; none, where its service does not publish it.
fn kinds(action: &ActionName) -> Vec<ResourceType> {
    match published(action.as_str()) {
        Standing::Known(action) => action.resource_types().collect(),
        _ => Vec::new(),
    }
}

/// An ARN format as a pattern: a variable stands for at least one character.
fn glob(format: &str) -> String {
    let mut glob = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("${") {
        glob.push_str(before);
        glob.push_str("?*");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    glob.push_str(rest);
    glob
}
