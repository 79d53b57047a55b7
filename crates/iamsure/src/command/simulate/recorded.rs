//! `iamsure simulate --from`: the request of a record of what AWS decided.

use std::path::Path;

use iamsure_core::world::{Context, PolicySet, Principal, Request, Requester, Switches};
use iamsure_import::{Agreement, Documents, Policies, Test};
use iamsure_review::request_form;
use iamsure_truth::ask::NotGiven;
use iamsure_truth::sample::Who;

use super::{bucket, call_path, profile};
use crate::args::SimulateArgs;
use crate::check::{Asked, Check};
use crate::failure::Failure;
use crate::input;
use crate::render::{agreement, words};
use crate::streams::Streams;

/// The request of a record with its decision, and whether AWS decided otherwise.
pub(super) struct Recorded {
    pub(super) check: Check,
    pub(super) differs: bool,
    /// What AWS decided beside what we do.
    pub(super) said: String,
}

/// Decides the one request that a file records.
///
/// # Errors
/// If it records none or several, or does not tell enough.
pub(super) fn from_record(
    file: &Path,
    args: &SimulateArgs,
    known: &iamsure_core::world::CallPaths,
    switches: &Switches,
    streams: &mut Streams,
) -> Result<Recorded, Failure> {
    if file.as_os_str() == "-" && args.policies.name_standard_input() {
        return Err(Failure::Message("standard input (`-`) can be read once only".to_owned()));
    }
    let mut test = one(file, streams)?;
    let given = input::policy_set(&args.policies, streams)?;
    complete(&mut test, args)?;
    let known_later = given.known_later;
    let caller = given.caller(test.principal.clone().map(Requester::from).as_ref())?;
    // The record tells the session; whose policies they are tells the rest.
    test.principal = caller.map(|caller| caller.principal);
    let (policies, whose) = match &test.policies {
        Policies::Captured(captured) if args.policies.are_none() => {
            let set = captured.policy_set(profile(args)).map_err(Failure::Message)?;
            (set, "the captured policies")
        }
        _ => (given.policies, "the policies given"),
    };
    let (Some(principal), Some(resource)) = (&test.principal, &test.resource) else {
        return Err(Failure::Message(format!(
            "{}: the record is incomplete; {} (--principal, --resource)",
            words::on_one_line(&test.source),
            words::on_one_line(&test.todo.join("; "))
        )));
    };
    streams.remark(&format!(
        "note: {}: {} on {} by {}\n",
        words::on_one_line(&test.source),
        words::on_one_line(test.action.as_str()),
        words::on_one_line(resource),
        words::on_one_line(&principal.display_arn())
    ));
    for remark in &test.remarks {
        streams.remark(&format!("note: {}\n", words::on_one_line(remark)));
    }
    let found = compare(&test, &policies, args);
    let said = agreement::human(&test, &found, whose, &policies);
    let differs = matches!(found, Agreement::Differs(_));
    let check = check(&test, principal, resource, (&policies, known_later), args, known, switches)?;
    Ok(Recorded { check, differs, said })
}

/// The one test of a record.
fn one(file: &Path, streams: &mut Streams) -> Result<Test, Failure> {
    let source = super::super::import::source(file, streams)?;
    let name = words::on_one_line(source.name());
    let mut import = iamsure_import::read(&[source], None, &Documents::default())
        .map_err(|error| Failure::Message(words::on_one_line(&error.to_string())))?;
    let count = import.tests.len();
    match (import.tests.pop(), count) {
        (Some(test), 1) => Ok(test),
        (None, _) => {
            let notes: Vec<String> =
                import.notes.iter().map(|note| words::on_one_line(note)).collect();
            let why =
                if notes.is_empty() { String::new() } else { format!(": {}", notes.join("; ")) };
            Err(Failure::Message(format!("{name}: contains no recorded request{why}")))
        }
        _ => Err(Failure::Message(format!(
            "{name}: contains {count} recorded requests, but --from takes one; `iamsure import` takes them all"
        ))),
    }
}

/// Fills in from the options what the record leaves out. An option may not contradict the record.
fn complete(test: &mut Test, args: &SimulateArgs) -> Result<(), Failure> {
    let twice = |what: &str, told: &str| {
        Err(Failure::Message(format!(
            "--{what} conflicts with the record, which contains `{}`; omit --{what}, or describe the request with --action",
            words::on_one_line(told)
        )))
    };
    if let Some(text) = &args.said.principal {
        if let Some(told) = &test.principal {
            return twice("principal", &told.display_arn());
        }
        test.principal = Some(input::requester(text)?.principal);
    }
    if let Some(text) = &args.resource {
        if let Some(told) = &test.resource {
            return twice("resource", told);
        }
        input::check_resource(text)?;
        test.resource = Some(text.clone());
    }
    if let Some(account) = &args.said.resource_account {
        test.resource_account.get_or_insert_with(|| account.clone());
    }
    let context = input::context(&args.said, Context::open())?;
    for (key, state) in context.entries() {
        if test.context.iter().any(|(known, _)| known == key) {
            return Err(Failure::Message(format!(
                "the record already contains `{key}`; omit the option for it, or describe the request with --action"
            )));
        }
        test.context.push((key.clone(), state.clone()));
    }
    Ok(())
}

/// What AWS decided, held against what we do: with facts of an option that a test cannot hold it is not.
fn compare(test: &Test, policies: &PolicySet, args: &SimulateArgs) -> Agreement {
    let is_special = args.policies.layers.management_account
        || args.policies.layers.resource_in_management_account
        || args.gateway_endpoint
        || !args.bucket.is_empty()
        || !args.said.switches.is_empty();
    if is_special {
        return Agreement::NotAsked("options change how the request is decided".to_owned());
    }
    if policies.policies().next().is_none() {
        return Agreement::NotAsked("no policies are given".to_owned());
    }
    iamsure_import::compared(test, policies)
}

fn check(
    test: &Test,
    principal: &Principal,
    resource: &str,
    (policies, known_later): (&PolicySet, bool),
    args: &SimulateArgs,
    known: &iamsure_core::world::CallPaths,
    switches: &Switches,
) -> Result<Check, Failure> {
    let path = call_path(test.path, known)?;
    if let Some(path) = &path {
        input::fits(path, principal)?;
    }
    let mut requester = Requester::from(principal.clone());
    requester.in_management_account = args.policies.layers.management_account;
    let mut context = Context::open();
    for (key, state) in &test.context {
        context.set(key.clone(), state.clone());
    }
    let mut request = Request::new(requester.clone(), test.action.clone(), resource, context);
    request.resource_account.clone_from(&test.resource_account);
    request.resource_in_management_account = args.policies.layers.resource_in_management_account;
    request.bucket = bucket(&args.bucket);
    request.through_gateway_endpoint = args.gateway_endpoint;
    request_form::consistent(&request).map_err(|error| Failure::Message(error.to_string()))?;
    let asked = Asked {
        owner_is_given: test.resource_account.is_some(),
        request,
        who: Who::Named(requester),
        path: path.as_ref(),
        derive: true,
        not_given: NotGiven::Unknown,
        known_later,
    };
    Ok(Check::new(None, policies, asked, *switches))
}
