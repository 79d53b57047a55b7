//! Reads `data/operations.txt` and writes it as Rust constants.

use std::fmt::Write as _;

/// The constants `OPERATIONS` and `PREFIXES`: the name, what it is to AWS, and the page. An operation also says whether AWS
/// checks each of its actions.
pub(crate) fn rows(text: &str) -> Result<String, String> {
    let (mut operations, mut prefixes, mut page) = (String::new(), String::new(), "");
    for (index, line) in text.lines().enumerate() {
        let at = |what: &str| format!("line {}: `{line}` {what}", index + 1);
        let fields: Vec<&str> = line.split_whitespace().collect();
        match fields.as_slice() {
            [] | ["captured", _] => continue,
            [word, ..] if word.starts_with('#') => continue,
            ["page", ..] => {
                page = line.trim_start_matches("page ");
                continue;
            }
            _ if page.is_empty() => return Err(at("comes before any page")),
            ["operation", name, actions @ ..] if !actions.is_empty() => {
                writeln!(operations, "({name:?}, &{actions:?}, true, {page:?}),")
            }
            ["either", name, actions @ ..] if actions.len() > 1 => {
                writeln!(operations, "({name:?}, &{actions:?}, false, {page:?}),")
            }
            ["prefix", name, meant] => writeln!(prefixes, "({name:?}, {meant:?}, {page:?}),"),
            _ => return Err(at("is out of place")),
        }
        .map_err(|error| error.to_string())?;
    }
    Ok(format!(
        "pub(crate) static OPERATIONS: &[(&str, &[&str], bool, &str)] = &[\n{operations}];\n\
         pub(crate) static PREFIXES: &[(&str, &str, &str)] = &[\n{prefixes}];\n"
    ))
}
