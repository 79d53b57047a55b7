//! The small changes of a policy, as people make them by mistake.

use iamsure_core::language::condition::{Family, Test};
use iamsure_core::language::document::{Effect, Statement};
use iamsure_core::language::{
    ActionPattern, ConditionValue, Operator, ResourcePattern, Span, Spanned,
};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;

/// One change of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The statement is dropped.
    Drop,
    /// Deny where it says Allow, and the other way round.
    Flip,
    /// A clause with `IfExists` where it had none, and the other way round.
    Operator {
        /// The clause.
        clause: usize,
        /// What it asks instead.
        operator: Operator,
    },
    /// A clause is dropped.
    DropClause {
        /// The clause.
        clause: usize,
    },
    /// One of several values of a clause is dropped.
    DropValue {
        /// The clause.
        clause: usize,
        /// The value.
        value: usize,
    },
    /// A value of an operator with wildcards becomes one that everything matches.
    WidenValue {
        /// The clause.
        clause: usize,
        /// The value.
        value: usize,
    },
    /// An action becomes all actions of its service.
    WidenAction {
        /// The entry.
        entry: usize,
    },
    /// One of several actions is dropped.
    DropAction {
        /// The entry.
        entry: usize,
    },
    /// A resource becomes every resource.
    WidenResource {
        /// The entry.
        entry: usize,
    },
    /// One of several resources is dropped.
    DropResource {
        /// The entry.
        entry: usize,
    },
    /// One of several principals is dropped.
    DropPrincipal {
        /// The entry.
        entry: usize,
    },
}

/// What every value matches, for an operator that reads wildcards in it.
fn widest(operator: Operator) -> Option<&'static str> {
    match (operator.base.test(), operator.base.family()) {
        (Test::Like, Family::Arn) => Some("arn:*:*:*:*:*"),
        (Test::Like, _) => Some("*"),
        _ => None,
    }
}

/// All actions of the service of an entry; `None` if it names all already, or no service.
fn whole_service(entry: &ActionPattern) -> Option<String> {
    let (_, _) = entry.parts()?;
    let (prefix, name) = entry.as_str().split_once(':')?;
    (name != "*").then(|| format!("{prefix}:*"))
}

impl Change {
    /// Every change of a statement.
    pub(super) fn all(statement: &Statement) -> Vec<Self> {
        let mut changes = vec![Self::Drop, Self::Flip];
        for (number, clause) in statement.condition.clauses.iter().enumerate() {
            let operator = *clause.operator;
            if operator.base.family() != Family::Null {
                let operator = Operator { if_exists: !operator.if_exists, ..operator };
                changes.push(Self::Operator { clause: number, operator });
            }
            changes.push(Self::DropClause { clause: number });
            for (value, text) in clause.values.iter().enumerate() {
                if clause.values.len() > 1 {
                    changes.push(Self::DropValue { clause: number, value });
                }
                if widest(operator).is_some_and(|widest| text.as_str() != widest) {
                    changes.push(Self::WidenValue { clause: number, value });
                }
            }
        }
        let actions = statement.action.iter().flat_map(|element| &element.entries);
        for (entry, pattern) in actions.clone().enumerate() {
            if whole_service(pattern).is_some() {
                changes.push(Self::WidenAction { entry });
            }
            if actions.clone().nth(1).is_some() {
                changes.push(Self::DropAction { entry });
            }
        }
        let resources = statement.resource.iter().flat_map(|element| &element.entries);
        for (entry, pattern) in resources.clone().enumerate() {
            if !pattern.is_every() {
                changes.push(Self::WidenResource { entry });
            }
            if resources.clone().nth(1).is_some() {
                changes.push(Self::DropResource { entry });
            }
        }
        let principals = statement.principal.iter().flat_map(|element| &element.entries);
        if principals.clone().nth(1).is_some() {
            let entries = 0..principals.count();
            changes.extend(entries.map(|entry| Self::DropPrincipal { entry }));
        }
        changes
    }

    /// The policies with the change; `None` if there is nothing to change at the place. Every statement stays in
    /// its place: one that is dropped matches nothing.
    pub(super) fn apply(&self, policies: &PolicySet, id: StatementId) -> Option<PolicySet> {
        if *self == Self::Drop {
            policies.statement(id)?;
            return Some(policies.only(|other| other != id));
        }
        let mut changed = policies.clone();
        let statement = &mut changed.statement_mut(id)?.value;
        let clauses = &mut statement.condition.clauses;
        match *self {
            Self::Drop => {}
            Self::Flip => {
                statement.effect.value = match statement.effect.value {
                    Effect::Allow => Effect::Deny,
                    Effect::Deny => Effect::Allow,
                };
            }
            Self::Operator { clause, operator } => {
                clauses.get_mut(clause)?.value.operator.value = operator;
            }
            Self::DropClause { clause } => {
                clauses.get(clause)?;
                clauses.remove(clause);
            }
            Self::DropValue { clause, value } => {
                let values = &mut clauses.get_mut(clause)?.value.values;
                values.get(value)?;
                values.remove(value);
            }
            Self::WidenValue { clause, value } => {
                let clause = &mut clauses.get_mut(clause)?.value;
                let operator = clause.operator.value;
                let value = clause.values.get_mut(value)?;
                let family = operator.base.family();
                let written = value.value.written();
                value.value = ConditionValue::new(widest(operator)?, written, family);
            }
            Self::WidenAction { entry } => {
                let entries = &mut statement.action.as_mut()?.value.entries;
                let pattern = entries.get_mut(entry)?;
                pattern.value = ActionPattern::new(whole_service(&pattern.value)?);
            }
            Self::DropAction { entry } => {
                remove(&mut statement.action.as_mut()?.value.entries, entry)?;
            }
            Self::WidenResource { entry } => {
                let entries = &mut statement.resource.as_mut()?.value.entries;
                entries.get_mut(entry)?.value = ResourcePattern::new("*");
            }
            Self::DropResource { entry } => {
                remove(&mut statement.resource.as_mut()?.value.entries, entry)?;
            }
            Self::DropPrincipal { entry } => {
                remove(&mut statement.principal.as_mut()?.value.entries, entry)?;
            }
        }
        Some(changed)
    }

    /// What was changed, in a few words: ``BoolIfExists -> Bool``.
    pub(super) fn words(&self, statement: &Statement) -> Option<String> {
        let clause = |number: usize| statement.condition.clauses.get(number);
        let action = |number: usize| statement.action.as_ref()?.entries.get(number);
        let resource = |number: usize| statement.resource.as_ref()?.entries.get(number);
        Some(match *self {
            Self::Drop => "the statement dropped".to_owned(),
            Self::Flip => match *statement.effect {
                Effect::Allow => "Allow -> Deny".to_owned(),
                Effect::Deny => "Deny -> Allow".to_owned(),
            },
            Self::Operator { clause: number, operator } => {
                format!("{} -> {operator}", *clause(number)?.operator)
            }
            Self::DropClause { clause: number } => {
                let clause = clause(number)?;
                format!("{} {} dropped", *clause.operator, *clause.key)
            }
            Self::DropValue { clause: number, value } => {
                let clause = clause(number)?;
                format!("\"{}\" dropped from {}", clause.values.get(value)?.as_str(), *clause.key)
            }
            Self::WidenValue { clause: number, value } => {
                let clause = clause(number)?;
                let widest = widest(*clause.operator)?;
                format!("\"{}\" -> \"{widest}\"", clause.values.get(value)?.as_str())
            }
            Self::WidenAction { entry } => {
                let entry = action(entry)?;
                format!("{} -> {}", entry.as_str(), whole_service(entry)?)
            }
            Self::DropAction { entry } => format!("{} dropped", action(entry)?.as_str()),
            Self::WidenResource { entry } => format!("{} -> *", resource(entry)?.as_str()),
            Self::DropResource { entry } => format!("{} dropped", resource(entry)?.as_str()),
            Self::DropPrincipal { entry } => {
                format!("{} dropped", statement.principal.as_ref()?.entries.get(entry)?.as_str())
            }
        })
    }

    /// Where it was changed.
    pub(super) fn span(&self, statement: &Spanned<Statement>) -> Span {
        let clause = |number: usize| statement.condition.clauses.get(number);
        let value = |number: usize, value: usize| Some(clause(number)?.values.get(value)?.span);
        let found = match *self {
            Self::Drop => None,
            Self::Flip => Some(statement.effect.span),
            Self::Operator { clause: number, .. } => {
                clause(number).map(|clause| clause.operator.span)
            }
            Self::DropClause { clause: number } => clause(number).map(|clause| clause.span),
            Self::DropValue { clause, value: number }
            | Self::WidenValue { clause, value: number } => value(clause, number),
            Self::WidenAction { entry } | Self::DropAction { entry } => statement
                .action
                .as_ref()
                .and_then(|element| element.entries.get(entry))
                .map(|entry| entry.span),
            Self::WidenResource { entry } | Self::DropResource { entry } => statement
                .resource
                .as_ref()
                .and_then(|element| element.entries.get(entry))
                .map(|entry| entry.span),
            Self::DropPrincipal { entry } => statement
                .principal
                .as_ref()
                .and_then(|element| element.entries.get(entry))
                .map(|entry| entry.span),
        };
        found.unwrap_or(statement.span)
    }
}

fn remove<T>(list: &mut Vec<T>, at: usize) -> Option<T> {
    list.get(at)?;
    Some(list.remove(at))
}
