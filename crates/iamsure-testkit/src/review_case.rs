//! Claims of a review: for each, policies that break it and policies that keep it.

use std::collections::BTreeMap;
use std::path::Path;

use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::{CallPaths, PolicySet};
use iamsure_review::review_claim::{ReviewCode, for_policies};
use iamsure_truth::claim::ClaimVerdict;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::{Unanswered, Unaskable};
use serde::Deserialize;

/// The file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    claims: Vec<Case>,
}

/// One claim of the library, broken and kept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    code: String,
    /// Statements by layer, as JSON.
    refuted: BTreeMap<String, String>,
    proved: BTreeMap<String, String>,
    /// The sentence that is made for the policies that break it.
    claim: String,
}

/// One half of a case.
#[derive(Debug)]
pub struct Trial {
    /// What it is called.
    pub name: String,
    code: ReviewCode,
    policies: PolicySet,
    /// The sentence that must be among the claims.
    claim: Option<String>,
    verdict: ClaimVerdict,
}

/// Reads the cases; each claim of the library must have one.
///
/// # Errors
/// If a case cannot be read, or a claim of the library has none.
pub fn load(path: &Path) -> Result<Vec<Trial>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file: CaseFile =
        serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    if let Some(missing) =
        ReviewCode::ALL.iter().find(|code| !file.claims.iter().any(|case| case.code == code.name()))
    {
        return Err(format!("`{}` has no case", missing.name()));
    }
    let mut trials = Vec::new();
    for case in file.claims {
        let code = ReviewCode::named(&case.code)
            .ok_or_else(|| format!("there is no claim `{}`", case.code))?;
        for (verdict, half, claim) in [
            (ClaimVerdict::Refuted, &case.refuted, Some(case.claim.clone())),
            (ClaimVerdict::Proved, &case.proved, None),
        ] {
            let name = format!("{}-{}", case.code, verdict.word().to_lowercase());
            let policies = policies(half).map_err(|error| format!("{name}: {error}"))?;
            trials.push(Trial { name, code, policies, claim, verdict });
        }
    }
    Ok(trials)
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
        let claims: Vec<_> = for_policies(&self.policies)
            .into_iter()
            .filter(|claim| claim.code == self.code)
            .collect();
        let sentences: Vec<_> = claims.iter().map(|claim| claim.claim.text.as_str()).collect();
        if sentences.is_empty() {
            return Err("the claim is not made for these policies".to_owned());
        }
        if let Some(wanted) = &self.claim
            && !sentences.contains(&wanted.as_str())
        {
            return Err(format!("the claim is not made; there are: {sentences:#?}"));
        }
        for asked in claims {
            let query =
                asked.query(self.policies.clone(), &Setting::default(), &CallPaths::default());
            let answer = query.answer();
            let of_nobody = matches!(answer, Err(Unanswered::Claim(Unaskable::NoRequest)));
            if of_nobody && asked.about_nobody() == Some(self.verdict) {
                continue;
            }
            let proof = answer.map_err(|error| format!("{}: {error}", query.claim))?;
            if proof.verdict != self.verdict {
                let example = proof.example.map(|example| example.request);
                return Err(format!(
                    "{} of {}, because of {:?}: {example:#?}",
                    proof.verdict.word(),
                    query.claim,
                    proof.reasons
                ));
            }
        }
        Ok(())
    }
}
