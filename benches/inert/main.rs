//! What every statement of every policy in a folder does, timed, with the list of those that change no
//! access and why; and two claims asked of each policy.
//!
//! `benches/managed/run.sh` fetches AWS's managed policies; then
//!
//! ```sh
//! cargo run --profile bench -p iamsure-testkit --example inert -- FOLDER [json]
//! ```
//!
//! With `json`, one line for each statement instead, for `tests/differential/inert_z3.py`.

#![expect(clippy::print_stdout, reason = "a program for people")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_truth::claim::{Claim, ClaimQuery};
use iamsure_truth::inert::{Change, InertQuery, StatementEffect, Why};
use iamsure_truth::setting::Setting;
use serde_json::json;

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let Some(folder) = args.next() else {
        println!("which folder? inert FOLDER [json]");
        return ExitCode::from(2);
    };
    let as_json = args.next().is_some_and(|word| word == "json");
    match read(Path::new(&folder)) {
        Ok(documents) if as_json => lines(&documents),
        Ok(documents) => report(&documents),
        Err(error) => {
            println!("cannot read `{folder}`: {error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Every policy in a folder, in the order of the names of the files.
fn read(folder: &Path) -> io::Result<Vec<(String, PolicyDocument)>> {
    let mut files: Vec<_> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut documents = Vec::with_capacity(files.len());
    for file in files {
        let name =
            file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let source = Source::new(name.as_str(), fs::read_to_string(&file)?);
        if let Ok(document) = PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient)
        {
            documents.push((name, document));
        }
    }
    Ok(documents)
}

/// The effects of the statements of one policy, or why there is no answer; and the time it took.
fn asked(
    document: &PolicyDocument,
    examples: bool,
) -> (Result<Vec<StatementEffect>, String>, Duration) {
    let policies = PolicySet::of_identity([document.clone()]);
    let query = InertQuery { policies, setting: Setting::default(), examples };
    let start = Instant::now();
    let answer = query.answer();
    let time = start.elapsed();
    (answer.map(|found| found.statements).map_err(|error| error.to_string()), time)
}

/// One claim asked of each policy, timed.
fn prove(documents: &[(String, PolicyDocument)], text: &str) {
    let Ok(claim) = Claim::parse(text) else { return };
    let mut times: Vec<(Duration, &str)> = Vec::with_capacity(documents.len());
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, document) in documents {
        let query = ClaimQuery {
            policies: PolicySet::of_identity([document.clone()]),
            claim: claim.clone(),
            setting: Setting::default(),
            paths: CallPaths::default(),
            open_world: false,
            is_whole: false,
        };
        let start = Instant::now();
        let answer = query.proof();
        times.push((start.elapsed(), name));
        *verdicts.entry(answer.map_or("no answer", |proof| proof.verdict.word())).or_default() += 1;
    }
    times.sort();
    let total: Duration = times.iter().map(|(time, _)| *time).sum();
    println!("\n`{text}` of {} policies: {verdicts:?}", documents.len());
    println!("  p50 {:.2?}  p99 {:.2?}  total {total:.2?}", at(&times, 50), at(&times, 99));
    for (time, name) in times.iter().rev().take(3) {
        println!("  {time:.2?} {name}");
    }
}

/// A percentile of sorted times.
fn at(times: &[(Duration, &str)], percent: usize) -> Duration {
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).map(|(time, _)| *time).unwrap_or_default()
}

fn report(documents: &[(String, PolicyDocument)]) {
    // The first look at the published actions reads them in; that is paid once.
    let _ = iamsure_reference::expand("s3:*Once").count();
    prove(documents, "never allow * unless aws:ViaAWSMCPService is true");
    prove(documents, "never allow iam:* when aws:MultiFactorAuthPresent is absent");
    for examples in [false, true] {
        let mut times: Vec<(Duration, &str)> = Vec::with_capacity(documents.len());
        let mut over = Vec::new();
        let mut inert: Vec<(String, String)> = Vec::new();
        let mut statements = 0;
        for (name, document) in documents {
            let (answer, time) = asked(document, examples);
            times.push((time, name));
            let effects = match answer {
                Ok(effects) => effects,
                Err(error) => {
                    over.push(format!("{name}: {error}"));
                    continue;
                }
            };
            statements += effects.len();
            for effect in effects.iter().filter(|effect| effect.is_inert_in_every_world()) {
                let number = effect.statement.statement;
                inert.push((
                    name.clone(),
                    format!("[{number}] {}", effect.why.as_ref().map_or_else(String::new, words)),
                ));
            }
        }
        times.sort();
        let total: Duration = times.iter().map(|(time, _)| *time).sum();
        let what = if examples { "with an example for each" } else { "whether it does anything" };
        println!("\n{what}: {statements} statements of {} policies", documents.len());
        println!("  p50 {:.2?}  p99 {:.2?}  total {total:.2?}", at(&times, 50), at(&times, 99));
        for (time, name) in times.iter().rev().take(5) {
            println!("  {time:.2?} {name}");
        }
        for line in &over {
            println!("  no answer: {line}");
        }
        if examples {
            continue;
        }
        let policies: std::collections::BTreeSet<_> = inert.iter().map(|(name, _)| name).collect();
        println!("\n{} statements of {} policies change no access:", inert.len(), policies.len());
        for (name, line) in &inert {
            println!("  {name} {line}");
        }
    }
}

fn words(why: &Why) -> String {
    match why {
        Why::Covered(by) => {
            let by: Vec<String> = by.iter().map(|id| id.statement.to_string()).collect();
            format!("covered by {}", by.join(" and "))
        }
        other => format!("{other:?}"),
    }
}

/// One line for each statement: the policy, the number, what it changes, and the time for the policy.
fn lines(documents: &[(String, PolicyDocument)]) {
    for (name, document) in documents {
        let (answer, time) = asked(document, false);
        for effect in answer.unwrap_or_default() {
            let line = json!({
                "policy": name,
                "statement": effect.statement.statement,
                "inert": effect.is_inert_in_every_world(),
                "inertForAnyName": effect.open.max(effect.unpublished) != Change::Access,
                "why": effect.why.as_ref().map(words),
                "seconds": time.as_secs_f64(),
            });
            println!("{line}");
        }
    }
}
