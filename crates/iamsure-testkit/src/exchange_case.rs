//! Corpus cases about sessions: a chain of exchanges, what the last of them checks, and what the
//! session holds.

use std::collections::BTreeMap;

use iamsure_core::language::ConditionKey;
use iamsure_core::world::session::{
    AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, Caller, Exchange, ExchangeError,
    GetFederationToken, GetSessionToken, Operation, Role, Tags, Terms,
};
use iamsure_core::world::{Context, KeyState, Principal, Session};
use serde::Deserialize;

/// A chain of exchanges, started by the user `alice` of account 111122223333 or by a token.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct ExchangeCase(Vec<Call>);

/// One call.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Call {
    operation: String,
    role: String,
    role_tags: BTreeMap<String, String>,
    session_name: Option<String>,
    tags: BTreeMap<String, String>,
    transitive: Vec<String>,
    source_identity: Option<String>,
    external_id: Option<String>,
    provider: String,
    claims: BTreeMap<String, String>,
    mfa: bool,
}

/// What the last call checks and yields.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Exchanged {
    /// STS refuses it; a part of the reason.
    Refused(Refused),
    /// The actions it checks, in order, and keys of the session: a text, `absent`, `unknown` or
    /// `present`; a key that starts with `check ` is one of the checks' instead.
    Done(Done),
}

/// See [`Exchanged::Refused`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    refused: String,
}

/// See [`Exchanged::Done`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    checks: Vec<String>,
    keys: BTreeMap<String, String>,
}

impl ExchangeCase {
    /// Runs the chain.
    ///
    /// # Errors
    /// How the last exchange differs from what is expected, or why an earlier one failed.
    pub fn run(&self, expected: &Exchanged) -> Result<(), String> {
        let (last, before) = self.0.split_last().ok_or("there is no call")?;
        let mut session: Option<Session> = None;
        for call in before {
            session =
                Some(call.make(session.as_ref())?.map_err(|error| error.to_string())?.session);
        }
        match (last.make(session.as_ref())?, expected) {
            (Err(error), Exchanged::Refused(Refused { refused })) => {
                let text = error.to_string();
                if text.contains(refused) { Ok(()) } else { Err(text) }
            }
            (Ok(exchange), Exchanged::Done(done)) => done.compare(&exchange),
            (Err(error), Exchanged::Done(_)) => Err(error.to_string()),
            (Ok(_), Exchanged::Refused(_)) => Err("it is not refused".to_owned()),
        }
    }
}

impl Call {
    /// The exchange, by the session before it or from outside.
    fn make(&self, session: Option<&Session>) -> Result<Result<Exchange, ExchangeError>, String> {
        let wrong = |error: ExchangeError| error.to_string();
        let role = || -> Result<Role, String> {
            let tags = Tags::new(self.role_tags.clone()).map_err(wrong)?;
            Ok(Role::new(self.role.as_str()).map_err(wrong)?.with_id("AROAEXAMPLE").with_tags(tags))
        };
        let caller = || match session {
            Some(session) => Caller::of_session(session.clone(), false, Context::closed()),
            None => Caller::new(alice(), Context::closed()),
        };
        let name = self.session_name.as_deref().unwrap_or("s1");
        let tags = Tags::new(self.tags.clone()).map_err(wrong)?;
        let terms = Terms {
            tags: tags.clone(),
            transitive: self.transitive.clone(),
            source_identity: self.source_identity.clone(),
            ..Terms::named(name)
        };
        let claims =
            || self.claims.iter().map(|(name, value)| (name.clone(), KeyState::single(value)));
        let provider = self.provider.clone();
        let operation = Operation::from_action(&self.operation)
            .ok_or_else(|| format!("`{}` is no exchange", self.operation))?;
        Ok(match operation {
            Operation::AssumeRole => AssumeRole {
                terms,
                external_id: self.external_id.clone(),
                mfa_code: self.mfa,
                ..AssumeRole::new(caller(), role()?, name)
            }
            .exchange(),
            Operation::AssumeRoleWithWebIdentity => AssumeRoleWithWebIdentity {
                provider,
                claims: claims().collect(),
                role: role()?,
                terms,
            }
            .exchange(Context::closed()),
            Operation::AssumeRoleWithSaml => AssumeRoleWithSaml {
                provider,
                attributes: claims().collect(),
                role: role()?,
                terms,
            }
            .exchange(Context::closed()),
            Operation::GetFederationToken => GetFederationToken {
                caller: caller(),
                name: name.to_owned(),
                tags,
                user_tags: None,
                policies: Vec::new(),
            }
            .exchange(),
            Operation::GetSessionToken => {
                GetSessionToken { caller: caller(), mfa_code: self.mfa, user_tags: None }.exchange()
            }
            Operation::AssumeRoot => return Err("AssumeRoot has unit tests only".to_owned()),
        })
    }
}

fn alice() -> Principal {
    Principal::User {
        account: "111122223333".to_owned(),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: Some("AIDAEXAMPLE".to_owned()),
    }
}

impl Done {
    fn compare(&self, exchange: &Exchange) -> Result<(), String> {
        let actions: Vec<_> =
            exchange.checks.iter().map(|check| check.request.action.to_string()).collect();
        if actions != self.checks {
            return Err(format!("the checks are {actions:?}"));
        }
        for (name, expected) in &self.keys {
            let found = if let Some(key) = name.strip_prefix("check ") {
                let check = exchange.checks.first().ok_or("there is no check")?;
                word(check.request.context.state(&ConditionKey::new(key)))
            } else {
                let key = ConditionKey::new(name.as_str());
                let mut context = Context::open();
                exchange.session.apply(&mut context);
                match exchange.session.key(&key) {
                    Some(fixed) if fixed.is_present => "present".to_owned(),
                    _ => word(context.state(&key)),
                }
            };
            if found != *expected {
                return Err(format!("{name}: expected `{expected}`, found `{found}`"));
            }
        }
        Ok(())
    }
}

fn word(state: &KeyState) -> String {
    match state {
        KeyState::Absent => "absent".to_owned(),
        KeyState::Unknown => "unknown".to_owned(),
        KeyState::Single(text) => text.clone(),
        KeyState::Multi(values) => values.join(" "),
    }
}
