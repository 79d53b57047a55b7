//! The JUnit form, as test reporters of CI systems read it: the schema `junit-10.xsd` of Jenkins' xunit plugin.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use iamsure_review::foreign::Sink;

use super::{Item, Report, Status};

type Xml = Writer<Vec<u8>>;

/// A `testsuite` for each suite, a `testcase` for each case; a suite that cannot be read is an error.
pub(crate) fn junit(report: &Report<'_>) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    match suites(&mut xml, report) {
        Ok(()) => String::from_utf8(xml.into_inner()).unwrap_or_default() + "\n",
        // Writing to memory does not fail.
        Err(_) => String::new(),
    }
}

fn suites(xml: &mut Xml, report: &Report<'_>) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all: Vec<Vec<&Item<'_>>> = report.runs.iter().map(|run| report.of_run(run)).collect();
    let totals = [
        ("tests", report.count() + report.unreadable),
        ("failures", report.with(Status::Failed).count()),
        ("errors", report.with(Status::Errored).count() + report.unreadable),
    ];
    let mut element = xml.create_element("testsuites").with_attribute(("name", "iamsure"));
    for (name, count) in totals {
        element = element.with_attribute((name, count.to_string().as_str()));
    }
    element.write_inner_content(|xml| {
        for (run, items) in report.runs.iter().zip(&all) {
            match &run.result {
                Ok(_) => suite(xml, &run.name, items)?,
                Err(errors) => {
                    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                    unreadable(xml, &run.name, &errors.join("\n"))?;
                }
            }
        }
        Ok(())
    })?;
    Ok(())
}

fn suite(xml: &mut Xml, name: &str, items: &[&Item<'_>]) -> io::Result<()> {
    let count = |status| items.iter().filter(|item| item.status == status).count();
    let mut element =
        xml.create_element("testsuite").with_attribute(("name", &*Sink::XmlAttribute.text(name)));
    for (name, count) in [
        ("tests", items.len()),
        ("failures", count(Status::Failed)),
        ("errors", count(Status::Errored)),
        ("skipped", count(Status::Skipped)),
    ] {
        element = element.with_attribute((name, count.to_string().as_str()));
    }
    element.write_inner_content(|xml| items.iter().try_for_each(|item| case(xml, item)))?;
    Ok(())
}

fn case(xml: &mut Xml, item: &Item<'_>) -> io::Result<()> {
    let name = item.name();
    let element = xml
        .create_element("testcase")
        .with_attribute(("name", &*Sink::XmlAttribute.text(&name)))
        .with_attribute(("classname", &*Sink::XmlAttribute.text(item.suite.source.name())));
    let what = match item.status {
        Status::Passed => {
            element.write_empty()?;
            return Ok(());
        }
        Status::Skipped => "skipped",
        Status::Failed => "failure",
        Status::Errored => "error",
    };
    element.write_inner_content(|xml| {
        let place = format!("{}:{}", item.suite.source.name(), item.place());
        told(xml, what, &item.found, &format!("{place}\n{}", item.detail))
    })?;
    Ok(())
}

fn unreadable(xml: &mut Xml, name: &str, errors: &str) -> io::Result<()> {
    let name = Sink::XmlAttribute.text(name);
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", &*name),
        ("tests", "1"),
        ("failures", "0"),
        ("errors", "1"),
    ]);
    suite.write_inner_content(|xml| {
        let case = xml
            .create_element("testcase")
            .with_attributes([("name", "the suite is read"), ("classname", &*name)]);
        case.write_inner_content(|xml| told(xml, "error", "the suite cannot be read", errors))?;
        Ok(())
    })?;
    Ok(())
}

fn told(xml: &mut Xml, element: &str, message: &str, text: &str) -> io::Result<()> {
    xml.create_element(element)
        .with_attribute(("message", &*Sink::XmlAttribute.text(message)))
        .write_text_content(BytesText::new(&Sink::Xml.text(text)))?;
    Ok(())
}
