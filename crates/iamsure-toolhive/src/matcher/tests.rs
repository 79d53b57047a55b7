//! Expressions over the claims of small tokens.

use super::*;

fn judged(expression: &str) -> Judgement {
    let claims = Claims::of(
        "user",
        serde_json::json!({
            "sub": "u1", "groups": "admins", "list": ["a", "b"], "level": 3, "o": { "x": 1 },
        }),
    );
    Matcher::compile(expression).unwrap().judge(&claims)
}

#[test]
fn expressions_see_the_claims() {
    for yes in [
        r#""a" in claims.list"#,
        r#"claims["list"].exists(g, g == "b")"#,
        r#"has(claims.sub) && claims.sub.startsWith("u")"#,
        "!has(claims.act)",
        r#""x" in claims.o"#,
        r#"claims.sub.matches("^u[0-9]$")"#,
        // JSON numbers are doubles, as in Go, and compare with integers.
        "claims.level == 3 && claims.level >= 3 && type(claims.level) == double",
        r#"claims.list[0] == "a" || claims.missing == "x""#,
    ] {
        assert_eq!(judged(yes), Judgement::Matches, "{yes}");
    }
    assert_eq!(judged(r#"claims.groups == "x""#), Judgement::DoesNotMatch);
}

#[test]
fn what_fails_is_told_from_what_is_false() {
    for failing in
        [r#""admins" in claims.groups"#, "claims.missing", "claims.sub", r"claims.sub + 1 == 2"]
    {
        assert!(matches!(judged(failing), Judgement::Fails(_)), "{failing}");
    }
    let Judgement::Fails(message) = judged("claims.act.sub == \"x\"") else { panic!() };
    assert_eq!(message, "No such key: act");
}

#[test]
fn what_toolhive_cannot_compile_is_an_error() {
    let refused = |text: &str| Matcher::compile(text).unwrap_err().to_string();
    assert!(
        refused("claims.sub ==").contains("at its character 14"),
        "{}",
        refused("claims.sub ==")
    );
    assert!(refused("groups == []").contains("unknown variable `groups`"));
    assert!(refused("claims.list.exists(g, h == g)").contains("unknown variable `h`"));
    assert!(refused("claims.sub.lowerAscii() == \"x\"").contains("unknown function `lowerAscii`"));
    assert!(refused(&"a".repeat(MAX_LENGTH + 1)).contains("10001 bytes"));
}

#[test]
fn what_is_not_evaluated_here_is_undecided() {
    let deep = format!("{}true{}", "(".repeat(400), ")".repeat(400));
    let long = format!("{}1 == 1", "1 + ".repeat(400));
    let loops = "claims.list.all(a, claims.list.all(b, claims.list.all(c, true)))";
    let dates = r#"timestamp(claims.sub) < timestamp("2026-01-01T00:00:00Z")"#;
    for text in [deep.as_str(), &long, dates] {
        assert!(matches!(judged(text), Judgement::Undecided(_)), "{text}");
    }
    assert_eq!(judged(loops), Judgement::Matches);
    let many: Vec<_> = (0..60).map(|n| n.to_string()).collect();
    let claims = Claims::of("user", serde_json::json!({ "list": many }));
    let judged = Matcher::compile(loops).unwrap().judge(&claims);
    assert!(matches!(judged, Judgement::Undecided(_)), "{judged:?}");
}

#[test]
fn values_that_grow_beyond_bounds_are_undecided() {
    let claims =
        Claims::of("user", serde_json::json!({ "sub": "x".repeat(200_000), "l": vec!["y"; 100] }));
    let doubling = format!("[claims.sub]{}.size() == 1", ".map(a, a + a)".repeat(12));
    let squared = "claims.l.map(a, claims.l.map(b, claims.sub + b)).size() == 1";
    for text in [doubling.as_str(), squared] {
        let judged = Matcher::compile(text).unwrap().judge(&claims);
        assert!(matches!(judged, Judgement::Undecided(_)), "{text}: {judged:?}");
    }
    for text in [r#"claims.sub + "y" != "x""#, r#"claims.l.map(a, a + "b").size() == 100"#] {
        assert_eq!(Matcher::compile(text).unwrap().judge(&claims), Judgement::Matches, "{text}");
    }
}

#[test]
fn a_claim_is_looked_for_in_a_list() {
    let claims = Claims::of(
        "user",
        serde_json::json!({ "groups": ["a\" || true || \"", "b"], "text": "b", "none": null }),
    );
    assert_eq!(judge_claim("b", "groups", &claims), Judgement::Matches);
    assert_eq!(judge_claim("a", "groups", &claims), Judgement::DoesNotMatch);
    for (claim, says) in
        [("text", "`text` is text"), ("none", "`none` is null"), ("x", "no claim `x`")]
    {
        let Judgement::Fails(message) = judge_claim("b", claim, &claims) else { panic!() };
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn a_constant_that_is_not_true_selects_nothing() {
    for (text, never) in
        [("\"admins\"", true), ("false", true), ("true", false), ("claims.x", false)]
    {
        assert_eq!(Matcher::compile(text).unwrap().never_matches(), never, "{text}");
    }
}
