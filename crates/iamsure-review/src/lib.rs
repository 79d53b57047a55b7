//! What people do with iamsure: the files they write, and what is found in them.
//!
//! So far: [`request_form`], the JSON form of one request. Suites, documentation tables and
//! importers move in here. Everything returns values; nothing is printed.

pub mod request_form;
