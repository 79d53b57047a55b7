//! Cases of `corpus/escalations`: paths that must be found, and the traps beside each.

use std::collections::BTreeSet;
use std::path::Path;

use iamsure_account::{Choices, Facts, Paths, Principals, Target, paths, read};
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_reference::{Action, example_arn};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cases: Vec<Case>,
}

/// A path.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The name of the method.
    pub by: String,
    allow: Vec<String>,
    #[serde(default)]
    attacker: Kind,
    trusts: Option<String>,
    /// Whether the attacker has a permissions boundary, which allows everything.
    #[serde(default)]
    bounded: bool,
    to: To,
    #[serde(default = "yes")]
    certain: bool,
    /// Calls that are allowed by something else too.
    #[serde(default)]
    needless: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Role,
    User,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum To {
    Target,
    Victim,
    More,
    Group,
    Unbounded,
    #[serde(rename = "stronger-target")]
    StrongerTarget,
}

const fn yes() -> bool {
    true
}

const ACCOUNT: &str = "111122223333";

fn arn(resource: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{resource}")
}

fn document(statements: &[Value]) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// What is otherwise than in the case.
#[derive(Clone, Debug, Default)]
struct Otherwise {
    without: Option<String>,
    denied_by_scp: Option<String>,
    beyond_boundary: Option<String>,
    elsewhere: Option<String>,
    never: Option<String>,
    trusts: Option<&'static str>,
    on_one_each: Option<String>,
}

/// A resource of each type that AWS always asks about for an action.
fn one_of_each(name: &str) -> Vec<String> {
    let types =
        iamsure_reference::action(name).known().into_iter().flat_map(Action::resource_types);
    types.filter(|kind| kind.required).map(example_arn).collect()
}

/// A managed policy with an older version.
fn policy(name: &str, statements: &[Value]) -> Value {
    let version = |id: &str, is_default: bool| json!({ "VersionId": id, "IsDefaultVersion": is_default, "Document": document(statements) });
    json!({
        "PolicyName": name,
        "Arn": arn(&format!("policy/{name}")),
        "PolicyVersionList": [version("v2", true), version("v1", false)],
    })
}

/// Reads the cases.
///
/// # Errors
/// If they cannot be read.
pub fn load(file: &Path) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let file: File = serde_saphyr::from_str(&text).map_err(|error| error.to_string())?;
    Ok(file.cases)
}

impl Case {
    /// Finds the path, also where a call is allowed on one resource of each type alone, and none of its traps.
    ///
    /// # Errors
    /// What is otherwise.
    pub fn run(&self) -> Result<(), String> {
        let found = self.found(&Otherwise::default())?;
        if found != Some(self.certain) {
            return Err(format!("{}: {found:?}, and not {:?}", self.by, Some(self.certain)));
        }
        for action in self.allow.iter().filter(|action| one_of_each(action).len() > 1) {
            let on_one_each =
                Otherwise { on_one_each: Some(action.clone()), ..Otherwise::default() };
            if self.found(&on_one_each)?.is_none() {
                return Err(format!("{} is not found with {on_one_each:?}", self.by));
            }
        }
        for trap in self.traps() {
            if self.found(&trap)?.is_some() {
                return Err(format!("{} is reported with {trap:?}", self.by));
            }
        }
        Ok(())
    }

    fn traps(&self) -> Vec<Otherwise> {
        let mut traps = Vec::new();
        let without = Otherwise::default;
        for action in self.allow.iter().filter(|action| !self.needless.contains(action)) {
            let action = || Some(action.clone());
            traps.push(Otherwise { without: action(), ..without() });
            traps.push(Otherwise { denied_by_scp: action(), ..without() });
            traps.push(Otherwise { beyond_boundary: action(), ..without() });
            traps.push(Otherwise { elsewhere: action(), ..without() });
            traps.push(Otherwise { never: action(), ..without() });
        }
        if self.trusts.is_some() && self.by != "rewrite-trust" {
            traps.push(Otherwise { trusts: Some("events.amazonaws.com"), ..without() });
        }
        traps
    }

    /// Whether the path is found, and whether it is certain.
    fn found(&self, otherwise: &Otherwise) -> Result<Option<bool>, String> {
        let source = Source::new("auth.json", self.account(otherwise).to_string());
        let container = read(&source, &Choices::default())
            .map_err(|error| error.to_string())?
            .ok_or("no container")?;
        let principals = Principals::of([&container]);
        let scp = otherwise.denied_by_scp.iter().map(|action| {
            let deny = json!({ "Effect": "Deny", "Action": action, "Resource": "*" });
            let allow = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
            let text = document(&[deny, allow]).to_string();
            PolicyDocument::read(&Source::new("scp", text), PolicyType::Scp, Profile::Strict)
                .map(|scp| vec![scp])
                .map_err(|findings| format!("{findings:?}"))
        });
        let scp: Vec<Vec<PolicyDocument>> = scp.collect::<Result<_, _>>()?;
        let facts = Facts { layers: PolicySet { scp, ..PolicySet::default() }, ..Facts::default() };
        let paths: Paths = paths(&principals, &facts).map_err(|error| error.to_string())?;
        let is = |number: usize, name: &str| {
            principals.principals.get(number).is_some_and(|one| one.address.ends_with(name))
        };
        let leads = |target: &Target| match (self.to, target) {
            (To::Target, Target::Principal(number)) => is(*number, "/target"),
            (To::Victim, Target::Principal(number)) => is(*number, "/victim"),
            (To::StrongerTarget, Target::With(number, _)) => is(*number, "/target"),
            (To::More, Target::MorePermissions) | (To::Unbounded, Target::Unbounded) => true,
            (To::Group, Target::Group(group)) => group.ends_with("/other"),
            _ => false,
        };
        let mut edges = paths
            .edges
            .iter()
            .filter(|edge| is(edge.from, "/attacker") && edge.method.name == self.by)
            .filter(|edge| leads(&edge.to));
        let Some(edge) = edges.next() else { return Ok(None) };
        // Every call that is named has its request.
        let called: BTreeSet<&str> =
            edge.requests.iter().map(|request| request.action.as_str()).collect();
        let allowed: BTreeSet<&str> = self.allow.iter().map(String::as_str).collect();
        if called != allowed {
            return Err(format!("{} has requests of {called:?}, not {allowed:?}", self.by));
        }
        Ok(Some(edge.is_certain))
    }

    fn account(&self, otherwise: &Otherwise) -> Value {
        let statements: Vec<Value> = self
            .allow
            .iter()
            .filter(|action| otherwise.without.as_ref() != Some(action))
            .map(|action| {
                let is = |other: &Option<String>| other.as_ref() == Some(action);
                let resource = if is(&otherwise.elsewhere) {
                    json!("arn:aws:s3:::nothing/at/all")
                } else if is(&otherwise.on_one_each) {
                    json!(one_of_each(action))
                } else {
                    json!("*")
                };
                let mut statement =
                    json!({ "Effect": "Allow", "Action": action, "Resource": resource });
                if is(&otherwise.never)
                    && let Value::Object(members) = &mut statement
                {
                    let never =
                        json!({ "StringEquals": { "aws:PrincipalAccount": "999999999999" } });
                    members.insert("Condition".to_owned(), never);
                }
                statement
            })
            .collect();
        let trust = match otherwise.trusts.or(self.trusts.as_deref()) {
            Some("account") => json!({ "AWS": arn("root") }),
            Some(service) => json!({ "Service": service }),
            None => json!({ "Service": "events.amazonaws.com" }),
        };
        let trust = document(&[
            json!({ "Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole" }),
        ]);
        let mut attacker = json!({
            "AttachedManagedPolicies": [{ "PolicyName": "own", "PolicyArn": arn("policy/own") }],
        });
        if (self.bounded || otherwise.beyond_boundary.is_some())
            && let Value::Object(members) = &mut attacker
        {
            let boundary = json!({ "PermissionsBoundaryArn": arn("policy/boundary") });
            members.insert("PermissionsBoundary".to_owned(), boundary);
        }
        let named = |value: &Value, members: Value| match (value.clone(), members) {
            (Value::Object(mut all), Value::Object(more)) => {
                all.extend(more);
                Value::Object(all)
            }
            (value, _) => value,
        };
        let role = |name: &str, base: &Value, trust: &Value| {
            let arn = arn(&format!("role/{name}"));
            named(
                base,
                json!({
                    "RoleName": name, "Arn": arn, "RolePolicyList": [], "AssumeRolePolicyDocument": trust,
                }),
            )
        };
        let user = |name: &str, base: &Value, groups: Value| {
            let arn = arn(&format!("user/{name}"));
            named(
                base,
                json!({ "UserName": name, "Arn": arn, "UserPolicyList": [], "GroupList": groups }),
            )
        };
        let none = json!({ "AttachedManagedPolicies": [] });
        let by_nobody = document(&[json!({
            "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" }, "Action": "sts:AssumeRole",
        })]);
        let mut roles = vec![role("target", &none, &trust)];
        let mut users = vec![user("victim", &none, json!([]))];
        match self.attacker {
            Kind::Role => roles.push(role("attacker", &attacker, &by_nobody)),
            Kind::User => users.push(user("attacker", &attacker, json!(["own"]))),
        }
        let group = |name: &str| {
            json!({
                "GroupName": name, "Arn": arn(&format!("group/{name}")), "GroupPolicyList": [],
                "AttachedManagedPolicies": [],
            })
        };
        let boundary = otherwise
            .beyond_boundary
            .iter()
            .map(|action| json!({ "Effect": "Allow", "NotAction": action, "Resource": "*" }));
        let boundary: Vec<Value> = boundary.collect();
        let no_boundary = [json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })];
        let boundary = if boundary.is_empty() { &no_boundary[..] } else { &boundary };
        let empty = [json!({ "Effect": "Deny", "Action": "none:Nothing", "Resource": "*" })];
        let own = if statements.is_empty() { &empty[..] } else { &statements };
        json!({
            "UserDetailList": users,
            "GroupDetailList": [group("own"), group("other")],
            "RoleDetailList": roles,
            "Policies": [policy("own", own), policy("boundary", boundary)],
            "IsTruncated": false,
        })
    }
}
