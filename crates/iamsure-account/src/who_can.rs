//! Who can: for each principal always, never, or exactly when.

use iamsure_core::decision::{Verdict, evaluate};
use iamsure_core::language::ConditionKey;
use iamsure_core::language::arn::is_account_id;
use iamsure_core::world::{PolicySet, Request};
use iamsure_truth::claim::other_sessions;
use iamsure_truth::model::{Outcome, Question, Subject};
use iamsure_truth::said::Value;
use iamsure_truth::table::{Column, Form, HitPolicy, Reach, Row, TableQuery, TableReport};
use iamsure_truth::unanswered::{Bug, Unanswered};
use iamsure_truth::unpublished::misfit;

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;
use crate::roles::roles_of;
use crate::shared::{of_each, own_answers};

/// Whether a principal can do what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Every such request of it is allowed.
    Always,
    /// Some are, and some are not.
    Sometimes,
    /// None is known to be allowed: whether some are depends on what was not given, or on what AWS does not document.
    Depends,
    /// None is.
    Never,
}

impl Access {
    /// Each, the widest first.
    pub const ALL: [Self; 4] = [Self::Always, Self::Sometimes, Self::Depends, Self::Never];

    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
            Self::Depends => "depends",
            Self::Never => "never",
        }
    }
}

/// Who can do what, in the order of the principals.
#[derive(Debug)]
pub struct WhoCan {
    /// One for each principal.
    pub answers: Vec<OneCan>,
    /// The truth tables that were made: one for all principals of whom the question is the same.
    pub tables: Vec<Asked>,
}

/// A truth table, and what it is about.
#[derive(Debug)]
pub struct Asked {
    /// The table; `None` if it took more than the budget.
    pub table: Option<TableReport>,
    /// Which resources it is about.
    pub about: About,
}

/// Which resources a table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// All that were asked about.
    Asked,
    /// These roles, by ARN, beside whom they trust.
    Roles(Vec<String>),
    /// The roles among them of which no trust policy is known.
    Others,
}

/// Whether one principal can, and when.
#[derive(Clone, Debug)]
pub struct OneCan {
    /// Whether it can.
    pub access: Access,
    /// The rows in which requests are or may be allowed.
    pub rows: Vec<When>,
    /// Why nothing is known for certain, where it was not decided.
    pub undecided: Option<String>,
}

/// When requests are allowed.
#[derive(Clone, Debug)]
pub struct When {
    /// Which of [`WhoCan::tables`] it is a row of.
    pub table: usize,
    /// The number of the row in the table.
    pub row: usize,
    /// A request of it, made by this principal and decided by the evaluator.
    pub request: Option<Request>,
    /// Whether such requests are known to be allowed; if not, they may be.
    pub is_certain: bool,
}

/// Asks who can do what `facts` are about.
///
/// # Errors
/// If the evaluator decides the request of a row otherwise than the table: a bug.
pub fn who_can(principals: &Principals, facts: &Facts) -> Result<WhoCan, Unanswered> {
    let actions: Vec<_> = facts.actions.iter().collect();
    let roles = match roles_of(principals, facts, &actions, &facts.resources) {
        Ok(roles) => roles,
        Err(why) => {
            let mut all = who_can_beside(principals, facts)?;
            all.answers.iter_mut().for_each(|one| one.leave_open(why));
            return Ok(all);
        }
    };
    let mut all =
        if roles.are_all { WhoCan::nobody(principals) } else { who_can_beside(principals, facts)? };
    if roles.is_of_assuming && roles.some_are_known {
        all.tables.iter_mut().for_each(|asked| asked.about = About::Others);
    }
    let is_first = roles.are_all;
    for (number, group) in roles.groups.into_iter().enumerate() {
        let found = who_can_beside(principals, &group.facts(facts))?;
        all.or_of(&group.roles, found, is_first && number == 0);
    }
    Ok(all)
}

/// As [`who_can`], beside one trust policy at most.
fn who_can_beside(principals: &Principals, facts: &Facts) -> Result<WhoCan, Unanswered> {
    let keys = |set| {
        let policies = facts.policies(principals, set);
        let keys = policies.keys();
        (policies, keys)
    };
    let ask = |of: &AccountPrincipal, policies: PolicySet, keys: &[ConditionKey]| {
        let answer = |setting| {
            let form = Form { hit: Some(HitPolicy::Unique), ..Form::default() };
            let policies = policies.clone();
            TableQuery { policies, question: Question::Decision, setting, form, is_whole: true }
                .answer()
        };
        let at_home = facts.setting_at_home(of, keys);
        let owner = at_home.resource_account.clone();
        let found = answer(at_home)?;
        // What another account owns is decided by its own rules.
        match owner.filter(|_| facts.resource_account.is_none()) {
            Some(owner) if allows_elsewhere(&found, &owner) => answer(facts.setting(of, keys)),
            _ => Ok(found),
        }
    };
    let (found, own) = of_each(principals, keys, facts, ask);
    let answers = own_answers(principals, &found, &own, facts.jobs, |principal, own| {
        Ok(match own {
            Err(why) => OneCan::undecided(why.to_owned()),
            Ok((place, Ok(report), asked)) => {
                OneCan::of((place, report), (asked, principal), facts)?
            }
            Ok((_, Err(Unanswered::TooComplex(error)), _)) => OneCan::undecided(error.to_string()),
            Ok((_, Err(error), _)) => return Err(error.clone()),
        })
    })?;
    // Those that could not be made have their place too.
    let table =
        |found: Result<TableReport, Unanswered>| Asked { table: found.ok(), about: About::Asked };
    let tables = found.into_iter().map(|answered| table(answered.answer)).collect();
    Ok(WhoCan { answers, tables })
}

impl WhoCan {
    /// Of a question of which nothing has been asked.
    fn nobody(principals: &Principals) -> Self {
        let never = |_: &AccountPrincipal| OneCan::of_rows(Vec::new(), false);
        Self { answers: principals.principals.iter().map(never).collect(), tables: Vec::new() }
    }

    /// What is so of roles, too; `is_first`: of nothing else so far.
    fn or_of(&mut self, roles: &[String], found: Self, is_first: bool) {
        let before = self.tables.len();
        let of_roles = |asked| Asked { about: About::Roles(roles.to_owned()), ..asked };
        self.tables.extend(found.tables.into_iter().map(of_roles));
        for (one, mut other) in self.answers.iter_mut().zip(found.answers) {
            other.rows.iter_mut().for_each(|row| row.table += before);
            let always =
                other.access == Access::Always && (is_first || one.access == Access::Always);
            one.rows.append(&mut other.rows);
            let undecided = one.undecided.take().or(other.undecided);
            *one = OneCan::of_rows(std::mem::take(&mut one.rows), always);
            if let Some(why) = undecided {
                one.leave_open(&why);
            }
        }
    }
}

/// Whether a row in which something is allowed names resources of another account than `owner`.
fn allows_elsewhere(report: &TableReport, owner: &str) -> bool {
    let is_another = |field: &str| is_account_id(field) && field != owner;
    let names_another = |value: &Value| value.text.split(':').any(is_another);
    report.table.rows.iter().any(|row| {
        let resource = row.cells.get(&Column::Subject(Subject::Resource));
        row.outcomes.iter().any(is_allowed)
            && resource.is_some_and(|said| said.names(&names_another))
    })
}

const fn is_allowed(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Verdict(Verdict::Allowed | Verdict::Exempt))
}

impl OneCan {
    /// What rows say; `always`: that there is no other.
    fn of_rows(rows: Vec<When>, always: bool) -> Self {
        let access = match (rows.is_empty(), rows.iter().any(|row| row.is_certain)) {
            (true, _) => Access::Never,
            _ if always => Access::Always,
            (_, true) => Access::Sometimes,
            _ => Access::Depends,
        };
        Self { access, rows, undecided: None }
    }

    const fn undecided(why: String) -> Self {
        Self { access: Access::Depends, rows: Vec::new(), undecided: Some(why) }
    }

    /// Says why it is not all known. That some requests are allowed is.
    fn leave_open(&mut self, why: &str) {
        self.access = match self.access {
            Access::Always | Access::Sometimes => Access::Sometimes,
            Access::Depends | Access::Never => Access::Depends,
        };
        self.undecided.get_or_insert_with(|| why.to_owned());
    }

    /// What the table for `asked` says of `principal`.
    fn of(
        (place, report): (usize, &TableReport),
        (asked, principal): (&AccountPrincipal, &AccountPrincipal),
        facts: &Facts,
    ) -> Result<Self, Unanswered> {
        let (mut rows, mut all) = (Vec::new(), true);
        // What AWS lists no such resource for is told where nothing else is certain.
        let is_listed = |row: &Row| {
            let request = row.witness.as_ref();
            request.is_none_or(|found| misfit(found.action.as_str(), &found.resource).is_none())
        };
        let is_certain =
            |row: &Row| row.reach == Reach::Reachable && row.outcomes.iter().all(is_allowed);
        let every = &report.table.rows;
        let only_listed = every.iter().any(|row| is_certain(row) && is_listed(row));
        for (number, row) in every.iter().enumerate() {
            if matches!(row.reach, Reach::Unreachable(_)) || (only_listed && !is_listed(row)) {
                continue;
            }
            let mut outcomes = row.outcomes.iter();
            if !outcomes.any(is_allowed) {
                all = false;
                continue;
            }
            let is_certain = is_certain(row);
            all &= is_certain;
            let request = row.witness.as_ref().map(|found| principal.instead_of(asked, found));
            if let (Some(request), Some(decision)) = (&request, &row.decision) {
                let again = evaluate(&report.grounds.policies, request, &facts.switches);
                if again.outcome.decided().map(|found| found.verdict) != Some(decision.verdict) {
                    return Err(Unanswered::Bug(Bug::NotShared));
                }
            }
            rows.push(When { table: place, row: number, request, is_certain });
        }
        let found = Self::of_rows(rows, all);
        let sessions = other_sessions(&report.grounds.policies, Some(&principal.requester));
        if !sessions.is_empty() && matches!(found.access, Access::Never | Access::Always) {
            let sessions = sessions.into_iter().collect::<Vec<_>>().join(", ");
            return Ok(Self::undecided(format!(
                "the policies name sessions of this role ({sessions}): {} for its other sessions",
                found.access.word()
            )));
        }
        Ok(found)
    }
}
