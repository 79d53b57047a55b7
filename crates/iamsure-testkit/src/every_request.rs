//! Every request of the sample caller: what `iamsure table` asks where nothing is said but the
//! policies.

use iamsure_core::decision::{Outcome as CoreOutcome, evaluate};
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::{Context, PolicySet, Request, Requester, Switches};
use iamsure_truth::background::knowledge::knowledge;
use iamsure_truth::budget::{Budget, TooComplex};
use iamsure_truth::class::requester::Caller;
use iamsure_truth::diagram::TRUE;
use iamsure_truth::model::{
    Knowledge, Model, Outcome, Outcomes, Place, Question, ResourceKind, ResourceRange, Scope, View,
};
use iamsure_truth::sample::{EXAMPLE_ACCOUNT, sample_requester};
use iamsure_truth::table::{Form, Table};
use iamsure_truth::unanswered::Unanswered;

/// The sample caller, with every key free.
#[derive(Clone, Debug)]
pub struct EveryRequest {
    /// Who asks.
    pub callers: [Caller; 1],
    /// What every request has in common.
    pub template: Request,
    switches: Switches,
    worlds: [Context; 1],
}

impl Default for EveryRequest {
    fn default() -> Self {
        Self::of(sample_requester(EXAMPLE_ACCOUNT))
    }
}

fn as_published(key: &ConditionKey, _: &Caller) -> Knowledge {
    knowledge(key, None)
}

impl EveryRequest {
    /// Every request of this caller, in its own account.
    #[expect(clippy::unwrap_used, reason = "a constant")]
    pub fn of(requester: Requester) -> Self {
        // The model puts its own action, resource and context in the place of these.
        let action = ActionName::parse("sts:GetCallerIdentity").unwrap();
        let mut template = Request::new(requester.clone(), action, "*", Context::closed());
        template.resource_account = Some(EXAMPLE_ACCOUNT.to_owned());
        Self {
            callers: [Caller::new("the caller", requester)],
            template,
            switches: Switches::default(),
            worlds: [Context::open()],
        }
    }

    /// The question what is decided.
    pub const fn view<'a>(&'a self, policies: &'a PolicySet) -> View<'a> {
        View { policies, switches: &self.switches, question: Question::Decision }
    }

    /// The model of all of them.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn model(&self, policies: &PolicySet, budget: Budget) -> Result<Model, TooComplex> {
        let scope = Scope {
            callers: &self.callers,
            template: &self.template,
            worlds: &self.worlds,
            actions: &[],
            resources: ResourceRange::Every(ResourceKind::Any),
            knowledge: &as_published,
            budget,
        };
        Model::build(&[self.view(policies)], scope)
    }

    /// The table of all of them.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn table(&self, policies: &PolicySet, budget: Budget) -> Result<Table, Unanswered> {
        self.table_in(policies, &Form::default(), budget)
    }

    /// The table of all of them in some form.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn table_in(
        &self,
        policies: &PolicySet,
        form: &Form,
        budget: Budget,
    ) -> Result<Table, Unanswered> {
        let model = self.model(policies, budget)?;
        Table::of(&model, 0, self.view(policies), form, budget.rows)
    }

    /// What core decides about a request; `None` if that depends on an unknown fact.
    pub fn decided(&self, policies: &PolicySet, request: &Request) -> Option<Outcome> {
        match evaluate(policies, request, &self.switches).outcome {
            CoreOutcome::Decided(decision) => Some(Outcome::from(&decision)),
            CoreOutcome::Depends { .. } => None,
        }
    }

    /// The slow way: the witness of every combination of classes, decided by core one by one. Says how many
    /// were decided, and how many of them otherwise than the diagram says; that must be none.
    pub fn by_brute_force(&self, policies: &PolicySet, model: &Model) -> Count {
        let mut count = Count::default();
        for cell in &model.cells {
            let Some(residual) = model.residuals.get(cell.residual) else { continue };
            let arities: Vec<usize> =
                residual.subjects.iter().map(|subject| subject.classes.len()).collect();
            let mut place = Place { cell: *cell, classes: vec![0; arities.len()] };
            loop {
                if residual.diagram.value(residual.possible, &place.classes) == TRUE
                    && let Some(request) = model.request(&place)
                    && let Some(found) = self.decided(policies, &request)
                {
                    count.decided += 1;
                    let expected = model.outcomes(&place, 0).and_then(Outcomes::one);
                    count.different += usize::from(expected != Some(found));
                }
                if !advance(&mut place.classes, &arities) {
                    break;
                }
            }
        }
        count
    }
}

/// How many requests were decided, and how many of them in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Requests that were decided.
    pub decided: usize,
    /// Those that evaluator and diagram decide differently.
    pub different: usize,
}

/// The next combination; `false` after the last.
fn advance(classes: &mut [usize], arities: &[usize]) -> bool {
    for (class, arity) in classes.iter_mut().zip(arities) {
        *class += 1;
        if *class < *arity {
            return true;
        }
        *class = 0;
    }
    false
}
