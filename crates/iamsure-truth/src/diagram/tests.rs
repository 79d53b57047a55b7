//! The laws of diagrams, on small ones.

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
    let all: Result<Vec<_>, _> = (0..8).map(|subject| diagram.among(subject, &set(&[1]))).collect();
    assert_eq!(all.unwrap_err().exceeded, Exceeded::Nodes);
}

#[test]
fn leaves_are_those_that_a_function_leads_to() {
    let mut diagram = Diagram::new(vec![2, 3], 10);
    assert_eq!(diagram.len(), 0);
    let low = diagram.node(1, vec![Function::leaf(4), FALSE, Function::leaf(4)]).unwrap();
    let top = diagram.node(0, vec![low, Function::leaf(8)]).unwrap();
    assert_eq!(diagram.leaves(low), [0, 4]);
    assert_eq!(diagram.leaves(top), [0, 4, 8]);
    assert_eq!(diagram.leaves(Function::leaf(8)), [8]);
    assert_eq!(diagram.len(), 2);
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
