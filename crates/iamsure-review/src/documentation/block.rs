//! Generated tables: what stands between a begin and an end marker.
//!
//! What is there is compared without its layout: blanks, line ends and the length of rules are the
//! formatter's affair, so that Prettier and `docs write` never undo each other. The end marker holds a digest
//! of what was generated, by which an edit by hand is told from a policy that moved on.

use iamsure_core::language::{Source, Span};
use iamsure_truth::unanswered::Unanswered;

use super::binding::{Binding, Surroundings};
use super::comment::Style;
use super::document::{Document, Syntax};
use super::finding::{Code, Finding};
use super::fix::{self, Fix};
use super::generate::{self, Layout};
use super::marker::{Markers, Region};

/// How a block stands.
#[derive(Clone, Debug)]
enum Standing {
    /// It says what would be generated.
    Current,
    /// So it does, but the end marker has no digest, or another.
    Unsigned,
    /// It does not, and nobody touched it.
    Stale,
    /// It does not, and was changed by hand.
    Edited,
}

/// A block with what belongs into it.
#[derive(Clone, Debug)]
struct Block {
    standing: Standing,
    /// Everything from the end of the begin marker to the end of the end marker, as it should be.
    text: String,
    /// The end marker alone, as it should be.
    end: String,
}

/// A short digest of a text without its layout (64 bits, FNV-1a). It tells an accident, not an attack.
fn digest(text: &str) -> String {
    let hash = bare(text).bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A text without its layout.
fn bare(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ").replace("> ", ">").replace(" <", "<");
    let mut bare = String::with_capacity(joined.len());
    let mut dashes = 0;
    for c in joined.chars() {
        dashes = if c == '-' { dashes + 1 } else { 0 };
        if dashes <= 3 {
            bare.push(c);
        }
    }
    bare
}

/// The block of a region, or why it cannot be made.
fn block(
    document: &Document,
    region: &Region,
    around: Surroundings<'_>,
) -> Result<Result<Block, Finding>, Unanswered> {
    let bad = |message: String| Finding::new(Code::BadMarker, region.begin, message);
    let text = document.source.text();
    let (Some(prefix), true) = (own_line(text, region.begin), own_line(text, region.end).is_some())
    else {
        return Ok(Err(bad(
            "a marker of a generated table must be on a line of its own".to_owned()
        )));
    };
    let binding = match Binding::of(&region.attributes, document, around) {
        Ok(binding) => binding,
        Err(message) => return Ok(Err(Finding::new(Code::BadPolicy, region.begin, message))),
    };
    let layout = Layout::of(&region.attributes, document.syntax, prefix.chars().count());
    let layout = match layout {
        Ok(layout) => layout,
        Err(message) => return Ok(Err(bad(message))),
    };
    let lines = match generate::lines(&binding, &region.attributes, &layout)? {
        Ok(lines) => lines,
        Err((code, message)) => return Ok(Err(Finding::new(code, region.begin, message))),
    };
    let written = text.get(region.begin.end..region.end.start).unwrap_or_default();
    let generated = lines.join("\n");
    let fresh = digest(&generated);
    let standing = if bare(written) == bare(&generated) {
        if region.digest.as_ref() == Some(&fresh) { Standing::Current } else { Standing::Unsigned }
    } else {
        match &region.digest {
            Some(said) if *said == digest(written) => Standing::Stale,
            None if written.trim().is_empty() => Standing::Stale,
            _ => Standing::Edited,
        }
    };
    let newline = newline_after(text, region.begin.end);
    let style = style_of(text, region.end);
    let end = style.comment(&format!("iamsure:end {fresh}"));
    let mut whole = format!("{newline}{newline}");
    for line in &lines {
        if !line.is_empty() {
            whole.push_str(prefix);
            whole.push_str(line);
        }
        whole.push_str(newline);
    }
    whole.push_str(newline);
    whole.push_str(prefix);
    whole.push_str(&end);
    Ok(Ok(Block { standing, text: whole, end }))
}

/// What stands before a comment on its line, if that is only blanks, and nothing stands after it.
fn own_line(text: &str, span: Span) -> Option<&str> {
    let before = text.get(..span.start)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let prefix = before.get(line..)?;
    let after = text.get(span.end..)?;
    let rest = after.split('\n').next().unwrap_or_default();
    (prefix.chars().all(|c| matches!(c, ' ' | '\t')) && rest.trim().is_empty()).then_some(prefix)
}

fn newline_after(text: &str, offset: usize) -> &'static str {
    let rest = text.get(offset..).unwrap_or_default();
    match rest.find('\n') {
        Some(at) if rest.get(..at).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}

fn style_of(text: &str, span: Span) -> Style {
    if text.get(span.start..).is_some_and(|rest| rest.starts_with(Style::Mdx.opening())) {
        Style::Mdx
    } else {
        Style::Html
    }
}

/// Whether a block is what would be generated.
pub(super) fn check(
    document: &Document,
    region: &Region,
    around: Surroundings<'_>,
) -> Result<Option<Finding>, Unanswered> {
    let block = match block(document, region, around)? {
        Ok(block) => block,
        Err(finding) => return Ok(Some(finding)),
    };
    let name = document.source.name();
    let written = document.source.text().get(region.begin.end..region.end.start);
    let is_empty = written.unwrap_or_default().trim().is_empty();
    Ok(match block.standing {
        Standing::Current | Standing::Unsigned => None,
        Standing::Stale => Some(
            Finding::new(Code::StaleBlock, region.begin, if is_empty {
                "no table has been generated here yet"
            } else {
                "this generated table is out of date"
            })
            .help(format!("`iamsure docs write {name}` generates it again; `--diff` shows how it differs")),
        ),
        Standing::Edited => Some(
            Finding::new(
                Code::EditedBlock,
                region.begin,
                "this generated table was edited by hand and no longer matches the policy",
            )
            .help(format!("`iamsure docs write --force {name}` discards the edit; to maintain a table by hand, bind it with `iamsure:check`")),
        ),
    })
}

/// What comes of writing a document.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// What is replaced.
    pub fixes: Vec<Fix>,
    /// Blocks that were not written, with the reason.
    pub findings: Vec<Finding>,
    /// How many blocks there are.
    pub blocks: usize,
}

/// What `docs write` replaces in a document: every block that is not what it should be. One that was
/// changed by hand is left alone unless `force` is said. Outside of blocks nothing is replaced.
/// [`settle`] says what becomes of the document.
///
/// # Errors
/// If a check of the program's own failed: a bug of iamsure.
pub fn write(
    document: &Document,
    around: Surroundings<'_>,
    force: bool,
) -> Result<Written, Unanswered> {
    let markers = Markers::of(document);
    let mut written = Written { findings: markers.findings, ..Written::default() };
    for region in &markers.regions {
        written.blocks += 1;
        let found = match block(document, region, around)? {
            Ok(found) => found,
            Err(finding) => {
                written.findings.push(finding);
                continue;
            }
        };
        match found.standing {
            Standing::Current => {}
            Standing::Unsigned => written.fixes.push(Fix { span: region.end, text: found.end }),
            Standing::Edited if !force => {
                written.findings.extend(check(document, region, around)?);
            }
            Standing::Stale | Standing::Edited => written
                .fixes
                .push(Fix { span: Span::new(region.begin.end, region.end.end), text: found.text }),
        }
    }
    Ok(written)
}

/// How often blocks that come to light are looked for.
const MAX_PASSES: usize = 64;

/// The text of a document after `fixes`, of [`write()`] among others. What stood between two markers may have been
/// Markdown that ran on behind them, so that more markers are seen once it is gone: their blocks are written too, and
/// writing the text again changes nothing.
///
/// # Errors
/// If a check of the program's own failed: a bug of iamsure.
pub fn settle(
    document: &Document,
    fixes: &[Fix],
    around: Surroundings<'_>,
    force: bool,
) -> Result<String, Unanswered> {
    let source = &document.source;
    let mut text = fix::apply(source.text(), fixes);
    for _ in 0..MAX_PASSES {
        let Ok(next) = Document::read(&Source::new(source.name(), text.as_str())) else { break };
        let written = write(&next, around, force)?;
        if written.fixes.is_empty() {
            break;
        }
        text = fix::apply(&text, &written.fixes);
    }
    Ok(text)
}

/// What a marker generates, on its own: the lines between the markers.
///
/// # Errors
/// If a check of the program's own failed: a bug of iamsure. Inside: why there is nothing.
pub fn print(
    document: &Document,
    around: Surroundings<'_>,
) -> Result<Result<Vec<String>, Finding>, Unanswered> {
    let markers = Markers::of(document);
    if let Some(finding) = markers.findings.into_iter().next() {
        return Ok(Err(finding));
    }
    let mut texts = Vec::new();
    for region in &markers.regions {
        match block(document, region, around)? {
            Ok(found) => {
                let begin = document.source.slice(region.begin);
                texts.push(format!("{begin}{}", found.text.replace("\r\n", "\n")));
            }
            Err(finding) => return Ok(Err(finding)),
        }
    }
    Ok(Ok(texts))
}

/// Whether a document of this syntax is written in Markdown.
pub(super) const fn is_markdown(syntax: Syntax) -> bool {
    matches!(syntax, Syntax::Markdown | Syntax::Mdx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_no_part_of_the_digest() {
        let plain = "| a | b |\n| --- | --- |\n| 1 | 2 |";
        let padded = "\r\n| a   | b |\r\n| ----- | --- |\r\n|  1  | 2 |\r\n";
        assert_eq!(digest(plain), digest(padded));
        assert_ne!(digest(plain), digest("| a | b |\n| --- | --- |\n| 1 | 3 |"));
    }
}
