//! The tables of `docs/paths.md`: every path and every session, as the code has them.

use std::fmt::Write as _;

use iamsure_core::world::call_path::FORMS;
use iamsure_core::world::session::{
    AssumeRole, AssumeRoleWithSaml, AssumeRoleWithWebIdentity, AssumeRoot, Caller,
    GetFederationToken, GetSessionToken, Operation, Role, Tags, Terms,
};
use iamsure_core::world::token::{Bearers, ISSUERS};
use iamsure_core::world::{CallPath, Context, FixedKey, KeyState, Principal, Session, Switches};

#[test]
fn the_page_of_paths_lists_every_key() {
    let page = std::fs::read_to_string(super::root().join("docs/paths.md")).unwrap();
    let page = spliced(&page, "sessions", &sessions());
    let page = spliced(&page, "tokens", &tokens());
    super::pages::check("docs/paths.md", &spliced(&page, "paths", &paths()));
}

/// What each shape of tokens looks like, with its source.
fn tokens() -> String {
    let mut text = String::new();
    text.push_str("| token | issuer | subject | default audience |\n| --- | --- | --- | --- |\n");
    for issuer in &ISSUERS {
        let address = |form: &str| format!("`{}`", form.replace(['{', '}'], ""));
        let addresses: Vec<String> = issuer.addresses.iter().map(|form| address(form)).collect();
        for kind in issuer.kinds {
            let name = match issuer.kinds {
                [_] => format!("`{}`: {}", issuer.name, issuer.words),
                _ => format!("`{}:{}`: {}", issuer.name, kind.name, kind.meaning),
            };
            let subjects: Vec<String> =
                kind.subjects.iter().map(|subject| format!("`{}`", subject.words())).collect();
            writeln!(
                text,
                "| {name} | {} | {} | `{}` |",
                addresses.join(", "),
                subjects.join(" or "),
                issuer.audience
            )
            .unwrap();
        }
    }
    text.push('\n');
    for issuer in &ISSUERS {
        write!(text, "- `{}`: {}.", issuer.name, issuer.source).unwrap();
        let claims = |wanted: fn(Bearers) -> bool| {
            let claims = issuer.claims.iter().filter(|claim| wanted(claim.bearers));
            claims.map(|claim| format!("`{}`", claim.name)).collect::<Vec<_>>().join(", ")
        };
        let always = claims(|bearers| bearers == Bearers::All);
        let always = if always.is_empty() { always } else { format!(", {always}") };
        write!(text, " Always: `sub`, `aud`{always}.").unwrap();
        for (words, list) in [
            ("Some", claims(|bearers| matches!(bearers, Bearers::Some | Bearers::OfKind(_)))),
            ("Never", claims(|bearers| bearers == Bearers::None)),
        ] {
            if !list.is_empty() {
                write!(text, " {words}: {list}.").unwrap();
            }
        }
        if let Some(who) = issuer.customization {
            write!(text, " The subject is the default one, unless {who}.").unwrap();
        }
        text.push('\n');
    }
    text.push('\n');
    text
}

/// The page with `text` between the marks of `name`.
fn spliced(page: &str, name: &str, text: &str) -> String {
    let mark = format!("<!-- generated: {name} -->\n");
    let (before, rest) = page.split_once(&mark).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    format!("{before}{mark}\n{text}<!-- end -->{after}")
}

fn state(fixed: &FixedKey) -> String {
    match &fixed.state {
        _ if fixed.is_present => "present".to_owned(),
        KeyState::Absent => "absent".to_owned(),
        KeyState::Unknown => "unknown".to_owned(),
        KeyState::Single(text) => format!("`{text}`"),
        KeyState::Multi(values) => format!("[`{}`]", values.join("`, `")),
    }
}

/// The states of each key over the worlds, in the order in which they first stand.
fn paths() -> String {
    let mut text = String::new();
    let operations = Operation::ALL.iter().map(|operation| operation.action());
    let forms = FORMS.iter().map(|form| form.example).filter(|name| !name.starts_with("sts:"));
    for name in forms.chain(operations) {
        let path = CallPath::named(name, &Switches::default()).unwrap();
        let count = path.worlds().len();
        let worlds = if count == 1 { "one world".to_owned() } else { format!("{count} worlds") };
        write!(text, "### `{name}`\n\n").unwrap();
        if let Some(form) = FORMS.iter().find(|form| form.example == name) {
            writeln!(text, "`{}`: {}; {worlds}.\n", form.name, form.meaning).unwrap();
        } else {
            writeln!(text, "{worlds}.\n").unwrap();
        }
        text.push_str("| key | state | evidence | source |\n| --- | --- | --- | --- |\n");
        for fixed in path.worlds().first().map(|world| &world.keys).unwrap() {
            let mut rows: Vec<&FixedKey> = Vec::new();
            for fixed in path.worlds().iter().filter_map(|world| world.fixed(&fixed.key)) {
                if !rows.contains(&fixed) {
                    rows.push(fixed);
                }
            }
            let column = |text: &dyn Fn(&FixedKey) -> String| {
                let mut parts: Vec<String> = rows.iter().map(|row| text(row)).collect();
                parts.dedup();
                parts.join(" or ")
            };
            writeln!(
                text,
                "| `{}` | {} | {} | {} |",
                fixed.key,
                column(&state),
                column(&|row| row.evidence.name().to_owned()),
                column(&|row| row.source.to_string())
            )
            .unwrap();
        }
        text.push('\n');
    }
    text
}

fn sessions() -> String {
    let role = || {
        Role::new("arn:aws:iam::111122223333:role/team/reader")
            .unwrap()
            .with_id("AROAEXAMPLE")
            .with_tags(Tags::none())
    };
    let alice = || {
        let user = Principal::User {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
            unique_id: Some("AIDAEXAMPLE".to_owned()),
        };
        Caller::new(user, Context::open())
    };
    let claim = |name: &str, value: &str| (name.to_owned(), KeyState::single(value));
    let sessions: [Session; 6] = [
        AssumeRole::new(alice(), role(), "s1").exchange().unwrap().session,
        AssumeRoleWithWebIdentity {
            provider: "arn:aws:iam::111122223333:oidc-provider/idp.example.com".to_owned(),
            claims: vec![claim("aud", "app"), claim("sub", "alice")],
            role: role(),
            terms: Terms::named("s1"),
        }
        .exchange(Context::open())
        .unwrap()
        .session,
        AssumeRoleWithSaml {
            provider: "arn:aws:iam::111122223333:saml-provider/corp".to_owned(),
            attributes: vec![
                claim("aud", "https://signin.aws.amazon.com/saml"),
                claim("sub", "alice"),
            ],
            role: role(),
            terms: Terms::named("s1"),
        }
        .exchange(Context::open())
        .unwrap()
        .session,
        GetFederationToken {
            caller: alice(),
            name: "s1".to_owned(),
            tags: Tags::none(),
            user_tags: Some(Tags::none()),
            policies: Vec::new(),
        }
        .exchange()
        .unwrap()
        .session,
        GetSessionToken { caller: alice(), mfa_code: true, user_tags: Some(Tags::none()) }
            .exchange()
            .unwrap()
            .session,
        AssumeRoot {
            caller: alice(),
            member_account: "444455556666".to_owned(),
            task_policy_arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy".to_owned(),
            task_policy: None,
        }
        .exchange()
        .unwrap()
        .session,
    ];
    let mut text = String::new();
    for session in sessions {
        let with =
            if session.operation() == Operation::GetSessionToken { ", with MFA" } else { "" };
        write!(text, "#### `{}`{with}\n\n", session.operation()).unwrap();
        text.push_str("| key | state | evidence | source |\n| --- | --- | --- | --- |\n");
        for fixed in session.keys() {
            writeln!(
                text,
                "| `{}` | {} | {} | {} |",
                fixed.key,
                state(fixed),
                fixed.evidence,
                fixed.source
            )
            .unwrap();
        }
        text.push('\n');
    }
    text
}
