//! A first suite for policies: what they decide today, for a person to read and accept.

use std::fmt::Write as _;

use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, CallPaths, Context, PolicySet, Switches};
use iamsure_reference::well_known;
use iamsure_truth::ask::Answer;
use iamsure_truth::claim::{ClaimQuery, ClaimVerdict};
use iamsure_truth::matrix::{MatrixQuery, Question, StandsFor, questions, usual_paths};
use iamsure_truth::setting::Setting;

use super::case::trust_is_of_resource;
use super::expectation::{Expectation, Who, Word, Words};
use crate::review_claim::for_policies;
use crate::suite_text::{SetText, scalar};

/// The name of the policy set.
const SET: &str = "subject";

/// What the first suite says of one action on one resource.
struct Row {
    question: Question,
    /// What is decided on each path.
    expected: Vec<String>,
}

/// The text of a suite that says what `policies` decide today: the rows of their matrix on the usual call
/// paths, and what of the [library of claims](crate::review_claim) is true of them. `set` says where the policies are, as
/// the suite is to name them.
pub fn first_suite(policies: &PolicySet, set: &SetText) -> String {
    let mut out = String::from(
        "# What these policies decide today, from their decision matrix. Read every line: what you would not have\n# written yourself is a finding, not a test. Then give the tests names that say what is to hold.\npolicies:\n",
    );
    let _ = write!(out, "  {SET}:\n{set}");
    out.push_str("tests:\n");
    let without_tests = out.len();
    let paths: Vec<CallPath> = usual_paths(policies)
        .iter()
        .filter_map(|name| CallPath::named(name, &Switches::default()).ok())
        .collect();
    let asked = questions(policies, &[], &[]);
    let query = MatrixQuery {
        policies: policies.clone(),
        trust_is_of_resource: false,
        who: iamsure_truth::sample::Who::Anybody,
        questions: Vec::new(),
        wildcards: Vec::new(),
        paths: Vec::new(),
        context: Context::open(),
        resource_account: None,
        switches: Switches::default(),
    };
    exchanges(&query, &paths, &mut out);
    let calls: Vec<&CallPath> = paths
        .iter()
        .filter(|path| {
            !matches!(path.kind(), iamsure_core::world::call_path::PathKind::Exchange(_))
        })
        .collect();
    let members: Vec<ActionPattern> = asked
        .wildcards
        .iter()
        .filter_map(|wildcard| match &wildcard.stands_for {
            StandsFor::Pattern(pattern) => Some(members(pattern)),
            StandsFor::AnyOther => None,
        })
        .flatten()
        .collect();
    let of_members =
        if members.is_empty() { Vec::new() } else { questions(policies, &members, &[]).rows };
    let mut rows: Vec<Row> = Vec::new();
    let named = asked.rows.into_iter().chain(of_members);
    for question in named.filter(|question| question.stands_for.is_none()) {
        let is_there = |row: &Row| {
            row.question.action == question.action && row.question.resource == question.resource
        };
        if rows.iter().any(is_there) {
            continue;
        }
        let resource_matters = question.resource_matters;
        // As reading the suite will have it.
        let trust_is_of_resource = trust_is_of_resource(policies, resource_matters);
        let query = MatrixQuery { trust_is_of_resource, ..query.clone() };
        let words = |path: &&CallPath| words_of(&query.cell(path, &question), policies);
        let expected = calls.iter().map(words).collect();
        rows.push(Row { question, expected });
    }
    let mut told = vec![false; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        if told.get(at).copied().unwrap_or(true) {
            continue;
        }
        // Actions that are decided alike are one test, where the resource is only an example.
        let alike = |other: &Row| {
            other.expected == row.expected
                && !row.question.resource_matters
                && !other.question.resource_matters
        };
        let mut actions = Vec::new();
        for ((other, told), number) in rows.iter().zip(&mut told).zip(0..) {
            if number == at || (!*told && alike(other)) {
                *told = true;
                actions.push(other.question.action.to_string());
            }
        }
        test(row, &actions, &calls, &mut out);
    }
    if !asked.wildcards.is_empty() {
        let names: Vec<&str> =
            asked.wildcards.iter().map(|wildcard| wildcard.stands_for.name()).collect();
        let _ = writeln!(
            out,
            "\n  # No one request stands for these rows of the matrix: {}.\n  # Claims are about every request of theirs, and `iamsure test --snapshot` keeps what they decide.",
            names.join(", ")
        );
    }
    claims(policies, &mut out);
    if !out.contains("\n  - ") {
        out.truncate(without_tests);
        out.push_str("  [] # AWS publishes no action that these policies name: there is no request to ask about\n");
    }
    out
}

/// Two published actions of a pattern, those that are well known first.
fn members(pattern: &str) -> Vec<ActionPattern> {
    let service = pattern.split(':').next().unwrap_or_default();
    let pattern = ActionPattern::new(pattern);
    let is_member =
        |name: &String| ActionName::parse(name).is_ok_and(|action| pattern.matches(&action));
    let known = well_known(service).iter().map(|name| format!("{service}:{name}"));
    let published = iamsure_reference::expand(pattern.as_str()).map(|action| action.to_string());
    known.chain(published.take(2)).filter(is_member).take(2).map(ActionPattern::new).collect()
}

fn test(row: &Row, actions: &[String], paths: &[&CallPath], out: &mut String) {
    let resource = &row.question.resource;
    let name = if row.question.resource_matters {
        format!("{} on {resource}", actions.join(", "))
    } else {
        actions.join(", ")
    };
    let _ = writeln!(out, "\n  - name: {}", scalar(&name));
    let _ = writeln!(out, "    actions: {}", list(actions));
    if row.question.resource_matters {
        let _ = writeln!(out, "    resources: {}", list(std::slice::from_ref(resource)));
    }
    out.push_str("    expect:\n");
    for (path, words) in paths.iter().zip(&row.expected) {
        let _ = writeln!(out, "      {}: {}", scalar(path.name()), scalar(words));
        if words == "depends" {
            out.push_str("      # on what nobody said here: name the keys under `context`, or in a path of your own\n");
        }
    }
}

/// The exchanges that the trust policy decides.
fn exchanges(query: &MatrixQuery, paths: &[CallPath], out: &mut String) {
    for path in paths {
        let answers: Vec<Answer> =
            query.exchanges(path).into_iter().filter_map(|exchange| exchange.answer).collect();
        let mut words: Vec<String> =
            answers.iter().map(|answer| words_of(answer, &query.policies)).collect();
        words.dedup();
        // Where callers are decided apart, the claims say more than one test could.
        let [only] = words.as_slice() else { continue };
        let name = path.name();
        let _ = writeln!(
            out,
            "\n  - name: {}",
            scalar(&format!("{name} by whom the trust policy names"))
        );
        let _ = writeln!(
            out,
            "    actions: [{}]\n    expect:\n      {}: {}",
            scalar(name),
            scalar(name),
            scalar(only)
        );
    }
}

/// What of the library of claims is true of the policies.
fn claims(policies: &PolicySet, out: &mut String) {
    let mut told: Vec<String> = Vec::new();
    for review in for_policies(policies) {
        let about_trust = review
            .claim
            .actions()
            .iter()
            .any(|pattern| pattern.as_str().to_ascii_lowercase().starts_with("sts:"));
        let mut own = policies.clone();
        if policies.trust.is_some() && !policies.identity.is_empty() {
            if about_trust {
                continue;
            }
            own.trust = None;
        }
        let query = ClaimQuery {
            policies: own,
            claim: review.claim.clone(),
            setting: Setting::default(),
            paths: CallPaths::default(),
            open_world: review.is_open_world(),
        };
        let claim = review.claim.to_string();
        let holds = query.answer().is_ok_and(|proof| proof.verdict == ClaimVerdict::Proved);
        if !holds || told.contains(&claim) {
            continue;
        }
        let _ = writeln!(out, "\n  - claim: {}", scalar(&claim));
        if review.is_open_world() {
            out.push_str("    given: any other allow\n");
        }
        told.push(claim);
    }
}

/// The words for an answer: who decides, where there is one decision.
fn words_of(answer: &Answer, policies: &PolicySet) -> String {
    match (answer.decision(), answer.succeeds()) {
        (Some(decision), _) => {
            let word = Word::of(decision.verdict);
            let by = if word == Word::Exempt {
                Vec::new()
            } else {
                decision.statements.iter().filter_map(|id| who(policies, *id)).collect()
            };
            Expectation::Cases(vec![Words { word, by }]).to_string()
        }
        (None, Some(false)) => Word::Denied.as_str().to_owned(),
        (None, Some(true)) if answer.verdict().is_some() => Word::Allowed.as_str().to_owned(),
        (None, _) => "depends".to_owned(),
    }
}

/// The name of a statement: its Sid, or its number over all policies.
fn who(policies: &PolicySet, wanted: StatementId) -> Option<Who> {
    let (number, (_, _, statement)) =
        policies.statements().enumerate().find(|(_, (id, ..))| *id == wanted)?;
    let sid = statement.sid().filter(|sid| !sid.is_empty()).map(|sid| Who::Sid(sid.to_owned()));
    Some(sid.unwrap_or(Who::Number(number + 1)))
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| scalar(text)).collect();
    format!("[{}]", texts.join(", "))
}
