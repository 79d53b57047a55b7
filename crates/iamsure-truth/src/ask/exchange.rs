//! STS exchanges beside a matrix: who the trust policy is about, and what it says to each.
//!
//! A token or an assertion is judged by the trust policy alone (and RCPs). An AWS principal needs its
//! own policies as well, unless the trust policy of its own account names it, or everyone (E-30).
//! Those policies are not the role's and were not given: a cell says what holds if they allow, and
//! [`OwnPolicies`] whether they are asked at all.

mod candidate;
#[cfg(test)]
mod tests;

use iamsure_core::decision::{Answerable, Decision, Truth, Verdict, evaluate};
use iamsure_core::language::document::Effect;
use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::session::Operation;
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Principal, Request, Requester, Switches,
};

use super::answer::Answer;
use super::asker::Asker;
use super::worlds::{Known, Worlds};
use crate::said::Said;
use crate::sample::{EXAMPLE_ACCOUNT, OTHER_ACCOUNT, Who};
use candidate::{Candidate, callers, of_shape, refused, session_of, token, user_of};

/// One STS exchange that starts a session.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// How it arrives.
    pub path: CallPath,
    /// The operation.
    pub operation: Operation,
    /// The identity provider whose token or assertion is exchanged, if the trust policy names one.
    pub provider: Option<String>,
    /// Who calls, where AWS principals do: as the trust policy names them.
    pub caller: Option<Party>,
    /// Whether the caller's own policies are asked too.
    pub own_policies: OwnPolicies,
    /// Why the credentials of the caller cannot make it, whatever the policies say (O-4).
    pub refused: Option<&'static str>,
    /// The answer, if the caller's own policies allow; `None` if it is refused, and without a trust
    /// policy, which alone could tell.
    pub answer: Option<Answer>,
}

/// An AWS principal, as a trust policy names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// `"*"`.
    Anyone,
    /// Any principal of an account.
    Account(String),
    /// A user, role, session or service, by its name.
    Named(String),
    /// Some user or role, with the policies of the matrix.
    Requester,
}

/// Whether the caller's own policies must allow an exchange too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnPolicies {
    /// They are not asked, or there are none.
    NotAsked,
    /// They must allow it.
    MustAllow,
    /// They must allow it if the role belongs to another account.
    MustAllowAcrossAccounts,
}

/// The exchanges that a trust policy is about: the operations that its statements allow to the kind of
/// principal they name.
pub fn exchanges_of(trust: &PolicyDocument) -> Vec<Operation> {
    Operation::ALL
        .into_iter()
        .filter(|operation| operation.asks_trust_policy())
        .filter(|operation| !callers(Some(trust), *operation).is_empty())
        .collect()
}

/// What the exchanges of one question have in common.
pub(crate) struct Exchanges<'a> {
    /// The policies of the role, its trust policy among them.
    pub(crate) policies: &'a PolicySet,
    /// Whoever the policies are about.
    pub(crate) who: &'a Who,
    /// The same, or an example.
    pub(crate) requester: Requester,
    /// The account of roles, where nothing names another.
    pub(crate) account: &'a str,
    /// Keys that the question gives.
    pub(crate) context: &'a Context,
    /// The account that owns the resources, if the question gives it.
    pub(crate) resource_account: Option<&'a str>,
    /// The choices where AWS is silent.
    pub(crate) switches: &'a Switches,
    /// Whether symbols in the policies stand for values that are known when they are deployed.
    pub(crate) known_later: bool,
}

impl Exchanges<'_> {
    /// The exchanges of an operation, one for each caller that the trust policy names.
    pub(crate) fn all(&self, path: &CallPath, operation: Operation) -> Vec<Exchange> {
        let trust = self.policies.trust.as_ref();
        if !operation.asks_trust_policy() {
            return vec![self.of_requester(path, operation)];
        }
        let mut callers = callers(trust, operation);
        if let Some(shape) = path.token() {
            callers = of_shape(callers, path, shape, self.account);
        }
        if callers.is_empty() {
            // Nobody is allowed it; what is decided of somebody says why.
            callers.push(if let Some(shape) = path.token() {
                token(Some(shape.example_provider(self.account)))
            } else if operation.is_unsigned() {
                token(None)
            } else {
                let principal = user_of(OTHER_ACCOUNT);
                let party = Some(Party::Anyone);
                Candidate { provider: None, party, principal, is_itself: false }
            });
        }
        let exchange = |caller: Candidate| {
            let (own_policies, answer) = if trust.is_none() {
                (OwnPolicies::NotAsked, None)
            } else if operation.is_unsigned() {
                let policies = self.policies;
                let role = self.role();
                let answer = self.decide(policies, path, operation, &caller, &role);
                (OwnPolicies::NotAsked, Some(answer))
            } else {
                let known = self.who.named().map(|_| self.role());
                let (own, answer) = self.with_own_policies(path, operation, &caller, known);
                (own, Some(answer))
            };
            Exchange {
                path: path.clone(),
                operation,
                provider: caller.provider,
                caller: caller.party,
                own_policies,
                refused: None,
                answer,
            }
        };
        callers.into_iter().map(exchange).collect()
    }

    /// The exchange of one caller, to a role.
    pub(crate) fn by(
        &self,
        path: &CallPath,
        operation: Operation,
        requester: &Requester,
        role: Option<&str>,
    ) -> Exchange {
        if !operation.asks_trust_policy() {
            return self.of_requester(path, operation);
        }
        let principal = requester.principal.clone();
        let provider = match &principal {
            Principal::FederatedCaller { provider } => Some(provider.clone()),
            _ => None,
        };
        let refused = match (operation.is_unsigned(), &provider) {
            (true, Some(provider)) if !path.may_be_of(provider) => {
                Some("this provider gives no token of this shape")
            }
            (true, None) => Some("it is made with a token or an assertion, by no AWS principal"),
            (false, Some(_)) => Some("it is made by an AWS principal, with no token"),
            _ => None,
        };
        let party = provider.is_none().then(|| Party::Named(principal.display_arn()));
        let caller = Candidate { provider, party, principal, is_itself: true };
        let role = role.map_or_else(|| self.role(), str::to_owned);
        let (own_policies, answer) = if refused.is_some() || self.policies.trust.is_none() {
            (OwnPolicies::NotAsked, None)
        } else if operation.is_unsigned() {
            let answer = self.decide(self.policies, path, operation, &caller, &role);
            (OwnPolicies::NotAsked, Some(answer))
        } else {
            let (own, answer) = self.with_own_policies(path, operation, &caller, Some(role));
            (own, Some(answer))
        };
        let Candidate { provider, party: caller, .. } = caller;
        Exchange { path: path.clone(), operation, provider, caller, own_policies, refused, answer }
    }

    /// An exchange that no trust policy decides: by whoever the matrix is about, and its policies.
    fn of_requester(&self, path: &CallPath, operation: Operation) -> Exchange {
        let resource_of = |account: &str| match operation {
            Operation::GetFederationToken => {
                format!("arn:aws:sts::{account}:federated-user/example-name")
            }
            Operation::AssumeRoot => format!("arn:aws:iam::{OTHER_ACCOUNT}:root"),
            _ => "*".to_owned(),
        };
        let was_said = self.who.named().is_some();
        // Of a caller that nobody named, some user, who can make each of these calls.
        let (party, principal) = if was_said {
            let principal = self.requester.principal.clone();
            (Party::Named(principal.display_arn()), principal)
        } else {
            (Party::Requester, user_of(EXAMPLE_ACCOUNT))
        };
        let refused = refused(operation, &principal);
        let resource = resource_of(principal.account().unwrap_or(EXAMPLE_ACCOUNT));
        let caller =
            Candidate { provider: None, party: Some(party), principal, is_itself: was_said };
        let answer = refused
            .is_none()
            .then(|| self.decide(self.policies, path, operation, &caller, &resource));
        Exchange {
            path: path.clone(),
            operation,
            provider: None,
            caller: caller.party,
            own_policies: OwnPolicies::NotAsked,
            refused,
            answer,
        }
    }

    /// What the trust policy says if the caller's own policies allow, and whether they are asked.
    fn with_own_policies(
        &self,
        path: &CallPath,
        operation: Operation,
        caller: &Candidate,
        known: Option<String>,
    ) -> (OwnPolicies, Answer) {
        let allowing = with_own_policy(self.policies);
        let silent = PolicySet { identity: Vec::new(), ..allowing.clone() };
        let asks = |role: &str| {
            let verdicts = |policies: &PolicySet| -> Vec<_> {
                let answer = self.decide(policies, path, operation, caller, role);
                answer.cases.iter().map(|case| case.decision.verdict).collect()
            };
            verdicts(&allowing) != verdicts(&silent)
        };
        let caller_account = caller.principal.account().unwrap_or(EXAMPLE_ACCOUNT);
        let role_in = |account: &str| format!("arn:aws:iam::{account}:role/example-role");
        let other = if caller_account == OTHER_ACCOUNT { EXAMPLE_ACCOUNT } else { OTHER_ACCOUNT };
        let near = known.clone().unwrap_or_else(|| role_in(caller_account));
        let far = known.unwrap_or_else(|| role_in(other));
        let own = match (asks(&near), asks(&far)) {
            (true, true) => OwnPolicies::MustAllow,
            (false, true) => OwnPolicies::MustAllowAcrossAccounts,
            (_, false) => OwnPolicies::NotAsked,
        };
        let mut answer = self.decide(&allowing, path, operation, caller, &near);
        for case in &mut answer.cases {
            self.credit_trust(&allowing, &case.witness, &mut case.decision);
        }
        (own, answer)
    }

    /// Names the trust policy for what it and the caller's own policies allow together: those stand in
    /// for policies that were not given.
    fn credit_trust(&self, policies: &PolicySet, request: &Request, decision: &mut Decision) {
        let trust = Answerable::Layer(PolicyType::Trust);
        if decision.verdict != Verdict::Allowed || decision.by == trust {
            return;
        }
        let evaluation = evaluate(policies, request, self.switches);
        decision.by = trust;
        decision.statements = evaluation
            .statements
            .iter()
            .filter(|(id, effect, matched)| {
                id.layer == PolicyType::Trust
                    && *effect == Effect::Allow
                    && matched.truth() == Truth::True
            })
            .map(|(id, ..)| *id)
            .collect();
    }

    /// The ARN of the role that the session of the question belongs to, or of an example.
    fn role(&self) -> String {
        match &self.requester.principal {
            Principal::RoleSession { role_arn: Some(arn), .. } => arn.clone(),
            _ => format!("arn:aws:iam::{}:role/example-role", self.account),
        }
    }

    /// What is decided of a caller. Somebody of an account, or anybody, may be a user or a session of a role.
    fn decide(
        &self,
        policies: &PolicySet,
        path: &CallPath,
        operation: Operation,
        caller: &Candidate,
        resource: &str,
    ) -> Answer {
        let of = |principal: &Principal| {
            self.decide_of(policies, path, operation, (caller, principal), resource)
        };
        let answer = of(&caller.principal);
        match (&caller.party, &caller.principal) {
            (Some(Party::Anyone | Party::Account(_)), Principal::User { account, .. }) => {
                let kinds = (&Said::is("User"), &Said::is("AssumedRole"));
                answer.either(of(&session_of(account)), kinds)
            }
            _ => answer,
        }
    }

    fn decide_of(
        &self,
        policies: &PolicySet,
        path: &CallPath,
        operation: Operation,
        (caller, principal): (&Candidate, &Principal),
        resource: &str,
    ) -> Answer {
        let requester = Requester {
            in_management_account: self.requester.in_management_account,
            principal: principal.clone(),
        };
        let Ok(action) = ActionName::parse(operation.action()) else { return Answer::default() };
        let mut context = self.context.clone();
        // Keys of whoever is named; of somebody in an account, only the account.
        for (key, state) in principal_keys(principal) {
            let is_known = caller.is_itself
                || key == "aws:FederatedProvider".into()
                || (key == "aws:PrincipalAccount".into()
                    && matches!(caller.party, Some(Party::Account(_))));
            let is_settled = context.is_set(&key)
                || path.worlds().iter().any(|world| world.fixed(&key).is_some());
            if is_known && state != KeyState::Unknown && !is_settled {
                context.set(key, state);
            }
        }
        let mut request = Request::new(requester, action, resource, context);
        // The account of a role is in its ARN.
        if !operation.asks_trust_policy() {
            request.resource_account = self.resource_account.map(str::to_owned);
        }
        let worlds =
            Worlds::of(request, &Who::Anybody, Some(path), Known::Given).by(principal.clone());
        let asker = Asker { policies, switches: self.switches };
        if self.known_later { asker.answer_for_every_value(&worlds) } else { asker.answer(&worlds) }
    }
}

/// The policies that are asked about an exchange by a principal of AWS, with one of its own that allows it.
pub(crate) fn with_own_policy(policies: &PolicySet) -> PolicySet {
    PolicySet {
        trust: policies.trust.clone(),
        rcp: policies.rcp.clone(),
        identity: own_policy().into_iter().collect(),
        ..PolicySet::default()
    }
}

/// A policy of the caller's that allows the exchange.
fn own_policy() -> Option<PolicyDocument> {
    let text = r#"{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "sts:*", "Resource": "*" } }"#;
    let source = Source::new("(the caller's own)", text);
    PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).ok()
}
