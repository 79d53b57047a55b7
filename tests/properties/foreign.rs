//! Text of others: each sink against a reader of its format.

use iamsure_review::foreign::{Sink, is_hidden, markdown_with_code};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What means something somewhere.
const PIECES: &[&str] = &[
    "a",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{9b}31m",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{e0041}",
    "\u{2028}",
    "\u{fe0f}",
    "\u{ad}",
    "\u{ffff}",
    "|",
    "\\",
    "\\|",
    "`",
    "``",
    "{",
    "}",
    "{x}",
    "<b>",
    "</td>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&#123;",
    "*",
    "_",
    "[x](y)",
    "](",
    "#",
    "# ",
    "- ",
    "+ ",
    "12) ",
    "export ",
    "::",
    "::error::x",
    "##[error]",
    "%0A",
    ",",
    ":",
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\"",
    "'",
    ";",
    "]]>",
    "<?x",
    "é",
    "ok 1 - x",
    "1..2",
    "Bail out!",
    "---",
    "...",
    "# SKIP",
    "import x",
    "{/*",
    "*/}",
    "~~~",
    "$",
    "\u{1f600}",
];

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..8).prop_map(|pieces| pieces.concat())
}

/// The characters that any reader may be shown.
fn is_clean(text: &str, but: &[char]) -> bool {
    text.chars().all(|c| !is_hidden(c) || but.contains(&c))
}

fn cells(page: &str) -> Vec<Vec<Event<'_>>> {
    let mut cells = Vec::new();
    let mut cell: Option<Vec<Event<'_>>> = None;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableCell) => cell = Some(Vec::new()),
            Event::End(TagEnd::TableCell) => cells.extend(cell.take()),
            event => cell.iter_mut().for_each(|cell| cell.push(event.clone())),
        }
    }
    cells
}

proptest! {
    #![proptest_config(super::cases(2_000))]

    #[test]
    fn a_line_is_one_line_and_nothing_in_it_is_hidden(text in texts()) {
        prop_assert!(is_clean(&Sink::Line.text(&text), &[]));
    }

    #[test]
    fn lines_hold_no_command(text in texts()) {
        let lines = Sink::Lines.text(&text);
        prop_assert!(is_clean(&lines, &['\n']));
        prop_assert!(lines.split('\n').all(|line| !line.trim().starts_with("::")), "{lines}");
        prop_assert!(!lines.contains("##["), "{lines}");
        prop_assert_eq!(Sink::Lines.text(&*lines).into_owned(), lines.clone(), "written twice it is the same");
    }

    #[test]
    fn json_is_read_back_as_it_was(text in texts()) {
        for json in [serde_json::to_string(&[&text]).unwrap(), serde_json::to_string_pretty(&[&text]).unwrap()] {
            let written = Sink::Json.text(&json);
            prop_assert!(is_clean(&written, &['\n']), "{written}");
            prop_assert!(!written.contains("##["), "{written}");
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), [text.clone()]);
        }
    }

    #[test]
    fn csv_is_one_cell_and_no_formula(text in texts()) {
        let cell = Sink::Csv.text(&text);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record([&*cell, "end"]).unwrap();
        let bytes = writer.into_inner().unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*bytes);
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(records[0].iter().collect::<Vec<_>>(), [&*cell, "end"]);
        prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }

    #[test]
    fn an_annotation_is_one_line_and_a_property_ends_where_it_ends(text in texts()) {
        let (data, property) = (Sink::Annotation.text(&text), Sink::AnnotationProperty.text(&text));
        prop_assert!(is_clean(&data, &[]) && is_clean(&property, &[]));
        prop_assert!(!property.contains([',', ':']), "{property}");
        // As the runner reads them.
        let read = |text: &str| text.replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
        prop_assert_eq!(read(&property), read(&data));
    }

    #[test]
    fn xml_holds_what_xml_can_hold(text in texts()) {
        for sink in [Sink::Xml, Sink::XmlAttribute] {
            let written = sink.text(&text);
            let may = |c: char| matches!(c, '\u{9}' | '\u{a}' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
            prop_assert!(written.chars().all(may), "{written:?}");
            prop_assert!(sink == Sink::Xml || !written.contains('\n'));
        }
    }

    #[test]
    fn a_description_of_tap_holds_no_directive(text in texts()) {
        let written = Sink::Tap.text(&text);
        prop_assert!(is_clean(&written, &[]));
        let mut escaped = false;
        for c in written.chars() {
            prop_assert!(c != '#' || escaped, "{written}");
            escaped = c == '\\' && !escaped;
        }
        prop_assert!(!escaped, "{written}");
    }

    #[test]
    fn no_link_begins_in_a_message_of_sarif(text in texts()) {
        prop_assert!(!Sink::Sarif.text(&text).contains("]("));
    }

    #[test]
    fn a_path_is_a_relative_reference(text in texts()) {
        let written = Sink::Uri.text(&text);
        let may = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        prop_assert!(written.chars().all(may), "{written}");
    }

    #[test]
    fn html_is_text(text in texts()) {
        for sink in [Sink::Html, Sink::HtmlInMarkdown] {
            let written = sink.text(&text);
            prop_assert!(is_clean(&written, &[]));
            prop_assert!(!written.contains(['<', '>', '"', '\'']), "{written}");
        }
        let shown = Sink::HtmlInMarkdown.text(&text);
        let is_live = shown.contains(['{', '}', '`', '[', '|', '\\']);
        prop_assert!(!is_live, "{}", shown);
    }

    #[test]
    fn a_cell_is_one_cell_of_text(text in texts()) {
        let shown = Sink::Line.text(&text);
        for (sink, is_code) in [(Sink::Markdown, false), (Sink::CodeInCell, true)] {
            let page = format!("| h | i |\n| --- | --- |\n| .{}. | end |\n", sink.text(&text));
            let cells = cells(&page);
            prop_assert_eq!(cells.len(), 4, "{}", page);
            let mut read = String::new();
            for event in &cells[2] {
                match event {
                    Event::Text(words) | Event::Code(words) => read.push_str(words),
                    Event::InlineHtml(tag) if is_code && (&**tag == "<code>" || &**tag == "</code>") => {}
                    other => prop_assert!(false, "{other:?} in {page}"),
                }
            }
            // An empty code span is none.
            let read = if shown.is_empty() && is_code { read.replace("``", "") } else { read };
            prop_assert_eq!(read, format!(".{shown}."), "{}", page);
        }
    }

    /// A paragraph is one, whatever its text begins with; that MDX agrees is for `tests/injection/markdown.mjs`.
    #[test]
    fn a_paragraph_is_one_paragraph_of_text(text in texts()) {
        let shown = Sink::Line.text(&text);
        let written = Sink::Paragraph.text(&text);
        prop_assert!(!written.starts_with("export ") && !written.starts_with("import "));
        let mut read = String::new();
        let mut paragraphs = 0;
        for event in Parser::new_ext(&written, Options::ENABLE_GFM | Options::ENABLE_TABLES) {
            match event {
                Event::Text(words) => read.push_str(&words),
                Event::Start(Tag::Paragraph) => paragraphs += 1,
                Event::End(TagEnd::Paragraph) => {}
                other => prop_assert!(false, "{other:?} in {written}"),
            }
        }
        prop_assert!(paragraphs <= 1, "{}", written);
        prop_assert_eq!(read, shown.trim_matches(' '), "{}", written);
    }

    /// Whatever the backticks do, there is code and there are words, and nothing else.
    #[test]
    fn words_with_code_are_words_and_code(text in texts()) {
        let page = format!("| h | i |\n| --- | --- |\n| {} | end |\n", markdown_with_code(&Sink::Lines.text(&text)));
        let cells = cells(&page);
        prop_assert_eq!(cells.len(), 4, "{}", page);
        for event in &cells[2] {
            let is_plain = match event {
                Event::Text(_) | Event::Code(_) => true,
                Event::InlineHtml(tag) => matches!(&**tag, "<br/>" | "<code>" | "</code>"),
                _ => false,
            };
            prop_assert!(is_plain, "{event:?} in {page}");
        }
    }
}
