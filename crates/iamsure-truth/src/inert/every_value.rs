//! Whether a statement does nothing whatever the symbols in the policies stand for.
//!
//! Taking an Allow away changes access where it matches a request that is allowed with it and not without it. With it as
//! much is allowed as the symbols may let through, and without it as little: where even these agree on every request that
//! the statement matches, no value tells whether it is there. A Deny the other way round.

use iamsure_core::language::document::Effect;
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;

use super::difference::access;
use super::{InertQuery, StatementEffect, World, published};
use crate::background::documented;
use crate::budget::TooComplex;
use crate::diagram::FALSE;
use crate::known_later::{Bounds, bounds_where_matching};
use crate::model::{Model, Question, View};
use crate::open_world::Grant;
use crate::unanswered::Unanswered;

impl InertQuery {
    /// Whether it is shown that a statement that changes no access changes none for every value of the symbols. False
    /// does not say that there is a value with which it does.
    ///
    /// # Errors
    /// A bug of this program.
    pub fn holds_for_every_value(&self, effect: &StatementEffect) -> Result<bool, Unanswered> {
        if Bounds::of(&self.policies, "").is_none() {
            return Ok(true);
        }
        let Some(ways) = bounds_where_matching(&self.policies, effect.statement) else {
            return Ok(false);
        };
        for way in ways {
            match self.is_inert_within(&way, effect) {
                Ok(true) => {}
                Ok(false) | Err(Unanswered::TooComplex(_)) => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    fn is_inert_within(&self, way: &Bounds, effect: &StatementEffect) -> Result<bool, Unanswered> {
        let id = effect.statement;
        let Some((_, statement)) = self.policies.statement(id) else { return Ok(true) };
        let (with, without) = match *statement.effect {
            Effect::Allow => (&way.most, &way.least),
            Effect::Deny => (&way.least, &way.most),
        };
        let stage = self.setting.stage_of_decisions(&[with, without]);
        let worlds = |policies: &PolicySet| -> Vec<World> {
            let ways = stage.either_way(policies);
            let policies = &ways.delegating;
            let mut worlds = vec![World::with(policies, &[])];
            if effect.is_inert_in_every_world() {
                if !self.grants_only() {
                    worlds.push(World::with(policies, &Grant::ALL));
                }
                worlds.extend(self.worlds_between(&stage, policies, std::slice::from_ref(effect)));
            }
            worlds
        };
        let pairs: Vec<(World, World)> = worlds(with).into_iter().zip(worlds(without)).collect();
        let (question, switches) = (Question::Decision, &self.setting.switches);
        for (with, without) in &pairs {
            let views = [&with.policies, &without.policies].map(|policies| View {
                policies,
                switches,
                question,
            });
            let mut model = Model::with_shares(&views, stage.scope())?;
            if tells(&mut model, id, *statement.effect)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a request that the statement matches may be let through with it, in the first view, and not without it, in the
/// second; of a Deny the other way round.
fn tells(model: &mut Model, id: StatementId, effect: Effect) -> Result<bool, TooComplex> {
    let published = published(model);
    for (number, residual) in model.residuals.iter_mut().enumerate() {
        if !published.get(number).copied().unwrap_or(false) {
            continue;
        }
        let known = documented(residual)?;
        let possible = residual.diagram.and(residual.possible, known)?;
        let with = residual.answers.first().copied().unwrap_or(FALSE);
        let share = |share: &&crate::model::Share| share.view == 1 && share.statement == id;
        let Some(share) = residual.shares.iter().find(share).copied() else { continue };
        let diagram = &mut residual.diagram;
        let (with, without) = (access(diagram, with)?, access(diagram, share.without)?);
        let (more, less) = match effect {
            Effect::Allow => (with, without),
            Effect::Deny => (without, with),
        };
        let not_less = diagram.not(less)?;
        let differs = diagram.and(more, not_less)?;
        let matches = diagram.and(share.matches, possible)?;
        if diagram.and(differs, matches)? != FALSE {
            return Ok(true);
        }
    }
    Ok(false)
}
