//! Findings as values: a code, a severity, a message, the places it is about, and what to do.
//!
//! Nothing is printed here. The table of codes below is the only list of them: parsing, the command
//! line, the docs and the tests read it.

use crate::code_table;
use std::fmt;

use super::document::Profile;
use super::source::Span;

/// How much a finding weighs, whatever it is about: a policy, a manifest, a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing, or not checked; there is nothing to fix.
    Note,
    /// It is accepted, and probably does not do what its author meant.
    Warning,
    /// It cannot be used: a policy that AWS refuses (in this profile), a manifest that Kubernetes or `ToolHive` refuses
    /// or drops a part of, a page that says what is not so.
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

/// What kind of trouble a code stands for, from which its severity follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grade {
    /// The text cannot be read as JSON at all. Always an error.
    Unreadable,
    /// It is JSON, but says nothing that could be evaluated. Always an error.
    Meaningless,
    /// AWS refuses to save it, yet a rule says how it evaluates: an error in the strict profile, a
    /// warning in the lenient one.
    Refused,
    /// AWS saves it, and it probably does not do what its author meant. Always a warning.
    Suspicious,
}

impl Grade {
    /// The severity of this grade in `profile`.
    pub const fn severity(self, profile: Profile) -> Severity {
        match (self, profile) {
            (Self::Unreadable | Self::Meaningless, _) | (Self::Refused, Profile::Strict) => {
                Severity::Error
            }
            (Self::Refused, Profile::Lenient) | (Self::Suspicious, _) => Severity::Warning,
        }
    }
}

code_table! {
    /// The code of a finding, in the order of the grammar.
    pub enum Code: (&'static str, Grade);

    TooLarge "too-large" "The document is larger than any policy that AWS stores." ("2.3", Grade::Unreadable);
    NotUtf8 "not-utf8" "The bytes are not UTF-8 text." ("G-16", Grade::Unreadable);
    EmptyDocument "empty-document" "The document is empty." ("G-1", Grade::Unreadable);
    NotJson "not-json" "The text is not JSON." ("G-1", Grade::Unreadable);
    TooDeep "too-deep" "The JSON is nested deeper than any policy." ("G-1", Grade::Unreadable);
    NotRead "not-read" "A file, or a policy in it, could not be read, so it was not checked." ("G-1", Grade::Unreadable);
    BadCharacter "bad-character" "IAM accepts only tab, line feed, carriage return and U+0020 to U+00FF." ("G-16", Grade::Refused);
    DuplicateKey "duplicate-key" "Duplicate JSON key in an object." ("G-2", Grade::Meaningless);
    NotAnObject "not-an-object" "A policy document must be a JSON object." ("G-1", Grade::Meaningless);
    BareStatements "bare-statements" "Bare statements without a policy document." ("G-1", Grade::Refused);
    UnknownElement "unknown-element" "Unknown policy element." ("G-3", Grade::Meaningless);
    BadElement "bad-element" "An element has the wrong JSON type." ("G-1", Grade::Meaningless);
    MissingStatement "missing-statement" "The document has no Statement." ("G-1", Grade::Meaningless);
    BadVersion "bad-version" "Version is neither 2012-10-17 nor 2008-10-17." ("G-4", Grade::Meaningless);
    VersionMustBe2012 "version-must-be-2012" "Organization policies require Version 2012-10-17." ("T-5", Grade::Refused);
    MissingVersion "missing-version" "Without Version, `${` is ordinary text." ("G-4", Grade::Suspicious);
    OldManagedVersion "old-managed-version" "IAM refuses a managed policy whose Version is not 2012-10-17." ("G-4", Grade::Suspicious);
    EmptyStatement "empty-statement" "The list of statements is empty." ("G-9", Grade::Refused);
    ProhibitedId "prohibited-id" "AWS does not document Id in identity-based policies, but stores it." ("G-5", Grade::Suspicious);
    BadSid "bad-sid" "A Sid in IAM may contain only letters and digits." ("G-6", Grade::Refused);
    DuplicateSid "duplicate-sid" "Two statements have the same Sid." ("G-6", Grade::Refused);
    MissingEffect "missing-effect" "The statement has no Effect." ("G-7", Grade::Meaningless);
    BadEffect "bad-effect" "Effect must be exactly Allow or Deny." ("G-7", Grade::Meaningless);
    MissingAction "missing-action" "The statement has neither Action nor NotAction, so it never matches." ("G-8", Grade::Refused);
    ActionAndNotAction "action-and-notaction" "The statement has both Action and NotAction." ("G-8", Grade::Meaningless);
    EmptyAction "empty-action" "The list of actions is empty." ("G-9", Grade::Refused);
    ActionWithoutVendor "action-without-vendor" "An action must be written `service:Name`." ("G-10", Grade::Refused);
    ActionColons "action-colons" "An action must have exactly one colon." ("G-10", Grade::Refused);
    WildcardVendor "wildcard-vendor" "Wildcards belong in the name of an action, not in its service prefix; such an entry never matches." ("M-4", Grade::Refused);
    BadVendor "bad-vendor" "A service prefix may contain only letters, digits, hyphens and dots." ("G-10", Grade::Refused);
    UnmatchableAction "unmatchable-action" "The name is empty or contains a space or comma: AWS stores the entry, but it matches no action." ("M-5", Grade::Suspicious);
    MissingResource "missing-resource" "The statement has neither Resource nor NotResource." ("G-8", Grade::Refused);
    ImplicitResource "implicit-resource" "A statement in a resource-based policy has no Resource: some services imply it; in others the statement has no effect." ("T-3", Grade::Suspicious);
    ResourceAndNotResource "resource-and-notresource" "The statement has both Resource and NotResource." ("G-8", Grade::Meaningless);
    ProhibitedResource "prohibited-resource" "A role trust policy cannot have a Resource: the resource is the role." ("T-2", Grade::Refused);
    EmptyResource "empty-resource" "The list of resources is empty." ("G-9", Grade::Refused);
    ResourceNotArn "resource-not-arn" "A resource must be an ARN or `*`." ("G-11", Grade::Refused);
    BadPartition "bad-partition" "The partition of an ARN must be aws, aws-cn, aws-us-gov or another AWS partition." ("G-11", Grade::Refused);
    ResourceWildcardVendor "resource-wildcard-vendor" "The service of a resource ARN cannot contain wildcards." ("G-12", Grade::Refused);
    WildcardService "wildcard-service" "The service of a resource ARN contains a wildcard." ("G-12", Grade::Suspicious);
    EmptyService "empty-service" "The ARN names no service." ("G-11", Grade::Refused);
    S3Region "s3-region" "Bucket and object ARNs have no region." ("G-11", Grade::Refused);
    IamRegion "iam-region" "IAM resources have no region." ("G-11", Grade::Refused);
    IamResourcePath "iam-resource-path" "An IAM resource must be `*`, root, or of an IAM resource type." ("G-11", Grade::Refused);
    ShortArn "short-arn" "The ARN has fewer than six fields." ("M-14", Grade::Refused);
    PrincipalAndNotPrincipal "principal-and-notprincipal" "The statement has both Principal and NotPrincipal." ("G-8", Grade::Meaningless);
    MissingPrincipal "missing-principal" "The statement names no principal, so it never matches." ("T-7", Grade::Refused);
    ProhibitedPrincipal "prohibited-principal" "This policy type cannot have a Principal." ("T-1", Grade::Refused);
    ProhibitedNotPrincipal "prohibited-notprincipal" "This policy type cannot have NotPrincipal." ("P-22", Grade::Refused);
    NotPrincipalWithAllow "notprincipal-with-allow" "NotPrincipal with Allow grants access to everyone else, including anonymous callers." ("P-20", Grade::Refused);
    NotPrincipalWithDeny "notprincipal-with-deny" "NotPrincipal with Deny must also list the account and the session." ("P-21", Grade::Suspicious);
    BadPrincipalType "bad-principal-type" "A principal must be listed under `AWS`, `Service`, `Federated` or `CanonicalUser`." ("P-1", Grade::Refused);
    BadPrincipal "bad-principal" "This is not a principal that IAM accepts." ("P-1", Grade::Refused);
    GroupPrincipal "group-principal" "A group is not a principal." ("P-3", Grade::Refused);
    WildcardPrincipal "wildcard-principal" "A principal must be complete, or `*`." ("P-3", Grade::Refused);
    EmptyPrincipal "empty-principal" "The principal list is empty: the statement never matches." ("G-9", Grade::Suspicious);
    TrustAction "trust-action" "A role trust policy can contain only STS actions." ("T-2", Grade::Refused);
    RcpAllow "rcp-allow" "A resource control policy can only deny." ("T-6", Grade::Refused);
    RcpPrincipal "rcp-principal" "The Principal of a resource control policy must be `*`." ("T-6", Grade::Refused);
    RcpNotAction "rcp-notaction" "A resource control policy cannot have NotAction." ("T-6", Grade::Refused);
    RcpActionStar "rcp-action-star" "A resource control policy must name the service of each action." ("T-6", Grade::Refused);
    BadCondition "bad-condition" "Condition must map operators to maps of keys." ("G-13", Grade::Meaningless);
    BadOperator "bad-operator" "Unknown condition operator." ("G-13", Grade::Meaningless);
    DuplicateKeyCase "duplicate-key-case" "Two condition keys differ only by case." ("G-14", Grade::Refused);
    BadConditionValue "bad-condition-value" "A condition value must be a string, a number or a Boolean." ("G-15", Grade::Meaningless);
    SetNull "set-null" "A set operator before Null makes the condition constant." ("C-33", Grade::Refused);
    BadVariable "bad-variable" "A policy variable is written `${key}`." ("V-11", Grade::Refused);
    VariableBeforeResource "variable-before-resource" "Variables work only in the resource part of an ARN; elsewhere the entry matches nothing (Q26)." ("V-3", Grade::Refused);
    VariableNotSubstituted "variable-not-substituted" "This operator does not substitute variables." ("V-4", Grade::Suspicious);
    BadDate "bad-date" "The value is not a date, such as 2026-01-31T00:00:00Z." ("C-24", Grade::Refused);
    UnreadableLiteral "unreadable-literal" "The operator cannot parse the value, so it equals nothing." ("C-29", Grade::Suspicious);
    AssumedZone "assumed-zone" "A date without a time zone is read as UTC, and a short date as the start of its period." ("C-24", Grade::Suspicious);
    IfExistsWithoutEffect "ifexists-without-effect" "IfExists changes nothing here." ("C-13", Grade::Suspicious);
    BoolBothValues "bool-both-values" "Both Booleans are listed: the condition only checks that the key is a Boolean." ("C-2", Grade::Suspicious);
    ForAllValuesAllow "forallvalues-allow" "ForAllValues in an Allow also grants access if the key is absent." ("C-41", Grade::Suspicious);
    EmptyConditionValues "empty-condition-values" "The list of values is empty." ("C-7", Grade::Suspicious);
    Placeholder "placeholder" "A placeholder stands for a value; it is treated as a literal." ("G-11", Grade::Suspicious);
    SizeLimit "size-limit" "The document exceeds AWS's size limit." ("2.3", Grade::Suspicious);
}

impl Code {
    /// The rule of the evaluation spec that the finding rests on.
    pub const fn rule(self) -> &'static str {
        self.row().more.0
    }

    /// What kind of trouble this is.
    pub const fn grade(self) -> Grade {
        self.row().more.1
    }
}

/// A place a finding is about, and what to say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place in the source that was read.
    pub span: Span,
    /// What stands there; may be empty.
    pub text: String,
}

/// One finding about one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, as a stable code.
    pub code: Code,
    /// How much it weighs in the profile that was used.
    pub severity: Severity,
    /// What is wrong and why it matters: one line, lower case, no final stop.
    pub message: String,
    /// The places; the first is the one the finding is at.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding of `code` at `span`, with the severity the code has in `profile`.
    pub fn new(code: Code, profile: Profile, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.grade().severity(profile),
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
        }
    }

    /// The same finding with a text at its place.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// The same finding with one more place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same finding with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Where the finding is.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }

    /// Whether the document cannot be used because of this.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn code_names_are_unique_and_kebab_case() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        assert!(names.iter().all(|name| {
            name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        }));
    }

    #[test]
    fn what_aws_refuses_is_an_error_only_when_strict() {
        assert_eq!(Grade::Refused.severity(Profile::Strict), Severity::Error);
        assert_eq!(Grade::Refused.severity(Profile::Lenient), Severity::Warning);
        assert_eq!(Grade::Meaningless.severity(Profile::Lenient), Severity::Error);
    }
}
