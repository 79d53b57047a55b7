//! The JUnit form, as test reporters of CI systems read it: the schema `junit-10.xsd` of Jenkins' xunit plugin.

use std::io;

use iamsure_core::language::Severity;
use iamsure_review::foreign::Sink;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::mark::Mark;

type Xml = Writer<Vec<u8>>;

/// Cases that belong together: those of a suite, or the findings in a file.
pub(crate) struct Suite<'a> {
    pub(crate) name: &'a str,
    pub(crate) cases: Vec<Case<'a>>,
}

/// A case, with what a reporter groups it by.
pub(crate) struct Case<'a> {
    pub(crate) name: String,
    pub(crate) class: &'a str,
    pub(crate) outcome: Outcome,
    /// What there is to say, in a sentence; nothing of a case that passed.
    pub(crate) message: String,
    /// All of it.
    pub(crate) detail: String,
}

/// What came of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Skipped,
    Failed,
    Errored,
}

impl<'a> Suite<'a> {
    /// The findings about a file, one case each: failed where a finding is as severe as that. A file without findings
    /// passes.
    pub(crate) fn of_findings(
        name: &'a str,
        marks: &[Mark<'_>],
        fails: impl Fn(Severity) -> bool,
    ) -> Self {
        let of = |mark: &Mark<'_>| Case {
            name: format!("{} {}", mark.code, mark.at.words()),
            class: name,
            outcome: if fails(mark.severity) { Outcome::Failed } else { Outcome::Skipped },
            message: mark.message.lines().next().unwrap_or_default().to_owned(),
            detail: mark.whole_message(),
        };
        let mut cases: Vec<Case<'_>> = marks.iter().map(of).collect();
        if cases.is_empty() {
            cases.push(Case {
                name: "no findings".to_owned(),
                class: name,
                outcome: Outcome::Passed,
                message: String::new(),
                detail: String::new(),
            });
        }
        Self { name, cases }
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.cases.iter().filter(|case| case.outcome == outcome).count()
    }
}

/// A `testsuite` for each suite, a `testcase` for each case.
pub(crate) fn junit(suites: &[Suite<'_>]) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    match all(&mut xml, suites) {
        Ok(()) => String::from_utf8(xml.into_inner()).unwrap_or_default() + "\n",
        // Writing to memory does not fail.
        Err(_) => String::new(),
    }
}

fn all(xml: &mut Xml, suites: &[Suite<'_>]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let total = |outcome| suites.iter().map(|suite| suite.count(outcome)).sum::<usize>();
    let totals = [
        ("tests", suites.iter().map(|suite| suite.cases.len()).sum()),
        ("failures", total(Outcome::Failed)),
        ("errors", total(Outcome::Errored)),
    ];
    let mut element = xml.create_element("testsuites").with_attribute(("name", "iamsure"));
    for (name, count) in totals {
        element = element.with_attribute((name, count.to_string().as_str()));
    }
    element.write_inner_content(|xml| suites.iter().try_for_each(|suite| one(xml, suite)))?;
    Ok(())
}

fn one(xml: &mut Xml, suite: &Suite<'_>) -> io::Result<()> {
    let name = Sink::XmlAttribute.text(suite.name);
    let mut element = xml.create_element("testsuite").with_attribute(("name", &*name));
    for (name, count) in [
        ("tests", suite.cases.len()),
        ("failures", suite.count(Outcome::Failed)),
        ("errors", suite.count(Outcome::Errored)),
        ("skipped", suite.count(Outcome::Skipped)),
    ] {
        element = element.with_attribute((name, count.to_string().as_str()));
    }
    element.write_inner_content(|xml| suite.cases.iter().try_for_each(|it| case(xml, it)))?;
    Ok(())
}

fn case(xml: &mut Xml, case: &Case<'_>) -> io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attribute(("name", &*Sink::XmlAttribute.text(&case.name)))
        .with_attribute(("classname", &*Sink::XmlAttribute.text(case.class)));
    let what = match case.outcome {
        Outcome::Passed => {
            element.write_empty()?;
            return Ok(());
        }
        Outcome::Skipped => "skipped",
        Outcome::Failed => "failure",
        Outcome::Errored => "error",
    };
    element.write_inner_content(|xml| {
        xml.create_element(what)
            .with_attribute(("message", &*Sink::XmlAttribute.text(&case.message)))
            .write_text_content(BytesText::new(&Sink::Xml.text(&case.detail)))?;
        Ok(())
    })?;
    Ok(())
}
