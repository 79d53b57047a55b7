//! Access-denied sentences on their own, as people copy them: alone, after what the AWS CLI prints before them, in a
//! log, wrapped over several lines, or in an error of an API as JSON.
//!
//! AWS page: IAM User Guide, `troubleshoot_access-denied`.

use iamsure_core::language::{ActionName, Source, Span};
use iamsure_core::world::Principal;

use super::expected::Expected;
use super::field::{Field, ImportError};
use super::sentence::{self, Sentence};
use super::{Import, Policies, Test, caller};

/// What no sentence tells.
const NEVER_TOLD: &str = "an access-denied message contains at most the caller, action, resource and one layer: every condition key that does not follow from them is unknown";
/// What EC2 prints instead of a reason.
const ENCODED: &str = "Encoded authorization failure message";

/// Whether a text is meant as JSON, so that what is wrong with it is said as such.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let in_list = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || in_list.is_some_and(|text| text.starts_with(['{', '[']))
}

/// The sentence in JSON: a text, or the message of an error.
pub(super) fn in_json<'a>(value: Field<'a>) -> Option<&'a str> {
    let of_error = |error: Field<'a>| {
        let mut names = ["Message", "message", "errorMessage"].into_iter();
        names.find_map(|name| error.get(name)).and_then(Field::as_text)
    };
    let text = value.as_text();
    let found = text.or_else(|| of_error(value)).or_else(|| of_error(value.get("Error")?));
    found.filter(|text| sentence::is_denial(text))
}

/// Reads the sentence in JSON.
///
/// # Errors
/// If there is none.
pub(super) fn read_json(value: Field<'_>, import: &mut Import) -> Result<(), ImportError> {
    let text = in_json(value).ok_or_else(|| value.error(NONE))?;
    add(&text.split_whitespace().collect::<Vec<_>>().join(" "), value.source.name(), import);
    Ok(())
}

const NONE: &str = "it contains no access-denied message of the form `User: … is not authorized to perform: … on resource: …`";

/// Reads every sentence of a text.
///
/// # Errors
/// If there is none.
pub(super) fn read(source: &Source, import: &mut Import) -> Result<(), ImportError> {
    let found = sentences(source.text());
    if found.is_empty() {
        let message = if source.text().contains(ENCODED) {
            "the message is encoded: decode it with `aws sts decode-authorization-message --encoded-message TEXT` and import the output"
        } else {
            NONE
        };
        return Err(ImportError::at(source, Span::default(), message));
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut repeated = 0;
    for (line, text) in found {
        let core = text.split_once("User: ").map_or(text.clone(), |(_, rest)| rest.to_owned());
        if seen.insert(core) {
            add(&text, &format!("{}:{line}", source.name()), import);
        } else {
            repeated += 1;
        }
    }
    if repeated > 0 {
        import.notes.push(format!("{}: {repeated} duplicate messages skipped", source.name()));
    }
    Ok(())
}

/// The sentences of a text, each on one line, and the lines they begin on. Lines are joined where the sentence goes on.
fn sentences(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Vec::new();
    let mut start = 0;
    for paragraph in lines.split(|line| line.is_empty()) {
        if paragraph.iter().any(|line| sentence::is_denial(line)) {
            of_lines(paragraph, start, &mut found);
        } else if paragraph.len() > 1 {
            // The words that tell a sentence may be on two lines.
            let joined = paragraph.join(" ");
            if sentence::is_denial(&joined) {
                found.push((start + 1, joined));
            }
        }
        start += paragraph.len() + 1;
    }
    found
}

fn of_lines(lines: &[&str], start: usize, found: &mut Vec<(usize, String)>) {
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let mut at = index;
        index += 1;
        if !sentence::is_denial(line) {
            continue;
        }
        let mut text = (*line).to_owned();
        let before = at.checked_sub(1).and_then(|before| lines.get(before));
        if let Some(before) = before.filter(|before| !sentence::is_denial(before)) {
            let joined = format!("{before} {text}");
            if sentence::read(&text).principal.is_none()
                && sentence::read(&joined).principal.is_some()
            {
                text = joined;
                at -= 1;
            }
        }
        while let Some(next) = lines.get(index).filter(|next| !sentence::is_denial(next)) {
            let joined = format!("{text} {next}");
            if !goes_on(&sentence::read(&text), &sentence::read(&joined)) {
                break;
            }
            text = joined;
            index += 1;
        }
        found.push((start + at + 1, text));
    }
}

/// Whether a sentence with its next line tells more than without, and nothing else.
fn goes_on(alone: &Sentence<'_>, joined: &Sentence<'_>) -> bool {
    let told = |sentence: &Sentence<'_>| {
        let Expected { word, by } = &sentence.expected;
        [
            sentence.action.is_some(),
            sentence.resource.is_some(),
            *word != super::Word::Denied,
            by.is_some(),
            sentence.policy.is_some(),
            sentence.authorization.is_some(),
        ]
        .into_iter()
        .filter(|is_told| *is_told)
        .count()
    };
    // A reason that begins at the end of the line was taken for a part of the resource.
    let is_same = match (alone.resource, joined.resource) {
        (Some(alone), Some(joined)) => alone.starts_with(joined),
        (Some(_), None) => false,
        (None, _) => true,
    };
    is_same && told(joined) > told(alone)
}

/// Adds the test of a sentence.
fn add(text: &str, place: &str, import: &mut Import) {
    let read = sentence::read(text);
    let Some(action) = read.action.and_then(|name| ActionName::parse(name).ok()) else {
        let named = read.action.unwrap_or("nothing");
        import.notes.push(format!("{place}: message skipped: `{named}` is not a request action"));
        return;
    };
    import.remark(NEVER_TOLD);
    let principal = read.principal.and_then(of_text);
    let who = principal.as_ref().map_or_else(|| "somebody".to_owned(), caller::short_name);
    let mut test = Test {
        name: format!("{action} by {who} is {}", read.expected.word.as_str()),
        source: format!("access-denied sentence ({place})"),
        principal,
        resource: None,
        resource_account: None,
        context: Vec::new(),
        path: None,
        expected: read.expected.clone(),
        policies: Policies::NotTold(format!("the policies of {who}")),
        remarks: read.remarks(),
        todo: Vec::new(),
        action,
    };
    if test.principal.is_none() {
        test.todo.push(match read.principal {
            Some(text) => format!("set the caller: AWS wrote `{text}`, which is not a principal"),
            None => "set the caller: the message does not name it".to_owned(),
        });
    }
    match read.resource {
        Some(resource) => test.name_resource(resource),
        None if has_no_resources(&test.action) => test.resource = Some("*".to_owned()),
        None => test.todo.push("set the resource: the message does not name it".to_owned()),
    }
    test.remark_owner();
    import.tests.push(test);
}

fn of_text(text: &str) -> Option<Principal> {
    if text == "anonymous" { Some(Principal::Anonymous) } else { caller::of_arn(text) }
}

/// Whether AWS publishes that an action works on no resource.
fn has_no_resources(action: &ActionName) -> bool {
    let known = iamsure_reference::action(action.as_str()).known();
    known.is_some_and(|known| known.resource_types().next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action";

    #[test]
    fn a_sentence_is_found_however_it_is_wrapped() {
        for width in 12..ONE.len() {
            let mut wrapped = String::new();
            let mut long = 0;
            for word in ONE.split(' ') {
                if long > 0 {
                    let breaks = long + word.len() > width;
                    wrapped.push(if breaks { '\n' } else { ' ' });
                    long = if breaks { 0 } else { long };
                }
                wrapped.push_str(word);
                long += word.len() + 1;
            }
            let found = sentences(&wrapped);
            // The end of the sentence says its action again.
            let [(1, text)] = found.as_slice() else { panic!("{width}: {found:?}") };
            assert_eq!(sentence::read(text), sentence::read(ONE), "{width}: {wrapped}");
        }
    }

    #[test]
    fn what_stands_beside_a_sentence_is_no_part_of_it() {
        let short = "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k";
        let text = format!(
            "Traceback\n  {short}\nDuring handling, because no one knows\n\n{short}\n{ONE}\n"
        );
        let found = sentences(&text);
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 5, 6]);
        let resources: Vec<_> =
            found.iter().map(|(_, text)| sentence::read(text).resource).collect();
        assert_eq!(resources, [Some("arn:aws:s3:::b/k"); 3]);
    }
}
