use super::*;

fn test(name: &str) -> TestText {
    TestText {
        name: name.to_owned(),
        action: "s3:GetObject".to_owned(),
        expect: "explicitly denied by DenyDirect".to_owned(),
        ..TestText::default()
    }
}

fn read(text: &str) -> serde_json::Value {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn any_text_is_read_back_as_it_was() {
    let texts = [
        "plain",
        "true",
        "No",
        "y",
        "null",
        "~",
        "12",
        "1e3",
        "0x1f",
        "a: b",
        "a #b",
        "a:",
        " a",
        "- a",
        "",
        "[a]",
        "{a}",
        "a, b",
        "*",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "\"",
        "'",
        "\\",
        "\t",
        "a\nb",
        "\u{1b}[31m",
        "\u{85}",
        "\u{202e}x",
        "\u{feff}",
        "\u{7f}",
        "\u{1f600}",
        "é",
        "arn:aws:s3:::b/*",
        "2026-05-02T10:00:00Z",
        "203.0.113.7",
        ".inf",
        "nan",
    ];
    for text in texts {
        let found = read(&format!(
            "a: {}\nl: [{}, x]\n{}: k\n",
            scalar(text),
            scalar(text),
            scalar(&format!("k{text}"))
        ));
        assert_eq!(found["a"], text, "in a map");
        assert_eq!(found["l"][0], text, "in a list");
        assert_eq!(found[format!("k{text}")], "k", "as a key");
        assert!(!scalar(text).contains(|c: char| c.is_control()), "{text:?} is not shown");
    }
}

#[test]
fn a_suite_is_written_in_the_format() {
    let policy =
        |json: &str| PolicyText::Document { from: "captured".to_owned(), json: json.to_owned() };
    let suite = SuiteText {
        comments: vec!["from a log".to_owned()],
        policies: vec![(
            "app".to_owned(),
            SetText {
                policies: vec![
                    (PolicyType::Identity, 0, PolicyText::File("role.json".to_owned())),
                    (PolicyType::Scp, 0, policy("{\n  \"Version\": \"2012-10-17\"\n}")),
                    (PolicyType::Scp, 1, PolicyText::File("ou.json".to_owned())),
                    (PolicyType::Scp, 1, policy("{}")),
                ],
                lenient: false,
            },
        )],
        principals: vec![(
            "root".to_owned(),
            Principal::Root { account: "111122223333".to_owned() },
        )],
        tests: vec![TestText {
            comments: vec!["not known: much".to_owned()],
            policies: Some("app".to_owned()),
            principal: Some("root".to_owned()),
            resource: Some("arn:aws:s3:::b/*".to_owned()),
            context: vec![
                ("aws:SourceIp".into(), KeyState::Absent),
                ("aws:TagKeys".into(), KeyState::Multi(vec!["a".to_owned(), "true".to_owned()])),
                ("aws:UserAgent".into(), KeyState::single("absent")),
                ("aws:ViaAWSService".into(), KeyState::single("false")),
            ],
            path: Some("mcp:aws-mcp".to_owned()),
            ..test("one")
        }],
    };
    let text = suite.to_string();
    let found = read(&text);
    assert_eq!(found["policies"]["app"]["identity"], serde_json::json!(["role.json"]));
    let levels = serde_json::json!([[{ "Version": "2012-10-17" }], ["ou.json", {}]]);
    assert_eq!(found["policies"]["app"]["scp"], levels, "{text}");
    assert_eq!(found["principals"]["root"]["account"], "111122223333", "a text, not a number");
    let test = &found["tests"][0];
    assert_eq!(
        test["expect"],
        serde_json::json!({ "mcp:aws-mcp": "explicitly denied by DenyDirect" })
    );
    let context = serde_json::json!({
        "aws:SourceIp": "absent",
        "aws:TagKeys": ["a", "true"],
        "aws:UserAgent": { "value": "absent" },
        "aws:ViaAWSService": "false",
    });
    assert_eq!(test["context"], context);
    assert!(
        text.starts_with("# from a log\n") && text.contains("    # not known: much\n"),
        "{text}"
    );
}

#[test]
fn a_comment_stays_a_comment() {
    let long = TestText {
        comments: vec![format!("{} {}", "word ".repeat(60), "\u{1b}\nexpect: allowed")],
        ..test("long")
    };
    let text = long.to_string();
    assert!(text.lines().all(|line| line.chars().count() < 120), "{text}");
    assert!(text.contains("\\u001b") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(
        read(&format!("tests:\n{text}"))["tests"][0]["expect"],
        "explicitly denied by DenyDirect"
    );
}
