//! A server that answers as ToolHive's proxy before the AWS MCP Server does, as far as its documentation tells.

use std::net::TcpStream;

use serde_json::{Value, json};

use crate::server::{Asked, json, send};

/// A token whose groups select a role.
pub(crate) const TOKEN: &str =
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZUBleGFtcGxlLmNvbSJ9.c2lnbmF0dXJl";

/// The tools of the AWS MCP Server in autumn 2026, and one that nobody has described.
const TOOLS: [&str; 9] = [
    "aws___search_documentation",
    "aws___read_documentation",
    "aws___list_regions",
    "aws___get_regional_availability",
    "aws___retrieve_skill",
    "aws___run_script",
    "aws___get_presigned_url",
    "aws___get_tasks",
    "aws___plan_migration",
];

/// The metadata of the example in `corpus/toolhive/mcp-aws.yaml`.
pub(crate) fn metadata() -> Value {
    json!({
        "resource": "https://mcp.example.com/mcp",
        "authorization_servers": ["https://idp.example.com"],
        "bearer_methods_supported": ["header"],
    })
}

/// Which protocol it speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// 2026-07-28.
    Modern,
    /// Before.
    WithHandshake,
}

pub(crate) fn answer(era: Era, asked: &Asked, stream: &mut TcpStream) -> std::io::Result<()> {
    if asked.target == "/.well-known/oauth-protected-resource/mcp" {
        return json(stream, "200 OK", "", &metadata());
    }
    if asked.target != "/mcp" {
        return send(
            stream,
            "404 Not Found",
            "Content-Type: text/plain\r\n",
            "404 page not found\n",
        );
    }
    match asked.header("authorization") {
        Some(shown) if shown == format!("Bearer {TOKEN}") => {}
        Some(_) => {
            let headers = "Content-Type: text/plain; charset=utf-8\r\n";
            return send(stream, "403 Forbidden", headers, "Failed to determine IAM role\n");
        }
        None => {
            let challenge = "WWW-Authenticate: Bearer realm=\"https://idp.example.com\", resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"\r\n";
            return send(stream, "401 Unauthorized", challenge, "Authentication required\n");
        }
    }
    match era {
        Era::Modern => modern(asked, stream),
        Era::WithHandshake => with_handshake(asked, stream),
    }
}

fn modern(asked: &Asked, stream: &mut TcpStream) -> std::io::Result<()> {
    let message = asked.json();
    let meta = &message["params"]["_meta"];
    let version = meta["io.modelcontextprotocol/protocolVersion"].as_str();
    let method = asked.rpc();
    let fits = version.is_some()
        && asked.header("mcp-protocol-version") == version
        && asked.header("mcp-method") == Some(&method)
        && meta["io.modelcontextprotocol/clientCapabilities"].is_object();
    if !fits {
        let error = json!({ "code": -32020, "message": "Header mismatch" });
        let body = json!({ "jsonrpc": "2.0", "id": message["id"], "error": error });
        return json(stream, "400 Bad Request", "", &body);
    }
    let result = match method.as_str() {
        "server/discover" => json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": { "tools": {} },
            "serverInfo": { "name": "AWS MCP Server", "version": "2.0.0" }, "ttlMs": 0, "cacheScope": "private",
        }),
        "tools/list" => {
            let mut result = page(&message);
            result["resultType"] = json!("complete");
            result
        }
        _ => {
            let error = json!({ "code": -32601, "message": "Method not found" });
            let body = json!({ "jsonrpc": "2.0", "id": message["id"], "error": error });
            return json(stream, "404 Not Found", "", &body);
        }
    };
    json(stream, "200 OK", "", &json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }))
}

fn with_handshake(asked: &Asked, stream: &mut TcpStream) -> std::io::Result<()> {
    const SESSION: &str = "Mcp-Session-Id: 1868a90c-3c2e\r\n";
    let has_session = asked.header("mcp-session-id") == Some("1868a90c-3c2e");
    let message = asked.json();
    let reply = |result: Value| json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
    match (asked.method.as_str(), asked.rpc().as_str()) {
        ("POST", "initialize") => {
            let info = json!({ "name": "AWS MCP Server", "version": "1.0.0" });
            let result = json!({ "protocolVersion": "2025-11-25", "capabilities": { "tools": {} }, "serverInfo": info });
            events(stream, SESSION, &[reply(result)])
        }
        ("POST", "notifications/initialized") if has_session => {
            send(stream, "202 Accepted", "", "")
        }
        ("POST", "tools/list") if has_session => {
            let notification =
                json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": {} });
            events(stream, SESSION, &[notification, reply(page(&message))])
        }
        ("DELETE", _) if has_session => send(stream, "204 No Content", "", ""),
        _ => {
            let error = json!({ "code": -32000, "message": "Bad Request: Server not initialized" });
            let body = json!({ "jsonrpc": "2.0", "id": null, "error": error });
            json(stream, "400 Bad Request", "", &body)
        }
    }
}

/// The first seven tools; then the rest.
fn page(message: &Value) -> Value {
    let names = match message["params"]["cursor"].as_str() {
        None => TOOLS.get(..7),
        Some(_) => TOOLS.get(7..),
    };
    let names = names.unwrap_or_default();
    let tools: Vec<_> = names
        .iter()
        .map(|name| json!({ "name": name, "inputSchema": { "type": "object" } }))
        .collect();
    let mut result = json!({ "tools": tools });
    if names.len() == 7 {
        result["nextCursor"] = json!("seven");
    }
    result
}

/// An event stream of these messages, with what else streams hold.
pub(crate) fn events(
    stream: &mut TcpStream,
    headers: &str,
    messages: &[Value],
) -> std::io::Result<()> {
    let mut body = ": keep-alive\r\nid: 0\r\ndata:\r\n\r\n".to_owned();
    for message in messages {
        body.extend(["event: message\r\ndata: ", &message.to_string(), "\r\n\r\n"]);
    }
    send(stream, "200 OK", &format!("Content-Type: text/event-stream\r\n{headers}"), &body)
}
