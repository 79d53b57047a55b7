//! Folders of the policies of many resources, and which of them is that of the resource that a question names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use iamsure_account::{
    Collected, MAX_CONTAINER, ResourcePolicies, ResourcePolicy, resource_policies as policies_in,
    told_by,
};
use iamsure_core::language::Source;
use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::world::{CallPaths, Switches};
use iamsure_truth::claim::Claim;
use iamsure_truth::sample::account_of;

use super::{Root, policies_under, source_within};
use crate::args::OfResource;
use crate::failure::Failure;
use crate::render::words::on_one_line;
use crate::streams::Streams;

/// How many files are named in a message.
const NAMED: usize = 10;

/// Puts the policy of the resource that a question names in the place of a folder of policies of many, and the account that
/// owns the resource beside it if the folder tells. Says which file that is, or that there is none.
///
/// # Errors
/// If the folder cannot be read, the question names no resource or several, or several policies are of it.
pub(crate) fn choose_resource_policy(
    of: OfResource<'_>,
    streams: &mut Streams,
) -> Result<(), Failure> {
    let Some(folder) = of.policy.clone().filter(|path| path.is_dir()) else { return Ok(()) };
    let resources = if of.resources.is_empty() {
        // What is wrong with a claim is said where it is read, and the folder is still in its place then.
        let Some(named) = named_by(&of.claims) else { return Ok(()) };
        named
    } else {
        of.resources
    };
    let all = resource_policies(&folder, streams)?;
    let name = on_one_line(&folder.display().to_string());
    let found = all.about(&resources).map_err(|why| {
        let advice = "name one resource (`--resource ARN`, or `on ARN` in a claim), or give its policy as a file; `iamsure account review` checks each policy of a folder";
        Failure::Message(format!("`{name}` is a folder of policies: {}; {advice}", on_one_line(&why)))
    });
    let (resource, found) = found?;
    let shown = on_one_line(&resource);
    *of.policy = found.map(|policy| PathBuf::from(&policy.path));
    if let Some(policy) = found {
        let path = on_one_line(&policy.path);
        let owner = policy.account.as_deref().filter(|_| account_of(&resource).is_none());
        let of_account = owner.map(|id| format!(", of account {id}")).unwrap_or_default();
        streams.remark(&format!("note: the policy of `{shown}`{of_account}: {path}\n"));
        if of.account.is_none() {
            *of.account = owner.map(str::to_owned);
        }
    } else {
        let count = all.policies.len();
        streams.remark(&format!(
            "warning: {name}: none of its policies ({count}) is known to be attached to `{shown}`; the answer is without a resource-based policy\n"
        ));
    }
    say_unknown(&name, &all, streams);
    Ok(())
}

/// The resources that claims are about, each once; none if one of them is about all. `None` if one cannot be read.
fn named_by(claims: &[String]) -> Option<Vec<String>> {
    let mut named = Vec::new();
    for claim in claims {
        let claim = Claim::parse_with(claim, &CallPaths::new(Switches::default())).ok()?;
        if claim.resources().is_empty() {
            return Some(Vec::new());
        }
        named.extend_from_slice(claim.resources());
    }
    named.sort_unstable();
    named.dedup();
    Some(named)
}

/// Why a command cannot take a folder.
pub(super) fn not_one(folder: &Path) -> Failure {
    let name = on_one_line(&folder.display().to_string());
    Failure::Message(format!(
        "`{name}` is a folder, but here --resource-policy takes one file: the policy of the resource. From a folder, `simulate`, `matrix`, `prove`, `table`, `account who-can` and `account prove` choose the policy of the resource that the question names; `account review` checks every policy"
    ))
}

/// Says of which policies the resource is not known.
fn say_unknown(name: &str, all: &ResourcePolicies, streams: &mut Streams) {
    let unknown: Vec<(&ResourcePolicy, &str)> = all.of_unknown().collect();
    if unknown.is_empty() {
        return;
    }
    let one = |(policy, why): &(&ResourcePolicy, &str)| {
        format!("{} ({})", on_one_line(&policy.path), on_one_line(why))
    };
    let (listed, more) = some_of(unknown.iter().map(one).collect());
    streams.remark(&format!(
        "warning: {name}: policies not used, because their resource is not known: {listed}{more}; to use one, give it as a file, or put the ARN of its resource as `arn` in a `metadata.json` beside it\n"
    ));
}

/// The first of some texts, and how many more there are.
pub(crate) fn some_of(texts: Vec<String>) -> (String, String) {
    let more = texts.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    (texts.into_iter().take(NAMED).collect::<Vec<_>>().join(", "), more)
}

/// The policies of resources in a folder. Says what else is in it.
///
/// # Errors
/// As [`policies_under`]; if a file cannot be read, or they are too long together.
pub(crate) fn resource_policies(
    folder: &Path,
    streams: &mut Streams,
) -> Result<ResourcePolicies, Failure> {
    let files = policies_under(std::slice::from_ref(&folder.to_path_buf()))?;
    let name = on_one_line(&folder.display().to_string());
    let known: BTreeSet<&PathBuf> = files.iter().collect();
    let mut all = ResourcePolicies::default();
    let mut beside = Beside::default();
    let mut length = 0;
    let mut read = |path: &Path, streams: &mut Streams| -> Result<Source, Failure> {
        let source = source_within(path, &Root::of_named(path), MAX_BYTES, streams)?;
        let source = source.map_err(|(source, finding)| {
            Failure::Message(format!("{}: {}", on_one_line(source.name()), finding.message))
        })?;
        length += source.text().len();
        if length > MAX_CONTAINER {
            return Err(Failure::Message(format!(
                "the files in `{name}` are longer than {MAX_CONTAINER} bytes together, the most that iamsure reads; give a part of the folder"
            )));
        }
        Ok(source)
    };
    for file in &files {
        let collected = Collected::of(&std::path::absolute(file).unwrap_or_else(|_| file.clone()));
        let account = match collected {
            None => None,
            Some(Collected::Policy(account)) => Some(account),
            Some(other) => {
                beside.count(&other);
                continue;
            }
        };
        let source = read(file, streams)?;
        let metadata = file.with_file_name("metadata.json");
        if *file == metadata && told_by(source.text()).is_some() {
            continue;
        }
        let told = if known.contains(&metadata) {
            told_by(read(&metadata, streams)?.text())
        } else {
            None
        };
        let found = policies_in(&source, told.as_deref(), account.as_deref());
        let shown = on_one_line(&file.display().to_string());
        match found {
            Ok(Ok(policies)) => {
                let (endpoints, policies): (Vec<_>, Vec<_>) =
                    policies.into_iter().partition(ResourcePolicy::is_of_endpoint);
                beside.endpoints += endpoints.len();
                all.policies.extend(policies);
            }
            // A file of iam-collect may be empty.
            Ok(Err(_)) if account.is_some() => {}
            Ok(Err(what)) => beside.others.push(format!("{shown} {what}")),
            Err(why) => beside.others.push(format!("{shown}: {}", on_one_line(&why))),
        }
    }
    beside.say(&name, streams);
    if all.policies.is_empty() {
        return Err(Failure::Message(format!("`{name}` holds no resource-based policy")));
    }
    Ok(all)
}

/// What is in a folder beside the policies of resources.
#[derive(Default)]
struct Beside {
    scps: usize,
    rcps: usize,
    shares: usize,
    of_iam: usize,
    endpoints: usize,
    /// Files that hold no policy of a resource, each with what it is.
    others: Vec<String>,
}

impl Beside {
    const fn count(&mut self, other: &Collected) {
        match other {
            Collected::Iam => self.of_iam += 1,
            Collected::Scp => self.scps += 1,
            Collected::Rcp => self.rcps += 1,
            Collected::Shared => self.shares += 1,
            Collected::Policy(_) | Collected::Data => {}
        }
    }

    fn say(self, name: &str, streams: &mut Streams) {
        let counted = [
            (self.scps, "SCPs", " (--scp FILE)"),
            (self.rcps, "RCPs", " (--rcp FILE)"),
            (self.endpoints, "VPC endpoint policies", " (--endpoint FILE)"),
            (self.shares, "RAM shares", ""),
            (self.of_iam, "IAM files", " (account authorization details contain them)"),
        ];
        let parts: Vec<String> = counted
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, what, advice)| format!("{what}: {count}{advice}"))
            .collect();
        if !parts.is_empty() {
            streams.remark(&format!("note: {name}: not used: {}\n", parts.join("; ")));
        }
        if !self.others.is_empty() {
            let (listed, more) = some_of(self.others);
            streams.remark(&format!("warning: {name}: not used: {listed}{more}\n"));
        }
    }
}
