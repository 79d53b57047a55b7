//! The list of rules, `corpus/rules.yaml`.

use std::path::Path;

use serde::Deserialize;

use crate::case::CaseEvidence;

/// One numbered rule of the evaluation spec.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// As the spec numbers it.
    pub id: String,
    /// How well AWS's behaviour is known.
    pub evidence: CaseEvidence,
    /// The page of AWS that it rests on: a guide's letters and the name of the page, or an address.
    #[serde(default)]
    pub page: Option<String>,
    /// What it says.
    pub says: String,
    /// Why no case is about it.
    #[serde(default)]
    pub without: Option<String>,
    /// Where it is tested or described instead.
    #[serde(default)]
    pub see: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    rules: Vec<Rule>,
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

/// All rules, in order.
pub(super) fn load(path: &Path) -> Result<Vec<Rule>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let list: List =
        serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(list.rules)
}

impl Rule {
    /// How well AWS's behaviour is known, with a link to its page where there is one.
    ///
    /// # Errors
    /// If the page is of a guide that nobody named.
    pub(super) fn link(&self) -> Result<String, String> {
        let mark = self.evidence.word();
        let Some(page) = &self.page else { return Ok(mark.to_owned()) };
        if page.starts_with("https://docs.aws.amazon.com/") {
            return Ok(format!("[{mark}]({page})"));
        }
        page.split_once(' ')
            .and_then(|(guide, name)| {
                let (_, folder) = GUIDES.iter().find(|(known, _)| *known == guide)?;
                Some(format!("[{mark}]({folder}{name}.html)"))
            })
            .ok_or_else(|| format!("{}: `{page}` is of no known guide", self.id))
    }
}
