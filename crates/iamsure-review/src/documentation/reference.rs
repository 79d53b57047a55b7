//! How a policy is named: a file, a fence of this document, or a fence of another.
//!
//! `role.json` · `#role.json` (the fence of that title) · `#DenyDirect` (the policy with that Sid) · `#L120`
//! (the fence at that line) · `other.mdx#role.json`

use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Profile, Source};

use super::document::Document;

/// Where files come from: a function from the name that a document uses, relative to itself, to its text.
pub type Shelf<'a> = dyn Fn(&str) -> Result<Source, String> + 'a;

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

/// The policy that a reference names in a document. `kind` is guessed if it is not said.
///
/// # Errors
/// Why not, in one line.
pub(super) fn policy(
    reference: &str,
    document: &Document,
    kind: Option<PolicyType>,
    shelf: &Shelf<'_>,
) -> Result<PolicyDocument, String> {
    let (path, fragment) = match reference.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (reference, None),
    };
    let Some(fragment) = fragment else {
        let source = shelf(path)?;
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
        return inspection.document.ok_or_else(|| first(&source, &inspection.findings, reference));
    };
    let of_fence = |document: &Document, name: String| {
        let fence = document.select(fragment).map_err(|error| error.to_string())?;
        document
            .policy(fence, name, kind, Profile::Lenient)
            .map(|excerpt| excerpt.policy)
            .map_err(|findings| first(&document.source, &findings, reference))
    };
    if path.is_empty() {
        return of_fence(document, document.source.name().to_owned());
    }
    let source = shelf(path)?;
    let other = Document::read(&source).map_err(|error| format!("{}: {error}", source.name()))?;
    let name = format!("{}#{fragment}", source.name());
    of_fence(&other, name)
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
