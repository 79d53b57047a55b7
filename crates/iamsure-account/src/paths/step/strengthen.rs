//! Whoever can become another principal, and give it more before, has what it gives.

use std::collections::BTreeMap;

use iamsure_truth::unanswered::Unanswered;

use super::super::call::Call;
use super::super::method::own_resources;
use super::super::{Edge, Gain, METHODS, Target};
use super::{Steps, edge};

impl Steps<'_> {
    /// The steps of a principal to others that it becomes by `own`, each with more than it has now.
    pub(in super::super) fn strengthen(
        &mut self,
        from: usize,
        own: &[Edge],
        has_everything: impl Fn(usize) -> bool,
    ) -> Result<Vec<Edge>, Unanswered> {
        // Of several ways to become somebody a certain one.
        let mut becoming: BTreeMap<usize, &Edge> = BTreeMap::new();
        for edge in own {
            if let Target::Principal(to) = edge.to
                && !has_everything(to)
                && becoming.get(&to).is_none_or(|known| !known.is_certain && edge.is_certain)
            {
                becoming.insert(to, edge);
            }
        }
        let (principals, switches) = (self.principals, self.facts.switches);
        let mut found = Vec::new();
        for method in METHODS.iter().filter(|method| method.gain == Gain::Oneself) {
            if becoming.is_empty() || self.is_denied_on_anything(from, method)? {
                continue;
            }
            for (number, then) in &becoming {
                let Some(target) = principals.principals.get(*number) else { continue };
                for (more, resource) in own_resources(principals, target, method.needs) {
                    let (calls, is_certain) = self.changes(from, target, method, &resource)?;
                    if calls.iter().any(|call| matches!(call, Call::Denied)) {
                        continue;
                    }
                    let to = Target::With(*number, Box::new(more));
                    let is_certain = is_certain && then.is_certain;
                    let step =
                        edge((principals, &switches), (from, to), method, &calls, is_certain);
                    found.extend(step.map(|mut step| {
                        step.requests.extend(then.requests.iter().cloned());
                        step.symbols.extend(then.symbols.iter().cloned());
                        step.then = Some(then.method);
                        step
                    }));
                }
            }
        }
        Ok(found)
    }
}
