//! The cases of a test: everything with everything.

use std::sync::Arc;

use iamsure_core::world::{CallPath, Context};
use iamsure_truth::matrix::MatrixQuery;

use super::super::case::{Case, Scene, trust_is_of_resource};
use super::callers::Caller;
use super::fields::{Expected, TestReader};
use crate::tree::Misread;

impl TestReader<'_, '_, '_> {
    pub(super) fn cases(mut self) -> Result<Vec<Case>, Misread> {
        let callers = self.callers()?;
        let given = self.given()?;
        let switches = self.switches()?;
        let account = self.resource_account()?;
        let actions = self.actions()?;
        let resources = self.resources()?;
        let contexts = self.contexts()?;
        let expected: Vec<Expected> = self.expectations()?;
        // Every path with every context.
        let mut columns = Vec::new();
        for (path, expectation, span) in &expected {
            for (name, keys) in &contexts {
                let base = path.clone().unwrap_or_else(CallPath::any);
                let with = if keys.is_empty() { base } else { base.with_keys(keys) };
                let mut label = String::new();
                if path.is_some() {
                    label.push_str(" on ");
                    label.push_str(with.name());
                }
                if !name.is_empty() {
                    label.push_str(" in ");
                    label.push_str(name);
                }
                columns.push((Arc::new(with), expectation, *span, label));
            }
        }
        let mut cases = Vec::new();
        for caller in callers {
            let Caller { set, policies, requester, label: who } = caller;
            let of_resource = trust_is_of_resource(&policies, !resources.is_empty());
            let query = MatrixQuery {
                policies,
                trust_is_of_resource: of_resource,
                requester,
                questions: Vec::new(),
                wildcards: Vec::new(),
                paths: Vec::new(),
                context: Context::open(),
                resource_account: account.clone(),
                switches,
            };
            let scene = Arc::new(Scene::new(query, given));
            for (action, _) in &actions {
                let usual = || {
                    iamsure_reference::example_resource(action.as_str())
                        .unwrap_or_else(|| "*".to_owned())
                };
                let list = if resources.is_empty() { vec![usual()] } else { resources.clone() };
                for resource in list {
                    for (path, expectation, span, label) in &columns {
                        let about = if resources.len() > 1 {
                            format!(" on {resource}")
                        } else {
                            String::new()
                        };
                        let by = if who.is_empty() { String::new() } else { format!(" by {who}") };
                        cases.push(Case {
                            set,
                            scene: scene.clone(),
                            action: action.clone(),
                            resource: resource.clone(),
                            path: path.clone(),
                            expected: (*expectation).clone(),
                            span: *span,
                            label: format!("{action}{about}{by}{label}"),
                        });
                    }
                }
            }
        }
        Ok(cases)
    }
}
