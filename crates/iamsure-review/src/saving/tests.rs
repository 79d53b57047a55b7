//! Each limit, at it and one beyond it.

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};

use super::service::{Measure, SERVICES, ServicePolicy};
use super::*;

fn codes(text: &str) -> Vec<&'static str> {
    let source = Source::new("test.json", text);
    let document =
        PolicyDocument::inspect(&source, PolicyType::Resource, Profile::Strict).document.unwrap();
    findings(&document, Profile::Strict).into_iter().map(|finding| finding.code.name()).collect()
}

/// A document of `counted` of a measure, about nothing but the service.
fn document(service: &ServicePolicy, measure: Measure, counted: usize) -> String {
    let (mut principals, mut conditions, mut actions, mut statements) = (1, 0, 1, 1);
    match measure {
        Measure::Bytes => {}
        Measure::Statements => statements = counted,
        Measure::Principals => principals = counted,
        Measure::Conditions => conditions = counted,
        Measure::ActionsOfStatement => actions = counted,
    }
    let list = |number: usize, one: &dyn Fn(usize) -> String| {
        (0..number).map(one).collect::<Vec<_>>().join(",")
    };
    let principals = list(principals, &|at| format!(r#""{:012}""#, 111_122_223_333 + at));
    let conditions = list(conditions, &|at| format!(r#""aws:PrincipalTag/t{at}":"x""#));
    // Every service but SNS takes any name here; nothing of S3 works on what it does not list.
    let name = if service.prefix == "sns" { "Publish" } else { "Any" };
    let actions = list(actions, &|_| format!(r#""{}:{name}""#, service.prefix));
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":[{principals}]}},"Action":[{actions}],"Resource":"*","Condition":{{"StringEquals":{{{conditions}}}}}}}"#
    );
    let statements = list(statements, &|_| statement.clone());
    let mut text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    if measure == Measure::Bytes {
        text.push_str(&" ".repeat(counted - text.len()));
    }
    text
}

#[test]
fn what_is_at_a_limit_is_stored_and_what_is_beyond_it_is_not() {
    for service in &SERVICES {
        for limit in service.limits {
            let of_limit = |counted| {
                let mut codes = codes(&document(service, limit.measure, counted));
                codes.retain(|code| code.starts_with("service-"));
                codes
            };
            let (at, beyond) = (of_limit(limit.most), of_limit(limit.most + 1));
            assert!(at.is_empty(), "{} {:?}: {at:?}", service.prefix, limit.measure);
            assert_eq!(beyond, ["service-limit"], "{} {:?}", service.prefix, limit.measure);
        }
    }
}

#[test]
fn what_may_be_a_limit_of_all_statements_is_a_warning() {
    let queue = SERVICES.iter().find(|service| service.prefix == "sqs").unwrap();
    let one = document(queue, Measure::Conditions, 6);
    let inner = one.split_once('[').unwrap().1.strip_suffix("]}").unwrap();
    let two = format!(r#"{{"Version":"2012-10-17","Statement":[{inner},{inner}]}}"#);
    assert_eq!(codes(&two), ["service-limit-of-all"]);
}

#[test]
fn a_document_of_two_services_is_not_judged() {
    let mixed = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":["arn:aws:s3:::b","arn:aws:sns:us-east-1:111122223333:t"]}]}"#;
    assert!(codes(mixed).is_empty());
}

#[test]
fn services_and_codes_are_named_once() {
    assert!(SERVICES.is_sorted_by(|one, next| one.prefix < next.prefix));
    assert!(
        SERVICES.iter().all(|service| iamsure_reference::service(service.prefix).known().is_some())
    );
}
