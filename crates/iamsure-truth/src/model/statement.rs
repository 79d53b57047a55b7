//! Statements of all views, with their elements interned.

use iamsure_core::decision::applicable::applies;
use iamsure_core::decision::evaluate::has_boundary;
use iamsure_core::decision::statement::{Addressees, resource_rules};
use iamsure_core::decision::{Strength, Truth, distinction};
use iamsure_core::language::condition::Family;
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionName, ActionPattern, PolicyType};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{Context, KeyState, Request, Switch};
use rustc_hash::FxHashMap;

use super::residual::Key;
use super::scoped_actions::ScopedActions;
use super::{Scope, View};
use crate::bits::Bits;
use crate::class::action::ActionClass;
use crate::class::requester::Caller;
use crate::class::resource::ResourceClause;
use crate::clause::{KeyClause, Settled};

/// One statement of one view.
pub(super) struct Prepared1 {
    pub(super) view: usize,
    pub(super) id: StatementId,
    pub(super) effect: Effect,
    /// The list of actions it names, and in which sense; `None` if it names none and so never matches.
    action: Option<(usize, Sense)>,
    /// The resources.
    pub(super) resource: Resources,
    /// The clauses, by number, each once.
    pub(super) keys: Vec<usize>,
}

impl Prepared1 {
    /// What it is ordered by: what it says, and only then where it stands.
    fn order(&self) -> impl Ord {
        let action = self.action.map(|(list, sense)| (list, sense == Sense::NoneOf));
        let place = (self.id.layer, self.id.level, self.id.policy, self.id.statement);
        (self.view, self.keys.clone(), self.resource, action, self.effect == Effect::Allow, place)
    }
}

/// The resources a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Resources {
    /// Those of the clause with this number.
    Clause(usize),
    /// All: the element is missing and implied (T-3).
    Implied,
    /// As `Implied`, but none for actions of KMS.
    ImpliedButKms,
    /// None: the element is missing or empty (T-7, G-9).
    None,
}

/// Whether a caller is one a statement is for, and how strongly it is named.
pub(super) type Named = (Truth, Strength);

/// The statements of all views.
pub(super) struct Prepared {
    pub(super) statements: Vec<Prepared1>,
    pub(super) clauses: Vec<KeyClause>,
    numbers: FxHashMap<KeyClause, usize>,
    pub(super) resources: Vec<ResourceClause>,
    resource_numbers: FxHashMap<ResourceClause, usize>,
    /// The lists of actions: of statements, then of the rules of combination, then of the scope.
    pub(super) action_lists: Vec<Vec<ActionPattern>>,
    /// Where the lists of the rules begin, and where they end.
    first_rule: usize,
    last_rule: usize,
    /// The list of the scope, if it has one.
    pub(super) scope_list: Option<usize>,
    /// Whether statements that do the same are kept apart.
    pub(super) apart: bool,
}

impl Prepared {
    pub(super) fn new(views: &[View<'_>], scope: Scope<'_>) -> Self {
        let mut prepared = Self {
            statements: Vec::new(),
            clauses: Vec::new(),
            numbers: FxHashMap::default(),
            resources: Vec::new(),
            resource_numbers: FxHashMap::default(),
            action_lists: Vec::new(),
            first_rule: 0,
            last_rule: 0,
            scope_list: None,
            apart: false,
        };
        let known = settled_context(scope.worlds);
        let scoped = ScopedActions::new(scope.actions);
        let mut action_numbers: FxHashMap<Vec<String>, usize> = FxHashMap::default();
        for (number, view) in views.iter().enumerate() {
            prepared.add_view(number, *view, &known, &scoped, &mut action_numbers);
        }
        prepared.put_in_order();
        prepared.first_rule = prepared.action_lists.len();
        for view in views.iter().filter(|view| view.question.is_of_decisions()) {
            for caller in scope.callers {
                let request =
                    Request { requester: caller.requester.clone(), ..scope.template.clone() };
                let lists = distinction::of_actions(view.policies, &request);
                for list in lists.into_iter().filter(|list| scoped.may_be_on(list)) {
                    let mut key = list.clone();
                    key.push("(rule)".to_owned());
                    if let std::collections::hash_map::Entry::Vacant(e) = action_numbers.entry(key)
                    {
                        e.insert(prepared.action_lists.len());
                        prepared
                            .action_lists
                            .push(list.into_iter().map(ActionPattern::new).collect());
                    }
                }
            }
        }
        prepared.last_rule = prepared.action_lists.len();
        if !scope.actions.is_empty() {
            prepared.scope_list = Some(prepared.action_lists.len());
            prepared.action_lists.push(scope.actions.to_vec());
        }
        prepared
    }

    /// Puts lists, clauses, resources and statements in an order of their own, so that nothing depends on
    /// where in its policy a statement stands: subjects come in the order of statements, and what a
    /// table says in the order of subjects. Statements about the same keys stay together.
    fn put_in_order(&mut self) {
        let folded = |pattern: &ActionPattern| pattern.as_str().to_ascii_lowercase();
        for list in &mut self.action_lists {
            list.sort_by_cached_key(folded);
        }
        let texts = |list: &Vec<ActionPattern>| list.iter().map(folded).collect::<Vec<_>>();
        let lists = places(&self.action_lists, texts);
        // What is true or false comes first: those keys have the fewest classes.
        let clauses = places(&self.clauses, |clause| {
            (clause.operator.base.family() != Family::Bool, clause.clone())
        });
        let resources = places(&self.resources, Clone::clone);
        reorder(&mut self.action_lists, &lists);
        reorder(&mut self.clauses, &clauses);
        reorder(&mut self.resources, &resources);
        let moved = |number: &mut usize, places: &[usize]| {
            if let Some(place) = places.get(*number) {
                *number = *place;
            }
        };
        self.numbers.values_mut().for_each(|number| moved(number, &clauses));
        self.resource_numbers.values_mut().for_each(|number| moved(number, &resources));
        for statement in &mut self.statements {
            if let Some((list, _)) = &mut statement.action {
                moved(list, &lists);
            }
            if let Resources::Clause(clause) = &mut statement.resource {
                moved(clause, &resources);
            }
            statement.keys.iter_mut().for_each(|clause| moved(clause, &clauses));
            statement.keys.sort_unstable();
        }
        self.statements.sort_by(|one, two| one.order().cmp(&two.order()));
    }

    fn add_view(
        &mut self,
        number: usize,
        view: View<'_>,
        known: &Context,
        scoped: &ScopedActions<'_>,
        action_numbers: &mut FxHashMap<Vec<String>, usize>,
    ) {
        let settled = Settled { context: known, switches: view.switches };
        let rules = resource_rules(view.switches);
        for (id, document, statement) in view.statements() {
            if !scoped.may_be_named(statement.action.as_deref()) {
                continue;
            }
            let reading = document.reading(view.switches.is_alternative(Switch::Q1));
            let action =
                statement.action.as_ref().filter(|element| !element.entries.is_empty()).map(
                    |element| {
                        let mut names: Vec<String> = element
                            .entries
                            .iter()
                            .map(|entry| entry.as_str().to_ascii_lowercase())
                            .collect();
                        names.sort_unstable();
                        names.dedup();
                        let list = *action_numbers.entry(names).or_insert_with(|| {
                            self.action_lists.push(
                                element.entries.iter().map(|entry| entry.value.clone()).collect(),
                            );
                            self.action_lists.len() - 1
                        });
                        (list, element.sense)
                    },
                );
            let resource = match &statement.resource {
                None => match document.kind {
                    PolicyType::Trust => Resources::Implied,
                    PolicyType::Resource => Resources::ImpliedButKms,
                    PolicyType::Identity
                    | PolicyType::Boundary
                    | PolicyType::Session
                    | PolicyType::Endpoint
                    | PolicyType::Scp
                    | PolicyType::Rcp => Resources::None,
                },
                Some(element) if element.entries.is_empty() => Resources::None,
                Some(element) => Resources::Clause(self.resource(ResourceClause::new(
                    element,
                    document.kind,
                    reading,
                    settled,
                    rules,
                ))),
            };
            let mut keys: Vec<usize> = Vec::new();
            for clause in &statement.condition.clauses {
                let clause = self.clause(KeyClause::new(clause, reading, settled));
                if !keys.contains(&clause) {
                    keys.push(clause);
                }
            }
            self.statements.push(Prepared1 {
                view: number,
                id,
                effect: *statement.effect,
                action,
                resource,
                keys,
            });
        }
    }

    /// The number of a clause.
    pub(super) fn clause(&mut self, clause: KeyClause) -> usize {
        *self.numbers.entry(clause).or_insert_with_key(|clause| {
            self.clauses.push(clause.clone());
            self.clauses.len() - 1
        })
    }

    /// The number of a resource clause.
    pub(super) fn resource(&mut self, clause: ResourceClause) -> usize {
        *self.resource_numbers.entry(clause).or_insert_with_key(|clause| {
            self.resources.push(clause.clone());
            self.resources.len() - 1
        })
    }

    /// Whether the statements of two views are made of the same clauses.
    pub(super) fn is_alike(&self, one: usize, two: usize) -> bool {
        let of = |view: usize| self.statements.iter().filter(move |found| found.view == view);
        let said = |found: &Prepared1| (found.id, found.effect, found.action, found.resource);
        of(one).count() == of(two).count()
            && of(one).zip(of(two)).all(|(one, two)| said(one) == said(two) && one.keys == two.keys)
    }

    /// For each statement, whom it is for.
    pub(super) fn addressees<'v>(&self, views: &[View<'v>]) -> Vec<Option<Addressees<'v>>> {
        let of = |statement: &Prepared1| {
            let policies = views.get(statement.view)?.policies;
            let (document, found) = policies.statement(statement.id)?;
            Some(Addressees::new(document.kind, found))
        };
        self.statements.iter().map(of).collect()
    }

    /// For each statement, whether it is for `caller`.
    pub(super) fn principals(
        &self,
        addressees: &[Option<Addressees<'_>>],
        views: &[View<'_>],
        caller: &Caller,
        scope: Scope<'_>,
    ) -> Vec<Named> {
        let request = Request { requester: caller.requester.clone(), ..scope.template.clone() };
        let bounded: Vec<bool> =
            views.iter().map(|view| has_boundary(view.policies, &request, view.switches)).collect();
        let of = |(statement, addressees): (&Prepared1, &Option<Addressees<'_>>)| {
            let view = views.get(statement.view);
            match (view, addressees, bounded.get(statement.view)) {
                (Some(view), Some(addressees), Some(bounded)) => {
                    addressees.names(&request, *bounded, view.switches)
                }
                _ => (Truth::False, Strength::None),
            }
        };
        self.statements.iter().zip(addressees).map(of).collect()
    }

    /// What is left once it is known who asks for which action.
    pub(super) fn alive(
        &self,
        caller_number: usize,
        principals: &[Named],
        action: &ActionClass,
        views: &[View<'_>],
        caller: &Caller,
        scope: Scope<'_>,
    ) -> Key {
        let request = Request {
            requester: caller.requester.clone(),
            action: action.witness.clone(),
            ..scope.template.clone()
        };
        let names = |statement: &Prepared1| {
            statement.action.is_some_and(|(list, sense)| {
                action.listed.contains(list) == (sense == Sense::OneOf)
            })
        };
        let mut layers: FxHashMap<(usize, PolicyType), bool> = FxHashMap::default();
        let mut statements = Vec::new();
        for (number, statement) in self.statements.iter().enumerate() {
            let is_for = principals.get(number).is_some_and(|(truth, _)| *truth != Truth::False);
            if !is_for || !names(statement) || statement.resource == Resources::None {
                continue;
            }
            let Some(view) = views.get(statement.view) else { continue };
            // Whether the policy of the resource looks depends on the resource; that is asked later.
            let by_resource =
                matches!(statement.id.layer, PolicyType::Trust | PolicyType::Resource);
            let looks = !view.question.is_of_decisions()
                || by_resource
                || *layers
                    .entry((statement.view, statement.id.layer))
                    .or_insert_with(|| applies(statement.id.layer, &request, view.switches));
            if looks {
                statements.push(number);
            }
        }
        let rules = self.first_rule..self.last_rule;
        let rules: Bits = action.listed.iter().filter(|list| rules.contains(list)).collect();
        Key { caller: caller_number, statements, rules, is_kms: is_kms(&action.witness) }
    }
}

/// Whether an action is of KMS.
pub(super) fn is_kms(action: &ActionName) -> bool {
    action.prefix().eq_ignore_ascii_case("kms")
}

/// What is known of a key whatever world holds; all else is unknown.
fn settled_context(worlds: &[Context]) -> Context {
    let mut known = Context::open();
    let Some((first, rest)) = worlds.split_first() else { return known };
    for (key, state) in first.entries() {
        if *state != KeyState::Unknown && rest.iter().all(|world| world.state(key) == state) {
            known.set(key.clone(), state.clone());
        }
    }
    if rest.is_empty()
        && *first.state(&iamsure_core::language::ConditionKey::new("")) == KeyState::Absent
    {
        // A closed world: what it does not say is absent.
        return first.clone();
    }
    known
}

/// The place of each item among all, by `key`.
fn places<T, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_cached_key(|at| items.get(*at).map(&key));
    let mut places = vec![0; items.len()];
    for (place, at) in order.into_iter().enumerate() {
        if let Some(found) = places.get_mut(at) {
            *found = place;
        }
    }
    places
}

/// Puts each item in its place.
fn reorder<T>(items: &mut Vec<T>, places: &[usize]) {
    let mut placed: Vec<(usize, T)> = places.iter().copied().zip(items.drain(..)).collect();
    placed.sort_by_key(|(place, _)| *place);
    items.extend(placed.into_iter().map(|(_, item)| item));
}
