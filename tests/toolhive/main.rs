//! Which role ToolHive selects, case by case (`corpus/toolhive/cases.yaml`), the road of the example
//! beside it, and what every broken manifest there is told.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use iamsure_core::decision::{Verdict, evaluate};
use iamsure_core::language::{PolicyDocument, PolicyType, Profile, Severity, Source};
use iamsure_core::world::{CallPath, PolicySet, Switches};
use iamsure_toolhive::admission::refusal;
use iamsure_toolhive::claims::Claims;
use iamsure_toolhive::finding::FindingCode;
use iamsure_toolhive::manifest::Manifests;
use iamsure_toolhive::road::{Journey, Road, travel};
use iamsure_toolhive::role_arn::RoleArn;
use iamsure_toolhive::selection::{Outcome, select};
use serde::Deserialize;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/toolhive")
}

fn source(name: &str) -> Source {
    Source::new(name, fs::read_to_string(folder().join(name)).unwrap())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "awsSts")]
    aws_sts: AwsSts,
    claims: serde_json::Value,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AwsSts {
    mappings: Vec<Mapping>,
    fallback: Option<String>,
    role_claim: Option<String>,
    session_name_claim: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapping {
    claim: Option<String>,
    matcher: Option<String>,
    role: String,
    priority: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    mappings: Vec<String>,
    role: String,
}

impl AwsSts {
    /// The manifest that says so. JSON texts are YAML texts.
    fn manifest(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        let arn = |role: &str| format!("arn:aws:iam::111122223333:role/{role}");
        let mut text = String::from(
            "apiVersion: toolhive.stacklok.dev/v1beta1\nkind: MCPExternalAuthConfig\nmetadata: { name: case }\n\
             spec:\n  type: awsSts\n  awsSts:\n    region: us-east-1\n",
        );
        let fields = [
            ("fallbackRoleArn", self.fallback.as_deref().map(arn)),
            ("roleClaim", self.role_claim.clone()),
            ("sessionNameClaim", self.session_name_claim.clone()),
        ];
        for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            writeln!(text, "    {name}: {}", quoted(&value)).unwrap();
        }
        text.push_str("    roleMappings:\n");
        for mapping in &self.mappings {
            writeln!(text, "      - roleArn: {}", arn(&mapping.role)).unwrap();
            for (name, value) in [("claim", &mapping.claim), ("matcher", &mapping.matcher)] {
                if let Some(value) = value {
                    writeln!(text, "        {name}: {}", quoted(value)).unwrap();
                }
            }
            if let Some(priority) = mapping.priority {
                writeln!(text, "        priority: {priority}").unwrap();
            }
        }
        text
    }
}

#[test]
fn roles_are_selected_as_toolhive_does() {
    let cases: Cases = serde_saphyr::from_str(source("cases.yaml").text()).unwrap();
    assert!(cases.cases.len() > 15);
    for case in cases.cases {
        let manifests = Manifests::read(&[Source::new("case.yaml", case.aws_sts.manifest())]);
        assert!(!manifests.has_errors(), "{}: {:?}", case.name, manifests.findings);
        let door = manifests.doors()[0];
        let claims = Claims::of("token", case.claims);
        let selection = select(door.config, &claims);
        let outcomes: Vec<String> = selection
            .mappings
            .iter()
            .map(|outcome| match outcome {
                Outcome::Selects => "selects".to_owned(),
                Outcome::ShadowedBy(first) => format!("after {}", first + 1),
                Outcome::DoesNotMatch => "no".to_owned(),
                Outcome::Skipped(_) => "skipped".to_owned(),
                other => panic!("{}: {other:?}", case.name),
            })
            .collect();
        assert_eq!(outcomes, case.expect.mappings, "{}", case.name);
        let found = match refusal(&door, &claims, &selection) {
            Some(refusal) => format!("refused {}", refusal.status),
            None => selection.choice.role().map_or_else(String::new, |role| role.name().to_owned()),
        };
        assert_eq!(found, case.expect.role, "{}", case.name);
    }
}

/// What each broken manifest is told: line and code, in order.
const BROKEN: [(&str, &[&str]); 13] = [
    ("duration", &["10 bad-duration"]),
    ("mapping-form", &["12 mapping-form", "14 mapping-form", "15 wrong-value"]),
    ("matcher", &["11 bad-matcher", "13 bad-matcher", "15 bad-matcher", "17 never-matches"]),
    ("misspelt", &["10 unknown-field", "13 wrong-type", "14 other-service"]),
    ("no-kind", &["2 not-a-resource"]),
    ("no-role", &["7 no-role"]),
    ("not-yaml", &["7 not-yaml"]),
    ("other-region", &["9 placeholder", "16 other-region", "20 unresolved-reference"]),
    (
        "proxy",
        &[
            "6 renamed-field",
            "7 deprecated-field",
            "8 wrong-value",
            "9 missing-field",
            "10 unresolved-reference",
            "11 bad-url",
            "13 unresolved-reference",
            "16 unauthenticated",
            "28 deprecated-field",
            "30 partial-resource-url",
            "32 bad-url",
        ],
    ),
    ("region", &["8 bad-region"]),
    ("role-arn", &["9 bad-role-arn", "12 bad-role-arn"]),
    (
        "several",
        &[
            "2 passed-over",
            "6 unknown-version",
            "11 wrong-value",
            "18 not-aws-sts",
            "24 duplicate-resource",
        ],
    ),
    ("type", &["7 type-mismatch"]),
];

#[test]
fn every_broken_manifest_is_told_what_is_wrong_and_where() {
    let mut files: Vec<String> = fs::read_dir(folder().join("broken"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            path.file_stem().unwrap().to_string_lossy().into_owned()
        })
        .collect();
    files.sort();
    assert_eq!(files, BROKEN.map(|(name, _)| name));
    let mut met: BTreeMap<FindingCode, usize> = BTreeMap::new();
    for (name, expected) in BROKEN {
        let source = source(&format!("broken/{name}.yaml"));
        let manifests = Manifests::read(std::slice::from_ref(&source));
        let found: Vec<String> = manifests
            .findings
            .iter()
            .map(|finding| {
                *met.entry(finding.code).or_default() += 1;
                format!("{} {}", source.place(finding.span.start).line, finding.code)
            })
            .collect();
        assert_eq!(found, expected, "{name}");
    }
    let unmet: Vec<_> = FindingCode::ALL
        .iter()
        .filter(|code| !met.contains_key(code))
        .map(|code| code.name())
        .collect();
    assert_eq!(unmet, [""; 0], "no broken manifest shows these");
}

fn policy(name: &str, kind: PolicyType) -> PolicyDocument {
    PolicyDocument::read(&source(name), kind, Profile::Strict).unwrap()
}

fn journey(manifests: &Manifests, trust: &str) -> Journey {
    let policies = |role: &RoleArn| {
        let identity = match role.name() {
            "S3ReadOnlyMcpRole" => "s3-role.json",
            _ => "default-role.json",
        };
        PolicySet {
            identity: vec![policy(identity, PolicyType::Identity)],
            trust: Some(policy(trust, PolicyType::Trust)),
            ..PolicySet::default()
        }
    };
    let switches = Switches::default();
    let roles = manifests.doors()[0].config.roles();
    Journey {
        policies: roles.into_iter().map(|role| (role.clone(), policies(role))).collect(),
        paths: ["direct", "mcp:aws-mcp"]
            .map(|name| CallPath::named(name, &switches).unwrap())
            .to_vec(),
        actions: Vec::new(),
        switches,
    }
}

fn with_road<T>(trust: &str, look: impl FnOnce(&Road<'_>, &Journey) -> T) -> T {
    let manifests = Manifests::read(&[source("mcp-aws.yaml")]);
    assert_eq!(manifests.findings, [], "the example is in order");
    let tokens = Claims::read(&source("claims.json"), "claims").unwrap();
    let journey = journey(&manifests, trust);
    look(&travel(manifests.doors()[0], &tokens, &journey), &journey)
}

#[test]
fn the_example_leads_each_token_to_its_session() {
    with_road("trust.json", |road, _| {
        let allowed: Vec<_> = road
            .tokens
            .iter()
            .map(|token| {
                let started = token.exchange.as_ref().unwrap().as_ref().unwrap();
                assert_eq!(started.trust.as_ref().unwrap().succeeds(), Some(true));
                let session = started.session.as_ref().unwrap();
                (started.exchange.role.name(), session.allowed(0), session.allowed(1))
            })
            .collect();
        let reads = vec!["s3:GetObject", "s3:ListBucket"];
        assert_eq!(
            allowed,
            [
                ("S3ReadOnlyMcpRole", vec![], reads),
                ("DefaultMcpRole", vec![], vec![]),
                ("DefaultMcpRole", vec![], vec![]),
            ]
        );
    });
}

#[test]
fn an_audience_alone_lets_everybody_past_the_mappings() {
    with_road("trust.json", |road, journey| {
        let s3 = &road.bypasses[0].bypass;
        let found = s3.found.as_ref().unwrap();
        assert_eq!(found.takes_any_token(), Some(true));
        let witness = found.witness.as_ref().unwrap();
        assert_eq!(witness.token, "no-group");
        assert_eq!(witness.chosen.as_ref().unwrap().name(), "DefaultMcpRole");
        assert!(witness.certain && witness.was_given);
        // The request itself, decided again.
        let policies = journey.policies_of(&s3.role);
        let outcome = evaluate(&policies, &witness.request, &journey.switches).outcome;
        assert_eq!(outcome.decided().unwrap().verdict, Verdict::Allowed);
        assert_eq!(witness.request.resource, "arn:aws:iam::111122223333:role/S3ReadOnlyMcpRole");
        assert_eq!(road.bypasses[0].session.as_ref().unwrap().allowed(1).len(), 2);
    });
}

#[test]
fn a_trust_policy_that_names_subjects_keeps_the_others_out() {
    with_road("trust-by-subject.json", |road, _| {
        let s3 = road.bypasses[0].bypass.found.as_ref().unwrap();
        assert!(s3.witness.is_none());
        assert_eq!(s3.takes_any_token(), None);
        assert_eq!(s3.kept_out.len(), 1);
        assert_eq!(s3.kept_out[0].tokens, ["no-group", "groups-as-text"]);
        assert!(s3.kept_out[0].by[0].contains("idp.example.com:sub"), "{:?}", s3.kept_out);
        // Alice is let in to the fallback role too, which ToolHive does not choose for her.
        let fallback = road.bypasses[1].bypass.found.as_ref().unwrap();
        assert_eq!(fallback.witness.as_ref().unwrap().token, "s3-reader");
        // And nobody else gets a session, though ToolHive chose the role.
        let started = road.tokens[1].exchange.as_ref().unwrap().as_ref().unwrap();
        assert_eq!(started.trust.as_ref().unwrap().succeeds(), Some(false));
        assert!(started.session.is_none());
    });
}

#[test]
fn tokens_of_others_are_refused_before_any_mapping() {
    let manifests = Manifests::read(&[source("mcp-aws.yaml")]);
    let door = manifests.doors()[0];
    let refused = |claims: serde_json::Value| {
        let claims = Claims::of("token", claims);
        refusal(&door, &claims, &select(door.config, &claims)).map(|refusal| refusal.status)
    };
    let token = |iss: &str, aud: serde_json::Value| serde_json::json!({ "iss": iss, "aud": aud, "sub": "alice", "groups": ["s3-readers"] });
    let ours = "https://idp.example.com";
    assert_eq!(refused(token(ours, "toolhive".into())), None);
    assert_eq!(refused(token(ours, serde_json::json!(["other", "toolhive"]))), None);
    assert_eq!(refused(token(ours, "other".into())), Some(401));
    assert_eq!(refused(token("https://idp.example.com/", "toolhive".into())), Some(401));
    assert_eq!(refused(serde_json::json!({ "iss": ours, "sub": "alice" })), Some(401));
}

#[test]
fn files_are_read_together() {
    let text = source("mcp-aws.yaml").text().to_owned();
    let parts: Vec<&str> = text.split("---\n").collect();
    assert_eq!(parts.len(), 3);
    let sources: Vec<Source> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| Source::new(format!("{index}.yaml"), *part))
        .collect();
    let together = Manifests::read(&sources);
    assert_eq!(together.findings, []);
    let door = together.doors()[0];
    assert_eq!((door.issuer, door.audience), (Some("https://idp.example.com"), Some("toolhive")));
    let alone = Manifests::read(&sources[2..]);
    let codes: Vec<_> = alone.findings.iter().map(|finding| finding.code.severity()).collect();
    assert_eq!(codes, [Severity::Warning, Severity::Warning]);
    assert!(alone.doors().is_empty());
}
