//! The call paths that a matrix shows where nobody named any.

use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::session::Operation;
use iamsure_core::world::{CallPath, PolicySet, Switches};

use super::exchanges_of;

/// Direct, two MCP servers and every other server that the policies name. First the exchanges that
/// the trust policy is about; without one, that of a token, where the policies may be those of a role.
pub fn usual_paths(policies: &PolicySet) -> Vec<String> {
    let key = ConditionKey::new("aws:CalledViaAWSMCP");
    let mut servers: Vec<String> = vec!["aws-mcp".to_owned(), "eks-mcp".to_owned()];
    for (_, _, statement) in policies.statements() {
        for clause in statement.condition.clauses.iter().filter(|clause| *clause.key == key) {
            for server in clause
                .values
                .iter()
                .filter_map(|value| value.as_str().strip_suffix(".amazonaws.com"))
            {
                if CallPath::named(&format!("mcp:{server}"), &Switches::default()).is_ok()
                    && !servers.iter().any(|known| known == server)
                {
                    servers.push(server.to_owned());
                }
            }
        }
    }
    let mut paths = vec!["direct".to_owned()];
    paths.extend(servers.iter().map(|server| format!("mcp:{server}")));
    let only_outer = policies.policies().all(|(kind, ..)| {
        matches!(
            kind,
            PolicyType::Scp | PolicyType::Rcp | PolicyType::Endpoint | PolicyType::Resource
        )
    });
    let exchanges = match &policies.trust {
        Some(trust) => exchanges_of(trust),
        None => Vec::new(),
    };
    paths.extend(exchanges.iter().map(|operation| operation.action().to_owned()));
    if exchanges.is_empty() && !only_outer {
        paths.push(Operation::AssumeRoleWithWebIdentity.action().to_owned());
    }
    paths
}
