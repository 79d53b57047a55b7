//! Pictures: those of the documents are current, and what strangers wrote is text on them.

use std::path::PathBuf;
use std::process::Command;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{pages, root};

fn drawn(arguments: &[&str], folder: PathBuf) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iamsure"));
    let run = command.args(arguments).args(["--format", "svg"]).current_dir(folder).output();
    String::from_utf8(run.unwrap().stdout).unwrap()
}

#[test]
fn the_pictures_of_the_documents_are_current() {
    for (picture, arguments) in [
        (
            "docs/pictures/matrix.svg",
            &["matrix", "corpus/guardrails/toolhive-s3-readonly.json"][..],
        ),
        (
            "docs/pictures/diff.svg",
            &["diff", "corpus/deploy/role.json", "corpus/deploy/role-simplified.json"][..],
        ),
    ] {
        pages::check(picture, &drawn(arguments, root()));
    }
}

#[test]
fn text_of_strangers_is_text_on_a_picture() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("picture");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let hostile = "</tspan><script>PWNED</script>\u{1b}[31m\u{202e}&#x3c;\" onload=\"PWNED";
    let text = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": hostile, "Effect": "Deny", "Action": "s3:GetObject",
            "Resource": format!("arn:aws:s3:::bucket/{hostile}"),
            "Condition": { "StringEquals": { "aws:PrincipalTag/t": hostile } }
        }]
    });
    std::fs::write(folder.join("a<b>.json"), text.to_string()).unwrap();
    for command in ["matrix", "table"] {
        let picture = drawn(&[command, "a<b>.json", "--lenient"], folder.clone());
        let mut reader = Reader::from_str(&picture);
        let mut tags = 0;
        loop {
            let tag = match reader.read_event().unwrap() {
                Event::Start(tag) | Event::Empty(tag) => tag.into_owned(),
                Event::Eof => break,
                _ => continue,
            };
            tags += 1;
            let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
            assert!(["svg", "style", "rect", "text", "tspan"].contains(&name.as_str()), "{name}");
            for attribute in tag.attributes() {
                let key = String::from_utf8(attribute.unwrap().key.as_ref().to_vec()).unwrap();
                assert!(!key.starts_with("on") && !key.ends_with("href"), "{key}");
            }
        }
        assert!(tags > 10, "{picture}");
        assert!(!picture.contains(['\u{1b}', '\u{202e}']), "{picture}");
    }
}

#[test]
fn a_generated_table_is_drawn_as_it_is_printed() {
    let picture = drawn(&["docs", "print", "docs/documentation-tables.md"], root());
    assert!(picture.starts_with("<svg "), "{picture}");
    let run = Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(["docs", "print", "docs/documentation-tables.md"])
        .current_dir(root())
        .output()
        .unwrap();
    let printed = String::from_utf8(run.stdout).unwrap();
    let rows = printed.lines().filter(|line| line.starts_with("| "));
    let mut told = 0;
    for cell in rows.flat_map(|row| row.split(" | ")) {
        let word = cell.trim_matches(['|', ' ', '`', '*']);
        // What is broken over lines is left to the reader.
        if !word.is_empty() && word.chars().all(char::is_alphanumeric) {
            assert!(picture.contains(word), "{word}");
            told += 1;
        }
    }
    assert!(told > 3, "{printed}");
}
