//! The world a policy is evaluated in: the request and its context, who makes it, how it arrives,
//! and the policies that apply.

pub mod bucket;
pub mod call_path;
pub mod context;
pub mod evidence;
pub mod policy_set;
pub mod principal;
pub mod principal_keys;
pub mod request;
pub mod session;
pub mod switch;
pub mod token;

pub use bucket::Bucket;
pub use call_path::{CallPath, CallPaths};
pub use context::{Context, KeyState};
pub use evidence::{Evidence, FixedKey};
pub use policy_set::PolicySet;
pub use principal::{Principal, Requester};
pub use request::Request;
pub use session::Session;
pub use switch::{Switch, Switches};
pub use token::TokenShape;
