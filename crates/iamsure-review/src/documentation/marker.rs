//! Markers: the comments that bind a table to a policy, or say where one is generated.
//!
//! ```text
//! {/* iamsure:check policy="#role.json" sid="DenyDirect" column="Deny applies?=applies" */}
//! <!-- iamsure:begin policy="role.json" sid="DenyDirect" --> … <!-- iamsure:end 0011223344556677 -->
//! <!-- iamsure:ignore -->
//! ```

use std::collections::BTreeSet;

use iamsure_core::language::Span;

use super::comment::Comment;
use super::document::Document;
use super::finding::{Code, Finding};

/// A marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// The next table is checked.
    Check(Attributes),
    /// A generated table begins.
    Begin(Attributes),
    /// It ends, with the digest of what was generated.
    End(Option<String>),
    /// The next table is left alone.
    Ignore,
}

/// What a marker says, in order: names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(Vec<(String, String)>);

/// What every marker may say.
const COMMON: [&str; 15] = [
    "policy",
    "boundary",
    "session",
    "resource-policy",
    "trust",
    "scp",
    "rcp",
    "endpoint",
    "sid",
    "statement",
    "action",
    "resource",
    "principal",
    "path",
    "keys",
];
/// What a marker of a hand-written table may say too.
const OF_CHECK: [&str; 2] = ["column", "columns"];
/// What a marker of a generated table may say too.
const OF_BEGIN: [&str; 8] =
    ["audience", "form", "caption", "labels", "first", "answer", "merge", "paths"];

impl Attributes {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The parts of a value that are separated by commas, of every attribute of this name.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }

    /// Reads `name="value" name='value' name=value name`.
    fn parse(mut text: &str) -> Result<Self, String> {
        let mut all = Vec::new();
        loop {
            text = text.trim_start();
            if text.is_empty() {
                return Ok(Self(all));
            }
            let end =
                text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(text.len());
            let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
            if name.is_empty() {
                let shown: String = text.chars().take(20).collect();
                return Err(format!("`{shown}` is not name=\"value\""));
            }
            let Some(rest) = rest.strip_prefix('=') else {
                all.push((name.to_owned(), String::new()));
                text = rest;
                continue;
            };
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = if let Some(quote) = quote {
                let inside = rest.get(1..).unwrap_or_default();
                inside
                    .split_once(quote)
                    .ok_or_else(|| format!("the value of `{name}` has no closing {quote}"))?
            } else {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                rest.split_at_checked(end).unwrap_or((rest, ""))
            };
            if all.iter().any(|(known, _)| known == name && name != "policy") {
                return Err(format!("`{name}` is given twice"));
            }
            all.push((name.to_owned(), value.to_owned()));
            text = after;
        }
    }

    fn only(&self, known: &[&[&str]]) -> Result<(), String> {
        let all = || known.iter().copied().flatten();
        for (name, _) in &self.0 {
            if !all().any(|known| known == name) {
                let near = all()
                    .map(|known| (strsim::damerau_levenshtein(known, name), *known))
                    .min()
                    .filter(|(distance, _)| *distance <= 2);
                let hint = near.map_or_else(
                    || {
                        format!(
                            "; expected one of {}",
                            all().copied().collect::<Vec<_>>().join(", ")
                        )
                    },
                    |(_, known)| format!("; did you mean `{known}`?"),
                );
                return Err(format!("unknown marker attribute `{name}`{hint}"));
            }
        }
        Ok(())
    }
}

impl Marker {
    /// The marker that a comment is; `None` if it is none of ours.
    fn of(comment: &Comment) -> Option<Result<Self, String>> {
        if let Some(found) = misspelt(&comment.text) {
            return Some(Err(found));
        }
        let rest = comment.text.strip_prefix("iamsure")?;
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let Some(rest) = rest.strip_prefix(':') else {
            // A remark about the program is none; one that looks like a marker is one gone wrong.
            let next = rest.split_whitespace().next().unwrap_or_default();
            return matches!(next, "check" | "begin" | "end" | "ignore")
                .then(|| Err(format!("the marker lacks a colon: write `iamsure:{next}`")));
        };
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
        Some(match word {
            "check" => Attributes::parse(rest).and_then(|attributes| {
                attributes.only(&[&COMMON, &OF_CHECK])?;
                Ok(Self::Check(attributes))
            }),
            "begin" => {
                // "table" may be said; there is nothing else yet.
                let rest = rest.trim_start();
                let rest = rest
                    .strip_prefix("table")
                    .filter(|rest| !rest.starts_with('='))
                    .unwrap_or(rest);
                Attributes::parse(rest).and_then(|attributes| {
                    attributes.only(&[&COMMON, &OF_BEGIN])?;
                    Ok(Self::Begin(attributes))
                })
            }
            "end" => {
                let digest = rest.trim();
                // What else stands there would be lost when the block is written again.
                if digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    Ok(Self::End((!digest.is_empty()).then(|| digest.to_owned())))
                } else {
                    Err("`iamsure:end` is followed by a digest, or by nothing".to_owned())
                }
            }
            "ignore" => Ok(Self::Ignore),
            other => Err(format!(
                "unknown marker `iamsure:{other}`; expected check, begin, end or ignore"
            )),
        })
    }
}

/// What markers do.
const WORDS: [&str; 4] = ["check", "begin", "end", "ignore"];

/// What is wrong with a comment that is meant for a marker and does not begin with `iamsure`: it would be passed
/// over, and its table never checked.
fn misspelt(comment: &str) -> Option<String> {
    let end = comment.find(char::is_whitespace).unwrap_or(comment.len());
    let first = comment.get(..end).unwrap_or_default();
    // `iamsure : check` is of two words, or three.
    let words: Vec<&str> = comment
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '.' | '/' | ';'))
        .filter(|word| !word.is_empty())
        .take(2)
        .collect();
    let [name, word] = words.as_slice() else { return None };
    if name.chars().count() > 16 || word.chars().count() > 16 {
        return None;
    }
    let folded: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let is_name = strsim::damerau_levenshtein(&folded, "iamsure") <= 2;
    let near = |known: &&&str| strsim::damerau_levenshtein(&word.to_lowercase(), known) <= 1;
    let meant = WORDS.iter().find(near)?;
    let is_right = *name == "iamsure";
    // Only what has the form of a marker; "I am sure: check this" is a sentence.
    (is_name && !is_right && first.len() > name.len())
        .then(|| format!("`{first}` is not a marker; write `iamsure:{meant}`"))
}

/// What is wrong with a code fence that is never closed and holds a marker: to every reader that is code, and
/// whatever stands below is not checked.
fn swallowed(document: &Document) -> Option<Finding> {
    let text = document.source.text();
    let fence = document.fences.last().filter(|fence| fence.span.end >= text.trim_end().len())?;
    let written = document.source.slice(fence.span);
    let opening = written.trim_start().chars().next()?;
    let ticks = written.trim_start().chars().take_while(|c| *c == opening).count();
    let last = written.trim_end().lines().next_back().unwrap_or_default();
    let last = last.trim_start_matches([' ', '\t', '>']);
    let is_closed = written.trim_end().lines().nth(1).is_some()
        && last.chars().count() >= ticks
        && last.trim_end().chars().all(|c| c == opening);
    let at = ["<!-- iamsure:", "<!--iamsure:", "{/* iamsure:", "{/*iamsure:"]
        .iter()
        .filter_map(|opening| written.find(opening))
        .min()?;
    (!is_closed).then(|| {
        let start = fence.span.start;
        Finding::new(
            Code::BadMarker,
            Span::new(start + at, start + at + 1),
            "this marker is code: the fence above it is never closed",
        )
        .also(Span::new(start, start + ticks), "which begins here")
        .help("close the fence before the marker")
    })
}

/// A region between a begin and an end.
#[derive(Clone, Debug)]
pub(super) struct Region {
    /// The comment that begins it.
    pub(super) begin: Span,
    /// What that says.
    pub(super) attributes: Attributes,
    /// The comment that ends it.
    pub(super) end: Span,
    /// The digest there.
    pub(super) digest: Option<String>,
}

/// The markers of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Markers {
    /// Bindings, each with the number of its table.
    pub(super) checks: Vec<(Span, Attributes, usize)>,
    /// Generated regions.
    pub(super) regions: Vec<Region>,
    /// Tables that are left alone, by number.
    pub(super) ignored: Vec<usize>,
    /// What is wrong with markers.
    pub(super) findings: Vec<Finding>,
}

impl Markers {
    /// Reads the markers of a document.
    pub(super) fn of(document: &Document) -> Self {
        let mut markers = Self::default();
        let mut open: Option<(Span, Attributes)> = None;
        for comment in &document.comments {
            let bad = |message: &str| Finding::new(Code::BadMarker, comment.span, message);
            let marker = match Marker::of(comment) {
                None => continue,
                Some(Ok(marker)) => marker,
                Some(Err(message)) => {
                    markers.findings.push(bad(&message));
                    continue;
                }
            };
            let next = document.tables.partition_point(|table| table.span.start < comment.span.end);
            let is_last = |markers: &Self| {
                markers.checks.last().is_some_and(|(.., table)| *table == next)
                    || markers.ignored.last() == Some(&next)
            };
            match marker {
                Marker::Begin(attributes) => {
                    if let Some((before, _)) = &open {
                        markers.findings.push(
                            bad("nested begin marker")
                                .also(*before, "which begins here and has no end"),
                        );
                    }
                    open = Some((comment.span, attributes));
                }
                Marker::End(digest) => match open.take() {
                    Some((begin, attributes)) => {
                        markers.regions.push(Region {
                            begin,
                            attributes,
                            end: comment.span,
                            digest,
                        });
                    }
                    None => {
                        markers.findings.push(bad("end marker without a begin marker"));
                    }
                },
                Marker::Check(_) | Marker::Ignore if open.is_some() => {
                    markers.findings.push(
                        bad("a generated table is checked as a whole; a marker inside it is lost")
                            .help("put it before the begin marker or after the end marker"),
                    );
                }
                Marker::Check(_) | Marker::Ignore if next >= document.tables.len() => {
                    markers.findings.push(bad("there is no table after this marker"));
                }
                Marker::Check(_) if is_last(&markers) => {
                    markers.findings.push(bad("the table after this marker already has one"));
                }
                Marker::Check(attributes) => markers.checks.push((comment.span, attributes, next)),
                Marker::Ignore => markers.ignored.push(next),
            }
        }
        markers.findings.extend(swallowed(document));
        if let Some((begin, _)) = open {
            markers.findings.push(
                Finding::new(Code::BadMarker, begin, "begin marker without an end marker")
                    .help("put an `iamsure:end` comment where it ends"),
            );
        }
        markers
    }

    /// The tables that a marker is about, by number: bound, left alone, or generated.
    pub(super) fn marked(&self, document: &Document) -> BTreeSet<usize> {
        let mut marked: BTreeSet<usize> = self.ignored.iter().copied().collect();
        marked.extend(self.checks.iter().map(|(.., table)| *table));
        for region in &self.regions {
            let at = |offset| document.tables.partition_point(|table| table.span.start < offset);
            marked.extend(at(region.begin.end)..at(region.end.start));
        }
        marked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(text: &str) -> Result<Attributes, String> {
        Attributes::parse(text)
    }

    #[test]
    fn attributes_are_read_in_every_form() {
        let read = attributes(r#" policy="a b.json, c.json" sid='X' merge path=direct "#).unwrap();
        assert_eq!(read.list("policy").collect::<Vec<_>>(), ["a b.json", "c.json"]);
        assert_eq!(read.get("sid"), Some("X"));
        assert_eq!(read.get("merge"), Some(""));
        assert_eq!(read.get("path"), Some("direct"));
        assert!(attributes(r#"sid="X"#).is_err());
        assert!(attributes("=x").is_err());
        assert!(attributes("sid=a sid=b").is_err());
    }

    #[test]
    fn a_misspelt_attribute_is_no_attribute() {
        let error = attributes("polcy=x").unwrap().only(&[&COMMON]).unwrap_err();
        assert_eq!(error, "unknown marker attribute `polcy`; did you mean `policy`?");
    }
}
