//! Every case of `corpus/rules`, every cell of `corpus/tables`, every claim of `corpus/review` and every test of the suites,
//! one named trial each:
//! `cargo test --test corpus -- set-operator`.

use std::path::Path;
use std::process::ExitCode;

use iamsure_testkit::{
    account_case, case, date_table, escalation_case, event_table, operator_table, review_case,
    suite_file,
};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let mut trials = or_failing("rules", rules(&corpus.join("rules")));
    trials.extend(or_failing("suites", suites(&corpus)));
    trials.extend(or_failing("tables", cells(&corpus.join("tables/operators.yaml"))));
    trials.extend(or_failing("dates", dates(&corpus.join("tables/dates.yaml"))));
    trials.extend(or_failing("events", events(&corpus.join("tables/event-patterns.yaml"))));
    trials.extend(or_failing("review", reviews(&corpus.join("review"))));
    trials.extend(or_failing("accounts", accounts(&corpus.join("accounts"))));
    trials.extend(or_failing("escalations", escalations(&corpus.join("escalations/cases.yaml"))));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A corpus that cannot be read must fail, not vanish.
fn or_failing(name: &str, trials: Result<Vec<Trial>, String>) -> Vec<Trial> {
    trials.unwrap_or_else(|error| {
        vec![Trial::test(name.to_owned(), move || Err(Failed::from(error)))]
    })
}

fn rules(folder: &Path) -> Result<Vec<Trial>, String> {
    let trial = |topic: &str, case: case::Case| {
        Trial::test(format!("{topic}/{}", case.name), move || {
            let rules: Vec<_> = case.rule.iter().collect();
            case.run().map_err(|error| Failed::from(format!("{} ({})", error, rules.join(", "))))
        })
    };
    let files = case::load(folder)?;
    Ok(files
        .into_iter()
        .flat_map(|(topic, file)| file.cases.into_iter().map(move |case| trial(&topic, case)))
        .collect())
}

fn accounts(folder: &Path) -> Result<Vec<Trial>, String> {
    let trial = |case: account_case::Case| {
        Trial::test(format!("accounts/{}", case.file), move || {
            case.run().map_err(|error| Failed::from(format!("{error} ({})", case.why)))
        })
    };
    Ok(account_case::load(folder)?.into_iter().map(trial).collect())
}

fn escalations(path: &Path) -> Result<Vec<Trial>, String> {
    let trial = |case: escalation_case::Case| {
        Trial::test(format!("escalations/{}", case.by), move || case.run().map_err(Failed::from))
    };
    Ok(escalation_case::load(path)?.into_iter().map(trial).collect())
}

fn cells(path: &Path) -> Result<Vec<Trial>, String> {
    let trial = |cell: operator_table::Cell| {
        Trial::test(format!("tables/{}", cell.name), move || {
            cell.run().map_err(|error| Failed::from(format!("{error} ({})", cell.rules)))
        })
    };
    Ok(operator_table::load(path)?.into_iter().map(trial).collect())
}

fn dates(path: &Path) -> Result<Vec<Trial>, String> {
    let trial = |literal: date_table::Literal| {
        Trial::test(format!("dates/{}", literal.text), move || literal.run().map_err(Failed::from))
    };
    Ok(date_table::load(path)?.into_iter().map(trial).collect())
}

fn events(path: &Path) -> Result<Vec<Trial>, String> {
    let trial = |table: event_table::EventTable| {
        Trial::test(format!("events/{}", table.title()), move || table.run().map_err(Failed::from))
    };
    Ok(event_table::load(path)?.into_iter().map(trial).collect())
}

fn reviews(folder: &Path) -> Result<Vec<Trial>, String> {
    let trial = |case: review_case::Trial| {
        Trial::test(format!("review/{}", case.name), move || case.run().map_err(Failed::from))
    };
    Ok(review_case::load(folder)?.into_iter().map(trial).collect())
}

/// Every test of every suite under the corpus: as `iamsure test corpus` runs them.
fn suites(corpus: &Path) -> Result<Vec<Trial>, String> {
    let mut trials = Vec::new();
    for path in suite_file::under(corpus)? {
        let topic = path.strip_prefix(corpus).unwrap_or(&path).display().to_string();
        let topic = topic.trim_end_matches(iamsure_review::suite::SUFFIX).to_owned();
        for test in suite_file::read(&path)?.tests {
            let name = format!("{topic}/{}", test.name);
            trials.push(Trial::test(name, move || suite_file::run(&test).map_err(Failed::from)));
        }
    }
    Ok(trials)
}
