//! Reading a suite: the whole file, and what it extends.

use iamsure_core::language::symbol::is_placeholder;
use iamsure_core::language::{ActionName, ActionPattern, Arn, Source, Span};
use iamsure_core::world::evidence::FixedKey;
use iamsure_core::world::{CallPath, CallPaths, PolicySet, Requester, Switches};
use iamsure_truth::claim::{Body as ClaimBody, Claim};
use iamsure_truth::setting::Setting;
use std::sync::Arc;

use super::Suite;
use super::case::{Case, Scene, trust_is_of_resource};
use super::error::SuiteError;
use super::expectation::{Expectation, ExpectedClaim};
use super::principal::{principal, principals};
use super::sets::{NamedSet, SetReader, unknown};
use super::shelf::Shelf;
use super::test::{Body, ClaimTest, Given, Test};
use crate::path_file;
use crate::tree::{self, Entry, Misread, Node, Shape, Value};

/// The fields of a suite.
pub(super) const FIELDS: [&str; 7] =
    ["extends", "policies", "principals", "contexts", "paths", "switches", "tests"];

/// The fields of a test.
pub(super) const TEST_FIELDS: [&str; 22] = [
    "name",
    "claim",
    "rule",
    "why",
    "source",
    "todo",
    "policies",
    "principal",
    "principals",
    "action",
    "actions",
    "resource",
    "resources",
    "resource-account",
    "context",
    "contexts",
    "path",
    "paths",
    "switches",
    "given",
    "expect",
    "id",
];

/// How deep suites may extend each other.
const MAX_DEPTH: usize = 16;

/// Reads a suite and everything it names.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(source: &Source, shelf: &mut dyn Shelf) -> Result<Suite, Vec<SuiteError>> {
    read_over(source, shelf, Vec::new(), Switches::default())
}

/// Reads a suite over policy sets that are there already.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read_over(
    source: &Source,
    shelf: &mut dyn Shelf,
    sets: Vec<NamedSet>,
    switches: Switches,
) -> Result<Suite, Vec<SuiteError>> {
    let mut reader = Reader {
        shelf,
        errors: Vec::new(),
        sets,
        principals: Vec::new(),
        contexts: Vec::new(),
        paths: CallPaths::new(switches),
        switches,
        tests: Vec::new(),
        above: Vec::new(),
    };
    reader.file(source, true);
    if reader.errors.is_empty() {
        let Reader { sets, paths, switches, tests, .. } = reader;
        Ok(Suite { source: source.clone(), sets, paths, switches, tests })
    } else {
        Err(reader.errors)
    }
}

struct Reader<'a> {
    shelf: &'a mut dyn Shelf,
    errors: Vec<SuiteError>,
    sets: Vec<NamedSet>,
    principals: Vec<(String, Requester)>,
    contexts: Vec<(String, Vec<FixedKey>)>,
    paths: CallPaths,
    switches: Switches,
    tests: Vec<Test>,
    /// The suites that extend the one that is read.
    above: Vec<String>,
}

impl Reader<'_> {
    fn refuse(&mut self, source: &Source, misread: Misread) {
        self.errors.push(SuiteError::of(source, misread));
    }

    /// Reads one file; its tests only if it is the suite itself.
    fn file(&mut self, source: &Source, is_suite: bool) {
        let document = match tree::document(source) {
            Ok(document) => document,
            Err(misread) => return self.refuse(source, misread),
        };
        let value = match document.fields("a suite", &FIELDS) {
            Ok(value) => value,
            Err(misread) => return self.refuse(source, misread),
        };
        if let Some(node) = value.get("extends") {
            self.above.push(source.name().to_owned());
            for item in node.one_or_many() {
                self.extend(source, item);
            }
            self.above.pop();
        }
        if let Some(node) = value.get("policies") {
            SetReader { source, shelf: &mut *self.shelf, errors: &mut self.errors }
                .sets(node, &mut self.sets);
        }
        let read = [
            value.get("switches").map(|node| self.all_switches(node)),
            value.get("principals").map(|node| principals(node, &mut self.principals)),
            value.get("contexts").map(|node| self.all_contexts(source, node)),
            value
                .get("paths")
                .map(|node| path_file::define(node, &file_name(source), &mut self.paths)),
        ];
        for misread in read.into_iter().flatten().filter_map(Result::err) {
            self.refuse(source, misread);
        }
        if !is_suite {
            return;
        }
        let Some(node) = value.get("tests") else {
            let message = "the suite has no tests";
            return self.refuse(
                source,
                Misread::at(document.span, message)
                    .help("say under `tests` what must be decided; `iamsure test --init POLICY` writes a first suite"),
            );
        };
        let Value::List(items) = &node.value else {
            return self.refuse(source, Misread::at(node.span, "`tests` is a list"));
        };
        for item in items {
            match self.test(source, item) {
                Ok(test) => {
                    if let Some(known) = self.tests.iter().find(|known| known.name == test.name) {
                        let place = source.place(known.span.start);
                        let message =
                            format!("a test is called `{}` already, at {place}", test.name);
                        self.refuse(source, Misread::at(test.span, message));
                    }
                    self.tests.push(test);
                }
                Err(misread) => self.refuse(source, misread),
            }
        }
    }

    fn extend(&mut self, source: &Source, item: &Node) {
        let told =
            item.string("`extends` is the name of a suite, or a list of names").and_then(|name| {
                if self.above.len() > MAX_DEPTH {
                    return Err(Misread::at(item.span, "suites extend each other too deeply"));
                }
                let found = self.shelf.suite(source.name(), &name);
                let base = found.map_err(|error| Misread::at(item.span, error))?;
                if self.above.iter().any(|above| above == base.name()) {
                    let message = format!("`{name}` extends this suite in turn");
                    return Err(Misread::at(item.span, message));
                }
                Ok(base)
            });
        match told {
            Ok(base) => self.file(&base, false),
            Err(misread) => self.refuse(source, misread),
        }
    }

    fn all_switches(&mut self, node: &Node) -> Result<(), Misread> {
        self.switches = switches(node, self.switches)?;
        // The paths follow the switches, where they settle Q20.
        self.paths = CallPaths::new(self.switches);
        Ok(())
    }

    fn all_contexts(&mut self, source: &Source, node: &Node) -> Result<(), Misread> {
        for entry in node.entries("`contexts` is a map of names to condition keys")? {
            let name = &entry.key.value;
            if self.contexts.iter().any(|(known, _)| known == name) {
                let message =
                    format!("the context `{name}` is there already, in a suite this one extends");
                return Err(Misread::at(entry.key.span, message));
            }
            self.contexts.push((name.clone(), path_file::keys(&entry.value, &file_name(source))?));
        }
        Ok(())
    }

    fn test(&mut self, source: &Source, node: &Node) -> Result<Test, Misread> {
        let value = node.fields("a test", &TEST_FIELDS)?;
        let text = |name: &str| {
            value.get(name).map(|node| node.string(&format!("`{name}` is a text"))).transpose()
        };
        let claim = value.get("claim");
        let name_node = value.get("name").or(claim).ok_or_else(|| {
            Misread::at(node.span, "the test has no name")
                .help("say in `name` what is to hold, or make it a `claim`")
        })?;
        let name = name_node.string("`name` is a text")?;
        let rules = value
            .get("rule")
            .map_or_else(Vec::new, Shape::one_or_many)
            .into_iter()
            .map(|node| node.string("`rule` is a text, or a list of texts"))
            .collect::<Result<_, _>>()?;
        let reading = TestReader { reader: self, source, node, value };
        let body = match claim {
            Some(claim) => Body::Claim(Box::new(reading.claim(claim)?)),
            // What is still to do may not yet say everything.
            None => match reading.cases() {
                Err(_) if value.get("todo").is_some() => Body::Cases(Vec::new()),
                read => Body::Cases(read?),
            },
        };
        Ok(Test {
            name,
            span: name_node.span,
            rules,
            why: text("why")?,
            source: text("source")?,
            todo: text("todo")?,
            body,
        })
    }
}

/// What is said of keys in a file, without its folders.
fn file_name(source: &Source) -> String {
    source.name().rsplit('/').next().unwrap_or_default().to_owned()
}

fn switches(node: &Node, base: Switches) -> Result<Switches, Misread> {
    node.one_or_many().into_iter().try_fold(base, |switches, item| {
        let text = item.string("`switches` is a list of choices, such as Q4=any-element")?;
        switches.choose(&text).map_err(|error| Misread::at(item.span, error))
    })
}

/// Who asks under which policies.
struct Caller {
    set: Option<usize>,
    policies: PolicySet,
    requester: Option<Requester>,
    /// What tells it from other callers of the test; empty if there is one.
    label: String,
}

struct TestReader<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    source: &'n Source,
    node: &'n Node,
    value: &'n Value,
}

impl TestReader<'_, '_, '_> {
    /// The items of a field that has a singular and a plural name.
    fn items(&self, one: &str, many: &str) -> Result<Vec<&Node>, Misread> {
        match (self.value.get(one), self.value.get(many)) {
            (Some(_), Some(node)) => {
                Err(Misread::at(node.span, format!("`{one}` and `{many}` are the same field")))
            }
            (Some(node), None) | (None, Some(node)) => Ok(node.one_or_many()),
            (None, None) => Ok(Vec::new()),
        }
    }

    fn only_for(&self, names: &[&str], what: &str) -> Result<(), Misread> {
        for Entry { key, .. } in self.node.entries("a test is a map")? {
            if names.contains(&key.value.as_str()) {
                return Err(Misread::at(key.span, format!("`{}` is for {what}", key.value)));
            }
        }
        Ok(())
    }

    fn given(&self) -> Result<Given, Misread> {
        let Some(node) = self.value.get("given") else { return Ok(Given::Nothing) };
        match node.value.text() {
            Some("any other allow") => Ok(Given::AnyOtherAllow),
            _ => Err(Misread::at(node.span, "`given` is `any other allow`, or is left out").help(
                "an Allow of your own goes into a policy set: `like` another set, with one more under `identity`",
            )),
        }
    }

    fn switches(&self) -> Result<Switches, Misread> {
        match self.value.get("switches") {
            None => Ok(self.reader.switches),
            Some(node) => switches(node, self.reader.switches),
        }
    }

    fn resource_account(&self) -> Result<Option<String>, Misread> {
        let Some(node) = self.value.get("resource-account") else { return Ok(None) };
        let account = node.string("`resource-account` is an account id in quotes")?;
        if account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Some(account));
        }
        Err(Misread::at(
            node.span,
            format!("`{account}` is no account id: twelve digits, in quotes"),
        ))
    }

    fn set_named(&self, node: &Node, name: &str) -> Result<usize, Misread> {
        let known = &self.reader.sets;
        known.iter().position(|set| set.name == name).ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|set| set.name.as_str()).collect();
            unknown(node.span, "policy set", name, &names)
        })
    }

    fn policies_of(&self, set: usize) -> PolicySet {
        self.reader.sets.get(set).map(|set| set.policies.clone()).unwrap_or_default()
    }

    /// The policy sets that the test names under `policies`.
    fn sets(&mut self) -> Result<Vec<(Option<usize>, PolicySet, String)>, Misread> {
        let Some(node) = self.value.get("policies") else { return Ok(Vec::new()) };
        let mut sets = Vec::new();
        for item in node.one_or_many() {
            if let Value::Mapping(_) = item.value {
                let Reader { shelf, errors, sets: before, .. } = &mut *self.reader;
                let policies = SetReader { source: self.source, shelf: &mut **shelf, errors }
                    .set("policies", item, before)?;
                sets.push((None, policies, "its own policies".to_owned()));
                continue;
            }
            let name = item.string("`policies` names a policy set")?;
            let set = self.set_named(item, &name)?;
            sets.push((Some(set), self.policies_of(set), name));
        }
        Ok(sets)
    }

    /// Who asks, under which policies: every set with every principal.
    fn callers(&mut self) -> Result<Vec<Caller>, Misread> {
        let sets = self.sets()?;
        let said = self.items("principal", "principals")?;
        let mut principals: Vec<(Option<Requester>, Option<usize>, String)> = Vec::new();
        for item in &said {
            let text = item.value.text().map(str::to_owned);
            let named = text.as_ref().and_then(|text| {
                self.reader.principals.iter().find(|(name, _)| name == text).map(|(_, who)| who)
            });
            let set = text
                .as_ref()
                .and_then(|text| self.reader.sets.iter().position(|set| set.name == *text));
            let requester = match (named, set) {
                (Some(requester), _) => Some(requester.clone()),
                (None, Some(_)) => None,
                (None, None) => Some(self.nobody_or(item)?),
            };
            principals.push((requester, set, text.unwrap_or_else(|| "a principal".to_owned())));
        }
        if principals.is_empty() {
            principals.push((None, None, String::new()));
        }
        let mut callers = Vec::new();
        let several = principals.len() > 1;
        for (requester, own, label) in principals {
            let label = if several { label } else { String::new() };
            if !sets.is_empty() {
                for (set, policies, name) in &sets {
                    let mut label = label.clone();
                    if sets.len() > 1 {
                        label = if label.is_empty() {
                            name.clone()
                        } else {
                            format!("{label} with {name}")
                        };
                    }
                    let (requester, policies) = (requester.clone(), policies.clone());
                    callers.push(Caller { set: *set, policies, requester, label });
                }
                continue;
            }
            let set = match (own, self.reader.sets.as_slice()) {
                (Some(set), _) => set,
                (None, [_]) => 0,
                (None, []) => {
                    return Err(Misread::at(self.node.span, "the suite names no policies")
                        .help("name policy sets under `policies`"));
                }
                (None, several) => {
                    let names: Vec<&str> = several.iter().map(|set| set.name.as_str()).collect();
                    let message = "the test does not say by which policies";
                    return Err(Misread::at(self.node.span, message)
                        .help(format!("say `policies`: there are {}", names.join(", "))));
                }
            };
            callers.push(Caller {
                set: Some(set),
                policies: self.policies_of(set),
                requester,
                label,
            });
        }
        Ok(callers)
    }

    /// A principal that has no name in the suite.
    fn nobody_or(&self, item: &Node) -> Result<Requester, Misread> {
        principal(item).map_err(|misread| {
            let names = self.reader.principals.iter().map(|(name, _)| name.as_str());
            let names = names.chain(self.reader.sets.iter().map(|set| set.name.as_str()));
            let text = item.value.text().unwrap_or_default();
            match tree::closest(text, names) {
                Some(meant) if !text.contains(':') => {
                    misread.help(format!("did you mean `{meant}`?"))
                }
                _ => misread,
            }
        })
    }

    /// The actions; a pattern stands for every action of it that AWS publishes.
    fn actions(&self) -> Result<Vec<(ActionName, Span)>, Misread> {
        let mut actions = Vec::new();
        for item in self.items("action", "actions")? {
            let text = item.string("an action is a text, such as s3:GetObject")?;
            match ActionName::parse(&text) {
                Ok(action) => actions.push((action, item.span)),
                Err(error)
                    if text.contains(['*', '?'])
                        && ActionPattern::new(text.as_str()).parts().is_some() =>
                {
                    let members = iamsure_reference::expand(&text);
                    let before = actions.len();
                    actions.extend(members.filter_map(|name| {
                        Some((ActionName::parse(&name.to_string()).ok()?, item.span))
                    }));
                    if actions.len() == before {
                        let message = format!("AWS publishes no action that `{text}` matches");
                        return Err(Misread::at(item.span, message));
                    }
                    let _ = error;
                }
                Err(error) => {
                    return Err(Misread::at(item.span, format!("`{text}` is no action: {error}")));
                }
            }
        }
        if actions.is_empty() {
            return Err(Misread::at(self.node.span, "the test names no action")
                .help("say `actions: [s3:GetObject]`, or make it a `claim`"));
        }
        Ok(actions)
    }

    fn resources(&self) -> Result<Vec<String>, Misread> {
        self.items("resource", "resources")?
            .into_iter()
            .map(|item| {
                let text = item.string("a resource is an ARN, or `*`")?;
                if text == "*" || Arn::split(&text).is_some() || is_placeholder(&text) {
                    Ok(text)
                } else {
                    let message = format!("the resource `{text}` is neither an ARN (six fields, starting with `arn:`) nor `*`");
                    Err(Misread::at(item.span, message))
                }
            })
            .collect()
    }

    /// What the test says of keys: for each of its contexts its name and its keys; one without name, if
    /// it has none.
    fn contexts(&self) -> Result<Vec<(String, Vec<FixedKey>)>, Misread> {
        let file = file_name(self.source);
        let own = match self.value.get("context") {
            Some(node) => path_file::keys(node, &file)?,
            None => Vec::new(),
        };
        let with_own = |keys: &[FixedKey]| {
            let mut all = own.clone();
            all.extend(
                keys.iter().filter(|key| !own.iter().any(|known| known.key == key.key)).cloned(),
            );
            all
        };
        let Some(node) = self.value.get("contexts") else {
            return Ok(vec![(String::new(), own)]);
        };
        node.one_or_many()
            .into_iter()
            .map(|item| {
                let name = item.string("`contexts` names contexts of the suite")?;
                let known = &self.reader.contexts;
                match known.iter().find(|(there, _)| *there == name) {
                    Some((_, keys)) => Ok((name, with_own(keys))),
                    None => {
                        let names: Vec<&str> =
                            known.iter().map(|(name, _)| name.as_str()).collect();
                        Err(unknown(item.span, "context", &name, &names))
                    }
                }
            })
            .collect()
    }

    fn path(&self, node: Span, name: &str) -> Result<CallPath, Misread> {
        self.reader.paths.named(name).map_err(|error| Misread::at(node, error.to_string()))
    }

    /// What is expected, by call path; any path, if the test names none.
    fn expectations(&self) -> Result<Vec<(Option<CallPath>, Arc<Expectation>, Span)>, Misread> {
        let Some(node) = self.value.get("expect") else {
            return Err(Misread::at(self.node.span, "the test expects nothing")
                .help("say `expect: denied`, or by call path: `expect: { direct: denied }`"));
        };
        let read = |node: &Node| {
            let text =
                node.string("an expectation is a decision, such as `denied by DenyDirect`")?;
            Expectation::parse(&text).map(Arc::new).map_err(|error| Misread::at(node.span, error))
        };
        let paths = self.items("path", "paths")?;
        if let Value::Mapping(entries) = &node.value {
            if let Some(first) = paths.first() {
                return Err(Misread::at(first.span, "`expect` names the paths already"));
            }
            if entries.is_empty() {
                return Err(Misread::at(node.span, "`expect` names no path"));
            }
            return entries
                .iter()
                .map(|Entry { key, value }| {
                    let path = self.path(key.span, &key.value)?;
                    Ok((Some(path), read(value)?, value.span))
                })
                .collect();
        }
        let expected = read(node)?;
        if paths.is_empty() {
            return Ok(vec![(None, expected, node.span)]);
        }
        paths
            .into_iter()
            .map(|item| {
                let name = item.string("a call path is named by a text")?;
                Ok((Some(self.path(item.span, &name)?), expected.clone(), node.span))
            })
            .collect()
    }

    fn cases(mut self) -> Result<Vec<Case>, Misread> {
        let callers = self.callers()?;
        let given = self.given()?;
        let switches = self.switches()?;
        let account = self.resource_account()?;
        let actions = self.actions()?;
        let resources = self.resources()?;
        let contexts = self.contexts()?;
        let expected = self.expectations()?;
        // Every path with every context.
        let mut columns = Vec::new();
        for (path, expectation, span) in &expected {
            for (name, keys) in &contexts {
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
                columns.push((Arc::new(with), expectation, *span, label));
            }
        }
        let mut cases = Vec::new();
        for caller in callers {
            let Caller { set, policies, requester, label: who } = caller;
            let of_resource = trust_is_of_resource(&policies, !resources.is_empty());
            let scene = Arc::new(Scene::new(
                &policies,
                requester,
                account.clone(),
                switches,
                of_resource,
                given,
            ));
            for (action, _) in &actions {
                let usual = || {
                    iamsure_reference::example_resource(action.as_str())
                        .unwrap_or_else(|| "*".to_owned())
                };
                let (list, was_said) = if resources.is_empty() {
                    (vec![usual()], false)
                } else {
                    (resources.clone(), true)
                };
                for resource in list {
                    for (path, expectation, span, label) in &columns {
                        let about = if resources.len() > 1 {
                            format!(" on {resource}")
                        } else {
                            String::new()
                        };
                        let by = if who.is_empty() { String::new() } else { format!(" by {who}") };
                        cases.push(Case {
                            set,
                            scene: scene.clone(),
                            action: action.clone(),
                            resource: resource.clone(),
                            resource_was_said: was_said,
                            path: path.clone(),
                            expected: (*expectation).clone(),
                            span: *span,
                            label: format!("{action}{about}{by}{label}"),
                        });
                    }
                }
            }
        }
        Ok(cases)
    }

    fn claim(mut self, node: &Node) -> Result<ClaimTest, Misread> {
        self.only_for(
            &["contexts", "paths", "path"],
            "tests of decisions; a claim says `path is …`",
        )?;
        let text = node.string("a claim is a text")?;
        let claim = Claim::parse_with(&text, &self.reader.paths).map_err(|error| {
            let misread = Misread::at(self.in_text(node, &error.span), error.message);
            match error.help {
                Some(help) => misread.help(help),
                None => misread,
            }
        })?;
        let mut callers = self.callers()?;
        let (Some(caller), None) = (callers.pop(), callers.pop()) else {
            return Err(Misread::at(node.span, "a claim is about one caller and one policy set"));
        };
        let expected = match self.value.get("expect") {
            None => ExpectedClaim(iamsure_truth::claim::ClaimVerdict::Proved),
            Some(node) => {
                let text = node.string("a claim is `proved`, `refuted` or `depends`")?;
                ExpectedClaim::parse(&text).ok_or_else(|| {
                    let message = format!("`{text}` is nothing that comes of a claim");
                    Misread::at(node.span, message).help("it is `proved`, `refuted` or `depends`")
                })?
            }
        };
        let mut setting = Setting {
            requester: caller.requester.clone(),
            actions: self.actions_of_claim()?,
            resources: self.resources()?,
            resource_account: self.resource_account()?,
            switches: self.switches()?,
            ..Setting::default()
        };
        for (_, keys) in self.contexts()? {
            for key in keys {
                key.apply(&mut setting.context);
            }
        }
        let mut policies = caller.policies;
        let of_exchanges = claim
            .actions()
            .iter()
            .any(|pattern| pattern.as_str().to_ascii_lowercase().starts_with("sts:"));
        if policies.trust.is_some() && !policies.identity.is_empty() && setting.requester.is_none()
        {
            if of_exchanges {
                return Err(Misread::at(
                    node.span,
                    "the claim is about exchanges, and the set has identity-based policies and a trust policy: are they the role's own, or the caller's?",
                )
                .help("make the trust policy a set of its own, or say who asks in `principal`"));
            }
            policies.trust = None;
        }
        let other = match (&claim.body, claim.file()) {
            (ClaimBody::SameDecisionsAs(_) | ClaimBody::NoMoreThan(_), Some(file)) => {
                Some(self.other(node, &file.name, &policies)?)
            }
            _ => None,
        };
        let given = self.given()?;
        let paths = self.reader.paths.clone();
        Ok(ClaimTest { set: caller.set, policies, other, claim, paths, setting, given, expected })
    }

    fn actions_of_claim(&self) -> Result<Vec<ActionPattern>, Misread> {
        self.items("action", "actions")?
            .into_iter()
            .map(|item| {
                let text = item.string("an action is a text, such as s3:GetObject")?;
                let pattern = ActionPattern::new(text.as_str());
                if text == "*" || pattern.parts().is_some() {
                    Ok(pattern)
                } else {
                    Err(Misread::at(item.span, format!("`{text}` is no action")))
                }
            })
            .collect()
    }

    /// What the claim compares with: another policy set of the suite, or a file in place of the one policy.
    fn other(
        &mut self,
        node: &Node,
        name: &str,
        policies: &PolicySet,
    ) -> Result<PolicySet, Misread> {
        if let Some(set) = self.reader.sets.iter().find(|set| set.name == name) {
            return Ok(set.policies.clone());
        }
        let mut kinds: Vec<_> = policies.policies().map(|(kind, ..)| kind).collect();
        kinds.dedup();
        let [kind] = kinds.as_slice() else {
            return Err(Misread::at(
                node.span,
                "the claim compares with one file, and the policy set has several layers",
            )
            .help("compare with another policy set of the suite, by its name"));
        };
        self.reader
            .shelf
            .policy(self.source.name(), name, *kind, iamsure_core::language::Profile::Strict)
            .map(PolicySet::of)
            .map_err(|error| Misread::at(node.span, error))
    }

    /// The place of a part of a scalar, if it stands there as it is; the scalar otherwise.
    fn in_text(&self, node: &Node, part: &std::ops::Range<usize>) -> Span {
        let written = self.source.slice(node.span);
        let text = node.value.text().unwrap_or_default();
        match written.find(text) {
            Some(at) if !text.is_empty() => {
                let start = node.span.start + at + part.start;
                Span::new(start, start + part.len().max(1))
            }
            _ => node.span,
        }
    }
}
