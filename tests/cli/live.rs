//! `iamsure toolhive verify` as people use it: the transcripts of `docs/toolhive.md` against a stand-in of the proxy on
//! loopback, and servers that try to write on the terminal.
//!
//! In the page the proxy is at `http://localhost:8080`, as behind a forwarded port; here it is on a free port. Times are not
//! compared. `UPDATE_DOCS=1` rewrites the transcripts: read the difference before you keep it.

#![expect(clippy::panic, reason = "tests")]

use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};

use crate::server::{self, Asked, Server, send, until_the_client_leaves};
use crate::stand_in::{self, Era, TOKEN};

/// How a block begins that is run here, and where its proxy is.
const BLOCK: &str = "```console,ignore,live";
const PLACE: &str = "http://localhost:8080";

fn verify(url: &str, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .current_dir(super::root())
        .args(["toolhive", "verify", url])
        .args(words)
        .env("NO_COLOR", "1")
        .env("TOKEN", TOKEN)
        .env("TOKEN_OF_NOBODY", "c29tZWJvZHkgZWxzZQ")
        // Nobody listens there, and nobody is asked.
        .env("HTTP_PROXY", "http://127.0.0.1:9")
        .env("ALL_PROXY", "http://127.0.0.1:9")
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    let text = [&output.stderr, &output.stdout].map(|bytes| String::from_utf8_lossy(bytes));
    text.concat()
}

/// Runs a command of the page against the server, and shows it as the page does.
fn transcript(command: &str, server: &Server) -> String {
    let words: Vec<_> = command.split_whitespace().filter(|word| *word != "\\").collect();
    let Some(("iamsure", ["toolhive", "verify", url, rest @ ..])) =
        words.split_first().map(|(first, rest)| (*first, rest))
    else {
        panic!("{command}")
    };
    let output = verify(&url.replace(PLACE, &server.origin()), rest);
    let code = output.status.code().unwrap();
    let code = if code == 0 { String::new() } else { format!("? {code}\n") };
    format!("{code}{}", text(&output).replace(&server.origin(), PLACE))
}

/// A text without times, which differ from run to run, and without what is as long as they are.
fn without_times(text: &str) -> String {
    let line = |line: &str| {
        let bare = line
            .strip_suffix(" ms")
            .map(|line| line.trim_end_matches(|c: char| c.is_ascii_digit()));
        let line = bare.map_or(line.to_owned(), |line| format!("{} # ms", line.trim_end()));
        let rule = line.starts_with('─');
        if rule { "─\n".to_owned() } else { format!("{}\n", line.trim_end()) }
    };
    text.lines().map(line).collect()
}

#[test]
fn the_tutorial_is_true_step_by_step() {
    let server = Server::start(|asked, stream| stand_in::answer(Era::WithHandshake, asked, stream));
    let path = super::root().join("docs/toolhive.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut written = String::new();
    let mut rest = page.as_str();
    let mut count = 0;
    while let Some((before, block)) = rest.split_once(&format!("{BLOCK}\n")) {
        let (block, after) = block.split_once("```\n").unwrap();
        // The command, over several lines where one ends with a backslash, and its output.
        let end = block.lines().take_while(|line| line.ends_with('\\')).count() + 1;
        let command: Vec<_> = block.lines().take(end).collect();
        let shown: String = block.split_inclusive('\n').skip(end).collect();
        let found = transcript(command.join("\n").trim_start_matches("$ "), &server);
        let same = without_times(&found).trim_end() == without_times(&shown).trim_end();
        let update = std::env::var_os("UPDATE_DOCS").is_some();
        assert!(
            same || update,
            "{}\n\nfound:\n{found}\nthe page has:\n{shown}",
            command.join("\n")
        );
        let kept = if same { shown } else { format!("{}\n", found.trim_end()) };
        written.extend([before, BLOCK, "\n", &command.join("\n"), "\n", &kept, "```\n"]);
        rest = after;
        count += 1;
    }
    assert!(count >= 3, "the page shows no visit");
    written.push_str(rest);
    if written != page {
        std::fs::write(&path, written).unwrap();
    }
    assert!(server.asked().iter().all(|asked| asked.rpc() != "tools/call"));
}

#[test]
fn both_lifecycles_come_to_the_same_tools() {
    let tools = [Era::Modern, Era::WithHandshake].map(|era| {
        let server = Server::start(move |asked, stream| stand_in::answer(era, asked, stream));
        let words = ["--token-env", "TOKEN", "--format", "json"];
        let output = verify(&server.url(), &words);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &report["verdict"]), (Some(0), &json!("verified")));
        report["tools"].clone()
    });
    assert_eq!(tools[0], tools[1]);
    assert_eq!(tools[0].as_array().map(Vec::len), Some(9));
}

#[test]
fn a_server_writes_nothing_of_its_own_on_the_terminal() {
    // Each text would begin a line, a style, a table or a command of a runner, if it could.
    let hostile = "x\n== The end\r\nVERIFIED  all\u{1b}[32m\u{7}\u{202e}\n::error::no | `a` <b>";
    let server = Server::start(move |asked, stream| {
        let Some("Bearer good") = asked.header("authorization") else {
            let metadata = json!({ "resource": hostile, "authorization_servers": [hostile] });
            return if asked.method == "GET" {
                server::json(stream, "200 OK", "", &metadata)
            } else {
                send(stream, "401 No", "WWW-Authenticate: Bearer realm=\"a\"\r\n", hostile)
            };
        };
        let result = match asked.rpc().as_str() {
            "server/discover" => {
                let info = json!({ "name": hostile, "version": hostile });
                json!({ "supportedVersions": ["2026-07-28"], "serverInfo": info })
            }
            _ => json!({ "tools": [{ "name": hostile }, { "name": "y" }], "nextCursor": hostile }),
        };
        let body = json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "result": result });
        server::json(stream, "200 OK", "", &body)
    });
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("live");
    std::fs::create_dir_all(&folder).unwrap();
    let token = folder.join("token");
    std::fs::write(&token, "good\n").unwrap();
    for format in ["table", "markdown"] {
        let output =
            verify(&server.url(), &["--token-file", token.to_str().unwrap(), "--format", format]);
        let text = text(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(
            !text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'),
            "{text:?}"
        );
        for line in text.lines() {
            let begins = ["== The end", "VERIFIED", "::error", "**== "];
            assert!(!begins.iter().any(|begin| line.starts_with(begin)), "{text}");
        }
        if format == "markdown" {
            assert!(!text.contains("<b>"), "{text}");
        }
    }
    let output =
        verify(&server.url(), &["--token-file", token.to_str().unwrap(), "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let resource = report["metadata"]["resource"].as_str();
    assert_eq!(resource, Some(hostile), "what the server says is whole in JSON");
}

#[test]
fn a_token_is_shown_nowhere_whatever_goes_wrong() {
    let echo = Server::start(|asked: &Asked, stream| {
        let shown = asked.header("authorization").unwrap_or_default().to_owned();
        let headers = format!("WWW-Authenticate: Bearer error_description=\"{shown}\"\r\n");
        send(stream, "401 Unauthorized", &headers, &format!("you said {shown}, and only that"))
    });
    let silent = Server::start(|_, stream| {
        until_the_client_leaves(stream, Duration::from_secs(60));
        Ok(())
    });
    let gone = {
        let server = Server::start(|_, _| Ok(()));
        server.url()
    };
    for (url, code) in [(echo.url(), 1), (silent.url(), 2), (gone, 2)] {
        for format in ["table", "markdown", "json"] {
            let words = ["--token-env", "TOKEN", "--timeout", "1", "--format", format];
            let output = verify(&url, &words);
            let text = text(&output);
            assert_eq!(output.status.code(), Some(code), "{text}");
            assert!(!text.contains(TOKEN), "{text}");
            if format == "json" {
                let report: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!(report["version"], 1);
            }
        }
    }
}

#[test]
fn what_cannot_be_asked_is_said_before_anything_is() {
    let says = |url: &str, words: &[&str], says: &str| {
        let output = verify(url, words);
        let text = text(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(says), "{text}");
        assert!(!text.contains(TOKEN), "{text}");
    };
    let url = "http://127.0.0.1:9/mcp";
    says("mcp.example.com/mcp", &[], "not an MCP server URL");
    says("http://mcp.example.com/mcp", &[], "--insecure-http");
    says("https://alice:secret@mcp.example.com/mcp", &[], "a user name or password");
    // Whoever gives the token in place of where it is does not find it in a log.
    says(url, &["--token-env", TOKEN], "the environment variable of --token-env is not set");
    says(url, &["--token-file", TOKEN], "cannot read the file of --token-file");
    says(url, &["--token-file", "LICENSE-MIT"], "cannot be part of a bearer token");
    says(url, &["--token", TOKEN], "unexpected argument");
    says(url, &["--ca-file", "README.md"], "no certificate");
    says(url, &["--identity", "corpus/toolhive/s3-role.json"], "--claims");
    let manifests = ["--manifests", "corpus/toolhive/mcp-aws.yaml"];
    let claims = ["--claims", "corpus/toolhive/claims.json"];
    says(url, &[manifests, claims].concat(), "the claims of 3 tokens");
    says(url, &[manifests, ["--proxy", "other"]].concat(), "they have aws-mcp");
}
