//! Booleans of `Bool` and `Null`: `true` and `false` without case (C-25, C-32).

/// Reads a Boolean; `None` for any other text.
pub fn read(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
