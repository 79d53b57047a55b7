//! What AWS decided, in the words of a suite.

use std::fmt;

use iamsure_core::decision::{Answerable, Decision};
use iamsure_core::language::PolicyType;
use iamsure_core::world::PolicySet;

pub use iamsure_review::suite::Word;

/// A decision, and who made it if the record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The decision.
    pub word: Word,
    /// Who made it.
    pub by: Option<By>,
}

/// Who made a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A layer.
    Layer(PolicyType),
    /// Statements of one layer, by their Sids.
    Statements(PolicyType, Vec<String>),
}

impl Expected {
    /// A decision of which nobody says who made it.
    pub(crate) const fn of(word: Word) -> Self {
        Self { word, by: None }
    }

    /// A decision of a layer.
    pub(crate) const fn by(word: Word, layer: PolicyType) -> Self {
        Self { word, by: Some(By::Layer(layer)) }
    }

    /// Whether this is such a decision.
    pub(crate) fn holds(&self, decision: &Decision, policies: &PolicySet) -> bool {
        let by = || match &self.by {
            None => true,
            Some(By::Layer(layer)) => decision.by == Answerable::Layer(*layer),
            Some(By::Statements(layer, sids)) => {
                let found = |sid: &String| {
                    decision.statements.iter().any(|id| {
                        policies
                            .statement(*id)
                            .and_then(|(_, statement)| statement.sid())
                            .is_some_and(|found| found == sid)
                    })
                };
                decision.by == Answerable::Layer(*layer) && sids.iter().all(found)
            }
        };
        self.word.says(decision.verdict) && by()
    }
}

/// Whether a Sid can stand after `by`: it is no name of a layer, and holds nothing but letters and
/// digits, as AWS wants it in identity-based policies.
pub(super) fn can_be_named(sid: &str) -> bool {
    !sid.is_empty()
        && sid.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && PolicyType::from_name(sid).is_none()
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word.as_str())?;
        match &self.by {
            None => Ok(()),
            Some(By::Layer(layer)) => write!(f, " by {}", layer.name()),
            Some(By::Statements(_, sids)) => write!(f, " by {}", sids.join(", ")),
        }
    }
}
