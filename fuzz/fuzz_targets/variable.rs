//! Reading variables never panics, the plain reading is the text itself, and what a variable stands
//! for arrives as it is.
//!
//! Input: a line with the value of every key, then the text.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::language::variable::{Reading, Template, Token, Value, text_of};
use iamsure_testkit::oracle::clause::resolved;

mod shim;

/// The longest name of a variable that the program looks for.
const LONGEST_NAME: usize = 1_024;

fn law(input: &str) {
    // The oracle marks characters that are to be taken literally.
    if input.contains(['\u{f0000}', '\u{f0001}', '\u{f0002}']) {
        return;
    }
    let (value, text) = input.split_once('\n').unwrap_or(("", input));
    // The program takes no longer text than this for a name of a variable; the oracle knows no limit.
    if text.chars().count() > LONGEST_NAME {
        return;
    }
    let template = Template::new(text);
    assert_eq!(template.as_str(), text);
    assert_eq!(text_of(template.tokens(Reading::Plain)), text);
    let value_of = |_: &_| if value.is_empty() { Value::None } else { Value::Text(value.into()) };
    let plain = template.resolve(Reading::Plain, false, value_of).expect("no variables");
    assert_eq!(text_of(&plain), text);

    let tokens = template.tokens(Reading::Substituted);
    if !template.has_variables() {
        assert_eq!(tokens, template.tokens(Reading::Plain));
    }
    let oracle = resolved(text, &|_| (!value.is_empty()).then(|| value.to_owned()));
    match template.resolve(Reading::Substituted, false, value_of) {
        Ok(found) => {
            assert!(!found.iter().any(|token| matches!(token, Token::Variable(_))));
            // Nothing that is substituted becomes a wildcard (V-10).
            let wild = |tokens: &[Token]| {
                tokens.iter().filter(|token| matches!(token, Token::Star | Token::Question)).count()
            };
            assert_eq!(wild(&found), wild(tokens));
            assert_eq!(Some(text_of(&found)), oracle);
        }
        Err(Value::None) => assert_eq!(oracle, None),
        Err(other) => panic!("{other:?} where nothing is unknown"),
    }
    // One reading after another changes nothing in a text without variables (V-11).
    if template.variables().next().is_none() && !template.has_variables() {
        assert_eq!(template.malformed(), None);
    }
}

shim::law!(law);
