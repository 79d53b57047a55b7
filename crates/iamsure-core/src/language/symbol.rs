//! Placeholders such as `<YOUR_AWS_ACCOUNT_ID>`, which documents hold where a reader has to put a
//! value. They are read as symbols: values that equal only themselves.

use super::source::Span;

/// The longest placeholder, in characters: the name of a resource in a template, of 255 at most, and of an attribute.
const LONGEST: usize = 300;

/// The spans of texts such as `<YOUR_AWS_ACCOUNT_ID>`: angle brackets around capitals, digits,
/// blanks, hyphens and underscores, with at least two capitals or the like.
pub fn placeholders(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for (start, _) in text.match_indices('<') {
        let Some(rest) = text.get(start + 1..) else { continue };
        let window = rest.char_indices().take(LONGEST).find(|(_, c)| *c == '>');
        let Some((length, _)) = window else { continue };
        let Some(inside) = rest.get(..length) else { continue };
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
        if inside.len() >= 2
            && inside.chars().all(fits)
            && inside.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            spans.push(Span::new(start, start + length + 2));
        }
    }
    spans
}

/// Whether the whole of `text` is one placeholder.
pub fn is_placeholder(text: &str) -> bool {
    placeholders(text).first() == Some(&Span::new(0, text.len()))
}

/// Whether `text` begins with a placeholder.
pub fn begins_with_placeholder(text: &str) -> bool {
    placeholders(text).first().is_some_and(|span| span.start == 0)
}

/// A text as a name in IAM: symbols by what they are called, and a hyphen for whatever names do not hold.
///
/// AWS page: IAM User Guide, `reference_iam-quotas`, "IAM name requirements".
pub fn as_name(text: &str) -> String {
    const LONGEST: usize = 64;
    let is_of_names = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let shown = text.chars().filter(|c| !matches!(c, '<' | '>'));
    shown.map(|c| if is_of_names(c) { c } else { '-' }).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_comparisons() {
        assert!(is_placeholder("<YOUR_AWS_ACCOUNT_ID>"));
        assert!(!is_placeholder("arn:aws:s3:::<BUCKET>"));
        assert!(begins_with_placeholder("<Table.Arn>/index/*"));
        assert!(!begins_with_placeholder("arn:aws:s3:::<BUCKET>"));
        assert_eq!(placeholders("arn:aws:s3:::<BUCKET>/*"), [Span::new(13, 21)]);
        for text in ["a < b > c", "<>", "<1>", "<a/b>", "x<y"] {
            assert_eq!(placeholders(text), [], "{text}");
        }
    }
    #[test]
    fn a_name_holds_what_names_hold() {
        assert_eq!(as_name("<Env>-app"), "Env-app");
        assert_eq!(as_name("<from aws_iam_role.app>"), "from-aws_iam_role.app");
        assert_eq!(as_name(&"a".repeat(300)).len(), 64);
    }
}
