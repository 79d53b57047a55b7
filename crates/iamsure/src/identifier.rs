//! Every identifier that is printed, and what it means: codes of findings, claims of a review, switches, rules.

use std::fmt::Write as _;

use iamsure_core::world::Switch;
use iamsure_core::world::switch::Confidence;

use iamsure_review::finding::FindingCode;
use iamsure_review::review_claim::{ReviewCode, World};
use iamsure_review::spec_rule::SpecRule;
use iamsure_review::{documentation, suite};

/// Something that is printed by name and explained elsewhere.
#[derive(Clone, Debug)]
pub enum Identifier {
    /// A finding about a policy: `iamsure validate` and `iamsure lint`.
    Finding(FindingCode),
    /// A finding about a document: `iamsure docs`.
    Documentation(documentation::finding::Code),
    /// A finding about a manifest: `iamsure toolhive`.
    Manifest(iamsure_toolhive::finding::FindingCode),
    /// What keeps a suite from being read: `iamsure test`.
    Suite,
    /// A claim of a review: `iamsure prove --review`.
    Review(ReviewCode),
    /// A choice where AWS is silent: `--switch`.
    Switch(Switch),
    /// A rule of the evaluation spec.
    Rule(Box<SpecRule>),
}

impl Identifier {
    /// All of them. A name can stand in two lists: a statement without effect is found in a policy and in a document.
    pub fn all() -> Vec<Self> {
        let findings = FindingCode::all().map(Self::Finding);
        let documents = documentation::finding::Code::ALL.iter().copied().map(Self::Documentation);
        let manifests =
            iamsure_toolhive::finding::FindingCode::ALL.iter().copied().map(Self::Manifest);
        let reviews = ReviewCode::ALL.iter().copied().map(Self::Review);
        let switches = Switch::ALL.iter().copied().map(Self::Switch);
        let rules = SpecRule::all().unwrap_or_default();
        findings
            .chain(documents)
            .chain(manifests)
            .chain([Self::Suite])
            .chain(reviews)
            .chain(switches)
            .chain(rules.into_iter().map(|rule| Self::Rule(Box::new(rule))))
            .collect()
    }

    /// Those of this name, without case.
    pub fn named(name: &str) -> Vec<Self> {
        let mut all = Self::all();
        all.retain(|identifier| identifier.name().eq_ignore_ascii_case(name));
        all
    }

    /// The name that is most like a text, if any is like it.
    pub fn closest(text: &str) -> Option<String> {
        let distance = |name: &String| strsim::damerau_levenshtein(name, text);
        // Short names are all alike.
        let names = Self::all().into_iter().map(|identifier| identifier.name().to_owned());
        let near = names.filter(|name| name.len() > 4).min_by_key(distance);
        near.filter(|name| distance(name) <= 3)
    }

    /// The name, as it is printed.
    pub fn name(&self) -> &str {
        match self {
            Self::Finding(code) => code.name(),
            Self::Documentation(code) => code.name(),
            Self::Manifest(code) => code.name(),
            Self::Suite => suite::UNREADABLE,
            Self::Review(code) => code.name(),
            Self::Switch(switch) => switch.id(),
            Self::Rule(rule) => &rule.id,
        }
    }

    /// What kind of thing it is, in a few words.
    pub fn kind(&self) -> String {
        match self {
            Self::Finding(code) => format!("{}, rule {}", code.grade(), code.rule()),
            Self::Documentation(code) => format!("{} in a document", code.severity()),
            Self::Manifest(code) => format!("{} in a ToolHive manifest", code.severity()),
            Self::Suite => "error in a suite".to_owned(),
            Self::Review(_) => "claim of a review".to_owned(),
            Self::Switch(switch) if switch.has_evidence() => "switch".to_owned(),
            Self::Switch(_) => "switch, no evidence".to_owned(),
            Self::Rule(rule) => format!("rule, {}", rule.evidence.word()),
        }
    }

    /// What it means and what to do about it: paragraphs, the first of them one sentence.
    pub fn paragraphs(&self) -> Vec<String> {
        match self {
            Self::Finding(code) => {
                let page = code.page().into_iter().flat_map(|page| page.split("\n\n"));
                std::iter::once(code.summary()).chain(page).map(str::to_owned).collect()
            }
            Self::Documentation(code) => vec![code.summary().to_owned()],
            Self::Manifest(code) => vec![code.summary().to_owned()],
            Self::Suite => vec![
                "The suite does not have the form that docs/suites.md describes, or refers to something that cannot be read; none of its cases is decided.".to_owned(),
            ],
            Self::Review(code) => review(*code),
            Self::Switch(switch) => of_switch(*switch),
            Self::Rule(rule) => {
                let mut paragraphs = vec![rule.says.clone()];
                paragraphs.extend(rule.page().map(|page| format!("AWS: {page}")));
                paragraphs
            }
        }
    }

    /// The page of our documentation that lists it.
    pub const fn page(&self) -> &'static str {
        match self {
            Self::Finding(_) => "docs/findings.md",
            Self::Documentation(_) => "docs/documentation-tables.md",
            Self::Manifest(_) => "docs/toolhive-findings.md",
            Self::Suite => "docs/suites.md",
            Self::Review(_) => "docs/review-claims.md",
            Self::Switch(_) => "docs/switches.md",
            Self::Rule(_) => "docs/conformance.md",
        }
    }
}

fn review(code: ReviewCode) -> Vec<String> {
    let entry = code.entry();
    let world = match entry.world {
        World::Closed => "",
        World::Open => ", with --open-world",
        World::Foreign => ", for callers with an identity-based Allow",
    };
    vec![
        format!("{}.", entry.title),
        format!("Claim: `{}`{world}. Checked for {}.", entry.sentence, entry.applies),
        format!("If refuted: {}", entry.refuted),
        format!("What to do: {}", entry.advice),
        format!("Source: {}.", entry.source),
    ]
}

fn of_switch(switch: Switch) -> Vec<String> {
    let mut choices = format!("Default: {}.", switch.default_meaning());
    for alternative in switch.alternatives() {
        let _ = write!(
            choices,
            " With --switch {switch}={}: {}.",
            alternative.name, alternative.meaning
        );
    }
    let confidence = match switch.confidence() {
        Confidence::High => "Confidence: high (implied by AWS's documentation).",
        Confidence::Medium => "Confidence: medium (observed, or follows from AWS's documentation).",
        Confidence::Low => "Confidence: low (an assumption).",
        Confidence::None => "Without a choice, every alternative is evaluated.",
    };
    vec![
        format!("Undocumented by AWS: {}.", switch.question()),
        choices,
        format!("{confidence} Answers that depend on it say so."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_is_found_by_its_name_and_is_explained_in_sentences() {
        let all = Identifier::all();
        assert!(all.iter().any(|identifier| matches!(identifier, Identifier::Rule(_))));
        for identifier in all {
            let name = identifier.name().to_ascii_lowercase();
            assert!(!Identifier::named(&name).is_empty(), "{name}");
            for text in identifier.paragraphs() {
                assert!(text.ends_with('.') || text.starts_with("AWS: https://"), "{name}: {text}");
            }
        }
    }

    #[test]
    fn what_is_misspelt_is_guessed_where_it_is_long_enough() {
        assert_eq!(Identifier::closest("inert-statment").as_deref(), Some("inert-statement"));
        assert_eq!(Identifier::closest("Q77"), None);
    }
}
