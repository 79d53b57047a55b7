//! Conditions of a template, as far as what was chosen settles them.
//!
//! AWS page: CloudFormation User Guide, `intrinsic-function-reference-conditions`.

use super::{Scope, is_open};
use crate::node::{Look, Node};

/// How much of the conditions is looked at for one: each may name others several times.
const MAX_STEPS: usize = 1_000;

impl Scope<'_> {
    /// The condition's value; both must be asked about if nothing that was chosen settles it.
    ///
    /// # Errors
    /// How to choose.
    pub(crate) fn condition(&self, name: &str) -> Result<bool, String> {
        if self.choices.of(name).is_some_and(|said| !["true", "false"].contains(&said)) {
            return Err(format!("has the condition `{name}`, which must be `true` or `false`"));
        }
        let mut left = MAX_STEPS;
        self.condition_of(name, &mut left).ok_or_else(|| {
            format!(
                "depends on the condition `{name}`: ask both with `?{name}=true` and `?{name}=false` after the address"
            )
        })
    }

    /// What a condition is, by what was chosen; `None` if that leaves it open, or it takes more than the steps left.
    fn condition_of(&self, name: &str, left: &mut usize) -> Option<bool> {
        match self.choices.of(name) {
            Some(said) => said.parse().ok(),
            None => self.holds(self.conditions?.get(name)?, left),
        }
    }

    fn holds(&self, condition: &Node, left: &mut usize) -> Option<bool> {
        *left = left.checked_sub(1)?;
        let [member] = condition.members() else { return None };
        let arguments = member.value.items();
        match (member.key.value.as_str(), arguments) {
            ("Condition", _) => self.condition_of(member.value.text()?, left),
            ("Fn::Equals", [one, other]) => self.equals(one, other),
            ("Fn::Not", [one]) => self.holds(one, left).map(|holds| !holds),
            ("Fn::And", [_, ..]) => self.are_all(arguments, true, left),
            ("Fn::Or", [_, ..]) => self.are_all(arguments, false, left).map(|none| !none),
            _ => None,
        }
    }

    /// Whether all have this value: open only if none has the other.
    fn are_all(&self, conditions: &[Node], value: bool, left: &mut usize) -> Option<bool> {
        let each: Vec<_> = conditions.iter().map(|one| self.holds(one, left)).collect();
        if each.contains(&Some(!value)) {
            return Some(false);
        }
        (!each.contains(&None)).then_some(true)
    }

    /// Whether two values are equal: known if both are, or if the same is written twice.
    fn equals(&self, one: &Node, other: &Node) -> Option<bool> {
        let scope = self.as_chosen();
        let [one, other] = [one, other].map(|node| scope.text(node, "Fn::Equals").ok());
        let (one, other) = (one?, other?);
        (one == other || !(is_open(&one) || is_open(&other))).then(|| one == other)
    }
}
