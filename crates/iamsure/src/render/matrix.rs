//! The decision matrix in its forms: for a terminal, as Markdown, as CSV, as JSON.
//!
//! A [`Report`] holds what all forms share: the numbers of statements, the states of keys by path,
//! the cells, and the notes on what depends.

mod csv;
mod division;
mod json;
mod remark;
mod table;

pub(crate) use csv::{csv, records};
pub(crate) use json::{json, value};
pub(super) use table::parts;
pub(crate) use table::{markdown, table};

use std::collections::BTreeMap;

use iamsure_core::decision::Verdict;
use iamsure_core::language::document::Effect;
use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, Evidence, PolicySet};
use iamsure_reference::Standing;
use iamsure_truth::ask::{Answer, Assumed, Case};
use iamsure_truth::matrix::{Divided, Exchange, Matrix, Question, StandsFor, Wildcard};

use super::explanation::may_name;
use super::words;

/// A matrix with everything that is said about it.
pub(crate) struct Report<'a> {
    policies: &'a PolicySet,
    matrix: Matrix,
    /// Statements by number, from 1.
    numbers: BTreeMap<StatementId, usize>,
    /// Actions that the policies name and that have no row.
    actions_left_out: usize,
}

/// One statement in the legend.
pub(super) struct LegendEntry {
    pub(super) id: StatementId,
    pub(super) number: usize,
    /// Its Sid, or what it is.
    pub(super) name: String,
    pub(super) effect: Effect,
    pub(super) layer: PolicyType,
    /// `file:line:column`.
    pub(super) place: String,
}

/// The states of one key on one path, over the path's worlds.
struct PathState {
    text: String,
    evidence: Vec<Evidence>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(policies: &'a PolicySet, matrix: Matrix, actions_left_out: usize) -> Self {
        let numbers =
            policies.statements().enumerate().map(|(index, (id, ..))| (id, index + 1)).collect();
        Self { policies, matrix, numbers, actions_left_out }
    }

    fn number(&self, id: &StatementId) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// What was read and what is shown, in one line.
    fn headline(&self) -> String {
        let mut layers: Vec<(PolicyType, usize, usize)> = Vec::new();
        for (kind, _, _, document) in self.policies.policies() {
            match layers.iter_mut().find(|(known, ..)| *known == kind) {
                Some((_, policies, statements)) => {
                    *policies += 1;
                    *statements += document.statements.len();
                }
                None => layers.push((kind, 1, document.statements.len())),
            }
        }
        let layers: Vec<_> = layers
            .into_iter()
            .map(|(kind, policies, statements)| {
                let several = if policies == 1 { String::new() } else { format!("{policies} × ") };
                format!("{several}{} ({})", kind.aws_name(), counted(statements, "statement"))
            })
            .collect();
        let layers = layers.join(", ");
        if self.matrix.paths.is_empty() {
            return format!("{layers}   {}", counted(self.matrix.exchanges.len(), "exchange"));
        }
        let rows = counted(self.matrix.questions.len() + self.matrix.wildcards.len(), "row");
        match self.matrix.paths.len() {
            1 => format!("{layers}   {rows}"),
            paths => format!("{layers}   {rows} × {}", counted(paths, "call path")),
        }
    }

    /// Who calls, and by which data.
    fn subline(&self) -> String {
        let caller = if let Some(requester) = self.matrix.who.named() {
            requester.principal.display_arn()
        } else if self.matrix.in_each_account {
            "unspecified (any user or role of the account of the row's resource)".to_owned()
        } else {
            let account = self.matrix.requester.principal.account().unwrap_or_default();
            format!("unspecified (any user or role of account {account})")
        };
        format!("caller: {caller}   reference data of {}", iamsure_reference::captured())
    }

    /// The keys to show above the columns: those that some path fixes and some policy asks about.
    fn fixed_keys(&self) -> Vec<ConditionKey> {
        // Those of MCP first.
        let of_mcp = ["aws:ViaAWSMCPService", "aws:CalledViaAWSMCP"].map(ConditionKey::new);
        let mut keys: Vec<ConditionKey> =
            of_mcp.into_iter().filter(|key| self.matrix.keys.contains(key)).collect();
        for key in &self.matrix.keys {
            let is_fixed = self
                .matrix
                .paths
                .iter()
                .flat_map(CallPath::worlds)
                .any(|world| world.fixed(key).is_some());
            if is_fixed && !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// The keys that policies ask about and no path fixes.
    fn open_keys(&self) -> Vec<&ConditionKey> {
        let fixes = |path: &CallPath, key: &ConditionKey| {
            path.worlds().iter().any(|world| world.fixed(key).is_some())
        };
        let is_fixed = |key: &ConditionKey| {
            // Where nothing but exchanges was asked for, they are the paths.
            if self.matrix.paths.is_empty() {
                self.matrix.exchanges.iter().all(|exchange| fixes(&exchange.path, key))
            } else {
                self.matrix.paths.iter().any(|path| fixes(path, key))
            }
        };
        self.matrix
            .keys
            .iter()
            .filter(|key| !is_fixed(key) && !self.matrix.said.contains(key))
            .collect()
    }

    /// The states of `key` on `path`, each once.
    fn path_state(path: &CallPath, key: &ConditionKey) -> PathState {
        let mut texts: Vec<String> = Vec::new();
        let mut evidence: Vec<Evidence> = Vec::new();
        for fixed in path.worlds().iter().filter_map(|world| world.fixed(key)) {
            let text =
                if fixed.is_present { "present".to_owned() } else { words::state(&fixed.state) };
            if !texts.contains(&text) {
                texts.push(text);
                evidence.push(fixed.evidence);
            }
        }
        PathState {
            text: if texts.is_empty() { "unknown".to_owned() } else { texts.join(" | ") },
            evidence,
        }
    }

    /// The evidence of a path in a word or two, for its weakest key that a policy asks about.
    fn evidence(&self, path: &CallPath) -> String {
        let keys = self.fixed_keys();
        let states: Vec<_> = keys.iter().map(|key| Self::path_state(path, key)).collect();
        let mut words: Vec<&str> = Vec::new();
        let is_unknown = |state: &PathState| state.evidence.contains(&Evidence::Unknown);
        if states.iter().any(is_unknown) {
            return Evidence::Unknown.name().to_owned();
        }
        // Two states of one key, each with evidence of its own, are a contradiction of AWS's.
        let contradiction = states.iter().find(|state| state.evidence.len() > 1);
        if let Some(state) = contradiction {
            words.extend(state.evidence.iter().map(|evidence| evidence.name()));
            words.dedup();
            return words.join(" | ");
        }
        states
            .iter()
            .flat_map(|state| state.evidence.iter())
            .max()
            .map_or("", |evidence| evidence.name())
            .to_owned()
    }

    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        self.policies
            .statements()
            .filter_map(|(id, document, statement)| {
                let place = document.source.place(statement.span.start);
                let name = match statement.sid() {
                    Some(sid) => words::on_one_line(sid),
                    None => format!("statement {} (no Sid)", id.statement + 1),
                };
                Some(LegendEntry {
                    id,
                    number: self.number(&id)?,
                    name,
                    effect: *statement.effect,
                    layer: id.layer,
                    place: format!("{}:{place}", document.source.name()),
                })
            })
            .collect()
    }

    /// All rows, in the order they are shown.
    fn rows(&self) -> Vec<RowRef<'_>> {
        let matrix = &self.matrix;
        let mut wildcards = matrix.wildcards.iter().zip(&matrix.wildcard_cells).peekable();
        let mut rows = Vec::new();
        for (number, (question, answers)) in
            matrix.questions.iter().zip(&matrix.answers).enumerate()
        {
            while let Some((wildcard, cells)) =
                wildcards.next_if(|(wildcard, _)| wildcard.at <= number)
            {
                rows.push(RowRef::Many(wildcard, cells));
            }
            rows.push(RowRef::One(question, answers));
        }
        rows.extend(wildcards.map(|(wildcard, cells)| RowRef::Many(wildcard, cells)));
        rows
    }

    /// The texts of a row's cells.
    fn row_cells(&self, row: &RowRef<'_>, notes: &[(String, String)]) -> Vec<String> {
        if row.is_retired() {
            // It has no verdict worth printing.
            return vec!["no effect".to_owned(); self.matrix.paths.len()];
        }
        let mark = |text: Option<String>| {
            let text = text?;
            notes.iter().find(|(_, known)| *known == text).map(|(mark, _)| mark.as_str())
        };
        match row {
            RowRef::One(_, answers) => {
                (answers.iter()).map(|answer| self.cell(answer, mark(self.note(answer)))).collect()
            }
            RowRef::Many(_, cells) => cells
                .iter()
                .map(|cell| {
                    self.divided_cell(cell, "partly allowed", mark(self.divided_note(cell)))
                })
                .collect(),
        }
    }

    /// What is said below of a row's cells.
    fn row_notes(&self, row: &RowRef<'_>) -> Vec<String> {
        match row {
            _ if row.is_retired() => Vec::new(),
            RowRef::One(_, answers) => {
                answers.iter().filter_map(|answer| self.note(answer)).collect()
            }
            RowRef::Many(_, cells) => {
                cells.iter().filter_map(|cell| self.divided_note(cell)).collect()
            }
        }
    }

    /// The text of a cell; with `note`, the mark of its note.
    fn cell(&self, answer: &Answer, note: Option<&str>) -> String {
        let mark = note.map(|note| format!(" ({note})")).unwrap_or_default();
        if let Some(decision) = answer.decision() {
            return words::short(decision, |id| self.number(id));
        }
        if answer.succeeds().is_none() {
            return format!("depends{mark}");
        }
        // One outcome, for different reasons.
        let mut texts: Vec<String> = Vec::new();
        for case in &answer.cases {
            let text = words::short(&case.decision, |id| self.number(id));
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts.len() > 2 {
            let word =
                if answer.succeeds() == Some(true) { "allow" } else { "deny, reasons differ" };
            return format!("{word}{mark}");
        }
        format!("{}{mark}", texts.join(" / "))
    }

    /// Everything that decides a cell that is not one decision.
    fn note(&self, answer: &Answer) -> Option<String> {
        if answer.decision().is_some() {
            return None;
        }
        let is_of_callers = |case: &&Case, assumed: Assumed| case.assumes.contains(&assumed);
        // What the callers' own policies alone decide is said once.
        let otherwise = |case: &Case| {
            let mut others = answer.cases.iter().filter(|other| other.when == case.when);
            let is_one = is_of_callers(&case, Assumed::CallersAllow);
            is_one && others.any(|other| is_of_callers(&other, Assumed::CallersDoNot))
        };
        let is_said = |case: &&Case| {
            let mut others = answer.cases.iter().filter(|other| other.when == case.when);
            is_of_callers(case, Assumed::CallersDoNot) && others.any(otherwise)
        };
        let case = |case: &Case| {
            let decision = self.decided_by(case);
            let decided = match words::occurs(case) {
                None => decision,
                Some(occurs) => format!("{decision} {occurs}"),
            };
            let denied = Verdict::ImplicitlyDenied;
            if otherwise(case) { format!("{decided}, otherwise {denied}") } else { decided }
        };
        let shown = answer.cases.iter().filter(|case| !is_said(case));
        let mut parts: Vec<String> = shown.map(case).collect();
        parts.extend(answer.left_open.iter().map(words::left_open));
        let head = match answer.succeeds() {
            Some(false) => "denied either way: ",
            Some(true) => "allowed either way: ",
            None => "",
        };
        let rest = may_name(answer).map(|sentence| format!(". {}", sentence.trim_end_matches('.')));
        Some(format!("{head}{}{}", parts.join("; "), rest.unwrap_or_default()))
    }

    /// The decision of a case in a sentence, with the statements that decide some of its requests only.
    fn decided_by(&self, case: &Case) -> String {
        let always = words::long(&case.decision, |id| self.number(id));
        let sometimes: Vec<_> = (case.sometimes.iter())
            .filter_map(|id| self.number(id))
            .map(|number| format!("[{number}]"))
            .collect();
        if sometimes.is_empty() {
            return always;
        }
        let join = if case.decision.statements.is_empty() { "by one or more of" } else { "or" };
        format!("{always} {join} {}", sometimes.concat())
    }

    /// The notes of all cells, lettered in the order they occur; cells alike share one.
    fn notes(&self) -> Vec<(String, String)> {
        let mut notes: Vec<(String, String)> = Vec::new();
        let exchanges =
            self.matrix.exchanges.iter().filter_map(|exchange| exchange.answer.as_ref());
        let of_rows = self.rows();
        let of_rows = of_rows.iter().flat_map(|row| self.row_notes(row));
        for text in of_rows.chain(exchanges.filter_map(|answer| self.note(answer))) {
            if !notes.iter().any(|(_, known)| *known == text) {
                notes.push((letter(notes.len()), text));
            }
        }
        notes
    }

    fn note_mark<'n>(&self, answer: &Answer, notes: &'n [(String, String)]) -> Option<&'n str> {
        let text = self.note(answer)?;
        notes.iter().find(|(_, known)| *known == text).map(|(mark, _)| mark.as_str())
    }

    /// What an exchange says, in words.
    fn exchange(&self, exchange: &Exchange, note: Option<&str>) -> String {
        match (&exchange.answer, exchange.refused) {
            (Some(answer), _) => self.cell(answer, note),
            (None, Some(why)) => format!("refused: {why}"),
            (None, None) => "not decided: no trust policy was given (--trust)".to_owned(),
        }
    }

    /// The exchanges that were decided, or those that were not, each with what it says, and below those
    /// of one operation what decides them.
    fn exchange_lines(&self, notes: &[(String, String)], decided: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let wanted = |exchange: &&Exchange| {
            (exchange.answer.is_some() || exchange.refused.is_some()) == decided
        };
        let mut exchanges = self.matrix.exchanges.iter().filter(wanted).peekable();
        while let Some(exchange) = exchanges.next() {
            let mark = exchange.answer.as_ref().and_then(|answer| self.note_mark(answer, notes));
            let name = exchange.path.name();
            let who = words::exchanged_by(exchange);
            let own = match exchange.answer.as_ref().and_then(Answer::succeeds) {
                Some(false) => "",
                _ => words::own_policies(exchange.own_policies),
            };
            lines.push(format!("{name}{who}: {}{own}", self.exchange(exchange, mark)));
            if exchanges.peek().is_none_or(|next| next.path.name() != name) {
                lines.push(format!("  {}", words::exchange_decided_by(exchange.operation)));
            }
        }
        lines
    }
}

/// `a`, `b`, …, `z`, `aa`, …
pub(super) fn letter(index: usize) -> String {
    let digit = u8::try_from(index % 26).unwrap_or_default();
    let last = char::from(b'a' + digit);
    match (index / 26).checked_sub(1) {
        None => last.to_string(),
        Some(rest) => format!("{}{last}", letter(rest)),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// One row.
enum RowRef<'a> {
    /// Of one action, with what its cells hold.
    One(&'a Question, &'a [Answer]),
    /// Of many.
    Many(&'a Wildcard, &'a [Divided]),
}

impl RowRef<'_> {
    /// Whether AWS no longer authorizes what the row is about.
    fn is_retired(&self) -> bool {
        match self {
            Self::One(question, ..) => {
                iamsure_reference::action(question.action.as_str()).is_retired()
            }
            Self::Many(wildcard, _) => is_retired(wildcard),
        }
    }

    /// What the row is called.
    fn label(&self) -> String {
        match self {
            Self::One(question, ..) => row_label(question),
            Self::Many(wildcard, _) => wildcard_label(wildcard),
        }
    }
}

/// Whether a pattern stands for retired actions only.
fn is_retired(wildcard: &Wildcard) -> bool {
    match &wildcard.stands_for {
        StandsFor::Pattern(pattern) => {
            !wildcard.has_published() && iamsure_reference::expand_retired(pattern).next().is_some()
        }
        StandsFor::AnyOther => false,
    }
}

/// What a row of many actions is called.
fn wildcard_label(wildcard: &Wildcard) -> String {
    let standing = match () {
        () if is_retired(wildcard) => "  (retired)",
        () if !wildcard.has_published() => "  (not published)",
        () => "",
    };
    let resource = wildcard
        .resource
        .as_ref()
        .map(|resource| format!("\n  on {}", words::on_one_line(resource)))
        .unwrap_or_default();
    format!("{}{standing}{resource}", words::on_one_line(wildcard.stands_for.name()))
}

/// What a row is called: the action, what it stands for, and the resource where it matters.
fn row_label(question: &Question) -> String {
    let stands_for = match &question.stands_for {
        Some(StandsFor::Pattern(pattern)) => format!("  ({pattern})"),
        Some(StandsFor::AnyOther) => "  (any other)".to_owned(),
        None => String::new(),
    };
    let standing = match iamsure_reference::action(question.action.as_str()) {
        Standing::Known(_) => "",
        Standing::Retired(_) => "  (retired)",
        Standing::Unknown => "  (not published)",
    };
    let resource = if question.resource_matters {
        format!("\n  on {}", words::on_one_line(&question.resource))
    } else {
        String::new()
    };
    format!("{}{stands_for}{standing}{resource}", words::on_one_line(question.action.as_str()))
}

/// How an answer counts for a reader who wants one word.
fn outcome_word(answer: &Answer) -> &'static str {
    match (answer.verdict(), answer.succeeds()) {
        (Some(Verdict::Allowed), _) => "allowed",
        (Some(Verdict::Exempt), _) => "exempt",
        (Some(Verdict::ExplicitlyDenied), _) => "explicitly denied",
        (Some(Verdict::ImplicitlyDenied), _) => "implicitly denied",
        (None, Some(true)) => "allowed",
        (None, Some(false)) => "denied",
        (None, None) => "depends",
    }
}
