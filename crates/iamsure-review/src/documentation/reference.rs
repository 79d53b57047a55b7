//! How a policy is named: a file, a fence of this document, or a fence of another.
//!
//! `role.json` · `#role.json` (the fence of that title) · `#DenyDirect` (the policy with that Sid) · `#L120`
//! (the fence at that line) · `other.mdx#role.json` · `auth.json#role/App` (what a container holds)

use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Profile, Source};

use super::document::Document;

/// Where files come from: a function from the name that a document uses, relative to itself, and the fragment after it
/// (`auth.json`, `role/App`) to what is there.
pub type Shelf<'a> = dyn Fn(&str, Option<&str>) -> Result<Shelved, String> + 'a;

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Shelved {
    /// Its text: a policy, or another document.
    Text(Source),
    /// What is under the fragment, if the file is a container of policies.
    Held(Held),
}

/// What a container holds under an address.
#[derive(Clone, Debug)]
pub struct Held {
    /// One policy or all those of a principal, each with the layer that its place tells.
    pub policies: Vec<(Option<PolicyType>, Source)>,
    /// Whether they are those of a principal.
    pub is_of_principal: bool,
    /// The ARN of the principal.
    pub principal: Option<String>,
}

/// What a reference names.
#[derive(Clone, Debug)]
pub(super) struct Referenced {
    pub(super) policies: Vec<PolicyDocument>,
    /// The ARN of the principal whose policies they are.
    pub(super) principal: Option<String>,
}

impl From<PolicyDocument> for Referenced {
    fn from(policy: PolicyDocument) -> Self {
        Self { policies: vec![policy], principal: None }
    }
}

/// Why a fence was not found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFound {
    /// No fence has this title, and no policy this Sid.
    #[error("no code fence is titled `{0}`, and no policy has such a Sid; found {1}")]
    Nothing(String, String),
    /// Several have.
    #[error("`{0}` is ambiguous ({1}): use a title or a line, such as `#L{2}`")]
    Several(String, String, usize),
    /// No fence stands at this line.
    #[error("there is no code fence at line {0}")]
    NoLine(usize),
}

impl Document {
    /// The fence that a fragment names: by title, by line (`L120`), or by the Sid of a statement.
    ///
    /// # Errors
    /// If there is none, or there are several.
    pub fn select(&self, fragment: &str) -> Result<usize, NotFound> {
        let numbered = || self.fences.iter().enumerate();
        let titled: Vec<usize> = numbered()
            .filter(|(_, fence)| fence.title.as_deref() == Some(fragment))
            .map(|(number, _)| number)
            .collect();
        let found = if titled.is_empty() {
            if let Some(line) = fragment.strip_prefix('L').and_then(|line| line.parse().ok()) {
                return numbered()
                    .find(|(_, fence)| {
                        (self.line(fence.span.start)..=self.line(fence.span.end)).contains(&line)
                    })
                    .map(|(number, _)| number)
                    .ok_or(NotFound::NoLine(line));
            }
            self.with_sid(fragment)
        } else {
            titled
        };
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(NotFound::Nothing(fragment.to_owned(), self.titles())),
            several => {
                let lines: Vec<usize> = several
                    .iter()
                    .filter_map(|fence| self.fences.get(*fence))
                    .map(|fence| self.line(fence.span.start))
                    .collect();
                let first = lines.first().copied().unwrap_or(1);
                let shown: Vec<_> = lines.iter().map(|line| format!("line {line}")).collect();
                Err(NotFound::Several(fragment.to_owned(), shown.join(", "), first))
            }
        }
    }

    /// The fences whose policy has a statement of this Sid.
    fn with_sid(&self, sid: &str) -> Vec<usize> {
        let (policies, _) = self.policies();
        policies
            .iter()
            .filter(|excerpt| {
                excerpt.policy.statements.iter().any(|statement| statement.sid() == Some(sid))
            })
            .map(|excerpt| excerpt.fence)
            .collect()
    }

    fn titles(&self) -> String {
        let titles: Vec<_> = self
            .fences
            .iter()
            .filter_map(|fence| fence.title.as_deref())
            .take(12)
            .map(|title| format!("`{title}`"))
            .collect();
        if titles.is_empty() { "no titled fences".to_owned() } else { titles.join(", ") }
    }
}

/// The policies that a reference names in a document: one, or those of a principal. `kind` is guessed if it is not said.
///
/// # Errors
/// Why not, in one line.
pub(super) fn named(
    reference: &str,
    document: &Document,
    kind: Option<PolicyType>,
    shelf: &Shelf<'_>,
) -> Result<Referenced, String> {
    let (path, fragment) = match reference.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (reference, None),
    };
    let found = if path.is_empty() { None } else { Some(shelf(path, fragment)?) };
    let source = match found {
        Some(Shelved::Held(held)) => return of_container(held, kind, reference),
        Some(Shelved::Text(source)) => Some(source),
        None => None,
    };
    let Some(fragment) = fragment else {
        let source = source.ok_or_else(|| format!("`{reference}` names no file"))?;
        let guessed = kind.unwrap_or(PolicyType::Identity);
        let mut inspection = PolicyDocument::inspect_attached(&source, guessed, Profile::Lenient);
        if kind.is_none() && source.text().contains("\"Principal\"") {
            let guessed = if source.text().contains("\"sts:Assume") {
                PolicyType::Trust
            } else {
                PolicyType::Resource
            };
            inspection = PolicyDocument::inspect_attached(&source, guessed, Profile::Lenient);
        }
        return inspection
            .document
            .map(Referenced::from)
            .ok_or_else(|| first(&source, &inspection.findings, reference));
    };
    let of_fence = |document: &Document, name: String| {
        let fence = document.select(fragment).map_err(|error| error.to_string())?;
        document
            .policy(fence, name, kind, Profile::Lenient)
            .map(|excerpt| excerpt.policy.into())
            .map_err(|findings| first(&document.source, &findings, reference))
    };
    let Some(source) = source else {
        return of_fence(document, document.source.name().to_owned());
    };
    let other = Document::read(&source).map_err(|error| format!("{}: {error}", source.name()))?;
    let name = format!("{}#{fragment}", source.name());
    of_fence(&other, name)
}

/// The policies that a container holds, each in its layer. Where a layer is said, it is the one of that layer.
fn of_container(
    held: Held,
    kind: Option<PolicyType>,
    reference: &str,
) -> Result<Referenced, String> {
    let mut policies = Vec::with_capacity(held.policies.len());
    let (is_one, is_of_principal) = (held.policies.len() == 1, held.is_of_principal);
    // Whom a role trusts decides who becomes it, and nothing that it does.
    let is_left_out = |own| is_of_principal && own == Some(PolicyType::Trust);
    let (asked, principal) = match kind {
        None | Some(PolicyType::Identity) => (None, held.principal),
        Some(kind) => (Some(kind), None),
    };
    for (own, source) in held.policies {
        let is_other = asked.is_some() && own != asked && !(is_one && own.is_none());
        if is_other || (asked.is_none() && is_left_out(own)) {
            continue;
        }
        let kind = asked.or(own).unwrap_or_else(|| PolicyDocument::detect(&source).0);
        let inspection = PolicyDocument::inspect_attached(&source, kind, Profile::Lenient);
        let read =
            inspection.document.ok_or_else(|| first(&source, &inspection.findings, reference));
        policies.push(read?);
    }
    match (policies.len(), asked) {
        (0, None) => policies.push(PolicyDocument::empty(PolicyType::Identity)),
        (1, _) | (_, None) => {}
        (_, Some(kind)) => return Err(format!("`{reference}` is not one {}", kind.aws_name())),
    }
    Ok(Referenced { policies, principal })
}

/// The first error, with its place.
fn first(source: &Source, findings: &[Diagnostic], reference: &str) -> String {
    match findings.iter().find(|finding| finding.is_error()) {
        Some(finding) => format!(
            "`{reference}` is not a policy: {} ({}:{})",
            finding.message,
            source.name(),
            source.place(finding.span().start)
        ),
        None => format!("`{reference}` is not a policy"),
    }
}
