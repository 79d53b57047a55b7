//! Policies of AWS by name: those that are built in, and those of files.

use std::collections::BTreeMap;

use iamsure_core::language::{PolicyType, Source, Span};

use super::{ALL, BuiltIn};
use crate::container::{Document, Held};

/// A policy of AWS, as it is built in or in a file.
#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    /// Its name, such as `ReadOnlyAccess`.
    pub name: String,
    /// What it is attached as, if its ARN tells.
    pub kind: Option<PolicyType>,
    /// The file that its document is from; `None` if it is built in.
    pub from: Option<String>,
    /// Its ARN, if the file tells it.
    pub(super) arn: Option<String>,
    /// Its document, or why there is none: a clause about the policy.
    pub(super) document: Result<Source, String>,
}

/// The policies of AWS whose documents are known.
#[derive(Clone, Debug, Default)]
pub struct ManagedPolicies {
    by_name: BTreeMap<String, Vec<ManagedPolicy>>,
    /// The files that were read.
    files: Vec<String>,
    /// By the name that a file would give its policy, why there is none.
    unread: BTreeMap<String, String>,
}

/// Why a policy of AWS cannot be had, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownPolicy(String);

impl ManagedPolicy {
    fn built_in(policy: BuiltIn) -> Self {
        let name = format!("aws:{} (built in)", policy.name);
        Self {
            name: policy.name.to_owned(),
            kind: Some(policy.kind),
            from: None,
            arn: None,
            document: Ok(Source::new(name, policy.document)),
        }
    }

    /// The document.
    ///
    /// # Errors
    /// If the file does not hold it.
    pub fn source(&self) -> Result<Source, UnknownPolicy> {
        self.document.clone().map_err(|why| {
            let from = self.from.as_deref().unwrap_or_default();
            UnknownPolicy(format!("`aws:{}` of {from} cannot be used: it {why}", self.name))
        })
    }

    /// The policy as one that is attached.
    pub(crate) fn held(&self, address: String, kind: PolicyType) -> Held {
        let (document, within) = match &self.document {
            Ok(source) => (Document::Inline(Span::new(0, source.text().len())), source.clone()),
            Err(why) => (Document::Absent(why.clone()), Source::new("", "")),
        };
        Held {
            address,
            kind: Some(kind),
            place: String::new(),
            document,
            lent: self.from.clone().map(|file| (self.name.clone(), file)),
            within,
        }
    }

    /// Whether `text` names it: its name, its name with the path of its ARN, or its ARN. What a file does not tell of
    /// the ARN is taken to fit.
    fn is_called(&self, text: &str) -> bool {
        let resource = |arn: &str| arn.splitn(6, ':').nth(5).map(str::to_owned);
        match &self.arn {
            _ if text == self.name => true,
            None => super::is_of_aws(text) || !text.starts_with("arn:"),
            Some(arn) if text.starts_with("arn:") => arn == text,
            Some(arn) => resource(arn) == Some(format!("policy/{text}")),
        }
    }
}

impl ManagedPolicies {
    /// Adds what a file holds.
    pub fn add(&mut self, file: &str, policies: Vec<ManagedPolicy>) {
        self.files.push(file.to_owned());
        for policy in policies {
            self.by_name.entry(policy.name.clone()).or_default().push(policy);
        }
    }

    /// Says why a file, which would hold the policy `name`, holds none.
    pub fn cannot_read(&mut self, name: &str, why: &str) {
        self.unread.entry(name.to_owned()).or_insert_with(|| why.to_owned());
    }

    /// The policy that a name, a name with its path, or an ARN names.
    ///
    /// # Errors
    /// If its document is not known, or files differ about it; what to do.
    pub fn find(&self, text: &str) -> Result<ManagedPolicy, UnknownPolicy> {
        if let Some(policy) = BuiltIn::named(text) {
            return Ok(ManagedPolicy::built_in(policy));
        }
        let name = text.rsplit('/').next().unwrap_or_default();
        let found: Vec<&ManagedPolicy> = self
            .by_name
            .get(name)
            .into_iter()
            .flatten()
            .filter(|policy| policy.is_called(text))
            .collect();
        let text_of = |policy: &ManagedPolicy| {
            policy.document.as_ref().map(|source| source.text().trim().to_owned()).ok()
        };
        match found.as_slice() {
            [] => Err(self.unknown(text)),
            [first, others @ ..] if others.iter().all(|one| text_of(one) == text_of(first)) => {
                Ok((*first).clone())
            }
            several => {
                let mut files: Vec<&str> =
                    several.iter().filter_map(|policy| policy.from.as_deref()).collect();
                files.dedup();
                Err(UnknownPolicy(format!(
                    "the documents of `aws:{name}` differ ({}); give --managed with only one of them",
                    files.join(", ")
                )))
            }
        }
    }

    /// Why the document of an attached policy, by its ARN, cannot be had: a clause about the policy.
    pub(crate) fn why_not(&self, arn: &str) -> &'static str {
        let name = arn.rsplit('/').next().unwrap_or_default();
        let mut known = self.by_name.get(name).into_iter().flatten();
        if known.any(|policy| policy.is_called(arn)) {
            "is attached to it, but the --managed files contain different versions of it"
        } else if self.files.is_empty() {
            "is attached to it, but is neither in the file nor built in; supply it with --managed FILE"
        } else {
            "is attached to it, but is neither in the file, nor built in, nor in the --managed files"
        }
    }

    fn unknown(&self, text: &str) -> UnknownPolicy {
        const FORMS: &str = "account authorization details, a folder of NAME.json files, a JSON map of names, or aws_managed_policies.py of the Python package `moto`";
        if text.is_empty() {
            let names: Vec<&str> = ALL.iter().map(|policy| policy.name).collect();
            return UnknownPolicy(format!(
                "`aws:` needs a policy name; built in are {}, and --managed FILE adds others",
                names.join(", ")
            ));
        }
        let shown = if text.starts_with("arn:") { text.to_owned() } else { format!("aws:{text}") };
        let files = match self.files.as_slice() {
            [] => String::new(),
            [file] => format!(", nor in {file}"),
            several => format!(", nor in the {} files of --managed", several.len()),
        };
        let is_or_are = if files.is_empty() { "not built in" } else { "neither built in" };
        let name = text.rsplit('/').next().unwrap_or_default();
        let unread = self.unread.get(name).map(|why| format!(" ({why})")).unwrap_or_default();
        let meant = self.closest(text).map(|name| format!("; did you mean `aws:{name}`?"));
        let is_file = text.contains('.').then(|| {
            format!(
                " (a file of a git branch `aws` is `heads/aws:{text}`, one on disk `./aws:{text}`)"
            )
        });
        UnknownPolicy(format!(
            "`{shown}` names an AWS managed policy, and its document is {is_or_are}{files}{unread}{}{} Give it with --managed FILE: {FORMS}",
            is_file.unwrap_or_default(),
            meant.unwrap_or_else(|| ".".to_owned()),
        ))
    }

    /// The known name that is most like one that is not.
    fn closest(&self, text: &str) -> Option<String> {
        // A distance of long texts costs as much as their product.
        const LONGEST: usize = 128;
        let name = text.rsplit('/').next().filter(|name| name.len() <= LONGEST)?;
        let folded = name.to_ascii_lowercase();
        let names =
            ALL.iter().map(|policy| policy.name).chain(self.by_name.keys().map(|name| &**name));
        names
            .filter(|known| known.len() <= LONGEST)
            .map(|known| (strsim::damerau_levenshtein(&folded, &known.to_ascii_lowercase()), known))
            .filter(|(distance, known)| *distance <= 2.max(known.len() / 8))
            .min()
            .map(|(_, known)| known.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(name: &str, arn: Option<&str>, from: &str, text: &str) -> ManagedPolicy {
        ManagedPolicy {
            name: name.to_owned(),
            kind: None,
            from: Some(from.to_owned()),
            arn: arn.map(str::to_owned),
            document: Ok(Source::new(format!("aws:{name} from {from}"), text)),
        }
    }

    #[test]
    fn a_policy_is_found_by_its_name_its_path_and_its_arn_alone() {
        let mut known = ManagedPolicies::default();
        let arn = "arn:aws:iam::aws:policy/job-function/Billing";
        known.add("a.json", vec![policy("Billing", Some(arn), "a.json", "{}")]);
        known.add("b.json", vec![policy("Audit", None, "b.json", "{}")]);
        for text in ["Billing", "job-function/Billing", arn, "Audit", "x/Audit"] {
            assert!(known.find(text).is_ok(), "{text}");
        }
        assert!(known.find("arn:aws:iam::aws:policy/Audit").is_ok());
        for text in [
            "billing",
            "other/Billing",
            "arn:aws:iam::aws:policy/Billing",
            "arn:aws-cn:iam::aws:policy/job-function/Billing",
            "arn:aws:iam::111122223333:policy/Audit",
            "",
        ] {
            assert!(known.find(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_files_differ_about_is_not_guessed_and_what_is_built_in_is_not_replaced() {
        let mut known = ManagedPolicies::default();
        known.add("a.json", vec![policy("Audit", None, "a.json", "{}")]);
        known.add("b.json", vec![policy("Audit", None, "b.json", " {}\n")]);
        assert!(known.find("Audit").is_ok(), "the same text");
        known.add("c.json", vec![policy("Audit", None, "c.json", "[]")]);
        let error = known.find("Audit").unwrap_err().to_string();
        assert!(error.contains("(a.json, b.json, c.json)"), "{error}");
        known.add("d.json", vec![policy("FullAWSAccess", None, "d.json", "{}")]);
        assert_eq!(known.find("FullAWSAccess").unwrap().from, None);
        let why = |name: &str| known.why_not(&format!("arn:aws:iam::aws:policy/{name}"));
        assert!(why("Audit").contains("differ"));
        assert!(why("Other").contains("nor in the --managed files"));
        assert!(
            ManagedPolicies::default()
                .why_not("arn:aws:iam::aws:policy/x")
                .contains("--managed FILE")
        );
    }

    #[test]
    fn what_is_unknown_is_said_with_what_is_near() {
        let mut known = ManagedPolicies::default();
        let error = |known: &ManagedPolicies, text: &str| known.find(text).unwrap_err().to_string();
        assert!(error(&known, "FullAwsAccess").contains("did you mean `aws:FullAWSAccess`?"));
        assert!(!error(&known, "ReadOnlyAccess").contains("did you mean"));
        assert!(error(&known, "role.json").contains("`heads/aws:role.json`"));
        known.add("m.json", vec![policy("ReadOnlyAccess", None, "m.json", "{}")]);
        let found = error(&known, "ReadOnlyAcess");
        assert!(
            found.contains("neither built in, nor in m.json; did you mean `aws:ReadOnlyAccess`?"),
            "{found}"
        );
        assert!(!error(&known, &"x".repeat(10_000)).contains("did you mean"));
    }
}
