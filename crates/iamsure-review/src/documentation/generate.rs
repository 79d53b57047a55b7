//! A truth table as text for a document: a pipe table, a list, or HTML.
//!
//! Everything here is a function of the policies and the marker: no dates, no versions, rows in the fixed
//! order of tables. Pipe tables are padded and text is filled as Prettier does it.

use iamsure_core::decision::Verdict;
use iamsure_core::language::document::{Effect, PolicyType, Sense};
use iamsure_truth::class::value::Domain;
use iamsure_truth::model::Outcome;
use iamsure_truth::table::{Column, HitPolicy, NoTable, Reach, Row, TableReport};
use iamsure_truth::wording::{Phrase, Piece};

use super::asking::{Subject, called};
use super::binding::Binding;
use super::block::is_markdown;
use super::document::Syntax;
use super::finding::Code;
use super::marker::Attributes;
use super::markup::{self, Grid};
use super::table::normal;

/// Who reads the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// The keys and the answer.
    Reader,
    /// Also which statements decide, and what the table rests on.
    Reviewer,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A pipe table.
    Table,
    /// A list, one item a row, for those who hear it read.
    List,
    /// HTML with a caption and the scope of each heading.
    Html,
}

/// How a generated table is written.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    audience: Audience,
    form: Form,
    caption: Option<String>,
    /// Labels of rows, by what the first column of keys says.
    labels: Vec<(String, String)>,
    /// The heading of the column of labels.
    first: String,
    /// The columns of text that are left of a line.
    width: usize,
    syntax: Syntax,
}

impl Layout {
    /// As a marker asks for it, in a document of this syntax, `indent` columns from the left.
    ///
    /// # Errors
    /// What is not understood.
    pub(super) fn of(
        attributes: &Attributes,
        syntax: Syntax,
        indent: usize,
    ) -> Result<Self, String> {
        let audience = match attributes.get("audience") {
            None | Some("reader") => Audience::Reader,
            Some("reviewer") => Audience::Reviewer,
            Some(other) => {
                return Err(format!(
                    "there is no audience `{other}`; there are reader and reviewer"
                ));
            }
        };
        let form = match attributes.get("form") {
            None if is_markdown(syntax) => Form::Table,
            None | Some("html") => Form::Html,
            Some("table") => Form::Table,
            Some("list") => Form::List,
            Some(other) => {
                return Err(format!("there is no form `{other}`; there are table, list and html"));
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
                return Err(format!(
                    "two rows are labelled `{label}`; a label says which row it is"
                ));
            }
            labels.push((normal(state), label));
        }
        Ok(Self {
            audience,
            form,
            caption: attributes.get("caption").map(str::to_owned),
            labels,
            first: attributes.get("first").unwrap_or("Case").to_owned(),
            width: 80_usize.saturating_sub(indent).max(40),
            syntax,
        })
    }
}

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
) -> Result<Result<Vec<String>, Trouble>, NoTable> {
    let bad = |message: &str| Ok(Err((Code::BadMarker, message.to_owned())));
    let statement = binding.subjects.statement.as_ref();
    let decision = binding.subjects.decision.as_ref();
    let subject = match attributes.get("answer") {
        None if binding.names_statement => statement,
        None | Some("decision") => decision,
        Some("applies") => statement,
        Some(_) => return bad("the answer of a table is applies or decision"),
    };
    let Some(subject) = subject else {
        return bad("say sid=\"…\": whether which statement applies?");
    };
    let keys = (!binding.keys.is_empty()).then(|| binding.keys.clone());
    if let Some(unasked) = keys.iter().flatten().find(|key| !subject.keys().contains(key)) {
        return Ok(Err((Code::BadMarker, format!("the policy does not ask for `{unasked}`"))));
    }
    let apart = attributes.get("merge").is_none();
    let report =
        match subject.table(keys, apart && subject.statement.is_some(), &Default::default()) {
            Ok(report) => report,
            Err(NoTable::TooComplex(error)) => {
                return Ok(Err((Code::TooComplex, error.to_string())));
            }
            Err(other) => return Err(other),
        };
    let grid = match grid(subject, &report, layout) {
        Ok(grid) => grid,
        Err(message) => return Ok(Err((Code::BadMarker, message))),
    };
    let notes = notes(subject, &report, layout.audience);
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
        lines.extend(markup::filled(&markup::escaped(caption), layout.width, ""));
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

/// The rows as phrases, a heading first.
fn grid(subject: &Subject, report: &TableReport, layout: &Layout) -> Result<Grid, String> {
    let table = &report.table;
    let columns = &table.columns;
    let mut heading: Vec<Phrase> = columns.iter().map(Column::heading).collect();
    let labelled = !layout.labels.is_empty();
    // The first column names its row: with one column of keys it does already.
    let numbered = !labelled && columns.len() != 1 && table.rows.len() > 1;
    if labelled || numbered {
        heading.insert(0, Phrase::word(layout.first.as_str()));
    }
    heading.push(answer_heading(subject));
    let why = layout.audience == Audience::Reviewer;
    let marks = table.rows.iter().any(|row| row.reach != Reach::Reachable);
    heading.extend(why.then(|| Phrase::word("Why")));
    heading.extend(marks.then(|| Phrase::word("Can happen?")));
    let mut rows = Vec::new();
    for (number, row) in table.rows.iter().enumerate() {
        let cell =
            |column: &Column| row.cells.get(column).cloned().unwrap_or_else(|| Phrase::word("any"));
        let mut cells: Vec<Phrase> = columns.iter().map(cell).collect();
        if labelled {
            let key = columns.iter().find(|column| matches!(column, Column::Subject(_)));
            let said = key.map(|column| normal(&plain(&cell(column)))).unwrap_or_default();
            let label =
                layout.labels.iter().find(|(state, _)| *state == said).map(|(_, label)| label);
            let label = label.ok_or_else(|| {
                format!("no label is given for the row `{said}`; say labels=\"{said}=…; …\"")
            })?;
            cells.insert(0, Phrase::word(label.as_str()));
        } else if numbered {
            cells.insert(0, Phrase::word((number + 1).to_string()));
        }
        cells.push(answer(row));
        cells.extend(why.then(|| because(subject, report, row)));
        cells.extend(marks.then(|| {
            Phrase::word(match &row.reach {
                Reach::Reachable => "Yes".to_owned(),
                Reach::Unreachable(reason) => format!("No: {reason}"),
                Reach::Unknown(reason) => format!("Unknown: {reason}"),
            })
        }));
        rows.push(cells);
    }
    if let Some(otherwise) = table.otherwise {
        let mut cells: Vec<Phrase> = columns.iter().map(|_| Phrase::word("otherwise")).collect();
        if numbered {
            cells.insert(0, Phrase::word((table.rows.len() + 1).to_string()));
        }
        cells.push(Phrase::word(words(otherwise)));
        cells.extend(why.then(|| Phrase::word("no row matches")));
        cells.extend(marks.then(|| Phrase::word("Yes")));
        rows.push(cells);
    }
    Ok(Grid {
        heading,
        rows,
        answer: columns.len() + usize::from(labelled || numbered),
        named: labelled || !numbered,
    })
}

fn plain(phrase: &Phrase) -> String {
    phrase
        .0
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) | Piece::Code(text) => text.as_str(),
        })
        .collect()
}

fn answer_heading(subject: &Subject) -> Phrase {
    match subject.found() {
        Some(statement) => Phrase::word(format!("{} applies?", statement.effect.as_str())),
        None => Phrase::word("Decision"),
    }
}

/// The words of an outcome; explicit and implicit denials are told apart.
const fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applies => "Yes",
        Outcome::DoesNotApply => "No",
        Outcome::Verdict(Verdict::Allowed) => "Allowed",
        Outcome::Verdict(Verdict::ExplicitlyDenied) => "Denied (explicit)",
        Outcome::Verdict(Verdict::ImplicitlyDenied) => "Denied (no allow)",
        Outcome::Verdict(Verdict::Exempt) => "Not authorized by AWS at all",
    }
}

fn answer(row: &Row) -> Phrase {
    let all: Vec<&str> = row.outcomes.iter().map(words).collect();
    match all.as_slice() {
        [one] => Phrase::word(*one),
        several => Phrase::word(format!("Depends: {}", several.join(" or "))),
    }
}

/// Why, in a few words: the deciding statements, or the clause that says so.
fn because(subject: &Subject, report: &TableReport, row: &Row) -> Phrase {
    if subject.statement.is_some() {
        let states = row
            .witness
            .iter()
            .flat_map(|request| request.context.entries())
            .map(|(key, state)| (key.clone(), state.clone()))
            .collect();
        let reasons = subject.judged(&states, super::account::reasons).unwrap_or_default();
        return Phrase::word(reasons.join("; "));
    }
    let Some(decision) = &row.decision else { return Phrase::word("no policy decides") };
    let mut phrase = Phrase::default();
    for id in &decision.statements {
        let Some((_, statement)) = report.policies.statement(*id) else { continue };
        if !phrase.0.is_empty() {
            phrase.0.push(Piece::Word(", ".to_owned()));
        }
        phrase.0.push(match statement.sid() {
            Some(sid) => Piece::Code(sid.to_owned()),
            None => Piece::Word(format!("{} {}", statement.effect.as_str(), id.statement + 1)),
        });
    }
    if phrase.0.is_empty() { Phrase::word(decision.by.name()) } else { phrase }
}

/// What the table rests on.
fn notes(subject: &Subject, report: &TableReport, audience: Audience) -> Phrase {
    let mut notes = Phrase::default();
    let say = |notes: &mut Phrase, text: &str| {
        let blank = if notes.0.is_empty() { "" } else { " " };
        // Names stand between backticks, as in messages.
        for (at, part) in format!("{blank}{text}").split('`').enumerate() {
            if !part.is_empty() {
                let part = part.to_owned();
                notes.0.push(if at % 2 == 1 { Piece::Code(part) } else { Piece::Word(part) });
            }
        }
    };
    if let Some(statement) = subject.found() {
        let narrow = statement.action.as_ref().is_some_and(|element| {
            element.sense == Sense::NoneOf || !element.entries.iter().any(|entry| entry.is_every())
        }) || statement.resource.as_ref().is_some_and(|element| {
            element.sense == Sense::NoneOf || !element.entries.iter().any(|entry| entry.is_every())
        });
        let what = if narrow { ", for the actions and resources that it names" } else { "" };
        let name = called(statement);
        say(&mut notes, &format!("This is about {name} alone{what}, whatever other policies say."));
        if *statement.effect == Effect::Allow {
            say(&mut notes, "A Deny elsewhere may still win.");
        }
    } else {
        let count = subject.policies.policies().count();
        say(
            &mut notes,
            if count == 1 {
                "No other policy is taken to exist."
            } else {
                "No policies but these are taken to exist."
            },
        );
    }
    if report.table.hit == HitPolicy::Priority && subject.statement.is_none() {
        say(
            &mut notes,
            "Where several rows match, an explicit denial wins; a request that no row matches is denied.",
        );
    }
    for kind in &report.assumed {
        say(
            &mut notes,
            match kind {
                PolicyType::Identity => {
                    "No policy here grants anything: allowed means not held back."
                }
                PolicyType::Trust => {
                    "The trust policy of a role is taken as leaving it to the account."
                }
                _ => "The policy of a KMS key is taken as leaving it to the account.",
            },
        );
    }
    for (switch, choice) in report.switches.iter().flatten() {
        say(
            &mut notes,
            &format!(
                "AWS is silent on {switch} ({}); with `{choice}` some row differs.",
                switch.question()
            ),
        );
    }
    if audience == Audience::Reviewer {
        if let (Some(requester), None) = (&report.requester, subject.statement) {
            say(&mut notes, &format!("Decided for `{}`.", requester.principal.display_arn()));
        }
        let typed: Vec<String> = report
            .typed
            .iter()
            .filter(|(_, domain)| *domain == Domain::Boolean)
            .map(|(key, _)| format!("`{key}`"))
            .collect();
        if !typed.is_empty() {
            let is = if typed.len() == 1 { "is" } else { "are" };
            say(
                &mut notes,
                &format!(
                    "{} {is} true or false wherever present, as AWS documents.",
                    typed.join(", ")
                ),
            );
        }
        for (list, words) in
            [(&report.always, "In every request"), (&report.never, "In no request")]
        {
            if !list.is_empty() {
                let names: Vec<String> = list.iter().map(|key| format!("`{key}`")).collect();
                say(
                    &mut notes,
                    &format!("{words} of such callers, as AWS documents: {}.", names.join(", ")),
                );
            }
        }
    }
    notes
}
