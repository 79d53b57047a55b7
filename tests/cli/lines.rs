//! JSON lines are the JSON answer, taken apart.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Map, Value};

const COMPANY: &str = "corpus/accounts/company.json";

fn answer(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iamsure"));
    let output = command.arg("account").args(arguments).current_dir(super::root()).output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

/// The names of lists, by what one of it is called.
const LISTS: [(&str, &str); 5] = [
    ("principal", "principals"),
    ("policy", "policies"),
    ("role", "roles"),
    ("path", "paths"),
    ("edge", "edges"),
];

#[test]
fn what_is_on_lines_is_the_answer() {
    let after = "corpus/accounts/company-after.json";
    for (question, lists) in [
        (vec!["who-can", "iam:PassRole", COMPANY], 1),
        (vec!["prove", "never allow iam:PassRole", COMPANY], 1),
        (vec!["review", COMPANY], 1),
        (vec!["review", "corpus/accounts/plan.json"], 2),
        (vec!["tokens", COMPANY], 1),
        (vec!["paths", COMPANY], 2),
        (vec!["diff", COMPANY, after], 1),
    ] {
        let run = |format: &str| answer(&[question.as_slice(), &["--format", format]].concat());
        let mut whole: Value = serde_json::from_str(&run("json")).unwrap();
        let mut again: Map<String, Value> = Map::new();
        let lines = run("jsonl");
        let mut found = BTreeSet::new();
        for line in lines.lines() {
            let Value::Object(object) = serde_json::from_str(line).unwrap() else {
                panic!("{line}")
            };
            let (name, value) = object.into_iter().next().unwrap();
            if let Some((_, list)) = LISTS.iter().find(|(one, _)| **one == name) {
                let list = again.entry(*list).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().unwrap().push(value);
                found.insert(name);
            } else {
                assert_eq!(name, "answer");
                let Value::Object(rest) = value else { panic!("{line}") };
                again.extend(rest);
            }
        }
        // A list of nothing has no line.
        whole.as_object_mut().unwrap().retain(|name, value| {
            !LISTS.iter().any(|(_, list)| list == name) || value != &Value::Array(Vec::new())
        });
        assert_eq!(Value::Object(again), whole, "{question:?}");
        assert!(found.len() >= lists, "{question:?}: {found:?}");
    }
}

#[test]
fn several_claims_are_answered_as_each_alone() {
    let claims = [
        "never allow iam:PassRole when aws:MultiFactorAuthPresent is absent",
        "never allow s3:DeleteBucket",
        "never allow kms:ScheduleKeyDeletion",
    ];
    let alone = |format: &str| -> Vec<String> {
        claims.map(|claim| answer(&["prove", claim, COMPANY, "--format", format])).to_vec()
    };
    let [first, second, third] = claims;
    let together = |format: &str| {
        let more = ["--claim", second, "--claim", third, "--format", format];
        answer(&[&["prove", first, COMPANY], more.as_slice()].concat())
    };
    let whole: Value = serde_json::from_str(&together("json")).unwrap();
    let each: Vec<Value> =
        alone("json").iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    assert_eq!(whole["claims"], Value::Array(each));
    assert_eq!(whole["verdict"], "refuted");
    let lines = together("jsonl");
    let rest = lines.strip_prefix(&alone("jsonl").concat()).unwrap();
    assert_eq!(rest.lines().count(), 1, "{rest}");
}
