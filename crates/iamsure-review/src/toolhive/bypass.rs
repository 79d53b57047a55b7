//! What the manifests cannot enforce: the choice of the role.
//!
//! ToolHive chooses a role in the proxy. AWS knows nothing of it: `AssumeRoleWithWebIdentity` needs no
//! credentials but the token, and whoever can call the proxy holds one. If the trust policy of a role
//! takes the token, its holder can have a session of that role from STS directly, whatever the
//! mappings say.
//!
//! Each finding is a concrete request, decided by the evaluator.

use iamsure_core::decision::{Outcome, Truth, Verdict, evaluate, explain};
use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::session::Operation;
use iamsure_core::world::{KeyState, PolicySet, Request, Switches};
use serde_json::json;

use super::admission::is_session_name;
use super::claims::Claims;
use super::exchange::TokenExchange;
use super::manifest::Door;
use super::role_arn::RoleArn;

/// The subject of a token that nobody has mapped to anything.
const STRANGER: &str = "somebody-else";

/// The name of a session where a token offers none that STS takes.
const ANY_NAME: &str = "any-name";

/// Whether a role can be had from STS without ToolHive choosing it.
#[derive(Clone, Debug)]
pub struct Bypass {
    /// The role.
    pub role: RoleArn,
    /// What was found; `None` without a trust policy, which alone could tell.
    pub found: Option<Found>,
}

/// What was found of one role.
#[derive(Clone, Debug)]
pub struct Found {
    /// A request that succeeds, with a token that ToolHive does not choose the role for.
    pub witness: Option<Witness>,
    /// Whether a token succeeds of which nothing is known but the issuer and the audience; `None` if the
    /// audience is not known, or it depends.
    pub any_token: Option<bool>,
    /// The tokens that the trust policy does not take, and the clauses that keep them out.
    pub kept_out: Vec<KeptOut>,
    /// The tokens of which nothing was found either way.
    pub undecided: Vec<String>,
}

/// A request that has a session of the role from STS, decided.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The token: a name of the claims, or "a token of this audience".
    pub token: String,
    /// Whether the token is one that was given.
    pub was_given: bool,
    /// The role that ToolHive chooses for the token, if it chooses one.
    pub chosen: Option<RoleArn>,
    /// The exchange.
    pub exchange: TokenExchange,
    /// The request: the one that AWS authorizes, with every key that counts.
    pub request: Request,
    /// Whether it succeeds whatever is unknown; otherwise the request says with what.
    pub certain: bool,
    /// The statements that allow it, by number in the trust policy from 0.
    pub statements: Vec<usize>,
}

/// A token that the trust policy does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOut {
    /// The token.
    pub token: String,
    /// What keeps it out: clauses that are false, or a Deny.
    pub by: Vec<String>,
}

/// A token, and what ToolHive makes of it.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// Its claims.
    pub claims: &'a Claims,
    /// The role that ToolHive chooses for it, if it chooses one.
    pub chosen: Option<&'a RoleArn>,
}

/// Looks for a way to `role` past the mappings of `door`.
pub fn look(
    door: &Door<'_>,
    role: &RoleArn,
    holders: &[Holder<'_>],
    policies: &PolicySet,
    switches: &Switches,
) -> Bypass {
    if policies.trust.is_none() {
        return Bypass { role: role.clone(), found: None };
    }
    let attempt = Attempt { door, role, policies, switches };
    let mut found =
        Found { witness: None, any_token: None, kept_out: Vec::new(), undecided: Vec::new() };
    for holder in holders.iter().filter(|holder| holder.chosen != Some(role)) {
        match attempt.with(holder.claims) {
            Attempted::Succeeds(witness) => {
                let witness =
                    Witness { chosen: holder.chosen.cloned(), was_given: true, ..*witness };
                // A certain one is shown rather than one that needs something unknown.
                if found.witness.as_ref().is_none_or(|known| !known.certain && witness.certain) {
                    found.witness = Some(witness);
                }
            }
            Attempted::Fails(by) => {
                found.kept_out.push(KeptOut { token: holder.claims.name().to_owned(), by });
            }
            Attempted::Undecided => found.undecided.push(holder.claims.name().to_owned()),
            Attempted::Refused => {}
        }
    }
    if let Some(stranger) = stranger(door, holders) {
        match attempt.with(&stranger) {
            Attempted::Succeeds(witness) => {
                found.any_token = witness.certain.then_some(true);
                if found.witness.is_none() {
                    found.witness = Some(*witness);
                }
            }
            Attempted::Fails(by) => {
                found.any_token = Some(false);
                found.kept_out.push(KeptOut { token: stranger.name().to_owned(), by });
            }
            Attempted::Undecided => found.undecided.push(stranger.name().to_owned()),
            Attempted::Refused => {}
        }
    }
    Bypass { role: role.clone(), found: Some(found) }
}

/// A token of the issuer and audience that tokens here have, and of nobody in particular.
fn stranger(door: &Door<'_>, holders: &[Holder<'_>]) -> Option<Claims> {
    let of = |claim: &str| {
        let texts: Vec<_> = holders
            .iter()
            .filter_map(|holder| holder.claims.texts(claim).first().copied())
            .collect();
        texts.first().map(|text| (*text).to_owned())
    };
    let issuer = door.issuer.map(str::to_owned).or_else(|| of("iss"))?;
    let audience = door.audience.map(str::to_owned).or_else(|| of("aud"))?;
    let claims = json!({ "iss": issuer, "aud": audience, "sub": STRANGER });
    Some(Claims::of("any token of this audience", claims))
}

struct Attempt<'a> {
    door: &'a Door<'a>,
    role: &'a RoleArn,
    policies: &'a PolicySet,
    switches: &'a Switches,
}

enum Attempted {
    Succeeds(Box<Witness>),
    Fails(Vec<String>),
    /// It may succeed, and no request that does was found.
    Undecided,
    /// STS refuses it before any policy.
    Refused,
}

impl Attempt<'_> {
    fn with(&self, claims: &Claims) -> Attempted {
        // The caller names the session; ToolHive's choice binds nobody.
        let name = claims
            .text(&self.door.config.session_name_claim)
            .filter(|name| is_session_name(name).is_ok())
            .unwrap_or(ANY_NAME);
        let Ok(exchange) = TokenExchange::new(self.role, self.door.issuer, claims, name) else {
            return Attempted::Refused;
        };
        let Some(trust) = exchange.decide(self.policies, self.switches) else {
            return Attempted::Undecided;
        };
        // Every check must pass; the first that fails says why the exchange does.
        let failing = trust.checks.iter().find(|check| check.answer.succeeds() == Some(false));
        if let Some(request) = failing.and_then(|check| check.worlds.first()) {
            return Attempted::Fails(self.kept_out_by(request));
        }
        let allowed = |check: &super::exchange::CheckAnswer| {
            let cases = check.answer.cases.iter();
            cases.into_iter().find(|case| case.decision.verdict == Verdict::Allowed).cloned()
        };
        // The operation is shown for all of its checks.
        let Some(case) = trust.checks.first().and_then(allowed) else {
            return Attempted::Undecided;
        };
        // A witness is decided once more, whole, before it is shown.
        let outcome = evaluate(self.policies, &case.witness, self.switches).outcome;
        let Outcome::Decided(decision) = outcome else { return Attempted::Undecided };
        if decision.verdict != Verdict::Allowed {
            return Attempted::Undecided;
        }
        Attempted::Succeeds(Box::new(Witness {
            token: claims.name().to_owned(),
            was_given: false,
            chosen: None,
            request: case.witness,
            certain: trust.succeeds() == Some(true),
            statements: decision.statements.iter().map(|id| id.statement).collect(),
            exchange,
        }))
    }

    /// Why the trust policy does not take a request, clause by clause.
    fn kept_out_by(&self, request: &Request) -> Vec<String> {
        let mut by = Vec::new();
        if !request.action.is(Operation::AssumeRoleWithWebIdentity.action()) {
            by.push(format!(
                "the token passes tags or a source identity, which needs {}",
                request.action
            ));
        }
        for (id, _, statement) in self.policies.statements() {
            if id.layer != PolicyType::Trust && id.layer != PolicyType::Rcp {
                continue;
            }
            let Some(explained) = explain(self.policies, id, request, self.switches) else {
                continue;
            };
            let name = match statement.sid() {
                Some(sid) => sid.to_owned(),
                None => format!("statement {}", id.statement + 1),
            };
            match (*statement.effect, explained.matched.truth()) {
                (Effect::Deny, Truth::True) => by.push(format!("{name} denies it")),
                (Effect::Allow, truth) if truth != Truth::True => {
                    if explained.matched.principal == Truth::False {
                        by.push(format!("{name} is about other principals"));
                    }
                    for clause in &explained.clauses {
                        if clause.judgement.truth != Truth::False {
                            continue;
                        }
                        let values: Vec<_> = clause
                            .clause
                            .values
                            .iter()
                            .map(|value| format!("{:?}", value.as_str()))
                            .collect();
                        let state = match clause.state {
                            KeyState::Absent => "absent".to_owned(),
                            KeyState::Unknown => "unknown".to_owned(),
                            KeyState::Single(text) => format!("{text:?}"),
                            KeyState::Multi(texts) => format!("{texts:?}"),
                        };
                        by.push(format!(
                            "{name} asks for {} {} {}, and the token has {state}",
                            *clause.clause.operator,
                            *clause.clause.key,
                            values.join(" or "),
                        ));
                    }
                }
                _ => {}
            }
        }
        by
    }
}
