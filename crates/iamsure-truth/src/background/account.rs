//! KC-15: a key that is the account in an ARN, and the ARN.
//!
//! `aws:PrincipalAccount` is the account in `aws:PrincipalArn`. `aws:ResourceAccount`, where it is present, is the
//! account in the ARN of the resource, if that names one; ARNs of S3, for example, do not.

use super::identified::{Identified, account_in};
use super::reach::may_be;
use super::rule::{Fact, Rule};
use super::states;
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::resource::{EntryForm, ResourceClass, ResourceClause, ResourceEntry};
use crate::class::state::{StateClass, StateClasses, StateKind};
use crate::clause::KeyClause;
use crate::diagram::{Diagram, Function, TRUE};
use crate::model::{Classes, Part, Residual, Subject, SubjectClasses};
use crate::sample::account_of;

/// Which classes of a key may be the account in which classes of ARNs.
pub(super) struct Accounts {
    /// The place of the ARN among the subjects, and that of the key.
    arn: usize,
    account: usize,
    /// For each class of ARNs, the classes of the key that fit; `None` if all do.
    fitting: Vec<Option<Bits>>,
}

/// The account that the ARNs of a class may name.
enum InArn {
    /// Any, or none.
    Any,
    /// One of these.
    OneOf(Vec<String>),
    /// One, but none of these.
    AnyBut(Vec<String>),
}

impl Accounts {
    /// The classes that `rule` ties in a small model; `None` if it does not ask about both.
    pub(super) fn tied_by(rule: &Rule, residual: &Residual) -> Option<Self> {
        let (account, accounts, clauses) = states(residual, rule.then.key())?;
        let is_absence = |class: &StateClass| class.kind == StateKind::Absent;
        let (arn, in_arns, may_be_absent) = match rule.then {
            Fact::OfItsAccount => {
                let (arn, arns, of_arns) = states(residual, rule.when.key())?;
                let of = |class| in_principal(class, arns, of_arns);
                (arn, arns.states.iter().map(of).collect::<Vec<_>>(), false)
            }
            Fact::OfItsResource => {
                let (arn, in_arns) = residual.subjects.iter().enumerate().find_map(resources)?;
                (arn, in_arns, true)
            }
            _ => return None,
        };
        let fits = |in_arn: &InArn, class: &StateClass| {
            may_be_absent && is_absence(class)
                || match in_arn {
                    InArn::Any => true,
                    InArn::OneOf(known) => {
                        known.iter().any(|text| may_be(class, accounts, clauses, text))
                    }
                    InArn::AnyBut(known) => may_be_other(class, accounts, known),
                }
        };
        let of_each = |in_arn: &InArn| {
            let of_all = || accounts.states.iter().enumerate();
            (!matches!(in_arn, InArn::Any)).then(|| {
                of_all().filter(|(_, class)| fits(in_arn, class)).map(|(at, _)| at).collect()
            })
        };
        Some(Self { arn, account, fitting: in_arns.iter().map(of_each).collect() })
    }

    /// Where the key may be the account in the ARN.
    pub(super) fn function(self, diagram: &mut Diagram) -> Result<Function, TooComplex> {
        let mut of_arns: Vec<(Bits, Bits)> = Vec::new();
        for (number, fitting) in self.fitting.into_iter().enumerate() {
            let Some(fitting) = fitting else { continue };
            match of_arns.iter_mut().find(|(_, known)| *known == fitting) {
                Some((classes, _)) => {
                    classes.insert(number);
                }
                None => of_arns.push((std::iter::once(number).collect(), fitting)),
            }
        }
        let mut all = TRUE;
        for (classes, fitting) in of_arns {
            let of_others = diagram.among(self.arn, &classes)?;
            let of_others = diagram.not(of_others)?;
            let fits = diagram.among(self.account, &fitting)?;
            let either = diagram.or(of_others, fits)?;
            all = diagram.and(all, either)?;
        }
        Ok(all)
    }

    /// Whether a part leaves nothing open but accounts that are in none of its ARNs.
    pub(super) fn differ_in(&self, part: &Part) -> bool {
        let is_open = |place: usize, class: usize| {
            part.cube.classes(place).is_none_or(|open| open.contains(class))
        };
        !self.fitting.iter().enumerate().any(|(arn, fitting)| {
            is_open(self.arn, arn)
                && fitting.as_ref().is_none_or(|fitting| {
                    fitting.iter().any(|account| is_open(self.account, account))
                })
        })
    }
}

/// The account in the ARNs of a class of `aws:PrincipalArn`.
fn in_principal(class: &StateClass, arns: &StateClasses, clauses: &[KeyClause]) -> InArn {
    Identified::by(class, arns, clauses)
        .and_then(|found| found.accounts)
        .map_or(InArn::Any, InArn::OneOf)
}

/// The place of the resource among the subjects, and the accounts of its classes.
fn resources((place, subject): (usize, &SubjectClasses)) -> Option<(usize, Vec<InArn>)> {
    let (Subject::Resource, Classes::Resources { classes, clauses, rules, asked, .. }) =
        (&subject.subject, &subject.classes)
    else {
        return None;
    };
    Some((place, classes.iter().map(|class| in_resource(class, clauses, (rules, asked))).collect()))
}

/// The account in the ARNs of a class of resources, as far as what matches them tells.
fn in_resource(
    class: &ResourceClass,
    clauses: &[ResourceClause],
    (rules, asked): (&[Vec<String>], &[String]),
) -> InArn {
    if class.is_all {
        return InArn::Any;
    }
    if !class.several {
        let own = account_of(&class.witness).map(str::to_owned);
        return own.map_or(InArn::Any, |own| InArn::OneOf(vec![own]));
    }
    let by_clauses =
        class.listed.iter().filter_map(|at| clauses.get(at)).filter_map(in_every_entry);
    // The lists of the rules are of whole fields.
    let in_list = |list: &Vec<String>| {
        list.iter().map(|text| account_of(text).map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    let by_rules = class.rules.iter().filter_map(|at| rules.get(at)).filter_map(in_list);
    let by_asked = (class.asked.iter().filter_map(|at| asked.get(at)))
        .filter_map(|text| account_in(text).map(|account| vec![account.to_owned()]));
    if let Some(known) =
        by_clauses.chain(by_rules).chain(by_asked).reduce(|one, other| common(one, &other))
    {
        return InArn::OneOf(known);
    }
    let names_one = (rules.iter().enumerate())
        .any(|(at, list)| class.rules.contains(at) && list.iter().all(|text| is_of_any(text)));
    let others = (rules.iter().enumerate()).filter(|(at, _)| !class.rules.contains(*at));
    let not: Vec<String> = others.filter_map(|(_, list)| whole_accounts(list)).flatten().collect();
    if names_one { InArn::AnyBut(not) } else { InArn::Any }
}

/// What is in both.
fn common(mut one: Vec<String>, other: &[String]) -> Vec<String> {
    one.retain(|account| other.contains(account));
    one
}

/// The accounts of a clause each of whose entries names one.
fn in_every_entry(clause: &ResourceClause) -> Option<Vec<String>> {
    let account = |entry: &ResourceEntry| match entry.form {
        EntryForm::Arns(_) => account_in(&entry.text).map(str::to_owned),
        _ => None,
    };
    clause.entries.iter().map(account).collect()
}

/// The accounts whose ARNs a list of the rules holds, if it holds all of theirs and nothing else.
fn whole_accounts(list: &[String]) -> Option<Vec<String>> {
    let account = |text: &String| {
        let account = account_of(text)?;
        (*text == format!("arn:*:*:*:{account}:*")).then(|| account.to_owned())
    };
    list.iter().map(account).collect()
}

/// Whether a list of the rules is of the ARNs that name an account.
fn is_of_any(text: &str) -> bool {
    text == format!("arn:*:*:*:{}:*", "#".repeat(12))
}

/// Whether a value of a class may be none of these texts.
fn may_be_other(class: &StateClass, classes: &StateClasses, texts: &[String]) -> bool {
    let StateKind::Value(number) = class.kind else { return false };
    let Some(value) = classes.values.get(number) else { return true };
    let is_other = |witness: &String| !texts.contains(witness);
    value.several || value.witness.as_ref().is_none_or(is_other)
}
