//! A residual: the statements that are left for some callers and actions, over everything else.

use std::sync::Arc;

use iamsure_core::decision::exemption::exemption;
use iamsure_core::decision::{Strength, Truth, Verdict, distinction};
use iamsure_core::language::condition::Family;
use iamsure_core::language::document::{Effect, PrincipalEntry, Sense};
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::{KeyState, Principal, Request, Switch};
use iamsure_reference::example_resource;
use rustc_hash::FxHashMap;

use super::branch::{Branch, Role, merge};
use super::combine::{Group, combine};
use super::statement::{Named, Prepared, Resources};
use super::{Knowledge, Outcome, Outcomes, Question, Scope, View};
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::action::ActionClass;
use crate::class::requester::Caller;
use crate::class::resource::{
    EntryForm, ResourceClass, ResourceClause, ResourceEntry, ResourceQuestion, resource_classes,
};
use crate::class::state::{
    Answer, Arity, StateClass, StateClasses, StateKind, arity_by_use, listed_classes, state_classes,
};
use crate::class::value::Search;
use crate::clause::{Form, KeyClause, Part};
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::relation::{Relation, bare_equality};

/// What tells one residual from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) caller: usize,
    pub(super) statements: Vec<usize>,
    /// The lists of the rules of combination that name the action.
    pub(super) rules: Bits,
    pub(super) is_kms: bool,
}

/// What a diagram asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The resource.
    Resource,
    /// A condition key.
    Key(ConditionKey),
    /// Whether a comparison with variables holds.
    Relation(Relation),
    /// Whether the caller is the account that a canonical user id stands for (P-13): S3 alone knows.
    CanonicalUser(String),
}

/// A subject and its classes.
#[derive(Clone, Debug)]
pub struct SubjectClasses {
    /// The subject.
    pub subject: Subject,
    /// Its classes.
    pub classes: Classes,
}

/// The classes of a subject.
#[derive(Clone, Debug)]
pub enum Classes {
    /// Resources, by the clauses that tell them apart.
    Resources {
        /// The classes.
        classes: Arc<[ResourceClass]>,
        /// The clauses, by number.
        clauses: Arc<[ResourceClause]>,
        /// The entries with variables, by number.
        relational: Arc<[ResourceEntry]>,
        /// The lists of the rules of combination, by number.
        rules: Arc<[Vec<String>]>,
    },
    /// States of a condition key, by the clauses that tell them apart.
    States {
        /// The classes.
        classes: Arc<StateClasses>,
        /// The clauses about the key, by number, then those about keys that variables tie to it.
        clauses: Arc<[KeyClause]>,
        /// How many of the clauses are about the key itself.
        own: usize,
    },
    /// No, and yes.
    NoYes,
}

impl Classes {
    /// How many classes there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Resources { classes, .. } => classes.len(),
            Self::States { classes, .. } => classes.states.len(),
            Self::NoYes => 2,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A small model: a few subjects, their classes, and a function for each view.
#[derive(Clone, Debug)]
pub struct Residual {
    /// The subjects, in the order of the diagram.
    pub subjects: Vec<SubjectClasses>,
    /// The nodes.
    pub diagram: Diagram,
    /// For each view, what is answered: leaves are [`Outcomes`].
    pub answers: Vec<Function>,
    /// Which combinations of classes there can be at all: the worlds of the scope, and what relations
    /// rule out.
    pub possible: Function,
}

/// The classes that were made: other residuals ask for the same.
#[derive(Default)]
pub(super) struct Memory {
    states: FxHashMap<(usize, ConditionKey, Vec<usize>, bool), Classes>,
    resources: FxHashMap<(Vec<ResourceClause>, Vec<Vec<String>>), Classes>,
}

/// Builds the residual of `key`.
#[expect(clippy::too_many_arguments, reason = "what is left depends on all of them")]
pub(super) fn build(
    memory: &mut Memory,
    prepared: &mut Prepared,
    key: &Key,
    principals: &[Named],
    action: &ActionClass,
    views: &[View<'_>],
    caller: &Caller,
    scope: Scope<'_>,
) -> Result<Residual, TooComplex> {
    let groups = groups(prepared, key, principals, scope);
    let mut builder =
        Builder { caller, caller_number: key.caller, prepared, scope, subjects: Vec::new(), views };
    let rules = rule_lists(views, caller, action, scope);
    builder.add_subjects(memory, &groups, &rules, action)?;
    let arities = builder.subjects.iter().map(|subject| subject.classes.len()).collect();
    let mut diagram = Diagram::new(arities, scope.budget.nodes);
    let named = |error: TooComplex| TooComplex {
        subject: format!("the decision of {}", action.witness),
        because: if error.because.is_empty() { builder.causes() } else { error.because },
        ..error
    };
    let mut functions = Vec::with_capacity(groups.len());
    for (role, branches) in &groups {
        functions.push((*role, builder.function(&mut diagram, branches, role).map_err(named)?));
    }
    let mut answers = Vec::with_capacity(views.len());
    for (number, view) in views.iter().enumerate() {
        let own = functions.iter().filter(|(role, _)| role.view == number);
        let answer = match view.question {
            Question::Applies(_) => {
                let matches = own.map(|(_, function)| *function).collect::<Vec<_>>();
                let matches = diagram.any(&matches).map_err(named)?;
                let leaf = |outcome| Function::leaf(Outcomes::only(outcome).0);
                diagram
                    .choose(matches, leaf(Outcome::Applies), leaf(Outcome::DoesNotApply))
                    .map_err(named)?
            }
            Question::Decision => {
                let own: Vec<Group> =
                    own.map(|(role, function)| builder.group(role, *function)).collect();
                builder.decision(&mut diagram, *view, &own, action, caller).map_err(named)?
            }
        };
        answers.push(answer);
    }
    let possible = builder.possible(&mut diagram).map_err(named)?;
    Ok(Residual { subjects: builder.subjects, diagram, answers, possible })
}

/// The statements by what they do, each group merged.
fn groups(
    prepared: &mut Prepared,
    key: &Key,
    principals: &[Named],
    scope: Scope<'_>,
) -> Vec<(Role, Vec<Branch>)> {
    let mut groups: Vec<(Role, Vec<Branch>)> = Vec::new();
    for &number in &key.statements {
        let Some(statement) = prepared.statements.get(number) else { continue };
        if statement.resource == Resources::ImpliedButKms && key.is_kms {
            continue;
        }
        let Some((truth, strength)) = principals.get(number) else { continue };
        let (layer, effect) = (statement.id.layer, statement.effect);
        let allows = effect == Effect::Allow;
        let grants = allows && matches!(layer, PolicyType::Resource | PolicyType::Trust);
        let role = Role {
            view: statement.view,
            layer,
            // Only of SCPs must every level allow.
            level: if allows && layer == PolicyType::Scp { statement.id.level } else { 0 },
            effect,
            strength: if grants { *strength } else { Strength::Direct },
            is_public: scope.template.bucket.restrict_public_buckets
                && grants
                && statement.is_public,
            is_uncertain: *truth == Truth::Unknown,
            example: number,
        };
        let mut keys = statement.keys.clone();
        keys.sort_unstable();
        let resource = match statement.resource {
            Resources::ImpliedButKms => Resources::Implied,
            other => other,
        };
        let branch = Branch { resource, keys };
        match groups.iter_mut().find(|(known, _)| known.is_same(&role)) {
            Some((_, branches)) => branches.push(branch),
            None => groups.push((role, vec![branch])),
        }
    }
    groups.into_iter().map(|(role, branches)| (role, merge(prepared, branches))).collect()
}

/// The lists of resources that the rules of combination tell apart, of all views.
fn rule_lists(
    views: &[View<'_>],
    caller: &Caller,
    action: &ActionClass,
    scope: Scope<'_>,
) -> Vec<Vec<String>> {
    let request = Request { requester: caller.requester.clone(), ..scope.template.clone() };
    let mut lists: Vec<Vec<String>> = Vec::new();
    for view in views.iter().filter(|view| view.question == Question::Decision) {
        for list in distinction::of_resources(&action.witness, &request, view.switches) {
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
    }
    lists
}

struct Builder<'a, 'v> {
    caller: &'a Caller,
    caller_number: usize,
    prepared: &'a Prepared,
    scope: Scope<'v>,
    views: &'a [View<'v>],
    subjects: Vec<SubjectClasses>,
}

impl Builder<'_, '_> {
    fn clause(&self, number: usize) -> Option<&KeyClause> {
        self.prepared.clauses.get(number)
    }

    fn resource_clause(&self, resource: Resources) -> Option<&ResourceClause> {
        match resource {
            Resources::Clause(number) => self.prepared.resources.get(number),
            Resources::Implied | Resources::ImpliedButKms | Resources::None => None,
        }
    }

    fn place(&self, subject: &Subject) -> Option<usize> {
        self.subjects.iter().position(|known| known.subject == *subject)
    }

    /// The resource first, then keys as they first occur, each relation after its keys: what one
    /// statement asks stays together. Denies come before Allows: what they deny needs no other key.
    fn add_subjects(
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
        let mut push = |subject: Subject| {
            if !order.contains(&subject) {
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
        if distinguishing.is_empty() && rules.is_empty() && self.scope.resources.is_empty() {
            return Ok(());
        }
        let asked =
            (clauses.iter().map(|clause| (*clause).clone()).collect::<Vec<_>>(), rules.to_vec());
        if let Some(known) = memory.resources.get(&asked) {
            self.subjects
                .push(SubjectClasses { subject: Subject::Resource, classes: known.clone() });
            return Ok(());
        }
        let hints: Vec<String> = example_resource(action.witness.as_str()).into_iter().collect();
        let question = ResourceQuestion {
            clauses: &clauses,
            relational: &relational,
            rules,
            only: self.scope.resources,
            hints: &hints,
        };
        let classes = resource_classes(question, self.scope.budget)?;
        let classes = Classes::Resources {
            classes: classes.into(),
            clauses: clauses.into_iter().cloned().collect(),
            relational: relational.into_iter().cloned().collect(),
            rules: rules.into(),
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
        let Knowledge { mut nature, domain, hints } = (self.scope.knowledge)(key, self.caller);
        let is_variable =
            all.iter().any(|clause| clause.variables().any(|(other, _)| other == key));
        // Arity belongs to the key: every clause about it tells, not only those of this residual.
        let about: Vec<&KeyClause> =
            self.prepared.clauses.iter().filter(|clause| clause.key == *key).collect();
        let arity = *nature.arity.get_or_insert_with(|| arity_by_use(&about));
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
        let search = Search { domain, split_empty, hints: &hints, budget: self.scope.budget };
        let mut listed: Vec<KeyState> = Vec::new();
        for world in self.scope.worlds {
            let state = world.state(key);
            if !listed.contains(state) {
                listed.push(state.clone());
            }
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

    fn canonical_user(&self, role: &Role) -> String {
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

    /// Where any of the branches matches.
    fn function(
        &self,
        diagram: &mut Diagram,
        branches: &[Branch],
        role: &Role,
    ) -> Result<Function, TooComplex> {
        let mut functions = Vec::with_capacity(branches.len());
        for branch in branches {
            // Later subjects first, so that each step only puts one on top.
            let mut parts = vec![self.resource_function(diagram, branch.resource)?];
            for clause in branch.keys.iter().filter_map(|clause| self.clause(*clause)) {
                parts.push(self.clause_function(diagram, clause)?);
            }
            parts.sort_by_key(|part| std::cmp::Reverse(diagram.subject(*part)));
            let mut all = TRUE;
            for part in parts {
                all = diagram.and(part, all)?;
            }
            functions.push(all);
        }
        let any = diagram.any(&functions)?;
        if !role.is_uncertain {
            return Ok(any);
        }
        let subject = Subject::CanonicalUser(self.canonical_user(role));
        let is = self.yes(diagram, &subject)?;
        diagram.and(is, any)
    }

    /// Where a subject that is answered no or yes is yes.
    fn yes(&self, diagram: &mut Diagram, subject: &Subject) -> Result<Function, TooComplex> {
        match self.place(subject) {
            Some(place) => diagram.among(place, &std::iter::once(1).collect()),
            None => Ok(FALSE),
        }
    }

    fn resource_function(
        &self,
        diagram: &mut Diagram,
        resource: Resources,
    ) -> Result<Function, TooComplex> {
        let clause = match resource {
            Resources::None => return Ok(FALSE),
            Resources::Implied | Resources::ImpliedButKms => return Ok(TRUE),
            Resources::Clause(_) => self.resource_clause(resource),
        };
        let Some(clause) = clause else { return Ok(FALSE) };
        let Some((place, classes, clauses, relational)) =
            self.subjects.iter().enumerate().find_map(|(place, subject)| match &subject.classes {
                Classes::Resources { classes, clauses, relational, .. } => {
                    Some((place, classes, clauses, relational))
                }
                _ => None,
            })
        else {
            // Nothing tells resources apart: every clause names all of them.
            return Ok(if clause.sense == Sense::OneOf { TRUE } else { FALSE });
        };
        let number = clauses.iter().position(|known| known == clause);
        let of = |wanted: &dyn Fn(&ResourceClass) -> bool| -> Bits {
            classes
                .iter()
                .enumerate()
                .filter(|(_, class)| wanted(class))
                .map(|(at, _)| at)
                .collect()
        };
        let listed = of(&|class| number.is_some_and(|number| class.listed.contains(number)));
        let mut any = vec![diagram.among(place, &listed)?];
        let mut dead = vec![FALSE];
        for entry in &clause.entries {
            match &entry.form {
                EntryForm::Relational(_, parts) => {
                    let Some(number) = relational
                        .iter()
                        .position(|known| known.text == entry.text && known.form == entry.form)
                    else {
                        continue;
                    };
                    let possible = of(&|class| class.possible.contains(number));
                    let possible = diagram.among(place, &possible)?;
                    let valued =
                        self.valued(diagram, parts, clause.switches.is_alternative(Switch::Q16))?;
                    let related = self
                        .yes(diagram, &Subject::Relation(Relation::Resource(entry.text.clone())))?;
                    let both = diagram.and(valued, related)?;
                    any.push(diagram.and(possible, both)?);
                    dead.push(diagram.not(valued)?);
                }
                EntryForm::NoVariable => dead.push(TRUE),
                _ => {}
            }
        }
        let listed = diagram.any(&any)?;
        if clause.sense == Sense::OneOf {
            return Ok(listed);
        }
        let not_listed = diagram.not(listed)?;
        if clause.switches.is_alternative(Switch::Q3) {
            // No entry with variables matches the resource `*`, whatever they stand for (M-16).
            let arns = diagram.among(place, &of(&|class| !class.is_all))?;
            let dead = diagram.any(&dead)?;
            let dead = diagram.and(dead, arns)?;
            let alive = diagram.not(dead)?;
            return diagram.and(not_listed, alive);
        }
        Ok(not_listed)
    }

    /// Where every variable without a default has a value.
    fn valued(
        &self,
        diagram: &mut Diagram,
        parts: &[Part],
        empty_is_value: bool,
    ) -> Result<Function, TooComplex> {
        let mut all = TRUE;
        for (key, has_default) in variables(parts) {
            if has_default {
                continue;
            }
            let Some(place) = self.place(&Subject::Key(key.clone())) else { return Ok(FALSE) };
            let Some(Classes::States { classes, .. }) =
                self.subjects.get(place).map(|subject| &subject.classes)
            else {
                return Ok(FALSE);
            };
            let has_value = |class: &StateClass| {
                class.value.is_some()
                    || (empty_is_value
                        && class.kind == StateKind::Empty
                        && matches!(class.witness, Some(KeyState::Single(_))))
            };
            let with: Bits = classes
                .states
                .iter()
                .enumerate()
                .filter(|(_, class)| has_value(class))
                .map(|(at, _)| at)
                .collect();
            let with = diagram.among(place, &with)?;
            all = diagram.and(all, with)?;
        }
        Ok(all)
    }

    fn clause_function(
        &self,
        diagram: &mut Diagram,
        clause: &KeyClause,
    ) -> Result<Function, TooComplex> {
        let Some(place) = self.place(&Subject::Key(clause.key.clone())) else { return Ok(FALSE) };
        let Some(Classes::States { classes, clauses, own }) =
            self.subjects.get(place).map(|subject| &subject.classes)
        else {
            return Ok(FALSE);
        };
        let Some(number) = clauses.iter().take(*own).position(|known| known == clause) else {
            return Ok(FALSE);
        };
        let answering = |wanted: Answer| -> Bits {
            classes
                .states
                .iter()
                .enumerate()
                .filter(|(_, class)| class.answers.get(number) == Some(&wanted))
                .map(|(at, _)| at)
                .collect()
        };
        let mut any = vec![diagram.among(place, &answering(Answer::Yes))?];
        if clause.is_relational() {
            let mut alive = Vec::new();
            let mut dead = FALSE;
            for value in &clause.values {
                if let Form::Relational(parts) = &value.form {
                    let valued =
                        self.valued(diagram, parts, clause.switches.is_alternative(Switch::Q16))?;
                    let not = diagram.not(valued)?;
                    dead = diagram.or(dead, not)?;
                    alive.push(valued);
                }
            }
            let alive = diagram.any(&alive)?;
            let relation = self.yes(diagram, &Subject::Relation(Relation::of_value(clause)))?;
            let related = diagram.and(alive, relation)?;
            let mut unrelated = diagram.not(related)?;
            if clause.switches.is_alternative(Switch::Q21) {
                let not_dead = diagram.not(dead)?;
                unrelated = diagram.and(unrelated, not_dead)?;
            }
            let elements = self
                .yes(diagram, &Subject::Relation(Relation::Elements(Box::new(clause.clone()))))?;
            for (answer, condition) in [
                (Answer::IfRelated, related),
                (Answer::IfUnrelated, unrelated),
                (Answer::IfElements, elements),
            ] {
                let among = diagram.among(place, &answering(answer))?;
                any.push(diagram.and(among, condition)?);
            }
        }
        diagram.any(&any)
    }

    fn group(&self, role: &Role, function: Function) -> Group {
        let id = self.prepared.statements.get(role.example).map(|statement| statement.id);
        Group::new(id, role, function)
    }

    /// What is decided, for each kind of resource that the rules of combination tell apart.
    fn decision(
        &self,
        diagram: &mut Diagram,
        view: View<'_>,
        groups: &[Group],
        action: &ActionClass,
        caller: &Caller,
    ) -> Result<Function, TooComplex> {
        let is_signed = !matches!(
            caller.requester.principal,
            Principal::Anonymous | Principal::FederatedCaller { .. }
        );
        if is_signed && exemption(&action.witness).is_some() {
            return Ok(Function::leaf(Outcomes::only(Outcome::Verdict(Verdict::Exempt)).0));
        }
        let mut request = Request {
            requester: caller.requester.clone(),
            action: action.witness.clone(),
            ..self.scope.template.clone()
        };
        let Some(Classes::Resources { classes, .. }) =
            self.subjects.first().map(|subject| &subject.classes)
        else {
            request.resource =
                example_resource(action.witness.as_str()).unwrap_or_else(|| "*".to_owned());
            return combine(diagram, view, &request, groups);
        };
        // Fixed resources may lie in accounts of their own.
        let each_alone = !self.scope.resources.is_empty();
        let kind = |class: &ResourceClass| {
            (class.rules.clone(), class.is_all, each_alone.then(|| class.witness.clone()))
        };
        let mut kinds: Vec<_> = classes.iter().map(kind).collect();
        kinds.sort();
        kinds.dedup();
        let mut decided = Vec::with_capacity(kinds.len());
        for wanted in &kinds {
            if let Some(class) = classes.iter().find(|class| kind(class) == *wanted) {
                request.resource.clone_from(&class.witness);
            }
            decided.push(combine(diagram, view, &request, groups)?);
        }
        let children = classes
            .iter()
            .enumerate()
            .map(|(number, class)| {
                let place = kinds.iter().position(|wanted| *wanted == kind(class)).unwrap_or(0);
                let function = decided.get(place).copied().unwrap_or(FALSE);
                diagram.child(function, 0, number)
            })
            .collect();
        diagram.node(0, children)
    }

    /// What can be at all: one of the worlds, and what bare equality asks.
    fn possible(&self, diagram: &mut Diagram) -> Result<Function, TooComplex> {
        let mut all = self.some_world(diagram)?;
        for (place, subject) in self.subjects.iter().enumerate() {
            let Subject::Relation(relation @ Relation::Value { key, .. }) = &subject.subject else {
                continue;
            };
            let Some(clause) = self
                .clauses_about(key)
                .find(|clause| clause.is_relational() && Relation::of_value(clause) == *relation)
            else {
                continue;
            };
            let Some(other) = bare_equality(clause) else { continue };
            let (Some(one), Some(two)) =
                (self.place(&Subject::Key(key.clone())), self.place(&Subject::Key(other.clone())))
            else {
                continue;
            };
            let consistent = self.equality(diagram, place, one, two)?;
            all = diagram.and(all, consistent)?;
        }
        Ok(all)
    }

    fn clauses_about(&self, key: &ConditionKey) -> impl Iterator<Item = &KeyClause> {
        self.subjects
            .iter()
            .filter(move |subject| subject.subject == Subject::Key(key.clone()))
            .flat_map(|subject| match &subject.classes {
                Classes::States { clauses, own, .. } => clauses.get(..*own).unwrap_or_default(),
                _ => &[],
            })
    }

    /// Equal values are of one class; different ones of two, or of one that has several.
    fn equality(
        &self,
        diagram: &mut Diagram,
        relation: usize,
        one: usize,
        two: usize,
    ) -> Result<Function, TooComplex> {
        let (Some(first), Some(second)) = (self.signatures(one), self.signatures(two)) else {
            return Ok(TRUE);
        };
        let yes = diagram.among(relation, &std::iter::once(1).collect())?;
        if one == two {
            // A value always equals itself.
            let valued: Bits = first
                .iter()
                .enumerate()
                .filter(|(_, value)| value.is_some())
                .map(|(at, _)| at)
                .collect();
            let valued = diagram.among(one, &valued)?;
            return diagram.choose(valued, yes, TRUE);
        }
        let mut bad = Vec::new();
        let no = diagram.not(yes)?;
        for (at, signature) in first.iter().enumerate() {
            let Some((signature, several)) = signature else { continue };
            let own = diagram.among(one, &std::iter::once(at).collect())?;
            let same: Bits = second
                .iter()
                .enumerate()
                .filter(|(_, other)| other.as_ref().is_some_and(|(other, _)| other == signature))
                .map(|(at, _)| at)
                .collect();
            let valued: Bits = second
                .iter()
                .enumerate()
                .filter(|(_, other)| other.is_some())
                .map(|(at, _)| at)
                .collect();
            let equal = diagram.among(two, &same)?;
            let different = diagram.among(two, &valued.difference(&same))?;
            let wrong_yes = diagram.and(different, yes)?;
            let mut wrong = wrong_yes;
            if !several {
                let wrong_no = diagram.and(equal, no)?;
                wrong = diagram.or(wrong, wrong_no)?;
            }
            bad.push(diagram.and(own, wrong)?);
        }
        let bad = diagram.any(&bad)?;
        diagram.not(bad)
    }

    /// For each class of a key's states, the clauses about texts that its value matches, as
    /// [`beside`] orders them, and whether it has several values; `None` where there is no value.
    #[expect(clippy::type_complexity, reason = "read once, two lines below")]
    fn signatures(&self, place: usize) -> Option<Vec<Option<(Vec<KeyClause>, bool)>>> {
        let Some(Classes::States { classes, clauses, .. }) =
            self.subjects.get(place).map(|subject| &subject.classes)
        else {
            return None;
        };
        if clauses.iter().any(|clause| {
            !clause.is_textual()
                && !clause.values.is_empty()
                && clause.operator.base.family() != Family::Null
        }) {
            // Numbers, dates and addresses have more than one spelling: left free.
            return None;
        }
        let signature = |number: usize| {
            let value = classes.values.get(number)?;
            let mut matched: Vec<KeyClause> =
                value.matched.iter().filter_map(|at| clauses.get(at)).map(anonymous).collect();
            matched.sort_unstable();
            matched.dedup();
            Some((matched, value.several))
        };
        Some(classes.states.iter().map(|class| class.value.and_then(signature)).collect())
    }

    /// One of the worlds of the scope holds.
    fn some_world(&self, diagram: &mut Diagram) -> Result<Function, TooComplex> {
        if self.scope.worlds.len() < 2 {
            return Ok(TRUE);
        }
        let mut worlds = Vec::with_capacity(self.scope.worlds.len());
        for world in self.scope.worlds {
            let mut all = TRUE;
            for (place, subject) in self.subjects.iter().enumerate().rev() {
                let (Subject::Key(key), Classes::States { classes, .. }) =
                    (&subject.subject, &subject.classes)
                else {
                    continue;
                };
                let state = world.state(key);
                if *state == KeyState::Unknown {
                    continue;
                }
                let is: Bits = classes
                    .states
                    .iter()
                    .enumerate()
                    .filter(|(_, class)| class.witness.as_ref() == Some(state))
                    .map(|(at, _)| at)
                    .collect();
                let is = diagram.among(place, &is)?;
                all = diagram.and(is, all)?;
            }
            worlds.push(all);
        }
        diagram.any(&worlds)
    }

    /// The keys, those with most classes first.
    fn causes(&self) -> Vec<String> {
        let mut subjects: Vec<(usize, String)> = self
            .subjects
            .iter()
            .map(|subject| {
                let name = match &subject.subject {
                    Subject::Resource => "Resource".to_owned(),
                    Subject::Key(key) => key.to_string(),
                    Subject::Relation(Relation::Value { key, values, .. }) => {
                        format!("{key} = {}", values.join(", "))
                    }
                    Subject::Relation(Relation::Elements(clause)) => clause.key.to_string(),
                    Subject::Relation(Relation::Resource(text)) => text.clone(),
                    Subject::CanonicalUser(id) => id.clone(),
                };
                (subject.classes.len(), name)
            })
            .collect();
        subjects.sort_by_key(|(classes, _)| std::cmp::Reverse(*classes));
        subjects.into_iter().map(|(classes, name)| format!("{name} ({classes} classes)")).collect()
    }
}

/// A clause without the key it is about: what it asks of a value.
fn anonymous(clause: &KeyClause) -> KeyClause {
    KeyClause { key: ConditionKey::new(""), ..clause.clone() }
}

/// The keys of variables, and whether each has a default.
fn variables(parts: &[Part]) -> impl Iterator<Item = (&ConditionKey, bool)> {
    parts.iter().filter_map(|part| match part {
        Part::Variable(key, default) => Some((key, default.is_some())),
        _ => None,
    })
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
