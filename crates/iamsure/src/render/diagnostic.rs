//! Findings: with the lines of the source for people, as JSON for programs.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use iamsure_core::language::{Label, Severity, Source, Span};
use iamsure_review::documentation;
use iamsure_review::finding::Finding;
use iamsure_review::foreign::{Sink, is_hidden};
use iamsure_review::suite::{self, SuiteError};
use iamsure_truth::claim::{ClaimError, Remark};

use super::counted::{Shortened, by_code};
use super::layout::{Drawing, wrap};
use crate::args::Verbosity;
use crate::streams::Finished;

/// The longest excerpt that is shown, in bytes; where the lines of a finding are longer, its place
/// is named alone.
const LONGEST_EXCERPT: usize = 4_000;

/// Every finding with its lines of the source, or the first of each code.
pub(crate) fn human(
    source: &Source,
    findings: &[Finding],
    all: bool,
    drawing: Drawing,
) -> Finished {
    let mut text = Finished::default();
    let mut shortened = Shortened::new(all);
    for finding in findings {
        if shortened.shows(finding) {
            text.push(&Shown::of(finding, &[]).render(source, drawing));
        }
    }
    if let Some(left_out) = shortened.left_out() {
        text.push_str(&format!("{}: {left_out}\n\n", Sink::Line.text(source.name())));
    }
    text
}

/// Findings about a policy that a command uses all the same: a line, or with `--verbose` each with its lines of the source.
pub(crate) fn beside_the_answer(
    source: &Source,
    findings: &[Finding],
    verbosity: Verbosity,
    drawing: Drawing,
) -> Finished {
    let line = match findings {
        _ if verbosity == Verbosity::Verbose => return human(source, findings, true, drawing),
        [] => return Finished::default(),
        [one] => {
            let place = source.place(one.span().start);
            let help = one.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            let what = format!("{}[{}]", one.severity, one.code.name());
            format!("{what}: {}:{place}: {}{help}", source.name(), one.message)
        }
        several => {
            let counts = by_code(several);
            format!(
                "warning: {} has {} findings: {counts}; --verbose shows them",
                source.name(),
                several.len()
            )
        }
    };
    format!("{}\n", Sink::Line.text(&line)).into()
}

/// One finding with its lines of the source, and what shows it.
pub(crate) fn with_notes(
    source: &Source,
    finding: &Finding,
    notes: &[String],
    drawing: Drawing,
) -> Finished {
    Shown::of(finding, notes).render(source, drawing)
}

fn renderer(drawing: Drawing) -> Renderer {
    let renderer = if drawing.styled { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    match drawing.width {
        Some(width) => renderer.term_width(width),
        None => renderer,
    }
}

/// A report as it is printed. `##[`, wherever it stands, is a command to the runner of Azure and of older ones of
/// GitHub; no style of ours holds it.
fn finished(report: &str) -> Finished {
    Finished::ours(format!("{}\n\n", report.replace("##[", "##\\u{5b}")))
}

/// What is shown of a finding, of whatever kind of document.
struct Shown<'a> {
    severity: Severity,
    code: &'a str,
    message: &'a str,
    labels: &'a [Label],
    notes: &'a [String],
    help: Option<&'a str>,
}

impl<'a> Shown<'a> {
    fn of(finding: &'a Finding, notes: &'a [String]) -> Self {
        Self {
            severity: finding.severity,
            code: finding.code.name(),
            message: &finding.message,
            labels: &finding.labels,
            notes,
            help: finding.help.as_deref(),
        }
    }

    /// What is of others is written out first; the styles come after it.
    fn render(self, source: &Source, drawing: Drawing) -> Finished {
        let head = format!("{}[{}]: ", self.severity, self.code);
        let message = broken(&Sink::Line.text(self.message), &head, drawing);
        let note = |note: &String| broken(&Sink::Line.text(note), NOTE, drawing);
        let notes: Vec<String> = self.notes.iter().map(note).collect();
        let help = self.help.map(|help| broken(&Sink::Lines.text(help), HELP, drawing));
        let name = Sink::Line.text(source.name());
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(&*message).id(self.code);
        let lines = Lines::around(source, self.labels);
        let element = match &lines {
            Some(lines) => title.element(lines.snippet(&name)),
            None => title.element(origin(source, self.labels, &name)),
        };
        let element = element.elements(notes.iter().map(|note| Level::NOTE.message(&**note)));
        let mut report = vec![element];
        if let Some(help) = &help {
            report.push(Group::with_title(Level::HELP.secondary_title(&**help)));
        }
        finished(&renderer(drawing).render(&report))
    }
}

/// What stands before a note, and before a help.
const NOTE: &str = "   = note: ";
const HELP: &str = "help: ";

/// A text broken at blanks, so that it fits the terminal behind what stands before it; nothing is broken elsewhere.
fn broken(text: &str, head: &str, drawing: Drawing) -> String {
    let width = drawing.width.map(|width| width.saturating_sub(head.chars().count()));
    let lines = text.lines().flat_map(|line| wrap(line, width, "").collect::<Vec<_>>());
    lines.collect::<Vec<_>>().join("\n")
}

/// The place of a finding whose lines are not shown.
fn origin<'a>(source: &Source, labels: &[Label], name: &'a str) -> Origin<'a> {
    let place = source.place(labels.first().map_or(0, |label| label.span.start));
    Origin::path(name).line(place.line).char_column(place.column)
}

/// Why a text is no claim.
pub(crate) fn of_claim(source: &Source, error: &ClaimError, drawing: Drawing) -> Finished {
    of_text(source, Level::ERROR, &error.message, &error.span, error.help.as_deref(), drawing)
}

/// What is odd about a claim.
pub(crate) fn of_claim_remarks(source: &Source, remarks: &[Remark], drawing: Drawing) -> Finished {
    remarks
        .iter()
        .map(|remark| {
            let help = remark.help.as_deref();
            of_text(source, Level::WARNING, &remark.message, &remark.span, help, drawing)
        })
        .collect()
}

fn of_text(
    source: &Source,
    level: Level<'static>,
    message: &str,
    span: &Range<usize>,
    help: Option<&str>,
    drawing: Drawing,
) -> Finished {
    let message = broken(&Sink::Line.text(message), "warning: ", drawing);
    let help = help.map(|help| broken(&Sink::Lines.text(help), HELP, drawing));
    let opened = Opened::of(source.text(), std::slice::from_ref(span));
    let annotations = opened.spans.iter().map(|span| AnnotationKind::Primary.span(span.clone()));
    let snippet = Snippet::source(opened.text.as_str()).annotations(annotations);
    let mut report = vec![level.primary_title(&*message).element(snippet)];
    if let Some(help) = &help {
        report.push(Group::with_title(Level::HELP.secondary_title(&**help)));
    }
    finished(&renderer(drawing).render(&report))
}

/// Lines of a source with labels, under a headline that is no finding; then what is to be said of them.
pub(crate) fn excerpt(
    source: &Source,
    headline: &str,
    labels: &[Label],
    remarks: &[String],
) -> String {
    let headline = Sink::Line.text(headline);
    let name = Sink::Line.text(source.name());
    let remarks: Vec<Cow<'_, str>> =
        remarks.iter().map(|remark| Sink::Lines.text(remark)).collect();
    let title = Level::NOTE.no_name().primary_title(&*headline);
    let lines = Lines::around(source, labels);
    let element = match &lines {
        Some(lines) => title.element(lines.snippet(&name)),
        None => title.element(origin(source, labels, &name)),
    };
    let remarks = remarks.iter().map(|remark| Level::NOTE.no_name().message(&**remark));
    let report = [element.elements(remarks)];
    format!("{}\n", renderer(Drawing::PLAIN).render(&report))
}

/// The findings about ToolHive's manifests, each with its lines of the source.
pub(crate) fn of_manifests(
    findings: &[iamsure_toolhive::finding::Finding],
    drawing: Drawing,
) -> Finished {
    let one = |finding: &iamsure_toolhive::finding::Finding| {
        let labels = [Label { span: finding.span, text: String::new() }];
        let shown = Shown {
            severity: finding.code.severity(),
            code: finding.code.name(),
            message: &finding.message,
            labels: &labels,
            notes: &[],
            help: finding.help.as_deref(),
        };
        shown.render(&finding.source, drawing)
    };
    findings.iter().map(one).collect()
}

/// What is wrong with a suite, each with its lines.
pub(crate) fn of_suite(errors: &[SuiteError], drawing: Drawing) -> Finished {
    let one = |error: &SuiteError| {
        let labels = [Label { span: error.span, text: String::new() }];
        let shown = Shown {
            severity: Severity::Error,
            code: suite::UNREADABLE,
            message: &error.message,
            labels: &labels,
            notes: &[],
            help: error.help.as_deref(),
        };
        shown.render(&error.source_file, drawing)
    };
    errors.iter().map(one).collect()
}

/// What is found in a document, each with its lines.
pub(crate) fn of_document(
    source: &Source,
    findings: &[documentation::finding::Finding],
    drawing: Drawing,
) -> Finished {
    let one = |finding: &documentation::finding::Finding| {
        let shown = Shown {
            severity: finding.code.severity(),
            code: finding.code.name(),
            message: &finding.message,
            labels: &finding.labels,
            notes: &finding.notes,
            help: finding.help.as_deref(),
        };
        shown.render(source, drawing)
    };
    findings.iter().map(one).collect()
}

/// A text in which what cannot be seen is written out, and where some stretches of it are now.
struct Opened {
    text: String,
    spans: Vec<Range<usize>>,
}

impl Opened {
    fn of(text: &str, spans: &[Range<usize>]) -> Self {
        // The renderer of excerpts spreads tabs and parts lines.
        let is_written_out = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t');
        let mut opened = String::with_capacity(text.len());
        // Where each character was and is, for those that moved what follows.
        let mut moved: Vec<(usize, usize)> = Vec::new();
        for (at, c) in text.char_indices() {
            // A line end of Windows is one.
            if is_written_out(c)
                && !(c == '\r' && text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n')))
            {
                opened.extend(c.escape_unicode());
                moved.push((at + c.len_utf8(), opened.len()));
            } else {
                opened.push(c);
            }
        }
        let now = |at: usize| {
            let before = moved.partition_point(|(was, _)| *was <= at);
            let last = before.checked_sub(1).and_then(|last| moved.get(last));
            last.map_or(at, |(was, is)| is + (at - was)).min(opened.len())
        };
        let spans = spans.iter().map(|span| now(span.start)..now(span.end)).collect();
        Self { text: opened, spans }
    }
}

/// The lines that a finding is about, with what is said of stretches of them.
struct Lines<'a> {
    opened: Opened,
    first: usize,
    labels: Vec<Cow<'a, str>>,
}

impl<'a> Lines<'a> {
    /// `None` if there are none, or they are too long to be of use.
    fn around(source: &Source, labels: &'a [Label]) -> Option<Self> {
        let spans = labels.iter().map(|label| label.span);
        let all = spans.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))?;
        let lines = source.lines_around(all);
        let excerpt = source.slice(lines);
        // What lies between is folded away.
        let shown = |label: &Label| source.slice(source.lines_around(label.span)).len();
        if labels.iter().map(shown).max().is_some_and(|longest| longest > LONGEST_EXCERPT) {
            return None;
        }
        let within = |label: &Label| {
            let start = label.span.start.saturating_sub(lines.start).min(excerpt.len());
            let end = label.span.end.saturating_sub(lines.start).clamp(start, excerpt.len());
            start..end
        };
        let spans: Vec<Range<usize>> = labels.iter().map(within).collect();
        Some(Self {
            opened: Opened::of(excerpt, &spans),
            first: source.place(lines.start).line,
            labels: labels.iter().map(|label| Sink::Line.text(&label.text)).collect(),
        })
    }

    fn snippet<'b>(&'b self, name: &'b str) -> Snippet<'b, Annotation<'b>> {
        let snippet =
            Snippet::source(self.opened.text.as_str()).line_start(self.first).path(name).fold(true);
        let annotate = |(index, (span, label)): (usize, (&Range<usize>, &'b Cow<'a, str>))| {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(span.clone());
            if label.is_empty() { annotation } else { annotation.label(&**label) }
        };
        snippet.annotations(self.opened.spans.iter().zip(&self.labels).enumerate().map(annotate))
    }
}
