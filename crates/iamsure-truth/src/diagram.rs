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
    pub const fn leaf(number: u8) -> Self {
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
    pub fn new(arities: Vec<usize>, limit: usize) -> Self {
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

    /// How many classes a subject has.
    pub fn arity(&self, subject: usize) -> usize {
        self.arities.get(subject).copied().unwrap_or(0)
    }

    /// How many subjects there are.
    pub const fn subjects(&self) -> usize {
        self.arities.len()
    }

    /// How many nodes were made.
    pub const fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether only leaves are there.
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn at(&self, function: Function) -> Option<&Node> {
        self.nodes.get(function.0.checked_sub(LEAVES)? as usize)
    }

    /// The subject a function asks for first; `None` for leaves.
    pub fn subject(&self, function: Function) -> Option<usize> {
        self.at(function).map(|node| node.subject as usize)
    }

    /// What a function is where `subject`, which is the first it may ask for, is in `class`.
    pub fn child(&self, function: Function, subject: usize, class: usize) -> Function {
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
    pub fn node(
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
    pub fn among(&mut self, subject: usize, classes: &Bits) -> Result<Function, TooComplex> {
        let child = |class| if classes.contains(class) { TRUE } else { FALSE };
        let children = (0..self.arity(subject)).map(child).collect();
        self.node(subject, children)
    }

    /// The first subject that any of the functions asks for.
    fn first_subject(&self, functions: &[Function]) -> Option<usize> {
        functions.iter().filter_map(|function| self.subject(*function)).min()
    }

    /// Yes where both are.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn and(&mut self, one: Function, two: Function) -> Result<Function, TooComplex> {
        match (one, two) {
            (FALSE, _) | (_, FALSE) => return Ok(FALSE),
            (TRUE, other) | (other, TRUE) => return Ok(other),
            (one, two) if one == two => return Ok(one),
            _ => {}
        }
        let key = (one.min(two), one.max(two));
        if let Some(known) = self.both.get(&key) {
            return Ok(*known);
        }
        let Some(subject) = self.first_subject(&[one, two]) else { return Ok(FALSE) };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let (one, two) = (self.child(one, subject, class), self.child(two, subject, class));
            children.push(self.and(one, two)?);
        }
        let result = self.node(subject, children)?;
        self.both.insert(key, result);
        Ok(result)
    }

    /// Yes where one of the two is.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn or(&mut self, one: Function, two: Function) -> Result<Function, TooComplex> {
        match (one, two) {
            (TRUE, _) | (_, TRUE) => return Ok(TRUE),
            (FALSE, other) | (other, FALSE) => return Ok(other),
            (one, two) if one == two => return Ok(one),
            _ => {}
        }
        let key = (one.min(two), one.max(two));
        if let Some(known) = self.either.get(&key) {
            return Ok(*known);
        }
        let Some(subject) = self.first_subject(&[one, two]) else { return Ok(TRUE) };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let (one, two) = (self.child(one, subject, class), self.child(two, subject, class));
            children.push(self.or(one, two)?);
        }
        let result = self.node(subject, children)?;
        self.either.insert(key, result);
        Ok(result)
    }

    /// Yes where any of the functions is. They are joined pairwise, so that no large function is built
    /// up one small step at a time.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn any(&mut self, functions: &[Function]) -> Result<Function, TooComplex> {
        match functions {
            [] => Ok(FALSE),
            [one] => Ok(*one),
            more => {
                let (left, right) = more.split_at(more.len() / 2);
                let (left, right) = (self.any(left)?, self.any(right)?);
                self.or(left, right)
            }
        }
    }

    /// Yes where the function is not.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn not(&mut self, function: Function) -> Result<Function, TooComplex> {
        self.choose(function, FALSE, TRUE)
    }

    /// `then` where `condition` is yes, `otherwise` elsewhere.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn choose(
        &mut self,
        condition: Function,
        then: Function,
        otherwise: Function,
    ) -> Result<Function, TooComplex> {
        match condition {
            TRUE => return Ok(then),
            FALSE => return Ok(otherwise),
            _ if then == otherwise => return Ok(then),
            _ => {}
        }
        let key = (condition, then, otherwise);
        if let Some(known) = self.choices.get(&key) {
            return Ok(*known);
        }
        let Some(subject) = self.first_subject(&[condition, then, otherwise]) else {
            return Ok(otherwise);
        };
        let mut children = Vec::with_capacity(self.arity(subject));
        for class in 0..self.arity(subject) {
            let condition = self.child(condition, subject, class);
            let then = self.child(then, subject, class);
            let otherwise = self.child(otherwise, subject, class);
            children.push(self.choose(condition, then, otherwise)?);
        }
        let result = self.node(subject, children)?;
        self.choices.insert(key, result);
        Ok(result)
    }

    /// The function with every leaf replaced.
    ///
    /// # Errors
    /// As [`node`](Self::node).
    pub fn map(
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
    pub fn leaves(&self, function: Function) -> Vec<u8> {
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
    pub fn without(
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

    /// Whether two functions differ anywhere that `possible` is yes.
    pub fn differ(&self, one: Function, two: Function, possible: Function) -> bool {
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
    pub fn branches(&self, function: Function) -> Vec<(Bits, Function)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn set(classes: &[usize]) -> Bits {
        classes.iter().copied().collect()
    }

    #[test]
    fn equal_functions_are_one_node() {
        let mut diagram = Diagram::new(vec![3, 2], 1_000);
        let a = diagram.among(0, &set(&[0, 1])).unwrap();
        let b = diagram.among(1, &set(&[1])).unwrap();
        let not_a = diagram.not(a).unwrap();
        assert_eq!(not_a, diagram.among(0, &set(&[2])).unwrap());
        // De Morgan.
        let both = diagram.and(a, b).unwrap();
        let not_b = diagram.not(b).unwrap();
        let either = diagram.or(not_a, not_b).unwrap();
        assert_eq!(diagram.not(either).unwrap(), both);
        assert_eq!(diagram.value(both, &[1, 1]), TRUE);
        assert_eq!(diagram.value(both, &[2, 1]), FALSE);
        assert_eq!(diagram.among(0, &Bits::below(3)).unwrap(), TRUE);
    }

    #[test]
    fn twenty_questions_about_twenty_subjects_take_twenty_nodes() {
        let mut diagram = Diagram::new(vec![2; 20], 1_000);
        let questions: Vec<_> =
            (0..20).map(|subject| diagram.among(subject, &set(&[1])).unwrap()).collect();
        let any = diagram.any(&questions).unwrap();
        let mut nodes = Vec::new();
        let mut pending = vec![any];
        while let Some(function) = pending.pop() {
            if diagram.subject(function).is_some() && !nodes.contains(&function) {
                nodes.push(function);
                pending.extend(diagram.branches(function).into_iter().map(|(_, child)| child));
            }
        }
        assert_eq!(nodes.len(), 20);
    }

    #[test]
    fn what_a_subject_decides_is_joined_when_it_is_left_out() {
        let mut diagram = Diagram::new(vec![2, 2], 100);
        let (low, high) = (Function::leaf(4), Function::leaf(8));
        let b = diagram.among(1, &set(&[1])).unwrap();
        let inner = diagram.choose(b, high, low).unwrap();
        let function = diagram.node(0, vec![inner, high]).unwrap();
        let without = diagram.without(function, 0, &|one, two| one | two).unwrap();
        assert_eq!(diagram.value(without, &[0, 0]), Function::leaf(12));
        assert_eq!(diagram.value(without, &[0, 1]), high);
    }

    #[test]
    fn too_many_nodes_are_an_error() {
        let mut diagram = Diagram::new(vec![2; 8], 3);
        let all: Result<Vec<_>, _> =
            (0..8).map(|subject| diagram.among(subject, &set(&[1]))).collect();
        assert_eq!(all.unwrap_err().exceeded, Exceeded::Nodes);
    }

    #[test]
    fn leaves_are_those_that_a_function_leads_to() {
        let mut diagram = Diagram::new(vec![2, 3], 10);
        assert_eq!((diagram.subjects(), diagram.len(), diagram.is_empty()), (2, 0, true));
        let low = diagram.node(1, vec![Function::leaf(4), FALSE, Function::leaf(4)]).unwrap();
        let top = diagram.node(0, vec![low, Function::leaf(8)]).unwrap();
        assert_eq!(diagram.leaves(low), [0, 4]);
        assert_eq!(diagram.leaves(top), [0, 4, 8]);
        assert_eq!(diagram.leaves(Function::leaf(8)), [8]);
        assert_eq!((diagram.len(), diagram.is_empty()), (2, false));
    }

    #[test]
    fn a_node_with_many_children_counts_for_several() {
        let of = |arity: usize, limit| {
            let mut diagram = Diagram::new(vec![arity], limit);
            let nodes = (0..arity)
                .take_while(|class| diagram.among(0, &std::iter::once(*class).collect()).is_ok());
            nodes.count()
        };
        assert_eq!([of(3, 0), of(3, 1), of(3, 2), of(3, 9)], [0, 1, 2, 3]);
        // One, and two for 40 children.
        assert_eq!([of(40, 2), of(40, 3), of(40, 5), of(40, 6)], [0, 1, 1, 2]);
    }

    #[test]
    fn functions_differ_only_where_something_is_possible() {
        let mut diagram = Diagram::new(vec![3, 2], 100);
        let one = diagram.among(0, &set(&[1])).unwrap();
        let both = diagram.among(0, &set(&[1, 2])).unwrap();
        let below = diagram.among(1, &set(&[1])).unwrap();
        let either = diagram.or(one, below).unwrap();
        let low = diagram.among(0, &set(&[0, 1])).unwrap();
        assert!(diagram.differ(one, both, TRUE));
        assert!(!diagram.differ(one, both, low));
        assert!(!diagram.differ(one, both, FALSE));
        assert!(!diagram.differ(one, one, TRUE));
        assert!(diagram.differ(one, either, low));
        let without_below = diagram.not(below).unwrap();
        assert!(!diagram.differ(one, either, without_below));
    }

    #[test]
    fn a_subject_is_left_out_wherever_it_is_asked_for() {
        let mut diagram = Diagram::new(vec![2, 2, 2], 100);
        let (four, eight) = (Function::leaf(4), Function::leaf(8));
        let last = diagram.node(2, vec![four, eight]).unwrap();
        let low = diagram.node(1, vec![four, last]).unwrap();
        let top = diagram.node(0, vec![eight, low]).unwrap();
        let joined = diagram.node(2, vec![four, Function::leaf(12)]).unwrap();
        let expected = diagram.node(0, vec![eight, joined]).unwrap();
        assert_eq!(diagram.without(top, 1, &|one, two| one | two).unwrap(), expected);
    }
}
