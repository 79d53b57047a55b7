//! The words that people read: one plain register.

use regex::Regex;

use super::printed;

/// What is not written where people read it, and what is in its place.
const LEFT: [(&str, &str); 24] = [
    (r"\bhangs? on\b", "depends on"),
    (r"\bnobody (?:said|says|would miss|named)\b", "not given; removing it changes nothing"),
    (r"\btells nobody\b", "silently"),
    (r"\btaken as\b", "assumed, treated as"),
    (r"\bwhat of (?:the |some )?policies\b", "policy parts"),
    (r"\b[Cc]losed world: no policies but these\b", "only these policies are considered"),
    (r"\bExact over every\b", "exhaustive"),
    (r"\bexactly one row matches\b", "every request matches exactly one row"),
    (r"\ballow for some\b", "partly allowed"),
    (r"\bas soon as somebody\b", "once an Allow is attached"),
    (r"` is no decision\b", "is not a valid decision"),
    (r"\bwith it in place of\b", "correct for X, not for Y"),
    (r"\bequal only themselves\b", "treated as literal values"),
    (r"\bsay whose it is\b", "--resource-account to change"),
    (r"\bunknown unless said\b", "unknown; set it with --context or --absent"),
    (r"\beverything AWS would refuse to save\b", "everything AWS would reject"),
    (r"\bour evaluator\b", "iamsure"),
    (r"` is no [a-z]+\b", "is not a"),
    (r"\bnames ignore case\b", "key names are case-insensitive"),
    (r"\b(?:says|tells) nothing of\b", "does not describe, is not about"),
    (r"\bTrue of every request\b", "holds for every request"),
    (r"\b[Tt]he claim is about nothing\b", "no request matches this claim"),
    (r"\b[Nn]othing was cut short\b", "nothing was approximated"),
    (r"\bleft out by --", "hidden by"),
];

#[test]
fn what_is_printed_keeps_to_one_register() {
    let left: Vec<(Regex, &str)> =
        LEFT.iter().map(|(left, right)| (Regex::new(left).unwrap(), *right)).collect();
    let root = super::root();
    let mut texts_of_files: Vec<(String, usize, String)> = Vec::new();
    for file in printed::sources() {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let texts = (1..).zip(printed::texts(&file, true));
        texts_of_files.extend(texts.map(|(number, text)| (name.clone(), number, text)));
    }
    assert!(texts_of_files.len() > 1_000, "too few texts were found: {}", texts_of_files.len());
    // Transcripts show what is printed, joined of its parts.
    for folder in ["docs", "tests/cli"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md" || extension == "trycmd")
            {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                let text = std::fs::read_to_string(&path).unwrap();
                texts_of_files.extend(
                    (1..)
                        .zip(text.lines())
                        .map(|(line, text)| (name.clone(), line, text.to_owned())),
                );
            }
        }
    }
    let mut faults = Vec::new();
    for (name, line, text) in &texts_of_files {
        for (left, right) in &left {
            if left.is_match(text) {
                faults.push(format!("{name}:{line}: `{left}` in {text:?}: write {right}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
