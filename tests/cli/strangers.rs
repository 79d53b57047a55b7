//! Files of strangers: nothing is read outside, nothing is half written, no check passes by saying nothing, and what is
//! printed in colour is coloured by us alone.

mod streams;
mod vacuous;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "Guard", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
const ROLE: &str = "policies: { role: { identity: p.json } }\n";
const TEST: &str =
    "tests:\n  - { name: t, action: \"s3:GetObject\", expect: { direct: allowed } }\n";

/// A folder of its own, and what is in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("strangers-{name}"));
        let _ = std::fs::remove_dir_all(&path);
        for (file, text) in files {
            let file = path.join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        Self(path)
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_in("", args)
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_iamsure"))
            .args(args)
            .current_dir(self.0.join(folder))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn git(&self, folder: &str, args: &[&str]) {
        let done =
            Command::new("git").arg("-C").arg(self.0.join(folder)).args(args).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// It must end with this code and say this.
fn ends(output: &Output, code: i32, says: &str) {
    let text = said(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(says), "{says:?} is missing in:\n{text}");
}

#[cfg(unix)]
#[test]
fn what_a_file_names_is_read_in_its_repository_alone() {
    use std::os::unix::fs::symlink;
    let page = |policy: &str| {
        format!(
            "<!-- iamsure:check policy=\"{policy}\" sid=\"Guard\" -->\n\n| Action | Applies? |\n| --- | --- |\n| `s3:GetObject` | Yes |\n"
        )
    };
    let suite = |policy: &str| format!("policies: {{ role: {{ identity: {policy} }} }}\n{TEST}");
    let folder = Folder::new(
        "outside",
        &[
            ("secret.json", r#"{"SECRET": "hunter2"}"#),
            ("policy.json", POLICY),
            ("repository/p.json", POLICY),
            ("repository/a/beside.iamsure.yaml", &suite("../p.json")),
            ("repository/a/up.iamsure.yaml", &suite("../../policy.json")),
            ("repository/a/secret.iamsure.yaml", &suite("../../secret.json")),
            ("repository/a/link.iamsure.yaml", &suite("../link.json")),
            (
                "repository/a/extends.iamsure.yaml",
                &format!("extends: ../../secret.json\n{ROLE}{TEST}"),
            ),
            ("repository/up.md", &page("../policy.json")),
            ("repository/secret.md", &page("../secret.json")),
            ("repository/link.md", &page("link.json")),
            ("repository/inside.md", &page("p.json")),
        ],
    );
    folder.git("repository", &["init", "--quiet"]);
    symlink("../secret.json", folder.0.join("repository/link.json")).unwrap();
    symlink("../policy.json", folder.0.join("repository/named.json")).unwrap();
    let inside = |args: &[&str]| folder.run_in("repository", args);
    ends(&inside(&["test", "a/beside.iamsure.yaml"]), 0, "1 passed");
    ends(&inside(&["docs", "check", "inside.md"]), 0, "1 right");
    for args in [
        ["test", "a/up.iamsure.yaml"].as_slice(),
        &["test", "a/secret.iamsure.yaml"],
        &["test", "a/link.iamsure.yaml"],
        &["test", "a/extends.iamsure.yaml"],
        &["docs", "check", "up.md"],
        &["docs", "check", "secret.md"],
        &["docs", "check", "link.md"],
        &["validate", "named.json"],
        &["validate", "link.json"],
        &["matrix", "a/up.iamsure.yaml#role"],
    ] {
        let output = inside(args);
        ends(&output, 2, "--allow-outside");
        assert!(
            !said(&output).contains("hunter2") && !said(&output).contains("SECRET"),
            "{}",
            said(&output)
        );
    }
    ends(&inside(&["--allow-outside", "test", "a/up.iamsure.yaml"]), 0, "1 passed");
    ends(&inside(&["docs", "check", "up.md", "--allow-outside"]), 0, "1 right");
    // A person may name any file.
    ends(&inside(&["validate", "../policy.json"]), 0, "valid as");
}

#[cfg(unix)]
#[test]
fn a_policy_of_aws_is_no_file_and_a_file_of_its_name_is_none() {
    let deny = POLICY.replace("Allow", "Deny");
    let named = |reference: &str| ROLE.replace("p.json", &format!("\"{reference}\"")) + TEST;
    let denied =
        |reference: &str| named(reference).replace("allowed", "explicitly denied by Guard");
    let folder = Folder::new(
        "managed",
        &[
            ("aws:FullAWSAccess", &deny),
            ("a/aws:FullAWSAccess", &deny),
            ("a/built-in.iamsure.yaml", &named("aws:FullAWSAccess")),
            ("a/file.iamsure.yaml", &denied("./aws:FullAWSAccess")),
            ("a/above.iamsure.yaml", &denied("../aws:FullAWSAccess")),
            ("above.iamsure.yaml", &denied("a/../aws:FullAWSAccess")),
            ("a/other.iamsure.yaml", &named("aws:Own")),
            ("out/Own.json", POLICY),
        ],
    );
    std::os::unix::fs::symlink("../out/Own.json", folder.0.join("a/Own.json")).unwrap();
    folder.git("a", &["init", "--quiet"]);
    ends(&folder.run(&["lint", "aws:FullAWSAccess"]), 0, "0 warnings");
    ends(&folder.run(&["validate", "./aws:FullAWSAccess"]), 0, "./aws:FullAWSAccess");
    for suite in ["a/built-in", "a/file", "a/above", "above"] {
        ends(
            &folder.run(&["test", &format!("{suite}.iamsure.yaml"), "--allow-outside"]),
            0,
            "1 passed",
        );
    }
    // A suite does not say where the documents of AWS are; the command line does.
    ends(&folder.run(&["test", "a/other.iamsure.yaml"]), 2, "not built in");
    ends(&folder.run(&["test", "a/other.iamsure.yaml", "--managed", "out"]), 0, "1 passed");
    ends(&folder.run(&["lint", "aws:Own", "--managed", "a/Own.json"]), 2, "--allow-outside");
    for path in ["-", "no-such-file", "a"] {
        ends(&folder.run(&["lint", "aws:Own", "--managed", path]), 2, "error");
    }
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let folder = Folder::new("regular", &[("p.json", POLICY)]);
    assert!(Command::new("mkfifo").arg(folder.0.join("pipe.json")).status().unwrap().success());
    for name in ["pipe.json", "/dev/zero", "/proc/self/environ"] {
        if name.starts_with("/proc") && !Path::new(name).exists() {
            continue; // Only Linux has it.
        }
        ends(&folder.run(&["validate", name]), 2, "not a regular file");
    }
    ends(&folder.run(&["validate", "."]), 2, "`./pipe.json` is not a regular file");
    std::fs::remove_file(folder.0.join("pipe.json")).unwrap();
    ends(&folder.run(&["validate", "."]), 0, "p.json: valid");
    std::os::unix::fs::symlink("p.json", folder.0.join("link.json")).unwrap();
    ends(&folder.run(&["lint", "."]), 2, "`./link.json` is not a regular file");
    let request =
        ["simulate", "p.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"];
    let of_folder = [&request[..], &["--resource-policy", "."]].concat();
    ends(&folder.run(&of_folder), 2, "`./link.json` is not a regular file");
    // A line in `.ignore` takes no link away that git tracks.
    folder.git("", &["init", "-q"]);
    folder.git("", &["add", "link.json"]);
    std::fs::write(folder.0.join(".ignore"), "link.json\n").unwrap();
    ends(&folder.run(&["lint", "."]), 2, "`./link.json` is not a regular file");
    ends(&folder.run(&["lint", "l*.json"]), 2, "`link.json` is not a regular file");
    ends(&folder.run(&["lint", "./p*.json"]), 0, "1 statement");
    ends(&folder.run(&["diff", ".", "p.json"]), 2, "it is a folder");
    // What a shell gives for `<(…)` is a pipe.
    let script = format!("{} validate <(cat p.json)", env!("CARGO_BIN_EXE_iamsure"));
    let done = Command::new("bash").args(["-c", &script]).current_dir(&folder.0).output().unwrap();
    ends(&done, 0, "valid as");
}

#[cfg(unix)]
#[test]
fn files_are_written_whole_and_where_they_are() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new(
        "written",
        &[
            ("p.json", POLICY),
            ("s.iamsure.yaml", &format!("{ROLE}{TEST}")),
            ("victim", "untouched"),
        ],
    );
    symlink("victim", folder.0.join("link.xml")).unwrap();
    ends(&folder.run(&["test", "s.iamsure.yaml", "--junit", "link.xml"]), 2, "it is a link");
    ends(&folder.run(&["test", "s.iamsure.yaml", "--sarif", "."]), 2, "cannot write");
    ends(
        &folder.run(&["test", "s.iamsure.yaml", "--junit", "no/such/folder.xml"]),
        2,
        "cannot write",
    );
    assert_eq!(std::fs::read_to_string(folder.0.join("victim")).unwrap(), "untouched");
    // Permissions are kept, and nothing is left beside.
    let report = folder.0.join("j.xml");
    std::fs::write(&report, "before").unwrap();
    std::fs::set_permissions(&report, std::fs::Permissions::from_mode(0o640)).unwrap();
    ends(&folder.run(&["test", "s.iamsure.yaml", "--junit", "j.xml"]), 0, "1 passed");
    assert_eq!(report.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::read_to_string(&report).unwrap().contains("<testsuites"));
    // The page is a link: what it leads to is not written.
    let page = format!(
        "```json title=\"p.json\"\n{POLICY}\n```\n\n<!-- iamsure:begin policy=\"#p.json\" -->\n<!-- iamsure:end -->\n"
    );
    std::fs::write(folder.0.join("real.md"), &page).unwrap();
    symlink("real.md", folder.0.join("page.md")).unwrap();
    ends(&folder.run(&["docs", "write", "page.md"]), 2, "it is a link");
    assert_eq!(std::fs::read_to_string(folder.0.join("real.md")).unwrap(), page);
    // A limit on the size of files is a full disk in small.
    let script =
        format!("ulimit -f 0; trap '' XFSZ; {} docs write real.md", env!("CARGO_BIN_EXE_iamsure"));
    let done = Command::new("bash").args(["-c", &script]).current_dir(&folder.0).output().unwrap();
    ends(&done, 2, "cannot write");
    assert_eq!(std::fs::read_to_string(folder.0.join("real.md")).unwrap(), page);
    let left: Vec<_> =
        std::fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

/// Every path of the input, over all its lines, and none as an option.
#[cfg(unix)]
#[test]
fn the_action_passes_every_path() {
    let action = std::fs::read_to_string(super::root().join("action.yml")).unwrap();
    let (_, script) = action.rsplit_once("run: |\n").unwrap();
    let folder =
        Folder::new("action", &[("iamsure/bin/iamsure", "#!/bin/sh\nprintf '<%s>' \"$@\"\n")]);
    let stub = folder.0.join("iamsure/bin/iamsure");
    std::fs::set_permissions(&stub, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let run = |command: &str, paths: &str| {
        let done = Command::new("bash")
            .args(["-c", script])
            .env("RUNNER_TEMP", &folder.0)
            .env("COMMAND", command)
            .env("PATHS", paths)
            .output()
            .unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap())
    };
    assert_eq!(
        run("check", "docs README.md\n--force\n  *.md  \n"),
        (Some(0), "<docs><check><--format><github><--><docs><README.md><--force><*.md>".to_owned())
    );
    assert_eq!(run("test", ".").1, "<test><--format><github><--><.>");
    let (code, text) = run("x\n::error::y", ".");
    assert_eq!((code, text.lines().count()), (Some(2), 1), "{text}");
}
