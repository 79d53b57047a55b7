//! Conditions of a template, as far as what was chosen settles them.
//!
//! AWS page: CloudFormation User Guide, `intrinsic-function-reference-conditions`.

use super::{Scope, is_open};
use crate::node::{Look, Node};

/// How deep conditions may stand in each other.
const MAX_DEPTH: usize = 32;

impl Scope<'_> {
    /// The condition's value; both must be asked about if nothing that was chosen settles it.
    ///
    /// # Errors
    /// How to choose.
    pub(crate) fn condition(&self, name: &str) -> Result<bool, String> {
        match self.choices.of(name) {
            Some("true") => return Ok(true),
            Some("false") => return Ok(false),
            Some(_) => {
                return Err(format!("has the condition `{name}`, which must be `true` or `false`"));
            }
            None => {}
        }
        self.condition_of(name, MAX_DEPTH).ok_or_else(|| {
            format!(
                "depends on the condition `{name}`: ask both with `?{name}=true` and `?{name}=false` after the address"
            )
        })
    }

    /// What a condition is, by what was chosen; `None` if that leaves it open.
    fn condition_of(&self, name: &str, depth: usize) -> Option<bool> {
        match self.choices.of(name) {
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => None,
            None => self.holds(self.conditions?.get(name)?, depth.checked_sub(1)?),
        }
    }

    fn holds(&self, condition: &Node, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let [member] = condition.members() else { return None };
        let arguments = member.value.items();
        let each = || arguments.iter().map(|argument| self.holds(argument, depth));
        match (member.key.value.as_str(), arguments) {
            ("Condition", _) => self.condition_of(member.value.text()?, depth),
            ("Fn::Equals", [one, other]) => self.equals(one, other),
            ("Fn::Not", [one]) => self.holds(one, depth).map(|holds| !holds),
            ("Fn::And", [_, ..]) => all(each()),
            ("Fn::Or", [_, ..]) => all(each().map(|holds| holds.map(|holds| !holds))).map(|no| !no),
            _ => None,
        }
    }

    /// Whether two values are equal: known if both are, or if the same is written twice.
    fn equals(&self, one: &Node, other: &Node) -> Option<bool> {
        let [one, other] = [one, other].map(|node| self.text(node, "Fn::Equals").ok());
        let (one, other) = (one?, other?);
        (one == other || !(is_open(&one) || is_open(&other))).then(|| one == other)
    }
}

/// Whether all are true: open only if none is false.
fn all(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let each: Vec<_> = each.collect();
    if each.contains(&Some(false)) {
        return Some(false);
    }
    (!each.contains(&None)).then_some(true)
}
