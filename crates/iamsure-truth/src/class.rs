//! Classes: sets of values of one subject that no policy in a set tells apart.
//!
//! # Why classes are enough
//!
//! A request gives each *subject* a value: the principal, the action, the resource, and each
//! condition key. A statement matches if each of its clauses holds, and each clause looks at one
//! subject. (Clauses with policy variables look at two; see [`crate::relation`].)
//!
//! For a value `v` of subject `x`, let its *signature* be which clauses about `x` hold of `v`.
//!
//! > If two requests have equal signatures in every subject, every clause holds of both or of
//! > neither. So the same statements match both. A decision is a function of which statements match,
//! > and of those facts about the caller, the action and the resource that the rules of combination
//! > ask for, which are clauses here too. So the two requests get the same decision.
//!
//! It is therefore enough to know, of every subject, which signatures some value has, and one value
//! (a *witness*) for each. A class is all values of one signature. That a key is absent is a value
//! like any other, and so is the set without elements of a multivalued key.

pub mod action;
pub(crate) mod address;
pub mod identity;
pub(crate) mod ordered;
pub(crate) mod plausible;
mod readable;
pub mod requester;
pub mod resource;
pub mod state;
pub mod subject;
pub mod text;
pub mod value;
