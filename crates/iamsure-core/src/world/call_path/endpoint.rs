//! `vpce` and `internet`: through a VPC endpoint, or not (KC-1 to KC-3).

use super::direct::KEYS_PAGE;
use crate::world::context::KeyState;
use crate::world::evidence::{Evidence, FixedKey};

/// Keys that every request through an endpoint has, and no other.
const OF_ENDPOINT: [&str; 3] = ["aws:SourceVpce", "aws:SourceVpc", "aws:VpcSourceIp"];
/// Keys that it has if the service supports them, and for the last two if the endpoint's owner is in
/// an organization.
const OF_SOME_SERVICES: [&str; 4] =
    ["aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"];

/// Through a VPC endpoint.
pub(super) fn through() -> Vec<FixedKey> {
    let source_ip =
        FixedKey::new("aws:SourceIp", KeyState::Absent, Evidence::Documented, KEYS_PAGE);
    let present = OF_ENDPOINT.map(|key| FixedKey::present(key, Evidence::Documented, KEYS_PAGE));
    let some = OF_SOME_SERVICES.map(|key| {
        let source =
            "IAM User Guide, global condition context keys: in requests to some services only";
        FixedKey::new(key, KeyState::Unknown, Evidence::Documented, source)
    });
    std::iter::once(source_ip).chain(present).chain(some).collect()
}

/// Not through a VPC endpoint.
pub(super) fn not_through() -> Vec<FixedKey> {
    let source_ip = FixedKey::present("aws:SourceIp", Evidence::Documented, KEYS_PAGE);
    let absent = OF_ENDPOINT
        .into_iter()
        .chain(OF_SOME_SERVICES)
        .map(|key| FixedKey::new(key, KeyState::Absent, Evidence::Documented, KEYS_PAGE));
    std::iter::once(source_ip).chain(absent).collect()
}

/// What a service forwards of the network of the first call (E-29): nothing of an endpoint, and the
/// address only if the first call came `through` none.
pub(super) fn forwarded(through: Option<bool>) -> Vec<FixedKey> {
    let page = "IAM User Guide, access_forward_access_sessions and aws:SourceIp";
    let source_ip = match through {
        Some(true) => FixedKey::new("aws:SourceIp", KeyState::Absent, Evidence::Documented, page),
        Some(false) => FixedKey::present("aws:SourceIp", Evidence::Documented, page),
        None => FixedKey::new(
            "aws:SourceIp",
            KeyState::Unknown,
            Evidence::Documented,
            "IAM User Guide, aws:SourceIp: kept if the first call came through no VPC endpoint",
        ),
    };
    let dropped =
        OF_ENDPOINT.map(|key| FixedKey::new(key, KeyState::Absent, Evidence::Documented, page));
    let others = OF_SOME_SERVICES.map(|key| {
        let source = "follows from aws:SourceVpce being dropped";
        FixedKey::new(key, KeyState::Absent, Evidence::Assumed, source)
    });
    std::iter::once(source_ip).chain(dropped).chain(others).collect()
}
