//! `iamsure toolhive verify`

use std::path::Path;
use std::time::Duration;

use iamsure_core::language::ActionPattern;
use iamsure_core::world::{CallPath, PolicySet, Switches};
use iamsure_mcp::{
    Admitted, Client, Endpoint, EndpointError, Limits, PlainHttp, Token, Trouble, TrustedRoots,
    Turned,
};
use iamsure_toolhive::agreement::{Live, agreement};
use iamsure_toolhive::check::Check;
use iamsure_toolhive::claims::Claims;
use iamsure_toolhive::manifest::{Door, Manifests};
use iamsure_toolhive::protected_resource::{self, Published};
use iamsure_toolhive::road::{Journey, travel};
use iamsure_toolhive::role_arn::RoleArn;
use iamsure_toolhive::tool::{AwsCalls, aws_calls};

use super::{exit_for, no_door, one_standard_input, policies, roles, sources, tokens};
use crate::args::{Format, VerifyArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::layout::Drawing;
use crate::render::toolhive::verify::{Offline, Report, Verdict};
use crate::render::{diagnostic, toolhive as render};
use crate::streams::Streams;

/// The most that is read of a file with a token, in bytes.
const TOKEN_BYTES: usize = 64 * 1024;

/// All requests of a visit together may take so many times what one may.
const REQUESTS: u32 = 6;

pub(super) fn run(args: &VerifyArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let files = args.token_file.iter().chain(&args.manifests).chain(&args.claims);
    one_standard_input(files.chain(&args.ca_file), &args.policies)?;
    policies_need_claims(args)?;
    let client = client(args, streams)?;
    let token = token(args, streams)?;
    let switches = input::switches(&args.policies.switches)?;
    let manifests = Manifests::read(&sources(&args.manifests, streams)?);
    let is_json = args.format == Format::Json;
    if !is_json {
        streams.note(&diagnostic::of_manifests(&manifests.findings, Drawing::of_errors(streams)));
    }
    if manifests.has_errors() {
        // Nothing is asked of a proxy that cannot run with these.
        let text = if is_json {
            render::json(&manifests, &[])
        } else {
            render::refused(&manifests.findings).into()
        };
        streams.print(&text)?;
        return Ok(exit_for(&manifests.findings));
    }
    let door = if args.manifests.is_empty() {
        None
    } else {
        Some(door(&manifests, args.proxy.as_deref(), &client.endpoint)?)
    };
    let claims = claims(args, streams)?;
    let policies = match &door {
        Some(door) => policies(&args.policies, &roles(&[*door]), streams)?,
        None => Vec::new(),
    };

    let turned = client.without_token(token.as_ref());
    // A proxy that was not reached is not asked again.
    let reached = !is_unreached(&turned);
    let admitted = token.as_ref().filter(|_| reached).map(|token| client.with_token(token));

    let mut checks = published(&turned, &client.endpoint, door.as_ref());
    let offline = door.zip(claims).map(|(door, claims)| {
        let server = server(&door);
        let listed = admitted.as_ref().and_then(|admitted| admitted.tools.as_deref());
        let journey = journey(policies, &server, listed.unwrap_or_default(), switches);
        let road = travel(door, &[claims], &journey);
        if let (Some(admitted), Some(token)) = (&admitted, road.tokens.first()) {
            checks.push(agreement(token, live(admitted)));
        }
        Offline { road, journey, server }
    });
    let report = Report { endpoint: client.endpoint.clone(), turned, admitted, checks, offline };
    let drawing = Drawing::of(&args.drawing, streams);
    let text = match args.format {
        Format::Markdown => render::verify::markdown(&report).into(),
        Format::Json => render::verify::json(&report, &manifests),
        _ => render::verify::table(&report, drawing),
    };
    streams.print(&text)?;
    Ok(match report.verdict() {
        Verdict::Verified => Exit::AsExpected,
        Verdict::NotVerified => Exit::No,
        Verdict::NotReached => Exit::CouldNotRun,
    })
}

/// Without claims no role is selected, and no policy decides anything.
fn policies_need_claims(args: &VerifyArgs) -> Result<(), Failure> {
    let given = &args.policies;
    let lists = [&given.identity, &given.boundary, &given.trust, &given.scp, &given.rcp];
    if args.claims.is_none() && lists.into_iter().any(|list| !list.is_empty()) {
        return Err(Failure::Message(
            "policies were given without claims: --manifests and --claims determine the role"
                .to_owned(),
        ));
    }
    Ok(())
}

fn client(args: &VerifyArgs, streams: &mut Streams) -> Result<Client, Failure> {
    let plain = if args.insecure_http { PlainHttp::Anywhere } else { PlainHttp::LoopbackOnly };
    let endpoint = Endpoint::parse(&args.url, plain).map_err(|error| {
        let help = match error {
            EndpointError::PlainHttp => "; use https, or accept it with --insecure-http",
            _ => "",
        };
        Failure::Message(format!("the URL cannot be used: {error}{help}"))
    })?;
    let request = Duration::from_secs(args.timeout);
    let limits = Limits { request, visit: request * REQUESTS, ..Limits::default() };
    let roots = match &args.ca_file {
        None => None,
        Some(path) => {
            Some(TrustedRoots::from_pem(&input::bytes_of(path, streams)?).map_err(|error| {
                Failure::Message(format!("`{}` cannot be used: {error}", path.display()))
            })?)
        }
    };
    Ok(Client { endpoint, limits, roots })
}

/// The token. No message shows any of it, nor the name of its file or variable: some put the token itself there.
fn token(args: &VerifyArgs, streams: &mut Streams) -> Result<Option<Token>, Failure> {
    let (text, place) = match (&args.token_file, &args.token_env) {
        (Some(path), _) => {
            let named = format!("`{}`", path.display());
            let place = "the file of --token-file";
            let bytes = input::bytes_of(path, streams).map_err(|failure| match failure {
                Failure::Message(message) => Failure::Message(message.replace(&named, place)),
                failure => failure,
            })?;
            let start = bytes.get(..TOKEN_BYTES).unwrap_or(&bytes);
            (String::from_utf8_lossy(start).into_owned(), place)
        }
        (None, Some(name)) => {
            let place = "the environment variable of --token-env";
            let value = std::env::var_os(name)
                .ok_or_else(|| Failure::Message(format!("{place} is not set")))?;
            (value.to_string_lossy().into_owned(), place)
        }
        (None, None) => return Ok(None),
    };
    let token = Token::new(&text);
    token.map(Some).map_err(|error| Failure::Message(format!("{place} cannot be used: {error}")))
}

/// The claims of the one token.
fn claims(args: &VerifyArgs, streams: &mut Streams) -> Result<Option<Claims>, Failure> {
    let Some(path) = &args.claims else { return Ok(None) };
    let mut read = tokens(std::slice::from_ref(path), streams)?;
    if read.len() == 1 {
        return Ok(read.pop());
    }
    Err(Failure::Message(format!(
        "`{}` contains the claims of {} tokens, but only one token is verified: give a file with its claims",
        Path::display(path),
        read.len()
    )))
}

/// The proxy that is called.
fn door<'a>(
    manifests: &'a Manifests,
    named: Option<&str>,
    endpoint: &Endpoint,
) -> Result<Door<'a>, Failure> {
    let doors = manifests.doors();
    let names: Vec<_> = doors.iter().map(Door::name).collect();
    if doors.is_empty() {
        return Err(no_door());
    }
    let fits = |door: &&Door<'a>| match named {
        Some(name) => door.name() == name,
        None => {
            names.len() == 1
                || door.proxy.and_then(|proxy| proxy.resource_url.as_ref()).is_some_and(|url| {
                    let plain = PlainHttp::Anywhere;
                    Endpoint::parse(&url.value, plain).is_ok_and(|url| url == *endpoint)
                })
        }
    };
    let found: Vec<_> = doors.iter().filter(fits).collect();
    match (found.as_slice(), named) {
        ([one], _) => Ok(**one),
        (_, Some(name)) => Err(Failure::Message(format!(
            "the manifests do not have exactly one proxy `{name}`; they have {}",
            names.join(", ")
        ))),
        (_, None) => Err(Failure::Message(format!(
            "the manifests have several proxies, and the URL is not the resourceUrl of exactly one of them; choose one with --proxy: {}",
            names.join(", ")
        ))),
    }
}

/// The MCP server of AWS that sessions are used through.
fn server(door: &Door<'_>) -> String {
    door.server().unwrap_or(&door.config.service).to_owned()
}

fn journey(
    policies: Vec<(RoleArn, PolicySet)>,
    server: &str,
    tools: &[String],
    switches: Switches,
) -> Journey {
    let named = |name: &str| CallPath::named(name, &switches).ok();
    // A server without a path of its own is one that AWS has not announced.
    let path = named(&format!("mcp:{server}")).or_else(|| named("mcp:any"));
    let mut actions: Vec<ActionPattern> = Vec::new();
    for tool in tools {
        if let AwsCalls::WhenUsed(calls) = aws_calls(server, tool) {
            let calls = calls.iter().filter_map(|call| input::action(call).ok());
            actions.extend(calls.filter(|call| !actions.contains(call)).collect::<Vec<_>>());
        }
    }
    // Signed URLs are used by direct calls.
    let direct = if actions.is_empty() { None } else { named("direct") };
    Journey { policies, paths: path.into_iter().chain(direct).collect(), actions, switches }
}

fn published(turned: &Turned, endpoint: &Endpoint, door: Option<&Door<'_>>) -> Vec<Check> {
    if !turned.away {
        return Vec::new();
    }
    let url = endpoint.url();
    let metadata = turned.metadata.as_ref();
    let published = Published {
        called: &url,
        called_here: endpoint.is_loopback(),
        challenge: turned.challenge.is_some(),
        metadata_url: turned.challenge.as_ref().and_then(|one| one.resource_metadata.as_deref()),
        metadata: metadata
            .map(|found| (found.resource.as_str(), found.authorization_servers.as_slice())),
    };
    protected_resource::checks(&published, door)
}

/// Whether the first request got no answer.
fn is_unreached(turned: &Turned) -> bool {
    let first = turned.steps.first().and_then(|step| step.result.as_ref().err());
    first.is_some_and(Trouble::is_unreachable)
}

/// What the proxy did with the token.
fn live(admitted: &Admitted) -> Live {
    if admitted.tools.is_some() {
        return Live::LetIn;
    }
    let mut troubles = admitted.steps.iter().filter_map(|step| step.result.as_ref().err());
    match troubles.find_map(Trouble::status) {
        Some(status @ (401 | 403)) => Live::Refused(status),
        _ => Live::Unclear,
    }
}
