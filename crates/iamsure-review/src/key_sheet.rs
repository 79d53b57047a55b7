//! The condition keys of an action: which there are, for which resource types AWS lists them, and
//! whether requests carry them.
//!
//! And the other way round: where a key occurs.

use iamsure_core::language;
use iamsure_core::world::CallPath;
use iamsure_reference::{
    Action, ConditionKey, GlobalKey, ResourceType, Standing, actions, global_key, global_keys,
};
use iamsure_truth::{Availability, Caller, Occasion, Target};

/// Every key that may be in a request for an action.
#[derive(Clone, Debug)]
pub struct KeySheet {
    /// The action.
    pub action: Action,
    /// The resource types it works on (of those, the ones the target may be).
    pub resource_types: Vec<ResourceType>,
    /// The keys that AWS lists for it, by name; then the other global keys, in the order of AWS's
    /// page.
    pub rows: Vec<KeyRow>,
}

/// One key of a sheet.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// The key.
    pub key: ConditionKey,
    /// Whether AWS lists it for the action whatever the resource.
    pub for_action: bool,
    /// The resource types for which AWS lists it, of those of the sheet.
    pub for_types: Vec<&'static str>,
    /// What AWS's page of global keys says of it, if it is there.
    pub global: Option<GlobalKey>,
    /// Whether requests carry it, for each call path that was asked about.
    pub availability: Vec<Availability>,
}

impl KeySheet {
    /// The sheet of `action` on `target`, called by one of `callers`; one availability for each of
    /// `paths`. A path of `None` is any.
    pub fn of(
        action: Action,
        target: Target<'_>,
        callers: &[Caller],
        paths: &[Option<CallPath>],
    ) -> Self {
        let resource_types: Vec<_> = action
            .resource_types()
            .filter(|resource| match target {
                Target::Any => true,
                Target::Arn(arn) => resource.fits(arn),
                Target::Type(name) => resource.name().eq_ignore_ascii_case(name),
            })
            .collect();
        let row = |key: ConditionKey| {
            let name = language::ConditionKey::new(key.name);
            let availability = |path: &Option<CallPath>| {
                let action = Standing::Known(action);
                Occasion { action, target, callers, path: path.as_ref() }.availability(&name)
            };
            let lists = |listed: ConditionKey| listed.name == key.name;
            KeyRow {
                key,
                for_action: action.own_condition_keys().any(lists),
                for_types: resource_types
                    .iter()
                    .filter(|resource| resource.condition_keys().any(lists))
                    .map(|resource| resource.name())
                    .collect(),
                global: global_key(key.name),
                availability: paths.iter().map(availability).collect(),
            }
        };
        let listed: Vec<_> = action.condition_keys().collect();
        let others = global_keys()
            .map(ConditionKey::from)
            .filter(|global| !listed.iter().any(|key| is_same(key.name, global.name)));
        let rows = listed.iter().copied().chain(others).map(row).collect();
        Self { action, resource_types, rows }
    }
}

/// `aws:ResourceTag/${TagKey}` of the lists and `aws:ResourceTag/tag-key` of the page are one key.
fn is_same(listed: &str, global: &str) -> bool {
    global_key(listed).is_some_and(|key| key.name == global)
}

/// Every action for which, or for whose resource types, AWS lists `key`, in order.
pub fn actions_with(key: &str) -> Vec<Action> {
    actions().filter(|action| action.condition_keys().any(|listed| listed.is(key))).collect()
}

#[cfg(test)]
mod tests {
    use iamsure_reference::{CallerKind, Presence, action};

    use super::*;

    const ROLE: [Caller; 1] = [Caller::Principal(CallerKind::RoleSession)];

    #[test]
    fn a_sheet_has_every_listed_and_every_global_key_once() {
        for name in ["s3:GetObject", "ec2:RunInstances", "sts:AssumeRoleWithWebIdentity"] {
            let action = action(name).known().unwrap();
            let sheet = KeySheet::of(action, Target::Any, &ROLE, &[None]);
            let listed = action.condition_keys().count();
            let global_among_listed =
                action.condition_keys().filter(|key| global_key(key.name).is_some()).count();
            assert_eq!(sheet.rows.len(), listed + global_keys().len() - global_among_listed);
            for row in &sheet.rows[..listed] {
                assert!(row.for_action || !row.for_types.is_empty(), "{name} {}", row.key.name);
                assert_ne!(row.availability[0].presence, Presence::Always, "{}", row.key.name);
            }
            assert!(sheet.rows[listed..].iter().all(|row| !row.for_action && row.global.is_some()));
        }
    }

    #[test]
    fn a_target_narrows_the_types() {
        let run = action("ec2:RunInstances").known().unwrap();
        let subnet = "arn:aws:ec2:us-east-1:111122223333:subnet/s";
        let sheet = KeySheet::of(run, Target::Arn(subnet), &ROLE, &[None]);
        let names: Vec<_> = sheet.resource_types.iter().map(|resource| resource.name()).collect();
        assert_eq!(names, ["subnet"]);
        let row = |name: &str| sheet.rows.iter().find(|row| row.key.name == name).unwrap();
        assert_eq!(row("ec2:InstanceType").availability[0].presence, Presence::Never);
        assert_eq!(row("ec2:Vpc").availability[0].presence, Presence::Sometimes);
        assert_eq!(row("ec2:Vpc").for_types, ["subnet"]);
    }

    #[test]
    fn where_a_key_occurs() {
        let names = |key| actions_with(key).iter().map(|action| action.name()).collect::<Vec<_>>();
        let prefix = names("s3:prefix");
        assert!(prefix.contains(&"s3:ListBucket") && !prefix.contains(&"s3:GetObject"));
        assert_eq!(names("s3:nosuch"), [""; 0]);
        assert!(names("s3:ExistingObjectTag/team").contains(&"s3:GetObject"));
    }
}
