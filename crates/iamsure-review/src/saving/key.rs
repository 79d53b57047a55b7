//! What KMS refuses in the policy of a key.

use iamsure_core::language::document::{Effect, Sense};
use iamsure_core::language::{ActionName, PolicyDocument, Span, Statement};

use super::{Code, Report};

/// KMS asks whether the caller may put the next policy. Here: whether any statement lets anybody.
pub(super) fn check(report: &mut Report, document: &PolicyDocument) {
    let Ok(put) = ActionName::parse("kms:PutKeyPolicy") else { return };
    if document.statements.iter().any(|statement| may_allow(statement, &put)) {
        return;
    }
    report.add(
        Code::KeyLockout,
        Span::new(0, 0),
        "no statement allows `kms:PutKeyPolicy`; KMS answers `The new key policy will not allow you to update the key policy in the future.`",
        "grant `kms:*` on `*` to the account, `arn:aws:iam::…:root`; with BypassPolicyLockoutSafetyCheck KMS stores the policy as it is",
    );
}

fn may_allow(statement: &Statement, put: &ActionName) -> bool {
    let names = statement.action.as_ref().is_some_and(|element| {
        let any = element.entries.iter().any(|entry| entry.matches(put));
        any == (element.sense == Sense::OneOf)
    });
    *statement.effect == Effect::Allow && names && statement.resource.is_some()
}
