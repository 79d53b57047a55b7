//! A residual: the statements that are left for some callers and actions, over everything else.

mod formula;
mod possible;
mod share;
mod subjects;

use std::sync::Arc;

use iamsure_core::decision::{Strength, Truth, distinction};
use iamsure_core::language::document::Effect;
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::Request;

use super::branch::{Branch, Role, merge};
use super::combine::Group;
use super::statement::{Named, Prepared, Resources};
use super::{Outcome, Outcomes, Question, Scope, View};
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::action::ActionClass;
use crate::class::requester::Caller;
use crate::class::resource::{ResourceClass, ResourceClause, ResourceEntry};
use crate::class::state::StateClasses;
use crate::clause::{KeyClause, Part};
use crate::diagram::{Diagram, Function};
use crate::relation::Relation;

pub use share::Share;
pub(super) use subjects::Memory;

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
        /// What was asked about, by number, if patterns were.
        asked: Arc<[String]>,
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
    /// What each statement does here, in a [model with shares](super::Model::with_shares).
    pub shares: Vec<Share>,
}

impl Residual {
    /// The condition keys that it is about.
    pub(crate) fn keys(&self) -> Vec<ConditionKey> {
        let key = |subject: &Subject| match subject {
            Subject::Key(key) => Some(key.clone()),
            _ => None,
        };
        self.subjects.iter().filter_map(|subject| key(&subject.subject)).collect()
    }

    /// The condition keys that it is about, but for those whose state the question gives.
    pub(crate) fn open_keys(&self) -> Vec<ConditionKey> {
        let is_open = |subject: &&SubjectClasses| match &subject.classes {
            Classes::States { classes, .. } => classes.states.len() > 1,
            _ => true,
        };
        let key = |subject: &SubjectClasses| match &subject.subject {
            Subject::Key(key) => Some(key.clone()),
            _ => None,
        };
        self.subjects.iter().filter(is_open).filter_map(key).collect()
    }

    /// Whether its views answer differently anywhere.
    pub(crate) fn differs(&self) -> bool {
        let mut answers = self.answers.iter();
        let Some(first) = answers.next() else { return false };
        answers.any(|other| self.diagram.differ(*first, *other, self.possible))
    }
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
    let (groups, members) = groups(prepared, key, principals);
    let mut builder =
        Builder { caller, caller_number: key.caller, prepared, scope, subjects: Vec::new(), views };
    let rules = rule_lists(views, caller, action, scope);
    builder.add_subjects(memory, &groups, &rules, action)?;
    let arities = builder.subjects.iter().map(|subject| subject.classes.len()).collect();
    let mut diagram = Diagram::new(arities, scope.budget.nodes);
    let named = |error: TooComplex| TooComplex {
        subject: format!("the decision of {}", action.witness),
        because: if error.because.is_empty() { builder.causes().into() } else { error.because },
        ..error
    };
    let mut functions = Vec::with_capacity(groups.len());
    let mut each = Vec::new();
    for (role, branches) in &groups {
        if builder.prepared.apart {
            let own = builder.each(&mut diagram, branches, role).map_err(named)?;
            functions.push((*role, diagram.any(&own).map_err(named)?));
            each.push(own);
        } else {
            functions.push((*role, builder.function(&mut diagram, branches, role).map_err(named)?));
        }
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
            Question::Decision | Question::DecidedBy(_) => {
                let own: Vec<Group> =
                    own.map(|(role, function)| builder.group(role, *function)).collect();
                builder.decision(&mut diagram, *view, &own, action, caller).map_err(named)?
            }
        };
        answers.push(answer);
    }
    let possible = builder.possible(&mut diagram).map_err(named)?;
    let mut shares = Vec::new();
    for (at, (own, members)) in each.iter().zip(&members).enumerate() {
        let found = builder
            .shares(&mut diagram, &functions, at, own, members, &answers, action)
            .map_err(named)?;
        shares.extend(found);
    }
    Ok(Residual { subjects: builder.subjects, diagram, answers, possible, shares })
}

/// Statements that do the same, as branches.
type Alike = (Role, Vec<Branch>);

/// The statements by what they do, each group merged, or kept apart if the model does; and the
/// statements of each group.
fn groups(
    prepared: &mut Prepared,
    key: &Key,
    principals: &[Named],
) -> (Vec<Alike>, Vec<Vec<usize>>) {
    let mut groups: Vec<Alike> = Vec::new();
    let mut members: Vec<Vec<usize>> = Vec::new();
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
        let place = groups.iter().position(|(known, _)| known.is_same(&role));
        let place = place.unwrap_or_else(|| {
            groups.push((role, Vec::new()));
            members.push(Vec::new());
            groups.len() - 1
        });
        if let (Some((_, branches)), Some(members)) =
            (groups.get_mut(place), members.get_mut(place))
        {
            branches.push(branch);
            members.push(number);
        }
    }
    if !prepared.apart {
        for (_, branches) in &mut groups {
            *branches = merge(prepared, std::mem::take(branches));
        }
    }
    (groups, members)
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
    for view in views.iter().filter(|view| view.question.is_of_decisions()) {
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

/// The keys of variables, and whether each has a default.
fn variables(parts: &[Part]) -> impl Iterator<Item = (&ConditionKey, bool)> {
    parts.iter().filter_map(|part| match part {
        Part::Variable(key, default) => Some((key, default.is_some())),
        _ => None,
    })
}
