//! `iamsure import`

use std::path::Path;

use iamsure_core::language::{Profile, Source};
use iamsure_core::world::PolicySet;
use iamsure_import::{Agreement, Documents, Import, Policies, not_told};

use crate::args::ImportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::layout::Drawing;
use crate::render::{agreement, diagnostic, emission};
use crate::streams::Streams;

pub(crate) fn run(args: &ImportArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if args.files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        return Err(Failure::Message("standard input (`-`) can be read once only".to_owned()));
    }
    let policies = input::layers(&[], &args.layers, streams)?.policies;
    let given =
        (policies.policies().next().is_some()).then(|| emission::policies(&[], &args.layers));
    let documents = documents(&args.documents, streams)?;
    let sources: Vec<Source> =
        args.files.iter().map(|file| source(file, streams)).collect::<Result<_, _>>()?;
    let mut import = iamsure_import::read(&sources, args.from.map(Into::into), &documents)
        .map_err(|error| Failure::Message(error.to_string()))?;
    for note in &import.notes {
        streams.remark(&format!("note: {note}\n"));
    }
    if import.tests.is_empty() {
        return Err(Failure::Message("no record can be turned into a test".to_owned()));
    }
    let tells_all = import.tests.iter().all(|test| matches!(test.policies, Policies::Captured(_)));
    if given.is_some() && tells_all {
        streams.remark(
            "note: the policies given by option are not used: every record contains its own\n",
        );
    }
    let profile = if args.layers.lenient { Profile::Lenient } else { Profile::Strict };
    let count = compare(&mut import, given.is_some().then_some(&policies), profile, streams);
    let suite = iamsure_import::suite_text(&import, given.as_ref(), args.layers.lenient);
    streams.print(&suite.to_string())?;
    streams.remark(&count.words(import.tests.len()));
    Ok(if count.differs > 0 { Exit::No } else { Exit::AsExpected })
}

/// The policies of denials.
fn documents(args: &[String], streams: &mut Streams) -> Result<Documents, Failure> {
    let mut documents = Documents::default();
    for arg in args {
        let (uri, file) = arg.rsplit_once('=').ok_or_else(|| {
            Failure::Message(format!(
                "`{arg}` is not URI=FILE, such as arn:aws:iam::111122223333:policy/app=app.json"
            ))
        })?;
        let source = source(Path::new(file), streams)?;
        documents.add(uri, &source).map_err(Failure::Message)?;
    }
    Ok(documents)
}

pub(super) fn source(file: &Path, streams: &mut Streams) -> Result<Source, Failure> {
    input::source(file, streams)?.map_err(|(source, finding)| {
        let why = finding.message.clone();
        let text = diagnostic::human(&source, &[finding.into()], true, Drawing::of_errors(streams));
        streams.note(&text);
        Failure::Said(why)
    })
}

/// How many tests our evaluator decides as AWS did.
#[derive(Default)]
struct Count {
    agrees: usize,
    differs: usize,
    depends: usize,
    /// Records that leave out what their test needs.
    incomplete: usize,
}

/// Decides every test whose policies are known, says where that differs, and marks what depends on
/// something that the record does not tell.
fn compare(
    import: &mut Import,
    given: Option<&PolicySet>,
    profile: Profile,
    streams: &mut Streams,
) -> Count {
    let mut count = Count::default();
    for test in &mut import.tests {
        let captured;
        let (policies, whose) = match (&test.policies, given) {
            (Policies::NotTold(_), None) => continue,
            (Policies::NotTold(_), Some(given)) => (given, "the policies given"),
            (Policies::Captured(set), _) => match set.policy_set(profile) {
                Ok(policies) => {
                    captured = policies;
                    (&captured, "the captured policies")
                }
                Err(why) => {
                    streams.remark(&format!("note: {}: {why}\n", test.source));
                    test.todo.push(why);
                    continue;
                }
            },
        };
        let unknown = agreement::joined(&not_told(test, policies));
        if !unknown.is_empty() {
            test.remarks.push(format!("not in the record, but used by the policies: {unknown}"));
        }
        let found = iamsure_import::agreement(test, policies);
        match found {
            Agreement::Agrees => count.agrees += 1,
            Agreement::Differs(ours) => {
                count.differs += 1;
                streams.note(&agreement::differs(test, &ours, whose, policies));
            }
            Agreement::Depends(keys) => {
                count.depends += 1;
                let keys = agreement::joined(&keys);
                streams.remark(&format!(
                    "note: {} ({}): under {whose} it depends on {keys}, which the record does not contain\n",
                    test.name, test.source
                ));
                test.todo.push(format!(
                    "set {keys}: the decision depends on it, and the record does not contain it"
                ));
            }
            Agreement::NotAsked(why) => {
                count.incomplete += 1;
                streams.remark(&format!(
                    "note: {} ({}): not compared: {why}\n",
                    test.name, test.source
                ));
            }
        }
    }
    count
}

impl Count {
    fn words(&self, tests: usize) -> String {
        let s = if tests == 1 { "" } else { "s" };
        let compared = self.agrees + self.differs + self.depends;
        if compared == 0 {
            let why =
                if self.incomplete == 0 { "no policies given" } else { "incomplete (see above)" };
            return format!("{tests} test{s} written; not compared with AWS's decisions: {why}\n");
        }
        format!(
            "{tests} test{s} written; of {compared} compared with AWS's decisions, {} agree, {} differ, {} depend on facts not in the record\n",
            self.agrees, self.differs, self.depends
        )
    }
}
