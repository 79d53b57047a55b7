use super::*;

fn like(values: &[&str]) -> Said {
    Said::compared(Comparison::Like, values.iter().copied())
}

fn not(values: &[&str]) -> Said {
    Said::negated(Said::is_one_of(values.iter().copied()))
}

#[test]
fn each_has_its_words() {
    let some = |said| Said::elements(Quantifier::ForAnyValue, said);
    let not_empty = || Said::negated(Said::Empty);
    for (said, words) in [
        (Said::one_of([Said::is("false"), Said::Absent]), "absent or `false`"),
        (Said::is_one_of(["b", "a", "c"]), "`a`, `b` or `c`"),
        (Said::listed(["s3:List*", "s3:Get*"]), "`s3:Get*`, `s3:List*`"),
        (not(&["a"]), "not `a`"),
        (not(&["b", "a"]), "none of: `a`, `b`"),
        (Said::all([Said::Present, not(&["a"])]), "present, not `a`"),
        (
            Said::all([Said::Present, not_empty(), not(&["a", "b"])]),
            "present and not empty, none of: `a`, `b`",
        ),
        (Said::all([not_empty(), not(&["a"])]), "not empty, not `a`"),
        (Said::all([Said::Present, not_empty()]), "any value that is not empty"),
        (Said::negated(like(&["a*", "b*"])), "not like any of: `a*`, `b*`"),
        (Said::all([like(&["a*"]), not(&["ab"])]), "like `a*` but not `ab`"),
        (
            Said::one_of([Said::all([like(&["a*"]), not(&["ab"])]), Said::is("x")]),
            "`x`, or like `a*` but not `ab`",
        ),
        // Not "any case of `a` or `b`", which `B` would be among.
        (
            Said::one_of([Said::compared(Comparison::IgnoreCase, ["a"]), Said::is("b")]),
            "`b` or any case of `a`",
        ),
        (Said::one_of([not(&["a"]), Said::negated(like(&["b*"]))]), "not `a`; or not like `b*`"),
        (
            Said::one_of([Said::NoElements, Said::Absent, Said::negated(some(Said::is("x")))]),
            "absent, no elements or no element `x`",
        ),
        (Said::elements(Quantifier::ForAllValues, like(&["x*"])), "every element like `x*`"),
        (some(Said::Any), "any elements"),
        (Said::any_but(Said::listed(["sts:*", "s3:*"])), "any but `s3:*`, `sts:*`"),
        (
            Said::one_of([Said::any_but(Said::is("s3:*")), Said::listed(["s3:A", "s3:B"])]),
            "`s3:A`, `s3:B`, and any but `s3:*`",
        ),
        (
            Said::all([Said::is("s3:*"), Said::negated(Said::listed(["s3:A", "s3:B"]))]),
            "`s3:*` but not `s3:A`, `s3:B`",
        ),
        (Said::exactly(["b", "a"]), "[`a`, `b`]"),
        (Said::NoResource, "no resource in particular (`*`)"),
        (
            Said::all([Said::negated(Said::NoResource), not(&["a", "b"])]),
            "some resource but none of: `a`, `b`",
        ),
        (Said::such(Sample::Actions(112), ["b:B", "a:A"]), "112 actions, such as `b:B` or `a:A`"),
        (Said::is(""), "`\"\"`"),
        (
            Said::Is(Value { text: "${aws:username}".to_owned(), is_verbatim: true }),
            "`${aws:username}` (without variables)",
        ),
    ] {
        assert_eq!(said.to_string(), words);
        assert_eq!(Said::read_loosely(words), Some(said), "{words}");
    }
}

#[test]
fn one_meaning_has_one_form() {
    let every = |said| Said::elements(Quantifier::ForAllValues, said);
    let some = |said| Said::elements(Quantifier::ForAnyValue, said);
    let nested = Said::one_of([Said::one_of([Said::is("b"), Said::Absent]), Said::is("a")]);
    assert_eq!(nested, Said::one_of([Said::is("a"), Said::is("b"), Said::Absent, Said::is("a")]));
    assert_eq!(Said::negated(Said::negated(Said::is("a"))), Said::is("a"));
    assert_eq!(Said::negated(Said::Absent), Said::Present);
    assert_eq!(Said::one_of([Said::Present, Said::Absent]), Said::Any);
    assert_eq!(Said::all([Said::Present, Said::Absent]), Said::negated(Said::Any));
    assert_eq!(Said::all([not(&["a"]), not(&["b"])]), not(&["a", "b"]));
    assert_eq!(Said::one_of([like(&["a*"]), like(&["b*"])]), like(&["a*", "b*"]));
    assert_eq!(Said::negated(every(Said::is("a"))), some(not(&["a"])));
    assert_eq!(every(not(&["a"])), Said::negated(some(Said::is("a"))));
    assert_eq!(Said::all([Said::Present, Said::is("a")]), Said::is("a"));
    assert_eq!(Said::one_of([]), Said::negated(Said::Any));
    assert_eq!(Said::all([]), Said::Any);
}

#[test]
fn values_are_never_taken_for_words() {
    for text in [
        "",
        "absent",
        "Absent.",
        "null",
        "any other value",
        "another-value",
        "x",
        "0",
        "\"",
        "\"a\"",
        "a`b",
        "`",
        " a ",
        "a, b or c",
        "…",
        "not `x`",
        "(without variables)",
    ] {
        let said = Said::is(text);
        assert_eq!(Said::read_loosely(&said.to_string()), Some(said.clone()), "{said}");
    }
    assert_eq!(Said::read_loosely("`absent`"), Some(Said::Absent));
    assert_eq!(Said::read_loosely("`null`"), None);
}

#[test]
fn what_people_write_is_read() {
    let present_not = |values: &[&str]| Said::all([Said::Present, not(values)]);
    for (text, said) in [
        ("(not set)", Said::Absent),
        ("Absent.", Said::Absent),
        ("absent (the default)", Said::Absent),
        ("missing or FALSE", Said::one_of([Said::Absent, Said::is("false")])),
        ("key is present", Said::Present),
        ("present (any value)", Said::Present),
        ("absent or present", Said::Any),
        ("don't care", Said::Any),
        ("`a`, `b` or absent", Said::one_of([Said::Absent, Said::is("a"), Said::is("b")])),
        ("`a`, `b`, or absent", Said::one_of([Said::Absent, Said::is("a"), Said::is("b")])),
        ("absent / `a`", Said::one_of([Said::Absent, Said::is("a")])),
        ("is `true`", Said::is("true")),
        ("set to `\"true\"`", Said::is("true")),
        ("Present, `a`", Said::is("a")),
        ("present and `a`", Said::is("a")),
        ("present and not `a`", present_not(&["a"])),
        ("anything but `a`", present_not(&["a"])),
        ("any value but `a` or absent", Said::one_of([present_not(&["a"]), Said::Absent])),
        ("Any other value", Said::Other),
    ] {
        assert_eq!(Said::read_loosely(text), Some(said), "{text}");
    }
    for text in [
        "",
        "sometimes",
        "`a` `b`",
        "not `a` or `b`",
        "the default",
        "absent `a`",
        "perhaps",
        "`a` or",
        "(absent",
        "((absent)",
        "not",
    ] {
        assert_eq!(Said::read_loosely(text), None, "{text}");
    }
    let deep = format!("{}absent{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(Said::read_loosely(&deep), None);
}
