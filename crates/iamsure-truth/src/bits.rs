//! Sets of small numbers: which clauses hold, which classes a cell takes in.

/// A set of numbers, as bits. Two sets with the same members are equal, whatever they were made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bits(Vec<u64>);

const WORD: usize = u64::BITS as usize;

impl Bits {
    /// The empty set.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The numbers below `count`.
    pub fn below(count: usize) -> Self {
        (0..count).collect()
    }

    /// Puts a number in.
    pub fn insert(&mut self, number: usize) {
        let word = number / WORD;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << (number % WORD);
        }
    }

    /// Whether a number is in.
    pub fn contains(&self, number: usize) -> bool {
        self.0.get(number / WORD).is_some_and(|word| word & (1 << (number % WORD)) != 0)
    }

    /// How many numbers are in.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether none is in.
    pub const fn is_empty(&self) -> bool {
        // The last word is never zero.
        self.0.is_empty()
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.checked_sub(1)?;
                Some(place * WORD + bit)
            })
        })
    }

    /// The numbers in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let (longer, shorter) =
            if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut result = longer.clone();
        for (word, more) in result.0.iter_mut().zip(&shorter.0) {
            *word |= more;
        }
        result
    }

    /// The numbers in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(one, two)| one & two).collect()).trimmed()
    }

    /// The numbers in this set and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut result = self.clone();
        for (word, less) in result.0.iter_mut().zip(&other.0) {
            *word &= !less;
        }
        result.trimmed()
    }

    /// Whether every number of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0
            .iter()
            .enumerate()
            .all(|(place, word)| word & !other.0.get(place).copied().unwrap_or(0) == 0)
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
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
        assert_eq!(Bits::below(3).len(), 3);
    }
}
