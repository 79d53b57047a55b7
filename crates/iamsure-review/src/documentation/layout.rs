//! What stands where in a Markdown document, in byte offsets, from a CommonMark parser's events.

use iamsure_core::language::Span;
use iamsure_truth::phrase::{Phrase, Piece};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::fence::Fence;
use super::table::{Cell, Table};

/// How often a document may be parsed again because a comment held what looked like code, or parted a block
/// of raw HTML; a short document more often, as long as no more than [`MAX_PARSED`] bytes are read.
pub(super) const MAX_ROUNDS: usize = 32;
/// How much text may be parsed for one document.
pub(super) const MAX_PARSED: usize = 64 << 20;

/// Comments and code are nested in each other beyond all use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooTangled;

/// The parts of a document that matter here, each in the order of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Code, in blocks and in lines.
    code: Vec<Span>,
    /// Blocks of raw HTML.
    html: Vec<Span>,
    pub(super) fences: Vec<Fence>,
    pub(super) tables: Vec<Table>,
    /// Paragraphs, and the texts of list items that have none.
    pub(super) prose: Vec<Span>,
    pub(super) headings: Vec<Span>,
}

impl Layout {
    /// The layout of a text.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut reader = Reader::default();
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
            | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
        for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
            reader.take(event, Span::new(range.start, range.end), &text);
        }
        reader.layout.code.sort_unstable();
        reader.layout
    }

    /// The code that an offset stands in.
    pub(super) fn code_at(&self, offset: usize) -> Option<Span> {
        let after = self.code.partition_point(|span| span.start <= offset);
        let before = self.code.get(after.checked_sub(1)?)?;
        (offset < before.end).then_some(*before)
    }

    /// Whether a block of raw HTML goes on on both sides of a stretch.
    pub(super) fn has_html_around(&self, span: Span) -> bool {
        let after = self.html.partition_point(|html| html.start < span.start);
        let around = after.checked_sub(1).and_then(|at| self.html.get(at));
        around.is_some_and(|html| span.end < html.end)
    }

    /// Whether code begins in a stretch.
    pub(super) fn has_code_in(&self, span: Span) -> bool {
        let after = self.code.partition_point(|code| code.start < span.start);
        self.code.get(after).is_some_and(|code| code.start < span.end)
    }
}

#[derive(Default)]
struct Reader {
    layout: Layout,
    fence: Option<Fence>,
    table: Option<Table>,
    row: Vec<Cell>,
    cell: Option<Cell>,
    /// Front matter is neither prose nor code.
    metadata: bool,
    /// Inside `<code>`, which is how code with a bar after a backslash is written in a cell.
    in_code: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span, text: &str) {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => {
                self.metadata = true;
                self.layout.code.push(span);
            }
            Event::End(TagEnd::MetadataBlock(_)) => self.metadata = false,
            Event::Start(Tag::CodeBlock(kind)) => {
                self.layout.code.push(span);
                if let CodeBlockKind::Fenced(info) = kind {
                    self.fence = Some(Fence::new(span, &info));
                }
            }
            Event::Start(Tag::HtmlBlock) => self.layout.html.push(span),
            Event::End(TagEnd::CodeBlock) => self.layout.fences.extend(self.fence.take()),
            Event::Start(Tag::Table(_)) => {
                self.table = Some(Table { span, header: Vec::new(), rows: Vec::new() });
            }
            Event::End(TagEnd::Table) => self.layout.tables.extend(self.table.take()),
            Event::End(TagEnd::TableHead) => {
                if let Some(table) = &mut self.table {
                    table.header = std::mem::take(&mut self.row);
                }
            }
            Event::End(TagEnd::TableRow) => {
                if let Some(table) = &mut self.table {
                    table.rows.push(std::mem::take(&mut self.row));
                }
            }
            Event::Start(Tag::TableCell) => {
                self.cell = Some(Cell::new(span, text));
            }
            Event::End(TagEnd::TableCell) => {
                self.in_code = false;
                self.row.extend(self.cell.take());
            }
            Event::Start(Tag::Heading { .. }) => self.layout.headings.push(span),
            Event::Start(Tag::Paragraph) => self.layout.prose.push(span),
            Event::Code(code) => {
                self.layout.code.push(span);
                self.say(Piece::Code(code.into_string()));
            }
            Event::Text(_) if self.fence.is_some() => {
                if let Some(fence) = &mut self.fence {
                    fence.content.push(span);
                }
            }
            Event::Text(words) if self.in_code => self.say(Piece::Code(words.into_string())),
            Event::Text(words) if !self.metadata => self.say(Piece::Word(words.into_string())),
            Event::InlineHtml(tag) if matches!(&*tag, "<code>" | "</code>") => {
                self.in_code = &*tag == "<code>";
            }
            Event::SoftBreak | Event::HardBreak | Event::InlineHtml(_) => {
                self.say(Piece::Word(" ".to_owned()));
            }
            _ => {}
        }
    }

    /// Adds to the cell that is read.
    fn say(&mut self, piece: Piece) {
        let Some(cell) = &mut self.cell else { return };
        let Phrase(pieces) = &mut cell.phrase;
        match (pieces.last_mut(), piece) {
            (Some(Piece::Word(before)), Piece::Word(words)) => before.push_str(&words),
            // An element of code is read in parts.
            (Some(Piece::Code(before)), Piece::Code(code)) if self.in_code => {
                before.push_str(&code);
            }
            (_, piece) => pieces.push(piece),
        }
    }
}
