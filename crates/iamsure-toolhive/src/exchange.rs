//! The exchange of a token for a session, as ToolHive calls it.
//!
//! ToolHive calls `AssumeRoleWithWebIdentity` without credentials, with a role, the name of the session,
//! the token and a duration; no session policy, no tags (toolhive `pkg/auth/awssts/exchange.go`). What
//! the token itself carries still counts. Only the trust policy of the role and RCPs decide (E-32).

use iamsure_core::language::ConditionKey;
use iamsure_core::world::session::{
    AssumeRoleWithWebIdentity, Exchange, Operation, Role, Session, Tags, Terms,
};
use iamsure_core::world::{CallPath, Context, KeyState, PolicySet, Request, Switches};
use iamsure_truth::ask::{Answer, Asker, Known, Worlds};
use iamsure_truth::sample::Who;
use serde_json::Value;

use super::claims::Claims;
use super::role_arn::RoleArn;

/// The claims that carry session tags and a source identity (IAM User Guide, `id_session-tags`).
const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";
const SOURCE_IDENTITY_CLAIM: &str = "https://aws.amazon.com/source_identity";

/// A token on its way to a session.
#[derive(Clone, Debug)]
pub struct TokenExchange {
    /// The role.
    pub role: RoleArn,
    /// The identity provider, as trust policies name it.
    pub provider: String,
    /// The name of the session.
    pub session_name: String,
    exchange: Exchange,
}

/// What the trust policy says of an exchange.
#[derive(Clone, Debug)]
pub struct Trust {
    /// One answer for each check that AWS makes: the operation itself first. Every one must pass.
    pub checks: Vec<CheckAnswer>,
}

/// The answer to one check.
#[derive(Clone, Debug)]
pub struct CheckAnswer {
    /// Every possibility of the request.
    pub worlds: Vec<Request>,
    /// What is decided.
    pub answer: Answer,
}

impl Trust {
    /// Whether the session is started; `None` if that depends.
    pub fn succeeds(&self) -> Option<bool> {
        let all: Vec<_> = self.checks.iter().map(|check| check.answer.succeeds()).collect();
        if all.contains(&Some(false)) {
            Some(false)
        } else if all.iter().all(|one| *one == Some(true)) {
            Some(true)
        } else {
            None
        }
    }
}

impl TokenExchange {
    /// The exchange of a token with `claims` for a session of `role` called `session_name`. `issuer` is
    /// that of the proxy, for tokens whose claims do not name theirs.
    ///
    /// # Errors
    /// Why STS would refuse it before it asks any policy.
    pub(crate) fn new(
        role: &RoleArn,
        issuer: Option<&str>,
        claims: &Claims,
        session_name: &str,
    ) -> Result<Self, String> {
        let issuer = claims.text("iss").or(issuer).ok_or(
            "the token's issuer is unknown: it has no `iss` claim, and no MCPOIDCConfig was given",
        )?;
        let provider = provider(role, issuer);
        let mut of_token = Vec::new();
        // STS takes `azp` for the audience where a token has it.
        let audience = match claims.text("azp") {
            Some(party) => KeyState::single(party),
            None => match claims.texts("aud").as_slice() {
                [] => return Err("the token has no claim `aud`, which STS requires".to_owned()),
                [audience] => KeyState::single(*audience),
                // The key has one value; AWS does not say which.
                _ => KeyState::Unknown,
            },
        };
        of_token.push(("aud".to_owned(), audience));
        let subject = claims.text("sub");
        of_token.push(("sub".to_owned(), subject.map_or(KeyState::Absent, KeyState::single)));
        let methods: Vec<String> = claims.texts("amr").into_iter().map(str::to_owned).collect();
        let methods = if methods.is_empty() { KeyState::Absent } else { KeyState::Multi(methods) };
        of_token.push(("amr".to_owned(), methods));
        let call = AssumeRoleWithWebIdentity {
            provider: provider.clone(),
            claims: of_token,
            role: Role::new(role.as_str()).map_err(|error| error.to_string())?,
            terms: terms(session_name, claims)?,
        };
        let exchange = call.exchange(Context::open()).map_err(|error| error.to_string())?;
        Ok(Self { role: role.clone(), provider, session_name: session_name.to_owned(), exchange })
    }

    /// The same exchange with a token of which only issuer and audience are known, by a caller who names
    /// the session as it likes.
    #[must_use]
    pub(crate) fn of_anybody(mut self) -> Self {
        let issuer = AssumeRoleWithWebIdentity::issuer(&self.provider).to_owned();
        for check in &mut self.exchange.checks {
            for key in
                [format!("{issuer}:sub"), format!("{issuer}:amr"), "sts:RoleSessionName".to_owned()]
            {
                check.request.context.set(ConditionKey::new(key), KeyState::Unknown);
            }
        }
        self
    }

    /// Decides the exchange; `None` without a trust policy, which alone could tell.
    pub(crate) fn decide(&self, policies: &PolicySet, switches: &Switches) -> Option<Trust> {
        policies.trust.as_ref()?;
        let path = CallPath::named(Operation::AssumeRoleWithWebIdentity.action(), switches).ok()?;
        let check = |request: &Request| {
            let who = Who::Named(request.requester.clone());
            let worlds = Worlds::of(request.clone(), &who, Some(&path), Known::Given);
            let answer = Asker { policies, switches }.answer(&worlds);
            CheckAnswer { worlds: worlds.requests().to_vec(), answer }
        };
        let checks = self.exchange.checks.iter().map(|found| check(&found.request)).collect();
        Some(Trust { checks })
    }

    /// The session that follows if the exchange succeeds.
    pub(crate) const fn session(&self) -> &Session {
        &self.exchange.session
    }

    /// The keys that the exchange puts into the request: those of the token, and the name of the
    /// session. Absent and unknown ones are left out.
    pub fn keys(&self) -> Vec<(ConditionKey, KeyState)> {
        let issuer = AssumeRoleWithWebIdentity::issuer(&self.provider);
        let Some(check) = self.exchange.checks.first() else { return Vec::new() };
        let of_token = |key: &ConditionKey| {
            key.as_str().strip_prefix(issuer).is_some_and(|rest| rest.starts_with(':'))
                || key.as_str().starts_with("sts:")
                || key.as_str().starts_with("aws:RequestTag/")
        };
        check
            .request
            .context
            .entries()
            .filter(|(key, state)| {
                of_token(key) && !matches!(state, KeyState::Absent | KeyState::Unknown)
            })
            .map(|(key, state)| (key.clone(), state.clone()))
            .collect()
    }
}

/// The ARN of the identity provider in the account of the role: its issuer without the scheme. A slash
/// at the end belongs to it.
fn provider(role: &RoleArn, issuer: &str) -> String {
    let host = issuer
        .trim()
        .strip_prefix("https://")
        .or_else(|| issuer.trim().strip_prefix("http://"))
        .unwrap_or(issuer.trim());
    // AWS knows this one by its name.
    if host == "accounts.google.com" {
        return host.to_owned();
    }
    format!("arn:{}:iam::{}:oidc-provider/{host}", role.partition(), role.account())
}

/// What the token passes beside its claims.
fn terms(session_name: &str, claims: &Claims) -> Result<Terms, String> {
    let mut terms = Terms::named(session_name);
    terms.source_identity = claims.text(SOURCE_IDENTITY_CLAIM).map(str::to_owned);
    let Some(tags) = claims.as_json().get(TAGS_CLAIM) else { return Ok(terms) };
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        // Each tag is a list of one value.
        Value::Array(items) => match items.as_slice() {
            [Value::String(text)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    let mut found = Vec::new();
    for (key, value) in tags.get("principal_tags").and_then(Value::as_object).into_iter().flatten()
    {
        let value = text(value).ok_or_else(|| {
            format!("the token's session tag `{key}` is not a list of one string")
        })?;
        found.push((key.clone(), value));
    }
    terms.tags = Tags::new(found).map_err(|error| error.to_string())?;
    let transitive = tags.get("transitive_tag_keys").and_then(Value::as_array);
    terms.transitive =
        transitive.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

    use super::*;

    fn role() -> RoleArn {
        RoleArn::parse("arn:aws:iam::111122223333:role/reader").unwrap()
    }

    fn trust(condition: &str, actions: &str) -> PolicySet {
        let text = format!(
            r#"{{ "Version": "2012-10-17", "Statement": {{ "Effect": "Allow", "Action": {actions},
            "Principal": {{ "Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com/" }},
            "Condition": {condition} }} }}"#
        );
        let source = Source::new("trust.json", text);
        let document = PolicyDocument::read(&source, PolicyType::Trust, Profile::Strict).unwrap();
        PolicySet { trust: Some(document), ..PolicySet::default() }
    }

    fn succeeds(claims: Value, condition: &str) -> Option<bool> {
        let claims = Claims::of("t", claims);
        let exchange = TokenExchange::new(&role(), None, &claims, "alice").unwrap();
        let policies = trust(condition, r#""sts:AssumeRoleWithWebIdentity""#);
        exchange.decide(&policies, &Switches::default()).unwrap().succeeds()
    }

    #[test]
    fn the_trust_policy_sees_the_claims_under_the_issuer() {
        let token = |sub: &str| serde_json::json!({ "iss": "https://idp.example.com/", "aud": ["toolhive"], "sub": sub });
        let condition = r#"{ "StringEquals": { "idp.example.com/:aud": "toolhive", "idp.example.com/:sub": "alice",
            "sts:RoleSessionName": "alice" } }"#;
        assert_eq!(succeeds(token("alice"), condition), Some(true));
        assert_eq!(succeeds(token("bob"), condition), Some(false));
    }

    #[test]
    fn of_several_audiences_nobody_knows_which_counts() {
        let token = serde_json::json!({ "iss": "https://idp.example.com/", "aud": ["toolhive", "other"], "sub": "a" });
        let condition = r#"{ "StringEquals": { "idp.example.com/:aud": "toolhive" } }"#;
        assert_eq!(succeeds(token, condition), None);
        let party = serde_json::json!({ "iss": "https://idp.example.com/", "aud": "toolhive", "azp": "app", "sub": "a" });
        assert_eq!(succeeds(party, condition), Some(false));
    }

    #[test]
    fn tags_in_the_token_need_tag_session() {
        let claims = Claims::of(
            "t",
            serde_json::json!({ "iss": "https://idp.example.com/", "aud": "toolhive", "sub": "a",
                TAGS_CLAIM: { "principal_tags": { "team": ["blue"] }, "transitive_tag_keys": ["team"] } }),
        );
        let exchange = TokenExchange::new(&role(), None, &claims, "alice").unwrap();
        let decide = |actions: &str| {
            exchange.decide(&trust("{}", actions), &Switches::default()).unwrap().succeeds()
        };
        assert_eq!(decide(r#""sts:AssumeRoleWithWebIdentity""#), Some(false));
        assert_eq!(decide(r#"["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]"#), Some(true));
        assert!(exchange.keys().iter().any(|(key, _)| key.as_str() == "aws:RequestTag/team"));
    }

    #[test]
    fn what_sts_refuses_has_no_exchange() {
        let refused = |claims: Value, name: &str| {
            TokenExchange::new(&role(), None, &Claims::of("t", claims), name).unwrap_err()
        };
        assert!(refused(serde_json::json!({ "aud": "x" }), "alice").contains("`iss`"));
        let token = serde_json::json!({ "iss": "https://idp.example.com" });
        assert!(refused(token, "alice").contains("`aud`"));
        let token = serde_json::json!({ "iss": "https://idp.example.com", "aud": "x" });
        assert!(refused(token, "auth0|1").contains("RoleSessionName"));
    }
}
