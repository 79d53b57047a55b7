//! Claims of a review: for each, policies that break it, policies that keep it, and policies it is not asked of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_review::review_claim::{ReviewClaim, ReviewCode, for_policies};
use iamsure_truth::claim::ClaimVerdict;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};
use serde::Deserialize;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    claims: Vec<Case>,
}

/// Statements by layer, as JSON.
type Statements = BTreeMap<String, String>;

/// One claim of the library, broken, kept and not asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    code: String,
    #[serde(default)]
    refuted: Vec<Statements>,
    /// The sentence that is made for each of the policies that break it.
    claim: Option<String>,
    #[serde(default)]
    proved: Vec<Statements>,
    /// Policies about which the claim would say nothing.
    #[serde(default)]
    not_asked: Vec<Statements>,
}

/// What must come of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Refuted,
    Proved,
    NotAsked,
}

impl Expected {
    /// Each, with how many policies of the kind a claim must have.
    const ALL: [(Self, usize); 3] = [(Self::Refuted, 3), (Self::Proved, 2), (Self::NotAsked, 1)];

    const fn word(self) -> &'static str {
        match self {
            Self::Refuted => "refuted",
            Self::Proved => "proved",
            Self::NotAsked => "not-asked",
        }
    }

    const fn verdict(self) -> Option<ClaimVerdict> {
        match self {
            Self::Refuted => Some(ClaimVerdict::Refuted),
            Self::Proved => Some(ClaimVerdict::Proved),
            Self::NotAsked => None,
        }
    }
}

/// One set of policies of a case.
#[derive(Debug)]
pub struct Trial {
    /// What it is called.
    pub name: String,
    code: ReviewCode,
    policies: PolicySet,
    /// The sentence that must be among the claims.
    claim: Option<String>,
    expected: Expected,
}

/// Reads the cases of a folder; each claim of the library must have enough of each kind.
///
/// # Errors
/// If a case cannot be read, or a claim of the library has too few.
pub fn load(folder: &Path) -> Result<Vec<Trial>, String> {
    let mut trials: Vec<Trial> = Vec::new();
    for path in files(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let in_file = |error: String| format!("{}: {error}", path.display());
        let text = std::fs::read_to_string(&path).map_err(|error| in_file(error.to_string()))?;
        let file: CaseFile =
            serde_saphyr::from_str(&text).map_err(|error| in_file(error.to_string()))?;
        for case in file.claims {
            add(case, &mut trials).map_err(in_file)?;
        }
    }
    for code in ReviewCode::ALL {
        for (expected, wanted) in Expected::ALL {
            let found = count(&trials, *code, expected);
            if found < wanted {
                return Err(format!(
                    "`{}` has {found} of {wanted} policies `{}`",
                    code.name(),
                    expected.word()
                ));
            }
        }
    }
    Ok(trials)
}

/// The files of cases in a folder, in the order of their names.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    Ok(paths)
}

fn count(trials: &[Trial], code: ReviewCode, expected: Expected) -> usize {
    trials.iter().filter(|trial| trial.code == code && trial.expected == expected).count()
}

/// Adds the policies of a case, numbered by claim and what must come of it.
fn add(case: Case, trials: &mut Vec<Trial>) -> Result<(), String> {
    let code = ReviewCode::named(&case.code)
        .ok_or_else(|| format!("there is no claim `{}`", case.code))?;
    if case.refuted.is_empty() != case.claim.is_none() {
        return Err(format!("`{}`: `claim` is the sentence of `refuted`", case.code));
    }
    let kinds = [
        (Expected::Refuted, case.refuted, case.claim),
        (Expected::Proved, case.proved, None),
        (Expected::NotAsked, case.not_asked, None),
    ];
    for (expected, sets, claim) in kinds {
        for statements in sets {
            let number = count(trials, code, expected) + 1;
            let name = format!("{}-{}-{number}", case.code, expected.word());
            let policies = policies(&statements).map_err(|error| format!("{name}: {error}"))?;
            trials.push(Trial { name, code, policies, claim: claim.clone(), expected });
        }
    }
    Ok(())
}

fn policies(layers: &BTreeMap<String, String>) -> Result<PolicySet, String> {
    let mut policies = PolicySet::default();
    for (layer, statements) in layers {
        let kind =
            PolicyType::from_name(layer).ok_or_else(|| format!("there is no layer `{layer}`"))?;
        let text = format!(r#"{{ "Version": "2012-10-17", "Statement": {statements} }}"#);
        let document =
            PolicyDocument::read(&Source::new(layer.as_str(), text), kind, Profile::Strict)
                .map_err(|findings| format!("{findings:?}"))?;
        match kind {
            PolicyType::Identity => policies.identity.push(document),
            PolicyType::Boundary => policies.boundary = Some(document),
            PolicyType::Session => policies.session.push(document),
            PolicyType::Resource => policies.resource = Some(document),
            PolicyType::Trust => policies.trust = Some(document),
            PolicyType::Endpoint => policies.endpoint = Some(document),
            PolicyType::Scp => policies.scp.push(vec![document]),
            PolicyType::Rcp => policies.rcp.push(vec![document]),
        }
    }
    Ok(policies)
}

impl Trial {
    /// Asks every claim that the library makes of these policies under its code.
    ///
    /// # Errors
    /// If none is made, or one comes out in another way.
    pub fn run(&self) -> Result<(), String> {
        let mut asked = Vec::new();
        let mut sentences = Vec::new();
        for claim in for_policies(&self.policies) {
            if claim.code == self.code
                && let Some((verdict, shown)) = self.verdict(&claim)?
            {
                sentences.push(claim.claim.text.clone());
                asked.push((verdict, shown));
            }
        }
        let Some(wanted) = self.expected.verdict() else {
            return match sentences.as_slice() {
                [] => Ok(()),
                sentences => Err(format!("the claim is asked: {sentences:#?}")),
            };
        };
        if asked.is_empty() {
            return Err("the claim is not asked of these policies".to_owned());
        }
        if let Some(claim) = &self.claim
            && !sentences.contains(claim)
        {
            return Err(format!("the claim is not made; there are: {sentences:#?}"));
        }
        match asked.into_iter().find(|(verdict, _)| *verdict != wanted) {
            Some((_, shown)) => Err(shown),
            None => Ok(()),
        }
    }

    /// What comes of a claim, and how to show it; `None` where it is about nobody, which a review leaves out.
    fn verdict(&self, claim: &ReviewClaim) -> Result<Option<(ClaimVerdict, String)>, String> {
        let query = claim.query(self.policies.clone(), &Setting::default(), &CallPaths::default());
        match query.answer() {
            Ok(proof) => {
                let example = proof.example.map(|example| example.request);
                let word = proof.verdict.word();
                let shown = format!(
                    "{word} of {}, because of {:?}: {example:#?}",
                    query.claim, proof.reasons
                );
                Ok(Some((proof.verdict, shown)))
            }
            Err(Unanswered::Claim(Unaskable::NoRequest)) => Ok(claim
                .about_nobody()
                .map(|verdict| (verdict, format!("{} is about nobody", query.claim)))),
            Err(Unanswered::Claim(Unaskable::Slip(_))) => Ok(None),
            Err(error) => Err(format!("{}: {error}", query.claim)),
        }
    }
}
