//! How many requests a second does `iamsure simulate --requests` answer? `cargo bench --bench requests`; with
//! `-- --test`, or as a test, once and with few.
//!
//! The command itself, in process: lines are read from a file, decided and written on one thread. Nothing is
//! compared with a clock here; docs/performance.md holds figures.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot start must stop, and prints what it measured"
)]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use clap::Parser;
use iamsure::{Args, Exit, Streams};

/// An Allow, a Deny on a key, and an Allow with a variable and a tag.
const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
{"Sid": "ReadS3", "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"},
{"Sid": "DenyDirect", "Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*",
 "Condition": {"BoolIfExists": {"aws:ViaAWSMCPService": "false"}}},
{"Sid": "Own", "Effect": "Allow", "Action": "s3:PutObject",
 "Resource": "arn:aws:s3:::bucket/${aws:username}/*",
 "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["x", "y"]}}}]}"#;

/// Requests of which no two are the same; with `policies`, each carries them.
fn lines(count: u32, policies: Option<&str>) -> String {
    let actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"];
    let contexts = [
        r#"{"aws:username": "alice", "aws:PrincipalTag/team": "x", "aws:ViaAWSMCPService": "true"}"#,
        r#"{"aws:username": "bob", "aws:PrincipalTag/team": "z", "aws:ViaAWSMCPService": "false"}"#,
        r#"{"aws:username": "alice"}"#,
    ];
    let policies = policies.map_or(String::new(), |policy| {
        format!(r#", "policies": {{"identity": [{}]}}"#, policy.replace('\n', " "))
    });
    let mut text = String::new();
    for (number, (action, context)) in
        (0..count).zip(actions.iter().cycle().zip(contexts.iter().cycle()))
    {
        writeln!(
            text,
            r#"{{"id": "{number}", "principal": {{"kind": "user", "account": "111122223333", "arn": "arn:aws:iam::111122223333:user/alice"}}, "action": "{action}", "resource": "arn:aws:s3:::bucket/alice/{number}", "context": {context}{policies}}}"#
        )
        .unwrap();
    }
    text
}

fn main() {
    // As a test, cargo says nothing; as a bench, it says so.
    let measures = std::env::args().any(|arg| arg == "--bench")
        && !std::env::args().any(|arg| arg == "--test");
    let count = if measures { 200_000 } else { 100 };
    let folder = std::env::temp_dir().join(format!("iamsure-requests-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let policy = folder.join("policy.json");
    fs::write(&policy, POLICY).unwrap();
    let requests = folder.join("requests.jsonl");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let command = ["iamsure", "simulate", "--requests"].map(str::to_owned);
    for (name, policies, argument) in [
        ("policies given once", None, Some(text(&policy))),
        ("policies in each line", Some(POLICY), None),
    ] {
        fs::write(&requests, lines(count, policies)).unwrap();
        let arguments = command.iter().cloned().chain([text(&requests)]).chain(argument);
        let args = Args::try_parse_from(arguments).unwrap();
        let mut best = f64::INFINITY;
        for _ in 0..if measures { 5 } else { 1 } {
            let mut streams = Streams::new(
                Box::new(io::empty()),
                Box::new(io::sink()),
                Box::new(io::stderr()),
                None,
            );
            let start = Instant::now();
            assert_eq!(iamsure::run(&args, &mut streams), Exit::AsExpected);
            best = best.min(start.elapsed().as_secs_f64());
        }
        if measures {
            println!("{name}: {:.0} requests a second", f64::from(count) / best);
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}
