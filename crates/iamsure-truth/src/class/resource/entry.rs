//! Resource elements and their entries: what each entry matches.

use iamsure_core::language::document::{ResourceElement, Sense};
use iamsure_core::language::resource::ResourceRules;
use iamsure_core::language::variable::{Reading, Token};
use iamsure_core::language::{PolicyType, ResourcePattern};
use iamsure_core::world::{Switch, Switches};

use crate::class::text::{Span, Symbol, TextPattern};
use crate::clause::{Part, Settled};

/// A Resource or NotResource element. Two that are written alike are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceClause {
    /// Which of the two.
    pub(crate) sense: Sense,
    /// The entries, in order, each once.
    pub(crate) entries: Vec<ResourceEntry>,
    /// What is chosen where AWS is silent, of the switches that such a clause depends on: under any other it is
    /// the same clause.
    pub(crate) switches: Switches,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceEntry {
    /// The text as written.
    pub(crate) text: String,
    /// What it matches.
    pub(crate) form: EntryForm,
    /// Q23: whether it matches the resource `*` too.
    pub(crate) matches_all: bool,
}

/// What an entry matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum EntryForm {
    /// `*`: every resource.
    Every,
    /// ARNs of this pattern.
    Arns(TextPattern),
    /// A placeholder, which matches only itself.
    Symbol,
    /// ARNs of the pattern, if the variables have the right values.
    Relational(TextPattern, Vec<Part>),
    /// A variable has no value, and never will (V-7).
    NoVariable,
    /// No resource.
    Nothing,
}

/// The switches that an entry with variables depends on.
const OF_VARIABLES: [Switch; 7] =
    [Switch::Q3, Switch::Q11, Switch::Q13, Switch::Q14, Switch::Q15, Switch::Q16, Switch::Q23];

impl ResourceClause {
    pub(crate) fn new(
        element: &ResourceElement,
        kind: PolicyType,
        reading: Reading,
        settled: Settled<'_>,
        rules: ResourceRules,
    ) -> Self {
        let mut entries: Vec<ResourceEntry> = element
            .entries
            .iter()
            .map(|entry| ResourceEntry::new(entry, kind, reading, settled, rules))
            .collect();
        entries.sort_unstable();
        entries.dedup();
        let has_variables = entries
            .iter()
            .any(|entry| matches!(entry.form, EntryForm::Relational(..) | EntryForm::NoVariable));
        // What the switches make of a text is in its form; what variables will stand for is not.
        let asked: &[Switch] = if has_variables { &OF_VARIABLES } else { &[] };
        Self { sense: element.sense, entries, switches: settled.switches.only(asked) }
    }

    /// The clause of the resources of all, each of which lists what it is about.
    pub(crate) fn union(clauses: &[&Self]) -> Self {
        // All are read under the same switches, but not all depend on any.
        let switches = clauses.iter().map(|clause| clause.switches);
        let switches = switches.max().unwrap_or_default();
        let mut entries: Vec<_> =
            clauses.iter().flat_map(|clause| clause.entries.iter().cloned()).collect();
        entries.sort_unstable();
        entries.dedup();
        Self { sense: Sense::OneOf, entries, switches }
    }
}

impl ResourceEntry {
    pub(crate) fn new(
        entry: &ResourcePattern,
        kind: PolicyType,
        reading: Reading,
        settled: Settled<'_>,
        rules: ResourceRules,
    ) -> Self {
        let tokens = entry.template().tokens(reading);
        let resource_part = tokens.splitn(6, |token| *token == Token::Char(':')).nth(5);
        let is_of_all = resource_part == Some([Token::Star].as_slice());
        let form = if entry.is_every() {
            EntryForm::Every
        } else if iamsure_core::language::symbol::is_placeholder(entry.as_str()) {
            EntryForm::Symbol
        } else if entry.is_void(reading, rules) {
            EntryForm::Nothing
        } else {
            arns(entry, tokens, kind, reading, settled, rules)
        };
        // What matches nothing does not match this either.
        let matches_all = rules.all_matches_arns && is_of_all && form != EntryForm::Nothing;
        Self { text: entry.as_str().to_owned(), form, matches_all }
    }
}

/// M-10 to M-14.
fn arns(
    entry: &ResourcePattern,
    tokens: &[Token],
    kind: PolicyType,
    reading: Reading,
    settled: Settled<'_>,
    rules: ResourceRules,
) -> EntryForm {
    let Some(mut parts) = settled.parts(tokens, true) else { return EntryForm::NoVariable };
    let missing = entry.missing_fields(reading);
    // A short entry with a variable is read as it is written: AWS documents neither (M-14, Q26).
    let varies = tokens.iter().any(|token| matches!(token, Token::Variable(_)));
    if missing > 0 && !varies {
        match kind {
            PolicyType::Identity | PolicyType::Boundary => {}
            _ if rules.complete_everywhere => {}
            PolicyType::Session | PolicyType::Rcp => return EntryForm::Nothing,
            // As written.
            PolicyType::Resource | PolicyType::Trust | PolicyType::Endpoint | PolicyType::Scp => {
                return of_parts(parts, rules);
            }
        }
        for _ in 0..missing {
            parts.extend([Part::Char(':'), Part::Run]);
        }
    }
    of_parts(parts, rules)
}

fn of_parts(parts: Vec<Part>, rules: ResourceRules) -> EntryForm {
    let mut colons = 0;
    let mut symbols = Vec::with_capacity(parts.len());
    let mut relational = false;
    for (index, part) in parts.iter().enumerate() {
        let early = colons < 5;
        let last_in_field = matches!(parts.get(index + 1), None | Some(Part::Char(':')));
        symbols.push(match part {
            Part::Char(c) => Symbol::char(*c, early && rules.fields_ignore_case),
            Part::Run if early && !last_in_field && !rules.inner_runs_cross => {
                Symbol::Run(Span::Field)
            }
            Part::One if early => Symbol::One(Span::Field),
            Part::Run => Symbol::Run(Span::All),
            Part::One => Symbol::One(Span::All),
            // Whatever it stands for.
            Part::Variable(..) => {
                relational = true;
                Symbol::Run(Span::All)
            }
        });
        if *part == Part::Char(':') {
            colons += 1;
        }
    }
    let pattern = TextPattern::new(symbols);
    if relational { EntryForm::Relational(pattern, parts) } else { EntryForm::Arns(pattern) }
}

/// A list of the rules of combination as patterns: `*` stays within its field up to the fifth colon,
/// `#` is a digit.
pub(super) fn rule_patterns(list: &[String]) -> Vec<TextPattern> {
    let pattern = |text: &String| {
        let mut colons = 0;
        let symbols: Vec<Symbol> = text
            .chars()
            .map(|c| {
                colons += usize::from(c == ':');
                match c {
                    '*' if colons < 5 => Symbol::Run(Span::Field),
                    '*' => Symbol::Run(Span::All),
                    '#' => Symbol::One(Span::Digit),
                    c => Symbol::Char(c),
                }
            })
            .collect();
        TextPattern::new(symbols)
    };
    list.iter().map(pattern).collect()
}

/// The pattern of an entry whose variables are put in.
pub(crate) fn pattern_of_parts(parts: &[Part], rules: ResourceRules) -> Option<TextPattern> {
    match of_parts(parts.to_vec(), rules) {
        EntryForm::Arns(pattern) => Some(pattern),
        _ => None,
    }
}
