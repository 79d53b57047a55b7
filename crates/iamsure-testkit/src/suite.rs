//! Suites: policies, and what they must decide on each call path.
//!
//! The first part of the suite format: policy sets from files, actions, call paths, and decision
//! words. What the format will hold beyond that (claims, contexts, cross products) is refused here
//! by name, not skipped.

use std::collections::BTreeMap;
use std::path::Path;

use iamsure_core::decision::{Decision, Verdict};
use iamsure_core::language::{ActionName, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{CallPaths, Context, PolicySet, Switches};
use iamsure_review::path_file::PathForms;
use iamsure_truth::matrix::{Matrix, MatrixQuery, Question};
use iamsure_truth::resolution::Answer;
use serde::Deserialize;

/// A suite file, `*.iamsure.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// Policy sets by name.
    pub policies: BTreeMap<String, PolicyFiles>,
    /// Call paths of the suite's own.
    #[serde(default)]
    pub paths: PathForms,
    /// The tests.
    pub tests: Vec<SuiteTest>,
}

/// The files of a policy set, relative to the suite.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyFiles {
    #[serde(default)]
    identity: Vec<String>,
    #[serde(default)]
    resource: Option<String>,
    #[serde(default)]
    trust: Option<String>,
}

/// One test: every action on every path it names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuiteTest {
    /// The claim.
    pub name: String,
    /// The rules it rests on.
    pub rule: crate::case::Rules,
    /// Which policy set.
    pub principal: String,
    /// The actions.
    pub actions: Vec<String>,
    /// The resource; by default an example that fits each action.
    #[serde(default)]
    pub resource: Option<String>,
    /// Decision words by path.
    pub expect: BTreeMap<String, String>,
}

/// Reads a suite.
///
/// # Errors
/// What is wrong with the file.
pub fn load(path: &Path) -> Result<Suite, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

impl Suite {
    /// Runs one test; `folder` is where the suite's files are.
    ///
    /// # Errors
    /// Every expectation that does not hold, or why the test cannot be run.
    pub fn run(&self, test: &SuiteTest, folder: &Path) -> Result<(), String> {
        let files = self.policies.get(&test.principal).ok_or("no such policy set")?;
        let policies = files.read(folder)?;
        let mut wrong = Vec::new();
        for (path, expected) in &test.expect {
            for action in &test.actions {
                let found = self.answer(&policies, test, path, action)?;
                if !holds(expected, &found, &policies)? {
                    wrong.push(format!(
                        "{action} on {path}: expected `{expected}`, found {}",
                        describe(&found)
                    ));
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    fn answer(
        &self,
        policies: &PolicySet,
        test: &SuiteTest,
        path: &str,
        action: &str,
    ) -> Result<Answer, String> {
        let action_name = ActionName::parse(action).map_err(|error| error.to_string())?;
        let mut paths = CallPaths::new(Switches::default());
        self.paths.define("the suite", &mut paths).map_err(|error| error.to_string())?;
        let call_path = paths.named(path).map_err(|error| error.to_string())?;
        let usual = iamsure_reference::example_resource(action).unwrap_or_else(|| "*".to_owned());
        let question = Question {
            action: action_name,
            resource: test.resource.clone().unwrap_or(usual),
            stands_for: None,
            resource_matters: false,
            resources_left_out: 0,
        };
        let matrix = Matrix::decide(MatrixQuery {
            policies: policies.clone(),
            trust_is_of_resource: test.resource.is_some(),
            requester: None,
            questions: vec![question],
            wildcards: Vec::new(),
            paths: vec![call_path],
            context: Context::open(),
            resource_account: None,
            switches: Switches::default(),
        });
        if let Some(exchange) = matrix.exchanges.into_iter().next() {
            return exchange
                .answer
                .ok_or_else(|| "the exchange is not decided: no trust policy".to_owned());
        }
        matrix.answers.into_iter().flatten().next().ok_or_else(|| "the matrix is empty".to_owned())
    }
}

impl PolicyFiles {
    fn read(&self, folder: &Path) -> Result<PolicySet, String> {
        let read = |name: &String, kind| {
            let text = std::fs::read_to_string(folder.join(name))
                .map_err(|error| format!("{name}: {error}"))?;
            PolicyDocument::read(&Source::new(name.as_str(), text), kind, Profile::Strict)
                .map_err(|findings| format!("{name}: {findings:?}"))
        };
        Ok(PolicySet {
            identity: self
                .identity
                .iter()
                .map(|name| read(name, PolicyType::Identity))
                .collect::<Result<_, _>>()?,
            resource: self
                .resource
                .as_ref()
                .map(|name| read(name, PolicyType::Resource))
                .transpose()?,
            trust: self.trust.as_ref().map(|name| read(name, PolicyType::Trust)).transpose()?,
            ..PolicySet::default()
        })
    }
}

/// Whether an answer is what the words say. Several words joined by `then` are the answer's cases,
/// in order: the order of worlds, absent first.
fn holds(words: &str, answer: &Answer, policies: &PolicySet) -> Result<bool, String> {
    if words == "depends" {
        return Ok(answer.succeeds().is_none());
    }
    if words == "denied" {
        return Ok(answer.succeeds() == Some(false));
    }
    let expected: Vec<_> = words.split(" then ").collect();
    if !answer.not_excluded.is_empty() || expected.len() != answer.cases.len() {
        return Ok(false);
    }
    for (words, case) in expected.iter().zip(&answer.cases) {
        if !decided(words, &case.decision, policies)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn decided(words: &str, decision: &Decision, policies: &PolicySet) -> Result<bool, String> {
    let (outcome, sid) =
        words.split_once(" by ").map_or((words, None), |(outcome, sid)| (outcome, Some(sid)));
    let as_said = match outcome {
        "allowed" => decision.verdict == Verdict::Allowed,
        "denied" => {
            matches!(decision.verdict, Verdict::ExplicitlyDenied | Verdict::ImplicitlyDenied)
        }
        "explicitly denied" => decision.verdict == Verdict::ExplicitlyDenied,
        "implicitly denied" => decision.verdict == Verdict::ImplicitlyDenied,
        "exempt" => decision.verdict == Verdict::Exempt,
        other => return Err(format!("`{other}` is not a decision word")),
    };
    let names = |sid: &str| {
        decision
            .statements
            .iter()
            .filter_map(|id| policies.statement(*id))
            .any(|(_, found)| found.sid() == Some(sid))
    };
    Ok(as_said && sid.is_none_or(names))
}

fn describe(answer: &Answer) -> String {
    let cases: Vec<_> = answer
        .cases
        .iter()
        .map(|case| format!("{} by {}", case.decision.verdict, case.decision.by))
        .collect();
    cases.join(" then ")
}
