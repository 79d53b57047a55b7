//! Running a test: its cases decided, its claim proved, and what was missed.

use std::collections::{BTreeSet, HashMap};

use iamsure_core::decision::{Truth, Verdict, evaluate};
use iamsure_core::language::document::Effect;
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Request, Switch};
use iamsure_truth::ask::Answer;
use iamsure_truth::claim::{Body as ClaimBody, ClaimQuery, ClaimVerdict, Proof, Reason};
use iamsure_truth::comparison::{Comparison, ComparisonQuery};
use iamsure_truth::inert::{InertQuery, NoneInert};
use iamsure_truth::matrix::{MatrixQuery, OwnPolicies};
use iamsure_truth::open_world::opened;

use super::case::Case;
use super::expectation::{Expectation, Who, Word, Words};
use super::test::{Body, ClaimTest, Given, Test};

/// What came of a test.
#[derive(Clone, Debug)]
pub enum Decided {
    /// It was not run; why.
    Skipped(String),
    /// What came of its cases, in order.
    Cases(Vec<Outcome>),
    /// What came of its claim.
    Claim(Box<ClaimOutcome>),
}

/// What came of one case.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was decided as expected.
    Passed(Box<Passed>),
    /// It was not.
    Failed(Box<Miss>),
    /// It could not be decided; why.
    Errored(String),
}

/// A case that was decided as expected.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The answer.
    pub(crate) answer: Answer,
    /// The choices where AWS is silent with which it would be decided otherwise.
    pub switches: BTreeSet<Switch>,
}

/// A case that was not decided as expected.
#[derive(Clone, Debug)]
pub struct Miss {
    /// The answer that is not as expected.
    pub answer: Answer,
    /// Beside which other policies it was found.
    pub given: Given,
    /// The policies that decided.
    pub policies: PolicySet,
    /// The statements that explain it: those that were expected to decide and did not, then those that
    /// did and were not.
    pub points: Vec<StatementId>,
    /// The names that were expected to decide and that no statement of the policies has.
    pub nobody: Vec<Who>,
    /// What remains of the access, where it is the same as expected.
    pub access: Access,
}

/// What a miss means for access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// It is not what was expected.
    Other,
    /// It is denied as expected, for another reason, which no Allow that is attached later can change.
    StillDenied,
    /// It is denied as expected, and any Allow that somebody attaches lets it through.
    DeniedUntilAllowed,
    /// It is allowed as expected, by something else.
    StillAllowed,
}

/// What came of a claim.
#[derive(Clone, Debug)]
pub struct ClaimOutcome {
    /// What came of it; or why nothing did.
    pub verdict: Result<ClaimVerdict, String>,
    /// Whether that is a check of the program's own that failed.
    pub is_internal: bool,
    /// What shows it.
    pub shown: Shown,
}

/// What shows the verdict of a claim.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing does.
    Nothing,
    /// The proof, with its example.
    Proof(Box<Proof>),
    /// What every statement does.
    Inert(Box<NoneInert>),
    /// What the policies decide otherwise, and the choices where AWS is silent that the verdict depends on.
    Compared(Box<Comparison>, Vec<Reason>),
}

/// Runs one test.
pub fn decide(test: &Test) -> Decided {
    if let Some(reason) = &test.todo {
        return Decided::Skipped(reason.clone());
    }
    match &test.body {
        Body::Cases(cases) => Decided::Cases(outcomes(cases)),
        Body::Claim(claim) => Decided::Claim(Box::new(claim.decide())),
    }
}

/// What comes of each case. Those that ask the same are decided once.
fn outcomes(cases: &[Case]) -> Vec<Outcome> {
    let mut known = HashMap::new();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(cases.len());
    for case in cases {
        let place = *known.entry(case.identity()).or_insert(outcomes.len());
        outcomes.push(outcomes.get(place).cloned().unwrap_or_else(|| case.decide()));
    }
    outcomes
}

impl Case {
    /// Decides the case.
    pub fn decide(&self) -> Outcome {
        let query = &self.scene.query;
        let answer = match self.answer(query) {
            Ok(answer) => answer,
            Err(error) => return Outcome::Errored(error),
        };
        if !self.expected.holds(&answer, &query.policies) {
            return self.missed(answer, query, Given::Nothing);
        }
        if let Some(opened) = self.scene.opened.as_ref().filter(|_| self.expected.is_denial()) {
            match self.answer(opened) {
                Ok(answer) if !self.expected.holds(&answer, &opened.policies) => {
                    return self.missed(answer, opened, Given::AnyOtherAllow);
                }
                Ok(_) => {}
                Err(error) => return Outcome::Errored(error),
            }
        }
        let switches = query.cell_switches(&self.path, &self.question());
        Outcome::Passed(Box::new(Passed { answer, switches }))
    }

    /// The answer by these policies.
    pub(super) fn answer(&self, query: &MatrixQuery) -> Result<Answer, String> {
        let PathKind::Exchange(operation) = self.path.kind() else {
            let answer = query.cell(&self.path, &self.question());
            if answer.cases.is_empty() {
                return Err("no request was found".to_owned());
            }
            return Ok(answer);
        };
        if !operation.action().eq_ignore_ascii_case(self.action.as_str()) {
            return Err(format!(
                "on the path `{}` the call is {}, not {}",
                self.path.name(),
                operation.action(),
                self.action
            ));
        }
        let exchanges = match query.who.named() {
            Some(requester) => {
                let role = self.resource_was_said.then_some(self.resource.as_str());
                query.exchange_by(&self.path, requester, role).into_iter().collect()
            }
            None => query.exchanges(&self.path),
        };
        let mut answers = exchanges.into_iter().map(|exchange| {
            let answer = exchange.answer.ok_or_else(|| match exchange.refused {
                Some(why) => format!("the exchange is refused regardless of the policies: {why}"),
                None => "the exchange cannot be decided: the set has no trust policy".to_owned(),
            })?;
            let is_allowed = answer.succeeds() != Some(false);
            if is_allowed && query.who.named().is_some() && exchange.own_policies != OwnPolicies::NotAsked {
                return Err(
                    "the trust policy allows it only if the caller's own policies (not given) do too: combine those and the trust policy in a policy set, and set the role in `resources` and its account in `resource-account`, without a call path"
                        .to_owned(),
                );
            }
            Ok(answer)
        });
        let first = answers.next().unwrap_or_else(|| {
            Err("the trust policy names no principal for this exchange".to_owned())
        })?;
        // Everybody whom the trust policy names must get what is expected.
        answers.try_fold(first, |first, answer| {
            let answer = answer?;
            let is_fine = self.expected.holds(&first, &query.policies);
            Ok(if is_fine { answer } else { first })
        })
    }

    fn missed(&self, answer: Answer, query: &MatrixQuery, given: Given) -> Outcome {
        let policies = &query.policies;
        let words = match &*self.expected {
            Expectation::Cases(cases) => cases.as_slice(),
            Expectation::Depends => &[],
        };
        let mut points = Vec::new();
        let mut nobody = Vec::new();
        let mut add = |id: StatementId| {
            if !points.contains(&id) {
                points.push(id);
            }
        };
        let decided = |id: &StatementId| {
            answer.cases.iter().all(|case| case.decision.statements.contains(id))
        };
        for who in words.iter().flat_map(|words| &words.by) {
            if matches!(who, Who::Layer(_)) {
                continue;
            }
            let meant = who.statements(policies);
            if meant.is_empty() {
                nobody.push(who.clone());
            }
            meant.into_iter().filter(|id| !decided(id)).for_each(&mut add);
        }
        let unexpected = |verdict: Verdict| !words.iter().any(|words| words.word.says(verdict));
        for case in &answer.cases {
            if unexpected(case.decision.verdict) || points_are_needed(words) {
                case.decision.statements.iter().copied().for_each(&mut add);
            }
        }
        // What nearly did what was expected.
        for case in &answer.cases {
            let succeeds = case.decision.verdict.succeeds();
            let effect = if succeeds { Effect::Deny } else { Effect::Allow };
            if unexpected(case.decision.verdict) && (succeeds || words.iter().any(is_allowed)) {
                near(policies, effect, &case.witness, query).into_iter().for_each(&mut add);
            }
        }
        let access = self.access(&answer, query);
        let policies = policies.clone();
        Outcome::Failed(Box::new(Miss { answer, given, policies, points, nobody, access }))
    }

    fn access(&self, answer: &Answer, query: &MatrixQuery) -> Access {
        let Expectation::Cases(words) = &*self.expected else { return Access::Other };
        let wanted = |words: &Words| match words.word {
            Word::Allowed | Word::Exempt => true,
            Word::Denied | Word::ExplicitlyDenied | Word::ImplicitlyDenied => false,
        };
        let Some(succeeds) = answer.succeeds() else { return Access::Other };
        if words.iter().any(|words| wanted(words) != succeeds) {
            return Access::Other;
        }
        if succeeds {
            return Access::StillAllowed;
        }
        let most = opened(&query.policies);
        let gets_through = |request: &Request| {
            let outcome = evaluate(&most, request, &query.switches).outcome;
            outcome.decided().is_some_and(|decision| decision.verdict.succeeds())
        };
        if answer.cases.iter().any(|case| gets_through(&case.witness)) {
            Access::DeniedUntilAllowed
        } else {
            Access::StillDenied
        }
    }
}

/// Whether the words name somebody, so that who decided instead is of interest.
fn points_are_needed(words: &[Words]) -> bool {
    words.iter().any(|words| !words.by.is_empty())
}

fn is_allowed(words: &Words) -> bool {
    words.word == Word::Allowed
}

/// The statements of an effect that name the action and the resource of a request and whose condition is not
/// true of it.
fn near(
    policies: &PolicySet,
    wanted: Effect,
    request: &Request,
    query: &MatrixQuery,
) -> Vec<StatementId> {
    let near = evaluate(policies, request, &query.switches).statements.into_iter().filter(
        |(_, effect, matched)| {
            *effect == wanted
                && matched.action == Truth::True
                && matched.resource != Truth::False
                && matched.principal != Truth::False
                && matched.truth() != Truth::True
        },
    );
    near.map(|(id, ..)| id).collect()
}

impl ClaimTest {
    /// Proves or refutes the claim.
    pub fn decide(&self) -> ClaimOutcome {
        let open_world = self.given == Given::AnyOtherAllow;
        match &self.claim.body {
            ClaimBody::NoInertStatements => self.inertness(open_world),
            ClaimBody::SameDecisionsAs(_) | ClaimBody::NoMoreThan(_) => self.comparison(open_world),
            _ => {
                let query = ClaimQuery {
                    policies: self.policies.clone(),
                    claim: self.claim.clone(),
                    setting: self.setting.clone(),
                    paths: self.paths.clone(),
                    open_world,
                    is_whole: false,
                };
                match query.answer() {
                    Ok(proof) => ClaimOutcome {
                        verdict: Ok(proof.verdict),
                        is_internal: false,
                        shown: Shown::Proof(Box::new(proof)),
                    },
                    Err(error) => {
                        let is_internal = error.is_bug();
                        ClaimOutcome::unknown(error.to_string(), is_internal)
                    }
                }
            }
        }
    }

    /// Whether the expectation was met.
    pub fn is_met(&self, outcome: &ClaimOutcome) -> bool {
        outcome.verdict == Ok(self.expected.0)
    }

    fn inertness(&self, open_world: bool) -> ClaimOutcome {
        let query = InertQuery {
            policies: self.policies.clone(),
            setting: self.setting.clone(),
            examples: false,
        };
        match query.claim(open_world) {
            Ok(answer) => ClaimOutcome {
                verdict: Ok(answer.verdict),
                is_internal: false,
                shown: Shown::Inert(Box::new(answer)),
            },
            Err(error) => {
                let is_internal = error.is_bug();
                ClaimOutcome::unknown(error.to_string(), is_internal)
            }
        }
    }

    fn comparison(&self, open_world: bool) -> ClaimOutcome {
        let query = ComparisonQuery {
            before: self.other.clone().unwrap_or_default(),
            after: self.policies.clone(),
            setting: self.setting.clone(),
            open_world,
            is_whole: false,
        };
        let only_wider = matches!(self.claim.body, ClaimBody::NoMoreThan(_));
        let answer = query.answer().and_then(|comparison| {
            let (verdict, reasons) = query.claim(&comparison, only_wider)?;
            Ok((comparison, verdict, reasons))
        });
        match answer {
            Ok((comparison, verdict, reasons)) => ClaimOutcome {
                verdict: Ok(verdict),
                is_internal: false,
                shown: Shown::Compared(Box::new(comparison), reasons),
            },
            Err(error) => {
                let is_internal = error.is_bug();
                ClaimOutcome::unknown(error.to_string(), is_internal)
            }
        }
    }
}

impl ClaimOutcome {
    fn unknown(error: String, is_internal: bool) -> Self {
        Self { verdict: Err(error), is_internal, shown: Shown::Nothing }
    }
}
