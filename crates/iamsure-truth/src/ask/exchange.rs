//! STS exchanges beside a matrix: who the trust policy is about, and what it says to each.
//!
//! A token or an assertion is judged by the trust policy alone (and RCPs). An AWS principal needs its
//! own policies as well, unless the trust policy of its own account names it, or everyone (E-30).
//! Those policies are not the role's and were not given: a cell says what holds if they allow, and
//! [`OwnPolicies`] whether they are asked at all.

use iamsure_core::decision::{Answerable, Decision, Truth, Verdict, evaluate};
use iamsure_core::language::document::{Effect, Named, PrincipalEntry, Sense};
use iamsure_core::language::{ActionName, Arn, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::session::Operation;
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Principal, Request, Requester, Switches, TokenShape,
};

use super::answer::Answer;
use super::asker::Asker;
use super::worlds::{Known, Worlds};
use crate::sample::{EXAMPLE_ACCOUNT, OTHER_ACCOUNT, Who};

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

/// A caller that a trust policy names for an operation, and the principal that stands for it.
struct Candidate {
    provider: Option<String>,
    party: Option<Party>,
    principal: Principal,
    /// Whether the principal is the one that is named, so that its keys are known.
    is_itself: bool,
}

/// Who a trust policy allows an operation to.
fn callers(trust: Option<&PolicyDocument>, operation: Operation) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let Ok(action) = ActionName::parse(operation.action()) else { return found };
    for statement in trust.iter().flat_map(|trust| &trust.statements) {
        let names_action = statement.action.as_ref().is_some_and(|element| {
            element.entries.iter().any(|entry| entry.matches(&action))
                == (element.sense == Sense::OneOf)
        });
        if *statement.effect != Effect::Allow || !names_action {
            continue;
        }
        for entry in statement.principal.iter().flat_map(|element| &element.entries) {
            if let Some(caller) = candidate(&entry.value, operation)
                && !found
                    .iter()
                    .any(|known| known.provider == caller.provider && known.party == caller.party)
            {
                found.push(caller);
            }
        }
    }
    found
}

fn candidate(entry: &PrincipalEntry, operation: Operation) -> Option<Candidate> {
    let everyone = match entry {
        PrincipalEntry::Everyone => true,
        PrincipalEntry::Aws(aws) => aws.named() == Named::Everyone,
        _ => false,
    };
    if operation.is_unsigned() {
        let provider = match entry {
            PrincipalEntry::Federated(name) if is_provider_for(name, operation) => {
                Some(name.clone())
            }
            _ if everyone => None,
            _ => return None,
        };
        return Some(token(provider));
    }
    let (party, principal, is_itself) = match entry {
        _ if everyone => (Party::Anyone, user_of(OTHER_ACCOUNT), false),
        PrincipalEntry::Service(name) => {
            (Party::Named(name.clone()), Principal::Service { name: name.clone() }, true)
        }
        PrincipalEntry::Aws(aws) => match aws.named() {
            Named::Account(id) => (Party::Account(id.to_owned()), user_of(id), false),
            named => (Party::Named(aws.as_str().to_owned()), principal(named, aws.as_str())?, true),
        },
        _ => return None,
    };
    Some(Candidate { provider: None, party: Some(party), principal, is_itself })
}

/// The caller of an exchange of a token; of any provider, if none was named.
fn token(provider: Option<String>) -> Candidate {
    let name = provider.clone().unwrap_or_else(|| "any provider".to_owned());
    let principal = Principal::FederatedCaller { provider: name };
    Candidate { provider, party: None, principal, is_itself: false }
}

/// Those of some callers whose tokens can be of a shape; whoever brings a token of any provider has one of its issuer.
fn of_shape(
    callers: Vec<Candidate>,
    path: &CallPath,
    shape: TokenShape,
    account: &str,
) -> Vec<Candidate> {
    let is_at = |provider: &str| path.may_be_of(provider);
    let (mut found, others): (Vec<_>, Vec<_>) =
        callers.into_iter().partition(|caller| caller.provider.as_deref().is_some_and(is_at));
    if found.is_empty() && others.iter().any(|caller| caller.provider.is_none()) {
        found.push(token(Some(shape.example_provider(account))));
    }
    found
}

/// SAML providers give assertions, all others tokens.
fn is_provider_for(name: &str, operation: Operation) -> bool {
    let is_saml = Arn::split(name).is_some_and(|arn| arn.resource.starts_with("saml-provider/"));
    is_saml == (operation == Operation::AssumeRoleWithSaml)
}

/// Why the credentials of a principal cannot make a call (O-3, O-4, E-27).
const fn refused(operation: Operation, principal: &Principal) -> Option<&'static str> {
    match (operation, principal) {
        (
            Operation::GetFederationToken | Operation::GetSessionToken,
            Principal::User { .. } | Principal::Root { .. },
        )
        | (Operation::AssumeRoot, Principal::User { .. } | Principal::RoleSession { .. }) => None,
        (Operation::AssumeRoot, _) => {
            Some("only users and roles of the management or a delegated account can call it")
        }
        (Operation::GetFederationToken | Operation::GetSessionToken, _) => {
            Some("only the long-term credentials of a user or root can call it")
        }
        _ => None,
    }
}

/// Some user of an account.
fn user_of(account: &str) -> Principal {
    Principal::User {
        account: account.to_owned(),
        arn: format!("arn:aws:iam::{account}:user/example-user"),
        unique_id: None,
    }
}

/// The principal that an entry names; `None` if it cannot assume roles.
fn principal(named: Named<'_>, text: &str) -> Option<Principal> {
    let arn = text.to_owned();
    let account = Arn::split(text).map_or(EXAMPLE_ACCOUNT, |arn| arn.account).to_owned();
    match named {
        Named::User(_) => Some(Principal::User { account, arn, unique_id: None }),
        Named::Role { partition, account, name } => Some(Principal::RoleSession {
            account: account.to_owned(),
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{name}/example-session"),
            role_arn: Some(arn),
            role_id: None,
            service_linked: false,
        }),
        Named::RoleSession(_) => Some(Principal::RoleSession {
            account,
            arn,
            role_arn: None,
            role_id: None,
            service_linked: false,
        }),
        Named::UniqueId(id) if id.starts_with("AROA") => Some(Principal::RoleSession {
            arn: format!("arn:aws:sts::{account}:assumed-role/example-role/example-session"),
            account,
            role_arn: None,
            role_id: Some(id.to_owned()),
            service_linked: false,
        }),
        Named::UniqueId(id) => Some(Principal::User {
            arn: format!("arn:aws:iam::{account}:user/example-user"),
            account,
            unique_id: Some(id.to_owned()),
        }),
        Named::Everyone | Named::Account(_) | Named::FederatedUser(_) | Named::Nobody => None,
    }
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

    fn decide(
        &self,
        policies: &PolicySet,
        path: &CallPath,
        operation: Operation,
        caller: &Candidate,
        resource: &str,
    ) -> Answer {
        let requester = Requester {
            in_management_account: self.requester.in_management_account,
            principal: caller.principal.clone(),
        };
        let Ok(action) = ActionName::parse(operation.action()) else { return Answer::default() };
        let mut context = self.context.clone();
        // Keys of whoever is named; of somebody in an account, only the account.
        for (key, state) in principal_keys(&caller.principal) {
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
        let worlds = Worlds::of(request, &Who::Anybody, Some(path), Known::Given)
            .by(caller.principal.clone());
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

#[cfg(test)]
mod tests {
    use iamsure_core::world::{Context, Switches};

    use super::*;
    use crate::matrix::{Matrix, MatrixQuery};

    fn trust(statements: &str) -> PolicyDocument {
        let text = format!(r#"{{ "Version": "2012-10-17", "Statement": [{statements}] }}"#);
        let source = Source::new("trust.json", text);
        PolicyDocument::read(&source, PolicyType::Trust, Profile::Strict).unwrap()
    }

    fn exchanges(trust: &PolicyDocument, operation: Operation) -> Vec<Exchange> {
        let switches = Switches::default();
        let identity = r#"{ "Version": "2012-10-17", "Statement": { "Sid": "OfTheRole", "Effect": "Deny", "Action": "*", "Resource": "*" } }"#;
        let source = Source::new("role.json", identity);
        let role = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
        let policies = PolicySet { trust: Some(trust.clone()), ..PolicySet::of_identity([role]) };
        let paths = vec![CallPath::named(operation.action(), &switches).unwrap()];
        let query = MatrixQuery {
            policies,
            trust_is_of_resource: false,
            who: Who::Anybody,
            questions: Vec::new(),
            wildcards: Vec::new(),
            paths,
            context: Context::open(),
            resource_account: None,
            switches,
            known_later: false,
        };
        Matrix::decide(query).exchanges
    }

    const APP: &str = r#"{ "Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": { "AWS":
        ["arn:aws:iam::111122223333:user/alice", "444455556666"], "Service": "lambda.amazonaws.com" } }"#;
    const TOKEN: &str = r#"{ "Effect": "Allow", "Action": "sts:AssumeRoleWith*", "Principal": { "Federated":
        ["arn:aws:iam::111122223333:oidc-provider/idp.example.com", "arn:aws:iam::111122223333:saml-provider/corp"] } }"#;

    #[test]
    fn actions_and_principals_tell_which_exchanges_a_trust_policy_is_about() {
        assert_eq!(exchanges_of(&trust(APP)), [Operation::AssumeRole]);
        let federated = [Operation::AssumeRoleWithWebIdentity, Operation::AssumeRoleWithSaml];
        assert_eq!(exchanges_of(&trust(TOKEN)), federated);
        let saml = exchanges(&trust(TOKEN), Operation::AssumeRoleWithSaml);
        let providers: Vec<_> = saml.iter().filter_map(|one| one.provider.as_deref()).collect();
        assert_eq!(providers, ["arn:aws:iam::111122223333:saml-provider/corp"]);
    }

    #[test]
    fn an_account_needs_policies_of_its_own_and_a_service_none() {
        let found = exchanges(&trust(APP), Operation::AssumeRole);
        let own: Vec<_> = found.iter().map(|exchange| exchange.own_policies).collect();
        let expected =
            [OwnPolicies::MustAllowAcrossAccounts, OwnPolicies::MustAllow, OwnPolicies::NotAsked];
        assert_eq!(own, expected);
        for exchange in &found {
            let answer = exchange.answer.as_ref().unwrap();
            let decision = answer.decision().unwrap();
            // Not the Deny of the role, and not the policy that stands in for the caller's.
            assert_eq!(decision.verdict, Verdict::Allowed);
            assert!(decision.statements.iter().all(|id| id.layer == PolicyType::Trust));
            assert_eq!(decision.statements.len(), 1);
        }
    }
}
