//! Whether an ARN has the form of a resource type.
//!
//! A format such as `arn:${Partition}:s3:::${BucketName}/${ObjectName}` is read as a pattern: its
//! variables stand for at least one character, before the fifth colon for none that is a colon. Only
//! `${Account}` may be empty, as it is in the ARNs of what AWS itself owns.
//! The ARN may be a pattern too. Then the question is whether some ARN has both forms, which a walk
//! over pairs of places answers exactly.

/// Part of a format or of an ARN pattern.
#[derive(Clone, Copy)]
enum Part {
    /// This character.
    Letter(char),
    /// One character.
    One(Kind),
    /// Any number of characters.
    Run(Kind),
}

/// Which characters a variable or wildcard stands for.
#[derive(Clone, Copy)]
enum Kind {
    Any,
    /// No colon: a field of an ARN.
    InField,
    /// No slash: the name of a bucket.
    NoSlash,
}

impl Kind {
    const fn holds(self, letter: char) -> bool {
        match self {
            Self::Any => true,
            Self::InField => letter != ':',
            Self::NoSlash => letter != '/',
        }
    }
}

/// A variable whose value holds no slash, by which `arn:aws:s3:::bucket/key` is no bucket.
///
/// AWS page: S3 User Guide, general purpose bucket naming rules.
const WITHOUT_SLASH: &str = "BucketName";

/// An ARN, or a pattern of ARNs, that is held against formats.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    text: &'a str,
    /// The fields, if it is an ARN.
    fields: Option<[&'a str; FIELDS]>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let is_pattern = text.bytes().any(|byte| matches!(byte, b'*' | b'?'));
        Self { text, fields: if is_pattern { None } else { split(text) } }
    }

    /// Whether it, or an ARN that it stands for, has this format.
    pub(crate) fn has_format(&self, format: &str) -> bool {
        self.by_fields(format).unwrap_or_else(|| {
            other_service(format, self.text) != Some(true)
                && meet(&of_format(format, 0), &of_pattern(self.text))
        })
    }

    /// Whether an ARN has this format, told field by field: no variable in the first five holds a colon. `None` of a
    /// pattern, and of what has not six fields; a `*` in the first five of a format may be a colon, too.
    fn by_fields(&self, format: &str) -> Option<bool> {
        let found = self.fields?;
        let own = split(format)?;
        for (place, (own, found)) in own.into_iter().zip(found).enumerate() {
            let is_last = place + 1 == FIELDS;
            if own.contains('*') && !is_last {
                return None;
            }
            let fits = match whole_variable(own).filter(|_| !is_last) {
                // Nothing in such a field is a colon.
                Some(name) => !(variable(name, place).0 && found.is_empty()),
                None => has_form(own, found, place),
            };
            if !fits {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// The name of the variable that a field is, if it is nothing else: most fields are.
fn whole_variable(field: &str) -> Option<&str> {
    let name = field.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains('}')).then_some(name)
}

/// The fields of an ARN.
const FIELDS: usize = 6;

/// The fields of an ARN or of a format; the last goes on to the end. `None` if there are fewer.
fn split(text: &str) -> Option<[&str; FIELDS]> {
    let (mut found, mut rest) = ([""; FIELDS], text);
    let (last, others) = found.split_last_mut()?;
    for field in others {
        // Fields are short: a plain walk finds their ends sooner than a search made for long texts.
        let end = rest.bytes().position(|byte| byte == b':')?;
        let (start, after) = rest.split_at_checked(end)?;
        (*field, rest) = (start, after.get(1..)?);
    }
    *last = rest;
    Some(found)
}

/// Whether a text has the form of a part of a format that follows so many colons.
fn has_form(form: &str, text: &str, colons: usize) -> bool {
    let Some(open) = form.bytes().position(|byte| matches!(byte, b'$' | b'*')) else {
        return form == text;
    };
    let Some((literal, variables)) = form.split_at_checked(open) else { return false };
    let Some(rest) = text.strip_prefix(literal) else { return false };
    by_literals(variables, rest, colons)
        .unwrap_or_else(|| meet(&of_format(variables, colons), &of_pattern(rest)))
}

/// Whether a text has a form that begins with a variable, told by where the literals after the variables first stand: what
/// is left is then the longest there can be, and what is before the first one the shortest. `None` where that
/// does not tell: of a `*`, and where a variable but the first one does not hold every character.
fn by_literals(form: &str, text: &str, colons: usize) -> Option<bool> {
    let (mut form, mut text) = (form, text);
    let mut is_first = true;
    loop {
        let (name, after) = form.strip_prefix("${")?.split_once('}')?;
        let (is_some, kind) = variable(name, colons);
        let is_any = is_some && matches!(kind, Kind::Any);
        if !(is_first || is_any) {
            return None;
        }
        is_first = false;
        let next = after.bytes().position(|byte| matches!(byte, b'$' | b'*'));
        let (literal, rest) = after.split_at_checked(next.unwrap_or(after.len()))?;
        if literal.is_empty() && !rest.is_empty() {
            return None;
        }
        let least = if is_some { text.chars().next().map_or(1, char::len_utf8) } else { 0 };
        let Some(tail) = text.get(least..) else { return Some(false) };
        let place = if rest.is_empty() {
            tail.ends_with(literal).then(|| tail.len() - literal.len())
        } else {
            tail.find(literal)
        };
        let value = place.and_then(|place| Some((place, text.get(..least + place)?)));
        let Some((place, value)) = value else { return Some(false) };
        if !value.chars().all(|letter| kind.holds(letter)) {
            return Some(false);
        }
        if rest.is_empty() {
            return Some(true);
        }
        (form, text) = (rest, tail.get(place + literal.len()..)?);
    }
}

/// Whether a variable that follows so many colons stands for at least one character, and for which.
fn variable(name: &str, colons: usize) -> (bool, Kind) {
    match name {
        // AWS's own resources have no account.
        "Account" if colons < FIELDS - 1 => (false, Kind::InField),
        _ if colons < FIELDS - 1 => (true, Kind::InField),
        WITHOUT_SLASH => (true, Kind::NoSlash),
        _ => (true, Kind::Any),
    }
}

/// Whether the two name different services, if both name one.
fn other_service(format: &str, pattern: &str) -> Option<bool> {
    let (of_format, of_pattern) = (format.split(':').nth(2)?, pattern.split(':').nth(2)?);
    let head = pattern.split(':').take(3).any(|field| field.contains(['*', '?']));
    (!head && !of_format.contains(['$', '*'])).then_some(of_format != of_pattern)
}

/// The parts of a format, or of what follows so many colons of one.
fn of_format(format: &str, mut colons: usize) -> Vec<Part> {
    let mut parts = Vec::with_capacity(format.len());
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let named = rest.strip_prefix("${").and_then(|rest| rest.split_once('}'));
        if let Some((name, after)) = named {
            let (is_some, kind) = variable(name, colons);
            parts.extend(is_some.then_some(Part::One(kind)));
            parts.push(Part::Run(kind));
            rest = after;
            continue;
        }
        colons += usize::from(letter == ':');
        parts.push(if letter == '*' { Part::Run(Kind::Any) } else { Part::Letter(letter) });
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    parts
}

/// With six fields, a wildcard in the first five stays in its field: what a policy means by
/// `arn:aws:ec2:*:*:volume/*`. (IAM lets the last `*` of a field run on; read so, this would also
/// be every instance whose id holds `:volume/`.)
fn of_pattern(pattern: &str) -> Vec<Part> {
    let is_whole = pattern.matches(':').count() >= 5;
    let mut colons = 0;
    let part = |letter| {
        let kind = if is_whole && colons < 5 { Kind::InField } else { Kind::Any };
        colons += usize::from(letter == ':');
        match letter {
            '*' => Part::Run(kind),
            '?' => Part::One(kind),
            letter => Part::Letter(letter),
        }
    };
    pattern.chars().map(part).collect()
}

/// Whether some text has both forms.
fn meet(one: &[Part], other: &[Part]) -> bool {
    // `here[j]`: the parts of `one` up to here and the first `j` of `other` can stand for one text.
    let mut here = vec![false; other.len() + 1];
    if let Some(start) = here.first_mut() {
        *start = true;
    }
    empty_runs(&mut here, other);
    for part in one {
        let mut next = vec![false; other.len() + 1];
        if let Part::Run(_) = part {
            // The run stands for nothing, or goes on over parts of the other.
            next.clone_from(&here);
            for (place, met) in other.iter().enumerate() {
                if next.get(place) == Some(&true) && (shared(*part, *met) || is_run(*met)) {
                    mark(&mut next, place + 1);
                }
            }
        } else {
            for (place, met) in other.iter().enumerate() {
                if here.get(place) == Some(&true) && shared(*part, *met) {
                    mark(&mut next, place + 1);
                    if is_run(*met) {
                        mark(&mut next, place);
                    }
                }
            }
        }
        empty_runs(&mut next, other);
        here = next;
    }
    here.last() == Some(&true)
}

/// Runs of the other may stand for nothing.
fn empty_runs(reached: &mut [bool], other: &[Part]) {
    for (place, part) in other.iter().enumerate() {
        if reached.get(place) == Some(&true) && is_run(*part) {
            mark(reached, place + 1);
        }
    }
}

fn mark(reached: &mut [bool], place: usize) {
    if let Some(reached) = reached.get_mut(place) {
        *reached = true;
    }
}

const fn is_run(part: Part) -> bool {
    matches!(part, Part::Run(_))
}

/// Whether one character can be both.
const fn shared(one: Part, other: Part) -> bool {
    match (one, other) {
        (Part::Letter(one), Part::Letter(other)) => one == other,
        (Part::Letter(letter), Part::One(kind) | Part::Run(kind))
        | (Part::One(kind) | Part::Run(kind), Part::Letter(letter)) => kind.holds(letter),
        // Every kind holds almost every character.
        (Part::One(_) | Part::Run(_), Part::One(_) | Part::Run(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ResourceType;
    use crate::table::RESOURCES;

    fn fits(format: &str, pattern: &str) -> bool {
        Wanted::new(pattern).has_format(format)
    }

    /// Every text of up to `length` of these letters.
    fn texts(letters: &str, length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..length {
            last = last
                .iter()
                .flat_map(|text| letters.chars().map(move |letter| format!("{text}{letter}")))
                .collect();
            all.extend(last.clone());
        }
        all
    }

    /// By recursion, one text at a time: nothing in common with the walk under test.
    fn is_meant(parts: &[Part], text: &[char]) -> bool {
        match (parts.split_first(), text.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some((Part::Run(kind), rest)), _) => {
                is_meant(rest, text)
                    || text.split_first().is_some_and(|(letter, after)| {
                        kind.holds(*letter) && is_meant(parts, after)
                    })
            }
            (Some(_), None) => false,
            (Some((Part::Letter(wanted), rest)), Some((letter, after))) => {
                wanted == letter && is_meant(rest, after)
            }
            (Some((Part::One(kind), rest)), Some((letter, after))) => {
                kind.holds(*letter) && is_meant(rest, after)
            }
        }
    }

    #[test]
    fn forms_meet_exactly_where_some_text_has_both() {
        let examples: Vec<Vec<char>> =
            texts("ab/:", 5).iter().map(|text| text.chars().collect()).collect();
        let meanings = |parts: &[Part]| -> Vec<bool> {
            examples.iter().map(|text| is_meant(parts, text)).collect()
        };
        let patterns: Vec<_> = texts("a/*?", 3)
            .iter()
            .map(|text| of_pattern(text))
            .map(|parts| (meanings(&parts), parts))
            .collect();
        let formats: Vec<_> = ["", "a", "a/", "${BucketName}", "a${X}", "${BucketName}/${X}", "a*"]
            .iter()
            .map(|tail| of_format(tail, 5))
            .chain(["${X}", "${X}a", "*"].map(|format| of_format(format, 0)))
            .map(|parts| (meanings(&parts), parts))
            .collect();
        for (of_one, one) in formats.iter().chain(&patterns) {
            for (of_other, other) in &patterns {
                let expected = of_one.iter().zip(of_other).any(|(one, other)| *one && *other);
                assert_eq!(meet(one, other), expected);
                assert_eq!(meet(other, one), expected);
            }
        }
    }

    #[test]
    fn literals_tell_what_the_walk_tells() {
        let mut told = 0;
        for form in [
            "${BucketName}",
            "${X}",
            "${BucketName}/${X}",
            "${BucketName}a${X}",
            "${X}a${Y}",
            "${X}ab${Y}a${Z}",
            "${BucketName}/a${X}/b",
            "${X}/${BucketName}",
            "${X}${Y}",
            "${X}a*",
            "${X}a*b",
            "${X}$a",
        ] {
            for text in texts("ab/:é", 5) {
                let Some(found) = by_literals(form, &text, 5) else { continue };
                assert_eq!(found, meet(&of_format(form, 5), &of_pattern(&text)), "{form} {text}");
                told += 1;
            }
            for text in texts("ab/", 4) {
                let found = has_form(&form.replace("${X}", "${Account}"), &text, 4);
                let parts = of_format(&form.replace("${X}", "${Account}"), 4);
                assert_eq!(found, meet(&parts, &of_pattern(&text)), "{form} {text}");
            }
        }
        assert!(told > 8 * 3_000, "{told}");
    }

    /// Every format that AWS publishes, and ARNs of each: field by field is as the walk over the whole.
    #[test]
    fn fields_tell_what_the_whole_tells() {
        let all: Vec<&str> =
            (0..RESOURCES.len()).flat_map(|at| ResourceType::at(at).arn_formats()).collect();
        let named = |format: &str, value: &str| {
            let parts =
                format.split("${").map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
            parts.collect::<Vec<_>>().join(value).replace('*', "y")
        };
        let (mut fitting, mut others) = (0, 0);
        for (number, format) in all.iter().enumerate() {
            assert!(fits(format, &named(format, "x")) || format.contains('*'), "{format}");
            // Its neighbours are mostly of its own service.
            for other in all.iter().skip(number.saturating_sub(20)).take(40) {
                for value in ["x", "", "a/b", "a:b"] {
                    let arn = named(other, value);
                    let Some(found) = Wanted::new(&arn).by_fields(format) else { continue };
                    assert_eq!(
                        found,
                        meet(&of_format(format, 0), &of_pattern(&arn)),
                        "{format} {arn}"
                    );
                    *(if found { &mut fitting } else { &mut others }) += 1;
                }
            }
        }
        assert!(fitting > all.len() && others > all.len());
    }

    #[test]
    fn variables_stop_at_colons_in_the_first_five_fields_only() {
        let topic = "arn:${Partition}:sns:${Region}:${Account}:${TopicName}";
        assert!(fits(topic, "arn:aws:sns:us-east-1:111122223333:topic:subscription"));
        assert!(fits(topic, "arn:aws:sns:us-east-1::topic"));
        assert!(!fits(topic, "arn:aws:sns:us-east-1:111122223333:"));
        assert!(!fits(topic, "arn:aws:sqs:us-east-1:111122223333:queue"));
        assert!(fits(topic, "arn:*"));
        assert!(fits(topic, "*"));
        assert!(fits(topic, "arn:aws:sns:*:*:*"));
        assert!(fits(topic, "arn:*:sns:*:*:topic"));
        let instance = "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}";
        assert!(fits(instance, "arn:aws:ec2:*:*:instance/*"));
        assert!(!fits(instance, "arn:aws:ec2:*:*:volume/*"));
        assert!(fits(instance, "arn:aws:ec2:*:*"));
        assert!(fits("arn:${Partition}:s3:${Region}:*:job/${Id}", "arn:aws:s3:eu-west-1::job/1"));
    }
}
