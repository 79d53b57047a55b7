//! `iamsure validate`

use iamsure_core::language::{PolicyDocument, Profile, Source};
use iamsure_review::finding::Finding;
use iamsure_review::{published, saving};

use crate::args::{Format, ValidateArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::diagnostic::{self, Kind, Validated};
use crate::streams::Streams;

pub(crate) fn run(args: &ValidateArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let profile = if args.lenient { Profile::Lenient } else { Profile::Strict };
    let mut documents = Vec::new();
    let mut could_not_open = false;
    for path in &args.files {
        let validated = match input::source(path, streams) {
            Ok(Ok(source)) => {
                let kind = Kind::of(&source, args);
                let inspection = PolicyDocument::inspect(&source, kind.kind, profile);
                let readable = !inspection.is_unreadable();
                // What AWS would refuse may still be read, to say what else there is to say.
                let document = inspection.document.or_else(|| {
                    PolicyDocument::inspect(&source, kind.kind, Profile::Lenient).document
                });
                let mut findings: Vec<Finding> =
                    inspection.findings.into_iter().map(Finding::from).collect();
                if let Some(document) = &document {
                    findings.extend(published::findings(document));
                    saving::add(&mut findings, document, profile);
                }
                findings.sort_by_key(|finding| finding.span().start);
                Validated { source, kind, findings, readable }
            }
            Ok(Err((source, finding))) => {
                let kind = Kind::of(&source, args);
                Validated { readable: false, source, kind, findings: vec![finding.into()] }
            }
            Err(Failure::Message(message)) => {
                // The other files are still worth a look.
                streams.complain(&message);
                could_not_open = true;
                continue;
            }
            Err(other) => return Err(other),
        };
        documents.push(validated);
    }
    let text = match args.format {
        Format::Json => diagnostic::json(&documents, profile).into(),
        _ => diagnostic::report(&documents, streams.output_styled()),
    };
    streams.print(&text)?;
    let worst =
        documents.iter().map(Validated::exit).chain(could_not_open.then_some(Exit::CouldNotRun));
    Ok(worst.max_by_key(|exit| *exit as u8).unwrap_or(Exit::AsExpected))
}

impl Kind {
    /// What was said, or what the document shows.
    fn of(source: &Source, args: &ValidateArgs) -> Self {
        if let Some(kind) = args.kind {
            Self { kind: kind.into(), shown_by: None }
        } else {
            let (kind, by) = PolicyDocument::detect(source);
            Self { kind, shown_by: Some(by) }
        }
    }
}
