//! What a text reaches for good.
//!
//! In front of a run over everything a text stays, whatever follows: no character leads away. So do the
//! positions that the run may be followed by, and the clauses that match whatever follows. Most states differ
//! only in what is not held; sets of what is held are few, and each is laid out once.

use rustc_hash::FxHashMap;

use super::layout::named_by;
use super::pattern::{Symbol, tells_case};
use super::position::{SETTLED, Slot, number};
use crate::bits::Bits;

/// A set of what is held.
#[derive(Default)]
pub(super) struct Held {
    /// The clauses that match whatever follows, ascending.
    settled: Vec<u32>,
    /// The positions in front of runs over everything, ascending.
    runs: Vec<u32>,
    /// The positions that lead to the runs, as numbers of [`Slot`]: behind the first, up to the last.
    /// Ascending; no run leads to another.
    leading: Vec<(u32, u32)>,
    /// The positions behind the runs, ascending.
    behind: Vec<u32>,
    /// Where a character leads from those in front of a character, ascending.
    targets: Vec<(char, u32)>,
    /// Those in front of anything else.
    pub(super) wild: Vec<u32>,
    /// The characters that those behind the runs name, ascending.
    pub(super) named: Vec<char>,
    /// The letters among them the case of which matters.
    cased: Vec<char>,
    /// The clauses that match if the text ends here.
    pub(super) signature: Bits,
    /// The clauses of the runs.
    clauses: Bits,
}

impl Held {
    fn new(settled: Vec<u32>, runs: Vec<u32>, slots: &[Slot]) -> Self {
        let slot = |position: u32| slots.get(position as usize);
        let mut held = Self {
            signature: settled.iter().map(|clause| *clause as usize).collect(),
            ..Self::default()
        };
        for run in runs.iter().filter_map(|run| slot(*run)) {
            held.clauses.insert(run.clause as usize);
            held.leading.push((run.first, run.last));
            let mut position = run.next;
            while let Some(slot) = slot(position) {
                held.behind.push(position);
                if !matches!(slot.symbol, Some(Symbol::Run(_))) {
                    break;
                }
                position = slot.next;
            }
        }
        held.leading.sort_unstable();
        held.behind.sort_unstable();
        held.behind.dedup();
        for position in &held.behind {
            let Some(found) = slot(*position) else { continue };
            let Some(symbol) = found.symbol else {
                held.signature.insert(found.clause as usize);
                continue;
            };
            named_by(symbol, |c| held.named.push(c));
            match symbol {
                Symbol::Char(c) => {
                    held.targets.push((c, found.next));
                    held.cased.extend(c.is_ascii_alphabetic().then_some(c));
                }
                Symbol::Letter(c) => {
                    held.targets.extend([(c, found.next), (c.to_ascii_uppercase(), found.next)]);
                }
                Symbol::One(_) | Symbol::Run(_) => {
                    held.wild.push(*position);
                    named_by(symbol, |c| {
                        let is_letter = c.is_ascii_alphabetic() && tells_case(symbol, c);
                        held.cased.extend(is_letter.then_some(c));
                    });
                }
            }
        }
        held.targets.sort_unstable();
        held.named.sort_unstable();
        held.named.dedup();
        Self { settled, runs, ..held }
    }

    pub(super) fn holds_run(&self, position: u32) -> bool {
        self.runs.binary_search(&position).is_ok()
    }

    /// Whether a position makes no difference beside what is held.
    pub(super) fn covers(&self, position: u32, slot: &Slot) -> bool {
        self.settled.binary_search(&slot.clause).is_ok()
            || self.behind.binary_search(&position).is_ok()
            || self.leads_to_run(slot)
    }

    fn leads_to_run(&self, slot: &Slot) -> bool {
        let before = self.leading.partition_point(|(first, _)| *first < slot.first);
        let nearest = before.checked_sub(1).and_then(|at| self.leading.get(at));
        nearest.is_some_and(|(_, last)| slot.first <= *last)
    }

    /// The positions a character leads to, by number; `None` behind the last.
    pub(super) fn target(&self, c: char, at: usize) -> Option<u32> {
        let start = self.targets.partition_point(|(own, _)| *own < c);
        self.targets.get(start + at).filter(|(own, _)| *own == c).map(|(_, target)| *target)
    }

    /// Whether a clause may still match, as far as what is held tells.
    pub(super) fn asks(&self, clause: u32) -> bool {
        self.signature.contains(clause as usize) || self.clauses.contains(clause as usize)
    }

    /// Whether the case of a letter matters.
    pub(super) fn asks_case_of(&self, letter: char) -> bool {
        self.cased.iter().any(|own| own.eq_ignore_ascii_case(&letter))
    }
}

/// The clauses that are settled, and the positions of runs.
type Key = (Vec<u32>, Vec<u32>);

/// The sets that were met, each once.
#[derive(Default)]
pub(super) struct HeldSets {
    nothing: Held,
    sets: Vec<Held>,
    numbers: FxHashMap<Key, u32>,
}

/// The number of the set without members.
pub(super) const NOTHING: u32 = 0;

impl HeldSets {
    pub(super) fn get(&self, number: u32) -> &Held {
        let place = (number as usize).checked_sub(1);
        place.and_then(|place| self.sets.get(place)).unwrap_or(&self.nothing)
    }

    /// The number of the set with more in it: positions of runs, and clauses as numbers from [`SETTLED`] on.
    pub(super) fn with(&mut self, known: u32, gained: &[u32], slots: &[Slot]) -> u32 {
        let held = self.get(known);
        let mut settled = held.settled.clone();
        settled.extend(gained.iter().filter_map(|gain| gain.checked_sub(SETTLED)));
        settled.sort_unstable();
        settled.dedup();
        let mut runs: Vec<(u32, u32)> = held
            .runs
            .iter()
            .chain(gained.iter().filter(|gain| **gain < SETTLED))
            .filter_map(|run| Some((slots.get(*run as usize)?, *run)))
            .filter(|(slot, _)| settled.binary_search(&slot.clause).is_err())
            .map(|(slot, run)| (slot.first, run))
            .collect();
        runs.sort_unstable();
        runs.dedup();
        // Those that lead to a run lie behind it, up to its last.
        let mut end = 0;
        runs.retain(|(first, run)| {
            let leads_on = *first <= end;
            if !leads_on {
                end = slots.get(*run as usize).map_or(0, |slot| slot.last);
            }
            !leads_on
        });
        let mut runs: Vec<u32> = runs.into_iter().map(|(_, run)| run).collect();
        runs.sort_unstable();
        let key = (settled, runs);
        if let Some(known) = self.numbers.get(&key) {
            return *known;
        }
        self.sets.push(Held::new(key.0.clone(), key.1.clone(), slots));
        let place = number(self.sets.len());
        self.numbers.insert(key, place);
        place
    }
}
