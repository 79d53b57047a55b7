//! Random policies, requests and their parts, for the property tests.
//!
//! Uniformly random text finds nothing: two random ARNs are never nearly equal. So each strategy
//! draws from a few texts that are near misses of one another (the same prefix, one star, one case
//! flip, absent beside empty) and everything meets everything.
//!
//! - [`pattern`]: globs, actions, resources, and texts that nearly match them.
//! - [`condition`]: operators, values, clauses, key states.
//! - [`document`]: policy documents as JSON text, and read.
//! - [`claim`]: claims, whole or in parts.
//! - [`said`]: what cells say.
//! - [`world`]: principals, contexts, requests, policy sets over every layer, switches.

pub mod claim;
pub mod condition;
pub mod document;
pub mod pattern;
pub mod said;
pub mod world;

use proptest::sample::{Select, select};

/// One of these texts.
fn one_of(texts: &'static [&'static str]) -> Select<&'static str> {
    select(texts)
}
