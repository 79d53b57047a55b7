//! A question for a table: who, how, what is fixed; and everything the answer rests on.

use std::collections::BTreeSet;

use iamsure_core::decision::applicable::TRUST_ACTIONS;
use iamsure_core::language::document::PolicyType;
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::principal_keys::derived_keys;
use iamsure_core::world::{
    CallPath, Context, KeyState, PolicySet, Request, Requester, Switch, Switches,
};

use super::{Form, NoTable, Table};
use crate::budget::Budget;
use crate::class::requester::{Caller, callers};
use crate::class::value::Domain;
use crate::matrix::{EXAMPLE_ACCOUNT, sample_requester, with_delegating};
use crate::model::{Classes, Knowledge, Model, Question, Scope, Subject, View};
use crate::shape::knowledge;

/// What a table is asked for.
#[derive(Clone, Debug)]
pub struct TableQuery {
    /// The policies.
    pub policies: PolicySet,
    /// What is decided, or whether one statement applies.
    pub question: Question,
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
    /// How the table is made.
    pub form: Form,
    /// How much work it may take.
    pub budget: Budget,
}

/// The most nodes and classes of a model that is built again for every switch.
pub const MAX_SWITCH_NODES: usize = 4_000;

/// A table, and what it rests on.
#[derive(Clone, Debug)]
pub struct TableReport {
    /// The table.
    pub table: Table,
    /// Who asks, if it was said or is all the same.
    pub requester: Option<Requester>,
    /// Policies that must exist and were not given; taken as leaving it to the account.
    pub assumed: Vec<PolicyType>,
    /// Keys whose values are taken to be of the type AWS documents.
    pub typed: Vec<(ConditionKey, Domain)>,
    /// Keys that nobody published; they hold one value or several as the operators ask.
    pub unpublished: Vec<ConditionKey>,
    /// Keys that AWS puts into every request of such callers.
    pub always: Vec<ConditionKey>,
    /// Keys that AWS puts into no request of such callers.
    pub never: Vec<ConditionKey>,
    /// The switches on which some decision depends, each with the choice that changes it. `None`: the
    /// model is too large to be built again for every switch ([`MAX_SWITCH_NODES`]).
    pub switches: Option<Vec<(Switch, &'static str)>>,
    /// The policies that were asked, stand-ins included.
    pub policies: PolicySet,
    /// Whether resources are taken as the caller's own account's, since nobody said whose they are.
    pub own_resources: bool,
    /// Whether only the actions of exchanges were asked about, since a trust policy decides no others.
    pub exchanges_only: bool,
}

impl TableQuery {
    /// Makes the table.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn answer(mut self) -> Result<TableReport, NoTable> {
        let exchanges_only = self.question == Question::Decision
            && self.actions.is_empty()
            && self.policies.policies().all(|(kind, ..)| kind == PolicyType::Trust);
        if exchanges_only {
            self.actions = TRUST_ACTIONS.iter().map(|name| ActionPattern::new(*name)).collect();
        }
        let own = self.resource_account.clone().unwrap_or_else(|| EXAMPLE_ACCOUNT.to_owned());
        let callers = match &self.requester {
            Some(requester) => vec![caller(requester.clone())],
            None => {
                callers(&self.policies, &own).unwrap_or_else(|| vec![caller(sample_requester())])
            }
        };
        let (policies, mut assumed) = match (self.question, callers.as_slice()) {
            (Question::Decision, [only]) => with_delegating(&self.policies, &only.requester),
            _ => (self.policies.clone(), Vec::new()),
        };
        let template = self.template(&callers, &own);
        let worlds = self.worlds(&template);
        // Nobody in particular is some user or role session.
        let anybody = self.requester.is_none() && callers.len() == 1;
        let known = |key: &ConditionKey, caller: &Caller| {
            knowledge(key, (!anybody).then_some(&caller.requester.principal))
        };
        let scope = Scope {
            callers: &callers,
            template: &template,
            worlds: &worlds,
            actions: &self.actions,
            resources: &self.resources,
            knowledge: &known,
            budget: self.budget,
        };
        let view = View { policies: &policies, switches: &self.switches, question: self.question };
        let model = Model::build(&[view], scope)?;
        Self::keep_what_matters(&mut assumed, view, scope)?;
        let table = Table::of(&model, 0, view, &self.form, self.budget.rows)?;
        let asked = asked_keys(&model);
        let free =
            |key: &&ConditionKey| worlds.iter().all(|world| *world.state(key) == KeyState::Unknown);
        let free: Vec<&ConditionKey> = asked.iter().filter(free).collect();
        // What is so for every caller.
        let with = |wanted: &dyn Fn(&Knowledge) -> bool| -> Vec<ConditionKey> {
            let for_all =
                |key: &&&ConditionKey| callers.iter().all(|caller| wanted(&known(key, caller)));
            free.iter().filter(for_all).map(|key| (*key).clone()).collect()
        };
        let typed = with(&|known| known.domain != Domain::Text)
            .into_iter()
            .filter_map(|key| {
                callers.first().map(|caller| (key.clone(), known(&key, caller).domain))
            })
            .collect();
        let size: usize = model
            .residuals
            .iter()
            .map(|residual| {
                residual.diagram.len()
                    + residual.subjects.iter().map(|subject| subject.classes.len()).sum::<usize>()
            })
            .sum();
        let switches =
            if size <= MAX_SWITCH_NODES { Some(self.dependences(view, scope)?) } else { None };
        Ok(TableReport {
            requester: if let [only] = callers.as_slice() {
                Some(only.requester.clone())
            } else {
                None
            },
            assumed,
            typed,
            unpublished: with(&|known| known.nature.arity.is_none()),
            always: with(&|known| !known.nature.may_be_absent),
            never: with(&|known| !known.nature.may_be_present),
            switches,
            table,
            policies,
            own_resources: self.requester.is_none()
                && self.resource_account.is_none()
                && names_accounts(&self.policies),
            exchanges_only,
        })
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

    /// Drops the stand-ins without which nothing would be decided otherwise.
    fn keep_what_matters(
        assumed: &mut Vec<PolicyType>,
        view: View<'_>,
        scope: Scope<'_>,
    ) -> Result<(), NoTable> {
        let mut matters = Vec::with_capacity(assumed.len());
        for kind in assumed.iter() {
            let mut without = view.policies.clone();
            match kind {
                PolicyType::Trust => without.trust = None,
                PolicyType::Resource => without.resource = None,
                _ => without.identity.clear(),
            }
            let views = [view, View { policies: &without, ..view }];
            matters.push(Model::build(&views, scope)?.differs());
        }
        let mut matters = matters.into_iter();
        assumed.retain(|_| matters.next() == Some(true));
        Ok(())
    }

    /// The switches whose other choices change some decision: both are put into one model, where equal
    /// functions are equal nodes.
    fn dependences(
        &self,
        view: View<'_>,
        scope: Scope<'_>,
    ) -> Result<Vec<(Switch, &'static str)>, NoTable> {
        let mut found = Vec::new();
        let assume_role = [ActionPattern::new("sts:AssumeRole")];
        for &switch in Switch::ALL {
            if matches!(switch, Switch::Q7 | Switch::Q20) || !may_matter(switch, view.policies) {
                continue;
            }
            // Whether a role assumes itself is asked of no other action.
            let scope = if switch == Switch::Q22 && scope.actions.is_empty() {
                Scope { actions: &assume_role, ..scope }
            } else {
                scope
            };
            for (index, alternative) in switch.alternatives().iter().enumerate() {
                if self.switches.alternative(switch) == Some(alternative) {
                    continue;
                }
                let other = self.switches.with(switch, index);
                let views = [view, View { switches: &other, ..view }];
                if is_of_reading(switch) && Model::reads_alike(&views, scope) {
                    continue;
                }
                let model = Model::build(&views, scope)?;
                if model.differs() {
                    found.push((switch, alternative.name));
                }
            }
        }
        Ok(found)
    }
}

fn caller(requester: Requester) -> Caller {
    Caller { name: "the caller".to_owned(), requester }
}

/// Whether it matters whose the resources are: a policy of a resource is among the policies, or an ARN
/// that names another account than the sample caller's.
fn names_accounts(policies: &PolicySet) -> bool {
    let another = |text: &str| {
        text.split(':').nth(4).is_some_and(|account| {
            account != EXAMPLE_ACCOUNT && account.chars().any(|c| c.is_ascii_digit())
        })
    };
    policies.resource.is_some()
        || policies
            .statements()
            .flat_map(|(_, _, statement)| {
                statement.resource.iter().flat_map(|element| &element.entries)
            })
            .any(|entry| another(entry.as_str()))
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

/// Whether a switch is about what a clause, or the Version, says, and about nothing else: not about whom a
/// statement is for, nor about the rules of combination.
const fn is_of_reading(switch: Switch) -> bool {
    match switch {
        Switch::Q1
        | Switch::Q2
        | Switch::Q3
        | Switch::Q4
        | Switch::Q5
        | Switch::Q6
        | Switch::Q10
        | Switch::Q11
        | Switch::Q12
        | Switch::Q13
        | Switch::Q14
        | Switch::Q15
        | Switch::Q16
        | Switch::Q17
        | Switch::Q21
        | Switch::Q23 => true,
        Switch::Q7
        | Switch::Q8
        | Switch::Q9
        | Switch::Q18
        | Switch::Q19
        | Switch::Q20
        | Switch::Q22
        | Switch::Q24
        | Switch::Q25 => false,
    }
}

/// Whether the policies hold anything that a switch is about. "Yes" costs time, "no" must be certain.
fn may_matter(switch: Switch, policies: &PolicySet) -> bool {
    use iamsure_core::language::condition::{Family, Quantifier};
    let statements = || policies.statements();
    let clauses = || statements().flat_map(|(_, _, statement)| &statement.condition.clauses);
    let has_variables = || {
        let in_resources = statements()
            .flat_map(|(_, _, statement)| {
                statement.resource.iter().flat_map(|element| &element.entries)
            })
            .any(|entry| entry.template().has_variables());
        in_resources
            || clauses()
                .any(|clause| clause.values.iter().any(|value| value.template().has_variables()))
    };
    let family = |wanted: Family| clauses().any(|clause| clause.operator.base.family() == wanted);
    let principals = || statements().any(|(_, _, statement)| statement.principal.is_some());
    match switch {
        Switch::Q1 => {
            has_variables() && policies.policies().any(|(.., document)| document.version.is_none())
        }
        Switch::Q2 => clauses().any(|clause| {
            clause.operator.base.is_negated()
                && matches!(
                    clause.operator.base.family(),
                    Family::Numeric | Family::Date | Family::IpAddress
                )
        }),
        Switch::Q3 | Switch::Q11 | Switch::Q16 | Switch::Q21 => has_variables(),
        Switch::Q10 => family(Family::Bool) && has_variables(),
        Switch::Q4 => clauses().any(|clause| {
            clause.operator.quantifier.is_none() && clause.operator.base.family() != Family::Null
        }),
        Switch::Q5 => family(Family::Null),
        Switch::Q6 => clauses().any(|clause| {
            clause.operator.if_exists && clause.operator.quantifier == Some(Quantifier::ForAnyValue)
        }),
        Switch::Q8 | Switch::Q9 | Switch::Q24 | Switch::Q25 => principals(),
        Switch::Q12 => family(Family::IpAddress),
        Switch::Q17 => family(Family::Date),
        Switch::Q13 | Switch::Q14 | Switch::Q15 | Switch::Q23 => statements()
            .flat_map(|(_, _, statement)| {
                statement.resource.iter().flat_map(|element| &element.entries)
            })
            .any(|entry| !entry.is_every()),
        Switch::Q18 => policies.endpoint.is_some(),
        Switch::Q19 => !policies.session.is_empty(),
        Switch::Q22 => true,
        Switch::Q7 | Switch::Q20 => false,
    }
}
