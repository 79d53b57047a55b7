//! `iamsure completions`

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::{Args, CompletionsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::words;
use crate::streams::{Finished, Streams};

/// After clap's own function: what stands behind `#` is a name in the file before it.
const BASH: &str = r#"
_iamsure_or_address() {
    local word="${COMP_WORDS[COMP_CWORD]}" address
    if [[ $word != *'#'* ]]; then
        _iamsure "$@"
        return
    fi
    COMPREPLY=()
    while IFS= read -r address; do
        [[ $address == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$address")")
    done < <(iamsure completions --addresses "${word%%#*}" 2> /dev/null)
}
complete -F _iamsure_or_address -o nosort -o bashdefault -o default iamsure
"#;

/// In place of `_files`, before the script calls itself.
const ZSH: &str = r#"
_iamsure_files() {
    local word=${(Q)PREFIX}
    if [[ $word != *'#'* ]]; then
        _files "$@"
        return
    fi
    local -a addresses
    addresses=("${(@f)$(iamsure completions --addresses "${word%%\#*}" 2> /dev/null)}")
    compadd -a addresses
}
"#;

const FISH: &str = r#"
complete -c iamsure -f -n "string match -q '*#*' -- (commandline -ct)" -a "(iamsure completions --addresses (string split -m 1 '#' -- (commandline -ct))[1] 2> /dev/null)"
"#;

pub(crate) fn run(args: &CompletionsArgs, streams: &mut Streams) -> Result<Exit, Failure> {
    if let Some(file) = &args.addresses {
        return addresses(file, streams);
    }
    let Some(shell) = args.shell else { return Ok(Exit::CouldNotRun) };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "iamsure", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let script = match shell {
        Shell::Bash => script + BASH,
        Shell::Zsh => {
            let script = script.replace(":_files", ":_iamsure_files");
            let (head, body) = script.split_once('\n').unwrap_or((&script, ""));
            format!("{head}\n{ZSH}{body}")
        }
        Shell::Fish => script + FISH,
        _ => script,
    };
    // Made of our own help alone; a shell reads it as it is.
    streams.print(&Finished::ours(script))?;
    Ok(Exit::AsExpected)
}

/// The addresses in a file. One that cannot be shown on a line cannot be typed either.
fn addresses(file: &Path, streams: &mut Streams) -> Result<Exit, Failure> {
    let Some(container) = input::container(file, streams)? else {
        return Err(Failure::Message(format!(
            "{} contains no named policies or principals",
            words::on_one_line(&file.display().to_string())
        )));
    };
    let addresses: Vec<String> = container
        .addresses()
        .into_iter()
        .map(|name| format!("{}#{name}", file.display()))
        .filter(|address| words::on_one_line(address) == *address)
        .collect();
    streams.print(&(addresses.join("\n") + "\n"))?;
    Ok(Exit::AsExpected)
}
