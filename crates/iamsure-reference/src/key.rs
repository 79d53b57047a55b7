//! Condition keys: their type, and whether a request carries one value or a set.

use std::fmt;

use crate::global::{CROSS_SERVICE_KEYS, global_key};
use crate::standing::{Standing, retired};
use crate::table::{KEYS, OPEN_KEYS, RETIRED_KEYS, first, numbers};

/// What the values of a condition key are, and so which operators suit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A time, ISO 8601 or seconds since 1970.
    Date,
    /// A number.
    Numeric,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// Bytes, Base64 in policies. No key captured has this type.
    Binary,
}

impl ValueType {
    /// As `value_type_code` in `build/blob.rs`.
    const fn from_code(code: u32) -> Self {
        match code & 0xff {
            1 => Self::Arn,
            2 => Self::Bool,
            3 => Self::Date,
            4 => Self::Numeric,
            5 => Self::IpAddress,
            6 => Self::Binary,
            _ => Self::String,
        }
    }

    /// AWS's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Arn => "ARN",
            Self::Bool => "Bool",
            Self::Date => "Date",
            Self::Numeric => "Numeric",
            Self::IpAddress => "IPAddress",
            Self::Binary => "Binary",
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A condition key as AWS describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConditionKey {
    /// AWS's spelling; a variable part stands as `${TagKey}` or the like.
    pub name: &'static str,
    /// What its values are.
    pub value_type: ValueType,
    /// Whether a request carries a set of values, so that policies need `ForAllValues` or
    /// `ForAnyValue`.
    pub multivalued: bool,
}

impl ConditionKey {
    /// Whether a policy means this key by `name`: the same name, ignoring ASCII case, with at least
    /// one character for each variable part. `s3:ExistingObjectTag/team` means
    /// `s3:ExistingObjectTag/${TagKey}`.
    pub fn is(&self, name: &str) -> bool {
        let of_global = || self.name.strip_suffix("tag-key").filter(|start| start.ends_with('/'));
        fits(self.name, name)
            || of_global().is_some_and(|start| name.len() > start.len() && starts_with(name, start))
    }
}

/// Looks a condition key up, ignoring ASCII case. `s3:ExistingObjectTag/team` finds
/// `s3:ExistingObjectTag/${TagKey}`.
///
/// The per-service tables answer first, then the [global keys](crate::global_key), then the keys of
/// STS and of identity providers: `oidc.example.com/id/1:sub` finds `<oidc-provider>:sub`. Where a
/// global key is in the per-service tables too, as `aws:ResourceTag/…` is, type and arity are
/// those of the global table.
pub fn condition_key(name: &str) -> Standing<ConditionKey> {
    let global = global_key(name);
    let is_whole = global.is_some_and(|key| key.parameter_prefix().is_none());
    // No key with a variable part is a global key without one.
    let listed = if is_whole { KEYS.find(name).map(at) } else { listed(name) };
    let listed = listed.map(|key| match global {
        Some(global) => {
            ConditionKey { value_type: global.value_type, multivalued: global.multivalued, ..key }
        }
        // The tables do not tell which claims of an identity provider hold several values.
        None if name.contains('.') && !key.multivalued => {
            let multivalued = cross_service(name).is_some_and(|claim| claim.multivalued);
            ConditionKey { multivalued, ..key }
        }
        None => key,
    });
    let found = listed.or_else(|| global.map(ConditionKey::from)).or_else(|| cross_service(name));
    found.map_or_else(|| retired(&RETIRED_KEYS, name), Standing::Known)
}

/// The keys with the numbers in this list.
pub(crate) fn described(items: u32) -> impl ExactSizeIterator<Item = ConditionKey> {
    numbers(items).map(at)
}

/// Every key of the per-service tables, by lower-case name and each once.
pub fn condition_keys() -> impl ExactSizeIterator<Item = ConditionKey> {
    (0..KEYS.len()).map(at)
}

fn at(record: u32) -> ConditionKey {
    let code = KEYS.field(record, 1);
    ConditionKey {
        name: KEYS.name(record, 0),
        value_type: ValueType::from_code(code),
        multivalued: code & 0x100 != 0,
    }
}

fn listed(name: &str) -> Option<ConditionKey> {
    if let Some(record) = KEYS.find(name) {
        return Some(at(record));
    }
    let vendor = name.get(..=name.find(':')?)?;
    let start =
        first(0, KEYS.len(), |record| crate::table::compare(KEYS.name(record, 0), vendor).is_lt());
    let same_vendor = (start..KEYS.len()).map(at).take_while(|key| starts_with(key.name, vendor));
    // A variable before the colon stands in the name of a host, and a host has a dot.
    let open = vendor.contains('.').then(|| described(OPEN_KEYS)).into_iter().flatten();
    // Of several that fit, the one with the most literal text says most.
    same_vendor
        .chain(open)
        .filter(|key| fits(key.name, name))
        .max_by_key(|key| literal_length(key.name))
}

fn cross_service(name: &str) -> Option<ConditionKey> {
    let exact = CROSS_SERVICE_KEYS.iter().find(|key| key.name.eq_ignore_ascii_case(name));
    let claim = || {
        let (issuer, claim) = name.rsplit_once(':')?;
        // An issuer is a host name with or without a path; a service prefix has no dot.
        let host = issuer.split('/').next()?;
        let wanted = |key: &&ConditionKey| {
            key.name
                .strip_prefix("<oidc-provider>:")
                .is_some_and(|of_key| of_key.eq_ignore_ascii_case(claim))
        };
        if host.contains('.') { CROSS_SERVICE_KEYS.iter().find(wanted) } else { None }
    };
    exact.or_else(claim).copied()
}

/// Whether `name` is `format` with every `${…}` replaced by at least one character, ignoring case.
fn fits(format: &str, name: &str) -> bool {
    let Some((literal, variable)) = format.split_once("${") else {
        return format.eq_ignore_ascii_case(name);
    };
    let Some((_, after)) = variable.split_once('}') else { return false };
    let Some(rest) = name.get(literal.len()..).filter(|_| starts_with(name, literal)) else {
        return false;
    };
    if after.is_empty() {
        return !rest.is_empty();
    }
    rest.char_indices().skip(1).filter_map(|(at, _)| rest.get(at..)).any(|tail| fits(after, tail))
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn literal_length(format: &str) -> usize {
    format
        .split("${")
        .map(|part| part.split_once('}').map_or(part.len(), |(_, literal)| literal.len()))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::global::global_keys;

    /// What lets a look-up of a global key pass over the keys with a variable part.
    #[test]
    fn no_key_with_a_variable_part_is_a_global_key_without_one() {
        let whole = global_keys().filter(|key| key.parameter_prefix().is_none());
        let mut found = 0;
        for global in whole {
            found += 1;
            assert_eq!(listed(global.name), KEYS.find(global.name).map(at), "{}", global.name);
        }
        assert!(found > 40, "{found}");
    }
}
