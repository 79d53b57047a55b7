//! The matrix as a table for people: at a terminal, and as Markdown.

use iamsure_core::world::CallPath;
use iamsure_review::foreign::markdown_with_code;

use super::{LegendEntry, Report};
use crate::render::grid::Grid;
use crate::render::layout::Drawing;
use crate::render::words;
use crate::streams::Finished;

/// For a terminal.
pub(crate) fn table(report: &Report<'_>, drawing: Drawing) -> Finished {
    let notes = report.notes();
    let mut out = Finished::default();
    let beside = report.matrix.beside.sentences();
    for head in [report.headline(), report.subline()].into_iter().chain(beside) {
        drawing.lines(&head, "", &mut out);
    }
    out.push_str("\n");
    // The exchange comes first: it starts the session that the rows are about.
    let exchanges = report.exchange_lines(&notes, true);
    for line in &exchanges {
        drawing.lines(line, "    ", &mut out);
    }
    if !exchanges.is_empty() {
        out.push_str("\n");
    }
    // Without rows or columns there is nothing to head: the exchanges say it all.
    let nothing = report.rows().is_empty() || report.matrix.paths.is_empty();
    if !nothing {
        let (header, body) = rows(report, &notes);
        let verdicts = (1..header.first().map_or(0, Vec::len)).collect();
        out.push(&Grid { header, body, verdicts }.draw(drawing));
        out.push_str("\n");
    }
    for line in footer(report, &notes) {
        drawing.lines(&line, "    ", &mut out);
    }
    out
}

/// For documents: a pipe table, then the same legend and notes as a list.
pub(crate) fn markdown(report: &Report<'_>) -> String {
    let notes = report.notes();
    let (header, body) = rows(report, &notes);
    let mut out = String::new();
    for sentence in report.matrix.beside.sentences() {
        out.extend([&markdown_with_code(&sentence), "\n\n"]);
    }
    let mut lines = header.into_iter().chain(body);
    let first = lines.next().unwrap_or_default();
    let columns = first.len();
    let exchanges = report.exchange_lines(&notes, true);
    for text in &exchanges {
        out.extend(["- ", &markdown_with_code(text.trim()), "\n"]);
    }
    if !exchanges.is_empty() {
        out.push('\n');
    }
    let line = |cells: &[String]| {
        let cells: Vec<_> = cells.iter().map(|cell| markdown_with_code(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    out.push_str(&line(&first));
    out.push_str(&line(&vec!["---".to_owned(); columns]));
    for cells in lines {
        out.push_str(&line(&cells));
    }
    out.push('\n');
    for text in footer(report, &notes).into_iter().filter(|text| !text.is_empty()) {
        out.extend(["- ", &markdown_with_code(text.trim()), "\n"]);
    }
    out
}

/// What a matrix says, for a form that lays it out itself.
pub(in crate::render) struct Parts {
    /// What was read, and who calls.
    pub(in crate::render) head: Vec<String>,
    /// What is assumed beside the policies.
    pub(in crate::render) beside: Vec<String>,
    /// The exchanges, those that were decided first.
    pub(in crate::render) exchanges: Vec<String>,
    pub(in crate::render) header: Vec<Vec<String>>,
    pub(in crate::render) body: Vec<Vec<String>>,
    /// What cells refer to, each by its mark.
    pub(in crate::render) notes: Vec<(String, String)>,
    pub(in crate::render) remarks: Vec<String>,
}

/// The parts of a matrix.
pub(in crate::render) fn parts(report: &Report<'_>) -> Parts {
    let notes = report.notes();
    let (header, body) = rows(report, &notes);
    let mut exchanges = report.exchange_lines(&notes, true);
    exchanges.extend(report.exchange_lines(&notes, false));
    Parts {
        head: vec![report.headline(), report.subline()],
        beside: report.matrix.beside.sentences(),
        exchanges,
        header,
        body,
        remarks: report.remarks(),
        notes,
    }
}

/// The header rows (paths, key states, evidence) and the body rows. Paths that are decided alike share a column.
fn rows(report: &Report<'_>, notes: &[(String, String)]) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let paths = &report.matrix.paths;
    let decided: Vec<(String, Vec<String>)> =
        report.rows().iter().map(|row| (row.label(), report.row_cells(row, notes))).collect();
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for number in 0..paths.len() {
        let alike = |column: &&mut Vec<usize>| {
            column.first().is_some_and(|first| {
                decided.iter().all(|(_, cells)| cells.get(*first) == cells.get(number))
            })
        };
        match columns.iter_mut().find(alike) {
            Some(column) => column.push(number),
            None => columns.push(vec![number]),
        }
    }
    let headed = |title: String, join: &str, text: &dyn Fn(&CallPath) -> String| -> Vec<String> {
        let of = |column: &Vec<usize>| {
            let mut texts: Vec<String> = Vec::new();
            for path in column.iter().filter_map(|number| paths.get(*number)) {
                let text = text(path);
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            texts.join(join)
        };
        std::iter::once(title).chain(columns.iter().map(of)).collect()
    };
    let mut header =
        vec![headed("action".to_owned(), ", ", &|path| words::on_one_line(path.name()))];
    for key in report.fixed_keys() {
        let state = |path: &CallPath| Report::path_state(path, &key).text;
        header.push(headed(format!("  {key}"), " | ", &state));
    }
    if header.len() > 1 {
        let evidence = |path: &CallPath| report.evidence(path);
        header.push(headed("  evidence".to_owned(), " | ", &evidence));
    }
    let cell = |cells: &Vec<String>, column: &Vec<usize>| {
        column.first().and_then(|number| cells.get(*number)).cloned().unwrap_or_default()
    };
    let body = decided
        .iter()
        .map(|(label, cells)| {
            std::iter::once(label.clone())
                .chain(columns.iter().map(|column| cell(cells, column)))
                .collect()
        })
        .collect();
    (header, body)
}

/// How far the column of names in the legend is filled up.
const MAX_NAME: usize = 64;

/// Exchanges that were not decided, legend, notes and remarks, one a line; an empty line between the
/// groups.
fn footer(report: &Report<'_>, notes: &[(String, String)]) -> Vec<String> {
    let mut lines = report.exchange_lines(notes, false);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let legend = report.legend();
    let longest = |text: &dyn Fn(&LegendEntry) -> usize| legend.iter().map(text).max().unwrap_or(0);
    let number = longest(&|entry| entry.number.to_string().len() + 2);
    // Not wider for the sake of one that is longer than a line.
    let name = longest(&|entry| entry.name.chars().count()).min(MAX_NAME);
    let layer = longest(&|entry| entry.layer.name().len());
    for entry in &legend {
        lines.push(format!(
            "{:<number$} {:<5} {:<name$}   {:<layer$}   {}",
            format!("[{}]", entry.number),
            entry.effect.as_str(),
            entry.name,
            entry.layer.name(),
            entry.place
        ));
    }
    lines.push(
        "allow: an Allow matches, and no Deny   DENY: a Deny matches   deny: nothing allows it"
            .to_owned(),
    );
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes.iter().map(|(mark, text)| format!("({mark}) {text}")));
    }
    let remarks = report.remarks();
    if !remarks.is_empty() {
        lines.push(String::new());
        lines.extend(
            remarks.into_iter().map(|remark| format!("note: {}", words::on_one_line(&remark))),
        );
    }
    lines
}
