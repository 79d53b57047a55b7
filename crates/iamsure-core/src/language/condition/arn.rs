//! ARN patterns of the `Arn…` operators: six fields, each matched alone (C-28).
//!
//! Unlike in `Resource` and in `StringLike`, `*` never crosses one of the first five colons. What a
//! pattern of fewer than six fields matches is not documented: nothing, unless Q27 says otherwise.
//! `ArnEquals` and `ArnLike` are one operator under two names.

use crate::language::arn::fields;
use crate::language::pattern::{Case, Pattern, Piece, Reach, matches_by_last_run};
use crate::language::variable::{Token, Value};

use super::Template;
use crate::language::key::ConditionKey;
use crate::language::variable::Reading;

/// Splits the tokens of an ARN pattern at its own colons, the sixth field taking the rest; `None`
/// if there are fewer than six. A colon that a variable brings in separates nothing (V-10).
fn split(tokens: &[Token]) -> Option<[&[Token]; 6]> {
    let mut parts = tokens.splitn(6, |token| *token == Token::Char(':'));
    Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?])
}

/// What a pattern is compared by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArnRules {
    /// Q11: wildcards in a substituted value stay wildcards.
    pub wildcards_survive: bool,
    /// Q27: a pattern of fewer than six fields is compared with the whole text.
    pub short_as_text: bool,
    /// Q21: a variable without value counts, also where the text is no ARN and so matches nothing anyway.
    pub misses_count: bool,
}

/// Whether a pattern has fewer than six fields, colons inside `${…}` not counted (C-28).
pub fn is_short(template: &Template, reading: Reading) -> bool {
    split(template.tokens(reading)).is_none()
}

/// Whether the ARN `text` matches the pattern `template`.
///
/// # Errors
/// [`Value::None`] or [`Value::Unknown`] of a variable without text.
pub fn matches<'v>(
    template: &Template,
    text: &str,
    reading: Reading,
    rules: ArnRules,
    value_of: impl Fn(&ConditionKey) -> Value<'v>,
) -> Result<bool, Value<'v>> {
    let tokens = template.tokens(reading);
    // Each field is resolved by itself, after the split.
    let fields: Vec<(&[Token], &str)> = match (split(tokens), fields(text)) {
        (Some(pattern), Some(values)) => pattern.into_iter().zip(values).collect(),
        (None, _) if rules.short_as_text => vec![(tokens, text)],
        (Some(_), None) if rules.misses_count => {
            return missing(tokens, value_of).map_or(Ok(false), Err);
        }
        _ => return Ok(false),
    };
    if template.as_written(reading).is_some() {
        return Ok(fields.into_iter().all(|(tokens, value)| {
            matches_by_last_run(tokens.iter().filter_map(Token::piece), Case::Sensitive, value)
        }));
    }
    let mut all = true;
    for (tokens, value) in fields {
        let mut pieces = Vec::with_capacity(tokens.len());
        for token in tokens {
            match token {
                Token::Char(_) | Token::Star | Token::Question => pieces.extend(token.piece()),
                Token::Variable(variable) => match (value_of(&variable.key), &variable.default) {
                    (Value::Any, _) => pieces.push(Piece::Run(Reach::Everything)),
                    (Value::Text(text), _) if rules.wildcards_survive => {
                        pieces.extend(Pattern::glob(&text, Case::Sensitive).pieces());
                    }
                    (Value::Text(text), _) => pieces.extend(text.chars().map(Piece::Char)),
                    (Value::None, Some(default)) => pieces.extend(default.chars().map(Piece::Char)),
                    (value, _) => return Err(value),
                },
            }
        }
        all &= Pattern::new(pieces, Case::Sensitive).matches(value);
    }
    Ok(all)
}

/// The first variable without text and default.
fn missing<'v>(
    tokens: &[Token],
    value_of: impl Fn(&ConditionKey) -> Value<'v>,
) -> Option<Value<'v>> {
    tokens.iter().find_map(|token| {
        let Token::Variable(variable) = token else { return None };
        match (value_of(&variable.key), &variable.default) {
            (Value::Any | Value::Text(_), _) | (Value::None, Some(_)) => None,
            (value, _) => Some(value),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(pattern: &str, text: &str) -> bool {
        let rules = ArnRules::default();
        matches(&Template::new(pattern), text, Reading::Plain, rules, |_| Value::None).unwrap()
    }

    #[test]
    fn each_field_is_matched_alone() {
        assert!(like("arn:aws:iam::*:role/team/*", "arn:aws:iam::111122223333:role/team/x/y"));
        assert!(!like(
            "arn:aws:sns:*:111122223333:t",
            "arn:aws:sns:us-east-1:999:x:111122223333:t"
        ));
        assert!(like("arn:aws:sns:*:*:*", "arn:aws:sns:us-east-1:1:t:sub"));
        assert!(!like("arn:*", "arn:aws:sns:us-east-1:1:t"));
        assert!(!like("*", "arn:aws:sns:us-east-1:1:t"));
    }

    #[test]
    fn a_colon_from_a_variable_separates_nothing() {
        let value = |_: &ConditionKey| Value::Text("a:b".into());
        let template = Template::new("arn:aws:s3:${x:y}::k");
        assert_eq!(
            matches(
                &template,
                "arn:aws:s3:a:b:k",
                Reading::Substituted,
                ArnRules::default(),
                value
            ),
            Ok(false)
        );
    }

    #[test]
    fn a_short_pattern_matches_nothing_or_the_whole_text() {
        let rules = ArnRules { short_as_text: true, ..ArnRules::default() };
        let whole = |pattern: &str, text: &str| {
            matches(&Template::new(pattern), text, Reading::Plain, rules, |_| Value::None).unwrap()
        };
        for pattern in ["*", "arn:*", "arn:aws:sns:*"] {
            assert!(!like(pattern, "arn:aws:sns:us-east-1:1:t"), "{pattern}");
            assert!(whole(pattern, "arn:aws:sns:us-east-1:1:t"), "{pattern}");
        }
        // A whole pattern is compared field by field as ever.
        assert!(!whole("arn:*:sns:*:1:x", "arn:aws:sns:us-east-1:1:t"));
        assert!(!whole("arn:*", "x"));
    }
}
