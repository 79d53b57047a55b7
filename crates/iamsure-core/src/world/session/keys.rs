//! The keys of a session, each with its evidence.

use super::operation::Operation;
use super::tags::Tags;
use crate::language::key::ConditionKey;
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};
use crate::world::principal::Principal;
use crate::world::principal_keys::principal_keys;

const KEYS: &str = "IAM User Guide, global condition context keys";
const PRINCIPAL: &str = "IAM User Guide, principal key values";

/// Keys that only credentials handed out by one service have: the service principal, and the key.
///
/// AWS page: IAM User Guide, global condition context keys (properties of a role session).
const OF_SERVICES: [(&str, &str); 11] = [
    ("ec2.amazonaws.com", "aws:Ec2InstanceSourceVpc"),
    ("ec2.amazonaws.com", "aws:Ec2InstanceSourcePrivateIPv4"),
    ("ec2.amazonaws.com", "ec2:RoleDelivery"),
    ("ec2.amazonaws.com", "ec2:SourceInstanceArn"),
    ("chatbot.amazonaws.com", "aws:ChatbotSourceArn"),
    ("glue.amazonaws.com", "glue:RoleAssumedBy"),
    ("glue.amazonaws.com", "glue:CredentialIssuingService"),
    ("codebuild.amazonaws.com", "codebuild:BuildArn"),
    ("codebuild.amazonaws.com", "codebuild:ProjectArn"),
    ("lambda.amazonaws.com", "lambda:SourceFunctionArn"),
    ("ssm.amazonaws.com", "ssm:SourceInstanceArn"),
];

/// The keys that the credentials of a role have which `service` assumed, beside those of the principal.
pub(crate) fn of_service_role(service: &str) -> Vec<FixedKey> {
    let mut keys = SessionKeys::default();
    keys.documented("aws:username", KeyState::Absent);
    keys.of_others(Operation::AssumeRole, Some(service));
    keys.into_keys()
}

/// Builds the keys of a session; a key that was set stays.
#[derive(Debug, Default)]
pub(super) struct SessionKeys(Vec<FixedKey>);

impl SessionKeys {
    /// The keys of the principal.
    pub(super) fn of(principal: &Principal) -> Self {
        let key = |(key, state)| {
            let evidence =
                if state == KeyState::Unknown { Evidence::Unknown } else { Evidence::Documented };
            FixedKey::new(key, state, evidence, PRINCIPAL)
        };
        Self(principal_keys(principal).into_iter().map(key).collect())
    }

    pub(super) fn set(
        &mut self,
        key: impl Into<ConditionKey>,
        state: KeyState,
        evidence: Evidence,
        source: &'static str,
    ) {
        let key = key.into();
        if !self.0.iter().any(|known| known.key == key) {
            self.0.push(FixedKey::new(key, state, evidence, source));
        }
    }

    pub(super) fn documented(&mut self, key: &str, state: KeyState) {
        self.set(key, state, Evidence::Documented, KEYS);
    }

    /// A key that is there; its value was not given.
    pub(super) fn present(&mut self, key: &str) {
        let key = ConditionKey::new(key);
        if !self.0.iter().any(|known| known.key == key) {
            self.0.push(FixedKey::present(key, Evidence::Documented, KEYS));
        }
    }

    pub(super) fn unknown(&mut self, key: &str, source: &'static str) {
        self.set(key, KeyState::Unknown, Evidence::Unknown, source);
    }

    /// The tags of the principal.
    pub(super) fn tags(&mut self, tags: &Tags) {
        for (key, state) in tags.keys_of("aws:PrincipalTag/") {
            self.set(key, state, Evidence::Documented, super::exchange::TAGS);
        }
    }

    pub(super) fn source_identity(&mut self, source_identity: Option<&str>) {
        let state = source_identity.map_or(KeyState::Absent, KeyState::single);
        let source = super::exchange::SOURCE_IDENTITY;
        self.set("aws:SourceIdentity", state, Evidence::Documented, source);
    }

    /// Keys of credentials that another operation than `operation`, or a service, hands out. `service`
    /// is the service that started the session, if one did.
    pub(super) fn of_others(&mut self, operation: Operation, service: Option<&str>) {
        for (owner, key) in OF_SERVICES {
            if service == Some(owner) {
                let source = "IAM User Guide, global condition context keys: set by the service, not in every case";
                self.set(key, KeyState::Unknown, Evidence::Documented, source);
            } else {
                self.documented(key, KeyState::Absent);
            }
        }
        let root = operation == Operation::AssumeRoot;
        let assumed_root = if root { KeyState::single("true") } else { KeyState::Absent };
        self.documented("aws:AssumedRoot", assumed_root);
        if operation == Operation::AssumeRoleWithSaml {
            // IAM Identity Center federates its users into roles by SAML.
            self.unknown("identitystore:UserId", "present for users of IAM Identity Center only");
        } else {
            self.documented("identitystore:UserId", KeyState::Absent);
        }
        self.documented("aws:SignInSessionArn", KeyState::Absent);
        self.documented("aws:ViaCustomerDomain", KeyState::Absent);
        self.documented("aws:FederatedProvider", KeyState::Absent);
        self.present("aws:TokenIssueTime");
    }

    pub(super) fn into_keys(self) -> Vec<FixedKey> {
        self.0
    }
}
