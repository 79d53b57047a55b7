//! Lays the reference out as one string and one array of 24-bit words.
//!
//! Every section is a row of records of fixed width, sorted by lower-case name, so a look-up is a
//! binary search and nothing is decoded at start-up. Lists (keys of an action, ARN formats of a
//! resource type) are stored once each: a length, then the items. `src/table.rs` reads what is
//! written here; the constants it needs are the `layout` text.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;
use std::fmt::Write as _;

use crate::reference::{Key, Reference, Service};

/// The embedded form.
pub(crate) struct Blob {
    pub(crate) text: String,
    pub(crate) words: Vec<u32>,
    pub(crate) layout: String,
}

impl Blob {
    /// Lays out the whole reference.
    pub(crate) fn of(reference: &Reference<'_>) -> Result<Self, Box<dyn Error>> {
        let mut writer = Writer::default();
        // Action names first: the n-th string is the n-th action.
        for service in &reference.services {
            sorted(service.actions.iter().map(|action| action.name), service.prefix)?;
            for action in &service.actions {
                writer.strings.add(format!("{}:{}", service.prefix, action.name))?;
            }
        }
        sorted(reference.services.iter().map(|service| service.prefix), "services")?;

        let keys = all_keys(&reference.services);
        let numbers: HashMap<&str, u32> = keys.keys().map(String::as_str).zip(0..).collect();
        let mut key_rows = Vec::new();
        for key in keys.values() {
            let code = value_type_code(key.value_type)?;
            key_rows.extend([writer.strings.id(key.name)?, code | u32::from(key.multivalued) << 8]);
        }
        // Keys whose variable part comes before the colon: no prefix to search by.
        let open: Vec<u32> = keys
            .keys()
            .zip(0..)
            .filter(|(name, _)| variable_vendor(name))
            .map(|(_, number)| number)
            .collect();
        let open = writer.list(open)?;

        let mut service_rows = Vec::new();
        let mut action_rows = Vec::new();
        let mut resource_rows = Vec::new();
        for service in &reference.services {
            let own = writer.keys(service.keys.iter().map(|key| key.name), &numbers)?;
            let first_action = u32::try_from(action_rows.len() / ACTION_WIDTH)?;
            let first_resource = u32::try_from(resource_rows.len() / RESOURCE_WIDTH)?;
            let prefix = writer.strings.id(service.prefix)?;
            let title = writer.strings.id(service.title)?;
            service_rows.extend([
                prefix,
                title,
                first_action,
                first_resource,
                u32::from(service.rcp),
                own,
            ]);
            writer.resources(service, &numbers, &mut resource_rows)?;
            writer.actions(service, first_resource, &numbers, &mut action_rows)?;
        }
        // One more record, so that every service's end is the next one's beginning.
        let actions = u32::try_from(action_rows.len() / ACTION_WIDTH)?;
        let resources = u32::try_from(resource_rows.len() / RESOURCE_WIDTH)?;
        service_rows.extend([0, 0, actions, resources, 0, 0]);

        let retired_actions = writer.retired(reference, |group| &group.actions)?;
        let retired_keys = writer.retired(reference, |group| &group.keys)?;
        let retired_services = writer.retired(reference, |group| &group.services)?;

        let mut blob = Self { text: writer.strings.text, words: Vec::new(), layout: String::new() };
        blob.section("STRINGS", 1, writer.strings.starts)?;
        blob.section("LISTS", 1, writer.lists.words)?;
        blob.section("SERVICES", SERVICE_WIDTH, service_rows)?;
        blob.section("ACTIONS", ACTION_WIDTH, action_rows)?;
        blob.section("RESOURCES", RESOURCE_WIDTH, resource_rows)?;
        blob.section("KEYS", KEY_WIDTH, key_rows)?;
        blob.section("RETIRED_ACTIONS", RETIRED_WIDTH, retired_actions)?;
        blob.section("RETIRED_KEYS", RETIRED_WIDTH, retired_keys)?;
        blob.section("RETIRED_SERVICES", RETIRED_WIDTH, retired_services)?;
        writeln!(blob.layout, "pub(crate) const OPEN_KEYS: u32 = {};", grouped(open.try_into()?))?;
        writeln!(blob.layout, "pub(crate) const CAPTURED: &str = {:?};", reference.captured)?;
        writeln!(blob.layout, "pub(crate) const PACKAGES: &[&str] = &{:?};", reference.packages)?;
        Ok(blob)
    }

    /// The words, 24 bits each, the lowest first.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut bytes = Vec::with_capacity(self.words.len() * 3);
        for word in &self.words {
            let [low, middle, high, 0] = word.to_le_bytes() else {
                return Err(format!("{word} takes more than 24 bits").into());
            };
            bytes.extend([low, middle, high]);
        }
        Ok(bytes)
    }

    fn section(&mut self, name: &str, width: usize, rows: Vec<u32>) -> Result<(), Box<dyn Error>> {
        let (start, count) = (self.words.len(), rows.len() / width);
        writeln!(
            self.layout,
            "pub(crate) const {name}: Section = Section {{ start: {}, width: {width}, count: {} }};",
            grouped(start),
            grouped(count),
        )?;
        self.words.extend(rows);
        Ok(())
    }
}

const SERVICE_WIDTH: usize = 6;
const ACTION_WIDTH: usize = 5;
const RESOURCE_WIDTH: usize = 3;
const KEY_WIDTH: usize = 2;
const RETIRED_WIDTH: usize = 3;
const REQUIRED: u32 = 1 << 23;

#[derive(Default)]
struct Writer {
    strings: Strings,
    lists: Lists,
}

impl Writer {
    fn list(&mut self, items: Vec<u32>) -> Result<u32, Box<dyn Error>> {
        self.lists.id(items)
    }

    /// A list of key numbers, in key order, each once.
    fn keys<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
        numbers: &HashMap<&str, u32>,
    ) -> Result<u32, Box<dyn Error>> {
        let mut items = BTreeSet::new();
        for name in names {
            let number = numbers.get(name.to_ascii_lowercase().as_str());
            items.insert(*number.ok_or_else(|| format!("key `{name}` has no number"))?);
        }
        self.list(items.into_iter().collect())
    }

    fn resources(
        &mut self,
        service: &Service<'_>,
        numbers: &HashMap<&str, u32>,
        rows: &mut Vec<u32>,
    ) -> Result<(), Box<dyn Error>> {
        for resource in &service.resources {
            let name = self.strings.id(resource.name)?;
            let arns =
                resource.arns.iter().map(|arn| self.strings.id(arn)).collect::<Result<_, _>>()?;
            let arns = self.list(arns)?;
            let keys = self.keys(resource.keys.iter().copied(), numbers)?;
            rows.extend([name, arns, keys]);
        }
        Ok(())
    }

    fn actions(
        &mut self,
        service: &Service<'_>,
        first_resource: u32,
        numbers: &HashMap<&str, u32>,
        rows: &mut Vec<u32>,
    ) -> Result<(), Box<dyn Error>> {
        let places: HashMap<&str, (usize, u32)> = service
            .resources
            .iter()
            .enumerate()
            .zip(first_resource..)
            .map(|((place, resource), number)| (resource.name, (place, number)))
            .collect();
        for action in &service.actions {
            let own = self.keys(action.keys.iter().copied(), numbers)?;
            let mut every = action.keys.clone();
            let mut on_items = Vec::new();
            for on in &action.on {
                let (place, number) = places.get(on.resource).ok_or_else(|| {
                    format!("{}:{} acts on unknown `{}`", service.prefix, action.name, on.resource)
                })?;
                let of_type =
                    service.resources.get(*place).map_or(&[][..], |resource| &resource.keys);
                let keys = || on.keys.iter().chain(of_type).copied();
                every.extend(keys());
                let list = self.keys(keys(), numbers)?;
                let of_action = self.keys(on.keys.iter().copied(), numbers)?;
                on_items.extend([number | if on.required { REQUIRED } else { 0 }, list, of_action]);
            }
            let every = self.keys(every, numbers)?;
            let on_list = self.list(on_items)?;
            let needs =
                action.needs.iter().map(|name| self.strings.id(name)).collect::<Result<_, _>>()?;
            let needs = self.list(needs)?;
            rows.extend([levels_code(&action.levels)?, own, every, on_list, needs]);
        }
        Ok(())
    }

    fn retired<'t, 'r>(
        &mut self,
        reference: &'r Reference<'t>,
        names: impl Fn(&'r crate::reference::Retirement<'t>) -> &'r Vec<&'t str>,
    ) -> Result<Vec<u32>, Box<dyn Error>> {
        let mut rows = BTreeMap::new();
        for group in &reference.retirements {
            for name in names(group) {
                let row = [
                    self.strings.id(name)?,
                    self.strings.id(group.since)?,
                    self.strings.id(group.source)?,
                ];
                rows.insert(name.to_ascii_lowercase(), row);
            }
        }
        Ok(rows.into_values().flatten().collect())
    }
}

/// All names in one string, each stored once.
#[derive(Default)]
struct Strings {
    text: String,
    /// Where each string starts; one more entry than there are strings.
    starts: Vec<u32>,
    known: HashMap<String, u32>,
}

impl Strings {
    fn add(&mut self, string: String) -> Result<u32, Box<dyn Error>> {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        let id = u32::try_from(self.starts.len() - 1)?;
        self.text.push_str(&string);
        self.starts.push(u32::try_from(self.text.len())?);
        self.known.insert(string, id);
        Ok(id)
    }

    fn id(&mut self, string: &str) -> Result<u32, Box<dyn Error>> {
        match self.known.get(string) {
            Some(id) => Ok(*id),
            None => self.add(string.to_owned()),
        }
    }
}

/// All lists in one row of words, each stored once, each a length and its items.
#[derive(Default)]
struct Lists {
    words: Vec<u32>,
    known: HashMap<Vec<u32>, u32>,
}

impl Lists {
    fn id(&mut self, items: Vec<u32>) -> Result<u32, Box<dyn Error>> {
        if let Some(id) = self.known.get(&items) {
            return Ok(*id);
        }
        let id = u32::try_from(self.words.len())?;
        self.words.push(u32::try_from(items.len())?);
        self.words.extend(&items);
        self.known.insert(items, id);
        Ok(id)
    }
}

/// Every key by lower-case name. Services describe each other's keys; the service named by the
/// prefix has the last word.
fn all_keys<'r, 't>(services: &'r [Service<'t>]) -> BTreeMap<String, &'r Key<'t>> {
    let mut keys: BTreeMap<String, &Key<'_>> = BTreeMap::new();
    for service in services {
        for key in &service.keys {
            let lower = key.name.to_ascii_lowercase();
            let own = lower.split_once(':').is_some_and(|(vendor, _)| vendor == service.prefix);
            if own {
                keys.insert(lower, key);
            } else {
                keys.entry(lower).or_insert(key);
            }
        }
    }
    keys
}

fn variable_vendor(name: &str) -> bool {
    name.split_once(':').is_none_or(|(vendor, _)| vendor.contains("${"))
}

/// As `ValueType::from_code` in `src/key.rs`.
fn value_type_code(name: &str) -> Result<u32, String> {
    Ok(match name {
        "String" => 0,
        "Arn" => 1,
        "Bool" => 2,
        "Date" => 3,
        "Numeric" => 4,
        "IpAddress" => 5,
        "Binary" => 6,
        _ => return Err(format!("unknown key type `{name}`")),
    })
}

/// As `AccessLevel::bit` in `src/access.rs`.
fn levels_code(names: &[&str]) -> Result<u32, String> {
    names.iter().try_fold(0, |bits, name| {
        Ok(bits
            | match *name {
                "Read" => 1,
                "List" => 2,
                "Write" => 4,
                "Tagging" => 8,
                "PermissionsManagement" => 16,
                _ => return Err(format!("unknown access level `{name}`")),
            })
    })
}

fn sorted<'n>(names: impl Iterator<Item = &'n str>, what: &str) -> Result<(), String> {
    let lower: Vec<String> = names.map(str::to_ascii_lowercase).collect();
    if lower.is_sorted_by(|one, next| one < next) {
        Ok(())
    } else {
        Err(format!("{what}: names out of order"))
    }
}

/// A number as it is written in Rust, so that the generated text passes the lints of the crate it
/// is included in.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
