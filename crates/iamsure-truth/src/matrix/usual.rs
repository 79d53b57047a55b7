//! The call paths that a matrix shows where the question names none.

use iamsure_core::language::ConditionKey;
use iamsure_core::world::{CallPath, CallPaths, PolicySet};

use crate::ask::exchanges_of;

/// The call paths that the policies tell apart: where they ask for a key of MCP, direct calls, two servers and
/// every other server that they name; any path at all otherwise. Then the exchanges that the trust policy is
/// about.
pub fn usual_paths(policies: &PolicySet, known: &CallPaths) -> Vec<CallPath> {
    let keys = policies.keys();
    let asks = |name: &str| keys.contains(&ConditionKey::new(name));
    let mut paths: Vec<CallPath> = if asks("aws:ViaAWSMCPService") || asks("aws:CalledViaAWSMCP") {
        let servers = servers(policies).into_iter().map(|server| format!("mcp:{server}"));
        let names = std::iter::once("direct".to_owned()).chain(servers);
        names.filter_map(|name| known.named(&name).ok()).collect()
    } else {
        vec![CallPath::any()]
    };
    let exchanges = policies.trust.iter().flat_map(exchanges_of);
    paths.extend(exchanges.filter_map(|operation| known.named(operation.action()).ok()));
    paths
}

/// Two MCP servers, and every other that the policies name.
fn servers(policies: &PolicySet) -> Vec<String> {
    let key = ConditionKey::new("aws:CalledViaAWSMCP");
    let clauses = policies.statements().flat_map(|(_, _, statement)| &statement.condition.clauses);
    let named = clauses
        .filter(|clause| *clause.key == key)
        .flat_map(|clause| &clause.values)
        .filter_map(|value| value.as_str().strip_suffix(".amazonaws.com"));
    let mut servers = vec!["aws-mcp".to_owned(), "eks-mcp".to_owned()];
    for server in named {
        let is_server = CallPaths::default().named(&format!("mcp:{server}")).is_ok();
        if is_server && !servers.iter().any(|known| known == server) {
            servers.push(server.to_owned());
        }
    }
    servers
}
