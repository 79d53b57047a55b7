//! Code fences, and the policies in them.
//!
//! A policy is read where it stands: the text given to the reader is the document with everything blank
//! but this fence, so that every place that is reported is a place in the document.

use iamsure_core::language::{
    Code, Diagnostic, Label, PolicyDocument, PolicyType, Profile, Source, Span,
};

/// A fenced code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    /// The whole of it, with both fences.
    pub(crate) span: Span,
    /// The language, in lower case; empty if none is said.
    pub(crate) language: String,
    /// `title="…"`, or another name of the same thing.
    pub(crate) title: Option<String>,
    /// The stretches of its content, without the indentation of what it stands in.
    pub(crate) content: Vec<Span>,
}

/// The attributes that give a fence a name, by what reads them: Docusaurus and others, Astro and
/// Mintlify, mdBook's file includes.
const TITLES: [&str; 4] = ["title", "filename", "file", "name"];

impl Fence {
    /// A fence with this info string, its content still to come.
    pub(super) fn new(span: Span, info: &str) -> Self {
        let end = info.find(|c: char| c.is_whitespace() || c == '{').unwrap_or(info.len());
        let (language, rest) = info.split_at_checked(end).unwrap_or((info, ""));
        let title = TITLES.into_iter().find_map(|name| attribute(rest, name));
        Self { span, language: language.to_lowercase(), title, content: Vec::new() }
    }

    /// Where its content begins.
    pub(crate) fn start(&self) -> usize {
        self.content.first().map_or(self.span.start, |span| span.start)
    }

    /// Whether it seems to hold a policy: JSON with an Effect.
    pub(super) fn seems_a_policy(&self, source: &Source) -> bool {
        let is_json = matches!(self.language.as_str(), "" | "json" | "jsonc" | "json5" | "text");
        is_json && self.content.iter().any(|span| source.slice(*span).contains("\"Effect\""))
    }

    /// The document with everything blank but the content of this fence, called `name`.
    pub(super) fn alone(&self, document: &Source, name: String) -> Source {
        let end = self.content.last().map_or(0, |span| span.end);
        let before = document.text().get(..end).unwrap_or_default();
        let mut bytes: Vec<u8> =
            before.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect();
        for span in &self.content {
            let written = document.slice(*span);
            // What a site generator takes out before anybody sees it.
            if written.trim_start().starts_with("// highlight-") {
                continue;
            }
            if let Some(place) = bytes.get_mut(span.start..span.end) {
                place.copy_from_slice(written.as_bytes());
            }
        }
        // Whole lines were put back over blanks, so this is text; if it were not, nothing is read.
        Source::new(name, String::from_utf8(bytes).unwrap_or_default()).in_place_of(document)
    }
}

/// The value of `name="…"`, `name='…'` or `name=…`.
fn attribute(info: &str, name: &str) -> Option<String> {
    for (at, _) in info.match_indices(name) {
        let before = info.get(..at).unwrap_or_default();
        if !(before.is_empty() || before.ends_with([' ', '\t', '}', '{', ','])) {
            continue;
        }
        let Some(rest) = info.get(at + name.len()..).and_then(|rest| rest.strip_prefix('=')) else {
            continue;
        };
        let quoted = ['"', '\''].into_iter().find_map(|quote| {
            let inside = rest.strip_prefix(quote)?;
            inside.get(..inside.find(quote)?)
        });
        let bare = || rest.split([' ', '\t', '}']).next();
        return quoted.or_else(bare).filter(|title| !title.is_empty()).map(str::to_owned);
    }
    None
}

/// A policy that a fence holds.
#[derive(Clone, Debug)]
pub(crate) struct Excerpt {
    /// The fence, by number from 0.
    pub(crate) fence: usize,
    /// The policy; its places are places in the document.
    pub(crate) policy: PolicyDocument,
    /// What there is to say about it; no errors.
    pub(crate) findings: Vec<Diagnostic>,
}

/// Reads what a source from [`Fence::alone`] holds. `kind` is guessed if it is not said: with a principal
/// it is a trust policy or is attached to a resource.
///
/// # Errors
/// Every finding, if one of them is an error.
pub(super) fn read(
    fence: usize,
    start: usize,
    source: &Source,
    kind: Option<PolicyType>,
    profile: Profile,
) -> Result<Excerpt, Vec<Diagnostic>> {
    let mut inspection =
        PolicyDocument::inspect_attached(source, kind.unwrap_or(PolicyType::Identity), profile);
    let said = |findings: &[Diagnostic], code| findings.iter().any(|found| found.code == code);
    if kind.is_none() && said(&inspection.findings, Code::ProhibitedPrincipal) {
        let kind = if source.text().contains("\"sts:Assume") {
            PolicyType::Trust
        } else {
            PolicyType::Resource
        };
        inspection = PolicyDocument::inspect_attached(source, kind, profile);
    }
    let is_fragment = said(&inspection.findings, Code::BareStatements);
    if is_fragment && profile == Profile::Strict {
        // A page may show a statement alone. The rest is held to what AWS saves.
        let kind = kind.unwrap_or(PolicyType::Identity);
        let lenient = PolicyDocument::inspect_attached(source, kind, Profile::Lenient);
        inspection.findings.retain(|found| found.code != Code::BareStatements);
        if !inspection.findings.iter().any(Diagnostic::is_error) {
            inspection.document = lenient.document;
        }
    }
    let mut findings = inspection.findings;
    for label in findings.iter_mut().flat_map(|found| &mut found.labels) {
        // What is missing from the whole document has no place of its own.
        if label.span == Span::default() {
            *label = Label { span: Span::new(start, start), text: std::mem::take(&mut label.text) };
        }
    }
    match inspection.document {
        Some(policy) => Ok(Excerpt { fence, policy, findings }),
        None => Err(findings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fence(info: &str) -> Fence {
        Fence::new(Span::default(), info)
    }

    #[test]
    fn titles_are_read_however_they_are_quoted() {
        for info in [
            r#"json title="a b.json""#,
            "json title='a b.json' {4,7}",
            r#"json {4,7} title="a b.json""#,
            r#"json{1-3} showLineNumbers title="a b.json""#,
            r#"json filename="a b.json""#,
        ] {
            assert_eq!(fence(info).title.as_deref(), Some("a b.json"), "{info}");
            assert_eq!(fence(info).language, "json", "{info}");
        }
        assert_eq!(fence("json title=a.json").title.as_deref(), Some("a.json"));
        assert_eq!(fence(r#"json subtitle="x""#).title, None);
        assert_eq!(fence("").language, "");
    }
}
