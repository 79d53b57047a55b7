//! Values that never occur, or hardly ever: with the nearest one that does.

use iamsure_core::language::condition::{ConditionValue, Family, Test};
use iamsure_core::language::document::PrincipalEntry;
use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{Arn, Clause, Span, Spanned, Statement};
use iamsure_core::world::TokenShape;
use iamsure_truth::class::identity::{Identity, role_of_session};

use super::{Code, Report, shown, subject};

/// What is left of a role of IAM Identity Center without its path.
const RESERVED: &str = "role/AWSReservedSSO_";

/// What subjects begin with, and no audience does: of Kubernetes and of GitHub.
const SUBJECTS: [&str; 2] = ["system:serviceaccount:", "repo:"];

pub(super) fn check(report: &mut Report<'_>, statement: &Spanned<Statement>) {
    for clause in &statement.condition.clauses {
        for value in &clause.values {
            if report.may_look_up(1) && placeholders(value.as_str()).is_empty() {
                of_clause(report, clause, value);
            }
        }
    }
    if let Some(element) = &statement.principal {
        for entry in &element.entries {
            if let PrincipalEntry::Aws(aws) = &entry.value
                && report.may_look_up(1)
            {
                reserved_role(report, aws.as_str(), entry.span, "no principal has this ARN");
            }
        }
    }
    if let Some(element) = &statement.resource {
        for entry in &element.entries {
            if report.may_look_up(1) && placeholders(entry.as_str()).is_empty() {
                secret(report, entry.as_str(), entry.span);
                reserved_role(report, entry.as_str(), entry.span, "no role has this ARN");
            }
        }
    }
}

fn of_clause(report: &mut Report<'_>, clause: &Clause, value: &Spanned<ConditionValue>) {
    let text = value.as_str();
    let operator = *clause.operator;
    if operator.base.family() == Family::Null {
        return;
    }
    let key = clause.key.folded();
    let consequence = if operator.base.is_negated() {
        "so it holds for every request"
    } else {
        "so it never holds"
    };
    let is_literal = operator.base.family() == Family::String && operator.base.test() != Test::Like;
    if is_literal && text.contains(['*', '?']) && !has_variable(text) {
        literal_wildcard(report, clause, value);
        return;
    }
    if key == "aws:principalarn" {
        principal_arn(report, value, is_literal, consequence);
    }
    audience(report, clause, value, consequence);
    subject::check(report, clause, value, consequence);
}

/// E-32: audiences that are none, or not the one that is asked for.
///
/// GitHub pages: `OpenID` Connect reference (`aud`); Configuring `OpenID` Connect in Amazon Web Services.
fn audience(
    report: &mut Report<'_>,
    clause: &Clause,
    value: &Spanned<ConditionValue>,
    consequence: &str,
) {
    let text = value.as_str();
    let Some((issuer, claim)) = clause.key.as_str().rsplit_once(':') else { return };
    if !issuer.contains('.') || !claim.eq_ignore_ascii_case("aud") {
        return;
    }
    if let Some(start) = SUBJECTS.iter().find(|start| text.starts_with(**start)) {
        report
            .add(
                Code::AudienceIsSubject,
                value.span,
                format!("a token's audience is never a subject, but {} is one (`{start}…`)", shown(text)),
            )
            .labelled(consequence)
            .help(format!(
                "compare it with `{issuer}:sub`; the audience of tokens for AWS is usually `sts.amazonaws.com`"
            ));
        return;
    }
    let shape = TokenShape::of_issuer(issuer).filter(|shape| shape.issuer.name == "github");
    if let Some(shape) = shape
        && text.starts_with("https://")
        && !clause.operator.base.is_negated()
    {
        let usual = shape.issuer.audience;
        report
            .add(
                Code::AudienceByDefault,
                value.span,
                format!(
                    "{} is the audience of tokens that a workflow requests without specifying one",
                    shown(text)
                ),
            )
            .labelled("not what `aws-actions/configure-aws-credentials` asks for")
            .help(format!(
                "write `{usual}`, or give the action this audience as its input `audience`"
            ));
    }
}

/// C-20: what looks like a wildcard is none.
fn literal_wildcard(report: &mut Report<'_>, clause: &Clause, value: &Spanned<ConditionValue>) {
    let operator = *clause.operator;
    let text = value.as_str();
    let like = if operator.base.is_negated() { "StringNotLike" } else { "StringLike" };
    let wild = text.chars().find(|c| matches!(c, '*' | '?')).unwrap_or('*');
    let quantifier =
        operator.quantifier.map(|quantifier| format!("{}:", quantifier.name())).unwrap_or_default();
    let if_exists = if operator.if_exists { "IfExists" } else { "" };
    let label = if operator.base.is_negated() {
        "so every value except this exact string matches"
    } else {
        "matches only this exact string"
    };
    report
        .add(
            Code::LiteralWildcard,
            value.span,
            format!("`{operator}` compares `{wild}` literally: {} is not a pattern", shown(text)),
        )
        .labelled(label)
        .help(format!("write `{quantifier}{like}{if_exists}`"));
}

/// K-11: what `aws:PrincipalArn` never is.
fn principal_arn(
    report: &mut Report<'_>,
    value: &Spanned<ConditionValue>,
    is_literal: bool,
    consequence: &str,
) {
    let text = value.as_str();
    if reserved_role(report, text, value.span, consequence) || has_variable(text) {
        return;
    }
    let role = role_of_session(text);
    let has_wildcard = !is_literal && text.contains(['*', '?']);
    let Some(identity) = Identity::of(&"aws:PrincipalArn".into(), None) else { return };
    if role.is_none() && (has_wildcard || identity.is_value(text)) {
        return;
    }
    let what = if role.is_some() { "the ARN of a session" } else { "such a value" };
    let added = report
        .add(
            Code::PrincipalArnOfNobody,
            value.span,
            format!("`aws:PrincipalArn` is {}, never {what}", identity.words()),
        )
        .labelled(consequence);
    match role {
        Some(role) => added.help(format!(
            "in a role session it is the role's ARN: write `{role}`, with the role's path if it has one"
        )),
        None => added.help("see IAM User Guide, reference_policies_condition-keys: aws:PrincipalArn"),
    }
}

/// A role of IAM Identity Center without its path. Whether it was one.
///
/// AWS page: IAM Identity Center User Guide, `referencingpermissionsets`.
fn reserved_role(report: &mut Report<'_>, text: &str, span: Span, consequence: &str) -> bool {
    let Some(arn) = Arn::split(text).filter(|arn| arn.service == "iam") else { return false };
    let Some(name) = arn.resource.strip_prefix(RESERVED) else { return false };
    let whole = format!(
        "arn:{}:iam::{}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_{name}",
        arn.partition, arn.account
    );
    report
        .add(
            Code::ReservedRoleWithoutPath,
            span,
            format!("the role of a permission set has a path, which {} omits", shown(text)),
        )
        .labelled(consequence)
        .help(format!(
            "such roles are at `role/aws-reserved/sso.amazonaws.com/REGION/…` (no REGION in us-east-1); a condition can match them all: `\"ArnLike\": {{ \"aws:PrincipalArn\": \"{whole}\" }}`"
        ));
    true
}

/// A secret without the characters that Secrets Manager adds.
///
/// AWS page: Secrets Manager User Guide, `whats-in-a-secret`.
fn secret(report: &mut Report<'_>, text: &str, span: Span) {
    let Some(arn) = Arn::split(text).filter(|arn| arn.service == "secretsmanager") else { return };
    let Some(name) = arn.resource.strip_prefix("secret:") else { return };
    let has_suffix = name.rsplit_once('-').is_some_and(|(_, suffix)| {
        suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if has_suffix || name.is_empty() || name.contains(['*', '?', '$']) {
        return;
    }
    report
        .add(
            Code::SecretWithoutSuffix,
            span,
            format!(
                "the ARN of a secret ends in a hyphen and six characters, which {} lacks",
                shown(text)
            ),
        )
        .labelled("matches no secret")
        .help(format!("write `{text}-??????` to match any six characters"));
}

fn has_variable(text: &str) -> bool {
    text.contains("${")
}
