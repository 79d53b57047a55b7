//! The page of `iamsure report`: what strangers wrote is text on it, and it names what it rests on.

use std::path::PathBuf;
use std::process::Command;

const HOSTILE: [&str; 5] = [
    "<script>PWNED</script>",
    "</script><img src=x onerror=PWNED>",
    "\" onfocus=PWNED x=\"",
    "<!-- PWNED",
    "\u{202e}PWNED\u{2028}",
];

/// The page of a policy in which everything that its author names is hostile.
fn page() -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("report-page");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let statements: Vec<serde_json::Value> = HOSTILE
        .iter()
        .map(|text| {
            serde_json::json!({
                "Sid": text, "Effect": "Allow", "Action": "s3:GetObject",
                "Resource": format!("arn:aws:s3:::bucket/{text}"),
                "Condition": { "StringEquals": { "aws:PrincipalTag/t": text } }
            })
        })
        .collect();
    let text = serde_json::json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    std::fs::write(folder.join("a<b>&.json"), text).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_iamsure"))
        .args(["report", "a<b>&.json", "--lenient"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn text_of_strangers_is_text_on_the_page() {
    let page = page();
    // Our own two, in order: the data, and what walks them. No other tag of that kind begins or ends.
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    for tag in ["<img", "<!--", "<b>", " onfocus=PWNED x=\"\""] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("&lt;script&gt;PWNED&lt;/script&gt;"));
    assert!(page.contains("a&lt;b&gt;&amp;.json"));
    assert!(!page.contains(['\u{202e}', '\u{2028}']));
    assert!(page.contains("\\u{202e}PWNED"));
}

#[test]
fn the_page_says_what_may_run_on_it_and_what_it_rests_on() {
    let page = page();
    for part in [
        "content=\"default-src 'none'; style-src 'sha256-",
        "'; script-src 'sha256-",
        concat!("iamsure ", env!("CARGO_PKG_VERSION")),
        "SHA-256",
        "Not given",
    ] {
        assert!(page.contains(part), "{part}");
    }
    // What is given is the same, and so is the page: no date and no name of a machine is in it.
    assert_eq!(page, self::page());
}

#[test]
fn the_page_says_what_changed_since_the_version_before() {
    let report = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_iamsure"));
        command.arg("report").args(arguments).current_dir(super::root()).output().unwrap()
    };
    let [before, after] = ["corpus/deploy/role.json", "corpus/deploy/role-simplified.json"];
    let page = String::from_utf8(report(&[after, "--before", before]).stdout).unwrap();
    let changes = page.split("id=\"changes\"").nth(1).unwrap();
    let changes = changes.split("</section>").next().unwrap();
    for text in [
        "grants new access (1 widened)",
        "<strong>widened</strong>",
        "111122223333:role/task",
        before,
    ] {
        assert!(changes.contains(text), "{text}: {changes}");
    }
    let without = String::from_utf8(report(&[after]).stdout).unwrap();
    assert!(!without.contains("id=\"changes\""));
    let several = report(&[before, after, "--before", before]);
    assert_eq!(several.status.code(), Some(2));
}
