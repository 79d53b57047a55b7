//! The limits that a service documents.

use iamsure_core::language::{PolicyDocument, Span, Spanned, Statement};

use super::service::{Limit, Measure, ServicePolicy, Stored};
use super::{Code, Report};

pub(super) fn check(report: &mut Report, document: &PolicyDocument, stored: Stored) {
    for limit in stored.service.limits {
        match limit.measure {
            Measure::Bytes => bytes(report, document, stored.service, *limit),
            Measure::Statements => {
                let counted = document.statements.len();
                if counted > limit.most {
                    beyond(report, Span::new(0, 0), counted, stored.service, *limit);
                }
            }
            Measure::Principals | Measure::Conditions => {
                of_all(report, document, stored.service, *limit);
            }
            Measure::ActionsOfStatement => {
                for (statement, counted) in each(document, limit.measure) {
                    if counted > limit.most {
                        beyond(report, statement.span, counted, stored.service, *limit);
                    }
                }
            }
        }
    }
}

/// Whether the document has more bytes than the service stores.
pub(super) fn is_too_long(document: &PolicyDocument, stored: Stored) -> bool {
    let length = document.source.text().len();
    let mut limits = stored.service.limits.iter();
    limits.any(|limit| limit.measure == Measure::Bytes && length > limit.most)
}

fn bytes(report: &mut Report, document: &PolicyDocument, service: &ServicePolicy, limit: Limit) {
    let text = document.source.text();
    if text.len() <= limit.most {
        return;
    }
    let bare = text.chars().filter(|c| !c.is_whitespace()).map(char::len_utf8).sum::<usize>();
    beyond(report, Span::new(0, 0), text.len(), service, limit);
    if bare <= limit.most {
        report.also(Span::new(0, 0), &format!("white space counts; without it there are {bare}"));
    }
}

/// AWS's pages do not say whether the limit is for a statement or for the policy. One statement beyond it is refused either way.
fn of_all(report: &mut Report, document: &PolicyDocument, service: &ServicePolicy, limit: Limit) {
    let mut all = 0_usize;
    let mut one = false;
    for (statement, counted) in each(document, limit.measure) {
        all = all.saturating_add(counted);
        if counted > limit.most {
            one = true;
            beyond(report, statement.span, counted, service, limit);
        }
    }
    if all > limit.most && !one {
        let message = format!(
            "the statements together have {all} {}; the limit of {} is {}, and AWS does not say whether per statement or in total",
            name(limit.measure),
            service.what,
            limit.most
        );
        report.add(
            Code::ServiceLimitOfAll,
            Span::new(0, 0),
            message,
            format!("see {}", service.source),
        );
    }
}

fn beyond(report: &mut Report, place: Span, counted: usize, service: &ServicePolicy, limit: Limit) {
    let whose = match limit.measure {
        Measure::Bytes | Measure::Statements => "the document has",
        Measure::Principals | Measure::Conditions | Measure::ActionsOfStatement => {
            "the statement has"
        }
    };
    let message = format!(
        "{whose} {counted} {}; the limit of {} is {}",
        name(limit.measure),
        service.what,
        limit.most
    );
    report.add(Code::ServiceLimit, place, message, format!("see {}", service.source));
}

/// Each statement with how much it has of a measure.
fn each(
    document: &PolicyDocument,
    measure: Measure,
) -> impl Iterator<Item = (&Spanned<Statement>, usize)> {
    document.statements.iter().map(move |statement| {
        let counted = match measure {
            Measure::Principals => {
                statement.principal.as_ref().map_or(0, |element| element.entries.len())
            }
            Measure::Conditions => statement.condition.clauses.len(),
            Measure::ActionsOfStatement => {
                statement.action.as_ref().map_or(0, |element| element.entries.len())
            }
            Measure::Bytes | Measure::Statements => 0,
        };
        (statement, counted)
    })
}

const fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Bytes => "bytes",
        Measure::Statements => "statements",
        Measure::Principals => "principals",
        Measure::Conditions => "conditions",
        Measure::ActionsOfStatement => "actions",
    }
}
