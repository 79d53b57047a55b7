//! `iamsure keys`

use iamsure_core::decision::exemption::UNSIGNED;
use iamsure_core::language::Arn;
use iamsure_core::world::{CallPath, Switches};
use iamsure_reference::{Action, ResourceType, Standing, action, condition_key};
use iamsure_review::expansion::{Expansion, went, when};
use iamsure_review::key_sheet::{KeySheet, actions_with};
use iamsure_review::published::closest_key;
use iamsure_truth::{Caller, Target};

use crate::args::{Format, KeysArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::keys::{self as render, Occurrences, Report};
use crate::render::layout::Drawing;
use crate::streams::{Finished, Streams};

pub(crate) fn run(args: &KeysArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let text = match (action(&args.name), condition_key(&args.name)) {
        (Standing::Known(action), _) => of_action(args, action, streams)?,
        (_, Standing::Known(key)) => {
            let found = Occurrences { asked: &args.name, key, actions: actions_with(&args.name) };
            let drawing = Drawing::of(&args.drawing, streams);
            match args.format {
                Format::Markdown => render::occurrences(&found).markdown().into(),
                Format::Csv => render::occurrences_csv(&found).map_err(Failure::Message)?.into(),
                Format::Json => render::occurrences_json(&found),
                _ => render::occurrences(&found).text(drawing),
            }
        }
        (action, key) => return Err(Failure::Message(nothing(&args.name, action, key))),
    };
    streams.print(&text)?;
    Ok(Exit::AsExpected)
}

fn of_action(args: &KeysArgs, action: Action, streams: &Streams) -> Result<Finished, Failure> {
    let principal = args.principal.as_deref().map(input::requester).transpose()?;
    let principal = principal.as_ref().map(|requester| &requester.principal);
    let target = match args.resource.as_deref() {
        None => Target::Any,
        Some(text) if text == "*" || Arn::split(text).is_some() => Target::Arn(text),
        Some(text) => {
            if !action.resource_types().any(|kind| kind.name().eq_ignore_ascii_case(text)) {
                return Err(Failure::Message(format!(
                    "`{text}` is neither an ARN nor a resource type of {action}{}",
                    types(action)
                )));
            }
            Target::Type(text)
        }
    };
    if let Target::Arn(arn) = target
        && arn != "*"
        && !action.resource_types().any(|kind| kind.fits(arn))
    {
        return Err(Failure::Message(format!(
            "`{arn}` matches no resource type that AWS lists for {action}{}",
            types(action)
        )));
    }
    let is_unsigned = UNSIGNED.contains(&action.name());
    let callers = if is_unsigned && principal.is_none() {
        vec![Caller::Token]
    } else {
        Caller::of(principal)
    };
    let switches = Switches::default();
    let named: Vec<String> = if !args.paths.is_empty() {
        args.paths.clone()
    } else if CallPath::named(action.name(), &switches).is_ok() {
        vec![action.name().to_owned()]
    } else if is_unsigned {
        Vec::new()
    } else {
        vec!["direct".to_owned(), "mcp:aws-mcp".to_owned()]
    };
    let mut paths = named
        .iter()
        .map(|name| call_path(name, &switches).map(Some))
        .collect::<Result<Vec<_>, _>>()?;
    if paths.is_empty() {
        paths.push(None);
    }
    let report = Report {
        sheet: KeySheet::of(action, target, &callers, &paths),
        caller: match principal {
            Some(principal) => principal.display_arn(),
            None if is_unsigned => "the bearer of a token".to_owned(),
            None => "a user or role session, not named".to_owned(),
        },
        resource: args.resource.clone(),
        paths: paths
            .iter()
            .map(|path| path.as_ref().map_or("any path", |path| path.name()).to_owned())
            .collect(),
    };
    let drawing = Drawing::of(&args.drawing, streams);
    Ok(match args.format {
        Format::Markdown => render::listing(&report).markdown().into(),
        Format::Csv => render::csv(&report).map_err(Failure::Message)?.into(),
        Format::Json => render::json(&report),
        _ => render::listing(&report).text(drawing),
    })
}

fn call_path(name: &str, switches: &Switches) -> Result<CallPath, Failure> {
    CallPath::named(name, switches).map_err(|error| {
        Failure::Message(format!("{error}; `iamsure matrix --help` lists the call paths"))
    })
}

fn types(action: Action) -> String {
    let names: Vec<_> = action.resource_types().map(ResourceType::name).collect();
    if names.is_empty() {
        "; it has none, so its resource is `*`".to_owned()
    } else {
        format!("; it applies to {}", names.join(", "))
    }
}

/// Why a name is neither.
fn nothing(
    name: &str,
    action: Standing<Action>,
    key: Standing<iamsure_reference::ConditionKey>,
) -> String {
    if let Some(retirement) = action.retirement().or(key.retirement()) {
        return format!("{} `{name}`: {}", went(retirement), when(retirement));
    }
    if name.contains(['*', '?']) {
        return format!(
            "`{name}` is a pattern; give one action (`iamsure actions '{name}'` lists what it matches)"
        );
    }
    let hint = Expansion::of(name)
        .hint()
        .or_else(|| closest_key(name).map(|meant| format!("did you mean `{meant}`?")));
    let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
    let name = crate::render::words::on_one_line(name);
    format!(
        "AWS lists neither an action nor a condition key `{name}` (data of {}){hint}",
        iamsure_reference::captured()
    )
}
