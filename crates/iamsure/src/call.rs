//! What one API call checks: a request for each resource type it always names, those of the actions it needs as
//! well, and what they come to together (O-5).
//!
//! AWS page: Service Authorization Reference, `reference_policies_actions-resources-contextkeys`: the required
//! resource types and the dependent actions of an action.

use iamsure_core::decision::Verdict;
use iamsure_core::language::ConditionKey;
use iamsure_core::world::{Context, KeyState, PolicySet, Principal};
use iamsure_reference::{Action, ResourceType, action, example_arn, example_resource};

use crate::check::Check;

/// One check of a call.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) action: String,
    pub(crate) resource: Option<String>,
    /// The resource type that it is for, if the call names several.
    pub(crate) kind: Option<ResourceType>,
    pub(crate) need: Need,
    /// Whether the resource is an example: nobody said which.
    pub(crate) is_example: bool,
}

/// When a call makes a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Always,
    /// AWS lists the action as one that the caller needs as well; often that depends on the parameters of the
    /// call.
    Perhaps,
}

/// The checks that were named: of `--action` with `--resource`, and of each `--also`.
pub(crate) fn named(action: &str, resource: Option<&str>, also: &[String]) -> Vec<Part> {
    let of = |action: &str, resource: Option<&str>| Part {
        action: action.to_owned(),
        resource: resource.map(str::to_owned),
        kind: None,
        need: Need::Always,
        is_example: false,
    };
    let others = also.iter().map(|also| match also.split_once('=') {
        Some((action, resource)) => of(action, Some(resource)),
        None => of(also, None),
    });
    std::iter::once(of(action, resource)).chain(others).collect()
}

/// All checks of the call of `name`. A resource that was named is the one of its type; where none was, an example
/// stands for it.
pub(crate) fn whole(name: &str, caller: Option<&Principal>, mut named: Vec<Part>) -> Vec<Part> {
    let mut parts = Vec::new();
    let Some(known) = action(name).known() else { return named };
    let mut take = |wanted: &dyn Fn(&Part) -> bool| {
        named.iter().position(wanted).map(|index| named.remove(index))
    };
    let is = |part: &Part, name: &str| part.action.eq_ignore_ascii_case(name);
    let required: Vec<ResourceType> = required(known).collect();
    for kind in &required {
        let fits = |part: &Part| {
            is(part, name) && part.resource.as_deref().is_some_and(|arn| kind.fits(arn))
        };
        let part = take(&fits).unwrap_or_else(|| example(name, example_arn(*kind), Need::Always));
        parts.push(Part { kind: Some(*kind), ..part });
    }
    if required.is_empty() {
        let part = take(&|part| is(part, name) && part.resource.is_some());
        parts.extend(part.or_else(|| Some(example(name, example_resource(name)?, Need::Always))));
    }
    for (other, need) in further(known, caller) {
        let part = take(&|part| is(part, other));
        let example = || example(other, of_the_call(other, &parts), need);
        parts.push(Part { need, ..part.unwrap_or_else(example) });
    }
    // What `--action` named without a resource is told by the parts above.
    named.retain(|part| part.resource.is_some() || !is(part, name));
    parts.extend(named);
    parts
}

fn example(action: &str, resource: String, need: Need) -> Part {
    let is_example = resource != "*";
    Part { action: action.to_owned(), resource: Some(resource), kind: None, need, is_example }
}

/// A resource for an action that a call needs as well: one that the call makes or names, before an example.
fn of_the_call(name: &str, parts: &[Part]) -> String {
    let fits = |arn: &str| action(name).known().is_some_and(|known| known.works_on(arn));
    let mut named: Vec<&Part> = parts.iter().filter(|part| part.resource.is_some()).collect();
    named.sort_by_key(|part| !part.kind.is_some_and(ResourceType::is_made));
    let arn = named.iter().filter_map(|part| part.resource.as_deref()).find(|arn| fits(arn));
    let example = || example_resource(name).unwrap_or_else(|| "*".to_owned());
    arn.map_or_else(example, str::to_owned)
}

fn required(action: Action) -> impl Iterator<Item = ResourceType> {
    action.resource_types().filter(|kind| kind.required)
}

/// The actions that a call needs beside its own. EKS Pod Identity tags every session it starts (EKS User Guide,
/// `pod-id-abac`), so its trust policy allows both.
fn further(
    action: Action,
    caller: Option<&Principal>,
) -> impl Iterator<Item = (&'static str, Need)> {
    let is_pod =
        matches!(caller, Some(Principal::Service { name, .. }) if name == "pods.eks.amazonaws.com");
    let tags = is_pod && action.name() == "sts:AssumeRole";
    let dependent = action.dependent_actions().map(|name| (name, Need::Perhaps));
    tags.then_some(("sts:TagSession", Need::Always)).into_iter().chain(dependent)
}

/// What a call of this action needs beside one check, in words; nothing if that is all.
pub(crate) fn also_needed(name: &str, resource: &str, caller: &Principal) -> Option<String> {
    const SHOWN: usize = 6;
    let known = action(name).known()?;
    let kinds = required(known).filter(|kind| !kind.fits(resource)).map(ResourceType::name);
    let kinds = kinds.map(|kind| format!("{name} on {kind}"));
    let mut needed: Vec<String> =
        kinds.chain(further(known, Some(caller)).map(|(name, _)| name.to_owned())).collect();
    let more = needed.len().saturating_sub(SHOWN);
    needed.truncate(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!needed.is_empty()).then(|| {
        format!(
            "this call also needs permission for: {}{more}; `--call {name}` checks all of them",
            needed.join(", ")
        )
    })
}

/// Leaves out what a request about this type of resource never carries, as far as AWS publishes: tags and keys of
/// the service that it does not list for the action on that type.
pub(crate) fn narrow(part: &Part, policies: &PolicySet, context: &mut Context) {
    let (Some(kind), Some(known)) = (part.kind, action(&part.action).known()) else { return };
    let folded =
        |name: &str| name.split(['/', '$']).next().unwrap_or_default().to_ascii_lowercase();
    let listed: Vec<String> = (kind.condition_keys().chain(known.own_condition_keys()))
        .map(|key| folded(key.name))
        .collect();
    let service = known.service().prefix();
    let of_type = |key: &ConditionKey| {
        let name = folded(key.as_str());
        let tags = ["aws:resourcetag", "aws:requesttag", "aws:tagkeys"].contains(&name.as_str());
        let own = name.split_once(':').is_some_and(|(prefix, _)| prefix == service);
        let gone = kind.is_made() && name.ends_with(":resourcetag");
        (tags || own) && (gone || !listed.contains(&name))
    };
    let given: Vec<ConditionKey> = context.entries().map(|(key, _)| key.clone()).collect();
    for key in given.into_iter().chain(policies.keys()).filter(of_type) {
        context.set(key, KeyState::Absent);
    }
}

/// Leaves open which service a role is passed to, where the call passes it: AWS publishes that a call needs
/// `iam:PassRole`, and not for which service.
pub(crate) fn passed_to(part: &Part, context: &mut Context) {
    let key = ConditionKey::new("iam:PassedToService");
    let is_passed = part.need == Need::Perhaps && part.action.eq_ignore_ascii_case("iam:PassRole");
    if is_passed && !context.is_set(&key) {
        context.set(key, KeyState::Unknown);
    }
}

/// What the checks of one call come to: the verdict if there is one, and whether the call succeeds. A check that
/// is made perhaps can take the answer away, not give it.
pub(crate) fn together(checks: &[Check], parts: &[Part]) -> (Option<Verdict>, Option<bool>) {
    let always = || {
        let both = checks.iter().zip(parts).filter(|(_, part)| part.need == Need::Always);
        both.map(|(check, _)| &check.inquiry.answer)
    };
    for denied in [Verdict::ExplicitlyDenied, Verdict::ImplicitlyDenied] {
        if always().any(|answer| answer.verdict() == Some(denied)) {
            return (Some(denied), Some(false));
        }
    }
    if always().any(|answer| answer.succeeds() == Some(false)) {
        return (None, Some(false));
    }
    match checks {
        [only] => (only.inquiry.answer.verdict(), only.inquiry.answer.succeeds()),
        _ if checks.iter().all(|check| check.inquiry.answer.succeeds() == Some(true)) => {
            (Some(Verdict::Allowed), Some(true))
        }
        _ => (None, None),
    }
}
