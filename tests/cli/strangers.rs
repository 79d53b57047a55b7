//! Files of strangers: nothing is read outside, nothing is half written, no check passes by saying nothing, and what is
//! printed in colour is coloured by us alone.

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

/// Suites that would check nothing, each with what is said of it.
#[test]
fn a_suite_cannot_pass_by_saying_nothing() {
    let empty =
        |layers: &str| format!("policies: {{ role: {{ identity: p.json, {layers} }} }}\n{TEST}");
    let todo = TEST.replace(" }\n", ", todo: later }\n");
    for (name, suite, says) in [
        ("boundary", empty("boundary: "), "`boundary` is empty"),
        ("boundary-list", empty("boundary: []"), "`boundary` names no policy"),
        ("scp", empty("scp: []"), "`scp` names no policy"),
        ("scp-level", empty("scp: [[]]"), "empty"),
        (
            "identity",
            format!("policies: {{ role: {{ identity: , trust: p.json }} }}\n{TEST}"),
            "`identity` is empty",
        ),
        ("tests", format!("{ROLE}tests:\n"), "empty"),
        ("no-tests", format!("{ROLE}tests: []\n"), "contains no tests"),
        ("todo", format!("{ROLE}{todo}"), "nothing was checked"),
        (
            "direct",
            format!("{ROLE}paths: {{ direct: {{ aws:SourceIp: absent }} }}\n{TEST}"),
            "is a built-in path",
        ),
        (
            "mcp",
            format!("{ROLE}paths: {{ \"mcp:any\": {{ aws:SourceIp: absent }} }}\n{TEST}"),
            "is a built-in path",
        ),
        ("switches", format!("{ROLE}switches: [Q4, Q4=default]\n{TEST}"), "twice"),
        (
            "actions",
            format!(
                "{ROLE}tests:\n  - {{ name: t, actions: [], expect: {{ direct: allowed }} }}\n"
            ),
            "",
        ),
        (
            "expect",
            format!("{ROLE}tests:\n  - {{ name: t, action: \"s3:GetObject\", expect: {{}} }}\n"),
            "",
        ),
        (
            "contexts",
            format!(
                "{ROLE}tests:\n  - {{ name: t, action: \"s3:GetObject\", contexts: [], expect: denied }}\n"
            ),
            "",
        ),
        (
            "resources",
            format!(
                "{ROLE}tests:\n  - {{ name: t, action: \"s3:GetObject\", resources: [], expect: denied }}\n"
            ),
            "",
        ),
    ] {
        let folder = Folder::new(
            &format!("vacuous-{name}"),
            &[("p.json", POLICY), ("s.iamsure.yaml", &suite)],
        );
        let output = folder.run(&["test", "s.iamsure.yaml"]);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{name}: {}", said(&output));
        assert!(said(&output).contains(says), "{name}: {says:?} is missing in:\n{}", said(&output));
    }
}

/// Markers that are nearly ours, on a page with a table that is checked.
#[test]
fn what_is_nearly_a_marker_is_said_and_not_put_right() {
    let table = "| Action | Applies? |\n| --- | --- |\n| `s3:GetObject` | Yes |\n";
    let check = "<!-- iamsure:check policy=\"p.json\" sid=\"Guard\" -->\n";
    for (name, page, says) in [
        ("name", check.replace("iamsure:check", "iamsuer:check") + "\n" + table, "is not a marker"),
        ("case", check.replace("iamsure:check", "IAMsure:check") + "\n" + table, "is not a marker"),
        ("word", check.replace("iamsure:check", "iamsure:chek") + "\n" + table, "unknown marker"),
        (
            "dash",
            check.replace("iamsure:check", "iam-sure:check") + "\n" + table,
            "is not a marker",
        ),
        ("fence", format!("```json\n{{}}\n\n{check}\n{table}"), "never closed"),
        (
            "negated",
            format!("{check}\n{}", table.replace("Applies?", "Deny does not apply?")),
            "opposite",
        ),
    ] {
        // Another table is checked, so that there is something.
        let page = format!("{check}\n{table}\n{page}");
        let folder =
            Folder::new(&format!("marker-{name}"), &[("p.json", POLICY), ("page.md", &page)]);
        ends(&folder.run(&["docs", "check", "--allow-none", "page.md"]), 2, says);
        assert_ne!(
            folder.run(&["docs", "write", "--fix-cells", "page.md"]).status.code(),
            Some(0),
            "{name}"
        );
        assert_eq!(
            std::fs::read_to_string(folder.0.join("page.md")).unwrap(),
            page,
            "{name}: nothing is put right"
        );
    }
}

/// Files and options that would check nothing, each with what is said of it.
#[test]
fn a_run_cannot_pass_by_saying_nothing() {
    let folder = Folder::new(
        "vacuous",
        &[
            ("p.json", POLICY),
            ("empty.jsonl", "\n\n"),
            ("x.iamsure.yml", "tests: []"),
            ("paths.yaml", "paths: { direct: { aws:SourceIp: absent } }\n"),
        ],
    );
    std::fs::write(folder.0.join("latin.md"), b"caf\xe9").unwrap();
    ends(
        &folder.run(&["simulate", "--requests", "empty.jsonl", "--expect", "allowed"]),
        2,
        "no request",
    );
    ends(&folder.run(&["docs", "scan", "latin.md"]), 2, "not looked at");
    ends(&folder.run(&["docs", "check", "--allow-none", "latin.md"]), 2, "UTF-8");
    ends(&folder.run(&["test", "."]), 2, "x.iamsure.yml");
    ends(
        &folder.run(&["matrix", "p.json", "--switch", "Q4", "--switch", "Q4=default"]),
        2,
        "twice",
    );
    ends(&folder.run(&["matrix", "p.json", "--paths", "paths.yaml"]), 2, "is a built-in path");
}

#[test]
fn what_git_tracks_is_run_whatever_is_ignored() {
    let failing = format!("{ROLE}{}", TEST.replace("allowed", "denied"));
    let page = "<!-- iamsure:check policy=\"p.json\" sid=\"Guard\" -->\n\n| Action | Applies? |\n| --- | --- |\n| `s3:GetObject` | No |\n";
    let folder = Folder::new(
        "tracked",
        &[
            ("p.json", POLICY),
            ("good.iamsure.yaml", &format!("{ROLE}{TEST}")),
            ("bad.iamsure.yaml", &failing),
            ("bad.md", page),
            (".hidden/bad.iamsure.yaml", &failing.replace("p.json", "../p.json")),
            ("untracked/bad.iamsure.yaml", &failing.replace("p.json", "../p.json")),
        ],
    );
    folder.git("", &["init", "--quiet"]);
    folder
        .git("", &["add", "p.json", "good.iamsure.yaml", "bad.iamsure.yaml", "bad.md", ".hidden"]);
    for ignore in [".gitignore", ".ignore"] {
        std::fs::write(folder.0.join(ignore), "*bad*\nuntracked\n").unwrap();
    }
    ends(&folder.run(&["test", "."]), 1, "3 suites");
    ends(&folder.run(&["docs", "check", "."]), 1, "bad.md");
}

#[test]
fn a_closed_pipe_keeps_the_answer() {
    let folder = Folder::new(
        "pipe",
        &[
            ("p.json", POLICY),
            ("bad.json", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "allow"}]}"#),
            ("s.iamsure.yaml", &format!("{ROLE}{}", TEST.replace("allowed", "denied"))),
        ],
    );
    for (args, code) in [
        (["validate", "p.json"].as_slice(), 0),
        (&["validate", "bad.json"], 1),
        (&["test", "s.iamsure.yaml"], 1),
        (
            &[
                "simulate",
                "p.json",
                "--action",
                "s3:GetObject",
                "--resource",
                "arn:aws:s3:::b/k",
                "--expect",
                "denied",
            ],
            1,
        ),
        (&["prove", "never allow s3:GetObject", "p.json"], 1),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_iamsure"))
            .args(args)
            .current_dir(&folder.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}");
    }
}

/// Styles are ours: what is of the document is written out before they are added.
#[test]
fn colour_is_added_to_what_is_written_out() {
    let policy = POLICY
        .replace("Guard", "\\u001b[31mGuard\\u0085\\u202e")
        .replace("\"Effect\"", "\"Effect\u{1b}[1m\"");
    let folder = Folder::new("colour", &[("p.json", &policy)]);
    for (colour, styled) in [("always", true), ("never", false)] {
        let done = folder.run(&["--color", colour, "validate", "p.json"]);
        let text = said(&done);
        assert!(!text.contains("\\u{1b}[0m") && !text.contains("\u{1b}[31mGuard"), "{text:?}");
        assert_eq!(text.contains("\u{1b}[0m"), styled, "{text:?}");
        assert!(text.contains("Effect\\u{1b}[1m"), "{text:?}");
    }
    let done = folder.run(&["--color", "always", "validate", "p.json", "--format", "json"]);
    serde_json::from_slice::<serde_json::Value>(&done.stdout).unwrap();
    assert!(!done.stdout.contains(&0x1b));
}

/// Each stream is coloured if it is a terminal, whatever the other is. `script` gives the program a terminal.
#[cfg(target_os = "linux")]
#[test]
fn each_stream_is_coloured_on_its_own() {
    let folder = Folder::new(
        "terminal",
        &[("bad.json", r#"{"Version": "2012-10-17", "Statement": [{"Effect": "allow"}]}"#)],
    );
    let program = env!("CARGO_BIN_EXE_iamsure");
    let run = |command: &str| {
        Command::new("script")
            .args(["--quiet", "--return", "--command", command, "/dev/null"])
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR")
            .current_dir(&folder.0)
            .stdin(Stdio::null())
            .output()
    };
    let Ok(done) = run(&format!("{program} validate bad.json")) else {
        eprintln!("not tested: there is no `script`, which makes pseudo-terminals");
        return;
    };
    assert!(done.stdout.windows(2).any(|bytes| bytes == b"\x1b["), "{}", said(&done));
    // `validate` prints findings on standard output, `matrix` on standard error.
    for (command, plain) in [
        (format!("{program} validate bad.json > out"), "out"),
        (format!("{program} matrix bad.json 2> out"), "out"),
    ] {
        run(&command).unwrap();
        let bytes = std::fs::read(folder.0.join(plain)).unwrap();
        assert!(
            !bytes.is_empty() && !bytes.contains(&0x1b),
            "{command}: {}",
            String::from_utf8_lossy(&bytes)
        );
    }
    let done = run(&format!("{program} matrix bad.json > out")).unwrap();
    assert!(
        done.stdout.windows(2).any(|bytes| bytes == b"\x1b["),
        "standard error is a terminal still: {}",
        said(&done)
    );
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
