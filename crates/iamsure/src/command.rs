//! One file a command: read, ask a floor below, render.

pub(crate) mod account;
pub(crate) mod actions;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod docs;
pub(crate) mod explain;
pub(crate) mod help;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod matrix;
pub(crate) mod prove;
pub(crate) mod report;
pub(crate) mod simulate;
pub(crate) mod table;
pub(crate) mod test;
pub(crate) mod toolhive;
pub(crate) mod validate;
