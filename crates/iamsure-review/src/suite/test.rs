//! The tests of a suite.

use iamsure_core::language::Span;
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_truth::claim::Claim;
use iamsure_truth::setting::Setting;

use super::case::Case;
use super::expectation::ExpectedClaim;

/// One test of a suite.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name, unique in the file; a claim without a name is called by its text.
    pub name: String,
    /// Where the name, or the claim, is written.
    pub span: Span,
    /// The rules it is about, as the authors call them.
    pub rules: Vec<String>,
    /// Why it matters, if the suite says.
    pub why: Option<String>,
    /// Where the expectation comes from, if the suite says.
    pub source: Option<String>,
    /// Why it is not run, if it is not.
    pub(crate) todo: Option<String>,
    /// What is asked.
    pub body: Body,
}

impl Test {
    /// How many cases it has; a claim is one.
    pub(super) fn cases(&self) -> usize {
        match &self.body {
            Body::Cases(cases) => cases.len(),
            Body::Claim(_) => 1,
        }
    }
}

/// What a test asks.
#[derive(Clone, Debug)]
pub enum Body {
    /// Requests, each with what must be decided.
    Cases(Vec<Case>),
    /// A claim about every request.
    Claim(Box<ClaimTest>),
}

/// Under which policies beside those of the set an expectation must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Given {
    /// None.
    Nothing,
    /// Whatever other Allow somebody attaches ([`iamsure_truth::open_world`]).
    AnyOtherAllow,
}

/// A claim, what it is about, and what must come of it.
#[derive(Clone, Debug)]
pub struct ClaimTest {
    /// The policy set, by its place in the suite; `None` if the test holds its own.
    pub(crate) set: Option<usize>,
    /// The policies, with the trust policy where the claim is about it.
    pub policies: PolicySet,
    /// The policies it compares with, if it does.
    pub(crate) other: Option<PolicySet>,
    /// The claim.
    pub claim: Claim,
    /// The call paths that it may name.
    pub(crate) paths: CallPaths,
    /// Which requests it is about.
    pub setting: Setting,
    /// Whether it must hold whatever other Allow is attached.
    pub given: Given,
    /// What must come of it.
    pub expected: ExpectedClaim,
}
