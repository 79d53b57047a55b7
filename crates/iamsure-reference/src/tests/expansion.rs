//! Patterns of actions, and sets of them.

use super::{names, names_in_text};
use crate::*;

/// `*` and `?` by recursion over the pattern: slow, plain, and nothing in common with the matcher
/// under test.
fn matches_slowly(pattern: &[u8], name: &[u8]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => (0..=name.len()).any(|skip| matches_slowly(rest, &name[skip..])),
        Some((b'?', rest)) => !name.is_empty() && matches_slowly(rest, &name[1..]),
        Some((byte, rest)) => name.first() == Some(byte) && matches_slowly(rest, &name[1..]),
    }
}

#[test]
fn expansion_equals_a_naive_scan() {
    let text = names_in_text();
    for pattern in [
        "s3:*",
        "s3:Get*",
        "S3:gEt*",
        "s3:*Object",
        "s3:*Object*Acl",
        "s3:Get?bject",
        "s3:GetObject",
        "s3:??tObject",
        "ec2:*e*s*",
        "ec2:Describe*s",
        "iam:*Role*",
        "sts:AssumeRole*",
        "sts:?*",
        "kms:*Key",
        "vpc-lattice:*-*",
        "a4b:z*",
        "a4b:*",
        "xray:*",
        "s3:**",
        "s3:*?*?",
        "s3:",
        "s3:zz",
        "*",
    ] {
        let lower = if pattern == "*" { "*:*".to_owned() } else { pattern.to_ascii_lowercase() };
        let (service, name) = lower.split_once(':').unwrap();
        let expected: Vec<&str> = text
            .iter()
            .map(String::as_str)
            .filter(|action| {
                let action = action.to_ascii_lowercase();
                let (of_service, operation) = action.split_once(':').unwrap();
                (service == "*" || service == of_service)
                    && matches_slowly(name.as_bytes(), operation.as_bytes())
            })
            .collect();
        assert_eq!(names(expand(pattern)), expected, "{pattern}");
    }
}

#[test]
fn expansions_known_by_heart() {
    assert_eq!(
        names(expand("sts:assumerole*")),
        ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
    );
    assert_eq!(expand("*").count(), ACTION_COUNT);
    assert_eq!(expand("*:*").count(), ACTION_COUNT);
    for nothing in ["s*:Get*", "*:GetObject", "s3", "", "nosuch:*", "?", "s3*"] {
        assert_eq!(expand(nothing).count(), 0, "{nothing}");
    }
}

#[test]
fn sets_of_actions_obey_the_laws_of_sets() {
    let (all, reads, s3) =
        (ActionSet::all(), ActionSet::matching("s3:Get*"), ActionSet::matching("s3:*"));
    assert_eq!((all.len(), ActionSet::new().len()), (ACTION_COUNT, 0));
    assert!(ActionSet::new().is_empty() && !reads.is_empty());
    assert!(reads.is_subset(&s3) && s3.is_subset(&all) && !s3.is_subset(&reads));
    assert_eq!(names(reads.iter()), names(expand("s3:Get*")));
    assert_eq!(s3.union(&reads), s3);
    assert_eq!(s3.intersection(&reads), reads);
    assert_eq!(s3.difference(&reads).len(), s3.len() - reads.len());
    assert_eq!(reads.difference(&s3), ActionSet::new());
    assert_eq!(names(all.iter()), names(actions()));

    let mut set = ActionSet::default();
    let last = actions().last().unwrap();
    assert!(set.insert(last) && !set.insert(last) && set.contains(last) && set.len() == 1);
    assert!(set.remove(last) && !set.remove(last) && set.is_empty());
}
