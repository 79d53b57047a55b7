//! What a document names, held against what AWS publishes: actions, resource types, condition keys
//! (section 12 of the spec).
//!
//! All of it are warnings. The reference data are of one day, some actions are undocumented, and AWS
//! saves a policy that names what does not exist. Nothing is said about what an unknown action would
//! do: where a statement names one, whatever rests on the whole of its actions stays unsaid.

mod action;
mod deputy;
mod key;
mod resource;
mod subject;
mod trust;
mod value;

use iamsure_core::code_table;
use iamsure_core::language::document::Sense;
use iamsure_core::language::{
    Label, PolicyDocument, PolicyType, Severity, Span, Spanned, Statement,
};
pub use iamsure_truth::likeness::closest_key;

use crate::finding::{Finding, FindingCode};

code_table! {
    /// The code of a finding that needs the reference data. All are warnings.
    pub enum Code: &'static str;

    UnknownService "unknown-service" "AWS lists no service with this prefix." "M-7";
    UnknownAction "unknown-action" "AWS lists no action of this name." "M-7";
    RetiredAction "retired-action" "AWS no longer lists the action." "M-7";
    PatternWithoutActions "pattern-without-actions" "The pattern matches no action that AWS lists." "M-2";
    ExemptAction "exempt-action" "AWS performs no authorization check for the operation: policies neither grant nor deny it." "O-1";
    RcpUncoveredService "rcp-uncovered-service" "Resource control policies do not cover the service." "E-23";
    ResourceTypeMismatch "resource-type-mismatch" "According to AWS, the action applies to no resource in the statement." "M-10";
    ResourceNotEverything "resource-not-everything" "AWS lists no resource type for the action, so its resource is `*`, which the statement does not include." "M-16";
    UnusedResource "unused-resource" "According to AWS, no action of the statement applies to the resource." "M-10";
    UnknownConditionKey "unknown-condition-key" "AWS lists no condition key of this name." "K-2";
    RetiredConditionKey "retired-condition-key" "AWS no longer lists the condition key." "K-2";
    PlainOperatorOnSet "plain-operator-on-set" "The key is multivalued, but the operator compares a single value." "C-45";
    SetOperatorOnSingle "set-operator-on-single" "The key is single-valued, but the operator is for multivalued keys." "C-46";
    UnsuppliedKey "unsupplied-key" "AWS does not list this condition key for any action of the statement." "K-3";
    LiteralWildcard "literal-wildcard" "A value contains `*` or `?`, which the operator compares literally." "C-20";
    PrincipalArnOfNobody "principal-arn-of-nobody" "`aws:PrincipalArn` never has this value: it is the ARN of a role, user, federated user or root user." "K-11";
    ReservedRoleWithoutPath "reserved-role-without-path" "An IAM Identity Center role is given without its path." "P-3";
    SecretWithoutSuffix "secret-without-suffix" "A secret's ARN ends in six characters that Secrets Manager adds, which the value lacks." "M-10";
    SubjectWithoutContext "subject-without-context" "A GitHub Actions subject continues after the repository, unless the organization customizes it." "E-32";
    SubjectOfNoToken "subject-of-no-token" "No subject that the issuer documents matches the value, unless subjects are customized." "E-32";
    AudienceByDefault "audience-by-default" "The audience is GitHub's default for workflows that request none; the AWS action requests `sts.amazonaws.com`." "E-32";
    AudienceIsSubject "audience-is-subject" "The token's audience is compared with a subject." "E-32";
    OidcWithoutSubject "oidc-without-subject" "The trust policy accepts any token of the identity provider for this audience." "E-32";
    SourceWithoutAccount "source-without-account" "A service has access for a source whose ARN names no account, and no other condition names one." "KC-6";
    Unchecked "unchecked" "The document is so large that a part was not checked against the reference data." "12";
}

impl Code {
    /// The rule of the evaluation spec that the finding rests on.
    pub const fn rule(self) -> &'static str {
        self.row().more
    }
}

/// How many look-ups one document may take; far beyond any policy that AWS stores.
const MAX_LOOKUPS: usize = 500_000;

/// The [`findings`] about names alone. They hold whatever else the document says, so they can be reported for the
/// [readable part](iamsure_core::language::document::Inspection::part) of one that AWS refuses.
pub fn findings_about_names(part: &PolicyDocument) -> Vec<Finding> {
    let about_names = [
        Code::UnknownService,
        Code::UnknownAction,
        Code::RetiredAction,
        Code::PatternWithoutActions,
        Code::UnknownConditionKey,
        Code::RetiredConditionKey,
    ];
    let mut findings = findings(part);
    findings.retain(|finding| {
        about_names.iter().any(|code| finding.code == FindingCode::Published(*code))
    });
    findings
}

/// Everything about `document` that AWS's published data tell, in the order of the text.
pub fn findings(document: &PolicyDocument) -> Vec<Finding> {
    let mut report =
        Report { document, findings: Vec::new(), lookups_left: MAX_LOOKUPS, suggestions_left: 100 };
    for statement in &document.statements {
        action::check(&mut report, statement);
        resource::check(&mut report, statement);
        key::check(&mut report, statement);
        value::check(&mut report, statement);
        deputy::check(&mut report, statement);
        if document.kind == PolicyType::Trust {
            trust::check(&mut report, statement);
        }
        if report.lookups_left == 0 {
            let message = "the document is so large that the statements from here on were not checked against the reference data";
            report.add(Code::Unchecked, statement.span, message);
            break;
        }
    }
    report.findings.sort_by_key(|finding| finding.span().start);
    report.findings
}

struct Report<'d> {
    document: &'d PolicyDocument,
    findings: Vec<Finding>,
    lookups_left: usize,
    /// Names that may still be given a suggestion: each costs a comparison with all there are.
    suggestions_left: usize,
}

impl Report<'_> {
    fn add(&mut self, code: Code, span: Span, message: impl Into<String>) -> Added<'_> {
        let finding = Finding {
            code: FindingCode::Published(code),
            severity: Severity::Warning,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
        };
        self.findings.push(finding);
        Added(self.findings.last_mut())
    }

    /// Counts look-ups; false when there are none left.
    fn may_look_up(&mut self, number: usize) -> bool {
        self.lookups_left = self.lookups_left.saturating_sub(number);
        self.lookups_left > 0
    }

    fn may_suggest(&mut self) -> bool {
        let may = self.suggestions_left > 0;
        self.suggestions_left = self.suggestions_left.saturating_sub(1);
        may
    }
}

/// The finding that was added last, to say more in.
struct Added<'f>(Option<&'f mut Finding>);

impl Added<'_> {
    fn labelled(self, text: impl Into<String>) -> Self {
        let Self(mut finding) = self;
        if let Some(label) = finding.as_mut().and_then(|finding| finding.labels.first_mut()) {
            label.text = text.into();
        }
        Self(finding)
    }

    fn also(self, span: Span, text: impl Into<String>) -> Self {
        let Self(mut finding) = self;
        if let Some(finding) = finding.as_mut() {
            finding.labels.push(Label { span, text: text.into() });
        }
        Self(finding)
    }

    fn help(self, help: impl Into<String>) {
        if let Self(Some(finding)) = self {
            finding.help = Some(help.into());
        }
    }
}

/// A text as short as a message can bear.
fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    if text.chars().count() <= LONGEST {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(LONGEST).collect::<String>())
}

/// Whether it is a statement whose Action lists what it is about.
fn listed_actions(
    statement: &Spanned<Statement>,
) -> Option<&[Spanned<iamsure_core::language::ActionPattern>]> {
    let element = statement.action.as_ref()?;
    (element.sense == Sense::OneOf).then_some(element.entries.as_slice())
}

#[cfg(test)]
mod tests;
