//! CSV: a line for each record, each cell written by the sink, so that no text of others is a formula.
//!
//! Page: RFC 4180.

use iamsure_review::foreign::Sink;

/// The records, the headings first.
///
/// # Errors
/// If the records are not of one length.
pub(crate) fn csv<C: AsRef<str>, R: IntoIterator<Item = C>>(
    records: impl IntoIterator<Item = R>,
) -> Result<String, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot write CSV: {error}");
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for record in records {
        let cells = record.into_iter().map(|cell| Sink::Csv.text(cell.as_ref()).into_owned());
        writer.write_record(cells).map_err(|error| failed(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}
