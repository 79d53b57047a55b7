//! All requests at once.
//!
//! So far the slow, obvious way, which stays the reference for every faster one: a [`Matrix`] of
//! actions and call paths whose every cell is decided request by request. Where a request leaves
//! something unknown, [`resolution`] tries every way it can turn out that the policies tell apart.

#[cfg(test)]
mod agreement;
pub mod ask;
pub mod background;
pub mod bits;
pub mod budget;
pub mod claim;
pub mod class;
pub mod clause;
pub mod comparison;
pub mod cover;
pub mod dependence;
pub mod diagram;
pub mod grounds;
mod hunt;
pub mod inert;
pub mod likeness;
pub mod matrix;
pub mod model;
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
pub mod wording;

pub use background::availability::{Availability, Caller, Occasion, Target};
pub use matrix::Matrix;
