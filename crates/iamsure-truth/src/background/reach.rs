//! Background: what cannot happen, whatever policies say. Data with a source, for marking rows.
//!
//! A row that no request can reach stays in the table, marked; a rule that AWS does not document
//! marks it as unknown, not as unreachable. What speaks against a row is a [rule](super::rule)
//! between keys, or that no action of it carries a key that it needs ([`supply`](super::supply)).

#[cfg(test)]
mod tests;

use iamsure_core::language::Arn;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::Evidence::{Assumed, Documented};
use iamsure_core::world::{KeyState, Request};
use iamsure_reference::action;

use super::account::Accounts;
use super::consequence::rules_about;
use super::identified::Identified;
use super::rule::Fact::{
    self, Absent, HasTag, Identifies, Is, OfItsAccount, OfItsResource, Present,
};
use super::rule::{FAMILY, Rule, sentence};
use super::supply::{NotFor, not_for};
use super::tie::contradicts;
use super::{rules_of, states};
use crate::bits::Bits;
use crate::class::identity::{Identity, IdentityKey};
use crate::class::plausible::misfit;
use crate::class::state::{StateClass, StateClasses, StateKind};
use crate::clause::KeyClause;
use crate::model::caller::{OTHER_OWNER, contradiction, is_of_other_owner};
use crate::model::{Cell, Model, Part, Residual, Subject, Witness, is_of_its_account};

/// Whether there are requests of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing known speaks against it.
    Reachable,
    /// There are none, for this reason.
    Unreachable(String),
    /// It is not known, for this reason.
    Unknown(String),
}

impl Reach {
    /// The word for it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Unreachable(_) => "unreachable",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Whether a fact may hold, and whether it may fail, over the states that some part leaves open.
struct Chance {
    may_hold: bool,
    may_fail: bool,
}

/// What speaks against a row: of all of it, or of some actions.
pub(crate) struct Standing {
    pub(crate) reach: Reach,
    /// Actions of a row that others reach, which never carry a key that it needs.
    pub(crate) not_for: Vec<NotFor>,
}

impl From<Reach> for Standing {
    fn from(reach: Reach) -> Self {
        Self { reach, not_for: Vec::new() }
    }
}

/// Whether there are requests of these parts, each with the cells of the row that it is of, and of these
/// classes of actions.
///
/// Where AWS publishes no resource of such a form for any of the actions, only what is allowed is marked: a
/// refusal of what nobody asks promises nothing.
pub(crate) fn standing(
    model: &Model,
    members: &[(&Part, &Cell)],
    actions: &Bits,
    witness: Option<&Witness>,
) -> Standing {
    let Some(Witness { request: witness, .. }) = witness else {
        return Reach::Unknown("no request was found for this row".to_owned()).into();
    };
    let classes = || actions.iter().filter_map(|class| model.actions.classes.get(class));
    if classes().all(|class| class.published == 0) {
        let retired: Vec<Option<String>> = classes()
            .map(|class| match action(class.witness.as_str()) {
                iamsure_reference::Standing::Retired(gone) => {
                    Some(format!("retired: {} ({})", gone.since, gone.source))
                }
                _ => None,
            })
            .collect();
        let first = retired.iter().flatten().next().cloned();
        return match first.filter(|_| retired.iter().all(Option::is_some)) {
            Some(reason) => Reach::Unreachable(reason).into(),
            None => Reach::Unknown(UNPUBLISHED.to_owned()).into(),
        };
    }
    let reach = by_rules(model, members);
    if reach != Reach::Reachable {
        return reach.into();
    }
    if is_ruled_out(witness, &asked(model, members)) {
        return Reach::Unknown(RULED_OUT.to_owned()).into();
    }
    if let Some(key) = contradiction(witness) {
        return Reach::Unknown(format!("no known caller has this value of {key}")).into();
    }
    if is_of_other_owner(witness) {
        return Reach::Unknown(OTHER_OWNER.to_owned()).into();
    }
    if let Some(why) = misfit(witness.action.as_str(), &witness.resource) {
        return Reach::Unknown(why.to_owned()).into();
    }
    // What is published of the row may be asked of no such resource.
    if let Some(why) = not_published(witness.action.as_str()) {
        return Reach::Unknown(why.to_owned()).into();
    }
    match not_for(model, members) {
        Ok(not_for) => Standing { reach, not_for },
        Err(none) => Reach::Unreachable(none.reason()).into(),
    }
}

/// Why it is not known whether there are requests of an action; `None` if AWS publishes it.
pub(crate) fn not_published(name: &str) -> Option<&'static str> {
    match action(name) {
        iamsure_reference::Standing::Known(_) => None,
        iamsure_reference::Standing::Retired(_) => Some("AWS has retired the action"),
        iamsure_reference::Standing::Unknown => Some(UNPUBLISHED),
    }
}

/// Why it is not known whether there are requests of an action that nobody published.
const UNPUBLISHED: &str = "AWS publishes no such action";

/// Why it is not known whether there are requests like an example that breaks a documented rule: there may be others of
/// its row that keep to it.
pub(crate) const RULED_OUT: &str = "AWS's documentation of its keys rules it out";

/// The keys that the parts are about.
fn asked(model: &Model, members: &[(&Part, &Cell)]) -> Vec<ConditionKey> {
    let residuals = members.iter().filter_map(|(part, _)| model.residuals.get(part.residual));
    residuals.flat_map(Residual::keys).collect()
}

/// What the rules between keys say of the parts.
fn by_rules(model: &Model, members: &[(&Part, &Cell)]) -> Reach {
    let mut parts: Vec<&Part> = members.iter().map(|(part, _)| *part).collect();
    parts.dedup_by(|one, other| std::ptr::eq(*one, *other));
    let mut unknown = None;
    let mut reasons: Vec<Reason> = Vec::new();
    for part in parts {
        match ruled_out(model, part) {
            None => return Reach::Reachable,
            Some(reason) if reason.evidence == Assumed => unknown = unknown.or(Some(reason.text)),
            Some(reason) => reasons.push(reason),
        }
    }
    match (unknown, reasons.into_iter().next()) {
        (Some(reason), _) => Reach::Unknown(reason),
        (None, Some(reason)) => Reach::Unreachable(reason.text),
        (None, None) => Reach::Reachable,
    }
}

/// Whether a request breaks what AWS documents of its keys, as far as these say.
pub(crate) fn is_ruled_out(request: &Request, asked: &[ConditionKey]) -> bool {
    let holds = |fact: Fact| {
        let named = |name: &str| asked.iter().find(|key| key.folded().eq_ignore_ascii_case(name));
        let state = request.context.state(named(fact.key())?);
        match fact {
            Present(_) => Some(*state != KeyState::Absent),
            Absent(_) => Some(*state == KeyState::Absent),
            Is(_, value) => {
                Some(matches!(state, KeyState::Single(text) if text.eq_ignore_ascii_case(value)))
            }
            Identifies(key, kind) => {
                let identity =
                    Identity { key, kind: Some(kind), account: None, role: None, in_aws: false };
                Some(matches!(state, KeyState::Single(text) if identity.is_value(text)))
            }
            OfItsAccount => {
                let arn = request.context.state(named("aws:PrincipalArn")?);
                match (state, arn) {
                    (KeyState::Single(account), KeyState::Single(arn)) => {
                        Arn::split(arn).map(|arn| arn.account == account)
                    }
                    _ => None,
                }
            }
            OfItsResource => is_of_its_account(request),
            // No documented rule asks it.
            HasTag(..) => None,
        }
    };
    let names: Vec<&str> = asked.iter().map(ConditionKey::folded).collect();
    let documented = rules_about(&names).into_iter().filter(|rule| rule.evidence == Documented);
    documented
        .into_iter()
        .any(|rule| holds(rule.when) == Some(true) && holds(rule.then) == Some(false))
        || contradicts(request, asked)
}

/// Why there are no requests.
struct Reason {
    text: String,
    evidence: iamsure_core::world::Evidence,
}

/// A rule that every request of a part would break; a documented one, if there is one.
fn ruled_out(model: &Model, part: &Part) -> Option<Reason> {
    let mut found: Vec<Reason> = Vec::new();
    let residual = model.residuals.get(part.residual)?;
    for rule in rules_of(residual) {
        if matches!(rule.then, OfItsAccount | OfItsResource) {
            let accounts = Accounts::tied_by(rule, residual);
            if accounts.is_some_and(|accounts| accounts.differ_in(part)) {
                found.push(Reason { text: sentence(rule, ""), evidence: rule.evidence });
            }
            continue;
        }
        for tag in tags(residual, rule) {
            let chance = |fact| chance(model, part, fact, &tag);
            if !chance(rule.when).may_fail && !chance(rule.then).may_hold {
                found.push(Reason { text: sentence(rule, &tag), evidence: rule.evidence });
            }
        }
    }
    // The first of the best known.
    found.sort_by_key(|reason| reason.evidence != Documented);
    found.into_iter().next()
}

/// What the keys of a rule's family end in, each once; one text, which means nothing, for a rule without.
pub(super) fn tags(residual: &Residual, rule: &Rule) -> Vec<String> {
    let name = rule.when.family();
    if !name.ends_with(FAMILY) {
        return vec![String::new()];
    }
    let keys = residual.subjects.iter().filter_map(|subject| match &subject.subject {
        Subject::Key(key) => Some(key.as_str()),
        _ => None,
    });
    keys.filter_map(|key| {
        let (start, tag) = key.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then(|| tag.to_owned())
    })
    .collect()
}

/// The classes of a key that a part leaves open; `None` if it is not asked.
fn open<'a>(
    model: &'a Model,
    part: &'a Part,
    name: &str,
) -> Option<(&'a StateClasses, &'a [KeyClause], Vec<&'a StateClass>)> {
    let residual = model.residuals.get(part.residual)?;
    let (place, classes, clauses) = states(residual, name)?;
    let is_in = |at: usize| part.cube.classes(place).is_none_or(|set| set.contains(at));
    let states = classes.states.iter().enumerate().filter(|(at, _)| is_in(*at));
    Some((classes, clauses, states.map(|(_, class)| class).collect()))
}

/// Whether a text may be the value of a class.
pub(super) fn may_be(
    class: &StateClass,
    classes: &StateClasses,
    clauses: &[KeyClause],
    text: &str,
) -> bool {
    let StateKind::Value(number) = class.kind else { return false };
    let Some(value) = classes.values.get(number) else { return true };
    if !value.several {
        return value.witness.as_deref() == Some(text);
    }
    clauses.iter().enumerate().all(|(at, clause)| {
        // What clauses of other types make of a text is left open.
        !clause.is_textual()
            || clause.is_relational()
            || value.matched.contains(at) == clause.patterns().any(|pattern| pattern.matches(text))
    })
}

fn chance(model: &Model, part: &Part, fact: Fact, tag: &str) -> Chance {
    let Some((of, clauses, classes)) = open(model, part, &fact.key_for(tag)) else {
        return Chance { may_hold: true, may_fail: true };
    };
    let mut chance = Chance { may_hold: false, may_fail: false };
    for class in classes {
        let (may_hold, may_fail) = of_class(class, of, clauses, fact, tag);
        chance.may_hold |= may_hold;
        chance.may_fail |= may_fail;
    }
    chance
}

/// Whether a text may be, and may not be, among the values of a class, in whatever case.
fn has_element(of: &StateClasses, class: &StateClass, text: &str) -> (bool, bool) {
    let made_of: Bits = match &class.kind {
        StateKind::Absent | StateKind::Empty => return (false, true),
        StateKind::Value(value) => std::iter::once(*value).collect(),
        StateKind::Set(values) => values.clone(),
    };
    let values = || made_of.iter().filter_map(|value| of.values.get(value));
    let is = |witness: &Option<String>| {
        witness.as_ref().is_some_and(|witness| witness.eq_ignore_ascii_case(text))
    };
    let certain = values().any(|value| !value.several && is(&value.witness));
    (values().any(|value| value.several || is(&value.witness)), !certain)
}

/// Whether a fact may hold of, and may fail for, some state of a class. Of a rule of a family of keys, `tag` is what the
/// name of the key ends in.
pub(super) fn of_class(
    class: &StateClass,
    of: &StateClasses,
    clauses: &[KeyClause],
    fact: Fact,
    tag: &str,
) -> (bool, bool) {
    let absent = class.kind == StateKind::Absent;
    match fact {
        Present(_) => (!absent, absent),
        Absent(_) => (absent, !absent),
        Is(_, value) => match &class.witness {
            _ if absent => (false, true),
            Some(KeyState::Single(text)) if text.eq_ignore_ascii_case(value) => {
                (true, class.several)
            }
            // Another value of the class may be the one.
            _ => (class.several, true),
        },
        Identifies(..) if absent => (false, true),
        Identifies(key, kind) => {
            let kinds = match key {
                IdentityKey::Arn => Identified::by(class, of, clauses).map(|found| found.kinds),
                IdentityKey::UniqueId => Identified::by_id(class, of, clauses),
                IdentityKey::Account => None,
            };
            kinds.map_or((true, true), |kinds| (kinds.contains(&kind), kinds != [kind]))
        }
        HasTag(..) => has_element(of, class, tag),
        OfItsAccount | OfItsResource => (true, true),
    }
}
