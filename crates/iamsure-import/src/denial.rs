//! Denials as IAM Access Troubleshooter tells them: `iam-toolbox:GetRequestAuthorizationDetails`.
//!
//! The answer holds the request context, each action and resource that was evaluated with its result,
//! and the policies by URI. The documents come one by one, from `GetRequestAuthorizationPolicy`.
//!
//! AWS page: IAM Toolbox API Reference, `API_GetRequestAuthorizationDetails` (preview; shapes as in
//! botocore's `iam-toolbox` 2018-05-10).

mod check;
mod context;
mod policy;

use iamsure_core::language::{ActionName, Arn, PolicyType};
use iamsure_core::world::KeyState;

use super::captured::{CapturedPolicy, Documents};
use super::expected::{By, Expected, Word, can_be_named};
use super::field::{Field, ImportError};
use super::{Import, Policies, Test, caller};
use check::{Check, Checks};
use context::Keys;
use policy::{Policy, layers};

/// Reads a denial. Gives the URIs of its policies.
///
/// # Errors
/// If something in it is not of the form.
pub(super) fn read(
    details: Field<'_>,
    documents: &Documents,
    import: &mut Import,
) -> Result<Vec<String>, ImportError> {
    let file = details.source.name();
    let policies: Vec<Policy> =
        details.list("policies")?.into_iter().map(Policy::read).collect::<Result<_, _>>()?;
    if details.text("nextToken").is_some() {
        import.notes.push(format!(
            "{file}: this is one page of the output; fetch the rest with its `nextToken`"
        ));
    }
    import.remark("AWS does not say that keys missing from a denial were absent");
    import.remark("a captured policy may omit actions of services other than the one that denied");
    let mut shared = Keys::default();
    shared.read(details.get("requestContext"));
    let evaluations = details.list("evaluations")?;
    if evaluations.is_empty() {
        return Err(details.error("`evaluations` is empty: the output describes no request"));
    }
    for evaluation in evaluations {
        let name = evaluation.required("action")?;
        let Ok(action) = ActionName::parse(name) else {
            import
                .notes
                .push(format!("{file}: evaluation of `{name}` skipped: not a request action"));
            continue;
        };
        let mut keys = Keys::default();
        keys.read(evaluation.get("context"));
        keys.add(shared.clone());
        let mut test = Test {
            name: String::new(),
            source: format!("IAM Access Troubleshooter ({file})"),
            principal: caller::of_context(&keys.states),
            resource: None,
            resource_account: None,
            context: Vec::new(),
            path: None,
            expected: Expected::of(Word::Denied),
            policies: Policies::NotTold(String::new()),
            remarks: Vec::new(),
            todo: Vec::new(),
            action,
        };
        if test.principal.is_none() {
            test.todo.push("set the caller: aws:PrincipalArn does not identify it".to_owned());
        }
        test.remarks.append(&mut keys.unclear);
        test.context = keys.states;
        resource(evaluation, &mut test);
        let checks = Checks::read(evaluation, &policies)?;
        layers(&policies, &checks, documents, &mut test);
        decision(evaluation, &checks, &mut test)?;
        let who = test.principal.as_ref().map_or_else(|| "somebody".to_owned(), caller::short_name);
        test.name = format!("{} by {who} is {}", test.action, test.expected.word.as_str());
        import.tests.push(test);
    }
    Ok(policies.into_iter().map(|policy| policy.uri).collect())
}

/// Whether the policy of the resource is the trust policy of a role (E-30).
fn is_role_taken(action: &ActionName) -> bool {
    action.prefix().eq_ignore_ascii_case("sts") && action.name().starts_with("AssumeRole")
}

fn resource(evaluation: Field<'_>, test: &mut Test) {
    match evaluation.text("resource") {
        None => {
            test.resource = Some("*".to_owned());
            test.remarks
                .push("AWS reports no resource, as for actions without resource types".to_owned());
        }
        Some(text) => test.name_resource(text),
    }
    let owner = test.context.iter().find(|(key, _)| key.folded() == "aws:resourceaccount");
    let in_arn =
        test.resource.as_deref().and_then(Arn::split).is_some_and(|arn| !arn.account.is_empty());
    if let (Some((_, KeyState::Single(account))), false) = (owner, in_arn) {
        test.resource_account = Some(account.clone());
    }
}

/// What was decided, and by whom where one check alone says so.
fn decision(evaluation: Field<'_>, checks: &Checks, test: &mut Test) -> Result<(), ImportError> {
    let effect = evaluation.required("evaluatedEffect")?;
    let word = match effect {
        "ALLOW" => Word::Allowed,
        "EXPLICIT_DENY" => Word::ExplicitlyDenied,
        "IMPLICIT_DENY" => Word::ImplicitlyDenied,
        other => {
            let message = format!(
                "`{other}` is not a known effect; expected ALLOW, EXPLICIT_DENY or IMPLICIT_DENY"
            );
            return Err(evaluation.error(message));
        }
    };
    test.expected = Expected::of(word);
    if word == Word::Allowed {
        return Ok(());
    }
    let role_is_taken = is_role_taken(&test.action);
    let decisive: Vec<&Check> = checks.with(effect).collect();
    let mut names: Vec<PolicyType> = decisive
        .iter()
        .map(|check| match check.layer {
            PolicyType::Resource if role_is_taken => PolicyType::Trust,
            layer => layer,
        })
        .collect();
    names.dedup();
    match names.as_slice() {
        [] => test.remarks.push("AWS does not say which layer denied".to_owned()),
        [layer] => {
            let sids: Vec<&String> = decisive
                .iter()
                .flat_map(|check| &check.statements)
                .filter(|(_, denies)| *denies)
                .map(|(sid, _)| sid)
                .collect();
            test.expected.by = Some(by(*layer, &sids, &test.policies));
        }
        several => {
            let names: Vec<&str> = several.iter().map(|layer| layer.aws_name()).collect();
            test.remarks.push(format!(
                "AWS names several layers that denied ({}), in no stated order",
                names.join(", ")
            ));
        }
    }
    Ok(())
}

/// The statements by Sid if all of them stand in the documents (AWS makes Sids up for statements
/// without), otherwise the layer.
fn by(layer: PolicyType, sids: &[&String], policies: &Policies) -> By {
    let Policies::Captured(captured) = policies else { return By::Layer(layer) };
    let known: Vec<String> = captured
        .policies
        .iter()
        .filter(|policy| policy.layer == layer)
        .flat_map(CapturedPolicy::sids)
        .collect();
    let all_known = sids.iter().all(|sid| known.contains(sid) && can_be_named(sid));
    if sids.is_empty() || !all_known {
        return By::Layer(layer);
    }
    let mut named: Vec<String> = sids.iter().map(|sid| (*sid).clone()).collect();
    named.sort();
    named.dedup();
    By::Statements(layer, named)
}
