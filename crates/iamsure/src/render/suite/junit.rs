//! The JUnit form, as test reporters of CI systems read it.

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::{Item, Report, Status};

/// A `testsuite` for each suite, a `testcase` for each case; a suite that cannot be read is an error.
pub(crate) fn junit(report: &Report<'_>) -> String {
    let mut junit = Junit::new("iamsure");
    for run in report.runs {
        let mut suite = TestSuite::new(run.name.as_str());
        match &run.result {
            Ok(ran) => {
                let own = |item: &&Item<'_>| std::ptr::eq(item.suite, &raw const ran.suite);
                suite.add_test_cases(report.items.iter().filter(own).map(case));
            }
            Err(errors) => {
                let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message("the suite cannot be read").set_description(messages.join("\n"));
                suite.add_test_case(TestCase::new("reading the suite", status));
            }
        }
        junit.add_test_suite(suite);
    }
    junit.to_string().unwrap_or_default()
}

fn case(item: &Item<'_>) -> TestCase {
    let status = match item.status {
        Status::Passed => TestCaseStatus::success(),
        Status::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(item.found.as_str());
            status
        }
        Status::Failed | Status::Errored => {
            let kind = if item.status == Status::Failed {
                NonSuccessKind::Failure
            } else {
                NonSuccessKind::Error
            };
            let mut status = TestCaseStatus::non_success(kind);
            status.set_message(item.found.as_str());
            let place = format!("{}:{}", item.suite.source.name(), item.place());
            status.set_description(format!("{place}\n{}", item.detail));
            status
        }
    };
    let mut case = TestCase::new(item.name(), status);
    case.set_classname(item.suite.source.name());
    case
}
