//! What came of a claim, and what it depends on.

use std::collections::BTreeSet;

use iamsure_core::decision::Decision;
use iamsure_core::language::PolicyType;
use iamsure_core::world::{PolicySet, Request, Switch};

use crate::grounds::Grounds;
use crate::open_world::Grant;
use crate::table::{Reach, Rule};

/// What is known of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is true of every request.
    Proved,
    /// It is not true.
    Refuted,
    /// It depends on something that is not known.
    Depends,
}

impl Verdict {
    /// The word of reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proved => "PROVED",
            Self::Refuted => "REFUTED",
            Self::Depends => "DEPENDS",
        }
    }
}

/// What came of a claim.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Whether it is true.
    pub verdict: Verdict,
    /// What it depends on, if it does.
    pub reasons: Vec<Reason>,
    /// The request that breaks the claim, or the one that fulfils it where it asked for one.
    pub example: Option<Example>,
    /// What AWS documents about keys and without which the verdict would not hold.
    pub background: Vec<&'static Rule>,
    /// Actions the claim is about that AWS does not authorize: policies do not decide them (O-1).
    pub exempt: Vec<String>,
    /// What it rests on.
    pub grounds: Grounds,
}

/// What a verdict depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A choice where AWS is silent: with the other choice the verdict is another.
    Switch(Switch, &'static str, Verdict),
    /// The only requests that matter break what is only assumed of keys.
    Assumed(Vec<&'static Rule>),
    /// The only requests that matter are of a kind that is not known to exist.
    Reach(Reach),
    /// No request was found that decides it: a comparison between keys was left open.
    NoWitness,
    /// Policies that must exist and were not given: if they leave the decision to the account the verdict is the
    /// first, if they do not allow the caller it is the second.
    NotGiven(Vec<PolicyType>, [Verdict; 2]),
    /// The callers' own policies, which were not given: if they allow everything the verdict is the first, if they allow
    /// nothing it is the second.
    CallersOwn([Verdict; 2]),
    /// Symbols of values that are known when the policies are deployed: where they let through the most the verdict is
    /// the first, where they let through the least it is the second.
    KnownLater(BTreeSet<String>, [Verdict; 2]),
    /// Sessions of the named role that policies name; the verdict is that for any other session.
    Sessions(BTreeSet<String>, Verdict),
}

impl Reason {
    /// The choice where AWS is silent that it is.
    pub(crate) const fn choice(&self) -> Option<(Switch, &'static str)> {
        match self {
            Self::Switch(switch, name, _) => Some((*switch, *name)),
            Self::Assumed(_)
            | Self::Reach(_)
            | Self::NoWitness
            | Self::NotGiven(..)
            | Self::CallersOwn(..)
            | Self::KnownLater(..)
            | Self::Sessions(..) => None,
        }
    }
}

/// A request that decides a claim, decided by core.
#[derive(Clone, Debug)]
pub struct Example {
    /// The request.
    pub request: Request,
    /// What core decides about it, with the Allows of [`extra`](Self::extra).
    pub decision: Decision,
    /// The layers that must be given an Allow for that.
    pub extra: Vec<Grant>,
    /// The policies that decided, with those Allows.
    pub policies: PolicySet,
    /// Whether there are such requests.
    pub reach: Reach,
}
