//! Requests for the combinations of a chart, each decided again by core.

use iamsure_core::decision::Decision;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{Context, KeyState, Principal, Request};

use super::mixed::Mixed;
use super::walk::{ChartModel, ChartSubject, YES};
use crate::model::caller::embodied;
use crate::model::{Cell, Model, Outcome, Outcomes, Place, View, ask};
use crate::unanswered::Unanswered;

/// For so many combinations of tied classes requests are looked for.
const MOST: usize = 40_000;

/// So many of one cell.
const MOST_OF_CELL: usize = 4_096;

/// So many requests are decided, over all combinations, before each gets the least.
const DECIDED: usize = 200_000;

/// How many combinations of the subjects that make no difference are tried, and how many of all.
const OTHERS: usize = 12;
const PLACES: usize = 48;

/// How many cells of a group are tried for an example.
const CELLS: usize = 3;

/// So many requests are made, over all combinations. Each of them has a share, and what it leaves is shared by the rest.
const MADE: usize = 2 * MOST;

/// The search for requests.
pub(super) struct Requests<'a> {
    model: &'a Model,
    views: &'a [View<'a>],
    /// For each residual its model, and the subjects that the model has, by number.
    small: &'a [(usize, Vec<usize>)],
    /// Whether it is known which statements decide.
    has_statements: bool,
    /// How many combinations of the other subjects are decided for each.
    each: usize,
    taken: usize,
    /// Combinations for which requests are still to be looked for, as far as is known, and requests that may be made.
    waiting: usize,
    left: usize,
    /// Whether some were left out, since there are too many.
    pub(super) left_out: bool,
}

impl<'a> Requests<'a> {
    pub(super) const fn new(
        model: &'a Model,
        views: &'a [View<'a>],
        small: &'a [(usize, Vec<usize>)],
        has_statements: bool,
    ) -> Self {
        Self {
            model,
            views,
            small,
            has_statements,
            each: 1,
            taken: 0,
            waiting: MOST,
            left: MADE,
            left_out: false,
        }
    }

    /// Shares the work among the cells of these models.
    pub(super) fn expect<'m>(&mut self, models: impl Iterator<Item = &'m ChartModel>) {
        let total: usize = models.map(combinations_of_tied).fold(0, usize::saturating_add);
        self.each = (DECIDED / total.max(1)).clamp(2, 64);
        self.waiting = total.min(MOST);
    }

    /// A request for each combination of the tied subjects of a cell, any of which may stand for the others.
    ///
    /// # Errors
    /// If core decides otherwise than the diagram.
    pub(super) fn of(
        &mut self,
        cells: &[Cell],
        small: &ChartModel,
    ) -> Result<Vec<Option<Request>>, Unanswered> {
        let count = combinations_of_tied(small);
        if count > MOST_OF_CELL || self.taken.saturating_add(count) > MOST {
            self.left_out = true;
            return Ok(Vec::new());
        }
        self.taken += count;
        (0..count).map(|number| self.found(cells, small, number)).collect()
    }

    fn found(
        &mut self,
        cells: &[Cell],
        small: &ChartModel,
        number: usize,
    ) -> Result<Option<Request>, Unanswered> {
        let share = self.left / self.waiting.max(1);
        self.waiting = self.waiting.saturating_sub(1);
        let completions = self.completions(small, number);
        let own = &*self;
        let places_of = |cell: &Cell| {
            let cell = *cell;
            let places = completions.iter().flat_map(move |classes| own.places(cell, classes));
            places.take(PLACES)
        };
        let mut made = 0;
        let mut found = None;
        let mut is_cut = false;
        for place in cells.iter().take(CELLS).flat_map(places_of) {
            is_cut = made == share;
            if is_cut {
                break;
            }
            made += 1;
            found = own.at(&place, small, &completions)?;
            if found.is_some() {
                break;
            }
        }
        self.left -= made;
        self.left_out |= is_cut;
        Ok(found)
    }

    /// Combinations with these classes of the tied subjects, each of which some request may have.
    fn completions(&self, small: &ChartModel, number: usize) -> Vec<Vec<usize>> {
        let arities = small.arities();
        let tied = Mixed { arities: &arities, subjects: &small.tied };
        let base = tied.with(&vec![0; arities.len()], number);
        let others: Vec<usize> =
            (0..arities.len()).filter(|subject| !small.tied.contains(subject)).collect();
        let others = Mixed { arities: &arities, subjects: &others };
        // An even choice of many: more are looked at than are decided, since some there cannot be.
        let step = others.count().div_ceil(self.each.saturating_mul(8)).max(1);
        let mut found = Vec::new();
        for number in (0..others.count()).step_by(step) {
            let classes = others.with(&base, number);
            let is_known = |(subject, class): (&ChartSubject, &usize)| {
                subject.column.key().is_none()
                    || subject.classes.get(*class).is_some_and(|class| class.state.is_some())
            };
            if small.value(small.possible, &classes) == u32::from(YES)
                && small.subjects.iter().zip(&classes).all(is_known)
            {
                found.push(classes);
            }
            if found.len() >= self.each {
                break;
            }
        }
        found
    }

    /// A request of this place that is decided as the diagram says of all completions.
    fn at(
        &self,
        place: &Place,
        small: &ChartModel,
        completions: &[Vec<usize>],
    ) -> Result<Option<Request>, Unanswered> {
        let Some(caller) = self.model.callers.get(place.cell.caller) else { return Ok(None) };
        let is_root = matches!(caller.requester.principal, Principal::Root { .. });
        let Some(request) = self.model.request(place) else { return Ok(None) };
        let is_of_place = self
            .model
            .locate(place.cell.caller, &request)
            .is_some_and(|found| self.model.is_same_place(&found, place));
        if !is_of_place {
            return Ok(None);
        }
        // By a caller that has the keys, if that is decided alike.
        let shown = embodied(&request, caller);
        for request in shown.into_iter().chain([request]) {
            let found = without_keys(&request, small);
            if self.is_alike(small, is_root, &found, completions) {
                return Ok(Some(found));
            }
        }
        // A bug, where core decides the model's own request otherwise.
        self.model.replayed(self.views, place, &|_| true)?;
        Ok(None)
    }

    /// Combinations of a residual with these classes of the subjects that make a difference, and some classes of the
    /// others.
    fn places(&self, cell: Cell, classes: &[usize]) -> Vec<Place> {
        let (Some(residual), Some((_, asked))) =
            (self.model.residuals.get(cell.residual), self.small.get(cell.residual))
        else {
            return Vec::new();
        };
        let arities: Vec<usize> =
            residual.subjects.iter().map(|subject| subject.classes.len()).collect();
        let others: Vec<usize> =
            (0..arities.len()).filter(|subject| !asked.contains(subject)).collect();
        let mut base = vec![0; arities.len()];
        for (subject, class) in asked.iter().zip(classes) {
            if let Some(own) = base.get_mut(*subject) {
                *own = *class;
            }
        }
        let mixed = Mixed { arities: &arities, subjects: &others };
        let numbers = 0..mixed.count().min(OTHERS);
        numbers.map(|number| Place { cell, classes: mixed.with(&base, number) }).collect()
    }

    /// Whether core decides a request, with the keys of each combination, as the diagram says, and by the same
    /// statements.
    fn is_alike(
        &self,
        small: &ChartModel,
        is_root: bool,
        found: &Request,
        completions: &[Vec<usize>],
    ) -> bool {
        let is_by_the_same = |decision: &Decision, outcome: Outcome, classes: &[usize]| {
            let said = small.deciding(outcome, is_root, classes);
            !self.has_statements
                || (said.len() == decision.statements.len()
                    && said.iter().all(|id| decision.statements.contains(id)))
        };
        completions.iter().all(|classes| {
            let Some(request) = with_keys(found, small, classes) else { return false };
            self.views.iter().zip(&small.decisions).enumerate().all(|(number, (view, root))| {
                let expected = u8::try_from(small.value(*root, classes)).ok().map(Outcomes);
                let expected = expected.and_then(Outcomes::one);
                let (Some(expected), Some((found, decision))) = (expected, ask(*view, &request))
                else {
                    return false;
                };
                let decision = decision.filter(|_| number == 0);
                found == expected
                    && decision.is_none_or(|found| is_by_the_same(&found, expected, classes))
            })
        })
    }
}

/// How many combinations of tied classes there are.
fn combinations_of_tied(small: &ChartModel) -> usize {
    Mixed { arities: &small.arities(), subjects: &small.tied }.count()
}

/// The keys of subjects that are not tied, each with its class among `classes`.
fn free_keys(small: &ChartModel) -> impl Iterator<Item = (usize, &ConditionKey, &ChartSubject)> {
    let subjects = small.subjects.iter().enumerate();
    subjects
        .filter(|(number, _)| !small.tied.contains(number))
        .filter_map(|(number, subject)| subject.column.key().map(|key| (number, key, subject)))
}

/// The request without the keys of subjects that are not tied.
fn without_keys(request: &Request, small: &ChartModel) -> Request {
    let mut context = Context::closed();
    for (key, state) in request.context.entries() {
        if *state != KeyState::Unknown && free_keys(small).all(|(_, free, _)| free != key) {
            context.set(key.clone(), state.clone());
        }
    }
    Request { context, ..request.clone() }
}

/// The request with the states of the classes of subjects that are not tied; `None` if one has none.
pub(super) fn with_keys(
    request: &Request,
    small: &ChartModel,
    classes: &[usize],
) -> Option<Request> {
    let mut found = request.clone();
    for (number, key, subject) in free_keys(small) {
        let state = subject.classes.get(*classes.get(number)?)?.state.clone()?;
        found.context.set(key.clone(), state);
    }
    Some(found)
}
