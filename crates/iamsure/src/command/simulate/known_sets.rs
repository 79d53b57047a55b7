//! Policy sets that were read before, by their text.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use iamsure_core::world::{PolicySet, Switches};
use iamsure_truth::ask::{CompiledInquiry, NotGiven};

/// A policy set that many requests are put to.
pub(super) struct KnownSet {
    whole: CompiledInquiry,
    /// What looks at calls that come through no VPC endpoint, if that is less.
    off_endpoint: Option<CompiledInquiry>,
}

impl KnownSet {
    pub(super) fn new(policies: PolicySet, switches: Switches, not_given: NotGiven) -> Self {
        let off_endpoint = policies.endpoint.is_some().then(|| {
            let rest = PolicySet { endpoint: None, ..policies.clone() };
            CompiledInquiry::new(Arc::new(rest), switches, not_given)
        });
        Self { whole: CompiledInquiry::new(Arc::new(policies), switches, not_given), off_endpoint }
    }

    /// The policies that look at a call.
    pub(super) fn looking(&self, is_off_endpoint: bool) -> &CompiledInquiry {
        match &self.off_endpoint {
            Some(rest) if is_off_endpoint => rest,
            _ => &self.whole,
        }
    }
}

/// Policy sets by the text they were read from, up to a bound: input that names ever others takes no more
/// memory, and those that come back are kept.
#[derive(Default)]
pub(super) struct KnownSets {
    /// Those of late.
    young: HashMap<Box<str>, Rc<KnownSet>>,
    /// Those of before; dropped when the young ones become old.
    old: HashMap<Box<str>, Rc<KnownSet>>,
    /// Bytes of text of the young ones.
    bytes: usize,
}

/// How many bytes of text make a generation. A policy takes some dozen times its text, and another part for
/// each switch.
const GENERATION: usize = 1 << 20;

impl KnownSets {
    /// The set that was read from `text`; `read` reads it if it is not known.
    pub(super) fn get_or_read<E>(
        &mut self,
        text: &str,
        read: impl FnOnce() -> Result<KnownSet, E>,
    ) -> Result<Rc<KnownSet>, E> {
        if let Some(known) = self.young.get(text) {
            return Ok(Rc::clone(known));
        }
        let (text, set) = match self.old.remove_entry(text) {
            Some(known) => known,
            None => (text.into(), Rc::new(read()?)),
        };
        if self.bytes + text.len() > GENERATION {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += text.len();
        self.young.insert(text, Rc::clone(&set));
        Ok(set)
    }

    /// Bytes of text of all that is kept.
    #[cfg(test)]
    fn size(&self) -> usize {
        self.young.keys().chain(self.old.keys()).map(|text| text.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the set of `text` was known.
    fn ask(sets: &mut KnownSets, text: &str) -> bool {
        let mut was_read = false;
        let set = sets.get_or_read(text, || {
            was_read = true;
            Ok::<_, ()>(KnownSet::new(
                PolicySet::default(),
                Switches::default(),
                NotGiven::Nonexistent,
            ))
        });
        assert!(set.is_ok());
        !was_read
    }

    #[test]
    fn what_comes_back_is_kept_and_all_is_bounded() {
        let mut sets = KnownSets::default();
        assert!(!ask(&mut sets, "often"));
        let long = "x".repeat(10_000);
        for number in 0..500 {
            let text = format!("{number} {long}");
            assert!(!ask(&mut sets, &text));
            assert!(ask(&mut sets, &text));
            assert!(ask(&mut sets, "often"), "after {number}");
            assert!(sets.size() <= 2 * GENERATION);
        }
        assert!(!ask(&mut sets, &format!("0 {long}")));
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        let mut sets = KnownSets::default();
        assert!(sets.get_or_read("x", || Err("no")).is_err());
        assert!(!ask(&mut sets, "x"));
    }
}
