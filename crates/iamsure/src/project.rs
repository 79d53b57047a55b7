//! `iamsure.toml`: what a repository is asked by default.
//!
//! It holds options of the command line, by their long names: of all commands, or of one. A command takes those that
//! it has as if they were typed, and what is typed counts instead. So nothing is in the file that could not be typed,
//! and the files that it names stay in its repository.

mod accepted;
mod file;
mod options;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

pub(crate) use accepted::Acceptances;
use file::ProjectFile;

use crate::render::words::on_one_line;

/// The name of the file.
pub(crate) const NAME: &str = "iamsure.toml";

/// Where it holds the findings that are accepted.
const ACCEPT: &str = "accept";

/// The arguments of the process, and what the file of the project adds to them.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// All of them, as if they were typed.
    pub(crate) all: Vec<OsString>,
    /// What shaped the answer beside what was typed.
    pub(crate) shaped: Option<String>,
    /// The file, as far as it is told.
    pub(crate) file: Option<PathBuf>,
    /// The findings that it accepts.
    pub(crate) accepted: Acceptances,
}

/// The arguments with those that the file of the project adds. Arguments that cannot be read are left to the parser.
///
/// # Errors
/// What is wrong with the file, and where.
pub(crate) fn arguments(typed: Vec<OsString>, command: &Command) -> Result<Arguments, String> {
    let untouched = |all| Ok(Arguments { all, ..Arguments::default() });
    let Ok(matches) = command.clone().try_get_matches_from(&typed) else {
        return untouched(typed);
    };
    let Some(path) = path_of(&matches) else { return untouched(typed) };
    let file = ProjectFile::read(&path)?;
    let added = options::added(&file, command, &matches)?;
    let accepted = Acceptances::of(&file)?;
    if added.is_empty() {
        return Ok(Arguments { all: typed, shaped: None, file: Some(path), accepted });
    }
    let mut names: Vec<&str> = added.iter().map(|option| option.name.as_str()).collect();
    names.dedup();
    let names: Vec<String> = names.iter().map(|name| format!("--{name}")).collect();
    let shaped = format!("{} sets {}", on_one_line(&path.display().to_string()), names.join(", "));
    // Options end where `--` is.
    let end = typed.iter().position(|arg| arg == "--").unwrap_or(typed.len());
    let mut all = typed;
    let words = added.into_iter().map(options::Added::word);
    all.splice(end..end, words);
    Ok(Arguments { all, shaped: Some(shaped), file: Some(path), accepted })
}

/// The file that was named, or the nearest in the folder or above it, up to the root of the repository.
fn path_of(matches: &ArgMatches) -> Option<PathBuf> {
    if matches.get_flag("no_config") {
        return None;
    }
    if let Some(named) = matches.get_one::<PathBuf>("config") {
        return Some(named.clone());
    }
    let here = Path::new(".").canonicalize().ok()?;
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here);
    let mut way = PathBuf::new();
    for folder in here.ancestors().take_while(|folder| folder.starts_with(root)) {
        if folder.join(NAME).is_file() {
            return Some(way.join(NAME));
        }
        way.push("..");
    }
    None
}
