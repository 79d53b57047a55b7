//! Policies with values that are known when they are deployed, such as those of a template: `<Bucket.Arn>`.
//!
//! Whatever the symbols stand for, an Allow matches at most what it matches with anything in their place, and at
//! least what it matches without the entries that hold them; a Deny the other way round. A matching Allow never
//! takes access away and a matching Deny never grants it, so every deployed policy decides each request
//! as one of two: the policies that allow most, or those that allow least. What holds of both holds of every value.

mod matching;
mod open_resources;
mod role;

use std::collections::BTreeSet;

use iamsure_core::language::condition::{BaseOperator, Clause, ConditionValue, Family};
use iamsure_core::language::document::{
    ActionElement, AwsPrincipal, Effect, PrincipalElement, PrincipalEntry, ResourceElement, Sense,
    Statement,
};
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{ActionName, ActionPattern, Arn, ResourcePattern, Spanned};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::principal::OF_CLOUDFRONT;
use iamsure_core::world::{PolicySet, Request};

pub(crate) use matching::{bounds_where_matching, is_within};
use open_resources::OpenResources;
pub(crate) use role::with_roles;

/// Every ARN.
const ANY_ARN: &str = "arn:*:*:*:*:*";

/// What policies decide whatever their symbols stand for.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// The policies as if every symbol let through the most.
    pub(crate) most: PolicySet,
    /// The policies as if every symbol let through the least.
    pub(crate) least: PolicySet,
    /// The symbols.
    pub symbols: BTreeSet<String>,
}

impl Bounds {
    /// The bounds of `policies`; `None` if they hold no symbol but those in `named`, which equal only themselves.
    pub fn of(policies: &PolicySet, named: &str) -> Option<Self> {
        Self::about(policies, named, &[])
    }

    /// The policies that allow most, and those that allow least.
    pub(crate) fn both(&self) -> Vec<&PolicySet> {
        vec![&self.most, &self.least]
    }

    /// As [`about`](Self::about), for a request.
    pub(crate) fn at(policies: &PolicySet, request: &Request) -> Option<Self> {
        Self::about(policies, "", &[&request.resource])
    }

    /// As [`of`](Self::of), for a question about these resources. One with symbols is what they stand for: it may be
    /// what another entry names.
    pub(crate) fn about(policies: &PolicySet, named: &str, resources: &[&str]) -> Option<Self> {
        let open = Open { named, asked: OpenResources::of(resources) };
        let mut bounds =
            Self { most: policies.clone(), least: policies.clone(), symbols: BTreeSet::new() };
        for (id, _, statement) in policies.statements() {
            let has_some = open.of_statement(statement, &mut bounds.symbols);
            let may_be_about = open.of_asked(statement, &mut bounds.symbols);
            if !has_some && !may_be_about {
                continue;
            }
            let (wide, narrow) = match *statement.effect {
                Effect::Allow => (&mut bounds.most, &mut bounds.least),
                Effect::Deny => (&mut bounds.least, &mut bounds.most),
            };
            if let Some(statement) = wide.statement_mut(id) {
                open.bound(&mut statement.value, Match::Most);
            }
            if let Some(statement) = narrow.statement_mut(id) {
                open.bound(&mut statement.value, Match::Least);
            }
        }
        (!bounds.symbols.is_empty()).then_some(bounds)
    }
}

/// The symbols on which the decision of an action may depend, on one resource or on any: those of the statements that may
/// be about it.
pub fn symbols_about(
    policies: &PolicySet,
    action: &ActionName,
    resource: Option<&str>,
) -> BTreeSet<String> {
    let open = Open { asked: OpenResources::of(resource.as_slice()), ..Open::default() };
    let mut found = BTreeSet::new();
    for (.., statement) in policies.statements() {
        if open.may_be_about(statement, action) {
            open.of_statement(statement, &mut found);
            open.of_asked(statement, &mut found);
        }
    }
    found
}

/// The symbols on which it may depend what a statement does: its own, and those of statements that may be about an action
/// of it.
pub fn symbols_beside(policies: &PolicySet, id: StatementId) -> BTreeSet<String> {
    let open = Open::default();
    let mut found = BTreeSet::new();
    let Some((_, own)) = policies.statement(id) else { return found };
    for (.., other) in policies.statements() {
        if open.may_share_an_action(own, other) {
            open.of_statement(other, &mut found);
        }
    }
    found
}

/// The symbols of a statement.
pub fn symbols_in(statement: &Statement) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    Open::default().of_statement(statement, &mut found);
    found
}

/// The symbols of a text.
pub(crate) fn symbols_of_text(text: &str) -> BTreeSet<String> {
    Open::default().of(text).map(str::to_owned).collect()
}

/// The symbols for whom statements are about.
pub(crate) fn symbols_in_principals(policies: &PolicySet) -> BTreeSet<String> {
    let elements = policies.statements().filter_map(|(.., statement)| statement.principal.as_ref());
    let entries = elements.flat_map(|element| &element.entries);
    entries.flat_map(|entry| symbols_of_text(entry.as_str())).collect()
}

/// Whether a text holds a symbol.
pub(crate) fn has_symbols(text: &str) -> bool {
    !placeholders(text).is_empty()
}

/// Whether a clause holds a symbol.
pub(crate) fn clause_has_symbols(clause: &Clause) -> bool {
    Open::default().is_in_clause(clause)
}

/// A clause with symbols as it holds at most, or at least; `None` if only "always" or "never" bounds it.
pub(crate) fn clause_at(clause: &Clause, bound: Match) -> Option<Clause> {
    let mut clause = clause.clone();
    Open::default().clause(&mut clause, bound).map(|()| clause)
}

/// An action with anything in the place of its symbols.
pub(crate) fn any_action(entry: &ActionPattern) -> ActionPattern {
    Open::default().any_action(entry.as_str())
}

/// A resource with anything in the place of its symbols.
pub(crate) fn any_resource(entry: &ResourcePattern) -> ResourcePattern {
    ResourcePattern::new(Open::default().any_resource(entry.as_str()))
}

/// A value under an operator for which `*` is a wildcard, with anything in the place of its symbols.
pub(crate) fn any_value(value: &ConditionValue, family: Family) -> ConditionValue {
    let text = match family {
        Family::Arn => ANY_ARN.to_owned(),
        _ => Open::default().with_anything(value.as_str()),
    };
    ConditionValue::new(text, value.written(), family)
}

/// The policies with everyone in the place of each principal that is a symbol; `None` if none is.
pub(crate) fn with_any_principal(policies: &PolicySet) -> Option<PolicySet> {
    let open = Open::default();
    let mut found = policies.clone();
    let mut has_some = false;
    for (id, ..) in policies.statements() {
        let Some(statement) = found.statement_mut(id) else { continue };
        let entries =
            statement.value.principal.iter_mut().flat_map(|found| &mut found.value.entries);
        for entry in entries.filter(|entry| open.is_in(entry.as_str())) {
            entry.value = PrincipalEntry::Everyone;
            has_some = true;
        }
    }
    has_some.then_some(found)
}

/// How much a statement is to match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    Most,
    Least,
}

impl Match {
    /// Of an element that lists what is meant, or what is not.
    const fn within(self, sense: Sense) -> Self {
        match (self, sense) {
            (Self::Most, Sense::OneOf) | (Self::Least, Sense::NoneOf) => Self::Most,
            _ => Self::Least,
        }
    }
}

/// The symbols that stand for any value: all but those that are named.
#[derive(Default)]
struct Open<'a> {
    named: &'a str,
    /// The resources that are asked about.
    asked: OpenResources<'a>,
}

impl Open<'_> {
    /// The symbols of a text.
    fn of<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let spans = placeholders(text).into_iter();
        spans
            .filter_map(|span| text.get(span.start..span.end))
            .filter(|symbol| !self.named.contains(symbol))
    }

    fn is_in(&self, text: &str) -> bool {
        self.of(text).next().is_some()
    }

    /// Whether it depends on symbols which of the resources in question an entry is about.
    fn is_open_resource(&self, entry: &str) -> bool {
        self.asked.open_to(entry).next().is_some()
            || self.is_in(entry) && !self.asked.is_settled(entry)
    }

    /// Whether it depends on symbols whom an entry names. An origin access identity is one whatever its ID, and of a canonical
    /// user it is not known anyway who that is (P-13).
    fn is_open_principal(&self, entry: &PrincipalEntry) -> bool {
        let is_one = match entry {
            PrincipalEntry::Aws(aws) => {
                Arn::split(aws.as_str()).is_some_and(|arn| arn.account == OF_CLOUDFRONT)
            }
            PrincipalEntry::CanonicalUser(_) => true,
            _ => false,
        };
        !is_one && self.is_in(entry.as_str())
    }

    fn is_in_clause(&self, clause: &Clause) -> bool {
        self.is_in(clause.key.as_str())
            || clause.values.iter().any(|value| self.is_in(value.as_str()))
    }

    /// Whether two statements may be about one action, as far as single entries tell.
    fn may_share_an_action(&self, one: &Statement, other: &Statement) -> bool {
        let entries = |of: &Statement| -> Option<Vec<ActionPattern>> {
            let element = of.action.as_ref().filter(|found| found.sense == Sense::OneOf)?;
            let entries = element.entries.iter();
            Some(entries.map(|entry| self.any_action(entry.as_str())).collect())
        };
        let (Some(one), Some(other)) = (entries(one), entries(other)) else { return true };
        let matches = |pattern: &ActionPattern, name: &ActionPattern| {
            ActionName::parse(name.as_str()).map(|name| pattern.matches(&name))
        };
        let service =
            |of: &ActionPattern| of.parts().map(|(service, _)| service.to_ascii_lowercase());
        let share = |one: &ActionPattern, other: &ActionPattern| {
            match (matches(one, other), matches(other, one)) {
                (Ok(shares), _) | (_, Ok(shares)) => shares,
                // Of two patterns only the services are compared.
                _ => match (service(one), service(other)) {
                    (Some(one), Some(other)) => {
                        one == other || one.contains(['*', '?']) || other.contains(['*', '?'])
                    }
                    _ => true,
                },
            }
        };
        one.iter().any(|one| other.iter().any(|other| share(one, other)))
    }

    /// Adds the symbols of a statement; whether it has any.
    fn of_statement(&self, statement: &Statement, found: &mut BTreeSet<String>) -> bool {
        let actions = statement.action.iter().flat_map(|element| &element.entries);
        let resources = statement.resource.iter().flat_map(|element| &element.entries);
        let principals = statement.principal.iter().flat_map(|element| &element.entries);
        let clauses = &statement.condition.clauses;
        let values = clauses.iter().flat_map(|clause| &clause.values);
        let resources = resources.map(|entry| entry.as_str());
        let texts = (actions.map(|entry| entry.as_str()))
            .chain(resources.filter(|entry| !self.asked.is_settled(entry)))
            .chain(
                principals
                    .filter(|entry| self.is_open_principal(entry))
                    .map(|entry| entry.as_str()),
            )
            .chain(clauses.iter().map(|clause| clause.key.as_str()))
            .chain(values.map(|value| value.as_str()));
        let symbols: Vec<&str> = texts.flat_map(|text| self.of(text)).collect();
        let has_some = !symbols.is_empty();
        found.extend(symbols.into_iter().map(str::to_owned));
        has_some
    }

    /// Adds the symbols of resources that are asked about and that a statement is about for some values alone; whether
    /// there are any.
    fn of_asked(&self, statement: &Statement, found: &mut BTreeSet<String>) -> bool {
        let entries = statement.resource.iter().flat_map(|element| &element.entries);
        let open: Vec<&str> =
            entries.flat_map(|entry| self.asked.open_to(entry.as_str())).collect();
        found.extend(open.iter().flat_map(|resource| symbols_of_text(resource)));
        !open.is_empty()
    }

    /// Whether the statement may be about an action, whatever the symbols stand for.
    fn may_be_about(&self, statement: &Statement, action: &ActionName) -> bool {
        statement.action.as_ref().is_some_and(|element| {
            let mut entries = element.entries.iter();
            let matches = |entry: &ActionPattern| entry.matches(action);
            match element.sense {
                Sense::OneOf => entries.any(|entry| matches(&self.any_action(entry.as_str()))),
                Sense::NoneOf => {
                    !entries.any(|entry| !self.is_in(entry.as_str()) && matches(entry))
                }
            }
        })
    }

    /// The statement as it matches at most, or at least.
    fn bound(&self, statement: &mut Statement, bound: Match) {
        let mut never = false;
        if let Some(element) = &mut statement.action {
            let ActionElement { sense, entries } = &mut element.value;
            let any = |text: &str| self.any_action(text);
            let is_open = |entry: &ActionPattern| self.is_in(entry.as_str());
            never |= entries_at((sense, entries), bound, ActionPattern::as_str, is_open, any);
        }
        if let Some(element) = &mut statement.resource {
            let ResourceElement { sense, entries } = &mut element.value;
            let any = |text: &str| ResourcePattern::new(self.any_resource(text));
            let is_open = |entry: &ResourcePattern| self.is_open_resource(entry.as_str());
            never |= entries_at((sense, entries), bound, ResourcePattern::as_str, is_open, any);
        }
        if let Some(element) = &mut statement.principal {
            let PrincipalElement { sense, entries } = &mut element.value;
            let any = |_: &str| PrincipalEntry::Everyone;
            let is_open = |entry: &PrincipalEntry| self.is_open_principal(entry);
            never |= entries_at((sense, entries), bound, PrincipalEntry::as_str, is_open, any);
            // Whoever is excluded may be everyone.
            let is_everyone = |entry: &Spanned<PrincipalEntry>| {
                matches!(&entry.value, PrincipalEntry::Everyone)
                    || matches!(&entry.value, PrincipalEntry::Aws(one) if *one == AwsPrincipal::new("*"))
            };
            never |= element.sense == Sense::NoneOf && element.entries.iter().any(is_everyone);
        }
        statement.condition.clauses.retain_mut(|clause| {
            if !self.is_in_clause(clause) {
                return true;
            }
            match (self.clause(&mut clause.value, bound), bound) {
                (Some(()), _) => true,
                (None, Match::Most) => false,
                (None, Match::Least) => {
                    never = true;
                    true
                }
            }
        });
        // A statement without its action never matches (T-7).
        if never && bound == Match::Least {
            statement.action = None;
        }
    }

    /// Bounds a clause with symbols; `None` where only "always" or "never" bounds it.
    fn clause(&self, clause: &mut Clause, bound: Match) -> Option<()> {
        use BaseOperator as Base;
        let operator = &mut clause.operator.value;
        let family = operator.base.family();
        if !matches!(family, Family::String | Family::Arn) || self.is_in(clause.key.as_str()) {
            return None;
        }
        let is_negated = operator.base.is_negated();
        let matches_more = (bound == Match::Most) != is_negated;
        if !matches_more {
            clause.values.retain(|value| !self.is_in(value.as_str()));
            return (!clause.values.is_empty()).then_some(());
        }
        let ignores_case =
            matches!(operator.base, Base::StringEqualsIgnoreCase | Base::StringNotEqualsIgnoreCase);
        operator.base = match (family, is_negated) {
            (Family::Arn, _) => operator.base,
            (_, false) => Base::StringLike,
            (_, true) => Base::StringNotLike,
        };
        for value in &mut clause.values {
            let is_open = self.is_in(value.as_str());
            if is_open || ignores_case {
                let text = match family {
                    Family::Arn => ANY_ARN.to_owned(),
                    _ if ignores_case => "*".to_owned(),
                    _ => self.with_anything(value.as_str()),
                };
                value.value = ConditionValue::new(text, value.written(), family);
            }
        }
        Some(())
    }

    /// The text with `*` in the place of every symbol.
    fn with_anything(&self, text: &str) -> String {
        let mut found = text.to_owned();
        for span in placeholders(text).into_iter().rev() {
            if text.get(span.start..span.end).is_some_and(|symbol| !self.named.contains(symbol)) {
                found.replace_range(span.start..span.end, "*");
            }
        }
        found
    }

    /// What an action with symbols may be. Where the service is one, or part of one, that is any action.
    fn any_action(&self, text: &str) -> ActionPattern {
        let found = self.with_anything(text);
        let service = found.split_once(':').map_or(&*found, |(service, _)| service);
        let is_any = found != text && service.contains('*');
        ActionPattern::new(if is_any { "*" } else { &found })
    }

    /// What a resource with symbols may be. A symbol that something follows is an ARN, or the start of one; alone it
    /// may be `*`.
    fn any_resource(&self, text: &str) -> String {
        if self.asked.may_be_in(text) {
            return "*".to_owned();
        }
        let found = self.with_anything(text);
        match found.strip_prefix('*') {
            Some(rest) if !rest.is_empty() && !rest.contains(':') => format!("{ANY_ARN}{rest}"),
            Some(_) => "*".to_owned(),
            None => found,
        }
    }
}

/// Bounds the entries of an element; whether none is left that could match. `any` makes the entry that stands for
/// whatever an open one may be.
fn entries_at<T>(
    (sense, entries): (&mut Sense, &mut Vec<Spanned<T>>),
    bound: Match,
    text: impl Fn(&T) -> &str,
    is_open: impl Fn(&T) -> bool,
    any: impl Fn(&str) -> T,
) -> bool {
    let Some(span) = entries.first().map(|entry| entry.span) else { return true };
    match bound.within(*sense) {
        Match::Most => {
            for entry in entries.iter_mut().filter(|entry| is_open(&entry.value)) {
                entry.value = any(text(&entry.value));
            }
        }
        Match::Least => entries.retain(|entry| !is_open(&entry.value)),
    }
    let is_empty = entries.is_empty();
    // What excludes nothing matches everything.
    if is_empty && bound == Match::Most {
        *sense = Sense::OneOf;
        entries.push(Spanned::new(any("*"), span));
    }
    is_empty
}
