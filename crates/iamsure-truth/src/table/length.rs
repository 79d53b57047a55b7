//! How many rows a table may have.

use std::sync::Arc;

use super::{MAX_APART, MAX_UNIQUE};
use crate::bits::Bits;
use crate::budget::{Exceeded, TooComplex};
use crate::cover::count_paths;
use crate::diagram::{Diagram, Function};

/// Refuses more rows than the budget has.
///
/// # Errors
/// If there are more.
pub(super) fn few_enough(rows: usize, budget: usize) -> Result<(), TooComplex> {
    if rows <= budget {
        return Ok(());
    }
    Err(TooComplex {
        exceeded: Exceeded::Rows,
        limit: budget,
        subject: "the table".to_owned(),
        because: Arc::default(),
    })
}

/// Whether disjoint rows may be few, as their number before any are put together tells.
pub(super) fn unique_is_short(diagrams: &[Diagram], functions: &[Function]) -> bool {
    let limit = MAX_UNIQUE * 8;
    let mut total = 0_usize;
    for (diagram, function) in diagrams.iter().zip(functions) {
        total = total.saturating_add(count_paths(diagram, *function, &Bits::new(), limit + 1));
    }
    total <= limit
}

/// Whether rows for each class alone are few, and there is one question only.
pub(super) fn apart_is_short(diagrams: &[Diagram], functions: &[Function]) -> bool {
    let mut distinct: Vec<usize> = Vec::new();
    for (number, function) in functions.iter().enumerate() {
        if function.as_leaf().is_none() {
            distinct.push(number);
        }
    }
    let [only] = distinct.as_slice() else { return false };
    match (diagrams.get(*only), functions.get(*only)) {
        (Some(diagram), Some(function)) => {
            let all = Bits::below(diagram.subjects());
            count_paths(diagram, *function, &all, MAX_APART + 1) <= MAX_APART
        }
        _ => false,
    }
}
