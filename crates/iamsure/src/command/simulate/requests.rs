//! `iamsure simulate --requests`: one request a line, an answer a line.
//!
//! A policy set is read and compiled once, however many lines name it. A request with one decision is answered
//! by the compiled set; what the others depend on is found as for a single request. Memory does not grow with
//! the number of lines.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use iamsure_core::language::json::MAX_BYTES;
use iamsure_core::world::{CallPaths, Switches};
use iamsure_review::answer_form;
use iamsure_review::request_form::{self, RequestFormError, SeenBefore, Unattached};
use iamsure_truth::ask::{NotGiven, Settled, Worlds};
use iamsure_truth::sample::Who;
use serde_json::Value;

use super::known_sets::{KnownSet, KnownSets};
use super::{call_path, check, judged, met, profile, with_claims};
use crate::args::SimulateArgs;
use crate::check::{Check, known_by};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::render::explanation;
use crate::render::json::written_out;
use crate::streams::Streams;

/// How much of the input is read, and of the output kept, at a time.
const PORTION: usize = 1 << 16;

/// Decides one request a line, as they come.
pub(super) fn run(
    args: &SimulateArgs,
    path: &Path,
    known: &CallPaths,
    switches: Switches,
    streams: &mut Streams,
) -> Result<Exit, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::Message(format!("cannot read `{}`: {error}", path.display()))
    };
    let given = given(args, path, switches, streams)?;
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        streams.take_input()
    } else {
        Box::new(input::open_named(path, streams).map_err(Failure::Message)?)
    };
    let mut source = BufReader::with_capacity(PORTION, source);
    let mut answers = Answers {
        args,
        known,
        switches,
        given,
        sets: KnownSets::default(),
        seen: SeenBefore::default(),
        exit: Exit::AsExpected,
    };
    let (mut line, mut out) = (Vec::new(), Vec::new());
    let mut answered = 0_usize;
    for number in 1.. {
        // What was answered is written before more is waited for, so that two programs can talk.
        if out.len() >= PORTION || !source.buffer().contains(&b'\n') {
            print(&mut out, streams)?;
        }
        if !next_line(&mut source, &mut line).map_err(cannot)? {
            break;
        }
        let text = text_of(&line);
        if text.trim().is_empty() {
            continue;
        }
        answered += 1;
        // The answer may still be no, and is the exit code.
        if streams.is_closed() && args.expect.is_none() {
            return Ok(answers.exit);
        }
        if let Err(failure) = answers.add(&text, number, &mut out) {
            print(&mut out, streams)?;
            return Err(failure);
        }
    }
    print(&mut out, streams)?;
    if answered == 0 && args.expect.is_some() {
        return Err(Failure::Message(format!(
            "`{}` contains no request, so --expect does not hold",
            path.display()
        )));
    }
    Ok(answers.exit)
}

/// The policies that are given for all lines, if there are any.
fn given(
    args: &SimulateArgs,
    path: &Path,
    switches: Switches,
    streams: &mut Streams,
) -> Result<Option<Rc<KnownSet>>, Failure> {
    if args.policies.are_none() {
        return Ok(None);
    }
    if path.as_os_str() == "-" && args.policies.name_standard_input() {
        return Err(Failure::Message("standard input (`-`) can be read once only".to_owned()));
    }
    let policies = input::policy_set(&args.policies, streams)?.policies;
    Ok(Some(Rc::new(KnownSet::new(policies, switches, NotGiven::Unknown))))
}

/// Writes what was answered.
fn print(out: &mut Vec<u8>, streams: &mut Streams) -> Result<(), Failure> {
    if !out.is_empty() {
        streams.print(&written_out(text_of(out).into_owned()))?;
        out.clear();
    }
    Ok(())
}

/// The text of bytes, which almost always are one.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Reads the next line, cut at [`MAX_BYTES`]; what is cut cannot be read as a request.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    if reader.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() != Some(&b'\n') && line.len() >= MAX_BYTES {
        // Skip the rest of the line, so that the next one is whole.
        reader.skip_until(b'\n')?;
    }
    Ok(true)
}

/// The answers, in the making.
struct Answers<'a> {
    args: &'a SimulateArgs,
    known: &'a CallPaths,
    switches: Switches,
    /// The policies of all lines, if they are given.
    given: Option<Rc<KnownSet>>,
    sets: KnownSets,
    seen: SeenBefore,
    exit: Exit,
}

/// Why a line has no answer.
enum Unanswered {
    /// It cannot be read, which is said in its place.
    Line(RequestFormError),
    /// Nothing further is answered.
    Run(Failure),
}

impl From<RequestFormError> for Unanswered {
    fn from(error: RequestFormError) -> Self {
        Self::Line(error)
    }
}

impl From<Failure> for Unanswered {
    fn from(failure: Failure) -> Self {
        Self::Run(failure)
    }
}

impl Answers<'_> {
    /// Adds the answer to line `number` (from 1).
    fn add(&mut self, text: &str, number: usize, out: &mut Vec<u8>) -> Result<(), Failure> {
        match self.answer(text, out) {
            Ok(()) => {}
            Err(Unanswered::Line(error)) => {
                self.exit = Exit::CouldNotRun;
                write(&answer_form::unreadable(number, &error), out);
            }
            Err(Unanswered::Run(failure)) => return Err(failure),
        }
        out.push(b'\n');
        Ok(())
    }

    /// Adds the answer to a request.
    fn answer(&mut self, text: &str, out: &mut Vec<u8>) -> Result<(), Unanswered> {
        let args = self.args;
        let form = self.form(text)?;
        if form.is_special && self.given.is_none() {
            return self.special(text, out);
        }
        let path = call_path(form.path.as_deref().or(args.path.as_deref()), self.known)?;
        let who = Who::Named(form.request.requester.clone());
        let path = path.map(|path| with_claims(path, &who)).transpose()?;
        let path = path.as_ref();
        let set = self.set(&form, text)?;
        let worlds = Worlds::of(form.request, &who, path, known_by(args.derive || form.derive));
        let set = set.looking(path.is_some_and(|path| path.through_endpoint() == Some(false)));
        // Whether an expectation holds by each choice of a switch, an inquiry alone tells.
        let tells_all = |settled: &Settled| args.expect.is_none() || settled.switches.is_empty();
        let exit = if let Some(settled) = set.settle(&worlds).filter(tells_all) {
            let (id, policies) = (form.id.as_deref(), set.policies());
            answer_form::write_settled(id, policies, worlds.first(), &settled, &form.odd, out);
            let verdict = settled.decision.verdict;
            met(args.expect, Some(verdict), Some(verdict.succeeds()))
        } else {
            let not_given = self.not_given();
            let derive = args.derive || form.derive;
            let policies = set.policies();
            let check = Check::about(
                form.id.map(Cow::into_owned),
                policies,
                &worlds,
                derive,
                not_given,
                self.switches,
            );
            let check = Check { odd: form.odd, ..check };
            write(&explanation::answer(&check), out);
            of_one(args, &check)
        };
        self.found(exit);
        Ok(())
    }

    /// Adds the answer to a line that says itself how its policies are read or what is chosen: on its own.
    fn special(&mut self, text: &str, out: &mut Vec<u8>) -> Result<(), Unanswered> {
        let form = request_form::read(text, profile(self.args))?;
        let check = check(form, self.args, self.known, &self.switches)?;
        write(&explanation::answer(&check), out);
        self.found(of_one(self.args, &check));
        Ok(())
    }

    /// What came of one line. A line that cannot be read outweighs an answer that is no, and that one that depends.
    fn found(&mut self, exit: Exit) {
        self.exit = match (self.exit, exit) {
            (Exit::AsExpected, found) => found,
            (Exit::Depends, Exit::No) => Exit::No,
            (before, _) => before,
        };
    }

    /// Policies in a line are all there are; those of files may leave some out, as for one request.
    const fn not_given(&self) -> NotGiven {
        if self.given.is_some() { NotGiven::Unknown } else { NotGiven::Nonexistent }
    }

    /// Reads a line.
    fn form<'t>(&mut self, text: &'t str) -> Result<Unattached<'t>, RequestFormError> {
        match (request_form::read_unattached(text, &mut self.seen), &self.given) {
            (Ok(form), Some(_)) if form.policies.is_some() => Err(RequestFormError::PoliciesTwice),
            // Of several things that are wrong, the one is named that reading everything meets first.
            (Err(error), None) => {
                Err(request_form::read(text, profile(self.args)).err().unwrap_or(error))
            }
            (form, _) => form,
        }
    }

    /// The policies of a request: those of all lines, or those of its line, which are read if they are new.
    fn set(&mut self, form: &Unattached<'_>, text: &str) -> Result<Rc<KnownSet>, RequestFormError> {
        let Self { args, switches, given, sets, .. } = self;
        match given {
            Some(set) => Ok(Rc::clone(set)),
            None => sets.get_or_read(form.policies.unwrap_or_default(), || {
                let form = request_form::read(text, profile(args))?;
                Ok(KnownSet::new(form.policies, *switches, NotGiven::Nonexistent))
            }),
        }
    }
}

/// Whether what was expected is what was found.
fn of_one(args: &SimulateArgs, check: &Check) -> Exit {
    let (verdict, succeeds) = (check.inquiry.answer.verdict(), check.inquiry.answer.succeeds());
    judged(args.expect, verdict, succeeds, std::slice::from_ref(check)).0
}

/// Writes to memory, which does not fail.
fn write(answer: &Value, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, answer);
}
