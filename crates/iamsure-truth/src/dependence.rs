//! Which switches an answer depends on.

use iamsure_core::language::condition::{ConditionValue, Family, Quantifier, arn};
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{ActionPattern, PolicyDocument, Statement};
use iamsure_core::world::{PolicySet, Switch, Switches};

use crate::model::{Model, ScopedActions};

/// The most nodes and classes of a model that is built again for every switch.
pub(crate) const MAX_SWITCH_NODES: usize = 4_000;

/// Whether a model is small enough to be built again for every switch.
pub(crate) fn may_be_rebuilt(model: &Model) -> bool {
    let size: usize = model
        .residuals
        .iter()
        .map(|residual| {
            residual.diagram.len()
                + residual.subjects.iter().map(|subject| subject.classes.len()).sum::<usize>()
        })
        .sum();
    size <= MAX_SWITCH_NODES
}

/// Every other choice of a switch that the policies hold anything about, with its name, and what the
/// switches are with it. Q20 is a choice of call paths and Q7 one of reading; neither is asked here.
pub(crate) fn alternatives<'a>(
    policies: &'a PolicySet,
    switches: &'a Switches,
) -> impl Iterator<Item = (Switch, &'static str, Switches)> + 'a {
    Switch::ALL
        .iter()
        .copied()
        .filter(|switch| {
            !matches!(switch, Switch::Q7 | Switch::Q20) && may_matter(*switch, policies)
        })
        .flat_map(move |switch| {
            let chosen = switches.alternative(switch);
            let default = chosen.map(|_| (switch, "default", switches.with_default(switch)));
            let others = (switch.alternatives().iter().enumerate())
                .filter(move |(_, alternative)| chosen != Some(alternative))
                .map(move |(index, alternative)| {
                    (switch, alternative.name, switches.with(switch, index))
                });
            default.into_iter().chain(others)
        })
}

/// As [`alternatives`], but for those about what statements say of other actions than `actions`; all, if there are none.
pub(crate) fn alternatives_for<'a>(
    policies: &'a PolicySet,
    switches: &'a Switches,
    actions: &'a [ActionPattern],
) -> impl Iterator<Item = (Switch, &'static str, Switches)> + 'a {
    let scoped = ScopedActions::new(actions);
    let holds = move |switch: Switch| {
        policies.statements().any(|(_, document, statement)| {
            scoped.may_be_named(statement.action.as_deref())
                && may_matter_in(switch, document, statement)
        })
    };
    alternatives(policies, switches)
        .filter(move |(switch, ..)| !is_of_reading(*switch) || holds(*switch))
}

/// Whether a switch is about what a clause, or the Version, says, and about nothing else: not about whom a
/// statement is for, nor about the rules of combination.
pub(crate) const fn is_of_reading(switch: Switch) -> bool {
    match switch {
        Switch::Q1
        | Switch::Q2
        | Switch::Q3
        | Switch::Q4
        | Switch::Q5
        | Switch::Q6
        | Switch::Q10
        | Switch::Q11
        | Switch::Q12
        | Switch::Q13
        | Switch::Q14
        | Switch::Q15
        | Switch::Q16
        | Switch::Q17
        | Switch::Q21
        | Switch::Q23
        | Switch::Q26
        | Switch::Q27 => true,
        Switch::Q7
        | Switch::Q8
        | Switch::Q9
        | Switch::Q18
        | Switch::Q19
        | Switch::Q20
        | Switch::Q22
        | Switch::Q24
        | Switch::Q25 => false,
    }
}

/// Whether the policies hold anything that a switch is about. "Yes" costs time, "no" must be certain.
pub(crate) fn may_matter(switch: Switch, policies: &PolicySet) -> bool {
    match switch {
        Switch::Q18 => policies.endpoint.is_some(),
        Switch::Q19 => !policies.session.is_empty(),
        Switch::Q22 => true,
        Switch::Q7 | Switch::Q20 => false,
        _ => policies
            .statements()
            .any(|(_, document, statement)| may_matter_in(switch, document, statement)),
    }
}

/// Whether a statement holds anything that a switch is about, or the switch is about something else than what
/// statements hold. "Yes" costs time, "no" must be certain.
pub(crate) fn may_matter_in(
    switch: Switch,
    document: &PolicyDocument,
    statement: &Statement,
) -> bool {
    let clauses = || statement.condition.clauses.iter();
    let entries = || statement.resource.iter().flat_map(|element| &element.entries);
    let has_variables = || {
        entries().any(|entry| entry.template().has_variables())
            || clauses()
                .any(|clause| clause.values.iter().any(|value| value.template().has_variables()))
    };
    let family = |wanted: Family| clauses().any(|clause| clause.operator.base.family() == wanted);
    match switch {
        Switch::Q1 => document.version.is_none() && has_variables(),
        Switch::Q2 => clauses().any(|clause| {
            clause.operator.base.is_negated()
                && matches!(
                    clause.operator.base.family(),
                    Family::Numeric | Family::Date | Family::IpAddress
                )
        }),
        Switch::Q3 | Switch::Q11 | Switch::Q16 | Switch::Q21 => has_variables(),
        Switch::Q10 => family(Family::Bool) && has_variables(),
        Switch::Q4 => clauses().any(|clause| {
            clause.operator.quantifier.is_none() && clause.operator.base.family() != Family::Null
        }),
        Switch::Q5 => family(Family::Null),
        Switch::Q6 => clauses().any(|clause| {
            clause.operator.if_exists && clause.operator.quantifier == Some(Quantifier::ForAnyValue)
        }),
        Switch::Q8 | Switch::Q9 | Switch::Q24 | Switch::Q25 => statement.principal.is_some(),
        Switch::Q12 => family(Family::IpAddress),
        Switch::Q17 => family(Family::Date),
        Switch::Q13 | Switch::Q14 | Switch::Q15 | Switch::Q23 => {
            entries().any(|entry| !entry.is_every())
        }
        Switch::Q26 => entries().any(|entry| entry.has_early_variable()),
        Switch::Q27 => clauses().any(|clause| {
            let is_short = |value: &ConditionValue| {
                [Reading::Plain, Reading::Substituted]
                    .iter()
                    .any(|reading| arn::is_short(value.template(), *reading))
            };
            clause.operator.base.family() == Family::Arn
                && clause.values.iter().any(|value| is_short(value))
        }),
        Switch::Q7 | Switch::Q18 | Switch::Q19 | Switch::Q20 | Switch::Q22 => true,
    }
}
