//! What people do with iamsure: the files they write, and what is found in them.
//!
//! Everything returns values; nothing is read from disk and nothing is printed. A suite, for one, takes its files from a
//! [`Shelf`](suite::Shelf):
//!
//! ```
//! use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
//! use iamsure_review::suite::{Decided, Outcome, Shelf, Shelved, Suite, decide};
//!
//! struct Files;
//!
//! impl Shelf for Files {
//!     fn suite(&mut self, _: &str, name: &str) -> Result<Source, String> {
//!         Err(format!("there is no {name}"))
//!     }
//!
//!     fn policies(&mut self, _: &str, name: &str, kind: PolicyType, profile: Profile) -> Result<Shelved, String> {
//!         let source = Source::new(name, r#"{ "Version": "2012-10-17", "Statement":
//!             { "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*" } }"#);
//!         let read = PolicyDocument::read(&source, kind, profile);
//!         read.map(Shelved::from).map_err(|findings| format!("{findings:?}"))
//!     }
//! }
//!
//! let text = r#"
//! policies: { reader: { identity: reader.json } }
//! tests:
//!   - { name: reads, action: "s3:GetObject", resource: "arn:aws:s3:::b/k", expect: { direct: allowed } }
//!   - { name: writes, action: "s3:PutObject", resource: "arn:aws:s3:::b/k", expect: { direct: implicitly denied } }
//! "#;
//! let suite = Suite::read(&Source::new("reader.iamsure.yaml", text), &mut Files).unwrap();
//! for test in &suite.tests {
//!     let Decided::Cases(outcomes) = decide(test) else { panic!("no claim, and not to do") };
//!     assert!(matches!(outcomes[..], [Outcome::Passed(_)]), "{outcomes:?}");
//! }
//! ```
//!
//! # Rooms
//!
//! - [`suite`], [`suite_text`]: what policies must decide, as a file beside them; and such files, printed.
//! - [`documentation`]: tables in pages, checked, generated and found.
//! - [`lint`], [`finding`], [`published`], [`saving`]: what is wrong with a document, or says nothing.
//! - [`review_claim`]: what reviewers ask of policies.
//! - [`request_form`], [`answer_form`], [`path_file`], [`caller`]: requests, answers, call paths and principals as text.
//! - [`expansion`], [`key_sheet`]: what a pattern of actions stands for, and which condition keys an action has.
//! - [`spec_rule`]: the numbered rules.
//! - [`foreign`]: text of others, and the sinks that write it.
//! - [`tree`]: YAML in which every key and value knows its place.

pub mod answer_form;
pub mod caller;
pub mod documentation;
pub mod expansion;
pub mod finding;
pub mod foreign;
pub mod key_sheet;
pub mod lint;
pub mod path_file;
pub mod published;
pub mod request_form;
pub mod review_claim;
pub mod saving;
pub mod spec_rule;
pub mod suite;
pub mod suite_text;
pub mod tree;
