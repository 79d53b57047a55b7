//! Policies out of containers: `auth.json#role/App`, `plan.json#aws_iam_role.app`, `stack.yaml#Reader`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use iamsure_account::{
    Choices, Container, Held, Holder, MAX_CONTAINER, ManagedPolicies, Tags, Unreadable,
};
use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Source, symbol};
use iamsure_core::world::PolicySet;
use iamsure_review::suite::SUFFIX;
use iamsure_truth::sample::account_of;

use super::{Given, PolicyReader, Root, excerpt, managed};
use crate::failure::Failure;
use crate::render::words;
use crate::streams::Streams;

/// A policy as it was found.
pub(crate) struct Found {
    pub(crate) source: Source,
    /// The layer it is of, if its place in a container tells.
    pub(crate) kind: Option<PolicyType>,
    /// Whether the symbols in it were reported: values that are known when it is deployed.
    pub(crate) symbols_said: bool,
    /// Whether it may be a statement without the document around it.
    pub(crate) may_be_bare: bool,
    /// Whether it is AWS's own: what AWS refuses to save of others does not concern it.
    pub(crate) is_of_aws: bool,
    /// The account of the resource or role that it is a policy of, if its container tells.
    pub(crate) account: Option<String>,
}

impl Found {
    /// A text of which nothing is known but that it may be a policy.
    const fn text(source: Source, may_be_bare: bool) -> Self {
        Self {
            source,
            kind: None,
            symbols_said: false,
            may_be_bare,
            is_of_aws: false,
            account: None,
        }
    }
}

/// A principal of a container.
pub(crate) struct Owner {
    /// What is after the `#`.
    pub(crate) address: String,
    /// The ARN by which it calls; `None` of a group, and where the container does not tell it.
    pub(crate) arn: Option<String>,
    /// The tags of a user.
    pub(crate) tags: Option<Tags>,
    /// The unique ID.
    pub(crate) id: Option<String>,
}

/// What a path names.
pub(crate) enum Named {
    /// One policy.
    One(Found),
    /// A principal, with all of its policies.
    Principal(Owner, Vec<Found>),
    /// What keeps a file from being text.
    Unreadable(Source, Diagnostic),
}

/// What a path names: a file, a part of a document, what a container holds, or a policy of AWS by its name.
///
/// # Errors
/// If it cannot be read, or names nothing, or several things.
pub(crate) fn named(path: &Path, root: &Root, streams: &mut Streams) -> Result<Named, Failure> {
    if let Some(found) = managed::found(path, streams)? {
        return Ok(Named::One(found));
    }
    let parts = excerpt::parts(path);
    if let Some((file, _)) = &parts
        && is_page(file)
    {
        return Ok(match super::source_under(path, root, streams)? {
            Ok(source) => Named::One(Found::text(source, true)),
            Err((source, finding)) => Named::Unreadable(source, finding),
        });
    }
    let (file, fragment) = match parts {
        Some((file, fragment)) => (file, Some(fragment)),
        None => (path.to_path_buf(), None),
    };
    // Without an address it is one policy.
    let limit = if fragment.is_some() { MAX_CONTAINER } else { MAX_BYTES };
    let source = match super::source_within(&file, root, limit, streams)? {
        Ok(source) => source,
        Err((source, finding)) => return Ok(Named::Unreadable(source, finding)),
    };
    let Some(opened) = opened(&source, fragment, streams.managed())? else {
        return match fragment {
            None => Ok(Named::One(Found::text(source, false))),
            // A file of any name may be a page.
            Some(_) => Ok(match super::source_under(path, root, streams)? {
                Ok(source) => Named::One(Found::text(source, true)),
                Err((source, finding)) => Named::Unreadable(source, finding),
            }),
        };
    };
    let Opened { container, holder, mut found } = opened;
    let name = words::on_one_line(source.name());
    say(&name, &container, &holder, streams);
    managed::say_lent(&holder, streams);
    if container.has_symbols {
        say_symbols(&name, &container, &found, streams);
    }
    if !holder.is_principal
        && found.len() == 1
        && let Some(one) = found.pop()
    {
        return Ok(Named::One(one));
    }
    let tags = Tags::of(&holder);
    let arn = holder.arn.filter(|_| holder.calls);
    let Holder { address, id, .. } = holder;
    Ok(Named::Principal(Owner { address, arn, tags, id }, found))
}

/// What a fragment names in a container.
pub(crate) struct Opened {
    pub(crate) container: Container,
    pub(crate) holder: Holder,
    /// Its policies.
    pub(crate) found: Vec<Found>,
}

/// What a fragment names in a text, the only thing that it holds without one; `None` if the text is no container.
///
/// # Errors
/// If it holds nothing of that name, or several things.
pub(crate) fn opened(
    source: &Source,
    fragment: Option<&str>,
    known: &Arc<ManagedPolicies>,
) -> Result<Option<Opened>, Failure> {
    let name = words::on_one_line(source.name());
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Message(format!("{name}: {}", on_lines(&error.to_string())))
    };
    let (address, choices) = Choices::of_address(fragment).map_err(|error| failed(&error))?;
    let container = iamsure_account::read(source, &choices).map_err(|error| failed(&error))?;
    let Some(container) = container.map(|found| found.beside(known)) else { return Ok(None) };
    let holder = match address {
        Some(address) => container.find(address),
        None => container.only(),
    };
    let holder = holder.map_err(|error| failed(&format!("it is {}. {error}", container.what)))?;
    let found = found_of(&container, &holder).map_err(|error| failed(&error))?;
    Ok(Some(Opened { container, holder, found }))
}

/// The policies of what a container holds.
///
/// # Errors
/// Every policy that cannot be had.
fn found_of(container: &Container, holder: &Holder) -> Result<Vec<Found>, Unreadable> {
    let own = holder.arn.as_deref().and_then(account_of);
    let account = container.account.clone().or_else(|| own.map(str::to_owned));
    let found = |((kind, source), held): ((Option<PolicyType>, Source), &Held)| Found {
        source,
        kind,
        symbols_said: container.has_symbols,
        may_be_bare: kind.is_none(),
        is_of_aws: held.is_of_aws(),
        account: account.clone(),
    };
    Ok(holder.sources()?.into_iter().zip(&holder.policies).map(found).collect())
}

/// Every policy document of a file, by what to call it; `None` if the path names one thing, or cannot be read: what is wrong
/// with it is said where it is read as a policy.
pub(crate) fn each_in(
    path: &Path,
    streams: &mut Streams,
) -> Option<Vec<(String, Result<Found, Failure>)>> {
    let container = several_in(path, streams)?;
    let name = words::on_one_line(&path.display().to_string());
    streams.remark(&format!("note: {name}: {}; using every policy in it\n", container.what));
    say_remarks(&name, &container, streams);
    let documents = container.documents();
    let each = documents.iter().map(|holder| {
        let called = match excerpt::parts(path) {
            // What was chosen of a template comes last.
            Some((file, chosen)) => format!("{}#{}{chosen}", file.display(), holder.address),
            None => format!("{}#{}", path.display(), holder.address),
        };
        let called = words::on_one_line(&called);
        let found = found_of(&container, holder).map(|mut found| found.pop());
        let found = match found {
            Ok(Some(found)) => Ok(found),
            Ok(None) => Err(Failure::Message(format!("{called}: it holds no policy"))),
            Err(error) => {
                Err(Failure::Message(format!("{name}: {}", on_lines(&error.to_string()))))
            }
        };
        (called, found)
    });
    let each: Vec<(String, Result<Found, Failure>)> = each.collect();
    if container.has_symbols {
        let found: Vec<&Found> = each.iter().filter_map(|(_, found)| found.as_ref().ok()).collect();
        say_symbols(&name, &container, found, streams);
    }
    Some(each)
}

/// Whether a path names a part of a document or a suite, which hold policies in their own ways.
fn is_page(file: &Path) -> bool {
    let name = file.to_str().unwrap_or_default();
    name.ends_with(SUFFIX)
        || file.extension().is_some_and(|extension| {
            ["md", "mdx", "markdown"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        })
}

/// Everything that files hold together, such as the pages of an account.
///
/// # Errors
/// If one cannot be read or is no container, or two of them describe the same thing.
pub(crate) fn containers(files: &[PathBuf], streams: &mut Streams) -> Result<Container, Failure> {
    let is_json =
        |file: &Path| file.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let mut together: Option<Container> = None;
    for file in super::files_under(files, is_json)? {
        let name = words::on_one_line(&file.display().to_string());
        let failed = |error: &dyn std::fmt::Display| {
            Failure::Message(format!("{name}: {}", on_lines(&error.to_string())))
        };
        let found = container(&file, streams)?.ok_or_else(|| {
            failed(&"it holds no principals; give the output of `aws iam get-account-authorization-details`")
        })?;
        together = Some(match together {
            None => found,
            Some(others) => others.with(found).map_err(|error| failed(&error))?,
        });
    }
    together.ok_or_else(|| Failure::Message("there is no file to read".to_owned()))
}

/// Everything that a file holds; `None` if it is no container.
///
/// # Errors
/// If it cannot be read, or the path names one thing in it.
pub(crate) fn container(path: &Path, streams: &mut Streams) -> Result<Option<Container>, Failure> {
    let (file, fragment) = match excerpt::parts(path) {
        Some((file, fragment)) => (file, Some(fragment)),
        None => (path.to_path_buf(), None),
    };
    let read = super::source_within(&file, &Root::of_named(&file), MAX_CONTAINER, streams)?;
    let source = read.map_err(|(source, finding)| {
        let name = words::on_one_line(source.name());
        Failure::Message(format!("{name}: {}", finding.message))
    })?;
    let name = words::on_one_line(source.name());
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Message(format!("{name}: {}", on_lines(&error.to_string())))
    };
    let (address, choices) = Choices::of_address(fragment).map_err(|error| failed(&error))?;
    if let Some(address) = address {
        return Err(failed(&format!(
            "this command covers the whole account; use `iamsure simulate`, `table` or `prove` for `{address}`"
        )));
    }
    let container = iamsure_account::read(&source, &choices).map_err(|error| failed(&error))?;
    Ok(container.map(|found| found.beside(streams.managed())))
}

/// Everybody whom a file describes; `None` if it is a policy, or holds one thing alone, or cannot be read.
/// What is wrong with a file is said where it is read as a policy.
pub(crate) fn everybody_in(path: &Path, streams: &mut Streams) -> Option<Container> {
    several_in(path, streams).filter(|container| !container.callers().is_empty())
}

/// What a file holds, if those are several things. What can be read once only is not looked at.
fn several_in(path: &Path, streams: &mut Streams) -> Option<Container> {
    let is_a_pipe = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    if path.as_os_str() == "-" || is_a_pipe || managed::is_name(path) {
        return None;
    }
    let container = container(path, streams).ok()??;
    container.only().is_err().then_some(container)
}

fn say(name: &str, container: &Container, holder: &Holder, streams: &mut Streams) {
    let parts: Vec<String> =
        holder.policies.iter().map(|held| words::on_one_line(&held.address)).collect();
    let address = words::on_one_line(&holder.address);
    let taken =
        if holder.is_principal { format!("{address}: {}", parts.join(", ")) } else { address };
    let taken = if holder.is_principal && parts.is_empty() {
        format!("{} has no policies", words::on_one_line(&holder.address))
    } else {
        taken
    };
    streams.remark(&format!("note: {name}: {}; using {taken}\n", container.what));
    say_remarks(name, container, streams);
}

fn say_remarks(name: &str, container: &Container, streams: &mut Streams) {
    for remark in container.remarks.iter().take(MOST_REMARKS) {
        streams.remark(&format!("note: {name}: {}\n", words::on_one_line(remark)));
    }
    let more = container.remarks.len().saturating_sub(MOST_REMARKS);
    if more > 0 {
        streams.remark(&format!("note: {name}: {more} more like these\n"));
    }
}

/// The symbols in policies of a container: values that are known when it is deployed.
pub(crate) fn symbols<'a>(found: impl IntoIterator<Item = &'a Found>) -> Vec<String> {
    let of = |found: &Found| -> Vec<String> {
        let spans = symbol::placeholders(found.source.text());
        spans.into_iter().map(|span| words::on_one_line(found.source.slice(span))).collect()
    };
    let symbols: BTreeSet<String> = found.into_iter().flat_map(of).collect();
    symbols.into_iter().collect()
}

/// Says what is known only when a template is deployed.
fn say_symbols<'a>(
    name: &str,
    container: &Container,
    found: impl IntoIterator<Item = &'a Found>,
    streams: &mut Streams,
) {
    let symbols = symbols(found);
    if symbols.is_empty() {
        return;
    }
    let choose =
        if container.takes_choices { ". Set them with `#NAME?PARAMETER=VALUE`" } else { "" };
    streams.remark(&format!(
        "warning: {name}: these values are unknown until deployment: {}. Answers cover every possible value, but `import` and `toolhive` treat them as literals, and `diff` compares each as a distinct value{choose}\n",
        symbols.join(", ")
    ));
}

/// A message of several lines, nothing of others in it beyond its line.
fn on_lines(text: &str) -> String {
    text.split('\n').map(words::on_one_line).collect::<Vec<_>>().join("\n")
}

/// How many remarks about a container are shown.
const MOST_REMARKS: usize = 10;

/// All policies that a path with a fragment names, a policy without a layer of its own as one of `kind`; `None` if the path
/// names a file, or a part of a document.
///
/// # Errors
/// If there is no such policy, or it cannot be used.
pub(crate) fn set(
    path: &Path,
    kind: PolicyType,
    lenient: bool,
    streams: &mut Streams,
) -> Result<Option<Given>, Failure> {
    if managed::is_name(path) || excerpt::parts(path).is_none_or(|(file, _)| is_page(&file)) {
        return Ok(None);
    }
    let mut reader = PolicyReader::new(lenient, streams);
    let mut given = Given::default();
    match named(path, &Root::of_named(path), reader.streams)? {
        Named::Principal(principal, policies) => {
            given = of_principal(principal, policies, kind, &mut reader)?;
        }
        Named::One(found) => {
            // Its place tells the layer better than its place among the arguments; a boundary may be read as a policy.
            let told = found
                .kind
                .filter(|told| kind == PolicyType::Identity && *told != PolicyType::Boundary);
            let layer = told.unwrap_or(kind);
            let document = reader.take(Ok(found), layer);
            given.policies = document.map(PolicySet::of).unwrap_or_default();
        }
        Named::Unreadable(source, finding) => {
            reader.inspect(Err((source, finding)), kind);
        }
    }
    given.known_later = reader.known_later;
    given.owner = reader.owner.take();
    reader.finish()?;
    Ok(Some(given))
}

/// All policies of a principal, each in its layer; those without one as policies of `kind`.
///
/// # Errors
/// If there are several of a type of which a request has one at most.
pub(super) fn of_principal(
    principal: Owner,
    policies: Vec<Found>,
    kind: PolicyType,
    reader: &mut PolicyReader<'_>,
) -> Result<Given, Failure> {
    let Owner { arn, tags, id, .. } = principal;
    let mut given = Given { is_of_principal: true, principal: arn, tags, id, ..Given::default() };
    // What is described is everything there is.
    if policies.iter().all(|found| found.kind.unwrap_or(kind) != PolicyType::Identity) {
        given.policies.identity.push(PolicyDocument::empty(PolicyType::Identity));
    }
    for found in policies {
        let layer = found.kind.unwrap_or(kind);
        if let Some(document) = reader.inspect(Ok(found), layer) {
            given = given.with(Given::from(PolicySet::of(document)))?;
        }
    }
    Ok(given)
}

/// The one policy of `kind` that a path names.
///
/// # Errors
/// If a principal has none or several, or others beside it that would be left out.
pub(super) fn one(address: &str, policies: Vec<Found>, kind: PolicyType) -> Result<Found, Failure> {
    let names: Vec<String> = policies
        .iter()
        .map(|found| format!("\n  {}", words::on_one_line(found.source.name())))
        .collect();
    let is_whole = kind == PolicyType::Identity;
    let count = policies.len();
    let mut fitting: Vec<Found> =
        policies.into_iter().filter(|found| found.kind == Some(kind)).collect();
    match (fitting.pop(), fitting.len()) {
        (Some(found), 0) if !is_whole || count == 1 => Ok(found),
        _ => Err(Failure::Message(format!(
            "`{}` does not name exactly one {}; it has{}",
            words::on_one_line(address),
            kind.aws_name(),
            if names.is_empty() { " no policies".to_owned() } else { names.concat() }
        ))),
    }
}
