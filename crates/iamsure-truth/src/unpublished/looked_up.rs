//! Names that were looked up in what AWS publishes, for whoever asks about the same ones by the thousand.
//!
//! What is found of a name depends on its text alone, so that what was found once is found again.

use std::rc::Rc;

use iamsure_core::language::action::ActionNameError;
use iamsure_core::language::{ActionName, ConditionKey};
use iamsure_core::world::{Context, KeyState, Request};
use iamsure_reference::{ValueType, action, condition_key};

use super::{Target, Unpublished, of_one_value, of_owner, of_pattern, of_standing};
use crate::kept::Kept;

/// Actions and condition keys that were looked up, by how they are spelt.
#[derive(Debug, Default)]
pub struct LookedUp {
    names: Kept<ActionName>,
    actions: Kept<Rc<KnownAction>>,
    keys: Kept<Rc<KnownKey>>,
}

/// What AWS publishes of an action.
#[derive(Debug)]
enum KnownAction {
    Published(Target),
    /// Nothing, and what is odd about it.
    Odd(Option<Unpublished>),
}

/// What AWS publishes of a condition key.
#[derive(Debug)]
struct KnownKey {
    key: ConditionKey,
    of: Option<ValueType>,
    odd: Option<Unpublished>,
}

impl LookedUp {
    /// The action that is spelt so.
    ///
    /// # Errors
    /// As [`ActionName::parse`].
    pub fn action(&mut self, text: &str) -> Result<ActionName, ActionNameError> {
        self.names.get_or_try(text, || ActionName::parse(text))
    }

    /// The condition key that is spelt so.
    pub fn key(&mut self, text: &str) -> ConditionKey {
        self.known_key(text).key.clone()
    }

    /// As [`of_request`](super::of_request).
    pub fn of_request(&mut self, request: &Request) -> Vec<Unpublished> {
        let name = request.action.as_str();
        let of_names = match &*self.known_action(name) {
            KnownAction::Published(target) => target.of_resource(name, &request.resource),
            KnownAction::Odd(odd) => odd.clone(),
        };
        let mut found: Vec<Unpublished> = of_names.into_iter().collect();
        found.extend(self.of_context(&request.context));
        found.extend(of_owner(request));
        found
    }

    /// As [`of_context`](super::of_context).
    pub(super) fn of_context(&mut self, context: &Context) -> impl Iterator<Item = Unpublished> {
        context.entries().flat_map(|(key, state)| {
            let known = self.known_key(key.as_str());
            let values: &[String] = match state {
                KeyState::Single(text) => std::slice::from_ref(text),
                KeyState::Multi(texts) => texts,
                KeyState::Absent | KeyState::Unknown => &[],
            };
            let odd = known.odd.clone();
            let of_values = values.iter().filter_map(move |text| of_one_value(key, known.of, text));
            odd.into_iter().chain(of_values)
        })
    }

    fn known_action(&mut self, name: &str) -> Rc<KnownAction> {
        self.actions.get_or(name, || {
            Rc::new(match action(name).known() {
                Some(action) => KnownAction::Published(action.into()),
                None => KnownAction::Odd(of_pattern(name)),
            })
        })
    }

    fn known_key(&mut self, name: &str) -> Rc<KnownKey> {
        self.keys.get_or(name, || {
            let standing = condition_key(name);
            let of = standing.known().map(|known| known.value_type);
            Rc::new(KnownKey { key: name.into(), of, odd: of_standing(name, standing) })
        })
    }
}

#[cfg(test)]
mod tests {
    use iamsure_core::world::Principal;

    use super::*;
    use crate::unpublished::of_request;

    #[test]
    fn what_was_found_once_is_found_again() {
        let mut known = LookedUp::default();
        let keys = ["aws:SourceIp", "AWS:sourceip", "aws:sourceIP", "aws:SourceIq", "nothing"];
        let actions = ["s3:GetObject", "S3:getobject", "s3:GetObjet", "kms:Decrypt", "nope:Get"];
        for _ in 0..2 {
            for (key, action) in keys.into_iter().flat_map(|key| actions.map(|name| (key, name))) {
                for resource in ["*", "arn:aws:s3:::b/k", "arn:aws:kms:eu-west-1:1:alias/a"] {
                    let mut context = Context::closed();
                    for (key, text) in [(key, "10.0.0.0/8"), ("aws:MultiFactorAuthPresent", "x")] {
                        assert_eq!(known.key(key).as_str(), key);
                        context.add(known.key(key), KeyState::single(text)).unwrap();
                    }
                    let name = known.action(action).unwrap();
                    assert_eq!(name.as_str(), action);
                    let request = Request::new(Principal::Anonymous, name, resource, context);
                    assert_eq!(known.of_request(&request), of_request(&request), "{request:?}");
                }
            }
        }
        assert!(known.action("s3:*").is_err());
    }
}
