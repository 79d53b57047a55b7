//! The other way round: the combination of classes that one concrete request belongs to.

use iamsure_core::decision::clause::{Facts, value_of};
use iamsure_core::decision::statement::resource_rules;
use iamsure_core::language::variable::{Reading, Value};
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::{KeyState, Request, Switch};

use super::Model;
use super::residual::{Classes, Residual, Subject};
use super::witness::Place;
use crate::class::action::listed_by;
use crate::class::resource::{EntryForm, ResourceQuestion, class_of_one, pattern_of_parts};
use crate::class::state::{StateClass, StateClasses, StateKind, listed_classes};
use crate::class::text::{Span, Symbol, TextPattern};
use crate::class::value::{Domain, Search};
use crate::clause::{Form, KeyClause, Part};
use crate::relation::Relation;

impl Model {
    /// The combination that `request`, made by the caller with this number, belongs to. `None` if it is
    /// outside the scope: its action, its resource, or a state that the scope rules out.
    pub fn locate(&self, caller: usize, request: &Request) -> Option<Place> {
        let action = self.action_class(&request.action)?;
        let cell =
            *self.cells.iter().find(|cell| cell.caller == caller && cell.action == action)?;
        let residual = self.residuals.get(cell.residual)?;
        let mut classes = Vec::with_capacity(residual.subjects.len());
        for subject in &residual.subjects {
            classes.push(match (&subject.subject, &subject.classes) {
                (_, Classes::Resources { classes, clauses, relational, rules, asked }) => {
                    let clauses: Vec<_> = clauses.iter().collect();
                    let relational: Vec<_> = relational.iter().collect();
                    let question = ResourceQuestion {
                        clauses: &clauses,
                        relational: &relational,
                        rules,
                        asked,
                    };
                    let own = class_of_one(question, &request.resource);
                    classes.iter().position(|class| class.is_like(&own))?
                }
                (Subject::Key(key), Classes::States { classes, clauses, own }) => {
                    state_class(request.context.state(key), classes, clauses, *own)?
                }
                (Subject::Relation(relation), _) => usize::from(holds(relation, residual, request)),
                _ => 0,
            });
        }
        Some(Place { cell, classes })
    }

    fn action_class(&self, name: &ActionName) -> Option<usize> {
        if let Some(known) = iamsure_reference::action(name.as_str()).known() {
            return self.actions.class_of(known);
        }
        let listed = listed_by(&self.action_lists, name);
        self.actions.classes.iter().position(|class| class.listed == listed)
    }

    /// Whether two combinations of one residual are told apart by nothing but names: their classes
    /// answer every clause alike.
    pub(crate) fn is_same_place(&self, one: &Place, two: &Place) -> bool {
        let Some(residual) = self.residuals.get(one.cell.residual) else { return false };
        one.cell == two.cell
            && residual.subjects.iter().zip(one.classes.iter().zip(&two.classes)).all(
                |(subject, (one, two))| match &subject.classes {
                    Classes::States { classes, .. } => {
                        match (classes.states.get(*one), classes.states.get(*two)) {
                            (Some(one), Some(two)) => is_same_class(one, two, classes, classes),
                            _ => false,
                        }
                    }
                    Classes::Resources { classes, .. } => {
                        matches!((classes.get(*one), classes.get(*two)), (Some(one), Some(two)) if one.is_like(two))
                    }
                    Classes::NoYes => one == two,
                },
            )
    }
}

/// Whether two states are of one kind and every clause answers them alike.
fn is_same_class(
    one: &StateClass,
    two: &StateClass,
    of_one: &StateClasses,
    of_two: &StateClasses,
) -> bool {
    let kind = |kind: &StateKind| match kind {
        StateKind::Absent => 0,
        StateKind::Empty => 1,
        StateKind::Value(_) => 2,
        StateKind::Set(_) => 3,
    };
    let value = |class: &StateClass, of: &StateClasses| {
        class
            .value
            .and_then(|value| of.values.get(value))
            .map(|value| (value.matched.clone(), value.unreadable.clone()))
    };
    kind(&one.kind) == kind(&two.kind)
        && one.answers == two.answers
        && value(one, of_one) == value(two, of_two)
}

pub(super) fn state_class(
    state: &KeyState,
    classes: &StateClasses,
    clauses: &[KeyClause],
    own: usize,
) -> Option<usize> {
    if *state == KeyState::Unknown {
        return None;
    }
    let all: Vec<&KeyClause> = clauses.iter().collect();
    let search = Search {
        domain: Domain::Text,
        spells: Domain::Text,
        split_empty: true,
        hints: &[],
        budget: crate::budget::Budget::default(),
    };
    let mut located = listed_classes(&all, std::slice::from_ref(state), search);
    let mut class = located.states.pop()?;
    class.answers.truncate(own);
    let is_empty_text = *state == KeyState::single("");
    let found =
        classes.states.iter().position(|known| is_same_class(known, &class, classes, &located));
    if found.is_none() && is_empty_text {
        // Where nothing asks, the empty text is a value like any other.
        let text = listed_classes(&all, &[KeyState::single("")], search);
        let answers =
            text.states.first().map(|class| class.answers.get(..own).unwrap_or_default().to_vec());
        return classes.states.iter().position(|known| {
            matches!(known.kind, StateKind::Value(_)) && Some(&known.answers) == answers.as_ref()
        });
    }
    found
}

/// Whether a comparison with variables holds of a request.
fn holds(relation: &Relation, residual: &Residual, request: &Request) -> bool {
    match relation {
        Relation::Value { key, .. } => {
            let KeyState::Single(text) = request.context.state(key) else { return false };
            clauses_about(residual, key)
                .filter(|clause| clause.is_relational() && Relation::of_value(clause) == *relation)
                .any(|clause| {
                    clause.values.iter().any(|value| match &value.form {
                        Form::Relational(parts) => value_matches(clause, parts, request, text),
                        _ => false,
                    })
                })
        }
        Relation::Elements(clause) => {
            let answers = match request.context.state(&clause.key) {
                KeyState::Multi(texts) => texts.clone(),
                KeyState::Single(text) => vec![text.clone()],
                _ => return false,
            };
            let negated = clause.operator.base.is_negated();
            let passes = |text: &String| {
                let matches = clause.values.iter().any(|value| match &value.form {
                    Form::Text(Some(pattern)) => pattern.matches(text),
                    Form::Relational(parts) => value_matches(clause, parts, request, text),
                    _ => false,
                });
                let dead = negated
                    && clause.switches.is_alternative(Switch::Q21)
                    && clause.values.iter().any(|value| match &value.form {
                        Form::Relational(parts) => {
                            resolved(parts, request, clause.switches).is_none()
                        }
                        form => *form == Form::NoVariable,
                    });
                // Where a variable has no value, a negated operator does not hold (Q21).
                if matches { !negated } else { negated && !dead }
            };
            match clause.operator.quantifier {
                Some(iamsure_core::language::condition::Quantifier::ForAllValues) => {
                    answers.iter().all(passes)
                }
                _ => answers.iter().any(passes),
            }
        }
        Relation::Resource(text) => {
            residual.subjects.iter().any(|subject| match &subject.classes {
                Classes::Resources { relational, clauses, .. } => relational.iter().any(|entry| {
                    let EntryForm::Relational(general, parts) = &entry.form else { return false };
                    let of_clause = clauses.iter().find(|clause| clause.entries.contains(entry));
                    let switches = of_clause.map(|clause| clause.switches).unwrap_or_default();
                    entry.text == *text
                        && general.matches(&request.resource)
                        && resolved(parts, request, switches)
                            .and_then(|parts| pattern_of_parts(&parts, resource_rules(&switches)))
                            .is_some_and(|pattern| pattern.matches(&request.resource))
                }),
                _ => false,
            })
        }
    }
}

fn clauses_about<'a>(
    residual: &'a Residual,
    key: &'a ConditionKey,
) -> impl Iterator<Item = &'a KeyClause> {
    residual.subjects.iter().flat_map(move |subject| match (&subject.subject, &subject.classes) {
        (Subject::Key(known), Classes::States { clauses, own, .. }) if known == key => {
            clauses.get(..*own).unwrap_or_default()
        }
        _ => &[],
    })
}

/// Parts with their variables replaced; `None` if one has no value.
fn resolved(
    parts: &[Part],
    request: &Request,
    switches: iamsure_core::world::Switches,
) -> Option<Vec<Part>> {
    let facts =
        Facts { context: &request.context, reading: Reading::Substituted, switches: &switches };
    let survive = switches.is_alternative(Switch::Q11);
    let mut known = Vec::with_capacity(parts.len());
    for part in parts {
        let Part::Variable(key, default) = part else {
            known.push(part.clone());
            continue;
        };
        let text = match value_of(key, facts) {
            Value::Text(text) => text.into_owned(),
            _ => default.clone()?,
        };
        known.extend(text.chars().map(|c| match c {
            '*' if survive => Part::Run,
            '?' if survive => Part::One,
            c => Part::Char(c),
        }));
    }
    Some(known)
}

fn value_matches(clause: &KeyClause, parts: &[Part], request: &Request, text: &str) -> bool {
    use iamsure_core::language::condition::{Family, Test};
    let Some(known) = resolved(parts, request, clause.switches) else { return false };
    match clause.operator.base.family() {
        Family::Arn => arn_matches(parts, request, clause, text),
        family => {
            let base = clause.operator.base;
            let ignore_case = base.test() == Test::EqualIgnoreCase || family == Family::Bool;
            let literal = base.test() != Test::Like;
            let symbols = known.iter().map(|part| match part {
                Part::Char(c) => Symbol::char(*c, ignore_case),
                Part::Run if literal => Symbol::Char('*'),
                Part::One if literal => Symbol::Char('?'),
                Part::Run => Symbol::Run(Span::All),
                Part::One | Part::Variable(..) => Symbol::One(Span::All),
            });
            TextPattern::new(symbols).matches(text)
        }
    }
}

/// Each of the six fields alone, split before variables are put in. Fewer are one text (Q27); without that
/// choice they are not compared with anything, so nobody asks.
fn arn_matches(parts: &[Part], request: &Request, clause: &KeyClause, text: &str) -> bool {
    let fields: Vec<&[Part]> = parts.splitn(6, |part| *part == Part::Char(':')).collect();
    let matches = |field: &[Part], text: &str| {
        resolved(field, request, clause.switches)
            .and_then(|parts| crate::clause::pattern_of(&parts, false))
            .is_some_and(|pattern| pattern.matches(text))
    };
    if fields.len() < 6 {
        return matches(parts, text);
    }
    let texts: Vec<&str> = text.splitn(6, ':').collect();
    texts.len() == 6 && fields.iter().zip(texts).all(|(field, text)| matches(field, text))
}
