//! The numbered rules of the evaluation spec, one sentence each, with how well AWS's behaviour is known.

use serde::Deserialize;

/// How well AWS's behaviour is known, the strongest first.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum RuleEvidence {
    /// AWS says so.
    Documented,
    /// An answer of AWS itself was recorded: of `CreatePolicy`, or of its simulator.
    Recorded,
    /// Others tested or implemented it.
    Observed,
    /// AWS is silent; the spec fixes a value.
    Assumed,
}

impl RuleEvidence {
    /// Every kind of evidence, the strongest first.
    pub const ALL: [Self; 4] = [Self::Documented, Self::Recorded, Self::Observed, Self::Assumed];

    /// The word of pages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Recorded => "recorded",
            Self::Observed => "observed",
            Self::Assumed => "assumed",
        }
    }
}

/// One numbered rule of the evaluation spec.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecRule {
    /// As the spec numbers it, such as `C-45`.
    pub id: String,
    /// How well AWS's behaviour is known.
    pub evidence: RuleEvidence,
    /// The page of AWS that it rests on: a guide's letters and the name of the page, or an address.
    #[serde(default)]
    page: Option<String>,
    /// What it says, in one sentence.
    pub says: String,
    /// Why no case of the corpus is about it.
    #[serde(default)]
    pub without: Option<String>,
    /// Where it is tested or described instead.
    #[serde(default)]
    pub see: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    rules: Vec<SpecRule>,
}

const GUIDES: [(&str, &str); 7] = [
    ("UG", "https://docs.aws.amazon.com/IAM/latest/UserGuide/"),
    ("ORG", "https://docs.aws.amazon.com/organizations/latest/userguide/"),
    ("KMS", "https://docs.aws.amazon.com/kms/latest/developerguide/"),
    ("S3", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"),
    ("PL", "https://docs.aws.amazon.com/vpc/latest/privatelink/"),
    ("EB", "https://docs.aws.amazon.com/eventbridge/latest/userguide/"),
    ("STS", "https://docs.aws.amazon.com/STS/latest/APIReference/"),
];

impl SpecRule {
    /// All rules, in the order of the spec.
    ///
    /// # Errors
    /// If the list that is built in is not of its form. A test holds that it is.
    pub fn all() -> Result<Vec<Self>, String> {
        serde_saphyr::from_str::<List>(include_str!("spec_rule/rules.yaml"))
            .map(|list| list.rules)
            .map_err(|error| error.to_string())
    }

    /// The address of the page of AWS that the rule rests on, if there is one.
    pub fn page(&self) -> Option<String> {
        let page = self.page.as_ref()?;
        if page.starts_with("https://docs.aws.amazon.com/") {
            return Some(page.clone());
        }
        let (guide, name) = page.split_once(' ')?;
        let (_, folder) = GUIDES.iter().find(|(known, _)| *known == guide)?;
        Some(format!("{folder}{name}.html"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_read_and_its_page_has_an_address() {
        let rules = SpecRule::all().unwrap();
        assert!(rules.len() > 150);
        for rule in rules {
            assert_eq!(rule.page.is_some(), rule.page().is_some(), "{}: {:?}", rule.id, rule.page);
        }
    }
}
