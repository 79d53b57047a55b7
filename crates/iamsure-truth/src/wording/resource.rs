//! Words for resources.

use std::borrow::Cow;

use super::literal::{Literal, express};
use crate::bits::Bits;
use crate::class::resource::{EntryForm, ResourceClass};
use crate::model::Classes;
use crate::said::{Comparison, Said, Sample};

/// What a list of the rules of combination says.
fn of_rule(list: &[String]) -> Said {
    let [one] = list else { return Said::is_one_of(list) };
    if one.contains('#') {
        return Said::compared(Comparison::OfAccount, [""; 0]);
    }
    match one.strip_prefix("arn:*:*:*:").and_then(|rest| rest.strip_suffix(":*")) {
        Some(account) => Said::compared(Comparison::OfAccount, [account]),
        None => Said::is(one),
    }
}

/// The entry that matches this resource and no other: what is a wildcard in an entry is a character in a resource (V-5).
fn as_entry(resource: &str) -> Cow<'_, str> {
    if !resource.contains(['*', '?']) {
        return Cow::Borrowed(resource);
    }
    let entry = resource.replace("${", "${$}{");
    let mut escaped = String::with_capacity(entry.len());
    for character in entry.chars() {
        match character {
            '*' | '?' => escaped.extend(['$', '{', character, '}']),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

pub(super) fn resources(classes: &Classes, target: &Bits) -> Said {
    let Classes::Resources { classes, clauses, relational, rules, asked } = classes else {
        return Said::Any;
    };
    let of = |wanted: &dyn Fn(&ResourceClass) -> bool| -> Bits {
        classes.iter().enumerate().filter(|(_, class)| wanted(class)).map(|(at, _)| at).collect()
    };
    let mut literals: Vec<Literal> = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        let texts: Vec<String> = clause
            .entries
            .iter()
            .filter(|entry| {
                !matches!(
                    entry.form,
                    EntryForm::Relational(..) | EntryForm::Nothing | EntryForm::NoVariable
                )
            })
            .map(|entry| entry.text.clone())
            .collect();
        if texts.is_empty() {
            continue;
        }
        literals.push(Literal {
            holds: of(&|class| class.listed.contains(number)),
            cost: texts.len(),
            said: Said::is_one_of(texts),
            has_opposite: true,
        });
    }
    for (number, entry) in relational.iter().enumerate() {
        literals.push(Literal {
            holds: of(&|class| class.possible.contains(number)),
            said: Said::compared(Comparison::OfTheForm, [&entry.text]),
            has_opposite: true,
            cost: 2,
        });
    }
    for (number, list) in rules.iter().enumerate() {
        literals.push(Literal {
            holds: of(&|class| class.rules.contains(number)),
            said: of_rule(list),
            has_opposite: true,
            cost: list.len() + 1,
        });
    }
    for (number, text) in asked.iter().enumerate() {
        literals.push(Literal {
            holds: of(&|class| class.asked.contains(number)),
            said: Said::is_one_of([text]),
            has_opposite: true,
            cost: 1,
        });
    }
    for (at, class) in classes.iter().enumerate() {
        if class.is_all || !class.several {
            literals.push(Literal {
                holds: std::iter::once(at).collect(),
                said: if class.is_all {
                    Said::NoResource
                } else {
                    Said::is(as_entry(&class.witness))
                },
                has_opposite: true,
                cost: 1,
            });
        }
    }
    let universe = Bits::below(classes.len());
    if let Some(said) = express(target, &universe, &literals) {
        return Said::one_of(said);
    }
    let examples = target.iter().filter_map(|at| classes.get(at)).map(|class| &class.witness);
    Said::such(Sample::Resources, examples)
}
