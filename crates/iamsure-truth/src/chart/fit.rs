//! Requests for the combinations of a chart, each decided again by core.

use iamsure_core::world::Request;

use super::walk::ChartModel;
use super::{key_of, only};
use crate::model::caller::embodied;
use crate::model::{Cell, Disagreement, Model, Outcomes, Place, View, ask};
use crate::table::Column;
use crate::unanswered::Unanswered;

/// For so many combinations of tied classes requests are looked for.
const MOST: usize = 40_000;

/// So many of one cell.
const MOST_OF_CELL: usize = 4_096;

/// So many requests are decided, over all combinations, before each gets the least.
const DECIDED: usize = 200_000;

/// How many cells of a group are tried for an example.
const CELLS: usize = 3;

/// The search for requests.
pub(super) struct Requests<'a> {
    model: &'a Model,
    views: &'a [View<'a>],
    /// How many combinations of the other subjects are decided for each.
    each: usize,
    taken: usize,
    /// Whether some were left out, since there are too many.
    pub(super) left_out: bool,
}

impl<'a> Requests<'a> {
    pub(super) const fn new(model: &'a Model, views: &'a [View<'a>]) -> Self {
        Self { model, views, each: 1, taken: 0, left_out: false }
    }

    /// Shares the work among the cells of these models.
    pub(super) fn expect<'m>(&mut self, models: impl Iterator<Item = &'m ChartModel>) {
        let total: usize = models.map(combinations_of_tied).fold(0, usize::saturating_add);
        self.each = (DECIDED / total.max(1)).clamp(2, 64);
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
        &self,
        cells: &[Cell],
        small: &ChartModel,
        number: usize,
    ) -> Result<Option<Request>, Unanswered> {
        let completions = self.completions(small, number);
        if completions.is_empty() {
            return Ok(None);
        }
        for cell in cells.iter().take(CELLS) {
            if let Some(found) = self.of_cell(*cell, small, &completions)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Combinations with these classes of the tied subjects, each of which some request may have.
    fn completions(&self, small: &ChartModel, number: usize) -> Vec<Vec<usize>> {
        let arities = small.arities();
        let mut base = vec![0; arities.len()];
        let mut left = number;
        for subject in small.tied.iter().rev() {
            let (Some(arity), Some(class)) = (arities.get(*subject), base.get_mut(*subject)) else {
                return Vec::new();
            };
            *class = left % arity.max(&1);
            left /= arity.max(&1);
        }
        let others: Vec<usize> =
            (0..arities.len()).filter(|subject| !small.tied.contains(subject)).collect();
        let arity = |subject: &usize| arities.get(*subject).copied().unwrap_or(1).max(1);
        let total = others.iter().map(arity).fold(1, usize::saturating_mul);
        // An even choice of many: more are looked at than are decided, since some there cannot be.
        let step = total.div_ceil(self.each * 8).max(1);
        let mut found = Vec::new();
        for number in (0..total).step_by(step) {
            let mut classes = base.clone();
            let mut left = number;
            for subject in &others {
                if let Some(class) = classes.get_mut(*subject) {
                    *class = left % arity(subject);
                }
                left /= arity(subject);
            }
            let is_known = |(subject, class): (&super::ChartSubject, &usize)| {
                key_of_column(&subject.column).is_none()
                    || subject.classes.get(*class).is_some_and(|class| class.state.is_some())
            };
            if small.value(small.possible, &classes) == u32::from(super::walk::YES)
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

    fn of_cell(
        &self,
        cell: Cell,
        small: &ChartModel,
        completions: &[Vec<usize>],
    ) -> Result<Option<Request>, Unanswered> {
        let Some(caller) = self.model.callers.get(cell.caller) else { return Ok(None) };
        for classes in completions {
            let place = Place { cell, classes: classes.clone() };
            let Some(request) = self.model.request(&place) else { continue };
            let is_of_place = self
                .model
                .locate(cell.caller, &request)
                .is_some_and(|found| self.model.is_same_place(&found, &place));
            if !is_of_place {
                continue;
            }
            // By a caller that has the keys, if that is decided alike.
            let shown = embodied(&request, caller);
            for request in shown.into_iter().chain([request]) {
                let found = without_keys(&request, small);
                if self.is_alike(cell, small, &found, completions) {
                    return Ok(Some(found));
                }
            }
            self.agreed(cell, &place)?;
            return Ok(None);
        }
        Ok(None)
    }

    /// Whether core decides a request, with the keys of each combination, as the diagram says.
    fn is_alike(
        &self,
        cell: Cell,
        small: &ChartModel,
        found: &Request,
        completions: &[Vec<usize>],
    ) -> bool {
        completions.iter().all(|classes| {
            let Some(request) = with_keys(found, small, classes) else { return false };
            let place = Place { cell, classes: classes.clone() };
            self.views.iter().enumerate().all(|(number, view)| {
                let expected = self.model.outcomes(&place, number).and_then(Outcomes::one);
                expected.is_some() && ask(*view, &request).map(|(found, _)| found) == expected
            })
        })
    }

    /// # Errors
    /// If core decides the model's own request otherwise than the model.
    fn agreed(&self, cell: Cell, place: &Place) -> Result<(), Box<Disagreement>> {
        debug_assert_eq!(cell, place.cell);
        self.model.replayed(self.views, place).map(drop)
    }
}

/// How many combinations of tied classes there are.
fn combinations_of_tied(small: &ChartModel) -> usize {
    let arity = |subject: &usize| small.subjects.get(*subject).map_or(1, |it| it.classes.len());
    small.tied.iter().map(arity).fold(1, usize::saturating_mul)
}

const fn key_of_column(column: &Column) -> Option<&iamsure_core::language::ConditionKey> {
    match column {
        Column::Subject(subject) => key_of(subject),
        Column::Principal | Column::Action => None,
    }
}

/// The request without the keys of subjects that are not tied.
fn without_keys(request: &Request, small: &ChartModel) -> Request {
    let free: Vec<_> = (small.subjects.iter().enumerate())
        .filter(|(number, _)| !small.tied.contains(number))
        .filter_map(|(_, subject)| key_of_column(&subject.column))
        .collect();
    let context = only(&request.context, |key| !free.contains(&key));
    Request { context, ..request.clone() }
}

/// The request with the states of the classes of subjects that are not tied; `None` if one has none.
pub(super) fn with_keys(
    request: &Request,
    small: &ChartModel,
    classes: &[usize],
) -> Option<Request> {
    let mut found = request.clone();
    for (number, (subject, class)) in small.subjects.iter().zip(classes).enumerate() {
        if let Some(key) = key_of_column(&subject.column).filter(|_| !small.tied.contains(&number))
        {
            let state = subject.classes.get(*class)?.state.clone()?;
            found.context.set(key.clone(), state);
        }
    }
    Some(found)
}
