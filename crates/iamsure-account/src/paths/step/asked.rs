//! One call of a step: what it is asked as, once for all who are alike and all resources that are.

use std::collections::BTreeSet;
use std::sync::Arc;

use iamsure_core::language::{ActionName, ActionPattern, ConditionKey, PolicyDocument};
use iamsure_core::world::PolicySet;
use iamsure_truth::claim::{
    Atom, Body, Claim, ClaimQuery, Condition, DecisionWord, Fact, KeyFact, Operand, Quantified,
    Target as Of, Test, other_sessions,
};
use iamsure_truth::known_later::symbols_about;
use iamsure_truth::sample::account_of;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};

use super::super::call::{Call, Found};
use super::alike::{Entries, Likeness, may_let_in, names_callers};
use super::{BOUNDARY, PASSED_TO, POLICY_ARN, Steps};
use crate::account_principal::AccountPrincipal;
use crate::roles::ASSUME_ROLE;
use crate::shared::Shared;

/// Whose call it is: of all who are alike, by number, or of one principal whom a trust policy may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Alike(usize),
    One(usize),
}

/// The value of a key in a call; `None` where the call is without it.
pub(super) type Said = (&'static str, Option<String>);

/// What a call is on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum OnWhat {
    /// Some resource, of an account if that is named.
    Some(Option<String>),
    /// Resources that are alike.
    Alike(Likeness),
    /// A role with one of the trust policies, by number.
    Role(Likeness, usize),
    /// A role that trusts whoever calls.
    TrustingRole(Likeness),
}

/// By whom, which action, on what, and where which keys have which values.
pub(super) type Asked = (Whose, &'static str, OnWhat, Vec<Said>);

/// The policies of a principal beside those that apply to everybody.
pub(super) struct Set {
    pub(super) policies: PolicySet,
    /// The keys that they, or a call, ask about.
    pub(super) keys: Vec<ConditionKey>,
    /// Whether some Principal element may name a caller.
    names_callers: bool,
}

impl<'a> Steps<'a> {
    /// Whether a principal may make a call, on a resource or on some of an account (its own, if none is named), where keys of
    /// it have these values.
    pub(super) fn call(
        &mut self,
        from: usize,
        action: &'static str,
        resource: Option<&str>,
        owner: Option<&str>,
        said: &[Said],
    ) -> Result<Call, Unanswered> {
        let principals = self.principals;
        let Some(principal) = principals.principals.get(from) else { return Ok(Call::Denied) };
        let Ok(set) = principal.set else { return Ok(Call::Open(BTreeSet::new())) };
        let trust = match resource {
            Some(role) if action == ASSUME_ROLE => match principals.trust(role) {
                Some(trust) => Some(trust),
                None => return Ok(Call::Denied),
            },
            _ => None,
        };
        let own = self.set(set);
        let entries = self.entries(set, action);
        let like = match resource {
            Some(resource) => entries.on(resource, &principal.arn),
            None => entries.allow_some().then(|| Likeness::Itself(String::new())),
        };
        let like = match (like, trust, resource) {
            (Some(like), ..) => like,
            (None, Some(trust), Some(role)) if may_let_in(trust, principal) => {
                entries.without_allow(role, &principal.arn)
            }
            _ => return Ok(Call::Denied),
        };
        // Which boundary there is matters where a policy asks.
        let said: Vec<Said> = (said.iter())
            .filter(|(key, _)| {
                *key != BOUNDARY
                    || own.keys.iter().any(|asked| asked.as_str().eq_ignore_ascii_case(key))
            })
            .cloned()
            .collect();
        let said = said.as_slice();
        let next = self.trusts.len();
        let keys_of = |trust: &PolicyDocument| PolicySet::of(trust.clone()).keys();
        let known = trust.map(|trust| {
            &*self.trusts.entry(trust.source.text()).or_insert_with(|| (next, keys_of(trust)))
        });
        let number = known.map(|(number, _)| *number);
        let asks: Vec<ConditionKey> =
            own.keys.iter().chain(known.iter().flat_map(|(_, keys)| keys)).cloned().collect();
        let whose = if trust.is_some_and(names_callers) {
            Whose::One(from)
        } else {
            self.whose((from, number), principal, &own, &asks)
        };
        let on = match (resource, number) {
            (None, _) => OnWhat::Some(owner.map(str::to_owned)),
            (Some(_), None) => OnWhat::Alike(like),
            (Some(_), Some(number)) => OnWhat::Role(like, number),
        };
        let asked = (whose, action, on, said.to_vec());
        let is_plain = matches!(
            asked.2,
            OnWhat::Alike(Likeness::Matched { .. }) | OnWhat::Role(Likeness::Matched { .. }, _)
        );
        let resource_of = |call: Call| match resource.filter(|_| is_plain) {
            Some(resource) => call.on(resource),
            None => call,
        };
        if let Some(known) = self.calls.get(&asked) {
            return Ok(resource_of(known.clone()));
        }
        let policies = PolicySet { trust: trust.cloned(), ..own.policies.clone() };
        let question = (action, resource, said);
        let mut setting = self.facts.setting(principal, &asks);
        if let (Some(owner), None) = (owner, &self.facts.resource_account) {
            setting.resource_account = Some(owner.to_owned());
        }
        let in_arn = resource.and_then(account_of);
        let is_own = in_arn.or(owner).is_none_or(|account| account == principal.account());
        let found = if is_own {
            let at_home = self.facts.setting_at_home(principal, &asks);
            let found = self.some_allowed(policies.clone(), at_home, question)?;
            if found.is_of_its_owner() {
                found
            } else {
                self.some_allowed(policies, setting, question)?
            }
        } else {
            self.some_allowed(policies, setting, question)?
        };
        let mut call = found.call(from);
        if let (Call::Denied, Some(trust)) = (&call, trust)
            && !other_sessions(&PolicySet::of(trust.clone()), Some(&principal.requester)).is_empty()
        {
            // Whom it is called by its session's name may.
            call = Call::Open(BTreeSet::new());
        }
        self.calls.insert(asked, call.clone());
        Ok(call)
    }

    /// The policies of a number.
    pub(super) fn set(&mut self, set: usize) -> Arc<Set> {
        let (principals, facts) = (self.principals, self.facts);
        let read = || {
            let policies = facts.policies(principals, set);
            let mut keys = policies.keys();
            keys.extend([PASSED_TO, POLICY_ARN].map(ConditionKey::new));
            let names_callers = policies.statements().any(|(.., found)| found.principal.is_some());
            Arc::new(Set { policies, keys, names_callers })
        };
        Arc::clone(self.sets.entry(set).or_insert_with(read))
    }

    /// What tells the resources of an action apart.
    pub(super) fn entries(&mut self, set: usize, action: &'static str) -> Arc<Entries> {
        if let Some(known) = self.entries.get(&(set, action)) {
            return Arc::clone(known);
        }
        let found = Arc::new(Entries::of(&self.set(set).policies, action));
        self.entries.insert((set, action), Arc::clone(&found));
        found
    }

    /// Who is alike where policies and a trust policy ask about these keys.
    pub(super) fn whose(
        &mut self,
        by: (usize, Option<usize>),
        principal: &'a AccountPrincipal,
        own: &Set,
        asks: &[ConditionKey],
    ) -> Whose {
        let Ok(set) = principal.set else { return Whose::One(by.0) };
        let (alike, known) = (&mut self.alike, &mut self.known);
        Whose::Alike(*alike.entry(by).or_insert_with(|| {
            let next = known.len();
            let shared = Shared::of(principal, set, asks, own.names_callers);
            *known.entry((shared, by.1)).or_insert(next)
        }))
    }

    /// `some allow ACTION on RESOURCE when KEY is VALUE and …`.
    pub(super) fn some_allowed(
        &self,
        policies: PolicySet,
        setting: Setting,
        (action, resource, said): (&str, Option<&str>, &[Said]),
    ) -> Result<Found, Unanswered> {
        let is = |(key, value): &Said| {
            let test = match value {
                Some(value) => Test::OneOf(vec![Operand::Text(value.clone())]),
                None => Test::Absent,
            };
            let key = ConditionKey::new(*key);
            let fact = Fact::Key(KeyFact { key, quantifier: None, test });
            Condition::Is(Atom { fact, span: 0..0 })
        };
        let when = (!said.is_empty()).then(|| Condition::All(said.iter().map(is).collect()));
        let target = Of { actions: vec![ActionPattern::new(action)], resources: Vec::new() };
        let body = Body::Some(Quantified { decision: DecisionWord::Allowed, target, when });
        let claim = Claim { text: String::new(), body };
        let resources = resource.map(str::to_owned).into_iter().collect();
        let setting = Setting { resources, ..setting };
        let action = ActionName::parse(action);
        let about = action.map(|action| symbols_about(&policies, &action, None));
        let query = ClaimQuery {
            policies,
            claim,
            setting,
            paths: self.paths.clone(),
            open_world: false,
            is_whole: true,
        };
        match query.proof() {
            Ok(proof) => Ok(Found::Proof(Box::new(proof), about.unwrap_or_default())),
            Err(Unanswered::Claim(Unaskable::NoRequest)) => Ok(Found::Nothing),
            Err(Unanswered::Bug(bug)) => Err(Unanswered::Bug(bug)),
            Err(_) => Ok(Found::Open),
        }
    }
}
