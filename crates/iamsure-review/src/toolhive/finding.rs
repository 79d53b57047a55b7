//! What is wrong with a manifest, and where.

use std::fmt;

use iamsure_core::language::{Source, Span};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Something that was not looked at, said.
    Note,
    /// It is accepted, and does not do what it seems to.
    Warning,
    /// Kubernetes or ToolHive refuses it, or drops what it says.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

macro_rules! codes {
    ($($id:ident $name:literal $severity:ident $summary:literal;)*) => {
        /// What kind of finding it is. The names are part of the interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingCode {
            $(#[doc = $summary] $id,)*
        }

        impl FindingCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// The stable name, such as `unknown-field`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => $name,)* }
            }

            /// How much it weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$id => Severity::$severity,)* }
            }

            /// What it means, in one sentence.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$id => $summary,)* }
            }
        }
    };
}

codes! {
    NotYaml "not-yaml" Error "The file is not YAML.";
    NotAResource "not-a-resource" Error "The document is no Kubernetes resource: it has no kind.";
    PassedOver "passed-over" Note "A kind of resource that is not looked at.";
    NotAwsSts "not-aws-sts" Note "An `MCPExternalAuthConfig` of another type than awsSts.";
    UnknownVersion "unknown-version" Warning "The version of the resource is not one of ToolHive's that iamsure knows.";
    DuplicateResource "duplicate-resource" Error "Two resources of one kind have the same name.";
    UnknownField "unknown-field" Error "ToolHive has no such field: Kubernetes refuses or drops it.";
    RenamedField "renamed-field" Error "The field has another name now: Kubernetes refuses or drops the old one.";
    DeprecatedField "deprecated-field" Warning "The field is deprecated.";
    MissingField "missing-field" Error "A required field is missing.";
    WrongType "wrong-type" Error "The value is of another type than the field.";
    WrongValue "wrong-value" Error "The field does not take this value.";
    BadRegion "bad-region" Error "This is no AWS region as the field takes it.";
    BadRoleArn "bad-role-arn" Error "This is not the ARN of an IAM role.";
    Placeholder "placeholder" Warning "A placeholder is in place of a value; it is treated as a literal value.";
    BadDuration "bad-duration" Error "A session lasts from 900 to 43200 seconds.";
    MappingForm "mapping-form" Error "A role mapping has exactly one of claim and matcher.";
    BadMatcher "bad-matcher" Error "ToolHive refuses the CEL expression, and with it the whole configuration.";
    NeverMatches "never-matches" Warning "The CEL expression can never select its role.";
    NoRole "no-role" Error "There is neither a fallback role nor a role mapping.";
    TypeMismatch "type-mismatch" Error "The type of the configuration and what it configures differ.";
    BadUrl "bad-url" Error "This is not a URL of the form the field takes.";
    PartialResourceUrl "partial-resource-url" Warning "resourceUrl is the full public URL, with scheme, host and path.";
    OtherService "other-service" Warning "Requests are signed for another service than the AWS MCP Server.";
    OtherRegion "other-region" Warning "Requests are signed for another region than the endpoint's.";
    UnresolvedReference "unresolved-reference" Warning "The resource that is referred to is in none of the files.";
    Unauthenticated "unauthenticated" Warning "The proxy has no OIDC configuration and accepts every request.";
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
    pub fn new(code: FindingCode, source: &Source, span: Span, message: impl Into<String>) -> Self {
        Self { code, source: source.clone(), span, message: message.into(), help: None }
    }

    /// The same finding with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the manifest cannot be used because of this.
    pub const fn is_error(&self) -> bool {
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
