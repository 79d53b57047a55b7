//! One small model as nodes and words.

use iamsure_core::language::document::Effect;
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::principal_keys::principal_keys;
use iamsure_core::world::{KeyState, Principal};
use rustc_hash::FxHashMap;

use super::is_made_by;
use crate::bits::Bits;
use crate::class::resource::EntryForm;
use crate::clause::{Form, KeyClause, Part};
use crate::diagram::{Diagram, Function};
use crate::model::{Classes, Outcome, Outcomes, Residual, Subject, SubjectClasses};
use crate::relation::Relation;
use crate::said::Said;
use crate::table::Column;
use crate::wording::describe;

/// A leaf, if it is less than `LEAVES`; the node with the number that is left, otherwise.
pub type Root = u32;

/// Where nodes begin.
pub(super) const LEAVES: u32 = 64;

/// The leaf "yes".
pub(super) const YES: u8 = 1;

/// A small model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChartModel {
    /// What is asked for, in the order of the nodes.
    pub subjects: Vec<ChartSubject>,
    /// The subjects, by number, on whose classes together the request depends.
    pub tied: Vec<usize>,
    /// For each node the subject that it asks for and where each of its classes leads.
    pub nodes: Vec<(usize, Vec<Root>)>,
    /// Whether there are such requests: 1 for yes.
    pub possible: Root,
    /// What is decided, as [`Outcomes`]; two, if a policy that must exist was not given: as if it leaves the
    /// decision to the account, and as if it does not.
    pub decisions: Vec<Root>,
    /// Which layer answers: 1 for yes, if there are several.
    pub layers: Vec<(PolicyType, Root)>,
    /// Where each statement matches: 1 for yes.
    pub statements: Vec<(StatementId, Effect, Root)>,
}

/// What a model asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChartSubject {
    /// What it is.
    pub column: Column,
    /// Its classes.
    pub classes: Vec<ChartClass>,
}

/// A class of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChartClass {
    /// What is said of it.
    pub words: Said,
    /// A state of the key; `None` if none is known, or the subject is no key.
    pub state: Option<KeyState>,
    /// One of its members, where words may not tell it from other classes.
    pub example: Option<String>,
}

impl ChartModel {
    /// Where a combination leads from a root.
    pub fn value(&self, root: Root, classes: &[usize]) -> u32 {
        let mut at = root;
        while let Some((subject, children)) =
            at.checked_sub(LEAVES).and_then(|node| self.nodes.get(node as usize))
        {
            let class = classes.get(*subject).copied().unwrap_or_default();
            match children.get(class) {
                Some(child) => at = *child,
                None => break,
            }
        }
        at
    }

    /// How many classes each subject has.
    pub fn arities(&self) -> Vec<usize> {
        self.subjects.iter().map(|subject| subject.classes.len()).collect()
    }

    /// The place of a combination among those of the tied subjects.
    pub(super) fn place(&self, classes: &[usize]) -> Option<usize> {
        let mut place = 0;
        for subject in &self.tied {
            let arity = self.subjects.get(*subject)?.classes.len();
            place = place * arity + *classes.get(*subject)?;
        }
        Some(place)
    }

    /// The statements that make a decision, as core names them.
    pub(super) fn deciding(
        &self,
        outcome: Outcome,
        is_root: bool,
        classes: &[usize],
    ) -> Vec<StatementId> {
        let Outcome::Verdict(verdict) = outcome else { return Vec::new() };
        let is_yes = |root: Root| self.value(root, classes) == u32::from(YES);
        let applies = u32::from(Outcomes::only(Outcome::Applies).0);
        let by = self.layers.iter().find(|(_, root)| self.value(*root, classes) == applies);
        let counts = |layer: PolicyType| match by {
            Some((by, _)) => layer == *by,
            None if self.layers.is_empty() => true,
            // The root user in its own account; else both accounts of a call across accounts.
            None => {
                !is_root
                    && matches!(
                        layer,
                        PolicyType::Identity | PolicyType::Resource | PolicyType::Trust
                    )
            }
        };
        let decides = |(id, effect, matches): &&(StatementId, Effect, Root)| {
            is_made_by(verdict, *effect) && counts(id.layer) && is_yes(*matches)
        };
        self.statements.iter().filter(decides).map(|(id, ..)| *id).collect()
    }
}

/// A residual as a chart has it, and the subjects that some node asks for, by number: the others make no
/// difference. Its first views are `decisions`, those after them are `layers`, if there are several.
pub(super) fn of(
    residual: &Residual,
    decisions: usize,
    layers: &[PolicyType],
    effect: &dyn Fn(StatementId) -> Option<Effect>,
) -> (ChartModel, Vec<usize>) {
    let mut numbering =
        Numbering { diagram: &residual.diagram, known: FxHashMap::default(), nodes: Vec::new() };
    let possible = numbering.number(residual.possible);
    let mut answers = residual.answers.iter().map(|answer| numbering.number(*answer));
    let of_decisions: Vec<Root> = answers.by_ref().take(decisions).collect();
    let of_layers: Vec<(PolicyType, Root)> = layers.iter().copied().zip(answers).collect();
    let statements = (residual.shares.iter().filter(|share| share.view == 0))
        .filter_map(|share| {
            Some((share.statement, effect(share.statement)?, numbering.number(share.matches)))
        })
        .collect();
    let mut nodes = numbering.nodes;
    let asked: Bits = nodes.iter().map(|(subject, _)| *subject).collect();
    let asked: Vec<usize> = asked.iter().collect();
    for (subject, _) in &mut nodes {
        *subject = asked.iter().position(|known| known == subject).unwrap_or_default();
    }
    let subject = |subject: &SubjectClasses| ChartSubject {
        column: Column::Subject(subject.subject.clone()),
        classes: (0..subject.classes.len())
            .map(|class| of_class(&subject.classes, class))
            .collect(),
    };
    let subjects: Vec<ChartSubject> =
        asked.iter().filter_map(|number| residual.subjects.get(*number)).map(subject).collect();
    let tied = tied(residual);
    let tied = (asked.iter().enumerate()).filter(|(_, known)| tied.contains(known));
    let tied = tied.map(|(number, _)| number).collect();
    let model = ChartModel {
        subjects,
        tied,
        nodes,
        possible,
        decisions: of_decisions,
        layers: of_layers,
        statements,
    };
    (model, asked)
}

/// Nodes, numbered as they are met.
struct Numbering<'a> {
    diagram: &'a Diagram,
    known: FxHashMap<Function, Root>,
    nodes: Vec<(usize, Vec<Root>)>,
}

impl Numbering<'_> {
    fn number(&mut self, function: Function) -> Root {
        if let Some(leaf) = function.as_leaf() {
            return Root::from(leaf);
        }
        if let Some(known) = self.known.get(&function) {
            return *known;
        }
        let Some(subject) = self.diagram.subject(function) else { return 0 };
        let children = (0..self.diagram.arity(subject))
            .map(|class| self.number(self.diagram.child(function, subject, class)))
            .collect();
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX).saturating_add(LEAVES);
        self.nodes.push((subject, children));
        self.known.insert(function, number);
        number
    }
}

fn of_class(classes: &Classes, class: usize) -> ChartClass {
    let words = describe(classes, &std::iter::once(class).collect()).unwrap_or(Said::Any);
    let (state, example) = match classes {
        Classes::States { classes, .. } => {
            let state = classes.states.get(class).and_then(|class| class.witness.clone());
            let text = match &state {
                Some(KeyState::Single(text)) => Some(text.clone()),
                Some(KeyState::Multi(texts)) => Some(texts.join(", ")),
                _ => None,
            };
            (state, text)
        }
        Classes::Resources { classes, .. } => {
            (None, classes.get(class).map(|class| class.witness.clone()))
        }
        Classes::NoYes => (None, None),
    };
    ChartClass { words, state, example }
}

/// The subjects whose classes together make a request: the resource, what variables compare, and keys that follow
/// from who calls.
fn tied(residual: &Residual) -> Vec<usize> {
    let of_caller: Vec<ConditionKey> =
        principal_keys(&Principal::Anonymous).into_iter().map(|(key, _)| key).collect();
    let mut compared: Vec<&ConditionKey> = Vec::new();
    for subject in &residual.subjects {
        match &subject.classes {
            Classes::States { clauses, .. } => compared.extend(clauses.iter().flat_map(variables)),
            Classes::Resources { relational, .. } => {
                compared.extend(relational.iter().flat_map(|entry| match &entry.form {
                    EntryForm::Relational(_, parts) => keys_of(parts),
                    _ => Vec::new(),
                }));
            }
            Classes::NoYes => {}
        }
    }
    let is_tied = |subject: &SubjectClasses| match &subject.subject {
        Subject::Resource | Subject::Relation(_) | Subject::CanonicalUser(_) => true,
        Subject::Key(key) => {
            let has_relation = residual.subjects.iter().any(|other| match &other.subject {
                Subject::Relation(Relation::Value { key: other, .. }) => other == key,
                Subject::Relation(Relation::Elements(clause)) => clause.key == *key,
                _ => false,
            });
            has_relation || compared.contains(&key) || of_caller.contains(key)
        }
    };
    let numbered = residual.subjects.iter().enumerate();
    numbered.filter(|(_, subject)| is_tied(subject)).map(|(number, _)| number).collect()
}

/// The keys of the variables of a clause.
fn variables(clause: &KeyClause) -> impl Iterator<Item = &ConditionKey> {
    clause.values.iter().flat_map(|value| match &value.form {
        Form::Relational(parts) => keys_of(parts),
        _ => Vec::new(),
    })
}

fn keys_of(parts: &[Part]) -> Vec<&ConditionKey> {
    let mut keys = Vec::new();
    for part in parts {
        if let Part::Variable(key, _) = part {
            keys.push(key);
        }
    }
    keys
}
