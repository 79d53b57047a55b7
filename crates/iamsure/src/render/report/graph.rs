//! A graph as a picture on the page: columns from left to right, each step by its method.
//!
//! A page is the same bytes each time, so the places depend on the order of the steps alone.

use std::collections::{BTreeMap, VecDeque};

use maud::{Markup, html};

use super::Shown;
use crate::render::graph::Graph;

/// More nodes than this are no picture that anybody can read.
const MOST_NODES: usize = 60;
/// More methods than this of one step are counted.
const MOST_METHODS: usize = 2;
/// A longer name is cut; all of it is told where the pointer rests.
const LONGEST_NAME: usize = 34;
/// Sizes, in pixels.
const LETTER: usize = 7;
const HEIGHT: usize = 30;
const GAP: usize = 26;
const BETWEEN: usize = 190;
const MARGIN: usize = 10;

/// The picture; `None` if there are no steps, or more nodes than fit one.
pub(super) fn picture(graph: &Graph, label: &str) -> Option<Markup> {
    if graph.steps.is_empty() || graph.nodes.len() > MOST_NODES {
        return None;
    }
    let layout = Layout::of(graph);
    let (width, height) = (layout.width, layout.height);
    let steps = joined(graph);
    Some(html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            svg.graph role="img" aria-label=(label) width=(width) height=(height)
                viewBox=(format!("0 0 {width} {height}")) xmlns="http://www.w3.org/2000/svg" {
                defs {
                    marker #arrow viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
                        path.head d="M0 0 L8 4 L0 8 z" {}
                    }
                }
                @for step in &steps {
                    @let (line, at) = layout.line(step.from, step.to);
                    path.step.may[!step.is_certain] d=(line) marker-end="url(#arrow)" {}
                    text.method x=(at.0) y=(at.1) text-anchor="middle" { (Shown(&step.name)) }
                }
                @for (number, node) in graph.nodes.iter().enumerate() {
                    @if let Some((x, y, width)) = layout.boxes.get(&number).copied() {
                        g.administrator[node.is_marked] {
                            title { (Shown(&node.name)) }
                            rect x=(x) y=(y) width=(width) height=(HEIGHT) rx="4" {}
                            text x=(x + width / 2) y=(y + HEIGHT / 2 + 4) text-anchor="middle" {
                                (Shown(&cut(&node.name)))
                            }
                        }
                    }
                }
            }
        }
    })
}

/// All steps from one node to another.
struct Joined {
    from: usize,
    to: usize,
    name: String,
    is_certain: bool,
}

fn joined(graph: &Graph) -> Vec<Joined> {
    let mut all: BTreeMap<(usize, usize), (Vec<&str>, bool)> = BTreeMap::new();
    for step in &graph.steps {
        let (names, is_certain) = all.entry((step.from, step.to)).or_default();
        names.push(&step.name);
        *is_certain |= step.is_certain;
    }
    all.into_iter()
        .map(|((from, to), (mut names, is_certain))| {
            names.dedup();
            let more = names.len().saturating_sub(MOST_METHODS);
            names.truncate(MOST_METHODS);
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            Joined { from, to, name: format!("{}{more}", names.join(", ")), is_certain }
        })
        .collect()
}

/// Where everything is.
struct Layout {
    /// By node: left, top, width.
    boxes: BTreeMap<usize, (usize, usize, usize)>,
    width: usize,
    height: usize,
}

impl Layout {
    /// Each node with steps as many columns from the left as the fewest steps to it; within a column in the order of those
    /// that lead to it.
    fn of(graph: &Graph) -> Self {
        let mut columns: Vec<Vec<usize>> = Vec::new();
        for (number, column) in columns_of(graph) {
            if columns.len() <= column {
                columns.resize_with(column + 1, Vec::new);
            }
            if let Some(column) = columns.get_mut(column) {
                column.push(number);
            }
        }
        let mut boxes = BTreeMap::new();
        let (mut left, mut height) = (MARGIN, 0);
        for column in &mut columns {
            column.sort_by_key(|number| (middle(graph, *number, &boxes), *number));
            let names = column.iter().filter_map(|number| graph.nodes.get(*number));
            let longest = names.map(|node| cut(&node.name).chars().count()).max().unwrap_or(0);
            let width = longest * LETTER + 2 * MARGIN;
            for (row, number) in column.iter().enumerate() {
                let top = MARGIN + row * (HEIGHT + GAP);
                boxes.insert(*number, (left, top, width));
                height = height.max(top + HEIGHT + MARGIN);
            }
            left += width + BETWEEN;
        }
        // Room below for the steps that lead back.
        Self { boxes, width: left.saturating_sub(BETWEEN) + MARGIN, height: height + GAP }
    }

    /// The line of a step, and the place of its name.
    fn line(&self, from: usize, to: usize) -> (String, (usize, usize)) {
        let place = |number: usize| self.boxes.get(&number).copied().unwrap_or_default();
        let ((x, y, width), (to_x, to_y, to_width)) = (place(from), place(to));
        let (start, end) = (y + HEIGHT / 2, to_y + HEIGHT / 2);
        if to_x > x {
            let (x, bend) = (x + width, (to_x.saturating_sub(x + width)) / 2);
            let line =
                format!("M{x} {start} C{} {start} {} {end} {to_x} {end}", x + bend, to_x - bend);
            (line, (x + bend, usize::midpoint(start, end) - 6))
        } else {
            // Back, or within a column: below the boxes.
            let (x, to_x) = (x + width / 2, to_x + to_width / 2);
            let (start, end) = (y + HEIGHT, to_y + HEIGHT);
            let low = start.max(end) + GAP;
            let line = format!("M{x} {start} C{x} {low} {to_x} {low} {to_x} {end}");
            (line, (usize::midpoint(x, to_x), low - 6))
        }
    }
}

/// The column of each node that a step touches.
fn columns_of(graph: &Graph) -> BTreeMap<usize, usize> {
    let is_touched =
        |number: &usize| graph.steps.iter().any(|step| step.from == *number || step.to == *number);
    let touched: Vec<usize> = (0..graph.nodes.len()).filter(is_touched).collect();
    let leads_here =
        |number: usize| graph.steps.iter().any(|step| step.to == number && step.from != number);
    let mut columns: BTreeMap<usize, usize> = BTreeMap::new();
    // Those that nothing leads to come first; a circle begins anywhere.
    let (first, others): (Vec<usize>, Vec<usize>) =
        touched.into_iter().partition(|number| !leads_here(*number));
    for start in first.iter().chain(&others) {
        if columns.contains_key(start) {
            continue;
        }
        columns.insert(*start, 0);
        let mut queue = VecDeque::from([*start]);
        if first.contains(start) {
            // All of them at once, so that each node is as far as its fewest steps.
            queue = first.iter().copied().collect();
            columns.extend(first.iter().map(|number| (*number, 0)));
        }
        while let Some(at) = queue.pop_front() {
            let next = columns.get(&at).copied().unwrap_or_default() + 1;
            for step in graph.steps.iter().filter(|step| step.from == at) {
                columns.entry(step.to).or_insert_with(|| {
                    queue.push_back(step.to);
                    next
                });
            }
        }
    }
    columns
}

/// The middle of those that lead to a node and have their places.
fn middle(graph: &Graph, number: usize, boxes: &BTreeMap<usize, (usize, usize, usize)>) -> usize {
    let before = graph.steps.iter().filter(|step| step.to == number);
    let tops: Vec<usize> =
        before.filter_map(|step| boxes.get(&step.from)).map(|(_, top, _)| *top).collect();
    tops.iter().sum::<usize>().checked_div(tops.len()).unwrap_or(0)
}

fn cut(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    let short: String = name.chars().take(LONGEST_NAME - 1).collect();
    format!("{short}…")
}

#[cfg(test)]
#[path = "graph/tests.rs"]
mod tests;
