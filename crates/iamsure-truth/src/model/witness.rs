//! Witnesses: one concrete request for a combination of classes, decided again by core.
//!
//! Nothing is shown that core has not decided. Where core decides otherwise than the model, that is a
//! [`Disagreement`]: a bug of this crate, to be reported and never to be hidden.

use iamsure_core::decision::evaluate::has_boundary;
use iamsure_core::decision::{Decision, Outcome as CoreOutcome, Truth, evaluate, statement};
use iamsure_core::language::is_account_id;
use iamsure_core::world::{Context, KeyState, Request};

use super::caller::{embodied, is_of_other_owner};
use super::locate::state_class;
use super::region::{is_of_endpoint, region_of};
use super::related::Relations;
use super::residual::{Classes, Residual, Subject};
use super::target::{Aim, Target};
use super::{Cell, Model, Outcome, Outcomes, Question, View};
use crate::class::plausible::resources_of;
use crate::class::resource::ResourceQuestion;
use crate::sample::{ACCOUNTS, EXAMPLE_ACCOUNT, account_of, is_of_owner};

/// A combination: a cell of the model and a class of each subject of its residual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The cell.
    pub cell: Cell,
    /// The classes, in the order of the subjects.
    pub classes: Vec<usize>,
}

/// A request and what core decides about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The request.
    pub(crate) request: Request,
    /// What core says.
    pub(crate) outcome: Outcome,
    /// All that core says; `None` for the question whether a statement applies.
    pub(crate) decision: Option<Decision>,
}

/// The model says one thing and core another about the same request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model decides `{}` and the evaluator `{}`", expected.words(), found.words())]
pub struct Disagreement {
    /// What the model says.
    pub(crate) expected: Outcome,
    /// What core says.
    pub(crate) found: Outcome,
    /// The request.
    pub(crate) request: Box<Request>,
}

/// What a request must show beside the outcome of its view. A request of the combination itself does; one by a caller that
/// has its keys may be of another combination, which other views tell apart.
pub(crate) type Shows<'a> = &'a dyn Fn(&Request) -> bool;

impl Model {
    /// A request of `place`, if one is found, as core decides it for `view`. For combinations that need
    /// no relation and no unwitnessed class there always is one.
    ///
    /// # Errors
    /// If core decides otherwise than `expected`.
    pub fn witness(
        &self,
        view: View<'_>,
        place: &Place,
        expected: Outcome,
    ) -> Result<Option<Witness>, Box<Disagreement>> {
        self.witness_that(view, place, expected, &|_| true)
    }

    /// As [`witness`](Self::witness), of a request that `shows` what it must.
    ///
    /// # Errors
    /// If core decides otherwise than `expected`.
    pub(crate) fn witness_that(
        &self,
        view: View<'_>,
        place: &Place,
        expected: Outcome,
        shows: Shows<'_>,
    ) -> Result<Option<Witness>, Box<Disagreement>> {
        let (Some(request), Some(caller)) =
            (self.request(place), self.callers.get(place.cell.caller))
        else {
            return Ok(None);
        };
        let is_of_place = self
            .locate(place.cell.caller, &request)
            .is_some_and(|found| self.is_same_place(&found, place));
        if !is_of_place {
            return Ok(None);
        }
        // By a caller that has the keys, if that is decided alike.
        for shown in embodied(&request, caller) {
            if let Some((outcome, decision)) = ask(view, &shown)
                && outcome == expected
                && shows(&shown)
            {
                return Ok(Some(Witness { request: shown, outcome, decision }));
            }
        }
        let Some((outcome, decision)) = ask(view, &request) else { return Ok(None) };
        if outcome != expected {
            return Err(Box::new(Disagreement {
                expected,
                found: outcome,
                request: Box::new(request),
            }));
        }
        Ok(Some(Witness { request, outcome, decision }))
    }

    /// A request of `place` that core decides as the model says, in every view, and that `shows` what it must; `None` if
    /// none was found.
    ///
    /// # Errors
    /// If core decides otherwise.
    pub(crate) fn replayed(
        &self,
        views: &[View<'_>],
        place: &Place,
        shows: Shows<'_>,
    ) -> Result<Option<Request>, Box<Disagreement>> {
        let (Some(request), Some(caller)) =
            (self.request(place), self.callers.get(place.cell.caller))
        else {
            return Ok(None);
        };
        let is_of_place = self
            .locate(place.cell.caller, &request)
            .is_some_and(|found| self.is_same_place(&found, place));
        if !is_of_place {
            return Ok(None);
        }
        let is_alike = |shown: &Request| shows(shown) && self.is_decided_alike(views, place, shown);
        // By a caller that has the keys, if that is decided alike.
        if let Some(shown) = embodied(&request, caller).into_iter().find(is_alike) {
            return Ok(Some(shown));
        }
        for (number, view) in views.iter().enumerate() {
            let expected = self.outcomes(place, number).and_then(Outcomes::one);
            let (Some(expected), Some((found, _))) = (expected, ask(*view, &request)) else {
                return Ok(None);
            };
            if expected != found {
                return Err(Box::new(Disagreement { expected, found, request: Box::new(request) }));
            }
        }
        Ok(Some(request))
    }

    /// Whether core decides a request as the model says of a combination, in every view.
    pub(crate) fn is_decided_alike(
        &self,
        views: &[View<'_>],
        place: &Place,
        request: &Request,
    ) -> bool {
        views.iter().enumerate().all(|(number, view)| {
            let expected = self.outcomes(place, number).and_then(Outcomes::one);
            expected.is_some() && ask(*view, request).map(|(found, _)| found) == expected
        })
    }

    /// What the model says of a combination.
    pub fn outcomes(&self, place: &Place, view: usize) -> Option<Outcomes> {
        let residual = self.residuals.get(place.cell.residual)?;
        let answer = residual.answers.get(view)?;
        residual.diagram.value(*answer, &place.classes).as_leaf().map(Outcomes)
    }

    /// The accounts to take resources of: those that `aws:ResourceAccount` may name (KC-15), or the one that else is told.
    fn owners<'m>(&'m self, residual: &'m Residual, place: &Place) -> Vec<&'m str> {
        let mut found: Vec<&str> = Vec::new();
        for (subject, class) in residual.subjects.iter().zip(&place.classes) {
            let (Subject::Key(key), Classes::States { classes, clauses, own }) =
                (&subject.subject, &subject.classes)
            else {
                continue;
            };
            if !is_of_owner(key) {
                continue;
            }
            let of_class = classes.states.get(*class);
            found.extend(of_class.and_then(|class| account_in(class.witness.as_ref()?)));
            let written = clauses.iter().take(*own).flat_map(|clause| &clause.values);
            let written =
                written.map(|value| value.text.as_str()).filter(|text| is_account_id(text));
            let is_of_class = |text: &&str| {
                state_class(&KeyState::single(*text), classes, clauses, *own) == Some(*class)
            };
            found.extend(written.chain(ACCOUNTS).filter(is_of_class).take(MAX_OWNERS));
        }
        let known = self.known.entries().find(|(key, _)| is_of_owner(key));
        found.extend(known.and_then(|(_, state)| account_in(state)));
        if found.is_empty() {
            found.push(self.template.owner().unwrap_or(EXAMPLE_ACCOUNT));
        }
        found
    }

    /// A request with these classes; `None` if some class has no witness.
    pub fn request(&self, place: &Place) -> Option<Request> {
        let residual = self.residuals.get(place.cell.residual)?;
        let mut first = None;
        for owner in self.owners(residual, place) {
            let request = self.request_in(owner, residual, place)?;
            let request =
                if self.names_resources { request } else { self.in_its_region(request, place) };
            if is_of_its_account(&request) != Some(false) {
                return Some(request);
            }
            first.get_or_insert(request);
        }
        first
    }

    /// As [`request`](Self::request), about a resource of this account where the classes leave that open.
    fn request_in(&self, account: &str, residual: &Residual, place: &Place) -> Option<Request> {
        let caller = self.callers.get(place.cell.caller)?;
        let action = self.actions.classes.get(place.cell.action)?;
        let mut context = Context::closed();
        for (key, state) in self.known.entries() {
            if *state != KeyState::Unknown {
                context.set(key.clone(), state.clone());
            }
        }
        let mut name = action.witness.clone();
        let mut resource = action.example().unwrap_or("*").to_owned();
        if account != EXAMPLE_ACCOUNT {
            resource =
                resources_of(name.as_str(), std::iter::empty(), account).next().unwrap_or(resource);
        }
        for (subject, class) in residual.subjects.iter().zip(&place.classes) {
            match (&subject.subject, &subject.classes) {
                (_, Classes::Resources { classes, clauses, relational, rules, asked }) => {
                    let of_class = classes.get(*class)?;
                    let clauses: Vec<_> = clauses.iter().collect();
                    let relational: Vec<_> = relational.iter().collect();
                    let question = ResourceQuestion {
                        clauses: &clauses,
                        relational: &relational,
                        rules,
                        asked,
                    };
                    let aim = Aim {
                        classes: &self.actions,
                        of_action: place.cell.action,
                        resources: of_class,
                        question,
                        account,
                    };
                    let target = self.targets.of(classes, *class, aim)?;
                    Target { action: name, resource } = target;
                }
                (Subject::Key(key), Classes::States { classes, clauses, own }) => {
                    let is_of_class = |state: &KeyState| {
                        state_class(state, classes, clauses, *own) == Some(*class)
                    };
                    // Of the accounts and regions of a class, the one that the resource names.
                    let account = account_of(&resource).filter(|_| is_of_owner(key));
                    let named =
                        account.or_else(|| region_of(&resource).filter(|_| is_of_endpoint(key)));
                    let named = named.map(KeyState::single).filter(is_of_class);
                    let state = named.or_else(|| classes.states.get(*class)?.witness.clone())?;
                    context.set(key.clone(), state);
                }
                _ => {}
            }
        }
        let mut request = Request {
            requester: caller.requester.clone(),
            action: name,
            resource,
            context,
            ..self.template.clone()
        };
        let is_given = self.names_resources;
        Relations { residual, place, known: &self.known, is_given }.establish(&mut request);
        if is_of_other_owner(&request) {
            // Whose the resource is taken to be is said, so that it is decided so again.
            request.resource_account = request.owner().map(str::to_owned);
        }
        Some(request)
    }
}

/// The most accounts that are tried for one request.
const MAX_OWNERS: usize = 16;

/// The account that a key holds.
fn account_in(state: &KeyState) -> Option<&str> {
    match state {
        KeyState::Single(text) if is_account_id(text) => Some(text),
        _ => None,
    }
}

/// Whether the resource is of the account that `aws:ResourceAccount` holds (KC-15); `None` where one of the two does not
/// tell.
pub(crate) fn is_of_its_account(request: &Request) -> Option<bool> {
    let (_, state) = request.context.entries().find(|(key, _)| is_of_owner(key))?;
    match state {
        KeyState::Single(account) => Some(account == account_of(&request.resource)?),
        _ => None,
    }
}

/// What core says of a request.
pub(crate) fn ask(view: View<'_>, request: &Request) -> Option<(Outcome, Option<Decision>)> {
    match view.question {
        Question::Decision => match evaluate(view.policies, request, view.switches).outcome {
            CoreOutcome::Decided(decision) => Some((Outcome::from(&decision), Some(decision))),
            CoreOutcome::Depends { .. } => None,
        },
        Question::DecidedBy(layer) => {
            match evaluate(view.policies, request, view.switches).outcome {
                CoreOutcome::Decided(decision) => {
                    Some((Outcome::answered(&decision, layer), Some(decision)))
                }
                CoreOutcome::Depends { .. } => None,
            }
        }
        Question::Applies(id) => {
            let (document, found) = view.policies.statement(id)?;
            let has_boundary = has_boundary(view.policies, request, view.switches);
            match statement::judge(document, found, request, has_boundary, view.switches).truth() {
                Truth::True => Some((Outcome::Applies, None)),
                Truth::False => Some((Outcome::DoesNotApply, None)),
                Truth::Unknown => None,
            }
        }
    }
}
