//! The requests that cases show, with the policies that decided them.

use std::sync::Arc;

use iamsure_core::world::{PolicySet, Request, Switches};

use crate::suite::case::Case;
use crate::suite::passed::Passed;

/// Requests by the policies that decided them: the same policies are there once.
#[derive(Debug, Default)]
pub(super) struct Observed<'a> {
    pub(super) groups: Vec<Group<'a>>,
}

/// Requests that the same policies decided.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) policies: PolicySet,
    pub(super) switches: Switches,
    /// Each with the case that shows it.
    pub(super) requests: Vec<(&'a Case, &'a Request)>,
}

impl<'a> Observed<'a> {
    /// The requests of every answer of the cases that passed.
    pub(super) fn of(passed: &Passed<'a>) -> Self {
        let mut observed = Self::default();
        // Most cases of a scene are decided by the same policies.
        let mut last: Option<(*const (), usize)> = None;
        for (case, answer) in &passed.cases {
            for found in &answer.cases {
                let policies = case.scene.query.deciding(&case.path, found);
                let switches = case.scene.query.switches;
                let scene = Arc::as_ptr(&case.scene).cast::<()>();
                let is_of =
                    |group: &Group<'_>| group.switches == switches && group.policies == policies;
                let number = last
                    .filter(|(known, number)| {
                        *known == scene && observed.groups.get(*number).is_some_and(is_of)
                    })
                    .map(|(_, number)| number)
                    .or_else(|| observed.groups.iter().position(is_of))
                    .unwrap_or_else(|| {
                        let requests = Vec::new();
                        observed.groups.push(Group {
                            policies: policies.clone(),
                            switches,
                            requests,
                        });
                        observed.groups.len() - 1
                    });
                last = Some((scene, number));
                if let Some(group) = observed.groups.get_mut(number) {
                    group.requests.push((case, &found.witness));
                }
            }
        }
        observed
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &'a Request> {
        self.groups.iter().flat_map(|group| group.requests.iter().map(|(_, request)| *request))
    }
}
