//! Sessions: what a chain of exchanges passes on, and nothing else.

use iamsure_core::world::session::{AssumeRole, Caller, ExchangeError, Role, Tags};
use iamsure_core::world::{CallPath, Context, KeyState, Principal, Session, Switches};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};

use super::cases;

const TAGS: [&str; 4] = ["team", "cost", "stage", "owner"];

/// One step of a chain: tags of the role, tags that are passed, those made transitive, a source identity.
type Step = (BTreeMap<String, String>, BTreeMap<String, String>, BTreeSet<String>, Option<String>);

fn step() -> impl Strategy<Value = Step> {
    let key = || select(&TAGS[..]).prop_map(str::to_owned);
    let tags = || btree_map(key(), select(&["1", "2", "3"][..]).prop_map(str::to_owned), 0..3);
    let source = prop::option::weighted(0.3, select(&["ann", "bob"][..]).prop_map(str::to_owned));
    (tags(), tags(), btree_set(key(), 0..3), source)
}

fn call(caller: Caller, step: &Step) -> Result<Session, ExchangeError> {
    let (role_tags, tags, transitive, source_identity) = step;
    let role =
        Role::new("arn:aws:iam::111122223333:role/r")?.with_tags(Tags::new(role_tags.clone())?);
    let mut call = AssumeRole::new(caller, role, "s1");
    call.terms.tags = Tags::new(tags.clone())?;
    call.terms.transitive = transitive.iter().cloned().collect();
    call.terms.source_identity.clone_from(source_identity);
    call.exchange().map(|exchange| exchange.session)
}

proptest! {
    #![proptest_config(cases(512))]

    /// A principal tag of a session was passed to it, is the role's, or was passed *and* transitive
    /// before. A source identity is the first that was set.
    #[test]
    fn a_chain_gains_no_tag_that_was_not_passed(steps in vec(step(), 1..5)) {
        let alice = Principal::User {
            account: "111122223333".to_owned(),
            arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
            unique_id: None,
        };
        let mut caller = Caller::new(alice, Context::closed());
        let mut inherited: BTreeMap<String, String> = BTreeMap::new();
        let mut source: Option<String> = None;
        for step in &steps {
            let (role_tags, tags, transitive, asked) = step;
            let repeats = tags.keys().any(|key| inherited.contains_key(key));
            let changes = matches!((&source, asked), (Some(set), Some(asked)) if set != asked);
            let made = call(caller.clone(), step);
            prop_assert_eq!(made.is_err(), repeats || changes);
            let Ok(session) = made else { return Ok(()) };
            let mut expected = role_tags.clone();
            expected.extend(tags.clone());
            expected.extend(inherited.clone());
            let mut context = Context::open();
            session.apply(&mut context);
            for key in TAGS {
                let state = context.state(&format!("aws:PrincipalTag/{key}").as_str().into()).clone();
                let wanted = expected.get(key).map_or(KeyState::Absent, KeyState::single);
                prop_assert_eq!(state, wanted, "{}", key);
            }
            let passed_on = tags.iter().filter(|(key, _)| transitive.contains(*key));
            inherited.extend(passed_on.map(|(key, value)| (key.clone(), value.clone())));
            source = source.or_else(|| asked.clone());
            prop_assert_eq!(session.source_identity(), source.as_deref());
            caller = Caller::of_session(session, false, Context::closed());
        }
    }

    /// A chain of services of any length: each world says each key once, the chain in its order, and
    /// KC-1, KC-4 and KC-13 hold.
    #[test]
    fn a_forwarded_call_keeps_the_constraints_between_keys(
        services in vec(select(&["athena", "glue", "s3", "kms", "cloudformation", "ec2"][..]), 1..4),
        origin in select(&["", "direct/vpce/", "direct/internet/", "mcp:aws-mcp/", "mcp:any/"][..]),
    ) {
        let name = format!("{origin}service:{}", services.join("+"));
        let path = CallPath::named(&name, &Switches::default()).unwrap();
        let chain: Vec<String> =
            services.iter().map(|service| format!("{service}.amazonaws.com")).collect();
        for world in path.worlds() {
            let state = |key: &str| world.fixed(&key.into()).unwrap().state.clone();
            let names: BTreeSet<_> = world.keys.iter().map(|fixed| fixed.key.folded()).collect();
            prop_assert_eq!(names.len(), world.keys.len());
            match state("aws:CalledVia") {
                KeyState::Multi(called) => {
                    prop_assert!(called.ends_with(&chain));
                    prop_assert_eq!(state("aws:CalledViaFirst"), KeyState::single(called[0].as_str()));
                    prop_assert_eq!(Some(state("aws:CalledViaLast")), chain.last().map(KeyState::single));
                    prop_assert_eq!(state("aws:ViaAWSService"), KeyState::single("true"));
                }
                other => {
                    prop_assert_eq!(other, KeyState::Absent);
                    prop_assert_eq!(state("aws:CalledViaFirst"), KeyState::Absent);
                    prop_assert_eq!(state("aws:CalledViaLast"), KeyState::Absent);
                }
            }
            prop_assert_eq!(
                state("aws:ViaAWSMCPService") == KeyState::single("true"),
                state("aws:CalledViaAWSMCP") != KeyState::Absent
            );
            prop_assert_eq!(state("aws:SourceVpce"), KeyState::Absent);
        }
    }
}
