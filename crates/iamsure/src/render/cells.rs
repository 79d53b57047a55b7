//! What a row says, for programs.

use iamsure_truth::table::{Column, Row};
use serde_json::{Map, Value};

use super::table::bare;

/// The headings that say something, and what they say; what is not there may be anything.
pub(crate) fn cells<'a>(
    columns: impl IntoIterator<Item = &'a Column>,
    row: &Row,
) -> Map<String, Value> {
    let said = columns.into_iter().filter_map(|column| {
        let said = row.cells.get(column)?;
        Some((bare(&column.heading()), Value::from(said.to_string())))
    });
    said.collect()
}
