//! Sets of small numbers: which clauses hold, which classes a cell takes in.

/// A set of numbers, as bits. Two sets with the same members are equal, whatever they were made of.
///
/// Most sets hold small numbers only: those below 64 take no memory of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bits {
    /// The numbers below 64.
    first: u64,
    /// The others, 64 to a word. The last word is never zero.
    more: Vec<u64>,
}

const WORD: usize = u64::BITS as usize;

/// The bits below `count`, of one word.
const fn low(count: usize) -> u64 {
    if count >= WORD { u64::MAX } else { (1 << count) - 1 }
}

impl Bits {
    /// The empty set.
    pub(crate) const fn new() -> Self {
        Self { first: 0, more: Vec::new() }
    }

    /// The numbers below `count`.
    pub(crate) fn below(count: usize) -> Self {
        let more = (1..count.div_ceil(WORD)).map(|word| low(count - word * WORD)).collect();
        Self { first: low(count), more }
    }

    /// Puts a number in.
    pub(crate) fn insert(&mut self, number: usize) {
        let bit = 1 << (number % WORD);
        let Some(place) = (number / WORD).checked_sub(1) else {
            self.first |= bit;
            return;
        };
        if self.more.len() <= place {
            self.more.resize(place + 1, 0);
        }
        if let Some(word) = self.more.get_mut(place) {
            *word |= bit;
        }
    }

    /// Whether a number is in.
    pub fn contains(&self, number: usize) -> bool {
        self.word(number / WORD) & (1 << (number % WORD)) != 0
    }

    /// How many numbers are in.
    pub(crate) fn len(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether none is in.
    pub(crate) const fn is_empty(&self) -> bool {
        self.first == 0 && self.more.is_empty()
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words().enumerate().flat_map(|(place, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.checked_sub(1)?;
                Some(place * WORD + bit)
            })
        })
    }

    /// The numbers in either.
    #[must_use]
    pub(crate) fn union(&self, other: &Self) -> Self {
        let (longer, shorter) =
            if self.more.len() >= other.more.len() { (self, other) } else { (other, self) };
        let mut result = longer.clone();
        result.first |= shorter.first;
        for (word, more) in result.more.iter_mut().zip(&shorter.more) {
            *word |= more;
        }
        result
    }

    /// The numbers in both.
    #[must_use]
    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let more = self.more.iter().zip(&other.more).map(|(one, two)| one & two).collect();
        Self { first: self.first & other.first, more }.trimmed()
    }

    /// The numbers in this set and not in the other.
    #[must_use]
    pub(crate) fn difference(&self, other: &Self) -> Self {
        let mut result = self.clone();
        result.first &= !other.first;
        for (word, less) in result.more.iter_mut().zip(&other.more) {
            *word &= !less;
        }
        result.trimmed()
    }

    /// Whether every number of this set is in the other.
    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        self.words().enumerate().all(|(place, word)| word & !other.word(place) == 0)
    }

    /// The numbers, each that much higher.
    #[must_use]
    pub(crate) fn raised(&self, by: usize) -> Self {
        self.iter().map(|number| number + by).collect()
    }

    fn word(&self, place: usize) -> u64 {
        match place.checked_sub(1) {
            None => self.first,
            Some(place) => self.more.get(place).copied().unwrap_or(0),
        }
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }

    fn trimmed(mut self) -> Self {
        while self.more.last() == Some(&0) {
            self.more.pop();
        }
        self
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<I: IntoIterator<Item = usize>>(numbers: I) -> Self {
        let mut set = Self::new();
        for number in numbers {
            set.insert(number);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_equal_by_their_members() {
        let far: Bits = [1, 200].into_iter().collect();
        let near: Bits = std::iter::once(1).collect();
        assert_eq!(far.difference(&std::iter::once(200).collect()), near);
        assert_eq!(far.intersection(&near), near);
        assert_eq!(near.union(&far), far);
        assert!(near.is_subset(&far) && !far.is_subset(&near));
        assert_eq!(far.iter().collect::<Vec<_>>(), [1, 200]);
        assert!(near.difference(&far).is_empty());
        for count in [0, 3, 63, 64, 65, 128, 200] {
            assert_eq!(Bits::below(count), (0..count).collect());
            assert_eq!(Bits::below(count).len(), count);
        }
    }
}
