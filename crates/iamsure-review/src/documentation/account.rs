//! A wrong cell, accounted for: what was computed, why, what the table really is of, what may rest on it.

mod reason;

use std::collections::BTreeSet;

use iamsure_core::language::{Source, Span};
use iamsure_core::world::KeyState;
use iamsure_truth::model::Outcome;
use iamsure_truth::unanswered::Unanswered;

use super::asking::{States, Subject, called, name_span};
use super::column::{Asks, Role};
use super::document::Document;
use super::edit::{self, Edit};
use super::finding::{Code, Finding};
use super::fix;
use super::judging::{
    Judged, Subjects, Unclear, Verdict, in_words, outcome_in_words, speaks_of_absence,
};
use super::reading::Reading;
use super::table::Table;
use reason::{reason, settling};

pub(super) use reason::reasons;

/// A table with everything that was found out about it.
#[derive(Clone, Debug)]
pub(super) struct Examined<'a> {
    pub(super) document: &'a Document,
    pub(super) table: &'a Table,
    pub(super) reading: &'a Reading,
    pub(super) subjects: &'a Subjects,
    pub(super) judged: &'a [Judged],
}

impl Examined<'_> {
    /// A finding for every claim that does not stand. `code` is that of a wrong cell.
    pub(super) fn findings(&self, code: Code) -> Result<Vec<Finding>, Unanswered> {
        let mut findings = Vec::new();
        let is_whole =
            self.judged.iter().all(|claim| !matches!(claim.verdict, Verdict::Unclear(_)));
        let is_wrong =
            self.judged.iter().any(|claim| matches!(claim.verdict, Verdict::Wrong { .. }));
        let edit =
            if is_whole && is_wrong { edit::find(self.reading, self.subjects)? } else { None };
        for claim in self.judged {
            match &claim.verdict {
                Verdict::Right => {}
                Verdict::Unclear(unclear) => findings.push(self.unclear(claim, unclear)),
                Verdict::Wrong { computed, kind } => {
                    let is_first = !findings.iter().any(|found: &Finding| found.code == code);
                    findings.push(self.wrong(
                        claim,
                        computed,
                        kind,
                        code,
                        edit.as_ref().filter(|_| is_first),
                        is_first,
                    )?);
                }
            }
        }
        findings.extend(self.absent_rows()?);
        Ok(findings)
    }

    fn span(&self, row: usize, column: usize) -> Span {
        let cell = self.table.rows.get(row).and_then(|row| row.get(column));
        cell.map_or(self.table.span, |cell| cell.span)
    }

    fn wrong(
        &self,
        claim: &Judged,
        computed: &BTreeSet<Outcome>,
        kind: &States,
        code: Code,
        edit: Option<&Edit>,
        is_first: bool,
    ) -> Result<Finding, Unanswered> {
        let Some(subject) = claim.subject.as_deref() else {
            return Ok(Finding::new(code, self.span(claim.row, claim.column), "no policy"));
        };
        let written = self.document.source.slice(self.span(claim.row, claim.column));
        let when = match in_words(kind) {
            words if words.is_empty() => String::new(),
            words => format!("with {words}, "),
        };
        let outcomes: Vec<&str> =
            computed.iter().map(|outcome| outcome_in_words(*outcome)).collect();
        let settled = computed.len() == 1;
        let code = if settled || code == Code::SuspectTable { code } else { Code::UnsettledCell };
        let message = match (subject.found(), settled) {
            (Some(statement), true) => format!(
                "the table says `{written}`, but the policy differs: {when}the {} {} {}",
                statement.effect.as_str(),
                called(statement),
                outcomes.join("")
            ),
            (None, true) => format!(
                "the table says `{written}`, but the policy differs: {when}a request is {}",
                outcomes.join("")
            ),
            (_, false) => format!(
                "the table says `{written}`, but the row is ambiguous: {when}the policy says {}, depending on facts not in the row",
                outcomes.join(" or ")
            ),
        };
        let fixed = settled.then(|| fix::text(self, claim, computed)).flatten();
        let label = match &fixed {
            Some(text) => format!("computed: {text}"),
            None => format!("computed: {}", outcomes.join(" or ")),
        };
        let mut finding =
            Finding::new(code, self.span(claim.row, claim.column), message).labelled(label);
        for (span, text) in self.because(subject, kind) {
            finding = match span {
                Some(span) => finding.also(span, text),
                None => finding.note(text),
            };
        }
        if is_first {
            if let Some(header) = self.table.header.get(claim.column) {
                finding =
                    finding.also(header.span, format!("read as: {}", asked(claim.asks, subject)));
            }
            for other in self.judged.iter().filter(|other| other.verdict == Verdict::Right) {
                if self.table.rows.len() <= 12 {
                    finding = finding.also(self.span(other.row, other.column), "ok");
                }
            }
        }
        if !settled {
            finding = finding.note(missing(subject, kind));
        }
        if subject.statement.is_none() {
            finding = example(finding, subject, kind, claim)?;
        }
        if let Some(edit) = edit {
            let what = format!(
                "this table is correct for `{}`, not for `{}`. That is {}",
                edit.to,
                edit.from,
                edit.weight.words()
            );
            finding = finding.note(what);
        }
        if is_first && let Some(lines) = self.prose() {
            finding =
                finding.note(format!("text that may rely on this table was not checked: {lines}"));
        }
        if fixed.is_some() && code != Code::SuspectTable {
            finding = finding.help(format!(
                "`iamsure docs write --fix-cells {}` changes this cell",
                self.document.source.name()
            ));
        }
        Ok(finding)
    }

    /// Why a statement applies, or does not: the clause that says so, with its place if it is in this document.
    fn because(&self, subject: &Subject, kind: &States) -> Vec<(Option<Span>, String)> {
        let source = subject
            .statement
            .and_then(|id| subject.policies.statement(id))
            .map(|(document, _)| document.source.clone());
        let Some(source) = source else { return Vec::new() };
        let here = source.name() == self.document.source.name();
        let place = |span: Span, text: String| {
            if here { (Some(span), text) } else { (None, format!("{}: {text}", at(&source, span))) }
        };
        subject
            .judged(kind, |clauses| {
                settling(clauses)
                    .into_iter()
                    .filter(|clause| kind.contains_key(&clause.clause.key.value))
                    .map(|clause| {
                        let operator = clause.clause.operator.span;
                        let span =
                            Span::new(operator.start, clause.clause.span.end.max(operator.end));
                        place(span, reason(clause))
                    })
                    .collect()
            })
            .unwrap_or_default()
    }

    fn unclear(&self, claim: &Judged, unclear: &Unclear) -> Finding {
        let at = |column| self.span(claim.row, column);
        let row = format!("row {} is not checked", claim.row + 1);
        match unclear {
            Unclear::Cell(column) => Finding::new(
                Code::UnclearCell,
                at(*column),
                format!("this cell could not be interpreted, so {row}"),
            )
            .help("write the key's state: absent, present, or a value in code; or give the column another role in the marker"),
            Unclear::Answer => Finding::new(
                Code::UnclearCell,
                at(claim.column),
                format!("this does not answer the column's question, so {row}"),
            )
            .help("write yes or no in a column about a statement; allowed, denied, explicitly denied or implicitly denied in a column about the decision"),
            Unclear::Kinds => Finding::new(
                Code::UnclearCell,
                at(0),
                format!("no matching request was found, so {row}"),
            ),
            Unclear::Path(message) => Finding::new(Code::UnclearCell, at(0), format!("{message}, so {row}")),
            Unclear::NoSubject => Finding::new(
                Code::BadMarker,
                at(claim.column),
                "the column is about a statement, but the marker does not name one",
            )
            .help("add sid=\"…\" to the marker"),
            Unclear::Budget(message) => Finding::new(Code::TooComplex, at(claim.column), message.clone()),
        }
    }

    /// Keys that are treated in a way of their own when absent, and of whose absence no row speaks.
    fn absent_rows(&self) -> Result<Vec<Finding>, Unanswered> {
        let mut findings = Vec::new();
        let Some(subject) = self.subjects.statement.as_ref().or(self.subjects.decision.as_ref())
        else {
            return Ok(findings);
        };
        let asked = subject.keys();
        for key in self.reading.keys() {
            if !asked.contains(&key) || speaks_of_absence(self.reading, &key) {
                continue;
            }
            let absent = States::from([(key.clone(), KeyState::Absent)]);
            let report = match subject.table(Some(vec![key.clone()]), Some(true), &States::new()) {
                Ok(report) => report,
                Err(Unanswered::TooComplex(_)) => continue,
                Err(other) => return Err(other),
            };
            let has_absent = report.table.rows.iter().any(|row| {
                row.witness
                    .as_ref()
                    .is_some_and(|request| *request.context.state(&key) == KeyState::Absent)
            });
            if !has_absent {
                continue;
            }
            let outcomes = match subject.outcomes(&absent) {
                Ok(outcomes) => outcomes,
                Err(Unanswered::TooComplex(_)) => continue,
                Err(other) => return Err(other),
            };
            let words: Vec<_> = outcomes.iter().map(|outcome| outcome_in_words(*outcome)).collect();
            let column = self.reading.roles.iter().position(
                |role| matches!(role, Role::State(of) | Role::Presence(of) if *of == key),
            );
            let span = column
                .and_then(|column| self.table.header.get(column))
                .map_or(self.table.span, |cell| cell.span);
            let what = match subject.found() {
                Some(statement) => format!("{} {}", called(statement), words.join(" or ")),
                None => words.join(" or "),
            };
            findings.push(
                Finding::new(
                    Code::NoAbsentRow,
                    span,
                    format!("no row covers an absent `{key}`; in that case: {what}"),
                )
                .help("readers often get the absent key wrong; add a row for it"),
            );
        }
        Ok(findings)
    }

    /// The lines of text in the same section that speak of what the table is about.
    fn prose(&self) -> Option<String> {
        let source = &self.document.source;
        let section = self.document.section(self.table.span.start);
        let keys: Vec<String> =
            self.reading.keys().iter().map(|key| key.folded().to_owned()).collect();
        let mut lines: Vec<(usize, usize)> = Vec::new();
        let (start, end) = (self.table.span.start, self.table.span.end);
        let before = self.document.prose.iter().rfind(|prose| prose.end <= start);
        let after = self.document.prose.iter().find(|prose| prose.start >= end);
        for prose in &self.document.prose {
            let beside = [before, after].contains(&Some(prose));
            let inside = prose.start >= section.start && prose.end <= section.end;
            let text = source.slice(*prose).to_lowercase();
            let names = keys.iter().any(|key| {
                text.contains(key.as_str())
                    || key
                        .rsplit(':')
                        .next()
                        .is_some_and(|name| name.len() >= 8 && text.contains(name))
            });
            let speaks = ["absent", "ifexists", "condition key", "not present", "missing"];
            if inside && (beside || names || speaks.iter().any(|word| text.contains(word))) {
                let end = prose.start + source.slice(*prose).trim_end().len();
                lines.push((self.document.line(prose.start), self.document.line(end)));
            }
        }
        if lines.is_empty() {
            return None;
        }
        let shown: Vec<String> = lines
            .iter()
            .map(|(first, last)| {
                if first == last {
                    format!("line {first}")
                } else {
                    format!("lines {first}-{last}")
                }
            })
            .collect();
        Some(shown.join(", "))
    }
}

/// What else the answer depends on.
fn missing(subject: &Subject, kind: &States) -> String {
    let others: Vec<String> = subject
        .keys()
        .into_iter()
        .filter(|key| !kind.contains_key(key))
        .map(|key| format!("`{key}`"))
        .collect();
    let mut what = others;
    if subject.statement.is_none() {
        if subject.actions.is_empty() {
            what.push("the action".to_owned());
        }
        if subject.resources.is_empty() {
            what.push("the resource".to_owned());
        }
    }
    if what.is_empty() {
        return "the row leaves the answer open: specify more of the request with columns, or with action=, resource= or path= in the marker".to_owned();
    }
    format!(
        "missing from the row: {}; give each a column, or set action=, resource= or path= in the marker",
        what.join(", ")
    )
}

/// One request that is decided otherwise than claimed.
fn example(
    finding: Finding,
    subject: &Subject,
    kind: &States,
    claim: &Judged,
) -> Result<Finding, Unanswered> {
    let report = match subject.table(None, None, kind) {
        Ok(report) => report,
        Err(Unanswered::TooComplex(_)) => return Ok(finding),
        Err(other) => return Err(other),
    };
    let expected = claim
        .answer
        .and_then(|answer| super::reading::meant(claim.asks, answer, subject))
        .unwrap_or_default();
    let exempt = Outcome::Verdict(iamsure_core::decision::Verdict::Exempt);
    let row = report.table.rows.iter().find(|row| {
        row.outcomes.iter().any(|outcome| !expected.contains(&outcome) && outcome != exempt)
    });
    let Some((request, decision)) =
        row.and_then(|row| row.witness.as_ref().zip(row.decision.as_ref()))
    else {
        return Ok(finding);
    };
    let by: Vec<String> = decision
        .statements
        .iter()
        .filter_map(|id| report.grounds.policies.statement(*id))
        .map(|(document, statement)| {
            format!("{} ({})", called(statement), at(&document.source, name_span(statement)))
        })
        .collect();
    let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
    Ok(finding.note(format!(
        "for example {} on {}: {}{by}",
        request.action,
        request.resource,
        decision.verdict.words()
    )))
}

/// `file:line:column`
pub(super) fn at(source: &Source, span: Span) -> String {
    format!("{}:{}", source.name(), source.place(span.start))
}

/// What a column asks, for people.
pub(super) fn asked(asks: Asks, subject: &Subject) -> String {
    match (asks, subject.found()) {
        (_, Some(statement)) => {
            format!("does the {} {} apply?", statement.effect.as_str(), called(statement))
        }
        (Asks::IsDenied, None) => "is the request denied?".to_owned(),
        (Asks::IsAllowed, None) => "is the request allowed?".to_owned(),
        (Asks::Applies | Asks::Decision, None) => "what is decided?".to_owned(),
    }
}
