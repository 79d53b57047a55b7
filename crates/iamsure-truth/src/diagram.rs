//! Multi-valued decision diagrams: functions of a few subjects, each of which is in one of finitely
//! many classes.
//!
//! A node asks for the class of one subject and has a child for every class. Subjects come in one
//! fixed order; a node whose children are all the same is left out, and there is only one node for
//! the same subject and children. So there is one diagram for each function: two functions are
//! equal if and only if their diagrams are the same node.
//!
//! Leaves are small numbers. [`FALSE`] and [`TRUE`] are two of them; what the others mean is up to the
//! caller. A leaf never says *which statements match*: with twenty statements on twenty keys that would
//! take a million nodes where the decision takes twenty.

mod leaf;
mod logic;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bits::Bits;
use crate::budget::{Exceeded, TooComplex};

/// A function: the root of its diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Function(u32);

/// How many leaves there are.
const LEAVES: u32 = 64;

/// The leaf "no".
pub const FALSE: Function = Function(0);
/// The leaf "yes".
pub const TRUE: Function = Function(1);

impl Function {
    /// The leaf with this number, counted modulo 64.
    pub(crate) const fn leaf(number: u8) -> Self {
        Self(number as u32 % LEAVES)
    }

    /// The number of the leaf, if it is one.
    pub const fn as_leaf(self) -> Option<u8> {
        if self.0 < LEAVES { Some(self.0.to_le_bytes()[0]) } else { None }
    }
}

/// A node: a subject and a child for each of its classes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Node {
    subject: u32,
    children: Box<[Function]>,
}

/// The nodes of functions over the same subjects.
#[derive(Clone, Debug)]
pub struct Diagram {
    /// How many classes each subject has.
    arities: Vec<usize>,
    nodes: Vec<Node>,
    unique: FxHashMap<Node, Function>,
    both: FxHashMap<(Function, Function), Function>,
    either: FxHashMap<(Function, Function), Function>,
    choices: FxHashMap<(Function, Function, Function), Function>,
    /// What the nodes count for ([`CHILDREN`]).
    used: usize,
    limit: usize,
}

/// So many children count as a node of their own: a node is as large as its subject has classes.
const CHILDREN: usize = 16;

impl Diagram {
    /// For subjects with these numbers of classes, in order.
    pub(crate) fn new(arities: Vec<usize>, limit: usize) -> Self {
        Self {
            arities,
            nodes: Vec::new(),
            unique: FxHashMap::default(),
            both: FxHashMap::default(),
            either: FxHashMap::default(),
            choices: FxHashMap::default(),
            used: 0,
            limit,
        }
    }

    /// How many subjects there are.
    pub(crate) const fn subjects(&self) -> usize {
        self.arities.len()
    }

    /// How many classes a subject has.
    pub(crate) fn arity(&self, subject: usize) -> usize {
        self.arities.get(subject).copied().unwrap_or(0)
    }

    /// How many nodes were made.
    pub(crate) const fn len(&self) -> usize {
        self.nodes.len()
    }

    fn at(&self, function: Function) -> Option<&Node> {
        self.nodes.get(function.0.checked_sub(LEAVES)? as usize)
    }

    /// The subject a function asks for first; `None` for leaves.
    pub(crate) fn subject(&self, function: Function) -> Option<usize> {
        self.at(function).map(|node| node.subject as usize)
    }

    /// What a function is where `subject`, which is the first it may ask for, is in `class`.
    pub(crate) fn child(&self, function: Function, subject: usize, class: usize) -> Function {
        match self.at(function) {
            Some(node) if node.subject as usize == subject => {
                node.children.get(class).copied().unwrap_or(function)
            }
            _ => function,
        }
    }

    /// The value of a function for one class of each subject.
    pub fn value(&self, mut function: Function, classes: &[usize]) -> Function {
        while let Some(node) = self.at(function) {
            let class = classes.get(node.subject as usize).copied().unwrap_or(0);
            match node.children.get(class) {
                Some(child) => function = *child,
                None => return function,
            }
        }
        function
    }

    /// The function that asks for `subject` first.
    ///
    /// # Errors
    /// If there are too many nodes.
    pub(crate) fn node(
        &mut self,
        subject: usize,
        children: Vec<Function>,
    ) -> Result<Function, TooComplex> {
        if let Some(first) = children.first()
            && children.iter().all(|child| child == first)
        {
            return Ok(*first);
        }
        let subject = u32::try_from(subject).unwrap_or(u32::MAX);
        let node = Node { subject, children: children.into_boxed_slice() };
        if let Some(known) = self.unique.get(&node) {
            return Ok(*known);
        }
        let used = self.used + 1 + node.children.len() / CHILDREN;
        if used > self.limit {
            return Err(TooComplex {
                exceeded: Exceeded::Nodes,
                limit: self.limit,
                subject: "the decision".to_owned(),
                because: Arc::default(),
            });
        }
        let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX).saturating_add(LEAVES);
        self.used = used;
        self.nodes.push(node.clone());
        self.unique.insert(node, Function(id));
        Ok(Function(id))
    }

    /// Yes where `subject` is in one of `classes`.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub(crate) fn among(&mut self, subject: usize, classes: &Bits) -> Result<Function, TooComplex> {
        let child = |class| if classes.contains(class) { TRUE } else { FALSE };
        let children = (0..self.arity(subject)).map(child).collect();
        self.node(subject, children)
    }

    /// The first subject that any of the functions asks for.
    fn first_subject(&self, functions: &[Function]) -> Option<usize> {
        functions.iter().filter_map(|function| self.subject(*function)).min()
    }

    /// Whether two functions differ anywhere that `possible` is yes.
    pub(crate) fn differ(&self, one: Function, two: Function, possible: Function) -> bool {
        fn walk(
            diagram: &Diagram,
            at: (Function, Function, Function),
            same: &mut FxHashSet<(Function, Function, Function)>,
        ) -> bool {
            let (one, two, possible) = at;
            if one == two || possible == FALSE || same.contains(&at) {
                return false;
            }
            let Some(subject) = diagram.first_subject(&[one, two, possible]) else { return true };
            for class in 0..diagram.arity(subject) {
                let next = (
                    diagram.child(one, subject, class),
                    diagram.child(two, subject, class),
                    diagram.child(possible, subject, class),
                );
                if walk(diagram, next, same) {
                    return true;
                }
            }
            same.insert(at);
            false
        }
        walk(self, (one, two, possible), &mut FxHashSet::default())
    }

    /// The children of a function's first question, each once, with the classes that lead to it, in
    /// the order of their first class.
    pub(crate) fn branches(&self, function: Function) -> Vec<(Bits, Function)> {
        let mut branches: Vec<(Bits, Function)> = Vec::new();
        let mut places: FxHashMap<Function, usize> = FxHashMap::default();
        for (class, child) in
            self.at(function).into_iter().flat_map(|node| node.children.iter().enumerate())
        {
            let place = *places.entry(*child).or_insert_with(|| {
                branches.push((Bits::new(), *child));
                branches.len() - 1
            });
            if let Some((classes, _)) = branches.get_mut(place) {
                classes.insert(class);
            }
        }
        branches
    }
}
