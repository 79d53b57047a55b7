//! Classes of texts: which combinations of clauses a text can match, with the shortest text for each.
//!
//! A clause is a list of patterns, any of which may match. A text's *signature* is the set of
//! clauses it matches. Walking the patterns' positions character by character (the subset
//! construction) finds every signature that some text has:
//!
//! - In a state only the characters that some pattern waits for matter, and one that no pattern
//!   names: any two characters that no pattern names can be swapped for each other in a text without
//!   changing what matches. So each state has few successors.
//! - A clause that has reached the `*` at the end of one of its patterns matches whatever follows;
//!   its other positions are dropped. What is kept apart is clauses, never patterns.
//! - Patterns of a clause that end alike share their ends, and once a `*` is reached, the positions
//!   that only lead to it are dropped: the `*` takes whatever they would.
//! - States are visited by length of text, so the first text that reaches a signature is a shortest.
//!
//! Every text ends in exactly one state, so the signatures found are all there are.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::bits::Bits;
use crate::budget::{Budget, Exceeded, TooComplex};

/// Which characters a wildcard takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Span {
    /// Every character.
    All,
    /// Every character but the colon: one field of an ARN.
    Field,
    /// The digits.
    Digit,
}

impl Span {
    const fn covers(self, c: char) -> bool {
        match self {
            Self::All => true,
            Self::Field => c != ':',
            Self::Digit => c.is_ascii_digit(),
        }
    }
}

/// One symbol of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// This character.
    Char(char),
    /// This ASCII letter in either case.
    Letter(char),
    /// One character.
    One(Span),
    /// Any run of characters, also none.
    Run(Span),
}

impl Symbol {
    /// A character whose case matters, or not. Folding is ASCII only.
    pub const fn char(c: char, ignore_case: bool) -> Self {
        if ignore_case && c.is_ascii_alphabetic() {
            Self::Letter(c.to_ascii_lowercase())
        } else {
            Self::Char(c)
        }
    }

    const fn takes(self, c: char) -> bool {
        match self {
            Self::Char(own) => own as u32 == c as u32,
            Self::Letter(own) => own.eq_ignore_ascii_case(&c),
            Self::One(span) | Self::Run(span) => span.covers(c),
        }
    }
}

/// A pattern that a whole text must match.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextPattern(Vec<Symbol>);

impl TextPattern {
    /// The pattern of these symbols. Neighbouring runs of one span are one.
    pub fn new(symbols: impl IntoIterator<Item = Symbol>) -> Self {
        let mut kept: Vec<Symbol> = Vec::new();
        for symbol in symbols {
            if !(matches!(symbol, Symbol::Run(_)) && kept.last() == Some(&symbol)) {
                kept.push(symbol);
            }
        }
        Self(kept)
    }

    /// Exactly this text, with or without regard to case.
    pub fn literal(text: &str, ignore_case: bool) -> Self {
        Self::new(text.chars().map(|c| Symbol::char(c, ignore_case)))
    }

    /// `*` and `?` as wildcards over every character.
    pub fn glob(text: &str, ignore_case: bool) -> Self {
        Self::new(text.chars().map(|c| match c {
            '*' => Symbol::Run(Span::All),
            '?' => Symbol::One(Span::All),
            c => Symbol::char(c, ignore_case),
        }))
    }

    /// The only text that matches, if there is only one.
    pub fn only_text(&self) -> Option<String> {
        self.0
            .iter()
            .map(|symbol| if let Symbol::Char(c) = symbol { Some(*c) } else { None })
            .collect()
    }

    /// A text that matches, with `run` in the place of each run.
    pub fn example(&self, run: &str) -> String {
        let mut text = String::new();
        for symbol in &self.0 {
            match symbol {
                Symbol::Char(c) | Symbol::Letter(c) => text.push(*c),
                Symbol::One(Span::Digit) => text.push('0'),
                Symbol::One(_) => text.push('x'),
                Symbol::Run(Span::Digit) => {}
                Symbol::Run(span) => text.extend(run.chars().filter(|c| span.covers(*c))),
            }
        }
        text
    }

    /// Whether the whole of `text` matches.
    pub fn matches(&self, text: &str) -> bool {
        let wild = self.0.iter().any(|symbol| matches!(symbol, Symbol::Run(_)));
        if !wild {
            // As many characters as symbols, one by one.
            let mut rest = text.chars();
            return self.0.iter().all(|symbol| rest.next().is_some_and(|c| symbol.takes(c)))
                && rest.next().is_none();
        }
        let free = |symbol: &Symbol| !matches!(symbol, Symbol::Run(Span::Field | Span::Digit));
        if self.0.iter().all(free) {
            return self.matches_by_last_run(text);
        }
        if let Some(result) = self.matches_by_word(text) {
            return result;
        }
        let mut reached = vec![false; self.0.len() + 1];
        let mut next = reached.clone();
        self.reach(0, &mut reached);
        for c in text.chars() {
            next.fill(false);
            for (at, symbol) in self.0.iter().enumerate() {
                if reached.get(at) == Some(&true) && symbol.takes(c) {
                    self.reach(
                        if matches!(symbol, Symbol::Run(_)) { at } else { at + 1 },
                        &mut next,
                    );
                }
            }
            std::mem::swap(&mut reached, &mut next);
        }
        reached.last() == Some(&true)
    }

    /// Where every run is over everything, only the last one met can need to grow.
    fn matches_by_last_run(&self, text: &str) -> bool {
        let mut symbols = self.0.as_slice();
        let mut rest = text.chars();
        let mut resume: Option<(&[Symbol], std::str::Chars<'_>)> = None;
        loop {
            if let Some((Symbol::Run(_), after)) = symbols.split_first() {
                if after.is_empty() {
                    return true;
                }
                resume = Some((after, rest.clone()));
                symbols = after;
                continue;
            }
            let mut ahead = rest.clone();
            match (symbols.split_first(), ahead.next()) {
                (None, None) => return true,
                (Some((symbol, after)), Some(c)) if symbol.takes(c) => {
                    (symbols, rest) = (after, ahead);
                }
                _ => {
                    let Some((after, mut from)) = resume.take() else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    resume = Some((after, from.clone()));
                    (symbols, rest) = (after, from);
                }
            }
        }
    }

    /// The positions reached as bits of one word, if they fit.
    fn matches_by_word(&self, text: &str) -> Option<bool> {
        if self.0.len() >= u128::BITS as usize {
            return None;
        }
        // A run may be empty: where it can start, what follows it can start.
        let runs = self.0.iter().enumerate().fold(0_u128, |runs, (at, symbol)| {
            runs | u128::from(matches!(symbol, Symbol::Run(_))) << at
        });
        let spread = |mut reached: u128| {
            loop {
                let more = reached | (reached & runs) << 1;
                if more == reached {
                    return reached;
                }
                reached = more;
            }
        };
        let mut reached = spread(1);
        for c in text.chars() {
            let (mut left, mut next) = (reached, 0_u128);
            while left != 0 {
                let at = left.trailing_zeros();
                left &= left - 1;
                if let Some(symbol) = self.0.get(at as usize)
                    && symbol.takes(c)
                {
                    next |= 1 << if matches!(symbol, Symbol::Run(_)) { at } else { at + 1 };
                }
            }
            if next == 0 {
                return Some(false);
            }
            reached = spread(next);
        }
        Some(reached >> self.0.len() & 1 == 1)
    }

    /// Marks a position, and those that follow it through empty runs.
    fn reach(&self, mut at: usize, reached: &mut [bool]) {
        while let Some(slot) = reached.get_mut(at) {
            *slot = true;
            if !matches!(self.0.get(at), Some(Symbol::Run(_))) {
                return;
            }
            at += 1;
        }
    }
}

impl std::fmt::Display for TextPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|symbol| match symbol {
            Symbol::Char(c) | Symbol::Letter(c) => write!(f, "{c}"),
            Symbol::One(_) => f.write_str("?"),
            Symbol::Run(_) => f.write_str("*"),
        })
    }
}

/// Texts that match the same clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextClass {
    /// The clauses they match.
    pub signature: Bits,
    /// A shortest of them.
    pub witness: String,
    /// Whether there is more than one of them.
    pub several: bool,
}

/// Every class of texts that `clauses` tell apart, among the texts that match `universe` (all texts,
/// if there is none). Shortest witness first, then in order of the clauses' characters.
///
/// # Errors
/// If it takes more states or classes than the budget allows.
pub fn text_classes(
    clauses: &[&[TextPattern]],
    universe: Option<&TextPattern>,
    budget: Budget,
) -> Result<Vec<TextClass>, TooComplex> {
    if let Some(classes) = literal_classes(clauses, universe) {
        return Ok(classes);
    }
    Construction::new(clauses, universe, budget).run()
}

/// The quick way where every pattern is one text: each is its own class, or shares one with texts that
/// the same clauses list; all other texts are one class more.
fn literal_classes(
    clauses: &[&[TextPattern]],
    universe: Option<&TextPattern>,
) -> Option<Vec<TextClass>> {
    let mut texts: FxHashMap<String, Bits> = FxHashMap::default();
    let mut order: Vec<String> = Vec::new();
    for (index, clause) in clauses.iter().enumerate() {
        for pattern in *clause {
            let text = pattern.only_text()?;
            let signature = texts.entry(text.clone()).or_insert_with(|| {
                order.push(text);
                Bits::new()
            });
            signature.insert(index);
        }
    }
    let mut classes: Vec<TextClass> = Vec::new();
    let mut places: FxHashMap<Bits, usize> = FxHashMap::default();
    let other = match universe {
        None => other_text(|text| texts.contains_key(text)),
        Some(universe) => other_member(universe, |text| texts.contains_key(text))?,
    };
    classes.push(TextClass { signature: Bits::new(), witness: other, several: true });
    order.sort_by(|one, two| one.len().cmp(&two.len()).then_with(|| one.cmp(two)));
    for text in order {
        if universe.is_some_and(|universe| !universe.matches(&text)) {
            continue;
        }
        let signature = texts.get(&text).cloned().unwrap_or_default();
        let place = *places.entry(signature.clone()).or_insert_with(|| {
            classes.push(TextClass { signature, witness: text.clone(), several: false });
            classes.len() - 1
        });
        if let Some(class) = classes.get_mut(place) {
            class.several |= class.witness != text;
        }
    }
    Some(classes)
}

/// What stands for a text that nobody named.
const OTHERS: [&str; 4] = ["another-value", "some-other-value", "yet-another-value", "value"];

/// A text that is not `taken`.
pub(crate) fn other_text(taken: impl Fn(&str) -> bool) -> String {
    let numbered = (0_usize..).map(|number| format!("another-value-{number}"));
    OTHERS
        .iter()
        .map(|text| (*text).to_owned())
        .chain(numbered)
        .find(|text| !taken(text))
        .unwrap_or_default()
}

/// A text of `universe` that is not `taken`; `None` if the universe does not end in a free run.
fn other_member(universe: &TextPattern, taken: impl Fn(&str) -> bool) -> Option<String> {
    let (last, head) = universe.0.split_last()?;
    if *last != Symbol::Run(Span::All) {
        return None;
    }
    let mut start = String::new();
    for symbol in head {
        match symbol {
            Symbol::Char(c) | Symbol::Letter(c) => start.push(*c),
            Symbol::One(Span::Digit) => start.push('0'),
            Symbol::One(_) => start.push('x'),
            Symbol::Run(_) => {}
        }
    }
    Some(format!("{start}{}", other_text(|text| taken(&format!("{start}{text}")))))
}

/// The patterns of each clause as one tree of positions, which grows from the end: patterns that end
/// alike share their ends.
struct Layout {
    slots: Vec<Slot>,
    starts: Vec<u32>,
    clauses: usize,
}

/// One position: in front of a symbol, or at the end of a pattern.
#[derive(Clone, Copy)]
struct Slot {
    symbol: Option<Symbol>,
    /// The position behind the symbol.
    next: u32,
    clause: u32,
    /// Whether everything that follows matches.
    rest_is_free: bool,
    /// The positions from which this one is reached are those numbered from `first` to `last`, in the
    /// order of a walk from the end.
    first: u32,
    last: u32,
}

/// Positions reached, ascending; then the clauses that match whatever follows, as numbers from
/// [`SETTLED`] on.
type State = Vec<u32>;

const SETTLED: u32 = 1 << 31;

/// A number of positions or clauses; there are fewer than [`SETTLED`] of either.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(SETTLED - 1).min(SETTLED - 1)
}

impl Layout {
    /// The universe, if there is one, is the clause after the last.
    fn new(clauses: &[&[TextPattern]], universe: Option<&TextPattern>) -> Self {
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

    fn slot(&self, position: u32) -> Option<Slot> {
        self.slots.get(position as usize).copied()
    }

    fn start(&self) -> State {
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
    fn step(&self, state: &[u32], c: char, next: &mut State) {
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
    fn signature(&self, state: &[u32]) -> Bits {
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
    fn alphabet(&self, state: &[u32], other: char, alphabet: &mut Vec<char>) {
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
    fn other_character(&self) -> char {
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

/// A state that was reached, and how.
struct Reached {
    state: Rc<[u32]>,
    /// The state before and the character between.
    from: Option<(usize, char)>,
    /// Whether more than one text leads here.
    several: bool,
}

/// The subset construction.
struct Construction<'a> {
    clauses: &'a [&'a [TextPattern]],
    layout: Layout,
    has_universe: bool,
    budget: Budget,
    reached: Vec<Reached>,
    places: FxHashMap<Rc<[u32]>, usize>,
    /// Steps that joined a state known before: from, to.
    joins: Vec<(usize, usize)>,
    /// The signatures met so far: too many classes are noticed before the last state is.
    signatures: FxHashSet<Bits>,
}

impl<'a> Construction<'a> {
    fn new(
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
            joins: Vec::new(),
            signatures: FxHashSet::default(),
        }
    }

    fn run(mut self) -> Result<Vec<TextClass>, TooComplex> {
        let other = self.layout.other_character();
        let start: Rc<[u32]> = self.layout.start().into();
        self.places.insert(Rc::clone(&start), 0);
        self.reached.push(Reached { state: start, from: None, several: false });
        let mut next = 0;
        let (mut alphabet, mut successor) = (Vec::new(), State::new());
        while let Some(current) = self.reached.get(next) {
            let state = Rc::clone(&current.state);
            self.layout.alphabet(&state, other, &mut alphabet);
            for &c in &alphabet {
                self.layout.step(&state, c, &mut successor);
                if self.has_universe && !self.may_be_in_universe(&successor) {
                    continue;
                }
                self.arrive(next, c, &successor, c == other)?;
            }
            next += 1;
        }
        self.spread_several();
        self.classes()
    }

    fn arrive(
        &mut self,
        from: usize,
        c: char,
        state: &[u32],
        is_other: bool,
    ) -> Result<(), TooComplex> {
        if let Some(&known) = self.places.get(state) {
            self.joins.push((from, known));
            if let Some(known) = self.reached.get_mut(known) {
                known.several = true;
            }
            return Ok(());
        }
        if self.reached.len() >= self.budget.states {
            return Err(self.too_complex(Exceeded::States, self.budget.states));
        }
        let signature = self.layout.signature(state);
        if !self.has_universe || signature.contains(self.layout.clauses) {
            self.signatures.insert(signature);
            if self.signatures.len() > self.budget.classes {
                return Err(self.too_complex(Exceeded::Classes, self.budget.classes));
            }
        }
        let several = is_other || self.reached.get(from).is_some_and(|from| from.several);
        let state: Rc<[u32]> = state.into();
        self.places.insert(Rc::clone(&state), self.reached.len());
        self.reached.push(Reached { state, from: Some((from, c)), several });
        Ok(())
    }

    fn may_be_in_universe(&self, state: &[u32]) -> bool {
        let universe = self.layout.clauses;
        state.iter().any(|&position| match position.checked_sub(SETTLED) {
            Some(clause) => clause as usize == universe,
            None => self.layout.slot(position).is_some_and(|slot| slot.clause as usize == universe),
        })
    }

    /// What several texts lead to, they lead to from there on too.
    fn spread_several(&mut self) {
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); self.reached.len()];
        let steps = self
            .reached
            .iter()
            .enumerate()
            .filter_map(|(to, reached)| reached.from.map(|(from, _)| (from, to)))
            .chain(self.joins.iter().copied());
        for (from, to) in steps {
            if let Some(list) = followers.get_mut(from) {
                list.push(to);
            }
        }
        let mut pending: Vec<usize> = (0..self.reached.len())
            .filter(|&at| self.reached.get(at).is_some_and(|r| r.several))
            .collect();
        while let Some(at) = pending.pop() {
            for &to in followers.get(at).into_iter().flatten() {
                if let Some(reached) = self.reached.get_mut(to)
                    && !reached.several
                {
                    reached.several = true;
                    pending.push(to);
                }
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
                return Err(self.too_complex(Exceeded::Classes, self.budget.classes));
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

    /// The patterns with a run that is not at the end come first: they multiply.
    fn too_complex(&self, exceeded: Exceeded, limit: usize) -> TooComplex {
        let inner_runs = |pattern: &&TextPattern| {
            let (_, head) = pattern.0.split_last().unwrap_or((&Symbol::Run(Span::All), &[]));
            usize::MAX - head.iter().filter(|symbol| matches!(symbol, Symbol::Run(_))).count()
        };
        let mut patterns: Vec<&TextPattern> =
            self.clauses.iter().flat_map(|clause| clause.iter()).collect();
        patterns.sort_by_key(inner_runs);
        let because = patterns.iter().map(ToString::to_string).collect();
        TooComplex { exceeded, limit, subject: "a text".to_owned(), because }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(clauses: &[&[&str]]) -> Vec<(Vec<usize>, String)> {
        let patterns: Vec<Vec<TextPattern>> = clauses
            .iter()
            .map(|clause| clause.iter().map(|text| TextPattern::glob(text, false)).collect())
            .collect();
        let slices: Vec<&[TextPattern]> = patterns.iter().map(Vec::as_slice).collect();
        let mut found: Vec<_> = text_classes(&slices, None, Budget::default())
            .unwrap()
            .into_iter()
            .map(|class| (class.signature.iter().collect::<Vec<_>>(), class.witness))
            .collect();
        found.sort();
        found
    }

    #[test]
    fn every_combination_that_some_text_has_is_found_with_a_shortest_text() {
        let found = classes(&[&["a*"], &["*b"]]);
        assert_eq!(
            found,
            [
                (vec![], String::new()),
                (vec![0], "a".to_owned()),
                (vec![0, 1], "ab".to_owned()),
                (vec![1], "b".to_owned()),
            ]
        );
    }

    #[test]
    fn patterns_of_one_clause_are_not_told_apart() {
        let words: Vec<String> = (0..24).map(|number| format!("*w{number:02}*")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(classes(&[&words]).len(), 2);
    }

    #[test]
    fn both_ways_of_matching_agree() {
        let long = "x".repeat(130);
        let pattern = TextPattern::glob(&format!("{long}*a?"), false);
        assert!(pattern.matches(&format!("{long}bab")) && !pattern.matches(&format!("{long}ba")));
        for (pattern, text, expected) in [
            ("a*b?", "axxbc", true),
            ("a*b?", "ab", false),
            ("*", "", true),
            ("??", "a", false),
            ("", "", true),
        ] {
            assert_eq!(
                TextPattern::glob(pattern, false).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn too_many_states_name_the_patterns() {
        let words: Vec<String> = (0..16).map(|number| format!("*w{number:02}*")).collect();
        let patterns: Vec<[TextPattern; 1]> =
            words.iter().map(|word| [TextPattern::glob(word, false)]).collect();
        let slices: Vec<&[TextPattern]> =
            patterns.iter().map(<[TextPattern; 1]>::as_slice).collect();
        let budget = Budget { states: 500, ..Budget::default() };
        let error = text_classes(&slices, None, budget).unwrap_err();
        assert_eq!(error.exceeded, Exceeded::States);
        assert!(error.because.contains(&"*w00*".to_owned()));
    }
}
