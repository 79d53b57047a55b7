//! What each sink writes, by example. The laws are in `tests/properties/foreign.rs`.

use super::{Foreign, Sink};

#[test]
fn a_text_of_others_has_no_display() {
    // What can be printed by mistake is no type of its own. Its `Debug` is a Rust literal.
    assert_eq!(format!("{:?}", Foreign::from("\u{1b}[1m")), r#"Foreign("\u{1b}[1m")"#);
}

#[test]
fn what_is_hidden_is_written_out() {
    for (sink, text, written) in [
        (Sink::Line, "a\u{1b}[1m\nb\u{202e}", "a\\u{1b}[1m\\nb\\u{202e}"),
        (Sink::Lines, "a\n ::error::b\nc##[x]", "a\n \\u{3a}:error::b\nc##\\u{5b}x]"),
        (Sink::Json, "\"\u{85}\u{e0041}\"", "\"\\u0085\\udb40\\udc41\""),
        (Sink::Csv, "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        (Sink::Csv, " +1", "' +1"),
        (Sink::Annotation, "a%\r\n::b", "a%25\\r%0A::b"),
        (Sink::AnnotationProperty, "f::x,line=1", "f%3A%3Ax%2Cline=1"),
        (Sink::Tap, "a # SKIP \\", "a \\# SKIP \\\\"),
        (Sink::XmlAttribute, "a\nb\u{ffff}", "a\\nb\\u{ffff}"),
        (
            Sink::CodeInCell,
            "x\\|{globalThis.PWN=1}",
            "<code>x&#92;&#124;&#123;globalThis&#46;PWN&#61;1&#125;</code>",
        ),
        (Sink::CodeInCell, "a|b", "`a\\|b`"),
        (Sink::Paragraph, "export const x = 1", "&#101;xport const x = 1"),
        (Sink::Paragraph, "exports * of x", "exports \\* of x"),
        (Sink::Paragraph, "  - x", "\\- x"),
        (Sink::Paragraph, "12) x 12)", "12\\) x 12)"),
        (Sink::Paragraph, "1.5 x", "1.5 x"),
        (Sink::Uri, "a b\\c", "a%20b/c"),
    ] {
        assert_eq!(sink.text(text), written, "{sink:?}");
    }
}
