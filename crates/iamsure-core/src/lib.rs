//! The language of AWS IAM policies, and how AWS decides one request.
//!
//! ```
//! use iamsure_core::decision::{Outcome, Verdict, evaluate};
//! use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
//! use iamsure_core::world::{Context, PolicySet, Principal, Request, Switches};
//!
//! let source = Source::new("guardrail.json", r#"{
//!   "Version": "2012-10-17",
//!   "Statement": {
//!     "Sid": "DenyDirectAPIAccess", "Effect": "Deny", "Action": "*", "Resource": "*",
//!     "Condition": { "BoolIfExists": { "aws:ViaAWSMCPService": "false" } }
//!   }
//! }"#);
//! let policy = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
//! let policies = PolicySet::of_identity([policy]);
//!
//! let caller = Principal::User {
//!     account: "111122223333".into(),
//!     arn: "arn:aws:iam::111122223333:user/alice".into(),
//!     unique_id: None,
//! };
//! let action = ActionName::parse("s3:GetObject").unwrap();
//! // No key at all: `IfExists` counts the absent key as a match, so the Deny applies.
//! let request = Request::new(caller, action, "arn:aws:s3:::bucket/key", Context::closed());
//! let evaluation = evaluate(&policies, &request, &Switches::default());
//! let Outcome::Decided(decision) = evaluation.outcome else { panic!("nothing is unknown") };
//! assert_eq!(decision.verdict, Verdict::ExplicitlyDenied);
//! ```
//!
//! # Rooms
//!
//! Three, each standing on the one before:
//!
//! - [`language`]: documents, patterns, variables, conditions. Reading reports every finding with
//!   its place.
//! - [`world`]: the request and its context, principals, call paths, the policy set, and the
//!   [switches](world::Switch) where AWS is silent.
//! - [`decision`]: which statements match, precedence, and why.
//!
//! Evaluation is total: reading can fail, deciding cannot. There is no I/O, no clock and no
//! terminal here. What this crate does not know is which actions, resources and condition keys
//! exist; that is data, and lives in `iamsure-reference`. All requests at once are the business of
//! `iamsure-truth`.

pub mod decision;
pub mod language;
pub mod world;
