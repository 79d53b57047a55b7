//! The positions of many patterns.

use rustc_hash::FxHashMap;

use super::pattern::{Span, Symbol, TextPattern};

/// One position: in front of a symbol, or at the end of a pattern.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    pub(super) symbol: Option<Symbol>,
    /// The position behind the symbol.
    pub(super) next: u32,
    pub(super) clause: u32,
    /// Whether everything that follows matches.
    pub(super) rest_is_free: bool,
    /// The positions from which this one is reached are those numbered from `first` to `last`, in the
    /// order of a walk from the end; those but this one itself are behind `first`.
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Slot {
    /// Whether it stands before a run over everything, which nothing leads away from.
    pub(super) fn is_held(&self) -> bool {
        self.symbol == Some(Symbol::Run(Span::All))
    }
}

/// From here on numbers stand for clauses that match whatever follows.
pub(super) const SETTLED: u32 = 1 << 31;

/// A number of positions or clauses; there are fewer than [`SETTLED`] of either.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(SETTLED - 1).min(SETTLED - 1)
}

/// The positions of the patterns of each clause: one tree, which grows from the end. Patterns that end alike
/// share their ends.
pub(super) struct Positions {
    pub(super) slots: Vec<Slot>,
    /// Where the patterns begin, ascending.
    pub(super) starts: Vec<u32>,
}

impl Positions {
    /// The universe, if there is one, is the clause after the last.
    pub(super) fn new(clauses: &[&[TextPattern]], universe: Option<&TextPattern>) -> Self {
        let patterns = clauses.iter().flat_map(|clause| clause.iter()).chain(universe);
        let count: usize = patterns.map(|pattern| pattern.0.len()).sum();
        let mut positions =
            Self { slots: Vec::with_capacity(count + clauses.len() + 1), starts: Vec::new() };
        let mut known: FxHashMap<(Symbol, u32), u32> = FxHashMap::default();
        known.reserve(count);
        for (clause, patterns) in clauses.iter().enumerate() {
            positions.push(clause, patterns, &mut known);
        }
        if let Some(universe) = universe {
            positions.push(clauses.len(), std::slice::from_ref(universe), &mut known);
        }
        positions.starts.sort_unstable();
        positions.starts.dedup();
        positions.number_walk();
        positions
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
    }

    /// Numbers the positions in the order of a walk from each end. A position lies behind the one it
    /// leads to in the list, so how many lead to each is counted from the back.
    fn number_walk(&mut self) {
        let mut sizes: Vec<u32> = vec![1; self.slots.len()];
        for at in (0..self.slots.len()).rev() {
            let Some(slot) = self.slots.get(at).filter(|slot| slot.symbol.is_some()) else {
                continue;
            };
            let size = sizes.get(at).copied().unwrap_or(1);
            if let Some(of_next) = sizes.get_mut(slot.next as usize) {
                *of_next += size;
            }
        }
        // The first number that is free for what leads to each position.
        let mut free: Vec<u32> = Vec::with_capacity(self.slots.len());
        let mut count = 1;
        for at in 0..self.slots.len() {
            let Some(slot) = self.slots.get_mut(at) else { continue };
            let size = sizes.get(at).copied().unwrap_or(1);
            let before = if slot.symbol.is_none() {
                &mut count
            } else if let Some(of_next) = free.get_mut(slot.next as usize) {
                of_next
            } else {
                continue;
            };
            slot.first = *before;
            slot.last = *before + size - 1;
            *before += size;
            free.push(slot.first + 1);
        }
    }
}
