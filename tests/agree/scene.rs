//! Real documents and a real request for a small abstract world.

use std::collections::HashMap;

use iamsure_core::language::{
    ActionName, ConditionKey, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::{Bucket, Context, KeyState, PolicySet, Principal, Request, Requester};
use iamsure_testkit::restatement::{Caller, Mechanism, Naming, Object, Says, SmallWorld};

const HOME: &str = "111122223333";
const ABROAD: &str = "444455556666";
const SERVICE: &str = "cloudtrail.amazonaws.com";
const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/token.example";

/// One statement of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Line {
    pub(crate) denies: bool,
    pub(crate) fit: Fit,
    pub(crate) principal: String,
}

/// Whether a statement matches, and if not, by what it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fit {
    Matches,
    MatchesByCondition,
    AnotherAction,
    AnotherResource,
    FalseCondition,
}

impl Fit {
    pub(crate) const fn matches(self) -> bool {
        matches!(self, Self::Matches | Self::MatchesByCondition)
    }
}

/// The layers of a world as statements.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    pub(crate) identity: Option<Vec<Line>>,
    pub(crate) boundary: Option<Vec<Line>>,
    pub(crate) session: Option<Vec<Line>>,
    pub(crate) resource: Option<Vec<Line>>,
    pub(crate) endpoint: Option<Vec<Line>>,
    pub(crate) scp: Vec<Vec<Line>>,
    pub(crate) rcp: Option<Vec<Line>>,
}

/// The action and the resource.
pub(crate) const fn operation(world: &SmallWorld) -> Operation {
    if world.exempt {
        return ("sts:GetCallerIdentity", "*");
    }
    if let Some(object) = world.object {
        let action = if object.deleted { "s3:DeleteObject" } else { "s3:GetObject" };
        return (action, "arn:aws:s3:::bucket/key");
    }
    let home = world.same_account;
    match (world.mechanism, world.caller) {
        (Mechanism::Trust, Caller::Token) => {
            ("sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/target")
        }
        (Mechanism::Trust, _) if home => {
            ("sts:AssumeRole", "arn:aws:iam::111122223333:role/target")
        }
        (Mechanism::Trust, _) => ("sts:AssumeRole", "arn:aws:iam::444455556666:role/target"),
        (Mechanism::Key, _) if home => ("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1"),
        (Mechanism::Key, _) => ("kms:Decrypt", "arn:aws:kms:us-east-1:444455556666:key/1"),
        (Mechanism::Ordinary, _) if home => {
            ("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q")
        }
        (Mechanism::Ordinary, _) => ("sqs:SendMessage", "arn:aws:sqs:us-east-1:444455556666:q"),
    }
}

/// The Principal element that names the caller like this.
pub(crate) fn principal(caller: Caller, naming: Naming) -> String {
    let named = match (naming, caller) {
        (Naming::Everyone, _) => return "\"*\"".to_owned(),
        (Naming::Another, _) => "777788889999",
        (Naming::Account, _) => HOME,
        (Naming::Parent, Caller::FederatedUser) | (Naming::Own, Caller::User) => {
            "arn:aws:iam::111122223333:user/alice"
        }
        (Naming::Parent, _) => "arn:aws:iam::111122223333:role/app",
        (Naming::Own, Caller::Role | Caller::ServiceLinked) => {
            "arn:aws:sts::111122223333:assumed-role/app/s1"
        }
        (Naming::Own, Caller::FederatedUser) => "arn:aws:sts::111122223333:federated-user/f",
        (Naming::Own, Caller::Root) => "arn:aws:iam::111122223333:root",
        (Naming::Own, Caller::Service) => return format!("{{\"Service\": \"{SERVICE}\"}}"),
        (Naming::Own, Caller::Token) => return format!("{{\"Federated\": \"{PROVIDER}\"}}"),
        (Naming::Own, Caller::Anonymous | Caller::AssumeRoot) => {
            panic!("there is no such name")
        }
    };
    format!("{{\"AWS\": \"{named}\"}}")
}

fn requester(world: &SmallWorld) -> Requester {
    let account = HOME.to_owned();
    let role = |service_linked| Principal::RoleSession {
        account: HOME.to_owned(),
        arn: "arn:aws:sts::111122223333:assumed-role/app/s1".to_owned(),
        role_arn: Some("arn:aws:iam::111122223333:role/app".to_owned()),
        role_id: None,
        service_linked,
    };
    let alice = "arn:aws:iam::111122223333:user/alice".to_owned();
    let principal = match world.caller {
        Caller::User => Principal::User { account, arn: alice, unique_id: None },
        Caller::Role => role(false),
        Caller::ServiceLinked => role(true),
        Caller::FederatedUser => Principal::FederatedUser {
            account,
            arn: "arn:aws:sts::111122223333:federated-user/f".to_owned(),
            user_arn: Some(alice),
        },
        Caller::Root => Principal::Root { account },
        Caller::AssumeRoot => Principal::AssumeRoot {
            account,
            arn: "arn:aws:iam::111122223333:root".to_owned(),
            task_policy_arn: None,
        },
        Caller::Service => Principal::Service { name: SERVICE.to_owned() },
        Caller::Anonymous => Principal::Anonymous,
        Caller::Token => Principal::FederatedCaller { provider: PROVIDER.to_owned() },
    };
    Requester { principal, in_management_account: world.from_management }
}

/// The request of a world.
pub(crate) fn request(world: &SmallWorld) -> Request {
    let (action, resource) = operation(world);
    let mut context = Context::closed();
    context.set(ConditionKey::new("x:k"), KeyState::single("v"));
    let action = ActionName::parse(action).unwrap();
    let mut request = Request::new(requester(world), action, resource, context);
    request.resource_account = Some(if world.same_account { HOME } else { ABROAD }.to_owned());
    request.resource_in_management_account = world.resource_in_management;
    if let Some(Object { of_another, acl_grants, .. }) = world.object {
        request.bucket = Bucket { object_of_another: of_another, acl_grants, ..Bucket::default() };
    }
    request
}

/// One thing said, as statements.
pub(crate) fn lines(says: Says) -> Option<Vec<Line>> {
    let line = |denies, fit| Line { denies, fit, principal: "\"*\"".to_owned() };
    match says {
        Says::Absent => None,
        Says::Silent => Some(vec![line(false, Fit::AnotherAction)]),
        Says::Allows => Some(vec![line(false, Fit::Matches)]),
        Says::Denies => Some(vec![line(false, Fit::Matches), line(true, Fit::Matches)]),
    }
}

/// The layers of a world, each as plainly as it can be said.
pub(crate) fn layers(world: &SmallWorld, resource_has_a_policy: bool) -> Layers {
    let named = |denies, naming: &Naming| Line {
        denies,
        fit: Fit::Matches,
        principal: principal(world.caller, *naming),
    };
    let grants = world.grants.iter().map(|naming| named(false, naming));
    let denials = world.denials.iter().map(|naming| named(true, naming));
    let resource: Vec<_> = grants.chain(denials).collect();
    Layers {
        identity: lines(world.identity),
        boundary: lines(world.boundary),
        session: lines(world.session),
        resource: resource_has_a_policy.then_some(resource),
        endpoint: lines(world.endpoint),
        scp: world.scp.iter().map(|says| lines(*says).unwrap_or_default()).collect(),
        rcp: lines(world.rcp),
    }
}

/// An action and a resource.
type Operation = (&'static str, &'static str);

/// Documents that were read before.
#[derive(Default)]
pub(crate) struct Shelf {
    read: HashMap<(PolicyType, Operation, Vec<Line>), PolicyDocument>,
}

impl Shelf {
    /// The policy set of a world whose layers are these.
    pub(crate) fn policies(&mut self, world: &SmallWorld, layers: &Layers) -> PolicySet {
        let operation = operation(world);
        let mut document = |kind, lines: &Vec<Line>| self.document(kind, operation, lines);
        let mut set = PolicySet {
            identity: layers
                .identity
                .iter()
                .map(|lines| document(PolicyType::Identity, lines))
                .collect(),
            session: layers
                .session
                .iter()
                .map(|lines| document(PolicyType::Session, lines))
                .collect(),
            boundary: layers.boundary.as_ref().map(|lines| document(PolicyType::Boundary, lines)),
            endpoint: layers.endpoint.as_ref().map(|lines| document(PolicyType::Endpoint, lines)),
            ..PolicySet::default()
        };
        if world.mechanism == Mechanism::Trust {
            set.trust = layers.resource.as_ref().map(|lines| document(PolicyType::Trust, lines));
        } else {
            set.resource =
                layers.resource.as_ref().map(|lines| document(PolicyType::Resource, lines));
        }
        for level in &layers.scp {
            // A level without a policy has no Allow.
            let documents =
                if level.is_empty() { None } else { Some(document(PolicyType::Scp, level)) };
            set.scp.push(documents.into_iter().collect());
        }
        set.rcp = layers.rcp.iter().map(|lines| vec![document(PolicyType::Rcp, lines)]).collect();
        set
    }

    fn document(
        &mut self,
        kind: PolicyType,
        operation: Operation,
        lines: &[Line],
    ) -> PolicyDocument {
        self.read
            .entry((kind, operation, lines.to_vec()))
            .or_insert_with(|| {
                let (action, resource) = operation;
                let statements: Vec<_> =
                    lines.iter().map(|line| statement(kind, action, resource, line)).collect();
                let text = format!(
                    "{{\"Version\": \"2012-10-17\", \"Statement\": [{}]}}",
                    statements.join(", ")
                );
                PolicyDocument::read(&Source::new(kind.name(), text), kind, Profile::Lenient)
                    .unwrap()
            })
            .clone()
    }
}

fn statement(kind: PolicyType, action: &str, resource: &str, line: &Line) -> String {
    let effect = if line.denies { "Deny" } else { "Allow" };
    let principal = if kind.has_principal() {
        format!("\"Principal\": {}, ", line.principal)
    } else {
        String::new()
    };
    let action = if line.fit == Fit::AnotherAction { "sts:TagSession" } else { action };
    let resource = match (kind, line.fit) {
        (PolicyType::Trust, _) => String::new(),
        (_, Fit::AnotherResource) => ", \"Resource\": \"arn:aws:s3:::another\"".to_owned(),
        _ => format!(", \"Resource\": [\"{resource}\"]"),
    };
    let condition = match line.fit {
        Fit::MatchesByCondition => ", \"Condition\": {\"StringEquals\": {\"x:k\": \"v\"}}",
        Fit::FalseCondition => ", \"Condition\": {\"StringEquals\": {\"x:k\": \"w\"}}",
        // A trust policy has no Resource to fail by.
        Fit::AnotherResource if kind == PolicyType::Trust => {
            ", \"Condition\": {\"Null\": {\"x:k\": \"true\"}}"
        }
        Fit::Matches | Fit::AnotherAction | Fit::AnotherResource => "",
    };
    format!(
        "{{\"Effect\": \"{effect}\", {principal}\"Action\": \"{action}\"{resource}{condition}}}"
    )
}
