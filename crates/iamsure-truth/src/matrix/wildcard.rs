//! Rows about many actions: a wildcard, and whatever no entry names. Each cell is decided for all members
//! and all resources, by one model of everything that can be asked on its call path.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::exemption::{EXEMPTIONS, UNSIGNED};
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::{CallPath, Context, PolicySet, Request, Switch};

use super::division::{Division, deciding, views_of_statements};
use super::question::StandsFor;
use super::{Divided, Table};
use crate::ask::callers::Callers;
use crate::ask::stand_in::EitherWay;
use crate::ask::{Assumed, BUDGET, Worlds, stand_in};
use crate::budget::TooComplex;
use crate::class::action::ActionClass;
use crate::class::requester::Caller;
use crate::class::resource::{ResourceKind, ResourceRange};
use crate::dependence::alternatives;
use crate::known_later::Bounds;
use crate::model::{self, Model, Scope, View};
use crate::open_world::with_callers_own;
use crate::unanswered::Unanswered;

/// A row about many actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    /// What the row stands for.
    pub stands_for: StandsFor,
    /// The resource, if one was asked for; every resource otherwise.
    pub resource: Option<String>,
    /// How many rows of one action stand before this row.
    pub at: usize,
    /// The pattern; or, for any other action, what else is named.
    pub(super) patterns: Vec<ActionPattern>,
}

impl Wildcard {
    /// The row of a pattern.
    pub(super) fn of_pattern(pattern: &ActionPattern, at: usize) -> Self {
        Self {
            stands_for: StandsFor::Pattern(pattern.to_string()),
            resource: None,
            at,
            patterns: vec![pattern.clone()],
        }
    }

    /// The row of every action that none of `named` names. What AWS exempts from authorization is not
    /// among them: no policy decides it.
    pub(super) fn of_others(mut named: Vec<ActionPattern>, at: usize) -> Self {
        named.extend(EXEMPTIONS.iter().map(|exemption| ActionPattern::new(exemption.action)));
        Self { stands_for: StandsFor::AnyOther, resource: None, at, patterns: named }
    }

    /// Whether some member is published.
    pub fn has_published(&self) -> bool {
        match &self.stands_for {
            StandsFor::Pattern(pattern) => iamsure_reference::expand(pattern).next().is_some(),
            StandsFor::AnyOther => true,
        }
    }

    /// Whether an action is a member. Calls whose caller is no AWS principal are members of none: no call
    /// path of a principal carries them.
    pub fn holds(&self, action: &ActionName) -> bool {
        let named = self.patterns.iter().any(|pattern| pattern.matches(action));
        let unsigned = UNSIGNED.iter().any(|name| action.is(name));
        named == matches!(self.stands_for, StandsFor::Pattern(_)) && !unsigned
    }
}

/// How large a model may be, in nodes, to be built again for every switch.
const MAX_SWITCH_NODES: usize = 1_000;

/// What the cells of one path have in common: its worlds, about no action or resource.
struct Asked<'a> {
    callers: [Caller; 1],
    template: Request,
    contexts: Vec<Context>,
    worlds: Worlds<'a>,
}

impl Asked<'_> {
    fn build(
        &self,
        views: &[View<'_>],
        actions: &[ActionPattern],
        resources: &[String],
        lists: &[Vec<ActionPattern>],
    ) -> Result<Model, TooComplex> {
        let knowledge = |key: &ConditionKey, _: &Caller| self.worlds.knowledge(key);
        let scope = Scope {
            callers: &self.callers,
            template: &self.template,
            worlds: &self.contexts,
            actions,
            resources: match resources {
                [] => ResourceRange::Every(ResourceKind::Any),
                named => ResourceRange::Of(named),
            },
            knowledge: &knowledge,
            budget: BUDGET,
        };
        Model::telling_apart(views, scope, lists)
    }
}

impl Table<'_> {
    /// What a path fixes, who calls on it, and what follows from that.
    fn asked<'p>(&self, path: &'p CallPath) -> Asked<'p> {
        let worlds = self.worlds_about(path, &ActionName::get_caller_identity(), None);
        let template = worlds.first().clone();
        let contexts = worlds.requests().iter().map(|request| request.context.clone()).collect();
        let callers = [Caller::new("the caller", template.requester.clone())];
        Asked { callers, template, contexts, worlds }
    }

    /// The cells of every wildcard, a list for each, in it one for each path.
    pub(super) fn wildcard_cells(
        &self,
        wildcards: &[Wildcard],
        paths: &[CallPath],
    ) -> Vec<Vec<Divided>> {
        let mut cells: Vec<Vec<Divided>> = vec![Vec::with_capacity(paths.len()); wildcards.len()];
        for path in paths {
            let mut of_path: BTreeMap<usize, Divided> = BTreeMap::new();
            for (resource, numbers) in by_resource(wildcards) {
                let rows: Vec<&Wildcard> =
                    numbers.iter().filter_map(|number| wildcards.get(*number)).collect();
                let divided = self.of_path(path, &rows, &resource);
                of_path.extend(numbers.into_iter().zip(divided));
            }
            for (number, row) in cells.iter_mut().enumerate() {
                row.extend(of_path.remove(&number));
            }
        }
        cells
    }

    /// The cells of the wildcards about one resource, or about every, on one path.
    fn of_path(&self, path: &CallPath, rows: &[&Wildcard], resource: &[String]) -> Vec<Divided> {
        let failed = |error: Unanswered| -> Vec<Divided> { vec![Err(error); rows.len()] };
        let asked = self.asked(path);
        let policies = self.policies_on(path);
        let template = &asked.template;
        let at_home = template.resource_account.is_some() && template.is_same_account();
        let callers = Callers::new([&template.requester.principal], at_home);
        let resources: Vec<&str> = resource.iter().map(String::as_str).collect();
        let bounds = || Bounds::about(&policies, "", &resources);
        let bounds = self.query.known_later.then(bounds).flatten();
        let is_bounded = bounds.is_some();
        let opens = self.leaves_out_callers(&policies, template);
        let ways = match bounds {
            None => stand_in::either_way(&policies, &callers),
            Some(Bounds { most, least, .. }) => {
                let way = |policies| stand_in::either_way(policies, &callers);
                EitherWay::between(way(&most), &way(&least))
            }
        };
        let ways = if opens { ways.with_callers_own() } else { ways };
        let main = &ways.delegating;
        let mut views = vec![self.view(main)];
        views.extend(ways.silent.as_ref().map(|policies| self.view(policies)));
        let lists = lists(rows);
        let model = match asked.build(&views, &[], resource, &lists) {
            Ok(model) => model,
            Err(error) => return failed(error.into()),
        };
        // Which statements match is asked of a model of its own: it keeps apart what the other merges.
        let why = |policies| {
            let views = views_of_statements(policies, &self.query.switches)?;
            asked.build(&views, &[], resource, &lists).ok()
        };
        let why_silent = ways.silent.as_ref().filter(|_| model.differs());
        let why_silent = why_silent.and_then(|policies| Some((policies, why(policies)?)));
        let why = why(main);
        rows.iter()
            .enumerate()
            .map(|(number, row)| {
                let members = of_row(&model, row, number, rows.len());
                let mut division = Division::of(&members, &views)?;
                if let Some(silent) = &mut division.silent {
                    let bounds = [Assumed::Most, Assumed::Least];
                    let callers = [Assumed::CallersAllow, Assumed::CallersDoNot];
                    let assumed = [(is_bounded, bounds), (opens, callers)];
                    let assumed = assumed.into_iter().filter_map(|(is, pair)| is.then_some(pair));
                    let (most, least): (Vec<_>, Vec<_>) =
                        assumed.map(|[most, least]| (most, least)).unzip();
                    if is_bounded || opens {
                        silent.assumes = [most, least];
                    }
                    if let Some((policies, why)) = &why_silent {
                        let mut members = of_row(why, row, number, rows.len());
                        silent.deciding =
                            deciding(&mut members, policies, &self.query.switches).ok();
                    }
                }
                if let Some(why) = &why {
                    let mut members = of_row(why, row, number, rows.len());
                    division.deciding = deciding(&mut members, main, &self.query.switches).ok();
                }
                Ok(Box::new(division))
            })
            .collect()
    }

    const fn view<'v>(&'v self, policies: &'v PolicySet) -> View<'v> {
        View { policies, switches: &self.query.switches, question: model::Question::Decision }
    }

    /// How many cells of wildcards each switch changes; `None` if some model is too large to ask.
    pub(super) fn wildcard_switches(
        &self,
        wildcards: &[Wildcard],
        paths: &[CallPath],
    ) -> Option<BTreeMap<Switch, usize>> {
        let mut found = BTreeMap::new();
        for path in paths {
            let asked = self.asked(path);
            let policies = self.policies_on(path);
            for (resource, numbers) in by_resource(wildcards) {
                let rows: Vec<&Wildcard> =
                    numbers.iter().filter_map(|number| wildcards.get(*number)).collect();
                let lists = lists(&rows);
                let alone = asked.build(&[self.view(&policies)], &[], &resource, &lists).ok()?;
                if alone.residuals.iter().map(|one| one.diagram.len()).sum::<usize>()
                    > MAX_SWITCH_NODES
                {
                    return None;
                }
                let switches: BTreeSet<Switch> = alternatives(&policies, &self.query.switches)
                    .map(|(switch, ..)| switch)
                    .collect();
                let opens = self.leaves_out_callers(&policies, &asked.template);
                let allowing = opens.then(|| with_callers_own(&policies));
                for switch in switches {
                    let mut changed = 0;
                    for policies in std::iter::once(&*policies).chain(&allowing) {
                        let of_way = self.changed(switch, &asked, policies, &resource, &rows)?;
                        changed = changed.max(of_way);
                    }
                    if changed > 0 {
                        *found.entry(switch).or_insert(0) += changed;
                    }
                }
            }
        }
        Some(found)
    }

    /// How many of the rows some other choice of a switch changes on one path.
    fn changed(
        &self,
        switch: Switch,
        asked: &Asked<'_>,
        policies: &PolicySet,
        resource: &[String],
        rows: &[&Wildcard],
    ) -> Option<usize> {
        let others = alternatives(policies, &self.query.switches);
        let others = others.filter(|(known, ..)| *known == switch).map(|(.., other)| other);
        let lists = lists(rows);
        let mut differs = vec![false; rows.len()];
        for other in others {
            let views = [self.view(policies), View { switches: &other, ..self.view(policies) }];
            let model = asked.build(&views, &[], resource, &lists).ok()?;
            for ((number, row), differs) in rows.iter().enumerate().zip(&mut differs) {
                *differs |= of_row(&model, row, number, rows.len()).differs();
            }
        }
        Some(differs.into_iter().filter(|differs| *differs).count())
    }
}

/// The numbers of the wildcards about each resource, and about every.
fn by_resource(wildcards: &[Wildcard]) -> BTreeMap<Vec<String>, Vec<usize>> {
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (number, wildcard) in wildcards.iter().enumerate() {
        groups.entry(wildcard.resource.iter().cloned().collect()).or_default().push(number);
    }
    groups
}

/// The lists that tell members of the rows apart, and last what is a member of none.
fn lists(rows: &[&Wildcard]) -> Vec<Vec<ActionPattern>> {
    let unsigned = UNSIGNED.iter().map(|name| ActionPattern::new(*name)).collect();
    rows.iter().map(|row| row.patterns.clone()).chain(std::iter::once(unsigned)).collect()
}

/// The model of the members of a row. Names that nobody published are members only where they are decided
/// like a published member, or where no member is published.
fn of_row(model: &Model, row: &Wildcard, number: usize, unsigned: usize) -> Model {
    let by_pattern = matches!(row.stands_for, StandsFor::Pattern(_));
    let is_member = |class: &ActionClass| {
        model.is_listed(class, number) == by_pattern && !model.is_listed(class, unsigned)
    };
    let published =
        model.actions.classes.iter().any(|class| class.published > 0 && is_member(class));
    model.only(|_, class| is_member(class) && (class.published > 0 || !published))
}
