//! The language of policies: documents, patterns, variables, conditions.
//!
//! Nothing here knows a request. What a value of the language means for a request is the business
//! of [`crate::decision`]; the two meet through small questions such as
//! [`Pattern::matches`] and [`Template::resolve`](variable::Template::resolve).

pub mod action;
pub mod arn;
mod code_table;
pub mod condition;
pub mod diagnostic;
pub mod document;
pub mod json;
pub mod key;
pub mod pattern;
pub mod resource;
pub mod source;
pub mod symbol;
pub mod variable;

pub use action::{ActionName, ActionPattern};
pub use arn::{Arn, is_account_id};
pub use code_table::CodeRow;
pub use condition::{Clause, ConditionBlock, ConditionValue, Operator};
pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use document::{PolicyDocument, PolicyType, Profile, Statement};
pub use key::ConditionKey;
pub use pattern::Pattern;
pub use resource::ResourcePattern;
pub use source::{Place, Source, Span, Spanned};
