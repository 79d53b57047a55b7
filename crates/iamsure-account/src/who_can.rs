//! Who can: for each principal always, never, or exactly when.

use std::collections::BTreeMap;

use iamsure_core::decision::{Verdict, evaluate};
use iamsure_core::language::ConditionKey;
use iamsure_core::language::arn::is_account_id;
use iamsure_core::world::{PolicySet, Request};
use iamsure_truth::claim::other_sessions;
use iamsure_truth::model::{Outcome, Question, Subject};
use iamsure_truth::said::Value;
use iamsure_truth::table::{Column, Form, HitPolicy, Reach, TableQuery, TableReport};
use iamsure_truth::unanswered::{Bug, Unanswered};

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
    pub tables: Vec<Option<TableReport>>,
}

/// Whether one principal can, and when.
#[derive(Clone, Debug)]
pub struct OneCan {
    /// Whether it can.
    pub access: Access,
    /// Which of [`WhoCan::tables`] says so.
    pub table: Option<usize>,
    /// Its rows in which requests are or may be allowed.
    pub rows: Vec<When>,
    /// Why nothing is known for certain, where it was not decided.
    pub undecided: Option<String>,
}

/// When requests are allowed.
#[derive(Clone, Debug)]
pub struct When {
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
    let mut all = who_can_beside(principals, facts)?;
    let actions: Vec<_> = facts.actions.iter().collect();
    let say = |all: &mut WhoCan, why: &dyn Fn(usize) -> Option<String>| {
        for (number, one) in all.answers.iter_mut().enumerate() {
            if let Some(why) = why(number)
                && one.undecided.is_none()
            {
                *one = OneCan::undecided(why);
            }
        }
    };
    match roles_of(principals, facts, &actions, &facts.resources) {
        Ok(groups) => {
            let mut can: BTreeMap<usize, Vec<String>> = BTreeMap::new();
            for group in groups {
                let found = who_can_beside(principals, &group.facts(facts))?;
                for (number, one) in found.answers.iter().enumerate() {
                    let differs =
                        all.answers.get(number).is_none_or(|own| own.access != one.access);
                    if differs {
                        can.entry(number).or_default().extend(group.roles.iter().cloned());
                    }
                }
            }
            say(&mut all, &|number| can.get(&number).map(|roles| beside_trust(roles)));
        }
        Err(why) => say(&mut all, &|_| Some(why.to_owned())),
    }
    Ok(all)
}

/// Said where it depends on the role whether somebody may assume it.
fn beside_trust(roles: &[String]) -> String {
    let first = roles.first().map(String::as_str).unwrap_or_default();
    let more = match roles.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    format!(
        "whether it may assume {first}{more} is decided by whom the role trusts: ask with --resource {first}"
    )
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
            TableQuery { policies, question: Question::Decision, setting, form }.answer()
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
    let mut answers = Vec::with_capacity(own.len());
    for (principal, own) in own_answers(principals, &found, own) {
        answers.push(match own {
            Err(why) => OneCan::undecided(why),
            Ok((place, Ok(report), asked)) => {
                OneCan::of((place, report), (asked, principal), facts)?
            }
            Ok((_, Err(Unanswered::TooComplex(error)), _)) => OneCan::undecided(error.to_string()),
            Ok((_, Err(error), _)) => return Err(error.clone()),
        });
    }
    // Those that could not be made have their place too.
    let tables = found.into_iter().map(|answered| answered.answer.ok()).collect();
    Ok(WhoCan { answers, tables })
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
    const fn undecided(why: String) -> Self {
        Self { access: Access::Depends, table: None, rows: Vec::new(), undecided: Some(why) }
    }

    /// What the table for `asked` says of `principal`.
    fn of(
        (place, report): (usize, &TableReport),
        (asked, principal): (&AccountPrincipal, &AccountPrincipal),
        facts: &Facts,
    ) -> Result<Self, Unanswered> {
        let (mut rows, mut all, mut certain) = (Vec::new(), true, false);
        for (number, row) in report.table.rows.iter().enumerate() {
            if matches!(row.reach, Reach::Unreachable(_)) {
                continue;
            }
            let mut outcomes = row.outcomes.iter();
            if !outcomes.any(is_allowed) {
                all = false;
                continue;
            }
            let is_certain = row.reach == Reach::Reachable && row.outcomes.iter().all(is_allowed);
            certain |= is_certain;
            all &= is_certain;
            let request = row.witness.as_ref().map(|found| principal.instead_of(asked, found));
            if let (Some(request), Some(decision)) = (&request, &row.decision) {
                let again = evaluate(&report.grounds.policies, request, &facts.switches);
                if again.outcome.decided().map(|found| found.verdict) != Some(decision.verdict) {
                    return Err(Unanswered::Bug(Bug::NotShared));
                }
            }
            rows.push(When { row: number, request, is_certain });
        }
        let access = match (rows.is_empty(), certain, all) {
            (true, ..) => Access::Never,
            (_, _, true) => Access::Always,
            (_, true, _) => Access::Sometimes,
            _ => Access::Depends,
        };
        let sessions = other_sessions(&report.grounds.policies, Some(&principal.requester));
        if !sessions.is_empty() && matches!(access, Access::Never | Access::Always) {
            let sessions = sessions.into_iter().collect::<Vec<_>>().join(", ");
            return Ok(Self::undecided(format!(
                "the policies name sessions of this role ({sessions}): {} for its other sessions",
                access.word()
            )));
        }
        Ok(Self { access, table: Some(place), rows, undecided: None })
    }
}
