//! What entries list, by hand, and that the classes hold each resource.

use iamsure_core::language::document::{ResourceElement, Sense};
use iamsure_core::language::resource::ResourceRules;
use iamsure_core::language::source::{Span, Spanned};
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{PolicyType, ResourcePattern};
use iamsure_core::world::{Context, Switches};

use super::*;
use crate::clause::{Part, Settled};

fn clause(kind: PolicyType, entries: &[&str], rules: ResourceRules) -> ResourceClause {
    let entries =
        entries.iter().map(|text| Spanned::new(ResourcePattern::new(*text), Span::new(0, 0)));
    let element = ResourceElement { sense: Sense::OneOf, entries: entries.collect() };
    let (context, switches) = (Context::open(), Switches::default());
    let settled = Settled { context: &context, switches: &switches };
    ResourceClause::new(&element, kind, Reading::Substituted, settled, rules)
}

const EVERY: ResourceRange<'_> = ResourceRange::Every(ResourceKind::Any);

fn question<'a>(clauses: &'a [&'a ResourceClause]) -> ResourceQuestion<'a> {
    ResourceQuestion { clauses, relational: &[], rules: &[], asked: &[] }
}

/// Whether an entry lists a resource, which then is one of the classes that are found without it.
fn lists(kind: PolicyType, entry: &str, resource: &str, rules: ResourceRules) -> bool {
    let clause = clause(kind, &[entry], rules);
    let own = class_of_one(question(&[&clause]), resource);
    let found = resource_classes(question(&[&clause]), EVERY, &[], Budget::default()).unwrap();
    assert!(
        found.iter().any(|class| (class.is_all, &class.listed) == (own.is_all, &own.listed)),
        "{entry}: no class of {resource}"
    );
    own.listed.contains(0)
}

fn usually(kind: PolicyType, entry: &str, resource: &str) -> bool {
    lists(kind, entry, resource, ResourceRules::default())
}

#[test]
fn a_run_at_the_end_of_its_field_crosses_colons() {
    let identity = PolicyType::Identity;
    let topic = "arn:aws:sns:us-east-1:111122223333:topic3:x";
    // M-12: here the run is the account and the topic.
    assert!(usually(identity, "arn:aws:sns:us-east-1:*:x", topic));
    // Elsewhere in its field it stops at a colon (Q14).
    assert!(!usually(identity, "arn:aws:sns:us-east-1:*3:x", topic));
    assert!(usually(identity, "arn:aws:sns:us-east-1:*3:topic3:x", topic));
    let crossing = ResourceRules { inner_runs_cross: true, ..ResourceRules::default() };
    assert!(lists(identity, "arn:aws:sns:us-east-1:*3:x", topic, crossing));
    // M-11: in the resource part every run crosses.
    assert!(usually(identity, "arn:aws:sns:us-east-1:111122223333:t*x", topic));
}

#[test]
fn one_character_in_an_early_field_is_no_colon() {
    // M-13.
    let resource = "arn:aws:s3::1:a:b";
    assert!(usually(PolicyType::Identity, "arn:aws:s3::1:a?b", resource));
    assert!(!usually(PolicyType::Identity, "arn:aws:s3:?1:a:b", resource));
    assert!(usually(PolicyType::Identity, "arn:aws:s?::1:a:b", resource));
}

#[test]
fn a_short_arn_is_completed_where_the_type_of_policy_says_so() {
    // M-14.
    let object = "arn:aws:s3:::bucket/key";
    for (kind, expected) in [
        (PolicyType::Identity, true),
        (PolicyType::Boundary, true),
        (PolicyType::Session, false),
        (PolicyType::Scp, false),
        (PolicyType::Rcp, false),
        (PolicyType::Resource, false),
        (PolicyType::Endpoint, false),
    ] {
        assert_eq!(usually(kind, "arn:aws:s3", object), expected, "{kind:?}");
        let everywhere = ResourceRules { complete_everywhere: true, ..ResourceRules::default() };
        assert!(lists(kind, "arn:aws:s3", object, everywhere), "{kind:?}");
    }
    // A run at the end makes it whole; sessions and RCPs reject short ones all the same.
    assert!(usually(PolicyType::Scp, "arn:aws:s3*", object));
    assert!(usually(PolicyType::Resource, "arn:aws:s3*", object));
    assert!(!usually(PolicyType::Session, "arn:aws:s3*", object));
    assert!(!usually(PolicyType::Rcp, "arn:aws:s3*", object));
}

#[test]
fn the_resource_star_is_listed_by_star_alone() {
    // M-10, M-16.
    let identity = PolicyType::Identity;
    assert!(usually(identity, "*", "*"));
    assert!(usually(identity, "*", "arn:aws:s3:::bucket"));
    assert!(!usually(identity, "arn:aws:s3:::*", "*"));
    let all = ResourceRules { all_matches_arns: true, ..ResourceRules::default() };
    assert!(lists(identity, "arn:aws:s3:::*", "*", all));
    assert!(!lists(identity, "arn:aws:s3:::bucket*", "*", all));
    // What matches nothing (V-3) does not match it under Q23 either.
    assert!(!lists(identity, "arn:aws:sns:*:${aws:PrincipalAccount}:*", "*", all));
    let early = ResourceRules { early_variables: true, ..all };
    assert!(lists(identity, "arn:aws:sns:*:${aws:PrincipalAccount}:*", "*", early));
}

#[test]
fn short_entries_with_variables_are_read_as_written() {
    // As the evaluator does: it completes no entry with a variable (M-14, Q26).
    let early = ResourceRules { early_variables: true, ..ResourceRules::default() };
    for kind in [PolicyType::Identity, PolicyType::Session] {
        let clause = clause(kind, &["${aws:username}"], early);
        let [entry] = clause.entries.as_slice() else { panic!("one entry") };
        let EntryForm::Relational(_, parts) = &entry.form else { panic!("{:?}", entry.form) };
        // Completed, five fields would stand behind it.
        assert!(matches!(parts.as_slice(), [Part::Variable(..)]), "{parts:?}");
    }
}

#[test]
fn case_counts_in_the_first_fields_unless_the_switch_says_otherwise() {
    // M-15.
    let ignoring = ResourceRules { fields_ignore_case: true, ..ResourceRules::default() };
    let object = "arn:aws:s3:::bucket";
    assert!(!usually(PolicyType::Identity, "arn:AWS:s3:::bucket", object));
    assert!(lists(PolicyType::Identity, "arn:AWS:s3:::bucket", object, ignoring));
    assert!(!lists(PolicyType::Identity, "arn:aws:s3:::BUCKET", object, ignoring));
}
