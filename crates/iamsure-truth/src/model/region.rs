//! The region that a request is made in, and that of its resource: a call is made to the endpoint of one region, and is about
//! what is there. AWS documents no rule, so that nothing is decided by it; examples keep to it where the classes leave that open.
//!
//! AWS page: IAM User Guide, `reference_policies_condition-keys` (aws:RequestedRegion).

use iamsure_core::language::{Arn, ConditionKey};
use iamsure_core::world::{KeyState, Request};

use super::{Model, Place};

/// Whether a key is the region of the endpoint that is called.
pub(super) fn is_of_endpoint(key: &ConditionKey) -> bool {
    key.folded() == "aws:requestedregion"
}

/// The region that a resource names in its ARN.
pub(super) fn region_of(resource: &str) -> Option<&str> {
    Arn::split(resource).map(|arn| arn.region).filter(|region| is_region(region))
}

/// Whether a text has the form of a region: words and a number, such as `eu-west-1`.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-').rev();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    parts.next().is_some_and(is_number) && text.matches('-').count() >= 2 && parts.all(is_word)
}

/// The partition whose regions have such names.
fn partition_of(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

impl Model {
    /// The request about a resource in the region where it is made, if that is of the same combination.
    pub(super) fn in_its_region(&self, request: Request, place: &Place) -> Request {
        let Some(moved) = moved(&request) else { return request };
        let moved = Request { resource: moved, ..request.clone() };
        let found = self.locate(place.cell.caller, &moved);
        if found.is_some_and(|found| self.is_same_place(&found, place)) { moved } else { request }
    }
}

/// The resource in the region where the request is made, if it names another.
fn moved(request: &Request) -> Option<String> {
    let (_, state) = request.context.entries().find(|(key, _)| is_of_endpoint(key))?;
    let KeyState::Single(region) = state else { return None };
    let own = region_of(&request.resource)?;
    let arn = Arn::split(&request.resource)?;
    let fits = is_region(region) && own != region && partition_of(region) == arn.partition;
    let Arn { partition, service, account, resource, .. } = arn;
    fits.then(|| format!("arn:{partition}:{service}:{region}:{account}:{resource}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_words_and_a_number() {
        for region in ["eu-west-1", "us-gov-east-1", "ap-southeast-12"] {
            assert!(is_region(region), "{region}");
        }
        for other in ["", "*", "eu", "eu-1", "another-value", "EU-west-1", "eu--1", "us-*-1"] {
            assert!(!is_region(other), "{other}");
        }
    }
}
