//! The floors: what may stand on what, read from manifests and sources.
//!
//! | floor | crates |
//! | --- | --- |
//! | 0 | `iamsure-core`, `iamsure-reference`, `iamsure-mcp` (the network, for the command line alone) |
//! | 1 | `iamsure-truth` |
//! | 2 | `iamsure-review` |
//! | 3 | `iamsure-account`, `iamsure-import`, `iamsure-toolhive` |
//! | 4 | `iamsure` (the command line), `iamsure-testkit` (for tests only) |

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FLOORS: [(&str, u8); 10] = [
    ("iamsure-account", 3),
    ("iamsure-core", 0),
    ("iamsure-import", 3),
    ("iamsure-mcp", 0),
    ("iamsure-reference", 0),
    ("iamsure-toolhive", 3),
    ("iamsure-truth", 1),
    ("iamsure-review", 2),
    ("iamsure", 4),
    ("iamsure-testkit", 4),
];

/// The crates that other programs use: no I/O, no clock, no terminal.
const LIBRARIES: [&str; 7] = [
    "iamsure-account",
    "iamsure-core",
    "iamsure-import",
    "iamsure-reference",
    "iamsure-review",
    "iamsure-toolhive",
    "iamsure-truth",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn floor(name: &str) -> u8 {
    let known = FLOORS.iter().find(|(known, _)| *known == name);
    known.unwrap_or_else(|| panic!("{name} has no floor: add it to tests/floors")).1
}

/// Every file under `folder` whose name ends in `.rs`, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The lines of code of a source file with their numbers: without comments, and without the tests
/// at its end. Where tests have a file of their own, the code goes on below its name.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_mark = |line: &str| line.trim_start().starts_with("#[cfg(test)]");
    let names_a_file = |line: &str| line.trim_start().starts_with("mod ") && line.ends_with(';');
    let following = text.lines().skip(1).chain([""]);
    text.lines()
        .zip(following)
        .enumerate()
        .take_while(move |(_, (line, next))| !is_mark(line) || names_a_file(next))
        .map(|(index, (line, _))| (index + 1, line.split("//").next().unwrap_or_default()))
}

/// `file:line: what` for every line of code under `folder` that `offends` names something in.
fn offences(folder: &Path, offends: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let root = root().canonicalize().unwrap();
    let mut found = Vec::new();
    for path in sources(folder) {
        let text = fs::read_to_string(&path).unwrap();
        let path = path.canonicalize().unwrap();
        let shown = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        for (number, line) in code(&text) {
            found.extend(
                offends(&shown, line)
                    .map(|what| format!("{shown}:{number}: {what}: {}", line.trim())),
            );
        }
    }
    found
}

fn none(offences: &[String]) {
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

/// The dependencies of this workspace named in a manifest: section, name, line.
fn dependencies(manifest: &str) -> Vec<(String, String, usize)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[') {
            section = String::from(name.trim_matches(['[', ']']));
            // `[dependencies.iamsure-core]` names one by its header.
            if let Some((kind, name)) = section.clone().rsplit_once('.')
                && kind.ends_with("dependencies")
                && name.starts_with("iamsure")
            {
                found.push((kind.to_owned(), name.to_owned(), index + 1));
            }
        } else if section.ends_with("dependencies") {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if name.starts_with("iamsure") {
                found.push((section.clone(), name.to_owned(), index + 1));
            }
        }
    }
    found
}

#[test]
fn crates_depend_only_on_lower_floors() {
    let mut offences = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let own = floor(&name);
        seen += 1;
        for (section, dependency, line) in dependencies(&manifest) {
            let for_tests = section.ends_with("dev-dependencies");
            let down = floor(&dependency) < own;
            let testkit = dependency == "iamsure-testkit";
            if !for_tests && (!down || testkit) {
                offences.push(format!(
                    "crates/{name}/Cargo.toml:{line}: [{section}] {dependency} is not on a lower floor"
                ));
            }
        }
    }
    assert_eq!(seen, FLOORS.len());
    none(&offences);
}

#[test]
fn the_language_knows_no_world_and_the_world_no_decision() {
    let core = root().join("crates/iamsure-core/src");
    let mentions = |forbidden: &'static [&'static str]| {
        move |_: &str, line: &str| {
            forbidden
                .iter()
                .find(|name| line.contains(**name))
                .map(|name| format!("mentions {name}"))
        }
    };
    let mut found = offences(
        &core.join("language"),
        mentions(&["crate::world", "crate::decision", "super::super::super::world"]),
    );
    found.extend(offences(&core.join("world"), mentions(&["crate::decision"])));
    none(&found);
}

#[test]
fn only_the_reader_of_documents_sees_json_trees() {
    let core = root().join("crates/iamsure-core/src");
    none(&offences(&core, |file, line| {
        let file = file.trim_start_matches("crates/iamsure-core/src/");
        let may = file == "language/json.rs"
            || file == "language/document/read.rs"
            || file.starts_with("language/document/read/")
            // Where the module is declared.
            || (file == "language.rs" && line.trim() == "pub mod json;");
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let uses = words.any(|word| {
            word == "Json"
                || word.starts_with("Json::")
                || word.split("::").any(|part| part == "json") && word.contains("::")
                || word == "json" && line.trim_start().starts_with("use ")
        });
        (uses && !may).then(|| "uses the JSON tree".to_owned())
    }));
}

/// What is shown does not know who asks: only the switchboard names commands.
#[test]
fn nothing_below_the_commands_names_one() {
    let line = root().join("crates/iamsure/src");
    none(&offences(&line, |path, line| {
        let is_above = path.contains("/src/command") || path.ends_with("/src/lib.rs");
        (!is_above && line.contains("command::"))
            .then(|| "names a command, which stands above it".to_owned())
    }));
}

#[test]
fn libraries_do_no_io() {
    let forbidden = [
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "std::net::Tcp",
        // Threads that end with the call are a way to work; those that outlive it, and waiting, are not.
        "thread::sleep",
        "thread::spawn(",
        "std::time::",
        "println!",
        "eprintln!",
        "print!(",
        "dbg!(",
    ];
    let mut found = Vec::new();
    for name in LIBRARIES {
        found.extend(offences(&root().join("crates").join(name).join("src"), |_, line| {
            let name = forbidden.iter().find(|name| line.contains(**name))?;
            Some(format!("{name} in a library"))
        }));
    }
    none(&found);
}

/// The packages of the lock file, each with what it depends on.
fn locked() -> Vec<(String, Vec<String>)> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let package = |text: &str| {
        let quoted = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
        let name = text.lines().find(|line| line.starts_with("name = ")).map(quoted).unwrap();
        let of = |line: &str| quoted(line).split(' ').next().unwrap_or_default().to_owned();
        let lines = text.lines().filter(|line| line.starts_with(" \"")).map(of);
        (name, lines.collect())
    };
    lock.split("[[package]]\n").skip(1).map(package).collect()
}

/// Who depends on a package.
fn dependents(locked: &[(String, Vec<String>)], name: &str) -> Vec<String> {
    let on = |dependencies: &[String]| dependencies.iter().any(|known| known == name);
    locked.iter().filter(|(_, all)| on(all)).map(|(name, _)| name.clone()).collect()
}

#[test]
fn one_crate_opens_connections_and_one_command_uses_it() {
    // By dependencies: one client of HTTP, one crate that has it, one that has that.
    let locked = locked();
    assert_eq!(dependents(&locked, "ureq"), ["iamsure-mcp"]);
    assert_eq!(dependents(&locked, "iamsure-mcp"), ["iamsure"]);
    assert_eq!(dependents(&locked, "rustls"), ["ureq"]);
    let others = [
        "async-std",
        "attohttpc",
        "curl",
        "hyper",
        "isahc",
        "mio",
        "native-tls",
        "openssl",
        "quinn",
        "reqwest",
        "smol",
        "socket2",
        "tokio",
        "tungstenite",
        "zmq",
    ];
    let found: Vec<_> = locked.iter().filter(|(name, _)| others.contains(&name.as_str())).collect();
    assert!(found.is_empty(), "{found:?}");
    // By name: sockets of the standard library nowhere, the client in one command and its renderer.
    let sockets = [
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "UnixStream",
        "UnixListener",
        "UnixDatagram",
        "ToSocketAddrs",
        "ureq",
    ];
    let crates = root().join("crates");
    none(&offences(&crates, |file, line| {
        let socket = sockets.iter().find(|name| line.contains(**name));
        let of_client = file.starts_with("crates/iamsure-mcp/src/");
        let may_visit = file.starts_with("crates/iamsure/src/command/toolhive/verify")
            || file.starts_with("crates/iamsure/src/render/toolhive/verify");
        match socket {
            Some(name) if !of_client => Some(format!("{name} outside of iamsure-mcp")),
            None if line.contains("iamsure_mcp") && !may_visit => {
                Some("iamsure_mcp outside of `iamsure toolhive verify`".to_owned())
            }
            _ => None,
        }
    }));
}

/// The sections of a manifest that say how tests are built: of each its heading, and what it says.
fn test_profiles(manifest: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            line.clone_into(&mut section);
        } else if !line.is_empty()
            && ["[profile.dev", "[profile.test"].iter().any(|of| section.starts_with(of))
        {
            found.entry(section.clone()).or_default().push(line.to_owned());
        }
    }
    found
}

/// Otherwise everything that both depend on is built twice, which takes ten minutes of `.ci/run`.
#[test]
fn fuzz_targets_are_built_as_tests_are() {
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let (ours, fuzz) =
        (test_profiles(&read("Cargo.toml")), test_profiles(&read("fuzz/Cargo.toml")));
    let locked = read("fuzz/Cargo.lock");
    let is_of_fuzz = |section: &str| match section.split_once(".package.") {
        Some((_, name)) => {
            let name = name.trim_end_matches(']').trim_matches('"');
            name == "*" || locked.contains(&format!("\nname = \"{name}\"\n"))
        }
        None => true,
    };
    let expected: BTreeMap<_, _> =
        ours.into_iter().filter(|(section, _)| is_of_fuzz(section)).collect();
    assert!(expected.len() > 2);
    assert_eq!(fuzz, expected);
}

#[test]
fn offences_are_found_where_they_are() {
    let text = "//! crate::world\n#[cfg(test)]\nmod tests;\nuse crate::world; // here\n\
        #[cfg(test)]\nuse crate::world;\n";
    let lines: Vec<_> = code(text).filter(|(_, line)| line.contains("crate::world")).collect();
    assert_eq!(lines, [(4, "use crate::world; ")]);
    let manifest = "[dependencies]\niamsure-core.workspace = true\nserde = \"1\"\n\n\
        [dev-dependencies]\niamsure-testkit = { path = \"x\" }\n\n[dependencies.iamsure-truth]\n";
    let names: Vec<_> = dependencies(manifest)
        .into_iter()
        .map(|(kind, name, line)| format!("{kind} {name} {line}"))
        .collect();
    assert_eq!(
        names,
        [
            "dependencies iamsure-core 2",
            "dev-dependencies iamsure-testkit 6",
            "dependencies iamsure-truth 8"
        ]
    );
}
