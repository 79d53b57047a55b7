//! What principals can become.

use std::collections::BTreeSet;

use iamsure_account::{Edge, Paths, Target};
use iamsure_review::answer_form::{VERSION, request};
use serde_json::{Value, json};

use super::{Account, can_or_may, count};
use crate::render::comparison::without_caller;
use crate::render::graph::{Graph, Step};
use crate::render::listing::Listing;
use crate::render::words;

/// What was found, and what of it is shown.
pub(crate) struct Report<'a> {
    pub(crate) account: &'a Account,
    pub(crate) found: &'a Paths,
    /// Only the ways of this principal, by number.
    pub(crate) from: Option<usize>,
    /// Only the ways to this principal, by number.
    pub(crate) to: Option<usize>,
}

/// By which methods a step is taken.
fn by(edge: &Edge) -> String {
    let then = edge.then.map(|then| format!(", {}", then.name)).unwrap_or_default();
    format!("{}{then}", edge.method.name)
}

impl Report<'_> {
    fn name(&self, number: usize) -> String {
        let principal = self.account.principals.principals.get(number);
        principal.map(|principal| self.account.name(principal).to_owned()).unwrap_or_default()
    }

    fn target(&self, target: &Target) -> String {
        match target {
            Target::Principal(number) => self.name(*number),
            Target::MorePermissions => "more permissions for itself".to_owned(),
            Target::Group(arn) => format!("the policies of {arn}"),
            Target::Unbounded => "its own policies without its permissions boundary".to_owned(),
            Target::With(number, more) => {
                let more = match &**more {
                    Target::Unbounded => "without its permissions boundary".to_owned(),
                    Target::Group(arn) => format!("with the policies of {arn}"),
                    _ => "with more permissions".to_owned(),
                };
                format!("{} {more}", self.name(*number))
            }
        }
    }

    /// The ways that are shown, each with who takes it.
    fn ways(&self) -> Vec<(usize, Vec<usize>)> {
        let mut ways = Vec::new();
        for number in 0..self.account.principals.principals.len() {
            if self.from.is_some_and(|from| from != number) {
                continue;
            }
            match (self.from, self.to) {
                (None, None) => {
                    ways.extend(self.found.to_everything(number).map(|way| (number, way)));
                }
                (_, Some(to)) => {
                    let way = self.found.from(number).remove(&Target::Principal(to));
                    ways.extend(way.map(|way| (number, way)));
                }
                (Some(_), None) => {
                    let all = self.found.from(number).into_values();
                    ways.extend(all.map(|way| (number, way)));
                }
            }
        }
        ways
    }

    fn edges<'b>(&'b self, way: &'b [usize]) -> impl Iterator<Item = &'b Edge> {
        way.iter().filter_map(|number| self.found.edge(*number))
    }

    /// The symbols on which it depends whether a way to administrator access is one.
    fn end(&self, way: &[usize]) -> BTreeSet<String> {
        if self.from.is_none() && self.to.is_none() {
            self.found.symbols_at_end(way)
        } else {
            BTreeSet::new()
        }
    }

    /// What the ways come to.
    pub(crate) fn headline_of_all(&self) -> String {
        self.headline(&self.ways())
    }

    /// How many ways there are to everything.
    pub(crate) fn number_to_everything(&self) -> usize {
        self.ways().len()
    }

    /// How many may attach any policy to any user.
    pub(crate) fn administrators(&self) -> usize {
        self.found.administrators.iter().filter(|is| **is).count()
    }

    /// Whether a way is one whatever is not known.
    fn is_certain(&self, way: &[usize]) -> bool {
        self.found.is_certain(way) && self.end(way).is_empty()
    }

    fn headline(&self, ways: &[(usize, Vec<usize>)]) -> String {
        let certain = ways.iter().filter(|(_, way)| self.is_certain(way)).count();
        let possible = ways.len() - certain;
        let principals = ["principal", "principals"];
        let open = self.found.undecided.len() + self.account.principals.unasked.len();
        let open = match (self.from, open) {
            (Some(_), _) | (None, 0) => String::new(),
            (None, open) => format!("; {} not decided", count(open, "principal", "principals")),
        };
        let said = match (self.from, self.to) {
            (Some(from), Some(to)) => {
                let gets = match (certain, possible) {
                    (0, 0) => "cannot become",
                    (0, _) => "may become",
                    _ => "can become",
                };
                format!("{} {gets} {}", self.name(from), self.name(to))
            }
            (Some(from), None) => {
                let (from, places) = (self.name(from), |number| count(number, "place", "places"));
                match (certain, possible) {
                    (_, 0) => format!("{from} can reach {}", places(certain)),
                    (0, _) => format!("{from} may reach {}", places(possible)),
                    _ => format!(
                        "{from} can reach {}, and may reach {possible} more",
                        places(certain)
                    ),
                }
            }
            (None, Some(to)) => {
                can_or_may(certain, possible, principals, &format!("become {}", self.name(to)))
            }
            (None, None) => format!(
                "{}; {} can already attach any policy to any user",
                can_or_may(certain, possible, principals, "reach administrator access"),
                count(self.administrators(), "administrator", "administrators"),
            ),
        };
        said + &open
    }

    /// For people.
    pub(crate) fn listing(&self) -> Listing {
        let mut listing = self.body();
        self.account.footer(&mut listing);
        listing
    }

    /// What [`listing`](Self::listing) says of the ways themselves.
    pub(crate) fn body(&self) -> Listing {
        let ways = self.ways();
        let mut listing = Listing::default();
        listing.line(self.headline(&ways));
        let mut rows = Vec::new();
        for (number, way) in &ways {
            let mut name = self.name(*number);
            for edge in self.edges(way) {
                let may = if edge.is_certain { "" } else { " (may)" };
                let mut requests: Vec<String> = edge.requests.iter().map(without_caller).collect();
                if !edge.symbols.is_empty() {
                    requests.push(format!("depends on {}", words::symbols(&edge.symbols)));
                }
                rows.push(vec![
                    std::mem::take(&mut name),
                    format!("{}{may}", by(edge)),
                    self.target(&edge.to),
                    requests.join("; "),
                ]);
            }
        }
        let open = self.edges_shown(&ways).any(|edge| !edge.is_certain);
        listing.table(&["From", "By", "To", "Calls"], rows);
        if open {
            listing.line("- (may): depends on facts that are not in the file, such as whether a function runs as the role.");
        }
        if self.edges_shown(&ways).any(|edge| !edge.symbols.is_empty()) {
            listing.line("- A step that depends on values known only after deployment exists for only some of those values.");
        }
        for (number, symbols) in &self.found.perhaps_administrators {
            listing.line(format!(
                "- {} may be an administrator: it depends on {}.",
                self.name(*number),
                words::known_later(symbols)
            ));
        }
        for (number, why) in self.found.undecided.iter().take(MOST_UNDECIDED) {
            listing.line(format!("- {} was not checked: {why}.", self.name(*number)));
        }
        let more = self.found.undecided.len().saturating_sub(MOST_UNDECIDED);
        if more > 0 {
            listing.line(format!("- {more} others were not checked; --format json lists them."));
        }
        listing
    }

    fn edges_shown<'b>(
        &'b self,
        ways: &'b [(usize, Vec<usize>)],
    ) -> impl Iterator<Item = &'b Edge> {
        ways.iter().flat_map(|(_, way)| self.edges(way))
    }

    /// Every step; the administrators stand out, and take none, since they get to everything.
    pub(crate) fn graph(&self) -> Graph {
        self.graph_of(self.found.edges.iter())
    }

    /// The steps of the ways that are shown.
    pub(crate) fn graph_of_ways(&self) -> Graph {
        let mut edges: Vec<usize> = self.ways().into_iter().flat_map(|(_, way)| way).collect();
        edges.sort_unstable();
        edges.dedup();
        self.graph_of(edges.iter().filter_map(|number| self.found.edge(*number)))
    }

    fn graph_of<'b>(&self, edges: impl Iterator<Item = &'b Edge>) -> Graph {
        let mut graph = Graph::default();
        for (number, _) in self.found.administrators.iter().enumerate().filter(|(_, is)| **is) {
            graph.node(&self.name(number), true);
        }
        for edge in edges.filter(|edge| !self.found.is_administrator(edge.from)) {
            let to = match &edge.to {
                Target::MorePermissions => {
                    format!("{}: more permissions", self.name(edge.from))
                }
                Target::Unbounded => format!("{}: without boundary", self.name(edge.from)),
                other => self.target(other),
            };
            let (from, to) = (graph.node(&self.name(edge.from), false), graph.node(&to, false));
            let name = by(edge);
            graph.steps.push(Step { from, to, name, is_certain: edge.is_certain });
        }
        graph
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        let arn = |number: usize| {
            self.account.principals.principals.get(number).map(|principal| principal.arn.as_str())
        };
        let more = |target: &Target| match target {
            Target::Group(group) => json!({ "group": group }),
            Target::Unbounded => json!({ "withoutBoundary": true }),
            _ => json!({ "morePermissions": true }),
        };
        let target = |target: &Target| match target {
            Target::Principal(number) => json!({ "principal": arn(*number) }),
            Target::With(number, given) => {
                json!({ "principal": arn(*number), "with": more(given) })
            }
            own => more(own),
        };
        let step = |edge: &Edge| {
            json!({
                "from": arn(edge.from),
                "to": target(&edge.to),
                "method": edge.method.name,
                "then": edge.then.map(|then| then.name),
                "certain": edge.is_certain,
                "symbols": edge.symbols,
                "requests": edge.requests.iter().map(request).collect::<Vec<_>>(),
            })
        };
        let ways = self.ways();
        let way = |(number, way): &(usize, Vec<usize>)| {
            json!({
                "from": arn(*number),
                "to": self.edges(way).last().map(|edge| target(&edge.to)),
                "certain": self.is_certain(way),
                "steps": self.edges(way).map(step).collect::<Vec<_>>(),
            })
        };
        let administrators = self.found.administrators.iter().enumerate();
        json!({
            "version": VERSION,
            "question": "paths",
            "administrators": administrators
                .filter(|(_, is)| **is)
                .filter_map(|(number, _)| arn(number))
                .collect::<Vec<_>>(),
            "perhapsAdministrators": self.found.perhaps_administrators.iter().map(|(number, symbols)| json!({
                "arn": arn(*number), "symbols": symbols,
            })).collect::<Vec<Value>>(),
            "paths": ways.iter().map(way).collect::<Vec<Value>>(),
            "edges": self.found.edges.iter().map(step).collect::<Vec<Value>>(),
            "undecided": self.found.undecided.iter().map(|(number, why)| json!({
                "arn": arn(*number), "undecided": why,
            })).collect::<Vec<Value>>(),
            "notes": self.account.remarks,
            "referenceData": iamsure_reference::captured(),
        })
    }
}

/// How many principals that were not looked at are named.
const MOST_UNDECIDED: usize = 5;
