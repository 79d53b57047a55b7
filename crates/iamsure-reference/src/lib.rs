//! What AWS publishes about its services, as data: actions, resource types, ARN formats and
//! condition keys, all of one day.
//!
//! ```
//! use iamsure_reference::{AccessLevel, Standing, action, expand, global_key};
//!
//! let Standing::Known(get) = action("S3:getobject") else { panic!("S3 can read objects") };
//! assert_eq!(get.name(), "s3:GetObject");
//! assert!(get.access_levels().contains(AccessLevel::Read));
//! let object = get.resource_types().find(|resource| resource.name() == "object");
//! assert_eq!(
//!     object.and_then(|object| object.arn_formats().next()),
//!     Some("arn:${Partition}:s3:::${BucketName}/${ObjectName}"),
//! );
//!
//! // A name that AWS dropped is told apart from a name that never was.
//! let Standing::Retired(gone) = action("aws-mcp:InvokeMcp") else { panic!("gone since March 2026") };
//! assert_eq!(gone.since, "2026-03-24");
//! assert_eq!(action("s3:GetObjet"), Standing::Unknown);
//!
//! let assume: Vec<&str> = expand("sts:assumerole*").map(|action| action.name()).collect();
//! assert!(assume.contains(&"sts:AssumeRoleWithWebIdentity"));
//! assert!(global_key("aws:TagKeys").is_some_and(|key| key.multivalued));
//! ```
//!
//! # Overview
//!
//! - [`action`], [`actions`] and [`expand`] find [`Action`]s; [`ActionSet`] holds them.
//! - [`service`] and [`services`] find [`Service`]s.
//! - [`condition_key`] finds a [`ConditionKey`] of any service; [`global_key`] a [`GlobalKey`],
//!   with its [`Presence`] by [`CallerKind`].
//! - A look-up gives a [`Standing`]: known, retired since when, or unknown. [`retired_actions`] and
//!   [`expand_retired`] list what is gone.
//! - [`ResourceType::fits`] says whether an ARN, or a pattern of one, has the form of a type.
//! - [`example_resource`] and [`well_known`] give something to show where a policy says `*`.
//!
//! Names are compared ignoring ASCII case and given back in AWS's spelling. The tables are
//! embedded, sorted, and read in place: no start-up cost, no I/O, no failure; an exact look-up is
//! two binary searches.
//!
//! # What it is not
//!
//! - It decides nothing. Matching, conditions and precedence are `iamsure-core`'s; here are facts
//!   to look up.
//! - It is not today's AWS. It is what was published on the day of [`captured`]; a name missing
//!   here may be newer. Dependent actions are older still: AWS stopped publishing them in July
//!   2026.
//! - It is not a list of API operations. An operation may need several actions, or one with another
//!   name.
//! - It holds no description text, and does not say which of an action's condition keys a given
//!   request carries. For global keys it does, by kind of caller.
//! - Undocumented actions, which a few services have, are unknown to it.
//!
//! The data and their licences: `NOTICE.md`. How they are refreshed: `refresh/README.md`.

mod access;
mod action;
mod action_set;
mod endpoint;
mod example;
mod familiar;
mod fit;
mod global;
mod key;
mod operation;
mod pattern;
mod resource;
mod service;
mod service_principal;
mod standing;
mod table;
#[cfg(test)]
mod tests;

pub use access::{AccessLevel, AccessLevels};
pub use action::{ACTION_COUNT, Action, action, actions};
pub use action_set::ActionSet;
pub use endpoint::{GLOBAL_REGION, GLOBAL_SERVICES, takes_plain_http};
pub use example::{example_arn, example_resource};
pub use familiar::well_known;
pub use global::{CallerKind, Category, GlobalKey, Presence, global_key, global_keys};
pub use key::{ConditionKey, ValueType, condition_key, condition_keys};
pub use operation::{Authorized, action_prefix, authorized_by};
pub use pattern::{expand, expand_retired};
pub use resource::ResourceType;
pub use service::{Service, service, services};
pub use service_principal::is_service_principal;
pub use standing::{
    Retirement, Standing, retired_actions, retired_condition_keys, retired_services,
};

/// The day, as `2026-10-27`, on which AWS's service pages were as given here.
pub const fn captured() -> &'static str {
    table::CAPTURED
}

/// The packages the service data come from, one line each: name, version, date, licence, and what
/// was taken.
pub const fn sources() -> &'static [&'static str] {
    table::PACKAGES
}
