//! The table of date literals, `corpus/tables/dates.yaml`: those that are dates, with the instant each names, and
//! those that are none. The reader of the program, the restatement and the grammar are asked.

use std::path::Path;

use iamsure_core::language::condition::date::Date;
use iamsure_core::language::diagnostic::Code;
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use serde::Deserialize;

use crate::oracle;
use iamsure_review::spec_rule::RuleEvidence;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateTable {
    dates: Vec<DateRow>,
    none: Vec<NoneRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateRow {
    literal: String,
    at: i128,
    #[serde(default)]
    fraction: String,
    #[serde(default)]
    short: bool,
    evidence: RuleEvidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoneRow {
    literal: String,
    evidence: RuleEvidence,
}

/// A literal, and what it is.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The literal.
    pub text: String,
    /// How well that is known.
    pub evidence: RuleEvidence,
    /// The seconds since 1970, the digits of the fraction, and whether a part or the zone is missing; `None` if it
    /// is no date.
    names: Option<(i128, String, bool)>,
}

/// Every literal of the table, in order.
///
/// # Errors
/// If the file is missing or not of its form.
pub fn load(path: &Path) -> Result<Vec<Literal>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: DateTable =
        serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let dates = table.dates.into_iter().map(|row| Literal {
        text: row.literal,
        evidence: row.evidence,
        names: Some((row.at, row.fraction, row.short)),
    });
    let none = table.none.into_iter().map(|row| Literal {
        text: row.literal,
        evidence: row.evidence,
        names: None,
    });
    Ok(dates.chain(none).collect())
}

impl Literal {
    /// Whether all agree.
    ///
    /// # Errors
    /// Who does not, and what it found.
    pub fn run(&self) -> Result<(), String> {
        let found = Date::read(&self.text)
            .map(|date| (date.seconds(), date.fraction().to_owned(), date.is_assumed()));
        if found != self.names {
            return Err(format!("expected {:?}, found {found:?}", self.names));
        }
        let restated = oracle::clause::date(&self.text)
            .map(|(seconds, fraction)| (seconds, fraction.trim_end_matches('0').to_owned()));
        let expected =
            self.names.as_ref().map(|(seconds, fraction, _)| (*seconds, fraction.clone()));
        if restated != expected {
            return Err(format!("the restatement finds {restated:?}"));
        }
        let value = serde_json::Value::from(self.text.as_str());
        let document = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "*", "Resource": "*",
                "Condition": {{"DateLessThan": {{"aws:CurrentTime": {value}}}}}}}}}"#
        );
        let source = Source::new("literal", document);
        let inspection = PolicyDocument::inspect(&source, PolicyType::Identity, Profile::Strict);
        let is_refused = inspection
            .findings
            .iter()
            .any(|finding| finding.code == Code::BadDate && finding.is_error());
        if is_refused == self.names.is_none() && inspection.document.is_none() == is_refused {
            Ok(())
        } else {
            Err(format!("the grammar says {:?}", inspection.findings))
        }
    }
}
