//! `iamsure completions`

use clap::CommandFactory as _;

use crate::args::{Args, CompletionsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::streams::{Finished, Streams};

pub(crate) fn run(args: &CompletionsArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "iamsure", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    // Made of our own help alone; a shell reads it as it is.
    streams.print(&Finished::ours(script))?;
    Ok(Exit::AsExpected)
}
