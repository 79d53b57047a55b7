//! Every case of `corpus/rules`, one named trial each: `cargo test --test corpus -- set-operator`.

use std::path::Path;
use std::process::ExitCode;

use iamsure_testkit::case;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/rules");
    let trials = match case::load(&folder) {
        Ok(files) => files.into_iter().flat_map(|(topic, file)| file.cases.into_iter().map(move |case| trial(&topic, case))).collect(),
        // A corpus that cannot be read must fail, not vanish.
        Err(error) => vec![Trial::test("corpus", move || Err(Failed::from(error)))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(topic: &str, case: case::Case) -> Trial {
    let name = format!("{topic}/{}", case.name);
    Trial::test(name, move || {
        let rules: Vec<_> = case.rule.iter().collect();
        case.run().map_err(|error| Failed::from(format!("{} ({})", error, rules.join(", "))))
    })
}
