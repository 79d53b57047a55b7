//! Small scopes, whole: every pattern, policy and request of a small world, against brute force.
//!
//! The texts of section 4 and 5 of the rules, and policies of one and two statements. Each test prints
//! how many cases it looked at (`cargo test --test exhaustive -- --nocapture`).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod policies;
mod texts;
