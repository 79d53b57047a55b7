//! What is printed in colour is coloured by us alone, and a stream that ends early changes no answer.

use std::process::{Command, Stdio};

use super::{Folder, POLICY, ROLE, TEST, said};

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
