//! Records of what AWS decided, as tests of a suite: an access-denied sentence, a decoded authorization message, a
//! denial of IAM Access Troubleshooter, CloudTrail records, a request to AWS's policy simulator with its result.
//!
//! A record tells some of a request and never all of it. What it does not tell is unknown: the key is
//! not given in the test, and the test says so ([`Test::remarks`]). Nothing is filled in from what is
//! usual. Where a record does not tell enough for a test to be run, the test says what to add
//! ([`Test::todo`]).
//!
//! ```
//! use iamsure_core::language::Source;
//! use iamsure_import::{Documents, read};
//!
//! let printed = "An error occurred (AccessDenied) when calling the GetObject operation: \
//!     User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:GetObject \
//!     on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy";
//! let import = read(&[Source::new("error.txt", printed)], None, &Documents::default()).unwrap();
//! let test = &import.tests[0];
//! assert_eq!(test.action.as_str(), "s3:GetObject");
//! assert_eq!(test.resource.as_deref(), Some("arn:aws:s3:::b/k"));
//! assert_eq!(test.expected.to_string(), "explicitly denied by scp");
//! // The sentence does not contain the policies: the suite says whose they are.
//! assert!(iamsure_import::suite_text(&import, None, false).to_string().contains("todo"));
//! ```
//!
//! # Rooms
//!
//! - [`read`], [`Form`]: which kind of record a file holds, and its tests.
//! - [`agreement`], [`compared`]: whether policies decide as AWS did.
//! - [`suite_text`]: the tests as a suite.
//!
//! AWS pages: IAM Toolbox API Reference, `GetRequestAuthorizationDetails`; CloudTrail User Guide,
//! `cloudtrail-event-reference`; IAM API Reference, `SimulateCustomPolicy`; IAM User Guide,
//! `troubleshoot_access-denied`; STS API Reference, `API_DecodeAuthorizationMessage`.

mod agreement;
mod caller;
mod captured;
mod cloud_trail;
mod decoded;
mod denial;
mod expected;
mod field;
mod form;
mod known;
mod message;
mod operation;
mod sentence;
mod simulation;
mod write;

use iamsure_core::language::{ActionName, Arn, ConditionKey};
use iamsure_core::world::{KeyState, Principal};

pub use agreement::{Agreement, agreement, compared, not_told};
pub use captured::{Captured, CapturedPolicy, Documents};
pub use expected::{By, Expected, Word};
pub use field::ImportError;
pub use form::{Form, read};
pub use write::suite_text;

/// What came of some files.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The tests, in the order of the records.
    pub tests: Vec<Test>,
    /// What is so for every test of a kind of record: said once.
    pub remarks: Vec<String>,
    /// What was left out, and why; each names its record.
    pub notes: Vec<String>,
}

/// One request that AWS decided.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it is about.
    pub name: String,
    /// The record: what kind, which, and in which file.
    pub source: String,
    /// Who called, if the record tells.
    pub principal: Option<Principal>,
    /// The IAM action.
    pub action: ActionName,
    /// The resource, if the record tells.
    pub resource: Option<String>,
    /// Whose the resource is, if the record tells and the ARN does not.
    pub resource_account: Option<String>,
    /// The keys that the record tells, each once.
    pub context: Vec<(ConditionKey, KeyState)>,
    /// How the call arrived, if the record tells: the name of a built-in call path.
    pub path: Option<&'static str>,
    /// What AWS decided.
    pub expected: Expected,
    /// The policies that decided.
    pub policies: Policies,
    /// What the record does not tell, and how it was read, a sentence each.
    pub remarks: Vec<String>,
    /// What must be added before the test can be run.
    pub todo: Vec<String>,
}

/// The policies that a record was decided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policies {
    /// They came with the record.
    Captured(Captured),
    /// The record does not hold them. The text says whose they are: `the policies of …`.
    NotTold(String),
}

impl Import {
    /// Says something once.
    fn remark(&mut self, text: &str) {
        if !self.remarks.iter().any(|known| known == text) {
            self.remarks.push(text.to_owned());
        }
    }
}

impl Test {
    /// The resource, as AWS writes it.
    fn name_resource(&mut self, text: &str) {
        if text != "*" && Arn::split(text).is_none() {
            self.todo.push(format!("set the resource: AWS wrote `{text}`, which is not an ARN"));
            return;
        }
        self.resource = Some(text.to_owned());
        if text.contains(['*', '?']) && text != "*" {
            self.remarks.push(
                "AWS reported several resources as a wildcard; the test keeps it literally"
                    .to_owned(),
            );
        }
    }

    /// Says whose the resource is assumed to be, where neither the record nor the ARN tells.
    fn remark_owner(&mut self) {
        let of_nobody = |text: &str| Arn::split(text).is_some_and(|arn| arn.account.is_empty());
        if self.resource_account.is_none() && self.resource.as_deref().is_some_and(of_nobody) {
            self.remarks.push(
                "AWS does not report the resource's owner here; without `resource-account` the caller's account is assumed"
                    .to_owned(),
            );
        }
    }

    /// Adds a key, unless it is there.
    fn say(&mut self, key: &str, state: KeyState) {
        let key = ConditionKey::new(key);
        if !self.context.iter().any(|(known, _)| *known == key) {
            self.context.push((key, state));
        }
    }
}

#[cfg(test)]
mod tests;
