//! What people do with iamsure: the files they write, and what is found in them.
//!
//! So far: [`request_form`], the JSON form of one request, [`answer_form`], that of its answer, and
//! [`toolhive`], the manifests of ToolHive. Suites, documentation tables and importers move in here.
//! Everything returns values; nothing is printed.

pub mod answer_form;
pub mod path_file;
pub mod request_form;
pub mod toolhive;
