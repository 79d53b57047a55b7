//! The protocol: how a visit begins, goes on and ends, step by step.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::answer::{document_of, refusal, result_of};
use crate::http::{Answer, Ask, EVENTS, Http, JSON, timed};
use crate::resource_metadata::ResourceMetadata;
use crate::step::{Came, Note, Request, Server, Step};
use crate::trouble::{Trouble, in_a_line};

/// The protocol without a handshake, and those with one, newest first.
const MODERN: &str = "2026-07-28";
const WITH_HANDSHAKE: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// JSON-RPC errors by which a server of the modern protocol shows itself (2026-07-28, "Error Codes").
const HEADER_MISMATCH: i64 = -32_020;
const MISSING_CAPABILITY: i64 = -32_021;
const UNSUPPORTED_VERSION: i64 = -32_022;

/// The longest session id and cursor that are sent back, in bytes.
const LONGEST_ECHO: usize = 4 * 1024;

/// A conversation with a server, and the steps it has taken.
#[derive(Debug)]
pub(crate) struct Dialogue {
    http: Http,
    with_token: bool,
    next_id: u64,
    /// The version that is spoken, once it is known.
    protocol: &'static str,
    session: Option<String>,
    pub(crate) steps: Vec<Step>,
}

/// A request that was made, before it is said what its answer means.
struct Made<T> {
    request: Request,
    came: Option<Came>,
    took: Duration,
    result: Result<T, Trouble>,
}

impl<T> Made<T> {
    fn step(&self, result: Result<Note, Trouble>) -> Step {
        Step { request: self.request.clone(), came: self.came.clone(), took: self.took, result }
    }
}

impl Dialogue {
    pub(crate) const fn new(http: Http, with_token: bool) -> Self {
        Self { http, with_token, next_id: 1, protocol: MODERN, session: None, steps: Vec::new() }
    }

    /// Begins: `server/discover`, and where the server does not know it the handshake.
    ///
    /// # Errors
    /// The trouble of the last step.
    pub(crate) fn open(&mut self) -> Result<Server, Trouble> {
        let made = self.rpc("server/discover", Map::new());
        let older = match &made.result {
            Ok(result) => match discovered(result) {
                Ok(server) => {
                    self.steps.push(made.step(Ok(Note::Discovered(server.clone()))));
                    return Ok(server);
                }
                Err(why) => why,
            },
            Err(trouble) => {
                if let Some(why) = says_older(trouble) {
                    why
                } else {
                    let trouble = trouble.clone();
                    self.steps.push(made.step(Err(trouble.clone())));
                    return Err(trouble);
                }
            }
        };
        self.steps.push(made.step(Ok(Note::Older(older))));
        self.handshake()
    }

    fn handshake(&mut self) -> Result<Server, Trouble> {
        let [newest, ..] = WITH_HANDSHAKE;
        self.protocol = newest;
        let mut params = Map::new();
        params.insert("protocolVersion".to_owned(), json!(newest));
        params.insert("capabilities".to_owned(), json!({}));
        params.insert("clientInfo".to_owned(), client());
        let made = self.rpc("initialize", params);
        let opened = made.result.as_ref().map_err(Trouble::clone).and_then(|result| {
            let version = result.get("protocolVersion").and_then(Value::as_str).unwrap_or_default();
            let known = WITH_HANDSHAKE.into_iter().find(|known| *known == version);
            self.protocol = known.ok_or_else(|| Trouble::Version(in_a_line(version)))?;
            Ok(server(result.get("serverInfo"), self.protocol))
        });
        let session = self.session.is_some();
        self.steps
            .push(made.step(opened.clone().map(|server| Note::Initialized { server, session })));
        let server = opened?;
        let made = self.notify("notifications/initialized");
        let result = made.result.clone().map(|()| Note::Acknowledged);
        self.steps.push(made.step(result));
        made.result.map(|()| server)
    }

    /// The names of the tools, page by page.
    ///
    /// # Errors
    /// The trouble of the last step.
    pub(crate) fn tools(&mut self) -> Result<Vec<String>, Trouble> {
        let limits = *self.http.limits();
        let mut names: Vec<String> = Vec::new();
        let mut cursors: Vec<String> = Vec::new();
        loop {
            let mut params = Map::new();
            if let Some(cursor) = cursors.last() {
                params.insert("cursor".to_owned(), json!(cursor));
            }
            let made = self.rpc("tools/list", params);
            let listed = made.result.as_ref().map_err(Trouble::clone).and_then(page);
            let listed = listed.and_then(|(mut tools, cursor)| {
                let count = tools.len();
                names.append(&mut tools);
                match &cursor {
                    _ if names.len() > limits.tools => {
                        Err(Trouble::EndlessList(format!("more than {} tools", limits.tools)))
                    }
                    Some(cursor) if cursors.contains(cursor) => {
                        Err(Trouble::EndlessList("a cursor comes a second time".to_owned()))
                    }
                    Some(_) if cursors.len() + 1 >= limits.pages => {
                        Err(Trouble::EndlessList(format!("more than {} pages", limits.pages)))
                    }
                    _ => Ok((Note::Listed { tools: count, more: cursor.is_some() }, cursor)),
                }
            });
            self.steps.push(made.step(listed.clone().map(|(note, _)| note)));
            match listed?.1 {
                Some(cursor) => cursors.push(cursor),
                None => return Ok(names),
            }
        }
    }

    /// Ends the session, if there is one.
    pub(crate) fn close(&mut self) {
        if self.session.is_none() {
            return;
        }
        let made = self.make("DELETE", None, None, |http, answer| match answer.came.status {
            200..300 => Ok(Note::Ended),
            // Servers need not let clients end sessions; one that is gone is at its end too.
            status @ (404 | 405) => Ok(Note::NotEnded(status)),
            _ => Err(refusal(http, answer)),
        });
        let result = made.result.clone();
        self.steps.push(made.step(result));
        self.session = None;
    }

    /// The metadata of the resource, from the first place that has them. Never with the token.
    pub(crate) fn metadata(&mut self, named: Option<&str>) -> Option<ResourceMetadata> {
        let places = ResourceMetadata::places(self.http.endpoint(), named);
        let last = places.len().saturating_sub(1);
        for (index, place) in places.into_iter().enumerate() {
            let ask = Ask {
                method: "GET",
                target: &place,
                headers: vec![("accept", JSON.to_owned())],
                body: None,
                with_token: false,
            };
            let made = self.send(&ask, None, |http, answer| {
                let document = document_of(http, answer)?;
                ResourceMetadata::read(&place, &document).map_err(Trouble::Malformed)
            });
            match made.result.clone() {
                Ok(metadata) => {
                    self.steps.push(made.step(Ok(Note::Metadata)));
                    return Some(metadata);
                }
                Err(trouble) if index < last && !trouble.is_unreachable() => {
                    let note = Note::NoMetadataHere(trouble.to_string());
                    self.steps.push(made.step(Ok(note)));
                }
                Err(trouble) => {
                    let over = trouble.is_unreachable();
                    self.steps.push(made.step(Err(trouble)));
                    if over {
                        return None;
                    }
                }
            }
        }
        None
    }

    fn rpc(&mut self, method: &'static str, mut params: Map<String, Value>) -> Made<Value> {
        let id = self.next_id;
        self.next_id += 1;
        if self.protocol == MODERN {
            let meta = json!({
                "io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientInfo": client(),
                "io.modelcontextprotocol/clientCapabilities": {},
            });
            params.insert("_meta".to_owned(), meta);
        }
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        self.make("POST", Some(method), Some(&message), move |http, answer| {
            result_of(http, answer, id)
        })
    }

    fn notify(&mut self, method: &'static str) -> Made<()> {
        let message = json!({ "jsonrpc": "2.0", "method": method });
        self.make("POST", Some(method), Some(&message), |http, answer| match answer.came.status {
            200..300 => Ok(()),
            _ => Err(refusal(http, answer)),
        })
    }

    /// Asks the endpoint, minding the session.
    fn make<T>(
        &mut self,
        http_method: &'static str,
        rpc: Option<&'static str>,
        message: Option<&Value>,
        read: impl FnOnce(&Http, Answer) -> Result<T, Trouble>,
    ) -> Made<T> {
        let mut headers = vec![
            ("accept", format!("{JSON}, {EVENTS}")),
            ("mcp-protocol-version", self.protocol.to_owned()),
        ];
        if message.is_some() {
            headers.push(("content-type", JSON.to_owned()));
        }
        match rpc {
            // Which version is spoken is what the handshake is about.
            Some("initialize") => headers.retain(|(name, _)| *name != "mcp-protocol-version"),
            Some(rpc) if self.protocol == MODERN => headers.push(("mcp-method", rpc.to_owned())),
            _ => {}
        }
        if let Some(session) = &self.session {
            headers.push(("mcp-session-id", session.clone()));
        }
        let target = self.http.endpoint().target().to_owned();
        let ask = Ask {
            method: http_method,
            target: &target,
            headers,
            body: message.map(Value::to_string),
            with_token: self.with_token,
        };
        let had = self.session.clone();
        let mut given = None;
        let mut made = self.send(&ask, rpc, |http, answer| {
            given = session_of(&answer, rpc, had.as_deref())?;
            read(http, answer)
        });
        if given.is_some() {
            self.session = given;
        }
        if let (Some(404), true, Some(_)) =
            (made.result.as_ref().err().and_then(Trouble::status), had.is_some(), message)
        {
            made.result = Err(Trouble::Session(
                "404: the server does not know the session that it has just given".to_owned(),
            ));
        }
        made
    }

    fn send<T>(
        &self,
        ask: &Ask<'_>,
        rpc: Option<&'static str>,
        read: impl FnOnce(&Http, Answer) -> Result<T, Trouble>,
    ) -> Made<T> {
        let mut came = None;
        let (result, took) = timed(|| {
            let answer = self.http.ask(ask)?;
            came = Some(answer.came.clone());
            read(&self.http, answer)
        });
        let request = Request {
            http: ask.method,
            target: ask.target.to_owned(),
            rpc,
            with_token: ask.with_token,
        };
        Made { request, came, took, result }
    }
}

/// The session that an answer gives.
fn session_of(
    answer: &Answer,
    rpc: Option<&str>,
    had: Option<&str>,
) -> Result<Option<String>, Trouble> {
    let Some(session) = answer.header("mcp-session-id") else { return Ok(None) };
    let broken = |what: &str| Err(Trouble::Session(what.to_owned()));
    match had {
        // Servers of 2026-07-28 have none, and a refused request opens none.
        None if rpc != Some("initialize") || !(200..300).contains(&answer.came.status) => Ok(None),
        None if session.len() > LONGEST_ECHO => broken("the session id is too long"),
        None if session.is_empty()
            || !session.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) =>
        {
            broken("the session id holds other than visible ASCII characters")
        }
        None => Ok(Some(session.to_owned())),
        Some(had) if had == session => Ok(None),
        Some(_) => broken("the server answers with a different session from the one it gave"),
    }
}

/// What the server says of itself; why it is taken for an older one, if it does not speak the modern protocol.
fn discovered(result: &Value) -> Result<Server, String> {
    let versions = result.get("supportedVersions").and_then(Value::as_array);
    let versions = versions.ok_or("its answer to server/discover lists no versions")?;
    if !versions.iter().any(|version| version.as_str() == Some(MODERN)) {
        let listed: Vec<_> = versions.iter().filter_map(Value::as_str).take(20).collect();
        return Err(format!("it lists the versions {}", in_a_line(&listed.join(", "))));
    }
    // Where the identity is moved between drafts: the result itself, or its `_meta`.
    let info = result
        .get("serverInfo")
        .or_else(|| result.pointer("/_meta/io.modelcontextprotocol~1serverInfo"));
    Ok(server(info, MODERN))
}

fn server(info: Option<&Value>, protocol: &str) -> Server {
    let text = |name: &str| {
        let text = info.and_then(|info| info.get(name)).and_then(Value::as_str);
        text.map(in_a_line).unwrap_or_default()
    };
    Server { name: text("name"), version: text("version"), protocol: protocol.to_owned() }
}

/// Why a failure of `server/discover` is that of an older server (2026-07-28, "Backward Compatibility"); `None` if it says
/// nothing of the kind.
fn says_older(trouble: &Trouble) -> Option<String> {
    let error = match trouble {
        Trouble::Rpc(error) => Some(error),
        Trouble::Refused { status: 400..=499, error, .. } => error.as_ref(),
        _ => return None,
    };
    if matches!(trouble.status(), Some(401 | 403 | 407 | 429)) {
        return None;
    }
    match error {
        Some(error) if error.code == UNSUPPORTED_VERSION => {
            let older = error.supported.iter().any(|one| WITH_HANDSHAKE.contains(&one.as_str()));
            older.then(|| format!("it lists the versions {}", error.supported.join(", ")))
        }
        Some(error) if [HEADER_MISMATCH, MISSING_CAPABILITY].contains(&error.code) => None,
        Some(error) => Some(format!("it does not know server/discover: {}", error.message)),
        None => Some("it does not know server/discover".to_owned()),
    }
}

/// The names on a page, and the cursor of the next.
fn page(result: &Value) -> Result<(Vec<String>, Option<String>), Trouble> {
    let malformed = |what: &str| Trouble::Malformed(what.to_owned());
    let kind = result.get("resultType").and_then(Value::as_str).unwrap_or("complete");
    if kind != "complete" {
        return Err(Trouble::Malformed(format!(
            "the result is `{}`, but a list of tools must be `complete`",
            in_a_line(kind)
        )));
    }
    let tools = result.get("tools").and_then(Value::as_array);
    let tools = tools.ok_or_else(|| malformed("the result has no list `tools`"))?;
    let names = tools
        .iter()
        .map(|tool| tool.get("name").and_then(Value::as_str).map(in_a_line))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| malformed("a tool has no name"))?;
    let cursor = match result.get("nextCursor") {
        None | Some(Value::Null) => None,
        Some(Value::String(cursor)) if cursor.len() <= LONGEST_ECHO => Some(cursor.clone()),
        Some(Value::String(_)) => return Err(malformed("the cursor is too long")),
        Some(_) => return Err(malformed("the cursor is not a string")),
    };
    Ok((names, cursor))
}

fn client() -> Value {
    json!({ "name": "iamsure", "version": env!("CARGO_PKG_VERSION") })
}
