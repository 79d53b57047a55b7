//! The chart on the page: the diagram as data, and the place where the script lets readers walk it.

use std::collections::BTreeMap;

use iamsure_core::language::document::Effect;
use iamsure_core::world::KeyState;
use iamsure_core::world::policy_set::StatementId;
use iamsure_review::foreign::Sink;
use iamsure_truth::chart::{ChartCell, ChartModel, ChartSubject, Root};
use iamsure_truth::model::Outcome;
use maud::{Markup, PreEscaped, html};
use serde_json::{Map, Value, json};

use super::policies::Page;
use crate::render::table::bare;
use crate::render::{emission, grounds, words};

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        noscript {
            p { "Choosing needs a script. Without it, the truth table below holds the same decisions." }
        }
        div #turn hidden {
            p.about {
                "Each choice is a class of requests that the policies treat alike. The answer is exact for every "
                "request of the class. The truth table says whether AWS ever sends such a request."
            }
            form #choices aria-label="The request" {}
            div.answer {
                p.lead role="status" aria-live="polite" {
                    strong #decision .badge {}
                    " " span #why {}
                }
                ul #deciding aria-label="Statements that decide" {}
                div.command #command-box {
                    p #command-label { "A request of this class, decided again:" }
                    pre #command tabindex="0" aria-labelledby="command-label" {}
                    button #copy type="button" { "Copy command" }
                    span #copied role="status" {}
                }
                p #no-command hidden { "No example available." }
            }
            @if page.chart.left_out {
                p.about { "Some choices have no example request: there are too many combinations to find one for each." }
            }
            @if !page.chart.has_statements {
                p.about { (why_no_statements(page)) }
            }
        }
    }
}

/// Why it is not said which statements decide.
fn why_no_statements(page: &Page<'_>) -> &'static str {
    if page.known_later.is_empty() {
        "The deciding statements could not be computed for these policies."
    } else {
        "Which statements decide can depend on values known only after deployment, so they are not named here. The truth table names those that may."
    }
}

/// The data of the script.
pub(super) fn data(page: &Page<'_>) -> Markup {
    let text = serde_json::to_string(&value(page)).unwrap_or_default();
    // No tag and no comment begins in it, and whatever cannot be seen is written out.
    let text = Sink::Json.text(&text).replace('<', "\\u003c").replace('>', "\\u003e");
    html! { script #chart type="application/json" { (PreEscaped(text)) } }
}

fn value(page: &Page<'_>) -> Value {
    let chart = &page.chart;
    let numbers: BTreeMap<StatementId, usize> =
        page.matrix.legend().iter().map(|entry| (entry.id, entry.number)).collect();
    let statements: Vec<Value> = page
        .matrix
        .legend()
        .iter()
        .map(|entry| json!({ "number": entry.number, "words": format!("{} {} ({})", entry.effect.as_str(), entry.name, words::on_one_line(&entry.place)) }))
        .collect();
    let mut texts = Texts::default();
    let models: Vec<Value> =
        chart.models.iter().map(|small| model(small, &numbers, &mut texts)).collect();
    let cells: Vec<Value> = chart.cells.iter().map(|one| cell(one, &mut texts)).collect();
    let actions: Vec<String> = chart.actions.iter().map(|said| bare(&said.phrase())).collect();
    json!({
        "version": 1,
        "command": emission::command(&page.options),
        "switches": page.switches.iter().map(|switch| emission::option("switch", switch)).collect::<Vec<_>>(),
        "outcomes": Outcome::ALL.map(Outcome::words),
        "missing": why_open(page),
        "statements": statements,
        "callers": chart.callers.iter().map(|(name, is_root)| json!({ "words": words::on_one_line(name), "root": is_root })).collect::<Vec<_>>(),
        "actions": actions,
        "models": models,
        "cells": cells,
        "texts": texts.texts,
    })
}

/// Why there may be two outcomes, in sentences.
fn why_open(page: &Page<'_>) -> Vec<String> {
    let grounds = &page.chart.grounds;
    let missing = grounds.missing.iter().map(|kind| grounds::not_given(*kind).to_owned());
    let symbols = (!grounds.symbols.is_empty())
        .then(|| format!("It depends on {}.", words::known_later(&grounds.symbols)));
    symbols.into_iter().chain(missing).collect()
}

/// Texts that occur often, each once.
#[derive(Default)]
struct Texts {
    texts: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Texts {
    fn place(&mut self, text: String) -> usize {
        if let Some(place) = self.places.get(&text) {
            return *place;
        }
        let place = self.texts.len();
        self.texts.push(text.clone());
        self.places.insert(text, place);
        place
    }
}

fn model(small: &ChartModel, numbers: &BTreeMap<StatementId, usize>, texts: &mut Texts) -> Value {
    let subjects: Vec<Value> = small
        .subjects
        .iter()
        .enumerate()
        .map(|(number, one)| subject(one, small.tied.contains(&number), texts))
        .collect();
    let nodes: Vec<Value> =
        small.nodes.iter().map(|(subject, children)| node(*subject, children)).collect();
    // A policy that stands in for one that was not given has no number: 0.
    let number = |id: &StatementId| numbers.get(id).copied().unwrap_or_default();
    json!({
        "subjects": subjects,
        "tied": small.tied,
        "nodes": nodes,
        "possible": small.possible,
        "decisions": small.decisions,
        "layers": small.layers.iter().map(|(layer, root)| json!([layer.name(), root])).collect::<Vec<_>>(),
        "statements": small.statements.iter().map(|(id, effect, root)| {
            json!([number(id), *effect == Effect::Allow, id.layer.name(), root])
        }).collect::<Vec<_>>(),
    })
}

/// A node: its subject, where most of the classes lead, and where each of the others does.
fn node(subject: usize, children: &[Root]) -> Value {
    let mut counts: BTreeMap<Root, usize> = BTreeMap::new();
    for child in children {
        *counts.entry(*child).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(child, _)| child);
    let others: Map<String, Value> = (children.iter().enumerate())
        .filter(|(_, child)| **child != most)
        .map(|(class, child)| (class.to_string(), Value::from(*child)))
        .collect();
    json!([subject, most, others])
}

fn subject(one: &ChartSubject, is_tied: bool, texts: &mut Texts) -> Value {
    let mut said: Vec<String> =
        one.classes.iter().map(|class| bare(&class.words.phrase())).collect();
    let all = said.clone();
    for (words, class) in said.iter_mut().zip(&one.classes) {
        let is_double = all.iter().filter(|other| *other == words).count() > 1;
        if let Some(example) = class.example.as_ref().filter(|_| is_double) {
            *words = format!("{words}, such as {}", words::on_one_line(example));
        }
    }
    let key = one.column.key().filter(|_| !is_tied);
    let options: Option<Vec<Value>> = key.map(|key| {
        let mut option = |state: &KeyState| texts.place(emission::of_key(key, state));
        one.classes.iter().map(|class| class.state.as_ref().map(&mut option).into()).collect()
    });
    json!({
        "name": bare(&one.column.heading()),
        "classes": said,
        "options": options,
    })
}

fn cell(one: &ChartCell, texts: &mut Texts) -> Value {
    let requests: Vec<Value> = one
        .requests
        .iter()
        .map(|request| {
            let options = request.as_ref().map(emission::options);
            let placed = options.map(|options| -> Vec<usize> {
                options.into_iter().map(|option| texts.place(option)).collect()
            });
            Value::from(placed)
        })
        .collect();
    json!({ "caller": one.caller, "actions": one.actions, "model": one.model, "requests": requests })
}
