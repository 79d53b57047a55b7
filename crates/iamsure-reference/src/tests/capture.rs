//! The tables hold what was captured: every record, and as many as there were.

use std::collections::BTreeSet;

use super::{TEXT, known, names_in_text};
use crate::*;

#[test]
fn counts_are_those_of_the_capture() {
    assert_eq!(captured(), "2026-10-27");
    assert_eq!(sources().len(), 7);
    assert_eq!(services().count(), 457);
    assert_eq!(ACTION_COUNT, 22_321);
    assert_eq!(actions().len(), 22_321);
    assert_eq!(names_in_text().len(), 22_321);
    // The source says 22,147: it repeats six pairs.
    let pairs: usize = actions().map(|action| action.resource_types().count()).sum();
    assert_eq!(pairs, 22_141);
    let dependents: Vec<usize> =
        actions().map(|action| action.dependent_actions().count()).collect();
    assert_eq!(dependents.iter().sum::<usize>(), 4_518);
    assert_eq!(dependents.iter().filter(|count| **count > 0).count(), 1_738);
    // The source describes 2,595 keys, `aws:` tag keys for service after service. Secrets Manager and
    // Systems Manager describe one tag key each under two spellings; one key of KMS is used and not
    // described.
    let listed = services().filter_map(|prefix| service(prefix).known());
    assert_eq!(listed.map(|service| service.condition_keys().count()).sum::<usize>(), 2_594);
    assert_eq!(condition_keys().len(), 1_599);
    assert_eq!(global_keys().len(), 62);
    let listed = services().filter_map(|prefix| service(prefix).known());
    let types: Vec<ResourceType> = listed.flat_map(Service::resource_types).collect();
    assert_eq!(types.len(), 2_348);
    assert_eq!(types.iter().map(|resource| resource.arn_formats().count()).sum::<usize>(), 2_361);
    assert_eq!(retired_actions().len(), 479);
    assert_eq!(retired_services().len(), count_of_retired("service "));
    assert_eq!(retired_condition_keys().len(), count_of_retired("key "));
}

/// Lines of this kind in the retirements of the text.
fn count_of_retired(kind: &str) -> usize {
    let (_, retirements) = TEXT.split_once("\nretirement\n").unwrap();
    retirements.lines().filter(|line| line.starts_with(kind)).count()
}

#[test]
fn access_levels_are_those_of_the_capture() {
    let count =
        |text: &str| actions().filter(|action| action.access_levels().to_string() == text).count();
    let counts =
        ["Read", "List", "Write", "Tagging, Write", "Permissions management, Write"].map(count);
    assert_eq!(counts, [5_947, 3_748, 11_485, 719, 422]);
}

#[test]
fn every_action_in_the_text_is_found_in_any_case() {
    for (index, name) in names_in_text().iter().enumerate() {
        for spelling in [name.clone(), name.to_ascii_lowercase(), name.to_ascii_uppercase()] {
            let found = known(&spelling);
            assert_eq!((found.name(), found.index()), (name.as_str(), index));
            assert_eq!(found.service().prefix(), name.split_once(':').unwrap().0);
        }
    }
}

#[test]
fn every_record_is_whole() {
    let every = actions().collect::<Vec<_>>();
    assert!(every.is_sorted());
    for action in every {
        assert_eq!(Action::from_index(action.index()), Some(action));
        assert!(action.access_levels().iter().next().is_some(), "{action}");
        for resource in action.resource_types() {
            assert!(!resource.name().is_empty(), "{action}");
            assert!(resource.arn_formats().count() > 0, "{action} {}", resource.name());
            assert!(
                resource.arn_formats().all(|arn| arn.starts_with("arn:")),
                "{action} {}",
                resource.name()
            );
        }
        assert!(
            action
                .condition_keys()
                .chain(action.own_condition_keys())
                .all(|key| key.name.contains(':'))
        );
        assert!(
            action.condition_keys().map(|key| key.name).collect::<BTreeSet<_>>().len()
                == action.condition_keys().count()
        );
        assert!(action.dependent_actions().all(|name| name.contains(':')), "{action}");
    }
    assert_eq!(Action::from_index(ACTION_COUNT), None);
    for prefix in services() {
        let service = service(prefix).known().unwrap();
        assert!(
            !service.title().is_empty()
                && service.actions().all(|action| action.service() == service)
        );
    }
}

#[test]
fn dependent_actions_are_known_or_retired() {
    for action in actions() {
        for name in action.dependent_actions() {
            assert!(!crate::action(name).is_unknown(), "{action} needs {name}");
        }
    }
}
