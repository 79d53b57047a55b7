//! Sentences and what they say; texts that are none and what is said of them.

use super::*;

fn parse(text: &str) -> Claim {
    Claim::parse(text).unwrap_or_else(|error| panic!("{text}: {error} at {:?}", error.span))
}

/// What the claim says, in its canonical form.
fn canonical(text: &str) -> String {
    parse(text).to_string()
}

/// The error about `text`, with what it points at.
fn error(text: &str) -> (String, &str) {
    let error = Claim::parse(text).unwrap_err();
    (error.to_string(), text.get(error.span).unwrap())
}

fn remarks(text: &str) -> Vec<(String, &str)> {
    let said = |remark: Remark| {
        let help = remark.help.map(|help| format!("; {help}")).unwrap_or_default();
        (remark.message + &help, text.get(remark.span).unwrap())
    };
    parse(text).remarks().into_iter().map(said).collect()
}

#[test]
fn a_canonical_sentence_is_written_as_it_was_read() {
    for sentence in [
        "never allow * unless aws:ViaAWSMCPService is true",
        "never allow s3:* on arn:aws:s3:::prod-* when aws:MultiFactorAuthPresent is absent or aws:MultiFactorAuthPresent is false",
        "always allow s3:GetObject when path is mcp:aws-mcp",
        "some allow * when aws:PrincipalArn like arn:aws:iam::*:role/BreakGlass",
        "allow implies aws:PrincipalAccount is aws:ResourceAccount",
        "no inert statements",
        "same decisions as policies/before.json",
        "no more than \"base line.json\"",
        "allow only [s3:Get*, s3:List*] on [arn:aws:s3:::a, arn:aws:s3:::a/*]",
        "allow only on arn:aws:s3:::a",
        "never allow",
        "always explicitly deny cloudtrail:StopLogging",
        "allow and action is iam:PassRole implies resource like arn:aws:iam::*:role/app-* and iam:PassedToService is lambda.amazonaws.com",
        "action in [iam:CreateUser, iam:CreateRole] implies explicit deny",
        "allow implies (path is direct or path is not direct/vpce) and layer is not scp",
        "never allow * when aws:SourceIp not cidr [10.0.0.0/8, 2001:db8::/32] and allow",
        "never allow * when aws:CurrentTime before 2026-12-31T00:00:00Z",
        "never allow * unless not s3:max-keys <= 100",
        "not any aws:TagKeys is team implies all aws:TagKeys in [team, cost]",
        "not not allow implies not (allow and not (exempt or implicit deny))",
        "allow implies aws:RequestTag/team is not \"is\"",
        "allow implies \"aws:RequestTag/cost center\" is present",
        "allow implies x:y is ${x:z}",
        "never allow * unless s3:prefix like home/${aws:username}/*",
        "allow implies s3:x-amz-server-side-encryption is \"aws:kms\"",
        "allow implies token.actions.githubusercontent.com:sub like repo:org/app:*",
    ] {
        assert_eq!(canonical(sentence), sentence);
    }
}

#[test]
fn one_meaning_has_several_spellings() {
    for (one, other) in [
        ("NEVER Allowed * WHEN Aws:x IS True", "never allow * when Aws:x is True"),
        ("aws:SourceVpc==\"vpc-1\" implies allow", "aws:SourceVpc is vpc-1 implies allow"),
        ("aws:SourceVpc != vpc-1 implies denied", "aws:SourceVpc is not vpc-1 implies deny"),
        (
            "any aws:TagKeys is not a implies deny",
            "aws:TagKeys is present and not all aws:TagKeys is a implies deny",
        ),
        (
            "all aws:TagKeys not like a* implies deny",
            "aws:TagKeys is present and not any aws:TagKeys like a* implies deny",
        ),
        ("present(aws:SourceIp) implies deny", "aws:SourceIp is present implies deny"),
        ("absent( aws:SourceIp ) implies deny", "aws:SourceIp is absent implies deny"),
        ("aws:SourceIp is not absent implies deny", "aws:SourceIp is present implies deny"),
        ("not aws:SourceIp is absent implies deny", "aws:SourceIp is present implies deny"),
        ("aws:SourceIp is not present implies deny", "aws:SourceIp is absent implies deny"),
        ("s3:prefix is in [a, 'b'] implies deny", "s3:prefix in [a, b] implies deny"),
        ("s3:prefix is [a, b] implies deny", "s3:prefix in [a, b] implies deny"),
        ("s3:prefix in a implies deny", "s3:prefix is a implies deny"),
        (
            "aws:SourceIp within 10.0.0.0/8 implies deny",
            "aws:SourceIp cidr 10.0.0.0/8 implies deny",
        ),
        ("principal is x implies deny", "aws:PrincipalArn is x implies deny"),
        ("explicit-deny implies denied", "explicit deny implies deny"),
        ("implicitly denied implies deny", "implicit deny implies deny"),
        ("action like s3:GetObject implies deny", "action is s3:GetObject implies deny"),
        (
            "path in [direct, sts:AssumeRole] implies deny",
            "path is direct or path is sts:AssumeRole implies deny",
        ),
        (
            "never allow when path is direct unless s3:prefix is a",
            "never allow when path is direct and s3:prefix is not a",
        ),
        (
            "never allow unless s3:prefix is a when path is direct",
            "never allow when path is direct and s3:prefix is not a",
        ),
        ("never allow when not path is direct", "never allow unless path is direct"),
        ("same as p.json", "same decisions as p.json"),
        ("s3:max-keys > 5 implies deny", "s3:max-keys after 5 implies deny"),
        ("allow implies s3:prefix is \"C:\\\\a\"", "allow implies s3:prefix is 'C:\\a'"),
    ] {
        assert_eq!(parse(one).body, parse(other).body, "{one}");
    }
}

#[test]
fn and_binds_tighter_than_or_and_not_tightest() {
    let body = parse("not allow and exempt or deny implies deny").body;
    let word = |word| Condition::Is(Atom { fact: Fact::Decision(word), span: 0..0 });
    let premise = Condition::Any(vec![
        Condition::All(vec![
            Condition::Not(Box::new(word(DecisionWord::Allowed))),
            word(DecisionWord::Exempt),
        ]),
        word(DecisionWord::Denied),
    ]);
    assert_eq!(body, Body::Implies { premise, conclusion: word(DecisionWord::Denied) });
}

#[test]
fn a_bare_published_key_is_a_key_and_a_quoted_one_a_text() {
    let operand = |text: &str| match parse(text).body {
        Body::Implies { premise: Condition::Is(Atom { fact: Fact::Key(fact), .. }), .. } => {
            match fact.test {
                Test::OneOf(mut values) => values.pop().unwrap(),
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    };
    let key = |name: &str| Operand::Key(ConditionKey::from(name));
    let text = |text: &str| Operand::Text(text.to_owned());
    assert_eq!(operand("x:k is aws:userid implies deny"), key("aws:userid"));
    assert_eq!(operand("x:k is aws:PrincipalTag/team implies deny"), key("aws:PrincipalTag/team"));
    assert_eq!(operand("x:k is S3:Prefix implies deny"), key("s3:prefix"));
    assert_eq!(operand("x:k is ${x:other} implies deny"), key("x:other"));
    assert_eq!(operand("x:k is \"aws:userid\" implies deny"), text("aws:userid"));
    assert_eq!(operand("x:k is x:other implies deny"), text("x:other"));
    let arn = "arn:aws:iam::111122223333:role/app";
    assert_eq!(operand(&format!("x:k is {arn} implies deny")), text(arn));
}

#[test]
fn facts_know_their_place() {
    let text = "never allow * when  aws:SourceIp is  absent or path is direct";
    let Body::Never(Quantified { when: Some(Condition::Any(facts)), .. }) = parse(text).body else {
        panic!("a condition with `or`")
    };
    let places: Vec<_> = facts
        .iter()
        .map(|fact| match fact {
            Condition::Is(atom) => text.get(atom.span.clone()).unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places, ["aws:SourceIp is  absent", "path is direct"]);
    assert_eq!(parse("no more than  old.json").file().map(|file| file.span.clone()), Some(14..22));
}

/// A text that is no claim, what is said about it, and the part that is pointed at.
const ERRORS: &[(&str, &str, &str)] = &[
    (
        "",
        "expected `never`, `always`, `some`, `no`, `same` or a condition, but the claim ends here",
        "",
    ),
    (
        "nevr allow *",
        "expected `never`, `always`, `some`, `no`, `same` or a condition, found `nevr`; did you mean `never`?",
        "nevr",
    ),
    (
        "never alow *",
        "expected `allow`, `deny`, `explicitly`, `implicitly` or `exempt`, found `alow`; did you mean `allow`?",
        "alow",
    ),
    (
        "never allow * whn x:y is 1",
        "expected `on`, `when`, `unless` or the end of the claim, found `whn`; did you mean `when`?",
        "whn",
    ),
    (
        "never allow whn x:y is 1",
        "expected an action, `on`, `when` or `unless`, found `whn`; did you mean `when`?",
        "whn",
    ),
    (
        "never allow AssumeRoleWithSAML",
        "`AssumeRoleWithSAML` is not an action; did you mean `sts:AssumeRoleWithSAML`? an action is written `service:Name`, such as `s3:GetObject`, or `*`",
        "AssumeRoleWithSAML",
    ),
    ("never allow [s3:*, ", "expected an action, but the claim ends here", ""),
    ("never allow [s3:* ec2:*]", "expected `,` or `]`, found `ec2:*`", "ec2:*"),
    ("never allow * when", "expected a condition, but the claim ends here", ""),
    (
        "never allow * when x:y is 1 when x:z is 2",
        "duplicate `when`; join the two with `and` or `or`",
        "when",
    ),
    (
        "never allow * when x:y is 1 ad x:z is 2",
        "expected `and`, `or`, `when`, `unless` or the end of the claim, found `ad`; did you mean `and`?",
        "ad",
    ),
    (
        "never allow * when SourceIp is 1.2.3.4",
        "`SourceIp` is not a condition key; did you mean `aws:SourceIp`?",
        "SourceIp",
    ),
    (
        "never allow * when pth is direct",
        "expected a condition, found `pth`; did you mean `path`?",
        "pth",
    ),
    (
        "never allow * when banana is 1",
        "expected a condition, found `banana`; a condition key needs its prefix, such as `aws:SourceIp` or `s3:prefix`",
        "banana",
    ),
    (
        "never allow * when path is mcp:aws-mpc",
        "unknown call path `mcp:aws-mpc`; did you mean `mcp:aws-mcp`?",
        "mcp:aws-mpc",
    ),
    ("never allow * when layer is spc", "unknown layer `spc`; did you mean `scp`?", "spc"),
    (
        "never allow * when aws:SourceIp 1.2.3.4",
        "expected `is`, `not`, `like`, `in`, `cidr`, `before` or `after`, found `1.2.3.4`",
        "1.2.3.4",
    ),
    (
        "never allow * when aws:SourceIp not 1.2.3.4",
        "expected `like`, `in`, `cidr`, `before` or `after`, found `1.2.3.4`",
        "1.2.3.4",
    ),
    (
        "never allow * when aws:SourceIp cidr home",
        "`home` is not a valid CIDR range; expected a range such as 203.0.113.0/24 or 2001:db8::/32",
        "home",
    ),
    (
        "never allow * when aws:CurrentTime after lunch",
        "`lunch` is neither a number nor a date; expected a number or a date, such as 100 or 2026-12-31T00:00:00Z",
        "lunch",
    ),
    (
        "never allow * when s3:prefix is or",
        "expected a value, found the word `or`; to use it as a string, quote it: \"or\"",
        "or",
    ),
    (
        "never allow * when s3:prefix is aws:kms",
        "`aws:kms` looks like a condition key, but AWS lists no such key; to use it as a string, quote it: \"aws:kms\"",
        "aws:kms",
    ),
    (
        "never allow * when s3:prefix is \"a",
        "the quoted string does not end; close it with \"",
        "\"a",
    ),
    (
        "never allow * when s3:prefix is home/${aws:username}",
        "a policy variable is allowed only inside a pattern; use `like`, or quote a literal dollar sign: \"home/${aws:username}\"",
        "home/${aws:username}",
    ),
    ("never allow * when (x:y is 1", "expected `and`, `or` or `)`, but the claim ends here", ""),
    (
        "never allow * when any x:y is absent",
        "a key is absent or present as a whole; leave `any` and `all` out",
        "absent",
    ),
    (
        "never allow * when action before 5",
        "this comparison is not supported; `is`, `in` and `like` compare actions and resources",
        "5",
    ),
    (
        "not s3:prefix",
        "expected `is`, `not`, `like`, `in`, `cidr`, `before` or `after`, but the claim ends here",
        "",
    ),
    ("allow only", "expected an action or `on`, but the claim ends here", ""),
    ("allow", "expected `implies`, `and` or `or`, but the claim ends here", ""),
    (
        "allow implis deny",
        "expected `implies`, `and` or `or`, found `implis`; did you mean `implies`?",
        "implis",
    ),
    ("no inert", "expected `statements`, but the claim ends here", ""),
    (
        "no inrt statements",
        "expected `inert` or `more`, found `inrt`; did you mean `inert`?",
        "inrt",
    ),
    ("no more than", "expected the name of a file, but the claim ends here", ""),
    ("no inert statements please", "expected the end of the claim, found `please`", "please"),
];

#[test]
fn an_error_says_what_was_expected_where() {
    for &(text, message, at) in ERRORS {
        assert_eq!(error(text), (message.to_owned(), at), "{text}");
    }
}

#[test]
fn nesting_has_a_limit_and_no_claim_is_too_deep_for_the_stack() {
    let nested = |depth| format!("{}allow{} implies deny", "(".repeat(depth), ")".repeat(depth));
    parse(&nested(50));
    assert!(error(&nested(51)).0.starts_with("the condition is nested too deeply"));
    assert!(Claim::parse(&nested(100_000)).is_err());
    assert!(Claim::parse(&"not ".repeat(100_000)).is_err());
    parse(&format!("{} implies deny", vec!["allow"; 10_000].join(" and ")));
}

#[test]
fn a_name_that_nobody_published_is_remarked_upon() {
    for (text, message, at) in [
        (
            "never allow s3:GetObjct",
            "`s3:GetObjct` matches no action that AWS lists; did you mean `s3:GetObject`?",
            "s3:GetObjct",
        ),
        (
            "never allow aws-mcp:InvokeMcp",
            "`aws-mcp:InvokeMcp` matches only retired actions (2026-03-24)",
            "aws-mcp:InvokeMcp",
        ),
        (
            "never allow * unless aws:SorceVpc is vpc-1",
            "AWS lists no condition key `aws:SorceVpc`; did you mean `aws:SourceVpc`?",
            "aws:SorceVpc",
        ),
        (
            "never allow * unless aws:SecureTransport is yes",
            "`aws:SecureTransport` is `true` or `false`, never `yes`",
            "yes",
        ),
        (
            "never allow * when aws:SourceVpc cidr 10.0.0.0/8",
            "`aws:SourceVpc` is not an address",
            "aws:SourceVpc",
        ),
        (
            "never allow * when aws:SourceVpc < 5",
            "`aws:SourceVpc` is neither a number nor a date",
            "5",
        ),
    ] {
        assert_eq!(remarks(text), [(message.to_owned(), at)], "{text}");
    }
    for sentence in [
        "never allow * unless aws:PrincipalTag/team is aws:ResourceTag/team",
        "never allow s3:* when idp.example.com:groups is admin",
        "never allow * when aws:SourceIp in [10.0.0.0/8, 192.0.2.1]",
        "never allow * when aws:CurrentTime after 2026-12-31",
    ] {
        assert_eq!(remarks(sentence), [], "{sentence}");
    }
}
