//! Who may ask, as far as Principal elements tell requesters apart.
//!
//! Principals are named, not matched by patterns (P-3), so there are finitely many kinds: those
//! somebody named, and for each account, and for every other one, a user, a session and the root.

use std::collections::BTreeSet;

use iamsure_core::language::document::{Named, PrincipalEntry};
use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::principal::{ANY_SESSION, OF_CLOUDFRONT};
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{KeyState, PolicySet, Principal, Requester};

use super::identity::{Kind, assumed_root_of};

/// One kind of requester, by an example of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What a table calls it.
    pub(crate) name: String,
    /// One of them.
    pub requester: Requester,
    /// The condition keys that are the same for all of them, where the scope does not say otherwise.
    pub(crate) keys: Vec<(ConditionKey, KeyState)>,
}

impl Caller {
    /// A kind of requester of whose keys nothing is known.
    pub fn new(name: impl Into<String>, requester: Requester) -> Self {
        Self { name: name.into(), requester, keys: Vec::new() }
    }

    /// The account of all of them, if it is one.
    pub(crate) fn account(&self) -> Option<&str> {
        let account = self.keys.iter().find(|(key, _)| key.folded() == "aws:principalaccount");
        let account = account.and_then(|(_, state)| match state {
            KeyState::Single(text) => Some(text.as_str()),
            _ => None,
        });
        account.filter(|account| self.requester.principal.account() == Some(account))
    }

    /// Whether the caller is but an example of its kind: others have other names.
    pub(crate) fn is_example(&self) -> bool {
        let is_arn = |(key, _): &(ConditionKey, KeyState)| key.folded() == "aws:principalarn";
        !self.keys.is_empty()
            && !self.keys.iter().any(is_arn)
            && Kind::of(&self.requester.principal).is_some()
    }

    /// The keys that follow from the principal (8.1) and mention nothing that is only an example.
    fn with_keys_of_kind(mut self, made_up: &[&str]) -> Self {
        let is_same_for_all = |state: &KeyState| match state {
            KeyState::Absent => true,
            KeyState::Single(text) => !made_up.iter().any(|example| text.contains(example)),
            KeyState::Multi(_) | KeyState::Unknown => false,
        };
        self.keys = principal_keys(&self.requester.principal);
        self.keys.retain(|(_, state)| is_same_for_all(state));
        self
    }
}

/// The first of some texts that is not taken; with a number where all of them are.
fn fresh(base: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..=u32::MAX).map(|number| format!("{base}-{number}"));
    std::iter::once(base.to_owned()).chain(numbered).find(|text| !taken(text)).unwrap_or_default()
}

/// Services that call others as themselves: any of them may be one that no policy names.
///
/// AWS page: IAM User Guide, `reference_policies_elements_principal` (AWS services).
const SERVICES: [&str; 3] =
    ["cloudtrail.amazonaws.com", "config.amazonaws.com", "guardduty.amazonaws.com"];

/// An identity provider that no policy names, as it is named where a caller is given.
const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/idp.example.com";
const SAML_PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/example";

/// An account that is not among `known`.
fn other_account(known: &BTreeSet<String>) -> String {
    (0..1_000_000_000_000_u64)
        .map(|number| format!("{:012}", 999_999_999_999 - number))
        .find(|account| !known.contains(account))
        .unwrap_or_default()
}

/// The requesters that the Principal elements of any of `policies` tell apart; `None` if they tell none apart,
/// since nothing but everyone is named and none of them decides about everybody. `own` is the account of
/// the resources.
///
/// Sessions of `AssumeRoot` are among them where the policies ask about `aws:AssumedRoot`; sessions of service-linked
/// roles are not.
pub(crate) fn callers(policies: &[&PolicySet], own: &str) -> Option<Vec<Caller>> {
    let entries: Vec<&PrincipalEntry> = policies
        .iter()
        .flat_map(|policies| policies.statements())
        .filter_map(|(_, _, statement)| statement.principal.as_ref())
        .flat_map(|element| &element.entries)
        .map(|entry| &entry.value)
        .collect();
    let is_everyone = |entry: &&PrincipalEntry| match entry {
        PrincipalEntry::Everyone => true,
        PrincipalEntry::Aws(aws) => aws.named() == Named::Everyone,
        _ => false,
    };
    let of_everybody = policies.iter().any(|policies| decides_about_everybody(policies));
    if entries.iter().all(is_everyone) && !of_everybody {
        return None;
    }
    let mut found = Found::new(own);
    let assumed_root = ConditionKey::new("aws:AssumedRoot");
    found.assumed_root = policies.iter().any(|policies| policies.keys().contains(&assumed_root));
    for entry in &entries {
        found.note(entry);
    }
    Some(found.callers())
}

/// Whether policies decide about callers of every kind, also where they name everyone: a policy of a resource does, and so does
/// what limits whoever reaches a resource (E-22, E-24) where nothing is said of anybody's own policies.
fn decides_about_everybody(policies: &PolicySet) -> bool {
    let is_of_principals = !policies.identity.is_empty()
        || policies.boundary.is_some()
        || !policies.session.is_empty()
        || !policies.scp.is_empty();
    let limits_everybody = !policies.rcp.is_empty() || policies.endpoint.is_some();
    policies.resource.is_some()
        || policies.trust.is_some()
        || (limits_everybody && !is_of_principals)
}

/// What the entries name.
struct Found {
    /// Whether sessions of `AssumeRoot` are told apart.
    assumed_root: bool,
    accounts: BTreeSet<String>,
    /// (account, name, session, unique id)
    sessions: BTreeSet<(String, String, Option<String>, Option<String>)>,
    users: BTreeSet<(String, Option<String>)>,
    federated_users: BTreeSet<String>,
    ids: BTreeSet<String>,
    services: BTreeSet<String>,
    providers: BTreeSet<String>,
}

fn account_of(arn: &str) -> String {
    Arn::split(arn).map_or("", |arn| arn.account).to_owned()
}

fn partition_of(arn: &str) -> String {
    Arn::split(arn).map_or("aws", |arn| arn.partition).to_owned()
}

impl Found {
    fn new(own: &str) -> Self {
        Self {
            assumed_root: false,
            accounts: std::iter::once(own.to_owned()).collect(),
            sessions: BTreeSet::new(),
            users: BTreeSet::new(),
            federated_users: BTreeSet::new(),
            ids: BTreeSet::new(),
            services: BTreeSet::new(),
            providers: BTreeSet::new(),
        }
    }

    fn note(&mut self, entry: &PrincipalEntry) {
        match entry {
            PrincipalEntry::Service(name) => {
                self.services.insert(name.clone());
            }
            PrincipalEntry::Federated(name) => {
                self.providers.insert(name.clone());
            }
            PrincipalEntry::Aws(aws) => match aws.named() {
                Named::Account(account) => {
                    self.accounts.insert(account.to_owned());
                }
                Named::Role { account, .. } => {
                    self.accounts.insert(account.to_owned());
                    self.sessions.insert((account.to_owned(), aws.as_str().to_owned(), None, None));
                }
                Named::RoleSession(arn) => {
                    self.accounts.insert(account_of(arn));
                    let mut parts = arn.rsplit('/');
                    let session = parts.next().map(str::to_owned);
                    let role = parts.next().unwrap_or_default();
                    let account = account_of(arn);
                    let role_arn = format!("arn:{}:iam::{account}:role/{role}", partition_of(arn));
                    self.sessions.insert((account.clone(), role_arn.clone(), None, None));
                    self.sessions.insert((account, role_arn, session, None));
                }
                Named::User(arn) => {
                    // Nobody else is of CloudFront's account.
                    self.accounts.extend(Some(account_of(arn)).filter(|of| of != OF_CLOUDFRONT));
                    self.users.insert((arn.to_owned(), None));
                }
                Named::FederatedUser(arn) => {
                    self.accounts.insert(account_of(arn));
                    self.federated_users.insert(arn.to_owned());
                }
                Named::UniqueId(id) => {
                    self.ids.insert(id.to_owned());
                }
                Named::Everyone | Named::Nobody => {}
            },
            PrincipalEntry::Everyone
            | PrincipalEntry::CanonicalUser(_)
            | PrincipalEntry::Other { .. } => {}
        }
    }

    #[expect(clippy::too_many_lines, reason = "a list of the kinds of caller, one after the other")]
    fn callers(mut self) -> Vec<Caller> {
        let other = other_account(&self.accounts);
        self.accounts.insert(other.clone());
        let ends_with = |arn: &str, name: &str| arn.rsplit('/').next() == Some(name);
        let role_name = fresh("example-role", |name| {
            self.sessions.iter().any(|(_, role, ..)| ends_with(role, name))
        });
        let user_name =
            fresh("example-user", |name| self.users.iter().any(|(arn, _)| ends_with(arn, name)));
        let session_name = fresh(ANY_SESSION, |name| {
            self.sessions.iter().any(|(_, _, session, _)| session.as_deref() == Some(name))
        });
        let federated_name = fresh("example-federated-user", |name| {
            self.federated_users.iter().any(|arn| ends_with(arn, name))
        });
        let session_of = |account: &str, role: &str, session: Option<&str>, id: Option<&str>| {
            session_of(account, role, session, &session_name, id)
        };
        // A unique id may belong to anything of its kind.
        for id in std::mem::take(&mut self.ids) {
            if id.starts_with("AIDA") {
                let named: Vec<_> = self.users.iter().map(|(arn, _)| arn.clone()).collect();
                let any = self
                    .accounts
                    .iter()
                    .map(|account| format!("arn:aws:iam::{account}:user/{user_name}"));
                for arn in named.into_iter().chain(any) {
                    self.users.insert((arn, Some(id.clone())));
                }
            } else {
                let named: Vec<_> = self.sessions.iter().cloned().collect();
                let any = self.accounts.iter().map(|account| {
                    (
                        account.clone(),
                        format!("arn:aws:iam::{account}:role/{role_name}"),
                        None,
                        None,
                    )
                });
                for (account, role, session, _) in named.into_iter().chain(any) {
                    self.sessions.insert((account, role, session, Some(id.clone())));
                }
            }
        }
        let is_named = |name: &str| self.services.contains(name);
        let published = SERVICES.into_iter().find(|name| !is_named(name)).map(str::to_owned);
        let other_service = published.unwrap_or_else(|| fresh("example.amazonaws.com", is_named));
        let other_provider = fresh(PROVIDER, |name| self.providers.contains(name));
        let other_saml_provider = fresh(SAML_PROVIDER, |name| self.providers.contains(name));
        let made_up = [
            other.as_str(),
            &role_name,
            &user_name,
            &session_name,
            &federated_name,
            &other_service,
            &other_provider,
            &other_saml_provider,
        ];
        let mut callers = Vec::new();
        let mut add = |name: String, principal: Principal| {
            callers.push(Caller::new(name, Requester::from(principal)).with_keys_of_kind(&made_up));
        };
        for (account, role, session, id) in &self.sessions {
            let (name, principal) = session_of(account, role, session.as_deref(), id.as_deref());
            add(name, principal);
        }
        for (arn, id) in &self.users {
            let id_shown = id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
            let name = format!("user {arn}{id_shown}");
            add(
                name,
                Principal::User {
                    account: account_of(arn),
                    arn: arn.clone(),
                    unique_id: id.clone(),
                },
            );
            if account_of(arn) == OF_CLOUDFRONT {
                continue;
            }
            let name_of_user = arn.rsplit('/').next().unwrap_or_default();
            add(
                format!("federated user of {arn}"),
                Principal::FederatedUser {
                    account: account_of(arn),
                    arn: format!(
                        "arn:{}:sts::{}:federated-user/of-{name_of_user}",
                        partition_of(arn),
                        account_of(arn)
                    ),
                    user_arn: Some(arn.clone()),
                },
            );
        }
        for arn in &self.federated_users {
            add(
                format!("federated user {arn}"),
                Principal::FederatedUser {
                    account: account_of(arn),
                    arn: arn.clone(),
                    user_arn: None,
                },
            );
        }
        for account in &self.accounts {
            let of =
                if *account == other { "any other account".to_owned() } else { account.clone() };
            let role = format!("arn:aws:iam::{account}:role/{role_name}");
            let (_, session) = session_of(account, &role, None, None);
            add(format!("another role session of {of}"), session);
            add(
                format!("another user of {of}"),
                Principal::User {
                    account: account.clone(),
                    arn: format!("arn:aws:iam::{account}:user/{user_name}"),
                    unique_id: None,
                },
            );
            add(
                format!("another federated user of {of}"),
                Principal::FederatedUser {
                    account: account.clone(),
                    arn: format!("arn:aws:sts::{account}:federated-user/{federated_name}"),
                    user_arn: Some(format!("arn:aws:iam::{account}:user/{user_name}")),
                },
            );
            add(format!("root of {of}"), Principal::Root { account: account.clone() });
            if self.assumed_root {
                add(format!("AssumeRoot session of {of}"), assumed_root_of(account));
            }
        }
        for service in &self.services {
            add(format!("service {service}"), Principal::Service { name: service.clone() });
        }
        add("another service".to_owned(), Principal::Service { name: other_service.clone() });
        for provider in &self.providers {
            add(
                format!("token of {provider}"),
                Principal::FederatedCaller { provider: provider.clone() },
            );
        }
        add(
            "token of another provider".to_owned(),
            Principal::FederatedCaller { provider: other_provider.clone() },
        );
        add(
            "assertion of another provider".to_owned(),
            Principal::FederatedCaller { provider: other_saml_provider.clone() },
        );
        add("anonymous".to_owned(), Principal::Anonymous);
        callers
    }
}

/// A session of a role, if an ARN is that of a service-linked role.
pub(crate) fn service_linked(role: &str) -> Option<Requester> {
    let account = Arn::split(role)?.account;
    let (_, principal) = session_of(account, role, None, ANY_SESSION, None);
    principal.is_service_linked().then(|| Requester::from(principal))
}

fn session_of(
    account: &str,
    role: &str,
    session: Option<&str>,
    other_session: &str,
    id: Option<&str>,
) -> (String, Principal) {
    let role_name = role.rsplit('/').next().unwrap_or_default();
    let partition = partition_of(role);
    let session_name = session.unwrap_or(other_session);
    let mut name = match session {
        Some(session) => format!("session {session} of role {role}"),
        None => format!("session of role {role}"),
    };
    if let Some(id) = id {
        name = format!("{name} ({id})");
    }
    let principal = Principal::RoleSession {
        account: account.to_owned(),
        arn: format!("arn:{partition}:sts::{account}:assumed-role/{role_name}/{session_name}"),
        role_arn: Some(role.to_owned()),
        role_id: id.map(str::to_owned),
        service_linked: false,
    };
    (name, principal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

    const OWN: &str = "111122223333";

    fn named(principal: &str) -> Option<Vec<Caller>> {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {principal},
                "Action": "s3:*", "Resource": "*"}}}}"#
        );
        let document =
            PolicyDocument::read(&Source::new("p", text), PolicyType::Resource, Profile::Lenient);
        let policies = PolicySet { resource: Some(document.unwrap()), ..PolicySet::default() };
        callers(&[&policies], OWN)
    }

    fn names(principal: &str) -> Vec<String> {
        named(principal).unwrap().into_iter().map(|caller| caller.name).collect()
    }

    #[test]
    fn everyone_is_still_of_some_account_or_none() {
        for principal in [r#""*""#, r#"{"AWS": "*"}"#] {
            let names = names(principal);
            for kind in ["anonymous", "another service", "root of any other account"] {
                assert!(names.iter().any(|name| name == kind), "{kind} in {names:?}");
            }
        }
        // Without a policy of a resource nobody is told apart.
        assert_eq!(callers(&[&PolicySet::default()], OWN), None);
    }

    #[test]
    fn whoever_is_named_has_a_kind_of_its_own() {
        for (principal, name) in [
            (
                r#"{"AWS": "arn:aws:iam::444455556666:user/alice"}"#,
                "user arn:aws:iam::444455556666:user/alice",
            ),
            (
                r#"{"AWS": "arn:aws:iam::444455556666:role/app"}"#,
                "session of role arn:aws:iam::444455556666:role/app",
            ),
            (
                r#"{"AWS": "arn:aws:sts::444455556666:assumed-role/app/s1"}"#,
                "session s1 of role arn:aws:iam::444455556666:role/app",
            ),
            (r#"{"AWS": "444455556666"}"#, "root of 444455556666"),
            (r#"{"Service": "sns.amazonaws.com"}"#, "service sns.amazonaws.com"),
            (r#"{"Federated": "accounts.google.com"}"#, "token of accounts.google.com"),
        ] {
            assert!(
                names(principal).iter().any(|found| found == name),
                "{principal}: {:?}",
                names(principal)
            );
        }
    }

    #[test]
    fn whoever_is_not_named_is_there_too() {
        let found = names(r#"{"AWS": "arn:aws:iam::444455556666:role/app"}"#);
        for name in [
            "another role session of 444455556666",
            "another user of 111122223333",
            "another user of any other account",
            "root of any other account",
            "another service",
            "token of another provider",
            "anonymous",
        ] {
            assert!(found.iter().any(|known| known == name), "{name} is missing: {found:?}");
        }
    }

    #[test]
    fn a_named_session_stands_beside_other_sessions_of_its_role() {
        let found = names(r#"{"AWS": "arn:aws:sts::444455556666:assumed-role/app/s1"}"#);
        assert!(found.contains(&"session of role arn:aws:iam::444455556666:role/app".to_owned()));
    }

    #[test]
    fn no_two_kinds_have_one_name_or_one_example() {
        let found = named(
            r#"{"AWS": ["444455556666", "AROAEXAMPLE", "AIDAEXAMPLE", "arn:aws:iam::444455556666:role/app"]}"#,
        )
        .unwrap();
        for (at, one) in found.iter().enumerate() {
            for two in &found[at + 1..] {
                assert!(one.name != two.name && one.requester != two.requester, "{one:?} {two:?}");
            }
        }
    }
}
