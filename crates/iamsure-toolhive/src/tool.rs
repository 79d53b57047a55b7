//! What the tools of the AWS MCP Server ask of AWS.
//!
//! Names and behaviour as in autumn 2026: github.com/awslabs/mcp issues 4581 and 4584, Agent Toolkit for AWS user guide
//! ("AWS MCP Server tools"). AWS prefixes the names with `aws___`.

/// What a tool asks of AWS in the name of the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsCalls {
    /// Nothing: no policy of the role takes part.
    None,
    /// Whatever its caller writes: everything that the role may do through the server.
    Any,
    /// Nothing itself: it hands out URLs, and whoever uses one makes one of these calls, which is then a direct call signed by the role. AWS does not document that; it is how signed URLs work.
    WhenUsed(&'static [&'static str]),
    /// Nobody has said.
    Unknown,
}

/// What a tool of `server` asks of AWS. Only tools of `aws-mcp` are known.
pub fn aws_calls(server: &str, tool: &str) -> AwsCalls {
    if server != "aws-mcp" {
        return AwsCalls::Unknown;
    }
    match tool.strip_prefix("aws___").unwrap_or(tool) {
        "search_documentation"
        | "read_documentation"
        | "list_regions"
        | "get_regional_availability"
        | "retrieve_skill" => AwsCalls::None,
        // `call_aws` was removed on 2026-08-31; a server that still lists it is older.
        "run_script" | "call_aws" => AwsCalls::Any,
        "get_presigned_url" => AwsCalls::WhenUsed(&["s3:GetObject", "s3:PutObject"]),
        _ => AwsCalls::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_described_is_known() {
        assert_eq!(aws_calls("aws-mcp", "aws___run_script"), AwsCalls::Any);
        assert_eq!(aws_calls("aws-mcp", "list_regions"), AwsCalls::None);
        assert_eq!(aws_calls("aws-mcp", "aws___get_tasks"), AwsCalls::Unknown);
        assert_eq!(aws_calls("eks-mcp", "aws___run_script"), AwsCalls::Unknown);
        assert_eq!(aws_calls("aws-mcp", "aws___aws___list_regions"), AwsCalls::Unknown);
    }
}
