use std::collections::BTreeSet;

use super::*;

/// Whether a text has the form of a subject, tried in every way its fields can be cut.
fn is(parts: &[Part], text: &str) -> bool {
    match parts.split_first() {
        None => text.is_empty(),
        Some((Part::Text(own), rest)) => text.strip_prefix(own).is_some_and(|text| is(rest, text)),
        Some((Part::Field(field), rest)) => {
            if !text.starts_with(|c| field.begins_with(c)) {
                return false;
            }
            let taken = text.chars().take_while(|c| field.takes(*c)).map(char::len_utf8);
            let mut end = 0;
            taken
                .map(|length| {
                    end += length;
                    end
                })
                .any(|end| text.get(end..).is_some_and(|text| is(rest, text)))
        }
    }
}

fn is_subject(shape: &str, text: &str) -> bool {
    TokenShape::named(shape).unwrap().subjects().any(|subject| is(&subject.parts(), text))
}

#[test]
fn every_example_has_its_form_and_every_word_a_field() {
    let mut names = BTreeSet::new();
    for shape in TokenShape::all() {
        assert!(names.insert(shape.name()), "{}", shape.name());
        assert_eq!(TokenShape::named(&shape.name()), Some(shape));
        assert!(shape.issuer.is_at(shape.issuer.example), "{}", shape.name());
        assert!(shape.issuer.source.contains('('), "{}: no address", shape.name());
        let stranger = shape.issuer.stranger_at(shape.issuer.example);
        assert!(is_subject(shape.issuer.name, &stranger), "{stranger}");
        for subject in shape.subjects() {
            assert!(is(&subject.parts(), subject.example), "{}", subject.example);
            let fields =
                subject.parts().iter().filter(|part| matches!(part, Part::Field(_))).count();
            assert_eq!(fields, subject.form.matches('{').count(), "{}", subject.form);
            assert!(!subject.words().contains('{'));
        }
    }
    assert_eq!(
        names.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "circleci",
            "eks",
            "github",
            "github:branch",
            "github:environment",
            "github:pull_request",
            "github:tag",
            "gitlab",
            "gitlab:branch",
            "gitlab:tag"
        ]
    );
}

// The examples of the issuers' own pages.
#[test]
fn documented_subjects_are_of_one_kind() {
    for (text, shape) in [
        ("repo:octo-org/octo-repo:environment:Production", "github:environment"),
        ("repo:octo-org/octo-repo:environment:Production%3AV1", "github:environment"),
        ("repo:octo-org/octo-repo:pull_request", "github:pull_request"),
        ("repo:octo-org/octo-repo:ref:refs/heads/demo-branch", "github:branch"),
        ("repo:octo-org/octo-repo:ref:refs/heads/feature/a", "github:branch"),
        ("repo:octo-org/octo-repo:ref:refs/tags/demo-tag", "github:tag"),
        ("repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main", "github:branch"),
        ("project_path:mygroup/myproject:ref_type:branch:ref:main", "gitlab:branch"),
        ("project_path:agroup/bgroup/myproject:ref_type:tag:ref:v4.2.0", "gitlab:tag"),
    ] {
        let kinds: Vec<String> = TokenShape::all()
            .filter(|known| known.kind.is_some() && is_subject(&known.name(), text))
            .map(|known| known.name())
            .collect();
        assert_eq!(kinds, [shape], "{text}");
    }
    assert!(is_subject("eks", "system:serviceaccount:kube-system:aws-node"));
    assert!(is_subject("circleci", "org/1a-2b/project/3c/user/4d"));
    assert!(is_subject(
        "circleci",
        "org/1a/project/2b/user/3c/vcs-origin/github.com/my-org/app/vcs-ref/refs/heads/main"
    ));
}

#[test]
fn other_texts_are_of_no_kind() {
    for (shape, text) in [
        ("github", "repo:octo-org/octo-repo"),
        ("github", "repo:octo-org/*:pull_request"),
        ("github", "repo:octo-org/octo-repo:ref:refs/heads/*"),
        ("github", "repo:octo-org/octo-repo:ref:refs/heads/"),
        ("github", "repo:octo-org/octo-repo:environment:"),
        ("github", "repo:octo-org@12/octo-repo:pull_request"),
        ("github", "repo:octo-org@x/octo-repo@1:pull_request"),
        ("github", "repo:octo-org:pull_request"),
        ("github:branch", "repo:octo-org/octo-repo:pull_request"),
        ("github", "repository:octo-org/octo-repo:pull_request"),
        ("eks", "system:serviceaccount:default"),
        ("eks", "system:serviceaccount:Default:app"),
        ("eks", "system:serviceaccount:-default:app"),
        ("eks", "system:serviceaccount:default:app:more"),
        ("gitlab", "project_path:mygroup:ref_type:branch:ref:main"),
        ("gitlab", "project_path:mygroup/myproject:ref_type:branch:ref:refs/heads/a b"),
        ("circleci", "org/1a/project/2b"),
    ] {
        assert!(!is_subject(shape, text), "{shape} {text}");
    }
}

#[test]
fn an_issuer_is_known_by_its_address() {
    let of = |address: &str| TokenShape::of_issuer(address).map(|shape| shape.name());
    for (address, name) in [
        ("token.actions.githubusercontent.com", "github"),
        ("Token.Actions.GitHubUserContent.com", "github"),
        ("token.actions.githubusercontent.com/octo-enterprise", "github"),
        ("token.actions.octocorp.ghe.com", "github"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0123456789", "eks"),
        ("gitlab.com", "gitlab"),
        ("oidc.circleci.com/org/1a-2b", "circleci"),
    ] {
        assert_eq!(of(address).as_deref(), Some(name), "{address}");
    }
    for address in [
        "githubusercontent.com",
        "token.actions.githubusercontent.com.example.com",
        "token.actions.githubusercontent.com/a/b",
        "token.actions.ghe.com",
        "oidc.eks.eu-west-1.amazonaws.com",
        "gitlab.example.com",
        "idp.example.com",
        "",
    ] {
        assert_eq!(of(address), None, "{address}");
    }
}

#[test]
fn an_environment_is_named_by_jobs_that_have_one() {
    let has = |shape: &str, claim: &str| TokenShape::named(shape).unwrap().has_claim(claim);
    assert_eq!(has("github:environment", "environment"), Some(Bearers::All));
    assert_eq!(has("github:branch", "Environment"), Some(Bearers::None));
    assert_eq!(has("github", "environment"), Some(Bearers::Some));
    assert_eq!(has("github:tag", "repository"), Some(Bearers::All));
    assert_eq!(has("eks", "amr"), Some(Bearers::None));
    assert_eq!(has("eks", "nosuch"), None);
}
