//! `iamsure simulate`

mod known_sets;
mod recorded;
mod requests;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use iamsure_core::decision::Verdict;
use iamsure_core::decision::exemption::is_unsigned;
use iamsure_core::language::document::PrincipalEntry;
use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::language::{ActionName, Profile};
use iamsure_core::world::{
    Bucket, CallPath, CallPaths, Context, PolicySet, Principal, Request, Requester, Switches,
};
use iamsure_review::answer_form;
use iamsure_review::caller::started_by;
use iamsure_review::foreign::markdown_with_code;
use iamsure_review::request_form::{self, RequestForm, RequestFormError};
use iamsure_truth::ask::{NotGiven, SwitchDependence};
use iamsure_truth::sample::{Who, account_named_by, account_of, owner_in};
use iamsure_truth::unpublished::{self, Unpublished};

use crate::failure::Failure;
use clap::ValueEnum as _;

use crate::args::{BucketFact, Expected, Format, SimulateArgs};
use crate::call::{self, Part};
use crate::check::{Asked, Check};
use crate::exit::Exit;
use crate::input;
use crate::render::layout::{Drawing, fitted};
use crate::render::markdown::explained;
use crate::render::verdict::coloured;
use crate::render::{diagnostic, explanation, whole_call};
use crate::streams::Streams;

pub(crate) fn run(args: &SimulateArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let switches = input::switches(&args.said.switches)?;
    let known = input::call_paths(&args.path_files, &switches, streams)?;
    if let Some(path) = &args.requests {
        return requests::run(args, path, &known, switches, streams);
    }
    let mut differs = false;
    let mut recorded = String::new();
    let (checks, parts) = match (&args.request, &args.from) {
        (Some(path), _) => (vec![from_file(path, args, &known, &switches, streams)?], Vec::new()),
        (None, Some(file)) => {
            let found = recorded::from_record(file, args, &known, &switches, streams)?;
            (differs, recorded) = (found.differs, found.said);
            (vec![found.check], Vec::new())
        }
        (None, None) => {
            args.resource.iter().for_each(|resource| input::say_pattern(resource, streams));
            from_flags(args, &known, &switches, streams)?
        }
    };
    let (verdict, succeeds) = match (checks.as_slice(), parts.as_slice()) {
        ([check], _) => (check.inquiry.answer.verdict(), check.inquiry.answer.succeeds()),
        _ => call::together(&checks, &parts),
    };
    let (exit, undocumented) = judged(args.expect, verdict, succeeds, &checks);
    let mut text = String::new();
    if checks.len() > 1 || args.call.is_some() {
        match args.format {
            Format::Json if args.call.is_none() => {}
            Format::Json => text.push_str(&whole_call::json(&checks, &parts, verdict, succeeds)),
            Format::Markdown => {
                text.push_str(&explained(&whole_call::human(&checks, &parts, succeeds)));
            }
            _ => text.push_str(&whole_call::human(&checks, &parts, succeeds)),
        }
    }
    let is_markdown = args.format == Format::Markdown;
    for (index, check) in checks.iter().enumerate() {
        if args.format == Format::Json {
            text.push_str(&explanation::json(check));
            continue;
        }
        if index > 0 || checks.len() > 1 || args.call.is_some() {
            text.push('\n');
        }
        let human = explanation::human(check);
        text.push_str(&if is_markdown { explained(&human) } else { human });
        if let ([check], None) = (checks.as_slice(), &args.call)
            && check.inquiry.answer.succeeds() != Some(false)
            && let Some(request) = check.worlds.first()
            && let Some(needed) = call::also_needed(
                request.action.as_str(),
                &request.resource,
                &request.requester.principal,
            )
        {
            let note = format!("note: {needed}");
            let note = if is_markdown { markdown_with_code(&note) } else { note };
            let _ = writeln!(text, "\n{note}");
        }
    }
    if args.format == Format::Human {
        let text = fitted(&text, streams.width());
        streams.print(&coloured(&text, Drawing::here(streams)))?;
    } else {
        streams.print(&text)?;
    }
    streams.note(&recorded);
    if let (Some(expected), Exit::No | Exit::Depends) = (args.expect, exit) {
        let found: BTreeSet<_> =
            checks.iter().map(|check| answer_form::inquiry_word(&check.inquiry)).collect();
        let found: Vec<&str> = found.into_iter().collect();
        let of_checks = if checks.len() > 1 { " for its checks" } else { "" };
        streams.note(&format!(
            "expected {}, found {}{of_checks}\n",
            word(expected),
            found.join(" and ")
        ));
        if let Some(SwitchDependence { switch, choice, .. }) = undocumented {
            streams.note(&format!(
                "whether the expectation holds depends on {switch} ({}), which AWS does not document; with --switch {switch}={choice} the decision differs\n",
                switch.question()
            ));
        }
        return Ok(exit);
    }
    Ok(if differs { Exit::No } else { Exit::AsExpected })
}

/// Whether a call can be authorized by an action.
///
/// # Errors
/// If AWS publishes no such action: it may be an operation of the API, which others authorize.
fn authorizes_calls(action: &ActionName) -> Result<(), Failure> {
    let Some(odd) = unpublished::of_action(action.as_str()) else { return Ok(()) };
    let help = odd.help.map(|help| format!("; {help}")).unwrap_or_default();
    Err(Failure::Message(format!(
        "{}{help}. --call takes the action that authorizes the call",
        odd.message
    )))
}

/// Who asks, if that is given.
fn caller(args: &SimulateArgs) -> Result<Option<Requester>, Failure> {
    let Some(principal) = &args.said.principal else { return Ok(None) };
    let mut requester = input::requester(principal)?;
    if let Some(user) = &args.user_arn {
        started_by(&mut requester.principal, user.clone()).map_err(Failure::Message)?;
    }
    Ok(Some(requester))
}

/// The request that the flags describe, and those of `--also`.
fn from_flags(
    args: &SimulateArgs,
    known: &CallPaths,
    switches: &Switches,
    streams: &mut Streams,
) -> Result<(Vec<Check>, Vec<Part>), Failure> {
    let requester = caller(args)?;
    let context = input::context(&args.said, Context::closed())?;
    let path = args.path.as_deref().map(|name| input::path(name, known, streams)).transpose()?;
    let given = input::policy_set(&args.policies, streams)?;
    let derive = args.derive || args.said.principal.is_some() || given.principal.is_some();
    let requester = given.caller(requester.as_ref())?;
    let context = given.tagged(&context);
    let owner = args.said.resource_account.clone().or(given.owner);
    // Whom a role trusts decides who becomes it, not what it may become.
    let is_callers = given.is_of_principal
        && args.policies.layers.trust.is_none()
        && (given.principal.is_some() || args.said.principal.is_none());
    let own_role = given.principal.filter(|_| is_callers);
    let all = given.policies;
    let without_trust = is_callers.then(|| PolicySet { trust: None, ..all.clone() });
    let own = || path.as_ref().and_then(CallPath::principal).cloned().map(Requester::from);
    let mut named = requester.or_else(own);
    if let Some(requester) = &mut named {
        requester.in_management_account = args.policies.layers.management_account;
        if let Some(path) = &path {
            input::fits(path, &requester.principal)?;
        }
    }
    let name = args.call.as_deref().or(args.action.as_deref()).unwrap_or_default();
    let mut parts = call::named(name, args.resource.as_deref(), &args.also);
    if args.call.is_some() {
        let caller = named.as_ref().map(|requester| &requester.principal);
        parts = call::whole(name, caller, parts);
    }
    input::say_odd(unpublished::of_context(&context), streams);
    let mut checks = Vec::new();
    for part in &parts {
        let (action, resource) = (part.action.clone(), part.resource.clone());
        let policies = match &without_trust {
            Some(others) if resource.is_none() || resource != own_role => others,
            _ => &all,
        };
        let action = ActionName::parse(&action).map_err(|error| {
            Failure::Message(format!("`{action}` is not the action of a request: {error}"))
        })?;
        if args.call.is_some() {
            authorizes_calls(&action)?;
        }
        let needs_resource = iamsure_reference::action(action.as_str())
            .known()
            .is_some_and(|known| known.resource_types().any(|kind| kind.required));
        let resource = match resource {
            Some(resource) => resource,
            None if needs_resource => {
                let example =
                    iamsure_reference::example_resource(action.as_str()).unwrap_or_default();
                return Err(Failure::Message(format!(
                    "`{action}` needs a resource: give it with --resource, such as `{example}`"
                )));
            }
            None => "*".to_owned(),
        };
        let who = match &named {
            None if is_unsigned(&action) => Who::Named(Requester::from(provider_of(policies)?)),
            named => Who::from(named.clone()),
        };
        let path = path.clone().map(|path| with_claims(path, &who)).transpose()?;
        input::check_resource(&resource)?;
        let own = owner.as_deref().or_else(|| account_of(&resource)).or_else(|| owner_in(&context));
        let own = own.unwrap_or_else(|| account_named_by([policies])).to_owned();
        let owner_is_given = owner.is_some() || owner_in(&context).is_some();
        let mut requester = who.or_sample(&own);
        requester.in_management_account = args.policies.layers.management_account;
        let mut context = context.clone();
        call::narrow(part, policies, &mut context);
        call::passed_to(part, &mut context);
        let mut request = Request::new(requester, action, resource, context);
        request.resource_account.clone_from(&owner);
        if who == Who::Anybody {
            // Whose the resource is is not given: it belongs to the caller's account.
            request.resource_account.get_or_insert(own);
        }
        request.resource_in_management_account =
            args.policies.layers.resource_in_management_account;
        request.bucket = bucket(&args.bucket);
        request.through_gateway_endpoint = args.gateway_endpoint;
        request_form::consistent(&request).map_err(|error| Failure::Message(error.to_string()))?;
        let odd = unpublished::of_action(request.action.as_str());
        // For people it is beside the verdict.
        let unfit = beside_the_verdict(&request).filter(|_| args.format == Format::Json);
        input::say_odd(odd.into_iter().chain(unfit), streams);
        let asked = Asked {
            request,
            who,
            path: path.as_ref(),
            derive,
            not_given: NotGiven::Unknown,
            known_later: given.known_later,
            owner_is_given,
        };
        checks.push(Check::new(None, policies, asked, *switches));
    }
    Ok((checks, parts))
}

/// What is odd about the resource of a request.
fn beside_the_verdict(request: &Request) -> impl Iterator<Item = Unpublished> + use<> {
    let unfit = unpublished::of_resource(request.action.as_str(), &request.resource);
    unfit.into_iter().chain(unpublished::of_owner(request))
}

/// A path of a token, with what is known of those of the provider.
fn with_claims(path: CallPath, who: &Who) -> Result<CallPath, Failure> {
    let principal = who.named().map(|requester| &requester.principal);
    if let Some(principal) = principal {
        input::fits(&path, principal)?;
    }
    Ok(match principal {
        Some(Principal::FederatedCaller { provider }) if path.token().is_some() => {
            path.of_provider(provider)
        }
        _ => path,
    })
}

/// Whose token is exchanged, if the trust policy names one provider.
fn provider_of(policies: &PolicySet) -> Result<Principal, Failure> {
    let entries = policies
        .trust
        .iter()
        .flat_map(|trust| &trust.statements)
        .flat_map(|statement| &statement.principal);
    let mut providers: Vec<&str> = entries
        .flat_map(|element| &element.entries)
        .filter_map(|entry| match &entry.value {
            PrincipalEntry::Federated(provider) => Some(provider.as_str()),
            _ => None,
        })
        .collect();
    providers.dedup();
    match providers.as_slice() {
        [provider] => Ok(Principal::FederatedCaller { provider: (*provider).to_owned() }),
        _ => Err(Failure::Message(
            "this call needs an identity-provider token: name the provider with --principal, by ARN or (in a --request) as `federated-caller`"
                .to_owned(),
        )),
    }
}

fn bucket(facts: &[BucketFact]) -> Bucket {
    let names: Vec<String> = facts
        .iter()
        .filter_map(|fact| fact.to_possible_value().map(|value| value.get_name().to_owned()))
        .collect();
    request_form::bucket(&names).unwrap_or_default()
}

fn call_path(name: Option<&str>, known: &CallPaths) -> Result<Option<CallPath>, Failure> {
    name.map(|name| known.named(name).map_err(|error| Failure::Message(error.to_string())))
        .transpose()
}

const fn profile(args: &SimulateArgs) -> Profile {
    if args.policies.layers.lenient { Profile::Lenient } else { Profile::Strict }
}

/// A request in a file.
fn from_file(
    path: &Path,
    args: &SimulateArgs,
    known: &CallPaths,
    switches: &Switches,
    streams: &mut Streams,
) -> Result<Check, Failure> {
    let bytes = input::bytes_of(path, streams)?;
    let name = path.display();
    if bytes.len() > MAX_BYTES {
        return Err(Failure::Message(format!(
            "`{name}` is longer than {MAX_BYTES} bytes, the most that iamsure reads"
        )));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::Message(format!("`{name}` is not UTF-8: {error}")))?;
    let is_yaml =
        path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let read = if is_yaml { request_form::read_yaml } else { request_form::read };
    let form =
        read(&text, profile(args)).map_err(|error| refuse(&name.to_string(), &error, streams))?;
    for warning in &form.warnings {
        let text = diagnostic::beside_the_answer(
            &warning.source,
            &[warning.finding.clone().into()],
            streams.verbosity(),
            Drawing::of_errors(streams),
        );
        streams.remark(&text);
    }
    // For people, what is odd about the resource is beside the verdict.
    let beside: Vec<Unpublished> =
        beside_the_verdict(&form.request).filter(|_| args.format != Format::Json).collect();
    let odd = form.odd.iter().filter(|odd| !beside.contains(odd));
    input::say_odd(odd.cloned(), streams);
    check(form, args, known, switches)
}

fn refuse(name: &str, error: &RequestFormError, streams: &mut Streams) -> Failure {
    if let RequestFormError::Policy(found) = error {
        let text = diagnostic::human(
            &found.source,
            &[found.finding.clone().into()],
            true,
            Drawing::of_errors(streams),
        );
        streams.note(&text);
    }
    Failure::Message(format!("{name}: {error}"))
}

fn check(
    form: RequestForm,
    args: &SimulateArgs,
    known: &CallPaths,
    switches: &Switches,
) -> Result<Check, Failure> {
    let path = call_path(form.path.as_deref().or(args.path.as_deref()), known)?;
    let who = Who::Named(form.request.requester.clone());
    let path = path.map(|path| with_claims(path, &who)).transpose()?;
    let switches = form.switches(*switches);
    let asked = Asked {
        owner_is_given: form.request.resource_account.is_some(),
        who,
        request: form.request,
        path: path.as_ref(),
        derive: args.derive || form.derive,
        // The form names every policy there is.
        not_given: NotGiven::Nonexistent,
        known_later: false,
    };
    Ok(Check { odd: form.odd, ..Check::new(form.id, &form.policies, asked, switches) })
}

/// Whether the one verdict, if there is one, and the one success or failure are as expected, as far as that is
/// known.
fn met(expected: Option<Expected>, verdict: Option<Verdict>, succeeds: Option<bool>) -> Exit {
    let Some(expected) = expected else { return Exit::AsExpected };
    let is_met = match expected {
        Expected::Allowed => verdict == Some(Verdict::Allowed),
        Expected::Denied => succeeds == Some(false),
        Expected::ExplicitlyDenied => verdict == Some(Verdict::ExplicitlyDenied),
        Expected::ImplicitlyDenied => verdict == Some(Verdict::ImplicitlyDenied),
        Expected::Exempt => verdict == Some(Verdict::Exempt),
        Expected::Depends => verdict.is_none(),
    };
    // Denied for different reasons is denied.
    let excluded = match expected {
        Expected::Allowed | Expected::Exempt => succeeds == Some(false),
        Expected::Denied | Expected::ExplicitlyDenied | Expected::ImplicitlyDenied => {
            succeeds == Some(true)
        }
        Expected::Depends => false,
    };
    match (is_met, verdict) {
        (true, _) => Exit::AsExpected,
        (false, None) if !excluded => Exit::Depends,
        (false, _) => Exit::No,
    }
}

/// Whether what was expected is what was found, and the switch that this depends on, if it does.
fn judged(
    expected: Option<Expected>,
    verdict: Option<Verdict>,
    succeeds: Option<bool>,
    checks: &[Check],
) -> (Exit, Option<&SwitchDependence>) {
    let exit = met(expected, verdict, succeeds);
    let undocumented = expected.and_then(|_| switch_decides(expected, exit, checks));
    (if undocumented.is_some() { Exit::Depends } else { exit }, undocumented)
}

/// A switch, where AWS is silent, with another choice of which the expectation does not get what it gets.
fn switch_decides(
    expected: Option<Expected>,
    exit: Exit,
    checks: &[Check],
) -> Option<&SwitchDependence> {
    let mut all = checks.iter().flat_map(|check| {
        let own = check.inquiry.answer.succeeds();
        check.inquiry.switches.iter().map(move |found| (own, found))
    });
    all.find(|(own, found)| {
        let verdicts: BTreeSet<Verdict> =
            found.otherwise.iter().map(|(verdict, _)| *verdict).collect();
        let verdict = verdicts.first().copied().filter(|_| verdicts.len() == 1);
        let first = verdicts.first().map(|verdict| verdict.succeeds());
        let succeeds =
            first.filter(|first| verdicts.iter().all(|verdict| verdict.succeeds() == *first));
        match checks {
            [_] => met(expected, verdict, succeeds) != exit,
            // Of several checks, one that then succeeds or fails may turn the whole.
            _ => succeeds != *own,
        }
    })
    .map(|(_, found)| found)
}

const fn word(expected: Expected) -> &'static str {
    match expected {
        Expected::Allowed => "allowed",
        Expected::Denied => "denied",
        Expected::ExplicitlyDenied => "explicitly denied",
        Expected::ImplicitlyDenied => "implicitly denied",
        Expected::Exempt => "exempt",
        Expected::Depends => "depends",
    }
}
