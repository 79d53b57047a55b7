//! Proving and refuting: a claim is true if no request that would break it is possible.
//!
//! What the claim says of a request becomes more [statements](super::fact) of the same model, so that
//! its classes tell apart what the claim tells apart. In each small model the requests that break the
//! claim are then one function of the diagram. Where that is nothing, the claim is proved, for every
//! request there is. Where it is something, a request of it is made and decided again by core; only
//! then is the claim refuted. What is left between the two is said to be left.

mod proof;
mod scene;

use iamsure_core::decision::exemption::{EXEMPTIONS, is_unsigned};
use iamsure_core::decision::{Verdict as Decided, evaluate};
use iamsure_core::language::{ActionName, ActionPattern, Arn, ConditionKey};
use iamsure_core::world::{CallPath, CallPaths, PolicySet, Principal, Request, Switch, Switches};

use super::fact::Facts;
use super::formula::Search;
use super::{Body, Claim, session};
use crate::ask::Beside;
use crate::ask::stand_in::EitherWay;
use crate::class::requester::{Caller, service_linked};
use crate::dependence::{alternatives_for, may_be_rebuilt};
use crate::grounds::Grounds;
use crate::model::{Cell, Model, Outcome, Outcomes, ResourceRange, Scope};
use crate::open_world::{callers_own, opened, with_callers_own, with_grants};
use crate::sample::Who;
use crate::setting::{Setting, Stage};
use crate::table::those_that_matter;
use crate::unanswered::{Unanswered, Unaskable};

pub use proof::{Example, Proof, Reason, Verdict};
use scene::{Finding, Scene};

/// A claim, and what it is about.
#[derive(Clone, Debug)]
pub struct ClaimQuery {
    /// The policies.
    pub policies: PolicySet,
    /// The claim.
    pub claim: Claim,
    /// Which requests it is about.
    pub setting: Setting,
    /// The call paths that the claim may name.
    pub paths: CallPaths,
    /// Whether it must hold whatever other Allow is [attached later](crate::open_world).
    pub open_world: bool,
    /// Whether the callers have no policies but those given. If not, a claim about the policy of a resource or role alone must
    /// hold whatever theirs allow.
    pub is_whole: bool,
}

impl ClaimQuery {
    /// Proves or refutes the claim, and asks what it would be with every other choice where AWS is silent.
    ///
    /// # Errors
    /// If it takes more than the budget, or names what there is not.
    pub fn answer(&self) -> Result<Proof, Unanswered> {
        if let Some(limited) = self.limited() {
            return limited.answer();
        }
        let proof = self.for_every_value(Self::answer_of_values)?;
        Ok(session::for_any(proof, &self.policies, &self.setting.who))
    }

    /// As [`answer`](Self::answer), with the symbols in the policies as values.
    fn answer_of_values(&self) -> Result<Proof, Unanswered> {
        let (scene, proof, may_be_rebuilt) = self.staged()?;
        if !may_be_rebuilt {
            return Ok(proof);
        }
        let Proof { mut verdict, mut reasons, example, background, exempt, grounds } = proof;
        let stage = self.stage(&scene.said);
        let mut others = Vec::new();
        let is_half = self.is_half(&grounds.beside);
        let (scope, switches) = (self.scope(&stage), &self.setting.switches);
        for (switch, name, other) in alternatives_for(&scene.closed, switches, scope.actions) {
            // What a role may do to itself is for its own policies to say.
            let is_of_itself = is_half && switch == Switch::Q22;
            if is_of_itself
                || !is_asked(switch, self.actions())
                || scene.reads_alike(scope, switch, [switches, &other])
            {
                continue;
            }
            // Where a policy is not given, both ways with this choice too.
            let other = if grounds.missing.is_empty() && !is_half {
                scene.found(scope, &other)?.verdict
            } else {
                self.with(other).proof_of_values()?.verdict
            };
            if other != verdict {
                others.push(Reason::Switch(switch, name, other));
            }
        }
        let switches = others.iter().filter_map(Reason::choice).collect();
        if !others.is_empty() {
            verdict = Verdict::Depends;
            reasons.extend(others);
        }
        let grounds = Grounds { switches: Some(switches), ..grounds };
        Ok(Proof { verdict, reasons, example, background, exempt, grounds })
    }

    /// The same question with other choices where AWS is silent.
    fn with(&self, switches: Switches) -> Self {
        Self { setting: Setting { switches, ..self.setting.clone() }, ..self.clone() }
    }

    /// The condition keys that the policies or the claim ask about: what a request holds for any other changes no
    /// answer.
    pub fn keys(&self) -> Vec<ConditionKey> {
        let mut facts = Facts::default();
        let mut keys = self.policies.keys();
        // The search makes the facts.
        if Search::of(&self.claim.body, &mut facts, &self.paths).is_some() {
            keys.extend(facts.policies().iter().flat_map(PolicySet::keys));
        }
        keys
    }

    /// The actions that are asked about, if they are named.
    fn actions(&self) -> &[ActionPattern] {
        match &self.claim.body {
            Body::Never(said) | Body::Always(said) | Body::Some(said)
                if self.setting.actions.is_empty() =>
            {
                &said.target.actions
            }
            _ => &self.setting.actions,
        }
    }

    /// Which requests can decide the claim. Where it names actions, requests of others cannot.
    fn scope<'a>(&'a self, stage: &'a Stage<'_>) -> Scope<'a> {
        let scope = stage.scope();
        let actions = self.actions();
        if stage.exchanges_only {
            scope
        } else {
            let named = self.resources_named().map(ResourceRange::Of);
            let resources = named.unwrap_or_else(|| stage.resources_of(actions));
            Scope { actions, resources, ..scope }
        }
    }

    /// The resources that the claim names by ARNs and patterns of them: it is about those that a question about the same words is
    /// about. Variables, symbols and short ARNs are left to the entry that says the same in a policy.
    fn resources_named(&self) -> Option<&[String]> {
        let named = self.claim.resources();
        let is_of_arns = |text: &String| {
            Arn::split(text).is_some() && !text.contains("${") && !text.contains('<')
        };
        let is_asked = self.setting.resources.is_empty() && !named.is_empty();
        (is_asked && named.iter().all(is_of_arns)).then_some(named)
    }

    /// Proves or refutes the claim for the choices that were made where AWS is silent; whether the verdict
    /// depends on them is not asked.
    ///
    /// # Errors
    /// As [`answer`](Self::answer).
    pub fn proof(&self) -> Result<Proof, Unanswered> {
        if let Some(limited) = self.limited() {
            return limited.proof();
        }
        self.for_every_value(Self::proof_of_values)
    }

    /// The same question where the claim is about calls of which more is known: those that come through no VPC endpoint, at
    /// which its policy does not look (E-24), and those of a service-linked role, which the policies of the organization spare
    /// (E-21, E-23).
    fn limited(&self) -> Option<Self> {
        let paths: Vec<CallPath> = if let Some(path) = &self.setting.path {
            vec![path.clone()]
        } else {
            let named = self.claim.only_paths().into_iter();
            named.map(|name| self.paths.named(name).ok()).collect::<Option<_>>()?
        };
        let is_off = !paths.is_empty()
            && paths.iter().all(|path| path.through_endpoint() == Some(false))
            && self.policies.endpoint.is_some();
        let linked = || service_linked(self.claim.only_caller()?);
        let who = match &self.setting.who {
            Who::Anybody => linked().map(Who::Named),
            Who::Named(_) => None,
        };
        if !is_off && who.is_none() {
            return None;
        }
        let mut limited = self.clone();
        if is_off {
            limited.policies.endpoint = None;
        }
        if let Some(who) = who {
            limited.setting.who = who;
        }
        Some(limited)
    }

    /// What a model needs to know. A token alone is exchanged without a signature (E-32).
    fn stage(&self, said: &PolicySet) -> Stage<'_> {
        let mut stage = self.setting.stage_of_claim(&self.policies, said);
        let is_by_token = |caller: &Caller| {
            matches!(caller.requester.principal, Principal::FederatedCaller { .. })
        };
        let names_unsigned = |pattern: &ActionPattern| {
            ActionName::parse(pattern.as_str()).is_ok_and(|action| is_unsigned(&action))
        };
        let actions = self.actions();
        if self.setting.who == Who::Anybody
            && !actions.is_empty()
            && actions.iter().all(names_unsigned)
            && stage.callers.iter().any(is_by_token)
        {
            stage.callers.retain(is_by_token);
        }
        stage
    }

    fn proof_of_values(&self) -> Result<Proof, Unanswered> {
        self.staged().map(|(_, proof, _)| proof)
    }

    /// The proof, what it was made from, and whether it is small enough to be made again for every switch.
    fn staged(&self) -> Result<(Scene, Proof, bool), Unanswered> {
        for path in self.claim.paths() {
            self.paths.named(path).map_err(Unaskable::from)?;
        }
        if let Some(slip) = self.claim.remarks().into_iter().find(|remark| remark.is_vacuous) {
            return Err(Unaskable::Slip(slip).into());
        }
        let mut facts = Facts::default();
        let search =
            Search::of(&self.claim.body, &mut facts, &self.paths).ok_or(Unaskable::OfPolicies)?;
        let said = facts.policies().ok_or(Unaskable::NotSayable)?;
        let stage = self.stage(&said);
        let mut ways = stage.either_way(&self.policies);
        let opened = self.open_world.then(|| opened(&ways.delegating));
        let scene = Scene::new(ways.delegating.clone(), opened, said, search);
        let switches = &self.setting.switches;
        let views = scene.views(switches);
        let mut model = Model::build(&views, self.scope(&stage))?;
        if scene.is_about_nothing(&mut model)? {
            return Err(Unaskable::NoRequest.into());
        }
        let mut finding = scene.decide(&mut model, &views)?;
        let scope = self.scope(&stage);
        match views.first() {
            Some(view) if !self.open_world && !ways.missing.is_empty() => {
                let matter = those_that_matter(&ways.missing, *view, scope)?;
                ways.keep(&self.policies, &matter);
            }
            _ => ways.missing.clear(),
        }
        let mut closed = if self.open_world { &scene.closed } else { &ways.delegating };
        if let Some(silent) = ways.silent.as_ref().filter(|_| !ways.missing.is_empty()) {
            let other = scene.with(silent.clone()).found(scope, switches)?;
            (finding, closed) = either(finding, other, &ways, switches);
        }
        let own = self.if_callers_are_allowed(&scene, &ways, closed, scope)?;
        let Finding { mut verdict, mut reasons, found, background } = finding;
        let mut example = found.map(|found| scene.example(found, closed, switches));
        if let Some(allowed) = own
            && allowed.verdict != verdict
        {
            reasons.insert(0, Reason::CallersOwn([allowed.verdict, verdict]));
            reasons.extend(allowed.reasons);
            if let Some(found) = allowed.found {
                let extra = callers_own(&self.policies, &found.request.requester.principal);
                let shown = scene.example(found, &with_grants(closed, extra), switches);
                let extra = extra.to_vec();
                example = Some(Example { extra, ..shown });
            }
            verdict = Verdict::Depends;
        }
        let exempt = exempt_actions(&model, self.actions());
        let mut grounds = Grounds::of(&model, &stage, scope, &self.policies, ways.clone());
        if self.open_world {
            // Whatever such a policy allows was asked about.
            grounds.naming_nobody.clear();
        }
        let may_be_rebuilt = may_be_rebuilt(&model);
        drop(views);
        Ok((
            scene,
            Proof { verdict, reasons, example, background, exempt, grounds },
            may_be_rebuilt,
        ))
    }
}

impl ClaimQuery {
    /// Whether what the callers' own policies allow is left open.
    fn is_half(&self, beside: &Beside) -> bool {
        !self.open_world && !self.is_whole && beside.leaves_out_callers(&self.policies)
    }

    /// What is found if the callers' own policies, which were not given, allow everything. A request is allowed by those or
    /// it is not, so that what is so both ways is so whatever they say.
    fn if_callers_are_allowed(
        &self,
        scene: &Scene,
        ways: &EitherWay,
        closed: &PolicySet,
        scope: Scope<'_>,
    ) -> Result<Option<Finding>, Unanswered> {
        if !self.is_half(&ways.beside) {
            return Ok(None);
        }
        scene.with(with_callers_own(closed)).found(scope, &self.setting.switches).map(Some)
    }
}

/// Whether a switch is about some of these actions; all, if there are none.
fn is_asked(switch: Switch, actions: &[ActionPattern]) -> bool {
    // Whether a role assumes itself is asked of no other action.
    switch != Switch::Q22
        || actions.is_empty()
        || ActionName::parse("sts:AssumeRole")
            .is_ok_and(|action| actions.iter().any(|pattern| pattern.matches(&action)))
}

/// What is known if a policy that must exist was not given: `delegating` where it leaves the decision to the
/// account, `silent` where it does not allow the caller. And the policies that the example is decided by: where
/// both decide it alike, those without a stand-in.
fn either<'a>(
    delegating: Finding,
    silent: Finding,
    ways: &'a EitherWay,
    switches: &Switches,
) -> (Finding, &'a PolicySet) {
    let verdicts = [delegating.verdict, silent.verdict];
    let alike = |finding: &Finding| {
        let decided = |policies: &PolicySet, request: &Request| {
            evaluate(policies, request, switches).outcome.decided().map(|one| one.verdict)
        };
        finding.found.as_ref().is_none_or(|found| {
            decided(&ways.delegating, &found.request) == decided(ways.silenced(), &found.request)
        })
    };
    let [first, second] = verdicts;
    if first == second {
        if alike(&silent) {
            return (silent, ways.silenced());
        }
        if alike(&delegating) {
            return (delegating, ways.silenced());
        }
    }
    let reason = Reason::NotGiven(ways.missing.clone(), verdicts);
    let is_found = delegating.found.is_some();
    let (mut shown, policies) =
        if is_found { (delegating, &ways.delegating) } else { (silent, ways.silenced()) };
    shown.verdict = Verdict::Depends;
    shown.reasons.insert(0, reason);
    (shown, policies)
}

/// The published actions in scope that AWS does not authorize.
fn exempt_actions(model: &Model, asked: &[ActionPattern]) -> Vec<String> {
    let exempt = Outcomes::only(Outcome::Verdict(Decided::Exempt)).0;
    let is_exempt = |cell: &&Cell| {
        let residual = model.residuals.get(cell.residual);
        residual.and_then(|residual| residual.answers.first()?.as_leaf()) == Some(exempt)
    };
    let classes: Vec<usize> =
        model.cells.iter().filter(is_exempt).map(|cell| cell.action).collect();
    let in_scope = |name: &&str| {
        let known = iamsure_reference::action(name).known();
        let is_asked = asked.is_empty()
            || ActionName::parse(name)
                .is_ok_and(|name| asked.iter().any(|pattern| pattern.matches(&name)));
        is_asked
            && known
                .and_then(|known| model.actions.class_of(known))
                .is_some_and(|class| classes.contains(&class))
    };
    EXEMPTIONS.iter().map(|known| known.action).filter(in_scope).map(str::to_owned).collect()
}
