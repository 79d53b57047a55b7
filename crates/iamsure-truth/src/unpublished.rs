//! What somebody names in a question, held against what AWS publishes: actions, condition keys with their values,
//! resources. One check, wherever something is asked.
//!
//! Nothing of it is an error: the reference data are of one day, some actions are undocumented, and a question about what
//! does not exist has an answer too. But an answer that rests on a slip must not pass for one that does not.

mod looked_up;

pub use looked_up::LookedUp;

use std::cell::OnceCell;

use iamsure_core::language::arn::is_account_id;
use iamsure_core::language::condition::address::Network;
use iamsure_core::language::condition::date::Date;
use iamsure_core::language::condition::number::Number;
use iamsure_core::language::condition::{binary, boolean};
use iamsure_core::language::{ActionPattern, Arn, ConditionKey};
use iamsure_core::world::{CallPath, Context, KeyState, Request};
use iamsure_reference::{
    Action, ConditionKey as Published, Standing, ValueType, action, condition_key, expand,
    expand_retired, is_service_principal, service,
};

pub use crate::class::plausible::misfit;

use crate::class::identity::{Identity, IdentityKey, role_of_session};
use crate::likeness::{action_hint, closest_key, closest_service, global_key_named};
use crate::sample::is_of_owner;

/// A name or a value that AWS does not publish so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpublished {
    /// The name or value, as it was given.
    pub name: String,
    /// What is odd about it: one line, lower case, no final stop.
    pub message: String,
    /// What was probably meant, or what to do.
    pub help: Option<String>,
}

impl Unpublished {
    fn new(name: &str, message: String, help: Option<String>) -> Self {
        Self { name: name.to_owned(), message, help }
    }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// What is odd about an action, or a pattern of actions.
pub fn of_action(text: &str) -> Option<Unpublished> {
    // Most are names, and found at once.
    let is_name = !text.contains(['*', '?']) && action(text).is_known();
    if is_name { None } else { of_pattern(text) }
}

/// As [`of_action`], of what is not the name of an action.
fn of_pattern(text: &str) -> Option<Unpublished> {
    if ActionPattern::new(text).is_every() || expand(text).next().is_some() {
        return None;
    }
    if let Some(gone) = expand_retired(text).next() {
        let message = format!("`{text}` matches only retired actions ({})", gone.since);
        return Some(Unpublished::new(text, message, None));
    }
    let prefix = text.split(':').next().unwrap_or_default();
    let message = if service(prefix).is_unknown() {
        format!("AWS lists no service of `{text}`")
    } else {
        format!("`{text}` matches no action that AWS lists")
    };
    Some(Unpublished::new(text, message, action_hint(text)))
}

/// What is odd about the name of a condition key. A key of an identity provider, whose prefix is an address, is its
/// provider's own.
pub fn of_key(name: &str) -> Option<Unpublished> {
    of_standing(name, condition_key(name))
}

/// As [`of_key`], of a name that was looked up.
fn of_standing(name: &str, standing: Standing<Published>) -> Option<Unpublished> {
    let Some((prefix, _)) = name.split_once(':') else {
        let meant = global_key_named(name).map(did_you_mean);
        let message = format!("`{name}` is not a condition key: condition keys have a prefix");
        let help = meant.or_else(|| Some("write for example `aws:SourceIp`".to_owned()));
        return Some(Unpublished::new(name, message, help));
    };
    match standing {
        Standing::Known(_) => None,
        Standing::Retired(gone) => {
            let message = format!("AWS has retired the condition key `{name}` ({})", gone.since);
            Some(Unpublished::new(name, message, None))
        }
        Standing::Unknown if prefix.contains('.') => None,
        Standing::Unknown => {
            let message = format!("AWS lists no condition key `{name}`");
            Some(Unpublished::new(name, message, closest_key(name).map(did_you_mean)))
        }
    }
}

/// What is odd about the names of services in a call path.
pub fn of_path(path: &CallPath) -> Vec<Unpublished> {
    let hops = path.name().split('/').filter_map(|hop| hop.split_once(':'));
    let of_services = ["service", "service-principal", "execution-role"];
    let names = hops.filter(|(prefix, _)| of_services.contains(prefix));
    names.flat_map(|(_, names)| names.split('+')).filter_map(of_service).collect()
}

/// What is odd about the name of a service principal, or the part before `.amazonaws.com`.
fn of_service(name: &str) -> Option<Unpublished> {
    let is_short = !name.contains('.');
    let whole = if is_short { format!("{name}.amazonaws.com") } else { name.to_owned() };
    if is_service_principal(&whole) {
        return None;
    }
    let message = format!("unknown service principal `{whole}`; AWS publishes no list of them");
    let meant = whole.split_once('.').and_then(|(first, rest)| {
        let service = closest_service(first)?;
        Some(if is_short { service.to_owned() } else { format!("{service}.{rest}") })
    });
    Some(Unpublished::new(name, message, meant.as_deref().map(did_you_mean)))
}

/// What is odd about a value of a condition key: one that a key of its type never has.
pub fn of_value(key: &ConditionKey, text: &str) -> Option<Unpublished> {
    of_value_of_type(key, published_type(key), text)
}

/// As [`of_value`], of a key whose values are of this type, if it is known.
fn of_value_of_type(key: &ConditionKey, of: Option<ValueType>, text: &str) -> Option<Unpublished> {
    if let Some(identity) = Identity::of(key, None)
        && identity.key == IdentityKey::Arn
        && !identity.is_value(text)
    {
        let message = format!("`{key}` is {}, never `{text}`", identity.words());
        let meant = role_of_session(text);
        return Some(Unpublished::new(text, message, meant.as_deref().map(did_you_mean)));
    }
    let (fits, what) = fits(of?, text);
    let message = || format!("`{key}` is {what}, never `{text}`");
    (!fits).then(|| Unpublished::new(text, message(), None))
}

/// The type that AWS publishes of a key.
fn published_type(key: &ConditionKey) -> Option<ValueType> {
    condition_key(key.as_str()).known().map(|known| known.value_type)
}

/// Whether a text is a value of this type, or a range of such values, and what such a value is called.
pub fn fits(of: ValueType, text: &str) -> (bool, &'static str) {
    match of {
        ValueType::Bool => (boolean::read(text).is_some(), "`true` or `false`"),
        ValueType::Numeric => (Number::read(text).is_some(), "a number"),
        ValueType::Date => (Date::read(text).is_some(), "a date"),
        ValueType::IpAddress => (Network::read(text).is_some(), "an address"),
        ValueType::Binary => (binary::read(text).is_some(), "base64 text"),
        ValueType::String | ValueType::Arn => (true, "text"),
    }
}

/// What is odd about the keys that a request is said to hold, and about their values.
pub fn of_context(context: &Context) -> Vec<Unpublished> {
    LookedUp::default().of_context(context).collect()
}

/// As [`of_value`], of a value that a request holds: it comes from one address, where policies and claims list ranges.
pub fn of_value_in_request(key: &ConditionKey, text: &str) -> Option<Unpublished> {
    of_one_value(key, published_type(key), text)
}

fn of_one_value(key: &ConditionKey, of: Option<ValueType>, text: &str) -> Option<Unpublished> {
    of_value_of_type(key, of, text).or_else(|| {
        let is_range = of == Some(ValueType::IpAddress) && text.contains('/');
        (is_range && Network::read(text).is_some()).then(|| {
            let message =
                format!("`{key}` is one address in a request, never a range such as `{text}`");
            Unpublished::new(text, message, None)
        })
    })
}

/// What is odd about a resource: one that the action, which AWS publishes, never works on.
pub fn of_resource(name: &str, resource: &str) -> Option<Unpublished> {
    Target::from(action(name).known()?).of_resource(name, resource)
}

/// What an action that AWS publishes works on.
#[derive(Debug)]
struct Target {
    action: Action,
    /// The names of its resource types, and an example, once something is odd.
    words: OnceCell<(String, Option<String>)>,
}

impl From<Action> for Target {
    fn from(action: Action) -> Self {
        Self { action, words: OnceCell::new() }
    }
}

impl Target {
    /// As [`of_resource`], of the action by the name that it was given.
    fn of_resource(&self, name: &str, resource: &str) -> Option<Unpublished> {
        let known = self.action;
        if known.resource_types().next().is_none() {
            let message =
                format!("AWS lists no resource type for `{name}`, so its resource is `*`");
            return (resource != "*").then(|| Unpublished::new(resource, message, None));
        }
        if resource != "*" && known.works_on(resource) {
            return None;
        }
        let is_alias = Arn::split(resource)
            .is_some_and(|arn| arn.service == "kms" && arn.resource.starts_with("alias/"));
        if is_alias && known.resource_types().any(|kind| kind.name() == "key") {
            let message = format!(
                "`{name}` is decided on the key, not on its alias, and the key policy must allow it too ({resource} is an alias)"
            );
            let help = "give the key's ARN, and its policy with --resource-policy".to_owned();
            return Some(Unpublished::new(resource, message, Some(help)));
        }
        let (names, help) = self.words.get_or_init(|| {
            let mut names: Vec<&str> =
                known.resource_types().map(iamsure_reference::ResourceType::name).collect();
            names.dedup();
            let example = iamsure_reference::example_resource(known.name());
            (names.join(", "), example.map(|example| format!("such as `{example}`")))
        });
        let is = if resource == "*" { "a single ARN is required" } else { "no match" };
        let message = format!("`{name}` applies to {names} ({resource}: {is})");
        Some(Unpublished::new(resource, message, help.clone()))
    }
}

/// What is odd about a request.
pub fn of_request(request: &Request) -> Vec<Unpublished> {
    LookedUp::default().of_request(request)
}

/// What is odd about `aws:ResourceAccount`: it is the account that owns the resource (KC-15), and the request is decided as
/// if another did.
pub fn of_owner(request: &Request) -> Option<Unpublished> {
    let (key, state) = request.context.entries().find(|(key, _)| is_of_owner(key))?;
    let KeyState::Single(account) = state else { return None };
    let owner = request.owner().filter(|owner| owner != account)?;
    let message = format!(
        "`{key}` is {account}, but the resource is evaluated as belonging to account {owner}"
    );
    let is_in_arn = Arn::split(&request.resource).is_some_and(|arn| is_account_id(arn.account));
    let help = "set the account that owns the resource (--resource-account, `resourceAccount` in a request)";
    Some(Unpublished::new(account, message, (!is_in_arn).then(|| help.to_owned())))
}
