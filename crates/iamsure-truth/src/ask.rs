//! What is asked of requests, and the answer.
//!
//! A [`Setting`](crate::setting::Setting) fixes what it names and leaves everything else open. [`Worlds`] are the possibilities of
//! one of its requests; only [`Worlds::of`] makes them. [`Asker`] answers by the first of these that is enough,
//! and each gives the same answer where it gives one:
//!
//! 1. core's three-valued evaluation, if every world is decided alike;
//! 2. the [model](crate::model) of everything that is left open;
//! 3. otherwise what is known for certain, with [what is left open](LeftOpen) and why.

mod alike;
mod answer;
mod asker;
pub(crate) mod beside;
pub(crate) mod callers;
mod compiled;
pub(crate) mod exchange;
mod missing;
pub(crate) mod stand_in;
pub(crate) mod worlds;

pub use answer::{Answer, Assumed, Case, Conditions, LeftOpen};
pub use asker::Asker;
pub(crate) use asker::BUDGET;
pub use beside::Beside;
pub use compiled::{CompiledInquiry, Settled};
pub use exchange::{Exchange, OwnPolicies, Party, exchanges_of};
pub use missing::{Inquiry, MissingKey, NotGiven, SwitchDependence, inquire};
pub use worlds::{Known, Worlds};
