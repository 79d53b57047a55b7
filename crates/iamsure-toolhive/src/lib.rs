//! ToolHive's manifests: which IAM role the claims of a token lead to, and what AWS then decides.
//!
//! ToolHive is a proxy for MCP servers that runs in Kubernetes. Its resource `MCPExternalAuthConfig`
//! of type `awsSts` maps the claims of a token to an IAM role; the proxy exchanges the token for a
//! session of that role and signs requests with it.
//!
//! ```
//! use iamsure_core::language::Source;
//! use iamsure_toolhive::claims::Claims;
//! use iamsure_toolhive::manifest::Manifests;
//! use iamsure_toolhive::selection::select;
//! use serde_json::json;
//!
//! let manifest = Source::new("auth.yaml", r#"
//! apiVersion: toolhive.stacklok.dev/v1beta1
//! kind: MCPExternalAuthConfig
//! metadata: { name: aws, namespace: tools }
//! spec:
//!   type: awsSts
//!   awsSts:
//!     region: eu-central-1
//!     roleMappings:
//!       - { claim: admins, roleArn: "arn:aws:iam::111122223333:role/Admin", priority: 1 }
//! "#);
//! let manifests = Manifests::read(&[manifest]);
//! assert!(!manifests.has_errors(), "{:?}", manifests.findings);
//! let config = &manifests.configs[0];
//! let role_of = |group: &str| {
//!     let claims = Claims::of("token", json!({ "sub": "alice", "groups": [group] }));
//!     select(config, &claims).choice.role().map(ToString::to_string)
//! };
//! assert_eq!(role_of("admins").as_deref(), Some("arn:aws:iam::111122223333:role/Admin"));
//! assert_eq!(role_of("guests"), None);
//! ```
//!
//! # Rooms
//!
//! The road of a token is told in order:
//!
//! - [`manifest`]: the resources, read from YAML with the place of everything that is wrong
//! - [`claims`]: the claims of tokens
//! - [`selection`]: the role that ToolHive selects, mapping by mapping
//! - [`admission`]: what ToolHive refuses before AWS hears of it
//! - [`exchange`]: the token, the trust policy, the session
//! - [`bypass`]: what the manifests cannot enforce
//! - [`road`]: all of it together
//!
//! A running proxy is held against that:
//!
//! - [`protected_resource`]: what it publishes of itself
//! - [`reply`]: what its refusals mean
//! - [`agreement`]: whether it lets in whom the road lets in
//! - [`tool`]: what the tools that it lists ask of AWS
//!
//! Rules are those of github.com/stacklok/toolhive as of 2026-08; each is cited where it is applied.

pub mod admission;
pub mod agreement;
pub mod bypass;
pub mod check;
pub mod claims;
pub mod exchange;
pub mod external_auth;
mod fields;
pub mod finding;
pub mod manifest;
pub mod matcher;
pub mod oidc_config;
pub mod protected_resource;
pub mod remote_proxy;
pub mod reply;
pub mod road;
pub mod role_arn;
pub mod role_mapping;
pub mod selection;
pub mod tool;
mod url;
