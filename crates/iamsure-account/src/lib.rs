//! Where policies live: answers of AWS's command line, whole accounts, Terraform plans, CloudFormation templates.
//!
//! [`read`] says what a text is and which policies it holds, each by an address. A principal's address is all of its
//! policies. What cannot be had (a policy that is attached and not in the text, a value that is not known yet) is named,
//! and never left out.

mod account;
mod answer;
mod container;
mod decoded;
mod intrinsic;
mod node;
mod plan;
mod principal;
mod read;
mod template;
mod written;
mod yaml;

pub use container::{Container, Document, Held, Holder, Unreadable};
pub use intrinsic::Choices;
pub use read::read;
