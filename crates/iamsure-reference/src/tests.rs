//! The embedded tables against the text they were made from, and against facts checked by hand on
//! AWS's pages.

mod capture;
mod expansion;
mod key;
mod resource;
mod retired;

use crate::familiar::FAMILIAR;
use crate::*;

/// The text again, for scans that share nothing with the build script.
const TEXT: &str = include_str!("../data/service-reference.txt");

/// `service:Name` of every action line.
fn names_in_text() -> Vec<String> {
    let current = TEXT.split("\nretirement\n").next().unwrap();
    let mut service = "";
    let mut names = Vec::new();
    for line in current.lines() {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["service", prefix] => service = prefix,
            ["action", name, ..] => names.push(format!("{service}:{name}")),
            _ => {}
        }
    }
    names
}

fn known(name: &str) -> Action {
    action(name).known().unwrap_or_else(|| panic!("`{name}` is not known"))
}

fn names(actions: impl Iterator<Item = Action>) -> Vec<&'static str> {
    actions.map(Action::name).collect()
}

#[test]
fn reading_an_object_is_as_the_s3_page_says() {
    let get = known("S3:GETOBJECT");
    assert_eq!(
        (get.name(), get.operation(), get.service().title()),
        ("s3:GetObject", "GetObject", "Amazon S3")
    );
    assert_eq!(get.access_levels().iter().collect::<Vec<_>>(), [AccessLevel::Read]);
    let resources: Vec<_> =
        get.resource_types().map(|resource| (resource.name(), resource.required)).collect();
    assert_eq!(resources, [("accesspointobject", false), ("object", false)]);
    let object = get.resource_types().last().unwrap();
    assert_eq!(
        object.arn_formats().collect::<Vec<_>>(),
        ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]
    );
    let keys: Vec<_> = get.own_condition_keys().map(|key| key.name).collect();
    assert!(
        keys.contains(&"s3:ExistingObjectTag/${TagKey}") && keys.contains(&"s3:TlsVersion"),
        "{keys:?}"
    );
}

#[test]
fn well_known_actions_are_known() {
    for (service, names) in FAMILIAR {
        assert!((2..=4).contains(&names.len()), "{service}");
        for name in *names {
            assert_eq!(known(name).name(), *name);
            assert_eq!(known(name).service().prefix(), *service);
        }
    }
    assert!(FAMILIAR.is_sorted());
    assert_eq!(well_known("S3")[0], "s3:GetObject");
    assert!(well_known("nosuch").is_empty());
}

#[test]
fn resource_control_policies_reach_the_listed_services() {
    let reached: Vec<_> = services()
        .filter(|prefix| {
            service(prefix).known().is_some_and(Service::supports_resource_control_policies)
        })
        .collect();
    assert_eq!(reached.len(), 62);
    assert!(
        ["s3", "sts", "kms", "sqs", "secretsmanager"].iter().all(|prefix| reached.contains(prefix))
    );
    assert!(!reached.contains(&"sns"));
}
