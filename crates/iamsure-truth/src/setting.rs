//! The setting of a question about all requests: who asks, how requests arrive, what is fixed.

use iamsure_core::decision::applicable::TRUST_ACTIONS;
use iamsure_core::language::document::PolicyType;
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Principal, Request, Requester, Switches,
};

use iamsure_reference::action;

use crate::ask::callers::Callers;
use crate::ask::stand_in::{EitherWay, either_way};
use crate::ask::{Known, Worlds};
use crate::background::knowledge::{Anybody, knowledge_of, knowledge_of_anybody};
use crate::budget::Budget;
use crate::class::requester::{Caller, callers};
use crate::class::resource::{ResourceKind, ResourceRange};
use crate::class::value::Domain;
use crate::grounds::TakenOwner;
use crate::known_later::Bounds;
use crate::model::{Knowledge, Scope};
use crate::sample::{
    EXAMPLE_ACCOUNT, Who, account_beside, account_named_by, account_of, is_of_owner, owner_in,
    sample_requester,
};

/// Which requests a question is about. By default: every request.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Who makes the requests.
    pub who: Who,
    /// How the request arrives, if given.
    pub path: Option<CallPath>,
    /// Keys that were said; all others are free.
    pub context: Context,
    /// The actions; all, if it is empty.
    pub actions: Vec<ActionPattern>,
    /// The resources, by name or by pattern: `*` and `?` are wildcards, and `*` alone is no resource in particular. All, if it
    /// is empty.
    pub resources: Vec<String>,
    /// The account that owns the resources, if given.
    pub resource_account: Option<String>,
    /// The choices where AWS is silent.
    pub switches: Switches,
    /// Whether placeholders in the policies stand for values that are known when they are deployed, as those of a template
    /// do: a claim is asked for every value ([`known_later`](crate::known_later)). If not, a placeholder is a value that
    /// equals only itself.
    pub known_later: bool,
    /// Symbols that a table is about, in any text: each is one value, whichever it is.
    pub named_symbols: String,
    /// How much work it may take.
    pub budget: Budget,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            who: Who::Anybody,
            path: None,
            context: Context::open(),
            actions: Vec::new(),
            resources: Vec::new(),
            resource_account: None,
            switches: Switches::default(),
            known_later: false,
            named_symbols: String::new(),
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
        // A trust policy decides nothing but exchanges, and is of roles alone.
        let is_of_roles = policies.iter().all(of_trust);
        stage.of_roles = if is_of_roles { &TRUST_ACTIONS } else { &BECOMING };
        stage.exchanges_only = is_of_roles && stage.actions.is_empty();
        let exchange = match self.path.as_ref().map(CallPath::kind) {
            Some(PathKind::Exchange(operation)) if self.is_by_token() => Some(operation),
            _ => None,
        };
        if let Some(operation) = exchange.filter(|_| stage.actions.is_empty()) {
            stage.actions = vec![ActionPattern::new(operation.action())];
        } else if stage.exchanges_only {
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
        let asked = self.stage_asking(&[policies], &[beside]);
        (stage.worlds, stage.known) = (asked.worlds, asked.known);
        stage
    }

    fn stage_asking(&self, policies: &[&PolicySet], beside: &[&PolicySet]) -> Stage<'_> {
        let own = self.account(policies);
        let callers = match &self.who {
            Who::Named(requester) => vec![caller(requester.clone())],
            Who::Anybody => {
                callers(policies, &own).unwrap_or_else(|| vec![caller(sample_requester(&own))])
            }
        };
        let callers = self.with_tokens(callers, &own);
        let anybody = self.who == Who::Anybody && callers.len() == 1 && !self.is_by_token();
        let worlds = self.worlds(&callers, &own);
        let all: Vec<&PolicySet> = policies.iter().chain(beside).copied().collect();
        let worlds = if anybody { worlds.of_anybody(&all) } else { worlds };
        let contexts = worlds.requests().iter().map(|request| request.context.clone()).collect();
        let (path, asking) = (self.path.as_ref(), Anybody::asking(&all));
        let in_aws = all.iter().all(|policies| names_partition_aws_alone(policies));
        let known = move |key: &ConditionKey, caller: &Caller| {
            let mut known = if anybody {
                knowledge_of_anybody(key, asking, path)
            } else {
                knowledge_of(key, caller, path)
            };
            if let (Domain::Identity(identity), true) = (known.domain, in_aws) {
                known.domain = Domain::Identity(identity.of_partition_aws());
            }
            known
        };
        Stage {
            setting: self,
            callers,
            actions: self.actions.clone(),
            exchanges_only: false,
            of_roles: &[],
            template: worlds.first().clone(),
            worlds: contexts,
            account: own,
            known: Box::new(known),
        }
    }

    /// Whether the path says whose token is exchanged.
    fn is_by_token(&self) -> bool {
        self.path.as_ref().is_some_and(|path| path.token().is_some())
    }

    /// On a path of a token, those of the callers that bring one; of nobody in particular, an example.
    fn with_tokens(&self, callers: Vec<Caller>, own: &str) -> Vec<Caller> {
        let path = self.path.as_ref().filter(|_| self.who == Who::Anybody);
        let Some((path, shape)) = path.and_then(|path| Some((path, path.token()?))) else {
            return callers;
        };
        let brings = |caller: &Caller| match &caller.requester.principal {
            Principal::FederatedCaller { provider } => path.may_be_of(provider),
            _ => false,
        };
        let found: Vec<Caller> = callers.into_iter().filter(brings).collect();
        if !found.is_empty() {
            return found;
        }
        let provider = shape.example_provider(own);
        let name = format!("token of {provider}");
        vec![Caller::new(name, Requester::from(Principal::FederatedCaller { provider }))]
    }

    /// The bounds of policies whose symbols are known later; `None` if there are none, or symbols are values.
    pub(crate) fn bounds(&self, policies: &PolicySet) -> Option<Bounds> {
        let resources: Vec<&str> = self.resources.iter().map(String::as_str).collect();
        self.known_later.then(|| Bounds::about(policies, &self.named_symbols, &resources)).flatten()
    }

    /// The account of callers and resources, where the question names none: that of the resources it is about,
    /// or the one that the policies name.
    fn account(&self, policies: &[&PolicySet]) -> String {
        if let Some(account) = self.resource_account.as_deref().or_else(|| owner_in(&self.context))
        {
            return account.to_owned();
        }
        let mut named: Vec<&str> =
            self.resources.iter().filter_map(|resource| account_of(resource)).collect();
        named.sort_unstable();
        named.dedup();
        match named.as_slice() {
            [only] => (*only).to_owned(),
            _ => account_named_by(policies.iter().copied()).to_owned(),
        }
    }

    /// Where nobody said whose the resources are, and a Principal names the account that is taken for examples: the setting
    /// in which they are of an account that none names. That account is then a stranger's, as any other number would be.
    pub(crate) fn of_a_stranger(&self, policies: &[&PolicySet]) -> Option<Self> {
        let has_own = policies.iter().any(|policies| policies.resource.is_some());
        let is_open = self.who == Who::Anybody && self.resource_account.is_none();
        if !has_own || !is_open || self.account(policies) != EXAMPLE_ACCOUNT {
            return None;
        }
        let statements = || policies.iter().flat_map(|policies| policies.statements());
        let of_resources = statements().filter_map(|(.., found)| found.resource.as_ref());
        let mut resources = of_resources.flat_map(|element| &element.entries);
        let is_told = resources.any(|entry| account_of(entry.as_str()) == Some(EXAMPLE_ACCOUNT));
        let of_principals = statements().filter_map(|(.., found)| found.principal.as_ref());
        let principals: Vec<&str> = of_principals
            .flat_map(|element| &element.entries)
            .filter_map(|entry| account_of(entry.as_str()).or(Some(entry.as_str())))
            .collect();
        let stranger = account_beside(|account| principals.contains(&account))?;
        (!is_told && stranger != EXAMPLE_ACCOUNT)
            .then(|| Self { resource_account: Some(stranger.to_owned()), ..self.clone() })
    }

    /// The requests of every world, about no action or resource.
    fn worlds(&self, callers: &[Caller], own: &str) -> Worlds<'_> {
        let requester = callers
            .first()
            .map_or_else(|| sample_requester(own), |caller| caller.requester.clone());
        let mut request =
            Request::new(requester, ActionName::get_caller_identity(), "*", self.context.clone());
        request.resource_account.clone_from(&self.resource_account);
        if self.who == Who::Anybody && request.resource_account.is_none() {
            // Whose the resources are is not given: they belong to this account.
            request.resource_account = Some(own.to_owned());
        }
        let known = Known::Derived { resource: false };
        Worlds::of(request, &self.who, self.path.as_ref(), known)
    }
}

/// Whether an action is asked of KMS keys and of nothing else, as AWS publishes it.
///
/// AWS page: Service Authorization Reference, `list_awskeymanagementservice` (resource types).
fn is_of_keys(one: &ActionPattern) -> bool {
    let Some(action) = action(one.as_str()).known() else { return false };
    let mut kinds = action.resource_types().peekable();
    is_of_kms(one.as_str()) && kinds.peek().is_some() && kinds.all(|kind| kind.name() == "key")
}

fn is_of_kms(action: &str) -> bool {
    action.split(':').next().is_some_and(|service| service.eq_ignore_ascii_case("kms"))
}

/// The actions that give a session of a role, and are asked of nothing else.
///
/// AWS page: Service Authorization Reference, `list_awssecuritytokenservice`.
const BECOMING: [&str; 3] =
    ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// What is known of a key before any request of a caller.
type KnowledgeOf<'a> = dyn Fn(&ConditionKey, &Caller) -> Knowledge + 'a;

/// A setting made ready for some policies.
pub(crate) struct Stage<'a> {
    setting: &'a Setting,
    /// Who may ask.
    pub(crate) callers: Vec<Caller>,
    /// The actions; all, if it is empty.
    actions: Vec<ActionPattern>,
    /// Whether only the actions of exchanges are asked about.
    pub(crate) exchanges_only: bool,
    /// The actions of which no other resource than roles matters.
    of_roles: &'static [&'static str],
    template: Request,
    worlds: Vec<Context>,
    /// The account of callers and resources, where the question names none.
    pub(crate) account: String,
    known: Box<KnowledgeOf<'a>>,
}

impl Stage<'_> {
    /// Which requests are asked about.
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            callers: &self.callers,
            template: &self.template,
            worlds: &self.worlds,
            actions: &self.actions,
            resources: self.resources_of(&self.actions),
            knowledge: &*self.known,
            budget: self.setting.budget,
        }
    }

    /// Which resources these actions are asked of.
    pub(crate) fn resources_of(&self, actions: &[ActionPattern]) -> ResourceRange<'_> {
        match self.setting.resources.as_slice() {
            [] => ResourceRange::Every(self.kind_of(actions)),
            named => ResourceRange::Of(named),
        }
    }

    fn kind_of(&self, actions: &[ActionPattern]) -> ResourceKind {
        let is_of_roles = |one: &ActionPattern| {
            self.of_roles.iter().any(|name| name.eq_ignore_ascii_case(one.as_str()))
        };
        match actions {
            [] => ResourceKind::Any,
            all if all.iter().all(is_of_roles) => ResourceKind::Roles,
            all if all.iter().all(is_of_keys) => ResourceKind::Keys,
            _ => ResourceKind::Any,
        }
    }

    /// The caller, if one was named or all callers are decided alike.
    pub(crate) fn only_requester(&self) -> Option<&Requester> {
        match self.callers.as_slice() {
            [only] => Some(&only.requester),
            _ => None,
        }
    }

    /// The policies both ways, where some that must exist were not given.
    pub(crate) fn either_way(&self, policies: &PolicySet) -> EitherWay {
        let principals = self.callers.iter().map(|caller| &caller.requester.principal);
        either_way(policies, &Callers::new(principals, self.is_of_one_account()))
    }

    /// As [`either_way`](Self::either_way), and both ways, where the policies are those of a resource or role alone, for
    /// what the callers' own may allow.
    pub(crate) fn either_way_of_callers(&self, policies: &PolicySet) -> EitherWay {
        let ways = self.either_way(policies);
        if ways.beside.leaves_out_callers(policies) { ways.with_callers_own() } else { ways }
    }

    /// Whether every caller is of the account that all resources belong to. Where that is not given, nor assumed, an
    /// ARN may name another.
    pub(crate) fn is_of_one_account(&self) -> bool {
        self.template.resource_account.is_some()
            && self.callers.iter().all(|caller| {
                let request =
                    Request { requester: caller.requester.clone(), ..self.template.clone() };
                request.is_same_account()
            })
    }

    /// Whether a key is free: nothing fixes its state in any world.
    pub(crate) fn is_free(&self, key: &ConditionKey) -> bool {
        self.worlds.iter().all(|world| *world.state(key) == KeyState::Unknown)
    }

    /// In which account resources are taken to be, since nobody said whose they are, where that matters: a policy of a resource
    /// or role is among the policies, or one that asks about `aws:ResourceAccount`, or of anybody's question an ARN that names
    /// another account than the example's.
    pub(crate) fn taken_owner(&self, policies: &PolicySet) -> Option<TakenOwner> {
        if self.setting.resource_account.is_some() {
            return None;
        }
        if let Who::Named(requester) = &self.setting.who {
            let own = requester.principal.account()?;
            let is_unnamed = |arn: &str| account_of(arn).is_none();
            let of_policy = policies.resource.iter().flat_map(|policy| &policy.statements);
            let mut entries = of_policy
                .filter_map(|statement| statement.resource.as_ref())
                .flat_map(|element| &element.entries);
            let asked = &self.setting.resources;
            let is_asked = asked.is_empty() || asked.iter().any(|arn| is_unnamed(arn));
            let asks_owner = || policies.keys().iter().any(is_of_owner);
            let may_be =
                is_asked && (entries.any(|entry| is_unnamed(entry.as_str())) || asks_owner());
            return may_be.then(|| TakenOwner::OfUnnamed(own.to_owned()));
        }
        let another = |text: &str| {
            text.split(':').nth(4).is_some_and(|account| {
                account != self.account && account.chars().any(|c| c.is_ascii_digit())
            })
        };
        let mut entries = policies.statements().flat_map(|(_, _, statement)| {
            statement.resource.iter().flat_map(|element| &element.entries)
        });
        let has_own_policy = policies.resource.is_some() || policies.trust.is_some();
        let matters = has_own_policy || entries.any(|entry| another(entry.as_str()));
        matters.then(|| TakenOwner::OfAll(self.account.clone()))
    }
}

fn caller(requester: Requester) -> Caller {
    Caller::new("the caller", requester)
}

/// Whether every ARN and every pattern of one in policies is of the partition `aws`, or leaves it open. Nobody has access across
/// partitions, so that whoever such policies are about is of `aws`, too.
///
/// AWS page: AWS General Reference, `aws-arns-and-namespaces` (partitions).
fn names_partition_aws_alone(policies: &PolicySet) -> bool {
    policies.policies().all(|(.., document)| {
        let text = document.source.text();
        // What is written as an escape is not looked into.
        let is_plain = !text.contains("\\u");
        is_plain
            && text.match_indices("arn:").all(|(at, arn)| {
                let rest = text.get(at + arn.len()..).unwrap_or_default();
                rest.starts_with("aws:") || rest.starts_with("*:")
            })
    })
}
