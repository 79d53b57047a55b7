//! Formulas: where a statement matches, and what is decided, as functions of classes.

use iamsure_core::decision::Verdict;
use iamsure_core::decision::exemption::exemption;
use iamsure_core::language::document::Sense;
use iamsure_core::world::{KeyState, Principal, Request, Switch};

use super::{Builder, Classes, Subject, variables};
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::action::ActionClass;
use crate::class::requester::Caller;
use crate::class::resource::{EntryForm, ResourceClass};
use crate::class::state::{Answer, StateClass, StateKind};
use crate::clause::{Form, KeyClause, Part};
use crate::diagram::{Diagram, FALSE, Function, TRUE};
use crate::model::branch::{Branch, Role};
use crate::model::combine::{Group, combine};
use crate::model::statement::Resources;
use crate::model::{Outcome, Outcomes, Question, View};
use crate::relation::Relation;

impl Builder<'_, '_> {
    /// Where any of the branches matches.
    pub(super) fn function(
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

    pub(super) fn group(&self, role: &Role, function: Function) -> Group {
        let id = self.prepared.statements.get(role.example).map(|statement| statement.id);
        Group::new(id, role, function)
    }

    /// What is decided, for each kind of resource that the rules of combination tell apart.
    pub(super) fn decision(
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
            let outcome = match view.question {
                Question::DecidedBy(_) => Outcome::DoesNotApply,
                _ => Outcome::Verdict(Verdict::Exempt),
            };
            return Ok(Function::leaf(Outcomes::only(outcome).0));
        }
        let mut request = Request {
            requester: caller.requester.clone(),
            action: action.witness.clone(),
            ..self.scope.template.clone()
        };
        let Some(Classes::Resources { classes, .. }) =
            self.subjects.first().map(|subject| &subject.classes)
        else {
            action.example().unwrap_or("*").clone_into(&mut request.resource);
            return combine(diagram, view, &request, groups);
        };
        // Named resources may lie in accounts of their own.
        let each_alone = self.scope.resources.is_given();
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
}
