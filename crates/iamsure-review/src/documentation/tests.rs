//! Pages in many manners: what is found in them, and what is not.

mod judged;
mod marker;
mod unbound;

use iamsure_core::language::Source;
use iamsure_core::world::Requester;

use super::binding::Surroundings;
use super::check::{Checked, check};
use super::document::Document;
use super::finding::{Code, Finding};
use super::reference::Shelved;
use super::scan::{Scanned, scan};

fn nothing(name: &str, _: Option<&str>) -> Result<Shelved, String> {
    Err(format!("there is no `{name}`"))
}

fn nobody(text: &str) -> Result<Requester, String> {
    Err(format!("`{text}` is nobody"))
}

const AROUND: Surroundings<'static> = Surroundings { shelf: &nothing, requesters: &nobody };

fn document(name: &str, text: &str) -> Document {
    Document::read(&Source::new(name, text)).unwrap()
}

fn scanned(text: &str) -> Scanned {
    scan(&document("page.mdx", text)).unwrap()
}

fn checked(text: &str) -> Checked {
    check(&document("page.mdx", text), AROUND).unwrap()
}

/// The codes of findings that are more than remarks about policies.
fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|found| found.code).filter(|code| *code != Code::Placeholder).collect()
}

fn deny(operator: &str, key: &str, value: &str) -> String {
    format!(
        "```json title=\"p.json\"\n{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Sid\": \"Guard\", \"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {{\"{operator}\": {{\"{key}\": {value}}}}}}}]}}\n```\n\n"
    )
}

/// The findings of a page that shows these statements.
fn of_statements(statements: &[&str]) -> Scanned {
    let list = statements.join(", ");
    scanned(&format!("```json\n{{\"Version\": \"2012-10-17\", \"Statement\": [{list}]}}\n```\n"))
}

const MFA: &str = "aws:MultiFactorAuthPresent";

const DECISIONS: &str = "| `aws:MultiFactorAuthPresent` | Result |\n| --- | --- |\n| absent | Denied |\n| `false` | Denied |\n| `true` | Allowed |\n";

fn edit_of(finding: &Finding) -> &str {
    finding
        .notes
        .iter()
        .find(|note| note.starts_with("this table is correct for"))
        .map_or("", |note| note)
}
