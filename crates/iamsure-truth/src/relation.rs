//! Relations: what ties two subjects together, namely policy variables.
//!
//! `StringEquals aws:ResourceTag/team ${aws:PrincipalTag/team}` compares one key with another. Whether
//! the comparison holds is a subject of its own, answered *no* or *yes*:
//!
//! - It holds only where the variable has a value; that is tied in exactly.
//! - A bare equality of two single-valued keys is exact: both keys get classes that every clause
//!   about either tells apart, *yes* asks for the same class in both, and *no* for different classes or
//!   one with more than one value.
//! - Every other comparison is left free. So the model has every real request in it, and decides each
//!   rightly; it may also hold combinations that no request has. Whatever is claimed of all
//!   requests holds; a single combination counts only with a request that shows it.

use iamsure_core::language::ConditionKey;
use iamsure_core::language::condition::{Family, Test};

use crate::clause::{Form, KeyClause, Part};

/// What is compared with variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// The value of a key, with these values of a clause; negated operators ask the same.
    Value {
        /// The key.
        key: ConditionKey,
        /// What is compared.
        family: Family,
        /// How it is compared.
        test: Comparison,
        /// The values with variables, as written.
        values: Vec<String>,
    },
    /// The elements of a key: whether this clause holds, where that depends on variables.
    Elements(Box<KeyClause>),
    /// The resource, with an entry that has variables.
    Resource(String),
}

/// How a value is compared: [`Test`], in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// Equal.
    Equal,
    /// Equal without case.
    EqualIgnoreCase,
    /// Like a pattern.
    Like,
    /// Another way.
    Other,
}

impl From<Test> for Comparison {
    fn from(test: Test) -> Self {
        match test {
            Test::Equal => Self::Equal,
            Test::EqualIgnoreCase => Self::EqualIgnoreCase,
            Test::Like => Self::Like,
            _ => Self::Other,
        }
    }
}

impl Relation {
    /// The relation that the values with variables of a clause are about.
    pub(crate) fn of_value(clause: &KeyClause) -> Self {
        let values = clause
            .values
            .iter()
            .filter(|value| matches!(value.form, Form::Relational(_)))
            .map(|value| value.text.clone())
            .collect();
        let base = clause.operator.base;
        Self::Value {
            key: clause.key.clone(),
            family: base.family(),
            test: base.test().into(),
            values,
        }
    }
}

/// The key that a clause asks to equal the clause's own, if that is all it compares with variables.
pub(crate) fn bare_equality(clause: &KeyClause) -> Option<&ConditionKey> {
    let mut relational = clause.values.iter().filter_map(|value| match &value.form {
        Form::Relational(parts) => Some(parts.as_slice()),
        _ => None,
    });
    match (relational.next(), relational.next(), clause.operator.base.test()) {
        (Some([Part::Variable(key, None)]), None, Test::Equal) => Some(key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clause::clause_of;
    use iamsure_core::world::Switches;

    fn equal_to(operator: &str, values: &[&str]) -> Option<String> {
        let clause = clause_of(operator, "x:k", values, &Switches::default());
        bare_equality(&clause).map(ToString::to_string)
    }

    #[test]
    fn a_bare_equality_is_one_variable_and_nothing_else_of_variables() {
        assert_eq!(equal_to("StringEquals", &["${x:other}"]).as_deref(), Some("x:other"));
        assert_eq!(
            equal_to("StringNotEqualsIfExists", &["${x:other}"]).as_deref(),
            Some("x:other")
        );
        // Fixed texts beside it are clauses of their own.
        assert_eq!(equal_to("StringEquals", &["a", "${x:other}"]).as_deref(), Some("x:other"));
    }

    #[test]
    fn everything_else_with_variables_is_left_free() {
        assert_eq!(equal_to("StringEquals", &["a${x:other}"]), None);
        assert_eq!(equal_to("StringEquals", &["${x:other, 'a'}"]), None);
        assert_eq!(equal_to("StringEquals", &["${x:one}", "${x:two}"]), None);
        assert_eq!(equal_to("StringLike", &["${x:other}"]), None);
        assert_eq!(equal_to("StringEqualsIgnoreCase", &["${x:other}"]), None);
        assert_eq!(equal_to("StringEquals", &["a"]), None);
    }
}
