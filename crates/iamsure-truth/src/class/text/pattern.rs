//! Patterns over texts, as symbols.

/// Which characters a wildcard takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Span {
    /// Every character.
    All,
    /// Every character but the colon: one field of an ARN.
    Field,
    /// The digits.
    Digit,
    /// These characters.
    OneOf(&'static str),
    /// Every character but these.
    NoneOf(&'static str),
}

impl Span {
    fn covers(self, c: char) -> bool {
        match self {
            Self::All => true,
            Self::Field => c != ':',
            Self::Digit => c.is_ascii_digit(),
            Self::OneOf(own) => own.contains(c),
            Self::NoneOf(others) => !others.contains(c),
        }
    }
}

/// Whether a symbol takes a letter in one case and not in the other.
pub(super) fn tells_case(symbol: Symbol, letter: char) -> bool {
    match symbol {
        Symbol::Char(own) => own.eq_ignore_ascii_case(&letter),
        Symbol::One(span) | Symbol::Run(span) => {
            span.covers(letter.to_ascii_lowercase()) != span.covers(letter.to_ascii_uppercase())
        }
        Symbol::Letter(_) => false,
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
    pub(crate) const fn char(c: char, ignore_case: bool) -> Self {
        if ignore_case && c.is_ascii_alphabetic() {
            Self::Letter(c.to_ascii_lowercase())
        } else {
            Self::Char(c)
        }
    }

    pub(super) fn takes(self, c: char) -> bool {
        match self {
            Self::Char(own) => own as u32 == c as u32,
            Self::Letter(own) => own.eq_ignore_ascii_case(&c),
            Self::One(span) | Self::Run(span) => span.covers(c),
        }
    }
}

/// A pattern that a whole text must match.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextPattern(pub(super) Vec<Symbol>);

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
    pub(crate) fn literal(text: &str, ignore_case: bool) -> Self {
        Self::new(text.chars().map(|c| Symbol::char(c, ignore_case)))
    }

    /// `*` and `?` as wildcards over every character.
    pub(crate) fn glob(text: &str, ignore_case: bool) -> Self {
        Self::new(text.chars().map(|c| match c {
            '*' => Symbol::Run(Span::All),
            '?' => Symbol::One(Span::All),
            c => Symbol::char(c, ignore_case),
        }))
    }

    /// The only text that matches, if there is only one.
    pub(crate) fn only_text(&self) -> Option<String> {
        self.0
            .iter()
            .map(|symbol| if let Symbol::Char(c) = symbol { Some(*c) } else { None })
            .collect()
    }

    /// A text that matches, with `run` in the place of each run.
    pub(crate) fn example(&self, run: &str) -> String {
        let mut text = String::new();
        for symbol in &self.0 {
            match symbol {
                Symbol::Char(c) | Symbol::Letter(c) => text.push(*c),
                Symbol::One(Span::Digit) => text.push('0'),
                Symbol::One(Span::OneOf(own)) => text.extend(own.chars().next()),
                Symbol::One(_) => text.push('x'),
                Symbol::Run(Span::Digit) => {}
                Symbol::Run(span) => text.extend(run.chars().filter(|c| span.covers(*c))),
            }
        }
        text
    }

    /// Whether the whole of `text` matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        // Up to the first run as many characters as symbols, one by one.
        let mut rest = text.chars();
        let mut wild = false;
        for symbol in &self.0 {
            wild = matches!(symbol, Symbol::Run(_));
            if wild {
                break;
            }
            if !rest.next().is_some_and(|c| symbol.takes(c)) {
                return false;
            }
        }
        if !wild {
            return rest.next().is_none();
        }
        let free = |symbol: &Symbol| !matches!(symbol, Symbol::Run(span) if *span != Span::All);
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
