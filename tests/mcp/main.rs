//! The client against servers on loopback: what it sends, what it believes, and how it ends whatever they do.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod server;
mod stand_in;

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use iamsure_mcp::{Admitted, Client, Endpoint, Limits, Note, PlainHttp, Step, Token, Trouble};
use serde_json::{Value, json};

use server::{Asked, Server, send, until_the_client_leaves};
use stand_in::{Era, TOKEN, events};

/// Short enough for tests; every hostile server would go on for minutes.
fn limits() -> Limits {
    Limits {
        request: Duration::from_millis(800),
        visit: Duration::from_secs(4),
        body_bytes: 256 * 1024,
        ..Limits::default()
    }
}

fn client(url: &str) -> Client {
    let endpoint = Endpoint::parse(url, PlainHttp::LoopbackOnly).unwrap();
    Client { endpoint, limits: limits(), roots: None }
}

fn token() -> Token {
    Token::new(TOKEN).unwrap()
}

fn visit(server: &Server) -> Admitted {
    let begin = Instant::now();
    let admitted = client(&server.url()).with_token(&token());
    assert!(begin.elapsed() < Duration::from_secs(20), "the visit does not end: {admitted:?}");
    let shown = format!("{admitted:?}");
    assert!(!shown.contains(TOKEN), "the token is shown: {shown}");
    admitted
}

fn trouble(steps: &[Step]) -> &Trouble {
    let mut failed = steps.iter().filter_map(|step| step.result.as_ref().err());
    failed.next().unwrap_or_else(|| panic!("nothing failed: {steps:?}"))
}

/// What happens to a server that answers the first request so.
fn told(
    answer: impl Fn(&Asked, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> Trouble {
    let server = Server::start(answer);
    let admitted = visit(&server);
    assert_eq!(admitted.tools, None);
    trouble(&admitted.steps).clone()
}

fn reply(asked: &Asked, result: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "result": result })
}

fn discovered() -> Value {
    json!({ "supportedVersions": ["2026-07-28"], "serverInfo": { "name": "s" } })
}

#[test]
fn a_modern_server_is_asked_without_a_session() {
    let server = Server::start(|asked, stream| stand_in::answer(Era::Modern, asked, stream));
    let admitted = visit(&server);
    assert_eq!(admitted.tools.as_ref().map(Vec::len), Some(9), "{admitted:?}");
    let found = admitted.server.unwrap();
    assert_eq!((found.name.as_str(), found.protocol.as_str()), ("AWS MCP Server", "2026-07-28"));
    let asked = server.asked();
    let rpcs: Vec<_> = asked.iter().map(Asked::rpc).collect();
    assert_eq!(rpcs, ["server/discover", "tools/list", "tools/list"]);
    assert_eq!(asked[2].json()["params"]["cursor"], "seven");
    for asked in &asked {
        assert_eq!(asked.header("mcp-session-id"), None);
        assert_eq!(asked.header("accept"), Some("application/json, text/event-stream"));
        assert_eq!(asked.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    }
}

#[test]
fn an_older_server_gets_its_handshake_and_its_session_is_ended() {
    let server = Server::start(|asked, stream| stand_in::answer(Era::WithHandshake, asked, stream));
    let admitted = visit(&server);
    assert_eq!(admitted.tools.as_ref().map(Vec::len), Some(9), "{admitted:?}");
    assert_eq!(admitted.server.unwrap().protocol, "2025-11-25");
    let asked = server.asked();
    let rpcs: Vec<_> =
        asked.iter().map(|asked| format!("{} {}", asked.method, asked.rpc())).collect();
    assert_eq!(
        rpcs,
        [
            "POST server/discover",
            "POST initialize",
            "POST notifications/initialized",
            "POST tools/list",
            "POST tools/list",
            "DELETE "
        ]
    );
    assert_eq!(asked[1].header("mcp-session-id"), None);
    assert_eq!(asked[1].header("mcp-method"), None);
    for asked in &asked[2..] {
        assert_eq!(asked.header("mcp-session-id"), Some("1868a90c-3c2e"));
        assert_eq!(asked.header("mcp-protocol-version"), Some("2025-11-25"));
    }
}

#[test]
fn without_a_token_the_server_refuses_and_says_where_to_get_one() {
    let server = Server::start(|asked, stream| stand_in::answer(Era::Modern, asked, stream));
    let turned = client(&server.url()).without_token(Some(&token()));
    assert!(turned.away, "{turned:?}");
    let challenge = turned.challenge.unwrap();
    assert_eq!(challenge.realm.as_deref(), Some("https://idp.example.com"));
    assert_eq!(turned.metadata.unwrap().resource, "https://mcp.example.com/mcp");
    // The metadata are named at another origin, and asked for at the one that was given.
    let asked = server.asked();
    assert_eq!(asked[1].target, "/.well-known/oauth-protected-resource/mcp");
    assert!(asked.iter().all(|asked| asked.header("authorization").is_none()));
}

#[test]
fn a_server_that_serves_without_a_token_is_caught_and_its_session_ended() {
    let server =
        Server::start(|asked, stream| match (asked.method.as_str(), asked.rpc().as_str()) {
            ("POST", "initialize") => {
                let result = json!({ "protocolVersion": "2025-06-18" });
                server::json(stream, "200 OK", "Mcp-Session-Id: open\r\n", &reply(asked, &result))
            }
            ("POST", "notifications/initialized") => send(stream, "202 Accepted", "", ""),
            ("DELETE", _) => send(stream, "200 OK", "", ""),
            _ => send(stream, "400 Bad Request", "", ""),
        });
    let turned = client(&server.url()).without_token(None);
    assert!(!turned.away);
    assert_eq!(trouble(&turned.steps), &Trouble::ServedWithoutToken(200));
    let last = server.asked().pop().unwrap();
    assert_eq!((last.method.as_str(), last.header("mcp-session-id")), ("DELETE", Some("open")));
}

#[test]
fn another_refusal_than_401_is_none() {
    let server = Server::start(|_, stream| send(stream, "403 Forbidden", "", "no"));
    let turned = client(&server.url()).without_token(None);
    assert!(!turned.away);
    assert_eq!(trouble(&turned.steps).status(), Some(403));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_stream_that_never_ends_is_left() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    let comments = told(|_, stream| {
        stream.write_all(HEAD.as_bytes())?;
        loop {
            stream.write_all(b": nothing yet\n\n")?;
        }
    });
    assert_eq!(comments, Trouble::LongBody(256 * 1024));
    let notifications = told(|_, stream| {
        stream.write_all(HEAD.as_bytes())?;
        loop {
            stream.write_all(b"data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n")?;
        }
    });
    assert_eq!(notifications, Trouble::ManyEvents(1_000));
    let line = told(|_, stream| {
        stream.write_all(HEAD.as_bytes())?;
        stream.write_all(b"data: ")?;
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    assert_eq!(line, Trouble::LongBody(256 * 1024));
    let body = told(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")?;
        loop {
            stream.write_all(&[b' '; 4096])?;
        }
    });
    assert_eq!(body, Trouble::LongBody(256 * 1024));
}

#[test]
fn a_refusal_that_never_ends_is_still_a_refusal() {
    let refusal = told(|_, stream| {
        stream.write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\n")?;
        loop {
            stream.write_all(b"no no no no ")?;
        }
    });
    let Trouble::Refused { status, sentence, .. } = refusal else { panic!("{refusal:?}") };
    assert_eq!((status, sentence.chars().count()), (401, 301));
}

#[test]
fn headers_of_ten_megabytes_are_not_read() {
    for begin in ["HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 ", ""] {
        let found = told(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            for _ in 0..10 * 256 {
                stream.write_all(&[b'x'; 4096])?;
            }
            Ok(())
        });
        assert!(
            matches!(found, Trouble::LongHeaders(65_536) | Trouble::NotHttp(_)),
            "{begin:?}: {found:?}"
        );
    }
    let many = told(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for number in 0..1_000_000 {
            write!(stream, "X-{number}: y\r\n")?;
        }
        Ok(())
    });
    assert!(matches!(many, Trouble::LongHeaders(65_536) | Trouble::NotHttp(_)), "{many:?}");
}

#[test]
fn a_redirect_elsewhere_is_not_followed() {
    let elsewhere = Arc::new(Server::start(|_, stream| send(stream, "200 OK", "", "thanks")));
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = elsewhere.url();
        let found =
            told(move |_, stream| send(stream, status, &format!("Location: {location}\r\n"), ""));
        let Trouble::Redirected { elsewhere: true, location, .. } = &found else {
            panic!("{status}: {found:?}")
        };
        assert_eq!(location, &elsewhere.url());
    }
    assert!(elsewhere.asked().is_empty());
}

#[test]
fn a_redirect_within_the_origin_is_followed_and_a_circle_is_left() {
    let server = Server::start(|asked, stream| {
        if asked.target == "/mcp" {
            return send(stream, "307 Temporary Redirect", "Location: /mcp/\r\n", "");
        }
        let tools = json!({ "tools": [{ "name": "t" }] });
        let result = if asked.rpc() == "server/discover" { discovered() } else { tools };
        server::json(stream, "200 OK", "", &reply(asked, &result))
    });
    let admitted = visit(&server);
    assert_eq!(admitted.tools, Some(vec!["t".to_owned()]), "{admitted:?}");
    let circle = told(|_, stream| send(stream, "308 Permanent", "Location: /mcp\r\n", ""));
    assert!(matches!(circle, Trouble::Redirected { elsewhere: false, .. }), "{circle:?}");
    // A method that changes on the way would ask something else.
    let get = told(|_, stream| send(stream, "302 Found", "Location: /login\r\n", ""));
    assert!(matches!(get, Trouble::Redirected { elsewhere: false, .. }), "{get:?}");
}

/// A server with a handshake whose session is as `session` says, by the number of the request.
fn with_session(session: fn(usize) -> &'static str, list: &'static str) -> Admitted {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |asked, stream| {
        let header = session(count.fetch_add(1, Ordering::SeqCst));
        match (asked.method.as_str(), asked.rpc().as_str()) {
            ("POST", "initialize") => {
                let result = json!({ "protocolVersion": "2025-03-26" });
                server::json(stream, "200 OK", header, &reply(asked, &result))
            }
            ("POST", "notifications/initialized") => send(stream, "202 Accepted", header, ""),
            ("POST", "tools/list") if list == "200 OK" => {
                server::json(stream, list, header, &reply(asked, &json!({ "tools": [] })))
            }
            ("POST", "tools/list") => send(stream, list, header, ""),
            ("DELETE", _) => send(stream, "405 Method Not Allowed", "", ""),
            _ => send(stream, "400 Bad Request", "", ""),
        }
    });
    visit(&server)
}

#[test]
fn a_wrong_session_is_said_to_be_wrong() {
    let good = with_session(|_| "Mcp-Session-Id: a\r\n", "200 OK");
    assert_eq!(good.tools, Some(Vec::new()));
    let Some(Ok(Note::NotEnded(405))) = good.steps.last().map(|step| step.result.clone()) else {
        panic!("{good:?}")
    };
    let other = with_session(
        |number| if number < 3 { "Mcp-Session-Id: a\r\n" } else { "Mcp-Session-Id: b\r\n" },
        "200 OK",
    );
    assert!(matches!(trouble(&other.steps), Trouble::Session(_)), "{other:?}");
    let lost = with_session(|_| "Mcp-Session-Id: a\r\n", "404 Not Found");
    assert!(matches!(trouble(&lost.steps), Trouble::Session(_)), "{lost:?}");
    let blanks = with_session(|_| "Mcp-Session-Id: a b\r\n", "200 OK");
    assert!(matches!(trouble(&blanks.steps), Trouble::Session(_)), "{blanks:?}");
    let none = with_session(|_| "", "200 OK");
    assert_eq!(none.tools, Some(Vec::new()), "{none:?}");
}

#[test]
fn what_is_no_answer_is_told_as_what_it_is() {
    let html = told(|_, stream| {
        send(stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\n", "<h1>Sign in</h1>")
    });
    assert_eq!(html, Trouble::ContentType("text/html".to_owned()));
    let half = told(|_, stream| {
        send(stream, "200 OK", "Content-Type: text/event-stream\r\n", "data: {\"jsonrpc\":\"2.0\",")
    });
    assert_eq!(half, Trouble::HalfEvent);
    let none = told(|_, stream| events(stream, "", &[]));
    assert_eq!(none, Trouble::NoAnswer);
    let deep = told(|_, stream| {
        let body = "[".repeat(100_000);
        send(stream, "200 OK", "Content-Type: application/json\r\n", &body)
    });
    assert!(matches!(deep, Trouble::NotJson(_)), "{deep:?}");
    let wrong_id = told(|_, stream| {
        let body = json!({ "jsonrpc": "2.0", "id": 77, "result": {} });
        server::json(stream, "200 OK", "", &body)
    });
    assert!(matches!(wrong_id, Trouble::Malformed(_)), "{wrong_id:?}");
    for body in [
        json!([]),
        json!(1),
        json!({ "id": 1, "result": {} }),
        json!({ "jsonrpc": "2.0", "id": 1 }),
    ] {
        let found = told(move |_, stream| server::json(stream, "200 OK", "", &body));
        assert!(matches!(found, Trouble::Malformed(_)), "{found:?}");
    }
    let gone = told(|_, _| Ok(()));
    assert!(matches!(gone, Trouble::BrokenOff(_) | Trouble::NotHttp(_)), "{gone:?}");
    let not_http = told(|_, stream| stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"));
    assert!(matches!(not_http, Trouble::NotHttp(_)), "{not_http:?}");
    let chunks = told(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}")
    });
    assert!(matches!(chunks, Trouble::NotHttp(_) | Trouble::BrokenOff(_)), "{chunks:?}");
}

#[test]
fn who_drips_or_says_nothing_is_left() {
    let silence = told(|_, stream| {
        until_the_client_leaves(stream, Duration::from_secs(300));
        Ok(())
    });
    assert_eq!(silence, Trouble::TimedOut(limits().request));
    for begin in ["", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"] {
        let drip = told(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            // A byte now and then, for five minutes.
            for _ in 0..6_000 {
                stream.write_all(if begin.is_empty() { b"H" } else { b":" })?;
                if until_the_client_leaves(stream, Duration::from_millis(50)) {
                    break;
                }
            }
            Ok(())
        });
        assert!(matches!(drip, Trouble::TimedOut(_) | Trouble::NotHttp(_)), "{begin:?}: {drip:?}");
    }
}

#[test]
fn all_steps_together_end_in_time() {
    // Each page takes as long as it may, and there is always another one.
    let count = AtomicUsize::new(0);
    let server = Server::start(move |asked, stream| {
        let result = if asked.rpc() == "server/discover" {
            discovered()
        } else {
            until_the_client_leaves(stream, Duration::from_millis(500));
            let cursor = count.fetch_add(1, Ordering::SeqCst).to_string();
            json!({ "tools": [], "nextCursor": cursor })
        };
        server::json(stream, "200 OK", "", &reply(asked, &result))
    });
    let admitted = visit(&server);
    let found = trouble(&admitted.steps);
    assert!(matches!(found, Trouble::VisitTooLong(_) | Trouble::TimedOut(_)), "{found:?}");
}

#[test]
fn a_list_without_end_is_left() {
    let list = |cursor: fn(usize) -> String, tools: usize| {
        let count = AtomicUsize::new(0);
        told(move |asked, stream| {
            let result = if asked.rpc() == "server/discover" {
                discovered()
            } else {
                let cursor = cursor(count.fetch_add(1, Ordering::SeqCst));
                json!({ "tools": vec![json!({ "name": "t" }); tools], "nextCursor": cursor })
            };
            server::json(stream, "200 OK", "", &reply(asked, &result))
        })
    };
    let endless = |found: &Trouble, says: &str| {
        let Trouble::EndlessList(why) = found else { panic!("{found:?}") };
        assert!(why.contains(says), "{why}");
    };
    endless(&list(|number| number.to_string(), 0), "100 pages");
    endless(&list(|_| "again".to_owned(), 0), "a second time");
    endless(&list(|number| number.to_string(), 3_000), "10000 tools");
    let long = list(|_| "c".repeat(5_000), 0);
    assert!(matches!(long, Trouble::Malformed(_)), "{long:?}");
}

#[test]
fn a_token_that_the_server_repeats_is_not_handed_on() {
    // In a header, a body, JSON, escaped JSON, a name, a media type and a place.
    let escaped: Vec<_> = TOKEN.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    let escaped = escaped.concat();
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":1,"message":"{escaped}"}}}}"#);
    let answers: Vec<(&str, String, String)> = vec![
        (
            "401 No",
            format!("WWW-Authenticate: Bearer error_description=\"{TOKEN}\"\r\n"),
            TOKEN.to_owned(),
        ),
        (
            "403 No",
            "Content-Type: application/json\r\n".to_owned(),
            format!("{{\"message\":\"{TOKEN}\"}}"),
        ),
        ("200 OK", "Content-Type: application/json\r\n".to_owned(), body),
        ("200 OK", format!("Content-Type: {TOKEN}\r\n"), String::new()),
        ("200 OK", "Content-Type: application/json\r\n".to_owned(), format!("{{\"{TOKEN}\"")),
        ("308 There", format!("Location: https://h/{TOKEN}\r\n"), String::new()),
        ("500 No", String::new(), format!("{}{TOKEN}", "x".repeat(260))),
    ];
    for (status, headers, body) in answers {
        // `visit` looks for the token.
        let server = Server::start(move |_, stream| send(stream, status, &headers, &body));
        visit(&server);
    }
    let server = Server::start(|asked, stream| {
        let result = match asked.rpc().as_str() {
            "server/discover" => {
                json!({ "supportedVersions": ["2026-07-28"], "serverInfo": { "name": TOKEN, "version": TOKEN } })
            }
            _ => json!({ "tools": [{ "name": TOKEN }] }),
        };
        server::json(stream, "200 OK", "", &reply(asked, &result))
    });
    assert_eq!(visit(&server).tools, Some(vec!["[the token]".to_owned()]));
}

#[test]
fn nobody_there_is_no_connection() {
    let server = Server::start(|_, _| Ok(()));
    let url = server.url();
    drop(server);
    let admitted = client(&url).with_token(&token());
    let found = trouble(&admitted.steps);
    assert!(matches!(found, Trouble::NoConnection(_)), "{found:?}");
    assert!(found.is_unreachable());
    let tls = Server::start(|_, _| Ok(()));
    let admitted = client(&tls.url().replace("http:", "https:")).with_token(&token());
    assert!(trouble(&admitted.steps).is_unreachable(), "{admitted:?}");
    assert!(tls.asked().is_empty());
}

#[test]
fn versions_that_are_not_known_are_named() {
    let refuses = |supported: Value| {
        move |asked: &Asked, stream: &mut TcpStream| {
            let error = json!({ "code": -32022, "message": "Unsupported protocol version", "data": { "supported": supported } });
            let body = json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "error": error });
            server::json(stream, "400 Bad Request", "", &body)
        }
    };
    let newer = Server::start(refuses(json!(["2031-01-01"])));
    assert_eq!(trouble(&visit(&newer).steps).status(), Some(400));
    assert_eq!(newer.asked().len(), 1, "a server of the modern protocol gets no handshake");
    let older = Server::start(refuses(json!(["2025-06-18"])));
    visit(&older);
    assert_eq!(older.asked()[1].rpc(), "initialize");
    let handshake = told(|asked, stream| match asked.rpc().as_str() {
        "initialize" => {
            let result = json!({ "protocolVersion": "1999-01-01" });
            server::json(stream, "200 OK", "", &reply(asked, &result))
        }
        _ => send(stream, "404 Not Found", "", ""),
    });
    assert_eq!(handshake, Trouble::Version("1999-01-01".to_owned()));
}
