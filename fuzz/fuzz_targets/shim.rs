//! One law, two programs: a fuzz target under a fuzzer, and without one a replayer of inputs.

/// Makes the program of a law, a function that takes the text of one input and panics if the law
/// is broken. Inputs that are not UTF-8 are passed over.
macro_rules! law {
    ($law:path) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|input: &[u8]| {
            if let Ok(text) = std::str::from_utf8(input) {
                $law(text);
            }
        });

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            shim::replay($law)
        }
    };
}

pub(crate) use law;

/// Holds the law against every file named on the command line, and every file of every folder.
#[cfg(not(fuzzing))]
pub(crate) fn replay(law: fn(&str)) -> std::process::ExitCode {
    let mut files = Vec::new();
    for path in std::env::args_os().skip(1).map(std::path::PathBuf::from) {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder that can be read");
            files.extend(entries.map(|entry| entry.expect("an entry that can be read").path()));
        } else {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        eprintln!("name the inputs to replay: files, or folders of them");
        return std::process::ExitCode::from(2);
    }
    for file in &files {
        // Before the law, so that the last line names the input that breaks it.
        println!("{}", file.display());
        let input = std::fs::read(file).expect("a file that can be read");
        match str::from_utf8(&input) {
            Ok(text) => law(text),
            Err(_) => println!("  is not UTF-8: passed over"),
        }
    }
    println!("{} inputs, and the law holds", files.len());
    std::process::ExitCode::SUCCESS
}
