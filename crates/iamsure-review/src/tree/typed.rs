//! A tree read into types that serde knows, where the first error is enough: it gets the place of the
//! innermost node that it is about.

use std::fmt;

use iamsure_core::language::{Source, Span};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{Misread, Node, Value, document};

/// The one document of a file, as a `T`.
///
/// # Errors
/// The first thing that keeps it from being one.
pub(crate) fn typed<'de, T: Deserialize<'de>>(source: &Source) -> Result<T, Misread> {
    T::deserialize(Reader(document(source)?))
}

impl Error for Misread {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::at(Span::default(), message.to_string())
    }
}

/// A node, for serde.
struct Reader(Node);

impl IntoDeserializer<'_, Misread> for Reader {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        let Self(Node { value, span }) = self;
        let read = match value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_i64(value),
            Value::Number(value) => visitor.visit_f64(value),
            Value::Text(text) => visitor.visit_string(text),
            Value::List(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Reader)))
            }
            Value::Mapping(entries) => {
                let entries = entries.into_iter();
                visitor.visit_map(MapDeserializer::new(
                    entries.map(|entry| (entry.key.value, Reader(entry.value))),
                ))
            }
        };
        read.map_err(
            |error| {
                if error.span == Span::default() { Misread { span, ..error } } else { error }
            },
        )
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Form = BTreeMap<String, Vec<Option<u8>>>;

    #[test]
    fn a_tree_is_read_into_types() {
        let source = Source::new("a.yaml", "a: [1, null]\nb: []\n");
        let read: Form = typed(&source).unwrap();
        assert_eq!(read, [("a".to_owned(), vec![Some(1), None]), ("b".to_owned(), vec![])].into());
    }

    #[test]
    fn an_error_has_the_place_of_what_it_is_about() {
        for (text, place) in [("a: [1]\nb: [1, x]\n", "2:8"), ("a: 1\nb: {}", "1:4")] {
            let source = Source::new("a.yaml", text);
            let error = typed::<Form>(&source).unwrap_err();
            assert_eq!(source.place(error.span.start).to_string(), place, "{}", error.message);
        }
    }
}
