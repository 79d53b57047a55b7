//! Covers: a function of classes as a list of rows.
//!
//! A row (a *cube*) gives each subject a set of classes; it covers every combination in their product.
//! Two kinds of lists are made:
//!
//! - [`paths`]: the paths of the diagram, where classes that lead to the same child share a path. Rows
//!   are disjoint and cover everything.
//! - [`cover`]: rows that may overlap, between a lower bound that must be covered and an upper bound that
//!   may be. This is Minato's irredundant cover for functions of more than two values: a row that is
//!   found for one class is widened to every class for which it stays within the upper bound.
//!
//! The cover is irredundant: no row can be left out. Where it has few rows and the function is small it is
//! the smallest there is (the file `exact`). The number of paths is what the order of subjects makes it.

mod exact;

use rustc_hash::FxHashMap;

use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::diagram::{Diagram, FALSE, Function, TRUE};

/// A set of classes for some subjects, ascending; every class of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cube(pub Vec<(usize, Bits)>);

impl Cube {
    /// The classes of a subject; `None` for all.
    pub(crate) fn classes(&self, subject: usize) -> Option<&Bits> {
        self.0.iter().find(|(known, _)| *known == subject).map(|(_, classes)| classes)
    }

    /// Where the cube is, as a function.
    ///
    /// # Errors
    /// If there are too many nodes.
    pub(crate) fn function(&self, diagram: &mut Diagram) -> Result<Function, TooComplex> {
        let mut all = TRUE;
        for (subject, classes) in self.0.iter().rev() {
            let among = diagram.among(*subject, classes)?;
            all = diagram.and(among, all)?;
        }
        Ok(all)
    }
}

/// The number of paths of a function, at most `limit`, as [`paths`] makes them; paths to leaf 0 are not counted.
pub(crate) fn count_paths(
    diagram: &Diagram,
    function: Function,
    apart: &Bits,
    limit: usize,
) -> usize {
    fn count(
        diagram: &Diagram,
        function: Function,
        apart: &Bits,
        limit: usize,
        known: &mut FxHashMap<Function, usize>,
    ) -> usize {
        if let Some(leaf) = function.as_leaf() {
            return usize::from(leaf != 0);
        }
        if let Some(count) = known.get(&function) {
            return *count;
        }
        let branches = diagram.branches(function).into_iter();
        let is_apart = diagram.subject(function).is_some_and(|subject| apart.contains(subject));
        let total = branches.fold(0_usize, |total, (classes, child)| {
            let times = if is_apart { classes.len() } else { 1 };
            let below = count(diagram, child, apart, limit, known);
            total.saturating_add(below.saturating_mul(times)).min(limit)
        });
        known.insert(function, total);
        total
    }
    count(diagram, function, apart, limit, &mut FxHashMap::default())
}

/// The paths of a function, each with its leaf; those to leaf 0 are left out. Of subjects that are `apart`, every class has a
/// row of its own.
pub(crate) fn paths(diagram: &Diagram, function: Function, apart: &Bits) -> Vec<(Cube, u8)> {
    let mut found = Vec::new();
    walk(diagram, function, apart, &mut Cube::default(), &mut found);
    found
}

fn walk(
    diagram: &Diagram,
    function: Function,
    apart: &Bits,
    cube: &mut Cube,
    found: &mut Vec<(Cube, u8)>,
) {
    if let Some(leaf) = function.as_leaf() {
        if leaf != 0 {
            found.push((cube.clone(), leaf));
        }
        return;
    }
    let Some(subject) = diagram.subject(function) else { return };
    for (classes, child) in diagram.branches(function) {
        let each: Vec<Bits> = if apart.contains(subject) {
            classes.iter().map(|class| std::iter::once(class).collect()).collect()
        } else {
            vec![classes]
        };
        for classes in each {
            cube.0.push((subject, classes));
            walk(diagram, child, apart, cube, found);
            cube.0.pop();
        }
    }
}

/// The same function with leaf 0 ("cannot be") taken for whatever makes it simpler: a node all of
/// whose other children agree is left out.
///
/// # Errors
/// If there are too many nodes.
pub(crate) fn simplified(
    diagram: &mut Diagram,
    function: Function,
) -> Result<Function, TooComplex> {
    fn simplify(
        diagram: &mut Diagram,
        function: Function,
        known: &mut FxHashMap<Function, Function>,
    ) -> Result<Function, TooComplex> {
        let Some(subject) = diagram.subject(function) else { return Ok(function) };
        if let Some(done) = known.get(&function) {
            return Ok(*done);
        }
        let mut children = Vec::with_capacity(diagram.arity(subject));
        for class in 0..diagram.arity(subject) {
            let child = diagram.child(function, subject, class);
            children.push(simplify(diagram, child, known)?);
        }
        let mut possible = children.iter().filter(|child| **child != FALSE);
        let result = match possible.next() {
            Some(first) if possible.all(|child| child == first) => *first,
            _ => diagram.node(subject, children)?,
        };
        known.insert(function, result);
        Ok(result)
    }
    simplify(diagram, function, &mut FxHashMap::default())
}

/// Rows that together cover `lower` and nothing outside `upper`.
///
/// # Errors
/// If there are too many nodes.
pub(crate) fn cover(
    diagram: &mut Diagram,
    lower: Function,
    upper: Function,
) -> Result<Vec<Cube>, TooComplex> {
    let cubes = irredundant(diagram, lower, upper)?;
    if !(2..=exact::MAX_ROWS).contains(&cubes.len()) {
        return Ok(cubes);
    }
    let widest = between(diagram, upper, upper)?;
    Ok(exact::fewer(diagram, lower, upper, &widest, cubes.len()).unwrap_or(cubes))
}

/// Rows none of which can be left out.
fn irredundant(
    diagram: &mut Diagram,
    lower: Function,
    upper: Function,
) -> Result<Vec<Cube>, TooComplex> {
    let mut cubes = between(diagram, lower, upper)?;
    without_redundant(diagram, lower, &mut cubes)?;
    Ok(cubes)
}

fn between(
    diagram: &mut Diagram,
    lower: Function,
    upper: Function,
) -> Result<Vec<Cube>, TooComplex> {
    if lower == FALSE {
        return Ok(Vec::new());
    }
    if upper == TRUE {
        return Ok(vec![Cube::default()]);
    }
    let first = [lower, upper].into_iter().filter_map(|function| diagram.subject(function)).min();
    let Some(subject) = first else { return Ok(vec![Cube::default()]) };
    let arity = diagram.arity(subject);
    let uppers: Vec<Function> =
        (0..arity).map(|class| diagram.child(upper, subject, class)).collect();
    let mut lowers: Vec<Function> =
        (0..arity).map(|class| diagram.child(lower, subject, class)).collect();
    let mut common = TRUE;
    for upper in &uppers {
        common = diagram.and(common, *upper)?;
    }
    let not_common = diagram.not(common)?;
    let mut cubes = Vec::new();
    for class in 0..arity {
        let (Some(lower), Some(upper)) = (lowers.get(class).copied(), uppers.get(class).copied())
        else {
            continue;
        };
        // What only a row that asks for this subject can cover.
        let needed = diagram.and(lower, not_common)?;
        for cube in between(diagram, needed, upper)? {
            let covered = cube.function(diagram)?;
            let mut classes = Bits::new();
            for (other, upper) in uppers.iter().enumerate() {
                let outside = diagram.not(*upper)?;
                if diagram.and(covered, outside)? == FALSE {
                    classes.insert(other);
                }
            }
            let rest = diagram.not(covered)?;
            for other in classes.iter() {
                if let Some(lower) = lowers.get_mut(other) {
                    *lower = diagram.and(*lower, rest)?;
                }
            }
            let mut row = vec![(subject, classes)];
            row.extend(cube.0);
            cubes.push(Cube(row));
        }
    }
    let rest = diagram.any(&lowers)?;
    cubes.extend(between(diagram, rest, common)?);
    Ok(cubes)
}

/// More rows than this are not checked one by one for being needed.
const CHECKED: usize = 200;

/// Drops every row that the others make up for, the last first.
fn without_redundant(
    diagram: &mut Diagram,
    lower: Function,
    cubes: &mut Vec<Cube>,
) -> Result<(), TooComplex> {
    if cubes.len() > CHECKED {
        return Ok(());
    }
    let mut functions = Vec::with_capacity(cubes.len());
    for cube in cubes.iter() {
        functions.push(cube.function(diagram)?);
    }
    for at in (0..cubes.len()).rev() {
        let others: Vec<Function> = functions
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at)
            .map(|(_, f)| *f)
            .collect();
        let union = diagram.any(&others)?;
        let missing = diagram.not(union)?;
        if diagram.and(lower, missing)? == FALSE {
            cubes.remove(at);
            functions.remove(at);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(classes: &[usize]) -> Bits {
        classes.iter().copied().collect()
    }

    fn union(diagram: &mut Diagram, cubes: &[Cube]) -> Function {
        let functions: Vec<_> = cubes.iter().map(|cube| cube.function(diagram).unwrap()).collect();
        diagram.any(&functions).unwrap()
    }

    #[test]
    fn a_cover_is_the_function() {
        let mut diagram = Diagram::new(vec![3, 3], 1_000);
        let a = diagram.among(0, &set(&[0, 2])).unwrap();
        let b = diagram.among(1, &set(&[1])).unwrap();
        let function = diagram.or(a, b).unwrap();
        let cubes = cover(&mut diagram, function, function).unwrap();
        assert_eq!(cubes.len(), 2);
        assert_eq!(union(&mut diagram, &cubes), function);
    }

    #[test]
    fn what_need_not_be_covered_makes_rows_wider() {
        let mut diagram = Diagram::new(vec![2, 2], 1_000);
        let a = diagram.among(0, &set(&[1])).unwrap();
        let b = diagram.among(1, &set(&[1])).unwrap();
        let both = diagram.and(a, b).unwrap();
        assert_eq!(cover(&mut diagram, both, a).unwrap(), [Cube(vec![(0, set(&[1]))])]);
    }

    #[test]
    fn paths_are_disjoint_and_leave_out_what_cannot_be() {
        let mut diagram = Diagram::new(vec![3], 1_000);
        let (four, eight) = (Function::leaf(4), Function::leaf(8));
        let function = diagram.node(0, vec![four, FALSE, eight]).unwrap();
        let found = paths(&diagram, function, &Bits::new());
        assert_eq!(found, [(Cube(vec![(0, set(&[0]))]), 4), (Cube(vec![(0, set(&[2]))]), 8)]);
        assert_eq!(count_paths(&diagram, function, &Bits::new(), 10), 2);
        let simple = diagram.node(0, vec![four, FALSE, four]).unwrap();
        let (first, none) = (set(&[0]), Bits::new());
        assert_eq!(
            (paths(&diagram, simple, &first).len(), paths(&diagram, simple, &none).len()),
            (2, 1)
        );
        assert_eq!(count_paths(&diagram, simple, &first, 10), 2);
        assert_eq!(count_paths(&diagram, simple, &none, 10), 1);
        assert_eq!(simplified(&mut diagram, simple).unwrap(), four);
    }
}
