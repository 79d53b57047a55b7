//! The subset construction: every set of positions that some text reaches.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::TextClass;
use super::layout::{Lane, Layout, State};
use super::pattern::{Span, Symbol, TextPattern};
use crate::bits::Bits;
use crate::budget::{Budget, Exceeded, TooComplex};

/// A state that was reached, and how.
struct Reached {
    state: Rc<[u32]>,
    /// The state before and the character between.
    from: Option<(usize, char)>,
    /// Whether more than one text leads here.
    several: bool,
}

/// The subset construction.
pub(super) struct Construction<'a> {
    clauses: &'a [&'a [TextPattern]],
    layout: Layout,
    has_universe: bool,
    budget: Budget,
    reached: Vec<Reached>,
    places: FxHashMap<Rc<[u32]>, usize>,
    /// Where characters lead that only what is held takes, by [`Lane`], as far as that was met.
    lanes: Vec<Vec<Option<usize>>>,
    /// The signatures met so far: too many classes are noticed before the last state is.
    signatures: FxHashSet<Bits>,
}

impl<'a> Construction<'a> {
    pub(super) fn new(
        clauses: &'a [&'a [TextPattern]],
        universe: Option<&TextPattern>,
        budget: Budget,
    ) -> Self {
        Self {
            clauses,
            layout: Layout::new(clauses, universe),
            has_universe: universe.is_some(),
            budget,
            reached: Vec::new(),
            places: FxHashMap::default(),
            lanes: Vec::new(),
            signatures: FxHashSet::default(),
        }
    }

    pub(super) fn run(mut self) -> Result<Vec<TextClass>, TooComplex> {
        let other = self.layout.other_character();
        let start: Rc<[u32]> = self.layout.start().into();
        self.places.insert(Rc::clone(&start), 0);
        self.reached.push(Reached { state: start, from: None, several: false });
        let mut next = 0;
        let (mut alphabet, mut successor) = (Vec::new(), State::new());
        while let Some(current) = self.reached.get(next) {
            let state = Rc::clone(&current.state);
            self.layout.alphabet(&state, other, &mut alphabet);
            for &(c, stands_for_more) in &alphabet {
                let lane = self.layout.lane(&state, c);
                if let Some(known) = lane.and_then(|lane| self.led_to(lane)) {
                    self.join(known);
                    continue;
                }
                self.layout.step(&state, c, &mut successor);
                if self.has_universe && !self.layout.may_be_in_universe(&successor) {
                    continue;
                }
                let place = self.arrive(next, c, &successor, stands_for_more)?;
                if let Some(lane) = lane {
                    self.note(lane, place);
                }
            }
            next += 1;
        }
        self.spread_several();
        self.classes()
    }

    fn led_to(&self, lane: Lane) -> Option<usize> {
        self.lanes.get(lane.held)?.get(lane.number).copied().flatten()
    }

    fn note(&mut self, lane: Lane, place: usize) {
        if self.lanes.len() <= lane.held {
            self.lanes.resize_with(lane.held + 1, Vec::new);
        }
        if let Some(lanes) = self.lanes.get_mut(lane.held) {
            if lanes.len() <= lane.number {
                lanes.resize(lane.number + 1, None);
            }
            if let Some(known) = lanes.get_mut(lane.number) {
                *known = Some(place);
            }
        }
    }

    /// A second way leads to a state.
    fn join(&mut self, place: usize) {
        if let Some(known) = self.reached.get_mut(place) {
            known.several = true;
        }
    }

    /// The place of a state that a character leads to.
    fn arrive(
        &mut self,
        from: usize,
        c: char,
        state: &[u32],
        stands_for_more: bool,
    ) -> Result<usize, TooComplex> {
        if let Some(&known) = self.places.get(state) {
            self.join(known);
            return Ok(known);
        }
        if self.reached.len() >= self.budget.states {
            return Err(too_complex(self.clauses, Exceeded::States, self.budget.states));
        }
        let signature = self.layout.signature(state);
        if !self.has_universe || signature.contains(self.layout.clauses) {
            self.signatures.insert(signature);
            if self.signatures.len() > self.budget.classes {
                return Err(too_complex(self.clauses, Exceeded::Classes, self.budget.classes));
            }
        }
        let several = stands_for_more || self.reached.get(from).is_some_and(|from| from.several);
        let state: Rc<[u32]> = state.into();
        self.places.insert(Rc::clone(&state), self.reached.len());
        self.reached.push(Reached { state, from: Some((from, c)), several });
        Ok(self.reached.len() - 1)
    }

    /// What several texts lead to, they lead to from there on too. A state that was joined by a second
    /// way is marked already, and the first way to each comes from a state before it.
    fn spread_several(&mut self) {
        for at in 0..self.reached.len() {
            let from = self.reached.get(at).and_then(|reached| reached.from);
            let several =
                from.and_then(|(from, _)| self.reached.get(from)).is_some_and(|r| r.several);
            if let Some(reached) = self.reached.get_mut(at) {
                reached.several |= several;
            }
        }
    }

    fn classes(self) -> Result<Vec<TextClass>, TooComplex> {
        let universe = self.layout.clauses;
        let mut classes: Vec<TextClass> = Vec::new();
        let mut places: FxHashMap<Bits, usize> = FxHashMap::default();
        for (at, reached) in self.reached.iter().enumerate() {
            let mut signature = self.layout.signature(&reached.state);
            if self.has_universe {
                if !signature.contains(universe) {
                    continue;
                }
                signature = signature.difference(&std::iter::once(universe).collect());
            }
            if let Some(class) = places.get(&signature).and_then(|place| classes.get_mut(*place)) {
                class.several = true;
                continue;
            }
            if classes.len() >= self.budget.classes {
                return Err(too_complex(self.clauses, Exceeded::Classes, self.budget.classes));
            }
            places.insert(signature.clone(), classes.len());
            let witness = self.text(at);
            classes.push(TextClass { signature, witness, several: reached.several });
        }
        Ok(classes)
    }

    fn text(&self, mut at: usize) -> String {
        let mut reversed = Vec::new();
        while let Some((from, c)) = self.reached.get(at).and_then(|reached| reached.from) {
            reversed.push(c);
            at = from;
        }
        reversed.iter().rev().collect()
    }
}

/// That there is too much, because of the patterns. Those with a run that is not at the end come first: they multiply.
pub(super) fn too_complex(
    clauses: &[&[TextPattern]],
    exceeded: Exceeded,
    limit: usize,
) -> TooComplex {
    let inner_runs = |pattern: &&TextPattern| {
        let (_, head) = pattern.0.split_last().unwrap_or((&Symbol::Run(Span::All), &[]));
        usize::MAX - head.iter().filter(|symbol| matches!(symbol, Symbol::Run(_))).count()
    };
    let mut patterns: Vec<&TextPattern> = clauses.iter().flat_map(|clause| clause.iter()).collect();
    patterns.sort_by_key(inner_runs);
    let because = patterns.iter().map(ToString::to_string).collect();
    TooComplex { exceeded, limit, subject: "a text".to_owned(), because }
}
