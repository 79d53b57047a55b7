//! Lines of `{ policies, request }` in the peer's own JSON forms in, lines of `{ decision }` or `{ error }` out.

use std::io::{self, BufRead, Write};

use iam_rs::{Decision, IAMPolicy, IAMRequest, PolicyEvaluator};
use serde_json::{json, Value};

fn decided(line: &str) -> Result<&'static str, String> {
    let mut asked: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let policies: Vec<IAMPolicy> =
        serde_json::from_value(asked["policies"].take()).map_err(|error| format!("policy: {error}"))?;
    let request: IAMRequest =
        serde_json::from_value(asked["request"].take()).map_err(|error| format!("request: {error}"))?;
    let result = PolicyEvaluator::with_policies(policies)
        .evaluate(&request)
        .map_err(|error| format!("evaluation: {error:?}"))?;
    Ok(match result.decision {
        Decision::Allow => "allowed",
        Decision::Deny => "explicitDeny",
        Decision::NotApplicable => "implicitDeny",
    })
}

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match decided(&line?) {
            Ok(decision) => json!({ "decision": decision }),
            Err(error) => json!({ "error": error }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
