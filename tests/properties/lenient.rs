//! What cannot be read never widens access: a policy in which an entry was made unreadable, read leniently, allows
//! nothing that it did not allow before.

use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{Context, PolicySet, Principal, Request, Switches};
use iamsure_testkit::strategy::document::policy_text;
use iamsure_testkit::strategy::world::{policy_set, request};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{cases, decide};

/// What no rule reads, in each element.
const ACTIONS: [&str; 5] = ["nothing", "s3:Get:Object", "s*:GetObject", "?3:*", "a b:c"];
const RESOURCES: [&str; 4] = ["bucket", "bucket/*", "s3:::bucket", "ARN:aws:s3:::bucket"];

/// One way to break an entry.
#[derive(Clone, Copy, Debug)]
struct Break {
    text: usize,
    whole: bool,
}

/// Every place in a statement that an entry stands at.
fn places(document: &Value) -> Vec<(usize, &'static str, usize)> {
    let statements = document.get("Statement").map(listed).unwrap_or_default();
    let mut places = Vec::new();
    for (number, statement) in statements.iter().enumerate() {
        for element in
            ["Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal"]
        {
            let Some(found) = statement.get(element) else { continue };
            let count = if found.is_object() { 1 } else { listed(found).len() };
            places.extend((0..count).map(|at| (number, element, at)));
        }
    }
    places
}

fn listed(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}

fn slot(value: &mut Value, at: usize) -> Option<&mut Value> {
    if value.is_array() { value.get_mut(at) } else { Some(value) }
}

/// The document with the entry at a place made unreadable.
fn broken(document: &Value, place: (usize, &'static str, usize), how: Break) -> Option<Value> {
    let (statement, element, at) = place;
    let mut document = document.clone();
    let found = slot(document.get_mut("Statement")?, statement)?.get_mut(element)?;
    let pick = |texts: &[&str]| texts.get(how.text % texts.len()).map(|text| json!(text));
    match element {
        "Action" | "NotAction" => *slot(found, at)? = pick(&ACTIONS)?,
        "Resource" | "NotResource" => *slot(found, at)? = pick(&RESOURCES)?,
        _ if how.whole => *found = json!("nobody"),
        _ => {
            *found = match pick(&["Bogus", "aws", "AWS"])? {
                Value::String(key) if key == "AWS" => json!({ "AWS": "nobody-at-all" }),
                Value::String(key) => json!({ key: "111122223333" }),
                _ => return None,
            };
        }
    }
    Some(document)
}

fn read(text: &str, kind: PolicyType) -> Option<PolicyDocument> {
    PolicyDocument::read(&Source::new("p", text), kind, Profile::Lenient).ok()
}

fn put(set: &PolicySet, document: PolicyDocument) -> PolicySet {
    let mut set = set.clone();
    match document.kind {
        PolicyType::Identity => set.identity = vec![document],
        PolicyType::Resource => set.resource = Some(document),
        PolicyType::Scp => set.scp = vec![vec![document]],
        _ => set.boundary = Some(document),
    }
    set
}

fn text() -> impl Strategy<Value = (PolicyType, String)> {
    prop_oneof![
        Just(PolicyType::Identity),
        Just(PolicyType::Boundary),
        Just(PolicyType::Resource),
        Just(PolicyType::Scp)
    ]
    .prop_flat_map(|kind| (Just(kind), policy_text(kind)))
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn what_cannot_be_read_never_widens_access(
        (kind, text) in text(),
        others in policy_set(),
        place in any::<Index>(),
        how in (0..20_usize, any::<bool>()).prop_map(|(text, whole)| Break { text, whole }),
        request in request(),
    ) {
        let written: Value = serde_json::from_str(&text).unwrap();
        let places = places(&written);
        prop_assume!(!places.is_empty());
        let broken = broken(&written, places[place.index(places.len())], how);
        let Some(broken) = broken else { return Ok(()) };
        // What is always an error is used by nobody.
        let Some(after) = read(&broken.to_string(), kind) else { return Ok(()) };
        let before = read(&text, kind).unwrap();
        let switches = Switches::default();
        let was = decide(&put(&others, before), &request, &switches).verdict.succeeds();
        let is = decide(&put(&others, after), &request, &switches).verdict.succeeds();
        prop_assert!(was || !is, "{}", broken);
    }
}

/// Each way to break the only entry of an element, in an Allow and in a Deny: an entry that is lost leaves an empty list,
/// which takes a Deny away (G-9).
#[test]
fn a_statement_whose_only_entry_cannot_be_read_never_widens_access() {
    let elements = [
        ("Action", json!("*")),
        ("NotAction", json!("ec2:*")),
        ("Resource", json!("*")),
        ("NotResource", json!("arn:aws:s3:::other/*")),
        ("Principal", json!("*")),
        ("Principal", json!({ "AWS": "111122223333" })),
        ("NotPrincipal", json!({ "AWS": "444455556666" })),
        ("NotPrincipal", json!({ "Federated": "accounts.google.com" })),
    ];
    let action = ActionName::parse("s3:GetObject").unwrap();
    let caller = Principal::Root { account: "111122223333".to_owned() };
    let request = Request::new(caller, action, "arn:aws:s3:::b/k", Context::closed());
    let allow = json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" });
    let mut took_effect = 0;
    for (effect, (element, entry)) in
        ["Allow", "Deny"].into_iter().flat_map(|effect| elements.iter().map(move |of| (effect, of)))
    {
        let mut statement = allow.clone();
        statement["Effect"] = json!(effect);
        for pair in ["Action", "Resource", "Principal"] {
            if element.ends_with(pair) {
                statement.as_object_mut().unwrap().remove(pair);
            }
        }
        statement[*element] = entry.clone();
        let others = if effect == "Deny" { vec![allow.clone()] } else { Vec::new() };
        let statements: Vec<_> = std::iter::once(statement).chain(others).collect();
        let written = json!({ "Version": "2012-10-17", "Statement": statements });
        let succeeds = |document: &Value| {
            let document = read(&document.to_string(), PolicyType::Resource)?;
            let set = PolicySet::of(document);
            Some(decide(&set, &request, &Switches::default()).verdict.succeeds())
        };
        let was = succeeds(&written).unwrap();
        took_effect += usize::from(was == (effect == "Allow"));
        for (text, whole) in (0..20).flat_map(|text| [(text, false), (text, true)]) {
            let broken = broken(&written, (0, element, 0), Break { text, whole }).unwrap();
            let Some(is) = succeeds(&broken) else { continue };
            assert!(was || !is, "{written} allows nothing; {broken} does");
        }
    }
    assert_eq!(took_effect, 2 * elements.len(), "a statement without an effect shows nothing");
}

/// The case that was found first.
#[test]
fn notprincipal_of_nobody_that_can_be_read_grants_nobody() {
    for principal in [json!({ "Bogus": "111122223333" }), json!("nobody"), json!({ "AWS": "x" })] {
        let text = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "NotPrincipal": principal, "Action": "*", "Resource": "*" }] });
        let document = read(&text.to_string(), PolicyType::Resource).unwrap();
        let action = ActionName::parse("s3:GetObject").unwrap();
        let context = Context::closed();
        let mut request = Request::new(Principal::Anonymous, action, "arn:aws:s3:::b/k", context);
        request.resource_account = Some("444455556666".to_owned());
        let decision = decide(&PolicySet::of(document), &request, &Switches::default());
        assert!(!decision.verdict.succeeds(), "{text}");
    }
}
