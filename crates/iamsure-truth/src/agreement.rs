//! Facts that core holds as constants, because it decides by them, and the reference as data: they
//! must be the same.

use std::collections::BTreeSet;

use iamsure_core::decision::applicable::RCP_SERVICES;
use iamsure_core::decision::exemption::{EXEMPTIONS, UNSIGNED};
use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_reference::{Action, Service, action, actions, expand, service, services};

#[test]
fn both_know_the_services_that_resource_control_policies_cover() {
    let published: BTreeSet<_> = services()
        .filter(|prefix| {
            service(prefix).known().is_some_and(Service::supports_resource_control_policies)
        })
        .collect();
    assert_eq!(published, RCP_SERVICES.into_iter().collect());
}

#[test]
fn actions_that_core_names_are_published_so() {
    for name in EXEMPTIONS.iter().map(|exemption| exemption.action).chain(UNSIGNED) {
        assert_eq!(action(name).known().map(Action::name), Some(name));
    }
}

#[test]
fn a_pattern_means_the_same_to_both() {
    let names: Vec<_> = actions().map(|action| ActionName::parse(action.name()).unwrap()).collect();
    for pattern in
        ["*", "*:*", "s3:Get*", "S3:*Object?cl", "s3:", "s*:Get*", "iam:*Role*", "*-mcp:*"]
    {
        let matched = ActionPattern::new(pattern);
        let by_core: Vec<_> =
            names.iter().filter(|name| matched.matches(name)).map(ActionName::as_str).collect();
        let by_reference: Vec<_> = expand(pattern).map(Action::name).collect();
        assert_eq!(by_core, by_reference, "{pattern}");
    }
}
