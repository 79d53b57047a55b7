//! Findings as values: a code, a severity, a message, the places it is about, and what to do.
//!
//! Nothing is printed here. The table of codes below is the only list of them: parsing, the command
//! line, the docs and the tests read it.

use std::fmt;

use super::document::Profile;
use super::source::Span;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; there is nothing to mend.
    Note,
    /// Worth a look; the document is used as it stands.
    Warning,
    /// The document cannot be used (in this profile).
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

macro_rules! codes {
    ($($variant:ident $name:literal $rule:literal $grade:ident $summary:literal;)*) => {
        /// The code of a finding: stable, kebab-case, one meaning each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code there is, in the order of the grammar.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The public name, such as `duplicate-key`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The rule of the evaluation spec that the finding rests on.
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$variant => $rule,)* }
            }

            /// What kind of trouble this is.
            pub const fn grade(self) -> Grade {
                match self { $(Self::$variant => Grade::$grade,)* }
            }

            /// One sentence that says what the code means.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }
        }
    };
}

codes! {
    TooLarge "too-large" "2.3" Unreadable "The document is larger than any policy AWS stores.";
    NotUtf8 "not-utf8" "G-16" Unreadable "The bytes are not UTF-8 text.";
    EmptyDocument "empty-document" "G-1" Unreadable "There is nothing in the document.";
    NotJson "not-json" "G-1" Unreadable "The text is not JSON.";
    TooDeep "too-deep" "G-1" Unreadable "The JSON is nested deeper than any policy.";
    BadCharacter "bad-character" "G-16" Refused "IAM accepts only tab, line feed, carriage return and U+0020 to U+00FF.";
    DuplicateKey "duplicate-key" "G-2" Meaningless "A JSON key occurs twice in one object.";
    NotAnObject "not-an-object" "G-1" Meaningless "A policy document is a JSON object.";
    BareStatements "bare-statements" "G-1" Refused "Statements without the document around them.";
    UnknownElement "unknown-element" "G-3" Meaningless "The grammar has no element of this name.";
    BadElement "bad-element" "G-1" Meaningless "An element has the wrong JSON type.";
    MissingStatement "missing-statement" "G-1" Meaningless "The document has no Statement.";
    BadVersion "bad-version" "G-4" Meaningless "Version is neither 2012-10-17 nor 2008-10-17.";
    VersionMustBe2012 "version-must-be-2012" "T-5" Refused "Organization policies are written in Version 2012-10-17.";
    MissingVersion "missing-version" "G-4" Suspicious "Without Version, `${` is ordinary text.";
    OldManagedVersion "old-managed-version" "G-4" Suspicious "IAM refuses a managed policy whose Version is not 2012-10-17.";
    EmptyStatement "empty-statement" "G-9" Refused "The list of statements is empty.";
    ProhibitedId "prohibited-id" "G-5" Suspicious "AWS documents no Id in identity-based policies, and stores it.";
    BadSid "bad-sid" "G-6" Refused "A Sid in IAM holds letters and digits only.";
    DuplicateSid "duplicate-sid" "G-6" Refused "Two statements have the same Sid.";
    MissingEffect "missing-effect" "G-7" Meaningless "The statement has no Effect.";
    BadEffect "bad-effect" "G-7" Meaningless "Effect is exactly Allow or Deny.";
    MissingAction "missing-action" "G-8" Refused "The statement has neither Action nor NotAction, so it never matches.";
    ActionAndNotAction "action-and-notaction" "G-8" Meaningless "The statement has both Action and NotAction.";
    EmptyAction "empty-action" "G-9" Refused "The list of actions is empty.";
    ActionWithoutVendor "action-without-vendor" "G-10" Refused "An action is written `service:Name`.";
    ActionColons "action-colons" "G-10" Refused "An action has one colon.";
    WildcardVendor "wildcard-vendor" "M-4" Refused "Wildcards belong in the name of an action, not in its service prefix; such an entry never matches.";
    BadVendor "bad-vendor" "G-10" Refused "A service prefix holds letters, digits, hyphens and dots.";
    UnmatchableAction "unmatchable-action" "M-5" Suspicious "The name holds a blank, a comma or nothing: AWS stores the entry, and it matches no action.";
    MissingResource "missing-resource" "G-8" Refused "The statement has neither Resource nor NotResource.";
    ImplicitResource "implicit-resource" "T-3" Suspicious "A resource-based statement without Resource: some services imply it, in others it has no effect.";
    ResourceAndNotResource "resource-and-notresource" "G-8" Meaningless "The statement has both Resource and NotResource.";
    ProhibitedResource "prohibited-resource" "T-2" Refused "A role trust policy has no Resource: the resource is the role.";
    EmptyResource "empty-resource" "G-9" Refused "The list of resources is empty.";
    ResourceNotArn "resource-not-arn" "G-11" Refused "A resource is an ARN or `*`.";
    BadPartition "bad-partition" "G-11" Refused "The partition of an ARN is aws, aws-cn, aws-us-gov or another of AWS's.";
    ResourceWildcardVendor "resource-wildcard-vendor" "G-12" Refused "The service of a resource ARN holds no wildcards.";
    WildcardService "wildcard-service" "G-12" Suspicious "The service of a resource ARN holds a wildcard.";
    EmptyService "empty-service" "G-11" Refused "The ARN names no service.";
    S3Region "s3-region" "G-11" Refused "Buckets and objects have no region in their ARN.";
    IamRegion "iam-region" "G-11" Refused "IAM resources have no region.";
    IamResourcePath "iam-resource-path" "G-11" Refused "An IAM resource is `*`, root, or of a type that IAM has.";
    ShortArn "short-arn" "M-14" Refused "The ARN has fewer than six fields.";
    PrincipalAndNotPrincipal "principal-and-notprincipal" "G-8" Meaningless "The statement has both Principal and NotPrincipal.";
    MissingPrincipal "missing-principal" "T-7" Refused "The statement names no principal, so it never matches.";
    ProhibitedPrincipal "prohibited-principal" "T-1" Refused "This type of policy has no Principal.";
    ProhibitedNotPrincipal "prohibited-notprincipal" "P-22" Refused "This type of policy has no NotPrincipal.";
    NotPrincipalWithAllow "notprincipal-with-allow" "P-20" Refused "NotPrincipal with Allow grants everybody else, the anonymous included.";
    NotPrincipalWithDeny "notprincipal-with-deny" "P-21" Suspicious "NotPrincipal with Deny also needs the account and the session in its list.";
    BadPrincipalType "bad-principal-type" "P-1" Refused "A principal is named under `AWS`, `Service`, `Federated` or `CanonicalUser`.";
    BadPrincipal "bad-principal" "P-1" Refused "This names no principal.";
    GroupPrincipal "group-principal" "P-3" Refused "A group is not a principal.";
    WildcardPrincipal "wildcard-principal" "P-3" Refused "A principal is named whole, or is `*`.";
    EmptyPrincipal "empty-principal" "G-9" Suspicious "The list of principals is empty: the statement never matches.";
    TrustAction "trust-action" "T-2" Refused "A role trust policy names STS actions only.";
    RcpAllow "rcp-allow" "T-6" Refused "A resource control policy only denies.";
    RcpPrincipal "rcp-principal" "T-6" Refused "The Principal of a resource control policy is `*`.";
    RcpNotAction "rcp-notaction" "T-6" Refused "A resource control policy has no NotAction.";
    RcpActionStar "rcp-action-star" "T-6" Refused "A resource control policy names the service of each action.";
    BadCondition "bad-condition" "G-13" Meaningless "Condition maps operators to maps of keys.";
    BadOperator "bad-operator" "G-13" Meaningless "There is no condition operator of this name.";
    DuplicateKeyCase "duplicate-key-case" "G-14" Refused "Two condition keys differ only by case.";
    BadConditionValue "bad-condition-value" "G-15" Meaningless "A condition value is text, a number or a Boolean.";
    SetNull "set-null" "C-33" Refused "A set operator before Null makes the condition constant.";
    BadVariable "bad-variable" "V-11" Refused "A policy variable is written `${key}`.";
    VariableBeforeResource "variable-before-resource" "V-3" Refused "Variables belong in the resource part of an ARN only; elsewhere the entry matches nothing (Q26).";
    VariableNotSubstituted "variable-not-substituted" "V-4" Suspicious "This operator does not substitute variables.";
    BadDate "bad-date" "C-24" Refused "The value is no date.";
    UnreadableLiteral "unreadable-literal" "C-29" Suspicious "The value cannot be read by its operator, so it equals nothing.";
    AssumedZone "assumed-zone" "C-24" Suspicious "A date without a zone is read as UTC, a short one as the start of its period.";
    IfExistsWithoutEffect "ifexists-without-effect" "C-13" Suspicious "IfExists changes nothing here.";
    BoolBothValues "bool-both-values" "C-2" Suspicious "Both Booleans are listed: the clause only asks whether the key is a Boolean.";
    ForAllValuesAllow "forallvalues-allow" "C-41" Suspicious "ForAllValues in an Allow also grants when the key is absent.";
    EmptyConditionValues "empty-condition-values" "C-7" Suspicious "The list of values is empty.";
    Placeholder "placeholder" "G-11" Suspicious "A placeholder is in place of a value; it is treated as a literal value.";
    SizeLimit "size-limit" "2.3" Suspicious "The document is longer than AWS stores.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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
