//! `docs check`: every bound table and every generated one, held against the policies.

use iamsure_core::language::{ConditionKey, Span};
use iamsure_truth::unanswered::Unanswered;

use super::account::Examined;
use super::binding::{Binding, Surroundings};
use super::block;
use super::column::{Asks, Role, is_key};
use super::document::Document;
use super::finding::{Code, Finding};
use super::fix::{self, Fix};
use super::judging::{Verdict, judge};
use super::marker::Markers;
use super::reading::Reading;
use super::statements;
use super::table::normal;

/// What came of checking a document.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Everything found, in the order of the text.
    pub findings: Vec<Finding>,
    /// Hand-written tables that a marker binds.
    pub bound: usize,
    /// Generated tables.
    pub generated: usize,
    /// Generated tables that cannot be made, so that nothing is known of them.
    pub not_made: usize,
    /// Answers that are right.
    pub right: usize,
    /// Answers that are wrong.
    pub wrong: usize,
    /// Answers that could not be judged.
    pub unclear: usize,
    /// What would put the wrong cells of hand-written tables right.
    pub fixes: Vec<Fix>,
}

/// Checks a document.
///
/// # Errors
/// If a check of the program's own failed: a bug of iamsure.
pub fn check(document: &Document, around: Surroundings<'_>) -> Result<Checked, Unanswered> {
    let markers = Markers::of(document);
    let mut checked = Checked { findings: markers.findings.clone(), ..Checked::default() };
    let mut sids = Vec::new();
    for (span, attributes, table) in &markers.checks {
        checked.bound += 1;
        match Binding::of(attributes, document, around) {
            Err(message) => checked.findings.push(Finding::new(Code::BadPolicy, *span, message)),
            Ok(binding) => {
                let found = binding.subjects.statement.as_ref().and_then(|subject| subject.found());
                sids.extend(found.and_then(|statement| statement.sid().map(str::to_owned)));
                one(&mut checked, document, *table, *span, &binding)?;
            }
        }
    }
    for region in &markers.regions {
        checked.generated += 1;
        let found = block::check(document, region, around)?;
        let is_made =
            |finding: &Finding| matches!(finding.code, Code::StaleBlock | Code::EditedBlock);
        checked.not_made += usize::from(found.as_ref().is_some_and(|finding| !is_made(finding)));
        checked.findings.extend(found);
    }
    if checked.bound + checked.generated > 0 {
        let (policies, _) = document.policies();
        checked.findings.extend(statements::told(document, &policies).findings);
        checked.findings.extend(statements::differing(&policies, &sids));
    }
    checked.findings.sort_by_key(|found| (found.span().start, found.code));
    Ok(checked)
}

fn one(
    checked: &mut Checked,
    document: &Document,
    number: usize,
    marker: Span,
    binding: &Binding,
) -> Result<(), Unanswered> {
    let Some(table) = document.tables.get(number) else { return Ok(()) };
    let mut subjects = binding.subjects.clone();
    let mut keys = subjects.keys();
    keys.extend(binding.keys.iter().filter(|key| !keys.contains(key)).cloned().collect::<Vec<_>>());
    let table = &*Reading::oriented(table, &keys, &binding.roles);
    let mut reading = Reading::of(table, &keys, &binding.roles);
    if binding.names_statement
        && !reading.roles.iter().any(|role| matches!(role, Role::Answer(Asks::Applies)))
    {
        // With a statement named and no column that asks for it, "Denied" is about the statement.
        if binding.roles.is_empty() {
            subjects.decision = None;
        }
    }
    let headings: Vec<String> = table.header.iter().map(|cell| normal(&cell.text())).collect();
    if let Some(stray) = binding.roles.keys().find(|heading| !headings.contains(heading)) {
        let there: Vec<String> =
            table.header.iter().map(|cell| format!("`{}`", cell.text().trim())).collect();
        checked.findings.push(
            Finding::new(Code::BadMarker, marker, format!("the table has no column `{stray}`"))
                .also(table.span, "of this table")
                .help(format!("its columns are {}", there.join(", "))),
        );
        return Ok(());
    }
    let obscure = reading.roles.iter().position(|role| *role == Role::Obscure);
    if let Some(cell) = obscure.and_then(|column| table.header.get(column)) {
        let heading = cell.text().trim().to_owned();
        checked.findings.push(
            Finding::new(
                Code::BadMarker,
                cell.span,
                format!("the column heading `{heading}` is ambiguous: it may mean the opposite"),
            )
            .also(marker, "bound here")
            .help(format!(
                "invert the heading, or specify its role: column=\"{heading}=applies\", =decision, \"=KEY present\", or =remark"
            )),
        );
        return Ok(());
    }
    if !reading.has_answers() {
        checked.findings.push(
            Finding::new(
                Code::BadMarker,
                table.span,
                "no column of this table asks for a policy decision",
            )
            .also(marker, "bound here")
            .help("specify one: column=\"HEADING=applies\", or =decision"),
        );
        return Ok(());
    }
    if let Some(finding) = about_another_key(document, number, &reading, &keys) {
        checked.findings.push(finding.also(marker, "bound here"));
        return Ok(());
    }
    if reading.keys().is_empty()
        && keys.len() == 1
        && let Some(role @ Role::Remark) = reading.roles.first_mut()
    {
        // One key, and a first column that does not name it.
        *role = Role::State(keys.remove(0));
        reading = Reading::with_roles(table, reading.roles);
    }
    let judged = judge(&reading, &subjects)?;
    for claim in &judged {
        match claim.verdict {
            Verdict::Right => checked.right += 1,
            Verdict::Wrong { .. } => checked.wrong += 1,
            Verdict::Unclear(_) => checked.unclear += 1,
        }
    }
    let examined =
        Examined { document, table, reading: &reading, subjects: &subjects, judged: &judged };
    checked.findings.extend(examined.findings(Code::WrongCell)?);
    checked.fixes.extend(fix::fixes(&examined));
    Ok(())
}

/// What is wrong with a table whose columns are about keys, none of which the policy asks for.
fn about_another_key(
    document: &Document,
    number: usize,
    reading: &Reading,
    asked: &[ConditionKey],
) -> Option<Finding> {
    let header = &document.tables.get(number)?.header;
    if asked.is_empty() || reading.keys().iter().any(|key| asked.contains(key)) {
        return None;
    }
    let (cell, other) = header.iter().zip(&reading.roles).find_map(|(cell, role)| match role {
        Role::State(key) | Role::Presence(key) => Some((cell, key.to_string())),
        Role::Remark => {
            let heading = cell.text().trim().to_owned();
            is_key(&heading).then_some((cell, heading))
        }
        _ => None,
    })?;
    let names: Vec<String> = asked.iter().map(|key| format!("`{key}`")).collect();
    Some(
        Finding::new(
            Code::BadMarker,
            cell.span,
            format!("the column is about `{other}`, which the policy does not use"),
        )
        .help(format!("the policy uses {}", names.join(", "))),
    )
}
