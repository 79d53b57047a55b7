//! The truth table: every request, in the fewest readable rows.
//!
//! A table is one function in one of three forms, named by DMN's hit policies:
//!
//! - **unique**: rows are disjoint, and together they are every request;
//! - **any**: rows are true on their own and may overlap; what no row names is the last row;
//! - **priority**: an explicit deny wins over an Allow wherever both rows match, which is IAM's own rule and
//!   needs no order of rows; what no row names is denied implicitly. Under guardrails it is by far the
//!   shortest.
//!
//! Rows of different callers and actions with the same words in all other cells are one row. Before a
//! table is given away its rows are checked against the diagram: in each small model the union of the
//! rows is the function, and core decides each row's example.

mod example;
mod length;
mod members;
mod narrow;
mod query;
mod row;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use iamsure_core::language::ConditionKey;
use iamsure_core::language::condition::Family;
use iamsure_reference::ActionSet;

pub use crate::background::{Fact, NotFor, Reach, Rule, rules};
pub(crate) use example::Seen;
use length::{apart_is_short, few_enough, unique_is_short};
pub(crate) use members::action_words;
use narrow::narrowed;
pub use query::{OnRows, TableQuery, TableReport};
pub(crate) use query::{keep_what_matters, those_that_matter};
pub use row::Row;
pub(crate) use row::rows;

use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::action::ActionClasses;
use crate::cover::{Cube, count_paths, cover, paths, simplified};
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::{Model, Outcome, Outcomes, Part, Place, Residual, Subject, View};
use crate::phrase::Phrase;
use crate::relation::{Comparison, Relation};
use crate::said::Said;
use crate::unanswered::{Bug, Unanswered};
use crate::wording::{describe, rank};
use iamsure_core::decision::Verdict;

/// How rows are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HitPolicy {
    /// Exactly one row matches each request.
    Unique,
    /// Every row that matches says the same; the last stands for all other requests.
    Any,
    /// An explicit deny wins over an Allow; the last row stands for all other requests.
    Priority,
}

impl HitPolicy {
    /// DMN's letter.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Unique => "U",
            Self::Any => "A",
            Self::Priority => "P",
        }
    }
}

/// How to make a table.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// How rows are read; unique up to [`MAX_UNIQUE`] rows, then priority, if it is not said.
    pub hit: Option<HitPolicy>,
    /// Whether each class has a row of its own. If it is not said: where that makes [`MAX_APART`] rows
    /// or fewer.
    pub apart: Option<bool>,
    /// The keys to show; all, if it is `None`. Over the others a row says every outcome they lead to.
    pub keys: Option<Vec<ConditionKey>>,
}

/// The most rows of a unique table that nobody asked for.
pub const MAX_UNIQUE: usize = 64;

/// The most rows of a table whose classes are kept apart and nobody asked for.
pub const MAX_APART: usize = 8;

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// Who asks.
    Principal,
    /// The action.
    Action,
    /// A subject of the diagram.
    Subject(Subject),
}

impl Column {
    /// The condition key that it is about.
    pub const fn key(&self) -> Option<&ConditionKey> {
        match self {
            Self::Subject(Subject::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The heading as plain text: the name of a key as it is.
    pub fn name(&self) -> String {
        match self.key() {
            Some(key) => key.to_string(),
            None => self.heading().to_string(),
        }
    }

    /// The heading.
    pub fn heading(&self) -> Phrase {
        match self {
            Self::Principal => Phrase::word("Principal"),
            Self::Action => Phrase::word("Action"),
            Self::Subject(Subject::Resource) => Phrase::word("Resource"),
            Self::Subject(Subject::Key(key)) => Phrase::code(key.as_str()),
            Self::Subject(Subject::Relation(Relation::Value { key, family, test, values })) => {
                let compared = match (family, test) {
                    (Family::Arn, _) => " is an ARN like ",
                    (Family::String, Comparison::Like) => " like ",
                    (Family::String, Comparison::EqualIgnoreCase) => " in any case = ",
                    (Family::String, _) => " = ",
                    (family, test) => &format!(" ({family:?}, {test:?}) "),
                };
                Phrase::code(format!("{key}{compared}{}", values.join(", ")))
            }
            Self::Subject(Subject::Relation(Relation::Elements(clause))) => {
                let values: Vec<_> =
                    clause.values.iter().map(|value| value.text.as_str()).collect();
                Phrase::code(format!("{} {} {}", clause.operator, clause.key, values.join(", ")))
            }
            Self::Subject(Subject::Relation(Relation::Resource(text))) => {
                let mut heading = Phrase::word("Resource is ");
                heading.0.extend(Phrase::code(text).0);
                heading
            }
            Self::Subject(Subject::CanonicalUser(id)) => {
                let mut heading = Phrase::word("the caller's account is ");
                heading.0.extend(Phrase::code(id).0);
                heading
            }
        }
    }
}

/// A truth table.
#[derive(Clone, Debug)]
pub struct Table {
    /// How to read it.
    pub hit: HitPolicy,
    /// The columns in which some row says something.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The classes of actions that rows are about.
    classes: Arc<ActionClasses>,
    /// Whether some keys may not be shown: a row then says every outcome they lead to.
    pub hides_keys: bool,
    /// What the rows that are not there say; `None` for a unique table, in which none is missing.
    pub otherwise: Option<Outcome>,
}

impl Table {
    /// The table of one view of a model.
    ///
    /// # Errors
    /// If it takes more than the budget, or, which is a bug, a check fails.
    pub fn of(
        model: &Model,
        view_number: usize,
        view: View<'_>,
        form: &Form,
        row_budget: usize,
    ) -> Result<Self, Unanswered> {
        Self::made(model, (view_number..=view_number, view), form, row_budget)
    }

    /// The table of all views of a model together: where they differ, a row has the outcomes of each. Examples
    /// are decided by the first.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub(crate) fn either_way(
        model: &Model,
        first: View<'_>,
        views: usize,
        form: &Form,
        row_budget: usize,
    ) -> Result<Self, Unanswered> {
        Self::made(model, (0..=views.saturating_sub(1), first), form, row_budget)
    }

    fn made(
        model: &Model,
        (views, view): (RangeInclusive<usize>, View<'_>),
        form: &Form,
        row_budget: usize,
    ) -> Result<Self, Unanswered> {
        let view_number = *views.start();
        let mut functions = Vec::with_capacity(model.residuals.len());
        let mut diagrams = Vec::with_capacity(model.residuals.len());
        for residual in &model.residuals {
            let mut diagram = residual.diagram.clone();
            functions.push(prepared(&mut diagram, residual, views.clone(), form)?);
            diagrams.push(diagram);
        }
        let hit = match form.hit {
            // What hidden keys leave open is several outcomes, which have no precedence.
            _ if form.keys.is_some() => HitPolicy::Unique,
            Some(hit) => hit,
            None if form.keys.is_some() || unique_is_short(&diagrams, &functions) => {
                HitPolicy::Unique
            }
            None => HitPolicy::Priority,
        };
        let is_apart = form
            .apart
            .unwrap_or_else(|| hit == HitPolicy::Unique && apart_is_short(&diagrams, &functions));
        // States of keys are a reader's question; how many kinds of resources a row is about is not, unless it is asked.
        let is_read_apart =
            |subject: &Subject| form.apart.is_some() || *subject != Subject::Resource;
        let apart_of = |residual: &Residual| -> Bits {
            let subjects = residual.subjects.iter().enumerate();
            let apart = subjects.filter(|(_, one)| is_apart && is_read_apart(&one.subject));
            apart.map(|(place, _)| place).collect()
        };
        let mut parts = Vec::new();
        for (number, (residual, diagram)) in model.residuals.iter().zip(&mut diagrams).enumerate() {
            let Some(function) = functions.get(number).copied() else { continue };
            if hit == HitPolicy::Unique {
                let more = count_paths(
                    diagram,
                    function,
                    &apart_of(residual),
                    row_budget.saturating_add(1),
                );
                few_enough(parts.len().saturating_add(more), row_budget)?;
            }
            let found = parts_of(diagram, residual, function, (hit, &apart_of(residual)), number)?;
            parts.extend(found);
            few_enough(parts.len(), row_budget)?;
        }
        let mut rows =
            rows(model, Seen { number: view_number, view, shows: &|_| true }, &parts, form)?;
        if form.hit.is_none()
            && hit == HitPolicy::Unique
            && form.keys.is_none()
            && rows.len() > MAX_UNIQUE
        {
            let priority = Form { hit: Some(HitPolicy::Priority), ..form.clone() };
            return Self::made(model, (views, view), &priority, row_budget);
        }
        let otherwise = (hit != HitPolicy::Unique).then_some(match view.question {
            crate::model::Question::Decision => Outcome::Verdict(Verdict::ImplicitlyDenied),
            crate::model::Question::Applies(_) | crate::model::Question::DecidedBy(_) => {
                Outcome::DoesNotApply
            }
        });
        let columns = columns(model, &rows);
        rows.sort_by(|one, two| one.order(two, &columns));
        let hides_keys = form.keys.is_some();
        Ok(Self { hit, columns, rows, hides_keys, classes: Arc::clone(&model.actions), otherwise })
    }

    /// The published actions of a row; `None` for all in scope.
    pub fn actions(&self, row: &Row) -> Option<ActionSet> {
        row.actions.as_ref().map(|classes| self.classes.members(classes))
    }

    /// What the table says of a combination, read as its hit policy asks. `None` if the rows do not
    /// keep to it: a unique table has one row for it, and all rows of an any table say the same.
    pub fn outcomes(&self, place: &Place) -> Option<Outcomes> {
        let mut matching = self.rows.iter().filter(|row| row.holds(place)).map(|row| row.outcomes);
        let first = matching.next();
        match self.hit {
            HitPolicy::Unique => first.filter(|_| matching.next().is_none()),
            HitPolicy::Any if matching.any(|other| Some(other) != first) => None,
            HitPolicy::Any => first.or_else(|| self.otherwise.map(Outcomes::only)),
            HitPolicy::Priority => {
                let all: Vec<Outcomes> = first.into_iter().chain(matching).collect();
                let strongest =
                    RANKED.into_iter().map(Outcomes::only).find(|outcome| all.contains(outcome));
                strongest.or(first).or_else(|| self.otherwise.map(Outcomes::only))
            }
        }
    }
}

/// The outcomes that rows of any and priority tables name, the first of which wins in the latter.
const RANKED: [Outcome; 4] = [
    Outcome::Verdict(Verdict::Exempt),
    Outcome::Verdict(Verdict::ExplicitlyDenied),
    Outcome::Verdict(Verdict::Allowed),
    Outcome::Applies,
];

/// The function of a view, without the keys that are not shown, and with leaf 0 for what cannot be.
fn prepared(
    diagram: &mut Diagram,
    residual: &Residual,
    views: RangeInclusive<usize>,
    form: &Form,
) -> Result<Function, TooComplex> {
    let mut answers = residual.answers.get(views).unwrap_or_default().iter().copied();
    let mut answer = answers.next().unwrap_or(FALSE);
    for other in answers {
        answer = either(diagram, answer, other)?;
    }
    let mut function = diagram.choose(residual.possible, answer, FALSE)?;
    if let Some(keys) = &form.keys {
        for (place, subject) in residual.subjects.iter().enumerate() {
            let is_shown = match &subject.subject {
                Subject::Key(key) => keys.contains(key),
                Subject::Relation(Relation::Value { key, .. }) => keys.contains(key),
                Subject::Relation(Relation::Elements(clause)) => keys.contains(&clause.key),
                Subject::Resource
                | Subject::Relation(Relation::Resource(_))
                | Subject::CanonicalUser(_) => true,
            };
            if !is_shown {
                function = diagram.without(function, place, &|one, two| one | two)?;
            }
        }
    }
    simplified(diagram, function)
}

/// The outcomes of both functions.
fn either(diagram: &mut Diagram, one: Function, two: Function) -> Result<Function, TooComplex> {
    if one == two {
        return Ok(one);
    }
    let mut both = one;
    for leaf in diagram.leaves(two) {
        let here = diagram.map(two, &|known| if known == leaf { TRUE } else { FALSE })?;
        let with = diagram.map(one, &|known| Function::leaf(known | leaf))?;
        both = diagram.choose(here, with, both)?;
    }
    Ok(both)
}

/// Up to how many rows of one small model are checked to be all there are.
const CHECKED: usize = 2_000;

/// The rows of one small model, checked to be its function.
fn parts_of(
    diagram: &mut Diagram,
    residual: &Residual,
    function: Function,
    (hit, apart): (HitPolicy, &Bits),
    number: usize,
) -> Result<Vec<Part>, Unanswered> {
    let part = |(cube, leaf): (Cube, u8)| Part { residual: number, cube, outcomes: Outcomes(leaf) };
    if hit == HitPolicy::Unique {
        let found = paths(diagram, function, apart);
        if found.len() <= CHECKED {
            let mut functions = Vec::with_capacity(found.len());
            for (cube, _) in &found {
                functions.push(cube.function(diagram)?);
            }
            let union = diagram.any(&functions)?;
            let missing = diagram.not(union)?;
            if diagram.and(residual.possible, missing)? != FALSE || residual.possible == FALSE {
                return Err(Unanswered::Bug(Bug::Incomplete));
            }
        }
        return Ok(found.into_iter().map(part).collect());
    }
    let impossible = diagram.not(residual.possible)?;
    let mut parts = Vec::new();
    let mut covered = FALSE;
    // With keys left out, several outcomes may be possible. Such rows share no request with others.
    let leaves = diagram.leaves(function).into_iter().map(Outcomes);
    let mixed = leaves.filter(|outcomes| outcomes.iter().count() > 1);
    for outcomes in mixed.chain(RANKED.map(Outcomes::only)) {
        let lower = diagram.map(function, &|leaf| if leaf == outcomes.0 { TRUE } else { FALSE })?;
        if lower == FALSE {
            continue;
        }
        let is_one = outcomes.one().is_some();
        let mut upper = diagram.or(lower, impossible)?;
        if is_one && hit == HitPolicy::Priority {
            upper = diagram.or(upper, covered)?;
        }
        let mut cubes = cover(diagram, lower, upper)?;
        for cube in &mut cubes {
            *cube = narrowed(diagram, residual, lower, std::mem::take(cube))?;
        }
        let mut functions = Vec::with_capacity(cubes.len());
        for cube in &cubes {
            functions.push(cube.function(diagram)?);
        }
        let union = diagram.any(&functions)?;
        let (missing, outside) = (diagram.not(union)?, diagram.not(upper)?);
        if diagram.and(lower, missing)? != FALSE || diagram.and(union, outside)? != FALSE {
            return Err(Unanswered::Bug(Bug::Incomplete));
        }
        if is_one {
            covered = diagram.or(covered, union)?;
        }
        parts.extend(cubes.into_iter().map(|cube| part((cube, outcomes.0))));
    }
    Ok(parts)
}

/// The columns in which some row says something, in the order in which small models ask.
pub(crate) fn columns(model: &Model, rows: &[Row]) -> Vec<Column> {
    let mut order: Vec<Column> =
        vec![Column::Principal, Column::Action, Column::Subject(Subject::Resource)];
    for residual in &model.residuals {
        for subject in &residual.subjects {
            let column = Column::Subject(subject.subject.clone());
            if !order.contains(&column) {
                order.push(column);
            }
        }
    }
    order.retain(|column| rows.iter().any(|row| row.cells.contains_key(column)));
    order
}

/// The cells of a row of one small model, and their places in the order of rows.
pub(crate) fn cells(residual: &Residual, cube: &Cube) -> BTreeMap<Column, (Said, (u8, String))> {
    let mut cells = BTreeMap::new();
    for (place, classes) in &cube.0 {
        if let Some(subject) = residual.subjects.get(*place)
            && let Some(said) = describe(&subject.classes, classes)
        {
            let rank = rank(&subject.classes, classes);
            cells.insert(Column::Subject(subject.subject.clone()), (said, rank));
        }
    }
    cells
}

/// Who may be meant by a set of callers.
fn said_of_callers(model: &Model, callers: &Bits, actions: &Bits) -> Option<Said> {
    // Whoever can make none of the calls is not among them.
    if callers.len() == model.callers.len() {
        return None;
    }
    let calls = model.cells.iter().filter(|cell| actions.contains(cell.action));
    let all: Bits = calls.map(|cell| cell.caller).collect();
    let others = all.difference(callers);
    if others.is_empty() {
        return None;
    }
    let any_of = |callers: &Bits| {
        let names = callers.iter().filter_map(|at| Some(&model.callers.get(at)?.name));
        Said::is_one_of(names)
    };
    Some(if others.len() < callers.len() {
        Said::any_but(any_of(&others))
    } else {
        any_of(callers)
    })
}
