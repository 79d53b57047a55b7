//! What a clause says of a state, whatever classes there are.

use iamsure_core::language::condition::{Family, Operator, Quantifier};
use iamsure_core::world::Switch;

use super::Key;
use crate::class::value::ValueClass;
use crate::clause::{Form, KeyClause};

/// What a clause says of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Answer {
    /// False.
    No,
    /// True.
    Yes,
    /// True if some value with variables matches.
    IfRelated,
    /// True if no value with variables matches.
    IfUnrelated,
    /// It depends on which elements match values with variables.
    IfElements,
}

impl From<bool> for Answer {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

impl Key<'_> {
    /// C-10 to C-12, C-41, C-42.
    pub(super) fn absent(clause: &KeyClause) -> Answer {
        let Operator { quantifier, base, if_exists } = clause.operator;
        if base.family() == Family::Null {
            return presence(clause, true);
        }
        match quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => {
                if_exists && clause.switches.is_alternative(Switch::Q6)
            }
            None => base.is_negated() || if_exists,
        }
        .into()
    }

    /// A set of elements that are all empty, or one value that is the empty text under a set operator (C-47).
    pub(super) fn empty_elements(clause: &KeyClause) -> Answer {
        if clause.operator.base.family() == Family::Null {
            return presence(clause, true);
        }
        match clause.operator.quantifier {
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) | None => false,
        }
        .into()
    }

    /// One value.
    pub(super) fn single(
        clause: &KeyClause,
        at: usize,
        value: &ValueClass,
        is_empty: bool,
    ) -> Answer {
        let Operator { quantifier, base, if_exists } = clause.operator;
        if base.family() == Family::Null {
            return presence(clause, is_empty && clause.switches.is_alternative(Switch::Q5));
        }
        if is_empty && quantifier.is_some() {
            return Self::empty_elements(clause);
        }
        // C-7.
        if clause.values.is_empty() && (quantifier.is_some() || if_exists) {
            return Answer::No;
        }
        Self::element(clause, at, value)
    }

    /// C-2 to C-5.
    pub(super) fn element(clause: &KeyClause, at: usize, value: &ValueClass) -> Answer {
        let negated = clause.operator.base.is_negated();
        if value.matched.contains(at) {
            return (!negated).into();
        }
        let no_variable = clause.values.iter().any(|value| value.form == Form::NoVariable);
        let vetoed = negated
            && (value.unreadable.contains(at) && clause.switches.is_alternative(Switch::Q2)
                || no_variable && clause.switches.is_alternative(Switch::Q21));
        if clause.is_relational() {
            return match (negated, vetoed) {
                (true, true) => Answer::No,
                (true, false) => Answer::IfUnrelated,
                (false, _) => Answer::IfRelated,
            };
        }
        (negated && !vetoed).into()
    }

    /// A set without elements: to a plain operator the key is absent (C-45).
    pub(super) fn no_elements(clause: &KeyClause) -> Answer {
        if judges_one(clause) { Self::absent(clause) } else { Self::empty_elements(clause) }
    }

    /// A set of one element, and that is empty: to a plain operator it is the empty text (C-45).
    pub(super) fn one_empty_element(clause: &KeyClause, at: usize, empty: &ValueClass) -> Answer {
        if judges_one(clause) {
            Self::single(clause, at, empty, true)
        } else {
            Self::empty_elements(clause)
        }
    }
}

/// Whether the clause tells a set of one element from others: it is plain, and Q4 has its default.
pub(super) fn judges_one(clause: &KeyClause) -> bool {
    clause.operator.quantifier.is_none()
        && clause.operator.base.family() != Family::Null
        && !clause.switches.is_alternative(Switch::Q4)
}

/// `Null` (C-30 to C-33).
pub(super) fn presence(clause: &KeyClause, absent: bool) -> Answer {
    match clause.operator.quantifier {
        Some(Quantifier::ForAllValues) => Answer::Yes,
        Some(Quantifier::ForAnyValue) => Answer::No,
        None => clause.values.iter().any(|value| value.form == Form::Presence(Some(absent))).into(),
    }
}
