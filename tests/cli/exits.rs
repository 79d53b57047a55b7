//! Exit codes: 0 as expected, 1 no, 2 could not run, 3 it depends.

use std::process::{Command, Output};

const ROLE: &str = "corpus/guardrails/toolhive-s3-readonly.json";

fn iamsure(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(args)
        .current_dir(super::root())
        .output()
        .unwrap()
}

fn exits(args: &[&str], code: i32) {
    let output = iamsure(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {errors}");
}

#[test]
fn the_version_says_the_date_of_the_reference_data() {
    let output = iamsure(&["--version"]);
    assert_eq!(output.status.code(), Some(0));
    let expected = format!(
        "iamsure {}\nAWS reference data of {}\n",
        env!("CARGO_PKG_VERSION"),
        iamsure_reference::captured()
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

/// The role allows `s3:GetObject` on its bucket and denies whatever does not come through MCP.
#[test]
fn an_expectation_is_met_broken_or_open() {
    let ask = |context: &[&str], expected: &str, code: i32| {
        let mut args =
            vec!["simulate", ROLE, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"];
        args.extend(context);
        args.extend(["--expect", expected]);
        exits(&args, code);
    };
    let unknown = ["--unknown", "aws:ViaAWSMCPService", "--unknown", "aws:CalledViaAWSMCP"];
    ask(&unknown, "allowed", 3);
    ask(&unknown, "denied", 3);
    ask(&unknown, "explicitly-denied", 3);
    ask(&unknown, "depends", 0);
    let direct = ["--context", "aws:ViaAWSMCPService=false"];
    ask(&direct, "explicitly-denied", 0);
    ask(&direct, "allowed", 1);
    ask(&direct, "depends", 1);
}

#[test]
fn a_claim_that_depends_is_neither_yes_nor_no() {
    let account = "corpus/accounts/details.json";
    let role = "corpus/accounts/plan-known-later.json#aws_iam_role.app";
    let open = "never allow s3:GetObject on arn:aws:s3:::prod/*";
    exits(&["prove", open, role], 3);
    exits(&["prove", "never allow s3:DeleteObject", role], 0);
    // Whether a key policy leaves it to IAM is not known.
    exits(&["account", "prove", "never allow kms:Decrypt", account], 3);
    exits(&["account", "prove", "never allow kms:Decrypt", "corpus/accounts/bare.json"], 0);
    exits(&["prove", "never allow nonsense:Get", role], 2);
}

#[test]
fn what_cannot_run_outweighs_an_answer_of_one_line() {
    // Line by line: what each comes to, and all of them.
    let request = |action: &str| {
        format!(
            r#"{{"principal":{{"kind":"user","account":"111122223333","arn":"arn:aws:iam::111122223333:user/alice"}},"action":"{action}","resource":"arn:aws:s3:::b/k","context":{{}},"policies":{{"identity":[{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}]}}]}}}}"#
        )
    };
    let (allowed, denied) = (request("s3:GetObject"), request("s3:PutObject"));
    for (name, lines, code) in [
        ("all", vec![allowed.as_str()], 0),
        ("one", vec![&allowed, &denied], 1),
        ("none", vec![&denied, "no request", &allowed], 2),
    ] {
        let file =
            std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("exits-{name}.jsonl"));
        std::fs::write(&file, lines.join("\n")).unwrap();
        exits(&["simulate", "--requests", file.to_str().unwrap(), "--expect", "allowed"], code);
    }
}

#[test]
fn what_fails_is_said_by_severity() {
    // Two warnings and a note.
    let role = "corpus/guardrails/toolhive-default.json";
    for (level, code) in [("error", 0), ("warning", 1), ("note", 1), ("never", 0)] {
        exits(&["lint", role, "--fail-on", level], code);
    }
    // A note alone.
    for (level, code) in [("warning", 0), ("note", 1)] {
        exits(&["lint", ROLE, "--fail-on", level], code);
    }
    // Two warnings and no error.
    let policy = "corpus/near-misses/policy.json";
    for (level, code) in [("error", 0), ("warning", 1), ("never", 0)] {
        exits(&["validate", policy, "--fail-on", level], code);
    }
    // What could not be read was not judged.
    exits(&["validate", "tests/cli/paths.yaml", "--fail-on", "never"], 2);
}

#[test]
fn an_answer_is_written_whole_or_not_at_all() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("exits");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("answer.txt");
    let path = file.to_str().unwrap();
    let role = "corpus/guardrails/toolhive-default.json";
    let printed = iamsure(&["lint", role]);
    let output = iamsure(&["--color", "always", "lint", role, "--output", path]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert_eq!(std::fs::read(&file).unwrap(), printed.stdout);
    // Nothing is answered: what is there stays.
    exits(&["lint", "no-such-file.json", "--output", path], 2);
    assert_eq!(std::fs::read(&file).unwrap(), printed.stdout);
    exits(&["lint", role, "--output", folder.to_str().unwrap()], 2);
}
