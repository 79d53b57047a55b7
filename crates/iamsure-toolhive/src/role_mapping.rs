//! One entry of `awsSts.roleMappings`: an expression over claims, a role, a priority.

use iamsure_core::language::Span;

use super::claims::Claims;
use super::fields::{Fields, Findings};
use super::finding::FindingCode;
use super::matcher::{Judgement, Matcher, judge_claim};
use super::role_arn::RoleArn;

/// One role mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleMapping {
    /// Which tokens it is for.
    pub expression: Expression,
    /// The role it selects.
    pub role: RoleArn,
    /// Lower comes first; `None` comes last.
    pub priority: Option<i64>,
    /// Where it is written.
    pub span: Span,
}

/// Which tokens a mapping is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `claim: VALUE`: the list under `roleClaim` holds this value.
    Claim(String),
    /// `matcher: EXPRESSION`, in CEL.
    Matcher(Matcher),
}

impl RoleMapping {
    /// What the mapping says of a token, with `role_claim` the claim that holds its groups.
    pub(crate) fn judge(&self, role_claim: &str, claims: &Claims) -> Judgement {
        match &self.expression {
            Expression::Claim(value) => judge_claim(value, role_claim, claims),
            Expression::Matcher(matcher) => matcher.judge(claims),
        }
    }

    /// Its place in the order of selection: `nil` is the largest number, as in ToolHive.
    pub(crate) fn rank(&self) -> i64 {
        self.priority.unwrap_or(i64::MAX)
    }

    /// The mapping in a few words: `"s3-readers" in groups`, or the matcher.
    pub fn label(&self, role_claim: &str) -> String {
        match &self.expression {
            Expression::Claim(value) => format!("{value:?} in {role_claim}"),
            Expression::Matcher(matcher) => {
                matcher.text().split_whitespace().collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// Reads one, reporting all that is wrong; `None` if it cannot be used.
    pub(super) fn read(fields: &Fields<'_>, findings: &mut Findings<'_>) -> Option<Self> {
        fields.only(&["claim", "matcher", "roleArn", "priority"], &[], findings);
        let claim = fields.text("claim", findings);
        let matcher = fields.text("matcher", findings);
        let priority = fields.integer("priority", findings);
        if let Some(priority) = priority.filter(|priority| priority.value < 0) {
            findings.advise(
                FindingCode::WrongValue,
                priority.span,
                format!("the priority is {}, but ToolHive accepts none below 0", priority.value),
                "the lowest number is tried first; a mapping without priority is tried last",
            );
        }
        let role = role_arn(fields, "roleArn", true, findings);
        let expression = match (claim, matcher) {
            (Some(claim), None) => Expression::Claim(claim.value),
            (None, Some(matcher)) => match Matcher::compile(&matcher.value) {
                Ok(compiled) => {
                    if compiled.never_matches() {
                        findings.advise(
                            FindingCode::NeverMatches,
                            matcher.span,
                            "the matcher is a constant that is not true: it never selects its role",
                            "write an expression over `claims`, such as \"admins\" in claims[\"groups\"]; a bare group name is a `claim`",
                        );
                    }
                    Expression::Matcher(compiled)
                }
                Err(error) => {
                    findings.advise(
                        FindingCode::BadMatcher,
                        matcher.span,
                        error.to_string(),
                        "ToolHive refuses the whole configuration for this: no request is served",
                    );
                    return None;
                }
            },
            (Some(_), Some(matcher)) => {
                findings.advise(
                    FindingCode::MappingForm,
                    matcher.span,
                    "`claim` and `matcher` are both set, but a role mapping needs exactly one of them",
                    "write the claim into the matcher, or make two mappings",
                );
                return None;
            }
            (None, None) => {
                findings.advise(
                    FindingCode::MappingForm,
                    fields.span(),
                    "the role mapping has neither `claim` nor `matcher`, but needs exactly one of them",
                    "`claim: GROUP` looks for a group, `matcher: EXPRESSION` is CEL over `claims`",
                );
                return None;
            }
        };
        Some(Self {
            expression,
            role: role?,
            priority: priority.map(|priority| priority.value),
            span: fields.span(),
        })
    }
}

/// The role under `name`.
pub(super) fn role_arn(
    fields: &Fields<'_>,
    name: &str,
    required: bool,
    findings: &mut Findings<'_>,
) -> Option<RoleArn> {
    let text =
        if required { fields.required_text(name, findings) } else { fields.text(name, findings) }?;
    match RoleArn::parse(&text.value) {
        Ok(role) => {
            if role.as_str().contains('<') {
                findings.add(
                    FindingCode::Placeholder,
                    text.span,
                    "a placeholder stands for a value; it is treated as a literal",
                );
            }
            Some(role)
        }
        Err(problem) => {
            let message = format!("`{}` is not the ARN of an IAM role: {problem}", text.value);
            findings.add(FindingCode::BadRoleArn, text.span, message);
            None
        }
    }
}
