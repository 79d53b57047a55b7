//! AWS's access-denied sentence, read: of the evaluation spec.
//!
//! AWS page: IAM User Guide, `troubleshoot_access-denied`.

use iamsure_core::language::PolicyType;

use super::expected::{Expected, Word};

/// What a sentence tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'a> {
    /// Who called, if that is said: an ARN as a rule.
    pub(super) principal: Option<&'a str>,
    /// The IAM action, if it is named.
    pub(super) action: Option<&'a str>,
    /// The resource, if it is named.
    pub(super) resource: Option<&'a str>,
    /// What was decided, and the layer that is named.
    pub(super) expected: Expected,
    /// The policy that is named.
    pub(super) policy: Option<&'a str>,
    /// The authorization id.
    pub(super) authorization: Option<&'a str>,
}

const FRAME: &str = " is not authorized to perform: ";
/// What STS says of an exchange of a token, of which it names no caller.
const BARE: &str = "Not authorized to perform ";

/// Whether a text is such a sentence, or holds one.
pub(super) fn is_denial(text: &str) -> bool {
    count(text) > 0
}

/// How many such sentences a text holds.
pub(super) fn count(text: &str) -> usize {
    text.matches(FRAME).count() + text.matches(BARE).count()
}

impl Sentence<'_> {
    /// What a reader must know of the decision, a sentence each.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = vec![match (&self.expected.by, self.policy) {
            (None, _) => "the message does not say which layer denied: AWS leaves that out across organizations, and some services always do".to_owned(),
            (Some(_), Some(policy)) => format!("the message names policy {policy} but no statement; other layers may have denied as well"),
            (Some(_), None) => "the message names one layer, but no policy or statement; other layers may have denied as well".to_owned(),
        }];
        if let Some(id) = self.authorization {
            remarks.push(format!("AWS keeps details for a day: aws iam-toolbox get-request-authorization-details --authorization-id {id}"));
        }
        remarks
    }
}

/// Reads a sentence; a text that is none tells only that the request was denied.
pub(super) fn read(text: &str) -> Sentence<'_> {
    let framed = text.split_once(FRAME);
    let principal = framed
        .and_then(|(before, _)| before.rsplit_once("User: "))
        .map(|(_, principal)| trimmed(principal))
        .filter(|principal| !principal.is_empty() && !principal.contains(char::is_whitespace));
    let rest = framed.or_else(|| text.split_once(BARE)).map(|(_, rest)| rest);
    let action = rest.and_then(|rest| rest.split_whitespace().next()).map(trimmed);
    // The resource ends where the reason begins; ARNs may hold blanks.
    let resource = rest
        .and_then(|rest| rest.split_once(" on resource: "))
        .map(|(_, rest)| {
            before(rest, &[" because ", " with an explicit deny", " Encoded ", " Go to ", "</"])
        })
        .map(trimmed)
        .filter(|resource| !resource.is_empty());
    let (expected, policy) = reason(text);
    let authorization = text
        .split_once("authorization id: ")
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .map(trimmed);
    Sentence { principal, action, resource, expected, policy, authorization }
}

/// The decision and the policy that the reason names.
fn reason(text: &str) -> (Expected, Option<&str>) {
    if let Some((_, rest)) = text.split_once("with an explicit deny") {
        let word = Word::ExplicitlyDenied;
        let Some(named) = rest.strip_prefix(" in ") else { return (Expected::of(word), None) };
        let Some((layer, after)) = layer_at(named) else { return (Expected::of(word), None) };
        let policy = after
            .strip_prefix(": ")
            .and_then(|rest| rest.split_whitespace().next())
            .map(trimmed)
            .filter(|policy| policy.starts_with("arn:"));
        return (Expected::by(word, layer), policy);
    }
    if let Some((_, rest)) = text.split_once("because no ") {
        let layer = PolicyType::ALL.into_iter().find(|layer| rest.starts_with(layer.aws_name()));
        let word = Word::ImplicitlyDenied;
        return (layer.map_or(Expected::of(word), |layer| Expected::by(word, layer)), None);
    }
    (Expected::of(Word::Denied), None)
}

/// The layer that `an identity-based policy: arn…` names, and what follows.
fn layer_at(text: &str) -> Option<(PolicyType, &str)> {
    let named = ["an ", "a ", "the "].iter().find_map(|article| text.strip_prefix(article))?;
    PolicyType::ALL
        .into_iter()
        .find_map(|layer| named.strip_prefix(layer.aws_name()).map(|rest| (layer, rest)))
}

fn before<'a>(text: &'a str, marks: &[&str]) -> &'a str {
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Without quotes and the full stop of a sentence.
fn trimmed(text: &str) -> &str {
    text.trim().trim_end_matches(['.', ',']).trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: &str =
        "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: s3:GetObject";

    #[test]
    fn every_layer_is_read_from_its_words() {
        for layer in PolicyType::ALL {
            let name = layer.aws_name();
            let implicit = format!(
                "{FRAME} on resource: arn:aws:s3:::b/a key because no {name} allows the s3:GetObject action"
            );
            let found = read(&implicit);
            assert_eq!(found.expected, Expected::by(Word::ImplicitlyDenied, layer), "{implicit}");
            assert_eq!(found.resource, Some("arn:aws:s3:::b/a key"));
            for article in ["a", "an", "the"] {
                let explicit = format!(
                    "{FRAME} on resource: \"arn:aws:s3:::b/k\" with an explicit deny in {article} {name}"
                );
                let found = read(&explicit);
                assert_eq!(
                    found.expected,
                    Expected::by(Word::ExplicitlyDenied, layer),
                    "{explicit}"
                );
                assert_eq!(
                    (found.action, found.resource),
                    (Some("s3:GetObject"), Some("arn:aws:s3:::b/k"))
                );
                assert_eq!(found.policy, None);
            }
        }
    }

    #[test]
    fn the_caller_is_read_where_one_is_named() {
        assert_eq!(read(FRAME).principal, Some("arn:aws:iam::111122223333:user/alice"));
        let wrapped = format!(
            "An error occurred (AccessDenied) when calling the GetObject operation: {FRAME}"
        );
        assert_eq!(read(&wrapped).principal, Some("arn:aws:iam::111122223333:user/alice"));
        for text in
            ["User:  is not authorized to perform: x:Y", "X is not authorized to perform: x:Y"]
        {
            assert_eq!(read(text).principal, None, "{text}");
        }
        let exchange = read(
            "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        );
        assert_eq!(
            (exchange.principal, exchange.action),
            (None, Some("sts:AssumeRoleWithWebIdentity"))
        );
        assert_eq!(exchange.expected, Expected::of(Word::Denied));
    }

    #[test]
    fn the_policy_and_the_authorization_id_are_read() {
        let text = format!(
            "{FRAME} on resource: arn:aws:s3:::b/k with an explicit deny in a service control policy: arn:aws:organizations::444455556666:policy/o-example/service_control_policy/p-example. Go to https://us-east-1.console.aws.amazon.com/iam/home for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: abc123"
        );
        let found = read(&text);
        assert_eq!(
            found.policy,
            Some(
                "arn:aws:organizations::444455556666:policy/o-example/service_control_policy/p-example"
            )
        );
        assert_eq!(found.authorization, Some("abc123"));
    }

    #[test]
    fn what_is_not_said_is_not_made_up() {
        let alone = read(FRAME);
        assert_eq!(alone.expected, Expected::of(Word::Denied));
        assert_eq!((alone.action, alone.resource), (Some("s3:GetObject"), None));
        assert_eq!(read("Access Denied").expected, Expected::of(Word::Denied));
        assert_eq!(read("Access Denied").action, None);
        let older = format!("{FRAME} on resource: * with an explicit deny");
        assert_eq!(read(&older).expected, Expected::of(Word::ExplicitlyDenied));
        assert_eq!(read(&older).resource, Some("*"));
        let blocked = format!(
            "{FRAME} on resource: \"arn:aws:s3:::b\" because public policies are blocked by the BlockPublicPolicy block public access setting."
        );
        assert_eq!(read(&blocked).expected, Expected::of(Word::Denied), "that is no policy");
        assert_eq!(read(&blocked).resource, Some("arn:aws:s3:::b"));
        let ec2 = format!(
            "You are not authorized to perform this operation. {FRAME} on resource: arn:aws:ec2:us-east-1:111122223333:instance/* because no identity-based policy allows the s3:GetObject action. Encoded authorization failure message: abcdef"
        );
        assert_eq!(read(&ec2).resource, Some("arn:aws:ec2:us-east-1:111122223333:instance/*"));
    }
}
