//! The page itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iamsure_review::spec_rule::{RuleEvidence, SpecRule};

use iamsure_core::world::Switch;

use super::peer::{Peer, Run};
use super::{Conformance, Counts};

const INTRODUCTION: &str = "# Conformance

How far iamsure decides as AWS does, and how that is known. Made from the corpus, the program and the differential runs by
`UPDATE_DOCS=1 cargo test --test conformance`, and checked by every test run. No part was tried on AWS itself by us: *documented* means that AWS
says so, *recorded* that an answer of AWS itself was recorded, *observed* that others tested it, *assumed* that AWS is silent.
";

/// The sections of the spec, by the letters of their rules.
const SECTIONS: [(&str, &str); 14] = [
    ("R", "Requests"),
    ("G", "Grammar"),
    ("T", "Policy types"),
    ("M", "Actions and resources"),
    ("V", "Variables"),
    ("C", "Conditions"),
    ("P", "Principals"),
    ("E", "Combination"),
    ("A", "All requests at once"),
    ("K", "Global condition keys"),
    ("KC", "Constraints between keys"),
    ("O", "Operations"),
    ("S", "AWS's own simulator"),
    ("X", "Messages"),
];

/// How well a rule is known, with a link to the page of AWS where there is one.
fn known(rule: &SpecRule) -> String {
    let word = rule.evidence.word();
    rule.page().map_or_else(|| word.to_owned(), |page| format!("[{word}]({page})"))
}

impl Conformance {
    /// The page, in Markdown.
    ///
    /// # Errors
    /// If a cell of a published table cannot be looked up.
    pub fn page(&self) -> Result<String, String> {
        let mut page = INTRODUCTION.to_owned();
        let with = self.rules.iter().filter(|rule| self.cases.contains_key(&rule.id)).count();
        let _ = writeln!(
            page,
            "\n{} rules, {with} of them with cases, {} without and with the reason; {} cases.\n\n## Rules",
            self.rules.len(),
            self.rules.len() - with,
            self.total
        );
        page.push_str(&self.evidence());
        for (letters, title) in SECTIONS {
            let _ = writeln!(
                page,
                "\n### {title}\n\n| rule | says | evidence | cases |\n| --- | --- | --- | --- |"
            );
            for rule in self.rules.iter().filter(|rule| section(&rule.id) == letters) {
                let cases = match (&rule.without, &rule.see) {
                    (Some(why), Some(path)) => {
                        format!("none. {why} See [{}](../{path}).", file_name(path))
                    }
                    _ => self.cases.get(&rule.id).map(counted).unwrap_or_default(),
                };
                let _ =
                    writeln!(page, "| {} | {} | {} | {cases} |", rule.id, rule.says, known(rule));
            }
        }
        page.push_str(&self.tables()?);
        page.push_str(&self.switches());
        page.push_str(&self.peers());
        Ok(page)
    }

    /// How many rules and cases rest on each kind of evidence.
    fn evidence(&self) -> String {
        let mut text = String::from("\n| evidence | rules | cases |\n| --- | --- | --- |\n");
        for evidence in RuleEvidence::ALL {
            let rules = self.rules.iter().filter(|rule| rule.evidence == evidence).count();
            let cases = self.evidence.iter().filter(|known| **known == evidence).count();
            let _ = writeln!(text, "| {} | {rules} | {cases} |", evidence.word());
        }
        text.push_str("\nCases of suites and of the tables of operators have the evidence of their rule, and are not counted here.\n");
        text
    }

    fn tables(&self) -> Result<String, String> {
        let mut text = String::from(
            "\n## Tables\n\nWhat AWS says of absent keys, drawn together from the texts about each operator, and the idioms with `Bool`, `Null` and `IfExists`. Every cell is\nlooked up in the truth table that iamsure makes of a statement with that operator: *yes*, the statement applies. The dash: there is no such operator.\n",
        );
        let mut idioms: Vec<(String, Vec<&str>)> = Vec::new();
        let mut absent: Vec<(String, Vec<&str>)> = Vec::new();
        for cell in &self.cells {
            let (operator, value) = cell.question();
            let word = match cell.found()? {
                Some(true) => "yes",
                Some(false) => "no",
                None => "-",
            };
            let base = operator.rsplit(':').next().unwrap_or_default();
            let base = base.strip_suffix("IfExists").unwrap_or(base);
            let (rows, name) = if cell.is_idiom() {
                (&mut idioms, format!("`{operator}` `{value}`"))
            } else {
                (&mut absent, format!("{base} `{value}`"))
            };
            match rows.last_mut() {
                Some((last, words)) if *last == name => words.push(word),
                _ => rows.push((name, vec![word])),
            }
        }
        let mut table = |title: &str, columns: &str, rows: &[(String, Vec<&str>)]| {
            let count = columns.split(" | ").count();
            let _ = write!(text, "\n### {title}\n\n| {columns} |\n|{}\n", " --- |".repeat(count));
            for (name, words) in rows {
                let _ = writeln!(text, "| {name} | {} |", words.join(" | "));
            }
        };
        table(
            "The key is absent",
            "operator | plain | IfExists | ForAllValues | ForAllValues, IfExists | ForAnyValue | ForAnyValue, IfExists",
            &absent,
        );
        table("Idioms", "condition | absent | `false` | `true`", &idioms);
        text.push_str(
            "\nThe tables of how a resource-based policy names a caller, with the measured ones, are cases:\n[strength](../corpus/rules/strength.yaml).\n",
        );
        Ok(text)
    }

    fn switches(&self) -> String {
        let mut text = String::from(
            "\n## Switches\n\nWhere AWS is silent there is a default and a switch ([switches](switches.md)). Cases that set it:\n\n| switch | question | cases |\n| --- | --- | --- |\n",
        );
        for switch in Switch::ALL {
            let cases = match (self.switches.get(switch), switch.id()) {
                (Some(counts), _) => counted(counts),
                (None, "Q7") => "none: it is a choice of reading (`--lenient`), see G-13".to_owned(),
                (None, "Q20") => "none: it is about call paths, see [tests](../crates/iamsure-core/src/world/call_path/tests.rs)".to_owned(),
                (None, _) => "**none**".to_owned(),
            };
            let evidence = if switch.has_evidence() { "" } else { " Without evidence for either." };
            let _ = writeln!(text, "| {switch} | {}.{evidence} | {cases} |", switch.question());
        }
        text
    }

    fn peers(&self) -> String {
        let mut text = String::from(
            "\n## Other engines\n\nThe same random requests, near to the statements, are decided by iamsure and by engines that others wrote\n([tests/differential](../tests/differential/README.md)). A difference is explained only if iamsure decides as the peer did once the case is changed as\nthe class says, or with that switch. The least case of each class, with both answers, is in\n[results.json](../tests/differential/results.json). These are differences, not verdicts about others: where AWS is silent either may be right.\n",
        );
        for (name, peer) in &self.peers {
            let _ = write!(
                text,
                "\n### {name} {}\n\n{}. Run {} with seed {}, iamsure {}.\n\n| requests | all | alike | otherwise | not explained | not compared |\n| --- | --- | --- | --- | --- | --- |\n",
                peer.version, peer.source, peer.date, peer.seed, peer.iamsure
            );
            for (kind, run) in &peer.runs {
                let Run { requests, refused, agree, differ, unexplained } = run;
                let _ = writeln!(
                    text,
                    "| {kind} | {requests} | {agree} | {differ} | {unexplained} | {refused} |"
                );
            }
            text.push_str(&differences(peer));
        }
        text
    }
}

fn differences(peer: &Peer) -> String {
    let mut text = String::from(
        "\n| rules | the peer | requests | why we stay |\n| --- | --- | --- | --- |\n",
    );
    for difference in &peer.classes {
        let mut why = difference.evidence.clone();
        if why.starts_with("https://") {
            why = format!("[AWS]({why})");
        }
        for switch in &difference.switches {
            let _ = write!(why, "; read so with `--switch {switch}`");
        }
        let _ = writeln!(
            text,
            "| {} | {} | {} | {why} |",
            difference.rules.join(", "),
            difference.what,
            difference.count
        );
    }
    text.push_str("\nA request that several classes explain together is counted for each.\n");
    text
}

/// The letters of the section that a rule is in; tables of combination have the number of their section.
fn section(id: &str) -> &str {
    id.split_once('-').map_or("E", |(letters, _)| letters)
}

/// The counts with links to the files.
fn counted(counts: &Counts) -> String {
    let sorted: BTreeMap<_, _> = counts.iter().collect();
    let parts: Vec<String> = sorted
        .iter()
        .map(|(path, count)| format!("{count} in [{}](../{path})", file_name(path)))
        .collect();
    parts.join(", ")
}

fn file_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
