//! Where policies live: answers of AWS's command line, whole accounts, Terraform plans, CloudFormation templates.
//!
//! [`read`] says what a text is and which policies it holds, each by an address. A principal's address is all of its
//! policies. What cannot be had (a policy that is attached and not in the text, a value that is not known yet) is named,
//! and never left out. Questions about everybody are asked of [`Principals`]:
//!
//! ```
//! use iamsure_account::{Access, Choices, Facts, Principals, read, who_can};
//! use iamsure_core::language::{ActionPattern, Source};
//!
//! let text = r#"{ "UserDetailList": [
//!   { "UserName": "alice", "Arn": "arn:aws:iam::111122223333:user/alice",
//!     "UserPolicyList": [{ "PolicyName": "own", "PolicyDocument": { "Version": "2012-10-17",
//!       "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "*" } } }] },
//!   { "UserName": "bob", "Arn": "arn:aws:iam::111122223333:user/bob" }
//! ], "GroupDetailList": [], "RoleDetailList": [], "Policies": [], "IsTruncated": false }"#;
//! let account = read(&Source::new("account.json", text), &Choices::default()).unwrap().unwrap();
//! let everybody = Principals::of([&account]);
//! let facts = Facts {
//!     actions: vec![ActionPattern::new("s3:DeleteObject")],
//!     resources: vec!["arn:aws:s3:::b/k".to_owned()],
//!     resource_account: Some("111122223333".to_owned()),
//!     ..Facts::default()
//! };
//! let found = who_can(&everybody, &facts).unwrap();
//! // Alice by her own policy; nothing allows it to Bob.
//! let access: Vec<_> = everybody.principals.iter().zip(&found.answers)
//!     .map(|(principal, answer)| (principal.address.as_str(), answer.access))
//!     .collect();
//! assert_eq!(access, [("user/alice", Access::Always), ("user/bob", Access::Never)]);
//! ```
//!
//! # Overview
//!
//! - [`read`] gives a [`Container`]; its [`Holder`]s hold policies, each a [`Document`]. [`Choices`] settle a template.
//! - [`ManagedPolicies`]: the policies of AWS whose documents are not in the text.
//! - [`Principals`] and [`Facts`]: everybody in an account, and what is asked about them.
//! - [`who_can`], [`ClaimOfAll`], [`review`]: who can do something, who breaks a claim, what reviewers ask of everybody.
//! - [`paths`] and [`tokens`]: what a principal can become, and which roles the holders of tokens can have.
//! - [`changes`]: what everybody can do in one account and not in another.

mod account;
mod account_principal;
mod answer;
mod changes;
mod claims;
mod container;
mod decoded;
mod deployer;
mod embedded;
mod intrinsic;
mod managed;
mod node;
mod paths;
mod plan;
mod principal;
mod principals;
mod progress;
mod question;
mod read;
mod resource_policy;
mod review;
mod roles;
mod shared;
mod template;
mod tokens;
mod who_can;
mod written;
mod yaml;

pub use account_principal::{AccountPrincipal, Tags, identify};
pub use changes::{Aspect, Change, Presence, changes, changes_of_others};
pub use claims::{ClaimOfAll, Everybody, OneHolds};
pub use container::{Container, Document, Held, Holder, Unreadable};
pub use intrinsic::Choices;
pub use managed::{ManagedPolicies, ManagedPolicy, UnknownPolicy, managed_name, read_managed};
pub use paths::{Edge, Gain, METHODS, Method, Need, On, Paths, Target, paths};
pub use principals::{Principals, Unasked};
pub use progress::Progress;
pub use question::Facts;
pub use read::{MAX_CONTAINER, read};
pub use resource_policy::{
    Collected, Other, ResourcePolicies, ResourcePolicy, resource_policies, told_by,
};
pub use review::{
    ReviewOfOne, ReviewOfPolicy, Reviewed, review, review_of_policies, review_of_resources,
};
pub use tokens::{TokenRole, tokens};
pub use who_can::{About, Access, Asked, OneCan, When, WhoCan, who_can};
