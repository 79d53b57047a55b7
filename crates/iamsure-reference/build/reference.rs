//! Reads `data/service-reference.txt`, line by line, refusing what it does not know.

use std::collections::BTreeMap;

/// Everything the text says, in its order.
#[derive(Default)]
pub(crate) struct Reference<'t> {
    pub(crate) captured: &'t str,
    pub(crate) packages: Vec<&'t str>,
    pub(crate) services: Vec<Service<'t>>,
    pub(crate) retirements: Vec<Retirement<'t>>,
}

/// One service prefix.
#[derive(Default)]
pub(crate) struct Service<'t> {
    pub(crate) prefix: &'t str,
    pub(crate) title: &'t str,
    pub(crate) rcp: bool,
    pub(crate) keys: Vec<Key<'t>>,
    pub(crate) resources: Vec<Resource<'t>>,
    pub(crate) actions: Vec<Action<'t>>,
}

/// One condition key, as one service describes it.
pub(crate) struct Key<'t> {
    pub(crate) name: &'t str,
    pub(crate) value_type: &'t str,
    pub(crate) multivalued: bool,
}

/// One resource type.
pub(crate) struct Resource<'t> {
    pub(crate) name: &'t str,
    pub(crate) arns: Vec<&'t str>,
    pub(crate) keys: Vec<&'t str>,
}

/// One action.
pub(crate) struct Action<'t> {
    pub(crate) name: &'t str,
    pub(crate) levels: Vec<&'t str>,
    pub(crate) keys: Vec<&'t str>,
    pub(crate) on: Vec<On<'t>>,
    pub(crate) needs: Vec<&'t str>,
}

/// One action on one resource type.
pub(crate) struct On<'t> {
    pub(crate) resource: &'t str,
    pub(crate) required: bool,
    pub(crate) keys: Vec<&'t str>,
}

/// A group of names that went at one time, by one source.
#[derive(Default)]
pub(crate) struct Retirement<'t> {
    pub(crate) since: &'t str,
    pub(crate) source: &'t str,
    pub(crate) services: Vec<&'t str>,
    pub(crate) keys: Vec<&'t str>,
    pub(crate) actions: Vec<&'t str>,
}

/// Which part of the text a line stands in.
enum Part {
    Head,
    Service,
    Retirement,
}

/// Reads the whole text and holds it against the counts in its own head.
pub(crate) fn read(text: &str) -> Result<Reference<'_>, String> {
    if !text.is_ascii() {
        return Err("not ASCII".to_owned());
    }
    let mut reference = Reference::default();
    let mut counts = BTreeMap::new();
    let mut part = Part::Head;
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start_matches(' ');
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (word, rest) = content.split_once(' ').unwrap_or((content, ""));
        let indent = line.len() - content.len();
        match word {
            "service" if indent == 0 && !matches!(part, Part::Retirement) => {
                part = Part::Service;
                reference.services.push(Service { prefix: rest, ..Service::default() });
                continue;
            }
            "retirement" => {
                part = Part::Retirement;
                reference.retirements.push(Retirement::default());
                continue;
            }
            _ => {}
        }
        let understood = match part {
            Part::Head => head_line(&mut reference, &mut counts, word, rest),
            Part::Service => reference
                .services
                .last_mut()
                .and_then(|service| service_line(service, indent, word, rest)),
            Part::Retirement => reference
                .retirements
                .last_mut()
                .and_then(|group| retirement_line(group, word, rest)),
        };
        understood.ok_or_else(|| format!("line {}: `{line}` is out of place", index + 1))?;
    }
    verify(&reference, &counts)?;
    Ok(reference)
}

fn head_line<'t>(
    reference: &mut Reference<'t>,
    counts: &mut BTreeMap<&'t str, usize>,
    word: &str,
    rest: &'t str,
) -> Option<()> {
    match word {
        "captured" => reference.captured = rest,
        "package" => reference.packages.push(rest),
        "count" => {
            let (what, number) = rest.split_once(' ')?;
            counts.insert(what, number.parse().ok()?);
        }
        _ => return None,
    }
    Some(())
}

fn service_line<'t>(
    service: &mut Service<'t>,
    indent: usize,
    word: &str,
    rest: &'t str,
) -> Option<()> {
    let words = || rest.split(' ').collect::<Vec<_>>();
    match (indent, word) {
        (0, "title") => service.title = rest,
        (0, "rcp") => service.rcp = true,
        (0, "key") => {
            let mut fields = rest.split(' ');
            let name = fields.next()?;
            let value_type = fields.next()?;
            service.keys.push(Key {
                name,
                value_type,
                multivalued: fields.next() == Some("multi"),
            });
        }
        (0, "resource") => {
            service.resources.push(Resource { name: rest, arns: Vec::new(), keys: Vec::new() });
        }
        (0, "action") => {
            let (name, levels) = rest.split_once(' ')?;
            let levels = levels.split(' ').collect();
            service.actions.push(Action {
                name,
                levels,
                keys: Vec::new(),
                on: Vec::new(),
                needs: Vec::new(),
            });
        }
        (2, "arn") => service.resources.last_mut()?.arns.push(rest),
        // Actions come after resource types, so the first action ends the resource types' turn.
        (2, "with") => match service.actions.last_mut() {
            Some(action) => action.keys = words(),
            None => service.resources.last_mut()?.keys = words(),
        },
        (2, "on" | "on!") => {
            let on = On { resource: rest, required: word == "on!", keys: Vec::new() };
            service.actions.last_mut()?.on.push(on);
        }
        (4, "with") => service.actions.last_mut()?.on.last_mut()?.keys = words(),
        (2, "needs") => service.actions.last_mut()?.needs = words(),
        _ => return None,
    }
    Some(())
}

fn retirement_line<'t>(group: &mut Retirement<'t>, word: &str, rest: &'t str) -> Option<()> {
    match word {
        "since" => group.since = rest,
        "source" => group.source = rest,
        "service" => group.services.push(rest),
        "key" => group.keys.push(rest),
        "action" => group.actions.push(rest),
        _ => return None,
    }
    Some(())
}

fn verify(reference: &Reference<'_>, counts: &BTreeMap<&str, usize>) -> Result<(), String> {
    let services = &reference.services;
    let actions = || services.iter().flat_map(|service| &service.actions);
    let found = [
        ("service", services.len()),
        ("action", actions().count()),
        ("resource", services.iter().map(|service| service.resources.len()).sum()),
        ("pair", actions().map(|action| action.on.len()).sum()),
        ("retired", reference.retirements.iter().map(|group| group.actions.len()).sum()),
    ];
    for (what, number) in found {
        if counts.get(what) != Some(&number) {
            return Err(format!("`count {what}` disagrees with the {number} that follow"));
        }
    }
    Ok(())
}
