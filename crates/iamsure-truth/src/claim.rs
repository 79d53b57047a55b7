//! Claims: sentences about every request, to be proved or refuted.
//!
//! A claim is read aloud as it is written: *never allow \* unless `aws:ViaAWSMCPService` is true*. It
//! is about decisions and about what can be known of a request: its action, its resource, its
//! condition keys, how it arrives. `docs/claims.md` has the grammar.
//!
//! A key that is absent *is* nothing and *is like* nothing: `KEY is VALUE` is false, and `KEY is not
//! VALUE`, its negation, is true, as IAM's own negated operators are (C-10).

mod error;
mod every_value;
mod fact;
mod formula;
mod limit;
mod parse;
mod prove;
mod remark;
mod session;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::ops::Range;

use iamsure_core::decision::Verdict;
use iamsure_core::language::{ActionPattern, ConditionKey, PolicyType};

pub use error::ClaimError;
pub use prove::{ClaimQuery, Example, Proof, Reason, Verdict as ClaimVerdict};
pub use remark::Remark;
pub use session::other_sessions;

/// One claim, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The sentence.
    pub text: String,
    /// What it says.
    pub body: Body,
}

impl Claim {
    /// The same claim without the resources that it names.
    #[must_use]
    pub fn of_any_resource(&self) -> Self {
        let mut claim = self.clone();
        if let Body::Never(asked) | Body::Always(asked) | Body::Some(asked) = &mut claim.body {
            asked.target.resources.clear();
        }
        claim
    }

    /// The resources whose requests it is about; none if it is about those of all, or about whole policies.
    pub fn resources(&self) -> &[String] {
        match &self.body {
            Body::Never(asked) | Body::Always(asked) | Body::Some(asked) => &asked.target.resources,
            _ => &[],
        }
    }
}

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `never DECISION TARGET when … unless …`: no such request. `unless` is the same as `when not`.
    Never(Quantified),
    /// `always DECISION TARGET when … unless …`: every such request is decided so.
    Always(Quantified),
    /// `some DECISION TARGET when … unless …`: there is such a request.
    Some(Quantified),
    /// `COND implies COND`: wherever the first holds, the second does.
    Implies {
        /// The first.
        premise: Condition,
        /// The second.
        conclusion: Condition,
    },
    /// `allow only ACTIONS on RESOURCES`: nothing else is allowed.
    AllowOnly(Target),
    /// `no inert statements`: every statement changes some decision.
    NoInertStatements,
    /// `same decisions as FILE`: every request is decided alike.
    SameDecisionsAs(File),
    /// `no more than FILE`: nothing is allowed that the file does not allow.
    NoMoreThan(File),
}

/// A decision, what it is about, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantified {
    /// The decision.
    pub decision: DecisionWord,
    /// Actions and resources; everything, if neither was said.
    pub target: Target,
    /// Where it matters: the `when` and, negated, the `unless`.
    pub when: Option<Condition>,
}

/// Actions and resources. An empty list is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Patterns of actions, as in the Action element.
    pub actions: Vec<ActionPattern>,
    /// Patterns of resources, as in the Resource element.
    pub resources: Vec<String>,
}

/// A file that a claim compares with. Two are equal when their names are, wherever they stand.
#[derive(Clone, Debug)]
pub struct File {
    /// The name as it was written.
    pub name: String,
    /// Where it stands in the claim.
    pub span: Range<usize>,
}

impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for File {}

/// A word for decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecisionWord {
    /// `allow`, `allowed`.
    Allowed,
    /// `deny`, `denied`: explicitly or not.
    Denied,
    /// `explicitly denied`, `explicit deny`.
    ExplicitlyDenied,
    /// `implicitly denied`, `implicit deny`: nothing allows it.
    ImplicitlyDenied,
    /// `exempt`: AWS does not authorize the call.
    Exempt,
}

impl DecisionWord {
    /// Whether a verdict is what the word says.
    pub const fn is(self, verdict: Verdict) -> bool {
        match self {
            Self::Allowed => matches!(verdict, Verdict::Allowed),
            Self::Denied => {
                matches!(verdict, Verdict::ExplicitlyDenied | Verdict::ImplicitlyDenied)
            }
            Self::ExplicitlyDenied => matches!(verdict, Verdict::ExplicitlyDenied),
            Self::ImplicitlyDenied => matches!(verdict, Verdict::ImplicitlyDenied),
            Self::Exempt => matches!(verdict, Verdict::Exempt),
        }
    }
}

/// A condition on requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All of them hold.
    All(Vec<Self>),
    /// One of them holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// A single fact.
    Is(Atom),
}

/// A single fact about a request and what is decided about it, with its place in the claim. Two are
/// equal when the facts are, wherever they stand.
#[derive(Clone, Debug)]
pub struct Atom {
    /// The fact.
    pub fact: Fact,
    /// Where it stands in the claim, in bytes.
    pub span: Range<usize>,
}

impl PartialEq for Atom {
    fn eq(&self, other: &Self) -> bool {
        self.fact == other.fact
    }
}

impl Eq for Atom {}

/// A single fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The decision is this one.
    Decision(DecisionWord),
    /// This layer answers for the decision: `layer is scp`.
    Layer(PolicyType),
    /// The action matches one of these patterns: `action is s3:GetObject`, `action like s3:Get*`,
    /// `action in [s3:GetObject, s3:PutObject]`.
    Action(Vec<ActionPattern>),
    /// The resource matches one of these patterns, as in the Resource element.
    Resource(Vec<String>),
    /// The keys of the request are those of this call path: `path is mcp:aws-mcp`.
    Path(String),
    /// A condition key.
    Key(KeyFact),
}

/// What is said of a condition key. `principal` stands for `aws:PrincipalArn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFact {
    /// The key.
    pub key: ConditionKey,
    /// `any KEY …`, `all KEY …`, for keys with several values; `None` where neither was said.
    pub quantifier: Option<Quantifier>,
    /// What is said of it.
    pub test: Test,
}

/// Of how many of a key's values something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `any`: of one of them, as `ForAnyValue`.
    Any,
    /// `all`: of all of them, and there is at least one. (`ForAllValues` is also true of none.)
    All,
}

/// What is said of a value. Words that negate (`is not`, `not like`, `not in`) are a
/// [`Condition::Not`] around the fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `is absent`; `is present` is its negation.
    Absent,
    /// `is VALUE`, `in [VALUE, …]`: equal to one of them, as values of the key's type are equal.
    /// With an address key a value may be a CIDR range.
    OneOf(Vec<Operand>),
    /// `like PATTERN`, `like [PATTERN, …]`: IAM wildcards and variables, as in a policy.
    Like(Vec<String>),
    /// `<`, `<=`, `>`, `>=`, `before`, `after`: of numbers and dates.
    Order(Order, String),
    /// `cidr RANGE`, `cidr [RANGE, …]`: an address within one of them.
    Within(Vec<String>),
}

/// What a key is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// This text.
    Text(String),
    /// What another key holds: `aws:PrincipalAccount is aws:ResourceAccount`.
    Key(ConditionKey),
}

/// How two values are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `<`, `before`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`, `after`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

impl Claim {
    /// The conditions of the claim.
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let (first, second) = match &self.body {
            Body::Never(asked) | Body::Always(asked) | Body::Some(asked) => {
                (asked.when.as_ref(), None)
            }
            Body::Implies { premise, conclusion } => (Some(premise), Some(conclusion)),
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }

    /// The patterns of actions that the claim names.
    pub fn actions(&self) -> Vec<&ActionPattern> {
        fn collect<'a>(condition: &'a Condition, found: &mut Vec<&'a ActionPattern>) {
            match condition {
                Condition::All(parts) | Condition::Any(parts) => {
                    for part in parts {
                        collect(part, found);
                    }
                }
                Condition::Not(part) => collect(part, found),
                Condition::Is(Atom { fact: Fact::Action(patterns), .. }) => found.extend(patterns),
                Condition::Is(_) => {}
            }
        }
        let mut found = Vec::new();
        match &self.body {
            Body::Never(asked) | Body::Always(asked) | Body::Some(asked) => {
                found.extend(&asked.target.actions);
            }
            Body::AllowOnly(target) => found.extend(&target.actions),
            _ => {}
        }
        self.conditions().for_each(|condition| collect(condition, &mut found));
        found
    }

    /// The call paths that the claim names.
    pub(crate) fn paths(&self) -> Vec<&str> {
        fn collect<'a>(condition: &'a Condition, found: &mut Vec<&'a str>) {
            match condition {
                Condition::All(parts) | Condition::Any(parts) => {
                    for part in parts {
                        collect(part, found);
                    }
                }
                Condition::Not(part) => collect(part, found),
                Condition::Is(Atom { fact: Fact::Path(name), .. }) => found.push(name),
                Condition::Is(_) => {}
            }
        }
        let mut found = Vec::new();
        self.conditions().for_each(|condition| collect(condition, &mut found));
        found
    }

    /// The files that the claim compares with.
    pub fn file(&self) -> Option<&File> {
        match &self.body {
            Body::SameDecisionsAs(file) | Body::NoMoreThan(file) => Some(file),
            _ => None,
        }
    }
}
