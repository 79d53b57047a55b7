//! Where the embedded words and names are read: by offset, checked, nothing decoded before it is
//! asked for.
//!
//! `build/blob.rs` writes what is read here. An offset outside the data gives zero or an empty
//! name; the tests walk every record.

use std::cmp::Ordering;

/// One row of records of fixed width.
pub(crate) struct Section {
    start: usize,
    width: usize,
    count: usize,
}

include!(concat!(env!("OUT_DIR"), "/layout.rs"));

static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/names.txt"));
/// A number of the data: 24 bits, the lowest first.
pub(crate) type Word = [u8; 3];

static WORDS: &[Word] = include_bytes!(concat!(env!("OUT_DIR"), "/words.bin")).as_chunks().0;

impl Section {
    /// How many records there are.
    pub(crate) const fn len(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "the build counts records in 24 bits")]
        let count = self.count as u32;
        count
    }

    /// One field of one record.
    pub(crate) fn field(&self, record: u32, field: usize) -> u32 {
        word(self.start + record as usize * self.width + field)
    }

    /// The name that a field points at.
    pub(crate) fn name(&self, record: u32, field: usize) -> &'static str {
        string(self.field(record, field))
    }

    /// The record whose name, in the first field, equals `name` ignoring case.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        let found =
            first(0, self.len(), |record| compare(self.name(record, 0), name) == Ordering::Less);
        (found < self.len() && self.name(found, 0).eq_ignore_ascii_case(name)).then_some(found)
    }
}

/// The number that a word holds.
pub(crate) const fn number([low, middle, high]: Word) -> u32 {
    u32::from_le_bytes([low, middle, high, 0])
}

fn word(index: usize) -> u32 {
    WORDS.get(index).copied().map_or(0, number)
}

/// The string with this number.
pub(crate) fn string(number: u32) -> &'static str {
    let start = STRINGS.field(number, 0) as usize;
    let end = STRINGS.field(number.saturating_add(1), 0) as usize;
    TEXT.get(start..end).unwrap_or_default()
}

/// The items of the list with this number.
pub(crate) fn list(number: u32) -> &'static [Word] {
    let start = LISTS.start + number as usize;
    let length = word(start) as usize;
    WORDS.get(start + 1..start + 1 + length).unwrap_or_default()
}

/// The items of a list as numbers.
pub(crate) fn numbers(number: u32) -> impl ExactSizeIterator<Item = u32> + use<> {
    list(number).iter().copied().map(self::number)
}

/// The first number in `start..end` for which `before` no longer holds; `end` if it always does.
pub(crate) fn first(start: u32, end: u32, before: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (start, end);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Order by lower-case ASCII bytes, the order of every table.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    for (one, other) in one.bytes().zip(other.bytes()) {
        if one != other {
            let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
            if one != other {
                return one.cmp(&other);
            }
        }
    }
    one.len().cmp(&other.len())
}
