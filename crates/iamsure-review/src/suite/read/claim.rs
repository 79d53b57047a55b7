//! The claim of a test.

use iamsure_core::language::{ActionPattern, PolicyType, Profile, Span};
use iamsure_core::world::PolicySet;
use iamsure_truth::claim::{Body as ClaimBody, Claim};
use iamsure_truth::setting::Setting;

use super::super::expectation::ExpectedClaim;
use super::super::test::ClaimTest;
use super::fields::TestReader;
use crate::tree::{Misread, Node, Shape};

impl TestReader<'_, '_, '_> {
    pub(super) fn claim(mut self, node: &Node) -> Result<ClaimTest, Misread> {
        self.only_for(
            &["contexts", "paths", "path"],
            "tests of decisions; in a claim write `path is …`",
        )?;
        let text = node.string("a claim must be a string")?;
        let claim = Claim::parse_with(&text, &self.reader.paths).map_err(|error| {
            let misread = Misread::at(self.in_text(node, &error.span), error.message);
            match error.help {
                Some(help) => misread.help(help),
                None => misread,
            }
        })?;
        let mut callers = self.callers()?;
        let (Some(caller), None) = (callers.pop(), callers.pop()) else {
            return Err(Misread::at(
                node.span,
                "a claim can have only one caller and one policy set",
            ));
        };
        let expected = match self.value.get("expect") {
            None => ExpectedClaim(iamsure_truth::claim::ClaimVerdict::Proved),
            Some(node) => {
                let text = node.string("a claim is `proved`, `refuted` or `depends`")?;
                ExpectedClaim::parse(&text).ok_or_else(|| {
                    let message = format!("`{text}` is not a claim result");
                    Misread::at(node.span, message)
                        .help("expected `proved`, `refuted` or `depends`")
                })?
            }
        };
        let mut setting = Setting {
            who: caller.asking().map_err(|error| Misread::at(node.span, error))?.into(),
            actions: self.actions_of_claim()?,
            resources: self.resources_asked()?,
            resource_account: self.resource_account()?,
            switches: self.switches()?,
            known_later: caller.known_later,
            ..Setting::default()
        };
        for (_, keys) in self.contexts()? {
            for key in keys {
                key.apply(&mut setting.context);
            }
        }
        let mut policies = caller.policies;
        let of_exchanges = claim
            .actions()
            .iter()
            .any(|pattern| pattern.as_str().to_ascii_lowercase().starts_with("sts:"));
        if policies.trust.is_some()
            && !policies.identity.is_empty()
            && (setting.who.named().is_none() || caller.is_of_principal)
        {
            if of_exchanges {
                return Err(Misread::at(
                    node.span,
                    "the claim covers session exchanges, but the set has both identity-based policies and a trust policy: do they belong to the role or to the caller?",
                )
                .help("put the trust policy in a separate set, or name the caller in `principal`"));
            }
            policies.trust = None;
        }
        let other = match (&claim.body, claim.file()) {
            (ClaimBody::SameDecisionsAs(_) | ClaimBody::NoMoreThan(_), Some(file)) => {
                let (other, known_later) = self.other(node, &file.name, &policies)?;
                setting.known_later |= known_later;
                Some(other)
            }
            _ => None,
        };
        let given = self.given()?;
        let paths = self.reader.paths.clone();
        Ok(ClaimTest { set: caller.set, policies, other, claim, paths, setting, given, expected })
    }

    pub(super) fn actions_of_claim(&self) -> Result<Vec<ActionPattern>, Misread> {
        self.items("action", "actions")?
            .into_iter()
            .map(|item| {
                let text = item.string("an action must be a string, such as s3:GetObject")?;
                let pattern = ActionPattern::new(text.as_str());
                if text == "*" || pattern.parts().is_some() {
                    Ok(pattern)
                } else {
                    Err(Misread::at(item.span, format!("`{text}` is not an action")))
                }
            })
            .collect()
    }

    /// What the claim compares with: another policy set of the suite, a principal of a container, or a file in place of the
    /// one policy.
    pub(super) fn other(
        &mut self,
        node: &Node,
        name: &str,
        policies: &PolicySet,
    ) -> Result<(PolicySet, bool), Misread> {
        if let Some(set) = self.reader.sets.iter().find(|set| set.name == name) {
            return Ok((set.policies.clone(), set.known_later));
        }
        let mut kinds: Vec<_> = policies.policies().map(|(kind, ..)| kind).collect();
        kinds.dedup();
        let kind = match kinds.as_slice() {
            [kind] => *kind,
            _ => PolicyType::Identity,
        };
        let mut found = self
            .reader
            .shelf
            .policies(self.source.name(), name, kind, Profile::Strict)
            .map_err(|error| Misread::at(node.span, error))?;
        if found.is_of_principal {
            // Nor does the set hold whom its role trusts.
            found.policies.trust = None;
        } else if kinds.len() != 1 {
            return Err(Misread::at(
                node.span,
                "the claim compares with one file, and the policy set has several layers",
            )
            .help("compare with another policy set of the suite, by its name"));
        }
        Ok((found.policies, found.known_later))
    }

    /// The place of a part of a scalar, if it stands there as it is; the scalar otherwise.
    pub(super) fn in_text(&self, node: &Node, part: &std::ops::Range<usize>) -> Span {
        let written = self.source.slice(node.span);
        let text = node.value.text().unwrap_or_default();
        match written.find(text) {
            Some(at) if !text.is_empty() => {
                let start = node.span.start + at + part.start;
                Span::new(start, start + part.len().max(1))
            }
            _ => node.span,
        }
    }
}
