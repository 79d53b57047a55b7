//! Denials as IAM Access Troubleshooter tells them: `iam-toolbox:GetRequestAuthorizationDetails`.
//!
//! The answer holds the request context, each action and resource that was evaluated with its result,
//! and the policies by URI. The documents come one by one, from `GetRequestAuthorizationPolicy`.
//!
//! AWS page: IAM Toolbox API Reference, `API_GetRequestAuthorizationDetails` (preview; shapes as in
//! botocore's `iam-toolbox` 2018-05-10).

use iamsure_core::language::{ActionName, Arn, ConditionKey, PolicyType};
use iamsure_core::world::KeyState;

use super::captured::{Captured, CapturedPolicy, Documents};
use super::expected::{By, Expected, Word, can_be_named};
use super::field::{Field, ImportError};
use super::known::{self, Known};
use super::{Import, Policies, Test, caller};

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
            "{file}: this is one page of the answer; further evaluations come with its `nextToken`"
        ));
    }
    import.remark("AWS does not say that a key which a denial does not list was absent");
    import.remark(
        "a captured policy may leave out actions of services other than the one that denied",
    );
    let mut shared = Keys::default();
    shared.read(details.get("requestContext"));
    let evaluations = details.list("evaluations")?;
    if evaluations.is_empty() {
        return Err(details.error("`evaluations` is empty: the answer tells nothing of a request"));
    }
    for evaluation in evaluations {
        let name = evaluation.required("action")?;
        let Ok(action) = ActionName::parse(name) else {
            import.notes.push(format!(
                "{file}: the evaluation of `{name}` is left out: that is no action of a request"
            ));
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
            test.todo.push("name the caller: aws:PrincipalArn does not tell it".to_owned());
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

/// The keys of a context, each once.
#[derive(Clone, Default)]
struct Keys {
    states: Vec<(ConditionKey, KeyState)>,
    unclear: Vec<String>,
}

impl Keys {
    fn read(&mut self, context: Option<Field<'_>>) {
        let Some(context) = context else { return };
        for member in context.members() {
            let name = member.key.value.as_str();
            let key = ConditionKey::new(name);
            if self.states.iter().any(|(known, _)| *known == key) {
                self.unclear.push(format!("`{name}` is there twice; the first is taken"));
                continue;
            }
            match known::captured(name, Field::new(context.source, &member.value)) {
                Known::State(state) => self.states.push((key, state)),
                Known::Split(state) => {
                    self.unclear.push(format!(
                        "{name} is one text in the answer and was split at its commas"
                    ));
                    self.states.push((key, state));
                }
                Known::Unclear(why) => self.unclear.push(format!("{name} is left out: {why}")),
            }
        }
    }

    /// Adds what is not there.
    fn add(&mut self, other: Self) {
        for (key, state) in other.states {
            if !self.states.iter().any(|(known, _)| *known == key) {
                self.states.push((key, state));
            }
        }
        self.unclear.extend(other.unclear);
    }
}

/// A policy that was evaluated.
struct Policy {
    uri: String,
    layer: PolicyType,
    attached_to: Vec<String>,
    /// It is made by a service from something else, such as a KMS grant.
    made_of: Option<String>,
}

impl Policy {
    fn read(field: Field<'_>) -> Result<Self, ImportError> {
        let kind = field.required("type")?;
        let layer = layer_of_policy(kind).ok_or_else(|| {
            field.error(format!("`{kind}` is no type of policy that is known here"))
        })?;
        let attached = field.list("attachedTo")?;
        let source = field.get("policySource");
        let grant =
            source.and_then(|source| source.text("typeName").or_else(|| source.text("type")));
        Ok(Self {
            uri: field.required("uri")?.to_owned(),
            layer,
            attached_to: attached
                .into_iter()
                .filter_map(|item| item.text("arn").map(str::to_owned))
                .collect(),
            made_of: grant
                .filter(|name| name.to_ascii_lowercase().contains("grant"))
                .map(str::to_owned),
        })
    }
}

fn layer_of_policy(kind: &str) -> Option<PolicyType> {
    Some(match kind {
        "IDENTITY_BASED_POLICY" => PolicyType::Identity,
        "RESOURCE_BASED_POLICY" => PolicyType::Resource,
        "PERMISSIONS_BOUNDARY" => PolicyType::Boundary,
        "SESSION_POLICY" => PolicyType::Session,
        "SERVICE_CONTROL_POLICY" => PolicyType::Scp,
        "RESOURCE_CONTROL_POLICY" => PolicyType::Rcp,
        "VPC_ENDPOINT_POLICY" => PolicyType::Endpoint,
        _ => return None,
    })
}

/// The requirements of one evaluation, in AWS's order.
struct Checks(Vec<Check>);

struct Check {
    layer: PolicyType,
    effect: String,
    target: Option<String>,
    /// Statements that matched: their Sids, and whether they deny.
    statements: Vec<(String, bool)>,
}

impl Checks {
    fn read(evaluation: Field<'_>, policies: &[Policy]) -> Result<Self, ImportError> {
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
                _ => return Err(check.error(format!("`{kind}` is no check that is known here"))),
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
    fn with(&self, effect: &str) -> impl Iterator<Item = &Check> {
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

fn resource(evaluation: Field<'_>, test: &mut Test) {
    match evaluation.text("resource") {
        None => {
            test.resource = Some("*".to_owned());
            test.remarks
                .push("AWS names no resource, as for actions without resource types".to_owned());
        }
        Some(text) if text == "*" || Arn::split(text).is_some() => {
            test.resource = Some(text.to_owned());
            if text.contains(['*', '?']) && text != "*" {
                test.remarks.push("the resource stands for several: AWS writes a wildcard, and the test takes it as written".to_owned());
            }
        }
        Some(text) => {
            test.todo.push(format!("name the resource: AWS writes `{text}`, which is no ARN"));
        }
    }
    let owner = test.context.iter().find(|(key, _)| key.folded() == "aws:resourceaccount");
    let in_arn =
        test.resource.as_deref().and_then(Arn::split).is_some_and(|arn| !arn.account.is_empty());
    if let (Some((_, KeyState::Single(account))), false) = (owner, in_arn) {
        test.resource_account = Some(account.clone());
    }
}

/// The policies of an evaluation, in their layers.
fn layers(policies: &[Policy], checks: &Checks, documents: &Documents, test: &mut Test) {
    let is_role_taken =
        test.action.prefix() == "sts" && test.action.name().starts_with("AssumeRole");
    let mut captured = Captured::default();
    let mut missing = Vec::new();
    let of_this = |policy: &&Policy| {
        policy.layer != PolicyType::Resource
            || policy.attached_to.is_empty()
            || policy.attached_to.iter().any(|arn| covers(arn, test.resource.as_deref()))
    };
    let mut incomplete = checks
        .0
        .is_empty()
        .then(|| "AWS tells the checks only to the caller's account and organization".to_owned());
    for policy in policies.iter().filter(of_this) {
        if let Some(name) = &policy.made_of {
            incomplete = Some(format!(
                "`{}` is made of a {name}, which no policy document says",
                policy.uri
            ));
            continue;
        }
        let Some(text) = documents.get(&policy.uri) else {
            missing.push(policy.uri.clone());
            continue;
        };
        let layer = if policy.layer == PolicyType::Resource && is_role_taken {
            PolicyType::Trust
        } else {
            policy.layer
        };
        let levels = match layer {
            PolicyType::Scp | PolicyType::Rcp => levels(policy, policies, checks),
            _ => vec![0],
        };
        for level in levels {
            captured.policies.push(CapturedPolicy {
                layer,
                level,
                name: policy.uri.clone(),
                text: text.to_owned(),
            });
        }
    }
    for layer in [PolicyType::Scp, PolicyType::Rcp] {
        let named = checks.0.iter().filter(|check| check.layer == layer).count();
        let mut found: Vec<usize> = captured
            .policies
            .iter()
            .filter(|policy| policy.layer == layer)
            .map(|policy| policy.level)
            .collect();
        found.sort_unstable();
        found.dedup();
        if missing.is_empty() && found.len() < named {
            incomplete = Some(format!(
                "AWS names {named} levels of {} policies and lists policies of {}",
                layer.name(),
                found.len()
            ));
        }
        // A level without a policy would deny everything.
        for policy in captured.policies.iter_mut().filter(|policy| policy.layer == layer) {
            policy.level =
                found.iter().position(|level| *level == policy.level).unwrap_or_default();
        }
    }
    if let Some(layer) = captured.crowded() {
        test.todo.push(format!(
            "AWS evaluated several policies as {}, and a request has one here",
            layer.aws_name()
        ));
    }
    if missing.is_empty() && !captured.policies.is_empty() {
        if let Some(why) = &incomplete {
            test.remarks.push(format!("there may be more policies than these: {why}"));
        }
        captured.incomplete = incomplete;
        test.policies = Policies::Captured(captured);
    } else {
        let named = missing.join(", ");
        test.policies = Policies::NotTold(if missing.is_empty() {
            "the policies that were evaluated: AWS lists none".to_owned()
        } else {
            format!("the policies that were evaluated, with --policy URI=FILE: {named}")
        });
    }
}

/// Whether a resource-based policy that hangs on `arn` is about `resource`: the same, or an object
/// of the bucket.
fn covers(arn: &str, resource: Option<&str>) -> bool {
    resource.is_none_or(|resource| {
        resource.strip_prefix(arn).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The levels that a policy is attached at: those of the checks, which AWS lists from the root to the
/// account; or by the kind of what it hangs on. Every level must allow, so that their order changes
/// no decision.
fn levels(policy: &Policy, policies: &[Policy], checks: &Checks) -> Vec<usize> {
    let mut targets: Vec<&str> = checks
        .0
        .iter()
        .filter(|check| check.layer == policy.layer)
        .filter_map(|check| check.target.as_deref())
        .collect();
    if targets.is_empty() {
        targets = policies
            .iter()
            .filter(|other| other.layer == policy.layer)
            .flat_map(|other| other.attached_to.iter().map(String::as_str))
            .collect();
        targets.sort_by_key(|arn| {
            let kind =
                Arn::split(arn).and_then(|arn| arn.resource.split('/').next()).unwrap_or_default();
            ["root", "ou", "account"].iter().position(|known| *known == kind)
        });
    }
    let mut seen: Vec<&str> = Vec::new();
    targets.retain(|target| {
        let is_new = !seen.contains(target);
        seen.push(target);
        is_new
    });
    let found: Vec<usize> = policy
        .attached_to
        .iter()
        .filter_map(|arn| targets.iter().position(|target| target == arn))
        .collect();
    if found.is_empty() { vec![0] } else { found }
}

/// What was decided, and by whom where one check alone says so.
fn decision(evaluation: Field<'_>, checks: &Checks, test: &mut Test) -> Result<(), ImportError> {
    let effect = evaluation.required("evaluatedEffect")?;
    let word = match effect {
        "ALLOW" => Word::Allowed,
        "EXPLICIT_DENY" => Word::ExplicitlyDenied,
        "IMPLICIT_DENY" => Word::ImplicitlyDenied,
        other => {
            let message =
                format!("`{other}` is no effect: there are ALLOW, EXPLICIT_DENY and IMPLICIT_DENY");
            return Err(evaluation.error(message));
        }
    };
    test.expected = Expected::of(word);
    if word == Word::Allowed {
        return Ok(());
    }
    let role_is_taken =
        test.action.prefix() == "sts" && test.action.name().starts_with("AssumeRole");
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
                "AWS names several layers that denied ({}), and no order among them",
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
