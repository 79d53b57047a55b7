//! `iamsure.toml` is found from where the program runs.

use std::process::Command;

use super::root;

/// What the program notes on standard error, run in a folder.
fn noted(folder: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iamsure"));
    let run = command.current_dir(root().join(folder)).args(arguments).output().unwrap();
    String::from_utf8(run.stderr).unwrap()
}

#[test]
fn the_nearest_file_above_counts() {
    let claim = ["prove", "never allow s3:DeleteBucket"];
    let beside = noted("tests/cli/project", &[claim[0], claim[1], "app.json"]);
    assert!(
        beside.starts_with("note: iamsure.toml sets --principal, --scp, --context"),
        "{beside}"
    );
    let below = noted("tests/cli/project/below", &[claim[0], claim[1], "../app.json"]);
    assert!(below.starts_with("note: ../iamsure.toml sets "), "{below}");
    let without = noted("tests/cli/project", &[claim[0], claim[1], "app.json", "--no-config"]);
    assert_eq!(without, "");
    let above = noted("tests/cli", &[claim[0], claim[1], "project/app.json"]);
    assert_eq!(above, "");
}

#[test]
fn what_the_file_holds_begins_no_line() {
    let folder = std::env::temp_dir().join(format!("iamsure-project-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for text in [
        "\"x\\n::error::forged\" = 1",
        "principal = \"x\\n::error::forged\"",
        "[diff]\nfail-on = \"x\\n::error::forged\\u001b[31m\"",
        "[\"x\\n::error::forged\"]\na = 1",
        "scp = \"../x\\n::error::forged\"",
        "scp = 1.\n\n::error::forged",
    ] {
        let file = folder.join("iamsure.toml");
        std::fs::write(&file, text).unwrap();
        let policy = root().join("tests/cli/project/app.json").display().to_string();
        let config = file.display().to_string();
        for arguments in [
            &["diff", &policy, &policy, "--config", &config][..],
            &["matrix", &policy, "--config", &config][..],
        ] {
            let noted = noted("tests", arguments);
            let is_forged = |line: &str| line.starts_with("::") || line.contains('\u{1b}');
            assert!(!noted.lines().any(is_forged), "{text}: {noted}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
