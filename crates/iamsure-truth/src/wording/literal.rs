//! The shortest choice of literals for a set of classes.

use crate::bits::Bits;
use crate::said::Said;

/// Something that can be said about classes, and where it holds.
pub(crate) struct Literal {
    pub(crate) holds: Bits,
    pub(crate) said: Said,
    /// Whether its opposite can be said as well.
    pub(crate) has_opposite: bool,
    /// How long it reads.
    pub(crate) cost: usize,
}

/// A literal, or several that hold together.
struct Candidate {
    holds: Bits,
    said: Said,
    cost: usize,
}

/// `target` as a choice of literals; all within `universe`. `None` if they cannot say it.
pub(crate) fn express<'a>(
    target: &Bits,
    universe: &Bits,
    literals: impl IntoIterator<Item = &'a Literal>,
) -> Option<Vec<Said>> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for literal in literals {
        let holds = literal.holds.intersection(universe);
        let opposite = literal.has_opposite.then(|| Candidate {
            holds: universe.difference(&holds),
            said: Said::negated(literal.said.clone()),
            cost: literal.cost + 1,
        });
        candidates.push(Candidate { holds, said: literal.said.clone(), cost: literal.cost });
        candidates.extend(opposite);
    }
    // By what they say, not by the order in which policies say it.
    candidates.sort_by_cached_key(|one| (one.cost, one.said.phrase().length(), one.said.clone()));
    if let Some(one) = candidates.iter().find(|one| one.holds == *target) {
        return Some(vec![one.said.clone()]);
    }
    let singles = candidates.len();
    if covered(&candidates, target) != *target && singles <= MAX_PAIRED {
        add_pairs(&mut candidates, target);
    }
    // Whatever pairs cannot say: each class by all that is to be said of it.
    for class in target.difference(&covered(&candidates, target)).iter() {
        let conjunction = conjunction(class, target, universe, candidates.get(..singles)?)?;
        candidates.push(conjunction);
    }
    choose(candidates, target)
}

/// The part of `target` that candidates within it say.
fn covered(candidates: &[Candidate], target: &Bits) -> Bits {
    let within = candidates.iter().filter(|one| one.holds.is_subset(target));
    within.fold(Bits::new(), |covered, one| covered.union(&one.holds))
}

/// Adds every two candidates that say something within `target` only together.
fn add_pairs(candidates: &mut Vec<Candidate>, target: &Bits) {
    let singles = candidates.len();
    for first in 0..singles {
        for second in (first + 1)..singles {
            let (Some(one), Some(two)) = (candidates.get(first), candidates.get(second)) else {
                continue;
            };
            let holds = one.holds.intersection(&two.holds);
            let is_new = !holds.is_empty() && holds != one.holds && holds != two.holds;
            if is_new && holds.is_subset(target) {
                let said = Said::all([one.said.clone(), two.said.clone()]);
                let cost = one.cost + two.cost + 1;
                candidates.push(Candidate { holds, said, cost });
            }
        }
        if candidates.len() > MAX_CANDIDATES {
            return;
        }
    }
}

/// As many literals as it takes to speak of a class and of nothing outside `target`.
fn conjunction(
    class: usize,
    target: &Bits,
    universe: &Bits,
    literals: &[Candidate],
) -> Option<Candidate> {
    let mut holds = universe.clone();
    let mut parts: Vec<Said> = Vec::new();
    let mut cost = 0;
    while !holds.is_subset(target) {
        let (narrower, literal) = literals
            .iter()
            .filter(|one| one.holds.contains(class))
            .map(|one| (holds.intersection(&one.holds), one))
            .min_by_key(|(left, one)| (left.difference(target).len(), one.cost))?;
        if narrower == holds {
            return None;
        }
        holds = narrower;
        cost += literal.cost + 1;
        parts.push(literal.said.clone());
    }
    (!parts.is_empty()).then(|| Candidate { holds, said: Said::all(parts), cost })
}

/// Candidates that together say `target`, those first that say most for their length.
fn choose(mut candidates: Vec<Candidate>, target: &Bits) -> Option<Vec<Said>> {
    candidates.retain(|one| !one.holds.is_empty() && one.holds.is_subset(target));
    let mut left = target.clone();
    let mut chosen: Vec<&Candidate> = Vec::new();
    while !left.is_empty() {
        let best = candidates
            .iter()
            .map(|one| (one.holds.intersection(&left).len(), one))
            .filter(|(gain, _)| *gain > 0)
            .max_by(|(gain, one), (other_gain, other)| {
                (gain * other.cost)
                    .cmp(&(other_gain * one.cost))
                    .then_with(|| other.said.cmp(&one.said))
            })?;
        left = left.difference(&best.1.holds);
        chosen.push(best.1);
    }
    // What later ones say as well need not be said.
    for at in (0..chosen.len()).rev() {
        let others = chosen.iter().enumerate().filter(|(other, _)| *other != at);
        let covered = others.fold(Bits::new(), |covered, (_, one)| covered.union(&one.holds));
        if target.is_subset(&covered) {
            chosen.remove(at);
        }
    }
    Some(chosen.into_iter().map(|one| one.said.clone()).collect())
}

/// How many literals are put together in pairs.
const MAX_PAIRED: usize = 128;

/// How many choices of literals are looked at.
const MAX_CANDIDATES: usize = 20_000;
