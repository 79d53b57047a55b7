//! The policies of a request, by layer.

use iamsure_core::language::{Diagnostic, PolicyDocument, PolicyType, Profile, Source};
use iamsure_core::world::PolicySet;
use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::value::RawValue;

use super::{PolicyFinding, RequestFormError};

/// A list, or the one element of it alone.
#[derive(Default)]
struct OneOrMany(Vec<Box<RawValue>>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('[') {
            serde_json::from_str(raw.get()).map(Self).map_err(serde::de::Error::custom)
        } else {
            Ok(Self(vec![raw]))
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PoliciesForm {
    identity: OneOrMany,
    boundary: Option<Box<RawValue>>,
    session: OneOrMany,
    resource: Option<Box<RawValue>>,
    trust: Option<Box<RawValue>>,
    vpce: Option<Box<RawValue>>,
    /// The levels, each of which may be one document.
    scp: OneOrMany,
    rcp: OneOrMany,
}

impl PoliciesForm {
    pub(super) fn policy_set(
        self,
        profile: Profile,
        warnings: &mut Vec<PolicyFinding>,
    ) -> Result<PolicySet, RequestFormError> {
        let mut read = |raw: &RawValue, kind: PolicyType, place: String| {
            let source = Source::new(format!("policies.{place}"), raw.get());
            let inspection = PolicyDocument::inspect_attached(&source, kind, profile);
            let (errors, others): (Vec<_>, Vec<_>) =
                inspection.findings.into_iter().partition(Diagnostic::is_error);
            let found = |finding| PolicyFinding { source: source.clone(), finding };
            warnings.extend(others.into_iter().map(found));
            match (inspection.document, errors.into_iter().next()) {
                (Some(document), _) => Ok(document),
                (None, Some(finding)) => Err(RequestFormError::Policy(Box::new(found(finding)))),
                (None, None) => Err(RequestFormError::Contradiction(format!(
                    "`{}` has no document",
                    source.name()
                ))),
            }
        };
        let mut list = |raws: &[Box<RawValue>], kind: PolicyType, place: &str| {
            raws.iter()
                .enumerate()
                .map(|(index, raw)| read(raw, kind, format!("{place}[{index}]")))
                .collect::<Result<Vec<_>, _>>()
        };
        let mut set = PolicySet {
            identity: list(&self.identity.0, PolicyType::Identity, "identity")?,
            session: list(&self.session.0, PolicyType::Session, "session")?,
            ..PolicySet::default()
        };
        for (level, raw) in self.scp.0.iter().enumerate() {
            let raws: OneOrMany = serde_json::from_str(raw.get())?;
            set.scp.push(list(&raws.0, PolicyType::Scp, &format!("scp[{level}]"))?);
        }
        for (level, raw) in self.rcp.0.iter().enumerate() {
            let raws: OneOrMany = serde_json::from_str(raw.get())?;
            set.rcp.push(list(&raws.0, PolicyType::Rcp, &format!("rcp[{level}]"))?);
        }
        let mut one = |raw: Option<Box<RawValue>>, kind: PolicyType, place: &str| {
            raw.map(|raw| read(&raw, kind, place.to_owned())).transpose()
        };
        set.boundary = one(self.boundary, PolicyType::Boundary, "boundary")?;
        set.resource = one(self.resource, PolicyType::Resource, "resource")?;
        set.trust = one(self.trust, PolicyType::Trust, "trust")?;
        set.endpoint = one(self.vpce, PolicyType::Endpoint, "vpce")?;
        Ok(set)
    }
}
