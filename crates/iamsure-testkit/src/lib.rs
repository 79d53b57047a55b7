//! What the tests, benches and fuzz targets of iamsure share. Not published.
//!
//! - [`case`]: the cases of `corpus/rules`, read and run.

pub mod case;
