//! Policies of AWS in files that people have.

use iamsure_core::language::json;
use iamsure_core::language::{PolicyType, Source, Span};

use super::{ManagedPolicy, is_of_aws};
use crate::account;
use crate::container::{Document, Unreadable};
use crate::decoded::document;
use crate::node::{Look, Node, twice};
use crate::read::MAX_CONTAINER;
use crate::written::written;

/// What the variable of the Python package `moto` is called that holds the list as JSON text.
const MOTO: &str = "aws_managed_policies_data";

/// The policies of AWS that a file holds: account authorization details, a JSON map of names, the list of the Python
/// package `moto`, or one document (or answer of `aws iam get-policy-version`), which is called `name`, as its file is.
///
/// # Errors
/// If it holds none, or cannot be read.
pub fn read_managed(source: &Source, name: &str) -> Result<Vec<ManagedPolicy>, Unreadable> {
    let list = of_python(source)?;
    let source = list.as_ref().unwrap_or(source);
    let node = json::read_within(source, MAX_CONTAINER).map_err(|error| {
        Unreadable(format!("{}: {}", source.place(error.span().start), error.message))
    })?;
    if let Some(key) = twice(&node) {
        return Err(Unreadable(format!(
            "{}: `{}` is there twice",
            source.place(key.span.start),
            key.value
        )));
    }
    let found = of_json(&node, source, name)?;
    if found.is_empty() {
        return Err(Unreadable(
            "it contains no AWS managed policy; expected account authorization details, a map of names to documents, or one document".to_owned(),
        ));
    }
    Ok(found)
}

/// The JSON text in a Python file of `moto`. It is looked at as text and never run.
fn of_python(source: &Source) -> Result<Option<Source>, Unreadable> {
    let text = source.text();
    let assigned = text
        .lines()
        .any(|line| line.strip_prefix(MOTO).is_some_and(|rest| rest.trim_start().starts_with('=')));
    if text.trim_start().starts_with(['{', '[']) || !assigned {
        return Ok(None);
    }
    let unclear = |why: &str| Unreadable(format!("`{MOTO}` is not read: {why}"));
    let mut quotes = text.match_indices("\"\"\"").map(|(at, _)| at);
    let (Some(start), Some(end), None) = (quotes.next(), quotes.next(), quotes.next()) else {
        return Err(unclear("it is not one text between three quotes"));
    };
    let span = Span::new(start + 3, end);
    if source.slice(span).contains('\\') {
        return Err(unclear("it holds a backslash, which Python reads before JSON does"));
    }
    Ok(Some(source.part(source.name(), span)))
}

fn of_json(node: &Node, source: &Source, name: &str) -> Result<Vec<ManagedPolicy>, Unreadable> {
    let pages: Vec<&Node> =
        if account::is_page(node) { vec![node] } else { node.items().iter().collect() };
    if !pages.is_empty() {
        if !pages.iter().all(|page| account::is_page(page)) {
            return Ok(Vec::new());
        }
        let policies = pages.iter().flat_map(|page| page.each_of("Policies"));
        let mut found = Vec::new();
        for (index, policy) in policies.enumerate() {
            let resource = account::managed(policy, &format!("Policies[{index}]"), true)?;
            let arn = resource.arn.filter(|arn| is_of_aws(arn));
            let (Some(arn), Some(own)) = (arn, resource.own.first()) else { continue };
            found.push(made(name_of(&arn), Some(arn.clone()), &own.document, source));
        }
        return Ok(found);
    }
    if node.is_policy() {
        return Ok(vec![made(name, None, &Document::Inline(node.span), source)]);
    }
    if let Some(version) = node.get("PolicyVersion") {
        return Ok(vec![made(name, None, &of_version(version), source)]);
    }
    let of_map = |key: &str, node: &Node| {
        let arn = node.text_of("Arn").or_else(|| node.text_of("arn")).unwrap_or(key);
        let arn = match node.text_of("Path") {
            _ if is_of_aws(arn) => Some(arn.to_owned()),
            Some(path) => Some(format!("arn:aws:iam::aws:policy{path}{key}")),
            None => None,
        };
        let found = document_of(node)?;
        Some(made(name_of(key), arn, &found, source))
    };
    Ok(node
        .members()
        .iter()
        .filter_map(|member| of_map(&member.key.value, &member.value))
        .collect())
}

/// The document of a policy in a map: itself, or what stands under a key of it.
fn document_of(node: &Node) -> Option<Document> {
    if node.is_policy() {
        return Some(Document::Inline(node.span));
    }
    if let Some(version) = node.get("PolicyVersion") {
        return Some(of_version(version));
    }
    let keys = ["Document", "PolicyDocument", "document"];
    let inner = keys.iter().find_map(|key| node.get(key));
    inner.map(|inner| document(inner, true))
}

/// The document of an answer of `aws iam get-policy-version`, if that version is in force.
///
/// AWS page: IAM API Reference, `API_PolicyVersion` (`IsDefaultVersion`).
fn of_version(version: &Node) -> Document {
    if version.get("IsDefaultVersion").is_some_and(|is| written(is) == "false") {
        let id = version.text_of("VersionId").unwrap_or("this");
        return Document::Absent(format!("is version {id}, which is not the default one"));
    }
    account::under(version, "Document", true)
}

fn made(name: &str, arn: Option<String>, document: &Document, source: &Source) -> ManagedPolicy {
    let called = format!("aws:{name} from {}", source.name());
    let kind = arn.as_deref().filter(|arn| arn.contains(":iam:")).map(|_| PolicyType::Identity);
    let document = match document {
        Document::Inline(span) => Ok(source.part(called, *span)),
        Document::Written { text, how } => {
            let text = Source::new(format!("{called} ({how})"), std::sync::Arc::clone(text));
            Ok(text.made_of(source))
        }
        Document::Absent(why) => Err(why.clone()),
    };
    ManagedPolicy {
        name: name.to_owned(),
        kind,
        from: Some(source.name().to_owned()),
        arn,
        document,
    }
}

/// The name in an ARN of a policy, or a name.
fn name_of(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;

    fn read(text: &str) -> Result<Vec<ManagedPolicy>, Unreadable> {
        read_managed(&Source::new("file", text), "FileName")
    }

    /// The names, ARNs and whether each has a document.
    fn read_all(text: &str) -> Vec<(String, Option<String>, bool)> {
        let found = read(text).unwrap();
        found.into_iter().map(|one| (one.name, one.arn, one.document.is_ok())).collect()
    }

    #[test]
    fn a_document_and_an_answer_are_called_as_the_file() {
        let one = vec![("FileName".to_owned(), None, true)];
        assert_eq!(read_all(DOCUMENT), one);
        let version = |default: &str| {
            format!(
                r#"{{"PolicyVersion":{{"Document":{DOCUMENT},"VersionId":"v3","IsDefaultVersion":{default}}}}}"#
            )
        };
        assert_eq!(read_all(&version("true")), one);
        let old = read(&version("false")).unwrap();
        let error = old.first().unwrap().source().unwrap_err().to_string();
        assert!(error.contains("is version v3, which is not the default one"), "{error}");
    }

    #[test]
    fn of_an_account_the_policies_of_aws_are_read() {
        let policy = |arn: &str| {
            format!(
                r#"{{"PolicyName":"X","Arn":"{arn}","PolicyVersionList":[{{"Document":{DOCUMENT},"VersionId":"v1","IsDefaultVersion":true}}]}}"#
            )
        };
        let (of_aws, own) =
            ("arn:aws:iam::aws:policy/service-role/X", "arn:aws:iam::111122223333:policy/X");
        let page = |arns: &[&str]| {
            let policies: Vec<String> = arns.iter().map(|arn| policy(arn)).collect();
            format!(r#"{{"RoleDetailList":[],"Policies":[{}]}}"#, policies.join(","))
        };
        let expected = vec![("X".to_owned(), Some(of_aws.to_owned()), true)];
        assert_eq!(read_all(&page(&[own, of_aws])), expected);
        assert_eq!(read_all(&format!("[{},{}]", page(&[own]), page(&[of_aws]))), expected);
        assert!(read(&page(&[own])).is_err());
    }

    #[test]
    fn of_a_map_each_name_is_one_and_moto_keeps_its_path_and_its_lines() {
        let map = format!(
            r#"{{"made":"today","A":{{"Arn":"arn:aws:iam::aws:policy/A","Document":{DOCUMENT}}},"B":{DOCUMENT},"arn:aws:iam::aws:policy/x/C":{{"PolicyDocument":{DOCUMENT}}}}}"#
        );
        let arn = |text: &str| Some(text.to_owned());
        assert_eq!(
            read_all(&map),
            [
                ("A".to_owned(), arn("arn:aws:iam::aws:policy/A"), true),
                ("B".to_owned(), None, true),
                ("C".to_owned(), arn("arn:aws:iam::aws:policy/x/C"), true)
            ]
        );
        let moto = format!(
            "# made\naws_managed_policies_data = \"\"\"\n{{\n \"D\":{{\"Path\":\"/service-role/\",\n\"Document\":{DOCUMENT}}}\n}}\"\"\"\n"
        );
        let found = read(&moto).unwrap();
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(one.arn.as_deref(), Some("arn:aws:iam::aws:policy/service-role/D"));
        let document = one.source().unwrap();
        assert_eq!(document.name(), "aws:D from file");
        assert_eq!(document.place(document.text().find("Version").unwrap()).line, 5);
    }

    #[test]
    fn what_holds_none_or_cannot_be_trusted_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            "[1, 2]",
            r#"{"a": 1, "b": {"c": 2}}"#,
            r#"{"Statement": [], "Statement": []}"#,
            "import os",
            "aws_managed_policies_data = 1",
            "aws_managed_policies_data = \"\"\"{\"A\":{\"Document\":\"\\u007b\"}}\"\"\"",
            "aws_managed_policies_data = \"\"\"{}\"\"\" + \"\"\"{}\"\"\"",
            &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        ] {
            assert!(read(text).is_err(), "{}", text.get(..60.min(text.len())).unwrap());
        }
    }
}
