//! What was found before by a text, up to a bound.

use std::collections::HashMap;

/// How many texts are kept: then all are forgotten, so that memory does not grow with the input.
const KEPT: usize = 4_096;

/// The longest text that is kept, in bytes.
const LONGEST: usize = 1_024;

/// What was found by some texts, where it depends on nothing but the text. Whoever writes the texts may choose them: their hashes
/// cannot be foretold.
#[derive(Clone, Debug)]
pub struct Kept<T> {
    found: HashMap<Box<str>, T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { found: HashMap::new() }
    }
}

impl<T: Clone> Kept<T> {
    /// What was found by `text`, if it is kept.
    pub fn get(&self, text: &str) -> Option<&T> {
        self.found.get(text)
    }

    /// What `find` finds by `text`, if it is not known.
    pub fn get_or(&mut self, text: &str, find: impl FnOnce() -> T) -> T {
        if let Some(found) = self.get(text) {
            return found.clone();
        }
        let found = find();
        self.keep(text, &found);
        found
    }

    /// As [`get_or`](Self::get_or); what is not found is not kept.
    ///
    /// # Errors
    /// As `find`.
    pub fn get_or_try<E>(
        &mut self,
        text: &str,
        find: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(found) = self.get(text) {
            return Ok(found.clone());
        }
        let found = find()?;
        self.keep(text, &found);
        Ok(found)
    }

    /// Keeps what was found by `text`.
    pub fn keep(&mut self, text: &str, found: &T) {
        if text.len() > LONGEST {
            return;
        }
        if self.found.len() >= KEPT {
            self.found.clear();
        }
        self.found.insert(text.into(), found.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let mut kept = Kept::default();
        let number = |number: usize| number.to_string();
        for place in 0..3 * KEPT {
            assert_eq!(kept.get_or(&number(place), || place), place);
            assert_eq!(kept.get_or(&number(place), || 0), place);
            assert!(kept.found.len() <= KEPT);
        }
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(kept.get_or(&long, || 1), 1);
        assert_eq!(kept.get(&long), None);
        assert_eq!(kept.get_or_try("y", || Err("no")), Err("no"));
        assert_eq!(kept.get("y"), None);
    }
}
