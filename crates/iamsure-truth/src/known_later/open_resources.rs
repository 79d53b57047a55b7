//! Resources with symbols that a question is about: `<Bucket.Arn>/reports/*`.
//!
//! Such a resource is what its symbol stands for. An entry of a policy that names it in the same words is about it, and one
//! that begins otherwise is not; any other may be about it, for some values.

use iamsure_core::language::pattern::{Case, Pattern};

use super::has_symbols;

/// The resources with symbols that a question is about.
#[derive(Default)]
pub(super) struct OpenResources<'a> {
    resources: Vec<&'a str>,
    /// Whether it is about no others.
    alone: bool,
}

impl<'a> OpenResources<'a> {
    pub(super) fn of(resources: &[&'a str]) -> Self {
        let open: Vec<&str> =
            resources.iter().copied().filter(|resource| has_symbols(resource)).collect();
        let alone = !open.is_empty() && open.len() == resources.len();
        Self { resources: open, alone }
    }

    /// Those that an entry is about for some values alone, as far as can be told.
    pub(super) fn open_to(&self, entry: &str) -> impl Iterator<Item = &'a str> {
        let of_all = self.resources.iter().copied();
        of_all.filter(move |resource| !is_about(entry, resource) && !is_elsewhere(entry, resource))
    }

    /// Whether an entry is about one of them for some value.
    pub(super) fn may_be_in(&self, entry: &str) -> bool {
        self.resources.iter().any(|resource| !is_elsewhere(entry, resource))
    }

    /// Whether it is known of each resource whether an entry is about it.
    pub(super) fn is_settled(&self, entry: &str) -> bool {
        self.alone && self.open_to(entry).next().is_none()
    }
}

/// Whether an entry is about a resource, whatever the symbols in both stand for.
fn is_about(entry: &str, resource: &str) -> bool {
    !entry.contains("${") && Pattern::glob(entry, Case::Sensitive).matches(resource)
}

/// Whether an entry is about a resource for no value: they begin differently, in whatever case, or one is the other with
/// something behind it.
fn is_elsewhere(entry: &str, resource: &str) -> bool {
    is_longer(entry, resource) || is_longer(resource, entry) || begin_differently(entry, resource)
}

/// Whether whatever the first text stands for is what the second stands for with more behind it. A wildcard, a variable or
/// a symbol may be nothing.
fn is_longer(one: &str, other: &str) -> bool {
    let is_open = other.contains(['*', '?', '$']);
    one.strip_prefix(other).is_some_and(|rest| {
        !is_open && rest.starts_with(|first| !matches!(first, '*' | '?' | '$' | '<'))
    })
}

fn begin_differently(entry: &str, resource: &str) -> bool {
    let (one, other) = (beginning(entry), beginning(resource));
    let length = one.len().min(other.len());
    let begins = |text: &'_ str| text.get(..length).map(str::to_ascii_lowercase);
    begins(one).zip(begins(other)).is_some_and(|(one, other)| one != other)
}

/// What is before the first wildcard, variable or symbol.
fn beginning(text: &str) -> &str {
    text.split(['*', '?', '$', '<']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_about_a_resource_with_symbols_or_not_or_may_be() {
        let bucket = OpenResources::of(&["<Bucket.Arn>"]);
        let key = OpenResources::of(&["arn:aws:s3:::<Name>/k"]);
        let open = |asked: &OpenResources<'_>, entry: &str| asked.open_to(entry).next().is_some();
        for (entry, to_bucket, to_key) in [
            ("*", false, false),
            ("<Bucket.Arn>", false, true),
            ("<Bucket.Arn>/*", false, true),
            ("<Bucket.Arn>*", false, true),
            ("<Bucket.Arn><Suffix>", true, true),
            ("arn:aws:s3:::<Name>", true, false),
            ("arn:aws:s3:::prod/*", true, true),
            ("arn:aws:s3:::<Name>/*", true, false),
            ("arn:aws:sqs:*:*:q", true, false),
            ("ARN:aws:s3:::prod/*", true, true),
            ("arn:aws:s3:::${aws:username}/*", true, true),
        ] {
            assert_eq!((open(&bucket, entry), open(&key, entry)), (to_bucket, to_key), "{entry}");
        }
        // What is known is as it is.
        assert!(!open(&OpenResources::of(&["arn:aws:s3:::b"]), "arn:aws:s3:::prod"));
    }
}
