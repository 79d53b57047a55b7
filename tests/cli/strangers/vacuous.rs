//! No check passes by saying nothing.

use super::{Folder, POLICY, ROLE, TEST, ends, said};

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
    ends(&folder.run(&["docs", "scan", "latin.md"]), 2, "skipped");
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
