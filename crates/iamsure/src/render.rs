//! One file an output form. The only files that know a rendering crate.

pub(crate) mod diagnostic;
pub(crate) mod explanation;
pub(crate) mod matrix;
pub(crate) mod toolhive;
pub(crate) mod words;
