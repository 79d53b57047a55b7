//! Where policies live: answers of AWS's command line, whole accounts, Terraform plans, CloudFormation templates.
//!
//! [`read`] says what a text is and which policies it holds, each by an address. A principal's address is all of its
//! policies. What cannot be had (a policy that is attached and not in the text, a value that is not known yet) is named,
//! and never left out.

mod account;
mod account_principal;
mod answer;
mod changes;
mod claims;
mod container;
mod decoded;
mod deployer;
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
mod shared;
mod template;
mod tokens;
mod who_can;
mod written;
mod yaml;

pub use account_principal::AccountPrincipal;
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
pub use who_can::{Access, OneCan, When, WhoCan, who_can};
