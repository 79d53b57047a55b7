//! Policy templates of SAM: statements with parameters, which a function names in its `Policies`.
//!
//! AWS page: AWS SAM Developer Guide, `serverless-policy-templates`. The templates themselves: `NOTICE.md`.

use std::sync::LazyLock;

use iamsure_core::language::json::{self, Json, Member};
use iamsure_core::language::{Source, Spanned};

use crate::node::{Look, Node};

/// Everything that SAM publishes, by name.
static ALL: LazyLock<Option<Node>> = LazyLock::new(|| {
    let text = include_str!("../../data/sam-policy-templates.json");
    json::read(&Source::new("sam-policy-templates.json", text)).ok()
});

/// What an entry of `Policies` is that is neither a document nor a function of CloudFormation: `NAME: {PARAMETER: VALUE}`.
/// The policy, with the values in the place of the parameters.
///
/// # Errors
/// What keeps it from being known, as a clause about it.
pub(super) fn expanded(entry: &Node) -> Result<Node, String> {
    let [Member { key, value: values }] = entry.members() else {
        return Err("is neither a policy document, nor the name of a policy, nor one policy template with its parameters".to_owned());
    };
    let name = &key.value;
    let template = ALL.as_ref().and_then(|all| all.get("Templates")?.get(name));
    let Some((template, definition)) = template.and_then(|one| Some((one, one.get("Definition")?)))
    else {
        return Err(format!(
            "uses the policy template `{name}`, which SAM does not publish{}",
            near(name).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
        ));
    };
    let parameters = template.get("Parameters").map(Look::members).unwrap_or_default();
    let missing: Vec<&str> = parameters
        .iter()
        .map(|parameter| parameter.key.value.as_str())
        .filter(|parameter| values.get(parameter).is_none())
        .collect();
    if !missing.is_empty() {
        return Err(format!(
            "uses the policy template `{name}` without its parameter `{}`; SAM does not deploy that",
            missing.join("`, `")
        ));
    }
    Ok(with_values(definition, values))
}

/// The published name that is most like a text.
fn near(name: &str) -> Option<&'static str> {
    let all = ALL.as_ref()?.get("Templates")?.members().iter();
    let all = all.map(|member| member.key.value.as_str());
    let distance = |known: &&str| strsim::damerau_levenshtein(known, name);
    all.min_by_key(distance).filter(|known| distance(known) <= 3)
}

/// A node with the values of parameters in the place of what refers to them. In the templates every `Ref` is one of a
/// parameter.
fn with_values(node: &Node, values: &Node) -> Node {
    let value = match &node.value {
        Json::List(items) => {
            Json::List(items.iter().map(|item| with_values(item, values)).collect())
        }
        Json::Map(members) => {
            if let [Member { key, value: parameter }] = members.as_slice()
                && key.value == "Ref"
                && let Some(value) = parameter.text().and_then(|name| values.get(name))
            {
                return value.clone();
            }
            let filled = members.iter().map(|member| Member {
                key: member.key.clone(),
                value: with_values(&member.value, values),
            });
            Json::Map(filled.collect())
        }
        other => other.clone(),
    };
    Spanned::new(value, node.span)
}

#[cfg(test)]
mod tests {
    use iamsure_core::language::{PolicyDocument, PolicyType, Profile};

    use super::*;
    use crate::intrinsic::{Choices, Scope};
    use crate::written::written;

    fn node(text: &str) -> Node {
        json::read(&Source::new("a.json", text)).unwrap()
    }

    #[test]
    fn every_template_is_a_policy_once_its_parameters_have_values() {
        let templates = ALL.as_ref().unwrap().get("Templates").unwrap().members();
        assert_eq!(templates.len(), 81);
        let (resources, choices) = (node("{}"), Choices::default());
        let scope = Scope {
            resources: &resources,
            conditions: None,
            mappings: None,
            choices: &choices,
            deployed: None,
        };
        for Member { key, value } in templates {
            let parameters = value.get("Parameters").unwrap().members();
            let given = |one: &Member| {
                let name = &one.key.value;
                let arn =
                    if name.ends_with("Arn") { "arn:aws:acm:eu-west-1:111122223333:" } else { "" };
                format!("\"{name}\": \"{arn}given-{name}\"")
            };
            let values: Vec<String> = parameters.iter().map(given).collect();
            let entry = node(&format!("{{\"{}\": {{{}}}}}", key.value, values.join(", ")));
            let policy = scope.resolve(&expanded(&entry).unwrap()).unwrap().unwrap();
            let text = written(&policy);
            assert!(!text.contains("\"Ref\"") && !text.contains("Fn::"), "{}: {text}", key.value);
            for parameter in parameters {
                assert!(text.contains(&format!("given-{}", parameter.key.value)), "{text}");
            }
            let read = PolicyDocument::read(
                &Source::new("p", text.as_str()),
                PolicyType::Identity,
                Profile::Strict,
            );
            assert!(read.is_ok(), "{}: {read:?}", key.value);
        }
    }

    #[test]
    fn what_cannot_be_made_is_told() {
        let why = |text: &str| expanded(&node(text)).unwrap_err();
        assert!(
            why(r#"{"S3ReedPolicy": {"BucketName": "b"}}"#)
                .contains("did you mean `S3ReadPolicy`?")
        );
        assert!(why(r#"{"Nothing": {}}"#).ends_with("which SAM does not publish"));
        assert!(
            why(r#"{"S3ReadPolicy": {"Bucket": "b"}}"#)
                .contains("without its parameter `BucketName`")
        );
        assert!(
            why(r#"{"S3ReadPolicy": {}, "S3WritePolicy": {}}"#).contains("one policy template")
        );
    }
}
