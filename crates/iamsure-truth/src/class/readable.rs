//! How far witnesses that read well are looked for: what a policy names, or what its patterns look like
//! filled in. A witness that was not replaced is as right, only not as readable.

/// How many times a pattern is matched for it.
const MAX_MATCHES: usize = 1_000_000;
/// How many texts are tried at least.
const MIN_TRIES: usize = 64;

/// How many texts are tried against this many patterns.
pub(super) fn tries(patterns: usize) -> usize {
    (MAX_MATCHES / patterns.max(1)).max(MIN_TRIES)
}
