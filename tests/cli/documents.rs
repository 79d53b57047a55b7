//! Documents that are written: one cell, between markers, and nothing else.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::root;

/// A folder of this test's own, with a copy of a document.
fn copy_of(document: &str, test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents").join(test);
    std::fs::create_dir_all(&folder).unwrap();
    let copy = folder.join(Path::new(document).file_name().unwrap());
    std::fs::copy(root().join(document), &copy).unwrap();
    copy
}

fn iamsure(args: &[&str], path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamsure")).args(args).arg(path).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn a_wrong_cell_is_put_right_and_nothing_else_changes() {
    let page = copy_of("corpus/documentation/wrong-row-bound.mdx", "cell");
    let before = std::fs::read_to_string(&page).unwrap();
    assert_eq!(code(&iamsure(&["docs", "check"], &page)), 1);
    assert_eq!(code(&iamsure(&["docs", "write", "--fix-cells"], &page)), 0);
    assert_eq!(code(&iamsure(&["docs", "check"], &page)), 0);
    let after = std::fs::read_to_string(&page).unwrap();
    let changed: Vec<_> =
        before.lines().zip(after.lines()).filter(|(before, after)| before != after).collect();
    assert_eq!(
        changed,
        [(
            "| No (key absent)                 | n/a     | No            |",
            "| No (key absent)                 | n/a     | Yes           |"
        )]
    );
    assert_eq!(before.lines().count(), after.lines().count());
}

#[test]
fn nothing_is_written_into_asciidoc_or_restructuredtext() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents").join("languages");
    std::fs::create_dir_all(&folder).unwrap();
    let marked = "<!-- iamsure:begin policy=\"p.json\" -->\n<!-- iamsure:end -->\n";
    for (name, language) in [("page.adoc", "AsciiDoc"), ("page.rst", "reStructuredText")] {
        let page = folder.join(name);
        std::fs::write(&page, marked).unwrap();
        let output = iamsure(&["docs", "write"], &page);
        assert_eq!(code(&output), 2);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(&format!("no table is written into {language}")), "{said}");
        assert_eq!(std::fs::read_to_string(&page).unwrap(), marked);
    }
}

#[test]
fn a_generated_table_is_written_once_and_kept_by_hand_only_by_force() {
    let page = copy_of("corpus/documentation/right.mdx", "block");
    let mut text = std::fs::read_to_string(&page).unwrap().replace('\n', "\r\n");
    let marked = "\r\n{/* iamsure:begin policy=\"#shared-role.json\" sid=\"DenyOutsideMcp\" */}\r\n{/* iamsure:end */}\r\n";
    text.push_str(marked);
    std::fs::write(&page, &text).unwrap();
    assert_eq!(code(&iamsure(&["docs", "check"], &page)), 1, "nothing was generated yet");
    assert_eq!(code(&iamsure(&["docs", "write"], &page)), 0);
    let written = std::fs::read_to_string(&page).unwrap();
    let outside = text.len() - "{/* iamsure:end */}\r\n".len();
    assert_eq!(written.get(..outside), text.get(..outside));
    assert!(written.contains("\r\n| absent                 | Yes           |\r\n"), "{written}");
    assert!(!written.replace("\r\n", "").contains('\n'), "line ends are the document's");
    assert_eq!(code(&iamsure(&["docs", "check"], &page)), 0);
    assert_eq!(code(&iamsure(&["docs", "write"], &page)), 0);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), written);

    let edited =
        written.replace("| absent                 | Yes", "| absent                 | No ");
    std::fs::write(&page, &edited).unwrap();
    assert_eq!(code(&iamsure(&["docs", "check"], &page)), 1);
    assert_eq!(code(&iamsure(&["docs", "write"], &page)), 1, "refused");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), edited);
    assert_eq!(code(&iamsure(&["docs", "write", "--force"], &page)), 0);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), written);
}

#[test]
fn what_a_formatter_does_to_a_generated_table_is_no_change() {
    let page = copy_of("corpus/documentation/right.mdx", "formatter");
    let mut text = std::fs::read_to_string(&page).unwrap();
    text.push_str("\n{/* iamsure:begin sid=\"DenyOutsideMcp\" */}\n{/* iamsure:end */}\n");
    std::fs::write(&page, &text).unwrap();
    assert_eq!(code(&iamsure(&["docs", "write"], &page)), 0);
    let written = std::fs::read_to_string(&page).unwrap();
    let compact = written.replace("| absent                 | Yes           |", "| absent | Yes |");
    assert_ne!(compact, written);
    std::fs::write(&page, &compact).unwrap();
    assert_eq!(code(&iamsure(&["docs", "check"], &page)), 0);
    assert_eq!(code(&iamsure(&["docs", "write"], &page)), 0);
    assert_eq!(std::fs::read_to_string(&page).unwrap(), compact);
}

#[test]
fn the_hooks_run_as_they_are_defined() {
    let hooks = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    // As pre-commit does: the entry, the arguments, the names of files.
    let field = |hook: &str, name: &str| {
        let prefix = format!("  {name}: ");
        hook.lines().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_default().to_owned()
    };
    let mut ids = Vec::new();
    for hook in hooks.split("\n- ").skip(1) {
        let id = hook.lines().next().unwrap().strip_prefix("id: iamsure-").unwrap();
        let entry = field(hook, "entry");
        let given = field(hook, "args");
        let mut words: Vec<&str> = entry.strip_prefix("iamsure ").unwrap().split(' ').collect();
        words.extend(given.trim_matches(['[', ']']).split(", ").filter(|word| !word.is_empty()));
        let takes_files = field(hook, "pass_filenames") != "false";
        assert_eq!(words.last() == Some(&"--"), takes_files, "{id}: a name of a file is no option");
        let file = match id {
            "docs-check" | "docs-scan" => "corpus/documentation/right.mdx",
            "test" => "tests/suites/accepted",
            _ => "tests/suites/accepted/role.json",
        };
        let output = iamsure(&words, &root().join(file));
        assert_eq!(code(&output), 0, "{id}: {}", String::from_utf8_lossy(&output.stderr));
        ids.push(id);
    }
    assert_eq!(ids, ["validate", "lint", "test", "docs-check", "docs-scan"]);
}
