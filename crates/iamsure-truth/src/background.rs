//! What is known of keys beside the policies, as a limit on where requests are looked for.

mod account;
pub(crate) mod availability;
mod consequence;
mod identified;
pub mod knowledge;
mod reach;
mod rule;
mod supply;
mod tie;

pub use consequence::rules;
use consequence::rules_about;
pub use reach::Reach;
pub(crate) use reach::{RULED_OUT, Standing, is_ruled_out, not_published, standing};
use reach::{of_class, tags};
pub use rule::{Fact, Rule};
pub use supply::NotFor;
pub(crate) use supply::unsupplied;

use account::Accounts;

use iamsure_core::world::Evidence;

use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::state::StateClasses;
use crate::clause::KeyClause;
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::{Classes, Model, Residual, Subject};

/// How well a rule must be known to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Documented.
    Documented,
    /// Documented or assumed.
    Assumed,
}

/// Where each rule holds, in each small model.
#[derive(Debug)]
pub(crate) struct Background {
    /// For each small model: the rules about its keys, and where each holds.
    rules: Vec<Vec<(&'static Rule, Function)>>,
}

impl Background {
    /// The rules about the keys of the small models in which something was found.
    pub(crate) fn of(model: &mut Model, searched: &[Function]) -> Result<Self, TooComplex> {
        let mut rules = Vec::with_capacity(model.residuals.len());
        for (residual, searched) in model.residuals.iter_mut().zip(searched) {
            let mut own = Vec::new();
            if *searched != FALSE {
                for rule in rules_of(residual) {
                    let holds = holds(residual, rule)?;
                    if holds != TRUE {
                        own.push((rule, holds));
                    }
                }
            }
            rules.push(own);
        }
        Ok(Self { rules })
    }

    /// What is left where the rules hold.
    pub(crate) fn limited(
        &self,
        model: &mut Model,
        searched: &[Function],
        certainty: Certainty,
    ) -> Result<Vec<Function>, TooComplex> {
        self.limited_by(model, searched, &|rule| {
            certainty == Certainty::Assumed || rule.evidence == Evidence::Documented
        })
    }

    fn limited_by(
        &self,
        model: &mut Model,
        searched: &[Function],
        counts: &dyn Fn(&Rule) -> bool,
    ) -> Result<Vec<Function>, TooComplex> {
        let mut limited = Vec::with_capacity(searched.len());
        for ((residual, searched), rules) in
            model.residuals.iter_mut().zip(searched).zip(&self.rules)
        {
            let mut left = *searched;
            for (rule, holds) in rules {
                if counts(rule) {
                    left = residual.diagram.and(left, *holds)?;
                }
            }
            limited.push(left);
        }
        Ok(limited)
    }

    /// The documented rules without one of which something would be left.
    pub(crate) fn needed(
        &self,
        model: &mut Model,
        searched: &[Function],
    ) -> Result<Vec<&'static Rule>, TooComplex> {
        let mut needed: Vec<&'static Rule> = self
            .rules
            .iter()
            .flatten()
            .map(|(rule, _)| *rule)
            .filter(|rule| rule.evidence == Evidence::Documented)
            .collect();
        needed.sort_by_key(|rule| rules().iter().position(|known| known == *rule));
        needed.dedup();
        for rule in needed.clone() {
            let left = self
                .limited_by(model, searched, &|other| other != rule && needed.contains(&other))?;
            if left.iter().all(|function| *function == FALSE) {
                needed.retain(|known| *known != rule);
            }
        }
        Ok(needed)
    }

    /// The assumed rules that what is left breaks.
    pub(crate) fn broken(
        &self,
        model: &mut Model,
        left: &[Function],
    ) -> Result<Vec<&'static Rule>, TooComplex> {
        let mut broken: Vec<&'static Rule> = Vec::new();
        for ((residual, left), rules) in model.residuals.iter_mut().zip(left).zip(&self.rules) {
            for (rule, holds) in rules {
                let against = residual.diagram.not(*holds)?;
                let is_broken = residual.diagram.and(*left, against)? != FALSE;
                let is_assumed = rule.evidence != Evidence::Documented;
                if is_broken && is_assumed && !broken.contains(rule) {
                    broken.push(rule);
                }
            }
        }
        Ok(broken)
    }
}

/// Where every documented rule about the keys of a small model may hold.
pub(crate) fn documented(residual: &mut Residual) -> Result<Function, TooComplex> {
    let mut all = TRUE;
    for rule in rules_of(residual) {
        if rule.evidence != Evidence::Documented {
            continue;
        }
        let holds = holds(residual, rule)?;
        all = residual.diagram.and(all, holds)?;
    }
    Ok(all)
}

/// The rules about the keys of a small model.
fn rules_of(residual: &Residual) -> Vec<&'static Rule> {
    let keys = residual.subjects.iter().filter_map(|subject| match &subject.subject {
        Subject::Key(key) => Some(key.folded()),
        _ => None,
    });
    rules_about(&keys.collect::<Vec<_>>())
}

/// Where a rule may hold: nowhere that every request of the classes would break it.
fn holds(residual: &mut Residual, rule: &Rule) -> Result<Function, TooComplex> {
    if matches!(rule.then, Fact::OfItsAccount | Fact::OfItsResource) {
        let accounts = Accounts::tied_by(rule, residual);
        return accounts.map_or(Ok(TRUE), |accounts| accounts.function(&mut residual.diagram));
    }
    let mut all = TRUE;
    for tag in tags(residual, rule) {
        let (Some(when), Some(then)) =
            (classes(residual, rule.when, &tag), classes(residual, rule.then, &tag))
        else {
            continue;
        };
        let diagram: &mut Diagram = &mut residual.diagram;
        // The condition may fail, or what follows may hold.
        let may_fail = diagram.among(when.place, &when.may_fail)?;
        let may_hold = diagram.among(then.place, &then.may_hold)?;
        let either = diagram.or(may_fail, may_hold)?;
        all = diagram.and(all, either)?;
    }
    Ok(all)
}

/// The classes of a key for which a fact may hold, and for which it may fail.
struct Of {
    place: usize,
    may_hold: Bits,
    may_fail: Bits,
}

/// Of a rule of a family of keys, `tag` is what the name of the key ends in.
fn classes(residual: &Residual, fact: Fact, tag: &str) -> Option<Of> {
    let (place, states, clauses) = states(residual, &fact.key_for(tag))?;
    let mut of = Of { place, may_hold: Bits::new(), may_fail: Bits::new() };
    for (number, class) in states.states.iter().enumerate() {
        let (may_hold, may_fail) = of_class(class, states, clauses, fact, tag);
        if may_hold {
            of.may_hold.insert(number);
        }
        if may_fail {
            of.may_fail.insert(number);
        }
    }
    Some(of)
}

/// The place of a key that is asked, its classes and the clauses that tell them apart.
fn states<'a>(
    residual: &'a Residual,
    name: &str,
) -> Option<(usize, &'a StateClasses, &'a [KeyClause])> {
    residual.subjects.iter().enumerate().find_map(|(place, subject)| {
        match (&subject.subject, &subject.classes) {
            (Subject::Key(key), Classes::States { classes, clauses, .. })
                if key.folded().eq_ignore_ascii_case(name) =>
            {
                Some((place, &**classes, &**clauses))
            }
            _ => None,
        }
    })
}
