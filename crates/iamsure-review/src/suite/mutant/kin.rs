//! Whether changed policies decide like those that are written, over all requests.

use iamsure_core::decision::applicable::TRUST_ACTIONS;
use iamsure_core::language::PolicyType;
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Request, Switches};
use iamsure_truth::comparison::ComparisonQuery;
use iamsure_truth::setting::Setting;

use crate::suite::part::Part;
use crate::suite::passed::Passed;

/// How changed policies decide.
pub(super) enum Kin {
    /// Alike, for every request that may occur.
    Alike {
        /// Whether they decide otherwise of requests that AWS documents never to occur.
        only_impossible: bool,
    },
    /// Otherwise, of these requests.
    Other(Vec<Request>),
    /// That is not known, for this reason.
    NotKnown(String),
}

/// The policies that are written, in the roles in which they are asked.
pub(super) struct Kinship<'a> {
    original: &'a PolicySet,
    switches: Switches,
    /// Whether some test takes the trust policy for that of another role than the one the other policies are of.
    is_whole: bool,
}

impl<'a> Kinship<'a> {
    pub(super) fn of(original: &'a PolicySet, passed: &Passed<'_>, switches: Switches) -> Self {
        let is_whole = passed.cases.iter().any(|(case, _)| {
            case.scene.query.trust_is_of_resource
                && TRUST_ACTIONS.iter().any(|name| case.action.is(name))
        }) || passed
            .claims
            .iter()
            .any(|claim| claim.policies.trust.is_some() && claim.setting.who.named().is_some());
        Self { original, switches, is_whole }
    }

    /// How the policies with a change in this statement decide.
    pub(super) fn of_mutant(&self, changed: &PolicySet, id: StatementId) -> Kin {
        let mut only_impossible = false;
        for part in self.parts(id) {
            match self.compare(part, changed) {
                Kin::Alike { only_impossible: only } => only_impossible |= only,
                other => return other,
            }
        }
        Kin::Alike { only_impossible }
    }

    fn parts(&self, id: StatementId) -> Vec<Part> {
        let all = Part::all(self.original);
        if all == [Part::Whole] {
            return all;
        }
        let mut parts = match id.layer {
            PolicyType::Trust => vec![Part::TrustAlone],
            PolicyType::Rcp => vec![Part::WithoutTrust, Part::TrustAlone],
            _ => vec![Part::WithoutTrust],
        };
        if self.is_whole {
            parts.push(Part::Whole);
        }
        parts
    }

    fn compare(&self, part: Part, changed: &PolicySet) -> Kin {
        let query = ComparisonQuery {
            before: part.of(self.original),
            after: part.of(changed),
            setting: Setting { switches: self.switches, ..Setting::default() },
            open_world: false,
            // A suite decides by its policies alone.
            is_whole: true,
        };
        let comparison = match query.answer() {
            Ok(comparison) => comparison,
            Err(error) => return Kin::NotKnown(error.to_string()),
        };
        let may_occur = || comparison.rows.iter().filter(|row| row.may_occur());
        let shown: Vec<Request> = may_occur().filter_map(|row| row.row.witness.clone()).collect();
        if !shown.is_empty() {
            Kin::Other(shown)
        } else if may_occur().next().is_some() {
            Kin::NotKnown("no request was found where they differ".to_owned())
        } else {
            Kin::Alike { only_impossible: !comparison.is_same() }
        }
    }
}
