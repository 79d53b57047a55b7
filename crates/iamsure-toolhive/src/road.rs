//! The whole road of tokens through one door: mappings, role, trust decision, session, matrix.

use iamsure_core::language::ActionPattern;
use iamsure_core::world::{CallPath, Context, PolicySet, Switches};
use iamsure_truth::Matrix;
use iamsure_truth::ask::Answer;
use iamsure_truth::matrix::{Divided, MatrixQuery, Questions, questions};
use iamsure_truth::sample::Who;

use super::admission::{Refusal, refusal};
use super::bypass::{self, Bypass, Holder};
use super::claims::Claims;
use super::exchange::{TokenExchange, Trust};
use super::manifest::Door;
use super::role_arn::RoleArn;
use super::selection::{Selection, select};

/// What is asked of every session.
#[derive(Clone, Debug)]
pub struct Journey {
    /// The policies of each role: identity-based, boundary, trust, and those of the organization.
    pub policies: Vec<(RoleArn, PolicySet)>,
    /// How the session is used.
    pub paths: Vec<CallPath>,
    /// Actions to ask about beside those that the policies name.
    pub actions: Vec<ActionPattern>,
    /// The choices where AWS is silent.
    pub switches: Switches,
}

impl Journey {
    /// The policies of a role; none were given for one that is not there.
    pub fn policies_of(&self, role: &RoleArn) -> PolicySet {
        let found = self.policies.iter().find(|(known, _)| known == role);
        found.map(|(_, policies)| policies.clone()).unwrap_or_default()
    }
}

/// The road of every token through one door.
#[derive(Debug)]
pub struct Road<'a> {
    /// The door.
    pub door: Door<'a>,
    /// The tokens, in the order they were given.
    pub tokens: Vec<TokenRoad>,
    /// For each role of the door, whether it can be had past the mappings.
    pub bypasses: Vec<RoleBypass>,
}

/// The road of one token.
#[derive(Debug)]
pub struct TokenRoad {
    /// Its claims.
    pub claims: Claims,
    /// What the mappings make of them.
    pub selection: Selection,
    /// Why ToolHive refuses the token, if it does.
    pub refusal: Option<Refusal>,
    /// The exchange for the role that was selected.
    pub exchange: Option<Result<Started, String>>,
}

/// An exchange that ToolHive makes.
#[derive(Debug)]
pub struct Started {
    /// The exchange.
    pub exchange: TokenExchange,
    /// What the trust policy says; `None` if none was given.
    pub trust: Option<Trust>,
    /// What the session may do; `None` if it is not started, or no policy of the role was given.
    pub session: Option<SessionMatrix>,
}

/// What a session may do.
#[derive(Debug)]
pub struct SessionMatrix {
    /// The policies that decide it.
    pub policies: PolicySet,
    /// The decisions.
    pub matrix: Matrix,
    /// Actions that the policies name and that have no row.
    pub actions_left_out: usize,
}

/// Whether a role can be had past the mappings, and what a session had so may do.
#[derive(Debug)]
pub struct RoleBypass {
    /// What was found.
    pub bypass: Bypass,
    /// What the session of the witness may do.
    pub session: Option<SessionMatrix>,
}

impl SessionMatrix {
    /// Whether two sessions may do the same, for the same reasons.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let rows = |session: &Self| -> Vec<_> {
            let questions = session.matrix.questions.iter();
            questions.map(|row| (row.action.clone(), row.resource.clone())).collect()
        };
        let alike = |one: &Answer, another: &Answer| {
            let cases = |answer: &Answer| -> Vec<_> {
                let cases = answer.cases.iter();
                cases.map(|case| (case.decision.clone(), case.when.clone())).collect()
            };
            cases(one) == cases(another) && one.left_open == another.left_open
        };
        let mut answers =
            self.matrix.answers.iter().flatten().zip(other.matrix.answers.iter().flatten());
        let (mine, others) = (&self.matrix, &other.matrix);
        let mut cells =
            mine.wildcard_cells.iter().flatten().zip(others.wildcard_cells.iter().flatten());
        let divided_alike = |one: &Divided, another: &Divided| match (one, another) {
            (Ok(one), Ok(another)) => one.agrees_with(another),
            (Err(one), Err(another)) => one == another,
            _ => false,
        };
        rows(self) == rows(other)
            && mine.wildcards == others.wildcards
            && answers.all(|(one, another)| alike(one, another))
            && cells.all(|(one, another)| divided_alike(one, another))
    }

    /// Whether some row on the path with this index is allowed or not, depending on what is unknown.
    pub fn depends(&self, path: usize) -> bool {
        let mut answers = self.matrix.answers.iter().filter_map(|row| row.get(path));
        let mut cells = self.matrix.wildcard_cells.iter().filter_map(|row| row.get(path));
        answers.any(|answer| answer.succeeds().is_none())
            || cells.any(|cell| cell.as_ref().map_or(true, |cell| cell.succeeds().is_none()))
    }

    /// The actions that are allowed for certain on the path with this index, and the wildcards all of
    /// whose members are, on every resource, in the order of the rows. What AWS exempts from authorization, and what it retired, is not among them.
    pub fn allowed(&self, path: usize) -> Vec<&str> {
        use iamsure_core::decision::Verdict;
        let mut actions: Vec<&str> = Vec::new();
        for (question, answers) in self.matrix.questions.iter().zip(&self.matrix.answers) {
            let allowed =
                answers.get(path).is_some_and(|answer| answer.verdict() == Some(Verdict::Allowed));
            let retired = iamsure_reference::action(question.action.as_str()).is_retired();
            if allowed && !retired && !actions.contains(&question.action.as_str()) {
                actions.push(question.action.as_str());
            }
        }
        for (wildcard, cells) in self.matrix.wildcards.iter().zip(&self.matrix.wildcard_cells) {
            let allowed = matches!(cells.get(path), Some(Ok(cell)) if cell.verdict() == Some(Verdict::Allowed));
            if allowed && wildcard.has_published() {
                actions.push(wildcard.stands_for.name());
            }
        }
        actions
    }
}

/// Sends every token through a door.
pub fn travel<'a>(door: Door<'a>, tokens: &[Claims], journey: &Journey) -> Road<'a> {
    let tokens: Vec<TokenRoad> =
        tokens.iter().map(|claims| token(&door, claims.clone(), journey)).collect();
    let holders: Vec<Holder<'_>> = tokens
        .iter()
        .map(|token| Holder {
            claims: &token.claims,
            chosen: token.selection.choice.role().filter(|_| token.refusal.is_none()),
        })
        .collect();
    let bypasses = door
        .config
        .roles()
        .into_iter()
        .map(|role| {
            let policies = journey.policies_of(role);
            let bypass = bypass::look(&door, role, &holders, &policies, &journey.switches);
            let witness = bypass.found.as_ref().and_then(|found| found.witness.as_ref());
            let session =
                witness.and_then(|witness| session(&witness.exchange, &policies, journey));
            RoleBypass { bypass, session }
        })
        .collect();
    Road { door, tokens, bypasses }
}

fn token(door: &Door<'_>, claims: Claims, journey: &Journey) -> TokenRoad {
    let selection = select(door.config, &claims);
    let refusal = refusal(door, &claims, &selection);
    let role = selection.choice.role().filter(|_| refusal.is_none());
    let exchange = role.map(|role| {
        let name = claims.text(&door.config.session_name_claim).unwrap_or_default();
        let exchange = TokenExchange::new(role, door.issuer, &claims, name)?;
        let policies = journey.policies_of(role);
        let trust = exchange.decide(&policies, &journey.switches);
        let starts = trust.as_ref().is_none_or(|trust| trust.succeeds() != Some(false));
        let session = if starts { session(&exchange, &policies, journey) } else { None };
        Ok(Started { exchange, trust, session })
    });
    TokenRoad { claims, selection, refusal, exchange }
}

/// What a session may do, by the policies of its role; `None` if none was given.
fn session(
    exchange: &TokenExchange,
    of_role: &PolicySet,
    journey: &Journey,
) -> Option<SessionMatrix> {
    let session = exchange.session();
    let mut policies = session.policies(of_role);
    // It decided the exchange, and decides nothing that the session asks for.
    policies.trust = None;
    if policies.identity.is_empty() {
        return None;
    }
    let mut context = Context::open();
    session.apply(&mut context);
    let mut asked = questions(&policies, &[], &[]);
    if !journey.actions.is_empty() {
        asked.add(questions(&policies, &journey.actions, &[]));
    }
    let Questions { rows, wildcards, actions_left_out } = asked;
    let query = MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: false,
        who: Who::Named(session.requester(false)),
        questions: rows,
        wildcards,
        paths: journey.paths.clone(),
        context,
        resource_account: None,
        switches: journey.switches,
        known_later: false,
        is_whole: true,
    };
    Some(SessionMatrix { matrix: Matrix::decide(query), policies, actions_left_out })
}
