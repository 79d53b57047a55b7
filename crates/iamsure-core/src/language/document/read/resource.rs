//! Resource and NotResource (G-8, G-9, G-11, G-12, M-14, V-3).

use super::{Effect, Node, PolicyType, Presence, Reader, Sense, a};
use crate::language::diagnostic::{Code, Grade};
use crate::language::document::Version;
use crate::language::document::statement::ResourceElement;
use crate::language::resource::ResourcePattern;
use crate::language::source::{Span, Spanned};
use crate::language::symbol::begins_with_placeholder;
use crate::language::variable::{Malformed, Reading, Template};

/// AWS's partitions.
const PARTITIONS: [&str; 9] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-eusc",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "*",
];

/// What the resource part of an IAM ARN may start with, each before a `/`.
///
/// AWS page: Service Authorization Reference, `list_awsidentityandaccessmanagementiam` (resource types).
/// `role-template` is in policies of AWS's own.
const IAM_RESOURCES: [&str; 17] = [
    "user",
    "federated-user",
    "assumed-role",
    "role",
    "role-template",
    "group",
    "instance-profile",
    "mfa",
    "u2f",
    "sms-mfa",
    "server-certificate",
    "policy",
    "saml-provider",
    "oidc-provider",
    "report",
    "access-report",
    "delegation-request",
];

impl Reader {
    pub(super) fn resource_element(
        &mut self,
        written: Vec<(Sense, Span, Node)>,
        effect: Option<Effect>,
        place: Span,
    ) -> Option<Spanned<ResourceElement>> {
        if written.is_empty() {
            let code = match self.kind.resource() {
                Presence::Required => Code::MissingResource,
                Presence::Implied => Code::ImplicitResource,
                Presence::Prohibited => return None,
            };
            let finding =
                self.finding(code, place, "the statement has neither Resource nor NotResource");
            self.report(finding.help(if code == Code::MissingResource {
                "add \"Resource\"; `\"*\"` is every resource"
            } else {
                "ECR and others imply the resource that the policy is attached to; S3 rejects the policy, and in a KMS key policy the statement has no effect"
            }));
            return None;
        }
        if self.kind.resource() == Presence::Prohibited {
            for (_, key, _) in &written {
                let message =
                    format!("{} cannot have a Resource: its resource is the role", a(self.kind));
                self.report(self.finding(Code::ProhibitedResource, *key, message));
            }
            return None;
        }
        let (sense, key, node) =
            self.one_of_pair(written, Code::ResourceAndNotResource, ("Resource", "NotResource"))?;
        let (name, span) =
            (if sense == Sense::OneOf { "Resource" } else { "NotResource" }, node.span);
        let entries = self.texts(name, node)?;
        if entries.is_empty() {
            let mut finding =
                self.finding(Code::EmptyResource, span, format!("the list of {name} is empty"));
            if !self.kind.is_identity_family() {
                finding.severity = Grade::Suspicious.severity(self.profile);
            }
            self.report(finding.help("name a resource; an empty list has no effect"));
        }
        let everything = Self::must_match(sense, effect);
        let entries: Vec<_> = entries
            .into_iter()
            .map(|entry| {
                let text = match self.of_this_api(&entry.value) {
                    Some(whole) => whole,
                    None => entry.value,
                };
                let entry = Spanned::new(ResourcePattern::new(text), entry.span);
                if self.resource(&entry) || !everything {
                    entry
                } else {
                    Spanned::new(ResourcePattern::new("*"), entry.span)
                }
            })
            .collect();
        Some(Spanned::new(ResourceElement { sense, entries }, Span::new(key.start, span.end)))
    }

    /// The ARN of what `execute-api:/…` stands for in the policy of an API: of the API it is attached to.
    ///
    /// AWS page: API Gateway Developer Guide, `apigateway-resource-policies-examples`.
    fn of_this_api(&self, entry: &str) -> Option<String> {
        let rest =
            entry.strip_prefix("execute-api:/").filter(|_| self.kind == PolicyType::Resource)?;
        Some(format!("arn:*:execute-api:*:*:*/{rest}"))
    }

    /// What there is to say of an entry, and whether it can be read as an ARN or `*`.
    fn resource(&mut self, entry: &Spanned<ResourcePattern>) -> bool {
        let (text, span) = (entry.as_str(), entry.span);
        // A placeholder may stand for any ARN, and for the start of one; it is reported as what it is.
        if text == "*" || begins_with_placeholder(text) {
            return true;
        }
        let reading = if self.version == Some(Version::V2012) {
            Reading::Substituted
        } else {
            Reading::Plain
        };
        if reading == Reading::Substituted {
            self.variables(entry.template(), span);
            if entry.has_early_variable() {
                let message = format!(
                    "`{text}` has a variable before its resource part, so it is assumed to match nothing (Q26)"
                );
                let mut finding = self.finding(Code::VariableBeforeResource, span, message);
                // One of AWS's own policies has a variable for the account.
                if entry.early_variables().all(|field| field == 4) {
                    finding.severity = Grade::Suspicious.severity(self.profile);
                }
                self.report(finding.help("variables belong after the fifth colon"));
                return true;
            }
        }
        if !text.starts_with("arn:") {
            let finding = self.finding(
                Code::ResourceNotArn,
                span,
                format!("`{text}` is neither an ARN nor `*`"),
            );
            self.report(finding.help("write for example `arn:aws:s3:::bucket/*`"));
            return false;
        }
        let mut fields = text.splitn(6, ':').skip(1);
        let (partition, service, region) = (fields.next(), fields.next(), fields.next());
        if let Some(partition) = partition
            && !partition.contains(['*', '<'])
            && !PARTITIONS.contains(&partition)
        {
            let message = format!("`{partition}` is not a partition");
            self.report(
                self.finding(Code::BadPartition, span, message)
                    .help("aws, aws-cn, aws-us-gov, …, or `*`"),
            );
        }
        if let Some(service) = service
            && service.contains(['*', '?'])
        {
            let code = if self.kind.is_identity_family() {
                Code::ResourceWildcardVendor
            } else {
                Code::WildcardService
            };
            let message = format!("the service `{service}` of `{text}` contains a wildcard");
            self.report(
                self.finding(code, span, message)
                    .help("name the service, or write `*` for every resource"),
            );
        }
        if let (Some("iam"), Some(region)) = (service, region)
            && !region.is_empty()
            && !region.contains('*')
        {
            let message = format!(
                "`{text}` names the region `{region}`; AWS answers `IAM resource {text} cannot contain region information.`"
            );
            self.report(
                self.finding(Code::IamRegion, span, message)
                    .help("leave the field empty: `arn:aws:iam::…`"),
            );
        }
        !self.shape(entry, reading) || self.whole(entry, reading)
    }

    /// M-14: what becomes of an ARN of fewer than six fields. Whether the entry can be read.
    fn whole(&mut self, entry: &Spanned<ResourcePattern>, reading: Reading) -> bool {
        let (text, span) = (entry.as_str(), entry.span);
        let missing = entry.missing_fields(reading);
        if missing == 0 {
            return true;
        }
        if matches!(self.kind, PolicyType::Session | PolicyType::Rcp) {
            let message =
                format!("`{text}` has fewer than six fields, which {} must have", a(self.kind));
            self.report(self.finding(Code::ShortArn, span, message));
            return false;
        }
        // Elsewhere a `*` may take the fields that are not there.
        if !self.kind.completes_arns() && text.contains('*') {
            return true;
        }
        let message = if self.kind.completes_arns() {
            let rest = ":*".repeat(missing);
            format!("`{text}` has fewer than six fields: AWS reads it as `{text}{rest}`")
        } else {
            format!(
                "`{text}` has fewer than six fields: in {} it is assumed to match nothing (Q15)",
                a(self.kind)
            )
        };
        let mut finding = self.finding(Code::ShortArn, span, message);
        finding.severity = Grade::Suspicious.severity(self.profile);
        self.report(
            finding.help("write all six fields: `arn:partition:service:region:account:resource`"),
        );
        true
    }

    /// G-11: the shapes of ARNs that IAM was recorded to refuse. Whether its fields can be told.
    fn shape(&mut self, entry: &Spanned<ResourcePattern>, reading: Reading) -> bool {
        let (text, span) = (entry.as_str(), entry.span);
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let service = fields.get(2).copied();
        if service.is_none_or(str::is_empty) {
            let message = format!("`{text}` has no service");
            self.report(
                self.stored_finding(Code::EmptyService, span, message)
                    .help("an ARN is `arn:partition:service:region:account:resource`"),
            );
            return false;
        }
        // A short ARN is completed in identity-based policies (M-14), but not past a field that is left empty.
        let is_short = entry.missing_fields(reading) > 0;
        if is_short && fields.iter().any(|field| field.is_empty()) {
            let message = format!(
                "`{text}` has {} fields, and an ARN has six: a colon is missing",
                fields.len()
            );
            let finding = self.stored_finding(Code::ShortArn, span, message);
            self.report(finding.help(match fields.as_slice() {
                [arn, partition, "s3", "", path] if !path.is_empty() => {
                    format!("did you mean `{arn}:{partition}:s3:::{path}`?")
                }
                _ => "an ARN is `arn:partition:service:region:account:resource`".to_owned(),
            }));
            return false;
        }
        let [_, _, service, region, account, resource] = fields.as_slice() else { return true };
        if resource.contains(['<', '$']) {
            return true;
        }
        // Access points, jobs and Storage Lens have a region and an account; buckets and objects neither.
        if *service == "s3"
            && account.is_empty()
            && !region.is_empty()
            && !region.contains(['*', '?', '<'])
        {
            let message = format!("`{text}` names the region `{region}`; buckets have none");
            self.report(
                self.stored_finding(Code::S3Region, span, message)
                    .help("leave the field empty: `arn:aws:s3:::…`"),
            );
        }
        let is_of =
            |kind: &str| resource.strip_prefix(kind).is_some_and(|rest| rest.starts_with('/'));
        if *service == "iam"
            && !["*", "root"].contains(resource)
            && !IAM_RESOURCES.iter().any(|kind| is_of(kind))
        {
            let message = format!(
                "`{resource}` is not an IAM resource: AWS answers `IAM resource path must either be \"*\", root, or start with user/, …`"
            );
            self.report(
                self.stored_finding(Code::IamResourcePath, span, message)
                    .help(format!("it must start with {}/", IAM_RESOURCES.join("/, "))),
            );
        }
        true
    }

    /// V-11, for any text in which variables mean something.
    pub(super) fn variables(&mut self, template: &Template, span: Span) {
        let text = template.as_str();
        let message = match template.malformed() {
            None => return,
            Some(Malformed::Unterminated) => {
                format!("a variable in `{text}` has no closing brace or quote")
            }
            Some(Malformed::Empty) => format!("a variable in `{text}` has no name"),
            Some(Malformed::Garbled) => {
                format!("a variable in `{text}` is not written `${{key}}` or `${{key, 'default'}}`")
            }
        };
        self.report(
            self.finding(Code::BadVariable, span, message)
                .help("write `${$}` for a dollar sign before a brace"),
        );
    }
}
