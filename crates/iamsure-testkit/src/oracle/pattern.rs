//! Wildcards by the textbook recurrence: does this much of the pattern match this much of the text?

/// Whether `*` and `?` in `pattern` cover the whole of `text`.
pub fn glob(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // row[t]: the pattern so far matches the first t characters.
    let mut row: Vec<bool> = (0..=text.len()).map(|t| t == 0).collect();
    for piece in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for t in 0..=text.len() {
            let before = |row: &[bool]| t > 0 && row.get(t - 1) == Some(&true);
            let c = t.checked_sub(1).and_then(|t| text.get(t)).copied();
            let holds = match piece {
                '*' => row.get(t) == Some(&true) || before(&next),
                '?' => before(&row),
                PRIVATE_STAR => before(&row) && c == Some('*'),
                PRIVATE_QUESTION => before(&row) && c == Some('?'),
                p => before(&row) && c == Some(p),
            };
            if let Some(slot) = next.get_mut(t) {
                *slot = holds;
            }
        }
        row = next;
    }
    row.last() == Some(&true)
}

/// Like [`glob`], with ASCII letters equal in both cases.
pub fn glob_ignoring_case(pattern: &str, text: &str) -> bool {
    glob(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

const PRIVATE_STAR: char = '\u{f0000}';
const PRIVATE_QUESTION: char = '\u{f0001}';

/// `text` with its wildcards replaced by characters that [`glob`] takes for the literal `*` and `?`.
pub fn literally(text: &str) -> String {
    text.replace('*', &PRIVATE_STAR.to_string()).replace('?', &PRIVATE_QUESTION.to_string())
}

/// The reverse of [`literally`].
pub fn plainly(text: &str) -> String {
    text.replace(PRIVATE_STAR, "*").replace(PRIVATE_QUESTION, "?")
}
