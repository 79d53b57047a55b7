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
use iamsure_core::world::{PolicySet, Request, Switches};
use iamsure_truth::ask::Answer;
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
    /// What the trust policy says of a token of which nothing is known but the issuer and the audience:
    /// which other tokens it takes. `None` if the audience is not known.
    pub anybody: Option<Answer>,
    /// The tokens that the trust policy does not take, and what keeps them out.
    pub kept_out: Vec<KeptOut>,
    /// The tokens of which nothing was found either way.
    pub undecided: Vec<String>,
}

impl Found {
    /// Whether every token of the audience is taken; `None` if that depends on the token, or is not
    /// known.
    pub fn takes_any_token(&self) -> Option<bool> {
        self.anybody.as_ref().and_then(Answer::succeeds)
    }
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

/// Tokens that the trust policy does not take, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOut {
    /// The tokens that were given.
    pub tokens: Vec<String>,
    /// What keeps it out: clauses that are false, or a Deny.
    pub by: Vec<String>,
}

/// A token, and what ToolHive makes of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder<'a> {
    /// Its claims.
    pub claims: &'a Claims,
    /// The role that ToolHive chooses for it, if it chooses one.
    pub chosen: Option<&'a RoleArn>,
}

/// Looks for a way to `role` past the mappings of `door`.
pub(crate) fn look(
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
        Found { witness: None, anybody: None, kept_out: Vec::new(), undecided: Vec::new() };
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
                let token = holder.claims.name().to_owned();
                match found.kept_out.iter_mut().find(|known| known.by == by) {
                    Some(known) => known.tokens.push(token),
                    None => found.kept_out.push(KeptOut { tokens: vec![token], by }),
                }
            }
            Attempted::Undecided => found.undecided.push(holder.claims.name().to_owned()),
            Attempted::Refused => {}
        }
    }
    if let Some(stranger) = stranger(door, holders) {
        if found.witness.is_none()
            && let Attempted::Succeeds(witness) = attempt.with(&stranger)
        {
            found.witness = Some(*witness);
        }
        found.anybody = TokenExchange::new(role, door.issuer, &stranger, ANY_NAME)
            .ok()
            .and_then(|exchange| exchange.of_anybody().decide(policies, switches))
            .and_then(|trust| trust.checks.into_iter().next())
            .map(|check| check.answer);
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
                        by.push(format!(
                            "{name} requires {} {} {}",
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
