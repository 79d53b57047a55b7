//! `docs scan`: tables that look like truth tables next to a policy, checked without any marker.
//!
//! Nobody said what such a table is about, so every statement of the page is tried, and the table is taken
//! to be about one that makes it true. Only a table that is understood in every cell, that is about keys
//! the policies of its page ask for, and that no statement makes true, is reported; whatever is understood
//! in part is a note. Tables about prices and ports have no condition key in their headings.

use std::collections::BTreeMap;

use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionPattern, ConditionKey, Span, Spanned, Statement};
use iamsure_core::world::PolicySet;
use iamsure_truth::model::Outcome;
use iamsure_truth::unanswered::Unanswered;

use super::account::Examined;
use super::asking::{Subject, called};
use super::binding::place;
use super::document::Document;
use super::edit;
use super::fence::Excerpt;
use super::finding::{Code, Finding};
use super::judging::{Judged, Subjects, Verdict, judge};
use super::marker::Markers;
use super::reading::Reading;
use super::statements;
use super::table::Table;

/// The longest table that is tried without being asked to.
const MAX_ROWS: usize = 64;
/// The most tables of one document that are tried.
const MAX_TABLES: usize = 200;
/// The most statements that one table is tried with.
const MAX_TRIED: usize = 24;

/// What came of scanning a document.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    /// Everything found, in the order of the text.
    pub findings: Vec<Finding>,
    /// All tables.
    pub tables: usize,
    /// Policies in code fences.
    pub policies: usize,
    /// Statements in them that are not judged for what depends on their placeholders, or because they are of another
    /// language than IAM's.
    pub unjudged: usize,
    /// Code blocks that seem to hold a policy, and cannot be read as one.
    pub unreadable: usize,
    /// Whether a part of the document that may matter is not read: of `AsciiDoc` and `reStructuredText` the tables, if
    /// there are policies beside them; of HTML the policies.
    pub is_read_in_part: bool,
    /// Tables that look like truth tables and no marker binds.
    pub unbound: usize,
    /// Those that agree with a policy of the page.
    pub agreeing: usize,
    /// Tables that a marker binds, or that are generated; `docs check` is about them.
    pub bound: usize,
}

/// Scans a document.
///
/// # Errors
/// If a check of the program's own failed: a bug of iamsure.
pub fn scan(document: &Document) -> Result<Scanned, Unanswered> {
    let markers = Markers::of(document);
    let (policies, unreadable) = document.policies();
    let syntax = document.syntax;
    let shows_policies = if syntax.has_policies() {
        !policies.is_empty()
    } else {
        // Quotes are often written as entities there.
        ["\"Effect\"", "&quot;Effect&quot;"]
            .iter()
            .any(|text| document.source.text().contains(text))
    };
    let mut scanned = Scanned {
        unreadable: unreadable.len(),
        is_read_in_part: !syntax.has_tables() && shows_policies,
        tables: document.tables.len(),
        policies: policies.len(),
        bound: markers.checks.len() + markers.regions.len(),
        ..Scanned::default()
    };
    let told = statements::told(document, &policies);
    scanned.unjudged = told.unjudged;
    scanned.findings.extend(told.findings);
    let keys = keys(&policies);
    let marked = markers.marked(document);
    for (number, table) in document.tables.iter().enumerate() {
        if marked.contains(&number) || table.rows.is_empty() || table.rows.len() > MAX_ROWS {
            continue;
        }
        let table = &*Reading::oriented(table, &keys, &BTreeMap::new());
        let reading = Reading::of(table, &keys, &BTreeMap::new());
        if reading.keys().is_empty() || !reading.has_answers() || reading.is_obscure() {
            continue;
        }
        scanned.unbound += 1;
        if scanned.unbound > MAX_TABLES {
            let message = format!(
                "only the first {MAX_TABLES} tables like this one were checked; bind those that matter"
            );
            scanned.findings.push(Finding::new(Code::UnboundTable, table.span, message));
            break;
        }
        let found = suspect(document, table, &policies)?;
        scanned.agreeing += usize::from(found.is_empty());
        scanned.findings.extend(found);
    }
    scanned.findings.sort_by_key(|found| (found.span().start, found.code));
    Ok(scanned)
}

/// The keys that any policy asks for.
fn keys(policies: &[Excerpt]) -> Vec<ConditionKey> {
    let mut keys: Vec<ConditionKey> = Vec::new();
    for excerpt in policies {
        for key in PolicySet::of_identity([excerpt.policy.clone()]).keys() {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// Something that a table may be about.
struct Candidate {
    subjects: Subjects,
    name: String,
    /// How a marker would name it.
    marker: String,
    distance: usize,
}

/// Tried with one candidate.
struct Tried {
    candidate: Candidate,
    reading: Reading,
    judged: Vec<Judged>,
}

impl Tried {
    fn count(&self, wanted: impl Fn(&Verdict) -> bool) -> usize {
        self.judged.iter().filter(|claim| wanted(&claim.verdict)).count()
    }
}

/// What there is to say about an unbound table; nothing, if some statement makes it true.
fn suspect(
    document: &Document,
    table: &Table,
    policies: &[Excerpt],
) -> Result<Vec<Finding>, Unanswered> {
    let mut best: Option<Tried> = None;
    for candidate in candidates(document, table, policies) {
        let reading = Reading::of(table, &candidate.subjects.keys(), &BTreeMap::new());
        if reading.keys().is_empty() || !reading.has_answers() || reading.is_obscure() {
            continue;
        }
        let judged = judge(&reading, &candidate.subjects)?;
        let tried = Tried { candidate, reading, judged };
        let wrong = tried.count(|verdict| matches!(verdict, Verdict::Wrong { .. }));
        let unclear = tried.count(|verdict| matches!(verdict, Verdict::Unclear(_)));
        if wrong == 0 && unclear == 0 {
            return Ok(Vec::new());
        }
        // The nearest that is right most often; candidates come nearest first.
        let right = |tried: &Tried| tried.count(|verdict| *verdict == Verdict::Right);
        if best.as_ref().is_none_or(|best| right(best) < right(&tried)) {
            best = Some(tried);
        }
    }
    let Some(best) = best else { return Ok(Vec::new()) };
    finding(document, table, &best)
}

fn finding(document: &Document, table: &Table, tried: &Tried) -> Result<Vec<Finding>, Unanswered> {
    let Tried { candidate, reading, judged } = tried;
    let unclear = tried.count(|verdict| matches!(verdict, Verdict::Unclear(_)));
    let right = tried.count(|verdict| *verdict == Verdict::Right);
    let unsettled = judged.iter().any(
        |claim| matches!(&claim.verdict, Verdict::Wrong { computed, .. } if computed.len() != 1),
    );
    let comment =
        document.syntax.comments().comment(&format!("iamsure:check {}", candidate.marker));
    // A table that is hardly understood is likely about something else, and so is one that is right nowhere,
    // unless a small edit makes it right everywhere.
    let is_plain = unclear == 0 && !unsettled && judged.len() > 1;
    // Columns about decisions are about the whole policy; that one statement is meant is a guess.
    let is_guess = candidate.subjects.statement.is_some() && reading.asks_decisions();
    // A Deny that applies denies whatever the rest of the policies says; that it does not, allows nothing yet.
    let is_overruled = |claim: &Judged| match &claim.verdict {
        Verdict::Wrong { computed, .. } => {
            let effect = claim.subject.as_deref().and_then(Subject::effect);
            effect == Some(Effect::Deny) && computed.iter().eq([&Outcome::Applies])
        }
        _ => true,
    };
    let is_near = || match right {
        1.. if judged.iter().all(is_overruled) => Ok(true),
        _ if is_guess => edit::find(reading, &candidate.subjects).map(|edit| edit.is_some()),
        0 => edit::find(reading, &candidate.subjects).map(|edit| edit.is_some()),
        _ => Ok(true),
    };
    if !is_plain || !is_near()? {
        let place = table.header.first().map_or(table.span, |cell| cell.span);
        let why = match unclear {
            0 if unsettled => "its rows do not specify everything that the answer depends on",
            0 => "no statement of this page makes it true",
            _ => "some of its cells could not be interpreted",
        };
        let finding = Finding::new(
            Code::UnboundTable,
            Span::new(place.start, place.start.max(place.end)),
            format!(
                "this looks like a truth table about {}, and was not checked: {why}",
                candidate.name
            ),
        )
        .help(format!("bind it with a comment above it: {comment}"));
        return Ok(vec![finding]);
    }
    let examined = Examined { document, table, reading, subjects: &candidate.subjects, judged };
    let mut findings = examined.findings(Code::SuspectTable)?;
    if let Some(first) = findings.iter_mut().find(|found| found.code == Code::SuspectTable) {
        first.notes.push(format!(
            "nothing specifies what this table is about; it was assumed to be about {}, and no other statement on this page makes it true",
            candidate.name
        ));
        first.help = Some(format!(
            "bind it with a comment above it, then correct it with `iamsure docs write --fix-cells`: {comment}"
        ));
    }
    Ok(findings)
}

/// Whether a statement has a name that stands for the same everywhere in the document.
fn is_one_thing(statement: &Statement, policies: &[Excerpt]) -> bool {
    let Some(sid) = statement.sid() else { return false };
    policies
        .iter()
        .flat_map(|excerpt| &excerpt.policy.statements)
        .filter(|other| other.sid() == Some(sid))
        .all(|other| other.value == *statement)
}

/// The actions that the Allows name, each once.
fn named_actions(statements: &[Spanned<Statement>]) -> Vec<ActionPattern> {
    let mut named: Vec<ActionPattern> = Vec::new();
    for element in statements
        .iter()
        .filter(|statement| *statement.effect == Effect::Allow)
        .filter_map(|statement| statement.action.as_ref())
        .filter(|element| element.sense == Sense::OneOf)
    {
        for entry in &element.entries {
            if !named.contains(&entry.value) {
                named.push(entry.value.clone());
            }
        }
    }
    named
}

/// What a table may be about, the nearest first: each statement that asks for a key, and, for columns of
/// decisions, each policy.
fn candidates(document: &Document, table: &Table, policies: &[Excerpt]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for excerpt in policies {
        let Some(fence) = document.fences.get(excerpt.fence) else { continue };
        // What stands before a table is likelier to be its subject.
        let distance = if fence.span.end <= table.span.start {
            table.span.start - fence.span.end
        } else {
            fence.span.start.saturating_sub(table.span.end).saturating_mul(2)
        };
        let named = match &fence.title {
            Some(title) => format!("#{title}"),
            None => format!("#L{}", document.line(fence.span.start)),
        };
        for (number, statement) in excerpt.policy.statements.iter().enumerate() {
            if statement.condition.clauses.is_empty() {
                continue;
            }
            let sid = statement.sid().map_or_else(|| (number + 1).to_string(), str::to_owned);
            found.push(Candidate {
                subjects: Subjects {
                    statement: Some(Subject::of_statement(&excerpt.policy, number)),
                    decision: None,
                },
                name: format!(
                    "{} (line {})",
                    called(statement),
                    document.line(statement.span.start)
                ),
                marker: if is_one_thing(statement, policies) {
                    format!("sid=\"{sid}\"")
                } else {
                    format!("policy=\"{named}\" sid=\"{sid}\"")
                },
                distance,
            });
        }
        // Without an Allow everything is denied, and no table is about that.
        let grants = |statement: &Spanned<Statement>| *statement.effect == Effect::Allow;
        let mut set = PolicySet::default();
        if excerpt.policy.statements.iter().any(grants)
            && place(&mut set, excerpt.policy.clone()).is_ok()
        {
            let of_policy = Subject::of_policies(set);
            let name = format!("the policy of line {}", document.line(fence.span.start));
            let marker = format!("policy=\"{named}\"");
            let actions = named_actions(&excerpt.policy.statements);
            if !actions.is_empty() {
                let list: Vec<&str> = actions.iter().map(ActionPattern::as_str).collect();
                let marker = format!("{marker} action=\"{}\"", list.join(", "));
                found.push(Candidate {
                    subjects: Subjects {
                        statement: None,
                        decision: Some(Subject { actions, ..of_policy.clone() }),
                    },
                    name: name.clone(),
                    marker,
                    distance: distance.saturating_add(1),
                });
            }
            found.push(Candidate {
                subjects: Subjects { statement: None, decision: Some(of_policy) },
                name,
                marker,
                distance: distance.saturating_add(2),
            });
        }
    }
    found.sort_by_key(|candidate| candidate.distance);
    found.truncate(MAX_TRIED);
    found
}
