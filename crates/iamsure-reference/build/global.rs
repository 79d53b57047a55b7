//! Reads `data/global-keys.txt` and writes it as Rust constants.

use std::fmt::Write as _;

/// The constants `GLOBAL_KEYS` and `CROSS_SERVICE_KEYS`.
pub(crate) fn rows(text: &str) -> Result<String, String> {
    let (mut global, mut cross) = (String::new(), String::new());
    let (mut counts, mut found) = ([0, 0], [0, 0]);
    for (index, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let understood = match fields.as_slice() {
            [] | ["captured" | "package", ..] => Some(()),
            [word, ..] if word.starts_with('#') => Some(()),
            ["count", "key", number] => number.parse().ok().map(|number| counts[0] = number),
            ["count", "cross", number] => number.parse().ok().map(|number| counts[1] = number),
            ["key", name, value_type, arity, identifier, category, presence] => {
                found[0] += 1;
                global_row(&mut global, name, value_type, arity, identifier, category, presence)
            }
            ["cross", name, value_type, arity] => {
                found[1] += 1;
                cross_row(&mut cross, name, value_type, arity)
            }
            _ => None,
        };
        understood.ok_or_else(|| format!("line {}: `{line}` is out of place", index + 1))?;
    }
    if counts != found {
        return Err(format!("counts {counts:?} disagree with the {found:?} that follow"));
    }
    Ok(format!(
        "pub(crate) static GLOBAL_KEYS: &[GlobalKey] = &[\n{global}];\n\
         pub(crate) static CROSS_SERVICE_KEYS: &[ConditionKey] = &[\n{cross}];\n"
    ))
}

fn global_row(
    out: &mut String,
    name: &str,
    value_type: &str,
    arity: &str,
    identifier: &str,
    category: &str,
    presence: &str,
) -> Option<()> {
    let multivalued = multivalued(arity)?;
    let identifier = match identifier {
        "id" => true,
        "-" => false,
        _ => return None,
    };
    let category = match category {
        "principal" => "Principal",
        "session" => "Session",
        "network" => "Network",
        "resource" => "Resource",
        "request" => "Request",
        _ => return None,
    };
    let presence = presence
        .chars()
        .map(|letter| match letter {
            'A' => Some("Presence::Always"),
            'S' => Some("Presence::Sometimes"),
            '-' => Some("Presence::Never"),
            '?' => Some("Presence::Unknown"),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()?
        .join(", ");
    writeln!(
        out,
        "GlobalKey {{ name: {name:?}, value_type: ValueType::{value_type}, multivalued: {multivalued}, \
         identifier: {identifier}, category: Category::{category}, presence: [{presence}] }},"
    )
    .ok()
}

fn cross_row(out: &mut String, name: &str, value_type: &str, arity: &str) -> Option<()> {
    let multivalued = multivalued(arity)?;
    writeln!(
        out,
        "ConditionKey {{ name: {name:?}, value_type: ValueType::{value_type}, multivalued: {multivalued} }},"
    )
    .ok()
}

fn multivalued(arity: &str) -> Option<bool> {
    match arity {
        "single" => Some(false),
        "multi" => Some(true),
        _ => None,
    }
}
