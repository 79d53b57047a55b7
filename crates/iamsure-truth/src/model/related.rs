//! Values that make the relations of a combination hold: between a key and others, and between keys and the resource.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::{Context, KeyState, Request};
use iamsure_reference::{action, example_resource};

use super::residual::{Classes, Residual, Subject, SubjectClasses};
use super::witness::Place;
use crate::budget::Budget;
use crate::class::plausible::{arn_like, is_of};
use crate::class::resource::EntryForm;
use crate::class::state::listed_classes;
use crate::class::value::{Domain, Search};
use crate::clause::{Form, KeyClause, Part};
use crate::relation::Relation;
use crate::sample::EXAMPLE_ACCOUNT;

/// Puts values into a request so that relations hold, or do not, as a combination says.
pub(super) struct Relations<'a> {
    pub(super) residual: &'a Residual,
    pub(super) place: &'a Place,
    /// What is known of every request: it stays so.
    pub(super) known: &'a Context,
    /// Whether it is about resources that were named.
    pub(super) is_given: bool,
}

impl Relations<'_> {
    pub(super) fn establish(&self, request: &mut Request) {
        for (subject, class) in self.residual.subjects.iter().zip(&self.place.classes) {
            let yes = *class == 1;
            match &subject.subject {
                Subject::Relation(Relation::Value { key, .. }) => {
                    self.value(key, subject, yes, request);
                }
                Subject::Relation(Relation::Resource(text)) if yes => self.resource(text, request),
                _ => {}
            }
        }
    }

    /// A value of the key's class that equals, or does not equal, what the variables stand for.
    fn value(
        &self,
        key: &ConditionKey,
        subject: &SubjectClasses,
        yes: bool,
        request: &mut Request,
    ) {
        let Subject::Relation(relation) = &subject.subject else { return };
        if self.known.is_set(key) && *self.known.state(key) != KeyState::Unknown {
            return;
        }
        let found =
            self.residual.subjects.iter().zip(&self.place.classes).find_map(|(subject, class)| {
                match (&subject.subject, &subject.classes) {
                    (Subject::Key(known), Classes::States { classes, clauses, own })
                        if known == key =>
                    {
                        Some((classes.states.get(*class)?, clauses, *own))
                    }
                    _ => None,
                }
            });
        let Some((state, clauses, own)) = found else { return };
        let KeyState::Single(current) = request.context.state(key).clone() else { return };
        let own: Vec<&KeyClause> = clauses.iter().take(own).collect();
        let forms = own
            .iter()
            .filter(|clause| clause.is_relational() && Relation::of_value(clause) == *relation)
            .flat_map(|clause| &clause.values)
            .filter_map(|value| match &value.form {
                Form::Relational(parts) => Some(parts),
                _ => None,
            });
        let texts: Vec<String> =
            forms.filter_map(|parts| written(parts, &request.context, "")).collect();
        let candidates: Vec<String> = if yes {
            let with_run = own.iter().flat_map(|clause| &clause.values).filter_map(|value| {
                match &value.form {
                    Form::Relational(parts) => written(parts, &request.context, "example"),
                    _ => None,
                }
            });
            texts.iter().cloned().chain(with_run).collect()
        } else if texts.contains(&current) {
            // Something else of the same class.
            ["another-value", "some-other-value", "yet-another-value"]
                .map(str::to_owned)
                .into_iter()
                .chain([
                    format!("{current}-2"),
                    format!("another-{current}"),
                    format!("{current}2"),
                ])
                .filter(|text| !texts.contains(text))
                .collect()
        } else {
            return;
        };
        let search = Search {
            domain: Domain::Text,
            spells: Domain::Text,
            split_empty: true,
            hints: &[],
            budget: Budget::default(),
        };
        for text in candidates {
            let states = [KeyState::Single(text)];
            let same = listed_classes(&own, &states, search)
                .states
                .first()
                .is_some_and(|class| class.answers == state.answers);
            if same {
                let [state] = states;
                request.context.set(key.clone(), state);
                return;
            }
        }
    }

    /// A resource that the entry matches with what its variables stand for; of a resource that is given, what they stand for.
    fn resource(&self, text: &str, request: &mut Request) {
        let account = request.owner().unwrap_or(EXAMPLE_ACCOUNT).to_owned();
        let entries = self.residual.subjects.iter().filter_map(|subject| match &subject.classes {
            Classes::Resources { relational, .. } => Some(relational.iter()),
            _ => None,
        });
        for entry in entries.flatten().filter(|entry| entry.text == text) {
            let EntryForm::Relational(_, parts) = &entry.form else { continue };
            let held = |key: &ConditionKey| {
                let is_known = *self.known.state(key) != KeyState::Unknown;
                (self.known.is_set(key) && is_known).then(|| request.context.state(key))
            };
            match Fit::new(&request.resource, held).of(parts) {
                Some(found) if found.iter().all(|(key, text)| holds(request, key, text)) => {
                    continue;
                }
                Some(found) if self.is_given => {
                    for (key, text) in found {
                        request.context.set(key, KeyState::Single(text));
                    }
                    continue;
                }
                _ => {}
            }
            let action = action(request.action.as_str()).known();
            let usual = example_resource(request.action.as_str());
            let like = |pattern: String| arn_like(&pattern, usual.as_deref()?, &account);
            let fits = |text: &String| action.is_none_or(|action| is_of(action, text));
            let readable = written(parts, &request.context, "*").and_then(like).filter(fits);
            if let Some(text) = readable.or_else(|| written(parts, &request.context, "")) {
                request.resource = text;
            }
        }
    }
}

/// Whether a key has this one value.
fn holds(request: &Request, key: &ConditionKey, text: &str) -> bool {
    matches!(request.context.state(key), KeyState::Single(value) if value == text)
}

/// How many steps are taken to fit a text to parts.
const MAX_STEPS: usize = 20_000;

/// How many wildcards and variables an entry may have.
const MAX_DEPTH: usize = 64;

/// A text to which parts with variables are fitted.
struct Fit<'t, H> {
    text: &'t str,
    /// The state of a key that is known of every request.
    held: H,
    steps: usize,
    /// How many wildcards and variables are open.
    depth: usize,
}

impl<'t, 'c, H: Fn(&ConditionKey) -> Option<&'c KeyState>> Fit<'t, H> {
    const fn new(text: &'t str, held: H) -> Self {
        Self { text, held, steps: 0, depth: 0 }
    }

    /// What the variables stand for so that the parts match the text; `None` if there is nothing, or it was not found.
    fn of(mut self, parts: &[Part]) -> Option<Vec<(ConditionKey, String)>> {
        let mut found = Vec::new();
        self.fits(parts, self.text, &mut found).then_some(found)
    }

    fn fits(
        &mut self,
        mut parts: &[Part],
        mut rest: &'t str,
        found: &mut Vec<(ConditionKey, String)>,
    ) -> bool {
        loop {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return false;
            }
            let Some((part, others)) = parts.split_first() else { return rest.is_empty() };
            let known = match part {
                Part::Char(c) => rest.strip_prefix(*c),
                Part::One => rest.chars().next().and_then(|c| rest.strip_prefix(c)),
                Part::Run => return self.fits_after_run(others, rest, found),
                Part::Variable(key, default) => match self.value(key, default.as_deref(), found) {
                    Some(value) => rest.strip_prefix(value.as_str()),
                    None if (self.held)(key).is_some() => None,
                    None => return self.fits_after_variable(key, others, rest, found),
                },
            };
            let Some(after) = known else { return false };
            (parts, rest) = (others, after);
        }
    }

    /// What a variable stands for, where it is known or was found before.
    fn value(
        &self,
        key: &ConditionKey,
        default: Option<&str>,
        found: &[(ConditionKey, String)],
    ) -> Option<String> {
        if let Some((_, text)) = found.iter().find(|(other, _)| other == key) {
            return Some(text.clone());
        }
        match (self.held)(key)? {
            KeyState::Single(text) if !text.is_empty() => Some(text.clone()),
            _ => default.map(str::to_owned),
        }
    }

    fn fits_after_run(
        &mut self,
        parts: &[Part],
        rest: &'t str,
        found: &mut Vec<(ConditionKey, String)>,
    ) -> bool {
        self.deeper(|fit| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.into_iter()
                .any(|end| rest.get(end..).is_some_and(|rest| fit.fits(parts, rest, found)))
        })
    }

    fn fits_after_variable(
        &mut self,
        key: &ConditionKey,
        parts: &[Part],
        rest: &'t str,
        found: &mut Vec<(ConditionKey, String)>,
    ) -> bool {
        self.deeper(|fit| {
            rest.char_indices().map(|(at, c)| at + c.len_utf8()).any(|end| {
                let Some((value, rest)) = rest.split_at_checked(end) else { return false };
                found.push((key.clone(), value.to_owned()));
                let fits = fit.fits(parts, rest, found);
                if !fits {
                    found.pop();
                }
                fits
            })
        })
    }

    fn deeper(&mut self, go_on: impl FnOnce(&mut Self) -> bool) -> bool {
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let fits = go_on(self);
        self.depth -= 1;
        fits
    }
}

/// The text of parts, with what the context says for variables and `run` for wildcards.
fn written(parts: &[Part], context: &Context, run: &str) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Char(c) => text.push(*c),
            Part::Run => text.push_str(run),
            Part::One => text.push('x'),
            Part::Variable(key, default) => match context.state(key) {
                KeyState::Single(value) if !value.is_empty() => text.push_str(value),
                _ => text.push_str(default.as_deref()?),
            },
        }
    }
    Some(text)
}
