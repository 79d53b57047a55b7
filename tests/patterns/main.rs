//! What the action patterns of AWS's managed policies stand for, held against counts that were made
//! without this code (`crates/iamsure-reference/refresh/patterns.py`).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use iamsure_reference::{Action, ActionSet, action, captured, expand, expand_retired};

const TEXT: &str = include_str!("../../corpus/managed-policies/action-patterns.txt");

/// The words of every line that begins with this one, without it.
fn lines(word: &str) -> Vec<Vec<&'static str>> {
    let lines = TEXT.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    lines.filter(|words| words[0] == word).map(|words| words[1..].to_vec()).collect()
}

fn number(word: &str) -> usize {
    lines(word)[0][0].parse().unwrap()
}

#[test]
fn the_list_is_of_the_same_day_and_whole() {
    assert_eq!(lines("captured"), [[captured()]]);
    let expands = lines("expands");
    let unmatched = ["retired", "misspelt", "unknown"].map(lines).concat();
    let exact_unmatched = unmatched.iter().filter(|words| !words[0].contains(['*', '?'])).count();
    assert_eq!(number("patterns"), expands.len() + number("exact") + exact_unmatched);
    let nothing: Vec<_> =
        expands.iter().filter(|words| words[1] == "0").map(|words| words[0]).collect();
    assert!(nothing.iter().all(|name| unmatched.iter().any(|words| words[0] == *name)));
    assert_eq!((expands.len(), nothing.len()), (1_277, 30));
}

#[test]
fn patterns_expand_to_as_many_actions_as_were_counted() {
    for words in lines("expands") {
        let [pattern, count] = words[..] else { panic!("{words:?}") };
        let count: usize = count.parse().unwrap();
        assert_eq!(expand(pattern).count(), count, "{pattern}");
        assert_eq!(ActionSet::matching(pattern).len(), count, "{pattern}");
        let mut found = expand(pattern).map(Action::index);
        assert!(found.by_ref().is_sorted_by(|one, next| one < next), "{pattern}");
    }
}

#[test]
fn what_matches_nothing_has_the_standing_that_was_noted() {
    for words in lines("retired") {
        let [pattern, _policy] = words[..] else { panic!("{words:?}") };
        assert_eq!(expand(pattern).count(), 0, "{pattern}");
        assert!(expand_retired(pattern).next().is_some(), "{pattern}");
    }
    for words in lines("unknown") {
        let [pattern, _policy] = words[..] else { panic!("{words:?}") };
        assert_eq!(expand(pattern).count() + expand_retired(pattern).count(), 0, "{pattern}");
        assert!(action(pattern).is_unknown(), "{pattern}");
    }
    for words in lines("misspelt") {
        let [name, _policy, meant] = words[..] else { panic!("{words:?}") };
        assert!(action(name).is_unknown(), "{name}");
        assert!(action(meant).is_known(), "{meant}");
    }
    assert_eq!(["retired", "unknown", "misspelt"].map(|word| lines(word).len()), [113, 41, 5]);
}
