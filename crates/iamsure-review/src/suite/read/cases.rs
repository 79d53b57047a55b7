//! The cases of a test: everything with everything.

use std::sync::Arc;

use iamsure_core::decision::applicable::TRUST_ACTIONS;
use iamsure_core::language::{ActionName, ConditionKey, Span};
use iamsure_core::world::call_path::PathKind;
use iamsure_core::world::evidence::FixedKey;
use iamsure_core::world::{CallPath, Context, KeyState, Requester, Switches};
use iamsure_reference::condition_key;
use iamsure_truth::matrix::MatrixQuery;
use iamsure_truth::unpublished::{self, Unpublished};

use super::super::case::{Case, Scene, trust_is_of_resource};
use super::super::expectation::Expectation;
use super::super::test::Test;
use super::callers::Caller;
use super::fields::{Expected, TestReader};
use crate::tree::{Misread, Value};

/// How many cases one suite may have.
const MAX_CASES: usize = 200_000;

/// How many statements all cases of a suite may be held against: some seconds of work. Sets that ask alike count once.
const MAX_WORK: usize = 1_000_000;

impl TestReader<'_, '_, '_> {
    pub(super) fn cases(mut self) -> Result<Vec<Case>, Misread> {
        let callers = self.callers()?;
        let given = self.given()?;
        let switches = self.switches()?;
        let account = self.resource_account()?;
        let actions = self.actions()?;
        let resources = self.resources()?;
        let contexts = self.contexts()?;
        self.names_are_published(&actions, &contexts, &callers)?;
        let expected: Vec<Expected> = self.expectations()?;
        self.within_bounds([
            callers.len(),
            actions.len(),
            resources.len().max(1),
            contexts.len().max(1),
            expected.len(),
        ])?;
        let columns = columns(&contexts, &expected);
        let mut cases = Vec::new();
        let mut before: Option<(&Caller, [Arc<Scene>; 3])> = None;
        for caller in &callers {
            let is_exchange = |path: &CallPath| matches!(path.kind(), PathKind::Exchange(_));
            let beside_paths = columns.iter().any(|(path, ..)| !is_exchange(path));
            let asking = match caller.asking() {
                Err(error) if beside_paths => return Err(Misread::at(self.node.span, error)),
                asking => asking.unwrap_or_default(),
            };
            let of_resource = !caller.is_of_principal
                && trust_is_of_resource(&caller.policies, !resources.is_empty());
            let scenes = match before.take() {
                // Sets that are `like` another share what is worked out about it.
                Some((other, scenes)) if other.asks_alike(caller) => scenes,
                _ => {
                    let each = actions.len() * resources.len().max(1) * columns.len();
                    self.within_work(caller.policies.statements().count(), each)?;
                    let scene = |who: Option<&Requester>, trust_is_of_resource| {
                        let query =
                            query(caller, who, trust_is_of_resource, account.as_ref(), switches);
                        Arc::new(Scene::new(query, given))
                    };
                    [
                        scene(asking.as_ref(), of_resource),
                        // Who becomes a role is not the role.
                        scene(caller.requester.as_ref(), of_resource),
                        scene(asking.as_ref(), caller.policies.trust.is_some()),
                    ]
                }
            };
            let [usual_scene, of_exchanges, of_own_role] = &scenes;
            let Caller { set, label: who, .. } = caller;
            for (action, span) in &actions {
                let of_trust = TRUST_ACTIONS.iter().any(|name| action.is(name));
                if of_trust
                    && beside_paths
                    && !caller.is_of_principal
                    && whose_trust_is_unclear(usual_scene, &resources)
                {
                    let message = format!(
                        "the trust policy decides who may call {action}, and the set contains it together with the role's own policies"
                    );
                    return Err(Misread::at(*span, message).help(format!(
                        "use the call path {action} in `expect`, or name the role in `resources`, and give the caller's policies in a separate set"
                    )));
                }
                let usual = || {
                    iamsure_reference::example_resource(action.as_str())
                        .unwrap_or_else(|| "*".to_owned())
                };
                let list = if resources.is_empty() { vec![usual()] } else { resources.clone() };
                for resource in list {
                    for (path, expectation, span, label) in &columns {
                        let about = if resources.len() > 1 {
                            format!(" on {resource}")
                        } else {
                            String::new()
                        };
                        let by = if who.is_empty() { String::new() } else { format!(" by {who}") };
                        let scene = if is_exchange(path) {
                            of_exchanges
                        } else if caller.is_own_role(&resource) {
                            of_own_role
                        } else {
                            usual_scene
                        };
                        cases.push(Case {
                            set: *set,
                            scene: scene.clone(),
                            action: action.clone(),
                            resource: resource.clone(),
                            resource_was_said: !resources.is_empty(),
                            path: path.clone(),
                            expected: expectation.clone(),
                            span: *span,
                            label: format!("{action}{about}{by}{label}"),
                        });
                    }
                }
            }
            before = Some((caller, scenes));
        }
        Ok(cases)
    }
}

/// What is asked of a caller's policies, before it is known which request.
fn query(
    caller: &Caller,
    who: Option<&Requester>,
    trust_is_of_resource: bool,
    account: Option<&String>,
    switches: Switches,
) -> MatrixQuery {
    MatrixQuery {
        policies: caller.policies.clone(),
        trust_is_of_resource,
        who: who.cloned().into(),
        questions: Vec::new(),
        wildcards: Vec::new(),
        paths: Vec::new(),
        context: Context::open(),
        resource_account: account.cloned(),
        switches,
        known_later: caller.known_later,
        is_whole: true,
    }
}

/// A path with the keys of a context, what is expected on it, where that is written, and what tells it apart.
type ColumnOfCases = (Arc<CallPath>, Arc<Expectation>, Span, String);

/// Every path with every context.
fn columns(contexts: &[(String, Vec<FixedKey>)], expected: &[Expected]) -> Vec<ColumnOfCases> {
    let mut columns = Vec::new();
    for (path, expectation, span) in expected {
        for (name, keys) in contexts {
            let base = path.clone().unwrap_or_else(CallPath::any);
            let with = if keys.is_empty() { base } else { base.with_keys(keys) };
            let mut label = String::new();
            if path.is_some() {
                label.push_str(" on ");
                label.push_str(with.name());
            }
            if !name.is_empty() {
                label.push_str(" in ");
                label.push_str(name);
            }
            columns.push((Arc::new(with), Arc::clone(expectation), *span, label));
        }
    }
    columns
}

impl TestReader<'_, '_, '_> {
    /// Everything with everything is soon more than anybody can decide, or read.
    fn within_bounds(&self, counts: [usize; 5]) -> Result<(), Misread> {
        let cases = counts.into_iter().fold(1_usize, usize::saturating_mul);
        let before: usize = self.reader.tests.iter().map(Test::cases).sum();
        if before.saturating_add(cases) <= MAX_CASES {
            return Ok(());
        }
        let message = format!("this test takes the suite past the limit of {MAX_CASES} cases");
        Err(Misread::at(self.node.span, message).help(
            "a test has a case for each caller, action, resource, context and call path: name fewer of them, use a `claim`, or split the suite",
        ))
    }

    /// A few cases of large policies are as much work as many of small ones.
    fn within_work(&mut self, statements: usize, cases: usize) -> Result<(), Misread> {
        let work = &mut self.reader.work;
        *work = work.saturating_add(statements.saturating_mul(cases));
        if *work <= MAX_WORK {
            return Ok(());
        }
        let message =
            format!("this test takes the suite past the limit of {MAX_WORK} statement evaluations");
        Err(Misread::at(self.node.span, message)
            .help("use a `claim`, split the suite, or name fewer policy sets with thousands of statements"))
    }

    /// What AWS does not publish is misspelt, unless the test says otherwise (`allow-unpublished`): an action, a key
    /// that no policy of the test asks about either, a value that a key of its type never has.
    fn names_are_published(
        &self,
        actions: &[(ActionName, Span)],
        contexts: &[(String, Vec<FixedKey>)],
        callers: &[Caller],
    ) -> Result<(), Misread> {
        if self.allows_unpublished()? {
            return Ok(());
        }
        for (action, span) in actions {
            if let Some(odd) = unpublished::of_action(action.as_str())
                && !iamsure_reference::action(action.as_str()).is_retired()
            {
                return Err(misspelt(odd, *span));
            }
        }
        for key in contexts.iter().flat_map(|(_, keys)| keys) {
            let name = key.key.as_str();
            let span = self.place_of(&key.key);
            let is_asked = callers.iter().any(|caller| caller.policies.keys().contains(&key.key));
            if let Some(odd) = unpublished::of_key(name)
                && !is_asked
                && !condition_key(name).is_retired()
            {
                return Err(misspelt(odd, span));
            }
            let values = match &key.state {
                KeyState::Single(text) => std::slice::from_ref(text),
                KeyState::Multi(texts) => texts,
                KeyState::Absent | KeyState::Unknown => &[],
            };
            if let Some(odd) =
                values.iter().find_map(|text| unpublished::of_value_in_request(&key.key, text))
            {
                return Err(misspelt(odd, span));
            }
        }
        Ok(())
    }

    fn allows_unpublished(&self) -> Result<bool, Misread> {
        match self.value.get("allow-unpublished") {
            None => Ok(false),
            Some(node) => match node.value {
                Value::Bool(allows) => Ok(allows),
                _ => Err(Misread::at(node.span, "`allow-unpublished` is `true` or `false`")),
            },
        }
    }

    /// Where the test says something of a key: there, or where it names its contexts.
    fn place_of(&self, key: &ConditionKey) -> Span {
        let own = match self.value.get("context").map(|node| &node.value) {
            Some(Value::Mapping(entries)) => entries
                .iter()
                .find(|entry| ConditionKey::new(entry.key.value.as_str()) == *key)
                .map(|entry| entry.key.span),
            _ => None,
        };
        own.or_else(|| self.value.get("contexts").map(|node| node.span)).unwrap_or(self.node.span)
    }
}

fn misspelt(odd: Unpublished, span: Span) -> Misread {
    let Unpublished { message, help, .. } = odd;
    let otherwise = "`allow-unpublished: true` tests it anyway";
    Misread::at(span, message).help(match help {
        Some(help) => format!("{help} {otherwise}"),
        None => otherwise.to_owned(),
    })
}

/// Whether somebody is said to call, and the policies beside the trust policy may be the caller's or the role's.
fn whose_trust_is_unclear(scene: &Scene, resources: &[String]) -> bool {
    let query = &scene.query;
    query.who.named().is_some()
        && resources.is_empty()
        && query.policies.trust.is_some()
        && !query.policies.identity.is_empty()
}
