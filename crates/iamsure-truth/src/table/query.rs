//! A question for a table: who, how, what is fixed; and everything the answer rests on.

use iamsure_core::decision::applicable::{TRUST_ACTIONS, applies};
use iamsure_core::decision::explain::explain;
use iamsure_core::decision::precedence::Strength;
use iamsure_core::decision::{Truth, evaluate};
use iamsure_core::language::ActionPattern;
use iamsure_core::language::document::PolicyType;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Request, Requester, Switch, Switches};

use super::{Form, Row, Table};
use crate::ask::callers::Callers;
use crate::ask::stand_in::{EitherWay, either_way};
use crate::budget::TooComplex;
use crate::class::requester::Caller;
use crate::dependence::{alternatives_for, is_of_reading, may_be_rebuilt};
use crate::grounds::Grounds;
use crate::known_later::Bounds;
use crate::model::{Model, Outcome, Question, Scope, View};
use crate::open_world::take_callers_own;
use crate::setting::Setting;
use crate::unanswered::Unanswered;

/// What a table is asked for.
#[derive(Clone, Debug)]
pub struct TableQuery {
    /// The policies.
    pub policies: PolicySet,
    /// What is decided, or whether one statement applies.
    pub question: Question,
    /// Which requests it is about.
    pub setting: Setting,
    /// How the table is made.
    pub form: Form,
    /// Whether the policies are all there are: callers then have no others of their own than those among them.
    /// Otherwise, where they are those of a resource or role alone, what the callers' own policies may allow is decided
    /// both ways.
    pub is_whole: bool,
}

/// A table, and what it rests on.
#[derive(Clone, Debug)]
pub struct TableReport {
    /// The table.
    pub table: Table,
    /// What it rests on.
    pub grounds: Grounds,
}

impl TableReport {
    /// Whether nothing but what the callers' own policies allow, which were not given, leads to two decisions in a row.
    pub fn is_open_for_callers_alone(&self) -> bool {
        !self.table.hides_keys
            && self.grounds.symbols.is_empty()
            && self.grounds.missing == [PolicyType::Identity]
    }
}

/// The rows, by number, that are about a request and say what is decided of it. None of them: it is among what the
/// table says of all others. `None`: the table is not about it, or something that it asks about is unknown.
pub type OnRows = Option<Vec<usize>>;

impl TableQuery {
    /// Makes the table.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn answer(self) -> Result<TableReport, Unanswered> {
        self.answer_locating(&[]).map(|(report, _)| report)
    }

    /// Makes the table, and says on which of its rows requests are.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn answer_locating(
        self,
        requests: &[Request],
    ) -> Result<(TableReport, Vec<OnRows>), Unanswered> {
        let mut this = self;
        let path = this.setting.path.as_ref();
        let is_off = path.is_some_and(|path| path.through_endpoint() == Some(false));
        if is_off && !matches!(this.question, Question::Applies(_)) {
            // Its policy does not look at calls that come through no endpoint (E-24).
            this.policies.endpoint = None;
        }
        this.answer_on_path(requests)
    }

    fn answer_on_path(
        self,
        requests: &[Request],
    ) -> Result<(TableReport, Vec<OnRows>), Unanswered> {
        let bounds = self.setting.bounds(&self.policies);
        let asked = bounds.as_ref().map_or_else(|| vec![&self.policies], Bounds::both);
        let stage = match self.question {
            Question::Decision | Question::DecidedBy(_) => self.setting.stage_of_decisions(&asked),
            Question::Applies(_) => self.setting.stage(&asked),
        };
        let scope = stage.scope();
        let (question, switches) = (self.question, &self.setting.switches);
        let ways_of = |policies: &PolicySet| -> Result<EitherWay, TooComplex> {
            let mut ways = match question {
                Question::Applies(_) => either_way(policies, &Callers::default()),
                Question::Decision if !self.is_whole => stage.either_way_of_callers(policies),
                Question::Decision | Question::DecidedBy(_) => stage.either_way(policies),
            };
            keep_what_matters(&mut ways, switches, question, scope)?;
            Ok(ways)
        };
        let ways = match &bounds {
            None => ways_of(&self.policies)?,
            Some(bounds) => EitherWay::between(ways_of(&bounds.most)?, &ways_of(&bounds.least)?),
        };
        let (view, other) = ways.views(switches, question);
        let views: Vec<View<'_>> = std::iter::once(view).chain(other).collect();
        let model = Model::build(&views, scope)?;
        let table = Table::either_way(&model, view, views.len(), &self.form, scope.budget.rows)?;
        // What one way says of a choice the other may hide, where callers have policies of their own or none. Otherwise
        // the first shows whatever the second does.
        let both = ways.missing.contains(&PolicyType::Identity);
        let asked = if both { views.as_slice() } else { std::slice::from_ref(&view) };
        let switches =
            if may_be_rebuilt(&model) { Some(self.dependences(asked, scope)?) } else { None };
        let located = requests.iter().map(|request| on_rows(&table, &model, view, request));
        let located = located.collect();
        let grounds = Grounds::of(&model, &stage, stage.scope(), &self.policies, ways.clone());
        let depends = model.differs();
        let symbols = bounds.map(|bounds| bounds.symbols).filter(|_| depends).unwrap_or_default();
        Ok((TableReport { table, grounds: Grounds { symbols, switches, ..grounds } }, located))
    }

    /// The switches whose other choices change some decision, either way: both are put into one model, where equal
    /// functions are equal nodes.
    fn dependences(
        &self,
        ways: &[View<'_>],
        scope: Scope<'_>,
    ) -> Result<Vec<(Switch, &'static str)>, Unanswered> {
        let mut found = Vec::new();
        let Some(view) = ways.first().copied() else { return Ok(found) };
        let assume_role = [ActionPattern::new("sts:AssumeRole")];
        for (switch, name, other) in
            alternatives_for(view.policies, &self.setting.switches, scope.actions)
        {
            // Whether a role assumes itself is asked of no other action.
            let scope = if switch == Switch::Q22 && scope.actions.is_empty() {
                Scope { actions: &assume_role, ..scope }
            } else {
                scope
            };
            let choices = |view| [view, View { switches: &other, ..view }];
            if is_of_reading(switch) && Model::reads_alike(&choices(view), scope) {
                continue;
            }
            let mut matters = false;
            for (number, way) in ways.iter().enumerate() {
                // What a role may do to itself by policies that nobody gave is no answer of these.
                let is_asked = number == 0 || switch != Switch::Q22;
                matters = matters || is_asked && Model::build(&choices(*way), scope)?.differs();
            }
            if matters {
                found.push((switch, name));
            }
        }
        Ok(found)
    }
}

/// The rows of a request, by number.
fn on_rows(table: &Table, model: &Model, view: View<'_>, request: &Request) -> OnRows {
    let place = model.locate(alike(model, view, request)?, request)?;
    let evaluation = evaluate(view.policies, request, view.switches);
    let decided = Outcome::Verdict(evaluation.outcome.decided()?.verdict);
    let about: Vec<(usize, &Row)> =
        table.rows.iter().enumerate().filter(|(_, row)| row.holds(&place)).collect();
    let says = |row: &Row| {
        !view.question.is_of_decisions() || row.outcomes.iter().any(|outcome| outcome == decided)
    };
    let on: Vec<usize> =
        about.iter().filter(|(_, row)| says(row)).map(|(number, _)| *number).collect();
    let is_of_others = about.is_empty() && table.otherwise == Some(decided);
    (is_of_others || !on.is_empty()).then_some(on)
}

/// The caller of a model that stands for whoever makes a request: the same, or one whom every statement names
/// alike.
fn alike(model: &Model, view: View<'_>, request: &Request) -> Option<usize> {
    if model.callers.len() == 1 {
        return Some(0);
    }
    let named = |requester: &Requester| -> Vec<_> {
        let request = Request { requester: requester.clone(), ..request.clone() };
        let of_statement = |(id, ..): (StatementId, _, _)| {
            let found = explain(view.policies, id, &request, view.switches)?;
            let applies = applies(id.layer, &request, view.switches);
            Some((applies, found.matched.principal, found.matched.strength))
        };
        let each = view.policies.statements().map(of_statement);
        each.chain(std::iter::once(Some((request.is_same_account(), Truth::True, Strength::None))))
            .collect()
    };
    let same = |caller: &Caller| caller.requester == request.requester;
    model.callers.iter().position(same).or_else(|| {
        let wanted = named(&request.requester);
        model.callers.iter().position(|caller| named(&caller.requester) == wanted)
    })
}

/// Leaves of what stands in only what some decision depends on.
pub(crate) fn keep_what_matters(
    ways: &mut EitherWay,
    switches: &Switches,
    question: Question,
    scope: Scope<'_>,
) -> Result<(), TooComplex> {
    let of_callers = ways.missing.contains(&PolicyType::Identity);
    let view = View { policies: &ways.delegating, switches, question };
    ways.missing = those_that_matter(&ways.missing, view, scope)?;
    if of_callers && !ways.missing.contains(&PolicyType::Identity) {
        take_callers_own(&mut ways.delegating);
    }
    if ways.missing.is_empty() {
        ways.silent = None;
    }
    Ok(())
}

/// The stand-ins without which something would be decided otherwise.
pub(crate) fn those_that_matter(
    missing: &[PolicyType],
    view: View<'_>,
    scope: Scope<'_>,
) -> Result<Vec<PolicyType>, TooComplex> {
    let mut matter = Vec::with_capacity(missing.len());
    for kind in missing.iter().copied() {
        let mut without = view.policies.clone();
        // The policy of a key is asked for calls of KMS only, that of a role for taking it.
        let asked: &[&str] = match kind {
            PolicyType::Trust => {
                without.trust = None;
                &TRUST_ACTIONS
            }
            PolicyType::Resource => {
                without.resource = None;
                &["kms:*"]
            }
            _ => {
                take_callers_own(&mut without);
                &[]
            }
        };
        let asked: Vec<ActionPattern> =
            asked.iter().map(|pattern| ActionPattern::new(*pattern)).collect();
        let scope =
            if scope.actions.is_empty() { Scope { actions: &asked, ..scope } } else { scope };
        let views = [view, View { policies: &without, ..view }];
        if Model::build(&views, scope)?.differs() {
            matter.push(kind);
        }
    }
    Ok(matter)
}
