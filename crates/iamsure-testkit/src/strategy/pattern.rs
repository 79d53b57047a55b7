//! Globs, actions and resources, each with texts that match it or nearly do.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use iamsure_core::language::ActionName;

use super::one_of;

/// Every action that the strategies draw, near misses of each other.
pub const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "S3:getobject",
    "s3:GetObjectAcl",
    "s3:GetBucket",
    "s3:PutObject",
    "s3:ListAllMyBuckets",
    "s3-outposts:GetObject",
    "kms:Decrypt",
    "kms:RetireGrant",
    "sts:AssumeRole",
    "sts:TagSession",
    "sts:GetCallerIdentity",
    "ec2:RunInstances",
];

/// Every resource of a request that the strategies draw.
pub const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::bucket/key",
    "arn:aws:s3:::bucket/KEY",
    "arn:aws:s3:::bucket/alice/key",
    "arn:aws:s3:::bucket",
    "arn:aws:s3:::bucket2/a:b",
    "arn:aws:sns:us-east-1:111122223333:topic",
    "arn:aws:sns:us-east-1:444455556666:topic:sub",
    "arn:aws:kms:us-east-1:111122223333:key/1234",
    "arn:aws:kms:us-east-1:111122223333:alias/a",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:iam::111122223333:role/path/app",
    "arn:aws:iam::444455556666:role/app",
    "arn:aws-cn:s3:::bucket/key",
];

/// A short text over few letters, the colon among them.
pub fn text() -> impl Strategy<Value = String> + Clone {
    letters(&['a', 'b', 'A', ':', '/', '*', '?', 'é', '\n'])
}

/// A short pattern over the same letters, with many wildcards.
pub fn glob() -> impl Strategy<Value = String> + Clone {
    letters(&['a', 'b', 'A', ':', '/', 'é', '*', '*', '?'])
}

fn letters(alphabet: &'static [char]) -> impl Strategy<Value = String> + Clone {
    vec(select(alphabet), 0..8).prop_map(|letters| letters.into_iter().collect())
}

/// A pattern, and a text that matches it, or would but for one character, or has nothing to do
/// with it.
pub fn glob_and_text() -> impl Strategy<Value = (String, String)> {
    (glob(), vec(text(), 3), text(), any::<u8>(), 0..6_u8).prop_map(
        |(pattern, runs, stranger, at, change)| {
            let near = fill(&pattern, &runs);
            let near = change_one(&near, usize::from(at), change);
            let text = if change == 5 { stranger } else { near };
            (pattern, text)
        },
    )
}

/// The pattern with its wildcards replaced: `*` by the runs in turn, `?` by `x`.
fn fill(pattern: &str, runs: &[String]) -> String {
    let mut runs = runs.iter().cycle();
    let mut text = String::new();
    for c in pattern.chars() {
        match c {
            '*' => text.push_str(runs.next().map_or("", String::as_str)),
            '?' => text.push('x'),
            c => text.push(c),
        }
    }
    text
}

/// The text with one character dropped, doubled or in the other case; `change` above 2 keeps it.
fn change_one(text: &str, at: usize, change: u8) -> String {
    let length = text.chars().count().max(1);
    let mut changed = String::new();
    for (index, c) in text.chars().enumerate() {
        match (index == at % length, change) {
            (true, 0) => {}
            (true, 1) => changed.extend([c, c]),
            (true, 2) if c.is_ascii_uppercase() => changed.push(c.to_ascii_lowercase()),
            (true, 2) => changed.push(c.to_ascii_uppercase()),
            _ => changed.push(c),
        }
    }
    changed
}

/// The action of a request.
pub fn action() -> impl Strategy<Value = ActionName> + Clone {
    select(ACTIONS).prop_filter_map("a readable action", |text| ActionName::parse(text).ok())
}

/// An entry of Action that AWS stores.
pub fn action_entry() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        3 => one_of(&["*"]),
        3 => one_of(&["s3:*", "kms:*", "sts:*", "s3:Get*", "*:*"]),
        3 => select(ACTIONS),
        2 => one_of(&[
            "s3:GetObject*",
            "s3:GetObject?*",
            "s3:Get?bject",
            "s3:*Object",
            "S3:*GETOBJECT",
            "s3:*t*",
            "sts:Assume*",
            "ec2:*",
        ]),
    ]
    .prop_map(str::to_owned)
}

/// An entry of Action as somebody might write it: also with wildcards in the vendor, blanks, two
/// colons and none.
pub fn any_action_entry() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        4 => action_entry(),
        1 => one_of(&["s*:GetObject", " s3:GetObject", "s3:GetObject ", "s3", "", ":", "s3:", "*:GetObject",
            "s3:Get:Object", "s3:GetObject,s3:PutObject", "?:*", "**", "s_3:*", "s3:Get.bject"])
            .prop_map(str::to_owned),
        1 => glob().prop_map(|name| format!("s3:{name}")),
    ]
}

/// An entry of Action in a role trust policy.
pub fn trust_action_entry() -> impl Strategy<Value = String> + Clone {
    one_of(&["sts:AssumeRole", "sts:assumerole", "sts:*", "sts:TagSession", "sts:Assume*"])
        .prop_map(str::to_owned)
}

/// The resource of a request: a concrete ARN or `*`.
pub fn resource() -> impl Strategy<Value = String> + Clone {
    select(RESOURCES).prop_map(str::to_owned)
}

/// An entry of Resource that AWS stores in every type of policy.
pub fn resource_entry() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        3 => one_of(&["*"]),
        3 => one_of(&["arn:aws:s3:::*", "arn:aws:s3:::bucket/*"]),
        2 => select(RESOURCES),
        2 => one_of(&[
            "arn:aws:s3:::bucket*",
            "arn:aws:s3:::bucket/k?y",
            "arn:*:s3:::bucket/key",
            "arn:aws:sns:*:*:topic",
            "arn:aws:sns:us-*:111122223333:topic",
            "arn:aws:sns:us-east-?:*:*",
            "arn:aws:kms:*:111122223333:key/*",
            "arn:aws:iam::*:role/*",
            "arn:aws:iam::1111*3333:role/app",
        ]),
        1 => one_of(&[
            "arn:aws:s3:::bucket/${aws:username}/*",
            "arn:aws:s3:::bucket/${aws:PrincipalTag/team, 'key'}",
            "arn:aws:s3:::${AWS:UserName}",
            "arn:aws:s3:::bucket/${*}",
            "arn:aws:s3:::bucket/${aws:username}${s3:prefix}",
        ]),
    ]
    .prop_map(str::to_owned)
}

/// An entry of Resource as somebody might write it: also short ARNs, wildcards in every field,
/// early variables and broken ones.
pub fn any_resource_entry() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        3 => resource_entry(),
        2 => one_of(&["arn:aws:s3", "arn:aws:s3*", "arn:aws:sns:*", "arn:*", "**", "?", "", "bucket/key", "*:*",
            "arn:aws:${s3:prefix}:::bucket", "arn:aws:sns:*:${aws:PrincipalAccount}:*",
            "arn:aws:s3:::${aws:username", "arn:aws:s3:::${}", "arn:aws:s3:::a${b c}",
            "arn:aws:*s*:::bucket/key", "arn:a?s:s3:::bucket/key", "arn:aws:s3:?::bucket", "arn:aws:s3::${*}:b"])
            .prop_map(str::to_owned),
        3 => (vec(glob(), 5), glob()).prop_map(|(fields, rest)| {
            let mut entry = String::from("arn");
            for field in fields {
                entry.push(':');
                entry.push_str(&field);
            }
            entry + &rest
        }),
        1 => glob(),
    ]
}

/// An entry of Resource without variables, and a resource that it matches, or nearly, or not.
pub fn resource_entry_and_resource() -> impl Strategy<Value = (String, String)> {
    (any_resource_entry(), vec(text(), 3), resource(), any::<u8>(), 0..6_u8)
        .prop_filter("no variables", |(entry, ..)| !entry.contains("${"))
        .prop_map(|(entry, runs, stranger, at, change)| {
            let near = change_one(&fill(&entry, &runs), usize::from(at), change);
            let resource = if change == 5 { stranger } else { near };
            (entry, resource)
        })
}
