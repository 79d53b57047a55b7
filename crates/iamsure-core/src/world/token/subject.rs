//! What the subject of a token looks like: text, and fields that differ.

/// One form of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// How it is written; words in braces stand for fields.
    pub form: &'static str,
    /// The fields, each by its word.
    pub fields: &'static [Field],
    /// One of them.
    pub example: &'static str,
}

/// A part of a subject that differs from token to token: one character or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The word that stands for it.
    pub word: &'static str,
    /// The characters that it is made of; any but [`never`](Self::never), if there are none.
    pub only: &'static str,
    /// Characters that it never holds.
    pub never: &'static str,
    /// The characters that it begins with; any that it is made of, if there are none.
    pub first: &'static str,
}

/// A part of the form of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// This text.
    Text(&'static str),
    /// A field.
    Field(&'static Field),
}

impl Field {
    /// Whether it may begin with a character.
    pub fn begins_with(&self, c: char) -> bool {
        self.takes(c) && (self.first.is_empty() || self.first.contains(c))
    }

    /// Whether a character may stand in it.
    pub fn takes(&self, c: char) -> bool {
        if self.only.is_empty() { !self.never.contains(c) } else { self.only.contains(c) }
    }
}

impl Subject {
    /// The parts, in order. A word without a field stands for itself.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut rest = self.form;
        while let Some((text, after)) = rest.split_once('{') {
            let (word, tail) = after.split_once('}').unwrap_or((after, ""));
            if !text.is_empty() {
                parts.push(Part::Text(text));
            }
            parts.push(
                self.fields
                    .iter()
                    .find(|field| field.word == word)
                    .map_or(Part::Text(word), Part::Field),
            );
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest));
        }
        parts
    }

    /// The form for readers, without braces: `repo:OWNER/REPOSITORY:pull_request`.
    pub fn words(&self) -> String {
        self.form.replace(['{', '}'], "")
    }
}
