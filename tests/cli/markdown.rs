//! Markdown that a CommonMark parser reads as the table that was meant.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The cells of the first table, row by row, as a reader sees them.
fn cells(markdown: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => rows.last_mut().unwrap().push(String::new()),
            Event::Text(text) if !rows.is_empty() => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push_str(&text);
                }
            }
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    rows
}

#[test]
fn the_matrix_survives_a_markdown_parser() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(["matrix", "corpus/guardrails/toolhive-s3-readonly.json", "--format", "markdown"])
        .args(["--path", "direct", "--path", "mcp:aws-mcp"])
        .current_dir(super::root())
        .output()
        .unwrap();
    let rows = cells(&String::from_utf8(output.stdout).unwrap());
    let expected = [
        ["action", "direct", "mcp:aws-mcp"],
        ["aws:ViaAWSMCPService", "absent | false", "true"],
        ["aws:CalledViaAWSMCP", "absent", "aws-mcp.amazonaws.com"],
        ["evidence", "documented | observed", "documented"],
        ["s3:GetObject", "DENY [2]", "allow [1]"],
        ["s3:ListBucket", "DENY [2]", "allow [1]"],
        ["any other action", "DENY [2]", "deny"],
        ["sts:GetCallerIdentity  (*)", "exempt", "exempt"],
    ];
    assert_eq!(rows, expected);
}
