//! A table as it was understood: for each row the key states it is about, and what it claims.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::Verdict;
use iamsure_core::language::document::Effect;
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::KeyState;
use iamsure_truth::model::Outcome;
use iamsure_truth::said::Said;

use super::asking::{self, States as Fixed, Subject};
use super::cell::{Answer, States, answer, presence, state};
use super::column::{Asks, Role, roles};
use super::table::{Cell, Table};

/// The most kinds of request that one row may stand for.
const MAX_KINDS: usize = 256;

/// A row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its number in the table, from 0.
    pub(super) number: usize,
    /// What it is about, or which cell is not understood.
    pub(super) about: Result<About, Obscure>,
    /// What it claims in each column of answers.
    pub(super) claims: Vec<Claim>,
}

/// What a row is about.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    pub(super) keys: BTreeMap<ConditionKey, Said>,
    pub(super) action: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) path: Option<String>,
}

/// A cell that is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Obscure {
    /// The column.
    pub(super) column: usize,
}

/// What a row claims in one column.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) column: usize,
    pub(super) asks: Asks,
    /// `None` if the cell is not understood.
    pub(super) answer: Option<Answer>,
}

/// A table with the roles of its columns.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) roles: Vec<Role>,
    pub(super) rows: Vec<Row>,
}

impl Reading {
    /// Reads a table about policies that ask for `keys`; `said` are the roles that a comment gives to
    /// columns, by heading in lower case.
    pub(super) fn of(table: &Table, keys: &[ConditionKey], said: &BTreeMap<String, Role>) -> Self {
        Self::with_roles(table, roles(table, keys, said))
    }

    /// The table as it is to be read: with rows for columns, if only so it is about keys and answers.
    pub(super) fn oriented<'t>(
        table: &'t Table,
        keys: &[ConditionKey],
        said: &BTreeMap<String, Role>,
    ) -> Cow<'t, Table> {
        let is_read = |table: &Table| {
            let roles = roles(table, keys, said);
            let is_key = |role: &Role| matches!(role, Role::Presence(_) | Role::State(_));
            roles.iter().any(is_key)
                && roles.iter().any(|role| matches!(role, Role::Answer(_)))
                && !roles.contains(&Role::Obscure)
        };
        if table.rows.is_empty() || is_read(table) {
            return Cow::Borrowed(table);
        }
        let transposed = table.transposed();
        if is_read(&transposed) { Cow::Owned(transposed) } else { Cow::Borrowed(table) }
    }

    /// Reads a table whose columns have these roles.
    pub(super) fn with_roles(table: &Table, roles: Vec<Role>) -> Self {
        let rows = table
            .rows
            .iter()
            .enumerate()
            .map(|(number, cells)| Row {
                number,
                about: about(cells, &roles),
                claims: claims(cells, &roles),
            })
            .collect();
        Self { roles, rows }
    }

    /// The keys that have a column.
    pub(super) fn keys(&self) -> Vec<ConditionKey> {
        let mut keys = Vec::new();
        for role in &self.roles {
            if let Role::Presence(key) | Role::State(key) = role
                && !keys.contains(key)
            {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// Whether some column holds answers.
    pub(super) fn has_answers(&self) -> bool {
        self.roles.iter().any(|role| matches!(role, Role::Answer(_)))
    }

    /// Whether some column is not understood.
    pub(super) fn is_obscure(&self) -> bool {
        self.roles.contains(&Role::Obscure)
    }

    /// Whether some column of answers asks what is decided, and not whether a statement applies.
    pub(super) fn asks_decisions(&self) -> bool {
        self.roles.iter().any(|role| matches!(role, Role::Answer(asks) if *asks != Asks::Applies))
    }

    /// The values that the column of a key names anywhere.
    fn named(&self, key: &ConditionKey) -> BTreeSet<&str> {
        self.rows
            .iter()
            .filter_map(|row| row.about.as_ref().ok()?.keys.get(key))
            .flat_map(Said::alternatives)
            .filter_map(|said| match said {
                Said::Is(value) => Some(value.text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The kinds of request that a row is about: each a choice of key states, enough of them that
    /// what holds for all holds for every request of the row. `None` if there are too many.
    pub(super) fn kinds(&self, about: &About, classes: &[Fixed]) -> Option<Vec<Fixed>> {
        let mut kinds = vec![Fixed::new()];
        for (key, said) in &about.keys {
            // What other rows name matters only where this one does not name a value.
            let is_open = |one: &Said| !matches!(one, Said::Absent | Said::Is(_));
            let named = if said.alternatives().iter().any(is_open) {
                self.named(key)
            } else {
                BTreeSet::new()
            };
            if named.len() > MAX_KINDS {
                return None;
            }
            let mut choices: Vec<KeyState> = Vec::new();
            for one in said.alternatives() {
                let found: Vec<KeyState> = match one {
                    Said::Absent => vec![KeyState::Absent],
                    Said::Is(value) => vec![asking::with_value(key, &value.text)],
                    Said::Any => {
                        all(key, classes, &named).into_iter().chain([KeyState::Absent]).collect()
                    }
                    Said::Present => all(key, classes, &named),
                    Said::Other => {
                        without(all(key, classes, &BTreeSet::new()), key, named.iter().copied())?
                    }
                    said => {
                        let values = said.excluded()?.into_iter().map(|value| value.text.as_str());
                        without(all(key, classes, &named), key, values)?
                    }
                };
                choices.extend(
                    found.into_iter().filter(|state| !choices.contains(state)).collect::<Vec<_>>(),
                );
            }
            if choices.is_empty() || kinds.len().saturating_mul(choices.len()) > MAX_KINDS {
                return None;
            }
            kinds = kinds
                .iter()
                .flat_map(|kind| {
                    choices.iter().map(|state| {
                        let mut kind = kind.clone();
                        kind.insert(key.clone(), state.clone());
                        kind
                    })
                })
                .collect();
        }
        Some(kinds)
    }
}

/// Every class of present states of a key, and the values that the table names.
fn all(key: &ConditionKey, classes: &[Fixed], named: &BTreeSet<&str>) -> Vec<KeyState> {
    let mut states: Vec<KeyState> = Vec::new();
    let of_classes = classes
        .iter()
        .filter_map(|class| class.get(key))
        .filter(|state| **state != KeyState::Absent)
        .cloned();
    for state in of_classes.chain(named.iter().map(|value| asking::with_value(key, value))) {
        if !states.contains(&state) {
            states.push(state);
        }
    }
    states
}

/// The states without these values. `None` if nothing is left to ask about: a class may hold more than the
/// value that stands for it.
fn without<'a>(
    mut states: Vec<KeyState>,
    key: &ConditionKey,
    values: impl Iterator<Item = &'a str>,
) -> Option<Vec<KeyState>> {
    for value in values {
        let state = asking::with_value(key, value);
        states.retain(|other| *other != state);
    }
    (!states.is_empty()).then_some(states)
}

/// What the cells say of the request.
fn about(cells: &[Cell], roles: &[Role]) -> Result<About, Obscure> {
    let mut about = About::default();
    let mut seen: BTreeMap<ConditionKey, (Option<States>, Option<States>)> = BTreeMap::new();
    for (column, (cell, role)) in cells.iter().zip(roles).enumerate() {
        let obscure = Obscure { column };
        match role {
            Role::Presence(key) => {
                seen.entry(key.clone()).or_default().0 = Some(presence(cell).ok_or(obscure)?);
            }
            Role::State(key) => {
                seen.entry(key.clone()).or_default().1 = Some(state(cell).ok_or(obscure)?);
            }
            Role::Action => {
                let pattern = one_text(cell).ok_or(obscure)?;
                if pattern != "*" && ActionPattern::new(pattern.as_str()).parts().is_none() {
                    return Err(obscure);
                }
                about.action = Some(pattern);
            }
            Role::Resource => about.resource = Some(one_text(cell).ok_or(obscure)?),
            Role::Path => about.path = Some(one_text(cell).ok_or(obscure)?),
            Role::Answer(_) | Role::Remark | Role::Obscure => {}
        }
    }
    for (key, said) in seen {
        let column = roles
            .iter()
            .rposition(|role| matches!(role, Role::State(of) | Role::Presence(of) if *of == key))
            .unwrap_or_default();
        let is_empty = cells.get(column).is_some_and(|cell| cell.text().is_empty());
        about.keys.insert(key, together(said, is_empty).ok_or(Obscure { column })?);
    }
    Ok(about)
}

/// What two columns say of a key together: whether it is there, and its value.
fn together(said: (Option<States>, Option<States>), is_empty: bool) -> Option<Said> {
    match said {
        (Some(States::Of(present)), None | Some(States::Nothing)) => Some(present),
        // A dash in the only column of a key is how many write "absent"; an empty cell is not.
        (None, Some(States::Nothing)) => (!is_empty).then_some(Said::Absent),
        (None, Some(States::Of(said))) => Some(said),
        (Some(States::Of(present)), Some(States::Of(said))) => match (present, said) {
            (Said::Present, Said::Any) => Some(Said::Present),
            (Said::Present, said) => (!said.alternatives().contains(&Said::Absent)).then_some(said),
            (present @ (Said::Absent | Said::Any), said) => (present == said).then_some(said),
            _ => None,
        },
        (Some(States::Nothing), _) | (None, None) => None,
    }
}

/// The one thing that a cell names.
fn one_text(cell: &Cell) -> Option<String> {
    let mut codes = cell.codes();
    match (codes.next(), codes.next()) {
        (Some(code), None) => Some(code.to_owned()),
        (None, _) => {
            let text = cell.text();
            (!text.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
        }
        _ => None,
    }
}

fn claims(cells: &[Cell], roles: &[Role]) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (column, (cell, role)) in cells.iter().zip(roles).enumerate() {
        if let Role::Answer(asks) = role {
            claims.push(Claim { column, asks: *asks, answer: answer(cell) });
        }
    }
    claims
}

/// The outcomes that a claim allows for; `None` if it is no answer to what the column asks.
pub(super) fn meant(asks: Asks, answer: Answer, subject: &Subject) -> Option<Vec<Outcome>> {
    use Verdict::{Allowed, Exempt, ExplicitlyDenied, ImplicitlyDenied};
    let decided = |list: &[Verdict]| {
        Some(list.iter().map(|verdict| Outcome::Verdict(*verdict)).collect::<Vec<_>>())
    };
    // Of a statement alone, "denied" and "allowed" say whether it does what it is for.
    let (asks, answer) = match (asks, answer, subject.statement) {
        (Asks::Decision, Answer::Yes | Answer::No, Some(_)) => return None,
        (Asks::IsAllowed, Answer::Yes, Some(_)) | (Asks::IsDenied, Answer::No, Some(_)) => {
            (Asks::Applies, Answer::Allowed)
        }
        (Asks::IsAllowed, Answer::No, Some(_)) | (Asks::IsDenied, Answer::Yes, Some(_)) => {
            (Asks::Applies, Answer::Denied)
        }
        (_, answer, Some(_)) => (Asks::Applies, answer),
        (asks, answer, None) => (asks, answer),
    };
    match (asks, answer) {
        (Asks::Applies, answer) => {
            let applies = match (answer, subject.effect()?) {
                (Answer::Yes, _) => true,
                (Answer::No, _) => false,
                (Answer::Allowed, effect) => effect == Effect::Allow,
                (Answer::Denied | Answer::ExplicitlyDenied, effect) => effect == Effect::Deny,
                (Answer::ImplicitlyDenied, Effect::Allow) => false,
                (Answer::ImplicitlyDenied | Answer::Exempt, _) => return None,
            };
            Some(vec![if applies { Outcome::Applies } else { Outcome::DoesNotApply }])
        }
        (Asks::Decision | Asks::IsAllowed | Asks::IsDenied, Answer::Allowed)
        | (Asks::IsAllowed, Answer::Yes)
        | (Asks::IsDenied, Answer::No) => decided(&[Allowed, Exempt]),
        (Asks::Decision | Asks::IsAllowed | Asks::IsDenied, Answer::Denied)
        | (Asks::IsAllowed, Answer::No)
        | (Asks::IsDenied, Answer::Yes) => decided(&[ExplicitlyDenied, ImplicitlyDenied]),
        (_, Answer::ExplicitlyDenied) => decided(&[ExplicitlyDenied]),
        (_, Answer::ImplicitlyDenied) => decided(&[ImplicitlyDenied]),
        (_, Answer::Exempt) => decided(&[Exempt]),
        (Asks::Decision, Answer::Yes | Answer::No) => None,
    }
}
