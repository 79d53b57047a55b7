//! Comparison: where two versions of policies decide differently, as rows with a request each.
//!
//! Both versions are two views of one model, in which equal functions are equal nodes. So "the same
//! decisions" is a proof over every request, and a difference is a function again, with a cover of few
//! rows: one for every pair of verdicts, from what was decided to what is decided.

mod reading;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use iamsure_core::decision::{Decision, Outcome as CoreOutcome, Verdict, evaluate};
use iamsure_core::language::PolicyType;
use iamsure_core::world::{PolicySet, Request, Switch, Switches};

use self::reading::Reading;
use crate::ask::stand_in::{EitherWay, needed};
use crate::ask::worlds::looked_at_by;
use crate::budget::{Exceeded, TooComplex};
use crate::claim::{ClaimVerdict, Reason};
use crate::cover::cover;
use crate::dependence::{alternatives_for, may_be_rebuilt};
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::grounds::{Grounds, TakenOwner};
use crate::known_later::Bounds;
use crate::known_later::with_roles;
use crate::model::{Disagreement, Model, Outcome, Outcomes, Part, Scope, View};
use crate::setting::Setting;
use crate::table::{Column, Form, Reach, Row, Seen, columns, rows};
use crate::unanswered::{Bug, Unanswered};

/// Two versions of policies.
#[derive(Clone, Debug)]
pub struct ComparisonQuery {
    /// The policies before.
    pub before: PolicySet,
    /// The policies after.
    pub after: PolicySet,
    /// Which requests count.
    pub setting: Setting,
    /// Whether both are to be compared with every other Allow attached to both.
    pub open_world: bool,
    /// Whether the identity-based policies are all that their caller has, as those of a principal in an account. If not,
    /// and none of them allows anything, the callers' own policies were not given: see [`ChangedRow::only_if_allowed`].
    pub is_whole: bool,
}

/// What changed.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The columns in which some row says something.
    pub columns: Vec<Column>,
    /// Where the two decide differently; none if they decide alike. Wider access first, then narrower,
    /// then other reasons; of each the rows that say least first.
    pub rows: Vec<ChangedRow>,
    /// Whether the callers' own policies were not given, and the two were compared both ways: as if those allow nothing,
    /// and as if they allow everything. What is the same both ways is the same whatever they allow.
    pub callers_own: bool,
    /// What the answer rests on. Its policies are those after.
    pub grounds: Grounds,
}

/// Requests that are decided otherwise.
#[derive(Clone, Debug)]
pub struct ChangedRow {
    /// What was decided.
    pub before: Verdict,
    /// What is decided.
    pub after: Verdict,
    /// The requests, with an example that core decides as the row says.
    pub row: Row,
    /// What was decided about the example.
    pub decision_before: Option<Decision>,
    /// Whether it depends on a policy that must exist and was not given: the example is decided so only if that
    /// leaves the decision to the account.
    pub only_if_delegated: bool,
    /// Whether it is so only if the callers' own policies, which were not given, allow the request: an Allow for somebody
    /// of another account is half of what such a request needs.
    pub only_if_allowed: bool,
}

/// What became of the access of some requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Allowed, and was not.
    Widened,
    /// Not allowed, and was.
    Narrowed,
    /// Denied before and after: explicitly where it was implicit, or the other way round.
    Reason,
}

impl Direction {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Reason => "other reason",
        }
    }
}

impl ChangedRow {
    /// Whether a request shows it of which nothing known says that there may be none.
    pub const fn is_shown(&self) -> bool {
        self.row.witness.is_some() && matches!(self.row.reach, Reach::Reachable)
    }

    /// Whether AWS does not document that there are no such requests.
    pub const fn may_occur(&self) -> bool {
        !matches!(self.row.reach, Reach::Unreachable(_))
    }

    /// What became of the access.
    pub const fn direction(&self) -> Direction {
        match (self.before.succeeds(), self.after.succeeds()) {
            (false, true) => Direction::Widened,
            (true, false) => Direction::Narrowed,
            _ => Direction::Reason,
        }
    }
}

impl Comparison {
    /// Whether every request is decided alike.
    pub const fn is_same(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a request shows that something is allowed that was not; those that AWS documents never to
    /// occur do not count.
    pub fn widens(&self) -> bool {
        self.has(Direction::Widened)
    }

    /// Whether a request shows that something that was allowed is not; those that AWS documents never to
    /// occur do not count.
    pub fn narrows(&self) -> bool {
        self.has(Direction::Narrowed)
    }

    fn has(&self, direction: Direction) -> bool {
        let counts =
            |row: &ChangedRow| row.direction() == direction && row.may_occur() && row.is_shown();
        self.rows.iter().any(counts)
    }

    /// What becomes of the claim that the two decide alike; with `only_wider`, that the second allows no more.
    pub(crate) fn verdict(&self, only_wider: bool) -> ClaimVerdict {
        let counts = |row: &&ChangedRow| {
            row.may_occur() && (!only_wider || row.direction() == Direction::Widened)
        };
        let mut against = self.rows.iter().filter(counts);
        let is_certain = |row: &ChangedRow| row.is_shown() && !row.only_if_delegated;
        if against.clone().any(is_certain) {
            ClaimVerdict::Refuted
        } else if against.next().is_some() {
            ClaimVerdict::Depends
        } else {
            ClaimVerdict::Proved
        }
    }

    /// Whether there are rows of which no request was found and none was ruled out.
    pub fn is_open(&self) -> bool {
        self.rows.iter().any(|row| row.may_occur() && !row.is_shown())
    }
}

/// The verdicts that a policy can change.
const VERDICTS: [Verdict; 3] =
    [Verdict::ExplicitlyDenied, Verdict::ImplicitlyDenied, Verdict::Allowed];

impl ComparisonQuery {
    /// Compares.
    ///
    /// # Errors
    /// If it takes more than the budget, or, which is a bug, a check fails.
    pub fn answer(&self) -> Result<Comparison, Unanswered> {
        let path = self.setting.path.as_ref();
        let asked = |policies| match looked_at_by(policies, path) {
            Cow::Borrowed(policies) => with_roles(policies),
            Cow::Owned(policies) => Cow::Owned(with_roles(&policies).into_owned()),
        };
        let pair = [asked(&self.before), asked(&self.after)];
        if let [Cow::Borrowed(_), Cow::Borrowed(_)] = &pair {
            return self.answer_on_path();
        }
        let [before, after] = pair.map(Cow::into_owned);
        Self { before, after, ..self.clone() }.answer_on_path()
    }

    fn answer_on_path(&self) -> Result<Comparison, Unanswered> {
        let found = self.answer_in(&self.setting)?;
        if !found.rows.is_empty() {
            return Ok(found);
        }
        // Nothing changes for the principals of the owner; for a stranger's something may.
        let Some(stranger) = self.setting.of_a_stranger(&[&self.before, &self.after]) else {
            return Ok(found);
        };
        let mut other = self.answer_in(&stranger)?;
        if other.rows.is_empty() {
            return Ok(found);
        }
        other.grounds.own_resources = stranger.resource_account.map(TakenOwner::OfAll);
        Ok(other)
    }

    fn answer_in(&self, setting: &Setting) -> Result<Comparison, Unanswered> {
        let stage = setting.stage_of_decisions(&[&self.before, &self.after]);
        let (former, mut ways) = (stage.either_way(&self.before), stage.either_way(&self.after));
        let readings = Reading::all(self, [&former.delegating, &ways.delegating]);
        let switches = &setting.switches;
        let scope = stage.scope();
        let pairs: Vec<[View<'_>; 2]> =
            readings.iter().map(|reading| reading.views(switches)).collect();
        let mut model = Model::build(&pairs.concat(), scope)?;
        let mut covered = vec![FALSE; model.residuals.len()];
        let mut found = Vec::new();
        let mut count = 0_usize;
        // Whose access changes is said first, however the callers' own policies are.
        for access in [true, false] {
            for (number, reading) in readings.iter().enumerate() {
                let [was, is] = reading.views(switches);
                for (from, to) in changes().filter(|(from, to)| is_of_access(*from, *to) == access)
                {
                    let parts = parts(&mut model, number, (from, to), &mut covered)?;
                    count += parts.len();
                    if count > scope.budget.rows {
                        return Err(Unanswered::TooComplex(TooComplex {
                            exceeded: Exceeded::Rows,
                            limit: scope.budget.rows,
                            subject: "the comparison".to_owned(),
                            because: Arc::default(),
                        }));
                    }
                    let shows = |request: &Request| {
                        let found = evaluate(was.policies, request, was.switches).outcome;
                        found.decided().is_none_or(|decision| decision.verdict == from)
                    };
                    let seen = Seen { number: 2 * number + 1, view: is, shows: &shows };
                    for row in rows(&model, seen, &parts, &Form::default())? {
                        let mut changed = changed(row, from, to, was)?;
                        changed.only_if_allowed = reading.callers_are_allowed;
                        if !self.open_world {
                            let silent = [former.silenced(), ways.silenced()]
                                .map(|policies| reading.of(policies));
                            changed.only_if_delegated =
                                is_only_if_delegated(&changed, &silent, switches);
                        }
                        found.push(changed);
                    }
                }
            }
        }
        let of_delegated = found.iter().filter(|changed| changed.only_if_delegated);
        let mut missing: Vec<PolicyType> = of_delegated
            .filter_map(|changed| changed.row.witness.as_ref().and_then(needed))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        ways.missing = missing;
        let all: Vec<Row> = found.iter().map(|changed| changed.row.clone()).collect();
        let columns = columns(&model, &all);
        found.sort_by(|one, two| {
            one.direction()
                .cmp(&two.direction())
                .then_with(|| one.row.cells.len().cmp(&two.row.cells.len()))
                .then_with(|| one.row.order(&two.row, &columns))
        });
        let switches =
            if may_be_rebuilt(&model) { Some(dependences(&pairs, scope)?) } else { None };
        let beside = ways.beside.clone().and(&former.beside);
        let given = readings.first().map_or_else(|| self.after.clone(), |one| one.after.clone());
        let ways = EitherWay { delegating: given, beside, ..ways };
        let grounds = Grounds::of(&model, &stage, scope, &self.after, ways);
        let callers_own = readings.len() > 1;
        Ok(Comparison {
            columns,
            rows: found,
            callers_own,
            grounds: Grounds { switches, literal_symbols: self.symbols(), ..grounds },
        })
    }

    /// The symbols for values that are known later, if what changes may depend on them: each was compared as one value that
    /// equals only itself.
    fn symbols(&self) -> BTreeSet<String> {
        let says = |policies: &PolicySet| -> Vec<_> {
            policies.statements().map(|(id, _, said)| (id, said.value.clone())).collect()
        };
        if !self.setting.known_later || says(&self.before) == says(&self.after) {
            return BTreeSet::new();
        }
        let bounds = [&self.before, &self.after].map(|policies| Bounds::of(policies, ""));
        bounds.into_iter().flatten().flat_map(|bounds| bounds.symbols).collect()
    }

    /// What becomes of the claim that the two decide alike (with `only_wider`, that the second allows no more),
    /// of which `comparison` is the answer, and the choices where AWS is silent with which it is otherwise.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn claim(
        &self,
        comparison: &Comparison,
        only_wider: bool,
    ) -> Result<(ClaimVerdict, Vec<Reason>), Unanswered> {
        let verdict = comparison.verdict(only_wider);
        let mut reasons = Vec::new();
        for (switch, name) in comparison.grounds.switches.iter().flatten() {
            let alternatives = switch.alternatives();
            let index = alternatives.iter().position(|known| known.name == *name);
            let switches = self.setting.switches.with(*switch, index.unwrap_or(usize::MAX));
            let setting = Setting { switches, ..self.setting.clone() };
            let other = Self { setting, ..self.clone() }.answer()?.verdict(only_wider);
            if other != verdict {
                reasons.push(Reason::Switch(*switch, name, other));
            }
        }
        let is_one = reasons.is_empty() && comparison.grounds.literal_symbols.is_empty();
        let verdict = if is_one { verdict } else { ClaimVerdict::Depends };
        Ok((verdict, reasons))
    }
}

/// Every change of a verdict.
fn changes() -> impl Iterator<Item = (Verdict, Verdict)> {
    let pairs =
        VERDICTS.into_iter().flat_map(|from| VERDICTS.into_iter().map(move |to| (from, to)));
    pairs.filter(|(from, to)| from != to)
}

/// Whether a change of the verdict gives or takes access.
const fn is_of_access(from: Verdict, to: Verdict) -> bool {
    from.succeeds() != to.succeeds()
}

/// The choices where AWS is silent with which the two versions differ otherwise: all four are views of one
/// model.
fn dependences(
    pairs: &[[View<'_>; 2]],
    scope: Scope<'_>,
) -> Result<Vec<(Switch, &'static str)>, TooComplex> {
    let mut found: Vec<(Switch, &'static str)> = Vec::new();
    for [was, is] in pairs.iter().copied() {
        let of_both = [was, is]
            .into_iter()
            .flat_map(|view| alternatives_for(view.policies, view.switches, scope.actions));
        for (switch, name, other) in of_both {
            if found.contains(&(switch, name)) {
                continue;
            }
            let switches = &other;
            let views = [was, is, View { switches, ..was }, View { switches, ..is }];
            let mut model = Model::build(&views, scope)?;
            if differs(&mut model)? {
                found.push((switch, name));
            }
        }
    }
    Ok(found)
}

/// Whether what became what is another thing between the first two views than between the next two.
fn differs(model: &mut Model) -> Result<bool, TooComplex> {
    for residual in &mut model.residuals {
        let [was, is, other_was, other_is] =
            [0, 1, 2, 3].map(|view: usize| residual.answers.get(view).copied().unwrap_or(FALSE));
        if (was == is && other_was == other_is) || (was, is) == (other_was, other_is) {
            continue;
        }
        for from in VERDICTS {
            for to in VERDICTS.into_iter().filter(|to| *to != from) {
                let diagram = &mut residual.diagram;
                let mut of = |was, is| -> Result<Function, TooComplex> {
                    let (was, is) =
                        (where_decided(diagram, was, from)?, where_decided(diagram, is, to)?);
                    let both = diagram.and(was, is)?;
                    diagram.and(both, residual.possible)
                };
                if of(was, is)? != of(other_was, other_is)? {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// Where one verdict became another in a reading, in each small model, as rows that are checked to be just that; but for
/// what is covered already, to which it is added.
fn parts(
    model: &mut Model,
    reading: usize,
    (from, to): (Verdict, Verdict),
    covered: &mut [Function],
) -> Result<Vec<Part>, Unanswered> {
    let mut parts = Vec::new();
    for ((number, residual), covered) in model.residuals.iter_mut().enumerate().zip(covered) {
        let answer = |view: usize| residual.answers.get(view).copied().unwrap_or(FALSE);
        let (before, after) = (answer(2 * reading), answer(2 * reading + 1));
        if before == after {
            continue;
        }
        let diagram = &mut residual.diagram;
        let (was, is) = (where_decided(diagram, before, from)?, where_decided(diagram, after, to)?);
        let both = diagram.and(was, is)?;
        let both = diagram.and(both, residual.possible)?;
        let rest = diagram.not(*covered)?;
        let lower = diagram.and(both, rest)?;
        if lower == FALSE {
            continue;
        }
        *covered = diagram.or(*covered, lower)?;
        let impossible = diagram.not(residual.possible)?;
        let upper = diagram.or(lower, impossible)?;
        let cubes = cover(diagram, lower, upper)?;
        let mut functions = Vec::with_capacity(cubes.len());
        for cube in &cubes {
            functions.push(cube.function(diagram)?);
        }
        let union = diagram.any(&functions)?;
        let (missing, outside) = (diagram.not(union)?, diagram.not(upper)?);
        if diagram.and(lower, missing)? != FALSE || diagram.and(union, outside)? != FALSE {
            return Err(Unanswered::Bug(Bug::Incomplete));
        }
        let outcomes = Outcomes::only(Outcome::Verdict(to));
        parts.extend(cubes.into_iter().map(|cube| Part { residual: number, cube, outcomes }));
    }
    Ok(parts)
}

fn where_decided(
    diagram: &mut Diagram,
    answer: Function,
    verdict: Verdict,
) -> Result<Function, TooComplex> {
    let wanted = Outcomes::only(Outcome::Verdict(verdict)).0;
    diagram.map(answer, &|leaf| if leaf == wanted { TRUE } else { FALSE })
}

/// The row, with what was decided about its example, which must be what the model says.
fn changed(
    row: Row,
    before: Verdict,
    after: Verdict,
    view: View<'_>,
) -> Result<ChangedRow, Unanswered> {
    let mut decision_before = None;
    if let Some(request) = &row.witness
        && let CoreOutcome::Decided(decision) =
            evaluate(view.policies, request, view.switches).outcome
    {
        if decision.verdict != before {
            let request = Box::new(request.clone());
            let (expected, found) = (Outcome::Verdict(before), Outcome::from(&decision));
            return Err(Box::new(Disagreement { expected, found, request }).into());
        }
        decision_before = Some(decision);
    }
    Ok(ChangedRow {
        before,
        after,
        row,
        decision_before,
        only_if_delegated: false,
        only_if_allowed: false,
    })
}

/// Whether the example of a row is decided alike before and after, or otherwise than the row says, if the policy
/// that was not given does not allow the caller.
fn is_only_if_delegated(
    changed: &ChangedRow,
    silent: &[PolicySet; 2],
    switches: &Switches,
) -> bool {
    let Some(request) = &changed.row.witness else { return false };
    let decided = silent.each_ref().map(|policies| {
        evaluate(policies, request, switches).outcome.decided().map(|decision| decision.verdict)
    });
    decided != [Some(changed.before), Some(changed.after)]
}
