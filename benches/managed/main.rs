//! The truth table of every policy in a folder, timed, and checked against the evaluator.
//!
//! `benches/managed/run.sh` fetches AWS's managed policies and runs this; or, for a folder of your own:
//!
//! ```sh
//! cargo run --profile bench -p iamsure-testkit --example managed -- FOLDER [REQUESTS] [SETS] [SEED]
//! ```
//!
//! `REQUESTS` random requests for each policy (default 2,000) are decided twice, by the evaluator and by the
//! diagram; any difference is printed, and the exit code is 1. `SETS` (default 50) random sets of 10, 20 and 50
//! policies are attached together and timed. The same `SEED` draws the same.

#![expect(clippy::print_stdout, reason = "a program for people")]

mod draw;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use iamsure_core::language::{ActionPattern, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_testkit::every_request::{Count, EveryRequest};
use iamsure_testkit::growth;
use iamsure_truth::budget::Budget;
use iamsure_truth::model::{Outcomes, Question};
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, HitPolicy, TableQuery};
use iamsure_truth::unanswered::Unanswered;
use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

use draw::Draw;

struct Task {
    folder: String,
    requests: usize,
    sets: usize,
    seed: u64,
}

impl Task {
    fn read() -> Result<Self, String> {
        let mut args = env::args().skip(1);
        let folder = args.next().ok_or("which folder? managed FOLDER [REQUESTS] [SETS] [SEED]")?;
        let mut number = |otherwise: u64| match args.next() {
            Some(text) => text.parse().map_err(|_| format!("`{text}` is not a number")),
            None => Ok(otherwise),
        };
        let size = |number: u64| usize::try_from(number).map_err(|error| error.to_string());
        Ok(Self {
            folder,
            requests: size(number(2_000)?)?,
            sets: size(number(50)?)?,
            seed: number(5)?,
        })
    }

    fn rng(&self) -> TestRng {
        let mut seed = [0; 32];
        for (byte, own) in seed.iter_mut().zip(self.seed.to_le_bytes()) {
            *byte = own;
        }
        TestRng::from_seed(RngAlgorithm::ChaCha, &seed)
    }
}

fn main() -> ExitCode {
    let task = match Task::read() {
        Ok(task) => task,
        Err(message) => {
            println!("{message}");
            return ExitCode::from(2);
        }
    };
    let documents = match read(Path::new(&task.folder)) {
        Ok(documents) => documents,
        Err(error) => {
            println!("cannot read `{}`: {error}", task.folder);
            return ExitCode::from(2);
        }
    };
    one_by_one(&documents);
    for size in [10, 20, 50] {
        together(&documents, size, &task);
    }
    forms(&documents, &task);
    if task.requests == 0 || cross_check(&documents, &task).different == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
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
        // What AWS saved, it saved; some of it a customer could not.
        match PolicyDocument::read(&source, PolicyType::Identity, Profile::Lenient) {
            Ok(document) => documents.push((name, document)),
            Err(_) => println!("{name} cannot be read as an identity-based policy"),
        }
    }
    Ok(documents)
}

/// Times, and what was over the budget.
#[derive(Default)]
struct Times {
    exact: Vec<(Duration, String)>,
    rows: Vec<usize>,
    over: Vec<String>,
}

impl Times {
    fn note(&mut self, name: &str, time: Duration, result: Result<usize, Unanswered>) {
        match result {
            Ok(rows) => {
                self.exact.push((time, name.to_owned()));
                self.rows.push(rows);
            }
            Err(error) => self.over.push(format!("{name} ({time:.2?}): {error}")),
        }
    }

    fn print(mut self, what: &str) {
        self.exact.sort();
        self.rows.sort_unstable();
        let total: Duration = self.exact.iter().map(|(time, _)| *time).sum();
        println!("\n{what}: {} exact, {} without a table", self.exact.len(), self.over.len());
        if let (Some((p50, _)), Some((p99, _)), Some((max, slowest))) =
            (at(&self.exact, 50), at(&self.exact, 99), self.exact.last())
        {
            println!(
                "  time   p50 {p50:.2?}  p99 {p99:.2?}  max {max:.2?} ({slowest})  total {total:.2?}"
            );
        }
        if let (Some(p50), Some(p99), Some(max)) =
            (at(&self.rows, 50), at(&self.rows, 99), self.rows.last())
        {
            println!("  rows   p50 {p50}  p99 {p99}  max {max}");
        }
        for line in &self.over {
            println!("  {line}");
        }
    }
}

/// The percentile, by nearest rank, of what is in order.
fn at<T>(sorted: &[T], percent: usize) -> Option<&T> {
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1))
}

fn one_by_one(documents: &[(String, PolicyDocument)]) {
    let all = EveryRequest::default();
    // The first look at the published actions reads them in; that is paid once.
    let _ = iamsure_reference::expand(ActionPattern::new("s3:*Once").as_str()).count();
    let (mut table, mut answer) = (Times::default(), Times::default());
    for (name, document) in documents {
        let policies = PolicySet::of_identity([document.clone()]);
        let start = Instant::now();
        let made = all.table(&policies, Budget::default());
        table.note(name, start.elapsed(), made.map(|table| table.rows.len()));
        let query = TableQuery {
            policies,
            question: Question::Decision,
            setting: Setting::default(),
            form: Form::default(),
            is_whole: false,
        };
        let start = Instant::now();
        let made = query.answer();
        answer.note(name, start.elapsed(), made.map(|report| report.table.rows.len()));
    }
    table.print("the table of each policy");
    answer.print("as `iamsure table` does it, with every switch that may matter");
}

fn together(documents: &[(String, PolicyDocument)], size: usize, task: &Task) {
    let mut rng = task.rng();
    let all = EveryRequest::default();
    let mut times = Times::default();
    for number in 0..task.sets {
        let mut left: Vec<usize> = (0..documents.len()).collect();
        let chosen =
            (0..size.min(left.len())).map(|_| left.swap_remove(rng.random_range(0..left.len())));
        let chosen: Vec<_> = chosen.filter_map(|at| documents.get(at)).collect();
        let policies = PolicySet::of_identity(chosen.iter().map(|(_, document)| document.clone()));
        let start = Instant::now();
        let made = all.table(&policies, Budget::default());
        times.note(
            &format!("set {}", number + 1),
            start.elapsed(),
            made.map(|table| table.rows.len()),
        );
    }
    times.print(&format!("{size} random policies together"));
}

/// How many rows each way of reading them takes: each policy alone, twenty together, and layers with guardrails.
fn forms(documents: &[(String, PolicyDocument)], task: &Task) {
    let alone: Vec<PolicySet> =
        documents.iter().map(|(_, document)| PolicySet::of_identity([document.clone()])).collect();
    let mut rng = task.rng();
    let twenty: Vec<PolicySet> = (0..task.sets)
        .map(|_| {
            let chosen =
                (0..20).filter_map(|_| documents.get(rng.random_range(0..documents.len())));
            PolicySet::of_identity(chosen.map(|(_, document)| document.clone()))
        })
        .collect();
    let all = EveryRequest::default();
    let sets = [
        ("alone", alone),
        ("twenty together", twenty),
        ("guardrails", vec![growth::layers().policies]),
    ];
    println!("\nrows by hit policy");
    for (name, sets) in &sets {
        for hit in [HitPolicy::Unique, HitPolicy::Any, HitPolicy::Priority] {
            let form = Form { hit: Some(hit), ..Form::default() };
            let made = sets.iter().map(|policies| all.table_in(policies, &form, Budget::default()));
            let mut rows: Vec<usize> = made.flatten().map(|table| table.rows.len()).collect();
            rows.sort_unstable();
            let total: usize = rows.iter().sum();
            println!(
                "  {name}, {}: {} of {} tables, p50 {}  p99 {}  max {}  total {total}",
                hit.letter(),
                rows.len(),
                sets.len(),
                at(&rows, 50).copied().unwrap_or_default(),
                at(&rows, 99).copied().unwrap_or_default(),
                rows.last().copied().unwrap_or_default(),
            );
        }
    }
}

/// The evaluator against the diagram, on random requests about each policy.
fn cross_check(documents: &[(String, PolicyDocument)], task: &Task) -> Count {
    let start = Instant::now();
    let mut rng = task.rng();
    let all = EveryRequest::default();
    let mut count = Count::default();
    let (mut outside, mut open, mut policies_checked) = (0_usize, 0_usize, 0_usize);
    let mut verdicts = std::collections::BTreeMap::<&str, usize>::new();
    for (name, document) in documents {
        let policies = PolicySet::of_identity([document.clone()]);
        let Ok(model) = all.model(&policies, Budget::default()) else { continue };
        policies_checked += 1;
        let draw = Draw::new(&policies);
        for _ in 0..task.requests {
            let request = draw.request(&mut rng, &all.template);
            let Some(found) = all.decided(&policies, &request) else {
                open += 1;
                continue;
            };
            let Some(place) = model.locate(0, &request) else {
                outside += 1;
                continue;
            };
            count.decided += 1;
            *verdicts.entry(found.words()).or_default() += 1;
            let expected = model.outcomes(&place, 0).and_then(Outcomes::one);
            if expected != Some(found) {
                count.different += 1;
                println!(
                    "DIFFERENT in {name}: the diagram says {expected:?}, the evaluator {found:?}: {request:?}"
                );
            }
        }
    }
    println!(
        "\nevaluator against diagram: {policies_checked} policies, {} requests, {} differences",
        count.decided, count.different
    );
    let shares: Vec<_> = verdicts.iter().map(|(words, count)| format!("{count} {words}")).collect();
    println!("  {}", shares.join(", "));
    println!(
        "  {outside} more with states that AWS documents not to occur, {open} that hang on an unknown fact"
    );
    println!("  in {:.2?}, seed {}", start.elapsed(), task.seed);
    count
}
