//! How a generated table is written: for whom, in which form, under which names.

use super::super::block::is_markdown;
use super::super::document::Syntax;
use super::super::marker::Attributes;
use super::super::table::normal;

/// Who reads the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Audience {
    /// The keys and the answer.
    Reader,
    /// Also which statements decide, and what the table rests on.
    Reviewer,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// A pipe table.
    Table,
    /// A list, one item a row, for those who hear it read.
    List,
    /// HTML with a caption and the scope of each heading.
    Html,
}

/// How a generated table is written.
#[derive(Clone, Debug)]
pub(in super::super) struct Layout {
    pub(super) audience: Audience,
    pub(super) form: Form,
    pub(super) caption: Option<String>,
    /// Labels of rows, by what the first column of keys says.
    pub(super) labels: Vec<(String, String)>,
    /// The heading of the column of labels.
    pub(super) first: Option<String>,
    /// The columns of text that are left of a line.
    pub(super) width: usize,
    pub(super) syntax: Syntax,
}

impl Layout {
    /// As a marker asks for it, in a document of this syntax, `indent` columns from the left.
    ///
    /// # Errors
    /// What is not understood.
    pub(in super::super) fn of(
        attributes: &Attributes,
        syntax: Syntax,
        indent: usize,
    ) -> Result<Self, String> {
        let audience = match attributes.get("audience") {
            None | Some("reader") => Audience::Reader,
            Some("reviewer") => Audience::Reviewer,
            Some(other) => {
                return Err(format!("unknown audience `{other}`; expected reader or reviewer"));
            }
        };
        let form = match attributes.get("form") {
            None if is_markdown(syntax) => Form::Table,
            None | Some("html") => Form::Html,
            Some("table") => Form::Table,
            Some("list") => Form::List,
            Some(other) => {
                return Err(format!("unknown form `{other}`; expected table, list or html"));
            }
        };
        if !is_markdown(syntax) && form != Form::Html {
            return Err(
                "this document is not Markdown: only form=html can be written into it".to_owned()
            );
        }
        let mut labels = Vec::new();
        for part in attributes.get("labels").unwrap_or_default().split(';') {
            if part.trim().is_empty() {
                continue;
            }
            let (state, label) = part.split_once('=').ok_or_else(|| {
                format!("`{}` is not STATE=LABEL, such as \"absent=Key missing\"", part.trim())
            })?;
            let label = label.trim().to_owned();
            if labels.iter().any(|(_, known): &(String, String)| *known == label) {
                return Err(format!("two rows are labelled `{label}`; labels must be unique"));
            }
            labels.push((normal(state), label));
        }
        Ok(Self {
            audience,
            form,
            caption: attributes.get("caption").map(str::to_owned),
            labels,
            first: attributes.get("first").map(str::to_owned),
            width: 80_usize.saturating_sub(indent).max(40),
            syntax,
        })
    }
}
