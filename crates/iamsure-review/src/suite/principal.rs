//! The `principals` of a suite: callers by name.

use iamsure_core::world::Requester;

use crate::tree::{Misread, Node, Shape, Value};
use crate::{caller, request_form};

/// Reads the callers of a map, after those there are.
///
/// # Errors
/// The first that is nobody.
pub(super) fn principals(node: &Node, known: &mut Vec<(String, Requester)>) -> Result<(), Misread> {
    for entry in node.entries("`principals` must be a map of names to principals")? {
        let name = &entry.key.value;
        if known.iter().any(|(there, _)| there == name) {
            let message =
                format!("the principal `{name}` is already defined in a suite this one extends");
            return Err(Misread::at(entry.key.span, message));
        }
        known.push((name.clone(), principal(&entry.value)?));
    }
    Ok(())
}

/// A caller: a text as `--principal` takes it, or a map as in the request form.
///
/// # Errors
/// If it is nobody.
pub(super) fn principal(node: &Node) -> Result<Requester, Misread> {
    let told = match &node.value {
        Value::Mapping(_) => {
            request_form::requester(node.value.to_json()).map_err(|error| error.to_string())
        }
        _ => node
            .string("a principal is an ARN, or a map as in the request form")
            .map(|text| caller::requester(&text))?,
    };
    told.map_err(|message| Misread::at(node.span, message))
}
