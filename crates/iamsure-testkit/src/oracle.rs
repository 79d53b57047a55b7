//! Rules restated slowly and plainly, so that the real code has something to be compared with.
//!
//! Nothing here is shared with the code it judges: no parser, no matcher, no table but the names
//! of the operators. Where the two differ, one of them misreads the rule.

pub mod clause;
pub mod pattern;
