//! Findings: with the lines of the source for people, as JSON for programs.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use iamsure_core::language::{Diagnostic, PolicyType, Profile, Severity, Source};
use serde::Serialize;

use crate::exit::Exit;

/// One document that was validated.
pub(crate) struct Validated {
    pub(crate) source: Source,
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) readable: bool,
}

impl Validated {
    pub(crate) fn exit(&self) -> Exit {
        if !self.readable {
            Exit::CouldNotRun
        } else if self.findings.iter().any(Diagnostic::is_error) {
            Exit::No
        } else {
            Exit::AsExpected
        }
    }
}

/// Every finding with its lines of the source.
pub(crate) fn human(source: &Source, findings: &[Diagnostic], styled: bool) -> String {
    let renderer =
        if styled { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    let mut text = String::new();
    for finding in findings {
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut snippet = Snippet::source(source.text()).path(source.name()).fold(true);
        for (index, label) in finding.labels.iter().enumerate() {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let end = label.span.end.max(label.span.start).min(source.text().len());
            let annotation = kind.span(label.span.start.min(end)..end);
            snippet = snippet.annotation(if label.text.is_empty() {
                annotation
            } else {
                annotation.label(label.text.as_str())
            });
        }
        let title = level.primary_title(finding.message.as_str()).id(finding.code.name());
        let mut report = vec![title.element(snippet)];
        if let Some(help) = &finding.help {
            report.push(Group::with_title(Level::HELP.secondary_title(help.as_str())));
        }
        text.push_str(&renderer.render(&report));
        text.push_str("\n\n");
    }
    text
}

/// The findings of several documents, and a line on each.
pub(crate) fn report(documents: &[Validated], kind: PolicyType, styled: bool) -> String {
    let mut text = String::new();
    for document in documents {
        text.push_str(&human(&document.source, &document.findings, styled));
        let errors = document.findings.iter().filter(|finding| finding.is_error()).count();
        let warnings = document.findings.len() - errors;
        let name = document.source.name();
        let what = match (document.readable, errors) {
            (false, _) => "could not be read".to_owned(),
            (true, 0) => format!("accepted as {} policy", article(kind)),
            (true, errors) => {
                format!("refused as {} policy, {}", article(kind), counted(errors, "error"))
            }
        };
        let also = if warnings == 0 {
            String::new()
        } else {
            format!(", {}", counted(warnings, "warning"))
        };
        text.extend([name, ": ", &what, &also, "\n"]);
    }
    text
}

fn article(kind: PolicyType) -> String {
    let article =
        if kind == PolicyType::Identity || kind == PolicyType::Endpoint { "an" } else { "a" };
    format!("{article} {kind}")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    version: u32,
    r#type: &'a str,
    profile: &'a str,
    documents: Vec<DocumentReport<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentReport<'a> {
    file: &'a str,
    readable: bool,
    accepted: bool,
    findings: Vec<FindingReport<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingReport<'a> {
    code: &'a str,
    severity: String,
    rule: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    places: Vec<PlaceReport<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceReport<'a> {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

/// The versioned JSON form.
pub(crate) fn json(documents: &[Validated], kind: PolicyType, profile: Profile) -> String {
    let finding = |source: &Source, finding: &'_ Diagnostic| {
        finding
            .labels
            .iter()
            .map(|label| (source.place(label.span.start), source.place(label.span.end)))
            .collect::<Vec<_>>()
    };
    let report = Report {
        version: 1,
        r#type: kind.name(),
        profile: match profile {
            Profile::Strict => "strict",
            Profile::Lenient => "lenient",
        },
        documents: documents
            .iter()
            .map(|document| DocumentReport {
                file: document.source.name(),
                readable: document.readable,
                accepted: document.exit() == Exit::AsExpected,
                findings: document
                    .findings
                    .iter()
                    .map(|found| FindingReport {
                        code: found.code.name(),
                        severity: found.severity.to_string(),
                        rule: found.code.rule(),
                        message: &found.message,
                        help: found.help.as_deref(),
                        places: finding(&document.source, found)
                            .into_iter()
                            .zip(&found.labels)
                            .map(|((start, end), label)| PlaceReport {
                                line: start.line,
                                column: start.column,
                                end_line: end.line,
                                end_column: end.column,
                                label: &label.text,
                            })
                            .collect(),
                    })
                    .collect(),
            })
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}
