//! Selection of roles: against a plain restatement of ToolHive's, and reading that always ends.

use iamsure_core::language::Source;
use iamsure_toolhive::claims::Claims;
use iamsure_toolhive::manifest::Manifests;
use iamsure_toolhive::selection::select;
use proptest::prelude::*;
use std::fmt::Write as _;

use super::cases;

/// Groups that tokens have and mappings look for.
const GROUPS: [&str; 4] = ["a", "b", "c", "d"];

fn manifest(mappings: &[(&str, Option<u8>)], fallback: bool) -> String {
    let mut text = String::from(
        "apiVersion: toolhive.stacklok.dev/v1beta1\nkind: MCPExternalAuthConfig\nmetadata: { name: x }\n\
         spec:\n  type: awsSts\n  awsSts:\n    region: us-east-1\n",
    );
    if fallback {
        text.push_str("    fallbackRoleArn: arn:aws:iam::111122223333:role/fallback\n");
    }
    text.push_str("    roleMappings:\n");
    for (index, (group, priority)) in mappings.iter().enumerate() {
        write!(
            text,
            "      - claim: {group}\n        roleArn: arn:aws:iam::111122223333:role/r{index}\n"
        )
        .unwrap();
        if let Some(priority) = priority {
            writeln!(text, "        priority: {priority}").unwrap();
        }
    }
    text
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_first_of_the_lowest_priority_selects(
        mappings in prop::collection::vec((prop::sample::select(GROUPS.to_vec()), prop::option::of(0_u8..3)), 1..7),
        groups in prop::sample::subsequence(GROUPS.to_vec(), 0..=GROUPS.len()),
        fallback in any::<bool>(),
    ) {
        let manifests = Manifests::read(&[Source::new("m.yaml", manifest(&mappings, fallback))]);
        prop_assert!(!manifests.has_errors(), "{:?}", manifests.findings);
        let claims = Claims::of("t", serde_json::json!({ "sub": "alice", "groups": groups }));
        let selection = select(manifests.doors().first().unwrap().config, &claims);
        let matching = mappings.iter().enumerate().filter(|(_, (group, _))| groups.contains(group));
        let expected = matching
            .min_by_key(|(index, (_, priority))| (priority.map_or(1_000, u32::from), *index))
            .map(|(index, _)| format!("r{index}"))
            .or_else(|| fallback.then(|| "fallback".to_owned()));
        let found = selection.choice.role().map(|role| role.name().to_owned());
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn reading_ends_whatever_is_read(
        text in "\\PC{0,200}",
        at in any::<prop::sample::Index>(),
        cut in 0_usize..60,
    ) {
        let whole = include_str!("../../corpus/toolhive/mcp-aws.yaml");
        let start = at.index(whole.len());
        let mut mangled: String = whole.chars().take(start).collect();
        mangled.push_str(&text);
        mangled.extend(whole.chars().skip(start + cut));
        for source in [Source::new("m", text.as_str()), Source::new("m", mangled.as_str())] {
            for finding in &Manifests::read(std::slice::from_ref(&source)).findings {
                prop_assert!(finding.span.start <= source.text().len(), "{finding}");
                prop_assert!(!finding.message.is_empty());
            }
        }
    }
}
