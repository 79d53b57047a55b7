//! How far a question about everybody has come.

use std::fmt;
use std::sync::Arc;

/// Told after each answer how many there are and how many there will be; from any thread. By default nobody is told.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<dyn Fn(usize, usize) + Send + Sync>>);

impl Progress {
    /// Tells `told` the number of answers that are there, and of all.
    pub fn new(told: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    pub(crate) fn at(&self, done: usize, of: usize) {
        if let Some(told) = &self.0 {
            told(done, of);
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Progress(told)" } else { "Progress(untold)" })
    }
}
