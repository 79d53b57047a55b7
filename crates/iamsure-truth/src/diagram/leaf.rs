//! Leaves: which a function leads to, and functions with their leaves replaced or joined.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Diagram, Function, Node};
use crate::budget::TooComplex;

impl Diagram {
    /// The function with every leaf replaced.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn map(
        &mut self,
        function: Function,
        leaf: &impl Fn(u8) -> Function,
    ) -> Result<Function, TooComplex> {
        self.map_known(function, leaf, &mut FxHashMap::default())
    }

    fn map_known(
        &mut self,
        function: Function,
        leaf: &impl Fn(u8) -> Function,
        known: &mut FxHashMap<Function, Function>,
    ) -> Result<Function, TooComplex> {
        if let Some(number) = function.as_leaf() {
            return Ok(leaf(number));
        }
        if let Some(done) = known.get(&function) {
            return Ok(*done);
        }
        let Some(Node { subject, children }) = self.at(function).cloned() else {
            return Ok(function);
        };
        let children = children
            .iter()
            .map(|child| self.map_known(*child, leaf, known))
            .collect::<Result<_, _>>()?;
        let result = self.node(subject as usize, children)?;
        known.insert(function, result);
        Ok(result)
    }

    /// The numbers of the leaves that a function leads to, ascending.
    pub(crate) fn leaves(&self, function: Function) -> Vec<u8> {
        let mut leaves = Vec::new();
        let mut seen: FxHashSet<Function> = FxHashSet::default();
        let mut pending = vec![function];
        while let Some(function) = pending.pop() {
            if !seen.insert(function) {
                continue;
            }
            leaves.extend(function.as_leaf());
            pending.extend(self.at(function).into_iter().flat_map(|node| node.children.iter()));
        }
        leaves.sort_unstable();
        leaves
    }

    /// The function over the other subjects, whose leaves are joined over every class of `subject`.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn without(
        &mut self,
        function: Function,
        subject: usize,
        join: &impl Fn(u8, u8) -> u8,
    ) -> Result<Function, TooComplex> {
        match self.subject(function) {
            None => Ok(function),
            Some(first) if first > subject => Ok(function),
            Some(first) => {
                let children: Vec<Function> =
                    self.at(function).map(|node| node.children.to_vec()).unwrap_or_default();
                if first == subject {
                    let mut distinct = children;
                    distinct.sort_unstable();
                    distinct.dedup();
                    let Some((head, rest)) = distinct.split_first() else { return Ok(function) };
                    let mut joined = *head;
                    for other in rest {
                        joined = self.join(joined, *other, join, &mut FxHashMap::default())?;
                    }
                    return Ok(joined);
                }
                let children = children
                    .into_iter()
                    .map(|child| self.without(child, subject, join))
                    .collect::<Result<_, _>>()?;
                self.node(first, children)
            }
        }
    }

    /// Both functions at once, with their leaves joined.
    fn join(
        &mut self,
        one: Function,
        two: Function,
        leaf: &impl Fn(u8, u8) -> u8,
        known: &mut FxHashMap<(Function, Function), Function>,
    ) -> Result<Function, TooComplex> {
        if let (Some(one), Some(two)) = (one.as_leaf(), two.as_leaf()) {
            return Ok(Function::leaf(leaf(one, two)));
        }
        if let Some(done) = known.get(&(one, two)) {
            return Ok(*done);
        }
        let Some(subject) = self.first_subject(&[one, two]) else { return Ok(one) };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let (one, two) = (self.child(one, subject, class), self.child(two, subject, class));
            children.push(self.join(one, two, leaf, known)?);
        }
        let result = self.node(subject, children)?;
        known.insert((one, two), result);
        Ok(result)
    }
}
