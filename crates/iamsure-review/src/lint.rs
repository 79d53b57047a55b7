//! What of some policies says or does nothing, each with its proof: statements that nobody would miss,
//! conditions that never hold or never fail, entries that others swallow; and beside them what AWS's
//! published data tell ([`crate::published`]).
//!
//! A finding is derived from what is decided with the part and without it, never from how it is written.

mod code;
mod part;
mod statement;

pub(crate) use statement::why;

use std::collections::BTreeSet;

use iamsure_core::language::{Label, PolicyType, Severity, Span};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{PolicySet, Switch};
use iamsure_truth::inert::{Example, InertQuery, Inertness};
use iamsure_truth::known_later::symbols_beside;
use iamsure_truth::redundancy::RedundancyQuery;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;

pub use code::Code;

use crate::finding::{Finding, FindingCode};
use crate::published;

/// What is asked: what of these policies says nothing.
#[derive(Clone, Copy, Debug)]
pub struct LintQuery<'a> {
    /// The policies.
    pub policies: &'a PolicySet,
    /// Which requests count.
    pub setting: &'a Setting,
}

/// A finding about one of several policies, with what shows it.
#[derive(Clone, Debug)]
pub struct Linted {
    /// The policy.
    pub policy: PolicyPlace,
    /// The finding; its places are in the text of that policy.
    pub finding: Finding,
    /// The proof in words, and what else one must know: one sentence each.
    pub notes: Vec<String>,
    /// The request that shows it, decided with the statement and without.
    pub example: Option<Example>,
    /// The symbols for values that are known later on which it may depend, where it is not shown for every value.
    pub symbols: BTreeSet<String>,
}

/// Where a policy stands in a policy set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PolicyPlace {
    /// The layer.
    pub layer: PolicyType,
    /// The level of an SCP or RCP; 0 in other layers.
    pub level: usize,
    /// Which policy of the layer (and level), from 0.
    pub number: usize,
}

impl LintQuery<'_> {
    /// Every finding, in the order of the policies and of their text. What takes more than the budget is
    /// a finding too ([`Code::Unproved`]): nothing is said about it.
    ///
    /// # Errors
    /// If the model and the evaluator disagree, which is a bug of this program.
    pub fn answer(&self) -> Result<Vec<Linted>, Unanswered> {
        let mut found = Vec::new();
        for (layer, level, number, document) in self.policies.policies() {
            let policy = PolicyPlace { layer, level, number };
            found.extend(published::findings(document).into_iter().map(|finding| Linted {
                policy,
                finding,
                notes: Vec::new(),
                example: None,
                symbols: BTreeSet::new(),
            }));
        }
        let of_parts = RedundancyQuery { policies: self.policies, setting: self.setting };
        let parts = of_parts.answer();
        let parts_hanging = of_parts.dependent(&parts);
        // Why they match nothing is said of their conditions.
        let silent: Vec<_> = parts
            .iter()
            .filter(|needless| needless.part.silences())
            .map(|needless| needless.statement)
            .collect();
        let (policies, setting) = (self.policies.clone(), self.setting.clone());
        let query = InertQuery { policies, setting, examples: true };
        let asked = query.answer().and_then(|answer| {
            let dependent = query.dependent(&answer)?;
            let open = self.not_for_every_value(&query, &answer)?;
            Ok((answer, dependent, open))
        });
        match asked {
            Ok((answer, dependent, open)) => {
                let mut of_statements: Vec<_> =
                    statement::findings(self.policies, &answer, &silent).collect();
                for (id, linted) in &mut of_statements {
                    let own = dependent.iter().filter(|(of, ..)| of == id);
                    hangs(linted, own.map(|(_, switch, choice)| (*switch, *choice)));
                    if open.contains(id) {
                        undecided(linted, symbols_beside(self.policies, *id));
                    }
                }
                found.extend(of_statements.into_iter().map(|(_, linted)| linted));
            }
            Err(Unanswered::TooComplex(error)) => {
                found.extend(statement::unproved(self.policies, &error));
            }
            Err(error) => return Err(error),
        }
        for (number, needless) in parts.iter().enumerate() {
            let Some(mut linted) = part::finding(self.policies, needless) else { continue };
            let own = parts_hanging.iter().filter(|(of, ..)| *of == number);
            hangs(&mut linted, own.map(|(_, switch, choice)| (*switch, *choice)));
            if self.setting.known_later && !of_parts.holds_for_every_value(needless) {
                undecided(&mut linted, of_parts.symbols_of(needless));
            }
            found.push(linted);
        }
        found.sort_by_key(|linted| {
            (linted.policy, linted.finding.span().start, linted.finding.code)
        });
        Ok(found)
    }
}

impl LintQuery<'_> {
    /// The statements without effect of which it is not shown for every value of the symbols.
    fn not_for_every_value(
        &self,
        query: &InertQuery,
        answer: &Inertness,
    ) -> Result<BTreeSet<StatementId>, Unanswered> {
        let mut open = BTreeSet::new();
        if self.setting.known_later {
            for effect in answer.inert(false) {
                if !query.holds_for_every_value(effect)? {
                    open.insert(effect.statement);
                }
            }
        }
        Ok(open)
    }
}

/// In the place of a finding that is not shown for every value of the symbols: that it was not decided.
fn undecided(linted: &mut Linted, symbols: BTreeSet<String>) {
    let names: Vec<&str> = symbols.iter().map(String::as_str).collect();
    let message = format!(
        "whether {} applies may depend on values known only after deployment: {}",
        linted.finding.code.name(),
        names.join(", ")
    );
    let label = "may have an effect for some values";
    linted.finding = finding(Code::DependsOnSymbols, linted.finding.span(), label, message);
    linted.notes.clear();
    linted.example = None;
    linted.symbols = symbols;
}

/// Says on which choices where AWS is silent a finding hangs. One that depends on any asks for nothing to be
/// mended.
fn hangs(linted: &mut Linted, choices: impl Iterator<Item = (Switch, &'static str)>) {
    for (switch, choice) in choices {
        linted.finding.severity = Severity::Note;
        linted.notes.push(format!(
            "it depends on undocumented behaviour ({switch}: {}): here {}; with --switch {switch}={choice} the finding does not hold",
            switch.question(),
            switch.default_meaning()
        ));
    }
}

/// A finding of this file's codes at a place.
fn finding(code: Code, span: Span, label: &str, message: String) -> Finding {
    Finding {
        code: FindingCode::Proved(code),
        severity: if code.is_note() { Severity::Note } else { Severity::Warning },
        message,
        labels: vec![Label { span, text: label.to_owned() }],
        help: None,
    }
}

#[cfg(test)]
mod tests;
