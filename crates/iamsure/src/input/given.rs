//! The policies that were given, and whose they are.

use iamsure_account::{Tags, identify};
use iamsure_core::language::PolicyType;
use iamsure_core::world::{Context, PolicySet, Requester};
use iamsure_review::caller;
use iamsure_truth::sample::Who;
use iamsure_truth::setting::Setting;

use super::{one_at_most, requester};
use crate::failure::Failure;
use crate::render::words;

/// Policies, and the principal whose policies they are where an address names one, such as
/// `auth.json#role/App`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) policies: PolicySet,
    /// Whether all policies of a principal are among them.
    pub(crate) is_of_principal: bool,
    /// The ARN of the principal.
    pub(crate) principal: Option<String>,
    /// The tags of the principal, if it is a user.
    pub(crate) tags: Option<Tags>,
    /// The unique ID of the principal, if its container tells.
    pub(crate) id: Option<String>,
    /// The account that owns the resource or role whose policy is among them, if its container tells.
    pub(crate) owner: Option<String>,
    /// Whether symbols in the policies stand for values that are known when they are deployed.
    pub(crate) known_later: bool,
}

impl From<PolicySet> for Given {
    fn from(policies: PolicySet) -> Self {
        Self { policies, ..Self::default() }
    }
}

impl Given {
    /// These policies and others.
    ///
    /// # Errors
    /// If there are several policies of a type of which a request has one at most, or they are of two principals.
    pub(crate) fn with(self, others: Self) -> Result<Self, Failure> {
        let principal = match (self.principal, others.principal) {
            (Some(one), Some(other)) if one != other => {
                return Err(Failure::Message(format!(
                    "`{}` and `{}` are two principals, but a request has one caller",
                    words::on_one_line(&one),
                    words::on_one_line(&other)
                )));
            }
            (one, other) => one.or(other),
        };
        let policies = self
            .policies
            .with(others.policies)
            .map_err(|kind: PolicyType| Failure::Message(one_at_most(kind)))?;
        let (tags, id) = (self.tags.or(others.tags), self.id.or(others.id));
        let owner = self.owner.or(others.owner);
        let known_later = self.known_later || others.known_later;
        let is_of_principal = self.is_of_principal || others.is_of_principal;
        Ok(Self { policies, is_of_principal, principal, tags, id, owner, known_later })
    }

    /// The caller: `named`, or the principal whose policies these are.
    ///
    /// # Errors
    /// If the ARN is not that of a caller, or the policies are somebody else's than the caller's.
    pub(crate) fn caller(&self, named: Option<&Requester>) -> Result<Option<Requester>, Failure> {
        let mut owner = self.principal.as_deref().map(requester).transpose()?;
        if let Some(owner) = &mut owner {
            identify(&mut owner.principal, self.id.as_deref());
        }
        match (named, owner) {
            (Some(named), Some(owner)) if !caller::is_of(&named.principal, &owner.principal) => {
                Err(Failure::Message(format!(
                    "these are the policies of `{}`, but the caller is `{}`; give the caller's policies, and the role's trust policy as `--trust FILE#role/NAME/trust`",
                    words::on_one_line(&owner.principal.display_arn()),
                    words::on_one_line(&named.principal.display_arn())
                )))
            }
            (Some(named), owner) => {
                let mut named = named.clone();
                if owner.is_some() && self.id.is_some() {
                    identify(&mut named.principal, self.id.as_deref());
                }
                Ok(Some(named))
            }
            (None, owner) => Ok(owner),
        }
    }

    /// A context with the tags of the principal.
    pub(crate) fn tagged(&self, context: &Context) -> Context {
        match &self.tags {
            Some(tags) => tags.added_to(context, &self.policies.keys()),
            None => context.clone(),
        }
    }

    /// Who makes the requests: as given, or the principal whose policies these are.
    ///
    /// # Errors
    /// As [`caller`](Self::caller).
    pub(crate) fn who(&self, who: &Who) -> Result<Who, Failure> {
        self.caller(who.named()).map(Who::from)
    }

    /// Says what these policies tell of the requests: who makes them, and who owns the resource.
    ///
    /// # Errors
    /// As [`caller`](Self::caller).
    pub(crate) fn settle(&self, setting: &mut Setting) -> Result<(), Failure> {
        setting.who = self.who(&setting.who)?;
        setting.context = self.tagged(&setting.context);
        setting.known_later |= self.known_later;
        setting.resource_account = setting.resource_account.take().or_else(|| self.owner.clone());
        Ok(())
    }

    /// Whom the role trusts whose policies these are, taken out of them: it decides who becomes the role, and nothing that
    /// the role does.
    pub(crate) fn take_trust(&mut self) -> Option<Self> {
        self.principal.as_ref()?;
        let trust = self.policies.trust.take()?;
        let policies = PolicySet { rcp: self.policies.rcp.clone(), ..PolicySet::of(trust) };
        Some(Self { known_later: self.known_later, ..Self::from(policies) })
    }
}
