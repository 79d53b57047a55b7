//! Reads `data/operations.txt` and writes it as Rust constants.

use std::fmt::Write as _;

/// The constants `OPERATIONS` and `PREFIXES`: the name, what it is to AWS, and the page.
pub(crate) fn rows(text: &str) -> Result<String, String> {
    let (mut operations, mut prefixes, mut page) = (String::new(), String::new(), "");
    for (index, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let out = match fields.as_slice() {
            [] | ["captured", _] => continue,
            [word, ..] if word.starts_with('#') => continue,
            ["page", ..] => {
                page = line.trim_start_matches("page ");
                continue;
            }
            ["operation", ..] => &mut operations,
            ["prefix", ..] => &mut prefixes,
            _ => return Err(format!("line {}: `{line}` is out of place", index + 1)),
        };
        let [_, name, meant] = fields.as_slice() else {
            return Err(format!("line {}: `{line}` has not two names", index + 1));
        };
        if page.is_empty() {
            return Err(format!("line {}: no page is named before it", index + 1));
        }
        writeln!(out, "({name:?}, {meant:?}, {page:?}),").map_err(|error| error.to_string())?;
    }
    let one = "&[(&str, &str, &str)]";
    Ok(format!(
        "pub(crate) static OPERATIONS: {one} = &[\n{operations}];\n\
         pub(crate) static PREFIXES: {one} = &[\n{prefixes}];\n"
    ))
}
