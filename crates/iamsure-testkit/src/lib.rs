//! What the tests, benches and fuzz targets of iamsure share. Not published.
//!
//! A case of the corpus names a rule, and what AWS decides by it:
//!
//! ```
//! use iamsure_testkit::case::CaseFile;
//!
//! let cases: CaseFile = serde_saphyr::from_str(r#"
//! cases:
//!   - name: an-absent-key-is-not-equal-to-anything
//!     rule: C-10
//!     evidence: documented
//!     condition: { block: '{"StringEquals": {"x:k": "x"}}', context: {} }
//!     expect: no-match
//! "#).unwrap();
//! assert_eq!(cases.cases[0].run(), Ok(()));
//! ```
//!
//! # Rooms
//!
//! - [`account_case`]: what the containers of `corpus/accounts` hold.
//! - [`escalation_case`]: the paths of `corpus/escalations`, and the traps beside each.
//! - [`case`]: the cases of `corpus/rules`, read and run.
//! - [`exchange_case`]: those of them about sessions.
//! - [`conformance`]: the page of rules, cases, tables and differences to other engines.
//! - [`date_table`]: literals of dates, each with what it names.
//! - [`event_table`]: the tables of `EventBridge` about event patterns.
//! - [`every_request`]: every request of the sample caller, for what is measured and cross-checked.
//! - [`growth`]: policies that grow in one direction, for the benches.
//! - [`operator_table`]: the published tables of operators, looked up in the program's own.
//! - [`oracle`]: the rules restated slowly and plainly, to be compared with.
//! - [`restatement`]: what the layers add up to, restated over small abstract worlds.
//! - [`review_case`]: policies that break or keep each claim of a review.
//! - [`sampling`]: some of the verdicts of a request with unknowns, found by trying values.
//! - [`suite_file`]: suites on the disk.
//! - [`specimen`]: policies of a known size, for the benches.
//! - [`strategy`]: random policies and requests, biased to near misses.

pub mod account_case;
pub mod case;
pub mod conformance;
pub mod date_table;
pub mod escalation_case;
pub mod event_table;
pub mod every_request;
pub mod exchange_case;
pub mod growth;
pub mod operator_table;
pub mod oracle;
pub mod restatement;
pub mod review_case;
pub mod sampling;
pub mod specimen;
pub mod strategy;
pub mod suite_file;
