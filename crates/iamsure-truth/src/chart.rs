//! The chart: everything that is decided, as data that a reader can walk without this program.
//!
//! It is the model's own diagrams, renumbered, with the classes in words: for each caller and each group of
//! actions a [`ChartModel`] whose nodes lead from the classes of its subjects to the decision and to the
//! statements that make it. A combination comes with a request ([`Chart::request`]) where one was found that the
//! evaluator decides alike.

mod fit;
mod mixed;
mod walk;

use iamsure_core::decision::Verdict;
use iamsure_core::language::PolicyType;
use iamsure_core::language::document::Effect;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Principal, Request};
use rustc_hash::FxHashMap;

pub use walk::{ChartClass, ChartModel, ChartSubject, Root};

use crate::ask::stand_in::EitherWay;
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::grounds::Grounds;
use crate::known_later::Bounds;
use crate::model::{Cell, Model, Outcomes, Question, View};
use crate::said::Said;
use crate::setting::Setting;
use crate::table::{action_words, keep_what_matters};
use crate::unanswered::Unanswered;

/// What is charted.
#[derive(Clone, Debug)]
pub struct ChartQuery {
    /// The policies.
    pub policies: PolicySet,
    /// Which requests it is about.
    pub setting: Setting,
}

/// Everything that is decided.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Who asks: what a table calls each, and whether it is the root user.
    pub callers: Vec<(String, bool)>,
    /// Actions that are decided alike, whoever asks, in words.
    pub actions: Vec<Said>,
    /// The small models.
    pub models: Vec<ChartModel>,
    /// A cell for each caller and each group of actions.
    pub cells: Vec<ChartCell>,
    /// Whether it is known which statements decide. If not, that took more than the budget, or may depend on symbols for
    /// values that are known later.
    pub has_statements: bool,
    /// Whether some combinations have no request because there are too many.
    pub left_out: bool,
    /// What it rests on.
    pub grounds: Grounds,
}

/// One caller and one group of actions.
#[derive(Clone, Debug)]
pub struct ChartCell {
    /// The caller, by number.
    pub caller: usize,
    /// The group of actions, by number.
    pub actions: usize,
    /// The small model, by number.
    pub model: usize,
    /// For each combination of the classes of the subjects that are [tied](ChartModel::tied), the last subject
    /// turning fastest: a request without the keys of the others. `None`: none was found that is decided as the
    /// diagram says.
    pub requests: Vec<Option<Request>>,
}

/// What the chart says of a combination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The outcomes: one, or one each way where a policy that must exist was not given or where symbols let through the
    /// most and the least.
    pub outcomes: Vec<Outcomes>,
    /// The statements that decide, where there is one outcome and they are known.
    pub statements: Vec<StatementId>,
}

impl ChartQuery {
    /// Charts what is decided.
    ///
    /// # Errors
    /// If it takes more than the budget.
    pub fn answer(&self) -> Result<Chart, Unanswered> {
        let bounds = self.setting.bounds(&self.policies);
        let asked = bounds.as_ref().map_or_else(|| vec![&self.policies], Bounds::both);
        let stage = self.setting.stage_of_decisions(&asked);
        let scope = stage.scope();
        let switches = &self.setting.switches;
        let ways_of = |policies: &PolicySet| -> Result<EitherWay, TooComplex> {
            let mut ways = stage.either_way_of_callers(policies);
            keep_what_matters(&mut ways, switches, Question::Decision, scope)?;
            Ok(ways)
        };
        let ways = match &bounds {
            None => ways_of(&self.policies)?,
            Some(bounds) => EitherWay::between(ways_of(&bounds.most)?, &ways_of(&bounds.least)?),
        };
        let (view, other) = ways.views(switches, Question::Decision);
        let mut views: Vec<View<'_>> = std::iter::once(view).chain(other).collect();
        let decisions = views.len();
        let mut layers: Vec<PolicyType> = Vec::new();
        for (layer, ..) in view.policies.policies() {
            if !layers.contains(&layer) {
                layers.push(layer);
            }
        }
        if layers.len() > 1 {
            let decided_by = |layer: &PolicyType| Question::DecidedBy(*layer);
            views.extend(layers.iter().map(|layer| View { question: decided_by(layer), ..view }));
        }
        // Which statements decide may be another with each value of the symbols.
        let with_shares = match &bounds {
            None => Model::with_shares(&views, scope).ok(),
            Some(_) => None,
        };
        let (model, has_statements) = match with_shares {
            Some(model) => (model, true),
            None => (Model::build(&views, scope)?, false),
        };
        let effect = |id| view.policies.statement(id).map(|(_, statement)| *statement.effect);
        let mut models: Vec<ChartModel> = Vec::new();
        let mut places: FxHashMap<ChartModel, usize> = FxHashMap::default();
        let mut small = Vec::with_capacity(model.residuals.len());
        for residual in &model.residuals {
            let (walked, asked) = walk::of(residual, decisions, &layers, &effect);
            let number = *places.entry(walked).or_insert_with_key(|walked| {
                models.push(walked.clone());
                models.len() - 1
            });
            small.push((number, asked));
        }
        let groups = groups(&model, &small);
        let of_decisions = views.get(..decisions).unwrap_or_default();
        let mut requests = fit::Requests::new(&model, of_decisions, &small, has_statements);
        let first = |cells: &Vec<Cell>| Some(small.get(cells.first()?.residual)?.0);
        let all = groups.iter().flat_map(|group| &group.cells);
        requests.expect(all.filter_map(first).filter_map(|number| models.get(number)));
        let mut cells = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            for (caller, of_caller) in group.cells.iter().enumerate() {
                let Some(own) = first(of_caller) else { continue };
                let Some(walked) = models.get(own) else { continue };
                let requests = requests.of(of_caller, walked)?;
                cells.push(ChartCell { caller, actions: number, model: own, requests });
            }
        }
        let is_root = |principal: &Principal| matches!(principal, Principal::Root { .. });
        let depends = models
            .iter()
            .any(|small| small.decisions.windows(2).any(|two| two.first() != two.last()));
        let symbols = bounds.map(|bounds| bounds.symbols).filter(|_| depends).unwrap_or_default();
        let grounds = Grounds::of(&model, &stage, stage.scope(), &self.policies, ways.clone());
        Ok(Chart {
            callers: (model.callers.iter())
                .map(|caller| (caller.name.clone(), is_root(&caller.requester.principal)))
                .collect(),
            actions: groups.into_iter().map(|group| group.words).collect(),
            models,
            cells,
            has_statements,
            left_out: requests.left_out,
            grounds: Grounds { symbols, ..grounds },
        })
    }
}

impl Chart {
    /// What is said of a combination: the classes of the subjects of a cell's model. `None`: there are no such
    /// requests.
    pub fn read(&self, cell: &ChartCell, classes: &[usize]) -> Option<Reading> {
        let model = self.models.get(cell.model)?;
        if model.value(model.possible, classes) != u32::from(walk::YES) {
            return None;
        }
        let outcomes: Vec<Outcomes> = model
            .decisions
            .iter()
            .filter_map(|root| u8::try_from(model.value(*root, classes)).ok().map(Outcomes))
            .collect();
        let is_one = outcomes.windows(2).all(|pair| pair.first() == pair.last());
        let verdict = outcomes.first().and_then(|first| first.one()).filter(|_| is_one);
        let is_root = self.callers.get(cell.caller).is_some_and(|(_, is_root)| *is_root);
        let statements =
            verdict.map(|outcome| model.deciding(outcome, is_root, classes)).unwrap_or_default();
        Some(Reading { outcomes, statements })
    }

    /// A request of a combination, which the evaluator decides alike; `None` if none is known.
    pub fn request(&self, cell: &ChartCell, classes: &[usize]) -> Option<Request> {
        let model = self.models.get(cell.model)?;
        let found = cell.requests.get(model.place(classes)?)?.as_ref()?;
        fit::with_keys(found, model, classes)
    }
}

/// Actions for which every caller has small models that say the same.
struct Group {
    words: Said,
    /// The cells of each caller, the best example first.
    cells: Vec<Vec<Cell>>,
}

fn groups(model: &Model, small: &[(usize, Vec<usize>)]) -> Vec<Group> {
    let own = |cell: &Cell| small.get(cell.residual).map_or(usize::MAX, |(number, _)| *number);
    let mut of_action: Vec<Vec<Cell>> = vec![Vec::new(); model.actions.classes.len()];
    for cell in &model.cells {
        if let Some(list) = of_action.get_mut(cell.action) {
            list.push(*cell);
        }
    }
    let mut places: FxHashMap<Vec<(usize, usize)>, usize> = FxHashMap::default();
    let mut together: Vec<Vec<usize>> = Vec::new();
    for (action, cells) in of_action.iter().enumerate().filter(|(_, cells)| !cells.is_empty()) {
        let key: Vec<_> = cells.iter().map(|cell| (cell.caller, own(cell))).collect();
        let place = *places.entry(key).or_insert_with(|| {
            together.push(Vec::new());
            together.len() - 1
        });
        if let Some(list) = together.get_mut(place) {
            list.push(action);
        }
    }
    let strangeness = |action: &usize| {
        model.actions.classes.get(*action).is_none_or(|class| class.published == 0)
    };
    let mut groups: Vec<Group> = Vec::with_capacity(together.len());
    for mut actions in together {
        let all: Bits = actions.iter().copied().collect();
        actions.sort_by_key(strangeness);
        let cells = (0..model.callers.len())
            .map(|caller| {
                let own = actions.iter().filter_map(|action| of_action.get(*action));
                own.flatten().filter(|cell| cell.caller == caller).copied().collect()
            })
            .collect();
        groups.push(Group { words: action_words(model, &all).unwrap_or(Said::Any), cells });
    }
    groups.sort_by_cached_key(|group| {
        (matches!(group.words, Said::AnyBut(_) | Said::Any), group.words.to_string())
    });
    groups
}

/// Whether a verdict is made by statements of this effect.
const fn is_made_by(verdict: Verdict, effect: Effect) -> bool {
    matches!(
        (verdict, effect),
        (Verdict::Allowed, Effect::Allow) | (Verdict::ExplicitlyDenied, Effect::Deny)
    )
}
