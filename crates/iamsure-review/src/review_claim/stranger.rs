//! Subjects of tokens that a trust policy hardly means to name, as its own patterns leave room for them.

/// The separators of the parts of a subject.
const SEPARATORS: [char; 2] = ['/', ':'];

/// Subjects like this stranger, which nobody names: itself, and for each pattern with a wildcard where the stranger's
/// owner is, one that the pattern matches.
pub(super) fn owners<'a>(stranger: &str, patterns: impl Iterator<Item = &'a str>) -> Vec<String> {
    all(stranger, patterns.filter_map(|pattern| of_another_owner(pattern, stranger)))
}

/// As [`owners`], of patterns that leave open all that follows `start`.
pub(super) fn beginning_with<'a>(
    start: &str,
    stranger: &str,
    patterns: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    all(stranger, patterns.filter_map(|pattern| fill(start, "", pattern, stranger)))
}

fn all(stranger: &str, others: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = vec![stranger.to_owned()];
    for subject in others {
        if !found.contains(&subject) {
            found.push(subject);
        }
    }
    found
}

/// A subject of somebody else that a pattern matches, if its first wildcard is in the owner's name. The name of an
/// owner may be the beginning of another's.
fn of_another_owner(pattern: &str, stranger: &str) -> Option<String> {
    let (literal, _) = pattern.split_once('*')?;
    let starts = literal.match_indices(SEPARATORS).map(|(at, separator)| at + separator.len());
    let start =
        starts.filter_map(|end| literal.get(..end)).rfind(|start| stranger.starts_with(start))?;
    let begun = literal.strip_prefix(start)?;
    (!begun.contains(SEPARATORS)).then(|| fill(start, begun, pattern, stranger)).flatten()
}

/// The pattern with the stranger's words for its wildcards; `None` if its first one is not right behind these texts.
fn fill(start: &str, begun: &str, pattern: &str, stranger: &str) -> Option<String> {
    let rest = pattern.strip_prefix(start)?.strip_prefix(begun)?.strip_prefix('*')?;
    if rest.contains("${") {
        return None;
    }
    let words = stranger.strip_prefix(start)?;
    let word = match rest.chars().next() {
        None => words,
        Some(next) if SEPARATORS.contains(&next) => words.split(next).next()?,
        Some(_) => words.split(SEPARATORS).next()?,
    };
    let joint = if begun.is_empty() || begun.ends_with('-') { "" } else { "-" };
    let mut subject = format!("{start}{begun}{joint}{word}");
    let (inner, is_open) = rest.strip_suffix('*').map_or((rest, false), |inner| (inner, true));
    subject.push_str(&inner.replace(['*', '?'], "x"));
    if is_open {
        let context = words.split_once(':').map_or("", |(_, context)| context);
        match inner {
            _ if inner.ends_with(':') => subject.push_str(context.rsplit(':').next()?),
            _ if inner.contains(':') || context.is_empty() => subject.push('x'),
            _ => {
                subject.push_str("x:");
                subject.push_str(context);
            }
        }
    }
    Some(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GITHUB: &str = "repo:an-organization/that-nobody-names:pull_request";

    #[test]
    fn a_pattern_of_the_owner_is_filled_in() {
        for (pattern, subject) in [
            ("repo:*", Some(GITHUB)),
            ("repo:*/infra:*", Some("repo:an-organization/infra:pull_request")),
            (
                "repo:*:environment:prod",
                Some("repo:an-organization/that-nobody-names:environment:prod"),
            ),
            ("repo:acme*", Some("repo:acme-an-organization/that-nobody-names:pull_request")),
            (
                "repo:acme-*/app:ref:refs/heads/*",
                Some("repo:acme-an-organization/app:ref:refs/heads/x"),
            ),
            ("repo:*/*", Some("repo:an-organization/x:pull_request")),
            ("repo:acme/*", None),
            ("repo:acme/app:*", None),
            ("repo:*/${aws:PrincipalTag/repository}:*", None),
            ("*", None),
        ] {
            assert_eq!(of_another_owner(pattern, GITHUB).as_deref(), subject, "{pattern}");
        }
        let eks = "system:serviceaccount:a-namespace:that-nobody-names";
        let of_eks = |pattern| of_another_owner(pattern, eks);
        assert_eq!(
            of_eks("system:serviceaccount:*:app").as_deref(),
            Some("system:serviceaccount:a-namespace:app")
        );
        assert_eq!(of_eks("system:serviceaccount:prod:*"), None);
    }

    #[test]
    fn what_is_open_behind_the_start_is_filled_in() {
        let stranger = "repo:acme/another-repository:pull_request";
        let patterns = ["repo:acme/*:ref:refs/heads/main", "repo:acme/infra-*:*", "repo:acme/*"];
        assert_eq!(
            beginning_with("repo:acme/", stranger, patterns.into_iter()),
            [stranger, "repo:acme/another-repository:ref:refs/heads/main"]
        );
    }
}
