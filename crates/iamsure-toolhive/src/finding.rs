//! What is wrong with a manifest, and where.

use std::fmt;

use iamsure_core::code_table;
use iamsure_core::language::{Severity, Source, Span};

code_table! {
    /// What kind of finding it is. The names are part of the interface.
    pub enum FindingCode: Severity;

    NotYaml "not-yaml" "The file is not YAML." Severity::Error;
    NotAResource "not-a-resource" "The document is not a Kubernetes resource: it has no kind." Severity::Error;
    PassedOver "passed-over" "A resource kind that iamsure ignores." Severity::Note;
    NotAwsSts "not-aws-sts" "An `MCPExternalAuthConfig` of a type other than awsSts." Severity::Note;
    UnknownVersion "unknown-version" "iamsure does not support this version of ToolHive's resources." Severity::Warning;
    DuplicateResource "duplicate-resource" "Two resources of one kind have the same name." Severity::Error;
    UnknownField "unknown-field" "ToolHive has no such field: Kubernetes rejects or drops it." Severity::Error;
    RenamedField "renamed-field" "The field was renamed: Kubernetes rejects or drops the old name." Severity::Error;
    DeprecatedField "deprecated-field" "The field is deprecated." Severity::Warning;
    MissingField "missing-field" "A required field is missing." Severity::Error;
    WrongType "wrong-type" "The value has the wrong type for the field." Severity::Error;
    WrongValue "wrong-value" "The field does not accept this value." Severity::Error;
    BadRegion "bad-region" "This is not a region that the field accepts." Severity::Error;
    BadRoleArn "bad-role-arn" "This is not the ARN of an IAM role." Severity::Error;
    Placeholder "placeholder" "A placeholder stands for a value; it is treated as a literal." Severity::Warning;
    BadDuration "bad-duration" "A session duration must be 900 to 43200 seconds." Severity::Error;
    MappingForm "mapping-form" "A role mapping needs exactly one of claim and matcher." Severity::Error;
    BadMatcher "bad-matcher" "ToolHive refuses the CEL expression, and with it the whole configuration." Severity::Error;
    NeverMatches "never-matches" "The CEL expression can never select its role." Severity::Warning;
    NoRole "no-role" "There is neither a fallback role nor a role mapping." Severity::Error;
    TypeMismatch "type-mismatch" "The configuration's type does not match the settings it contains." Severity::Error;
    BadUrl "bad-url" "This is not a URL that the field accepts." Severity::Error;
    PartialResourceUrl "partial-resource-url" "resourceUrl is the full public URL, with scheme, host and path." Severity::Warning;
    OtherService "other-service" "Requests are not signed for the AWS MCP Server's service." Severity::Warning;
    OtherRegion "other-region" "Requests are not signed for the endpoint's region." Severity::Warning;
    UnresolvedReference "unresolved-reference" "The referenced resource is in none of the files." Severity::Warning;
    Unauthenticated "unauthenticated" "The proxy has no OIDC configuration and accepts every request." Severity::Warning;
}

impl FindingCode {
    /// How much it weighs.
    pub const fn severity(self) -> Severity {
        self.row().more
    }
}

/// One finding about one manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, as a stable code.
    pub code: FindingCode,
    /// The file.
    pub source: Source,
    /// The place in the file.
    pub span: Span,
    /// What is wrong and why it matters: one line, lower case, no final stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding of `code` at `span`.
    pub(crate) fn new(
        code: FindingCode,
        source: &Source,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self { code, source: source.clone(), span, message: message.into(), help: None }
    }

    /// The same finding with advice.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the manifest cannot be used because of this.
    pub(crate) const fn is_error(&self) -> bool {
        matches!(self.code.severity(), Severity::Error)
    }
}

impl fmt::Display for Finding {
    /// `file:line:column: error[code]: message`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}[{}]: {}",
            self.source.name(),
            self.source.place(self.span.start),
            self.code.severity(),
            self.code,
            self.message
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn code_names_are_unique_and_kebab_case() {
        let names: BTreeSet<_> = FindingCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), FindingCode::ALL.len());
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }

    #[test]
    fn a_finding_names_its_place() {
        let source = Source::new("a.yaml", "kind: X\nspec: {}\n");
        let finding =
            Finding::new(FindingCode::MissingField, &source, Span::new(8, 12), "`type` is missing");
        assert_eq!(finding.to_string(), "a.yaml:2:1: error[missing-field]: `type` is missing");
    }
}
