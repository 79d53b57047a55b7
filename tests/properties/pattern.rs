//! Patterns against regular expressions built from the rules (M-1 to M-14).

use iamsure_core::language::pattern::{Case, Pattern};
use iamsure_core::language::resource::{ResourceMatch, ResourceRules};
use iamsure_core::language::variable::{Reading, Value};
use iamsure_core::language::{ActionName, ActionPattern, PolicyType, ResourcePattern};
use iamsure_testkit::oracle;
use iamsure_testkit::strategy::document::policy_type;
use iamsure_testkit::strategy::pattern::{
    action, any_action_entry, glob, glob_and_text, resource_entry_and_resource, text,
};
use proptest::collection::vec;
use proptest::prelude::*;
use regex_lite::{Regex, escape};

use super::cases;

const RULES: ResourceRules = ResourceRules {
    early_variables: false,
    substituted_wildcards: false,
    fields_ignore_case: false,
    inner_runs_cross: false,
    complete_everywhere: false,
    no_value_matters: false,
    all_matches_arns: false,
};

fn regex(body: &str, ignore_case: bool) -> Regex {
    let flags = if ignore_case { "(?is)" } else { "(?s)" };
    Regex::new(&format!(r"{flags}\A{body}\z")).unwrap()
}

fn glob_regex(pattern: &str) -> String {
    let piece = |c: char| match c {
        '*' => ".*".to_owned(),
        '?' => ".".to_owned(),
        c => escape(&c.to_string()),
    };
    pattern.chars().map(piece).collect()
}

/// A piece of a Resource entry.
#[derive(Clone, Debug)]
enum Part {
    /// Text with wildcards.
    Glob(String),
    /// A variable, by the text that stands for it.
    Variable(String),
}

/// `compile` of the evaluation rules (4.2), with `\z` for "anchored"; `None` is "matches nothing".
fn compile(parts: &[Part], kind: PolicyType) -> Option<String> {
    enum Token {
        Text(char),
        Value(String),
    }
    let mut tokens = Vec::new();
    for part in parts {
        match part {
            Part::Glob(text) => tokens.extend(text.chars().map(Token::Text)),
            Part::Variable(value) => tokens.push(Token::Value(value.clone())),
        }
    }
    if let [Token::Text('*')] = tokens.as_slice() {
        return Some(".*".to_owned());
    }
    let missing = 5_usize
        .saturating_sub(tokens.iter().filter(|token| matches!(token, Token::Text(':'))).count());
    match kind {
        PolicyType::Identity | PolicyType::Boundary => {
            for _ in 0..missing {
                tokens.extend([Token::Text(':'), Token::Text('*')]);
            }
        }
        PolicyType::Session | PolicyType::Rcp if missing > 0 => return None,
        _ => {}
    }
    let mut colons = 0;
    let mut body = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let late = colons >= 5;
        let last_of_field = matches!(tokens.get(at + 1), None | Some(Token::Text(':')));
        match token {
            Token::Text('*') if late || last_of_field => body.push_str(".*"),
            Token::Text('*') => body.push_str("[^:]*"),
            Token::Text('?') => body.push_str(if late { "." } else { "[^:]" }),
            Token::Text(c) => {
                colons += usize::from(*c == ':');
                body.push_str(&escape(&c.to_string()));
            }
            Token::Value(_) if !late => return None,
            Token::Value(value) => body.push_str(&escape(value)),
        }
    }
    Some(body)
}

proptest! {
    #![proptest_config(cases(3000))]

    #[test]
    fn a_glob_matches_as_its_regular_expression((pattern, text) in glob_and_text()) {
        let expected = regex(&glob_regex(&pattern), false).is_match(&text);
        prop_assert_eq!(Pattern::glob(&pattern, Case::Sensitive).matches(&text), expected);
        prop_assert_eq!(oracle::pattern::glob(&pattern, &text), expected);
    }

    #[test]
    fn a_glob_without_case_matches_as_its_regular_expression((pattern, text) in glob_and_text()) {
        let expected = regex(&glob_regex(&pattern), true).is_match(&text);
        prop_assert_eq!(Pattern::glob(&pattern, Case::Insensitive).matches(&text), expected);
        prop_assert_eq!(oracle::pattern::glob_ignoring_case(&pattern, &text), expected);
    }

    #[test]
    fn an_example_of_a_pattern_matches_it(pattern in glob(), run in text()) {
        let pattern = Pattern::glob(&pattern, Case::Sensitive);
        prop_assert!(pattern.matches(&pattern.example(&run)));
    }

    #[test]
    fn a_literal_is_the_only_text_of_its_pattern((pattern, text) in glob_and_text()) {
        let pattern = Pattern::glob(&pattern, Case::Sensitive);
        if let Some(literal) = pattern.literal() {
            prop_assert_eq!(pattern.matches(&text), literal == text);
        }
    }

    #[test]
    fn an_action_entry_matches_as_its_regular_expression(
        entry in any_action_entry(),
        action in action(),
    ) {
        let pattern = ActionPattern::new(entry.as_str());
        let expected = match entry.split_once(':') {
            _ if entry == "*" || entry == "*:*" => true,
            Some((prefix, name)) => {
                prefix.eq_ignore_ascii_case(action.prefix())
                    && regex(&glob_regex(name), true).is_match(action.name())
            }
            None => false,
        };
        prop_assert_eq!(pattern.matches(&action), expected);
    }

    #[test]
    fn the_case_of_an_action_never_matters(entry in any_action_entry(), action in action()) {
        let pattern = ActionPattern::new(entry.as_str());
        let shouted = ActionName::parse(&action.as_str().to_ascii_uppercase()).unwrap();
        prop_assert_eq!(pattern.matches(&action), pattern.matches(&shouted));
        let shouting = ActionPattern::new(entry.to_ascii_uppercase());
        prop_assert_eq!(pattern.matches(&action), shouting.matches(&action));
    }

    #[test]
    fn a_resource_entry_matches_as_its_regular_expression(
        (entry, resource) in resource_entry_and_resource(),
        kind in policy_type(),
    ) {
        prop_assume!(resource != "*");
        let pattern = ResourcePattern::new(entry.as_str());
        let found = pattern.matches(&resource, kind, Reading::Substituted, RULES, |_| Value::None);
        let body = compile(&[Part::Glob(entry)], kind);
        let expected = body.is_some_and(|body| regex(&body, false).is_match(&resource));
        prop_assert_eq!(found == ResourceMatch::Yes, expected, "{:?}", kind);
    }

    #[test]
    fn only_a_star_matches_the_resource_of_no_resource(
        (entry, _) in resource_entry_and_resource(),
        kind in policy_type(),
    ) {
        let pattern = ResourcePattern::new(entry.as_str());
        let found = pattern.matches("*", kind, Reading::Substituted, RULES, |_| Value::None);
        prop_assert_eq!(found == ResourceMatch::Yes, entry == "*");
    }

    // What a variable stands for is text: wildcards and colons in it mean nothing (V-10).
    #[test]
    fn variables_in_a_resource_entry_are_literal(
        head in prop_oneof![
            3 => Just("arn:aws:s3:::"),
            1 => Just("arn:aws:sns:*:*:"),
            1 => Just("arn:*"),
            1 => Just("arn:aws:"),
        ],
        parts in vec((glob(), text(), any::<bool>()), 1..4),
        tail in glob(),
        kind in policy_type(),
        runs in vec(text(), 3),
        changed in any::<bool>(),
    ) {
        let value = parts.iter().map(|(_, value, _)| value.clone()).find(|value| !value.is_empty());
        let value = value.unwrap_or_else(|| "v".to_owned());
        let mut pieces = vec![Part::Glob(head.to_owned())];
        let mut entry = head.to_owned();
        for (glob, default, by_default) in &parts {
            let default = if default.is_empty() { "d" } else { default.as_str() };
            let (written, text) = if *by_default {
                (format!("${{x:none, '{default}'}}"), default.to_owned())
            } else {
                ("${x:key}".to_owned(), value.clone())
            };
            entry.push_str(glob);
            entry.push_str(&written);
            pieces.extend([Part::Glob(glob.clone()), Part::Variable(text)]);
        }
        entry.push_str(&tail);
        pieces.push(Part::Glob(tail));
        // A resource that follows the entry.
        let mut runs = runs.iter().cycle();
        let mut resource = String::new();
        for piece in &pieces {
            match piece {
                Part::Glob(text) => {
                    for c in text.chars() {
                        match c {
                            '*' => resource.push_str(runs.next().unwrap()),
                            '?' => resource.push('x'),
                            c => resource.push(c),
                        }
                    }
                }
                Part::Variable(value) if changed => resource.push_str(&value.replace('*', "x")),
                Part::Variable(value) => resource.push_str(value),
            }
        }
        let pattern = ResourcePattern::new(entry.as_str());
        let found = pattern.matches(&resource, kind, Reading::Substituted, RULES, |key| {
            if key.folded() == "x:key" { Value::Text(value.as_str().into()) } else { Value::None }
        });
        let expected =
            compile(&pieces, kind).is_some_and(|body| regex(&body, false).is_match(&resource));
        prop_assert_eq!(found == ResourceMatch::Yes, expected, "{} {}", entry, resource);
    }

    #[test]
    fn a_variable_without_value_matches_no_resource(resource in text(), kind in policy_type()) {
        let pattern = ResourcePattern::new("arn:aws:s3:::bucket/*${x:none}*");
        let resource = format!("arn:aws:s3:::bucket/{resource}");
        let found = pattern.matches(&resource, kind, Reading::Substituted, RULES, |_| Value::None);
        prop_assert_eq!(found, ResourceMatch::NoValue);
    }
}
