//! An example of a row: a request that AWS could be asked, as far as it publishes what it asks.

use rustc_hash::FxHashSet;

use super::Form;
use crate::background::is_ruled_out;
use crate::bits::Bits;
use crate::class::plausible::misfit;
use crate::cover::Cube;
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::{Cell, Classes, Model, Outcomes, Part, Place, Residual, Shows, View, Witness};
use crate::unanswered::Unanswered;

/// How many combinations of a row are tried for an example.
const TRIED: usize = 24;

/// How many more are tried where the only fault is that the action is not asked of the resource.
const MISFITS: usize = 200;

/// What a request may be that is no better example.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// AWS publishes no such resource for the action.
    Misfit,
    /// A documented rule speaks against it.
    RuledOut,
}

/// The view that rows are of, and what their examples must show beside.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) number: usize,
    pub(crate) view: View<'a>,
    pub(crate) shows: Shows<'a>,
}

/// A request of the row, as core decides it: one that nothing documented speaks against, if some is found.
pub(super) fn example<'a>(
    model: &Model,
    Seen { number: view_number, view, shows }: Seen<'_>,
    members: impl Iterator<Item = &'a (&'a Part, &'a Cell)>,
    outcomes: Outcomes,
    form: &Form,
) -> Result<Option<Witness>, Unanswered> {
    let mut members: Vec<_> = members.collect();
    // A published action makes the better example.
    let is_unpublished = |cell: &Cell| {
        model.actions.classes.get(cell.action).is_none_or(|class| class.published == 0)
    };
    members.sort_by_key(|(_, cell)| is_unpublished(cell));
    // With keys left out, the row's classes are those of the keys that are shown.
    let wanted: Vec<u8> = if form.keys.is_some() || outcomes.one().is_none() {
        outcomes.iter().map(|outcome| Outcomes::only(outcome).0).collect()
    } else {
        vec![outcomes.0]
    };
    let mut second: Option<(Fault, Witness)> = None;
    let (mut tried, mut misfits) = (0, 0);
    for (part, cell) in members {
        let Some(residual) = model.residuals.get(part.residual) else { continue };
        let Some(answer) = residual.answers.get(view_number).copied() else { continue };
        let is_resource = |classes: &Classes| matches!(classes, Classes::Resources { .. });
        let mut subjects = residual.subjects.iter();
        let resource = subjects.position(|subject| is_resource(&subject.classes));
        let asked = residual.keys();
        // Classes of resources that the action is not asked of.
        let mut without = Bits::new();
        'search: loop {
            let search = |limit| {
                let mut search = Search {
                    residual,
                    cube: &part.cube,
                    without: (resource.unwrap_or(usize::MAX), &without),
                    wanted: &wanted,
                    dead: FxHashSet::default(),
                    found: Vec::new(),
                    limit,
                };
                search.walk(answer, residual.possible, &mut Vec::new());
                search.found
            };
            // The first one mostly does.
            let others = std::iter::once_with(|| search(TRIED)).flatten().skip(1);
            for classes in search(1).into_iter().chain(others) {
                let of_resource = resource.and_then(|at| classes.get(at)).copied();
                let place = Place { cell: **cell, classes };
                let outcome = model.outcomes(&place, view_number).and_then(Outcomes::one);
                let Some(outcome) = outcome else { continue };
                let Some(witness) = model.witness_that(view, &place, outcome, shows)? else {
                    tried += 1;
                    if tried >= TRIED {
                        return Ok(second.map(|(_, witness)| witness));
                    }
                    continue;
                };
                let request = &witness.request;
                let fault = if is_ruled_out(request, &asked) {
                    Fault::RuledOut
                } else if misfit(request.action.as_str(), &request.resource).is_some() {
                    Fault::Misfit
                } else {
                    return Ok(Some(witness));
                };
                if second.as_ref().is_none_or(|(known, _)| fault < *known) {
                    second = Some((fault, witness));
                }
                let (count, limit) = match fault {
                    Fault::RuledOut => (&mut tried, TRIED),
                    Fault::Misfit => (&mut misfits, MISFITS),
                };
                *count += 1;
                if *count >= limit {
                    return Ok(second.map(|(_, witness)| witness));
                }
                if fault == Fault::Misfit
                    && let Some(class) = of_resource
                {
                    without.insert(class);
                    continue 'search;
                }
            }
            break;
        }
    }
    Ok(second.map(|(_, witness)| witness))
}

/// Looks for combinations within a cube that lead to a wanted leaf.
struct Search<'a> {
    residual: &'a Residual,
    cube: &'a Cube,
    /// A subject, and classes of it that are of no use.
    without: (usize, &'a Bits),
    wanted: &'a [u8],
    dead: FxHashSet<(usize, Function, Function)>,
    found: Vec<Vec<usize>>,
    limit: usize,
}

impl Search<'_> {
    fn walk(&mut self, answer: Function, possible: Function, classes: &mut Vec<usize>) {
        let subject = classes.len();
        let hopeless = possible == FALSE
            || answer.as_leaf().is_some_and(|leaf| !self.wanted.contains(&leaf))
            || self.dead.contains(&(subject, answer, possible));
        if hopeless || self.found.len() >= self.limit {
            return;
        }
        let Some(of_subject) = self.residual.subjects.get(subject) else {
            if possible == TRUE {
                self.found.push(classes.clone());
            }
            return;
        };
        let before = self.found.len();
        let diagram: &Diagram = &self.residual.diagram;
        let allowed: Vec<usize> = match self.cube.classes(subject) {
            Some(set) => set.iter().collect(),
            None => (0..of_subject.classes.len()).collect(),
        };
        let (avoided, without) = self.without;
        let mut order: Vec<usize> = allowed
            .into_iter()
            .filter(|class| subject != avoided || !without.contains(*class))
            .collect();
        order.sort_by_key(|class| preference(&of_subject.classes, *class));
        for class in order {
            let answer = diagram.child(answer, subject, class);
            let possible = diagram.child(possible, subject, class);
            classes.push(class);
            self.walk(answer, possible, classes);
            classes.pop();
        }
        if self.found.len() == before {
            self.dead.insert((subject, answer, possible));
        }
    }
}

/// Classes without an example last, the resource `*` late.
fn preference(classes: &Classes, class: usize) -> u8 {
    match classes {
        Classes::States { classes, .. } => {
            u8::from(classes.states.get(class).is_none_or(|class| class.witness.is_none())) * 2
        }
        Classes::Resources { classes, .. } => {
            u8::from(classes.get(class).is_none_or(|class| class.is_all))
        }
        Classes::NoYes => 0,
    }
}
