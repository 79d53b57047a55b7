//! Where a character leads from a set of positions.

use super::held::{Held, HeldSets, NOTHING};
use super::pattern::{Span, Symbol, TextPattern, tells_case};
use super::position::{Positions, SETTLED, Slot, number};
use crate::bits::Bits;

/// The positions of some patterns, and what was found to be held in front of them.
pub(super) struct Layout {
    positions: Positions,
    pub(super) clauses: usize,
    /// Whether the case of some letters does not matter.
    folds: bool,
    held: HeldSets,
    /// What the step at hand reaches for good: positions of runs, and clauses as numbers from [`SETTLED`] on.
    gained: Vec<u32>,
}

/// Which positions some text reaches: the number of what is [held](Held), then the positions that the
/// next character may leave, ascending.
pub(super) type State = Vec<u32>;

/// A set of what is held, and which of the characters it tells apart: where it leads if nothing else takes
/// the character.
#[derive(Clone, Copy)]
pub(super) struct Lane {
    pub(super) held: usize,
    pub(super) number: usize,
}

/// The number of what is held, and the positions that are not.
fn parts(state: &[u32]) -> (u32, &[u32]) {
    state.split_first().map_or((NOTHING, &[]), |(held, passing)| (*held, passing))
}

impl Layout {
    /// The universe, if there is one, is the clause after the last.
    pub(super) fn new(clauses: &[&[TextPattern]], universe: Option<&TextPattern>) -> Self {
        let positions = Positions::new(clauses, universe);
        let folds =
            positions.slots.iter().any(|slot| matches!(slot.symbol, Some(Symbol::Letter(_))));
        Self {
            positions,
            clauses: clauses.len(),
            folds,
            held: HeldSets::default(),
            gained: Vec::new(),
        }
    }

    pub(super) fn slot(&self, position: u32) -> Option<Slot> {
        self.positions.slots.get(position as usize).copied()
    }

    /// What is held in a state.
    fn held(&self, state: &[u32]) -> &Held {
        self.held.get(parts(state).0)
    }

    pub(super) fn start(&mut self) -> State {
        let mut state = vec![NOTHING];
        self.gained.clear();
        for at in 0.. {
            let Some(start) = self.positions.starts.get(at) else { break };
            self.reach(*start, NOTHING, &mut state);
        }
        self.tidy(NOTHING, &mut state);
        state
    }

    /// Adds a position and those that follow it through empty runs.
    fn reach(&mut self, mut position: u32, held: u32, state: &mut State) {
        while let Some(slot) = self.slot(position) {
            if slot.rest_is_free {
                self.gained.push(SETTLED + slot.clause);
                return;
            }
            if slot.is_held() {
                // What follows it is held with it.
                if !self.held.get(held).holds_run(position) {
                    self.gained.push(position);
                }
                return;
            }
            state.push(position);
            if !matches!(slot.symbol, Some(Symbol::Run(_))) {
                return;
            }
            position = slot.next;
        }
    }

    /// Where a character leads, into `next`.
    pub(super) fn step(&mut self, state: &[u32], c: char, next: &mut State) {
        let (held, passing) = parts(state);
        next.clear();
        next.push(held);
        self.gained.clear();
        for &position in passing {
            self.step_from(position, c, held, next);
        }
        for at in 0.. {
            let Some(target) = self.held.get(held).target(c, at) else { break };
            self.reach(target, held, next);
        }
        for at in 0.. {
            let Some(position) = self.held.get(held).wild.get(at) else { break };
            self.step_from(*position, c, held, next);
        }
        self.tidy(held, next);
    }

    /// The lane of a character in a state; `None` if a position that is not held takes it.
    pub(super) fn lane(&self, state: &[u32], c: char) -> Option<Lane> {
        let (held, passing) = parts(state);
        let takes = |position: &u32| {
            self.slot(*position).and_then(|slot| slot.symbol).is_some_and(|symbol| symbol.takes(c))
        };
        // All characters that are not named are alike.
        let lane = || self.held.get(held).named.binary_search(&c).map_or(0, |at| at + 1);
        (!passing.iter().any(takes)).then(|| Lane { held: held as usize, number: lane() })
    }

    fn step_from(&mut self, position: u32, c: char, held: u32, next: &mut State) {
        let Some(Slot { symbol: Some(symbol), next: after, .. }) = self.slot(position) else {
            return;
        };
        if symbol.takes(c) {
            let target = if matches!(symbol, Symbol::Run(_)) { position } else { after };
            self.reach(target, held, next);
        }
    }

    /// Sorted, each once, with what was gained held, and without positions that make no difference: those
    /// of settled clauses, and those that lead to a run over everything which is reached already. Whatever
    /// text would take them there and on to the end, the run takes the first part of it as well.
    fn tidy(&mut self, held: u32, state: &mut State) {
        let held = if self.gained.is_empty() {
            held
        } else {
            self.held.with(held, &self.gained, &self.positions.slots)
        };
        if let Some(first) = state.first_mut() {
            *first = held;
        }
        let set = self.held.get(held);
        let slots = &self.positions.slots;
        let mut at = 0;
        state.retain(|position| {
            at += 1;
            at == 1
                || slots.get(*position as usize).is_some_and(|slot| !set.covers(*position, slot))
        });
        if let Some(passing) = state.get_mut(1..) {
            passing.sort_unstable();
        }
        // The number of what is held may be that of a position.
        let mut at = 0;
        state.dedup_by(|later, kept| {
            at += 1;
            at > 1 && later == kept
        });
    }

    /// Whether a text that goes on from here may match the universe.
    pub(super) fn may_be_in_universe(&self, state: &[u32]) -> bool {
        let universe = number(self.clauses);
        self.held(state).asks(universe)
            || parts(state)
                .1
                .iter()
                .any(|position| self.slot(*position).is_some_and(|slot| slot.clause == universe))
    }

    /// The clauses that match if the text ends here, the universe among them.
    pub(super) fn signature(&self, state: &[u32]) -> Bits {
        let mut signature = self.held(state).signature.clone();
        for position in parts(state).1 {
            if let Some(slot) = self.slot(*position).filter(|slot| slot.symbol.is_none()) {
                signature.insert(slot.clause as usize);
            }
        }
        signature
    }

    /// The characters that lead on from a state in different ways, each with whether it stands for
    /// others that lead where it does.
    pub(super) fn alphabet(&self, state: &[u32], other: char, alphabet: &mut Vec<(char, bool)>) {
        alphabet.clear();
        let symbols = |position: &u32| self.slot(*position).and_then(|slot| slot.symbol);
        let passing = || parts(state).1.iter().filter_map(symbols);
        passing().for_each(|symbol| named_by(symbol, |c| alphabet.push((c, false))));
        alphabet.extend(self.held(state).named.iter().map(|c| (*c, false)));
        alphabet.sort_unstable();
        alphabet.dedup();
        if self.folds {
            // A letter that nobody asks the case of leads where its capital leads.
            let held = self.held(state);
            let cased =
                |c: char| held.asks_case_of(c) || passing().any(|symbol| tells_case(symbol, c));
            alphabet.retain_mut(|(c, stands_for_more)| {
                let folds = c.is_ascii_alphabetic() && !cased(*c);
                *stands_for_more = folds;
                !(folds && c.is_ascii_lowercase())
            });
        }
        alphabet.insert(0, (other, true));
    }

    /// A character that no pattern names, a readable one if there is any.
    pub(super) fn other_character(&self) -> char {
        let named = |c: char| {
            self.positions.slots.iter().any(|slot| match slot.symbol {
                Some(Symbol::Char(own)) => own == c,
                Some(Symbol::Letter(own)) => own.eq_ignore_ascii_case(&c),
                Some(
                    Symbol::One(Span::OneOf(own) | Span::NoneOf(own))
                    | Symbol::Run(Span::OneOf(own) | Span::NoneOf(own)),
                ) => own.contains(c),
                _ => false,
            })
        };
        let readable = ('a'..='z').rev().chain('A'..='Z').chain("-_.~!".chars());
        // There are more characters than positions.
        readable.chain('\u{a1}'..='\u{10ffff}').find(|c| !named(*c)).unwrap_or('\u{fffd}')
    }
}

/// The characters that a symbol tells from others.
pub(super) fn named_by(symbol: Symbol, mut name: impl FnMut(char)) {
    match symbol {
        Symbol::Char(c) => name(c),
        Symbol::Letter(c) => [c, c.to_ascii_uppercase()].into_iter().for_each(name),
        Symbol::One(Span::Field) | Symbol::Run(Span::Field) => name(':'),
        Symbol::One(Span::Digit) | Symbol::Run(Span::Digit) => ('0'..='9').for_each(name),
        Symbol::One(Span::OneOf(own) | Span::NoneOf(own))
        | Symbol::Run(Span::OneOf(own) | Span::NoneOf(own)) => own.chars().for_each(name),
        Symbol::One(Span::All) | Symbol::Run(Span::All) => {}
    }
}
