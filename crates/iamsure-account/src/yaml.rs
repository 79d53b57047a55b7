//! YAML as the tree that JSON is, with CloudFormation's short tags written out: `!Ref X` is `{"Ref": "X"}`.
//!
//! AWS page: CloudFormation User Guide, `intrinsic-function-reference`.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};
use iamsure_core::language::json::{Json, MAX_DEPTH, Member};
use iamsure_core::language::{Source, Span, Spanned};

use crate::container::Unreadable;
use crate::node::Node;

/// The most nodes of a tree: an alias repeats what it names.
const MAX_NODES: usize = 400_000;

/// What is being read: a list or a map, and the key that waits for its value.
struct Open {
    start: usize,
    tag: Option<String>,
    anchor: usize,
    is_map: bool,
    items: Vec<Node>,
    members: Vec<Member>,
    key: Option<Spanned<String>>,
}

/// The one document of a YAML text.
///
/// # Errors
/// Why it is not YAML, or cannot be read, with its line.
pub(crate) fn read(source: &Source) -> Result<Node, Unreadable> {
    Reader::default().read(source)
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    root: Option<Node>,
    nodes: usize,
}

impl Reader {
    fn read(mut self, source: &Source) -> Result<Node, Unreadable> {
        for next in Parser::new_from_str(source.text()) {
            let (event, at) =
                next.map_err(|error| Unreadable(format!("it is not YAML: {error}")))?;
            let span = Span::new(
                at.start.byte_offset().unwrap_or_default(),
                at.end.byte_offset().unwrap_or_default(),
            );
            let refuse = |why: String| Unreadable(format!("{}: {why}", source.place(span.start)));
            match event {
                Event::Scalar(text, style, anchor, tag) => {
                    let tag = named(tag.as_deref()).map_err(refuse)?;
                    let is_plain = style == ScalarStyle::Plain && tag.is_none();
                    let node = Spanned::new(scalar(&text, is_plain), span);
                    self.close(function(tag.as_deref(), node), anchor).map_err(refuse)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.begin(false, span, anchor, tag.as_deref()).map_err(refuse)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.begin(true, span, anchor, tag.as_deref()).map_err(refuse)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(span).map_err(refuse)?,
                Event::Alias(anchor) => {
                    let node = self.anchors.get(&anchor).cloned();
                    let node =
                        node.ok_or_else(|| refuse("the alias names nothing before it".to_owned()))?;
                    self.nodes += count(&node);
                    self.close(node, 0).map_err(refuse)?;
                }
                _ => {}
            }
        }
        self.root.ok_or_else(|| Unreadable("it is empty".to_owned()))
    }

    fn begin(
        &mut self,
        is_map: bool,
        span: Span,
        anchor: usize,
        tag: Option<&Tag>,
    ) -> Result<(), String> {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("the YAML is nested more than {MAX_DEPTH} levels deep"));
        }
        self.open.push(Open {
            start: span.start,
            tag: named(tag)?,
            anchor,
            is_map,
            items: Vec::new(),
            members: Vec::new(),
            key: None,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let json = if open.is_map { Json::Map(open.members) } else { Json::List(open.items) };
        let node = Spanned::new(json, Span::new(open.start, span.end));
        self.close(function(open.tag.as_deref(), node), open.anchor)
    }

    /// Puts a node where it belongs.
    fn close(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(format!("the YAML has more than {MAX_NODES} values, aliases written out"));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            if self.root.replace(node).is_some() {
                return Err("a second document begins here".to_owned());
            }
            return Ok(());
        };
        if !open.is_map {
            open.items.push(node);
        } else if let Some(key) = open.key.take() {
            open.members.push(Member { key, value: node });
        } else {
            let span = node.span;
            let text = match node.value {
                Json::Text(text) => text,
                Json::Bool(value) => value.to_string(),
                Json::Null => "null".to_owned(),
                _ => return Err("a key is text".to_owned()),
            };
            if text == "<<" {
                return Err("merge keys (`<<`) are not read".to_owned());
            }
            open.key = Some(Spanned::new(text, span));
        }
        Ok(())
    }
}

fn count(node: &Node) -> usize {
    use crate::node::Look;
    1 + node.items().iter().map(count).sum::<usize>()
        + node.members().iter().map(|member| count(&member.value)).sum::<usize>()
}

/// What a plain scalar means. A number stays as it is written: an account begins with a zero, too.
fn scalar(text: &str, is_plain: bool) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" if is_plain => Json::Null,
        "true" | "True" | "TRUE" if is_plain => Json::Bool(true),
        "false" | "False" | "FALSE" if is_plain => Json::Bool(false),
        _ => Json::Text(text.to_owned()),
    }
}

/// The function of a short tag; `None` without a tag, or with YAML's own.
fn named(tag: Option<&Tag>) -> Result<Option<String>, String> {
    let Some(tag) = tag else { return Ok(None) };
    let shown = tag.to_string();
    if shown.starts_with("!!") || shown.contains("yaml.org") || shown == "!" {
        return Ok(None);
    }
    let name = shown.trim_start_matches('!');
    match name {
        "Ref" | "Condition" => Ok(Some(name.to_owned())),
        _ if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Ok(Some(format!("Fn::{name}")))
        }
        _ => Err("the tag is not a CloudFormation function".to_owned()),
    }
}

fn function(name: Option<&str>, argument: Node) -> Node {
    let Some(name) = name else { return argument };
    let span = argument.span;
    let key = Spanned::new(name.to_owned(), span);
    Spanned::new(Json::Map(vec![Member { key, value: argument }]), span)
}
