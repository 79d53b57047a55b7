//! Placeholders in a text, by their looks: brackets, templates, and words that stand for a value.

use std::ops::Range;

use iamsure_reference::{Standing, service};

/// The longest placeholder in brackets, in bytes.
const LONGEST: usize = 120;

/// What opens a placeholder, and what closes it; the longer openings come first.
const BRACKETS: [(&str, &str); 8] = [
    ("${", "}"),
    ("&{", "}"),
    ("$(", ")"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("{", "}"),
    ("<", ">"),
    ("[", "]"),
];

/// What stands after a `$` in names that AWS itself uses: a version of a function, routes and stages of an API,
/// reserved topics, and the folders of EMR.
const DOLLAR_NAMES: [&str; 6] =
    ["$latest", "$default", "$connect", "$disconnect", "$aws", "$folder"];

/// Prefixes of `${prefix:name}` that templates of the Serverless Framework have and no condition key.
const TEMPLATE_SOURCES: [&str; 8] = ["self", "env", "opt", "sls", "cf", "param", "file", "git"];

/// Words that say in capitals what belongs in their place.
const CAPITALS: [&str; 43] = [
    "ACCOUNT",
    "ACCOUNTID",
    "ADDRESS",
    "API",
    "ARN",
    "BUCKET",
    "BUCKETNAME",
    "CHANGEME",
    "CIDR",
    "CLUSTER",
    "DOMAIN",
    "ENDPOINT",
    "EXAMPLE",
    "FUNCTION",
    "GROUP",
    "HERE",
    "ID",
    "INSERT",
    "INSTANCE",
    "IP",
    "KEY",
    "MY",
    "NAME",
    "ORG",
    "ORGANIZATION",
    "PARTITION",
    "PATH",
    "PLACEHOLDER",
    "PREFIX",
    "QUEUE",
    "REGION",
    "REPLACE",
    "RESOURCE",
    "ROLE",
    "SECRET",
    "SERVICE",
    "TABLE",
    "TOPIC",
    "USER",
    "USERNAME",
    "VALUE",
    "VPC",
    "YOUR",
];

/// Those of them that no published value of a condition key has (`KEY_MATERIAL_DOES_NOT_EXPIRE`,
/// `SERVICE_CONTROL_POLICY`).
const CAPITALS_OF_VALUES: [&str; 15] = [
    "ACCOUNTID",
    "ARN",
    "BUCKET",
    "BUCKETNAME",
    "CHANGEME",
    "EXAMPLE",
    "HERE",
    "ID",
    "INSERT",
    "MY",
    "NAME",
    "PLACEHOLDER",
    "REGION",
    "REPLACE",
    "YOUR",
];

/// Words that a value without any colon has only if it says what belongs in its place.
const WHOLE: [&str; 12] = [
    "account",
    "accountid",
    "arn",
    "arns",
    "id",
    "ids",
    "name",
    "placeholder",
    "principal",
    "region",
    "resource",
    "your",
];

/// The placeholders that show themselves by their form: `<account-id>`, `${AWS::Region}`, `$NAME`, `{{ name }}`,
/// `[region]`, `…`, `xxx`, `YOUR_BUCKET`. What IAM itself substitutes, as `${aws:username}`, is none.
pub(super) fn by_form(text: &str) -> Vec<Range<usize>> {
    forms(text, &CAPITALS).placeholders
}

/// The same in a value that is compared as a text, where AWS has names in capitals of its own.
pub(super) fn in_text(text: &str) -> Vec<Range<usize>> {
    forms(text, &CAPITALS_OF_VALUES).placeholders
}

/// What stands in a text for something else.
#[derive(Default)]
struct Forms {
    placeholders: Vec<Range<usize>>,
    /// What IAM substitutes, and names of AWS that begin with a dollar.
    variables: Vec<Range<usize>>,
}

fn forms(text: &str, capitals: &[&str]) -> Forms {
    let mut found = Forms::default();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let starts = !text.get(..at).unwrap_or_default().ends_with(char::is_alphanumeric);
        at += match opened(rest) {
            Some(Opened::Placeholder(length)) => {
                found.placeholders.push(at..at + length);
                length
            }
            Some(Opened::Variable(length)) => {
                found.variables.push(at..at + length);
                length
            }
            None => match word(rest, capitals).filter(|_| starts) {
                Some(length) => {
                    found.placeholders.push(at..at + length);
                    length
                }
                None => rest.chars().next().map_or(1, char::len_utf8),
            },
        };
    }
    found
}

/// What a text begins with, and how long it is.
enum Opened {
    Placeholder(usize),
    /// A policy variable.
    Variable(usize),
}

fn opened(rest: &str) -> Option<Opened> {
    for (open, close) in BRACKETS {
        let Some(inside) = rest.strip_prefix(open) else { continue };
        let Some(length) = inside.find(close).filter(|length| *length <= LONGEST) else { continue };
        let whole = open.len() + length + close.len();
        let inside = inside.get(..length).unwrap_or_default();
        if open == "${" && is_variable(inside) {
            return Some(Opened::Variable(whole));
        }
        if inside.chars().any(char::is_alphanumeric) {
            // A role of AsciiDoc: [.replaceable]`region`.
            let after = rest.get(whole..).unwrap_or_default().strip_prefix('`');
            let more = after.filter(|_| open == "[").and_then(|after| after.find('`'));
            return Some(Opened::Placeholder(whole + more.map_or(0, |more| more + 2)));
        }
    }
    if let Some(name) = rest.strip_prefix('$')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    {
        let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let whole = 1 + length.unwrap_or(name.len());
        let named = rest.get(..whole).unwrap_or_default().to_ascii_lowercase();
        let is_aws = DOLLAR_NAMES.contains(&named.as_str());
        return Some(if is_aws { Opened::Variable(whole) } else { Opened::Placeholder(whole) });
    }
    let dots = ["...", "\u{2026}"].into_iter().find(|dots| rest.starts_with(dots));
    dots.map(|dots| Opened::Placeholder(dots.len()))
}

/// Whether IAM substitutes `${inside}`: a condition key of AWS or of an identity provider, or one of the characters
/// that are escaped so.
///
/// AWS page: IAM User Guide, `reference_policies_variables`.
fn is_variable(inside: &str) -> bool {
    let key = inside.split(',').next().unwrap_or_default().trim();
    if matches!(key, "*" | "?" | "$") {
        return true;
    }
    let Some((prefix, name)) = key.split_once(':') else { return false };
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._/:@+=".contains(c);
    let prefix = prefix.to_ascii_lowercase();
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && key.chars().all(fits)
        && !TEMPLATE_SOURCES.contains(&prefix.as_str())
        && (matches!(prefix.as_str(), "aws" | "saml")
            || prefix.contains('.')
            || service(&prefix).known().is_some())
}

/// The length of a word that stands for a value, at the beginning of a text: in capitals, or of `x`s.
fn word(rest: &str, capitals: &[&str]) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let word = rest.get(..length)?;
    let has_xs = word.to_ascii_lowercase().contains("xxx");
    // `YYYY-MM-DD`, as dates are prescribed.
    let is_date = word.contains("YYYY");
    let is_capital = word.chars().all(|c| !c.is_ascii_lowercase())
        && word
            .split(['_', '-'])
            .any(|part| capitals.contains(&part.trim_end_matches(|c: char| c.is_ascii_digit())));
    (has_xs || is_date || is_capital).then_some(length)
}

/// Whether a text that has no colon, where an ARN, an id or an action belongs, says what belongs there instead:
/// `SNS-topic-ARN`, `Your KMS key ARN`, `A list of the permissions`.
pub(super) fn is_description(text: &str) -> bool {
    let text = text.trim();
    if text.contains(':') || !text.contains(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    text.split_whitespace().count() > 1
        || words(text).iter().any(|word| WHOLE.contains(&word.to_ascii_lowercase().as_str()))
}

/// The words of a name: between other characters, and where capitals begin.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        let begins = c.is_ascii_uppercase() && !before.is_ascii_uppercase();
        if begins || !c.is_ascii_alphabetic() {
            words.push(String::new());
        }
        if c.is_ascii_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.push(c);
        }
        before = c;
    }
    words
}

/// The placeholders in an ARN: by their form, and words in fields that have another form (`region`, `accountID`).
/// `None` if the text is no ARN.
pub(super) fn in_arn(text: &str) -> Option<Vec<Range<usize>>> {
    let Forms { mut placeholders, variables } = forms(text, &CAPITALS);
    // Colons in placeholders and variables part no fields.
    let is_inside =
        |at: usize| placeholders.iter().chain(&variables).any(|mark| mark.contains(&at));
    let masked: String = text
        .char_indices()
        .map(|(at, c)| if c == ':' && is_inside(at) { ';' } else { c })
        .collect();
    let mut start = 0;
    let mut fields = Vec::new();
    for field in masked.splitn(6, ':') {
        fields.push((start, field));
        start += field.len() + 1;
    }
    if fields.first().is_none_or(|(_, field)| *field != "arn") || fields.len() < 5 {
        return None;
    }
    for (number, (start, field)) in fields.iter().enumerate().take(5).skip(1) {
        let range = *start..start + field.len();
        if !field.contains(['*', '?'])
            && !placeholders.iter().any(|mark| mark.start < range.end && range.start < mark.end)
            && is_word_in(number, field)
        {
            placeholders.push(range);
        }
    }
    placeholders.sort_by_key(|mark| mark.start);
    Some(placeholders)
}

/// Whether a word in this field of an ARN cannot be what belongs there. Digits make it a value, right or wrong.
fn is_word_in(field: usize, text: &str) -> bool {
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_ ".contains(c));
    let has_letters = is_word && text.contains(|c: char| c.is_ascii_alphabetic());
    match field {
        1 => has_letters && !text.to_ascii_lowercase().starts_with("aws"),
        2 => is_unknown_service(text),
        // Regions end with a number.
        3 => has_letters && !text.ends_with(|c: char| c.is_ascii_digit()),
        4 => has_letters && text != "aws",
        _ => false,
    }
}

/// Whether a service is called so only where any service is meant: `service`, `service-prefix`, `SERVICE`.
pub(super) fn is_unknown_service(prefix: &str) -> bool {
    let lower = prefix.to_ascii_lowercase();
    ["service", "prefix", "example", "vendor"].iter().any(|word| lower.contains(word))
        && matches!(service(&lower), Standing::Unknown)
}

/// A text with `*` in the place of these.
pub(super) fn widened(text: &str, marks: &[Range<usize>]) -> String {
    let mut wide = String::with_capacity(text.len());
    let mut at = 0;
    for mark in marks.iter().filter(|mark| mark.start < mark.end) {
        wide.push_str(text.get(at..mark.start).unwrap_or_default());
        wide.push('*');
        at = at.max(mark.end);
    }
    wide.push_str(text.get(at..).unwrap_or_default());
    wide
}

#[cfg(test)]
#[expect(clippy::string_slice, clippy::single_range_in_vec_init, reason = "tests")]
mod tests {
    use super::*;

    fn marked(text: &str) -> Vec<&str> {
        in_arn(text).unwrap_or_else(|| by_form(text)).into_iter().map(|mark| &text[mark]).collect()
    }

    #[test]
    fn placeholders_are_found_by_their_form() {
        for (text, expected) in [
            (
                "arn:${AWS::Partition}:ec2:${AWS::Region}:*:instance/*",
                vec!["${AWS::Partition}", "${AWS::Region}"],
            ),
            (
                "arn:aws:kms:${region}:${var.account}:key/${key}",
                vec!["${region}", "${var.account}", "${key}"],
            ),
            ("arn:aws:iam::<ACCOUNT_ID>:root", vec!["<ACCOUNT_ID>"]),
            ("<your-ip>/32", vec!["<your-ip>"]),
            ("arn:aws:ec2:[region]:[account-id]:instance/*", vec!["[region]", "[account-id]"]),
            ("arn:{{< partition >}}:s3:::b/*", vec!["{{< partition >}}"]),
            ("arn:aws:s3:::{{ bucket }}/*", vec!["{{ bucket }}"]),
            ("arn:aws:s3:::{bucket}/*", vec!["{bucket}"]),
            ("arn:aws:sqs:REGION:123456789012:QUEUE-ID", vec!["REGION", "QUEUE-ID"]),
            ("arn:aws:sqs:us-east-1:ACCOUNT_ID:q", vec!["ACCOUNT_ID"]),
            ("arn:aws:service:region:accountID:resource", vec!["service", "region", "accountID"]),
            ("arn:aws:iam::account-id:role/x", vec!["account-id"]),
            ("arn:aws:s3:::YOUR_BUCKET/*", vec!["YOUR_BUCKET"]),
            ("arn:aws:iam::$ACCOUNT_ID:role/x", vec!["$ACCOUNT_ID"]),
            ("arn:aws:iam::$(aws sts get):role/x", vec!["$(aws sts get)"]),
            ("arn:aws:iam::${!aws:username}:x", vec!["${!aws:username}"]),
            ("${self:service}-x", vec!["${self:service}"]),
            ("${var:-x}", vec!["${var:-x}"]),
            ("o-xxxxx", vec!["o-xxxxx"]),
            (
                "arn:aws:iam::[.replaceable]`111122223333`:root",
                vec!["[.replaceable]`111122223333`"],
            ),
            ("vpce-\u{2026}", vec!["\u{2026}"]),
            ("YYYY-MM-DDThh:mm:ssZ", vec!["YYYY-MM-DDThh"]),
        ] {
            assert_eq!(marked(text), expected, "{text}");
        }
    }

    #[test]
    fn values_of_aws_are_no_placeholders() {
        for text in [
            "arn:aws:s3:::home/${aws:username}/*",
            "${aws:PrincipalTag/team, 'none'}",
            "${saml:sub}",
            "${accounts.google.com:sub}",
            "${s3:prefix}",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws-us-gov:s3:::b/*",
            "arn:aws:s3:::${*}",
            "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
            "arn:aws:iot:us-east-1:123456789012:topic/$aws/things/*",
            "arn:aws:s3:::b/a_$folder$",
            "SYMMETRIC_DEFAULT",
            "PROD",
            "AROAEXAMPLEROLEID0000",
            "2024-01-01T00:00:00Z",
            "a < b",
            "arn:aws:iam::user/${aws:username}",
            "arn:aws:iam:123456789012:user/x",
        ] {
            assert_eq!(marked(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn capitals_of_aws_are_values() {
        for text in
            ["KEY_MATERIAL_DOES_NOT_EXPIRE", "SERVICE_CONTROL_POLICY", "ORGANIZATION", "VPC"]
        {
            assert!(in_text(text).is_empty(), "{text}");
        }
        assert_eq!(in_text("YOUR_ORG_ID"), [0..11]);
        assert_eq!(in_text("home/BUCKET_NAME/"), [5..16]);
    }

    #[test]
    fn a_value_that_says_what_belongs_there_is_told_from_a_wrong_one() {
        for text in [
            "SNS-topic-ARN",
            "Your KMS key ARN",
            "AlarmARN1",
            "dax-cluster-arn",
            "ACCOUNT-B-ID",
            "Bucket ARN/*",
            "A list of the permissions the role may use",
            "accountId",
            "your_secret_arn_created_in_step1",
            "USER_ARN",
        ] {
            assert!(is_description(text), "{text}");
        }
        for text in [
            " *",
            "",
            "*",
            "my-bucket/*",
            "123456789012",
            "arn:aws:s3:::b",
            "AIDAEXAMPLE",
            "s3GetObject",
        ] {
            assert!(!is_description(text), "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_widened_to_every_value() {
        let text = "arn:aws:sqs:REGION:<id>:q";
        assert_eq!(widened(text, &in_arn(text).unwrap()), "arn:aws:sqs:*:*:q");
    }
}
