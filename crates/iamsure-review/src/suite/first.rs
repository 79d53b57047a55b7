//! A first suite for policies: what they decide today, for a person to read and accept.

use std::fmt::Write as _;

use std::collections::BTreeSet;

use iamsure_core::language::symbol::placeholders;
use iamsure_core::language::{ActionName, ActionPattern, ConditionKey};
use iamsure_core::world::policy_set::StatementId;
use iamsure_core::world::{CallPath, CallPaths, Context, KeyState, PolicySet, Switches};
use iamsure_reference::well_known;
use iamsure_truth::ask::{Answer, Assumed, Case};
use iamsure_truth::claim::{ClaimVerdict, Reason};
use iamsure_truth::known_later::{Bounds, symbols_about};
use iamsure_truth::matrix::{MatrixQuery, Question, StandsFor, questions, usual_paths};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::Column;

use super::case::trust_is_of_resource;
use super::expectation::{Expectation, Who, Word, Words};
use crate::review_claim::{World, for_policies};
use crate::suite_text::{SetText, TestText, comments, is_unpublished, scalar};

/// The name of the policy set.
const SET: &str = "subject";

/// What the first suite says of one action on one resource.
struct Row {
    question: Question,
    /// What is decided on each path; `None` where that depends on what is not given.
    expected: Vec<Option<String>>,
    /// Tests of the paths on which it depends: one for each outcome.
    pinned: Vec<TestText>,
    /// What no test could be written for.
    left_out: Vec<String>,
}

/// The text of a suite that says what `policies` decide today: the rows of their matrix on the usual call
/// paths, and what of the [library of claims](crate::review_claim) is true of them. `set` says where the policies are, as
/// the suite is to name them. Where symbols stand for values that are `known_later`, only what holds for every value is
/// written; what depends on them is named in a comment.
pub fn first_suite(policies: &PolicySet, known_later: bool, set: &SetText) -> String {
    let mut out = String::from(
        "# What these policies decide today, from their decision matrix. Read every line: a decision you would not have\n# written yourself is a finding, not a test. Then give each test a name that says what must hold.\npolicies:\n",
    );
    let _ = write!(out, "  {SET}:\n{set}");
    out.push_str("tests:\n");
    let without_tests = out.len();
    let paths = usual_paths(policies, &CallPaths::default());
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
        known_later,
        is_whole: true,
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
        rows.push(Row::of(question, &query, &calls));
    }
    let mut told = vec![false; rows.len()];
    for (at, row) in rows.iter().enumerate() {
        if told.get(at).copied().unwrap_or(true) {
            continue;
        }
        // Actions that are decided alike are one test, where the resource is only an example.
        let alike = |other: &Row| {
            other.expected == row.expected
                && !row.expected.contains(&None)
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
        comment(
            &mut out,
            format!(
                "No single request covers these rows of the matrix: {}. Use claims to cover all their requests, or `iamsure test --snapshot` to record their decisions.",
                names.join(", ")
            ),
        );
    }
    claims(policies, known_later, &mut out);
    if !out.contains("\n  - ") {
        let said = out.split_off(without_tests);
        if said.contains("# ") {
            out.push_str(
                "  [] # no test: what is decided of each request depends, as said below\n",
            );
            out.push_str(&said);
        } else {
            out.push_str("  [] # AWS publishes no action that these policies name: there is no request to test\n");
        }
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

impl Row {
    /// What is decided of a question on each path.
    fn of(question: Question, query: &MatrixQuery, paths: &[&CallPath]) -> Self {
        let mut row =
            Self { question, expected: Vec::new(), pinned: Vec::new(), left_out: Vec::new() };
        for path in paths {
            let answer = query.cell(path, &row.question);
            row.expected.push(words_on(&answer, query, &row.question));
            if row.expected.last() == Some(&None) {
                row.pin(query, path, &answer);
            }
        }
        row
    }

    /// Writes a test for each outcome of a path, with the key states that lead there.
    fn pin(&mut self, query: &MatrixQuery, path: &CallPath, answer: &Answer) {
        let on =
            if path.name() == CallPath::any().name() { None } else { Some(path.name().to_owned()) };
        let mut left_out = |why: String| {
            let on = on.as_ref().map_or_else(String::new, |path| format!(" on {path}"));
            self.left_out.push(format!("{}{on}: {why}", self.question.action));
        };
        let symbols = symbols_of(query, &self.question);
        let is_bounded = |case: &Case| {
            case.assumes.iter().any(|one| matches!(one, Assumed::Most | Assumed::Least))
        };
        if answer.cases.iter().any(is_bounded) {
            let why = depends_on(&symbols);
            left_out(if self.question.resource_matters {
                format!("on {}, {why}", self.question.resource)
            } else {
                why
            });
            return;
        }
        for case in &answer.cases {
            if !case.assumes.is_empty() {
                left_out(format!(
                    "{}, if the policy of the role or key is as assumed; give it in a set with these",
                    case.decision.verdict
                ));
                continue;
            }
            let keys: BTreeSet<&ConditionKey> =
                case.when.iter().flat_map(|when| when.keys()).filter_map(Column::key).collect();
            let context: Vec<(ConditionKey, KeyState)> = keys
                .into_iter()
                .map(|key| (key.clone(), case.witness.context.state(key).clone()))
                .filter(|(_, state)| *state != KeyState::Unknown)
                .collect();
            if query.known_later && context.iter().any(|(_, state)| names_symbols(state)) {
                left_out(format!(
                    "{} with a value known only after deployment",
                    case.decision.verdict
                ));
                continue;
            }
            let mut given = query.clone();
            for (key, state) in &context {
                given.context.set(key.clone(), state.clone());
            }
            // As the test will be read: it pins what is decided then, or nothing.
            let found = given.cell(path, &self.question);
            let Some(expect) = words_on(&found, query, &self.question) else {
                left_out(format!("{} in some requests", case.decision.verdict));
                continue;
            };
            let states: Vec<String> =
                context.iter().map(|(key, state)| format!("{key} {}", said(state))).collect();
            let about = on.as_ref().map_or_else(String::new, |path| format!(" on {path}"));
            let of = if self.question.resource_matters {
                format!(" of {}", self.question.resource)
            } else {
                String::new()
            };
            let name = format!("{}{of}{about} with {}", self.question.action, states.join(", "));
            // Other requests with the same states are the same test.
            if self.pinned.iter().any(|known| known.name == name) {
                continue;
            }
            self.pinned.push(TestText {
                name,
                action: self.question.action.to_string(),
                resource: self.question.resource_matters.then(|| self.question.resource.clone()),
                context,
                expect,
                path: on.clone(),
                ..TestText::default()
            });
        }
        for open in &answer.left_open {
            let verdicts: Vec<String> = open.verdicts().iter().map(ToString::to_string).collect();
            left_out(format!("{} could not be ruled out", verdicts.join(" and ")));
        }
    }
}

/// A state in the name of a test.
fn said(state: &KeyState) -> String {
    match state {
        KeyState::Absent => "absent".to_owned(),
        KeyState::Single(text) => text.clone(),
        KeyState::Multi(texts) => format!("[{}]", texts.join(", ")),
        KeyState::Unknown => "unknown".to_owned(),
    }
}

fn test(row: &Row, actions: &[String], paths: &[&CallPath], out: &mut String) {
    let resource = &row.question.resource;
    let name = if row.question.resource_matters {
        format!("{} on {resource}", actions.join(", "))
    } else {
        actions.join(", ")
    };
    let pinned: Vec<(&&CallPath, &String)> = paths
        .iter()
        .zip(&row.expected)
        .filter_map(|(path, words)| Some((path, words.as_ref()?)))
        .collect();
    if !pinned.is_empty() {
        let _ = writeln!(out, "\n  - name: {}", scalar(&name));
        let _ = writeln!(out, "    actions: {}", list(actions));
        if actions.iter().any(|action| is_unpublished(action, &[])) {
            out.push_str("    allow-unpublished: true\n");
        }
        if row.question.resource_matters {
            let _ = writeln!(out, "    resources: {}", list(std::slice::from_ref(resource)));
        }
        match pinned.as_slice() {
            [(path, words)] if path.name() == CallPath::any().name() => {
                let _ = writeln!(out, "    expect: {}", scalar(words));
            }
            several => {
                out.push_str("    expect:\n");
                for (path, words) in several {
                    let _ = writeln!(out, "      {}: {}", scalar(path.name()), scalar(words));
                }
            }
        }
    }
    for test in &row.pinned {
        let _ = write!(out, "\n{test}");
    }
    for why in &row.left_out {
        comment(out, format!("Not pinned: {why}"));
    }
}

/// A comment among the tests.
fn comment(out: &mut String, text: String) {
    out.push('\n');
    let _ = comments(out, "  ", &[text]);
}

/// The exchanges that the trust policy decides.
fn exchanges(query: &MatrixQuery, paths: &[CallPath], out: &mut String) {
    for path in paths {
        let answers: Vec<Answer> =
            query.exchanges(path).into_iter().filter_map(|exchange| exchange.answer).collect();
        let mut words: Vec<Option<String>> =
            answers.iter().map(|answer| words_of(answer, &query.policies)).collect();
        words.dedup();
        // Where callers are decided apart, the claims say more than one test could.
        let [Some(only)] = words.as_slice() else {
            if !words.is_empty() {
                let symbols = query.known_later.then(|| Bounds::of(&query.policies, ""));
                let why = match symbols.flatten() {
                    None => "it depends on the caller or its keys".to_owned(),
                    Some(bounds) => format!(
                        "it depends on the caller, its keys, or {}",
                        known_later_values(&bounds.symbols)
                    ),
                };
                comment(out, format!("Not pinned: {}: {why}.", path.name()));
            }
            continue;
        };
        let name = path.name();
        let _ = writeln!(
            out,
            "\n  - name: {}",
            scalar(&format!("{name} by a caller that the trust policy names"))
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
fn claims(policies: &PolicySet, known_later: bool, out: &mut String) {
    let setting = Setting { known_later, ..Setting::default() };
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
        // A suite has no words for the policies of callers that nobody gave.
        if review.world == World::Foreign {
            continue;
        }
        let query = review.query(own, &setting, &CallPaths::default());
        let claim = review.claim.to_string();
        if told.contains(&claim) {
            continue;
        }
        let Ok(proof) = query.answer() else { continue };
        if proof.verdict != ClaimVerdict::Proved {
            let symbols = proof.reasons.iter().find_map(|reason| match reason {
                Reason::KnownLater(symbols, _) => Some(symbols),
                _ => None,
            });
            if let Some(symbols) = symbols {
                comment(out, format!("Not pinned: {claim}: {}", depends_on(symbols)));
                told.push(claim);
            }
            continue;
        }
        let _ = writeln!(out, "\n  - claim: {}", scalar(&claim));
        if review.is_open_world() {
            out.push_str("    given: any other allow\n");
        }
        told.push(claim);
    }
}

/// The symbols for values that are known later on which a row may depend.
fn symbols_of(query: &MatrixQuery, question: &Question) -> BTreeSet<String> {
    if query.known_later {
        symbols_about(&query.policies, &question.action, Some(&question.resource))
    } else {
        BTreeSet::new()
    }
}

fn depends_on(symbols: &BTreeSet<String>) -> String {
    format!("it depends on {}", known_later_values(symbols))
}

fn known_later_values(symbols: &BTreeSet<String>) -> String {
    let names: Vec<&str> = symbols.iter().map(String::as_str).collect();
    format!("values known only after deployment: {}", names.join(", "))
}

/// Whether a state is that of a symbol in the policies, and no value.
fn names_symbols(state: &KeyState) -> bool {
    let is_one = |text: &String| !placeholders(text).is_empty();
    match state {
        KeyState::Single(text) => is_one(text),
        KeyState::Multi(texts) => texts.iter().any(is_one),
        KeyState::Absent | KeyState::Unknown => false,
    }
}

/// The words for the answer of a row. Where symbols may have a part in it, which statements decide may depend on their
/// values, and is not told.
fn words_on(answer: &Answer, query: &MatrixQuery, question: &Question) -> Option<String> {
    if symbols_of(query, question).is_empty() {
        return words_of(answer, &query.policies);
    }
    let word = match (answer.verdict(), answer.succeeds()) {
        (Some(verdict), _) => Word::of(verdict),
        (None, Some(false)) => Word::Denied,
        (None, _) => return None,
    };
    Some(Expectation::Cases(vec![Words { word, by: Vec::new() }]).to_string())
}

/// The words for an answer: who decides, where there is one decision. `None`: it depends.
fn words_of(answer: &Answer, policies: &PolicySet) -> Option<String> {
    Some(match (answer.decision(), answer.succeeds()) {
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
        (None, _) => return None,
    })
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
