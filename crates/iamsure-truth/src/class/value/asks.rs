//! What the clauses about a key ask of one value, by the kind of value they compare.

use iamsure_core::language::condition::date::Date;
use iamsure_core::language::condition::number::Number;
use iamsure_core::language::condition::{BaseOperator, Family};
use iamsure_core::world::Switch;
use rustc_hash::FxHashSet;

use super::{Domain, Search, ValueClass, ValueClasses};
use crate::bits::Bits;
use crate::budget::TooComplex;
use crate::class::address::Addresses;
use crate::class::ordered::{Ordered, Points, holds};
use crate::class::plausible::arn_like;
use crate::class::text::{Span, Symbol, TextClass, TextPattern, text_classes};
use crate::clause::{Form, KeyClause};
use crate::sample::EXAMPLE_ACCOUNT;

/// What stands for wildcards in an example of a pattern.
const RUNS: [&str; 2] = ["example", "x"];

/// What the clauses about a key ask, by the kind of value they compare.
pub(super) struct Asks<'a> {
    pub(super) clauses: &'a [&'a KeyClause],
    numbers: Option<Points<Number>>,
    dates: Option<Points<Date>>,
    addresses: Option<Addresses>,
    /// The networks of each clause that compares addresses, by their texts.
    networks: Vec<FxHashSet<&'a str>>,
    /// Clauses with a value that never parses.
    broken: Bits,
    /// The values of the domain, or those that are none, as patterns.
    listed: Vec<TextPattern>,
    pub(super) search: Search<'a>,
}

impl<'a> Asks<'a> {
    pub(super) fn new(clauses: &'a [&'a KeyClause], search: Search<'a>) -> Self {
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
    pub(super) fn families(&self) -> Vec<Family> {
        let mut families = Vec::new();
        families.extend(self.numbers.is_some().then_some(Family::Numeric));
        families.extend(self.dates.is_some().then_some(Family::Date));
        families.extend(self.addresses.is_some().then_some(Family::IpAddress));
        families
    }

    pub(super) fn has_texts(&self) -> bool {
        self.clauses.iter().any(|clause| clause.is_textual())
    }

    /// The classes of texts.
    pub(super) fn text_classes(
        &self,
        universe: Option<&TextPattern>,
    ) -> Result<Vec<TextClass>, TooComplex> {
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
    pub(super) fn patterns(&self) -> usize {
        self.clauses.iter().map(|clause| clause.patterns().count()).sum()
    }

    /// Which clauses match a text, and for which it does not parse.
    pub(super) fn judge(&self, text: &str) -> (Bits, Bits) {
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

    /// The class of the empty text, if the key may have it.
    pub(super) fn of_empty(&self) -> Option<ValueClass> {
        let (matched, unreadable) = self.is_in_domain("").then(|| self.judge(""))?;
        Some(ValueClass { matched, unreadable, witness: Some(String::new()), several: false })
    }

    pub(super) fn is_in_domain(&self, text: &str) -> bool {
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
    pub(super) fn by_text(&self) -> Result<ValueClasses, TooComplex> {
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
        found.empty = split_empty.then(|| self.of_empty()).flatten();
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
    pub(super) fn typed_witnesses(&self) -> Vec<(String, bool)> {
        fn of<T: Ordered>(points: Option<&Points<T>>) -> impl Iterator<Item = (String, bool)> {
            points.into_iter().flat_map(|points| {
                (0..points.cells()).filter_map(|cell| Some((points.witness(cell)?, true)))
            })
        }
        let addresses = self.addresses.iter().flat_map(Addresses::witnesses);
        of(self.numbers.as_ref()).chain(of(self.dates.as_ref())).chain(addresses).collect()
    }

    /// Examples of the patterns, with wildcards filled in.
    pub(super) fn examples(&self) -> impl Iterator<Item = String> {
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

    pub(super) fn numbered(&self, wanted: impl Fn(&KeyClause) -> bool) -> Bits {
        numbered(self.clauses, wanted)
    }
}

/// Q12: an IPv4 address in IPv6 form is the IPv4 address.
fn unmaps(clause: &KeyClause) -> bool {
    clause.switches.is_alternative(Switch::Q12)
}

/// The numbers of the clauses that are wanted.
fn numbered(clauses: &[&KeyClause], wanted: impl Fn(&KeyClause) -> bool) -> Bits {
    let all = clauses.iter().enumerate();
    all.filter(|(_, clause)| wanted(clause)).map(|(at, _)| at).collect()
}

/// Whether some clause lists exactly this text.
pub(super) fn is_named(clauses: &[&KeyClause], text: &str) -> bool {
    clauses.iter().any(|clause| clause.values.iter().any(|value| value.text == text))
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
