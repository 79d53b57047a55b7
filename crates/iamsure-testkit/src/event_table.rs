//! The tables of `EventBridge` about conditions on the pattern of a rule, `corpus/tables/event-patterns.yaml`: each row
//! decided, and the page that is made of the decisions.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{Context, KeyState, PolicySet, Principal, Request, Switches};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tables: Vec<EventTable>,
}

/// A policy, and the patterns that it allows or not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventTable {
    title: String,
    says: String,
    /// A statement or a list of them, as JSON text.
    statements: String,
    rows: Vec<Pattern>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    /// The condition keys of its fields.
    pattern: BTreeMap<String, Vec<String>>,
    allowed: bool,
}

/// Every table, in order.
///
/// # Errors
/// If the file is missing or not of its form.
pub fn load(path: &Path) -> Result<Vec<EventTable>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file: File =
        serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(file.tables)
}

impl EventTable {
    /// What it is about.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether every row is decided as `EventBridge` says.
    ///
    /// # Errors
    /// The first row that is not.
    pub fn run(&self) -> Result<(), String> {
        let policies = self.policies()?;
        for row in &self.rows {
            let allowed = row.is_allowed(&policies)?;
            if allowed != row.allowed {
                return Err(format!("{}: allowed is {allowed}", row.words()));
            }
        }
        Ok(())
    }

    fn policies(&self) -> Result<PolicySet, String> {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {}}}"#, self.statements);
        let source = Source::new(self.title.clone(), text);
        PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict)
            .map(PolicySet::of)
            .map_err(|findings| format!("{findings:?}"))
    }
}

impl Pattern {
    fn is_allowed(&self, policies: &PolicySet) -> Result<bool, String> {
        let mut context = Context::closed();
        for (key, values) in &self.pattern {
            context.set(key.as_str().into(), KeyState::Multi(values.clone()));
        }
        let account = "111122223333";
        let alice = Principal::User {
            account: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:user/alice"),
            unique_id: None,
        };
        let action = ActionName::parse("events:PutRule").map_err(|error| error.to_string())?;
        let rule = format!("arn:aws:events:us-east-1:{account}:rule/example");
        let request = Request::new(alice, action, rule, context);
        match evaluate(policies, &request, &Switches::default()).outcome {
            Outcome::Decided(decision) => Ok(decision.verdict == Verdict::Allowed),
            Outcome::Depends { .. } => Err(format!("{}: it depends", self.words())),
        }
    }

    /// The pattern, field by field.
    fn words(&self) -> String {
        if self.pattern.is_empty() {
            return "neither field".to_owned();
        }
        let fields = self.pattern.iter().map(|(key, values)| {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!("{}: {}", key.trim_start_matches("events:"), values.join(", "))
        });
        fields.collect::<Vec<_>>().join("; ")
    }
}

/// The page, in Markdown.
///
/// # Errors
/// If a row cannot be decided.
pub fn page(tables: &[EventTable]) -> Result<String, String> {
    let mut page = String::from(
        "# Event patterns

What conditions on `events:source`, `events:detail-type` and other fields of an event pattern let `events:PutRule` do. The fields of a pattern are lists, so
these keys hold several values, and an operator without `ForAllValues` or `ForAnyValue` is true of one value alone (C-45, Q4 in [switches](switches.md)).
Every cell is what iamsure decides, made by `UPDATE_DOCS=1 cargo test --test conformance`; the policies are in
[event-patterns.yaml](../corpus/tables/event-patterns.yaml). The tables agree with those of the EventBridge User Guide
([eb-use-conditions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html)), row by row.
",
    );
    for table in tables {
        let policies = table.policies()?;
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n```json\n{}\n```\n\n| event pattern | PutRule |\n| --- | --- |\n",
            table.title, table.says, table.statements
        );
        for row in &table.rows {
            let word = if row.is_allowed(&policies)? { "allowed" } else { "denied" };
            let _ = writeln!(page, "| {} | {word} |", row.words());
        }
    }
    Ok(page)
}
