//! `iamsure prove`

use std::path::{Path, PathBuf};

use iamsure_core::language::{ActionPattern, PolicyType, Source};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_review::review_claim::{for_policies, for_policies_of};
use iamsure_truth::claim::{Body, Claim, ClaimQuery, ClaimVerdict};
use iamsure_truth::comparison::ComparisonQuery;
use iamsure_truth::inert::InertQuery;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};

use crate::args::{Emit, Format, LayerArgs, PolicyArgs, ProveArgs, SettingArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Given, PolicyReader};
use crate::render::layout::{Drawing, fitted};
use crate::render::proof::Judged;
use crate::render::review::marks as review_marks;
use crate::render::review::{self, Answer, Asked};
use crate::render::verdict::coloured;
use crate::render::{diagnostic, emission, proof};
use crate::streams::Streams;

/// What stands for the file name of a claim that was typed.
const TYPED: &str = "claim";

pub(crate) fn run(args: &ProveArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if args.review {
        return review(args, streams);
    }
    let (mut setting, paths) = input::setting(&args.setting, streams)?;
    let text = args.claim.as_deref().unwrap_or_default();
    let source = Source::new(TYPED, text);
    let claim = match Claim::parse_with(text, &paths) {
        Ok(claim) => claim,
        Err(error) => {
            streams.note(&diagnostic::of_claim(&source, &error, Drawing::of_errors(streams)));
            return Err(Failure::Said(error.to_string()));
        }
    };
    let given = input::some_policies(&args.policies, streams)?;
    given.settle(&mut setting)?;
    setting.known_later = given.known_later;
    let mut policies = given.policies;
    // Whoever is named has policies of its own, and may ask for the role.
    if args.setting.request.principal.is_none() && input::leaves_trust_out(&policies, &args.setting)
    {
        let of_exchanges =
            |pattern: &&ActionPattern| pattern.as_str().to_ascii_lowercase().starts_with("sts:");
        if claim.actions().iter().any(of_exchanges) {
            return Err(Failure::Message(
                "the claim covers session exchanges, which the trust policy decides, but identity-based policies were given too: do they belong to the role or to the caller? Give only --trust, or name the caller with --principal"
                    .to_owned(),
            ));
        }
        policies.trust = None;
        streams.remark(&format!("note: {}\n", input::TRUST_LEFT_OUT));
    }
    let remarks =
        diagnostic::of_claim_remarks(&source, &claim.remarks(), Drawing::of_errors(streams));
    streams.remark(&remarks);
    if matches!(
        claim.body,
        Body::NoInertStatements | Body::SameDecisionsAs(_) | Body::NoMoreThan(_)
    ) {
        return of_policies(&claim, policies, setting, args, streams);
    }
    let query = ClaimQuery {
        policies,
        claim,
        setting,
        paths,
        open_world: args.open_world,
        is_whole: false,
    };
    let answer = query.answer().map_err(|error| unproved(&error))?;
    let exit = Exit::from(answer.verdict);
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
            let mut files = policy_options(&args.policies);
            files.extend(streams.managed_options());
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
            Format::Json => streams.print(&proof::json(&report))?,
            Format::Markdown => streams.print(&proof::markdown(&report))?,
            Format::Github | Format::Sarif => {
                let judged = Judged::of_proof(&query.claim, &answer, &query.policies);
                print_in_ci(&judged, args, streams)?;
            }
            _ => {
                let text = fitted(&proof::human(&report), streams.width());
                streams.print(&coloured(&text, Drawing::here(streams)))?;
            }
        },
    }
    Ok(exit)
}

/// A claim about whole policies.
fn of_policies(
    claim: &Claim,
    policies: PolicySet,
    setting: Setting,
    args: &ProveArgs,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    match &claim.body {
        Body::NoInertStatements => {
            let query = InertQuery { policies, setting, examples: false };
            let answer = query.claim(args.open_world).map_err(|error| match error {
                Unanswered::TooComplex(error) => {
                    Failure::Message(format!("{error}. The claim is neither proved nor refuted"))
                }
                _ => Failure::Internal(error.to_string()),
            })?;
            let judged =
                Judged::of_policies(claim, answer.verdict, &answer.reasons, &query.policies);
            if print_in_ci(&judged, args, streams)? {
                return Ok(answer.verdict.into());
            }
            if args.format == Format::Json {
                let open_world = args.open_world;
                let json = proof::inertness_json(claim, &query.policies, &answer, open_world);
                streams.print(&json)?;
                return Ok(answer.verdict.into());
            }
            let text =
                proof::inertness(claim, &query.policies, &answer, args.open_world, args.format);
            let is_human = args.format == Format::Human;
            let width = streams.width().filter(|_| is_human);
            let drawing = Drawing { width, ..Drawing::here(streams) };
            let drawing = Drawing { styled: drawing.styled && is_human, ..drawing };
            streams.print(&coloured(&fitted(&text, width), drawing))?;
            Ok(Exit::from(answer.verdict))
        }
        Body::SameDecisionsAs(file) | Body::NoMoreThan(file) => {
            let before = of_file(Path::new(&file.name), &policies, args, streams)?;
            let (after, open_world) = (policies, args.open_world);
            let query = ComparisonQuery { before, after, setting, open_world, is_whole: false };
            let comparison = super::diff::answer(&query)?;
            let only_wider = matches!(claim.body, Body::NoMoreThan(_));
            let (verdict, reasons) = query
                .claim(&comparison, only_wider)
                .map_err(|error| super::diff::failure(&error))?;
            let judged = Judged::of_policies(claim, verdict, &reasons, &query.after);
            if print_in_ci(&judged, args, streams)? {
                return Ok(verdict.into());
            }
            let report = crate::render::comparison::Report {
                before: file.name.clone(),
                after: "the policies given".to_owned(),
                comparison: &comparison,
                open_world: args.open_world,
                asked_only: input::asked_only(&args.setting),
                examples: false,
            };
            let found = (verdict, reasons.as_slice());
            let drawing = Drawing::here(streams);
            streams.print(&proof::of_comparison(claim, found, &report, args.format, drawing))?;
            Ok(verdict.into())
        }
        _ => Ok(Exit::AsExpected),
    }
}

/// Prints annotations or SARIF if they are wanted, and says whether they were.
fn print_in_ci(
    judged: &Judged<'_>,
    args: &ProveArgs,
    streams: &mut Streams,
) -> Result<bool, Failure> {
    let Some(text) = judged.in_ci(args.format) else { return Ok(false) };
    streams.print(&text)?;
    Ok(true)
}

fn unproved(error: &Unanswered) -> Failure {
    match error {
        Unanswered::TooComplex(error) => Failure::Message(format!(
            "{error}. The claim is neither proved nor refuted. Restrict the request (--action, --resource, --principal, --context, --path), or give fewer policies"
        )),
        Unanswered::Bug(_) => Failure::Internal(error.to_string()),
        // What is wrong stands in the warning, with its place.
        Unanswered::Claim(Unaskable::Slip(_)) => {
            Failure::Message("no request matches this claim".to_owned())
        }
        Unanswered::Claim(_) => Failure::Message(error.to_string()),
    }
}

/// Everything that reviewers ask of such policies.
fn review(args: &ProveArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let (setting, paths) = input::setting(&args.setting, streams)?;
    // Without a claim the first word is a policy.
    let mut named = args.policies.clone();
    let claim: Vec<PathBuf> = args.claim.iter().map(PathBuf::from).collect();
    named.files.splice(0..0, input::policies_under(&claim)?);
    let given = input::some_policies(&named, streams)?;
    let policies = given.policies.clone();
    let asked = reviewed(&given, setting, &paths, &args.setting)?;
    let text = match args.format {
        Format::Json => review::json(&asked, &policies),
        Format::Markdown => review_marks::markdown(&asked, &policies).into(),
        Format::Github => review_marks::github(&asked, &policies),
        Format::Sarif => review_marks::sarif(&asked, &policies),
        _ => coloured(
            &fitted(&review::human(&asked, &policies), streams.width()),
            Drawing::here(streams),
        ),
    };
    streams.print(&text)?;
    let has = |wanted: Option<ClaimVerdict>| asked.iter().any(|one| one.answer.verdict() == wanted);
    let is_open = has(None) || has(Some(ClaimVerdict::Depends));
    Ok(match (has(Some(ClaimVerdict::Refuted)), is_open) {
        (true, _) => Exit::No,
        (false, true) => Exit::Depends,
        (false, false) => Exit::AsExpected,
    })
}

/// The claims of a review that are about these policies, and what came of each.
pub(super) fn reviewed(
    given: &Given,
    mut setting: Setting,
    paths: &CallPaths,
    args: &SettingArgs,
) -> Result<Vec<Asked>, Failure> {
    given.settle(&mut setting)?;
    setting.known_later = given.known_later;
    let policies = &given.policies;
    let claims = match &setting.resource_account {
        Some(account) => for_policies_of(policies, account),
        None => for_policies(policies),
    };
    let mut asked = Vec::with_capacity(claims.len());
    for review in claims {
        let of_trust = review
            .statement
            .map_or(policies.identity.is_empty(), |id| id.layer == PolicyType::Trust);
        let mut own = policies.clone();
        if of_trust && own.trust.is_some() {
            own = PolicySet { trust: own.trust, ..PolicySet::default() };
        } else if input::leaves_trust_out(&own, args) {
            own.trust = None;
        }
        let query = review.query(own, &setting, paths);
        let answer = match query.answer() {
            Ok(answer) => Answer::Proof(Box::new(answer)),
            Err(Unanswered::Claim(Unaskable::NoRequest)) => match review.about_nobody() {
                Some(verdict) => Answer::Nobody(verdict),
                None => continue,
            },
            // Made for these policies, and about nothing: there is nothing to review.
            Err(Unanswered::Claim(Unaskable::Slip(_))) => continue,
            Err(Unanswered::TooComplex(error)) => Answer::Undecided(error.to_string()),
            Err(error) => return Err(unproved(&error)),
        };
        asked.push(Asked { review, answer });
    }
    Ok(asked)
}

/// The policies with the document of a file in place of the one layer that was given.
fn of_file(
    path: &Path,
    policies: &PolicySet,
    args: &ProveArgs,
    streams: &mut Streams,
) -> Result<PolicySet, Failure> {
    let mut kinds: Vec<PolicyType> = policies.policies().map(|(kind, ..)| kind).collect();
    kinds.dedup();
    let [kind] = kinds.as_slice() else {
        return Err(Failure::Message(
            "the claim compares with one policy, but policies of several layers were given; use `iamsure diff BEFORE AFTER`, where you choose the compared layer"
                .to_owned(),
        ));
    };
    let mut reader = PolicyReader::new(args.policies.layers.lenient, streams);
    let document = reader.read(path, *kind)?;
    reader.finish()?;
    Ok(document.map(PolicySet::of).unwrap_or_default())
}

/// The options that give the policies, as they were typed.
pub(super) fn policy_options(args: &PolicyArgs) -> Vec<String> {
    let files = args.files.iter().chain(&args.layers.identity);
    files.map(|file| file.display().to_string()).chain(layer_options(&args.layers)).collect()
}

/// The options that give the policies of other layers, as words of a command line.
pub(super) fn layer_options(args: &LayerArgs) -> Vec<String> {
    let mut words = Vec::new();
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
