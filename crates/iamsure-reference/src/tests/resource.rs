//! Resource types: the ARNs that fit them, and an example of each.

use super::{TEXT, known};
use crate::*;

#[test]
fn a_cell_with_two_arn_formats_gives_two() {
    let resource = known("lex:BatchCreateCustomVocabularyItem")
        .resource_types()
        .find(|resource| resource.name() == "bot")
        .unwrap();
    assert_eq!(
        resource.arn_formats().collect::<Vec<_>>(),
        [
            "arn:${Partition}:lex:${Region}:${Account}:bot/${BotId}",
            "arn:${Partition}:lex:${Region}:${Account}:bot:${BotName}",
        ]
    );
}

/// The types of the action that an ARN, or a pattern of one, fits.
fn fitting(action: &str, arn: &str) -> Vec<&'static str> {
    known(action)
        .resource_types()
        .filter(|resource| resource.fits(arn))
        .map(ResourceType::name)
        .collect()
}

#[test]
fn an_arn_fits_the_types_it_may_be_of() {
    for prefix in services() {
        for resource in service(prefix).known().unwrap().resource_types() {
            for format in resource.arn_formats() {
                let filled: String = format
                    .split("${")
                    .map(|part| {
                        part.split_once('}').map_or(part.to_owned(), |(_, rest)| format!("x{rest}"))
                    })
                    .collect();
                assert!(resource.fits(&filled), "{filled}");
                assert!(resource.fits("*") && resource.fits("arn:*"), "{format}");
                assert!(!resource.fits("") && !resource.fits("arn:aws:nosuch:::x"), "{format}");
            }
        }
    }
    assert_eq!(fitting("s3:GetObject", "arn:aws:s3:::bucket/key"), ["object"]);
    assert_eq!(fitting("s3:GetObject", "arn:aws:s3:::bucket"), [""; 0]);
    assert_eq!(fitting("s3:ListBucket", "arn:aws:s3:::bucket"), ["bucket"]);
    assert_eq!(fitting("s3:ListBucket", "arn:aws:s3:::bucket/*"), [""; 0]);
    assert_eq!(fitting("s3:ListBucket", "arn:aws:s3:::bucket*"), ["bucket"]);
    assert_eq!(fitting("iam:PassRole", "arn:aws:iam::111122223333:role/a/b"), ["role"]);
    assert_eq!(fitting("iam:PassRole", "arn:aws:iam::111122223333:user/a"), [""; 0]);
}

#[test]
fn a_service_knows_its_resource_types() {
    let s3 = service("s3").known().unwrap();
    let names: Vec<_> = s3.resource_types().map(ResourceType::name).collect();
    assert!(names.contains(&"bucket") && names.contains(&"object"), "{names:?}");
    assert!(s3.resource_types().all(|resource| !resource.required));
    let instance =
        service("ec2").known().unwrap().resource_types().find(|r| r.name() == "instance");
    assert!(instance.unwrap().condition_keys().any(|key| key.name == "ec2:InstanceType"));
    assert_eq!(service("sts").known().unwrap().resource_types().len(), {
        let of_sts = TEXT.split("\nservice sts\n").nth(1).unwrap();
        let of_sts = of_sts.split("\nservice ").next().unwrap();
        of_sts.lines().filter(|line| line.starts_with("resource ")).count()
    });
}

#[test]
fn example_resources_fit_what_they_exemplify() {
    let example =
        |name: &str| example_resource(name).unwrap_or_else(|| panic!("`{name}` has no example"));
    assert_eq!(example("s3:GetObject"), "arn:aws:s3:::example-bucket/example-key");
    assert_eq!(example("s3:ListBucket"), "arn:aws:s3:::example-bucket");
    assert_eq!(
        example("ec2:RunInstances"),
        "arn:aws:ec2:us-east-1:111122223333:instance/example-instance"
    );
    assert_eq!(example("sts:AssumeRole"), "arn:aws:iam::111122223333:role/example-role");
    assert_eq!(
        example("lambda:InvokeFunction"),
        "arn:aws:lambda:us-east-1:111122223333:function:example-function"
    );
    assert_eq!(example("kms:Decrypt"), "arn:aws:kms:us-east-1:111122223333:key/example-key");
    assert_eq!(example("sts:GetCallerIdentity"), "*");
    assert_eq!(example("s3:ListAllMyBuckets"), "*");
    assert_eq!(
        (example_resource("s3:nosuch"), example_resource("aws-mcp:InvokeMcp")),
        (None, None)
    );
    for action in actions() {
        let arn = example(action.name());
        assert!(
            arn == "*" || (arn.starts_with("arn:") && !arn.contains(['*', '?', '$', '{', '}'])),
            "{action}: {arn}"
        );
    }
}
