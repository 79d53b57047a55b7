//! Policy variables: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters.
//!
//! A text is read in two ways. As *substituted* text, variables stand for values of the request; as
//! *plain* text, `${` is two ordinary characters, which is all a policy of Version 2008-10-17 knows
//! (V-1). Both readings are worked out once, when the policy is read.
//!
//! AWS page: IAM User Guide, `reference_policies_variables`.

use std::borrow::Cow;

use super::key::ConditionKey;
use super::pattern::{Piece, Reach};

/// A `${…}` that stands for a value of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The single-valued condition key whose value it takes.
    pub key: ConditionKey,
    /// What it stands for when the key has no value (V-6).
    pub default: Option<String>,
}

/// One token of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// This character, with no other meaning. `${*}` gives `Char('*')`.
    Char(char),
    /// `*`: a wildcard where the element knows wildcards, otherwise the character.
    Star,
    /// `?`: likewise.
    Question,
    /// A variable; elsewhere, because nearly all tokens are characters.
    Variable(Box<Variable>),
}

impl Token {
    /// The piece of a pattern that the token is where wildcards cover everything; `None` for a variable.
    pub(crate) const fn piece(&self) -> Option<Piece> {
        match self {
            Self::Char(c) => Some(Piece::Char(*c)),
            Self::Star => Some(Piece::Run(Reach::Everything)),
            Self::Question => Some(Piece::One(Reach::Everything)),
            Self::Variable(_) => None,
        }
    }
}

/// Whether `${…}` means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Variables stand for values (Version 2012-10-17).
    Substituted,
    /// Variables are ordinary text (Version 2008-10-17, or an element that knows none).
    Plain,
}

/// What is wrong with the variables of a text (V-11). Such a text is read as plain from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// `${` without `}`.
    Unterminated,
    /// `${}`.
    Empty,
    /// A blank inside the name, or text after it that is no default.
    Garbled,
}

/// The answer to "what is the value of this variable?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// This text.
    Text(Cow<'a, str>),
    /// The key gives no value, and there is no default (V-7).
    None,
    /// Nobody said whether the key has a value.
    Unknown,
    /// Whatever value: to ask whether any value at all could match. Matches as `*` does.
    Any,
}

/// A text of a policy, in both readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: String,
    plain: Vec<Token>,
    /// Only where it differs from `plain`.
    substituted: Option<Vec<Token>>,
}

impl Template {
    /// Reads `text` both ways.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let plain: Vec<Token> = text.chars().map(plain_token).collect();
        let substituted = text.contains("${").then(|| substituted_tokens(&text));
        Self { text, plain, substituted }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `${` occurs, so that the two readings may differ.
    pub const fn has_variables(&self) -> bool {
        self.substituted.is_some()
    }

    /// The tokens of one reading.
    pub fn tokens(&self, reading: Reading) -> &[Token] {
        match (reading, &self.substituted) {
            (Reading::Substituted, Some(tokens)) => tokens,
            _ => &self.plain,
        }
    }

    /// The text, where it means nothing but itself: in a reading without variables, each character is one
    /// token.
    pub fn as_written(&self, reading: Reading) -> Option<&str> {
        (reading == Reading::Plain || !self.has_variables()).then_some(self.text.as_str())
    }

    /// The variables of the substituted reading.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.tokens(Reading::Substituted).iter().filter_map(|token| {
            if let Token::Variable(variable) = token { Some(&**variable) } else { None }
        })
    }

    /// What is wrong with its variables, if anything.
    pub fn malformed(&self) -> Option<Malformed> {
        let mut rest = self.text.as_str();
        while let Some((_, after)) = rest.split_once("${") {
            match variable(after) {
                Ok((_, remaining)) => rest = remaining,
                Err(malformed) => return Some(malformed),
            }
        }
        None
    }

    /// The tokens with every variable replaced by what `value_of` says of its key.
    ///
    /// Substituted text has no further meaning (V-10, V-11): it arrives as [`Token::Char`], unless
    /// `wildcards_survive` (Q11).
    ///
    /// # Errors
    /// [`Value::None`] or [`Value::Unknown`] of the first variable that has no text.
    pub fn resolve<'v>(
        &self,
        reading: Reading,
        wildcards_survive: bool,
        value_of: impl Fn(&ConditionKey) -> Value<'v>,
    ) -> Result<Cow<'_, [Token]>, Value<'v>> {
        let tokens = self.tokens(reading);
        if !tokens.iter().any(|token| matches!(token, Token::Variable(_))) {
            return Ok(Cow::Borrowed(tokens));
        }
        let mut resolved = Vec::with_capacity(tokens.len());
        for token in tokens {
            let Token::Variable(variable) = token else {
                resolved.push(token.clone());
                continue;
            };
            match (value_of(&variable.key), &variable.default) {
                (Value::Any, _) => resolved.push(Token::Star),
                (Value::Text(text), _) if wildcards_survive => {
                    resolved.extend(text.chars().map(plain_token));
                }
                (Value::Text(text), _) => resolved.extend(text.chars().map(Token::Char)),
                (Value::None, Some(default)) => resolved.extend(default.chars().map(Token::Char)),
                (value, _) => return Err(value),
            }
        }
        Ok(Cow::Owned(resolved))
    }
}

/// The text of tokens in which wildcards have no meaning; variables must be resolved before.
pub fn text_of(tokens: &[Token]) -> String {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Char(c) => Some(*c),
            Token::Star => Some('*'),
            Token::Question => Some('?'),
            Token::Variable(_) => None,
        })
        .collect()
}

const fn plain_token(c: char) -> Token {
    match c {
        '*' => Token::Star,
        '?' => Token::Question,
        c => Token::Char(c),
    }
}

fn substituted_tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        let Some((before, after)) = rest.split_once("${") else {
            tokens.extend(rest.chars().map(plain_token));
            return tokens;
        };
        tokens.extend(before.chars().map(plain_token));
        if let Ok((token, remaining)) = variable(after) {
            tokens.push(token);
            rest = remaining;
        } else {
            // Lenient reading of V-11: ordinary text.
            tokens.extend([Token::Char('$'), Token::Char('{')]);
            rest = after;
        }
    }
}

/// The longest name of a variable, in characters; tag keys have at most 128. What is longer has no
/// end in sight, and is not searched for.
const LONGEST_NAME: usize = 1_024;

/// Reads what follows `${`, up to and including `}`.
fn variable(after: &str) -> Result<(Token, &str), Malformed> {
    let (end, _) = after
        .char_indices()
        .take(LONGEST_NAME)
        .find(|(_, c)| matches!(c, ',' | '}'))
        .ok_or(Malformed::Unterminated)?;
    let (name, rest) = after.split_at(end);
    if let Some(rest) = rest.strip_prefix('}') {
        let token = match name {
            "" => return Err(Malformed::Empty),
            "*" | "?" | "$" => Token::Char(name.chars().next().unwrap_or_default()),
            name => Token::Variable(Variable { key: name_of(name)?, default: None }.into()),
        };
        return Ok((token, rest));
    }
    let quoted = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches([' ', '\t']);
    let (default, rest) = quoted
        .strip_prefix('\'')
        .ok_or(Malformed::Garbled)?
        .split_once('\'')
        .ok_or(Malformed::Unterminated)?;
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix('}').ok_or(Malformed::Garbled)?;
    let variable = Variable { key: name_of(name)?, default: Some(default.to_owned()) };
    Ok((Token::Variable(variable.into()), rest))
}

fn name_of(name: &str) -> Result<ConditionKey, Malformed> {
    if name.is_empty() {
        return Err(Malformed::Empty);
    }
    // A tag key may hold blanks; the part before `/` may not.
    let outside_tag = name.split('/').next().unwrap_or_default();
    if outside_tag.contains(char::is_whitespace) || name.contains("${") {
        return Err(Malformed::Garbled);
    }
    Ok(ConditionKey::new(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice(key: &ConditionKey) -> Value<'static> {
        match key.folded() {
            "aws:username" => Value::Text("al*ce".into()),
            "x:unknown" => Value::Unknown,
            _ => Value::None,
        }
    }

    fn resolved(text: &str) -> Result<String, Value<'static>> {
        let template = Template::new(text);
        template.resolve(Reading::Substituted, false, alice).map(|tokens| text_of(&tokens))
    }

    #[test]
    fn variables_defaults_and_escapes_resolve() {
        assert_eq!(resolved("a/${aws:UserName}/b"), Ok("a/al*ce/b".to_owned()));
        assert_eq!(resolved("${x:none, 'd e'}"), Ok("d e".to_owned()));
        assert_eq!(resolved("${x:none,'d'}${*}${?}${$}"), Ok("d*?$".to_owned()));
        assert_eq!(resolved("${x:none}"), Err(Value::None));
        assert_eq!(resolved("${x:unknown, 'd'}"), Err(Value::Unknown));
    }

    #[test]
    fn substituted_stars_are_characters() {
        let template = Template::new("*${aws:username}");
        let tokens = template.resolve(Reading::Substituted, false, alice).unwrap();
        assert_eq!(tokens.iter().filter(|token| **token == Token::Star).count(), 1);
    }

    #[test]
    fn the_plain_reading_knows_no_variables() {
        let template = Template::new("${*}");
        assert_eq!(template.tokens(Reading::Plain).len(), 4);
        assert_eq!(template.tokens(Reading::Plain)[2], Token::Star);
        assert_eq!(template.tokens(Reading::Substituted), [Token::Char('*')]);
    }

    #[test]
    fn malformed_variables_are_named_and_read_as_text() {
        assert_eq!(Template::new("${a").malformed(), Some(Malformed::Unterminated));
        assert_eq!(Template::new("${}").malformed(), Some(Malformed::Empty));
        assert_eq!(Template::new("${a b}").malformed(), Some(Malformed::Garbled));
        assert_eq!(Template::new("${a:b, c}").malformed(), Some(Malformed::Garbled));
        assert_eq!(Template::new("${aws:PrincipalTag/cost center}").malformed(), None);
        assert_eq!(resolved("x${a"), Ok("x${a".to_owned()));
    }
}
