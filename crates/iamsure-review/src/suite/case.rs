//! One request that a test asks about, and what must be decided.

use std::hash::Hash;
use std::sync::Arc;

use iamsure_core::language::{ActionName, Span};
use iamsure_core::world::{CallPath, PolicySet};
use iamsure_truth::matrix::{MatrixQuery, Question};
use iamsure_truth::open_world::opened;

use super::expectation::Expectation;
use super::test::Given;

/// One request of a test: an action on a resource by a caller on a call path.
#[derive(Clone, Debug)]
pub struct Case {
    /// The policy set, by its place in the suite; `None` if the test holds its own.
    pub(crate) set: Option<usize>,
    /// Everything that the cases of a test on one policy set by one caller have in common.
    pub scene: Arc<Scene>,
    /// The action.
    pub action: ActionName,
    /// The resource.
    pub resource: String,
    /// Whether the resource was said, or is an example that fits the action.
    pub(crate) resource_was_said: bool,
    /// How it arrives, with the contexts of the test; any way, if the test names no path.
    pub path: Arc<CallPath>,
    /// What must be decided.
    pub expected: Arc<Expectation>,
    /// Where that is written.
    pub span: Span,
    /// What tells it from the other cases of its test: `s3:GetObject on no-key`.
    pub label: String,
}

/// Who asks, under which policies.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The policies, who asks, and the switches.
    pub query: MatrixQuery,
    /// The same with every other Allow that anybody could attach, where the expectation must hold then too.
    pub(crate) opened: Option<MatrixQuery>,
}

/// Whether the trust policy of a set is that of the resource. Beside identity-based policies it is that of the
/// role whose policies they are, and decides who may start a session, unless a test says what the resource is.
pub(super) fn trust_is_of_resource(policies: &PolicySet, resource_was_said: bool) -> bool {
    policies.trust.is_some() && (resource_was_said || policies.identity.is_empty())
}

/// The same question to other policies.
fn with(query: &MatrixQuery, policies: PolicySet) -> MatrixQuery {
    MatrixQuery { policies, ..query.clone() }
}

impl Scene {
    pub(super) fn new(query: MatrixQuery, given: Given) -> Self {
        let opened = match given {
            Given::Nothing => None,
            Given::AnyOtherAllow => Some(with(&query, opened(&query.policies))),
        };
        Self { query, opened }
    }

    /// The same scene with other policies. The trust policy stays whose it was.
    pub(super) fn under(&self, policies: PolicySet) -> Self {
        let opened = self.opened.as_ref().map(|query| with(query, opened(&policies)));
        Self { query: with(&self.query, policies), opened }
    }
}

impl Case {
    /// What tells its question from that of another case of its test: those with the same have the same outcome.
    pub fn identity(&self) -> impl Eq + Hash + use<'_> {
        let (action, resource) = (self.action.as_str(), self.resource.as_str());
        let (path, expected) = (Arc::as_ptr(&self.path), Arc::as_ptr(&self.expected));
        (Arc::as_ptr(&self.scene), action, resource, path, expected)
    }

    /// The row of the matrix that the case is on.
    pub(crate) fn question(&self) -> Question {
        Question {
            action: self.action.clone(),
            resource: self.resource.clone(),
            stands_for: None,
            resource_matters: false,
            resources_left_out: 0,
        }
    }
}
