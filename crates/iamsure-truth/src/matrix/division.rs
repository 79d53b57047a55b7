//! What the requests of one cell divide into, where they are many: the members of a wildcard, resources
//! that nobody named, keys that nobody said. Decided for all of them by the [model](crate::model).

use std::collections::BTreeMap;

use iamsure_core::decision::Verdict;
use iamsure_core::decision::applicable::applies;
use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Principal, Request, Switches};
use iamsure_reference::ActionSet;

use crate::ask::Assumed;
use crate::class::requester::Caller;
use crate::diagram::{FALSE, Function, TRUE};
use crate::model::{Cell, Model, Outcome, Outcomes, Question, View};
use crate::said::Said;
use crate::table::{Column, Form, HitPolicy, Reach, Row, Table, action_words};
use crate::unanswered::{Bug, Unanswered};
use rustc_hash::FxHashSet;

/// Every decision of a cell, and the classes of requests that get it.
#[derive(Clone, Debug)]
pub struct Division {
    /// The verdicts there are, from the least access to the most. One that no request can get, as AWS
    /// documents, is not among them.
    pub verdicts: Vec<Verdict>,
    /// Which requests get which. If the policy of a role or a key had to be given and was not, it leaves
    /// the decision to the account.
    pub classes: Classes,
    /// What differs where such a policy does not allow the caller.
    pub silent: Option<Silent>,
    /// The statements behind each verdict; `None` if they were too many to ask for each.
    pub deciding: Option<BTreeMap<Verdict, Deciding>>,
}

/// Which requests get which verdict: rows, and what all others get.
#[derive(Clone, Debug)]
pub struct Classes {
    /// The rows. Where several match a request, an explicit deny wins.
    table: Table,
    /// The verdict of every request that no row is about.
    pub otherwise: Verdict,
}

impl Classes {
    /// The shorter of two ways: a priority table, in which what no row names is denied implicitly; and
    /// disjoint rows, of which those of one verdict need not be listed. What is allowed is listed where such requests may not
    /// exist.
    fn of(model: &Model, number: usize, view: View<'_>) -> Result<Self, Unanswered> {
        let table = |hit| {
            let form = Form { hit: Some(hit), apart: Some(false), keys: None };
            Table::of(model, number, view, &form, MAX_ROWS)
        };
        let priority =
            Self { table: table(HitPolicy::Priority)?, otherwise: Verdict::ImplicitlyDenied };
        let Ok(unique) = table(HitPolicy::Unique) else { return Ok(priority) };
        let disjoint = |otherwise| Self { table: unique.clone(), otherwise };
        let allowed = Outcomes::only(Outcome::Verdict(Verdict::Allowed));
        let mut rows_allowed = unique.rows.iter().filter(|row| row.outcomes == allowed);
        let may_hide_allowed = rows_allowed.all(|row| row.reach == Reach::Reachable);
        let all = [
            Some(priority),
            Some(disjoint(Verdict::ImplicitlyDenied)),
            may_hide_allowed.then(|| disjoint(Verdict::Allowed)),
            Some(disjoint(Verdict::ExplicitlyDenied)),
        ];
        all.into_iter().flatten().min_by_key(Self::length).ok_or(Unanswered::Bug(Bug::Incomplete))
    }

    /// The rows that are listed.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let otherwise = Outcomes::only(Outcome::Verdict(self.otherwise));
        self.table.rows.iter().filter(move |row| row.outcomes != otherwise)
    }

    /// The published actions of a row; `None` for all members of the cell.
    pub fn actions(&self, row: &Row) -> Option<ActionSet> {
        self.table.actions(row)
    }

    /// How long the rows read.
    fn length(&self) -> usize {
        let cells =
            self.rows().map(|row| row.cells.values().map(|cell| cell.to_string().len() + 10));
        cells.map(Iterator::sum::<usize>).map(|length| length + 20).sum()
    }

    fn said(&self) -> Vec<(&BTreeMap<Column, Said>, Outcomes)> {
        self.rows().map(|row| (&row.cells, row.outcomes)).collect()
    }
}

/// What differs where the policy of a role or key, which was not given, does not allow the caller, or symbols let through the
/// least.
#[derive(Clone, Debug)]
pub struct Silent {
    /// The actions for which something differs; `None` for all members of the cell.
    pub actions: Option<Said>,
    /// What their requests get then.
    pub classes: Classes,
    /// What is assumed otherwise, and then.
    pub assumes: [Vec<Assumed>; 2],
    /// The statements behind each verdict then; `None` if they were too many to ask for each.
    pub deciding: Option<BTreeMap<Verdict, Deciding>>,
}

/// The statements that match requests of one verdict, of those that lead to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deciding {
    /// Those that match all of the requests.
    pub always: Vec<StatementId>,
    /// Those that match some of them.
    pub sometimes: Vec<StatementId>,
}

/// Up to how many statements are asked whether they match.
pub(super) const MAX_STATEMENTS: usize = 32;

/// How many rows one division may have, before those of different actions are put together.
const MAX_ROWS: usize = 5_000;

impl Division {
    /// Divides the requests of a model whose first view is that of the policies with stand-ins, and
    /// whose second, if there is one, that of the policies alone.
    pub(super) fn of(model: &Model, views: &[View<'_>]) -> Result<Self, Unanswered> {
        let view = views.first().ok_or(Unanswered::Bug(Bug::Incomplete))?;
        let classes = Classes::of(model, 0, *view)?;
        let silent = match views.get(1) {
            Some(view) if model.differs() => {
                let differing = model.differing_actions();
                let among = |number: usize| differing.contains(number);
                Some(Silent {
                    actions: action_words(model, &differing),
                    classes: Classes::of(&model.only(|number, _| among(number)), 1, *view)?,
                    assumes: [vec![Assumed::Delegates], vec![Assumed::Silent]],
                    deciding: None,
                })
            }
            _ => None,
        };
        let tables = [Some(&classes), silent.as_ref().map(|silent| &silent.classes)];
        let can_be = |verdict: &Verdict| {
            let mut rows = tables.iter().flatten().flat_map(|classes| &classes.table.rows);
            *verdict == Verdict::ImplicitlyDenied
                || rows.any(|row| {
                    row.outcomes.one() == Some(Outcome::Verdict(*verdict))
                        && !matches!(row.reach, Reach::Unreachable(_))
                })
        };
        let mut verdicts = verdicts(model);
        verdicts.retain(can_be);
        Ok(Self { verdicts, classes, silent, deciding: None })
    }

    /// The one verdict, if there is only one.
    pub fn verdict(&self) -> Option<Verdict> {
        match self.verdicts.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Whether every request succeeds, or every request fails.
    pub fn succeeds(&self) -> Option<bool> {
        let (first, rest) = self.verdicts.split_first()?;
        let same = rest.iter().all(|verdict| verdict.succeeds() == first.succeeds());
        same.then(|| first.succeeds())
    }

    /// Whether both say the same of the same requests.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let silent = |division: &Self| {
            let silent = division.silent.as_ref()?;
            let said = silent.classes.said().into_iter();
            let said = said.map(|(cells, outcomes)| (cells.clone(), outcomes));
            Some((silent.actions.clone(), said.collect::<Vec<_>>()))
        };
        self.verdicts == other.verdicts
            && self.deciding == other.deciding
            && self.classes.otherwise == other.classes.otherwise
            && self.classes.said() == other.classes.said()
            && silent(self) == silent(other)
    }
}

/// The verdicts of all combinations that can be.
fn verdicts(model: &Model) -> Vec<Verdict> {
    let mut found: Vec<Verdict> = Vec::new();
    for residual in &model.residuals {
        let mut seen = FxHashSet::default();
        let mut pending: Vec<(Function, Function)> =
            residual.answers.iter().map(|answer| (*answer, residual.possible)).collect();
        while let Some((answer, possible)) = pending.pop() {
            if possible == FALSE || !seen.insert((answer, possible)) {
                continue;
            }
            let diagram = &residual.diagram;
            match diagram.subject(answer).into_iter().chain(diagram.subject(possible)).min() {
                None => found.extend(answer.as_leaf().into_iter().flat_map(|leaf| {
                    Outcomes(leaf).iter().filter_map(|outcome| match outcome {
                        Outcome::Verdict(verdict) => Some(verdict),
                        Outcome::Applies | Outcome::DoesNotApply => None,
                    })
                })),
                Some(subject) => pending.extend((0..diagram.arity(subject)).map(|class| {
                    (diagram.child(answer, subject, class), diagram.child(possible, subject, class))
                })),
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The views of a decision and of whether each statement matches, in the order of the statements;
/// `None` if there are too many.
pub(super) fn views_of_statements<'a>(
    policies: &'a PolicySet,
    switches: &'a Switches,
) -> Option<Vec<View<'a>>> {
    let view = |question| View { policies, switches, question };
    let statements: Vec<_> = policies.statements().map(|(id, ..)| id).collect();
    (statements.len() <= MAX_STATEMENTS).then(|| {
        let each = statements.into_iter().map(|id| view(Question::Applies(id)));
        std::iter::once(view(Question::Decision)).chain(each).collect()
    })
}

/// The statements behind each verdict, by a model of the [views of statements](views_of_statements) of
/// one policy set.
pub(super) fn deciding(
    model: &mut Model,
    policies: &PolicySet,
    switches: &Switches,
) -> Result<BTreeMap<Verdict, Deciding>, Unanswered> {
    let mut found: BTreeMap<Verdict, Deciding> = BTreeMap::new();
    // A session of AssumeRoot has nothing but its task policy (E-28).
    let is_task =
        |caller: &Caller| matches!(caller.requester.principal, Principal::AssumeRoot { .. });
    let by_task_policy = model.callers.iter().any(is_task);
    for (verdict, effect) in
        [(Verdict::ExplicitlyDenied, Effect::Deny), (Verdict::Allowed, Effect::Allow)]
    {
        let leaf = Outcomes::only(Outcome::Verdict(verdict)).0;
        let applied = Outcomes::only(Outcome::Applies).0;
        for (number, (id, _, statement)) in policies.statements().enumerate() {
            let grants = match id.layer {
                PolicyType::Identity | PolicyType::Resource | PolicyType::Trust => true,
                PolicyType::Session => by_task_policy,
                _ => false,
            };
            if *statement.effect != effect || effect == Effect::Allow && !grants {
                continue;
            }
            let (mut always, mut sometimes) = (true, false);
            for cell in model.cells.clone() {
                let looks = looks(model, &cell, id.layer, switches)
                    && !(effect == Effect::Allow && needs_no_allow(model, &cell));
                let Some(residual) = model.residuals.get_mut(cell.residual) else { continue };
                let (Some(decision), Some(matches)) =
                    (residual.answers.first().copied(), residual.answers.get(number + 1).copied())
                else {
                    continue;
                };
                let diagram = &mut residual.diagram;
                let decided =
                    diagram.map(decision, &|known| if known == leaf { TRUE } else { FALSE })?;
                let decided = diagram.and(decided, residual.possible)?;
                if decided == FALSE {
                    continue;
                }
                let matches =
                    diagram.map(matches, &|known| if known == applied { TRUE } else { FALSE })?;
                let rest = diagram.not(matches)?;
                always &= looks && diagram.and(decided, rest)? == FALSE;
                sometimes |= looks && diagram.and(decided, matches)? != FALSE;
            }
            let of_verdict = found.entry(verdict).or_default();
            if sometimes && always {
                of_verdict.always.push(id);
            } else if sometimes {
                of_verdict.sometimes.push(id);
            }
        }
    }
    Ok(found)
}

/// Whether a layer looks at the actions of a cell at all.
fn looks(model: &Model, cell: &Cell, layer: PolicyType, switches: &Switches) -> bool {
    if matches!(layer, PolicyType::Trust | PolicyType::Resource) {
        // By the resource; it matches no other.
        return true;
    }
    request(model, cell).is_some_and(|request| applies(layer, &request, switches))
}

/// Whether no Allow is behind what is allowed: the root user has full access in its own account, but for KMS keys (E-27, E-33).
fn needs_no_allow(model: &Model, cell: &Cell) -> bool {
    request(model, cell).is_some_and(|request| {
        let is_root = matches!(request.requester.principal, Principal::Root { .. });
        is_root && request.is_same_account() && !request.action.prefix().eq_ignore_ascii_case("kms")
    })
}

/// A request of a cell, about no resource.
fn request(model: &Model, cell: &Cell) -> Option<Request> {
    let caller = model.callers.get(cell.caller)?;
    let action = model.actions.classes.get(cell.action)?;
    let requester = caller.requester.clone();
    Some(Request { requester, action: action.witness.clone(), ..model.template().clone() })
}
