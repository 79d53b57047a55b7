//! Which changes of the policies the tests notice, and tests for those they do not.

use std::fmt::Write as _;

use iamsure_review::suite::{Fate, Mutant};
use iamsure_review::suite_text::TestText;
use serde_json::{Value, json};

use super::coverage::name;
use crate::render::words::on_one_line;
use crate::suite_run::{Ran, Share, count};

/// For people: the score, and each survivor with a test. With `verbose` every mutant.
pub(super) fn human(ran: &Ran, verbose: bool, out: &mut String) {
    let Some(sets) = &ran.measured.mutants else { return };
    let share = Share::killed(sets);
    let _ = write!(
        out,
        "\nmutants of {}: {} of {} noticed ({} %)",
        on_one_line(ran.suite.source.name()),
        share.part,
        share.whole,
        share.percent()
    );
    let equivalent = count(sets, |fate| *fate == Fate::Equivalent);
    if equivalent > 0 {
        let verbs = if equivalent == 1 { ("decides", "is") } else { ("decide", "are") };
        let _ = write!(out, "; {equivalent} {} alike and {} not counted", verbs.0, verbs.1);
    }
    let unknown = count(sets, |fate| matches!(fate, Fate::NotKnown(_)));
    if unknown > 0 {
        let _ = write!(out, "; not known and not counted: {unknown}");
    }
    out.push('\n');
    for set in sets {
        let name = on_one_line(name(ran, set.set));
        if !set.is_tested {
            let _ = writeln!(out, "  {name}: no test uses it, so it is not mutated");
            continue;
        }
        let shown: Vec<&Mutant> = set
            .mutants
            .iter()
            .filter(|mutant| {
                verbose || matches!(mutant.fate, Fate::Survived(_) | Fate::NotKnown(_))
            })
            .collect();
        if !shown.is_empty() {
            let _ = writeln!(out, "  {name}");
        }
        let mut told: Vec<&TestText> = Vec::new();
        for mutant in shown {
            of_mutant(mutant, &mut told, out);
        }
    }
}

/// One mutant. A test that was told of another is not told again.
fn of_mutant<'a>(mutant: &'a Mutant, told: &mut Vec<&'a TestText>, out: &mut String) {
    let place =
        format!("{}:{}", on_one_line(mutant.file.name()), mutant.file.place(mutant.span.start));
    let (word, why) = match &mutant.fate {
        Fate::Killed => ("noticed  ", ""),
        Fate::Equivalent => ("the same ", ""),
        Fate::NotKnown(why) => ("notKnown", why.as_str()),
        Fate::Survived(_) => ("SURVIVED ", ""),
    };
    let colon = if why.is_empty() { "" } else { ": " };
    let _ = writeln!(out, "    {word} {}{colon}{why}   {place}", on_one_line(&mutant.words));
    match &mutant.fate {
        Fate::Survived(None) => {
            let _ = writeln!(
                out,
                "      no test could be generated for the requests that tell it apart"
            );
        }
        Fate::Survived(Some(test)) if told.contains(&&**test) => {
            let _ = writeln!(
                out,
                "      the test \"{}\" above also catches it",
                on_one_line(&test.name)
            );
        }
        Fate::Survived(Some(test)) => {
            let _ = writeln!(out, "      this test catches it:");
            for line in test.to_string().lines() {
                let _ = writeln!(out, "      {line}");
            }
            told.push(test);
        }
        Fate::Killed | Fate::Equivalent | Fate::NotKnown(_) => {}
    }
}

/// For programs: an object for each policy set.
pub(super) fn json(ran: &Ran) -> Vec<Value> {
    let of_set = |set: &iamsure_review::suite::SetMutants| {
        json!({
            "suite": ran.suite.source.name(),
            "policies": name(ran, set.set),
            "tested": set.is_tested,
            "killed": set.killed(),
            "survived": set.survivors().count(),
            "mutants": set.mutants.iter().map(mutant_json).collect::<Vec<_>>(),
        })
    };
    ran.measured.mutants.iter().flatten().map(of_set).collect()
}

fn mutant_json(mutant: &Mutant) -> Value {
    let at = mutant.file.place(mutant.span.start);
    let mut value = json!({
        "change": mutant.words, "file": mutant.file.name(), "line": at.line, "column": at.column,
    });
    let mut add = |name: &str, found: Value| {
        if let Value::Object(form) = &mut value {
            form.insert(name.to_owned(), found);
        }
    };
    match &mutant.fate {
        Fate::Killed => add("fate", json!("killed")),
        Fate::Equivalent => add("fate", json!("equivalent")),
        Fate::NotKnown(why) => {
            add("fate", json!("notKnown"));
            add("why", json!(why));
        }
        Fate::Survived(test) => {
            add("fate", json!("survived"));
            if let Some(test) = test {
                add("test", json!(test.to_string()));
            }
        }
    }
    value
}
