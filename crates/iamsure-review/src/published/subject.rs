//! Subjects of tokens, held against the shapes that their issuers document.

use iamsure_core::language::condition::{ConditionValue, Family, Test};
use iamsure_core::language::{Clause, Spanned};
use iamsure_core::world::TokenShape;
use iamsure_truth::class::subject::Subjects;

use super::{Code, Report, shown};

/// Claims that may stand in a customized subject of GitHub, each before a colon; those of its default subjects are not
/// among them.
///
/// GitHub page: `OpenID` Connect reference (custom claims; customizing the subject claims).
const CUSTOM: &[&str] = &[
    "actor",
    "actor_id",
    "base_ref",
    "check_run_id",
    "context",
    "enterprise",
    "enterprise_id",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "job_workflow_sha",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "sha",
    "workflow",
    "workflow_ref",
    "workflow_sha",
];

/// A value of a clause on the subject of a known issuer that none of its subjects matches.
pub(super) fn check(
    report: &mut Report<'_>,
    clause: &Clause,
    value: &Spanned<ConditionValue>,
    consequence: &str,
) {
    let key = clause.key.as_str();
    let Some((address, claim)) = key.rsplit_once(':') else { return };
    let Some(shape) = TokenShape::of_issuer(address).filter(|_| claim.eq_ignore_ascii_case("sub"))
    else {
        return;
    };
    let (text, base) = (value.as_str(), clause.operator.base);
    if base.family() != Family::String || text.contains("${") || is_to_be_filled_in(text) {
        return;
    }
    if shape.issuer.name == "github" {
        if names_repository_alone(text) {
            without_context(report, value, text, consequence);
            return;
        }
        if is_customized(text) {
            return;
        }
    }
    let subjects = Subjects::of_issuer(shape, address);
    if subjects.may_match(text, base.test() == Test::Like, base.test() == Test::EqualIgnoreCase) {
        return;
    }
    let mut forms: Vec<String> =
        shape.subjects().map(|subject| format!("`{}`", subject.words())).collect();
    let last = forms.pop().unwrap_or_default();
    let forms = if forms.is_empty() { last } else { format!("{} or {last}", forms.join(", ")) };
    let label = match shape.issuer.customization {
        Some(who) => format!("{consequence}, unless {who}"),
        None => consequence.to_owned(),
    };
    report
        .add(
            Code::SubjectOfNoToken,
            value.span,
            format!("no token of {} has a subject like {}", shape.issuer.words, shown(text)),
        )
        .labelled(label)
        .help(format!("a subject is {forms} ({})", shape.issuer.source));
}

/// Whether a part of the text is nothing but capitals: it stands for what a reader puts there.
fn is_to_be_filled_in(text: &str) -> bool {
    let is_word = |part: &str| {
        part.len() > 1
            && part.contains(|c: char| c.is_ascii_uppercase())
            && !part.contains(|c: char| c.is_ascii_lowercase())
    };
    text.split([':', '/']).any(is_word)
}

/// Whether the text names claims as only a customized subject does.
fn is_customized(text: &str) -> bool {
    text.split(':').any(|part| CUSTOM.contains(&part) || part.starts_with("repo_property_"))
}

fn names_repository_alone(text: &str) -> bool {
    text.strip_prefix("repo:").is_some_and(|repository| {
        !repository.contains([':', '*', '?', '$']) && repository.contains('/')
    })
}

/// A subject of GitHub Actions that names the repository and nothing else.
fn without_context(
    report: &mut Report<'_>,
    value: &Spanned<ConditionValue>,
    text: &str,
    consequence: &str,
) {
    report
        .add(
            Code::SubjectWithoutContext,
            value.span,
            format!("by default a GitHub Actions subject continues after the repository, but {} does not", shown(text)),
        )
        .labelled(format!("{consequence}, unless the organization customizes its subjects"))
        .help(format!(
            "write `{text}:ref:refs/heads/main`, `{text}:environment:NAME` or `{text}:pull_request`, or `StringLike` with `{text}:*` for all of them"
        ));
}
