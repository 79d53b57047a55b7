//! Resource types: what an action works on, and the shape of its ARN.

use crate::key::{ConditionKey, described};
use crate::table::{RESOURCES, list, numbers, string};

const REQUIRED: u32 = 1 << 31;

/// A resource type, seen from one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceType {
    record: u32,
    keys: u32,
    /// Whether the action always names a resource of this type. If no type of an action is
    /// required, it works on one or another.
    pub required: bool,
}

impl ResourceType {
    pub(crate) fn of_action(items: u32) -> impl Iterator<Item = Self> {
        list(items).as_chunks::<2>().0.iter().map(|[resource, keys]| {
            let resource = u32::from_le_bytes(*resource);
            Self {
                record: resource & !REQUIRED,
                keys: u32::from_le_bytes(*keys),
                required: resource & REQUIRED != 0,
            }
        })
    }

    /// AWS's name for it, as its service writes it; a few hold spaces.
    pub fn name(self) -> &'static str {
        RESOURCES.name(self.record, 0)
    }

    /// ARN formats as published: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. At least one;
    /// a few types have two, and a few formats hold a literal `*`.
    pub fn arn_formats(self) -> impl Iterator<Item = &'static str> {
        numbers(RESOURCES.field(self.record, 1)).map(string)
    }

    /// Keys of the resource type itself and of the action on it, by name and each once.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> {
        described(self.keys)
    }
}
