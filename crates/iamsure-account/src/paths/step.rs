//! Whether a step can be taken: each of its calls decided, once for all who are alike.

mod alike;
mod asked;
mod strengthen;
mod trusting;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use iamsure_core::decision::evaluate;
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::{CallPaths, KeyState, PolicySet, Switches};
use iamsure_truth::unanswered::Unanswered;

use super::call::Call;
use super::method::{EC2, own_resources};
use super::{Edge, Gain, Method, Need, Target};
use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;
use crate::roles::{ASSUME_ROLE, trusts_somebody};
use crate::shared::Shared;
use alike::Entries;
use asked::{Asked, Said, Set};
use trusting::Trusting;

/// The steps, and what was decided for them.
pub(super) struct Steps<'a> {
    principals: &'a Principals,
    facts: &'a Facts,
    /// How many principals there are.
    count: usize,
    paths: CallPaths,
    /// By number.
    users: Arc<[usize]>,
    roles: Arc<[usize]>,
    /// The roles that trust a principal, and not only services and providers.
    assumable: Arc<[usize]>,
    sets: HashMap<usize, Arc<Set>>,
    entries: HashMap<(usize, &'static str), Arc<Entries>>,
    calls: HashMap<Asked, Call>,
    /// By principal, and the number of a trust policy that is asked, too: who is alike, those of one number.
    alike: HashMap<(usize, Option<usize>), usize>,
    /// By the text of a trust policy, its number and the keys that it asks about.
    trusts: HashMap<&'a str, (usize, Vec<ConditionKey>)>,
    /// By principal, its policies beside the trust policy of a role that trusts it.
    trusted: HashMap<usize, Arc<PolicySet>>,
    known: HashMap<(Shared<'a>, Option<usize>), usize>,
    /// By service, the roles that trust it.
    services: HashMap<&'static str, Vec<Trusting>>,
}

impl<'a> Steps<'a> {
    /// `count` are the principals that there are; those behind them are the same after steps that give them more.
    pub(super) fn new(principals: &'a Principals, facts: &'a Facts, count: usize) -> Self {
        let those = |are: &dyn Fn(&AccountPrincipal) -> bool| -> Arc<[usize]> {
            let all = principals.principals.iter().enumerate().take(count);
            all.filter(|(_, principal)| are(principal)).map(|(number, _)| number).collect()
        };
        Self {
            principals,
            facts,
            count,
            users: those(&AccountPrincipal::is_user),
            roles: those(&|principal| !principal.is_user()),
            assumable: those(&|role| principals.trust(&role.arn).is_some_and(trusts_somebody)),
            paths: CallPaths::new(facts.switches),
            sets: HashMap::new(),
            entries: HashMap::new(),
            calls: HashMap::new(),
            alike: HashMap::new(),
            trusts: HashMap::new(),
            trusted: HashMap::new(),
            known: HashMap::new(),
            services: HashMap::new(),
        }
    }

    /// Adds every edge of a method from a principal; none to where a certain one leads already, if `reached` says that.
    pub(super) fn take(
        &mut self,
        from: usize,
        method: &'static Method,
        edges: &mut Vec<Edge>,
        reached: Option<&mut BTreeSet<Target>>,
    ) -> Result<(), Unanswered> {
        let principals = self.principals;
        let Some(principal) = principals.principals.get(from) else { return Ok(()) };
        if self.is_denied_on_anything(from, method)? {
            return Ok(());
        }
        let (switches, first) = (self.facts.switches, edges.len());
        let is_reached = |to: &Target| reached.as_ref().is_some_and(|known| known.contains(to));
        let mut add = |to, calls: &[Call], is_certain: bool| {
            let found = edge((principals, &switches), (from, to), method, calls, is_certain);
            edges.extend(found);
        };
        match method.gain {
            Gain::Role | Gain::User => {
                let is_assumed = method.needs.iter().all(|need| need.action == ASSUME_ROLE);
                let targets = match method.gain {
                    Gain::User => Arc::clone(&self.users),
                    _ if is_assumed => Arc::clone(&self.assumable),
                    _ => Arc::clone(&self.roles),
                };
                for number in targets.iter().copied() {
                    let Some(target) = principals.principals.get(number) else { continue };
                    let rewrites = method.needs.iter().any(|need| need.action == REWRITE_TRUST);
                    let to = Target::Principal(number);
                    let is_itself = target.arn == principal.arn;
                    let is_kept = rewrites && target.is_service_linked();
                    if is_itself || is_kept || is_reached(&to) {
                        continue;
                    }
                    let mut calls = self.calls(from, method.needs, Some(&target.arn))?;
                    let is_denied = calls.iter().any(|call| matches!(call, Call::Denied));
                    if rewrites && !is_denied {
                        calls.push(self.assume_once_trusted(principal, from, &target.arn)?);
                    }
                    // Whether a user has a password is not in the file.
                    let is_certain = !method.name.ends_with("login-profile");
                    add(to, &calls, is_certain);
                }
            }
            Gain::PassedTo(service) | Gain::Running(service) => {
                let is_passed = matches!(method.gain, Gain::PassedTo(_));
                for Trusting { role: number, symbols } in self.trusting(service)? {
                    let Some(role) = principals.principals.get(number) else { continue };
                    let to = Target::Principal(number);
                    if role.arn == principal.arn || is_reached(&to) {
                        continue;
                    }
                    // What runs as a role is in the role's account.
                    let owner = Some(role.account())
                        .filter(|owner| !is_passed && *owner != principal.account());
                    let mut calls = Vec::with_capacity(method.needs.len());
                    for need in method.needs {
                        calls.extend(self.on_anything(from, need.action, owner)?);
                    }
                    self.on_one_resource(from, method.needs, &mut calls)?;
                    if is_passed {
                        let said = [(PASSED_TO, Some(service.to_owned()))];
                        calls.push(self.call(from, PASS_ROLE, Some(&role.arn), None, &said)?);
                    }
                    if service == EC2 && role.has_instance_profile == Some(false) {
                        if !is_passed {
                            continue;
                        }
                        calls.extend(self.in_a_profile(from)?);
                    }
                    if !symbols.is_empty() {
                        calls.push(Call::Open(symbols));
                    }
                    add(to, &calls, is_passed);
                }
            }
            Gain::Oneself => {
                let own = own_resources(principals, principal, method.needs);
                for (to, resource) in own.into_iter().filter(|(to, _)| !is_reached(to)) {
                    let (calls, is_certain) = self.changes(from, principal, method, &resource)?;
                    add(to, &calls, is_certain);
                }
            }
        }
        if let Some(reached) = reached {
            let certain = edges.iter().skip(first).filter(|edge| edge.is_certain);
            reached.extend(certain.map(|edge| edge.to.clone()));
        }
        Ok(())
    }

    /// Whether a call of a method is denied whatever it is made on: then it is denied on everything. Trust policies are not
    /// asked here.
    fn is_denied_on_anything(
        &mut self,
        from: usize,
        method: &'static Method,
    ) -> Result<bool, Unanswered> {
        for need in method.needs.iter().filter(|need| need.action != ASSUME_ROLE) {
            if matches!(self.call(from, need.action, None, None, &[])?, Call::Denied) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The calls by which one principal gives more to another, or to itself, on one of its resources; and whether it is certain
    /// that they do.
    fn changes(
        &mut self,
        from: usize,
        whom: &AccountPrincipal,
        method: &'static Method,
        resource: &str,
    ) -> Result<(Vec<Call>, bool), Unanswered> {
        let symbols = self.symbols_in(resource);
        // An ARN that is known later may be any.
        let on = symbols.is_empty().then_some(resource);
        let mut calls = Vec::with_capacity(method.needs.len());
        for need in method.needs {
            let said = said_of(need.action, whom, on);
            calls.push(self.call(from, need.action, on, None, &said)?);
        }
        if !symbols.is_empty() {
            calls.push(Call::Open(symbols));
        }
        if !self.may_attach_everything((from, whom), method.needs, on)? {
            calls.push(Call::Open(BTreeSet::new()));
        }
        // Which other versions a policy has is not looked at.
        Ok((calls, method.name != "set-default-policy-version"))
    }

    /// Makes the second call on what the first is made on, or the first on what the second is: what is created is what is
    /// used. Where neither is allowed, it is not known whether there is something on which both are.
    fn on_one_resource(
        &mut self,
        from: usize,
        needs: &[Need],
        calls: &mut Vec<Call>,
    ) -> Result<(), Unanswered> {
        let ([one, two], [Call::Allowed(_, first, _), Call::Allowed(_, second, _)]) =
            (needs, calls.as_slice())
        else {
            return Ok(());
        };
        let (first, second) = (first.resource.clone(), second.resource.clone());
        if first == second || !is_of_one_kind(&first, &second) {
            return Ok(());
        }
        let again = self.call(from, two.action, Some(&first), None, &[])?;
        if let (Call::Allowed(..), Some(slot)) = (&again, calls.get_mut(1)) {
            *slot = again;
            return Ok(());
        }
        let again = self.call(from, one.action, Some(&second), None, &[])?;
        match (&again, calls.first_mut()) {
            (Call::Allowed(..), Some(slot)) => *slot = again,
            _ => calls.push(Call::Open(BTreeSet::new())),
        }
        Ok(())
    }

    /// Whether, of the policies that a principal may attach to somebody or make its boundary, one allows everything; true of
    /// calls that attach none.
    fn may_attach_everything(
        &mut self,
        (from, whom): (usize, &AccountPrincipal),
        needs: &[Need],
        resource: Option<&str>,
    ) -> Result<bool, Unanswered> {
        for need in needs {
            let key = match need.action {
                attach if attach.starts_with("iam:Attach") => POLICY_ARN,
                put if is_new_boundary(put) => BOUNDARY,
                _ => continue,
            };
            let mut said = said_of(need.action, whom, resource);
            said.push((key, Some(ADMINISTRATOR_ACCESS.to_owned())));
            if matches!(self.call(from, need.action, resource, None, &said)?, Call::Denied) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The symbols in an ARN, where they stand for values that are known later.
    fn symbols_in(&self, arn: &str) -> BTreeSet<String> {
        let spans = if self.facts.known_later { placeholders(arn) } else { Vec::new() };
        spans
            .into_iter()
            .filter_map(|span| arn.get(span.start..span.end))
            .map(str::to_owned)
            .collect()
    }

    fn calls(
        &mut self,
        from: usize,
        needs: &[Need],
        resource: Option<&str>,
    ) -> Result<Vec<Call>, Unanswered> {
        needs.iter().map(|need| self.call(from, need.action, resource, None, &[])).collect()
    }
}

const REWRITE_TRUST: &str = "iam:UpdateAssumeRolePolicy";
const PASS_ROLE: &str = "iam:PassRole";
const PASSED_TO: &str = "iam:PassedToService";
const POLICY_ARN: &str = "iam:PolicyARN";
const BOUNDARY: &str = "iam:PermissionsBoundary";

/// The policy of AWS that allows everything (AWS Managed Policy Reference, `AdministratorAccess`).
const ADMINISTRATOR_ACCESS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// Whether a call sets a boundary; `iam:PermissionsBoundary` is the new one then, and else the one there is.
fn is_new_boundary(action: &str) -> bool {
    action.starts_with("iam:Put") && action.ends_with("PermissionsBoundary")
}

/// What is known of the keys of a call that changes a principal.
fn said_of(action: &str, principal: &AccountPrincipal, on: Option<&str>) -> Vec<Said> {
    let has_key = || {
        let action = iamsure_reference::action(action).known();
        action.is_some_and(|action| action.condition_keys().any(|key| key.is(BOUNDARY)))
    };
    if on != Some(&*principal.arn) || is_new_boundary(action) || !has_key() {
        return Vec::new();
    }
    match &principal.boundary {
        KeyState::Absent => vec![(BOUNDARY, None)],
        KeyState::Single(arn) => vec![(BOUNDARY, Some(arn.clone()))],
        KeyState::Multi(_) | KeyState::Unknown => Vec::new(),
    }
}

/// Whether two ARNs are of one type of resource, as far as they show it.
fn is_of_one_kind(one: &str, other: &str) -> bool {
    let kind = |text: &'_ str| {
        let arn = Arn::split(text)?;
        let name = arn.resource.find([':', '/'])?;
        Some((arn.service.to_owned(), arn.resource.get(..name)?.to_owned()))
    };
    kind(one).is_some_and(|one| kind(other) == Some(one))
}

/// The edge, if every call is or may be allowed.
fn edge(
    (principals, switches): (&Principals, &Switches),
    (from, to): (usize, Target),
    method: &'static Method,
    calls: &[Call],
    is_certain: bool,
) -> Option<Edge> {
    let own = principals.principals.get(from)?;
    let mut requests = Vec::with_capacity(calls.len());
    let mut is_certain = is_certain;
    let mut symbols = BTreeSet::new();
    for call in calls {
        match call {
            Call::Denied => return None,
            Call::Open(of_call) => {
                is_certain = false;
                symbols.extend(of_call.iter().cloned());
            }
            Call::Allowed(asked, request, policies) => {
                let request = own.instead_of(principals.principals.get(*asked)?, request);
                let again = evaluate(policies, &request, switches);
                let succeeds =
                    again.outcome.decided().is_some_and(|found| found.verdict.succeeds());
                is_certain &= succeeds;
                requests.push(request);
            }
        }
    }
    Some(Edge { from, to, method, then: None, requests, is_certain, symbols })
}
