//! Cases of `corpus/accounts`: what containers hold.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use iamsure_account::{Choices, Container, Unreadable, read};
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Source};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cases: Vec<Case>,
}

/// A container, and what it holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The name of the file.
    pub file: String,
    /// A note.
    #[serde(default)]
    pub why: String,
    /// All addresses, in order.
    #[serde(default)]
    addresses: Vec<String>,
    /// By address, the policies: layer and Sids.
    #[serde(default)]
    holds: BTreeMap<String, Vec<String>>,
    /// By address, what a policy of it contains.
    #[serde(default)]
    texts: BTreeMap<String, String>,
    /// By address, what the refusal contains.
    #[serde(default)]
    refused: BTreeMap<String, String>,
    /// What the remarks contain, each.
    #[serde(default)]
    remarks: Vec<String>,
    /// What the refusal of the whole contains.
    unreadable: Option<String>,
    #[serde(skip)]
    folder: PathBuf,
}

/// Reads the cases of a folder, of whose files none may be without a case.
///
/// # Errors
/// If they cannot be read, or a file has no case.
pub fn load(folder: &Path) -> Result<Vec<Case>, String> {
    let path = folder.join("cases.yaml");
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file: File =
        serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
        let name = entry.map_err(|error| error.to_string())?.file_name();
        if name != "cases.yaml" && !file.cases.iter().any(|case| *case.file == name) {
            return Err(format!("`{}` has no case", name.display()));
        }
    }
    let placed = |case| Case { folder: folder.to_path_buf(), ..case };
    Ok(file.cases.into_iter().map(placed).collect())
}

impl Case {
    /// Holds the case.
    ///
    /// # Errors
    /// What is otherwise.
    pub fn run(&self) -> Result<(), String> {
        let text = std::fs::read_to_string(self.folder.join(&self.file))
            .map_err(|error| format!("{}: {error}", self.file))?;
        let source = Source::new(self.file.as_str(), text);
        let container = match (read(&source, &Choices::default()), &self.unreadable) {
            (Err(error), Some(expected)) => return contains(&error.to_string(), expected),
            (Ok(Some(container)), None) => container,
            (other, _) => return Err(format!("{other:?}")),
        };
        same(&container.addresses(), &self.addresses, "addresses")?;
        same(&container.remarks.len(), &self.remarks.len(), "number of remarks")?;
        for (remark, expected) in container.remarks.iter().zip(&self.remarks) {
            contains(remark, expected)?;
        }
        for (address, expected) in &self.holds {
            let found = found(&source, address).map_err(|error| format!("{address}: {error}"))?;
            let found: Result<Vec<String>, String> =
                found.iter().map(|(kind, source)| shown(*kind, source)).collect();
            same(&found?, expected, address)?;
        }
        for (address, expected) in &self.texts {
            let found = found(&source, address).map_err(|error| format!("{address}: {error}"))?;
            let text: String = found.iter().map(|(_, source)| source.text()).collect();
            contains(&text, expected)?;
        }
        for (address, expected) in &self.refused {
            match found(&source, address) {
                Ok(found) => return Err(format!("{address} is {} policies", found.len())),
                Err(error) => contains(&error.to_string(), expected)?,
            }
        }
        Ok(())
    }
}

fn found(source: &Source, text: &str) -> Result<Vec<(Option<PolicyType>, Source)>, Unreadable> {
    let (address, choices) = Choices::of_address(Some(text).filter(|text| !text.is_empty()))?;
    let container: Option<Container> = read(source, &choices)?;
    let container = container.ok_or_else(|| Unreadable("it is no container".to_owned()))?;
    match address {
        Some(address) => container.find(address)?,
        None => container.only()?,
    }
    .sources()
}

/// The layer and the Sids of a policy.
fn shown(kind: Option<PolicyType>, source: &Source) -> Result<String, String> {
    let layer = kind.unwrap_or(PolicyType::Identity);
    let document = PolicyDocument::read(source, layer, Profile::Lenient)
        .map_err(|findings| format!("{}: {:?}", source.name(), findings.first()))?;
    let sids = document.statements.iter().filter_map(|statement| statement.sid());
    let words: Vec<String> =
        std::iter::once(kind.map_or("any".to_owned(), |kind| kind.to_string()))
            .chain(sids.map(ToString::to_string))
            .collect();
    Ok(words.join(" "))
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T, what: &str) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: {found:?}, and not {expected:?}"))
}

fn contains(text: &str, part: &str) -> Result<(), String> {
    if text.contains(part) {
        return Ok(());
    }
    Err(format!("{part:?} is missing in:\n{text}"))
}
