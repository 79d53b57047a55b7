//! Words, signs, texts and lists: what the grammar is made of. Each skips the blanks before it.

use nom::bytes::complete::{tag, take_while, take_while1};
use nom::combinator::{cut, opt};
use nom::{Err, Parser as _};

use super::fault::{Fault, Parsed, Wanted};
use crate::claim::words;

/// Whether a character ends every bare text.
fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | '"' | '\'')
}

fn blank(input: &str) -> Parsed<'_, &str> {
    take_while(char::is_whitespace).parse(input)
}

/// A word of the grammar or a key: it ends before a sign of comparison too.
pub(super) fn word(input: &str) -> Parsed<'_, &str> {
    let (rest, _) = blank(input)?;
    take_while1(|c| !is_delimiter(c) && !matches!(c, '=' | '!' | '<' | '>')).parse(rest)
}

/// What stands at the beginning of `text`, as an error names it: a word, or a sign.
pub(super) fn next(text: &str) -> &str {
    let end = text.find(is_delimiter).unwrap_or(text.len());
    let first = text.chars().next().map_or(0, char::len_utf8);
    text.get(..end.max(first)).unwrap_or_default()
}

/// Whether nothing but blanks is left.
pub(super) fn is_end(input: &str) -> bool {
    input.trim_start().is_empty()
}

/// One of these words, in any case; the first of them is the one that an error names.
pub(super) fn keyword(spellings: &'static [&'static str]) -> impl Fn(&str) -> Parsed<'_, ()> {
    move |input| {
        let named = spellings.first().copied().unwrap_or_default();
        let missing = || Fault::expected(input, &[Wanted::Word(named)]);
        let (rest, found) = word(input).map_err(|_| missing())?;
        if spellings.iter().any(|spelling| spelling.eq_ignore_ascii_case(found)) {
            Ok((rest, ()))
        } else {
            Err(missing())
        }
    }
}

/// This sign.
pub(super) fn sign(sign: &'static str) -> impl Fn(&str) -> Parsed<'_, ()> {
    move |input| {
        let (rest, _) = blank(input)?;
        let found: Parsed<'_, &str> = tag(sign).parse(rest);
        match found {
            Ok((rest, _)) => Ok((rest, ())),
            Err(_) => Err(Fault::expected(input, &[Wanted::Word(sign)])),
        }
    }
}

/// A text between quotation marks, of either kind. `\"`, `\'` and `\\` stand for what follows the
/// backslash; before anything else it stands for itself.
pub(super) fn quoted(input: &str) -> Parsed<'_, String> {
    let (start, _) = blank(input)?;
    let mut characters = start.char_indices();
    let Some((_, mark @ ('"' | '\''))) = characters.next() else {
        return Err(Fault::expected(input, &[Wanted::Thing("a quoted string")]));
    };
    let mut text = String::new();
    while let Some((at, c)) = characters.next() {
        if c == mark {
            return Ok((start.get(at + c.len_utf8()..).unwrap_or_default(), text));
        }
        let escaped = characters.clone().next().filter(|(_, c)| matches!(c, '"' | '\'' | '\\'));
        match escaped {
            Some((_, escaped)) if c == '\\' => {
                text.push(escaped);
                characters.next();
            }
            _ => text.push(c),
        }
    }
    let help = format!("close it with {mark}");
    Err(Fault::wrong(start, "", "the quoted string does not end", Some(help)))
}

/// A text, bare or quoted. A bare one holds no blanks, brackets, commas or quotation marks, and is no
/// word of the grammar.
pub(in crate::claim) fn text<'a>(wanted: &'static str) -> impl Fn(&'a str) -> Parsed<'a, String> {
    move |input| match quoted(input) {
        Err(Err::Error(_)) => bare(wanted, input).map(|(rest, found)| (rest, found.to_owned())),
        quoted => quoted,
    }
}

/// A bare text that is no word of the grammar.
pub(super) fn bare<'a>(wanted: &'static str, input: &'a str) -> Parsed<'a, &'a str> {
    let missing = || Fault::expected(input, &[Wanted::Thing(wanted)]);
    let (start, _) = blank(input)?;
    let found: Parsed<'_, &str> = take_while1(|c| !is_delimiter(c)).parse(start);
    let (rest, found) = found.map_err(|_| missing())?;
    if words::is_reserved(found) {
        let message = format!("expected {wanted}, found the word `{found}`");
        let help = format!("to use it as a string, quote it: \"{found}\"");
        return Err(Fault::wrong(input, rest, message, Some(help)));
    }
    Ok((rest, found))
}

/// One of `item`, or several in brackets.
pub(super) fn one_or_list<'a, T>(
    item: impl Fn(&'a str) -> Parsed<'a, T>,
) -> impl Fn(&'a str) -> Parsed<'a, Vec<T>> {
    move |input| {
        let (rest, open) = opt(sign("[")).parse(input)?;
        if open.is_none() {
            return item(input).map(|(rest, one)| (rest, vec![one]));
        }
        let (mut rest, first) = cut(&item).parse(rest)?;
        let mut all = vec![first];
        while let (after, Some(())) = opt(sign(",")).parse(rest)? {
            let (after, next) = cut(&item).parse(after)?;
            all.push(next);
            rest = after;
        }
        let close: Parsed<'_, ()> = sign("]").parse(rest);
        let wanted = [Wanted::Word(","), Wanted::Word("]")];
        let (rest, ()) = close.map_err(|_| Fault::missing(rest, &wanted))?;
        Ok((rest, all))
    }
}
