//! Which role ToolHive selects for the claims of a token, and why.
//!
//! As `SelectRole` does (toolhive `pkg/auth/awssts/role_mapper.go`):
//!
//! 1. Every mapping is evaluated; one that fails is skipped, without a word to the client.
//! 2. The matching ones are sorted by priority, the lowest first, none last; mappings of one
//!    priority keep their order in the file. The first selects.
//! 3. If none matches: the fallback role, or, without one, HTTP 403.

use super::claims::Claims;
use super::external_auth::AwsSts;
use super::matcher::Judgement;
use super::role_arn::RoleArn;

/// What became of the mappings, and what was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// For each mapping, in the order of the file.
    pub mappings: Vec<Outcome>,
    /// What was selected.
    pub choice: Choice,
}

/// What became of one mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It matches, and selects.
    Selects,
    /// It matches, and the mapping with this index comes before it.
    ShadowedBy(usize),
    /// It does not match.
    DoesNotMatch,
    /// It fails and is skipped; why.
    Skipped(String),
    /// iamsure cannot tell; why.
    Undecided(String),
    /// It matches, unless a mapping that iamsure cannot tell of comes before it.
    MaySelect,
}

/// What was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The role of the mapping with this index.
    Mapping(usize, RoleArn),
    /// The fallback role: no mapping matches.
    Fallback(RoleArn),
    /// No mapping matches, and there is no fallback: HTTP 403, "Failed to determine IAM role".
    Nothing,
    /// iamsure cannot tell: it may be any of these roles, or nothing where `None`.
    Undecided(Vec<Option<RoleArn>>),
}

impl Choice {
    /// The role, if one was selected.
    pub const fn role(&self) -> Option<&RoleArn> {
        match self {
            Self::Mapping(_, role) | Self::Fallback(role) => Some(role),
            Self::Nothing | Self::Undecided(_) => None,
        }
    }
}

/// Selects the role for `claims`.
pub fn select(config: &AwsSts, claims: &Claims) -> Selection {
    let judged: Vec<Judgement> =
        config.mappings.iter().map(|mapping| mapping.judge(&config.role_claim, claims)).collect();
    // Stable, so that mappings of one priority keep their order.
    let mut order: Vec<(usize, i64)> =
        config.mappings.iter().map(super::role_mapping::RoleMapping::rank).enumerate().collect();
    order.sort_by_key(|(_, rank)| *rank);
    let mut first: Option<usize> = None;
    let mut open: Vec<usize> = Vec::new();
    for (index, _) in order {
        match judged.get(index) {
            Some(Judgement::Matches) => {
                first = Some(index);
                break;
            }
            Some(Judgement::Undecided(_)) => open.push(index),
            _ => {}
        }
    }
    let role = |index: usize| config.mappings.get(index).map(|mapping| mapping.role.clone());
    let certain = match first.and_then(|index| Some((index, role(index)?))) {
        Some((index, role)) => Choice::Mapping(index, role),
        None => config.fallback.clone().map_or(Choice::Nothing, Choice::Fallback),
    };
    let mut possible: Vec<Option<RoleArn>> = open.iter().map(|index| role(*index)).collect();
    possible.push(certain.role().cloned());
    possible.sort();
    possible.dedup();
    let choice = if open.is_empty() { certain } else { Choice::Undecided(possible) };
    let outcome = |(index, judgement): (usize, Judgement)| match judgement {
        Judgement::Matches if first == Some(index) && open.is_empty() => Outcome::Selects,
        Judgement::Matches if first == Some(index) => Outcome::MaySelect,
        Judgement::Matches => Outcome::ShadowedBy(first.unwrap_or(index)),
        Judgement::DoesNotMatch => Outcome::DoesNotMatch,
        Judgement::Fails(why) => Outcome::Skipped(why),
        Judgement::Undecided(why) => Outcome::Undecided(why),
    };
    Selection { mappings: judged.into_iter().enumerate().map(outcome).collect(), choice }
}
