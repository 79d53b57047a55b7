//! `iamsure prove`

use iamsure_core::language::Source;
use iamsure_truth::claim::{Claim, ClaimQuery, ClaimVerdict, NoProof};

use super::Failure;
use crate::args::{Emit, PolicyArgs, ProveArgs, ProveFormat};
use crate::exit::Exit;
use crate::input;
use crate::render::{diagnostic, emission, proof};
use crate::streams::Streams;

/// What stands for the file name of a claim that was typed.
const TYPED: &str = "claim";

pub(crate) fn run(args: &ProveArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let (setting, paths) = input::setting(&args.setting, streams)?;
    let source = Source::new(TYPED, args.claim.clone());
    let claim = match Claim::parse_with(&args.claim, &paths) {
        Ok(claim) => claim,
        Err(error) => {
            streams.note(&diagnostic::of_claim(&source, &error, streams.styled()));
            return Err(Failure::Said);
        }
    };
    let policies = input::some_policies(&args.policies, streams)?;
    let remarks = diagnostic::of_claim_remarks(&source, &claim.remarks(), streams.styled());
    streams.note(&remarks);
    let query = ClaimQuery { policies, claim, setting, paths, open_world: args.open_world };
    let answer = query.answer().map_err(|error| match error {
        NoProof::TooComplex(error) => Failure::Message(format!(
            "{error}. Nothing was cut short: the claim is neither proved nor refuted. Fix more of the request (--action, --resource, --principal, --context, --path), or give fewer policies"
        )),
        NoProof::Wrong(_) => Failure::Internal(error.to_string()),
        NoProof::UnknownPath(_) | NoProof::OfPolicies | NoProof::NotSayable => {
            Failure::Message(error.to_string())
        }
    })?;
    let exit = match answer.verdict {
        ClaimVerdict::Proved => Exit::AsExpected,
        ClaimVerdict::Refuted => Exit::No,
        ClaimVerdict::Depends => Exit::CouldNotRun,
    };
    let report = proof::Report {
        claim: &query.claim,
        open_world: args.open_world,
        asked_only: input::asked_only(&args.setting),
        switches: query.setting.switches,
        answer: &answer,
    };
    match (args.emit, &answer.example) {
        (Some(form), Some(example)) => {
            streams.note(&format!("{}: {}\n", answer.verdict.word(), query.claim));
            let files = given(&args.policies);
            let text = match form {
                Emit::Simulate => emission::simulate(example, &files, &args.setting.request),
                Emit::Test => emission::test(example, &args.policies, &query.claim),
                Emit::Aws => emission::aws(example, &args.policies),
            };
            streams.print(&text)?;
        }
        (Some(_), None) => {
            streams.note(&format!("{}: {}\n", answer.verdict.word(), query.claim));
            streams.note("there is no request to print\n");
        }
        (None, _) => match args.format {
            ProveFormat::Human => streams.print(&proof::human(&report))?,
            ProveFormat::Json => streams.print(&proof::json(&report))?,
        },
    }
    Ok(exit)
}

/// The options that give the policies, as they were typed.
fn given(args: &PolicyArgs) -> Vec<String> {
    let mut words = Vec::new();
    for file in args.files.iter().chain(&args.identity) {
        words.push(file.display().to_string());
    }
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    for (option, file) in [
        ("--boundary", &args.boundary),
        ("--resource-policy", &args.resource_policy),
        ("--trust", &args.trust),
        ("--endpoint", &args.endpoint),
    ] {
        if let Some(file) = file {
            add(option, file.display().to_string());
        }
    }
    for file in &args.session {
        add("--session", file.display().to_string());
    }
    for (option, files) in [("--scp", &args.scp), ("--rcp", &args.rcp)] {
        for file in files {
            add(option, file.clone());
        }
    }
    words
}
