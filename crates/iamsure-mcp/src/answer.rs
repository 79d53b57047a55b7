//! The JSON-RPC message that answers a request, out of JSON or an event stream.

use serde_json::Value;

use crate::challenge::Challenge;
use crate::event_stream::EventStream;
use crate::http::{Answer, EVENTS, Http, JSON};
use crate::trouble::{RpcError, Trouble, in_a_line};

/// How much of the body of a refusal is read.
const REFUSAL_BYTES: usize = 64 * 1024;

/// The result of the request with this id.
pub(crate) fn result_of(http: &Http, answer: Answer, id: u64) -> Result<Value, Trouble> {
    let limit = http.limits().body_bytes;
    if !(200..300).contains(&answer.came.status) {
        return Err(refusal(http, answer));
    }
    match answer.came.media_type.as_str() {
        JSON => {
            let body = http.read_all(answer, limit)?;
            let message = json(http, &body)?;
            outcome(&message, id)?.ok_or_else(|| {
                Trouble::Malformed(
                    "the answer has another `id` than the request, or none".to_owned(),
                )
            })?
        }
        EVENTS => of_stream(http, answer, id),
        other => Err(Trouble::ContentType(other.to_owned())),
    }
}

/// A JSON document that is no JSON-RPC message.
pub(crate) fn document_of(http: &Http, answer: Answer) -> Result<Value, Trouble> {
    if answer.came.status != 200 {
        return Err(refusal(http, answer));
    }
    if answer.came.media_type != JSON {
        return Err(Trouble::ContentType(answer.came.media_type));
    }
    let body = http.read_all(answer, http.limits().body_bytes)?;
    json(http, &body)
}

/// What an answer of another status than 2xx says.
pub(crate) fn refusal(http: &Http, answer: Answer) -> Trouble {
    let status = answer.came.status;
    let media_type = answer.came.media_type.clone();
    let headers: Vec<_> =
        answer.headers("www-authenticate").map(|header| http.redact(header)).collect();
    let challenge = Challenge::among(&headers).map(Box::new);
    let mut body = Vec::new();
    // The status is what counts: a body that is too long, or never ends, is read as far as it goes.
    let _ = http.read(answer, REFUSAL_BYTES, |piece| {
        body.extend_from_slice(piece);
        Ok(false)
    });
    let parsed = json(http, &body).ok();
    let error = parsed.as_ref().and_then(|message| message.get("error")).and_then(rpc_error);
    let member = |name: &str| parsed.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let sentence = if media_type.contains("html") {
        "an HTML page".to_owned()
    } else if parsed.is_some() {
        ["error_description", "message", "Message", "error"]
            .into_iter()
            .find_map(member)
            .unwrap_or_default()
    } else {
        http.redact(&String::from_utf8_lossy(&body))
    };
    Trouble::Refused { status, sentence: in_a_line(&sentence), error, challenge }
}

fn of_stream(http: &Http, answer: Answer, id: u64) -> Result<Value, Trouble> {
    let limits = *http.limits();
    let mut stream = EventStream::default();
    let mut events = 0;
    let mut found = None;
    let ended = http.read(answer, limits.body_bytes, |piece| {
        for event in stream.feed(piece) {
            events += 1;
            if event.kind == b"message" && !event.data.is_empty() {
                found = outcome(&json(http, &event.data)?, id)?;
                if found.is_some() {
                    return Ok(true);
                }
            }
            if events >= limits.events {
                return Err(Trouble::ManyEvents(limits.events));
            }
        }
        Ok(false)
    })?;
    match found {
        Some(result) => result,
        None if ended && stream.is_within_an_event() => Err(Trouble::HalfEvent),
        None => Err(Trouble::NoAnswer),
    }
}

/// JSON without the token. Nesting is bounded by the parser.
fn json(http: &Http, body: &[u8]) -> Result<Value, Trouble> {
    let mut value: Value = serde_json::from_slice(body)
        .map_err(|error| Trouble::NotJson(in_a_line(&http.redact(&error.to_string()))))?;
    http.redact_json(&mut value);
    Ok(value)
}

/// The result or error in a message, if it answers this request; `None` for notifications, requests of the server and
/// answers to others.
fn outcome(message: &Value, id: u64) -> Result<Option<Result<Value, Trouble>>, Trouble> {
    if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Trouble::Malformed("the answer is not a JSON-RPC 2.0 message".to_owned()));
    }
    if message.get("method").is_some() {
        return Ok(None);
    }
    let error = message.get("error");
    // An error may have no id, where the server could not read the request.
    let answers = match message.get("id") {
        Some(Value::Null) | None => error.is_some(),
        Some(other) => other.as_u64() == Some(id),
    };
    if !answers {
        return Ok(None);
    }
    match (message.get("result"), error) {
        (Some(result), None) => Ok(Some(Ok(result.clone()))),
        (None, Some(error)) => {
            let error = rpc_error(error).ok_or_else(|| {
                Trouble::Malformed("the JSON-RPC error has no code and message".to_owned())
            })?;
            Ok(Some(Err(Trouble::Rpc(error))))
        }
        _ => Err(Trouble::Malformed("the answer has neither a result nor an error".to_owned())),
    }
}

fn rpc_error(error: &Value) -> Option<RpcError> {
    let supported = error.pointer("/data/supported").and_then(Value::as_array);
    let versions = supported.into_iter().flatten().filter_map(Value::as_str);
    Some(RpcError {
        code: error.get("code")?.as_i64()?,
        message: in_a_line(error.get("message")?.as_str()?),
        supported: versions.take(20).map(in_a_line).collect(),
    })
}
