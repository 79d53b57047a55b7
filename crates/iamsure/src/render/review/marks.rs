//! The claims of a review that are not proved, as marks; and all of them as a table.

use std::collections::BTreeMap;

use iamsure_core::language::Severity;
use iamsure_core::world::PolicySet;

use super::{Asked, beside, inert, notes, sorted, summary};
use crate::render::github::annotations;
use crate::render::listing::Listing;
use crate::render::mark::{At, Mark};
use crate::render::sarif::{self, Rule};
use crate::streams::Finished;

/// What is not proved, each at the statement that it is asked of, or in the first policy.
fn marks<'a>(asked: &'a [Asked], policies: &'a PolicySet) -> Vec<Mark<'a>> {
    let mark = |one: &'a Asked| {
        let severity = match one.word() {
            "PROVED" => return None,
            "REFUTED" => Severity::Error,
            _ => Severity::Warning,
        };
        let of_statement = one.review.statement.and_then(|id| policies.statement(id));
        let at = if let Some((document, statement)) = of_statement {
            At::span(&document.source, statement.span)
        } else {
            let (.., document) = policies.policies().next()?;
            At::place(&document.source, document.source.place(0), None)
        };
        let entry = one.review.code.entry();
        let asked_of = one.review.statement.map(|id| format!("for {}", inert::name(policies, id)));
        let lines = [format!("{}{}", one.word(), one.world())].into_iter().chain(asked_of);
        let lines = lines.chain(one.request()).chain(one.answer.reason().map(str::to_owned));
        let lines = lines.chain([entry.refuted.to_owned(), entry.advice.to_owned()]);
        Some(Mark {
            severity,
            code: one.review.code.name(),
            subject: Some(one.review.claim.to_string()),
            message: lines.collect::<Vec<_>>().join("\n"),
            at,
        })
    };
    sorted(asked).into_iter().filter_map(mark).collect()
}

/// Annotations of GitHub Actions; then what the answers rest on.
pub(crate) fn github(asked: &[Asked], policies: &PolicySet) -> Finished {
    let mut out = annotations(&marks(asked, policies));
    for line in lines(asked, policies) {
        out.push_str(&format!("{line}\n"));
    }
    out
}

/// SARIF.
pub(crate) fn sarif(asked: &[Asked], policies: &PolicySet) -> Finished {
    let codes: BTreeMap<&str, &str> =
        asked.iter().map(|one| (one.review.code.name(), one.review.code.entry().title)).collect();
    let rules: Vec<Rule> =
        codes.into_iter().map(|(name, title)| (name, title.to_owned())).collect();
    sarif::sarif(&marks(asked, policies), &rules)
}

/// For documents and pull requests.
pub(crate) fn markdown(asked: &[Asked], policies: &PolicySet) -> String {
    let row = |one: &Asked| {
        let shown = one.request().or_else(|| one.answer.reason().map(str::to_owned));
        let why = shown.filter(|_| one.word() != "PROVED").unwrap_or_default();
        let claim = format!("`{}`{}", one.review.claim, one.world());
        let of = one.review.statement.map(|id| inert::name(policies, id)).unwrap_or_default();
        vec![one.word().to_owned(), claim, one.review.code.name().to_owned(), of, why]
    };
    let mut listing = Listing::default();
    listing.table(
        &["Verdict", "Claim", "Code", "Asked of", "Request"],
        sorted(asked).into_iter().map(row).collect(),
    );
    for line in lines(asked, policies) {
        listing.line(line);
    }
    listing.markdown()
}

fn lines(asked: &[Asked], policies: &PolicySet) -> Vec<String> {
    let mut lines = vec![summary(asked)];
    lines.extend(beside(asked).sentences());
    lines.extend(notes(asked, policies));
    lines
}
