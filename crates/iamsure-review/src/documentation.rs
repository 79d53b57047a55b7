//! Tables in documentation: checked, generated, found.
//!
//! A page says "if the key is absent, the Deny does not apply", next to the policy, and nobody notices that
//! the policy says otherwise. Here the page is read ([`document`]), its tables are understood, and every
//! row is asked of the policies.
//!
//! - [`check`](check::check): tables that a marker binds to a policy, and those that are generated;
//! - [`write`](block::write): generated tables, put between their markers;
//! - [`scan`](scan::scan): tables that nobody bound, and look like truth tables beside a policy.
//!
//! A row is asked of the engine of all requests, so an answer holds for every request that the row is
//! about. What is not understood is said to be not checked.

mod account;
pub mod asking;
pub mod binding;
pub mod block;
mod cell;
pub mod check;
pub(crate) mod column;
pub mod comment;
pub mod document;
pub(crate) mod edit;
pub(crate) mod fence;
pub mod finding;
pub mod fix;
mod flaw;
mod generate;
mod inert;
mod judging;
mod layout;
mod listing;
mod marker;
mod markup;
mod placeholder;
mod reading;
pub mod reference;
pub mod scan;
mod statements;
pub mod table;

pub use document::{Document, Syntax};

#[cfg(test)]
mod tests;
