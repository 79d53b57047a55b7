//! Steps between things, whichever way they are drawn.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::words::on_one_line;

/// Things, and the steps from one to another.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The things.
    pub(crate) nodes: Vec<Node>,
    /// The steps, in the order they were found.
    pub(crate) steps: Vec<Step>,
    /// The number of a node by its name.
    numbers: HashMap<String, usize>,
}

/// A thing.
#[derive(Debug)]
pub(crate) struct Node {
    /// What it is called, on one line.
    pub(crate) name: String,
    /// Whether it stands out.
    pub(crate) is_marked: bool,
}

/// A step.
#[derive(Debug)]
pub(crate) struct Step {
    /// The number of the node it is from.
    pub(crate) from: usize,
    /// The number of the node it leads to.
    pub(crate) to: usize,
    /// How.
    pub(crate) name: String,
    /// Whether it is known that it can be taken.
    pub(crate) is_certain: bool,
}

impl Graph {
    /// The number of the node of this name, which is added if there is none.
    pub(crate) fn node(&mut self, name: &str, is_marked: bool) -> usize {
        let name = on_one_line(name);
        let next = self.nodes.len();
        let number = *self.numbers.entry(name.clone()).or_insert(next);
        if number == next {
            self.nodes.push(Node { name, is_marked });
        }
        number
    }

    /// As Graphviz reads it.
    pub(crate) fn dot(&self) -> String {
        let quoted =
            |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let name = |number: usize| self.nodes.get(number).map_or("", |node| node.name.as_str());
        let mut out = String::from("digraph paths {\n  rankdir=LR;\n  node [shape=box];\n");
        for node in self.nodes.iter().filter(|node| node.is_marked) {
            let _ = writeln!(out, "  {} [peripheries=2];", quoted(&node.name));
        }
        for step in &self.steps {
            let style = if step.is_certain { "" } else { ", style=dashed" };
            let _ = writeln!(
                out,
                "  {} -> {} [label={}{style}];",
                quoted(name(step.from)),
                quoted(name(step.to)),
                quoted(&step.name)
            );
        }
        out.push_str("}\n");
        out
    }
}
