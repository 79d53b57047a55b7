//! What people do with iamsure: the files they write, and what is found in them.
//!
//! So far: [`request_form`], the JSON form of one request, and [`answer_form`], that of its answer;
//! [`foreign`], the text of others and the sinks that write it;
//! [`expansion`], what an action pattern stands for; [`key_sheet`], the condition keys of an action;
//! [`finding`], what is found in a document, and [`published`], what AWS's published data say of it;
//! [`review_claim`], what reviewers ask of policies; [`lint`], what of them says nothing;
//! [`import`], records of what AWS decided, and [`suite_text`], which prints suites;
//! [`path_file`], call paths of one's own; [`toolhive`], the manifests of ToolHive. Suites and
//! documentation tables move in here. Everything returns values; nothing is printed.

pub mod answer_form;
pub mod caller;
pub mod documentation;
pub mod expansion;
pub mod finding;
pub mod foreign;
pub mod identifier;
pub mod import;
pub mod key_sheet;
pub mod lint;
pub mod path_file;
pub mod published;
pub mod request_form;
pub mod review_claim;
pub mod saving;
pub mod spec_rule;
pub mod suite;
pub mod suite_text;
pub mod toolhive;
mod tree;
