//! `iamsure man`

use std::fs;
use std::io;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::args::{Args, ManArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::streams::Streams;
use crate::written;

pub(crate) fn run(args: &ManArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let folder = &args.out;
    fs::create_dir_all(folder).map_err(|error| {
        Failure::Message(format!("cannot make the folder `{}`: {error}", folder.display()))
    })?;
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let count = pages(&command, folder)?;
    streams.remark(&format!("{count} pages written to {}\n", folder.display()));
    Ok(Exit::AsExpected)
}

/// Writes the page of a command and those of its subcommands; how many they are.
fn pages(command: &Command, folder: &Path) -> Result<usize, Failure> {
    let page = Man::new(command.clone());
    let path = folder.join(page.get_filename());
    written::write(&path, None, &text(&page)?)?;
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .try_fold(1, |count, command| Ok(count + pages(command, folder)?))
}

fn text(page: &Man) -> io::Result<String> {
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
