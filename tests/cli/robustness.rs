//! Bad input: a clear error with its place, exit code 2, never a panic.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn iamsure(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(args)
        .current_dir(super::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may have read enough before we are done.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// The matrix of a document on standard input must end with code 2 and say `expected`.
fn refused(input: &[u8], expected: &[&str]) {
    let output = iamsure(&["matrix", "-"], input);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(output.stdout.is_empty());
    for expected in expected {
        assert!(text.contains(expected), "{expected:?} is missing in:\n{text}");
    }
}

#[test]
fn a_table_reads_standard_input_as_it_reads_a_file() {
    let name = "corpus/guardrails/toolhive-s3-readonly.json";
    let text = std::fs::read(super::root().join(name)).unwrap();
    let (piped, named) = (iamsure(&["table", "-"], &text), iamsure(&["table", name], b""));
    assert_eq!(piped.status.code(), Some(0));
    let piped = String::from_utf8(piped.stdout).unwrap();
    assert_eq!(piped.replace("<stdin>", name), String::from_utf8(named.stdout).unwrap());
    let broken = iamsure(&["table", "-"], b"{ \"Version\": ");
    assert_eq!(broken.status.code(), Some(2));
    assert!(broken.stdout.is_empty());
}

#[test]
fn a_syntax_error_has_a_place() {
    refused(
        b"{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [,]\n}",
        &["error[not-json]", "<stdin>:3:17"],
    );
}

#[test]
fn a_duplicate_key_shows_both_places() {
    let text = br#"{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}"#;
    refused(text, &["error[duplicate-key]", "<stdin>:1:27", "first written here"]);
}

#[test]
fn an_unknown_operator_suggests_one() {
    let text = br#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": {"StringEqual": {"aws:username": "a"}}}}"#;
    refused(text, &["error[bad-operator]", "<stdin>:2:23", "did you mean `StringEquals`?"]);
}

#[test]
fn five_megabytes_are_refused_before_they_are_read() {
    let mut text = br#"{"Version": "2012-10-17", "Id": ""#.to_vec();
    text.resize(5 * 1024 * 1024, b'x');
    refused(&text, &["error[too-large]", "4194304"]);
}

#[test]
fn two_hundred_levels_are_too_deep() {
    let text = format!("{}{}", "[".repeat(200), "]".repeat(200));
    refused(text.as_bytes(), &["error[too-deep]", "<stdin>:1:65"]);
}

#[test]
fn bytes_that_are_no_text_are_pointed_at() {
    refused(b"{\n\"a\": \xff}", &["error[not-utf8]", "<stdin>:2:6"]);
}

#[test]
fn an_empty_file_is_said_to_be_empty() {
    refused(b"", &["error[empty-document]", "the document is empty"]);
}

#[test]
fn a_trust_policy_is_not_an_identity_policy() {
    let text = br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}"#;
    refused(text, &["error[prohibited-principal]", "--trust"]);
}

#[test]
fn a_missing_file_is_named() {
    let output = iamsure(&["matrix", "no/such/file.json"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no/such/file.json"));
}

#[test]
fn validate_looks_at_every_file_it_can() {
    let good = "corpus/guardrails/toolhive-default.json";
    let output = iamsure(&["validate", "no/such/file.json", good], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("toolhive-default.json: valid"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(["matrix", "corpus/guardrails/toolhive-default.json", "--format", "json"])
        .current_dir(super::root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn wrong_options_say_what_is_right() {
    for (args, expected) in [
        (vec!["matrix", "-", "--path", "mpc:aws-mcp"], "mcp:SERVER"),
        (vec!["matrix", "-", "--action", "GetObject"], "service:Name"),
        (vec!["matrix", "-", "--resource", "README.md"], "--resource-policy"),
        (vec!["matrix", "-", "--context", "aws:x"], "KEY=VALUE"),
        (vec!["matrix", "-", "--context", "aws:X=1", "--absent", "aws:x"], "case-insensitive"),
        (vec!["matrix", "-", "--switch", "Q99"], "Q1 to Q27"),
        (vec!["matrix", "-", "--switch", "Q7"], "--lenient"),
        (vec!["matrix", "-", "--principal", "alice"], "not a valid principal"),
        (vec!["matrix"], "no policy"),
    ] {
        let policy = br#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
        let output = iamsure(&args, policy);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(text.contains(expected), "{args:?}: {text}");
    }
}

#[test]
fn hostile_manifests_and_claims_end_in_an_error() {
    let refused = |args: &[&str], input: String, expected: &str| {
        let output = iamsure(args, input.as_bytes());
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(expected), "{expected:?} is missing in:\n{text}");
    };
    let manifest = ["toolhive", "-"];
    refused(&manifest, format!("kind: X\nspec: {}", "[".repeat(20_000)), "<stdin>:2:");
    let mut aliases = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (last, next) in ('a'..'l').zip('b'..='l') {
        let of_last = vec![format!("*{last}"); 9].join(", ");
        aliases.extend([format!("{next}: &{next} [{of_last}]\n")]);
    }
    refused(&manifest, aliases, "error[not-yaml]");
    refused(&manifest, String::new(), "no MCPExternalAuthConfig");
    let claims = ["toolhive", "corpus/toolhive/mcp-aws.yaml", "--claims", "-"];
    refused(&claims, format!("{{\"a\":{}", "[".repeat(20_000)), "<stdin>:1:");
    refused(&claims, "[]".to_owned(), "are a JSON object");
}

#[test]
fn a_hostile_matcher_is_undecided() {
    let manifest = format!(
        "apiVersion: toolhive.stacklok.dev/v1beta1\nkind: MCPExternalAuthConfig\nmetadata: {{ name: x }}\nspec:\n  type: awsSts\n  \
         awsSts:\n    region: us-east-1\n    roleMappings:\n    - roleArn: arn:aws:iam::111122223333:role/X\n      matcher: \"{}true{}\"\n",
        "(".repeat(4_000),
        ")".repeat(4_000)
    );
    let output =
        iamsure(&["toolhive", "-", "--claims", "corpus/toolhive/alice.json"], manifest.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("nests brackets deeper"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() < 400), "{text}");
}
