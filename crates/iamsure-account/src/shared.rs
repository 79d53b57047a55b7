//! One answer for all principals of whom a question is the same.

use std::collections::{BTreeSet, HashMap};
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
    keys: impl Fn(usize) -> (PolicySet, Vec<ConditionKey>) + Sync,
    facts: &Facts,
    ask: impl Fn(&AccountPrincipal, PolicySet, &[ConditionKey]) -> A + Sync,
) -> (Vec<Answered<A>>, Vec<Result<usize, String>>) {
    let each = &principals.principals;
    let numbers = each.iter().filter_map(|principal| principal.set.as_ref().ok().copied());
    let numbers: Vec<usize> = numbers.collect::<BTreeSet<usize>>().into_iter().collect();
    let found = on_threads(&numbers, (facts.jobs, MADE_TOGETHER), |set| {
        let (policies, keys) = keys(*set);
        let names_callers = policies.statements().any(|(_, _, found)| found.principal.is_some());
        (policies, keys, names_callers)
    });
    let sets: HashMap<usize, (PolicySet, Vec<ConditionKey>, bool)> =
        numbers.into_iter().zip(found).collect();
    let shared = on_threads(each, (facts.jobs, MADE_TOGETHER), |principal| {
        let set = principal.set.clone()?;
        let (_, keys, names_callers) = sets.get(&set).ok_or_else(String::new)?;
        Ok(Shared::of(principal, set, keys, *names_callers))
    });
    let mut questions: Vec<(usize, usize)> = Vec::new();
    let mut places: HashMap<Shared<'_>, usize> = HashMap::new();
    let mut own = Vec::with_capacity(each.len());
    for (number, shared) in shared.into_iter().enumerate() {
        own.push(shared.map(|shared| {
            let set = shared.set;
            *places.entry(shared).or_insert_with(|| {
                questions.push((number, set));
                questions.len() - 1
            })
        }));
    }
    let done = AtomicUsize::new(0);
    let answered = |(asked, set): &(usize, usize)| {
        let principal = principals.principals.get(*asked)?;
        let (policies, keys, _) = sets.get(set)?;
        let answer = ask(principal, policies.clone(), keys);
        facts.progress.at(1 + done.fetch_add(1, Ordering::Relaxed), questions.len());
        Some(Answered { asked: *asked, answer })
    };
    let answers = on_threads(&questions, (facts.jobs, 1), answered);
    (answers.into_iter().flatten().collect(), own)
}

/// The answer for one principal: its number, what it is, and for whom it was found.
pub(crate) type Own<'a, A> = (usize, &'a A, &'a AccountPrincipal);

/// Of what takes little so many are made at a time.
const MADE_TOGETHER: usize = 64;

/// What `tell` makes for every principal of its answer, or of why its policies are not known, in their order.
///
/// # Errors
/// The first of `tell`.
pub(crate) fn own_answers<A: Sync, T: Send, E: Send>(
    principals: &Principals,
    answers: &[Answered<A>],
    own: &[Result<usize, String>],
    jobs: usize,
    tell: impl Fn(&AccountPrincipal, Result<Own<'_, A>, &str>) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let each: Vec<_> = principals.principals.iter().zip(own).collect();
    let told = |(principal, place): &(&AccountPrincipal, &Result<usize, String>)| {
        let place = match place {
            Ok(place) => *place,
            Err(why) => return Some(tell(principal, Err(why))),
        };
        let answered = answers.get(place)?;
        let asked = principals.principals.get(answered.asked)?;
        Some(tell(principal, Ok((place, &answered.answer, asked))))
    };
    on_threads(&each, (jobs, MADE_TOGETHER), told).into_iter().flatten().collect()
}

/// What `make` makes of each, in their order, on so many threads, so many at a time.
fn on_threads<'i, I: Sync, T: Send>(
    items: &'i [I],
    (jobs, together): (usize, usize),
    make: impl Fn(&'i I) -> T + Sync,
) -> Vec<T> {
    let batches: Vec<&'i [I]> = items.chunks(together.max(1)).collect();
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::with_capacity(batches.len()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(batch) = batches.get(number) else { break };
            let own: Vec<T> = batch.iter().map(&make).collect();
            made.lock().unwrap_or_else(PoisonError::into_inner).push((number, own));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.min(batches.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(number, _)| *number);
    made.into_iter().flat_map(|(_, own)| own).collect()
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
