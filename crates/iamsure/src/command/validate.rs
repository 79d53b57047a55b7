//! `iamsure validate`

use std::path::Path;

use iamsure_core::language::{Code, PolicyDocument, PolicyType, Profile, Source};
use iamsure_review::finding::Finding;
use iamsure_review::{published, saving};

use crate::args::{Format, ValidateArgs, Verbosity};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{self, Found, Named, Root};
use crate::render::layout::Drawing;
use crate::render::not_read::NotRead;
use crate::render::validated::{self, Kind, Validated};
use crate::render::words;
use crate::streams::Streams;

pub(crate) fn run(args: &ValidateArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let profile = if args.lenient { Profile::Lenient } else { Profile::Strict };
    let mut documents = Vec::new();
    let mut not_read = Vec::new();
    for path in &args.files {
        if let Some(each) = input::each_in(path, streams) {
            for (_, found) in each {
                match found {
                    Ok(found) => documents.push(inspected(found, args, profile, streams)),
                    Err(Failure::Message(why)) => {
                        streams.complain(&why);
                        not_read.push(NotRead { file: shown(path), why });
                    }
                    Err(other) => return Err(other),
                }
            }
            continue;
        }
        match input::named(path, &Root::of_named(path), streams) {
            Ok(Named::One(found)) => documents.push(inspected(found, args, profile, streams)),
            Ok(Named::Principal(_, policies)) => {
                for found in policies {
                    documents.push(inspected(found, args, profile, streams));
                }
            }
            Ok(Named::Unreadable(source, finding)) => {
                let kind = Kind::of(&source, None, args);
                let findings = vec![finding.into()];
                documents.push(Validated { readable: false, source, kind, findings });
            }
            Err(Failure::Message(why)) => {
                // The other files are still worth a look.
                streams.complain(&why);
                not_read.push(NotRead { file: shown(path), why });
            }
            Err(other) => return Err(other),
        }
    }
    let all = args.all || streams.verbosity() == Verbosity::Verbose;
    let text = match args.format {
        Format::Json => validated::json(&documents, &not_read, profile),
        Format::Github => validated::github(&documents, &not_read),
        Format::Sarif => validated::sarif(&documents, &not_read),
        Format::Junit => validated::junit(&documents, &not_read, args.fail_on).into(),
        Format::Markdown => validated::markdown(&documents, &not_read).into(),
        _ => validated::report(&documents, all, Drawing::here(streams)),
    };
    streams.print(&text)?;
    let worst = documents.iter().map(|document| document.exit(args.fail_on));
    let worst = worst.chain((!not_read.is_empty()).then_some(Exit::CouldNotRun));
    Ok(worst.max_by_key(|exit| exit.code()).unwrap_or(Exit::AsExpected))
}

/// The file that a path is of, on one line.
fn shown(path: &Path) -> String {
    let file = input::file_of(path);
    words::on_one_line(&file.display().to_string())
}

/// A policy with everything there is to say about it.
fn inspected(
    found: Found,
    args: &ValidateArgs,
    profile: Profile,
    streams: &mut Streams,
) -> Validated {
    let Found { source, kind, is_of_aws, symbols_said, .. } = found;
    let mut kind = Kind::of(&source, kind, args);
    if is_of_aws && kind.shown_by.is_some() {
        kind.shown_by = Some("it is AWS's own policy of that name");
    }
    let mut inspection = PolicyDocument::inspect(&source, kind.kind, profile);
    if is_of_aws {
        inspection.findings.retain(|finding| !input::is_for_others(finding.code));
    }
    if symbols_said {
        inspection.findings.retain(|finding| finding.code != Code::Placeholder);
    }
    let readable = !inspection.is_unreadable();
    // What AWS would refuse may still be read, to say what else there is to say.
    let document = inspection
        .document
        .or_else(|| PolicyDocument::inspect(&source, kind.kind, Profile::Lenient).document);
    let mut findings: Vec<Finding> = inspection.findings.into_iter().map(Finding::from).collect();
    if let Some(document) = &document {
        findings.extend(published::findings(document));
        saving::add(&mut findings, document, profile);
        findings.retain(|finding| !streams.accepts(finding, document));
    } else if let Some(part) = &inspection.part {
        findings.extend(published::findings_about_names(part));
    }
    findings.sort_by_key(|finding| finding.span().start);
    Validated { source, kind, findings, readable }
}

impl Kind {
    /// As given, or as its place in a container or the document shows.
    fn of(source: &Source, placed: Option<PolicyType>, args: &ValidateArgs) -> Self {
        if let Some(kind) = args.kind {
            Self { kind: kind.into(), shown_by: None }
        } else if let Some(kind) = placed {
            Self { kind, shown_by: Some("inferred from its place in the file") }
        } else {
            let (kind, by) = PolicyDocument::detect(source);
            Self { kind, shown_by: Some(by) }
        }
    }
}
