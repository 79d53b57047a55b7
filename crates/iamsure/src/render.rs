//! One file an output form. The only files that know a rendering crate.

pub(crate) mod account;
pub(crate) mod actions;
pub(crate) mod agreement;
pub(crate) mod comparison;
pub(crate) mod diagnostic;
pub(crate) mod docs;
pub(crate) mod emission;
pub(crate) mod explanation;
pub(crate) mod grounds;
pub(crate) mod inert;
pub(crate) mod json;
pub(crate) mod keys;
pub(crate) mod layout;
pub(crate) mod lint;
pub(crate) mod listing;
pub(crate) mod matrix;
pub(crate) mod proof;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod suite;
pub(crate) mod table;
pub(crate) mod toolhive;
pub(crate) mod whole_call;
mod whose;
pub(crate) mod words;
