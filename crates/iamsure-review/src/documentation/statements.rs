//! What there is to say about the policies of a document, apart from its tables: statements that do
//! nothing, actions that are gone, conditions that cannot be met, names that stand for two things.

use std::collections::BTreeMap;

use iamsure_core::decision::exemption::EXEMPTIONS;
use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{
    Code as LanguageCode, Diagnostic, PolicyDocument, Span, Spanned, Statement,
};

use iamsure_core::world::PolicySet;
use iamsure_truth::inert::InertQuery;
use iamsure_truth::setting::Setting;

use super::asking::{called, name_span};
use super::document::Document;
use super::fence::Excerpt;
use super::finding::{Code, Finding};
use crate::expansion::Expansion;
use crate::finding::FindingCode;
use crate::lint::why;
use crate::published;

/// A statement that changes no decision, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inert {
    /// Which statement, from 0.
    pub(super) statement: usize,
    /// Why, as the rest of a sentence after "because".
    pub(super) because: String,
    /// Whether that is because AWS authorizes none of its calls.
    pub(super) is_exempt: bool,
}

/// The statements of a policy that change no decision.
///
/// Those all of whose actions AWS does not authorize at all (O-1), and those that are proved to change no
/// access whatever other Allow is attached.
pub(super) fn inert(policy: &PolicyDocument) -> Vec<Inert> {
    let mut found = Vec::new();
    for (number, statement) in policy.statements.iter().enumerate() {
        let Some(element) = &statement.action else { continue };
        if element.sense != Sense::OneOf || element.entries.is_empty() {
            continue;
        }
        let mut exempt: Vec<String> = Vec::new();
        let all_exempt = element.entries.iter().all(|entry| {
            let actions = Expansion::of(entry.as_str()).actions;
            let names: Vec<String> =
                actions.iter().map(|action| action.name().to_owned()).collect();
            let is_exempt = |name: &String| EXEMPTIONS.iter().any(|known| known.action == *name);
            let all = !names.is_empty() && names.iter().all(is_exempt);
            exempt.extend(names);
            all
        });
        if all_exempt {
            exempt.dedup();
            let list: Vec<_> = exempt.iter().map(|name| format!("`{name}`")).collect();
            let needs = if list.len() == 1 { "needs" } else { "need" };
            found.push(Inert {
                statement: number,
                because: format!("{} {needs} no permission and cannot be denied", list.join(", ")),
                is_exempt: true,
            });
        }
    }
    let policies = PolicySet::of(policy.clone());
    let query = InertQuery { policies, setting: Setting::default(), examples: false };
    // Where it takes too much, nothing is said; `iamsure lint` says that too.
    let Ok(answer) = query.answer() else { return found };
    for effect in answer.statements.iter().filter(|effect| effect.is_inert_in_every_world()) {
        let number = effect.statement.statement;
        let is_known = found.iter().any(|known| known.statement == number);
        if let Some(statement) = policy.statements.get(number).filter(|_| !is_known) {
            let because = why(&query.policies, effect, statement);
            found.push(Inert { statement: number, because, is_exempt: false });
        }
    }
    found.sort_by_key(|inert| inert.statement);
    found
}

/// What there is to say about the policies of a document.
pub(super) fn findings(document: &Document, policies: &[Excerpt]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for excerpt in policies {
        let inert = inert(&excerpt.policy);
        for found in &inert {
            findings.extend(
                excerpt
                    .policy
                    .statements
                    .get(found.statement)
                    .map(|statement| inert_finding(document, statement, found)),
            );
        }
        let is_told = |span: Span| {
            inert.iter().any(|found| {
                excerpt.policy.statements.get(found.statement).is_some_and(|statement| {
                    statement.span.start <= span.start && span.end <= statement.span.end
                })
            })
        };
        for found in published::findings(&excerpt.policy) {
            let code = match found.code {
                FindingCode::Published(published::Code::RetiredAction) => Code::RetiredAction,
                FindingCode::Published(published::Code::UnsuppliedKey) => Code::NeverMatches,
                FindingCode::Published(published::Code::ExemptAction) if !is_told(found.span()) => {
                    Code::InertStatement
                }
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
    }
    findings.extend(placeholders(document, policies));
    findings
}

/// One finding for all placeholders of a document, at the first.
fn placeholders(document: &Document, policies: &[Excerpt]) -> Option<Finding> {
    let spans: Vec<Span> = policies
        .iter()
        .flat_map(|excerpt| &excerpt.findings)
        .filter(|found| found.code == LanguageCode::Placeholder)
        .map(Diagnostic::span)
        .collect();
    let first = spans.first()?;
    let mut names: Vec<&str> = Vec::new();
    for span in &spans {
        let name = document.source.slice(*span);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = match list.as_slice() {
        [one] => format!("{one} is a placeholder: it is read as a value that equals only itself"),
        several => format!("placeholders are treated as literal values: {}", several.join(", ")),
    };
    Some(Finding::new(Code::Placeholder, *first, message))
}

fn inert_finding(document: &Document, statement: &Spanned<Statement>, inert: &Inert) -> Finding {
    let span = name_span(statement);
    let (label, help) = match *statement.effect {
        Effect::Allow => (
            "grants nothing",
            "as a smoke test it shows that credentials work, not that this policy does",
        ),
        Effect::Deny => ("denies nothing", "no policy can keep a caller with credentials from it"),
    };
    let line = document.line(statement.span.start);
    let mut finding = Finding::new(
        Code::InertStatement,
        span,
        format!("{} (line {line}) is inert: {}", called(statement), inert.because),
    )
    .labelled(label);
    if !inert.is_exempt {
        return finding;
    }
    if let Some(action) = &statement.action {
        finding = finding.also(action.span, "not authorized by AWS at all");
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
                    format!("this `{sid}` does not say the same as the one before"),
                )
                .also(name_span(before), "which a table is bound to, or stands first")
                .help(
                    "if both are meant, give them different names; a table can be about one only",
                ),
            ),
        }
    }
    findings
}
