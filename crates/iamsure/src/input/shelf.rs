//! Suites, and the files beside them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use iamsure_core::language::{PolicyType, Profile, Source};
use iamsure_core::world::{Principal, Requester};
use iamsure_review::caller;
use iamsure_review::suite::{SUFFIX, Shelf, Shelved, Suite, SuiteError};

use super::{Given, PolicyReader, Root, without_detours};
use crate::failure::Failure;
use crate::render::diagnostic;
use crate::render::layout::Drawing;
use crate::streams::Streams;

/// Files of the disk, each policy read once. What is found in policies is said on standard error.
pub(crate) struct Files<'a> {
    streams: &'a mut Streams,
    /// Every file that was asked for.
    named: &'a mut Vec<PathBuf>,
    read: BTreeMap<(PathBuf, PolicyType, bool), Result<Shelved, String>>,
}

impl<'a> Files<'a> {
    /// Files, whose names are added to `named` as they are read.
    pub(crate) const fn new(streams: &'a mut Streams, named: &'a mut Vec<PathBuf>) -> Self {
        Self { streams, named, read: BTreeMap::new() }
    }
}

/// The policy set that `SUITE#NAME` names; `None` if a path names no part of a suite.
///
/// # Errors
/// If the suite cannot be read, or has no such set.
pub(super) fn set_of_suite(path: &Path, streams: &mut Streams) -> Option<Result<Given, Failure>> {
    let (file, name) = super::excerpt::parts(path)?;
    file.to_str()?.ends_with(SUFFIX).then(|| named_set(&file, name, streams))
}

/// What is wrong with a suite, which is said.
pub(crate) fn not_a_suite(errors: &[SuiteError], streams: &mut Streams) -> Failure {
    streams.note(&diagnostic::of_suite(errors, Drawing::of_errors(streams)));
    Failure::Said(errors.first().map(ToString::to_string).unwrap_or_default())
}

fn named_set(file: &Path, name: &str, streams: &mut Streams) -> Result<Given, Failure> {
    let source = super::source(file, streams)?.map_err(|(source, finding)| {
        Failure::Message(format!("{}: {}", source.name(), finding.message))
    })?;
    let suite = Suite::read(&source, &mut Files::new(streams, &mut Vec::new()));
    let mut suite = suite.map_err(|errors| not_a_suite(&errors, streams))?;
    if let Some(at) = suite.sets.iter().position(|set| set.name == name) {
        let set = suite.sets.swap_remove(at);
        let arn = |caller: Requester| match caller.principal {
            Principal::RoleSession { role_arn: Some(arn), .. } => arn,
            other => other.display_arn(),
        };
        return Ok(Given {
            policies: set.policies,
            is_of_principal: set.is_of_principal,
            principal: set.caller.map(arn),
            tags: None,
            id: None,
            owner: None,
            known_later: set.known_later,
        });
    }
    let names: Vec<String> = suite.sets.iter().map(|set| format!("`{}`", set.name)).collect();
    Err(Failure::Message(format!(
        "the suite `{}` has no policy set `{name}`; there are {}",
        file.display(),
        names.join(", ")
    )))
}

/// What a file calls `reference`.
fn beside(file: &str, reference: &str) -> PathBuf {
    if let Some((holder, fragment)) = super::excerpt::parts(Path::new(reference)) {
        let holder = beside(file, &holder.display().to_string());
        return PathBuf::from(format!("{}#{fragment}", holder.display()));
    }
    let path = Path::new(reference);
    if super::managed::is_name(path) {
        return path.to_path_buf();
    }
    if path.is_relative()
        && let Some((revision, rest)) = super::revision::parts(Path::new(file))
    {
        // What a suite of a revision names is of that revision.
        let folder = Path::new(&rest).parent().map(Path::to_path_buf).unwrap_or_default();
        let short = without_detours(&folder.join(path));
        return PathBuf::from(format!("{revision}:{}", short.display()));
    }
    match Path::new(file).parent() {
        Some(folder) if path.is_relative() && !folder.as_os_str().is_empty() => {
            let joined = folder.join(path);
            let short = as_a_file(without_detours(&joined));
            // Through a link the detour may lead elsewhere.
            if same_file(&short, &joined) { short } else { joined }
        }
        _ => path.to_path_buf(),
    }
}

/// The path of a file, whatever it is called.
fn as_a_file(path: PathBuf) -> PathBuf {
    if super::managed::is_name(&path) { Path::new(".").join(path) } else { path }
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

impl Shelf for Files<'_> {
    fn suite(&mut self, file: &str, reference: &str) -> Result<Source, String> {
        let path = beside(file, reference);
        self.named.push(path.clone());
        match super::source_under(&path, &Root::of_references(Path::new(file)), self.streams)
            .map_err(Failure::on_one_line)?
        {
            Ok(source) => Ok(source),
            Err((source, finding)) => Err(format!("{}: {}", source.name(), finding.message)),
        }
    }

    fn policies(
        &mut self,
        file: &str,
        reference: &str,
        kind: PolicyType,
        profile: Profile,
    ) -> Result<Shelved, String> {
        let path = beside(file, reference);
        let is_lenient = profile == Profile::Lenient;
        let known = (path, kind, is_lenient);
        if let Some(read) = self.read.get(&known) {
            return read.clone();
        }
        if !super::managed::is_name(&known.0) {
            let file = super::excerpt::parts(&known.0).map(|(file, _)| file);
            self.named.push(file.unwrap_or_else(|| known.0.clone()));
        }
        let root = Root::of_references(Path::new(file));
        let read = PolicyReader::new(is_lenient, self.streams).read_beside(&known.0, &root, kind);
        let read = match read {
            Ok(Some(given)) => {
                let caller = given.principal.as_deref().map(caller::requester).transpose();
                let Given { policies, is_of_principal, known_later, .. } = given;
                caller.map(|caller| Shelved { policies, is_of_principal, caller, known_later })
            }
            Ok(None) => {
                Err(format!("`{reference}` cannot be used as {}; see above", kind.aws_name()))
            }
            Err(failure) => Err(failure.on_one_line()),
        };
        self.read.insert(known, read.clone());
        read
    }
}
