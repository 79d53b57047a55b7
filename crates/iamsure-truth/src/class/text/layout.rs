//! The positions of many patterns, and where a character leads from a set of them.

use rustc_hash::FxHashMap;

use super::pattern::{Span, Symbol, TextPattern};
use crate::bits::Bits;

/// The patterns of each clause as one tree of positions, which grows from the end: patterns that end
/// alike share their ends.
pub(super) struct Layout {
    slots: Vec<Slot>,
    starts: Vec<u32>,
    pub(super) clauses: usize,
}

/// One position: in front of a symbol, or at the end of a pattern.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) symbol: Option<Symbol>,
    /// The position behind the symbol.
    next: u32,
    pub(super) clause: u32,
    /// Whether everything that follows matches.
    rest_is_free: bool,
    /// The positions from which this one is reached are those numbered from `first` to `last`, in the
    /// order of a walk from the end.
    first: u32,
    last: u32,
}

/// Positions reached, ascending; then the clauses that match whatever follows, as numbers from
/// [`SETTLED`] on.
pub(super) type State = Vec<u32>;

pub(super) const SETTLED: u32 = 1 << 31;

/// A number of positions or clauses; there are fewer than [`SETTLED`] of either.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(SETTLED - 1).min(SETTLED - 1)
}

impl Layout {
    /// The universe, if there is one, is the clause after the last.
    pub(super) fn new(clauses: &[&[TextPattern]], universe: Option<&TextPattern>) -> Self {
        let mut layout = Self { slots: Vec::new(), starts: Vec::new(), clauses: clauses.len() };
        let mut known: FxHashMap<(Symbol, u32), u32> = FxHashMap::default();
        for (clause, patterns) in clauses.iter().enumerate() {
            layout.push(clause, patterns, &mut known);
        }
        if let Some(universe) = universe {
            layout.push(clauses.len(), std::slice::from_ref(universe), &mut known);
        }
        layout.number_walk();
        layout
    }

    fn push(
        &mut self,
        clause: usize,
        patterns: &[TextPattern],
        known: &mut FxHashMap<(Symbol, u32), u32>,
    ) {
        let clause = number(clause);
        let end = number(self.slots.len());
        let slot = |symbol, next, rest_is_free| Slot {
            symbol,
            next,
            clause,
            rest_is_free,
            first: 0,
            last: 0,
        };
        self.slots.push(slot(None, end, false));
        for pattern in patterns {
            let mut at = end;
            for symbol in pattern.0.iter().rev() {
                let rest_is_free = at == end && *symbol == Symbol::Run(Span::All);
                at = *known.entry((*symbol, at)).or_insert_with(|| {
                    self.slots.push(slot(Some(*symbol), at, rest_is_free));
                    number(self.slots.len() - 1)
                });
            }
            self.starts.push(at);
        }
        self.starts.sort_unstable();
        self.starts.dedup();
    }

    /// Numbers the positions in the order of a walk from each end.
    fn number_walk(&mut self) {
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); self.slots.len()];
        let mut ends = Vec::new();
        for (at, slot) in self.slots.iter().enumerate() {
            if slot.symbol.is_none() {
                ends.push(number(at));
            } else if let Some(list) = before.get_mut(slot.next as usize) {
                list.push(number(at));
            }
        }
        let mut count = 0;
        let mut pending: Vec<(u32, bool)> = ends.into_iter().map(|end| (end, false)).collect();
        while let Some((at, done)) = pending.pop() {
            let Some(slot) = self.slots.get_mut(at as usize) else { continue };
            if done {
                slot.last = count;
                continue;
            }
            count += 1;
            slot.first = count;
            pending.push((at, true));
            pending.extend(before.get(at as usize).into_iter().flatten().map(|at| (*at, false)));
        }
    }

    pub(super) fn slot(&self, position: u32) -> Option<Slot> {
        self.slots.get(position as usize).copied()
    }

    pub(super) fn start(&self) -> State {
        let mut state = State::new();
        for start in &self.starts {
            self.reach(*start, &mut state);
        }
        self.tidy(&mut state);
        state
    }

    /// Adds a position and those that follow it through empty runs.
    fn reach(&self, mut position: u32, state: &mut State) {
        while let Some(slot) = self.slot(position) {
            if slot.rest_is_free {
                state.push(SETTLED + slot.clause);
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
    pub(super) fn step(&self, state: &[u32], c: char, next: &mut State) {
        next.clear();
        for &position in state {
            if position >= SETTLED {
                next.push(position);
                continue;
            }
            let Some(Slot { symbol: Some(symbol), next: after, .. }) = self.slot(position) else {
                continue;
            };
            if symbol.takes(c) {
                let target = if matches!(symbol, Symbol::Run(_)) { position } else { after };
                self.reach(target, next);
            }
        }
        self.tidy(next);
    }

    /// Sorted, each once, and without positions that make no difference: those of settled clauses, and
    /// those that lead to a run over everything which is reached already. Whatever text would take them
    /// there and on to the end, the run takes the first part of it as well.
    fn tidy(&self, state: &mut State) {
        state.sort_unstable();
        state.dedup();
        let first_settled = state.partition_point(|position| *position < SETTLED);
        let (positions, settled) = state.split_at(first_settled);
        let runs: Vec<Slot> = positions
            .iter()
            .filter_map(|position| self.slot(*position))
            .filter(|slot| slot.symbol == Some(Symbol::Run(Span::All)))
            .collect();
        if runs.is_empty() && settled.is_empty() {
            return;
        }
        let makes_a_difference = |position: u32| {
            position >= SETTLED
                || self.slot(position).is_some_and(|slot| {
                    let leads_to = |run: &Slot| run.first < slot.first && slot.first <= run.last;
                    settled.binary_search(&(SETTLED + slot.clause)).is_err()
                        && !runs.iter().any(leads_to)
                })
        };
        let kept: Vec<bool> = state.iter().map(|position| makes_a_difference(*position)).collect();
        let mut kept = kept.into_iter();
        state.retain(|_| kept.next() == Some(true));
    }

    /// The clauses that match if the text ends here, the universe among them.
    pub(super) fn signature(&self, state: &[u32]) -> Bits {
        state
            .iter()
            .filter_map(|&position| match position.checked_sub(SETTLED) {
                Some(clause) => Some(clause),
                None => {
                    self.slot(position).filter(|slot| slot.symbol.is_none()).map(|slot| slot.clause)
                }
            })
            .map(|clause| clause as usize)
            .collect()
    }

    /// The characters that lead on from a state in different ways.
    pub(super) fn alphabet(&self, state: &[u32], other: char, alphabet: &mut Vec<char>) {
        alphabet.clear();
        for &position in state.iter().filter(|position| **position < SETTLED) {
            match self.slot(position).and_then(|slot| slot.symbol) {
                Some(Symbol::Char(c)) => alphabet.push(c),
                Some(Symbol::Letter(c)) => alphabet.extend([c, c.to_ascii_uppercase()]),
                Some(Symbol::One(Span::Field) | Symbol::Run(Span::Field)) => alphabet.push(':'),
                Some(Symbol::One(Span::Digit) | Symbol::Run(Span::Digit)) => {
                    alphabet.extend('0'..='9');
                }
                Some(Symbol::One(Span::All) | Symbol::Run(Span::All)) | None => {}
            }
        }
        alphabet.sort_unstable();
        alphabet.dedup();
        alphabet.insert(0, other);
    }

    /// A character that no pattern names, a readable one if there is any.
    pub(super) fn other_character(&self) -> char {
        let named = |c: char| {
            self.slots.iter().any(|slot| match slot.symbol {
                Some(Symbol::Char(own)) => own == c,
                Some(Symbol::Letter(own)) => own.eq_ignore_ascii_case(&c),
                _ => false,
            })
        };
        let readable = ('a'..='z').rev().chain('A'..='Z').chain("-_.~!".chars());
        // There are more characters than positions.
        readable.chain('\u{a1}'..='\u{10ffff}').find(|c| !named(*c)).unwrap_or('\u{fffd}')
    }
}
