//! Texts that are looked up by how another text starts.

use std::collections::BTreeMap;

/// Values at heads: finds every head that a given text starts with, among any number of heads.
///
/// The heads are sorted, and each knows the longest other head that it starts with. All heads of a text sort
/// before it, and whatever sorts between a head of the text and the text starts with that head too. So the
/// last head that is not after the text starts with each head of the text, or is one: it and what it points
/// back to are all there can be. A look-up is a binary search and that short walk.
#[derive(Clone, Debug)]
pub(super) struct Heads<T> {
    sorted: Vec<Head<T>>,
}

#[derive(Clone, Debug)]
struct Head<T> {
    text: Box<str>,
    /// The longest other head that this one starts with.
    shorter: Option<usize>,
    value: T,
}

impl<T> Heads<T> {
    /// The heads and what stands at each.
    pub(super) fn new(values: BTreeMap<String, T>) -> Self {
        let mut sorted: Vec<Head<T>> = Vec::with_capacity(values.len());
        for (text, value) in values {
            let mut shorter = sorted.len().checked_sub(1);
            while let Some(head) = shorter.and_then(|at| sorted.get(at))
                && !text.starts_with(&*head.text)
            {
                shorter = head.shorter;
            }
            sorted.push(Head { text: text.into(), shorter, value });
        }
        Self { sorted }
    }

    /// What stands at each head of `text`, the longest first.
    pub(super) fn of(&self, text: &str) -> impl Iterator<Item = &T> {
        let after = self.sorted.partition_point(|head| &*head.text <= text);
        let mut at = after.checked_sub(1);
        std::iter::from_fn(move || {
            let head = self.sorted.get(at?)?;
            at = head.shorter;
            Some(head)
        })
        .filter(|head| text.starts_with(&*head.text))
        .map(|head| &head.value)
    }
}

/// `heads` without those that start with another of them: every text that has a head among these has exactly
/// one among the rest.
pub(super) fn least(mut heads: Vec<String>) -> Vec<String> {
    heads.sort();
    let mut kept: Vec<String> = Vec::new();
    for head in heads {
        if !kept.last().is_some_and(|last| head.starts_with(last.as_str())) {
            kept.push(head);
        }
    }
    kept
}

/// What all of `heads` start with.
pub(super) fn common(heads: &[String]) -> String {
    let Some((first, rest)) = heads.split_first() else { return String::new() };
    rest.iter().fold(first.clone(), |common, head| {
        common.chars().zip(head.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_head_of_a_text_is_found_and_no_other() {
        let alphabet = ['a', 'b', 'ö'];
        let mut texts = vec![String::new()];
        for length in 0..4 {
            let longer: Vec<_> = texts
                .iter()
                .filter(|text| text.chars().count() == length)
                .flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}")))
                .collect();
            texts.extend(longer);
        }
        // Every third, every fifth, … text is a head.
        for step in 1..12 {
            let heads: BTreeMap<String, String> =
                texts.iter().step_by(step).map(|text| (text.clone(), text.clone())).collect();
            let index = Heads::new(heads.clone());
            for text in &texts {
                let mut expected: Vec<&String> =
                    heads.keys().filter(|head| text.starts_with(head.as_str())).collect();
                expected.reverse();
                assert_eq!(index.of(text).collect::<Vec<_>>(), expected, "{text} in {heads:?}");
            }
        }
    }

    #[test]
    fn the_least_heads_cover_the_others() {
        let heads = ["ab", "a", "b", "abc", "ba", "b"].map(str::to_owned).to_vec();
        assert_eq!(least(heads), ["a", "b"]);
        assert_eq!(least(vec!["x".into(), String::new()]), [""]);
        assert_eq!(common(&["abc".into(), "abd".into()]), "ab");
        assert_eq!(common(&["ö".into(), "ö1".into()]), "ö");
        assert_eq!(common(&[]), "");
    }
}
