//! Requests to AWS's policy simulator, and what it answered: S-1 to S-9 of the evaluation spec.
//!
//! AWS pages: IAM API Reference, `API_SimulateCustomPolicy`, `API_SimulatePrincipalPolicy`,
//! `API_EvaluationResult`.

use iamsure_core::language::{ActionName, Arn, ConditionKey, PolicyType, is_account_id};
use iamsure_core::world::KeyState;

use super::captured::{Captured, CapturedPolicy};
use super::expected::{By, Expected, Word};
use super::field::{Field, ImportError};
use super::{Import, Policies, Test, caller};

/// Reads a request and its result.
///
/// # Errors
/// If something in one of them is not of the form.
pub(super) fn read(
    request: Field<'_>,
    result: Field<'_>,
    import: &mut Import,
) -> Result<(), ImportError> {
    let file = result.source.name();
    if result.get("IsTruncated").and_then(Field::as_bool) == Some(true) {
        import.notes.push(format!(
            "{file}: this is one page of the result; fetch the rest with its `Marker`"
        ));
    }
    let asked = Asked::read(request)?;
    let results = result.list("EvaluationResults")?;
    if results.is_empty() {
        return Err(result.error("`EvaluationResults` is empty: nothing was decided"));
    }
    for evaluation in results {
        let name = evaluation.required("EvalActionName")?;
        let action = ActionName::parse(name).map_err(|error| {
            evaluation.error(format!("`{name}` is not the action of a request: {error}"))
        })?;
        let specific = evaluation.list("ResourceSpecificResults")?;
        if specific.is_empty() {
            let test = asked.test(
                evaluation,
                "EvalDecision",
                action.clone(),
                asked.resource_of(evaluation),
                file,
            )?;
            import.tests.push(test);
        }
        for of_resource in specific {
            let resource = of_resource.required("EvalResourceName")?;
            let mut test = asked.test(
                of_resource,
                "EvalResourceDecision",
                action.clone(),
                Ok(resource.to_owned()),
                file,
            )?;
            about_layers(evaluation, &mut test);
            import.tests.push(test);
        }
    }
    Ok(())
}

/// The request.
struct Asked<'a> {
    policies: Policies,
    caller: Option<&'a str>,
    owner: Option<&'a str>,
    resources: Vec<&'a str>,
    context: Vec<(ConditionKey, KeyState)>,
    remarks: Vec<String>,
}

impl<'a> Asked<'a> {
    fn read(request: Field<'a>) -> Result<Self, ImportError> {
        let of_principal = request.text("PolicySourceArn");
        let mut remarks = Vec::new();
        let context = context(request, &mut remarks)?;
        let policies = match of_principal {
            Some(arn) => {
                let given = request.texts("PolicyInputList")?.len();
                let beside = if given > 0 {
                    format!(" and the {given} of PolicyInputList")
                } else {
                    String::new()
                };
                Policies::NotTold(format!("the policies of {arn}{beside}: AWS read them itself"))
            }
            None => Policies::Captured(captured(request)?),
        };
        if let Some(option) = request.text("ResourceHandlingOption") {
            remarks.push(format!("the simulation used `{option}`: AWS evaluated several resources together, but the test covers one"));
        }
        Ok(Self {
            policies,
            caller: request.text("CallerArn").or(of_principal),
            owner: request.text("ResourceOwner"),
            resources: request.texts("ResourceArns")?,
            context,
            remarks,
        })
    }

    /// The resource of a result that has none of its own.
    fn resource_of(&self, evaluation: Field<'_>) -> Result<String, String> {
        let named = evaluation.text("EvalResourceName");
        match (self.resources.as_slice(), named) {
            ([], _) => Ok("*".to_owned()),
            ([only], _) => Ok((*only).to_owned()),
            // Before 2026 there was a result for each resource.
            (several, Some(name)) if several.contains(&name) => Ok(name.to_owned()),
            (several, _) => Err(format!(
                "set the resource: the result covers {} resources together",
                several.len()
            )),
        }
    }

    fn test(
        &self,
        result: Field<'_>,
        decision: &str,
        action: ActionName,
        resource: Result<String, String>,
        file: &str,
    ) -> Result<Test, ImportError> {
        let mut todo = Vec::new();
        let resource = resource.map_err(|why| todo.push(why)).ok();
        let text = result.required(decision)?;
        let word = match text {
            "allowed" => Word::Allowed,
            "explicitDeny" => Word::ExplicitlyDenied,
            "implicitDeny" => Word::ImplicitlyDenied,
            other => {
                let message = format!(
                    "`{other}` is not a valid decision; expected one of allowed, explicitDeny, implicitDeny"
                );
                return Err(result.error(message));
            }
        };
        let mut test = Test {
            name: format!(
                "{action} on {} is {}",
                resource.as_deref().unwrap_or("several"),
                word.as_str()
            ),
            source: format!("AWS policy simulator ({file})"),
            principal: None,
            resource_account: None,
            context: self.context.clone(),
            path: None,
            expected: Expected { word, by: layer(result, word)? },
            policies: self.policies.clone(),
            remarks: self.remarks.clone(),
            todo,
            action,
            resource,
        };
        self.caller_of(&mut test);
        self.owner_of(&mut test);
        missing(result, &mut test)?;
        about_layers(result, &mut test);
        if test.resource.as_deref() == Some("*") {
            test.remarks.push(
                "the simulator treats `*` as every resource; the test matches only an entry `*`"
                    .to_owned(),
            );
        }
        Ok(test)
    }

    fn caller_of(&self, test: &mut Test) {
        let principal = self.caller.and_then(caller::of_arn);
        match (self.caller, principal) {
            (_, Some(principal)) => test.principal = Some(principal),
            (Some(arn), None) => test.remarks.push(format!(
                "the caller is an unspecified role session: {arn} cannot make requests"
            )),
            (None, None) => {
                let account = test
                    .resource
                    .as_deref()
                    .and_then(Arn::split)
                    .map(|arn| arn.account)
                    .filter(|account| is_account_id(account));
                if let Some(account) = account {
                    test.principal =
                        caller::of_arn(&format!("arn:aws:iam::{account}:role/simulated"));
                }
                test.remarks.push(
                    "the request names no CallerArn: assuming a role of the resource's account"
                        .to_owned(),
                );
            }
        }
    }

    fn owner_of(&self, test: &mut Test) {
        let in_arn = test
            .resource
            .as_deref()
            .and_then(Arn::split)
            .is_some_and(|arn| !arn.account.is_empty());
        let owner = self.owner.map(|owner| Arn::split(owner).map_or(owner, |arn| arn.account));
        if let (Some(owner), false) = (owner, in_arn) {
            test.resource_account = Some(owner.to_owned());
        }
    }
}

/// The policies that the request holds.
fn captured(request: Field<'_>) -> Result<Captured, ImportError> {
    let mut captured = Captured::default();
    let mut add = |layer, level, name: String, text: &str| {
        captured.policies.push(CapturedPolicy { layer, level, name, text: text.to_owned() });
    };
    for (number, text) in request.texts("PolicyInputList")?.into_iter().enumerate() {
        add(PolicyType::Identity, 0, format!("PolicyInputList.{}", number + 1), text);
    }
    for (number, text) in
        request.texts("PermissionsBoundaryPolicyInputList")?.into_iter().enumerate()
    {
        let name = format!("PermissionsBoundaryPolicyInputList.{}", number + 1);
        add(PolicyType::Boundary, 0, name, text);
    }
    if let Some(text) = request.text("ResourcePolicy") {
        add(PolicyType::Resource, 0, "ResourcePolicy".to_owned(), text);
    }
    for (level, of_level) in
        request.list("OrderedOrganizationPolicyInputList")?.into_iter().enumerate()
    {
        let texts = of_level.texts("ServiceControlPolicyInputList")?;
        if texts.is_empty() {
            return Err(of_level.error("this level holds no service control policy"));
        }
        for (number, text) in texts.into_iter().enumerate() {
            let name = format!("OrderedOrganizationPolicyInputList.{}.{}", level + 1, number + 1);
            add(PolicyType::Scp, level, name, text);
        }
    }
    match captured.crowded() {
        Some(layer) => {
            Err(request
                .error(format!("the request contains several policies as {}", layer.aws_name())))
        }
        None => Ok(captured),
    }
}

/// `ContextEntries` (S-3).
fn context(
    request: Field<'_>,
    remarks: &mut Vec<String>,
) -> Result<Vec<(ConditionKey, KeyState)>, ImportError> {
    let mut keys: Vec<(ConditionKey, KeyState)> = Vec::new();
    for entry in request.list("ContextEntries")? {
        let name = entry.required("ContextKeyName")?;
        let key = ConditionKey::new(name);
        let values = entry.texts("ContextKeyValues")?;
        let is_list = entry.text("ContextKeyType").is_some_and(|kind| kind.ends_with("List"));
        if keys.iter().any(|(known, _)| *known == key) {
            return Err(
                entry.error(format!("`{name}` is given twice: key names are case-insensitive"))
            );
        }
        let state = match values.as_slice() {
            [only] if !is_list => KeyState::single(*only),
            several => {
                if !is_list {
                    remarks.push(format!(
                        "{name} has {} values but a single-valued type: assuming it is multivalued",
                        several.len()
                    ));
                }
                KeyState::Multi(several.iter().map(|text| (*text).to_owned()).collect())
            }
        };
        keys.push((key, state));
    }
    Ok(keys)
}

/// Keys that the policies ask about and nobody gave: the simulator decides as if they were absent (R-8, S-6).
fn missing(result: Field<'_>, test: &mut Test) -> Result<(), ImportError> {
    let names = result.texts("MissingContextValues")?;
    for name in &names {
        test.say(name, KeyState::Absent);
    }
    if !names.is_empty() {
        test.remarks.push(format!(
            "not given (MissingContextValues), treated as absent by the simulator: {}",
            names.join(", ")
        ));
    }
    Ok(())
}

/// What the result says of layers, beside the decision.
fn about_layers(result: Field<'_>, test: &mut Test) {
    for (field, member, words) in [
        (
            "OrganizationsDecisionDetail",
            "AllowedByOrganizations",
            "the service control policies did not allow it",
        ),
        (
            "PermissionsBoundaryDecisionDetail",
            "AllowedByPermissionsBoundary",
            "the permissions boundary did not allow it, explicitly or not",
        ),
    ] {
        let allowed = result.find(&[field, member]).and_then(Field::as_bool);
        let said = format!("AWS says: {words}");
        if allowed == Some(false) && !test.remarks.contains(&said) {
            test.remarks.push(said);
        }
    }
}

/// The one layer of the statements that denied, if the result tells (S-5: an explicit denial lists only
/// the statements that deny; those of SCPs are not listed).
fn layer(result: Field<'_>, word: Word) -> Result<Option<By>, ImportError> {
    if word != Word::ExplicitlyDenied {
        return Ok(None);
    }
    let mut layers: Vec<Option<PolicyType>> = result
        .list("MatchedStatements")?
        .into_iter()
        .map(|statement| {
            let id = statement.text("SourcePolicyId").unwrap_or_default();
            match statement.text("SourcePolicyType").unwrap_or_default() {
                "resource" => Some(PolicyType::Resource),
                "user" | "group" | "role" | "aws-managed" | "user-managed" => {
                    Some(PolicyType::Identity)
                }
                _ if id.starts_with("PermissionsBoundaryPolicyInputList") => {
                    Some(PolicyType::Boundary)
                }
                _ if id.starts_with("PolicyInputList") => Some(PolicyType::Identity),
                _ if id.starts_with("ResourcePolicy") => Some(PolicyType::Resource),
                _ => None,
            }
        })
        .collect();
    layers.dedup();
    Ok(match layers.as_slice() {
        [Some(layer)] => Some(By::Layer(*layer)),
        _ => None,
    })
}
