//! `iamsure diff`

mod plan;

use std::path::Path;

use iamsure_core::language::{PolicyDocument, PolicyType};
use iamsure_core::world::PolicySet;
use iamsure_truth::comparison::{Comparison, ComparisonQuery};
use iamsure_truth::sample::Who;
use iamsure_truth::setting::Setting;
use iamsure_truth::unanswered::Unanswered;

use crate::args::{DiffArgs, DiffLayer, FailOn, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Given, PolicyReader};
use crate::render::comparison as render;
use crate::render::layout::Drawing;
use crate::render::picture::svg;
use crate::render::words;
use crate::streams::{Finished, Streams};

pub(crate) fn run(args: &DiffArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let Some(after) = &args.after else {
        return plan::run(args, streams);
    };
    let compared = compared(args, after, streams)?;
    let reports = compared.reports(args, after);
    let drawing = match args.format {
        Format::Svg => Drawing::of_picture(&args.drawing),
        _ => Drawing::of(&args.drawing, streams),
    };
    streams.print(&match args.format {
        Format::Json => render::json(&reports),
        Format::Csv => render::csv(&reports).map_err(Failure::Message)?.into(),
        Format::Svg => svg(&drawn(&reports, args.format, drawing)),
        format => drawn(&reports, format, drawing),
    })?;
    let exits = reports.iter().map(|report| exit_of(report.comparison, args.fail_on));
    Ok(exits
        .max_by_key(|exit| (*exit == Exit::No, *exit == Exit::Depends))
        .unwrap_or(Exit::AsExpected))
}

/// What two versions decide otherwise.
pub(super) struct Compared {
    own: Comparison,
    /// Whom the role trusts is another question than what it does.
    trust: Option<Comparison>,
}

impl Compared {
    /// What was compared, with its names.
    pub(super) fn reports(&self, args: &DiffArgs, after: &Path) -> Vec<render::Report<'_>> {
        let report = |comparison, what: &str| render::Report {
            before: format!("{}{what}", args.before.display()),
            after: format!("{}{what}", after.display()),
            comparison,
            open_world: args.open_world,
            asked_only: input::asked_only(&args.setting),
            examples: args.examples,
        };
        std::iter::once(report(&self.own, ""))
            .chain(self.trust.as_ref().map(|trust| report(trust, "/trust")))
            .collect()
    }
}

/// What was typed, compared.
pub(super) fn compared(
    args: &DiffArgs,
    after: &Path,
    streams: &mut Streams,
) -> Result<Compared, Failure> {
    let (mut setting, _) = input::setting(&args.setting, streams)?;
    let common = input::layers(&[], &args.layers, streams)?.policies;
    let kind = PolicyType::from(args.kind);
    let mut version = |path: &Path| -> Result<Given, Failure> {
        let common = Given::from(common.clone());
        if let Some(named) = input::named_set(path, kind, args.layers.lenient, streams)? {
            return common.with(named);
        }
        let mut policies = common.policies;
        let mut reader = PolicyReader::new(args.layers.lenient, streams).of_layer();
        let document = reader.read(path, kind)?;
        reader.finish()?;
        let taken = match (kind, document) {
            (_, None) => false,
            (PolicyType::Identity, Some(document)) => {
                policies.identity.push(document);
                false
            }
            (PolicyType::Session, Some(document)) => {
                policies.session.push(document);
                false
            }
            (PolicyType::Boundary, document) => {
                std::mem::replace(&mut policies.boundary, document).is_some()
            }
            (PolicyType::Resource, document) => {
                std::mem::replace(&mut policies.resource, document).is_some()
            }
            (PolicyType::Trust, document) => {
                std::mem::replace(&mut policies.trust, document).is_some()
            }
            (PolicyType::Endpoint, document) => {
                std::mem::replace(&mut policies.endpoint, document).is_some()
            }
            (PolicyType::Scp | PolicyType::Rcp, Some(document)) => {
                let levels =
                    if kind == PolicyType::Scp { &mut policies.scp } else { &mut policies.rcp };
                match levels.last_mut() {
                    Some(level) => level.push(document),
                    None => levels.push(vec![document]),
                }
                false
            }
        };
        if taken {
            return Err(Failure::Message(format!(
                "--as {kind} sets the type of BEFORE and AFTER; only one such policy is allowed, but another was given by option"
            )));
        }
        Ok(policies.into())
    };
    let (mut before, mut after) = (version(&args.before)?, version(after)?);
    setting.known_later |= before.known_later || after.known_later;
    let trusts = (before.take_trust(), after.take_trust());
    // Versions of one principal are compared for its requests, two principals for those of anybody.
    if before.principal == after.principal {
        let [was, is] = [&before, &after].map(|given| given.tagged(&setting.context));
        let keys = before.policies.keys().into_iter().chain(after.policies.keys());
        if let Some(key) = keys.into_iter().find(|key| was.state(key) != is.state(key)) {
            return Err(Failure::Message(format!(
                "the tags of the user differ, and its policies ask about `{}`: what each version decides cannot be compared for one user; prove a claim about each",
                words::on_one_line(key.as_str())
            )));
        }
        after.settle(&mut setting)?;
    }
    let is_whole = before.principal.is_some() && after.principal.is_some();
    let compared = |before: PolicySet, after: PolicySet, setting: Setting, is_whole| {
        let open_world = args.open_world;
        answer(&ComparisonQuery { before, after, setting, open_world, is_whole })
    };
    let own = compared(before.policies, after.policies, setting.clone(), is_whole)?;
    let trust = match trusts {
        (None, None) => None,
        (before, after) => {
            let policies = |given: Option<Given>| given.unwrap_or_else(trusting_nobody).policies;
            let setting = Setting { who: Who::Anybody, ..setting };
            Some(compared(policies(before), policies(after), setting, false)?)
        }
    };
    Ok(Compared { own, trust })
}

/// The reports, for people.
fn drawn(reports: &[render::Report<'_>], format: Format, drawing: Drawing) -> Finished {
    let mut text = Finished::default();
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            text.push_str("\n");
        }
        text.push(&match format {
            Format::Markdown => render::markdown(report).into(),
            _ => render::table(report, drawing),
        });
    }
    text
}

/// A role that nobody may become.
fn trusting_nobody() -> Given {
    PolicySet::of(PolicyDocument::empty(PolicyType::Trust)).into()
}

fn exit_of(comparison: &Comparison, fail_on: FailOn) -> Exit {
    let fails = match fail_on {
        FailOn::Any => comparison.rows.iter().any(|row| row.may_occur() && row.is_shown()),
        FailOn::Access => comparison.widens() || comparison.narrows(),
        FailOn::Widened => comparison.widens(),
        FailOn::Never => false,
    };
    let is_open = comparison.is_open() || !comparison.grounds.literal_symbols.is_empty();
    match (fails, is_open && fail_on != FailOn::Never) {
        (true, _) => Exit::No,
        // Whether these rows can occur is not known.
        (false, true) => Exit::Depends,
        (false, false) => Exit::AsExpected,
    }
}

/// Compares, with what goes wrong in words.
///
/// # Errors
/// If it takes more than the budget.
pub(crate) fn answer(query: &ComparisonQuery) -> Result<Comparison, Failure> {
    query.answer().map_err(|error| failure(&error))
}

/// Why there is no comparison, in words.
pub(crate) fn failure(error: &Unanswered) -> Failure {
    match error {
        Unanswered::TooComplex(error) => Failure::Message(format!(
            "{error}. Nothing was compared. Restrict the request (--action, --resource, --principal, --context, --path), or compare fewer policies"
        )),
        Unanswered::Bug(_) => Failure::Internal(error.to_string()),
        Unanswered::Claim(_) => Failure::Message(error.to_string()),
    }
}

impl From<DiffLayer> for PolicyType {
    fn from(layer: DiffLayer) -> Self {
        match layer {
            DiffLayer::Identity => Self::Identity,
            DiffLayer::Boundary => Self::Boundary,
            DiffLayer::Session => Self::Session,
            DiffLayer::Resource => Self::Resource,
            DiffLayer::Trust => Self::Trust,
            DiffLayer::Scp => Self::Scp,
            DiffLayer::Rcp => Self::Rcp,
            DiffLayer::Endpoint => Self::Endpoint,
        }
    }
}
