//! The setting of a question about all requests: who asks, how requests arrive, what is fixed.

use iamsure_core::decision::applicable::TRUST_ACTIONS;
use iamsure_core::language::document::PolicyType;
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{CallPath, Context, KeyState, PolicySet, Request, Requester, Switches};

use crate::budget::Budget;
use crate::class::requester::{Caller, callers};
use crate::matrix::{EXAMPLE_ACCOUNT, sample_requester, with_delegating};
use crate::model::{Knowledge, Scope};
use crate::shape::knowledge;

/// Which requests a question is about. By default: every request.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Who asks, if it was said.
    pub requester: Option<Requester>,
    /// How the request arrives, if it was said.
    pub path: Option<CallPath>,
    /// Keys that were said; all others are free.
    pub context: Context,
    /// The actions; all, if it is empty.
    pub actions: Vec<ActionPattern>,
    /// The resources; all, if it is empty.
    pub resources: Vec<String>,
    /// The account that owns the resources, if it was said.
    pub resource_account: Option<String>,
    /// The choices where AWS is silent.
    pub switches: Switches,
    /// How much work it may take.
    pub budget: Budget,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            requester: None,
            path: None,
            context: Context::open(),
            actions: Vec::new(),
            resources: Vec::new(),
            resource_account: None,
            switches: Switches::default(),
            budget: Budget::default(),
        }
    }
}

impl Setting {
    /// What a model needs to know of the setting, if these policies are asked what they decide.
    pub(crate) fn stage_of_decisions(&self, policies: &[&PolicySet]) -> Stage<'_> {
        let mut stage = self.stage_asking(policies, &[]);
        let of_trust =
            |policies: &&PolicySet| policies.policies().all(|(kind, ..)| kind == PolicyType::Trust);
        // A trust policy decides nothing but exchanges.
        stage.exchanges_only = stage.actions.is_empty() && policies.iter().all(of_trust);
        if stage.exchanges_only {
            stage.actions = TRUST_ACTIONS.iter().map(|name| ActionPattern::new(*name)).collect();
        }
        stage
    }

    /// What a model needs to know of the setting, if these policies are asked.
    pub(crate) fn stage(&self, policies: &[&PolicySet]) -> Stage<'_> {
        self.stage_asking(policies, &[])
    }

    /// As [`stage_of_decisions`](Self::stage_of_decisions), if the statements of `beside` are asked about the same
    /// requests.
    pub(crate) fn stage_of_claim(&self, policies: &PolicySet, beside: &PolicySet) -> Stage<'_> {
        let mut stage = self.stage_of_decisions(&[policies]);
        stage.worlds = self.stage_asking(&[policies], &[beside]).worlds;
        stage
    }

    fn stage_asking(&self, policies: &[&PolicySet], beside: &[&PolicySet]) -> Stage<'_> {
        let own = self.resource_account.clone().unwrap_or_else(|| EXAMPLE_ACCOUNT.to_owned());
        let callers = match &self.requester {
            Some(requester) => vec![caller(requester.clone())],
            None => callers(policies, &own).unwrap_or_else(|| vec![caller(sample_requester())]),
        };
        let anybody = self.requester.is_none() && callers.len() == 1;
        let template = self.template(&callers, &own);
        let mut worlds = self.worlds(&template);
        if anybody {
            let all: Vec<&PolicySet> = policies.iter().chain(beside).copied().collect();
            worlds = of_users_and_roles(worlds, &all);
        }
        let known = move |key: &ConditionKey, caller: &Caller| {
            knowledge(key, (!anybody).then_some(&caller.requester.principal))
        };
        Stage {
            setting: self,
            callers,
            actions: self.actions.clone(),
            exchanges_only: false,
            template,
            worlds,
            known: Box::new(known),
        }
    }

    fn template(&self, callers: &[Caller], own: &str) -> Request {
        let requester =
            callers.first().map_or_else(sample_requester, |caller| caller.requester.clone());
        // A name that every reading accepts; the model puts its own in its place.
        let action = ActionName::parse("sts:GetCallerIdentity");
        let mut template = match action {
            Ok(action) => Request::new(requester, action, "*", Context::closed()),
            Err(_) => return self.template(&[], own),
        };
        template.resource_account.clone_from(&self.resource_account);
        if self.requester.is_none() && template.resource_account.is_none() {
            // Nobody said whose the resources are: they are taken as the caller's own.
            template.resource_account = Some(own.to_owned());
        }
        template
    }

    /// What is known of the keys: what was said, what the path fixes, what follows from the caller.
    fn worlds(&self, template: &Request) -> Vec<Context> {
        let mut context = self.context.clone();
        if self.requester.is_some() {
            let account = ConditionKey::new("aws:ResourceAccount");
            for (key, state) in derived_keys(template) {
                let follows = key != account || template.resource_account.is_some();
                if follows && state != KeyState::Unknown && !context.is_set(&key) {
                    context.set(key, state);
                }
            }
        }
        let Some(path) = &self.path else { return vec![context] };
        path.worlds()
            .iter()
            .map(|world| {
                let mut context = context.clone();
                world.apply(&mut context);
                context
            })
            .collect()
    }
}

/// What is known of a key before any request of a caller.
type Known = dyn Fn(&ConditionKey, &Caller) -> Knowledge;

/// A setting made ready for some policies.
pub(crate) struct Stage<'a> {
    setting: &'a Setting,
    /// Who may ask.
    pub(crate) callers: Vec<Caller>,
    /// The actions; all, if it is empty.
    actions: Vec<ActionPattern>,
    /// Whether only the actions of exchanges are asked about.
    pub(crate) exchanges_only: bool,
    template: Request,
    worlds: Vec<Context>,
    known: Box<Known>,
}

impl Stage<'_> {
    /// Which requests are asked about.
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            callers: &self.callers,
            template: &self.template,
            worlds: &self.worlds,
            actions: &self.actions,
            resources: &self.setting.resources,
            knowledge: &*self.known,
            budget: self.setting.budget,
        }
    }

    /// The one who asks, if it was said or is all the same.
    pub(crate) fn only_requester(&self) -> Option<&Requester> {
        match self.callers.as_slice() {
            [only] => Some(&only.requester),
            _ => None,
        }
    }

    /// The policies with stand-ins for those that must exist and were not given; and which.
    pub(crate) fn with_stand_ins(&self, policies: &PolicySet) -> (PolicySet, Vec<PolicyType>) {
        match self.only_requester() {
            Some(requester) => with_delegating(policies, requester),
            None => (policies.clone(), Vec::new()),
        }
    }

    /// Whether every caller is of the account that the resources are taken to be of.
    pub(crate) fn is_of_one_account(&self) -> bool {
        self.callers.iter().all(|caller| {
            let request = Request { requester: caller.requester.clone(), ..self.template.clone() };
            request.is_same_account()
        })
    }

    /// Whether a key is free: nothing fixes its state in any world.
    pub(crate) fn is_free(&self, key: &ConditionKey) -> bool {
        self.worlds.iter().all(|world| *world.state(key) == KeyState::Unknown)
    }

    /// Whether it matters that the resources are taken as the caller's own account's, since nobody
    /// said whose they are: a policy of a resource is among the policies, or an ARN that names another
    /// account than the sample caller's.
    pub(crate) fn takes_resources_as_own(&self, policies: &PolicySet) -> bool {
        let another = |text: &str| {
            text.split(':').nth(4).is_some_and(|account| {
                account != EXAMPLE_ACCOUNT && account.chars().any(|c| c.is_ascii_digit())
            })
        };
        let mut entries = policies.statements().flat_map(|(_, _, statement)| {
            statement.resource.iter().flat_map(|element| &element.entries)
        });
        self.setting.requester.is_none()
            && self.setting.resource_account.is_none()
            && (policies.resource.is_some() || entries.any(|entry| another(entry.as_str())))
    }
}

/// The worlds of whoever identity-based policies may hang on: some user or some role. Only keys that the
/// policies ask about are told.
fn of_users_and_roles(worlds: Vec<Context>, policies: &[&PolicySet]) -> Vec<Context> {
    let asks = |key: &ConditionKey| policies.iter().any(|policies| policies.keys().contains(key));
    let is_open = |key: &ConditionKey, worlds: &[Context]| {
        asks(key) && worlds.iter().all(|world| !world.is_set(key))
    };
    let mut worlds = worlds;
    let is_service = ConditionKey::new("aws:PrincipalIsAWSService");
    if is_open(&is_service, &worlds) {
        for world in &mut worlds {
            world.set(is_service.clone(), KeyState::single("false"));
        }
    }
    let kind = ConditionKey::new("aws:PrincipalType");
    if !is_open(&kind, &worlds) {
        return worlds;
    }
    let of = |world: &Context, name: &str| {
        let mut world = world.clone();
        world.set(kind.clone(), KeyState::single(name));
        world
    };
    worlds.iter().flat_map(|world| ["AssumedRole", "User"].map(|name| of(world, name))).collect()
}

fn caller(requester: Requester) -> Caller {
    Caller::new("the caller", requester)
}
