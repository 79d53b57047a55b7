//! Functions that pick one value among several: `Fn::FindInMap`, `Fn::Select`, `Fn::Split`.
//!
//! AWS pages: CloudFormation User Guide, `intrinsic-function-reference-findinmap`, `…-select`, `…-split`.

use iamsure_core::language::Spanned;
use iamsure_core::language::json::Json;

use super::{Scope, is_open, unread};
use crate::node::{Look, Node};

impl Scope<'_> {
    /// The value in `Mappings`. Where a key of it is known when the stack is deployed, what stands for the value.
    ///
    /// # Errors
    /// If there is none, or the function is not as AWS describes it.
    pub(super) fn in_map(&self, argument: &Node) -> Result<Node, String> {
        let ([map, top, second], default) = match argument.items() {
            [map, top, second] => ([map, top, second], None),
            [map, top, second, more] => ([map, top, second], more.get("DefaultValue")),
            _ => return Err(unread("Fn::FindInMap")),
        };
        let mut names = Vec::with_capacity(3);
        for node in [map, top, second] {
            names.push(self.as_chosen().text(node, "Fn::FindInMap")?);
        }
        if names.iter().any(|name| is_open(name)) {
            return self.named("Fn::FindInMap", &names, argument);
        }
        let found = names.iter().try_fold(self.mappings, |node, name| Some(node?.get(name)));
        match (found.flatten(), default) {
            (Some(value), _) | (None, Some(value)) => {
                let value = self.resolve(value)?.ok_or_else(|| unread("Fn::FindInMap"))?;
                match value.value {
                    Json::Number(text) => Ok(Spanned::new(Json::Text(text), value.span)),
                    _ => Ok(value),
                }
            }
            (None, None) => Err(format!(
                "looks up `{}` with `Fn::FindInMap`, which `Mappings` does not hold",
                names.join(".")
            )),
        }
    }

    /// The item of a list.
    ///
    /// # Errors
    /// If the list has none of this number, or the function is not as AWS describes it.
    pub(super) fn selected(&self, argument: &Node) -> Result<Node, String> {
        let [number, list] = argument.items() else { return Err(unread("Fn::Select")) };
        let number = self.text(number, "Fn::Select")?;
        let list = self.resolve(list)?.ok_or_else(|| unread("Fn::Select"))?;
        match &list.value {
            Json::List(_) => item(&list, &number),
            Json::Text(text) if is_open(text) => {
                self.named("Fn::Select", &[number, text.clone()], argument)
            }
            // The value that was chosen for a parameter of several.
            Json::Text(text) => {
                let part = |part: &str| Spanned::new(Json::Text(part.trim().to_owned()), list.span);
                let parts = Json::List(text.split(',').map(part).collect());
                item(&Spanned::new(parts, list.span), &number)
            }
            _ => Err(unread("Fn::Select")),
        }
    }

    /// The parts of a text.
    ///
    /// # Errors
    /// If the text is known when the stack is deployed, or the function is not as AWS describes it.
    pub(super) fn parted(&self, argument: &Node) -> Result<Node, String> {
        let [between, whole] = argument.items() else { return Err(unread("Fn::Split")) };
        let between = between.text().ok_or_else(|| unread("Fn::Split"))?;
        let whole = self.text(whole, "Fn::Split")?;
        if is_open(&whole) {
            return Err("splits a text that is known when it is deployed".to_owned());
        }
        let part = |part: &str| Spanned::new(Json::Text(part.to_owned()), argument.span);
        let parts = Json::List(whole.split(between).map(part).collect());
        Ok(Spanned::new(parts, argument.span))
    }
}

fn item(list: &Node, number: &str) -> Result<Node, String> {
    let found = number.parse().ok().and_then(|number: usize| list.items().get(number));
    found.cloned().ok_or_else(|| format!("selects item {number} of a list that does not have it"))
}
