//! What is asked about everybody in an account.

use iamsure_core::language::{ActionPattern, ConditionKey, PolicyDocument, PolicyType};
use iamsure_core::world::{Context, PolicySet, Requester, Switches};
use iamsure_truth::claim::{ClaimVerdict, Proof};
use iamsure_truth::sample::{Who, account_of};
use iamsure_truth::setting::Setting;

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::progress::Progress;

/// What every question about an account has: the layers beside the principals' own policies, and the facts.
#[derive(Clone, Debug)]
pub struct Facts {
    /// SCPs, RCPs, the policy of the resource, the policy of the endpoint. They apply to everybody alike.
    pub layers: PolicySet,
    /// The actions; all, if it is empty.
    pub actions: Vec<ActionPattern>,
    /// The resources; all, if it is empty.
    pub resources: Vec<String>,
    /// The account that owns them; the one their ARNs name or the caller's own, if it is not given.
    pub resource_account: Option<String>,
    /// Keys whose states are given.
    pub context: Context,
    /// The choices where AWS is silent.
    pub switches: Switches,
    /// Whether the account is the management account of its organization, which SCPs spare.
    pub in_management_account: bool,
    /// Whether symbols in the policies stand for values that are known when they are deployed.
    pub known_later: bool,
    /// How many threads work on it.
    pub jobs: usize,
    /// Who is told how far it has come.
    pub progress: Progress,
}

impl Default for Facts {
    /// Of every action and resource, beside no other policies, on one thread.
    fn default() -> Self {
        Self {
            layers: PolicySet::default(),
            actions: Vec::new(),
            resources: Vec::new(),
            resource_account: None,
            context: Context::open(),
            switches: Switches::default(),
            in_management_account: false,
            known_later: false,
            jobs: 1,
            progress: Progress::default(),
        }
    }
}

/// Whether what a proof says of a claim that something is not allowed is so of all resources, too: it shows no request about a
/// resource that its ARN gives to another account than the one that the question was about.
pub(crate) fn is_of_its_owner(proof: &Proof) -> bool {
    let Some(example) = &proof.example else { return proof.verdict != ClaimVerdict::Depends };
    let in_arn = account_of(&example.request.resource);
    in_arn.is_none_or(|account| example.request.owner() == Some(account))
}

impl Facts {
    /// The policies that decide for a set of principals: their own, those layers, and the trust policy of the role
    /// that is asked about.
    pub(crate) fn policies(&self, principals: &Principals, set: usize) -> PolicySet {
        self.policies_about(&self.resources, principals, set)
    }

    /// As [`policies`](Self::policies), for a question about these resources.
    pub(crate) fn policies_about(
        &self,
        resources: &[String],
        principals: &Principals,
        set: usize,
    ) -> PolicySet {
        let own = principals.sets.get(set).cloned().unwrap_or_default();
        let trust = match resources {
            [resource] => principals.trust(resource).cloned(),
            _ => None,
        };
        PolicySet {
            identity: own.identity,
            boundary: own.boundary,
            trust: trust.or_else(|| self.layers.trust.clone()),
            ..self.layers.clone()
        }
    }

    /// A policy of no principal beside those layers. Of a policy that can only limit, none is no limit.
    pub(crate) fn beside(&self, document: Option<PolicyDocument>, kind: PolicyType) -> PolicySet {
        let grants =
            matches!(kind, PolicyType::Identity | PolicyType::Resource | PolicyType::Trust);
        let document = document.or_else(|| grants.then(|| PolicyDocument::empty(kind)));
        let own = document.map(PolicySet::of).unwrap_or_default();
        self.layers.clone().with(own.clone()).unwrap_or(own)
    }

    /// Which requests for what is in an account are asked about, whoever makes them.
    pub(crate) fn setting_within(&self, account: Option<&str>) -> Setting {
        let account = self.resource_account.as_deref().or(account);
        Setting { resource_account: account.map(str::to_owned), ..self.setting_of_anybody() }
    }

    /// Which requests of anybody are asked about.
    fn setting_of_anybody(&self) -> Setting {
        Setting {
            context: self.context.clone(),
            actions: self.actions.clone(),
            resources: self.resources.clone(),
            resource_account: self.resource_account.clone(),
            switches: self.switches,
            known_later: self.known_later,
            ..Setting::default()
        }
    }

    /// Which requests of a principal are asked about. Whose a resource is, its ARN tells; otherwise it is the principal's
    /// own account's.
    pub(crate) fn setting(&self, of: &AccountPrincipal, keys: &[ConditionKey]) -> Setting {
        let requester =
            Requester { in_management_account: self.in_management_account, ..of.requester.clone() };
        Setting {
            who: Who::Named(requester),
            context: of.context(&self.context, keys),
            ..self.setting_of_anybody()
        }
    }

    /// As [`setting`](Self::setting), of resources of the principal's own account alone, unless the question names others.
    pub(crate) fn setting_at_home(&self, of: &AccountPrincipal, keys: &[ConditionKey]) -> Setting {
        let setting = self.setting(of, keys);
        let in_arn = self.resources.iter().any(|resource| account_of(resource).is_some());
        let own = (!in_arn).then(|| of.account().to_owned());
        Setting { resource_account: setting.resource_account.or(own), ..setting }
    }
}
