//! Changes to a document: stretches of text that are replaced.

use std::collections::BTreeSet;

use iamsure_core::decision::Verdict;
use iamsure_core::language::Span;
use iamsure_truth::model::Outcome;

use super::account::Examined;
use super::cell::{Answer, answer, in_the_manner_of};
use super::column::Asks;
use super::judging::{self, Judged};
use super::reading::meant;

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub(crate) span: Span,
    /// What comes in its place.
    pub(crate) text: String,
}

/// The text with every fix made. Fixes that overlap one before them are left out.
pub fn apply(text: &str, fixes: &[Fix]) -> String {
    let mut fixes: Vec<&Fix> = fixes.iter().collect();
    fixes.sort_by_key(|fix| fix.span);
    let mut fixed = String::with_capacity(text.len());
    let mut from = 0;
    for fix in fixes {
        if let (true, Some(before)) = (fix.span.start >= from, text.get(from..fix.span.start)) {
            fixed.push_str(before);
            fixed.push_str(&fix.text);
            from = fix.span.end;
        }
    }
    fixed.push_str(text.get(from..).unwrap_or_default());
    fixed
}

/// The text that a wrong cell should hold, in the words of the table: as another cell of the column says
/// it, or in the manner of the wrong one. `None` if neither is known.
pub(super) fn text(
    examined: &Examined<'_>,
    claim: &Judged,
    computed: &BTreeSet<Outcome>,
) -> Option<String> {
    let subject = examined.subjects.of(claim.asks)?;
    let source = &examined.document.source;
    let [outcome] = computed.iter().collect::<Vec<_>>()[..] else { return None };
    let says = |answer: Answer| {
        meant(claim.asks, answer, subject).is_some_and(|outcomes| outcomes.contains(outcome))
    };
    let wrong = examined.table.rows.get(claim.row)?.get(claim.column)?;
    let others = examined.table.rows.iter().filter_map(|row| row.get(claim.column));
    let mut as_another = others
        .filter(|cell| answer(cell).is_some_and(says))
        .map(|cell| source.slice(cell.span))
        // A cell that explains itself explains another row.
        .filter(|text| !text.contains('('));
    let wanted = match (claim.asks, outcome) {
        (Asks::Applies, Outcome::Applies) => Answer::Yes,
        (Asks::Applies, Outcome::DoesNotApply) => Answer::No,
        (Asks::IsAllowed, Outcome::Verdict(Verdict::Allowed | Verdict::Exempt)) => Answer::Yes,
        (Asks::IsAllowed, _) => Answer::No,
        (Asks::IsDenied, Outcome::Verdict(Verdict::Allowed | Verdict::Exempt)) => Answer::No,
        (Asks::IsDenied, _) => Answer::Yes,
        (_, Outcome::Verdict(Verdict::Allowed | Verdict::Exempt)) => Answer::Allowed,
        (_, _) => Answer::Denied,
    };
    as_another
        .next()
        .map(str::to_owned)
        .or_else(|| in_the_manner_of(source.slice(wrong.span), wanted))
        .or_else(|| {
            let other = match wanted {
                Answer::Yes => Answer::Allowed,
                Answer::No => Answer::Denied,
                other => other,
            };
            in_the_manner_of(source.slice(wrong.span), other)
        })
}

/// The fix of every wrong cell whose text is known.
pub(super) fn fixes(examined: &Examined<'_>) -> Vec<Fix> {
    let mut fixes = Vec::new();
    for claim in examined.judged {
        let judging::Verdict::Wrong { computed, .. } = &claim.verdict else { continue };
        let Some(text) = text(examined, claim, computed) else { continue };
        let cell = examined.table.rows.get(claim.row).and_then(|row| row.get(claim.column));
        let Some(cell) = cell else { continue };
        // The column keeps its width where it can.
        let room = examined.document.source.slice(Span::new(cell.span.start, cell.room.end));
        let width = room.chars().count();
        let mut padded = text;
        let blanks =
            width.saturating_sub(padded.chars().count()).max(usize::from(room.ends_with(' ')));
        padded.extend(std::iter::repeat_n(' ', blanks));
        fixes.push(Fix { span: Span::new(cell.span.start, cell.room.end), text: padded });
    }
    fixes
}
