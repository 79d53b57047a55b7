//! The fewest rows: for small functions, a cover than which there is none smaller.
//!
//! Some cover of fewest rows is made of *prime* cubes, which cannot be widened without leaving the upper
//! bound. All of them are found by consensus: two cubes that meet in every subject but one make a third,
//! wider there. Which of them to take is decided by branch and bound over the combinations to be covered:
//! whatever covers the one with fewest choices is tried in turn.

use super::Cube;
use crate::bits::Bits;
use crate::diagram::{Diagram, Function, TRUE};

/// Up to how many rows a cover is replaced by one with fewer.
pub(super) const MAX_ROWS: usize = 12;

/// How many combinations of classes are looked at.
const MAX_POINTS: usize = 512;

/// How many cubes there may be on the way to the primes.
const MAX_CUBES: usize = 160;

/// How many choices are tried.
const MAX_STEPS: usize = 20_000;

/// A cube over all subjects that matter: the classes of each.
type Full = Vec<Bits>;

/// A cover of fewer rows than `known`, which covers `upper` if `lower` does: the fewest there are. `None` if
/// there is none, or if it takes too much to know. `widest` covers all of `upper`.
pub(super) fn fewer(
    diagram: &Diagram,
    lower: Function,
    upper: Function,
    widest: &[Cube],
    known: usize,
) -> Option<Vec<Cube>> {
    if !(2..=MAX_ROWS).contains(&known) {
        return None;
    }
    let subjects = support(widest);
    let arities: Vec<usize> = subjects.iter().map(|subject| diagram.arity(*subject)).collect();
    let total = arities.iter().try_fold(1_usize, |total, arity| total.checked_mul(*arity))?;
    if total > MAX_POINTS {
        return None;
    }
    let points = points(diagram, (lower, upper), &subjects, &arities)?;
    let cubes: Vec<Full> = widest
        .iter()
        .map(|cube| {
            let full = subjects.iter().zip(&arities);
            full.map(|(subject, arity)| {
                cube.classes(*subject).cloned().unwrap_or_else(|| Bits::below(*arity))
            })
            .collect()
        })
        .collect();
    let primes = primes(cubes)?;
    let choices: Vec<Vec<usize>> = points
        .iter()
        .map(|point| {
            let holds = |prime: &Full| {
                prime.iter().zip(point).all(|(classes, class)| classes.contains(*class))
            };
            primes.iter().enumerate().filter(|(_, prime)| holds(prime)).map(|(at, _)| at).collect()
        })
        .collect();
    let mut search = Search { choices, best: None, most: known - 1, steps: 0 };
    let all: Bits = Bits::below(points.len());
    search.cover(&all, &mut Vec::new());
    let best = search.best.filter(|_| search.steps <= MAX_STEPS)?;
    let cube = |prime: &Full| {
        let parts = subjects.iter().zip(prime).zip(&arities);
        let said = parts.filter(|((_, classes), arity)| classes.len() < **arity);
        Cube(said.map(|((subject, classes), _)| (*subject, classes.clone())).collect())
    };
    Some(best.into_iter().filter_map(|at| primes.get(at)).map(cube).collect())
}

/// The subjects that some cube asks for, ascending.
fn support(cubes: &[Cube]) -> Vec<usize> {
    let mut subjects: Vec<usize> =
        cubes.iter().flat_map(|cube| cube.0.iter().map(|(subject, _)| *subject)).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// The combinations that must be covered; `None` if a bound asks for another subject than these.
fn points(
    diagram: &Diagram,
    (lower, upper): (Function, Function),
    subjects: &[usize],
    arities: &[usize],
) -> Option<Vec<Vec<usize>>> {
    let size = subjects.last().map_or(0, |last| last + 1);
    let mut found = Vec::new();
    let mut point = vec![0_usize; subjects.len()];
    loop {
        let mut classes = vec![0; size];
        for (subject, class) in subjects.iter().zip(&point) {
            *classes.get_mut(*subject)? = *class;
        }
        let asks_more = |function: Function| {
            let mut at = function;
            while let Some(subject) = diagram.subject(at) {
                if !subjects.contains(&subject) {
                    return true;
                }
                at = diagram.child(at, subject, classes.get(subject).copied().unwrap_or(0));
            }
            false
        };
        if asks_more(lower) || asks_more(upper) {
            return None;
        }
        if diagram.value(lower, &classes) == TRUE {
            found.push(point.clone());
        }
        // The next point.
        let mut place = 0;
        loop {
            let (Some(class), Some(arity)) = (point.get_mut(place), arities.get(place)) else {
                return Some(found);
            };
            *class += 1;
            if *class < *arity {
                break;
            }
            *class = 0;
            place += 1;
        }
    }
}

/// All prime cubes of the union of these; `None` if there are too many on the way.
fn primes(mut cubes: Vec<Full>) -> Option<Vec<Full>> {
    let mut at = 0;
    absorb(&mut cubes);
    while at < cubes.len() {
        let mut made: Vec<Full> = Vec::new();
        for other in 0..at {
            let (one, two) = (cubes.get(at)?, cubes.get(other)?);
            made.extend((0..one.len()).filter_map(|subject| consensus(one, two, subject)));
        }
        made.retain(|new| !cubes.iter().any(|known| is_within(new, known)));
        absorb(&mut made);
        if made.is_empty() {
            at += 1;
            continue;
        }
        // Those that became too narrow go; what is left is looked at again.
        cubes.retain(|known| !made.iter().any(|new| is_within(known, new)));
        cubes.extend(made);
        at = 0;
        if cubes.len() > MAX_CUBES {
            return None;
        }
    }
    cubes.sort();
    Some(cubes)
}

/// Drops every cube that lies within another.
fn absorb(cubes: &mut Vec<Full>) {
    cubes.sort();
    cubes.dedup();
    let all = cubes.clone();
    cubes.retain(|cube| !all.iter().any(|other| other != cube && is_within(cube, other)));
}

fn is_within(cube: &Full, other: &Full) -> bool {
    cube.iter().zip(other).all(|(classes, wider)| classes.is_subset(wider))
}

/// What both cubes say of every other subject, and either says of this one.
fn consensus(one: &Full, two: &Full, subject: usize) -> Option<Full> {
    let mut made = Vec::with_capacity(one.len());
    for (at, (one, two)) in one.iter().zip(two).enumerate() {
        let classes = if at == subject { one.union(two) } else { one.intersection(two) };
        if classes.is_empty() {
            return None;
        }
        made.push(classes);
    }
    Some(made)
}

/// The branch and bound.
struct Search {
    /// For each point the primes that cover it.
    choices: Vec<Vec<usize>>,
    best: Option<Vec<usize>>,
    /// How many rows a cover may have to be of use.
    most: usize,
    steps: usize,
}

impl Search {
    fn cover(&mut self, left: &Bits, chosen: &mut Vec<usize>) {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return;
        }
        if left.is_empty() {
            self.best = Some(chosen.clone());
            self.most = chosen.len().saturating_sub(1);
            return;
        }
        if chosen.len() + self.apart(left) > self.most {
            return;
        }
        let fewest = left.iter().min_by_key(|point| self.choices.get(*point).map(Vec::len));
        let choices = fewest.and_then(|point| self.choices.get(point)).cloned().unwrap_or_default();
        for prime in choices {
            let misses =
                |point: &usize| self.choices.get(*point).is_none_or(|by| !by.contains(&prime));
            let rest: Bits = left.iter().filter(misses).collect();
            chosen.push(prime);
            self.cover(&rest, chosen);
            chosen.pop();
        }
    }

    /// How many points no two of which share a prime are found: each needs a row of its own.
    fn apart(&self, left: &Bits) -> usize {
        let mut taken: Vec<usize> = Vec::new();
        let mut count = 0;
        for choices in left.iter().filter_map(|point| self.choices.get(point)) {
            if !choices.iter().any(|prime| taken.contains(prime)) {
                taken.extend(choices);
                count += 1;
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cover::cover;

    /// Every cube over two subjects of three classes, as the points it covers.
    fn rectangles() -> Vec<u16> {
        let mut found = Vec::new();
        for rows in 1..8_u16 {
            for columns in 1..8_u16 {
                let inside =
                    |point: u16| rows >> (point / 3) & 1 == 1 && columns >> (point % 3) & 1 == 1;
                found.push(
                    (0..9).filter(|point| inside(*point)).fold(0, |all, point| all | 1 << point),
                );
            }
        }
        found
    }

    /// The fewest rectangles within `upper` that cover `lower`, by trying all choices of that many.
    fn fewest(lower: u16, upper: u16, rectangles: &[u16]) -> usize {
        fn covers(left: u16, upper: u16, rectangles: &[u16], count: usize) -> bool {
            left == 0
                || count > 0
                    && rectangles
                        .iter()
                        .filter(|one| {
                            **one & !upper == 0 && **one & left & left.wrapping_neg() != 0
                        })
                        .any(|one| covers(left & !one, upper, rectangles, count - 1))
        }
        (0..=9).find(|count| covers(lower, upper, rectangles, *count)).unwrap()
    }

    #[test]
    fn no_cover_of_a_tiny_function_has_fewer_rows() {
        let rectangles = rectangles();
        let mut replaced = 0;
        for upper in 0..512_u16 {
            // Every point must be covered; and again, every other one of them.
            for lower in [upper, upper & 0b1_0101_0101] {
                let mut diagram = Diagram::new(vec![3, 3], 10_000);
                let mut function = |points: u16| {
                    let leaf = |point: u16| Function::leaf(u8::from(points >> point & 1 == 1));
                    let rows: Vec<Function> = (0..3)
                        .map(|row| {
                            let columns = (0..3).map(|column| leaf(row * 3 + column)).collect();
                            diagram.node(1, columns).unwrap()
                        })
                        .collect();
                    diagram.node(0, rows).unwrap()
                };
                let (low, up) = (function(lower), function(upper));
                let cubes = cover(&mut diagram, low, up).unwrap();
                assert_eq!(cubes.len(), fewest(lower, upper, &rectangles), "{lower:b} {upper:b}");
                let union: Vec<Function> =
                    cubes.iter().map(|cube| cube.function(&mut diagram).unwrap()).collect();
                let union = diagram.any(&union).unwrap();
                let outside = diagram.not(up).unwrap();
                let missing = diagram.not(union).unwrap();
                assert_eq!(diagram.and(union, outside).unwrap(), crate::diagram::FALSE);
                assert_eq!(diagram.and(low, missing).unwrap(), crate::diagram::FALSE);
                let plain = crate::cover::irredundant(&mut diagram, low, up).unwrap();
                replaced += usize::from(cubes.len() < plain.len());
            }
        }
        // Otherwise nothing was tested: there are functions whose irredundant cover is not the smallest.
        assert!(replaced > 0);
    }
}
