//! The names of call paths, and what to say about a text that is none.

use std::fmt::Write as _;

/// One form that the name of a call path can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How it is written; capitals stand for something to fill in.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// A path of this form, whole.
    pub example: &'static str,
}

/// Every form, in the order in which help lists them.
pub const FORMS: [Form; 11] = [
    Form { name: "direct", meaning: "the principal calls AWS itself", example: "direct" },
    Form {
        name: "direct/vpce",
        meaning: "the same, through a VPC endpoint",
        example: "direct/vpce",
    },
    Form {
        name: "direct/internet",
        meaning: "the same, but not through a VPC endpoint",
        example: "direct/internet",
    },
    Form {
        name: "mcp:SERVER",
        meaning: "an AWS-managed MCP server calls with the principal's credentials",
        example: "mcp:aws-mcp",
    },
    Form {
        name: "service:CHAIN",
        meaning: "services make further calls with the principal's credentials, in this order (forward access session)",
        example: "service:cloudformation",
    },
    Form {
        name: "direct/vpce/service:CHAIN",
        meaning: "the same, after a first call through a VPC endpoint (or direct/internet/…, not through one)",
        example: "direct/vpce/service:athena+glue",
    },
    Form {
        name: "mcp:SERVER/service:CHAIN",
        meaning: "the same, after a first call by an MCP server",
        example: "mcp:aws-mcp/service:cloudformation",
    },
    Form {
        name: "service-principal:NAME",
        meaning: "a service calls as itself: only resource-based policies and RCPs apply",
        example: "service-principal:cloudtrail",
    },
    Form {
        name: "execution-role:SERVICE",
        meaning: "a role that a service assumed is the caller, such as a Lambda function's role; an MCP call that triggered it is not visible in its requests",
        example: "execution-role:lambda",
    },
    Form {
        name: "sts:OPERATION",
        meaning: "the exchange that starts a session: AssumeRole, AssumeRoleWithWebIdentity, AssumeRoleWithSAML, GetFederationToken, GetSessionToken or AssumeRoot",
        example: "sts:AssumeRole",
    },
    Form {
        name: "sts:AssumeRoleWithWebIdentity/TOKEN",
        meaning: "the same, with this kind of token: github, or one of github:branch, github:pull_request, github:environment, github:tag; eks; gitlab, gitlab:branch, gitlab:tag; circleci",
        example: "sts:AssumeRoleWithWebIdentity/github:branch",
    },
];

/// A text that names no call path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPath {
    /// The text.
    pub name: String,
    /// A name that was perhaps meant.
    pub suggestion: Option<String>,
    /// The names of the paths that were defined.
    pub defined: Vec<String>,
}

impl std::error::Error for UnknownPath {}

impl std::fmt::Display for UnknownPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A name that others wrote begins no line.
        let on_one_line = |name: &str| name.replace('\n', "\\n").replace('\r', "\\r");
        let mut text = format!("unknown call path `{}`", on_one_line(&self.name));
        if let Some(suggestion) = &self.suggestion {
            write!(text, "; did you mean `{}`?", on_one_line(suggestion))?;
        }
        let forms: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
        write!(text, "\n  built in: {}", forms.join(", "))?;
        if !self.defined.is_empty() {
            write!(text, "\n  defined in files: {}", on_one_line(&self.defined.join(", ")))?;
        }
        f.write_str(&text)
    }
}

/// The known name that is most like `name`, if it is like it.
pub(super) fn closest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    // A distance of long texts costs as much as their product.
    const LONGEST: usize = 200;
    if name.len() > LONGEST {
        return None;
    }
    let folded = name.to_ascii_lowercase();
    known
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&folded, &candidate.to_ascii_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.chars().count() / 5))
        .min()
        .map(|(_, candidate)| candidate)
}

/// What the names of service principals end in, by partition.
///
/// AWS page: IAM User Guide, `reference_policies_elements_principal` (service principals).
const SUFFIXES: [&str; 5] =
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".c2s.ic.gov", ".sc2s.sgov.gov"];

/// The service principal that a name stands for: `athena` → `athena.amazonaws.com`. `None` if it is no name, or one
/// with a dot that does not end as those of service principals do.
pub(super) fn service(name: &str) -> Option<String> {
    let ends = |suffix: &&str| name.len() > suffix.len() && name.ends_with(*suffix);
    match is_name(name) {
        true if !name.contains('.') => Some(format!("{name}.amazonaws.com")),
        true if SUFFIXES.iter().any(ends) => Some(name.to_owned()),
        _ => None,
    }
}

/// The same path with names that end as those of service principals do: `service-principal:delivery.logs` →
/// `service-principal:delivery.logs.amazonaws.com`.
pub(super) fn with_suffixes(path: &str) -> String {
    let whole = |name: &str| {
        let is_short = name.contains('.') && is_name(name) && service(name).is_none();
        let short = name.trim_end_matches(".amazonaws").trim_end_matches(".aws");
        if is_short { format!("{short}.amazonaws.com") } else { name.to_owned() }
    };
    let hop = |hop: &str| match hop.split_once(':') {
        Some((prefix, names)) => {
            let names: Vec<String> = names.split('+').map(whole).collect();
            format!("{prefix}:{}", names.join("+"))
        }
        None => hop.to_owned(),
    };
    path.split('/').map(hop).collect::<Vec<_>>().join("/")
}

fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty() && part.chars().all(is_letter)
    };
    name.split('.').all(is_part)
}
