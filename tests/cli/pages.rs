//! Pages of `docs/` that list what the code knows.

use std::fmt::Write as _;
use std::path::Path;

use iamsure_core::language::diagnostic::{Code, Grade};
use iamsure_core::world::Switch;
use iamsure_core::world::switch::Confidence;
use iamsure_review::documentation::finding::Bearing;
use iamsure_review::review_claim::{ReviewCode, World};
use iamsure_review::saving::service::{Measure, SERVICES};
use iamsure_review::{documentation, lint, published, saving};
use iamsure_toolhive::finding::FindingCode;

pub(super) fn check(path: &str, page: &str) {
    let path = super::root().join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == page,
        "{} is out of date; run UPDATE_DOCS=1 cargo test --test cli",
        name(&path)
    );
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A source as a link: AWS's page, or the report where it was seen.
fn known_from(source: &str) -> String {
    match source.strip_prefix("https://github.com/") {
        Some(report) => format!("seen in [{report}]({source})"),
        None if source.starts_with("https:") => format!("[AWS]({source})"),
        None => source.to_owned(),
    }
}

#[test]
fn the_page_of_findings_lists_every_code() {
    let mut page = String::from(
        "# Findings\n\nEvery code that `iamsure validate` reports, with the rule of the evaluation spec it rests on. A *refused* document is an error, and a\nwarning with `--lenient`.\n\n| code | grade | rule | meaning |\n| --- | --- | --- | --- |\n",
    );
    for code in Code::ALL {
        let grade = match code.grade() {
            Grade::Unreadable => "unreadable",
            Grade::Meaningless => "error",
            Grade::Refused => "refused",
            Grade::Suspicious => "warning",
        };
        writeln!(page, "| `{code}` | {grade} | {} | {} |", code.rule(), code.summary()).unwrap();
    }
    page.push_str(
        "\n## What needs AWS's published lists\n\nAll of these are warnings, and rest on the reference data, whose date is printed ([reference.md](reference.md)).\n\n| code | rule | meaning |\n| --- | --- | --- |\n",
    );
    for code in published::Code::ALL {
        writeln!(page, "| `{code}` | {} | {} |", code.rule(), code.summary()).unwrap();
    }
    page.push_str(
        "\n## What the service refuses that stores the policy\n\nOf resource-based policies whose actions and resources are all of one service. Nothing of it was tried on AWS by us.\n\n| code | grade | rule | meaning | known from |\n| --- | --- | --- | --- | --- |\n",
    );
    for code in saving::Code::ALL {
        let grade = if code.grade() == Grade::Refused { "refused" } else { "warning" };
        let sources: Vec<_> = code.sources().iter().map(|source| known_from(source)).collect();
        let (rule, summary) = (code.rule(), code.summary());
        let sources = sources.join(", ");
        writeln!(page, "| `{code}` | {grade} | {rule} | {summary} | {sources} |").unwrap();
    }
    page.push_str("\n| service | at most | documented by AWS |\n| --- | --- | --- |\n");
    for service in &SERVICES {
        let limits: Vec<_> = service
            .limits
            .iter()
            .map(|limit| {
                let what = match limit.measure {
                    Measure::Bytes => "bytes",
                    Measure::Statements => "statements",
                    Measure::Principals => "principals",
                    Measure::Conditions => "conditions",
                    Measure::ActionsOfStatement => "actions in a statement",
                };
                format!("{} {what}", limit.most)
            })
            .collect();
        let (prefix, limits) = (service.prefix, limits.join(", "));
        writeln!(page, "| {prefix} | {limits} | [AWS]({}) |", service.source).unwrap();
    }
    page.push_str(
        "\n## What is proved over all requests\n\n`iamsure lint` reports these, each with its proof ([lint.md](lint.md)). A *note* asks for nothing to be mended and changes no exit\ncode. `iamsure explain CODE` says more.\n\n| code | grade | rule | meaning |\n| --- | --- | --- | --- |\n",
    );
    for code in lint::Code::ALL {
        let grade = if code.is_note() { "note" } else { "warning" };
        writeln!(page, "| `{code}` | {grade} | {} | {} |", code.rule(), code.summary()).unwrap();
    }
    check("docs/findings.md", &page);
}

#[test]
fn the_page_of_findings_about_manifests_lists_every_code() {
    let mut page = String::from(
        "# Findings about ToolHive's manifests\n\nEvery code that `iamsure toolhive` reports. With an error no role is selected.\n\n| code | severity | meaning |\n| --- | --- | --- |\n",
    );
    for code in FindingCode::ALL {
        writeln!(page, "| `{code}` | {} | {} |", code.severity(), code.summary()).unwrap();
    }
    check("docs/toolhive-findings.md", &page);
}

#[test]
fn the_page_of_review_claims_explains_every_one() {
    let mut page = String::from(
        "# What reviewers ask\n\nThe claims of a review, made for the policies at hand: capitals stand for what those say. A claim says what should be so. Where it is\nrefuted, there is a request that shows it; whether that was meant is for the reviewer to say. The language is that of\n[claims.md](claims.md). For each of them, policies that break it, policies that keep it, and\npolicies of which it is not asked: `corpus/review`.\n\n| claim | what should be so |\n| --- | --- |\n",
    );
    for code in ReviewCode::ALL {
        let name = code.name();
        writeln!(page, "| [`{name}`](#{name}) | {} |", code.entry().title).unwrap();
    }
    for code in ReviewCode::ALL {
        let entry = code.entry();
        let world = match entry.world {
            World::Closed => "for the policies as they are",
            World::Open => "whatever other Allow is attached (`--open-world`)",
            World::Foreign => {
                "as if the callers' own policies, which another account has, allow them everything"
            }
        };
        let layers: Vec<&str> = entry.layers.iter().map(|layer| layer.name()).collect();
        write!(
            page,
            "\n## {}\n\n{}.\n\n```text\n{}\n```\n\n- **Made for** {}.\n- **Layers**: {}.\n- **Asked** {world}.\n- **If it is refuted**: {}\n- **What to do**: {}\n- **Source**: {}.\n",
            entry.name, entry.title, entry.sentence, entry.applies, layers.join(", "), entry.refuted, entry.advice, entry.source
        )
        .unwrap();
    }
    check("docs/review-claims.md", &page);
}

#[test]
fn the_page_of_findings_in_documents_lists_every_code() {
    let mut page = String::from(
        "# Findings in documents\n\nEvery code that `iamsure docs` reports. *No* makes the exit code 1, *broken* makes it 2, and *aside* leaves it as it is.\n\n| code | severity | answer | meaning |\n| --- | --- | --- | --- |\n",
    );
    for code in documentation::finding::Code::ALL {
        let bearing = match code.bearing() {
            Bearing::Aside => "aside",
            Bearing::No => "no",
            Bearing::Broken => "broken",
        };
        writeln!(page, "| `{code}` | {} | {bearing} | {} |", code.severity(), code.summary())
            .unwrap();
    }
    check("docs/documentation-findings.md", &page);
}

#[test]
fn the_page_of_switches_lists_every_choice() {
    let mut page = String::from(
        "# Switches\n\nWhere AWS does not say what happens, iamsure has a default and a switch. Choose another way with `--switch Q4`, or\n`--switch Q4=any-element`.\n\n| switch | question | default | alternatives | confidence |\n| --- | --- | --- | --- | --- |\n",
    );
    for switch in Switch::ALL {
        let alternatives: Vec<_> = switch
            .alternatives()
            .iter()
            .map(|choice| format!("`{}`: {}", choice.name, choice.meaning))
            .collect();
        let confidence = match switch.confidence() {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
            Confidence::None => "none",
        };
        let evidence = if switch.has_evidence() { "" } else { ", without evidence" };
        writeln!(
            page,
            "| {switch} | {} | {} | {} | {confidence}{evidence} |",
            switch.question(),
            switch.default_meaning(),
            alternatives.join("; ")
        )
        .unwrap();
    }
    check("docs/switches.md", &page);
}
