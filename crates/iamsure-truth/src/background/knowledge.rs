//! What AWS publishes of a condition key, for a caller: one value or several, and whether it is
//! always or never there.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::token::Bearers;
use iamsure_core::world::{CallPath, KeyState, PolicySet, Principal};
use iamsure_reference::{CallerKind, Category, Presence, ValueType, condition_key, global_key};

use super::consequence::rules_that_settle;
use super::rule::Fact;
use crate::class::identity::{Identity, Kind};
use crate::class::requester::Caller;
use crate::class::state::{Arity, Nature};
use crate::class::subject::{Claimed, claimed, is_of_another_issuer};
use crate::class::value::Domain;
use crate::model::Knowledge;
use crate::sample::{EXAMPLE_ACCOUNT, OTHER_ACCOUNT};

/// Who may ask where nobody is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Anybody {
    /// Whoever identity-based policies are attached to: users and roles.
    #[default]
    UserOrRole,
    /// Whoever else an organization, an endpoint or a session policy limits: root users, sessions of `AssumeRoot` and federated
    /// users, too.
    Limited,
}

impl Anybody {
    /// Who may ask these policies.
    pub(crate) fn asking(policies: &[&PolicySet]) -> Self {
        let is_limit = |policies: &&PolicySet| {
            !policies.scp.is_empty()
                || !policies.rcp.is_empty()
                || policies.endpoint.is_some()
                || !policies.session.is_empty()
        };
        if policies.iter().any(is_limit) { Self::Limited } else { Self::UserOrRole }
    }

    /// The kinds of them, as they identify themselves.
    pub(crate) const fn identities(self) -> &'static [Kind] {
        match self {
            Self::UserOrRole => &[Kind::Role, Kind::User],
            Self::Limited => &Kind::ALL,
        }
    }

    const fn kinds(self) -> &'static [CallerKind] {
        use CallerKind::{
            AssumeRootSession, FederatedUser, RoleSession, Root, UserLongTermKey,
            UserTemporaryCredentials,
        };
        match self {
            Self::UserOrRole => &[UserLongTermKey, UserTemporaryCredentials, RoleSession],
            Self::Limited => &[
                UserLongTermKey,
                UserTemporaryCredentials,
                RoleSession,
                Root,
                AssumeRootSession,
                FederatedUser,
            ],
        }
    }
}

/// The kinds of caller that `principal` may be; all that identity-based policies depend on, if
/// nobody was named.
pub(crate) fn kinds(principal: Option<&Principal>) -> &'static [CallerKind] {
    use CallerKind::{
        Anonymous, AssumeRootSession, FederatedUser, RoleSession, Root, ServicePrincipal,
        UserLongTermKey, UserTemporaryCredentials,
    };
    match principal {
        None => Anybody::UserOrRole.kinds(),
        Some(Principal::User { .. }) => &[UserLongTermKey, UserTemporaryCredentials],
        Some(Principal::RoleSession { .. }) => &[RoleSession],
        Some(Principal::FederatedUser { .. }) => &[FederatedUser],
        Some(Principal::Root { .. }) => &[Root],
        Some(Principal::AssumeRoot { .. }) => &[AssumeRootSession],
        Some(Principal::Service { .. }) => &[ServicePrincipal],
        Some(Principal::Anonymous) => &[Anonymous],
        // Decided before.
        Some(Principal::FederatedCaller { .. }) => &[],
    }
}

/// The values of `aws:PrincipalType` that AWS lists, each for callers of a kind.
const PRINCIPAL_TYPES: [&str; 5] = ["Account", "User", "FederatedUser", "AssumedRole", "Anonymous"];

/// What is known of `key` in requests of `principal`, or of any user or role session: its arity, its type
/// and whether it is there.
pub fn knowledge(key: &ConditionKey, principal: Option<&Principal>) -> Knowledge {
    let published = condition_key(key.as_str()).known();
    let (domain, hints) = match published.map(|key| key.value_type) {
        Some(ValueType::Bool) => (Domain::Boolean, Vec::new()),
        Some(ValueType::Numeric) => (Domain::Number, Vec::new()),
        Some(ValueType::Date) => (Domain::Date, Vec::new()),
        Some(ValueType::IpAddress) => (Domain::Address, Vec::new()),
        Some(ValueType::Arn) => (Domain::Text, vec!["arn:aws:iam::111122223333:role/another-role"]),
        Some(ValueType::String) if ACCOUNTS.contains(&key.folded()) => {
            (Domain::Text, vec![OTHER_ACCOUNT, EXAMPLE_ACCOUNT, "another-value"])
        }
        Some(ValueType::String | ValueType::Binary) | None => (Domain::Text, vec!["another-value"]),
    };
    let is_service = matches!(principal, Some(Principal::Service { .. }));
    let (domain, hints) = match Identity::of(key, principal) {
        Some(identity) => (Domain::Identity(identity), identity.examples()),
        // AWS does not say what the type of a service is; those that it lists are of other callers.
        None if is_service && key.folded() == "aws:principaltype" => {
            (Domain::NoneOf(&PRINCIPAL_TYPES), hints)
        }
        None => (domain, hints),
    };
    let arity = published.map(|key| if key.multivalued { Arity::Many } else { Arity::One });
    let (mut may_be_absent, mut may_be_present) = presence(key, principal, kinds(principal));
    match principal.and_then(|principal| follows(key, principal)) {
        Some(true) if may_be_present => may_be_absent = false,
        Some(false) if may_be_absent => may_be_present = false,
        _ => {}
    }
    Knowledge { nature: Nature { arity, may_be_absent, may_be_present }, domain, hints }
}

/// Keys of which each value is an account, beside that of the caller.
const ACCOUNTS: [&str; 4] =
    ["aws:resourceaccount", "aws:sourceaccount", "aws:vpceaccount", "s3:resourceaccount"];

/// As [`knowledge`], on a call path: a key that is there on the path is there.
pub(crate) fn knowledge_on(
    key: &ConditionKey,
    principal: Option<&Principal>,
    path: Option<&CallPath>,
) -> Knowledge {
    let mut known = knowledge(key, principal);
    if path.is_some_and(|path| path.is_present(key)) {
        (known.nature.may_be_absent, known.nature.may_be_present) = (false, true);
    }
    if let (Some(shape), Some(Principal::FederatedCaller { provider })) =
        (path.and_then(CallPath::token), principal)
        && let Some(claim) = claimed(key, provider, shape)
    {
        known = with_claim(known, claim);
    }
    known
}

/// What a token says of a key, over what else is known of it.
fn with_claim(mut known: Knowledge, claim: Claimed) -> Knowledge {
    (known.nature.may_be_absent, known.nature.may_be_present) = match claim {
        Claimed::Subject(subjects) => {
            known.domain = Domain::Subject(subjects);
            known.hints = subjects.examples();
            (false, true)
        }
        Claimed::Audience(usual) => {
            known.hints = vec![usual];
            (false, true)
        }
        Claimed::Other(Bearers::All) => (false, true),
        Claimed::Other(Bearers::None) => (true, false),
        Claimed::Other(Bearers::Some | Bearers::OfKind(_)) => (true, true),
    };
    known
}

/// As [`knowledge_on`], of anybody.
pub(crate) fn knowledge_of_anybody(
    key: &ConditionKey,
    anybody: Anybody,
    path: Option<&CallPath>,
) -> Knowledge {
    let mut known = knowledge_on(key, None, path);
    if !path.is_some_and(|path| path.is_present(key)) {
        let (may_be_absent, may_be_present) = presence(key, None, anybody.kinds());
        (known.nature.may_be_absent, known.nature.may_be_present) = (may_be_absent, may_be_present);
    }
    known
}

/// As [`knowledge_on`], of one kind of caller: where every such caller is of one account, so is what identifies it.
pub(crate) fn knowledge_of(
    key: &ConditionKey,
    caller: &Caller,
    path: Option<&CallPath>,
) -> Knowledge {
    let mut known = knowledge_on(key, Some(&caller.requester.principal), path);
    if let (Domain::Identity(identity), Some(account)) = (known.domain, caller.account()) {
        let identity = identity.of_account(account);
        known.domain = Domain::Identity(identity);
        known.hints = identity.examples();
    }
    known
}

/// Whether a key may be absent from requests of `principal`, who is of one of these kinds, and whether it may be there.
fn presence(
    key: &ConditionKey,
    principal: Option<&Principal>,
    kinds: &[CallerKind],
) -> (bool, bool) {
    if let Some(Principal::FederatedCaller { provider }) = principal
        && is_of_another_issuer(key, provider)
    {
        return (true, false);
    }
    let Some(global) = global_key(key.as_str()) else { return (true, true) };
    if matches!(principal, Some(Principal::FederatedCaller { .. })) {
        // A token is no AWS principal yet: none of the keys of a principal or session, but for the
        // federation keys (spec 8.1; the account is unverified).
        let of_principal = matches!(global.category, Category::Principal | Category::Session);
        let unverified = ["aws:PrincipalAccount", "aws:FederatedProvider"];
        let exempt = unverified.iter().any(|name| name.eq_ignore_ascii_case(key.as_str()));
        return (true, !of_principal || exempt);
    }
    let presence = kinds.iter().map(|kind| global.presence(*kind));
    let all = |wanted| presence.clone().all(|found| found == wanted);
    (!all(Presence::Always), !all(Presence::Never))
}

/// Whether a rule says that a key is there for a principal, or that it is not, by the keys that follow from who it is.
fn follows(key: &ConditionKey, principal: &Principal) -> Option<bool> {
    let rules = rules_that_settle(key);
    if rules.is_empty() {
        return None;
    }
    let known = principal_keys(principal);
    let holds = |fact: Fact| {
        let (_, state) =
            known.iter().find(|(key, _)| key.folded().eq_ignore_ascii_case(fact.key()))?;
        match (fact, state) {
            (_, KeyState::Unknown) => None,
            (Fact::Present(_), state) => Some(*state != KeyState::Absent),
            (Fact::Absent(_), state) => Some(*state == KeyState::Absent),
            (Fact::Is(_, value), KeyState::Single(text)) => Some(text.eq_ignore_ascii_case(value)),
            _ => None,
        }
    };
    let rule = rules.iter().find(|rule| holds(rule.when) == Some(true))?;
    Some(matches!(rule.then, Fact::Present(_)))
}
