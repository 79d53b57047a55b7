//! Whom the values of a class of `aws:PrincipalArn` identify, as far as the clauses say that they match.
//!
//! What is not said is left open: a rule is broken only where every value of a class breaks it.

use iamsure_core::language::Arn;
use iamsure_core::language::condition::{Family, Test};

use crate::class::identity::{Identity, IdentityKey, Kind};
use crate::class::state::{StateClass, StateClasses, StateKind};
use crate::clause::{Form, KeyClause};
use crate::sample::account_of;

/// The callers that the values of a class may identify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identified {
    pub(super) kinds: Vec<Kind>,
    /// Their accounts; any, if there is none.
    pub(super) accounts: Option<Vec<String>>,
}

impl Identified {
    /// Whom the values of a class identify; `None` if it has none.
    pub(super) fn by(
        class: &StateClass,
        classes: &StateClasses,
        clauses: &[KeyClause],
    ) -> Option<Self> {
        let StateKind::Value(number) = class.kind else { return None };
        let value = classes.values.get(number)?;
        let mut found = Self { kinds: Kind::ALL.to_vec(), accounts: None };
        if let Some(witness) = value.witness.as_deref().filter(|_| !value.several) {
            found.limit(&[Fields::of(witness, false)]);
            return Some(found);
        }
        for clause in value.matched.iter().filter_map(|at| clauses.get(at)) {
            let is_textual = |form: &Form| matches!(form, Form::Text(Some(_)));
            let texts = clause.values.iter().filter(|value| is_textual(&value.form));
            let crosses = clause.operator.base.family() != Family::Arn
                && clause.operator.base.test() == Test::Like;
            let each: Vec<_> = texts.map(|value| Fields::of(&value.text, crosses)).collect();
            // What compares no texts says nothing of ARNs.
            if !each.is_empty() {
                found.limit(&each);
            }
        }
        Some(found)
    }

    /// The kinds of caller whose `aws:userid` the values of a class may be; `None` if it has none.
    pub(super) fn by_id(
        class: &StateClass,
        classes: &StateClasses,
        clauses: &[KeyClause],
    ) -> Option<Vec<Kind>> {
        let StateKind::Value(number) = class.kind else { return None };
        let value = classes.values.get(number)?;
        let may_be = |kind: &Kind| {
            let identity = Identity {
                key: IdentityKey::UniqueId,
                kind: Some(*kind),
                account: None,
                role: None,
                in_aws: false,
            };
            if let Some(witness) = value.witness.as_deref().filter(|_| !value.several) {
                return identity.is_value(witness);
            }
            // Only the ids of sessions hold a colon.
            let of_sessions = matches!(kind, Kind::Role | Kind::FederatedUser);
            of_sessions || !value.matched.iter().any(|at| holds_colon(clauses.get(at)))
        };
        Some(Kind::ALL.into_iter().filter(may_be).collect())
    }

    /// Keeps what one of these patterns may mean.
    fn limit(&mut self, patterns: &[Option<Fields<'_>>]) {
        let may = |wanted: &dyn Fn(&Fields<'_>) -> bool| {
            patterns.iter().any(|pattern| pattern.as_ref().is_none_or(wanted))
        };
        self.kinds.retain(|kind| may(&|fields| fields.may_be(*kind)));
        let accounts: Option<Vec<&str>> =
            patterns.iter().map(|fields| fields.as_ref()?.account()).collect();
        let Some(accounts) = accounts else { return };
        match &mut self.accounts {
            Some(known) => known.retain(|account| accounts.contains(&account.as_str())),
            None => self.accounts = Some(accounts.into_iter().map(str::to_owned).collect()),
        }
    }
}

/// Whether whatever a clause matches holds a colon.
fn holds_colon(clause: Option<&KeyClause>) -> bool {
    let mut patterns = clause
        .into_iter()
        .flat_map(|clause| &clause.values)
        .filter(|value| matches!(value.form, Form::Text(Some(_))))
        .map(|value| value.text.contains(':'));
    let first = patterns.next();
    first == Some(true) && patterns.all(|holds| holds)
}

/// The fields of a pattern of ARNs that tell callers apart.
struct Fields<'a>(Arn<'a>);

impl<'a> Fields<'a> {
    /// `None` where a wildcard may be more than a part of its field.
    fn of(text: &'a str, crosses: bool) -> Option<Self> {
        let arn = Arn::split(text)?;
        let before = text.len() - arn.resource.len();
        let is_wild = crosses && text.get(..before)?.contains(['*', '?']);
        (!is_wild).then_some(Self(arn))
    }

    fn account(&self) -> Option<&'a str> {
        Some(self.0.account).filter(|account| is_literal(account))
    }

    fn may_be(&self, kind: Kind) -> bool {
        let (service, resource, _) = kind.arn();
        let begins = |text: &str, start: &str| {
            text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start))
        };
        let agrees = |pattern: &str, text: &str| {
            let start = pattern.split(['*', '?']).next().unwrap_or_default();
            begins(start, text) || (!is_literal(pattern) && begins(text, start))
        };
        let is_service =
            !is_literal(self.0.service) || self.0.service.eq_ignore_ascii_case(service);
        is_service && agrees(self.0.resource, resource)
    }
}

/// The account that every text matched by a pattern has, if it is one: nothing before it is a wildcard.
pub(super) fn account_in(pattern: &str) -> Option<&str> {
    Fields::of(pattern, true)?;
    account_of(pattern)
}

fn is_literal(pattern: &str) -> bool {
    !pattern.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(pattern: &str) -> Vec<Kind> {
        let mut found = Identified { kinds: Kind::ALL.to_vec(), accounts: None };
        found.limit(&[Fields::of(pattern, true)]);
        found.kinds
    }

    #[test]
    fn the_beginning_of_a_resource_tells_the_kind() {
        for (pattern, expected) in [
            ("arn:aws:iam::111122223333:role/app", vec![Kind::Role]),
            ("arn:aws:iam::111122223333:r*", vec![Kind::Role, Kind::Root]),
            ("arn:aws:iam::111122223333:ro?e/x", vec![Kind::Role, Kind::Root]),
            ("arn:aws:iam::111122223333:root", vec![Kind::Root]),
            ("arn:aws:iam::111122223333:*", vec![Kind::Role, Kind::User, Kind::Root]),
            ("arn:aws:sts::111122223333:*", vec![Kind::FederatedUser]),
            ("arn:aws:iam::111122223333:group/x", vec![]),
            // Either may reach over a colon.
            ("arn:aws:i*:111122223333:root", Kind::ALL.to_vec()),
            ("*", Kind::ALL.to_vec()),
        ] {
            assert_eq!(kinds(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn accounts_are_known_where_every_pattern_names_one() {
        let accounts = |patterns: &[&str]| {
            let mut found = Identified { kinds: Vec::new(), accounts: None };
            let each: Vec<_> = patterns.iter().map(|text| Fields::of(text, false)).collect();
            found.limit(&each);
            found.accounts
        };
        let (one, two) = ("arn:aws:iam::111122223333:role/*", "arn:aws:iam::444455556666:root");
        assert_eq!(
            accounts(&[one, two]),
            Some(vec!["111122223333".to_owned(), "444455556666".to_owned()])
        );
        assert_eq!(accounts(&[one, "arn:aws:iam::*:root"]), None);
        assert_eq!(accounts(&[one, "*"]), None);
    }
}
