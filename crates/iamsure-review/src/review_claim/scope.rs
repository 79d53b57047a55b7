//! Which requests a statement is about, said in the language of claims.

use iamsure_core::language::document::{Named, PrincipalEntry, Sense};
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{ActionName, ConditionKey, PolicyDocument, PolicyType, Statement};
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::claim::{Condition, Fact, Target, Test};
use iamsure_truth::sample::account_of;

use super::{clause, say};

/// What the root user of a bucket's owner may do whatever the bucket policy denies (E-34): that is no
/// finding about the policy.
const RESCUES: [&str; 3] = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/// A statement with its place and the reading of its texts.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) id: StatementId,
    pub(super) statement: &'a Statement,
    pub(super) reading: Reading,
}

/// The requests of a statement.
pub(super) struct Scope {
    /// Its actions and resources, unless it lists what it is not about.
    pub(super) target: Target,
    /// What else is asked of them.
    pub(super) conditions: Vec<Condition>,
}

impl<'a> Found<'a> {
    pub(super) fn new(
        id: StatementId,
        document: &PolicyDocument,
        statement: &'a Statement,
    ) -> Self {
        Self { id, statement, reading: document.reading(false) }
    }

    /// The requests with its actions and resources, by its principals; whatever its conditions say.
    /// `None` if claims have no words for it.
    pub(super) fn scope(&self) -> Option<Scope> {
        let mut scope = Scope { target: Target::default(), conditions: Vec::new() };
        let action = self.statement.action.as_ref()?;
        let patterns: Vec<_> = action.entries.iter().map(|entry| entry.value.clone()).collect();
        match action.sense {
            Sense::OneOf => scope.target.actions = patterns,
            Sense::NoneOf => scope.conditions.push(say::not(say::fact(Fact::Action(patterns)))),
        }
        if let Some(resource) = &self.statement.resource {
            let texts = || resource.entries.iter().map(|entry| entry.as_str().to_owned());
            // A variable of a claim must be one in the policy.
            if self.reading == Reading::Plain && texts().any(|text| text.contains("${")) {
                return None;
            }
            let is_every = resource.entries.iter().any(|entry| entry.is_every());
            match resource.sense {
                Sense::OneOf if is_every => {}
                Sense::OneOf => scope.target.resources = texts().collect(),
                Sense::NoneOf => {
                    scope.conditions.push(say::not(say::fact(Fact::Resource(texts().collect()))));
                }
            }
        }
        if self.id.layer == PolicyType::Trust && self.statement.resource.is_none() {
            scope.target.resources.push(say::ROLES.to_owned());
        }
        scope.conditions.extend(self.principals()?);
        if self.id.layer == PolicyType::Resource && RESCUES.iter().any(|action| self.covers(action))
        {
            let root = Test::Like(vec!["arn:aws:iam::*:root".to_owned()]);
            let principal = ConditionKey::from("aws:PrincipalArn");
            scope.conditions.push(say::not(say::key(&principal, None, root)));
        }
        Some(scope)
    }

    /// As [`scope`](Self::scope), with what every clause asks but this one and those on the same key.
    pub(super) fn scope_beside(&self, number: usize) -> Option<Scope> {
        let mut scope = self.scope()?;
        let clauses = &self.statement.condition.clauses;
        let key = &clauses.get(number)?.key.value;
        for clause in clauses.iter().filter(|clause| clause.key.value != *key) {
            scope.conditions.push(clause::condition(clause, self.reading)?);
        }
        Some(scope)
    }

    /// Whether only one clause asks for the key of this one.
    pub(super) fn is_alone(&self, number: usize) -> bool {
        let clauses = &self.statement.condition.clauses;
        clauses.get(number).is_some_and(|of| {
            clauses.iter().filter(|clause| clause.key.value == of.key.value).count() == 1
        })
    }

    /// Whether the statement covers an action of this name.
    pub(super) fn covers(&self, action: &str) -> bool {
        let Ok(name) = ActionName::parse(action) else { return false };
        self.statement.action.as_ref().is_some_and(|element| {
            let is_among = element.entries.iter().any(|entry| entry.matches(&name));
            is_among == (element.sense == Sense::OneOf)
        })
    }

    /// Whether it names `action` or part of its service, rather than everything.
    pub(super) fn names(&self, action: &str) -> bool {
        let Ok(name) = ActionName::parse(action) else { return false };
        self.statement.action.as_ref().is_some_and(|element| {
            element.sense == Sense::OneOf
                && element.entries.iter().any(|entry| !entry.is_every() && entry.matches(&name))
        })
    }

    /// The entries of Principal, if it has one.
    pub(super) fn entries(&self) -> impl Iterator<Item = &'a PrincipalEntry> {
        let element = self.statement.principal.as_ref();
        element
            .filter(|element| element.sense == Sense::OneOf)
            .into_iter()
            .flat_map(|element| element.entries.iter().map(|entry| &entry.value))
    }

    /// Whether its Principal lets in somebody of another account than this one, services aside.
    pub(super) fn names_others(&self, account: &str) -> bool {
        self.entries().any(|entry| match entry {
            PrincipalEntry::Everyone => true,
            PrincipalEntry::Aws(aws) => match aws.named() {
                Named::Account(named) => named != account,
                _ => account_of(aws.as_str()) != Some(account),
            },
            _ => false,
        })
    }

    /// What its Principal says; nothing, if that is everyone. `None` if claims have no words for it.
    fn principals(&self) -> Option<Vec<Condition>> {
        let Some(element) = &self.statement.principal else { return Some(Vec::new()) };
        if element.sense == Sense::NoneOf {
            return None;
        }
        let mut named = Vec::new();
        for entry in &element.entries {
            named.push(match &entry.value {
                PrincipalEntry::Everyone => return Some(Vec::new()),
                PrincipalEntry::Service(name) => say::is("aws:PrincipalServiceName", name),
                PrincipalEntry::Aws(aws) => match aws.named() {
                    Named::Everyone => return Some(Vec::new()),
                    Named::Account(account) => say::is("aws:PrincipalAccount", account),
                    Named::Role { .. } | Named::User(_) => {
                        say::is("aws:PrincipalArn", aws.as_str())
                    }
                    _ => return None,
                },
                _ => return None,
            });
        }
        Some(say::any(named).into_iter().collect())
    }
}
