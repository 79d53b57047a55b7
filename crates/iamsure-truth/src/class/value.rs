//! Classes of one value of a condition key: of a single-valued key's value, or of one element of a
//! multivalued key.
//!
//! Clauses that compare texts, whatever the operator, share one automaton ([`super::text`]). Clauses of
//! numbers, dates and addresses have cells of their own. Where one key is asked in more than one of
//! these ways, texts are looked for in every combination; a combination for which none was found
//! is kept, without a witness, so that nothing is lost.

use iamsure_core::language::condition::address;
use iamsure_core::language::condition::date::Date;
use iamsure_core::language::condition::number::Number;
use iamsure_core::language::condition::{BaseOperator, Family};
use iamsure_core::world::Switch;
use rustc_hash::{FxHashMap, FxHashSet};

use super::address::Addresses;
use super::identity::Identity;
use super::ordered::{Ordered, Points, holds};
use super::plausible::arn_like;
use super::readable;
use super::subject::Subjects;
use super::text::{Span, Symbol, TextClass, TextPattern, text_classes};
use crate::bits::Bits;
use crate::budget::{Budget, Exceeded, TooComplex};
use crate::clause::{Form, KeyClause};
use crate::sample::EXAMPLE_ACCOUNT;

/// Which values a key may have, as far as AWS documents its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Any text.
    Text,
    /// `true` and `false`.
    Boolean,
    /// Numbers.
    Number,
    /// Dates.
    Date,
    /// Addresses.
    Address,
    /// What identifies a caller.
    Identity(Identity),
    /// The subjects of tokens of a known shape.
    Subject(Subjects),
    /// Any text but these.
    NoneOf(&'static [&'static str]),
}

impl Domain {
    const fn family(self) -> Option<Family> {
        match self {
            Self::Number => Some(Family::Numeric),
            Self::Date => Some(Family::Date),
            Self::Address => Some(Family::IpAddress),
            Self::Text | Self::Boolean | Self::Identity(_) | Self::Subject(_) | Self::NoneOf(_) => {
                None
            }
        }
    }

    /// Whether a text spells a number, a date or an address, if it is one of these.
    fn is_spelled(self, text: &str) -> bool {
        match self {
            Self::Number => Number::read(text).is_some(),
            Self::Date => Date::read(text).is_some(),
            Self::Address => address::read(text, false).is_some(),
            Self::Text | Self::Boolean | Self::Identity(_) | Self::Subject(_) | Self::NoneOf(_) => {
                true
            }
        }
    }

    /// Values of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Identity(one), Self::Identity(other)) => Self::Identity(one.or(other)),
            (one, other) if one == other => one,
            _ => Self::Text,
        }
    }

    /// Values of it that stand for any.
    pub(crate) const fn usual(self) -> &'static [&'static str] {
        match self {
            // Those of an identity and of subjects are among the hints.
            Self::Identity(_) | Self::Subject(_) => &[],
            Self::Text | Self::NoneOf(_) => &["another-value"],
            Self::Boolean => &["false", "true"],
            Self::Number => &["1", "-1.5"],
            Self::Date => &["2026-01-01T00:00:00Z", "1767225600"],
            Self::Address => &["192.0.2.1", "2001:db8::1"],
        }
    }
}

/// Values that every clause about the key answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueClass {
    /// The clauses one of whose values matches, before negation.
    pub matched: Bits,
    /// The clauses for which the value, or one of theirs, does not parse (C-29).
    pub unreadable: Bits,
    /// One of the values. `None`: none was found, and there may be none.
    pub witness: Option<String>,
    /// Whether there is more than one.
    pub several: bool,
}

/// The classes of one value, by the clauses (numbered as given) that look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueClasses {
    /// The class of the empty text alone, where it is told apart.
    pub empty: Option<ValueClass>,
    /// The others.
    pub others: Vec<ValueClass>,
}

/// What stands for wildcards in an example of a pattern.
const RUNS: [&str; 2] = ["example", "x"];

/// How to look for classes of values.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Which values the key may have.
    pub domain: Domain,
    /// The type of values that are compared as texts: of [`domain`](Self::domain) is any text, since a value has many
    /// spellings, but a class of one text that spells none is left out. [`Domain::Text`]: there is no such type.
    pub spells: Domain,
    /// Whether the empty text is kept apart from the rest.
    pub split_empty: bool,
    /// Texts to prefer as witnesses.
    pub hints: &'a [&'a str],
    /// How much work it may take.
    pub budget: Budget,
}

/// The classes of a value that `clauses` tell apart.
///
/// # Errors
/// If it takes more than the budget.
pub fn value_classes(
    clauses: &[&KeyClause],
    search: Search<'_>,
) -> Result<ValueClasses, TooComplex> {
    let asks = Asks::new(clauses, search);
    let mut classes = if asks.families().is_empty() { asks.by_text()? } else { asks.mixed()? };
    let hints = search.hints.iter().map(|hint| (*hint).to_owned()).chain(asks.examples());
    let mut settled: Vec<bool> = classes
        .others
        .iter()
        .map(|class| class.witness.as_ref().is_some_and(|text| is_named(clauses, text)))
        .collect();
    let is_candidate = |hint: &String| !hint.is_empty() && asks.is_in_domain(hint);
    let hints = hints.filter(is_candidate).take(readable::tries(asks.patterns()));
    // Where no value of the policies is one that the key can have.
    let usual = match search.domain {
        Domain::Text | Domain::NoneOf(_) => &[],
        typed => typed.usual(),
    };
    for hint in hints.chain(usual.iter().map(|text| (*text).to_owned())) {
        if settled.iter().all(|settled| *settled) {
            break;
        }
        let answer = asks.judge(&hint);
        for (class, settled) in classes.others.iter_mut().zip(&mut settled) {
            if !*settled && (&class.matched, &class.unreadable) == (&answer.0, &answer.1) {
                class.witness = Some(hint.clone());
                *settled = true;
            }
        }
    }
    classes.others.retain(|class| {
        class.several || class.witness.as_ref().is_none_or(|text| search.spells.is_spelled(text))
    });
    Ok(classes)
}

/// Q12: an IPv4 address in IPv6 form is the IPv4 address.
fn unmaps(clause: &KeyClause) -> bool {
    clause.switches.is_alternative(Switch::Q12)
}

/// Tells the class of one text.
pub(crate) struct Judge<'a>(Asks<'a>);

impl<'a> Judge<'a> {
    pub(crate) fn new(clauses: &'a [&'a KeyClause], search: Search<'a>) -> Self {
        Self(Asks::new(clauses, search))
    }

    pub(crate) fn class(&self, text: &str) -> ValueClass {
        let (matched, unreadable) = self.0.judge(text);
        ValueClass { matched, unreadable, witness: Some(text.to_owned()), several: false }
    }
}

/// The numbers of the clauses that are wanted.
fn numbered(clauses: &[&KeyClause], wanted: impl Fn(&KeyClause) -> bool) -> Bits {
    let all = clauses.iter().enumerate();
    all.filter(|(_, clause)| wanted(clause)).map(|(at, _)| at).collect()
}

/// Whether some clause lists exactly this text.
fn is_named(clauses: &[&KeyClause], text: &str) -> bool {
    clauses.iter().any(|clause| clause.values.iter().any(|value| value.text == text))
}

/// What the clauses about a key ask, by the kind of value they compare.
struct Asks<'a> {
    clauses: &'a [&'a KeyClause],
    numbers: Option<Points<Number>>,
    dates: Option<Points<Date>>,
    addresses: Option<Addresses>,
    /// The networks of each clause that compares addresses, by their texts.
    networks: Vec<FxHashSet<&'a str>>,
    /// Clauses with a value that never parses.
    broken: Bits,
    /// The values of the domain, or those that are none, as patterns.
    listed: Vec<TextPattern>,
    search: Search<'a>,
}

impl<'a> Asks<'a> {
    fn new(clauses: &'a [&'a KeyClause], search: Search<'a>) -> Self {
        let of = |family: Family| {
            clauses.iter().filter(move |clause| clause.operator.base.family() == family)
        };
        let texts = |family: Family| {
            of(family).flat_map(|clause| clause.values.iter()).filter_map(|value| {
                match &value.form {
                    Form::Typed(text) => text.as_deref(),
                    _ => None,
                }
            })
        };
        let asked = |family: Family| of(family).next().is_some();
        Self {
            clauses,
            numbers: asked(Family::Numeric).then(|| Points::new(texts(Family::Numeric))),
            dates: asked(Family::Date).then(|| Points::new(texts(Family::Date))),
            addresses: asked(Family::IpAddress).then(|| {
                Addresses::new(
                    texts(Family::IpAddress),
                    clauses.iter().any(|clause| unmaps(clause)),
                )
            }),
            networks: clauses
                .iter()
                .map(|clause| match clause.operator.base.family() {
                    Family::IpAddress => {
                        clause.values.iter().map(|value| value.text.as_str()).collect()
                    }
                    _ => FxHashSet::default(),
                })
                .collect(),
            broken: numbered(clauses, |clause| {
                clause.values.iter().any(|value| matches!(value.form, Form::Typed(None)))
            }),
            listed: match search.domain {
                Domain::Identity(identity) => identity.patterns(),
                Domain::Subject(subjects) => subjects.patterns(),
                Domain::NoneOf(texts) => {
                    texts.iter().map(|text| TextPattern::literal(text, false)).collect()
                }
                _ => Vec::new(),
            },
            search,
        }
    }

    /// The families that do not compare texts.
    fn families(&self) -> Vec<Family> {
        let mut families = Vec::new();
        families.extend(self.numbers.is_some().then_some(Family::Numeric));
        families.extend(self.dates.is_some().then_some(Family::Date));
        families.extend(self.addresses.is_some().then_some(Family::IpAddress));
        families
    }

    fn has_texts(&self) -> bool {
        self.clauses.iter().any(|clause| clause.is_textual())
    }

    /// The classes of texts.
    fn text_classes(&self, universe: Option<&TextPattern>) -> Result<Vec<TextClass>, TooComplex> {
        let patterns: Vec<Vec<TextPattern>> =
            self.clauses.iter().map(|clause| clause.patterns().cloned().collect()).collect();
        let mut slices: Vec<&[TextPattern]> = patterns.iter().map(Vec::as_slice).collect();
        if self.listed.is_empty() {
            return text_classes(&slices, universe, self.search.budget);
        }
        // The domain as one clause more: no class is of other texts.
        let values: Bits = std::iter::once(slices.len()).collect();
        slices.push(&self.listed);
        let mut classes = text_classes(&slices, universe, self.search.budget)?;
        let are_values = !matches!(self.search.domain, Domain::NoneOf(_));
        classes.retain(|class| values.is_subset(&class.signature) == are_values);
        for class in &mut classes {
            class.signature = class.signature.difference(&values);
        }
        Ok(classes)
    }

    /// How many patterns a text is matched with.
    fn patterns(&self) -> usize {
        self.clauses.iter().map(|clause| clause.patterns().count()).sum()
    }

    /// Which clauses match a text, and for which it does not parse.
    fn judge(&self, text: &str) -> (Bits, Bits) {
        let (mut matched, mut unreadable) = (Bits::new(), self.broken.clone());
        for (at, clause) in self.clauses.iter().enumerate() {
            let base = clause.operator.base;
            let answer = match base.family() {
                Family::Numeric => self
                    .numbers
                    .as_ref()
                    .and_then(|p| p.cell_of(text).map(|cell| compares(p, cell, clause))),
                Family::Date
                    if clause.switches.is_alternative(Switch::Q17)
                        && Date::read(text).is_some_and(|date| date.is_assumed()) =>
                {
                    None
                }
                Family::Date => self
                    .dates
                    .as_ref()
                    .and_then(|p| p.cell_of(text).map(|cell| compares(p, cell, clause))),
                Family::IpAddress => self.addresses.as_ref().and_then(|networks| {
                    let within = networks.containing(text, unmaps(clause))?;
                    let own = self.networks.get(at)?;
                    Some(within.into_iter().any(|network| own.contains(network)))
                }),
                Family::String | Family::Arn | Family::Bool | Family::Binary => {
                    Some(clause.patterns().any(|pattern| pattern.matches(text)))
                }
                Family::Null => Some(false),
            };
            match answer {
                Some(true) => matched.insert(at),
                Some(false) => {}
                // Without a value there is nothing to compare with.
                None if clause.values.is_empty() => {}
                None => unreadable.insert(at),
            }
        }
        (matched, unreadable)
    }

    fn is_in_domain(&self, text: &str) -> bool {
        match self.search.domain {
            Domain::Text => true,
            Domain::Boolean => text == "true" || text == "false",
            typed @ (Domain::Number | Domain::Date | Domain::Address) => typed.is_spelled(text),
            Domain::Identity(_) | Domain::Subject(_) => {
                self.listed.iter().any(|pattern| pattern.matches(text))
            }
            Domain::NoneOf(texts) => !texts.contains(&text),
        }
    }

    /// Only texts are compared.
    fn by_text(&self) -> Result<ValueClasses, TooComplex> {
        let Search { domain, split_empty, .. } = self.search;
        let mut found = ValueClasses::default();
        if domain == Domain::Boolean {
            for text in ["true", "false"] {
                let (matched, unreadable) = self.judge(text);
                match found.others.iter_mut().find(|class| class.matched == matched) {
                    Some(class) => class.several = true,
                    None => found.others.push(ValueClass {
                        matched,
                        unreadable,
                        witness: Some(text.to_owned()),
                        several: false,
                    }),
                }
            }
            return Ok(found);
        }
        let not_empty = TextPattern::new([Symbol::One(Span::All), Symbol::Run(Span::All)]);
        let universe = split_empty.then_some(&not_empty);
        if split_empty && self.is_in_domain("") {
            let (matched, unreadable) = self.judge("");
            found.empty = Some(ValueClass {
                matched,
                unreadable,
                witness: Some(String::new()),
                several: false,
            });
        }
        let unreadable = &self.broken;
        for class in self.text_classes(universe)? {
            found.others.push(ValueClass {
                matched: class.signature,
                unreadable: unreadable.clone(),
                witness: Some(class.witness),
                several: class.several,
            });
        }
        Ok(found)
    }

    /// Texts in each cell of the families that are not about texts, with whether the cell has more.
    fn typed_witnesses(&self) -> Vec<(String, bool)> {
        fn of<T: Ordered>(points: Option<&Points<T>>) -> impl Iterator<Item = (String, bool)> {
            points.into_iter().flat_map(|points| {
                (0..points.cells()).filter_map(|cell| Some((points.witness(cell)?, true)))
            })
        }
        let addresses = self.addresses.iter().flat_map(Addresses::witnesses);
        of(self.numbers.as_ref()).chain(of(self.dates.as_ref())).chain(addresses).collect()
    }

    /// Examples of the patterns, with wildcards filled in.
    fn examples(&self) -> impl Iterator<Item = String> {
        let patterns = || self.clauses.iter().flat_map(|clause| clause.patterns());
        // The value of an ARN key that could be real comes first.
        let arns = patterns().filter_map(|pattern| {
            arn_like(
                &pattern.example("*"),
                "arn:aws:iam::111122223333:role/example-role",
                EXAMPLE_ACCOUNT,
            )
        });
        // Of subjects, the rest of one where a pattern leaves off.
        let endings = match self.search.domain {
            Domain::Subject(subjects) => subjects.endings(),
            _ => Vec::new(),
        };
        let runs: Vec<&'static str> = RUNS.into_iter().chain(endings).collect();
        arns.chain(patterns().flat_map(move |pattern| {
            runs.iter().map(|run| pattern.example(run)).collect::<Vec<_>>()
        }))
    }

    #[expect(clippy::too_many_lines, reason = "one search: candidates, then what they left open")]
    fn mixed(&self) -> Result<ValueClasses, TooComplex> {
        let Search { domain, split_empty, budget, .. } = self.search;
        let mut found = ValueClasses::default();
        let mut places: FxHashMap<(Bits, Bits), usize> = FxHashMap::default();
        let mut add =
            |text: Option<String>, several, key: (Bits, Bits), found: &mut ValueClasses| {
                let place = *places.entry(key).or_insert_with_key(|(matched, unreadable)| {
                    found.others.push(ValueClass {
                        matched: matched.clone(),
                        unreadable: unreadable.clone(),
                        witness: text.clone(),
                        several,
                    });
                    found.others.len() - 1
                });
                if let Some(class) = found.others.get_mut(place) {
                    class.several |= several || class.witness != text;
                }
            };
        // Where texts are only listed, each of them is looked at alone; otherwise examples are a help, and what
        // they do not show is a combination without a witness.
        let tries = match self.lists_texts_only() {
            true if self.patterns() > budget.classes => {
                return Err(self.too_complex(budget.classes));
            }
            true => usize::MAX,
            false => readable::tries(self.patterns()),
        };
        let typed = self.typed_witnesses();
        if typed.len() > budget.classes {
            return Err(self.too_complex(budget.classes));
        }
        let texts = if self.has_texts() { self.text_classes(None)? } else { Vec::new() };
        let other = super::text::other_text(|text| is_named(self.clauses, text));
        // A value of the domain is there even where every clause is about something else.
        let usual = domain.usual();
        let candidates = typed
            .iter()
            .cloned()
            .chain(usual.iter().map(|text| ((*text).to_owned(), domain != Domain::Boolean)))
            .chain(texts.iter().map(|class| (class.witness.clone(), class.several)))
            .chain(self.examples().take(tries).map(|text| (text, true)))
            .chain([(other, true)]);
        for (text, several) in candidates {
            if text.is_empty() && split_empty || !self.is_in_domain(&text) {
                continue;
            }
            let key = self.judge(&text);
            add(Some(text), several, key, &mut found);
        }
        if split_empty && self.is_in_domain("") {
            let (matched, unreadable) = self.judge("");
            found.empty = Some(ValueClass {
                matched,
                unreadable,
                witness: Some(String::new()),
                several: false,
            });
        }
        let is_whole = domain == Domain::Boolean
            || !self.has_texts()
                && self.families().len() == 1
                && domain.family().is_none_or(|own| self.families() == [own]);
        if is_whole || self.lists_texts_only() {
            return Ok(found);
        }
        // Every combination of a class of texts and a cell that no candidate showed.
        let textual: Bits = self.numbered(KeyClause::is_textual);
        let mut cells: Vec<(Bits, Bits)> = Vec::new();
        for family in self.families() {
            let own: Bits = self.numbered(|clause| clause.operator.base.family() == family);
            let mut answers: Vec<(Bits, Bits)> = typed
                .iter()
                .map(|(text, _)| text.as_str())
                .chain(["not-a-value"])
                .map(|text| self.judge(text))
                .map(|(matched, unreadable)| {
                    (matched.intersection(&own), unreadable.intersection(&own))
                })
                .collect();
            answers.sort();
            answers.dedup();
            let before = if cells.is_empty() { vec![(Bits::new(), Bits::new())] } else { cells };
            cells = before
                .iter()
                .flat_map(|(m, u)| {
                    answers
                        .iter()
                        .map(move |(matched, unreadable)| (m.union(matched), u.union(unreadable)))
                })
                .collect();
            if cells.len() > budget.classes {
                return Err(self.too_complex(budget.classes));
            }
        }
        let mut text_answers: Vec<Bits> =
            texts.iter().map(|class| class.signature.intersection(&textual)).collect();
        if text_answers.is_empty() {
            text_answers.push(Bits::new());
        }
        if cells.len().saturating_mul(text_answers.len()) > budget.classes {
            return Err(self.too_complex(budget.classes));
        }
        for answer in &text_answers {
            for (matched, unreadable) in &cells {
                if domain.family().is_some_and(|family| self.all_unreadable(family, unreadable)) {
                    continue;
                }
                add(None, true, (answer.union(matched), unreadable.clone()), &mut found);
            }
        }
        Ok(found)
    }

    fn all_unreadable(&self, family: Family, unreadable: &Bits) -> bool {
        let own = self.numbered(|clause| clause.operator.base.family() == family);
        !own.is_empty() && own.is_subset(unreadable)
    }

    fn numbered(&self, wanted: impl Fn(&KeyClause) -> bool) -> Bits {
        numbered(self.clauses, wanted)
    }

    /// Whether the clauses about texts only list texts: then those are candidates themselves, and
    /// all other texts answer alike.
    fn lists_texts_only(&self) -> bool {
        self.families().len() == 1
            && self
                .clauses
                .iter()
                .flat_map(|clause| clause.patterns())
                .all(|pattern| pattern.only_text().is_some())
    }

    fn too_complex(&self, limit: usize) -> TooComplex {
        TooComplex {
            exceeded: Exceeded::Classes,
            limit,
            subject: "a value compared in several ways".to_owned(),
            because: self
                .clauses
                .iter()
                .flat_map(|clause| clause.values.iter().map(|value| value.text.clone()))
                .collect(),
        }
    }
}

/// Whether a value of `cell` stands to some value of the clause as its operator asks.
fn compares<T: Ordered>(points: &Points<T>, cell: usize, clause: &KeyClause) -> bool {
    let base: BaseOperator = clause.operator.base;
    clause.values.iter().any(|value| match &value.form {
        Form::Typed(Some(text)) => {
            points.compare(cell, text).is_some_and(|order| holds(base.test(), order))
        }
        _ => false,
    })
}
