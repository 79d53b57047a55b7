//! `iamsure toolhive`

mod verify;

use std::path::{Path, PathBuf};

use iamsure_core::language::{PolicyType, Source};
use iamsure_core::world::{CallPath, PolicySet, Switches};
use iamsure_toolhive::claims::Claims;
use iamsure_toolhive::finding::{Finding, FindingCode};
use iamsure_toolhive::manifest::{Door, Manifests};
use iamsure_toolhive::road::{Journey, Road, TokenRoad, travel};
use iamsure_toolhive::role_arn::RoleArn;

use crate::args::{Format, RolePolicyArgs, ToolhiveArgs, ToolhiveCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, PolicyReader};
use crate::render::layout::Drawing;
use crate::render::{diagnostic, toolhive as render};
use crate::streams::Streams;

/// The call paths of a session, unless others are named.
const USUAL_PATHS: [&str; 2] = ["direct", "mcp:aws-mcp"];

/// What stands for a role in `--expect` where ToolHive selects none.
const REFUSED: &str = "refused";

/// How many pairs of a mapping and a token are followed at once.
const MAX_PAIRS: usize = 50_000;

pub(crate) fn run(args: &ToolhiveArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if let Some(ToolhiveCommand::Verify(args)) = &args.command {
        return verify::run(args, streams);
    }
    one_standard_input(
        args.files.iter().chain(&args.claims).chain(&args.path_files),
        &args.policies,
    )?;
    let switches = input::switches(&args.policies.switches)?;
    let manifests = Manifests::read(&sources(&args.files, streams)?);
    let tokens = tokens(&args.claims, streams)?;
    let expectations = expectations(args, &tokens)?;
    let is_json = args.format == Format::Json;
    if !is_json {
        streams.note(&diagnostic::of_manifests(&manifests.findings, Drawing::of_errors(streams)));
    }
    if manifests.has_errors() {
        // No verdict on what ToolHive would not run with.
        let text = if is_json {
            render::json(&manifests, &[])
        } else {
            render::refused(&manifests.findings).into()
        };
        streams.print(&text)?;
        return Ok(exit_for(&manifests.findings));
    }
    let doors = manifests.doors();
    if doors.is_empty() {
        return Err(no_door());
    }
    let mappings = doors.iter().map(|door| door.config.mappings.len()).max().unwrap_or_default();
    if mappings.saturating_mul(tokens.len()) > MAX_PAIRS {
        return Err(Failure::Message(format!(
            "{mappings} mappings and {} tokens are more than {MAX_PAIRS} pairs, the most that iamsure follows; give fewer tokens at once",
            tokens.len()
        )));
    }
    let roles = roles(&doors);
    let journey = Journey {
        policies: policies(&args.policies, &roles, streams)?,
        paths: paths(args, &switches, streams)?,
        actions: args.actions.iter().map(|text| input::action(text)).collect::<Result<_, _>>()?,
        switches,
    };
    let roads: Vec<Road<'_>> =
        doors.into_iter().map(|door| travel(door, &tokens, &journey)).collect();
    let drawing = Drawing::of(&args.drawing, streams);
    let text = match args.format {
        Format::Markdown => render::markdown(&roads, &journey).into(),
        Format::Json => render::json(&manifests, &roads),
        _ => render::table(&roads, &journey, drawing),
    };
    streams.print(&text)?;
    let mut exit = Exit::AsExpected;
    for (token, role) in expectations {
        for road in &roads {
            let Some(found) = road.tokens.iter().find(|found| found.claims.name() == token) else {
                continue;
            };
            if !is_expected(found, role) {
                streams.note(&format!(
                    "expected {role} for `{token}` from {}, found {}\n",
                    road.door.name(),
                    render::chosen(found)
                ));
                exit = match exit {
                    // Whether it holds is not known.
                    Exit::AsExpected | Exit::Depends if is_undecided(found) => Exit::Depends,
                    _ => Exit::No,
                };
            }
        }
    }
    Ok(exit)
}

fn exit_for(findings: &[Finding]) -> Exit {
    if findings.iter().any(|finding| finding.code == FindingCode::NotYaml) {
        Exit::CouldNotRun
    } else {
        Exit::No
    }
}

fn no_door() -> Failure {
    Failure::Message(
        "these files contain no MCPExternalAuthConfig of type awsSts: there is no role to select"
            .to_owned(),
    )
}

/// The roles of doors, each once.
fn roles(doors: &[Door<'_>]) -> Vec<RoleArn> {
    let mut roles: Vec<RoleArn> = Vec::new();
    for role in doors.iter().flat_map(|door| door.config.roles()) {
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    roles
}

/// Standard input holds one document.
fn one_standard_input<'a>(
    files: impl Iterator<Item = &'a PathBuf>,
    policies: &RolePolicyArgs,
) -> Result<(), Failure> {
    let RolePolicyArgs { identity, boundary, trust, scp, rcp, .. } = policies;
    let layers = [identity, boundary, trust, scp, rcp];
    let named = layers.into_iter().flatten().filter(|text| *text == "-" || text.ends_with("=-"));
    if files.filter(|path| path.as_os_str() == "-").count() + named.count() > 1 {
        return Err(Failure::Message("standard input (`-`) can be read once only".to_owned()));
    }
    Ok(())
}

/// Files as text.
fn sources(paths: &[PathBuf], streams: &mut Streams) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for path in paths {
        match input::source(path, streams)? {
            Ok(source) => sources.push(source),
            Err((source, finding)) => {
                let why = finding.message.clone();
                streams.note(&diagnostic::human(
                    &source,
                    &[finding.into()],
                    true,
                    Drawing::of_errors(streams),
                ));
                return Err(Failure::Said(why));
            }
        }
    }
    Ok(sources)
}

/// The tokens of every file, each with a name of its own.
fn tokens(paths: &[PathBuf], streams: &mut Streams) -> Result<Vec<Claims>, Failure> {
    let mut tokens: Vec<Claims> = Vec::new();
    for (path, source) in paths.iter().zip(sources(paths, streams)?) {
        let name = match path.file_stem() {
            Some(stem) if path.as_os_str() != "-" => stem.to_string_lossy().into_owned(),
            _ => "stdin".to_owned(),
        };
        let read =
            Claims::read(&source, &name).map_err(|error| Failure::Message(error.to_string()))?;
        for claims in read {
            if tokens.iter().any(|known| known.name() == claims.name()) {
                return Err(Failure::Message(format!(
                    "two tokens are named `{}`; combine them in one file as an object of name → claims",
                    claims.name()
                )));
            }
            tokens.push(claims);
        }
    }
    Ok(tokens)
}

/// What is expected of tokens: the name of one, and a role or [`REFUSED`].
fn expectations<'a>(
    args: &'a ToolhiveArgs,
    tokens: &[Claims],
) -> Result<Vec<(&'a str, &'a str)>, Failure> {
    let read = |text: &'a String| {
        let (token, role) = text.rsplit_once('=').ok_or_else(|| {
            Failure::Message(format!(
                "`{text}` is not TOKEN=ROLE, such as alice=S3ReadOnlyMcpRole, or TOKEN={REFUSED}"
            ))
        })?;
        if tokens.iter().any(|known| known.name() == token) {
            return Ok((token, role));
        }
        let names: Vec<_> = tokens.iter().map(Claims::name).collect();
        Err(Failure::Message(format!(
            "no token `{token}`; the claims are for {}",
            names.join(", ")
        )))
    };
    args.expect.iter().map(read).collect()
}

/// Whether neither a role nor a refusal is certain.
fn is_undecided(token: &TokenRoad) -> bool {
    token.refusal.is_none() && token.selection.choice.role().is_none()
}

fn is_expected(token: &TokenRoad, expected: &str) -> bool {
    let role = token.selection.choice.role().filter(|_| token.refusal.is_none());
    match role {
        Some(role) => role.name() == expected || role.as_str() == expected,
        None => expected == REFUSED && token.refusal.is_some(),
    }
}

fn paths(
    args: &ToolhiveArgs,
    switches: &Switches,
    streams: &mut Streams,
) -> Result<Vec<CallPath>, Failure> {
    let known = input::call_paths(&args.path_files, switches, streams)?;
    let named: Vec<&str> = if args.paths.is_empty() {
        USUAL_PATHS.to_vec()
    } else {
        args.paths.iter().map(String::as_str).collect()
    };
    named
        .into_iter()
        .map(|name| {
            if name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("sts:")) {
                return Err(Failure::Message(format!(
                    "`{name}` starts a session, but --path selects how a session is used; each token's exchange is always shown"
                )));
            }
            known.named(name).map_err(|error| Failure::Message(error.to_string()))
        })
        .collect()
}

/// The policies of every role.
fn policies(
    args: &RolePolicyArgs,
    roles: &[RoleArn],
    streams: &mut Streams,
) -> Result<Vec<(RoleArn, PolicySet)>, Failure> {
    let mut reader = PolicyReader::new(args.lenient, streams);
    let mut sets: Vec<(RoleArn, PolicySet)> =
        roles.iter().map(|role| (role.clone(), PolicySet::default())).collect();
    for (texts, kind) in [
        (&args.identity, PolicyType::Identity),
        (&args.boundary, PolicyType::Boundary),
        (&args.trust, PolicyType::Trust),
    ] {
        for text in texts {
            let (role, file) = of_role(text, kind, roles)?;
            let Some(document) = reader.read(Path::new(file), kind)? else { continue };
            for (_, set) in
                sets.iter_mut().filter(|(known, _)| role.is_none_or(|role| role == known))
            {
                match kind {
                    PolicyType::Identity => {
                        set.identity.push(document.clone());
                        continue;
                    }
                    PolicyType::Boundary if set.boundary.is_none() => {
                        set.boundary = Some(document.clone());
                        continue;
                    }
                    PolicyType::Trust if set.trust.is_none() => {
                        set.trust = Some(document.clone());
                        continue;
                    }
                    _ => {}
                }
                return Err(Failure::Message(format!(
                    "a role has one {}: `{text}` gives a second",
                    kind.aws_name()
                )));
            }
        }
    }
    let scp = reader.levels(&args.scp, PolicyType::Scp)?;
    let rcp = reader.levels(&args.rcp, PolicyType::Rcp)?;
    reader.finish()?;
    for (_, set) in &mut sets {
        set.scp.clone_from(&scp);
        set.rcp.clone_from(&rcp);
    }
    Ok(sets)
}

/// `[ROLE=]FILE`. The name of a role may hold `=`, so that the roles there are decide where it ends.
fn of_role<'a>(
    text: &'a str,
    kind: PolicyType,
    roles: &'a [RoleArn],
) -> Result<(Option<&'a RoleArn>, &'a str), Failure> {
    for role in roles {
        let names = [role.as_str(), role.name()];
        let rest = names.into_iter().find_map(|name| text.strip_prefix(name)?.strip_prefix('='));
        if let Some(file) = rest {
            let same_name: Vec<_> = roles
                .iter()
                .filter(|other| other.name() == role.name())
                .map(RoleArn::as_str)
                .collect();
            if same_name.len() > 1 && !text.starts_with(role.as_str()) {
                return Err(Failure::Message(format!(
                    "`{}` may be any of {}: give the ARN",
                    role.name(),
                    same_name.join(", ")
                )));
            }
            return Ok((Some(role), file));
        }
    }
    if let Some((role, _)) = text.split_once('=')
        && !Path::new(text).exists()
    {
        let names: Vec<_> = roles.iter().map(RoleArn::name).collect();
        return Err(Failure::Message(format!(
            "--{kind} gives a policy for role `{role}`, which the manifests do not name; they name {}",
            names.join(", ")
        )));
    }
    Ok((None, text))
}
