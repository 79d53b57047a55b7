//! The policies as they were read, each statement marked, so that what decides can be shown in its place.

use iamsure_core::language::PolicyDocument;
use iamsure_core::world::policy_set::StatementId;
use maud::{Markup, html};

use super::Shown;
use super::policies::Page;
use crate::render::matrix::LegendEntry;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let legend = page.matrix.legend();
    html! {
        div.scroll tabindex="0" role="region" aria-label="List of statements" {
            table {
                caption { "Statements" }
                thead { tr {
                    th scope="col" { "#" } th scope="col" { "Effect" } th scope="col" { "Statement" }
                    th scope="col" { "Layer" } th scope="col" { "Place" }
                } }
                tbody {
                    @for entry in &legend {
                        tr {
                            th scope="row" { (entry.number) }
                            td { (entry.effect.as_str()) }
                            td { a href={ "#s" (entry.number) } { (Shown(&entry.name)) } }
                            td { (entry.layer.aws_name()) }
                            td { code { (Shown(&entry.place)) } }
                        }
                    }
                }
            }
        }
        @for (layer, level, policy, document) in page.policies.policies() {
            @let of_document = |id: StatementId| (id.layer, id.level, id.policy) == (layer, level, policy);
            figure {
                figcaption { (layer.aws_name()) ": " code { (Shown(document.source.name())) } }
                pre tabindex="0" aria-label={ "Source of " (Shown(document.source.name())) } {
                    (source(document, &legend, &of_document))
                }
            }
        }
    }
}

/// The text of a document, each statement in an element of its own.
fn source(
    document: &PolicyDocument,
    legend: &[LegendEntry],
    is_of: &dyn Fn(StatementId) -> bool,
) -> Markup {
    let text = document.source.text();
    let mut parts: Vec<(Option<usize>, &str)> = Vec::new();
    let mut end = 0;
    for entry in legend.iter().filter(|entry| is_of(entry.id)) {
        let Some(statement) = document.statements.get(entry.id.statement) else { continue };
        let span = statement.span;
        let (Some(before), Some(own)) = (text.get(end..span.start), text.get(span.start..span.end))
        else {
            continue;
        };
        parts.extend([(None, before), (Some(entry.number), own)]);
        end = span.end;
    }
    parts.push((None, text.get(end..).unwrap_or_default()));
    html! {
        @for (number, text) in parts {
            @match number {
                Some(number) => span.statement id={ "s" (number) } { (lines(text)) },
                None => (lines(text)),
            }
        }
    }
}

/// Lines as lines; anything else that cannot be seen is written out.
fn lines(text: &str) -> Markup {
    html! {
        @for (number, line) in text.split('\n').enumerate() {
            @if number > 0 { "\n" }
            (Shown(&line.strip_suffix('\r').unwrap_or(line).replace('\t', "    ")))
        }
    }
}
