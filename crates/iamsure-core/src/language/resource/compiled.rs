//! An entry of Resource made ready: all that does not depend on the request is worked out once.

use std::borrow::Cow;

use super::{ResourceMatch, ResourcePattern, ResourceRules, ShortArns, short_arns};
use crate::language::document::PolicyType;
use crate::language::key::ConditionKey;
use crate::language::pattern::{Case, Matcher, Pattern, Piece, Reach, matches_by_last_run};
use crate::language::variable::{Reading, Token, Value, Variable};

/// A [`ResourcePattern`], ready for many requests under one type of policy, one reading and one choice of
/// rules.
#[derive(Clone, Debug)]
pub struct CompiledResource {
    reading: Reading,
    rules: ResourceRules,
    /// Q23: whether the request resource `*` matches.
    matches_all: bool,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// `*`.
    Every,
    /// One placeholder, which matches itself.
    Symbol,
    /// Matches nothing: a variable before the resource part (V-3), or a short ARN that AWS does not
    /// store (M-14).
    Nothing,
    /// Without variables.
    Fixed(Whole),
    /// With variables.
    Varying(Vec<Part>),
}

/// A part of an entry with variables.
#[derive(Clone, Debug)]
enum Part {
    Text(Box<str>),
    Variable(Box<Variable>),
    Wildcard(Piece),
}

/// A pattern over whole ARNs.
#[derive(Clone, Debug)]
enum Whole {
    One(Matcher),
    /// Q13.
    Folded {
        fields: Pattern,
        rest: Pattern,
    },
}

impl CompiledResource {
    pub(super) fn new(
        entry: &ResourcePattern,
        kind: PolicyType,
        reading: Reading,
        rules: ResourceRules,
    ) -> Self {
        let tokens = entry.template.tokens(reading);
        let resource_part = tokens.splitn(6, |token| *token == Token::Char(':')).nth(5);
        let matches_all = rules.all_matches_arns && resource_part == Some([Token::Star].as_slice());
        let form = if entry.is_every() {
            Form::Every
        } else if entry.is_placeholder {
            Form::Symbol
        } else if entry.is_void(reading, rules) {
            Form::Nothing
        } else if tokens.iter().any(|token| matches!(token, Token::Variable(_))) {
            Form::Varying(parts(tokens, rules))
        } else {
            complete(entry, tokens, reading, kind, rules)
                .map_or(Form::Nothing, |tokens| Form::Fixed(Whole::new(&tokens, rules)))
        };
        Self { reading, rules, matches_all, form }
    }

    /// Whether `entry`, of which this was made, matches `resource`, a concrete ARN or `*`.
    pub fn matches<'v>(
        &self,
        entry: &ResourcePattern,
        resource: &str,
        value_of: impl Fn(&ConditionKey) -> Value<'v>,
    ) -> ResourceMatch {
        match &self.form {
            Form::Every => true.into(),
            Form::Symbol => (resource == entry.as_str()).into(),
            Form::Nothing => false.into(),
            Form::Fixed(_) | Form::Varying(_) if resource == "*" => self.matches_all.into(),
            Form::Fixed(whole) => whole.matches(resource).into(),
            Form::Varying(parts) => match self.matches_known(parts, resource, &value_of) {
                Some(matched) => matched.into(),
                None => self.matches_resolved(entry, resource, &value_of),
            },
        }
    }

    /// Whether the entry matches, if that is known to depend on nothing but fixed text and values that are
    /// texts; `None` sends the question on to [`Self::matches_resolved`], which answers all.
    fn matches_known<'v>(
        &self,
        parts: &[Part],
        resource: &str,
        value_of: &dyn Fn(&ConditionKey) -> Value<'v>,
    ) -> Option<bool> {
        if self.rules.substituted_wildcards || self.rules.fields_ignore_case {
            return None;
        }
        let mut parts = parts.iter();
        let mut rest = resource;
        // A text that differs is no answer yet: a variable without a value comes first.
        let mut differs = false;
        let mut take = |text: &str| match rest.strip_prefix(text) {
            Some(after) => rest = after,
            None => differs = true,
        };
        let mut wildcard = None;
        for part in parts.by_ref() {
            match part {
                Part::Text(text) => take(text),
                Part::Variable(variable) => match (value_of(&variable.key), &variable.default) {
                    (Value::Text(text), _) => take(&text),
                    (Value::None, Some(default)) => take(default),
                    _ => return None,
                },
                Part::Wildcard(piece) => {
                    wildcard = Some(*piece);
                    break;
                }
            }
        }
        let Some(wildcard) = wildcard else { return Some(!differs && rest.is_empty()) };
        let mut after = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => after.extend(text.chars().map(Piece::Char)),
                Part::Variable(variable) => match (value_of(&variable.key), &variable.default) {
                    (Value::Text(text), _) => after.extend(text.chars().map(Piece::Char)),
                    (Value::None, Some(default)) => {
                        after.extend(default.chars().map(Piece::Char));
                    }
                    _ => return None,
                },
                Part::Wildcard(piece) => after.push(*piece),
            }
        }
        if after.contains(&Piece::Run(Reach::Field)) || wildcard == Piece::Run(Reach::Field) {
            return None;
        }
        let pieces = std::iter::once(wildcard).chain(after.iter().copied());
        Some(!differs && matches_by_last_run(pieces, Case::Sensitive, rest))
    }

    /// Whether the entry matches once its variables are resolved.
    fn matches_resolved<'v>(
        &self,
        entry: &ResourcePattern,
        resource: &str,
        value_of: &dyn Fn(&ConditionKey) -> Value<'v>,
    ) -> ResourceMatch {
        let matches = |tokens: &[Token]| Whole::new(tokens, self.rules).matches(resource);
        let resolve = |value_of: &dyn Fn(&ConditionKey) -> Value<'v>| {
            entry.template.resolve(self.reading, self.rules.substituted_wildcards, value_of)
        };
        match resolve(value_of) {
            Ok(tokens) => matches(&tokens).into(),
            Err(Value::Unknown) => {
                // If no value at all could match, it does not matter which one it is.
                let any = |key: &ConditionKey| match value_of(key) {
                    Value::Unknown => Value::Any,
                    known => known,
                };
                match resolve(&any) {
                    Ok(tokens) if !self.rules.no_value_matters && !matches(&tokens) => {
                        ResourceMatch::No
                    }
                    Ok(_) | Err(_) => ResourceMatch::Unknown,
                }
            }
            Err(Value::None | Value::Text(_) | Value::Any) => ResourceMatch::NoValue,
        }
    }
}

impl From<bool> for ResourceMatch {
    fn from(matched: bool) -> Self {
        if matched { Self::Yes } else { Self::No }
    }
}

/// The tokens of an entry without variables, completed as far as its type of policy asks for; `None` if it
/// can match nothing (M-14).
fn complete<'t>(
    entry: &ResourcePattern,
    tokens: &'t [Token],
    reading: Reading,
    kind: PolicyType,
    rules: ResourceRules,
) -> Option<Cow<'t, [Token]>> {
    let missing = entry.missing_fields(reading);
    let mut tokens = Cow::Borrowed(tokens);
    if missing > 0 {
        match short_arns(kind) {
            ShortArns::Completed => {}
            _ if rules.complete_everywhere => {}
            ShortArns::AsWritten => return Some(tokens),
            ShortArns::Rejected => return None,
        }
        for _ in 0..missing {
            tokens.to_mut().extend([Token::Char(':'), Token::Star]);
        }
    }
    Some(tokens)
}

/// Tokens with each wildcard as a piece with the reach of its place, `None` for a variable; and
/// whether it stands in the first five fields (M-11 to M-13).
fn placed(
    tokens: &[Token],
    rules: ResourceRules,
) -> impl Iterator<Item = (&Token, Option<Piece>, bool)> {
    let mut colons = 0;
    tokens.iter().enumerate().map(move |(index, token)| {
        let early = colons < 5;
        let last_in_field = matches!(tokens.get(index + 1), None | Some(Token::Char(':')));
        if *token == Token::Char(':') {
            colons += 1;
        }
        let piece = match token {
            Token::Char(c) => Some(Piece::Char(*c)),
            Token::Star if !early || last_in_field || rules.inner_runs_cross => {
                Some(Piece::Run(Reach::Everything))
            }
            Token::Star => Some(Piece::Run(Reach::Field)),
            Token::Question if early => Some(Piece::One(Reach::Field)),
            Token::Question => Some(Piece::One(Reach::Everything)),
            Token::Variable(_) => None,
        };
        (token, piece, early)
    })
}

/// The parts of an entry with variables; neighbouring characters are one text.
fn parts(tokens: &[Token], rules: ResourceRules) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut text = String::new();
    for (token, piece, _) in placed(tokens, rules) {
        let part = match (piece, token) {
            (Some(Piece::Char(c)), _) => {
                text.push(c);
                continue;
            }
            (Some(wildcard), _) => Part::Wildcard(wildcard),
            (None, Token::Variable(variable)) => Part::Variable(variable.clone()),
            (None, _) => continue,
        };
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut text).into()));
        }
        parts.push(part);
    }
    if !text.is_empty() {
        parts.push(Part::Text(text.into()));
    }
    parts
}

impl Whole {
    /// The pattern over whole ARNs that `tokens` without variables are.
    fn new(tokens: &[Token], rules: ResourceRules) -> Self {
        let mut fields = Vec::with_capacity(tokens.len());
        let mut rest = Vec::new();
        for (_, piece, early) in placed(tokens, rules) {
            if early || !rules.fields_ignore_case {
                fields.extend(piece);
            } else {
                rest.extend(piece);
            }
        }
        if rules.fields_ignore_case {
            // Q13 is about literal characters of the first five fields; a run that crosses colons
            // there reaches into the resource part, which keeps its case.
            Self::Folded {
                fields: Pattern::new(fields, Case::Insensitive),
                rest: Pattern::new(rest, Case::Sensitive),
            }
        } else {
            Self::One(Matcher::new(&Pattern::new(fields, Case::Sensitive)))
        }
    }

    fn matches(&self, resource: &str) -> bool {
        match self {
            Self::One(pattern) => pattern.matches(resource),
            Self::Folded { fields, rest } => {
                // The fields end with a colon; where there are too few, nothing is left for the rest.
                let colons = resource.match_indices(':').map(|(at, _)| at + 1);
                colons.chain([resource.len()]).any(|at| match resource.split_at_checked(at) {
                    Some((head, tail)) => fields.matches(head) && rest.matches(tail),
                    None => false,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of up to four of these parts, some after wildcards in the first fields.
    fn entries() -> Vec<String> {
        let parts = ["a", "*", "?", ":", "${x:k}", "${x:l, 'a'}"];
        let mut longest = vec![String::new()];
        let mut tails = longest.clone();
        for _ in 0..4 {
            longest = longest
                .iter()
                .flat_map(|tail| parts.iter().map(move |part| format!("{tail}{part}")))
                .collect();
            tails.extend(longest.iter().cloned());
        }
        let heads = ["arn:aws:s3:::", "arn:aws:s*s:*::"];
        tails.iter().flat_map(|tail| heads.map(|head| format!("{head}{tail}"))).collect()
    }

    #[test]
    fn folded_fields_end_at_a_colon_or_at_the_end() {
        let rules = ResourceRules { fields_ignore_case: true, ..ResourceRules::default() };
        let resources = [
            "arn:aws:s3:::",
            "ARN:aws:s3:::a",
            "arn:aws:s3::::a",
            "arn:aws:sXs3:a:b::a:",
            "arn:aws",
        ];
        let (mut yes, mut no) = (0, 0);
        for text in entries() {
            let entry = ResourcePattern::new(text.as_str());
            let compiled = entry.compile(PolicyType::Identity, Reading::Substituted, rules);
            let Form::Fixed(whole) = &compiled.form else { continue };
            let Whole::Folded { fields, rest } = whole else { panic!("Q13 is on") };
            for resource in resources {
                let anywhere = (0..=resource.len()).any(|at| {
                    let (head, tail) = resource.split_at(at);
                    fields.matches(head) && rest.matches(tail)
                });
                assert_eq!(whole.matches(resource), anywhere, "{text} {resource}");
                *if anywhere { &mut yes } else { &mut no } += 1;
            }
        }
        assert!(yes > 50 && no > 1_000, "{yes} {no}");
    }

    #[test]
    fn values_put_in_on_the_way_match_as_values_resolved_before() {
        let values =
            [Value::Text("a".into()), Value::Text("*:".into()), Value::None, Value::Unknown];
        let resources = ["arn:aws:s3:::", "arn:aws:s3:::a", "arn:aws:s3:::aa", "arn:aws:s3:::*:a"];
        let mut compared = 0;
        for text in entries() {
            let entry = ResourcePattern::new(text.as_str());
            let (kind, reading) = (PolicyType::Identity, Reading::Substituted);
            let compiled = entry.compile(kind, reading, ResourceRules::default());
            let Form::Varying(parts) = &compiled.form else { continue };
            for value in &values {
                let value_of = |_: &ConditionKey| value.clone();
                for resource in resources {
                    let resolved = compiled.matches_resolved(&entry, resource, &value_of);
                    if let Some(known) = compiled.matches_known(parts, resource, &value_of) {
                        assert_eq!(
                            ResourceMatch::from(known),
                            resolved,
                            "{text} {value:?} {resource}"
                        );
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 10_000, "{compared}");
    }
}
