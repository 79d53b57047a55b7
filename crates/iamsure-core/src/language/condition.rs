//! The Condition element: clauses of an operator, a key and values.
//!
//! A block is true when every clause is (C-1). A clause asks one [`Operator`] about one
//! [`ConditionKey`]; each of its values was read by the operator's family when the policy was read,
//! so that deciding never parses policy text.
//!
//! AWS page: IAM User Guide, `reference_policies_elements_condition_operators`.

pub mod address;
pub mod arn;
pub mod binary;
pub mod boolean;
pub mod date;
pub mod number;
pub mod operator;

pub use operator::{BaseOperator, Family, Operator, Quantifier, Test};

use super::key::ConditionKey;
use super::source::Spanned;
use super::variable::Template;
use address::Network;
use date::Date;
use number::Number;

/// The whole Condition element of a statement, in the order it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConditionBlock {
    /// The clauses, each from its key to its last value; none means "always" (C-6).
    pub clauses: Vec<Spanned<Clause>>,
    /// Operators that were written with an empty map of keys (C-6: true), as they are written, since AWS
    /// stores any name there (G-13); kept so that writing the document loses nothing.
    pub empty_operators: Vec<Spanned<String>>,
}

/// One (operator, key, values) of a Condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The operator.
    pub operator: Spanned<Operator>,
    /// The key it asks about.
    pub key: Spanned<ConditionKey>,
    /// The values it compares with.
    pub values: Vec<Spanned<ConditionValue>>,
}

/// How a value was written in JSON (G-15). It means its text in every form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// In quotes.
    Text,
    /// As a JSON number.
    Number,
    /// As a JSON Boolean.
    Bool,
}

/// One value of a clause: its text, and what its operator's family reads in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionValue {
    template: Template,
    written: Written,
    operand: Operand,
}

/// What a family of operators reads in a policy value. `None` inside: it does not parse (C-29).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// String and ARN operators work on the [`Template`] itself.
    Text,
    /// A number.
    Number(Option<Number>),
    /// A date.
    Date(Option<Date>),
    /// A Boolean (also for `Null`).
    Bool(Option<bool>),
    /// Bytes.
    Binary(Option<Vec<u8>>),
    /// An address or a range.
    Network(Option<Network>),
}

impl ConditionValue {
    /// Reads `text` for operators of `family`.
    pub fn new(text: impl Into<String>, written: Written, family: Family) -> Self {
        let template = Template::new(text);
        let text = template.as_str();
        let operand = match family {
            Family::String | Family::Arn => Operand::Text,
            Family::Numeric => Operand::Number(Number::read(text)),
            Family::Date => Operand::Date(Date::read(text)),
            Family::Bool | Family::Null => Operand::Bool(boolean::read(text)),
            Family::Binary => Operand::Binary(binary::read(text)),
            Family::IpAddress => Operand::Network(Network::read(text)),
        };
        Self { template, written, operand }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        self.template.as_str()
    }

    /// The text with its variables.
    pub const fn template(&self) -> &Template {
        &self.template
    }

    /// How it was written in JSON.
    pub const fn written(&self) -> Written {
        self.written
    }

    /// What the operator's family reads in it.
    pub const fn operand(&self) -> &Operand {
        &self.operand
    }

    /// Whether the operator's family can read it at all (C-29). Text always can.
    pub fn is_readable(&self) -> bool {
        !matches!(
            self.operand,
            Operand::Number(None)
                | Operand::Date(None)
                | Operand::Bool(None)
                | Operand::Binary(None)
                | Operand::Network(None)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_readable_if_its_family_can_read_it() {
        for (family, good, bad) in [
            (Family::Numeric, "1.5", "one"),
            (Family::Date, "2026-01-01", "soon"),
            (Family::Bool, "TRUE", "yes"),
            (Family::Null, "false", ""),
            (Family::Binary, "AAEC", "%"),
            (Family::IpAddress, "10.0.0.0/8", "10.0.0.0/33"),
        ] {
            let readable =
                |text: &str| ConditionValue::new(text, Written::Text, family).is_readable();
            assert!(readable(good), "{family:?} {good}");
            assert!(!readable(bad), "{family:?} {bad}");
        }
        for family in [Family::String, Family::Arn] {
            let value = ConditionValue::new("%", Written::Text, family);
            assert!(value.is_readable());
            assert_eq!(value.as_str(), "%");
        }
    }
}
