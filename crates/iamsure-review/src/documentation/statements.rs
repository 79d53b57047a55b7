//! What there is to say about the policies of a document, apart from its tables: statements that do
//! nothing, actions that are gone, conditions that cannot be met, names that stand for two things.

use std::collections::BTreeMap;

use iamsure_core::language::document::Effect;
use iamsure_core::language::{PolicyDocument, Span, Spanned, Statement};

use super::asking::{called, name_span};
use super::document::Document;
use super::fence::Excerpt;
use super::finding::{Code, Finding};
use super::inert::{self, Inert, Statements};
use super::placeholder::Openness;
use crate::finding::{Finding as Published, FindingCode};
use crate::published::{self, Code as PublishedCode};

/// What there is to say about the policies of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) findings: Vec<Finding>,
    /// How many statements are not judged for what depends on their placeholders, or because they are of
    /// another language.
    pub(super) unjudged: usize,
}

/// What there is to say about the policies of a document.
pub(super) fn told(document: &Document, policies: &[Excerpt]) -> Told {
    let mut told = Told::default();
    let mut open: Vec<Openness> = Vec::new();
    for excerpt in policies {
        if inert::is_stack_policy(&excerpt.policy) {
            told.unjudged += excerpt.policy.statements.len();
            let is_told = told.findings.iter().any(|found| found.code == Code::NotJudged);
            told.findings.extend(of_a_stack(&excerpt.policy).filter(|_| !is_told));
            continue;
        }
        let statements = inert::statements(excerpt);
        told.unjudged += statements.open.iter().filter(|open| !open.is_none()).count();
        told.findings.extend(of_policy(document, excerpt, &statements));
        open.extend(statements.open);
    }
    told.findings.extend(placeholders(&open));
    told
}

fn of_policy(document: &Document, excerpt: &Excerpt, statements: &Statements) -> Vec<Finding> {
    let policy = &excerpt.policy;
    let within = |span: Span| {
        policy.statements.iter().position(|statement| {
            statement.span.start <= span.start && span.end <= statement.span.end
        })
    };
    let published = published::findings(policy);
    let mut findings = Vec::new();
    for found in &statements.inert {
        if let Some(statement) = policy.statements.get(found.statement) {
            let of_it =
                published.iter().filter(|other| within(other.span()) == Some(found.statement));
            findings.push(inert_finding(document, statement, found, of_it));
        }
    }
    for found in published {
        let number = within(found.span());
        let is_told = statements.inert.iter().any(|inert| Some(inert.statement) == number);
        let open = number.and_then(|number| statements.open.get(number));
        let code = match found.code {
            FindingCode::Published(PublishedCode::RetiredAction) => Code::RetiredAction,
            FindingCode::Published(PublishedCode::UnsuppliedKey)
                if open.is_none_or(Openness::is_none) && !is_told =>
            {
                Code::NeverMatches
            }
            FindingCode::Published(PublishedCode::ExemptAction) if !is_told => Code::InertStatement,
            _ => continue,
        };
        findings.push(Finding {
            code,
            message: found.message,
            labels: found.labels,
            notes: Vec::new(),
            help: found.help,
        });
    }
    findings
}

/// A stack policy of CloudFormation is no IAM policy.
fn of_a_stack(policy: &PolicyDocument) -> Option<Finding> {
    let first = policy.statements.first()?.action.as_ref()?;
    let message = "this is a CloudFormation stack policy, not an IAM policy; stack policies in this document are not checked";
    Some(Finding::new(Code::NotJudged, first.span, message))
}

/// The most placeholders that one finding names.
const MAX_NAMED: usize = 12;

/// One finding for all placeholders of a document, at the first.
fn placeholders(open: &[Openness]) -> Option<Finding> {
    let all = || open.iter().flat_map(|open| &open.placeholders);
    let first = all().min_by_key(|found| found.span.start)?;
    let mut names: Vec<&str> = Vec::new();
    let mut sorted: Vec<_> = all().collect();
    sorted.sort_by_key(|found| found.span.start);
    for found in sorted {
        if !names.contains(&found.text.as_str()) {
            names.push(&found.text);
        }
    }
    let more = match names.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let list: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let statements = match open.iter().filter(|open| !open.is_none()).count() {
        1 => "1 statement is not checked where it depends on its".to_owned(),
        several => format!("{several} statements are not checked where they depend on their"),
    };
    let noun = if names.len() == 1 { "placeholder" } else { "placeholders" };
    let message = format!("{statements} {noun} {}{more}", list.join(", "));
    Some(Finding::new(Code::Placeholder, first.span, message))
}

fn inert_finding<'a>(
    document: &Document,
    statement: &Spanned<Statement>,
    inert: &Inert,
    published: impl Iterator<Item = &'a Published>,
) -> Finding {
    let span = name_span(statement);
    let (label, help) = match *statement.effect {
        Effect::Allow => (
            "grants nothing",
            "as a smoke test it shows that credentials work, not that this policy does",
        ),
        Effect::Deny => ("denies nothing", "no policy can deny it to a caller with credentials"),
    };
    let line = document.line(statement.span.start);
    let mut finding = Finding::new(
        Code::InertStatement,
        span,
        format!("{} (line {line}) is inert: {}", called(statement), inert.because),
    )
    .labelled(label);
    if !inert.is_exempt {
        for flaw in &inert.flaws {
            finding = finding.also(flaw.span, flaw.label.as_str());
        }
        // What AWS never published is named, and what may be meant.
        for found in published {
            if matches!(
                found.code,
                FindingCode::Published(
                    PublishedCode::UnknownAction
                        | PublishedCode::PatternWithoutActions
                        | PublishedCode::UnknownService
                )
            ) {
                finding = finding.also(found.span(), found.message.as_str());
                if finding.help.is_none() {
                    finding.help.clone_from(&found.help);
                }
            }
        }
        return finding;
    }
    if let Some(action) = &statement.action {
        finding = finding.also(action.span, "AWS performs no authorization check for this");
    }
    finding.help(help)
}

/// Statements of one name that do not say the same, of those that tables are bound to.
pub(super) fn differing(policies: &[Excerpt], sids: &[String]) -> Vec<Finding> {
    let mut first: BTreeMap<&str, &Spanned<Statement>> = BTreeMap::new();
    let mut findings = Vec::new();
    for statement in policies.iter().flat_map(|excerpt| &excerpt.policy.statements) {
        let Some(sid) = statement.sid().filter(|sid| sids.iter().any(|bound| bound == sid)) else {
            continue;
        };
        match first.get(sid) {
            None => {
                first.insert(sid, statement);
            }
            Some(before) if before.value == statement.value => {}
            Some(before) => findings.push(
                Finding::new(
                    Code::StatementsDiffer,
                    name_span(statement),
                    format!("this `{sid}` differs from the one before"),
                )
                .also(name_span(before), "the one that a table is bound to, or the first")
                .help(
                    "if both are intended, give them different names; a table can cover only one",
                ),
            ),
        }
    }
    findings
}
