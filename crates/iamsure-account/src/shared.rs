//! One answer for all principals of whom a question is the same.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use iamsure_core::language::ConditionKey;
use iamsure_core::world::{KeyState, PolicySet, Principal};

use crate::account_principal::AccountPrincipal;
use crate::principals::Principals;
use crate::question::Facts;

/// What an answer for a principal depends on: its policies, and what its requests hold for the keys they ask about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shared<'a> {
    set: usize,
    account: &'a str,
    partition: &'a str,
    kind: &'static str,
    /// In text, so that it can be looked up.
    states: Vec<(String, String)>,
    /// Of a role, where `aws:userid` is asked about.
    role_id: Option<&'a str>,
    /// Where a Principal element may name it.
    arn: Option<&'a str>,
}

impl<'a> Shared<'a> {
    /// What an answer for `principal` depends on, if its policies and the question ask about `keys`.
    pub(crate) fn of(
        principal: &'a AccountPrincipal,
        set: usize,
        keys: &[ConditionKey],
        names_callers: bool,
    ) -> Self {
        Self {
            set,
            account: principal.account(),
            partition: principal.requester.principal.partition().unwrap_or_default(),
            kind: kind(&principal.requester.principal),
            states: principal.states(keys).into_iter().map(text).collect(),
            role_id: principal
                .role_id()
                .filter(|_| keys.iter().any(|key| key.folded() == "aws:userid")),
            arn: names_callers.then_some(&*principal.arn),
        }
    }
}

/// An answer, and the principal it was found for; the answer for another with the same policies differs in the
/// caller alone.
#[derive(Clone, Debug)]
pub(crate) struct Answered<A> {
    pub(crate) asked: usize,
    pub(crate) answer: A,
}

/// Asks `ask` of every principal whose policies are known, once for all that are alike, on the threads of
/// `facts`. By the number of the principal: which answer of the list is its own, or why its policies are not known.
pub(crate) fn of_each<A: Send>(
    principals: &Principals,
    keys: impl Fn(usize) -> (PolicySet, Vec<ConditionKey>),
    facts: &Facts,
    ask: impl Fn(&AccountPrincipal, PolicySet, &[ConditionKey]) -> A + Sync,
) -> (Vec<Answered<A>>, Vec<Result<usize, String>>) {
    let mut questions: Vec<(usize, usize)> = Vec::new();
    let mut places: HashMap<Shared<'_>, usize> = HashMap::new();
    let mut sets: HashMap<usize, (PolicySet, Vec<ConditionKey>, bool)> = HashMap::new();
    let mut own = Vec::with_capacity(principals.principals.len());
    for (number, principal) in principals.principals.iter().enumerate() {
        let set = match &principal.set {
            Ok(set) => *set,
            Err(why) => {
                own.push(Err(why.clone()));
                continue;
            }
        };
        let (_, keys, names_callers) = sets.entry(set).or_insert_with(|| {
            let (policies, keys) = keys(set);
            let names = policies.statements().any(|(_, _, found)| found.principal.is_some());
            (policies, keys, names)
        });
        let shared = Shared::of(principal, set, keys, *names_callers);
        let place = *places.entry(shared).or_insert_with(|| {
            questions.push((number, set));
            questions.len() - 1
        });
        own.push(Ok(place));
    }
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::with_capacity(questions.len()));
    let work = || {
        while let Some((asked, set)) = questions.get(next.fetch_add(1, Ordering::Relaxed)) {
            let principal = principals.principals.get(*asked);
            let Some((principal, (policies, keys, _))) = principal.zip(sets.get(set)) else {
                continue;
            };
            let answer = ask(principal, policies.clone(), keys);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.push(Answered { asked: *asked, answer });
            facts.progress.at(found.len(), questions.len());
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..facts.jobs.min(questions.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut answers = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|answered| answered.asked);
    (answers, own)
}

/// The answer for one principal: its number, what it is, and for whom it was found.
pub(crate) type Own<'a, A> = (usize, &'a A, &'a AccountPrincipal);

/// Every principal with its answer, or why its policies are not known.
pub(crate) fn own_answers<'a, A>(
    principals: &'a Principals,
    answers: &'a [Answered<A>],
    own: Vec<Result<usize, String>>,
) -> impl Iterator<Item = (&'a AccountPrincipal, Result<Own<'a, A>, String>)> {
    principals.principals.iter().zip(own).filter_map(move |(principal, place)| {
        let place = match place {
            Ok(place) => place,
            Err(why) => return Some((principal, Err(why))),
        };
        let answered = answers.get(place)?;
        let asked = principals.principals.get(answered.asked)?;
        Some((principal, Ok((place, &answered.answer, asked))))
    })
}

const fn kind(principal: &Principal) -> &'static str {
    match principal {
        Principal::User { .. } => "user",
        Principal::RoleSession { service_linked: true, .. } => "service-linked role",
        _ => "role",
    }
}

fn text((key, state): (ConditionKey, KeyState)) -> (String, String) {
    (key.folded().to_owned(), format!("{state:?}"))
}
