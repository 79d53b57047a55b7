use super::*;
use crate::render::graph::Step;

fn graph(steps: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::default();
    for (from, to) in steps {
        let (from, to) = (graph.node(from, false), graph.node(to, false));
        graph.steps.push(Step { from, to, name: "assume-role".to_owned(), is_certain: true });
    }
    graph
}

fn column(graph: &Graph, name: &str) -> usize {
    let number = graph.nodes.iter().position(|node| node.name == name).unwrap();
    columns_of(graph)[&number]
}

#[test]
fn a_node_is_as_far_right_as_the_fewest_steps_to_it() {
    let graph = graph(&[("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")]);
    for (name, expected) in [("a", 0), ("d", 0), ("b", 1), ("c", 1)] {
        assert_eq!(column(&graph, name), expected, "{name}");
    }
}

#[test]
fn circles_and_steps_to_itself_are_drawn() {
    let graph = graph(&[("a", "b"), ("b", "a"), ("c", "c")]);
    assert_eq!(columns_of(&graph).len(), 3);
    let text = picture(&graph, "steps").unwrap().into_string();
    assert_eq!(text.matches("<rect").count(), 3);
    assert_eq!(text.matches("class=\"step\"").count(), 3);
}

#[test]
fn boxes_do_not_overlap() {
    let graph = graph(&[("a", "b"), ("a", "c"), ("a", "d"), ("b", "e"), ("c", "e"), ("f", "d")]);
    let layout = Layout::of(&graph);
    let all: Vec<_> = layout.boxes.values().copied().collect();
    for (number, (x, y, width)) in all.iter().enumerate() {
        assert!(x + width <= layout.width && y + HEIGHT <= layout.height);
        for (other_x, other_y, other_width) in &all[number + 1..] {
            let beside = x + width <= *other_x || other_x + other_width <= *x;
            let below = y + HEIGHT <= *other_y || other_y + HEIGHT <= *y;
            assert!(beside || below);
        }
    }
}

#[test]
fn methods_of_one_step_are_one_line_and_the_rest_is_counted() {
    let mut graph = graph(&[("a", "b"), ("a", "b"), ("a", "b"), ("a", "b")]);
    for (step, name) in graph.steps.iter_mut().zip(["one", "two", "three", "four"]) {
        step.name = name.to_owned();
    }
    let text = picture(&graph, "steps").unwrap().into_string();
    assert_eq!(joined(&graph)[0].name, "one, two +2");
    assert!(text.contains("one, two +2"), "{text}");
    assert_eq!(text.matches("class=\"step\"").count(), 1);
}

#[test]
fn too_many_nodes_are_no_picture() {
    let names: Vec<String> = (0..=MOST_NODES).map(|number| format!("n{number}")).collect();
    let steps: Vec<(&str, &str)> =
        names.windows(2).map(|two| (two[0].as_str(), two[1].as_str())).collect();
    assert!(picture(&graph(&steps), "steps").is_none());
    assert!(picture(&Graph::default(), "steps").is_none());
}

#[test]
fn names_are_text() {
    let graph = graph(&[("<script>alert(1)</script>", "\u{202e}b")]);
    let text = picture(&graph, "steps").unwrap().into_string();
    assert!(!text.contains("<script") && !text.contains('\u{202e}'), "{text}");
}
