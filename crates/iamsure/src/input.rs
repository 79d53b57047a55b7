//! Reading what was named on the command line: files, standard input, and facts of a request.

mod excerpt;
mod given;
mod held;
mod managed;
mod opened;
mod reader;
mod resource_policies;
mod revision;
mod root;
mod setting;
mod shelf;
mod walk;

use std::path::{Path, PathBuf};

use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::language::{Code, ConditionKey, Diagnostic, PolicyType, Profile, Source, Span};
use iamsure_core::world::{CallPaths, Context, KeyState, PolicySet, Requester, Switches};
use iamsure_review::{caller, path_file};
use iamsure_truth::unpublished::{self, Unpublished};

pub(crate) use given::Given;
pub(crate) use held::{
    Found, Named, Opened, container, containers, each_in, everybody_in, named, opened as held_in,
    symbols,
};
pub(crate) use managed::{is_for_others, managed, names_managed};
pub(crate) use reader::{PolicyReader, with_level};
pub(crate) use resource_policies::{choose_resource_policy, resource_policies, some_of};
pub(crate) use root::{Root, without_detours};
pub(crate) use setting::{
    TRUST_LEFT_OUT, action, asked_only, check_resource, fits, leaves_trust_out, path, say_pattern,
    setting,
};
pub(crate) use shelf::{Files, not_a_suite};
pub(crate) use walk::{files_under, policies_under};

use crate::args::{ContextArgs, LayerArgs, PolicyArgs};
use crate::failure::Failure;
use crate::render::words;
use crate::streams::Streams;

/// One byte more than is ever accepted, so that too much is seen as too much.
const LIMIT: u64 = MAX_BYTES as u64 + 1;

/// Reads a file that was named on the command line, or standard input for `-`.
///
/// # Errors
/// If it cannot be opened or read.
pub(crate) fn bytes_of(path: &Path, streams: &mut Streams) -> Result<Vec<u8>, Failure> {
    bytes_under(path, &Root::of_named(path), LIMIT, streams)
}

/// Opens a file of the command line that is read line by line.
///
/// # Errors
/// Why it cannot be opened, in one line.
pub(crate) fn open_named(path: &Path, streams: &Streams) -> Result<std::fs::File, String> {
    let root = if streams.allows_outside() { Root::Anywhere } else { Root::of_named(path) };
    opened::open(path, &root)
}

/// Reads a file that must be under a root; standard input for `-`, and `REVISION:FILE` out of git, are there.
fn bytes_under(
    path: &Path,
    root: &Root,
    limit: u64,
    streams: &mut Streams,
) -> Result<Vec<u8>, Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::Message(format!(
            "cannot read `{}`: {error}",
            words::on_one_line(&path.display().to_string())
        ))
    };
    let bytes = if path.as_os_str() == "-" {
        streams.read_input(limit).map_err(|error| cannot(&error))?
    } else if let Some(found) = revision::bytes_of(path, limit) {
        found.map_err(|error| cannot(&error))?
    } else {
        let root = if streams.allows_outside() { &Root::Anywhere } else { root };
        opened::bytes(path, root, limit).map_err(Failure::Message)?
    };
    streams.was_read(&path.display().to_string(), &bytes);
    Ok(bytes)
}

/// A file of the command line as a source, or the one finding that keeps it from being text.
///
/// # Errors
/// If it cannot be opened or read.
pub(crate) fn source(
    path: &Path,
    streams: &mut Streams,
) -> Result<Result<Source, (Source, Diagnostic)>, Failure> {
    source_under(path, &Root::of_named(path), streams)
}

/// A file that must be under a root as a source, or the one finding that keeps it from being text.
///
/// # Errors
/// If it cannot be opened or read, or is elsewhere.
pub(crate) fn source_under(
    path: &Path,
    root: &Root,
    streams: &mut Streams,
) -> Result<Result<Source, (Source, Diagnostic)>, Failure> {
    if let Some((file, fragment)) = excerpt::parts(path) {
        return excerpt::source(&file, fragment, root, streams);
    }
    source_within(path, root, MAX_BYTES, streams)
}

/// As [`source_under`], of a whole file of at most `limit` bytes.
///
/// # Errors
/// As [`source_under`].
fn source_within(
    path: &Path,
    root: &Root,
    limit: usize,
    streams: &mut Streams,
) -> Result<Result<Source, (Source, Diagnostic)>, Failure> {
    let name =
        if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() };
    let bytes = bytes_under(path, root, limit as u64 + 1, streams)?;
    if bytes.len() > limit {
        let message =
            format!("the document is longer than {limit} bytes, the most that iamsure reads");
        let finding = Diagnostic::new(Code::TooLarge, Profile::Strict, Span::default(), message)
            .help(
                "AWS's largest policies are well under 131,072 characters: is this the right file?",
            );
        return Ok(Err((Source::new(name, ""), finding)));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Ok(Source::new(name, text))),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let span = Span::new(valid, (valid + '\u{fffd}'.len_utf8()).min(readable.len()));
            let finding =
                Diagnostic::new(Code::NotUtf8, Profile::Strict, span, "the file is not UTF-8 text")
                    .labelled("this byte is not valid UTF-8")
                    .help("save it as UTF-8");
            Ok(Err((Source::new(name, readable), finding)))
        }
    }
}

/// The text of a file that must be under a root, by a name without detours.
///
/// # Errors
/// Why it cannot be read, in one line.
pub(crate) fn text_under(path: &Path, root: &Root, limit: usize) -> Result<Source, String> {
    let bytes = opened::bytes(path, root, limit as u64 + 1)?;
    if bytes.len() > limit {
        return Err(format!(
            "`{}` is longer than {limit} bytes, the most that iamsure reads",
            path.display()
        ));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("cannot read `{}`: it is not UTF-8 text", path.display()))?;
    Ok(Source::new(without_detours(path).display().to_string(), text))
}

/// The policies of every layer. Findings are rendered on standard error; any error ends it there.
///
/// # Errors
/// If a document cannot be used.
pub(crate) fn policy_set(args: &PolicyArgs, streams: &mut Streams) -> Result<Given, Failure> {
    layers_as_given(&args.files, &args.layers, streams)
}

/// The policies of every layer: identity-based ones, and those of options.
///
/// # Errors
/// If a document cannot be used.
pub(crate) fn layers(
    identity: &[PathBuf],
    args: &LayerArgs,
    streams: &mut Streams,
) -> Result<Given, Failure> {
    let mut given = layers_as_given(identity, args, streams)?;
    let Given { policies, .. } = &mut given;
    // E-21, E-23: where they do not apply, they are as if there were none.
    for (spared, slot, what) in [
        (
            args.management_account,
            &mut policies.scp,
            "SCPs do not apply: the caller is in the management account of its organization",
        ),
        (
            args.resource_in_management_account,
            &mut policies.rcp,
            "RCPs do not apply: the resource is in the management account of its organization",
        ),
    ] {
        if spared && !slot.is_empty() {
            slot.clear();
            streams.remark(&format!("note: {what}\n"));
        }
    }
    Ok(given)
}

/// The same, also those that do not apply to a management account: a decision about one request says so itself.
///
/// # Errors
/// As [`layers`].
fn layers_as_given(
    identity: &[PathBuf],
    args: &LayerArgs,
    streams: &mut Streams,
) -> Result<Given, Failure> {
    let mut given = Given::default();
    let mut files = Vec::new();
    for path in identity.iter().chain(&args.identity) {
        match named_set(path, PolicyType::Identity, args.lenient, streams)? {
            Some(named) => given = given.with(named)?,
            None => files.push(path),
        }
    }
    let Given { policies: mut set, is_of_principal, principal, tags, id, owner, known_later } =
        given;
    if is_of_principal && args.trust.is_some() {
        // Whom the role trusts that calls does not matter; the option gives the policy of the role that is asked for.
        set.trust = None;
    }
    let mut reader = PolicyReader::new(args.lenient, streams);
    for path in files {
        set.identity.extend(reader.read(path, PolicyType::Identity)?);
    }
    for path in &args.session {
        set.session.extend(reader.read(path, PolicyType::Session)?);
    }
    for (option, kind, slot) in [
        (&args.boundary, PolicyType::Boundary, &mut set.boundary),
        (&args.resource_policy, PolicyType::Resource, &mut set.resource),
        (&args.trust, PolicyType::Trust, &mut set.trust),
        (&args.endpoint, PolicyType::Endpoint, &mut set.endpoint),
    ] {
        if let Some(path) = option {
            if kind == PolicyType::Resource && path.is_dir() {
                return Err(resource_policies::not_one(path));
            }
            if slot.is_some() {
                return Err(Failure::Message(one_at_most(kind)));
            }
            *slot = reader.read(path, kind)?;
        }
    }
    set.scp.extend(reader.levels(&args.scp, PolicyType::Scp)?);
    set.rcp.extend(reader.levels(&args.rcp, PolicyType::Rcp)?);
    let known_later = known_later || reader.known_later;
    let owner = owner.or(reader.owner.take());
    reader.finish()?;
    Ok(Given { policies: set, is_of_principal, principal, tags, id, owner, known_later })
}

/// What one POLICY is, beside the policies of options: a policy of the type that its place or it itself shows, or all
/// those of a principal.
///
/// # Errors
/// If it cannot be used, or the options name a policy of its type already and there is one at most.
pub(crate) fn beside(
    path: &Path,
    options: &Given,
    lenient: bool,
    streams: &mut Streams,
) -> Result<Given, Failure> {
    let given = match named_set(path, PolicyType::Identity, lenient, streams)? {
        Some(named) => named,
        None => PolicyReader::new(lenient, streams).detected(path)?,
    };
    few_principals(&given.policies)?;
    options.clone().with(given)
}

/// The file that a path is of, also where it names something in it.
pub(crate) fn file_of(path: &Path) -> PathBuf {
    excerpt::parts(path).map_or_else(|| path.to_path_buf(), |(file, _)| file)
}

/// As [`beside`], for every policy document of a file that holds several, each by what to call it; the one thing that a path
/// names otherwise, without a name.
pub(crate) fn each_beside(
    path: &Path,
    options: &Given,
    lenient: bool,
    streams: &mut Streams,
) -> Vec<(Option<String>, Result<Given, Failure>)> {
    let Some(each) = each_in(path, streams) else {
        return vec![(None, beside(path, options, lenient, streams))];
    };
    let each = each.into_iter().map(|(name, found)| {
        let given = found.and_then(|found| {
            let given = PolicyReader::new(lenient, streams).found(found)?;
            few_principals(&given.policies)?;
            options.clone().with(given)
        });
        (Some(name), given)
    });
    each.collect()
}

fn one_at_most(kind: PolicyType) -> String {
    format!("a request can have only one {}, but several were given", kind.aws_name())
}

/// The policies that a path names, if it names a policy set of a suite (`SUITE#NAME`) or what a container holds
/// (`FILE#NAME`): all those of a principal, or one, as a policy of `kind`.
///
/// # Errors
/// If the file cannot be read, or holds nothing of that name.
pub(crate) fn named_set(
    path: &Path,
    kind: PolicyType,
    lenient: bool,
    streams: &mut Streams,
) -> Result<Option<Given>, Failure> {
    match shelf::set_of_suite(path, streams) {
        Some(named) => named.map(Some),
        None => held::set(path, kind, lenient, streams),
    }
}

/// The policies of every layer, of which there is at least one.
///
/// # Errors
/// If a document cannot be used, or none was given.
pub(crate) fn some_policies(args: &PolicyArgs, streams: &mut Streams) -> Result<Given, Failure> {
    let given = layers(&args.files, &args.layers, streams)?;
    if given.policies.policies().next().is_none() {
        return Err(Failure::Message(
            "no policy given; pass a POLICY file, or `-` for standard input".to_owned(),
        ));
    }
    few_principals(&given.policies)?;
    Ok(given)
}

/// The most principals that policies may name together where each is looked at against every other. AWS's largest
/// policies (a key policy of 32 KB) have room for fewer.
const MAX_PRINCIPALS: usize = 1_000;

/// # Errors
/// If policies name more principals than can be taken apart in good time.
pub(crate) fn few_principals(policies: &PolicySet) -> Result<(), Failure> {
    let count: usize = policies
        .statements()
        .flat_map(|(_, _, statement)| &statement.principal)
        .map(|element| element.entries.len())
        .sum();
    if count <= MAX_PRINCIPALS {
        return Ok(());
    }
    Err(Failure::Message(format!(
        "the policies name {count} principals, but iamsure distinguishes at most {MAX_PRINCIPALS}; `iamsure simulate` handles any number for single requests"
    )))
}

/// Says what is odd about names and values that were given: one line each, for a person to see before the answer.
pub(crate) fn say_odd(odd: impl IntoIterator<Item = Unpublished>, streams: &mut Streams) {
    for Unpublished { message, help, .. } in odd {
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        streams.remark(&format!("warning: {message}{help}\n"));
    }
}

/// Says which of the actions and keys that were given AWS does not publish.
pub(crate) fn say_unpublished(actions: &[String], context: &Context, streams: &mut Streams) {
    let odd = actions.iter().filter_map(|action| unpublished::of_action(action));
    say_odd(odd.chain(unpublished::of_context(context)), streams);
}

/// The keys that were said, in an open or a closed world.
///
/// # Errors
/// If a key is named twice, or a value cannot be read.
pub(crate) fn context(args: &ContextArgs, mut context: Context) -> Result<Context, Failure> {
    for text in &args.context {
        let (key, value) = text.split_once('=').ok_or_else(|| {
            Failure::Message(format!(
                "`{text}` is not KEY=VALUE, such as aws:ViaAWSMCPService=true"
            ))
        })?;
        if !key.contains(':') {
            let Unpublished { message, help, .. } = unpublished::of_key(key).unwrap_or_default();
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            return Err(Failure::Message(format!("{message}{help}")));
        }
        let state = if value.starts_with('[') {
            let values = serde_json::from_str::<Vec<String>>(value).map_err(|error| {
                Failure::Message(format!(
                    "the value of `{key}` is not a JSON list of strings: {error}"
                ))
            })?;
            KeyState::Multi(values)
        } else {
            KeyState::single(value)
        };
        add(&mut context, key, state)?;
    }
    for (keys, state) in [(&args.absent, KeyState::Absent), (&args.unknown, KeyState::Unknown)] {
        for key in keys {
            if key.contains('=') || !key.contains(':') {
                return Err(Failure::Message(format!(
                    "`{key}` is not the name of a condition key"
                )));
            }
            add(&mut context, key, state.clone())?;
        }
    }
    Ok(context)
}

fn add(context: &mut Context, key: &str, state: KeyState) -> Result<(), Failure> {
    context.add(ConditionKey::new(key), state).map_err(|error| {
        let advice = if error.first.as_str() == error.second.as_str() {
            format!("; to give it several values, give a JSON list: `{key}=[\"a\", \"b\"]`")
        } else {
            String::new()
        };
        Failure::Message(format!("{error}{advice}"))
    })
}

/// The switches.
///
/// # Errors
/// If there is no such switch or choice.
pub(crate) fn switches(args: &[String]) -> Result<Switches, Failure> {
    let mut chosen = Vec::new();
    args.iter()
        .try_fold(Switches::default(), |switches, text| switches.choose_once(text, &mut chosen))
        .map_err(Failure::Message)
}

/// The built-in call paths, and those of files.
///
/// # Errors
/// If a file cannot be used.
pub(crate) fn call_paths(
    files: &[PathBuf],
    switches: &Switches,
    streams: &mut Streams,
) -> Result<CallPaths, Failure> {
    let mut paths = CallPaths::new(*switches);
    for file in files {
        let name = file.display();
        let bytes = bytes_of(file, streams)?;
        if bytes.len() > MAX_BYTES {
            return Err(Failure::Message(format!(
                "`{name}` is longer than {MAX_BYTES} bytes, the most that iamsure reads"
            )));
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| Failure::Message(format!("`{name}` is not UTF-8: {error}")))?;
        path_file::read(&text, &name.to_string(), &mut paths)
            .map_err(|error| Failure::Message(format!("{name}: {error}")))?;
    }
    Ok(paths)
}

/// Who is meant by a text.
///
/// # Errors
/// If nobody is.
pub(crate) fn requester(text: &str) -> Result<Requester, Failure> {
    caller::requester(text).map_err(Failure::Message)
}
