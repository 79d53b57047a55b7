//! The requirements that AWS checked, and what each said.

use iamsure_core::language::PolicyType;

use super::super::field::{Field, ImportError};
use super::policy::Policy;

/// The requirements of one evaluation, in AWS's order.
pub(super) struct Checks(pub(super) Vec<Check>);

pub(super) struct Check {
    pub(super) layer: PolicyType,
    pub(super) effect: String,
    pub(super) target: Option<String>,
    /// Statements that matched: their Sids, and whether they deny.
    pub(super) statements: Vec<(String, bool)>,
}

impl Checks {
    pub(super) fn read(evaluation: Field<'_>, policies: &[Policy]) -> Result<Self, ImportError> {
        let mut checks = Vec::new();
        for check in evaluation.list("checks")? {
            let kind = check.required("checkType")?;
            let layer = match kind {
                "SERVICE_CONTROL_POLICY" => PolicyType::Scp,
                "RESOURCE_CONTROL_POLICY" => PolicyType::Rcp,
                "VPC_ENDPOINT" => PolicyType::Endpoint,
                "RESOURCE" => PolicyType::Resource,
                "PRINCIPAL" => PolicyType::Identity,
                "PERMISSIONS_BOUNDARY" => PolicyType::Boundary,
                "SESSION" => PolicyType::Session,
                _ => return Err(check.error(format!("`{kind}` is not a known check"))),
            };
            checks.push(Check {
                layer,
                effect: check.required("evaluatedEffect")?.to_owned(),
                target: check.text("targetArn").map(str::to_owned),
                statements: matched(check)?,
            });
        }
        if checks.is_empty() {
            // The form before there were checks: only the policies that matched.
            for policy in evaluation.list("matchedPolicies")? {
                let uri = policy.required("uri")?;
                let statements = statements(policy)?;
                let denies = statements.iter().any(|(_, denies)| *denies);
                let layer = policies.iter().find(|known| known.uri == uri).map(|known| known.layer);
                let Some(layer) = layer.filter(|_| denies) else { continue };
                checks.push(Check {
                    layer,
                    effect: "EXPLICIT_DENY".to_owned(),
                    target: None,
                    statements,
                });
            }
        }
        Ok(Self(checks))
    }

    /// The checks with an effect.
    pub(super) fn with(&self, effect: &str) -> impl Iterator<Item = &Check> {
        self.0.iter().filter(move |check| check.effect == effect)
    }
}

fn matched(check: Field<'_>) -> Result<Vec<(String, bool)>, ImportError> {
    let mut all = Vec::new();
    for policy in check.list("matchedPolicies")? {
        all.extend(statements(policy)?);
    }
    Ok(all)
}

fn statements(policy: Field<'_>) -> Result<Vec<(String, bool)>, ImportError> {
    let list = policy.list("matchedStatements")?;
    Ok(list
        .into_iter()
        .filter_map(|statement| {
            let sid = statement.text("sid")?.to_owned();
            Some((sid, statement.text("evaluatedEffect") == Some("DENY")))
        })
        .collect())
}
