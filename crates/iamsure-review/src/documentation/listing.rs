//! Code in `AsciiDoc` and `reStructuredText`: the blocks that may hold a policy, and nothing else of these languages.
//!
//! References: `AsciiDoc` Language Documentation, *Listing Blocks*, *Source Code Blocks*, *Callouts*;
//! `reStructuredText` Markup Specification, *Literal Blocks*; Sphinx, *code-block*.

use iamsure_core::language::Span;

use super::document::Syntax;
use super::fence::Fence;

/// The code blocks of a text of this syntax, in order.
pub(super) fn listings(text: &str, syntax: Syntax) -> Vec<Fence> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line { text: line.trim_end_matches(['\n', '\r']), start, whole: line.len() });
        start += line.len();
    }
    match syntax {
        Syntax::AsciiDoc => ascii_doc(&lines),
        Syntax::ReStructuredText => restructured(&lines),
        Syntax::Markdown | Syntax::Mdx | Syntax::Other => Vec::new(),
    }
}

/// A line without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
    /// Its length with its end.
    whole: usize,
}

impl Line<'_> {
    fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    fn span(self) -> Span {
        Span::new(self.start, self.start + self.whole)
    }
}

/// A block from its first line to its last; `content` are the lines between.
fn block(
    lines: &[Line<'_>],
    language: &str,
    title: Option<&str>,
    content: &[Span],
) -> Option<Fence> {
    let (first, last) = (lines.first()?, lines.last()?);
    let mut fence = Fence::new(Span::new(first.start, last.start + last.text.len()), language);
    fence.title = title.map(str::to_owned);
    fence.content = content.to_vec();
    Some(fence)
}

/// Blocks between lines of `----` or `....`, or fenced as in Markdown; the language is in `[source,json]` before.
fn ascii_doc(lines: &[Line<'_>]) -> Vec<Fence> {
    let mut found = Vec::new();
    let (mut language, mut title) = (None, None);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let text = line.text.trim();
        at += 1;
        let fenced = text.strip_prefix("```");
        if is_delimiter(text) || fenced.is_some_and(|rest| !rest.contains('`')) {
            let closing = if fenced.is_some() { "```" } else { text };
            let rest = lines.get(at..).unwrap_or_default();
            // Without its end, a block runs to the end of the text.
            let length = rest.iter().position(|line| line.text.trim() == closing);
            let inside = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
            let said = fenced.filter(|rest| !rest.is_empty()).or(language);
            let content: Vec<Span> = inside.iter().map(|line| without_callouts(*line)).collect();
            let end = at + length.map_or(rest.len(), |length| length + 1);
            let whole = lines.get(at - 1..end).unwrap_or_default();
            found.extend(block(whole, said.unwrap_or_default(), title, &content));
            at = end;
            (language, title) = (None, None);
        } else if let Some(attributes) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
            let mut parts = attributes.split(',').map(str::trim);
            let style = parts.next().unwrap_or_default();
            if style.is_empty() || style.starts_with("source") {
                language = parts.next().map(|part| part.trim_matches('"'));
            }
        } else if let Some(name) = text
            .strip_prefix('.')
            .filter(|name| name.starts_with(|c: char| !c.is_whitespace() && c != '.'))
        {
            title = Some(name);
        } else if text != "+" {
            (language, title) = (None, None);
        }
    }
    found
}

/// Four or more hyphens or dots.
fn is_delimiter(text: &str) -> bool {
    ['-', '.'].iter().any(|mark| text.len() >= 4 && text.chars().all(|c| c == *mark))
}

/// A line without the callouts at its end: ` <1> <2>`.
fn without_callouts(line: Line<'_>) -> Span {
    let mut text = line.text.trim_end();
    while let Some(before) = text.strip_suffix('>') {
        let Some((rest, number)) = before.rsplit_once('<') else { break };
        let is_callout = number == "." || number.bytes().all(|byte| byte.is_ascii_digit());
        if number.is_empty() || !is_callout || !rest.ends_with([' ', '\t']) {
            break;
        }
        text = rest.trim_end();
    }
    if text.len() == line.text.trim_end().len() {
        line.span()
    } else {
        Span::new(line.start, line.start + text.len())
    }
}

/// What is indented after a directive for code, or after a paragraph that ends with `::`.
fn restructured(lines: &[Line<'_>]) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at).copied() {
        let text = line.text.trim();
        let directive = ["code-block", "sourcecode", "code"].iter().find_map(|name| {
            text.strip_prefix(".. ")?.trim_start().strip_prefix(name)?.strip_prefix("::")
        });
        let is_literal = text.ends_with("::") && !text.starts_with(".. ");
        at += 1;
        if directive.is_none() && !is_literal {
            continue;
        }
        let rest = lines.get(at..).unwrap_or_default();
        let is_inside = |other: &Line<'_>| other.is_blank() || other.indent() > line.indent();
        let length = rest.iter().position(|other| !is_inside(other)).unwrap_or(rest.len());
        let inside = rest.get(..length).unwrap_or_default();
        let options = match directive {
            Some(_) => inside.iter().take_while(|other| other.text.trim().starts_with(':')).count(),
            None => 0,
        };
        let title = inside.iter().take(options).find_map(|option| {
            let text = option.text.trim();
            text.strip_prefix(":caption:").or_else(|| text.strip_prefix(":name:")).map(str::trim)
        });
        let content: Vec<Span> = inside.iter().skip(options).map(|line| line.span()).collect();
        let whole = lines.get(at - 1..at + length).unwrap_or_default();
        if inside.iter().skip(options).any(|line| !line.is_blank()) {
            found.extend(block(whole, directive.unwrap_or_default().trim(), title, &content));
            at += length;
        }
    }
    found
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    fn read(text: &str, syntax: Syntax) -> Vec<(String, Option<String>, String)> {
        let of = |fence: Fence| {
            let content = fence.content.iter().map(|span| &text[span.start..span.end]).collect();
            (fence.language, fence.title, content)
        };
        listings(text, syntax).into_iter().map(of).collect()
    }

    #[test]
    fn blocks_of_asciidoc_are_read() {
        let text = "= Page\n\n.role.json\n[source,json,subs=\"+quotes\"]\n----\n{ <1>\n}\n----\n<1> A brace\n\ntext\n\n....\nx <2>\n....\n\n```json\ny\n```\n\n[NOTE]\n====\n[,json]\n----\nz\n----\n====\n";
        let own = |language: &str, title: Option<&str>, content: &str| {
            (language.to_owned(), title.map(str::to_owned), content.to_owned())
        };
        assert_eq!(
            read(text, Syntax::AsciiDoc),
            [
                own("json", Some("role.json"), "{}\n"),
                own("", None, "x"),
                own("json", None, "y\n"),
                own("json", None, "z\n"),
            ]
        );
        assert_eq!(read("----\nnever closed", Syntax::AsciiDoc), [own("", None, "never closed")]);
        assert_eq!(read("a -- b\n---\nc\n", Syntax::AsciiDoc), []);
    }

    #[test]
    fn blocks_of_restructuredtext_are_read() {
        let text = "Page\n====\n\n.. code-block:: json\n   :caption: role.json\n\n   {\n\n   }\n\nAnd so::\n\n  x\n\nNot this:\n\n  y\n\n.. note::\n\n   .. code:: json\n\n      z\n";
        let found = read(text, Syntax::ReStructuredText);
        let short: Vec<_> = found
            .iter()
            .map(|(language, title, content)| (language.as_str(), title.as_deref(), content.trim()))
            .collect();
        assert_eq!(
            short,
            [("json", Some("role.json"), "{\n\n   }"), ("", None, "x"), ("json", None, "z")]
        );
    }
}
