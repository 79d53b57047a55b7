//! A document that was read: its comments, fences and tables, by byte offsets.

use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::language::{Diagnostic, PolicyType, Profile, Source, Span};

use super::comment::{self, Comment, Style, blank};
use super::fence::{self, Excerpt, Fence};
use super::layout::Layout;
use super::listing::listings;
use super::table::Table;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Markdown: comments are HTML's; MDX's are seen too.
    Markdown,
    /// MDX, where only `{/* … */}` is a comment; HTML's are seen too.
    Mdx,
    /// `AsciiDoc`: code blocks are read, and comments with markers.
    AsciiDoc,
    /// `reStructuredText`: code blocks are read, and comments with markers.
    ReStructuredText,
    /// HTML: comments with markers are seen, and nothing else is read.
    Other,
}

impl Syntax {
    /// The syntax that goes with the extension of a file name; `None` if it is no document.
    pub fn of(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mkd" => Self::Markdown,
            "mdx" => Self::Mdx,
            "adoc" | "asciidoc" => Self::AsciiDoc,
            "rst" => Self::ReStructuredText,
            "html" | "htm" => Self::Other,
            _ => return None,
        })
    }

    /// How markers are written in such a document.
    pub const fn comments(self) -> Style {
        match self {
            Self::Markdown | Self::AsciiDoc | Self::ReStructuredText | Self::Other => Style::Html,
            Self::Mdx => Style::Mdx,
        }
    }

    /// Whether tables of such a document are read.
    pub(crate) const fn has_tables(self) -> bool {
        matches!(self, Self::Markdown | Self::Mdx)
    }

    /// Whether policies in such a document are read.
    pub(crate) const fn has_policies(self) -> bool {
        !matches!(self, Self::Other)
    }
}

/// The longest document that is read, in bytes.
pub const MAX_DOCUMENT: usize = MAX_BYTES;

/// The most text that the policies of one document may take, with what stands before them.
const MAX_EXCERPTS: usize = 64 << 20;

/// Why a document cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is longer than [`MAX_DOCUMENT`].
    #[error("the document is longer than {MAX_DOCUMENT} bytes, the most that iamsure reads")]
    TooLong,
    /// Comments and code are nested in each other too often.
    #[error("comments and code are nested too often to be told apart")]
    TooTangled,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text.
    pub(crate) source: Source,
    /// How it is written.
    pub syntax: Syntax,
    /// Its comments, in order.
    pub comments: Vec<Comment>,
    /// Its code fences, in order.
    pub(crate) fences: Vec<Fence>,
    /// Its tables, in order.
    pub tables: Vec<Table>,
    /// Its paragraphs, in order.
    pub(crate) prose: Vec<Span>,
    /// Its headings, in order.
    pub(crate) headings: Vec<Span>,
}

impl Document {
    /// Reads a document; its name says how it is written.
    ///
    /// # Errors
    /// If it is too long, or nobody could say what is code and what is comment.
    pub fn read(source: &Source) -> Result<Self, Unreadable> {
        if source.text().len() > MAX_DOCUMENT {
            return Err(Unreadable::TooLong);
        }
        let syntax = Syntax::of(source.name()).unwrap_or(Syntax::Markdown);
        let text = source.text();
        let bytes = match syntax {
            Syntax::AsciiDoc | Syntax::ReStructuredText | Syntax::Other => blank_lines(text),
            Syntax::Markdown | Syntax::Mdx => without_containers(text, syntax),
        };
        let (comments, layout) =
            comment::comments(text, bytes).map_err(|_| Unreadable::TooTangled)?;
        let Layout { mut fences, tables, prose, headings, .. } = layout;
        fences.extend(listings(text, syntax));
        Ok(Self { source: source.clone(), syntax, comments, fences, tables, prose, headings })
    }

    /// The document with everything blank but the content of a fence, called `name`: its places are places
    /// in the document.
    pub fn fence_alone(&self, fence: usize, name: String) -> Option<Source> {
        Some(self.fences.get(fence)?.alone(&self.source, name))
    }

    /// The policy in a fence, called `name`.
    ///
    /// # Errors
    /// Every finding, if one of them is an error.
    pub(crate) fn policy(
        &self,
        fence: usize,
        name: String,
        kind: Option<PolicyType>,
        profile: Profile,
    ) -> Result<Excerpt, Vec<Diagnostic>> {
        let Some(found) = self.fences.get(fence) else { return Err(Vec::new()) };
        let alone = found.alone(&self.source, name);
        fence::read(fence, found.start(), &alone, kind, profile)
    }

    /// Every policy of the document, and the fences that seem to hold one and do not.
    pub(crate) fn policies(&self) -> (Vec<Excerpt>, Vec<usize>) {
        let (mut policies, mut broken, mut size) = (Vec::new(), Vec::new(), 0_usize);
        for (number, fence) in self.fences.iter().enumerate() {
            if !fence.seems_a_policy(&self.source) {
                continue;
            }
            size = size.saturating_add(fence.span.end);
            if size > MAX_EXCERPTS {
                broken.push(number);
                continue;
            }
            match self.policy(number, self.source.name().to_owned(), None, Profile::Lenient) {
                Ok(excerpt) => policies.push(excerpt),
                Err(_) => broken.push(number),
            }
        }
        (policies, broken)
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.source.place(offset).line
    }

    /// The stretch between two headings that an offset stands in.
    pub(super) fn section(&self, offset: usize) -> Span {
        let after = self.headings.partition_point(|heading| heading.start <= offset);
        let start = after.checked_sub(1).and_then(|at| self.headings.get(at)).map_or(0, |h| h.end);
        let end = self.headings.get(after).map_or(self.source.text().len(), |h| h.start);
        Span::new(start, end)
    }
}

/// Nothing but the ends of lines: comments are found, and no Markdown.
fn blank_lines(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte == b'\n' { byte } else { b' ' }).collect()
}

/// The text as it is parsed: the lines that open and close a container, which CommonMark does not know,
/// do not run into what is in it.
///
/// - `:::note` and `:::` (Docusaurus and others) become empty lines;
/// - `!!! note`, `??? note`, `=== "Tab"` (of `MkDocs`), whose content is indented, become list items;
/// - in MDX, a line that is one tag of a component becomes empty.
fn without_containers(text: &str, syntax: Syntax) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let inside = line.trim();
        let at = start + (line.len() - line.trim_start().len());
        let span = Span::new(at, at + inside.len());
        let is_component = syntax == Syntax::Mdx
            && inside.ends_with('>')
            && inside.trim_start_matches(['<', '/']).starts_with(|c: char| c.is_ascii_uppercase())
            && inside.starts_with('<')
            && inside.matches('<').count() == 1;
        if inside.starts_with(":::") || is_component {
            blank(&mut bytes, span);
        } else if ["!!! ", "??? ", "???+ ", "=== \""].iter().any(|open| inside.starts_with(open)) {
            blank(&mut bytes, span);
            // An item that begins with an empty heading; what is indented under it belongs to it.
            for (offset, byte) in b"- #".iter().enumerate() {
                if let Some(place) = bytes.get_mut(at + offset) {
                    *place = *byte;
                }
            }
        }
        start += line.len();
    }
    bytes
}
