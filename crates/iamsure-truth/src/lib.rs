//! All requests at once.
//!
//! [`ask`] answers one question: by core's evaluation if that is enough, and otherwise by the [`model`] of
//! everything that is left open. Every view asks it: the [`Matrix`] of actions and call paths, the
//! [`table`], the [`claim`] that is proved or refuted, the [`comparison`] of two policy sets. What one
//! view says of a request is what all of them say of it.

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
pub mod cover;
pub mod dependence;
pub mod diagram;
pub mod grounds;
mod hunt;
pub mod inert;
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
pub mod wording;

pub use background::availability::{Availability, Caller, Occasion, Target};
pub use matrix::Matrix;
