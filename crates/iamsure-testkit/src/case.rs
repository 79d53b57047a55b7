//! Corpus cases: one file a topic, one case a claim about one rule.
//!
//! The form is described in `corpus/README.md`. A case is read with unknown fields refused, so that
//! a misspelt expectation cannot be silently ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use iamsure_core::decision::clause::{Facts, judge, value_of};
use iamsure_core::decision::{Outcome, Truth, Verdict, evaluate};
use iamsure_core::language::document::Version;
use iamsure_core::language::resource::{ResourceMatch, ResourcePattern};
use iamsure_core::language::variable::Reading;
use iamsure_core::language::{
    ActionName, ActionPattern, ConditionKey, PolicyDocument, PolicyType, Profile, Source,
};
use iamsure_core::world::{Context, KeyState, Switch, Switches};
use iamsure_review::finding::Finding;
use iamsure_review::saving;
use iamsure_review::spec_rule::RuleEvidence;
use serde::Deserialize;

use crate::exchange_case::{ExchangeCase, Exchanged};

/// One file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The cases, in order.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The claim, unique in its file.
    pub name: String,
    /// The id of the shared vector it was carried over from.
    #[serde(default)]
    pub id: Option<String>,
    /// The rules it is about.
    pub rule: Rules,
    /// How well AWS's behaviour is known.
    pub evidence: RuleEvidence,
    /// A note.
    #[serde(default)]
    pub why: Option<String>,
    /// Patterns against one action.
    #[serde(default)]
    pub action: Option<ActionCase>,
    /// Patterns against one resource.
    #[serde(default)]
    pub resource: Option<ResourceCase>,
    /// A Condition block against a context.
    #[serde(default)]
    pub condition: Option<ConditionCase>,
    /// A document against the grammar.
    #[serde(default)]
    pub validate: Option<ValidateCase>,
    /// A whole request in the request form, as JSON text.
    #[serde(default)]
    pub request: Option<String>,
    /// An exchange, or a chain of them, for a session.
    #[serde(default)]
    pub exchange: Option<ExchangeCase>,
    /// The switches to be set otherwise than by default, as the command line takes them.
    #[serde(default)]
    pub switches: Vec<String>,
    /// What is expected.
    pub expect: Expectation,
}

/// One rule or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Rules {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Rules {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(rule) => std::slice::from_ref(rule),
            Self::Several(rules) => rules.as_slice(),
        }
        .iter()
        .map(String::as_str)
    }
}

/// See [`Case::action`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionCase {
    patterns: Vec<String>,
    request: String,
    #[serde(default)]
    element: Option<String>,
}

/// See [`Case::resource`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceCase {
    patterns: Vec<String>,
    request: String,
    #[serde(default)]
    element: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, Values>,
}

/// See [`Case::condition`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionCase {
    block: String,
    #[serde(default)]
    context: BTreeMap<String, Values>,
    #[serde(default)]
    version: Option<String>,
}

/// See [`Case::validate`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidateCase {
    #[serde(rename = "type")]
    kind: String,
    text: String,
    #[serde(default)]
    lenient: bool,
}

/// The values of a context key: a text is single-valued, a list multivalued.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Values {
    Single(String),
    Multi(Vec<String>),
}

/// What a case expects.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Expectation {
    /// `match` or `no-match`.
    Word(String),
    /// What a document is found to be.
    Errors(Errors),
    /// What an exchange checks and yields.
    Exchange(Exchanged),
    /// What is decided.
    Decision(Decided),
    /// The text of AWS's denial.
    Message(Message),
}

/// The distinct error codes of a document, sorted; none means it is accepted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    errors: Vec<String>,
}

/// A decision and, unless it is left open, who answers for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    decision: String,
    #[serde(default)]
    by: Option<String>,
}

/// AWS's text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    message: String,
}

/// Every `.yaml` file under `folder`, by name, with its cases.
///
/// # Errors
/// What is wrong with which file.
pub fn load(folder: &Path) -> Result<Vec<(String, CaseFile)>, String> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| load_file(path)).collect()
}

fn load_file(path: &Path) -> Result<(String, CaseFile), String> {
    let topic = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{topic}: {error}"))?;
    let file: CaseFile =
        serde_saphyr::from_str(&text).map_err(|error| format!("{topic}: {error}"))?;
    let mut names = BTreeSet::new();
    for case in &file.cases {
        if !names.insert(case.name.as_str()) {
            return Err(format!("{topic}: the name `{}` is taken", case.name));
        }
    }
    Ok((topic, file))
}

impl Case {
    /// Runs the case.
    ///
    /// # Errors
    /// How the result differs from what is expected, or why the case cannot be run.
    pub fn run(&self) -> Result<(), String> {
        let switches = self.chosen()?;
        if let Some(case) = &self.exchange {
            let Expectation::Exchange(expected) = &self.expect else {
                return Err("such a case expects `checks` and `keys`, or `refused`".to_owned());
            };
            return self.unswitched(|| case.run(expected));
        }
        match (&self.action, &self.resource, &self.condition, &self.validate, &self.request) {
            (Some(case), None, None, None, None) => self.unswitched(|| self.matches(case.run()?)),
            (None, Some(case), None, None, None) => self.matches(case.run(&switches)?),
            (None, None, Some(case), None, None) => self.matches(case.run(&switches)?),
            (None, None, None, Some(case), None) => self.unswitched(|| self.validates(case)),
            (None, None, None, None, Some(text)) => self.decides(text, &switches),
            _ => Err("a case has exactly one of action, resource, condition, validate, request, exchange"
                .to_owned()),
        }
    }

    fn chosen(&self) -> Result<Switches, String> {
        self.switches.iter().try_fold(Switches::default(), |switches, text| switches.choose(text))
    }

    /// Runs a case that no switch could change.
    fn unswitched(&self, run: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
        if self.switches.is_empty() {
            run()
        } else {
            Err("no switch applies to such a case".to_owned())
        }
    }

    fn matches(&self, found: bool) -> Result<(), String> {
        let found = if found { "match" } else { "no-match" };
        match &self.expect {
            Expectation::Word(word) if word == "match" || word == "no-match" => same(word, found),
            _ => Err("such a case expects `match` or `no-match`".to_owned()),
        }
    }

    fn validates(&self, case: &ValidateCase) -> Result<(), String> {
        let Expectation::Errors(Errors { errors }) = &self.expect else {
            return Err("such a case expects `errors`".to_owned());
        };
        let kind = PolicyType::from_name(&case.kind).ok_or("no such type of policy")?;
        let profile = if case.lenient { Profile::Lenient } else { Profile::Strict };
        let inspection =
            PolicyDocument::inspect(&Source::new("case", case.text.as_str()), kind, profile);
        let mut found: BTreeSet<_> = inspection
            .findings
            .iter()
            .filter(|finding| finding.is_error())
            .map(|finding| finding.code.name())
            .collect();
        if inspection.document.is_some() != found.is_empty() {
            return Err("a document comes out exactly when nothing is an error".to_owned());
        }
        // What the service that stores it refuses besides.
        let refused =
            inspection.document.iter().flat_map(|document| saving::findings(document, profile));
        found.extend(refused.filter(Finding::is_error).map(|finding| finding.code.name()));
        let found: Vec<_> = found.into_iter().collect();
        same(&errors.join(", "), &found.join(", "))
    }

    fn decides(&self, text: &str, switches: &Switches) -> Result<(), String> {
        let form = iamsure_review::request_form::read(text, Profile::Lenient)
            .map_err(|error| error.to_string())?;
        let evaluation = evaluate(&form.policies, &form.request, switches);
        let Outcome::Decided(decision) = evaluation.outcome else {
            return Err("the answer depends on something unknown".to_owned());
        };
        match &self.expect {
            Expectation::Decision(Decided { decision: expected, by }) => {
                // The vectors call an exempt call allowed.
                let found = match decision.verdict {
                    Verdict::Allowed | Verdict::Exempt => "allowed",
                    Verdict::ExplicitlyDenied => "explicitlyDenied",
                    Verdict::ImplicitlyDenied => "implicitlyDenied",
                };
                same(expected, found)?;
                by.as_ref().map_or(Ok(()), |by| same(by, decision.by.name()))
            }
            Expectation::Message(Message { message }) => {
                let found = iamsure_core::decision::message::denial(&form.request, &decision);
                same(message, &found.unwrap_or_default())
            }
            _ => Err("such a case expects a decision or a message".to_owned()),
        }
    }
}

fn same(expected: &str, found: &str) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("expected `{expected}`, found `{found}`")) }
}

impl ActionCase {
    fn run(&self) -> Result<bool, String> {
        let action = ActionName::parse(&self.request).map_err(|error| error.to_string())?;
        let listed = self
            .patterns
            .iter()
            .any(|pattern| ActionPattern::new(pattern.as_str()).matches(&action));
        Ok(listed != complement(self.element.as_deref(), "Action")?)
    }
}

/// Whether `element` is the `Not…` form of `name`.
fn complement(element: Option<&str>, name: &str) -> Result<bool, String> {
    match element {
        None => Ok(false),
        Some(element) if element == name => Ok(false),
        Some(element) if element.strip_prefix("Not") == Some(name) => Ok(true),
        Some(element) => Err(format!("`{element}` is neither {name} nor Not{name}")),
    }
}

impl ResourceCase {
    fn run(&self, switches: &Switches) -> Result<bool, String> {
        let kind = PolicyType::from_name(self.kind.as_deref().unwrap_or("identity"))
            .ok_or("no such type of policy")?;
        let context = context_of(&self.context)?;
        let reading = reading(self.version.as_deref(), switches)?;
        let facts = Facts { context: &context, reading, switches };
        let rules = iamsure_core::decision::statement::resource_rules(switches);
        let found: Vec<_> = self
            .patterns
            .iter()
            .map(|pattern| {
                let pattern = ResourcePattern::new(pattern.as_str());
                pattern.matches(&self.request, kind, reading, rules, |key| value_of(key, facts))
            })
            .collect();
        let listed = found.contains(&ResourceMatch::Yes);
        let complement = complement(self.element.as_deref(), "Resource")?;
        let undefined = complement
            && found.contains(&ResourceMatch::NoValue)
            && switches.is_alternative(Switch::Q3);
        Ok(listed != complement && !undefined)
    }
}

impl ConditionCase {
    fn run(&self, switches: &Switches) -> Result<bool, String> {
        let version = match self.version.as_deref() {
            Some("none") => String::new(),
            Some(version) => format!("\"Version\": \"{version}\","),
            None => format!("\"Version\": \"{}\",", Version::V2012.as_str()),
        };
        let text = format!(
            "{{{version} \"Statement\": {{\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": {}}}}}",
            self.block
        );
        let source = Source::new("case", text);
        let document = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient)
            .map_err(|findings| format!("{findings:?}"))?;
        let context = context_of(&self.context)?;
        let reading = document.reading(switches.is_alternative(Switch::Q1));
        let facts = Facts { context: &context, reading, switches };
        let statement = document.statements.first().ok_or("no statement")?;
        Ok(statement
            .condition
            .clauses
            .iter()
            .all(|clause| judge(clause, facts).truth == Truth::True))
    }
}

fn reading(version: Option<&str>, switches: &Switches) -> Result<Reading, String> {
    match version {
        None | Some("2012-10-17") => Ok(Reading::Substituted),
        Some("none") if switches.is_alternative(Switch::Q1) => Ok(Reading::Substituted),
        Some("2008-10-17" | "none") => Ok(Reading::Plain),
        Some(other) => Err(format!("no such version: {other}")),
    }
}

fn context_of(entries: &BTreeMap<String, Values>) -> Result<Context, String> {
    let mut context = Context::closed();
    for (key, values) in entries {
        let state = match values.clone() {
            Values::Single(value) => KeyState::Single(value),
            Values::Multi(values) => KeyState::Multi(values),
        };
        context.add(ConditionKey::new(key.as_str()), state).map_err(|error| error.to_string())?;
    }
    Ok(context)
}
