//! **The** table of condition operators. Reading, printing, deciding, docs and tests all use it.
//!
//! A written operator is `[ForAllValues:|ForAnyValue:]Base[IfExists]` (G-13). A base is one row of
//! the table: a name, a family that says what the values are, a test, and whether the row is the
//! negation of that test (C-5). `Null` never takes `IfExists`.

use std::fmt;

/// What the values of an operator are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Text.
    String,
    /// Decimal numbers.
    Numeric,
    /// Instants.
    Date,
    /// `true` and `false`.
    Bool,
    /// Base64 text.
    Binary,
    /// Addresses and CIDR ranges.
    IpAddress,
    /// Amazon Resource Names.
    Arn,
    /// Whether the key is absent.
    Null,
}

impl Family {
    /// Whether operators of the family substitute policy variables (V-4).
    pub const fn substitutes(self) -> bool {
        matches!(self, Self::String | Self::Arn)
    }

    /// What a person calls a value of the family.
    pub const fn value_name(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Numeric => "a number",
            Self::Date => "a date",
            Self::Bool | Self::Null => "`true` or `false`",
            Self::Binary => "base64 text",
            Self::IpAddress => "an address or a CIDR range",
            Self::Arn => "an ARN",
        }
    }
}

/// The comparison of one request value with one policy value, before negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// The two are equal.
    Equal,
    /// The two are equal without case.
    EqualIgnoreCase,
    /// The request value matches the policy value's wildcards.
    Like,
    /// The request value is less.
    Less,
    /// The request value is less or equal.
    LessOrEqual,
    /// The request value is greater.
    Greater,
    /// The request value is greater or equal.
    GreaterOrEqual,
    /// The request value is an address in the range.
    Within,
    /// The key is absent.
    Absent,
}

macro_rules! operators {
    ($($name:ident $family:ident $test:ident $negated:literal;)*) => {
        /// An operator without prefix and suffix.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum BaseOperator {
            $(#[doc = concat!("`", stringify!($name), "`")] $name,)*
        }

        impl BaseOperator {
            /// Every operator of the table, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name as AWS writes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What its values are.
            pub const fn family(self) -> Family {
                match self { $(Self::$name => Family::$family,)* }
            }

            /// The test it makes, or negates.
            pub const fn test(self) -> Test {
                match self { $(Self::$name => Test::$test,)* }
            }

            /// Whether it is true when the test fails (C-5).
            pub const fn is_negated(self) -> bool {
                match self { $(Self::$name => $negated,)* }
            }
        }
    };
}

//  name                      family    test            negated
operators! {
    StringEquals              String    Equal           false;
    StringNotEquals           String    Equal           true;
    StringEqualsIgnoreCase    String    EqualIgnoreCase false;
    StringNotEqualsIgnoreCase String    EqualIgnoreCase true;
    StringLike                String    Like            false;
    StringNotLike             String    Like            true;
    NumericEquals             Numeric   Equal           false;
    NumericNotEquals          Numeric   Equal           true;
    NumericLessThan           Numeric   Less            false;
    NumericLessThanEquals     Numeric   LessOrEqual     false;
    NumericGreaterThan        Numeric   Greater         false;
    NumericGreaterThanEquals  Numeric   GreaterOrEqual  false;
    DateEquals                Date      Equal           false;
    DateNotEquals             Date      Equal           true;
    DateLessThan              Date      Less            false;
    DateLessThanEquals        Date      LessOrEqual     false;
    DateGreaterThan           Date      Greater         false;
    DateGreaterThanEquals     Date      GreaterOrEqual  false;
    Bool                      Bool      Equal           false;
    BinaryEquals              Binary    Equal           false;
    IpAddress                 IpAddress Within          false;
    NotIpAddress              IpAddress Within          true;
    ArnEquals                 Arn       Like            false;
    ArnLike                   Arn       Like            false;
    ArnNotEquals              Arn       Like            true;
    ArnNotLike                Arn       Like            true;
    Null                      Null      Absent          false;
}

/// How a clause meets the elements of a multivalued key (C-40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantifier {
    /// `ForAllValues:`
    ForAllValues,
    /// `ForAnyValue:`
    ForAnyValue,
}

impl Quantifier {
    const ALL: [Self; 2] = [Self::ForAllValues, Self::ForAnyValue];

    /// The prefix as it is written, without the colon.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ForAllValues => "ForAllValues",
            Self::ForAnyValue => "ForAnyValue",
        }
    }
}

/// A written operator: prefix, base, suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`, if written.
    pub quantifier: Option<Quantifier>,
    /// The row of the table.
    pub base: BaseOperator,
    /// Whether `IfExists` is written.
    pub if_exists: bool,
}

/// The most like operator for a name that is none, or the right case of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnOperator {
    /// It is this operator but for its case (Q7).
    CaseDiffers(Operator),
    /// `Null` with `IfExists`.
    NullIfExists,
    /// It is no operator.
    Unknown,
}

impl Operator {
    /// The operator without prefix and suffix.
    pub const fn plain(base: BaseOperator) -> Self {
        Self { quantifier: None, base, if_exists: false }
    }

    /// Every operator that may be written: each base in each of its forms.
    pub fn all() -> impl Iterator<Item = Self> {
        BaseOperator::ALL.iter().flat_map(|&base| {
            [None, Some(Quantifier::ForAllValues), Some(Quantifier::ForAnyValue)]
                .into_iter()
                .flat_map(move |quantifier| {
                    let suffixes: &[bool] =
                        if base.family() == Family::Null { &[false] } else { &[false, true] };
                    suffixes.iter().map(move |&if_exists| Self { quantifier, base, if_exists })
                })
        })
    }

    /// Reads a written operator, with case.
    ///
    /// # Errors
    /// What the name is instead.
    pub fn parse(text: &str) -> Result<Self, NotAnOperator> {
        match Self::parse_as(text, |a, b| a == b) {
            Ok(operator) => Ok(operator),
            Err(NotAnOperator::Unknown) => match Self::parse_as(text, str::eq_ignore_ascii_case) {
                Ok(operator) => Err(NotAnOperator::CaseDiffers(operator)),
                Err(other) => Err(other),
            },
            Err(other) => Err(other),
        }
    }

    fn parse_as(text: &str, same: impl Fn(&str, &str) -> bool) -> Result<Self, NotAnOperator> {
        let (quantifier, rest) = match text.split_once(':') {
            None => (None, text),
            Some((prefix, rest)) => {
                let found =
                    Quantifier::ALL.into_iter().find(|quantifier| same(quantifier.name(), prefix));
                (Some(found.ok_or(NotAnOperator::Unknown)?), rest)
            }
        };
        let base_of =
            |name: &str| BaseOperator::ALL.iter().copied().find(|base| same(base.name(), name));
        if let Some(base) = base_of(rest) {
            return Ok(Self { quantifier, base, if_exists: false });
        }
        let cut = rest.len().saturating_sub("IfExists".len());
        match rest.split_at_checked(cut) {
            Some((name, suffix)) if same("IfExists", suffix) => match base_of(name) {
                Some(BaseOperator::Null) => Err(NotAnOperator::NullIfExists),
                Some(base) => Ok(Self { quantifier, base, if_exists: true }),
                None => Err(NotAnOperator::Unknown),
            },
            _ => Err(NotAnOperator::Unknown),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(quantifier) = self.quantifier {
            write!(f, "{}:", quantifier.name())?;
        }
        f.write_str(self.base.name())?;
        if self.if_exists { f.write_str("IfExists") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_read_back_from_its_name() {
        for operator in Operator::all() {
            assert_eq!(Operator::parse(&operator.to_string()), Ok(operator));
        }
        // 26 bases in six forms, and Null in three.
        assert_eq!(Operator::all().count(), 26 * 6 + 3);
    }

    /// V-4
    #[test]
    fn texts_and_arns_substitute_variables_and_nothing_else_does() {
        use Family::{Arn, Binary, Bool, Date, IpAddress, Null, Numeric, String};
        for family in [String, Arn, Binary, Bool, Date, IpAddress, Null, Numeric] {
            assert_eq!(family.substitutes(), matches!(family, String | Arn), "{family:?}");
        }
    }

    #[test]
    fn near_misses_are_told_apart() {
        assert_eq!(
            Operator::parse("ForAnyValue:Stringlike"),
            Err(NotAnOperator::CaseDiffers(Operator::parse("ForAnyValue:StringLike").unwrap()))
        );
        assert_eq!(Operator::parse("NullIfExists"), Err(NotAnOperator::NullIfExists));
        for text in [
            "",
            "StringEqual",
            "StringEqualsIfExistsIfExists",
            "StringEqualsOrAbsent",
            "ForSome:Bool",
            ":Bool",
            "ForAllValues:",
            "IfExists",
        ] {
            assert_eq!(Operator::parse(text), Err(NotAnOperator::Unknown), "{text}");
        }
    }

    #[test]
    fn the_negated_operators_are_the_eight_of_the_spec() {
        let negated: Vec<_> = BaseOperator::ALL
            .iter()
            .filter(|base| base.is_negated())
            .map(|base| base.name())
            .collect();
        assert_eq!(
            negated,
            [
                "StringNotEquals",
                "StringNotEqualsIgnoreCase",
                "StringNotLike",
                "NumericNotEquals",
                "DateNotEquals",
                "NotIpAddress",
                "ArnNotEquals",
                "ArnNotLike"
            ]
        );
    }
}
