//! The answer about one request: every decision it can get, each with when, and with a request that gets it.

use std::collections::{BTreeMap, BTreeSet};

use iamsure_core::decision::{Decision, Verdict};
use iamsure_core::language::ConditionKey;
use iamsure_core::world::Request;
use iamsure_core::world::policy_set::StatementId;

use crate::budget::TooComplex;
use crate::model::Subject;
use crate::said::Said;
use crate::table::Column;

/// What is decided about one request, over everything that is unknown of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Every decision there is, those of absent keys first. Each has its own requests; together they are all
    /// requests, but for what is [left open](Self::left_open).
    pub cases: Vec<Case>,
    /// What could not be settled. If it is empty, the cases are the whole truth.
    pub left_open: Vec<LeftOpen>,
}

/// One decision, and when it occurs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The decision. Its statements match every request of the case.
    pub decision: Decision,
    /// Statements that would be among those of the decision, and match only some requests of the case.
    pub sometimes: Vec<StatementId>,
    /// When it occurs: under any of these. One without conditions means always.
    pub when: Vec<Conditions>,
    /// A request that gets it, decided by core.
    pub witness: Request,
    /// What it assumes of policies that were not given, and of values that are known later.
    pub assumes: Vec<Assumed>,
}

/// Conditions that hold together. A subject that is not there may be anything.
pub type Conditions = BTreeMap<Column, Said>;

/// Why an answer is not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOpen {
    /// It takes more than the budget. These verdicts could not be ruled out.
    Budget(TooComplex, Vec<Verdict>),
    /// Requests of this verdict could not be ruled out, and none was found.
    NoWitness(Verdict),
}

impl LeftOpen {
    /// The verdicts that could not be ruled out.
    pub fn verdicts(&self) -> &[Verdict] {
        match self {
            Self::Budget(_, verdicts) => verdicts,
            Self::NoWitness(verdict) => std::slice::from_ref(verdict),
        }
    }
}

/// What is assumed of the policy of a role or key that was not given (each role and each key has one, so that
/// "there is none" would be no answer), of symbols for values that are known when the policies are deployed, or of the callers'
/// own policies where a resource's were given alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assumed {
    /// It leaves the decision to the identity-based policies of the account.
    Delegates,
    /// It does not allow the caller.
    Silent,
    /// The symbols let through the most. A policy that was not given delegates.
    Most,
    /// The symbols let through the least. A policy that was not given is silent.
    Least,
    /// The callers' own policies, which were not given, allow everything.
    CallersAllow,
    /// They allow nothing.
    CallersDoNot,
}

impl Answer {
    /// The answer where everything is decided alike.
    pub(crate) fn only(decision: Decision, witness: Request) -> Self {
        let case = Case {
            decision,
            sometimes: Vec::new(),
            when: vec![Conditions::new()],
            witness,
            assumes: Vec::new(),
        };
        Self { cases: vec![case], left_open: Vec::new() }
    }

    /// Every verdict that occurs or could not be ruled out, each once, from the least access to the most.
    pub fn verdicts(&self) -> BTreeSet<Verdict> {
        let of_cases = self.cases.iter().map(|case| case.decision.verdict);
        of_cases.chain(self.left_open.iter().flat_map(LeftOpen::verdicts).copied()).collect()
    }

    /// The one verdict, if there is only one.
    pub fn verdict(&self) -> Option<Verdict> {
        let verdicts = self.verdicts();
        verdicts.first().copied().filter(|_| verdicts.len() == 1)
    }

    /// The one decision, if there is only one.
    pub fn decision(&self) -> Option<&Decision> {
        match self.cases.as_slice() {
            [case] if self.is_complete() && case.sometimes.is_empty() => Some(&case.decision),
            _ => None,
        }
    }

    /// Whether every request succeeds, or every request fails.
    pub fn succeeds(&self) -> Option<bool> {
        let verdicts = self.verdicts();
        let first = verdicts.first()?.succeeds();
        verdicts.iter().all(|verdict| verdict.succeeds() == first).then_some(first)
    }

    /// Whether nothing is left open.
    pub const fn is_complete(&self) -> bool {
        self.left_open.is_empty()
    }

    /// This answer if a policy that was not given delegates, and `other` if it is silent; either
    /// alone if it makes no difference.
    #[must_use]
    pub(crate) fn assuming(mut self, mut other: Self) -> Self {
        let says = |answer: &Self| -> Vec<_> {
            let case =
                |case: &Case| (case.decision.clone(), case.sometimes.clone(), case.when.clone());
            answer.cases.iter().map(case).collect()
        };
        if says(&self) == says(&other) && self.left_open == other.left_open {
            return self;
        }
        self.assume(Assumed::Delegates);
        other.assume(Assumed::Silent);
        self.and(other)
    }

    /// This answer where the callers' own policies, which were not given, allow everything, and `as_given` where they allow
    /// nothing. What is so either way is said once.
    #[must_use]
    pub(crate) fn for_callers(mut self, mut as_given: Self) -> Self {
        let is_same = |one: &Case, other: &Case| {
            one.decision.verdict == other.decision.verdict && one.when == other.when
        };
        self.cases.retain(|case| !as_given.cases.iter().any(|known| is_same(known, case)));
        if self.cases.is_empty() {
            return as_given;
        }
        for case in &mut as_given.cases {
            if case.decision.verdict == Verdict::ImplicitlyDenied {
                case.assumes.push(Assumed::CallersDoNot);
            }
        }
        self.assume(Assumed::CallersAllow);
        self.left_open.retain(|open| !as_given.left_open.contains(open));
        as_given.and(self)
    }

    /// This answer where symbols let through the most, and `least` where they let through the least.
    #[must_use]
    pub(super) fn bounded(mut self, mut least: Self) -> Self {
        self.assume(Assumed::Most);
        least.assume(Assumed::Least);
        self.and(least)
    }

    fn assume(&mut self, assumed: Assumed) {
        self.cases.iter_mut().for_each(|case| case.assumes.push(assumed));
    }

    /// This answer for callers of one kind, and `other` for those of another; what is so of both is said once. `kinds` tell
    /// one from the other.
    #[must_use]
    pub(super) fn either(mut self, other: Self, (kind, other_kind): (&Said, &Said)) -> Self {
        if self.decides_as(&other) {
            return self;
        }
        let of_kind = |case: &mut Case, kind: &Said| {
            for when in &mut case.when {
                let key = ConditionKey::new("aws:PrincipalType");
                when.entry(Column::Subject(Subject::Key(key))).or_insert_with(|| kind.clone());
            }
        };
        let mut cases: Vec<Case> = Vec::new();
        for (mut case, kind) in (self.cases.drain(..).map(|case| (case, kind)))
            .chain(other.cases.into_iter().map(|case| (case, other_kind)))
        {
            of_kind(&mut case, kind);
            let is_same = |known: &&mut Case| {
                (&known.decision, &known.sometimes, &known.assumes)
                    == (&case.decision, &case.sometimes, &case.assumes)
            };
            match cases.iter_mut().find(is_same) {
                Some(known) => known.when.append(&mut case.when),
                None => cases.push(case),
            }
        }
        self.cases = cases;
        self.left_open.extend(other.left_open);
        self
    }

    fn and(mut self, mut other: Self) -> Self {
        self.cases.append(&mut other.cases);
        self.left_open.append(&mut other.left_open);
        self
    }

    /// Whether another answer has the same decisions under the same conditions, whichever statements make them.
    pub(crate) fn decides_as(&self, other: &Self) -> bool {
        let says = |answer: &Self| -> Vec<_> {
            let case = |case: &Case| {
                (case.decision.verdict, case.decision.by, case.when.clone(), case.assumes.clone())
            };
            answer.cases.iter().map(case).collect()
        };
        says(self) == says(other) && self.left_open == other.left_open
    }
}
