//! Suites as text: what prints a suite prints it here, so that all of them look alike.
//!
//! A [`SuiteText`] writes itself as YAML in the suite format. It only writes: what is put in is what
//! stands there. Texts are quoted where YAML would read them as something else, and characters that
//! cannot be seen are written as escapes, so that nothing that was read from a log moves a cursor.

mod scalar;

use std::fmt::{self, Display, Formatter, Write};

use iamsure_core::language::{ConditionKey, PolicyType};
use iamsure_core::world::{Context, KeyState, Principal, Request};
use iamsure_truth::sample::is_sample;
use iamsure_truth::unpublished;

pub(crate) use scalar::scalar;

/// A suite to print.
#[derive(Clone, Debug, Default)]
pub struct SuiteText {
    /// Said at the top, a comment line each.
    pub comments: Vec<String>,
    /// Policy sets, each with its name.
    pub policies: Vec<(String, SetText)>,
    /// Callers by name.
    pub principals: Vec<(String, Principal)>,
    /// The tests.
    pub tests: Vec<TestText>,
}

/// The policies of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetText {
    /// Every policy: its layer, its level (0 in layers without levels), and where it comes from.
    pub policies: Vec<(PolicyType, usize, PolicyText)>,
    /// Whether what AWS would refuse to save is accepted.
    pub lenient: bool,
}

/// One policy of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyText {
    /// A file, relative to the suite.
    File(String),
    /// The document, as JSON text, with where it comes from. It is written as it is.
    Document {
        /// Where it comes from: a comment.
        from: String,
        /// The document.
        json: String,
    },
}

/// One test to print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestText {
    /// Its name; [`SuiteText`] does not look whether it is the only one.
    pub name: String,
    /// What the format has no field for, a comment line each.
    pub comments: Vec<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Why it is not run.
    pub todo: Option<String>,
    /// The policy set.
    pub policies: Option<String>,
    /// The caller: an ARN, or a name of [`SuiteText::principals`].
    pub principal: Option<String>,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: Option<String>,
    /// Whose it is.
    pub resource_account: Option<String>,
    /// The keys that are said.
    pub context: Vec<(ConditionKey, KeyState)>,
    /// Whether the decision must hold whatever other Allow is attached.
    pub given_any_other_allow: bool,
    /// The decision words.
    pub expect: String,
    /// The call path that they are about; none: whatever the path.
    pub path: Option<String>,
}

impl TestText {
    /// A test that expects `expect` of a request. Whoever is nobody in particular is not named.
    pub fn of(request: &Request, name: String, policies: String, expect: String) -> Self {
        let is_anybody = is_sample(&request.requester);
        let own = request.requester.principal.account();
        let context = request
            .context
            .entries()
            .filter(|(_, state)| **state != KeyState::Unknown)
            .map(|(key, state)| (key.clone(), state.clone()));
        Self {
            name,
            policies: Some(policies),
            principal: (!is_anybody).then(|| request.requester.principal.display_arn()),
            action: request.action.as_str().to_owned(),
            resource: Some(request.resource.clone()),
            resource_account: request
                .resource_account
                .clone()
                .filter(|account| !is_anybody || own != Some(account.as_str())),
            context: context.collect(),
            expect,
            ..Self::default()
        }
    }
}

impl Display for SuiteText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        comments(f, "", &self.comments)?;
        if !self.policies.is_empty() {
            writeln!(f, "policies:")?;
        }
        for (name, set) in &self.policies {
            writeln!(f, "  {}:", scalar(name))?;
            set.fmt(f)?;
        }
        if !self.principals.is_empty() {
            writeln!(f, "principals:")?;
        }
        for (name, principal) in &self.principals {
            writeln!(f, "  {}:", scalar(name))?;
            for (field, value) in principal_fields(principal) {
                writeln!(f, "    {field}: {value}")?;
            }
        }
        writeln!(f, "tests:")?;
        self.tests.iter().try_for_each(|test| test.fmt(f))
    }
}

impl Display for SetText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.lenient {
            writeln!(f, "    lenient: true")?;
        }
        for layer in PolicyType::ALL {
            let of_layer = || self.policies.iter().filter(move |(kind, ..)| *kind == layer);
            let levels = of_layer().map(|(_, level, _)| level + 1).max().unwrap_or_default();
            if levels == 0 {
                continue;
            }
            writeln!(f, "    {}:", layer.name())?;
            let has_levels = matches!(layer, PolicyType::Scp | PolicyType::Rcp);
            for level in 0..levels {
                let policies = of_layer().filter(|(_, found, _)| *found == level);
                for (number, (.., policy)) in policies.enumerate() {
                    let mark = match (has_levels, number) {
                        (false, _) => "      - ",
                        (true, 0) => "      - - ",
                        (true, _) => "        - ",
                    };
                    policy.write(f, mark)?;
                }
            }
        }
        Ok(())
    }
}

impl PolicyText {
    fn write(&self, f: &mut Formatter<'_>, mark: &str) -> fmt::Result {
        match self {
            Self::File(name) => writeln!(f, "{mark}{}", scalar(name)),
            Self::Document { from, json } => {
                let indent = " ".repeat(mark.len());
                let json = scalar::escaped(json).replace('\n', &format!("\n{indent}"));
                comments(
                    f,
                    &" ".repeat(mark.find('-').unwrap_or_default()),
                    std::slice::from_ref(from),
                )?;
                writeln!(f, "{mark}{json}")
            }
        }
    }
}

/// Whether a test of an action with these keys must say `allow-unpublished`.
pub(crate) fn is_unpublished(action: &str, context: &[(ConditionKey, KeyState)]) -> bool {
    let mut keys = Context::open();
    for (key, state) in context {
        keys.set(key.clone(), state.clone());
    }
    iamsure_reference::action(action).is_unknown() || !unpublished::of_context(&keys).is_empty()
}

impl Display for TestText {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "  - name: {}", scalar(&self.name))?;
        comments(f, "    ", &self.comments)?;
        let mut field = |name: &str, value: Option<&String>| match value {
            Some(value) => writeln!(f, "    {name}: {}", scalar(value)),
            None => Ok(()),
        };
        field("source", self.source.as_ref())?;
        field("todo", self.todo.as_ref())?;
        field("policies", self.policies.as_ref())?;
        field("principal", self.principal.as_ref())?;
        field("action", Some(&self.action))?;
        field("resource", self.resource.as_ref())?;
        field("resource-account", self.resource_account.as_ref())?;
        if is_unpublished(&self.action, &self.context) {
            writeln!(f, "    allow-unpublished: true")?;
        }
        if !self.context.is_empty() {
            writeln!(f, "    context:")?;
        }
        for (key, state) in &self.context {
            writeln!(f, "      {}: {}", scalar(key.as_str()), written(state))?;
        }
        if self.given_any_other_allow {
            writeln!(f, "    given: any other allow")?;
        }
        match &self.path {
            Some(path) => {
                writeln!(f, "    expect:\n      {}: {}", scalar(path), scalar(&self.expect))
            }
            None => writeln!(f, "    expect: {}", scalar(&self.expect)),
        }
    }
}

/// A state, as the format writes it. A text that is the name of a state stands in a map.
fn written(state: &KeyState) -> String {
    match state {
        KeyState::Absent => "absent".to_owned(),
        KeyState::Unknown => "unknown".to_owned(),
        KeyState::Single(text) if ["absent", "unknown", "present"].contains(&text.as_str()) => {
            format!("{{ value: {text} }}")
        }
        KeyState::Single(text) => scalar(text),
        KeyState::Multi(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| scalar(text)).collect();
            format!("[{}]", texts.join(", "))
        }
    }
}

/// The fields of a principal in the request form.
fn principal_fields(principal: &Principal) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    let mut add = |name, value: Option<&String>| {
        fields.extend(value.map(|value| (name, scalar(value))));
    };
    let kind = match principal {
        Principal::User { account, arn, unique_id } => {
            add("account", Some(account));
            add("arn", Some(arn));
            add("uniqueId", unique_id.as_ref());
            "user"
        }
        Principal::RoleSession { account, arn, role_arn, role_id, service_linked } => {
            add("account", Some(account));
            add("arn", Some(arn));
            add("roleArn", role_arn.as_ref());
            add("roleId", role_id.as_ref());
            if *service_linked {
                fields.push(("serviceLinkedRole", "true".to_owned()));
            }
            "role-session"
        }
        Principal::FederatedUser { account, arn, user_arn } => {
            add("account", Some(account));
            add("arn", Some(arn));
            add("userArn", user_arn.as_ref());
            "federated-user"
        }
        Principal::Root { account } => {
            add("account", Some(account));
            "root"
        }
        Principal::AssumeRoot { account, arn, task_policy_arn } => {
            add("account", Some(account));
            add("arn", Some(arn));
            add("taskPolicyArn", task_policy_arn.as_ref());
            "assume-root"
        }
        Principal::Service { name } => {
            add("service", Some(name));
            "service"
        }
        Principal::Anonymous => "anonymous",
        Principal::FederatedCaller { provider } => {
            add("idp", Some(provider));
            "federated-caller"
        }
    };
    fields.insert(0, ("kind", kind.to_owned()));
    fields
}

/// Comment lines, broken between words: whatever a text holds, no line of it is outside a comment.
pub(crate) fn comments(f: &mut impl Write, indent: &str, texts: &[String]) -> fmt::Result {
    const COLUMNS: usize = 110;
    for text in texts {
        let text = scalar::escaped(&text.replace(['\n', '\r'], " "));
        let (mut line, mut mark) = (String::new(), "# ");
        for word in text.split_whitespace() {
            let length = line.chars().count() + word.chars().count();
            if !line.is_empty() && indent.len() + mark.len() + length >= COLUMNS {
                writeln!(f, "{indent}{mark}{line}")?;
                (line, mark) = (String::new(), "#   ");
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        writeln!(f, "{indent}{mark}{line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
