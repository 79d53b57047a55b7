//! The subjects of a residual, in order, and their classes.

use std::sync::Arc;

use iamsure_core::language::ConditionKey;
use iamsure_core::language::document::{Effect, PrincipalEntry};
use iamsure_core::world::{KeyState, Switch};
use rustc_hash::FxHashMap;

use super::{Builder, Classes, Subject, SubjectClasses, variables};
use crate::budget::{Exceeded, TooComplex};
use crate::class::action::ActionClass;
use crate::class::plausible::{resources_of, texts_of};
use crate::class::resource::{
    EntryForm, ResourceClause, ResourceEntry, ResourceQuestion, resource_classes,
};
use crate::class::state::{Arity, arity_by_use, listed_classes, state_classes};
use crate::class::value::{Domain, Search};
use crate::clause::KeyClause;
use crate::model::branch::{Branch, Role};
use crate::model::statement::Resources;
use crate::model::{Knowledge, View};
use crate::relation::{Relation, bare_equality};
use crate::sample::EXAMPLE_ACCOUNT;

/// The classes that were made: other residuals ask for the same.
#[derive(Default)]
pub(in crate::model) struct Memory {
    states: FxHashMap<(usize, ConditionKey, Vec<usize>, bool), Classes>,
    knowledge: FxHashMap<(usize, ConditionKey), Knowledge>,
    resources: FxHashMap<(Vec<ResourceClause>, Vec<Vec<String>>), Classes>,
}

impl Builder<'_, '_> {
    /// The resource first, then keys as they first occur, each relation after its keys: what one
    /// statement asks stays together. Denies come before Allows: what they deny needs no other key.
    pub(super) fn add_subjects(
        &mut self,
        memory: &mut Memory,
        groups: &[(Role, Vec<Branch>)],
        rules: &[Vec<String>],
        action: &ActionClass,
    ) -> Result<(), TooComplex> {
        let branches: Vec<&Branch> = groups.iter().flat_map(|(_, branches)| branches).collect();
        self.add_resource(memory, &branches, rules, action)?;
        // The clauses about each key that occurs.
        let mut clauses: Vec<usize> =
            branches.iter().flat_map(|branch| branch.keys.iter().copied()).collect();
        clauses.sort_unstable();
        clauses.dedup();
        let mut order: Vec<Subject> = Vec::new();
        // One more than there may be is enough to know.
        let limit = self.scope.budget.subjects;
        let mut push = |subject: Subject| {
            if order.len() <= limit && !order.contains(&subject) {
                order.push(subject);
            }
        };
        let denies_first = [Effect::Deny, Effect::Allow].into_iter().flat_map(|effect| {
            groups
                .iter()
                .filter(move |(role, _)| role.effect == effect)
                .flat_map(|(_, branches)| branches)
        });
        for branch in denies_first {
            for entry in self.relational_entries(branch.resource) {
                if let EntryForm::Relational(_, parts) = &entry.form {
                    variables(parts).for_each(|(key, _)| push(Subject::Key(key.clone())));
                    push(Subject::Relation(Relation::Resource(entry.text.clone())));
                }
            }
            for clause in branch.keys.iter().filter_map(|clause| self.clause(*clause)) {
                push(Subject::Key(clause.key.clone()));
                clause.variables().for_each(|(key, _)| push(Subject::Key(key.clone())));
                if clause.is_relational() {
                    push(Subject::Relation(Relation::of_value(clause)));
                    push(Subject::Relation(Relation::Elements(Box::new(clause.clone()))));
                }
            }
        }
        for (role, _) in groups.iter().filter(|(role, _)| role.is_uncertain) {
            push(Subject::CanonicalUser(self.canonical_user(role)));
        }
        if order.len() > limit {
            return Err(too_many(&order, limit));
        }
        for subject in order {
            let classes = match &subject {
                Subject::Key(key) => self.states(memory, key, &clauses)?,
                _ => Classes::NoYes,
            };
            self.subjects.push(SubjectClasses { subject, classes });
        }
        Ok(())
    }

    fn relational_entries(&self, resource: Resources) -> Vec<&ResourceEntry> {
        let entries = self.resource_clause(resource).into_iter().flat_map(|clause| &clause.entries);
        entries.filter(|entry| matches!(entry.form, EntryForm::Relational(..))).collect()
    }

    fn add_resource(
        &mut self,
        memory: &mut Memory,
        branches: &[&Branch],
        rules: &[Vec<String>],
        action: &ActionClass,
    ) -> Result<(), TooComplex> {
        let mut clauses: Vec<&ResourceClause> = Vec::new();
        let mut relational: Vec<&ResourceEntry> = Vec::new();
        for branch in branches {
            if let Some(clause) = self.resource_clause(branch.resource)
                && !clauses.contains(&clause)
            {
                clauses.push(clause);
            }
            for entry in self.relational_entries(branch.resource) {
                if !relational
                    .iter()
                    .any(|known| known.text == entry.text && known.form == entry.form)
                {
                    relational.push(entry);
                }
            }
        }
        let tells_apart = |clause: &&&ResourceClause| {
            !clause.entries.iter().any(|entry| entry.form == EntryForm::Every)
        };
        let distinguishing: Vec<&ResourceClause> =
            clauses.iter().filter(tells_apart).copied().collect();
        if distinguishing.is_empty() && rules.is_empty() && !self.scope.resources.is_given() {
            return Ok(());
        }
        let asked =
            (clauses.iter().map(|clause| (*clause).clone()).collect::<Vec<_>>(), rules.to_vec());
        if let Some(known) = memory.resources.get(&asked) {
            self.subjects
                .push(SubjectClasses { subject: Subject::Resource, classes: known.clone() });
            return Ok(());
        }
        let account = self.scope.template.owner().unwrap_or(EXAMPLE_ACCOUNT);
        let texts = texts_of(&clauses, rules, self.scope.resources.patterns());
        let hints: Vec<String> =
            resources_of(action.witness.as_str(), texts.into_iter(), account).collect();
        let question = ResourceQuestion {
            clauses: &clauses,
            relational: &relational,
            rules,
            asked: self.scope.resources.patterns(),
        };
        let classes = resource_classes(question, self.scope.resources, &hints, self.scope.budget)?;
        let classes = Classes::Resources {
            classes: classes.into(),
            clauses: clauses.into_iter().cloned().collect(),
            relational: relational.into_iter().cloned().collect(),
            rules: rules.into(),
            asked: self.scope.resources.patterns().into(),
        };
        memory.resources.insert(asked, classes.clone());
        self.subjects.push(SubjectClasses { subject: Subject::Resource, classes });
        Ok(())
    }

    fn states(
        &self,
        memory: &mut Memory,
        key: &ConditionKey,
        clauses: &[usize],
    ) -> Result<Classes, TooComplex> {
        let all: Vec<&KeyClause> =
            clauses.iter().filter_map(|clause| self.clause(*clause)).collect();
        let own: Vec<&KeyClause> =
            all.iter().filter(|clause| clause.key == *key).copied().collect();
        let beside = beside(key, &all);
        let Knowledge { mut nature, domain, hints } = memory
            .knowledge
            .entry((self.caller_number, key.clone()))
            .or_insert_with(|| self.about_key(key))
            .clone();
        let is_variable =
            all.iter().any(|clause| clause.variables().any(|(other, _)| other == key));
        let arity = *nature.arity.get_or_insert(Arity::One);
        let asks_sets = own.iter().any(|clause| clause.operator.quantifier.is_some());
        let split_empty = asks_sets
            || is_variable
            || arity != Arity::One
            || own.iter().any(|clause| clause.switches.is_alternative(Switch::Q5))
            || self.is_variable_of_resource(key);
        let tied = |clause: &&usize| {
            self.clause(**clause)
                .is_some_and(|clause| clause.key == *key || beside.contains(&clause))
        };
        let asked = (
            self.caller_number,
            key.clone(),
            clauses.iter().filter(tied).copied().collect::<Vec<_>>(),
            split_empty,
        );
        if let Some(known) = memory.states.get(&asked) {
            return Ok(known.clone());
        }
        // As a text a number or an address has many spellings, of which the type tells nothing.
        let is_read_as_text = own.iter().chain(&beside).any(|clause| clause.is_textual());
        let (domain, spells, hints) = match domain {
            Domain::Number | Domain::Address if is_read_as_text => {
                (Domain::Text, domain, domain.usual().to_vec())
            }
            other => (other, Domain::Text, hints),
        };
        let budget = self.scope.budget;
        let search = Search { domain, spells, split_empty, hints: &hints, budget };
        let mut listed: Vec<KeyState> = Vec::new();
        for world in self.scope.worlds {
            let state = world.state(key);
            if !listed.contains(state) {
                listed.push(state.clone());
            }
        }
        if let ([KeyState::Unknown], Some((_, state))) =
            (listed.as_slice(), self.caller.keys.iter().find(|(known, _)| known == key))
        {
            listed = vec![state.clone()];
        }
        let classes = if listed.contains(&KeyState::Unknown) || listed.is_empty() {
            state_classes(&own, &beside, nature, search)
                .map_err(|error| TooComplex { subject: key.to_string(), ..error })?
        } else {
            let all: Vec<&KeyClause> = own.iter().chain(&beside).copied().collect();
            let mut classes = listed_classes(&all, &listed, search);
            for class in &mut classes.states {
                class.answers.truncate(own.len());
            }
            classes
        };
        let count = own.len();
        let clauses = own.into_iter().chain(beside).cloned().collect();
        let classes = Classes::States { classes: Arc::new(classes), clauses, own: count };
        memory.states.insert(asked, classes.clone());
        Ok(classes)
    }

    /// What is known of a key before any request.
    fn about_key(&self, key: &ConditionKey) -> Knowledge {
        let mut known = (self.scope.knowledge)(key, self.caller);
        known.nature.arity.get_or_insert_with(|| {
            // Arity belongs to the key: every clause about it tells, whatever actions its statement is about.
            let clauses = self
                .views
                .iter()
                .flat_map(View::statements)
                .flat_map(|(_, _, statement)| &statement.condition.clauses);
            arity_by_use(
                clauses.filter(|clause| *clause.key == *key).map(|clause| *clause.operator),
            )
        });
        known
    }

    fn is_variable_of_resource(&self, key: &ConditionKey) -> bool {
        self.subjects.iter().any(|subject| match &subject.classes {
            Classes::Resources { relational, .. } => {
                relational.iter().any(|entry| match &entry.form {
                    EntryForm::Relational(_, parts) => {
                        variables(parts).any(|(other, _)| other == key)
                    }
                    _ => false,
                })
            }
            _ => false,
        })
    }

    pub(super) fn canonical_user(&self, role: &Role) -> String {
        let statement = self.prepared.statements.get(role.example);
        let found = statement.and_then(|statement| {
            self.views.get(statement.view)?.policies.statement(statement.id).map(|(_, found)| found)
        });
        let entries =
            found.and_then(|found| found.principal.as_ref()).map(|element| &element.entries);
        let ids = entries.into_iter().flatten().filter_map(|entry| match &entry.value {
            PrincipalEntry::CanonicalUser(id) => Some(id.as_str()),
            _ => None,
        });
        ids.collect::<Vec<_>>().join(", ")
    }
}

fn too_many(subjects: &[Subject], limit: usize) -> TooComplex {
    let key = |subject: &Subject| match subject {
        Subject::Key(key) => Some(key.to_string()),
        _ => None,
    };
    TooComplex {
        exceeded: Exceeded::Subjects,
        limit,
        subject: "what is asked of one action".to_owned(),
        because: subjects.iter().filter_map(key).collect(),
    }
}

/// The clauses about keys that bare equalities tie to `key`, directly or not, without its own.
fn beside<'a>(key: &ConditionKey, clauses: &[&'a KeyClause]) -> Vec<&'a KeyClause> {
    let mut tied: Vec<&ConditionKey> = Vec::new();
    let mut pending = vec![key];
    while let Some(next) = pending.pop() {
        for clause in clauses {
            let Some(other) = bare_equality(clause) else { continue };
            for (from, to) in [(&clause.key, other), (other, &clause.key)] {
                if from == next && to != key && !tied.contains(&to) {
                    tied.push(to);
                    pending.push(to);
                }
            }
        }
    }
    let textual = |clause: &&&KeyClause| clause.is_textual() && tied.contains(&&clause.key);
    clauses.iter().filter(textual).copied().collect()
}
