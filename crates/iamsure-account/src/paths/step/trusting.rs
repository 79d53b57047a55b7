//! The roles as which services may act, and what somebody needs to have a role act for it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{PolicySet, Principal};
use iamsure_reference::{Action, ResourceType};
use iamsure_truth::claim::ClaimVerdict;
use iamsure_truth::sample::Who;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;
use serde_json::json;

use super::super::call::{Call, Found, symbols};
use super::Steps;
use super::alike::Likeness;
use super::asked::OnWhat;
use crate::account_principal::AccountPrincipal;
use crate::roles::ASSUME_ROLE;

/// A role that trusts a service.
#[derive(Clone, Debug)]
pub(super) struct Trusting {
    /// The role, by number.
    pub(super) role: usize,
    /// The symbols on which it depends whether it does.
    pub(super) symbols: BTreeSet<String>,
}

/// What `ec2:RunInstances` is asked about in most calls, but not in all: a network interface that is there brings its own
/// subnet and security groups, and some images have no volume.
///
/// AWS page: Amazon EC2 User Guide, `iam-policies-ec2-console` and `ExamplePolicies_EC2` (launch instances).
const OFTEN: [&str; 4] = ["network-interface", "security-group", "subnet", "volume"];

impl<'a> Steps<'a> {
    /// The calls of an action on something: one, or one on a resource of each type that AWS asks about.
    pub(super) fn on_anything(
        &mut self,
        from: usize,
        action: &'static str,
        owner: Option<&str>,
    ) -> Result<Vec<Call>, Unanswered> {
        let types =
            iamsure_reference::action(action).known().into_iter().flat_map(Action::resource_types);
        let types: Vec<ResourceType> = types.filter(|kind| kind.required).collect();
        let own = self.principals.principals.get(from).map(AccountPrincipal::account);
        let (Some(account), true) = (owner.or(own), types.len() > 1) else {
            return Ok(vec![self.call(from, action, None, owner, &[])?]);
        };
        let account = account.to_owned();
        let mut calls = Vec::with_capacity(types.len());
        for kind in types {
            let Some(pattern) = kind.arn_formats().next().map(|format| any_of(format, &account))
            else {
                continue;
            };
            let call = self.call(from, action, Some(&pattern), owner, &[])?;
            let is_left_out = matches!(call, Call::Denied) && OFTEN.contains(&kind.name());
            calls.push(if is_left_out { Call::Open(BTreeSet::new()) } else { call });
        }
        Ok(calls)
    }

    /// The calls that put a role into an instance profile. There may be an empty one.
    pub(super) fn in_a_profile(&mut self, from: usize) -> Result<[Call; 2], Unanswered> {
        let create = self.call(from, "iam:CreateInstanceProfile", None, None, &[])?;
        let create = match create {
            Call::Denied => Call::Open(BTreeSet::new()),
            call => call,
        };
        Ok([create, self.call(from, "iam:AddRoleToInstanceProfile", None, None, &[])?])
    }

    /// Whether a principal may assume a role whose trust policy names it.
    pub(super) fn assume_once_trusted(
        &mut self,
        principal: &'a AccountPrincipal,
        from: usize,
        role: &str,
    ) -> Result<Call, Unanswered> {
        let Ok(set) = principal.set else { return Ok(Call::Open(BTreeSet::new())) };
        let own = self.set(set);
        let policies = self.trusted.entry(from).or_insert_with(|| {
            let trust = trust_in(&principal.arn);
            Arc::new(PolicySet { trust, ..own.policies.clone() })
        });
        let policies = Arc::clone(policies);
        let entries = self.entries(set, ASSUME_ROLE);
        let like = entries.on(role, &principal.arn);
        let like = like.unwrap_or_else(|| entries.without_allow(role, &principal.arn));
        let is_shared = matches!(like, Likeness::Matched { .. });
        let whose = self.whose((from, None), principal, &own, &own.keys);
        let asked = (whose, ASSUME_ROLE, OnWhat::TrustingRole(like), Vec::new());
        if let Some(known) = self.calls.get(&asked) {
            let call = known.clone().by(&policies);
            return Ok(if is_shared { call.on(role) } else { call });
        }
        let setting = self.facts.setting(principal, &policies.keys());
        let found = PolicySet::clone(&policies);
        let found = self.some_allowed(found, setting, (ASSUME_ROLE, Some(role), &[]))?;
        let call = found.call(from);
        self.calls.insert(asked, call.clone());
        Ok(call)
    }

    /// The roles as which a service may act.
    pub(super) fn trusting(&mut self, service: &'static str) -> Result<Vec<Trusting>, Unanswered> {
        if let Some(known) = self.services.get(service) {
            return Ok(known.clone());
        }
        let mut roles = Vec::new();
        // Roles of one account that trust the same are decided once.
        let mut decided: HashMap<(&str, &str), Option<BTreeSet<String>>> = HashMap::new();
        for (number, role) in self.principals.principals.iter().enumerate().take(self.count) {
            let Some(trust) = self.principals.trust(&role.arn) else { continue };
            let key = (role.account(), trust.source.text());
            let trusts = match decided.get(&key) {
                Some(trusts) => trusts.clone(),
                None => self.trusts(role, trust, service)?,
            };
            decided.insert(key, trusts.clone());
            roles.extend(trusts.map(|symbols| Trusting { role: number, symbols }));
        }
        self.services.insert(service, roles.clone());
        Ok(roles)
    }

    /// On which symbols it depends that a service may act as a role; `None` if it may not.
    fn trusts(
        &self,
        role: &AccountPrincipal,
        trust: &PolicyDocument,
        service: &str,
    ) -> Result<Option<BTreeSet<String>>, Unanswered> {
        let requester = Principal::Service { name: service.to_owned() };
        let setting = Setting {
            who: Who::Named(requester.into()),
            resource_account: Some(role.account().to_owned()),
            switches: self.facts.switches,
            known_later: self.facts.known_later,
            ..Setting::default()
        };
        let policies =
            PolicySet { rcp: self.facts.layers.rcp.clone(), ..PolicySet::of(trust.clone()) };
        let asked = (ASSUME_ROLE, Some(&*role.arn), &[][..]);
        let found = self.some_allowed(policies, setting, asked)?;
        Ok(match found {
            Found::Proof(proof, about) => {
                (proof.verdict != ClaimVerdict::Refuted).then(|| symbols(&proof, &about))
            }
            Found::Open => Some(BTreeSet::new()),
            Found::Nothing => None,
        })
    }
}

/// A trust policy that names one principal.
fn trust_in(principal: &str) -> Option<PolicyDocument> {
    let text = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow", "Principal": { "AWS": principal }, "Action": ASSUME_ROLE,
        },
    });
    let source = Source::new("(rewritten)", text.to_string());
    PolicyDocument::read(&source, PolicyType::Trust, Profile::Lenient).ok()
}

/// The pattern of all ARNs of a format in an account.
fn any_of(format: &str, account: &str) -> String {
    let mut pattern = String::new();
    for (number, part) in format.split("${").enumerate() {
        match part.split_once('}').filter(|_| number > 0) {
            Some((name, rest)) => {
                pattern.push_str(if name == "Account" { account } else { "*" });
                pattern.push_str(rest);
            }
            None => pattern.push_str(part),
        }
    }
    pattern
}
