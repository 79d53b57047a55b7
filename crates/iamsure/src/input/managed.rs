//! Policies of AWS by name: `aws:ReadOnlyAccess`, whose documents are built in or in files of `--managed`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use iamsure_account::{
    Holder, MAX_CONTAINER, ManagedPolicies, ManagedPolicy, managed_name, read_managed,
};
use iamsure_core::language::Code;
use ignore::WalkBuilder;

use super::Root;
use super::held::Found;
use crate::failure::Failure;
use crate::render::words;
use crate::streams::Streams;

/// The most files of folders that are looked into.
const MOST_FILES: usize = 20_000;

/// The policies of AWS that files and folders hold, beside those that are built in. All files together are as long
/// as one container at most.
///
/// # Errors
/// If a file cannot be read or holds none, or a folder has no file that does.
pub(crate) fn managed(
    paths: &[PathBuf],
    streams: &mut Streams,
) -> Result<Arc<ManagedPolicies>, Failure> {
    let mut known = ManagedPolicies::default();
    let mut left = MAX_CONTAINER;
    for path in paths {
        if path.as_os_str() == "-" {
            let message = "--managed takes files and folders, not standard input (`-`)";
            return Err(Failure::Message(message.to_owned()));
        }
        if !path.is_dir() {
            let (file, policies) = of_file(path, &mut left, streams)?;
            known.add(&file, policies);
            continue;
        }
        let mut is_empty = true;
        for file in files_of(path)? {
            match of_file(&file, &mut left, streams) {
                Ok((name, policies)) => {
                    known.add(&name, policies);
                    is_empty = false;
                }
                // Others may stand beside the policies; it matters if it is asked for.
                Err(Failure::Message(why)) => known.cannot_read(stem(&file), &why),
                Err(other) => return Err(other),
            }
            if left == 0 {
                return Err(too_long(path));
            }
        }
        if is_empty {
            return Err(Failure::Message(format!(
                "no file in `{}` contains an AWS managed policy; a policy document must be in a file named NAME.json",
                words::on_one_line(&path.display().to_string())
            )));
        }
    }
    Ok(Arc::new(known))
}

fn too_long(path: &Path) -> Failure {
    Failure::Message(format!(
        "`{}`: the files of --managed are longer than {MAX_CONTAINER} bytes together, the most that iamsure reads",
        words::on_one_line(&path.display().to_string())
    ))
}

/// What a file holds, and how it is called.
fn of_file(
    path: &Path,
    left: &mut usize,
    streams: &mut Streams,
) -> Result<(String, Vec<ManagedPolicy>), Failure> {
    let read = super::source_within(path, &Root::of_named(path), *left, streams)?;
    let Ok(source) = read else {
        let metadata = path.metadata();
        if metadata.is_ok_and(|file| usize::try_from(file.len()).is_ok_and(|long| long > *left)) {
            *left = 0;
            return Err(too_long(path));
        }
        let name = words::on_one_line(&path.display().to_string());
        return Err(Failure::Message(format!("{name}: it is not UTF-8 text")));
    };
    *left = left.saturating_sub(source.text().len());
    let policies = read_managed(&source, stem(path)).map_err(|error| {
        let file = words::on_one_line(source.name());
        Failure::Message(format!("{file}: {}", words::on_one_line(&error.to_string())))
    })?;
    Ok((source.name().to_owned(), policies))
}

/// What a document in a file is called; of a file of a git revision, without the revision.
fn stem(path: &Path) -> &str {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.rsplit(':').next().unwrap_or(stem)
}

/// The files of a folder that may hold policies, in order: `*.json`, and those without an extension. Ignored ones
/// count: what was downloaded is seldom kept in git.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in WalkBuilder::new(folder).standard_filters(false).hidden(true).build() {
        let entry = entry.map_err(|error| {
            let name = words::on_one_line(&folder.display().to_string());
            Failure::Message(format!("cannot look into `{name}`: {error}"))
        })?;
        let may_hold = |path: &Path| {
            path.extension().is_none_or(|extension| extension.eq_ignore_ascii_case("json"))
        };
        if entry.file_type().is_some_and(|kind| kind.is_file()) && may_hold(entry.path()) {
            files.push(entry.into_path());
        }
        if files.len() > MOST_FILES {
            return Err(Failure::Message(format!(
                "`{}` holds more than {MOST_FILES} files, the most that iamsure looks into",
                words::on_one_line(&folder.display().to_string())
            )));
        }
    }
    files.sort();
    Ok(files)
}

/// The policy that `aws:NAME` or the ARN of a policy of AWS names; `None` if a path names a file.
///
/// # Errors
/// If its document is not known.
pub(super) fn found(path: &Path, streams: &mut Streams) -> Result<Option<Found>, Failure> {
    let Some(name) = path.to_str().and_then(managed_name) else { return Ok(None) };
    let failed = |error: iamsure_account::UnknownPolicy| {
        Failure::Message(words::on_one_line(&error.to_string()))
    };
    let policy = streams.managed().find(name).map_err(failed)?;
    let source = policy.source().map_err(failed)?;
    if let Some(file) = &policy.from {
        say(&policy.name, file, streams);
    }
    let kind = policy.kind;
    Ok(Some(Found {
        source,
        kind,
        symbols_said: false,
        may_be_bare: false,
        is_of_aws: true,
        account: None,
    }))
}

/// Whether a finding is about what AWS refuses to save of others, and keeps itself.
pub(crate) const fn is_for_others(code: Code) -> bool {
    matches!(code, Code::SizeLimit | Code::RcpAllow | Code::RcpActionStar | Code::OldManagedVersion)
}

/// Whether a path names a policy of AWS and no file.
pub(super) fn is_name(path: &Path) -> bool {
    path.to_str().and_then(managed_name).is_some()
}

/// Whether some of these paths names a policy of AWS.
pub(crate) fn names_managed<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> bool {
    paths.into_iter().any(|path| is_name(path))
}

/// Says which file lends the documents of a principal's policies.
pub(super) fn say_lent(holder: &Holder, streams: &mut Streams) {
    let mut lent: Vec<_> = holder.policies.iter().filter_map(|held| held.lent.as_ref()).collect();
    lent.dedup();
    for (name, file) in lent {
        say(name, file, streams);
    }
}

fn say(name: &str, file: &str, streams: &mut Streams) {
    let (name, file) = (words::on_one_line(name), words::on_one_line(file));
    streams.remark(&format!("note: aws:{name}: from {file}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_file_and_a_file_of_that_name_is_one() {
        for (path, expected) in [
            ("aws:ReadOnlyAccess", true),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", true),
            ("./aws:ReadOnlyAccess", false),
            ("heads/aws:role.json", false),
            ("policies/aws:x", false),
        ] {
            assert_eq!(is_name(Path::new(path)), expected, "{path}");
        }
    }
}
