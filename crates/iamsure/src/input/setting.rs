//! What was said of the requests that a question is about.

use std::path::Path;

use iamsure_core::language::{ActionName, ActionPattern};
use iamsure_core::world::{CallPath, CallPaths, Context, PolicySet, Principal};
use iamsure_truth::model::{self, NotAResource, is_resource_pattern};
use iamsure_truth::setting::Setting;
use iamsure_truth::unpublished;

use super::{call_paths, context, requester, say_odd, say_unpublished, switches};
use crate::args::SettingArgs;
use crate::failure::Failure;
use crate::render::words;
use crate::streams::Streams;

/// Which requests a question is about, and the call paths that can be named.
///
/// # Errors
/// If something that was said cannot be read.
pub(crate) fn setting(
    args: &SettingArgs,
    streams: &mut Streams,
) -> Result<(Setting, CallPaths), Failure> {
    let switches = switches(&args.request.switches)?;
    let requester = args.request.principal.as_deref().map(requester).transpose()?;
    let context = context(&args.request, Context::open())?;
    let actions = args.actions.iter().map(|text| action(text)).collect::<Result<Vec<_>, _>>()?;
    for resource in &args.resources {
        check_resource(resource)?;
    }
    say_unpublished(&args.actions, &context, streams);
    let paths = call_paths(&args.path_files, &switches, streams)?;
    let path = args.path.as_deref().map(|name| path(name, &paths, streams)).transpose()?;
    if let (Some(path), Some(requester)) =
        (path.as_ref().filter(|path| path.token().is_some()), &requester)
    {
        fits(path, &requester.principal)?;
    }
    let setting = Setting {
        who: requester.into(),
        path,
        context,
        actions,
        resources: args.resources.clone(),
        resource_account: args.request.resource_account.clone(),
        switches,
        ..Setting::default()
    };
    Ok((setting, paths))
}

/// The call path called `name`; says what is odd about the services that it names.
///
/// # Errors
/// If there is none.
pub(crate) fn path(
    name: &str,
    paths: &CallPaths,
    streams: &mut Streams,
) -> Result<CallPath, Failure> {
    let path = paths.named(name).map_err(|error| Failure::Message(error.to_string()))?;
    say_odd(unpublished::of_path(&path), streams);
    Ok(path)
}

/// Whether a principal can call on a path: a service as itself, or whoever brings a token of its shape.
///
/// # Errors
/// If it cannot.
pub(crate) fn fits(path: &CallPath, principal: &Principal) -> Result<(), Failure> {
    let own = match path.principal() {
        Some(own) if own != principal => own.display_arn(),
        Some(_) => return Ok(()),
        None => match (path.token(), principal) {
            (None, _) => return Ok(()),
            (Some(_), Principal::FederatedCaller { provider }) if path.may_be_of(provider) => {
                return Ok(());
            }
            (Some(shape), _) => format!("any holder of a token from {}", shape.issuer.example),
        },
    };
    Err(Failure::Message(format!(
        "on the path `{}` the caller is {own}, not {}",
        path.name(),
        principal.display_arn()
    )))
}

/// Said where the trust policy was left out.
pub(crate) const TRUST_LEFT_OUT: &str =
    "The role's trust policy is not part of this answer; query it with --trust.";

/// Whether the trust policy is that of the role whose policies the others are: it decides who may start
/// a session, and nothing that the session does.
pub(crate) fn leaves_trust_out(policies: &PolicySet, args: &SettingArgs) -> bool {
    policies.trust.is_some() && !policies.identity.is_empty() && args.resources.is_empty()
}

/// What a question is limited to, in words.
pub(crate) fn asked_only(args: &SettingArgs) -> Vec<String> {
    let mut said = Vec::new();
    let mut add = |what: &str, texts: &[String]| {
        if !texts.is_empty() {
            said.push(format!("{what} {}", texts.join(", ")));
        }
    };
    add("action", &args.actions);
    add("resource", &args.resources);
    add("call path", args.path.as_slice());
    add("resource account", args.request.resource_account.as_slice());
    add("context", &args.request.context);
    add("absent", &args.request.absent);
    add("switch", &args.request.switches);
    said
}

/// A pattern of actions.
///
/// # Errors
/// If it is none.
pub(crate) fn action(text: &str) -> Result<ActionPattern, Failure> {
    let pattern = ActionPattern::new(text);
    let concrete = ActionName::parse(text);
    match concrete {
        Ok(_) => Ok(pattern),
        Err(iamsure_core::language::action::ActionNameError::Wildcard)
            if pattern.parts().is_some() =>
        {
            Ok(pattern)
        }
        Err(error) => Err(Failure::Message(format!("`{text}` is not an action: {error}"))),
    }
}

/// Says how the resource of one request is read whose name holds a wildcard.
pub(crate) fn say_pattern(resource: &str, streams: &mut Streams) {
    if is_resource_pattern(resource) {
        let resource = words::on_one_line(resource);
        streams.remark(&format!(
            "warning: `simulate` decides one request, so the wildcards in `{resource}` are literal characters; `iamsure table` and `iamsure matrix` cover every resource that matches\n"
        ));
    }
}

/// Whether a question can be about a text as a resource.
///
/// # Errors
/// If it cannot.
pub(crate) fn check_resource(text: &str) -> Result<(), Failure> {
    model::check_resource(text).map_err(|error| {
        let is_file = matches!(error, NotAResource::NotAnArn(_)) && Path::new(text).exists();
        let hint =
            if is_file { "; a resource-based policy is given with --resource-policy" } else { "" };
        Failure::Message(format!("{error}{hint}"))
    })
}
