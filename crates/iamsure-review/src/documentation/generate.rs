//! A truth table as text for a document: a pipe table, a list, or HTML.
//!
//! Everything here is a function of the policies and the marker: no dates, no versions, rows in the fixed
//! order of tables. Pipe tables are padded and text is filled as Prettier does it.

mod arrival;
mod grid;
mod layout;
mod note;

use iamsure_truth::phrase::Phrase;
use iamsure_truth::unanswered::Unanswered;

use super::asking::{States, Subject};
use super::binding::Binding;
use super::block::is_markdown;
use super::finding::Code;
use super::marker::Attributes;
use super::markup::{self, Grid};
use crate::foreign::Sink;
use layout::Form;

pub(super) use layout::Layout;

/// Why nothing is generated.
type Trouble = (Code, String);

/// The lines of a generated table.
///
/// # Errors
/// If a check of the program's own failed. Inside: why there is none.
pub(super) fn lines(
    binding: &Binding,
    attributes: &Attributes,
    layout: &Layout,
) -> Result<Result<Vec<String>, Trouble>, Unanswered> {
    let made = if attributes.get("paths").is_some() {
        arrival::made(binding, attributes, layout)?
    } else {
        made(binding, attributes, layout)?
    };
    let (grid, notes) = match made {
        Ok(made) => made,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let mut lines = Vec::new();
    if layout.form == Form::Html {
        lines.extend(markup::html(&grid, layout.caption.as_deref(), layout.syntax));
        if is_markdown(layout.syntax) {
            lines.push(String::new());
            lines.extend(markup::filled(&markup::inline(&notes, false), layout.width, ""));
        } else {
            lines.push(format!("<p>{}</p>", markup::html_inline(&notes, layout.syntax)));
        }
        return Ok(Ok(lines));
    }
    if let Some(caption) = &layout.caption {
        lines.extend(markup::filled(&Sink::Paragraph.text(caption), layout.width, ""));
        lines.push(String::new());
    }
    match layout.form {
        Form::List => lines.extend(markup::list(&grid, layout.width)),
        Form::Table | Form::Html => lines.extend(markup::pipes(&grid)),
    }
    lines.push(String::new());
    lines.extend(markup::filled(&markup::inline(&notes, false), layout.width, ""));
    Ok(Ok(lines))
}

/// The rows of a table over everything the policies can tell apart, and what it rests on.
fn made(
    binding: &Binding,
    attributes: &Attributes,
    layout: &Layout,
) -> Result<Result<(Grid, Phrase), Trouble>, Unanswered> {
    let bad = |message: &str| Ok(Err((Code::BadMarker, message.to_owned())));
    let statement = binding.subjects.statement.as_ref();
    let decision = binding.subjects.decision.as_ref();
    let subject: Option<&Subject> = match attributes.get("answer") {
        None if binding.names_statement => statement,
        None | Some("decision") => decision,
        Some("applies") => statement,
        Some("both") => return bad("answer=both is for tables by call path: add paths=\"…\""),
        Some(_) => return bad("`answer` must be applies or decision"),
    };
    let Some(subject) = subject else {
        return bad("add sid=\"…\" to select the statement");
    };
    let keys = (!binding.keys.is_empty()).then(|| binding.keys.clone());
    if let Some(unasked) = keys.iter().flatten().find(|key| !subject.keys().contains(key)) {
        return Ok(Err((Code::BadMarker, format!("the policy does not use `{unasked}`"))));
    }
    let apart = match attributes.get("merge") {
        Some("" | "true") => Some(false),
        Some(other) => {
            return Ok(Err((
                Code::BadMarker,
                format!(
                    "`merge` takes no value, and `{other}` was given; leave it out to keep states apart"
                ),
            )));
        }
        None if subject.statement.is_some() => Some(true),
        None => None,
    };
    let report = match subject.table(keys, apart, &States::new()) {
        Ok(report) => report,
        Err(Unanswered::TooComplex(error)) => {
            return Ok(Err((Code::TooComplex, error.to_string())));
        }
        Err(other) => return Err(other),
    };
    Ok(match grid::grid(subject, &report, layout) {
        Ok(grid) => Ok((grid, note::notes(subject, &report, layout.audience))),
        Err(message) => Err((Code::BadMarker, message)),
    })
}
