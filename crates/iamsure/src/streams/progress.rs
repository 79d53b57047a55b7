//! A bar on standard error for work that takes longer than a second, where a person watches.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Quicker work shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Work of a known number of steps. Its bar is drawn on a terminal alone, and gone when it ends.
#[derive(Debug)]
pub(crate) struct Watched {
    since: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Watched {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), bar: OnceLock::new() }
    }

    /// `done` steps of `of` are done.
    pub(crate) fn at(&self, done: usize, of: usize) {
        if done == of {
            self.clear();
        } else if self.since.elapsed() >= PATIENCE {
            self.bar.get_or_init(|| bar(of)).set_position(done.try_into().unwrap_or(u64::MAX));
        }
    }

    /// The answer stands where the bar was.
    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.clear();
    }
}

fn bar(of: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} policy sets, {eta} left");
    ProgressBar::new(of.try_into().unwrap_or(u64::MAX))
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
