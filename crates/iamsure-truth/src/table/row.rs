//! Rows: parts of small models put together that say the same, each with an example.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use iamsure_core::decision::Decision;
use iamsure_core::language::ActionName;
use iamsure_core::world::Request;
use iamsure_reference::Action;
use rustc_hash::FxHashMap;

use super::example::{Seen, example};
use super::members::ActionWords;
use super::{Column, Form, cells, said_of_callers};
use crate::background::NotFor;
use crate::background::{Reach, Standing, standing};
use crate::bits::Bits;
use crate::class::plausible::misfit;
use crate::cover::Cube;
use crate::model::{Cell, Model, Outcome, Outcomes, Part, Place, View, Witness, ask};
use crate::said::Said;
use crate::unanswered::Unanswered;

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it says in each column; a column that is not there is "any".
    pub cells: BTreeMap<Column, Said>,
    /// What is decided: one outcome, or several where keys are not shown.
    pub outcomes: Outcomes,
    /// A request of the row, decided by core; `None` if none was found.
    pub witness: Option<Request>,
    /// What core decides about it; `None` for the question whether a statement applies.
    pub decision: Option<Decision>,
    /// Whether there are such requests.
    pub reach: Reach,
    /// Actions of the row for which there are none, though there are for others.
    pub not_for: Vec<NotFor>,
    /// The classes of actions of the row; `None` for all in scope. [`Table::actions`] names them.
    ///
    /// [`Table::actions`]: super::Table::actions
    pub(crate) actions: Option<Bits>,
    ranks: BTreeMap<Column, (u8, String)>,
    /// The callers and the classes of actions, by number, and what the row covers of each small model.
    about: (Bits, Bits, Vec<(usize, Cube)>),
}

impl Row {
    /// Whether the row is about the requests of a combination.
    pub fn holds(&self, place: &Place) -> bool {
        let (callers, actions, cubes) = &self.about;
        let within = |cube: &Cube| {
            let is_in = |(subject, classes): &(usize, Bits)| {
                place.classes.get(*subject).is_some_and(|class| classes.contains(*class))
            };
            cube.0.iter().all(is_in)
        };
        callers.contains(place.cell.caller)
            && actions.contains(place.cell.action)
            && cubes.iter().any(|(residual, cube)| *residual == place.cell.residual && within(cube))
    }

    /// By who asks, then outcome, then what the cells say: absent, false, true, other values.
    pub(crate) fn order(&self, other: &Self, columns: &[Column]) -> Ordering {
        let principal = |row: &Self| row.cells.get(&Column::Principal).cloned();
        let has_keys = columns.iter().any(|column| matches!(column, Column::Subject(_)));
        let by_rank = || {
            columns
                .iter()
                .map(|column| self.ranks.get(column).cmp(&other.ranks.get(column)))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        let outcome = |row: &Self| match row.outcomes.one() {
            Some(Outcome::Verdict(verdict)) => match verdict {
                iamsure_core::decision::Verdict::Exempt => 0,
                iamsure_core::decision::Verdict::ExplicitlyDenied => 1,
                iamsure_core::decision::Verdict::Allowed => 2,
                iamsure_core::decision::Verdict::ImplicitlyDenied => 3,
            },
            Some(Outcome::Applies | Outcome::DoesNotApply) => 4,
            None => 5,
        };
        principal(self)
            .cmp(&principal(other))
            .then_with(|| outcome(self).cmp(&outcome(other)))
            .then_with(|| if has_keys { by_rank() } else { Ordering::Equal })
            .then_with(|| self.cells.cmp(&other.cells))
    }
}

/// Parts that say the same and have the same outcomes.
struct Group {
    said: (BTreeMap<Column, Said>, Outcomes),
    ranks: BTreeMap<Column, (u8, String)>,
    parts: Vec<usize>,
}

/// Puts the parts together.
pub(crate) fn rows(
    model: &Model,
    seen: Seen<'_>,
    parts: &[Part],
    form: &Form,
) -> Result<Vec<Row>, Unanswered> {
    let mut places: FxHashMap<(BTreeMap<Column, Said>, Outcomes), usize> = FxHashMap::default();
    let mut groups: Vec<Group> = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let Some(residual) = model.residuals.get(part.residual) else { continue };
        let described = cells(residual, &part.cube);
        let (mut of_cells, mut ranks) = (BTreeMap::new(), BTreeMap::new());
        for (column, (said, rank)) in described {
            of_cells.insert(column.clone(), said);
            ranks.insert(column, rank);
        }
        let said = (of_cells, part.outcomes);
        let place = *places.entry(said.clone()).or_insert_with(|| {
            groups.push(Group { said, ranks, parts: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.parts.push(number);
        }
    }
    let mut by_residual: Vec<Vec<Cell>> = vec![Vec::new(); model.residuals.len()];
    for cell in &model.cells {
        if let Some(list) = by_residual.get_mut(cell.residual) {
            list.push(*cell);
        }
    }
    let scope: Bits = model.cells.iter().map(|cell| cell.action).collect();
    let words = ActionWords::new(model, &scope);
    let mut rows = Vec::with_capacity(groups.len());
    for group in &groups {
        rows.extend(of_group(model, seen, parts, group, &by_residual, &words, form)?);
    }
    Ok(rows)
}

/// A row for each set of callers that the group's actions have in common.
fn of_group(
    model: &Model,
    seen: Seen<'_>,
    parts: &[Part],
    group: &Group,
    by_residual: &[Vec<Cell>],
    words: &ActionWords<'_>,
    form: &Form,
) -> Result<Vec<Row>, Unanswered> {
    let members: Vec<(&Part, &Cell)> = group
        .parts
        .iter()
        .filter_map(|number| parts.get(*number))
        .flat_map(|part| {
            by_residual.get(part.residual).into_iter().flatten().map(move |cell| (part, cell))
        })
        .collect();
    let mut callers_of: BTreeMap<usize, Bits> = BTreeMap::new();
    for (_, cell) in &members {
        callers_of.entry(cell.action).or_default().insert(cell.caller);
    }
    let mut actions_of: BTreeMap<Bits, Bits> = BTreeMap::new();
    for (action, callers) in callers_of {
        // Whoever cannot make a call is not left out of those who can.
        let is_all = words.callers(action).is_none_or(|all| all.difference(&callers).is_empty());
        let callers = if is_all { Bits::below(model.callers.len()) } else { callers };
        actions_of.entry(callers).or_default().insert(action);
    }
    let mut rows = Vec::with_capacity(actions_of.len());
    for (callers, actions) in actions_of {
        let mut cells = group.said.0.clone();
        let mut ranks = group.ranks.clone();
        if let Some(said) = said_of_callers(model, &callers, &actions) {
            cells.insert(Column::Principal, said);
        }
        if let Some(said) = words.said(&actions) {
            let rank = (u8::from(actions.len() > 1), said.to_string());
            cells.insert(Column::Action, said);
            ranks.insert(Column::Action, rank);
        }
        let own = members
            .iter()
            .filter(|(_, cell)| callers.contains(cell.caller) && actions.contains(cell.action));
        let own: Vec<(&Part, &Cell)> = own.copied().collect();
        let found = example(model, seen, own.iter(), group.said.1, form)?;
        let Standing { reach, not_for } = standing(model, &own, &actions, found.as_ref());
        let found = found.map(|witness| of_others(model, seen.view, witness, &not_for));
        let (witness, decision) = match found {
            None => (None, None),
            Some(Witness { request, decision, .. }) => (Some(request), decision),
        };
        let classes = (actions != *words.scope).then(|| actions.clone());
        let cubes = group.parts.iter().filter_map(|number| parts.get(*number));
        let cubes = cubes.map(|part| (part.residual, part.cube.clone())).collect();
        rows.push(Row {
            cells,
            outcomes: group.said.1,
            witness,
            decision,
            reach,
            not_for,
            actions: classes,
            ranks,
            about: (callers, actions, cubes),
        });
    }
    Ok(rows)
}

/// How many other actions are tried for a request.
const OTHERS: usize = 64;

/// The request, about an action of the same class that may carry what the row needs.
fn of_others(model: &Model, view: View<'_>, witness: Witness, not_for: &[NotFor]) -> Witness {
    let never = |action: &Action| not_for.iter().any(|none| none.actions.contains(action));
    let iamsure_reference::Standing::Known(found) =
        iamsure_reference::action(witness.request.action.as_str())
    else {
        return witness;
    };
    let Some(number) = model.actions.class_of(found).filter(|_| never(&found)) else {
        return witness;
    };
    let members = model.actions.members(&std::iter::once(number).collect());
    let published = members.iter().filter(|action| !never(action)).take(OTHERS);
    let published = published.filter_map(|action| ActionName::parse(action.name()).ok());
    // Nobody knows what a name carries that is not published.
    let class = model.actions.classes.get(number);
    let mut others = published.chain(class.and_then(|class| class.unpublished.clone()));
    let of_other = |action: ActionName| {
        let request = Request { action, ..witness.request.clone() };
        if misfit(request.action.as_str(), &request.resource).is_some() {
            return None;
        }
        let (outcome, decision) = ask(view, &request)?;
        (outcome == witness.outcome).then_some(Witness { request, outcome, decision })
    };
    others.find_map(of_other).unwrap_or(witness)
}
