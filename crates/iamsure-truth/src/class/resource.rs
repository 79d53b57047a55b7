//! Classes of resources: ARNs that no Resource element tells apart, and `*`, the resource of an action
//! without resource types.

use std::sync::LazyLock;

use iamsure_core::decision::distinction;
use iamsure_core::language::document::{ResourceElement, Sense};
use iamsure_core::language::resource::ResourceRules;
use iamsure_core::language::variable::{Reading, Token};
use iamsure_core::language::{PolicyType, ResourcePattern};

use iamsure_core::world::{Switch, Switches};
use rustc_hash::FxHashMap;

use super::readable;
use super::text::{Span, Symbol, TextClass, TextPattern, text_classes};
use crate::bits::Bits;
use crate::budget::{Budget, TooComplex};
use crate::clause::{Part, Settled};

/// A Resource or NotResource element. Two that are written alike are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceClause {
    /// Which of the two.
    pub sense: Sense,
    /// The entries, in order, each once.
    pub entries: Vec<ResourceEntry>,
    /// What is chosen where AWS is silent, of the switches that such a clause depends on: under any other it is
    /// the same clause.
    pub(crate) switches: Switches,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceEntry {
    /// The text as written.
    pub text: String,
    /// What it matches.
    pub form: EntryForm,
    /// Q23: whether it matches the resource `*` too.
    pub matches_all: bool,
}

/// What an entry matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryForm {
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
        let matches_all = rules.all_matches_arns && resource_part == Some([Token::Star].as_slice());
        let form = if entry.is_every() {
            EntryForm::Every
        } else if iamsure_core::language::symbol::is_placeholder(entry.as_str()) {
            EntryForm::Symbol
        } else if entry.is_void(reading, rules) {
            EntryForm::Nothing
        } else {
            arns(entry, tokens, kind, reading, settled, rules)
        };
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
    if missing > 0 {
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
pub(crate) fn rule_patterns(list: &[String]) -> Vec<TextPattern> {
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

/// Resources that everything asked about resources answers alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceClass {
    /// One of them.
    pub witness: String,
    /// The clauses of which some entry without variables matches.
    pub listed: Bits,
    /// The entries with variables, by number, that could match.
    pub possible: Bits,
    /// The lists of the rules of combination that name them.
    pub rules: Bits,
    /// Whether it is the resource `*`.
    pub is_all: bool,
    /// Whether there is more than one.
    pub several: bool,
}

impl ResourceClass {
    /// Whether everything that is asked answers two classes alike.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.is_all, &self.listed, &self.possible, &self.rules)
            == (other.is_all, &other.listed, &other.possible, &other.rules)
    }
}

/// Every concrete ARN.
fn every_arn() -> TextPattern {
    let mut symbols: Vec<Symbol> = "arn:".chars().map(Symbol::Char).collect();
    for _ in 0..4 {
        symbols.extend([Symbol::Run(Span::Field), Symbol::Char(':')]);
    }
    symbols.push(Symbol::Run(Span::All));
    TextPattern::new(symbols)
}

/// What resources are told apart by.
#[derive(Clone, Copy, Debug)]
pub struct ResourceQuestion<'a> {
    /// The elements.
    pub clauses: &'a [&'a ResourceClause],
    /// The entries with variables among them, each once.
    pub relational: &'a [&'a ResourceEntry],
    /// The lists of the rules of combination.
    pub rules: &'a [Vec<String>],
    /// The only resources there are; all, if it is empty.
    pub only: &'a [String],
    /// ARNs to prefer as witnesses.
    pub hints: &'a [String],
}

/// The classes of resources that a question tells apart: `*` first.
///
/// # Errors
/// If it takes more than the budget.
pub fn resource_classes(
    question: ResourceQuestion<'_>,
    budget: Budget,
) -> Result<Vec<ResourceClass>, TooComplex> {
    let asked = Asked::new(question);
    let mut classes: Vec<ResourceClass> = Vec::new();
    let mut places: FxHashMap<(bool, Bits, Bits, Bits), usize> = FxHashMap::default();
    let mut add = |class: ResourceClass| {
        let key = (class.is_all, class.listed.clone(), class.possible.clone(), class.rules.clone());
        if let Some(known) = places.get(&key).and_then(|place| classes.get_mut(*place)) {
            known.several = true;
        } else {
            places.insert(key, classes.len());
            classes.push(class);
        }
    };
    if !question.only.is_empty() {
        question.only.iter().map(|text| asked.of_one(text)).for_each(add);
        return Ok(classes);
    }
    add(asked.of_one("*"));
    for entry in question.clauses.iter().flat_map(|clause| &clause.entries) {
        if entry.form == EntryForm::Symbol {
            add(asked.of_one(&entry.text));
        }
    }
    let found = match asked.by_rule_alone() {
        Some(known) => known,
        None => text_classes(&asked.slices(), Some(&every_arn()), budget).map_err(|error| {
            let because = asked.causes(&error.because).into();
            TooComplex { subject: "Resource".to_owned(), because, ..error }
        })?,
    };
    for class in found {
        let (listed, possible, rules) = asked.split(&class.signature);
        add(ResourceClass {
            witness: class.witness,
            listed,
            possible,
            rules,
            is_all: false,
            several: class.several,
        });
    }
    asked.prefer(&mut classes);
    Ok(classes)
}

/// The class of one resource.
pub(crate) fn class_of_one(question: ResourceQuestion<'_>, resource: &str) -> ResourceClass {
    let rules: Vec<_> = question.rules.iter().map(|list| rule_patterns(list)).collect();
    of_one(question, &rules, resource)
}

/// The class of one resource, with the lists of the rules as patterns.
fn of_one(
    question: ResourceQuestion<'_>,
    rules: &[Vec<TextPattern>],
    resource: &str,
) -> ResourceClass {
    let one = One::new(resource);
    let numbers = |held: &mut dyn Iterator<Item = bool>| -> Bits {
        held.enumerate().filter(|(_, holds)| *holds).map(|(at, _)| at).collect()
    };
    ResourceClass {
        witness: resource.to_owned(),
        listed: numbers(&mut question.clauses.iter().map(|clause| one.is_listed(clause))),
        possible: numbers(&mut question.relational.iter().map(|entry| one.may_match(entry))),
        rules: numbers(&mut rules.iter().map(|list| one.matches_any(list))),
        is_all: one.is_all,
        several: false,
    }
}

/// One resource, held against what is asked.
#[derive(Clone, Copy)]
struct One<'a> {
    resource: &'a str,
    is_all: bool,
}

impl<'a> One<'a> {
    fn new(resource: &'a str) -> Self {
        Self { resource, is_all: resource == "*" }
    }

    fn matches(self, pattern: &TextPattern) -> bool {
        !self.is_all && pattern.matches(self.resource)
    }

    fn matches_any(self, list: &[TextPattern]) -> bool {
        list.iter().any(|pattern| self.matches(pattern))
    }

    fn is_listed(self, clause: &ResourceClause) -> bool {
        clause.entries.iter().any(|entry| match &entry.form {
            EntryForm::Every => true,
            EntryForm::Symbol => entry.text == self.resource,
            EntryForm::Arns(pattern) => self.matches(pattern) || self.is_all && entry.matches_all,
            EntryForm::Relational(..) | EntryForm::NoVariable | EntryForm::Nothing => {
                self.is_all && entry.matches_all
            }
        })
    }

    fn may_match(self, entry: &ResourceEntry) -> bool {
        match &entry.form {
            EntryForm::Relational(pattern, _) => self.matches(pattern),
            _ => false,
        }
    }

    /// Whether it is of a class: [`of_one`] is [like](ResourceClass::is_like) it. What the class is listed by comes first:
    /// most resources are told by that alone.
    fn is_of(
        self,
        class: &ResourceClass,
        question: ResourceQuestion<'_>,
        rules: &[Vec<TextPattern>],
    ) -> bool {
        let listing = class.listed.iter().filter_map(|at| question.clauses.get(at));
        let others = || question.clauses.iter().enumerate();
        self.is_all == class.is_all
            && listing.into_iter().all(|clause| self.is_listed(clause))
            && others().all(|(at, clause)| class.listed.contains(at) || !self.is_listed(clause))
            && (question.relational.iter().enumerate())
                .all(|(at, entry)| self.may_match(entry) == class.possible.contains(at))
            && (rules.iter().enumerate())
                .all(|(at, list)| self.matches_any(list) == class.rules.contains(at))
    }
}

/// Whether a resource is of a class, asked about many resources.
pub(crate) fn is_of_class<'a>(
    question: ResourceQuestion<'a>,
    class: &'a ResourceClass,
) -> impl Fn(&str) -> bool + 'a {
    let rules: Vec<_> = question.rules.iter().map(|list| rule_patterns(list)).collect();
    move |resource| One::new(resource).is_of(class, question, &rules)
}

/// The pattern of an entry whose variables are put in.
pub(crate) fn pattern_of_parts(parts: &[Part], rules: ResourceRules) -> Option<TextPattern> {
    match of_parts(parts.to_vec(), rules) {
        EntryForm::Arns(pattern) => Some(pattern),
        _ => None,
    }
}

/// The classes of ARNs that each list of the rules of combination alone tells apart. They depend on no policy, so
/// they are worked out once.
static OF_RULES: LazyLock<Vec<(Vec<String>, Vec<TextClass>)>> = LazyLock::new(|| {
    let classes = |list: Vec<String>| {
        let patterns = rule_patterns(&list);
        let found = text_classes(&[&patterns], Some(&every_arn()), Budget::default());
        Some((list, found.ok()?))
    };
    distinction::of_all_resources().into_iter().filter_map(classes).collect()
});

/// How many causes of too much work are looked up as they are written.
const MAX_CAUSES: usize = 16;

/// A question with its patterns laid out: clauses, entries with variables, rules.
pub(crate) struct Asked<'a> {
    question: ResourceQuestion<'a>,
    patterns: Vec<Vec<TextPattern>>,
    every: Bits,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(question: ResourceQuestion<'a>) -> Self {
        let of_clause = |clause: &&ResourceClause| {
            let pattern = |entry: &ResourceEntry| match &entry.form {
                EntryForm::Arns(pattern) => Some(pattern.clone()),
                _ => None,
            };
            clause.entries.iter().filter_map(pattern).collect::<Vec<_>>()
        };
        let of_entry = |entry: &&ResourceEntry| match &entry.form {
            EntryForm::Relational(pattern, _) => vec![pattern.clone()],
            _ => Vec::new(),
        };
        let patterns = question
            .clauses
            .iter()
            .map(of_clause)
            .chain(question.relational.iter().map(of_entry))
            .chain(question.rules.iter().map(|list| rule_patterns(list)))
            .collect();
        let names_every = |clause: &&ResourceClause| {
            clause.entries.iter().any(|entry| entry.form == EntryForm::Every)
        };
        let every = question
            .clauses
            .iter()
            .enumerate()
            .filter(|(_, clause)| names_every(clause))
            .map(|(at, _)| at)
            .collect();
        Self { question, patterns, every }
    }

    /// The classes where nothing but one list of the rules of combination tells resources apart.
    fn by_rule_alone(&self) -> Option<Vec<TextClass>> {
        let [rule] = self.question.rules else { return None };
        let clauses = self.question.clauses.len();
        if self.every.len() < clauses || !self.question.relational.is_empty() {
            return None;
        }
        let (_, classes) = OF_RULES.iter().find(|(known, _)| known == rule)?;
        let numbered = |class: &TextClass| TextClass {
            signature: class.signature.raised(clauses),
            ..class.clone()
        };
        Some(classes.iter().map(numbered).collect())
    }

    /// What matches everything tells nothing apart.
    fn slices(&self) -> Vec<&[TextPattern]> {
        self.patterns
            .iter()
            .enumerate()
            .map(|(at, patterns)| if self.every.contains(at) { &[] } else { patterns.as_slice() })
            .collect()
    }

    fn split(&self, signature: &Bits) -> (Bits, Bits, Bits) {
        let clauses = self.question.clauses.len();
        let entries = clauses + self.question.relational.len();
        let part = |from: usize, to: usize| -> Bits {
            signature.iter().filter(|bit| (from..to).contains(bit)).map(|bit| bit - from).collect()
        };
        (
            part(0, clauses).union(&self.every),
            part(clauses, entries),
            part(entries, self.patterns.len()),
        )
    }

    /// A resource of a class that has this form, if there is one and it is found within the budget.
    pub(crate) fn one_of(
        &self,
        class: &ResourceClass,
        form: &TextPattern,
        budget: Budget,
    ) -> Option<String> {
        let found = text_classes(&self.slices(), Some(form), budget).ok()?;
        let mut own = found.into_iter().filter(|found| self.is_of(&found.witness, class));
        own.next().map(|found| found.witness)
    }

    /// The class of one resource.
    pub(crate) fn of_one(&self, text: &str) -> ResourceClass {
        let before = self.question.clauses.len() + self.question.relational.len();
        of_one(self.question, self.patterns.get(before..).unwrap_or_default(), text)
    }

    /// Whether a resource is of a class.
    pub(crate) fn is_of(&self, text: &str, class: &ResourceClass) -> bool {
        let before = self.question.clauses.len() + self.question.relational.len();
        let rules = self.patterns.get(before..).unwrap_or_default();
        One::new(text).is_of(class, self.question, rules)
    }

    /// Readable witnesses: what a policy names, then examples, as far as [`readable`] goes.
    fn prefer(&self, classes: &mut [ResourceClass]) {
        let patterns: usize = self.patterns.iter().map(Vec::len).sum();
        let tries = readable::tries(patterns);
        let named = self.patterns.iter().flatten().filter_map(TextPattern::only_text);
        let examples = self.patterns.iter().flatten().map(|pattern| pattern.example("example"));
        let mut settled: Vec<bool> = classes.iter().map(|class| class.is_all).collect();
        let texts = named.chain(self.question.hints.iter().cloned()).chain(examples);
        for text in texts.take(tries) {
            if iamsure_core::language::Arn::split(&text).is_none() {
                continue;
            }
            let one = self.of_one(&text);
            for (class, settled) in classes.iter_mut().zip(&mut settled) {
                if !*settled && class.is_like(&one) {
                    class.witness.clone_from(&text);
                    *settled = true;
                }
            }
            if settled.iter().all(|settled| *settled) {
                break;
            }
        }
    }

    /// The entries as written, those of the named patterns first.
    fn causes(&self, patterns: &[String]) -> Vec<String> {
        let entries = || self.question.clauses.iter().flat_map(|clause| &clause.entries);
        let mut causes: Vec<String> = Vec::new();
        // No more are named.
        for pattern in patterns.iter().take(MAX_CAUSES) {
            let text = entries()
                .find(|entry| matches!(&entry.form, EntryForm::Arns(known) if known.to_string() == *pattern))
                .map_or_else(|| pattern.clone(), |entry| entry.text.clone());
            if !causes.contains(&text) {
                causes.push(text);
            }
        }
        causes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iamsure_core::language::source::{Span as Place, Spanned};
    use iamsure_core::world::Context;

    fn clause(kind: PolicyType, entries: &[&str], rules: ResourceRules) -> ResourceClause {
        let entries =
            entries.iter().map(|text| Spanned::new(ResourcePattern::new(*text), Place::new(0, 0)));
        let element = ResourceElement { sense: Sense::OneOf, entries: entries.collect() };
        let (context, switches) = (Context::open(), Switches::default());
        let settled = Settled { context: &context, switches: &switches };
        ResourceClause::new(&element, kind, Reading::Substituted, settled, rules)
    }

    fn question<'a>(clauses: &'a [&'a ResourceClause]) -> ResourceQuestion<'a> {
        ResourceQuestion { clauses, relational: &[], rules: &[], only: &[], hints: &[] }
    }

    /// Whether an entry lists a resource, which then is one of the classes that are found without it.
    fn lists(kind: PolicyType, entry: &str, resource: &str, rules: ResourceRules) -> bool {
        let clause = clause(kind, &[entry], rules);
        let own = class_of_one(question(&[&clause]), resource);
        let found = resource_classes(question(&[&clause]), Budget::default()).unwrap();
        assert!(
            found.iter().any(|class| (class.is_all, &class.listed) == (own.is_all, &own.listed)),
            "{entry}: no class of {resource}"
        );
        own.listed.contains(0)
    }

    fn usually(kind: PolicyType, entry: &str, resource: &str) -> bool {
        lists(kind, entry, resource, ResourceRules::default())
    }

    #[test]
    fn a_run_at_the_end_of_its_field_crosses_colons() {
        let identity = PolicyType::Identity;
        let topic = "arn:aws:sns:us-east-1:111122223333:topic3:x";
        // M-12: here the run is the account and the topic.
        assert!(usually(identity, "arn:aws:sns:us-east-1:*:x", topic));
        // Elsewhere in its field it stops at a colon (Q14).
        assert!(!usually(identity, "arn:aws:sns:us-east-1:*3:x", topic));
        assert!(usually(identity, "arn:aws:sns:us-east-1:*3:topic3:x", topic));
        let crossing = ResourceRules { inner_runs_cross: true, ..ResourceRules::default() };
        assert!(lists(identity, "arn:aws:sns:us-east-1:*3:x", topic, crossing));
        // M-11: in the resource part every run crosses.
        assert!(usually(identity, "arn:aws:sns:us-east-1:111122223333:t*x", topic));
    }

    #[test]
    fn one_character_in_an_early_field_is_no_colon() {
        // M-13.
        let resource = "arn:aws:s3::1:a:b";
        assert!(usually(PolicyType::Identity, "arn:aws:s3::1:a?b", resource));
        assert!(!usually(PolicyType::Identity, "arn:aws:s3:?1:a:b", resource));
        assert!(usually(PolicyType::Identity, "arn:aws:s?::1:a:b", resource));
    }

    #[test]
    fn a_short_arn_is_completed_where_the_type_of_policy_says_so() {
        // M-14.
        let object = "arn:aws:s3:::bucket/key";
        for (kind, expected) in [
            (PolicyType::Identity, true),
            (PolicyType::Boundary, true),
            (PolicyType::Session, false),
            (PolicyType::Scp, false),
            (PolicyType::Rcp, false),
            (PolicyType::Resource, false),
            (PolicyType::Endpoint, false),
        ] {
            assert_eq!(usually(kind, "arn:aws:s3", object), expected, "{kind:?}");
            let everywhere =
                ResourceRules { complete_everywhere: true, ..ResourceRules::default() };
            assert!(lists(kind, "arn:aws:s3", object, everywhere), "{kind:?}");
        }
        // A run at the end makes it whole; sessions and RCPs reject short ones all the same.
        assert!(usually(PolicyType::Scp, "arn:aws:s3*", object));
        assert!(usually(PolicyType::Resource, "arn:aws:s3*", object));
        assert!(!usually(PolicyType::Session, "arn:aws:s3*", object));
        assert!(!usually(PolicyType::Rcp, "arn:aws:s3*", object));
    }

    #[test]
    fn the_resource_star_is_listed_by_star_alone() {
        // M-10, M-16.
        let identity = PolicyType::Identity;
        assert!(usually(identity, "*", "*"));
        assert!(usually(identity, "*", "arn:aws:s3:::bucket"));
        assert!(!usually(identity, "arn:aws:s3:::*", "*"));
        let all = ResourceRules { all_matches_arns: true, ..ResourceRules::default() };
        assert!(lists(identity, "arn:aws:s3:::*", "*", all));
        assert!(!lists(identity, "arn:aws:s3:::bucket*", "*", all));
    }

    #[test]
    fn case_counts_in_the_first_fields_unless_the_switch_says_otherwise() {
        // M-15.
        let ignoring = ResourceRules { fields_ignore_case: true, ..ResourceRules::default() };
        let object = "arn:aws:s3:::bucket";
        assert!(!usually(PolicyType::Identity, "arn:AWS:s3:::bucket", object));
        assert!(lists(PolicyType::Identity, "arn:AWS:s3:::bucket", object, ignoring));
        assert!(!lists(PolicyType::Identity, "arn:aws:s3:::BUCKET", object, ignoring));
    }
}
