//! The entry of a statement that comes closest to a request.

use std::borrow::Cow;

use iamsure_core::decision::StatementExplanation;
use iamsure_core::decision::clause::value_of;
use iamsure_core::decision::statement::facts;
use iamsure_core::language::document::Sense;
use iamsure_core::language::resource::ResourcePattern;
use iamsure_core::language::variable::Token;
use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_reference::{authorized_by, expand};

use super::Search;
use super::alignment::Alignment;

impl Search<'_> {
    /// The entry of Resource that takes the fewest changes.
    pub(super) fn closest_resource(
        &mut self,
        explanation: &StatementExplanation<'_>,
    ) -> Option<(usize, Option<String>)> {
        let element = explanation.statement.resource.as_ref()?;
        if element.sense != Sense::OneOf || self.request.resource == "*" {
            return Some((usize::MAX, None));
        }
        let mut best: Option<(usize, &ResourcePattern)> = None;
        for entry in &element.entries {
            if !self.can_pay(entry.as_str()) {
                continue;
            }
            let Some(tokens) = self.resolved(entry, explanation) else { continue };
            let (distance, _) = Alignment::of(&tokens, &self.request.resource).nearest();
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, entry));
            }
        }
        let (distance, entry) = best?;
        Some((distance, Some(entry.as_str().to_owned())))
    }

    fn can_pay(&mut self, pattern: &str) -> bool {
        let cost = pattern.len().saturating_mul(self.request.resource.len()).saturating_add(1);
        if cost > self.steps {
            self.not_compared += 1;
            return false;
        }
        self.steps -= cost;
        true
    }

    /// The tokens of an entry with the values of the request; `None` if one of them has no value.
    pub(super) fn resolved(
        &self,
        entry: &ResourcePattern,
        explanation: &StatementExplanation<'_>,
    ) -> Option<Vec<Token>> {
        let facts = facts(explanation.document, self.request, self.switches);
        let value = |key: &ConditionKey| value_of(key, facts);
        let resolved = entry.template().resolve(facts.reading, false, value);
        resolved.ok().map(Cow::into_owned)
    }

    /// The entry of Action that means the published action most like the one of the request, in its service.
    pub(super) fn closest_action(
        &self,
        explanation: &StatementExplanation<'_>,
    ) -> Option<(usize, Option<String>)> {
        let element = explanation.statement.action.as_ref()?;
        if element.sense != Sense::OneOf {
            return None;
        }
        let requested = self.request.action.as_str();
        // The name of the API operation, in the place of the action that authorizes it.
        if let Some(entry) = element.entries.iter().find(|entry| authorizes(entry, requested)) {
            return Some((0, Some(entry.as_str().to_owned())));
        }
        let prefix = self.request.action.prefix();
        let of_service = element.entries.iter().filter(|entry| {
            entry.as_str().split_once(':').is_some_and(|(of, _)| of.eq_ignore_ascii_case(prefix))
        });
        of_service
            .filter_map(|entry| {
                let (distance, _) = nearest_action(entry.as_str(), requested)?;
                Some((distance, Some(entry.as_str().to_owned())))
            })
            .min()
    }
}

/// Whether an entry of Action is the name of an API operation that the action authorizes.
pub(super) fn authorizes(entry: &ActionPattern, action: &str) -> bool {
    authorized_by(entry.as_str()).is_some_and(|found| {
        found.actions().iter().any(|known| known.name().eq_ignore_ascii_case(action))
    })
}

/// The published action that a pattern means and that takes the fewest changes.
pub(super) fn nearest_action(pattern: &str, name: &str) -> Option<(usize, &'static str)> {
    let (_, operation) = name.split_once(':')?;
    expand(pattern)
        .map(|found| (strsim::levenshtein(operation, found.operation()), found.name()))
        .filter(|(distance, _)| distance.saturating_mul(2) <= operation.len())
        .min()
}

/// The principals that a statement names.
pub(super) fn principals(explanation: &StatementExplanation<'_>) -> Option<String> {
    let element = explanation.statement.principal.as_ref()?;
    let names: Vec<&str> = element.entries.iter().map(|entry| entry.value.as_str()).collect();
    Some(match (element.sense, names.as_slice()) {
        (Sense::OneOf, [one]) => (*one).to_owned(),
        (Sense::OneOf, [one, ..]) => format!("{one} and {} more", names.len() - 1),
        (Sense::OneOf | Sense::NoneOf, _) => return None,
    })
}
