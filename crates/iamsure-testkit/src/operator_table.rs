//! The published tables of operators (sections 5.2 and 5.7 of the evaluation rules), each cell looked up in
//! the truth table that the program makes of a statement with that operator.

use std::path::Path;

use iamsure_core::language::{ConditionKey, Operator, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_truth::model::{Outcome, Question, Subject};
use iamsure_truth::said::Said;
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Column, Form, HitPolicy, Table, TableQuery};
use serde::Deserialize;

use crate::case::Rules;

/// The file of tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorTables {
    absent: Vec<AbsentRow>,
    idioms: Vec<Idiom>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AbsentRow {
    operators: Vec<String>,
    value: String,
    rule: Rules,
    cells: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Idiom {
    operator: String,
    value: String,
    rule: Rules,
    cells: String,
}

/// One cell: an operator with a value, about a key in a state.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it is called.
    pub name: String,
    /// The rules it follows from, separated by commas.
    pub rules: String,
    operator: String,
    key: &'static str,
    value: String,
    /// The words that a table has for the state.
    state: &'static str,
    /// Whether the statement applies; `None` if there is no such operator.
    applies: Option<bool>,
}

/// What stands before and after a base operator in each column of section 5.2.
const FORMS: [(&str, &str); 6] = [
    ("", ""),
    ("", "IfExists"),
    ("ForAllValues:", ""),
    ("ForAllValues:", "IfExists"),
    ("ForAnyValue:", ""),
    ("ForAnyValue:", "IfExists"),
];

/// The key that idioms are asked about.
const IDIOM_KEY: &str = "aws:ViaAWSMCPService";

/// The states of section 5.7, as tables word them.
const STATES: [&str; 3] = ["absent", "`false`", "`true`"];

/// Every cell of the file.
///
/// # Errors
/// If the file cannot be read, or a row has too few or too many cells.
pub fn load(path: &Path) -> Result<Vec<Cell>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let tables: OperatorTables =
        serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut cells = Vec::new();
    for row in &tables.absent {
        let applies = letters(&row.cells, FORMS.len())?;
        for base in &row.operators {
            for ((before, after), applies) in FORMS.iter().zip(&applies) {
                let operator = format!("{before}{base}{after}");
                cells.push(Cell {
                    name: format!("{operator}={}/absent", row.value),
                    rules: joined(&row.rule),
                    operator,
                    key: "x:k",
                    value: row.value.clone(),
                    state: "absent",
                    applies: *applies,
                });
            }
        }
    }
    for row in &tables.idioms {
        for (state, applies) in STATES.into_iter().zip(letters(&row.cells, STATES.len())?) {
            cells.push(Cell {
                name: format!("{}={}/{}", row.operator, row.value, state.trim_matches('`')),
                rules: joined(&row.rule),
                operator: row.operator.clone(),
                key: IDIOM_KEY,
                value: row.value.clone(),
                state,
                applies,
            });
        }
    }
    Ok(cells)
}

fn joined(rules: &Rules) -> String {
    rules.iter().collect::<Vec<_>>().join(", ")
}

fn letters(cells: &str, count: usize) -> Result<Vec<Option<bool>>, String> {
    let letter = |cell: &str| match cell {
        "T" => Ok(Some(true)),
        "F" => Ok(Some(false)),
        "-" => Ok(None),
        other => Err(format!("`{other}` is no cell")),
    };
    let cells: Vec<_> = cells.split(' ').map(letter).collect::<Result<_, _>>()?;
    if cells.len() == count {
        Ok(cells)
    } else {
        Err(format!("{count} cells were expected: {cells:?}"))
    }
}

impl Cell {
    /// The operator and its value.
    pub fn question(&self) -> (&str, &str) {
        (&self.operator, &self.value)
    }

    /// Whether it is of the idioms, and not of the table of absent keys.
    pub fn is_idiom(&self) -> bool {
        self.key == IDIOM_KEY
    }

    /// Looks the cell up in the table of a statement with this operator.
    ///
    /// # Errors
    /// If it says otherwise, or there is none.
    pub fn run(&self) -> Result<(), String> {
        let found = self.found()?;
        if found == self.applies {
            Ok(())
        } else {
            Err(format!("{:?}, and not: {found:?}", self.applies))
        }
    }

    /// What the table of a statement with this operator says; `None` if there is no such operator.
    ///
    /// # Errors
    /// If there is no table, or no row for the state.
    pub fn found(&self) -> Result<Option<bool>, String> {
        if Operator::parse(&self.operator).is_err() {
            return Ok(None);
        }
        let table = self.table()?;
        let column = Column::Subject(Subject::Key(ConditionKey::from(self.key)));
        let state = Said::read_loosely(self.state);
        let is_about = |said: Option<&Said>| {
            said.is_none_or(|said| {
                Some(said) == state.as_ref()
                    || *said == Said::Present && state != Some(Said::Absent)
            })
        };
        let mut rows = table.rows.iter().filter(|row| is_about(row.cells.get(&column)));
        let (Some(row), None) = (rows.next(), rows.next()) else {
            let said: Vec<_> = table
                .rows
                .iter()
                .filter_map(|row| row.cells.get(&column))
                .map(ToString::to_string)
                .collect();
            return Err(format!("not one row for {}: {said:?}", self.state));
        };
        match row.outcomes.one() {
            Some(Outcome::Applies) => Ok(Some(true)),
            Some(Outcome::DoesNotApply) => Ok(Some(false)),
            found => Err(format!("neither applies nor does not: {found:?}")),
        }
    }

    fn table(&self) -> Result<Table, String> {
        let text = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": { self.operator.as_str(): { self.key: self.value } },
            },
        });
        // Leniently: AWS refuses set operators before Null, and the tables say what they would be.
        let source = Source::new("statement", text.to_string());
        let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient)
            .map_err(|error| format!("{error:?}"))?;
        let statement =
            StatementId { layer: PolicyType::Identity, level: 0, policy: 0, statement: 0 };
        let query = TableQuery {
            policies: PolicySet { identity: vec![document], ..PolicySet::default() },
            question: Question::Applies(statement),
            setting: Setting::default(),
            form: Form { hit: Some(HitPolicy::Unique), apart: Some(true), keys: None },
            is_whole: false,
        };
        query.answer().map(|report| report.table).map_err(|error| error.to_string())
    }
}
