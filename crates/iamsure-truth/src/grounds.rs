//! What an answer about all requests rests on: everything that was not said and had to be taken.

use std::collections::BTreeSet;

use iamsure_core::language::ConditionKey;
use iamsure_core::language::document::PolicyType;
use iamsure_core::world::{PolicySet, Requester, Switch};

use crate::ask::Beside;
use crate::ask::stand_in::{EitherWay, not_given_for};
use crate::class::value::Domain;
use crate::model::{Classes, Knowledge, Model, Scope, Subject};
use crate::setting::Stage;

/// What an answer rests on.
#[derive(Clone, Debug)]
pub struct Grounds {
    /// Who asks, if given, or if all callers are alike.
    pub requester: Option<Requester>,
    /// Policies that must exist, were not given, and could change the answer: a trust policy, the policy of a
    /// KMS key. Both ways are decided; what is the same both ways is said once.
    pub missing: Vec<PolicyType>,
    /// Policies that must exist for an action that was asked about by its service, and were not given. They are taken to
    /// name no caller.
    pub naming_nobody: Vec<PolicyType>,
    /// The symbols for values that are known later that were taken for values that equal only themselves: with others the
    /// answer may be another.
    pub literal_symbols: BTreeSet<String>,
    /// The symbols for values that are known later on which the answer depends.
    pub symbols: BTreeSet<String>,
    /// What is assumed beside layers that only limit.
    pub beside: Beside,
    /// Keys whose values are taken to be of the type AWS documents.
    pub typed: Vec<(ConditionKey, Domain)>,
    /// Keys that nobody published; they hold one value or several as the operators ask.
    pub unpublished: Vec<ConditionKey>,
    /// Keys that AWS puts into every request of such callers.
    pub always: Vec<ConditionKey>,
    /// Keys that AWS puts into no request of such callers.
    pub never: Vec<ConditionKey>,
    /// The switches on which the answer depends, each with the choice that changes it. `None`: the
    /// model, of more than 4,000 nodes, is too large to be built again for every switch.
    pub switches: Option<Vec<(Switch, &'static str)>>,
    /// The policies that were asked, stand-ins included.
    pub policies: PolicySet,
    /// The account that every resource is assumed to belong to, where the question names none and it matters.
    pub own_resources: Option<TakenOwner>,
    /// Whether only the actions of exchanges were asked about, since a trust policy decides no others.
    pub exchanges_only: bool,
}

impl Grounds {
    /// What a model built on a stage rests on, as far as it asks. `given` are the policies without
    /// stand-ins.
    pub(crate) fn of(
        model: &Model,
        stage: &Stage<'_>,
        scope: Scope<'_>,
        given: &PolicySet,
        policies: EitherWay,
    ) -> Self {
        let asked = asked_keys(model);
        let free: Vec<&ConditionKey> = asked.iter().filter(|key| stage.is_free(key)).collect();
        let known = |key: &ConditionKey, caller| (scope.knowledge)(key, caller);
        // What is so for every caller.
        let with = |wanted: &dyn Fn(&Knowledge) -> bool| -> Vec<ConditionKey> {
            let for_all = |key: &&&ConditionKey| {
                stage.callers.iter().all(|caller| wanted(&known(key, caller)))
            };
            free.iter().filter(for_all).map(|key| (*key).clone()).collect()
        };
        // Of those callers that have the key.
        let domain = |key: &ConditionKey| {
            let each = stage.callers.iter().map(|caller| known(key, caller));
            let present = each.filter(|known| known.nature.may_be_present);
            present.map(|known| known.domain).reduce(Domain::or)
        };
        let typed = free
            .iter()
            .filter_map(|key| Some(((*key).clone(), domain(key)?)))
            .filter(|(_, domain)| *domain != Domain::Text)
            .collect();
        let shown = policies.shown().clone();
        Self {
            requester: stage.only_requester().cloned(),
            missing: policies.missing,
            naming_nobody: not_given_for(given, scope.actions),
            symbols: BTreeSet::new(),
            literal_symbols: BTreeSet::new(),
            beside: policies.beside,
            typed,
            unpublished: with(&|known| known.nature.arity.is_none()),
            always: with(&|known| !known.nature.may_be_absent),
            never: with(&|known| !known.nature.may_be_present),
            switches: None,
            policies: shown,
            own_resources: stage.taken_owner(given),
            exchanges_only: stage.exchanges_only,
        }
    }
}

/// In which account resources are taken to be, since nobody said whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenOwner {
    /// Every one, in this account.
    OfAll(String),
    /// Those whose ARN names no account, in that of the caller.
    OfUnnamed(String),
}

/// The keys that the model asks for, each once, in order.
fn asked_keys(model: &Model) -> BTreeSet<ConditionKey> {
    model
        .residuals
        .iter()
        .flat_map(|residual| &residual.subjects)
        .filter_map(|subject| match (&subject.subject, &subject.classes) {
            (Subject::Key(key), Classes::States { .. }) => Some(key.clone()),
            _ => None,
        })
        .collect()
}
