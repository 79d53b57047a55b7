//! All requests at once: what policies decide for every request there is, with a proof or a request that shows it.
//!
//! ```
//! use iamsure_core::language::{ConditionKey, PolicyDocument, PolicyType, Profile, Source};
//! use iamsure_core::world::{CallPaths, KeyState, PolicySet};
//! use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict, Proof};
//! use iamsure_truth::setting::Setting;
//!
//! fn prove(claim: &str, operator: &str) -> Proof {
//!     let text = r#"{ "Version": "2012-10-17", "Statement": [
//!         { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
//!         { "Effect": "Deny", "Action": "*", "Resource": "*",
//!           "Condition": { "OPERATOR": { "aws:MultiFactorAuthPresent": "false" } } }
//!     ] }"#;
//!     let source = Source::new("policy.json", text.replace("OPERATOR", operator));
//!     let policy = PolicyDocument::read(&source, PolicyType::Identity, Profile::Strict).unwrap();
//!     let query = ClaimQuery {
//!         policies: PolicySet::of_identity([policy]),
//!         claim: Claim::parse(claim).unwrap(),
//!         setting: Setting::default(),
//!         paths: CallPaths::default(),
//!         open_world: false,
//!         is_whole: false,
//!     };
//!     query.answer().unwrap()
//! }
//!
//! let claim = "never allow s3:* unless aws:MultiFactorAuthPresent is true";
//! assert_eq!(prove(claim, "BoolIfExists").verdict, ClaimVerdict::Proved);
//! // Requests with an access key lack the key, and `Bool` does not match an absent key: no Deny.
//! let proof = prove(claim, "Bool");
//! assert_eq!(proof.verdict, ClaimVerdict::Refuted);
//! let key = ConditionKey::new("aws:MultiFactorAuthPresent");
//! assert_eq!(proof.example.unwrap().request.context.state(&key), &KeyState::Absent);
//! ```
//!
//! # Rooms
//!
//! Every view asks [`ask`]; what one view says of a request is what all of them say of it.
//!
//! - [`ask`]: one question, answered by core's evaluation if that is enough, and otherwise by the [`model`].
//! - [`setting`] and [`sample`]: which requests a question is about, and who makes them.
//! - [`class`], [`clause`], [`relation`]: the values that no policy tells apart.
//! - [`model`], [`diagram`], `cover`, [`bits`]: every request in finitely many classes, and functions of them.
//! - [`background`]: what AWS documents of condition keys, which rules some requests out.
//! - [`matrix`], [`table`], [`chart`]: what is decided, as actions × call paths, as rows, as data to walk.
//! - [`claim`], [`comparison`], [`inert`], [`redundancy`]: claims, two policy sets, and what has no effect.
//! - [`near_miss`], [`open_world`], [`known_later`]: the nearest Allow, Allows of later, values known at deployment.
//! - [`grounds`], `dependence`, [`budget`], [`unanswered`]: what an answer rests on, and why there may be none.
//! - [`said`], `wording`, [`phrase`]: the words for a set of classes.
//! - [`likeness`], [`unpublished`]: names held against what AWS publishes.
//! - [`kept`]: what was found before by a text, up to a bound.

#[cfg(test)]
mod agreement;
pub mod ask;
pub mod background;
pub mod bits;
pub mod budget;
pub mod chart;
pub mod claim;
pub mod class;
pub mod clause;
pub mod comparison;
pub(crate) mod cover;
pub(crate) mod dependence;
pub mod diagram;
pub mod grounds;
mod hunt;
pub mod inert;
pub mod kept;
pub mod known_later;
pub mod likeness;
pub mod matrix;
pub mod model;
pub mod near_miss;
pub mod open_world;
pub mod phrase;
pub mod redundancy;
pub mod relation;
pub mod said;
pub mod sample;
pub mod setting;
pub mod table;
pub mod unanswered;
pub mod unpublished;
pub(crate) mod wording;

pub use background::availability::{Availability, Caller, Occasion, Target};
pub use matrix::Matrix;
