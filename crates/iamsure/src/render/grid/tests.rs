use super::*;
use crate::streams::Printed as _;

const ARN: &str = "arn:aws:iam::111122223333:role/service-role/reports-of-the-month";

fn drawing(width: usize) -> Drawing {
    Drawing { width: Some(width), ascii: false, styled: false }
}

fn grid(header: &[&str], body: &[&[&str]]) -> Grid {
    let row = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect();
    Grid {
        header: vec![row(header)],
        body: body.iter().map(|cells| row(cells)).collect(),
        verdicts: vec![header.len() - 1],
    }
}

fn drawn(grid: &Grid, drawing: Drawing) -> String {
    grid.draw(drawing).shown().into_owned()
}

#[test]
fn lines_end_after_punctuation_and_never_within_a_word() {
    let lines = ["arn:aws:iam::111122223333:", "role/service-role/reports-of-", "the-month"];
    assert_eq!(broken(ARN, 30), lines);
    assert_eq!(broken("give it with --context", 12), ["give it with", "--context"]);
    assert_eq!(broken("  aws:ViaAWSMCPService", 21), ["  aws:", "ViaAWSMCPService"]);
    assert_eq!(broken("any but s3:GetObject", 14), ["any but", "s3:GetObject"]);
    assert_eq!(broken("abcdefgh", 3), ["abc", "def", "gh"], "a word that no line holds is cut");
}

#[test]
fn a_table_that_fits_is_in_columns_as_wide_as_they_need() {
    let grid = grid(&["Action", "Decision"], &[&["s3:GetObject", "allow [1]"]]);
    let expected = "Action        Decision\n───────────────────────\ns3:GetObject  allow [1]\n";
    assert_eq!(drawn(&grid, drawing(80)), expected);
    assert_eq!(drawn(&grid, Drawing { width: None, ..drawing(0) }), expected);
}

#[test]
fn the_column_with_more_to_say_is_wider() {
    let long = "the request needs an Allow from every applicable layer and none of the policies has one, nor has the session";
    let grid = grid(&["Principal", "Why", "Verdict"], &[&["role/application-one", long, "deny"]]);
    let text = drawn(&grid, drawing(100));
    assert!(text.lines().all(|line| line.width() <= 100), "{text}");
    assert!(text.contains("role/application-one"), "the short column is not broken:\n{text}");
    assert_eq!(text.lines().count(), 4, "{text}");
}

#[test]
fn rows_are_blocks_where_columns_do_not_fit() {
    let long = "x".repeat(39);
    let cells = [ARN, long.as_str(), long.as_str(), "DENY [2]"];
    let grid = grid(&["Principal", "One", "Two", "Decision"], &[&cells, &cells]);
    let text = drawn(&grid, drawing(80));
    assert_eq!(text.lines().filter(|line| *line == "  Decision: DENY [2]").count(), 2, "{text}");
    assert_eq!(text.lines().filter(|line| line.is_empty()).count(), 1, "{text}");
    assert!(text.starts_with(&format!("Principal: {ARN}\n")), "{text}");
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}

#[test]
fn nothing_is_lost_however_narrow_it_is() {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    let grid = grid(&["Principal", "Decision"], &[&[ARN, "DENY [2]"]]);
    for width in 8..120 {
        let text = drawn(&grid, drawing(width));
        assert!(letters(&text).contains(&letters("DENY [2]")), "{width}: {text}");
        assert!(text.lines().all(|line| line.width() <= width.max(12)), "{width}:\n{text}");
    }
}

#[test]
fn a_verdict_that_is_broken_is_coloured_on_both_lines() {
    let long = "a".repeat(30);
    let cells = [long.as_str(), "b b b", "explicitly denied by it"];
    let grid = grid(&["One", "Two", "Decision"], &[&cells]);
    let text = drawn(&grid, Drawing { styled: true, ..drawing(50) });
    assert!(text.contains("\u{1b}[31mexplicitly\u{1b}[0m"), "{text:?}");
    assert!(text.contains("\u{1b}[31mdenied\u{1b}[0m"), "{text:?}");
}

#[test]
fn a_verdict_is_coloured_in_its_column_alone() {
    let grid = grid(&["Action", "Decision"], &[&["allow", "allow [1]"]]);
    let text = drawn(&grid, Drawing { styled: true, ..drawing(80) });
    assert_eq!(text.matches("\u{1b}[32mallow\u{1b}[0m").count(), 1, "{text:?}");
    assert!(text.contains("\nallow   \u{1b}[32m"), "{text:?}");
}
