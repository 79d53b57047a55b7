//! Resource types: what an action works on, and the shape of its ARN.

use crate::fit::Wanted;
use crate::key::{ConditionKey, described};
use crate::table::{RESOURCES, list, number, numbers, string};

const REQUIRED: u32 = 1 << 23;

/// A resource type, seen from one action or from its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceType {
    record: u32,
    keys: u32,
    /// The keys of the action on it alone, if an action is asked about.
    of_action: Option<u32>,
    /// Whether the action always names a resource of this type. If no type of an action is
    /// required, it works on one or another. False where no action is asked about.
    pub required: bool,
}

impl ResourceType {
    pub(crate) fn of_action(items: u32) -> impl Iterator<Item = Self> {
        list(items).as_chunks::<3>().0.iter().map(|[resource, keys, of_action]| {
            let resource = number(*resource);
            Self {
                record: resource & !REQUIRED,
                keys: number(*keys),
                of_action: Some(number(*of_action)),
                required: resource & REQUIRED != 0,
            }
        })
    }

    pub(crate) fn at(record: u32) -> Self {
        Self { record, keys: RESOURCES.field(record, 2), of_action: None, required: false }
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

    /// Whether an ARN has one of the formats. It may be a pattern, as in a policy: `*` stands for any
    /// run of characters and `?` for one, and the answer is whether some ARN is meant by both.
    ///
    /// In a pattern of six fields, a wildcard in the first five stays in its field. Case matters. A
    /// variable of a format stands for at least one character, in the first five fields for none that
    /// is a colon; `${Account}` may be empty, as for what AWS itself owns; `${BucketName}` holds no
    /// slash. So an ARN that does not fit is no resource of this type, by what AWS publishes; one that
    /// fits may be one.
    pub fn fits(self, arn: &str) -> bool {
        self.has_format_of(&Wanted::new(arn))
    }

    pub(crate) fn has_format_of(self, wanted: &Wanted<'_>) -> bool {
        self.arn_formats().any(|format| wanted.has_format(format))
    }

    /// Whether the action makes a resource of this type, as far as its keys tell: AWS lists tags that are given to
    /// it, and none that it has. What is being made has no tags to ask about.
    pub fn is_made(self) -> bool {
        let Some(keys) = self.of_action else { return false };
        let has = |name: &str| described(keys).any(|key| key.name.starts_with(name));
        has("aws:RequestTag/") && !has("aws:ResourceTag/")
    }

    /// Keys of the resource type itself and of the action on it (if one is asked about), by name and
    /// each once.
    pub fn condition_keys(self) -> impl Iterator<Item = ConditionKey> {
        described(self.keys)
    }
}
