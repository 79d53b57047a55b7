//! `iamsure table`

use iamsure_core::language::{ActionPattern, ConditionKey};
use iamsure_core::world::PolicySet;
use iamsure_core::world::policy_set::StatementId;
use iamsure_review::review_claim::actions_of_resource_alone;
use iamsure_truth::model::Question;
use iamsure_truth::setting::Setting;
use iamsure_truth::table::{Form, HitPolicy, TableQuery};
use iamsure_truth::unanswered::Unanswered;

use crate::args::{Format, Hit, TableArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Given};
use crate::render::layout::Drawing;
use crate::render::picture::svg;
use crate::render::table::{self as render, Report};
use crate::streams::Streams;

pub(crate) fn run(args: &TableArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let (setting, _) = input::setting(&args.setting, streams)?;
    let given = input::some_policies(&args.policies, streams)?;
    let report = asked(args, setting, given)?.answered(args)?;
    let drawing = Drawing::of(&args.drawing, streams);
    let text = match args.format {
        Format::Markdown => render::markdown(&report).into(),
        Format::Csv => render::csv(&report).map_err(Failure::Message)?.into(),
        Format::Json => render::json(&report),
        Format::Svg => svg(&render::table(&report, Drawing::of_picture(&args.drawing))),
        _ => render::table(&report, drawing),
    };
    streams.print(&text)?;
    Ok(Exit::AsExpected)
}

/// What a table is asked.
pub(super) struct Asked {
    pub(super) policies: PolicySet,
    pub(super) setting: Setting,
    question: Question,
    keys: Option<Vec<ConditionKey>>,
    /// What the question is limited to, in words.
    limits: Vec<String>,
    trust_left_out: bool,
}

/// What was typed, as a question.
pub(super) fn asked(
    args: &TableArgs,
    mut setting: Setting,
    given: Given,
) -> Result<Asked, Failure> {
    given.settle(&mut setting)?;
    let mut policies = given.policies;
    let question = match &args.statement {
        Some(name) => Question::Applies(statement(&policies, name)?),
        None => Question::Decision,
    };
    // The trust policy is that of the role whose policies these are: it decides who may start a session,
    // and nothing that the session does.
    let trust_left_out =
        question == Question::Decision && input::leaves_trust_out(&policies, &args.setting);
    if trust_left_out {
        policies.trust = None;
    }
    let mut asked_only = input::asked_only(&args.setting);
    let about = actions_of_resource_alone(&policies)
        .filter(|_| question == Question::Decision && args.setting.actions.is_empty());
    if let Some(about) = about {
        let names: Vec<&str> = about.iter().map(ActionPattern::as_str).collect();
        asked_only.insert(
            0,
            format!(
                "action {} (the service of the resource; --action '*' for every one)",
                names.join(", ")
            ),
        );
        setting.actions = about;
    }
    let keys = (!args.keys.is_empty())
        .then(|| args.keys.iter().map(|key| ConditionKey::from(key.as_str())).collect::<Vec<_>>());
    if let Some(keys) = &keys {
        let asked = policies.keys();
        if let Some(key) = keys.iter().find(|key| !asked.contains(key)) {
            return Err(Failure::Message(unasked(key, &asked)));
        }
    }
    if keys.is_some() && matches!(args.hit, Some(Hit::Any | Hit::Priority)) {
        return Err(Failure::Message(
            "with --keys a row may have several outcomes, which only --hit unique can show"
                .to_owned(),
        ));
    }
    Ok(Asked { policies, setting, question, keys, limits: asked_only, trust_left_out })
}

impl Asked {
    /// The table.
    pub(super) fn answered(self, args: &TableArgs) -> Result<Report, Failure> {
        let Self { policies, setting, question, keys, limits, trust_left_out } = self;
        let apart = match (args.merge, args.apart) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        };
        let query = TableQuery {
            policies,
            question,
            setting,
            form: Form { hit: args.hit.map(HitPolicy::from), apart, keys },
            is_whole: false,
        };
        let answer = query.answer().map_err(|error| unanswered(&error))?;
        Ok(Report {
            asked_only: limits,
            answer,
            question,
            path: args.setting.path.clone(),
            trust_left_out,
            why: args.why,
            examples: args.examples,
        })
    }
}

/// Why there is no table.
pub(super) fn unanswered(error: &Unanswered) -> Failure {
    match error {
        Unanswered::TooComplex(error) => Failure::Message(format!(
            "{error}. No table was produced. Restrict the request (--action, --resource, --principal, --context, --path), or show fewer policies"
        )),
        Unanswered::Bug(_) => Failure::Internal(error.to_string()),
        Unanswered::Claim(_) => Failure::Message(error.to_string()),
    }
}

impl From<Hit> for HitPolicy {
    fn from(hit: Hit) -> Self {
        match hit {
            Hit::Unique => Self::Unique,
            Hit::Any => Self::Any,
            Hit::Priority => Self::Priority,
        }
    }
}

fn unasked(key: &ConditionKey, asked: &[ConditionKey]) -> String {
    let names: Vec<_> = asked.iter().map(|key| format!("`{key}`")).collect();
    if names.is_empty() {
        format!("the policies use no condition keys, so `{key}` cannot be shown")
    } else {
        format!("the policies do not use `{key}`; they use {}", names.join(", "))
    }
}

/// The statement with this Sid, or with this number, counted from 1 over all policies.
fn statement(policies: &PolicySet, name: &str) -> Result<StatementId, Failure> {
    let named: Vec<StatementId> = policies
        .statements()
        .filter(|(_, _, statement)| statement.sid() == Some(name))
        .map(|(id, ..)| id)
        .collect();
    match (named.as_slice(), name.parse::<usize>()) {
        ([one], _) => Ok(*one),
        ([], Ok(number)) if number > 0 => {
            policies.statements().nth(number - 1).map(|(id, ..)| id).ok_or_else(|| {
                Failure::Message(format!(
                    "no statement {number}: there are {}",
                    policies.statements().count()
                ))
            })
        }
        ([], _) => {
            let sids: Vec<_> =
                policies.statements().filter_map(|(_, _, statement)| statement.sid()).collect();
            let near = sids
                .iter()
                .map(|sid| {
                    (strsim::damerau_levenshtein(&sid.to_lowercase(), &name.to_lowercase()), sid)
                })
                .min()
                .filter(|(distance, _)| *distance <= 3);
            let hint = match near {
                Some((_, sid)) => format!("; did you mean `{sid}`?"),
                None if sids.is_empty() => {
                    "; no statement has a Sid: give its number, from 1".to_owned()
                }
                None => format!("; there are {}, or give a number from 1", sids.join(", ")),
            };
            Err(Failure::Message(format!("no statement `{name}`{hint}")))
        }
        (several, _) => Err(Failure::Message(format!(
            "{} statements are named `{name}`: give a number instead, counted from 1 over all policies",
            several.len()
        ))),
    }
}
