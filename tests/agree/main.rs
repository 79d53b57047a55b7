//! The program against the restatement of section 7.9, on every small world and on random ones.
//!
//! Small worlds come in two families, each complete: everything that the grants, the identity path
//! and the policy of the resource can say, and everything that the gates of the organization and of
//! the endpoint can say around it.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod scene;

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::world::{PolicySet, Request, Switches};
use iamsure_testkit::restatement::{
    Caller, Mechanism, Naming, Object, Says, SmallWorld, decide, namings,
};
use proptest::prelude::*;
use scene::{Fit, Layers, Line, Shelf};

const MECHANISMS: [Mechanism; 3] = [Mechanism::Ordinary, Mechanism::Trust, Mechanism::Key];
const SAYS: [Says; 4] = [Says::Absent, Says::Silent, Says::Allows, Says::Denies];

/// Who can ask for what, from where.
fn settings() -> impl Iterator<Item = SmallWorld> {
    Caller::ALL
        .into_iter()
        .flat_map(|caller| {
            MECHANISMS.into_iter().flat_map(move |mechanism| {
                [true, false]
                    .into_iter()
                    .map(move |home| SmallWorld::silent(caller, mechanism, home))
            })
        })
        .filter(SmallWorld::is_settled)
}

/// At most one naming.
fn at_most_one(caller: Caller) -> Vec<Vec<Naming>> {
    let one = namings(caller).into_iter().map(|naming| vec![naming]);
    std::iter::once(Vec::new()).chain(one).collect()
}

/// What disagrees, if anything does.
fn disagreement(world: &SmallWorld, policies: &PolicySet, request: &Request) -> Option<String> {
    let expected = decide(world);
    let Outcome::Decided(found) = evaluate(policies, request, &Switches::default()).outcome else {
        return Some(format!("{world:?}\n  expected {expected}, found that it depends"));
    };
    let decision = match found.verdict {
        Verdict::Allowed => "allowed",
        Verdict::Exempt => "exempt",
        Verdict::ExplicitlyDenied => "explicitlyDenied",
        Verdict::ImplicitlyDenied => "implicitlyDenied",
    };
    let by = found.by.name();
    let agree = expected.decision == decision && (expected.by.is_empty() || expected.by == by);
    (!agree).then(|| format!("{world:?}\n  expected {expected}, found {decision} by {by}"))
}

/// Compares worlds, and reports the first few that differ.
#[derive(Default)]
struct Comparison {
    shelf: Shelf,
    compared: usize,
    different: Vec<String>,
}

impl Comparison {
    fn compare(&mut self, world: &SmallWorld, resource_has_a_policy: bool) {
        let layers = scene::layers(world, resource_has_a_policy);
        let policies = self.shelf.policies(world, &layers);
        self.compared += 1;
        self.different.extend(disagreement(world, &policies, &scene::request(world)));
    }

    fn finish(self, family: &str) {
        println!("{family}: {} worlds compared", self.compared);
        let shown: Vec<_> = self.different.iter().take(20).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} differ:\n{}", self.different.len(), shown.join("\n"));
    }
}

#[test]
fn grants_and_the_identity_path_agree() {
    let mut comparison = Comparison::default();
    for setting in settings() {
        for grants in at_most_one(setting.caller) {
            for denials in at_most_one(setting.caller) {
                for identity in SAYS {
                    for boundary in SAYS {
                        for session in SAYS {
                            let world = SmallWorld {
                                identity,
                                boundary,
                                session,
                                grants: grants.clone(),
                                denials: denials.clone(),
                                ..setting.clone()
                            };
                            comparison.compare(&world, true);
                            if grants.is_empty() && denials.is_empty() {
                                comparison.compare(&world, false);
                            }
                        }
                    }
                }
            }
        }
    }
    comparison.finish("grants and the identity path");
}

#[test]
fn objects_of_other_accounts_agree() {
    let mut comparison = Comparison::default();
    let either = [true, false];
    let objects = either.into_iter().flat_map(|of_another| {
        either.into_iter().flat_map(move |acl_grants| {
            either.into_iter().map(move |deleted| Object { of_another, acl_grants, deleted })
        })
    });
    let objects: Vec<Object> = objects.collect();
    for setting in settings().filter(|setting| setting.mechanism == Mechanism::Ordinary) {
        for object in &objects {
            for grants in at_most_one(setting.caller) {
                for denials in at_most_one(setting.caller) {
                    for identity in SAYS {
                        for session in SAYS {
                            for scp in [Vec::new(), vec![Says::Silent], vec![Says::Allows]] {
                                let world = SmallWorld {
                                    object: Some(*object),
                                    identity,
                                    session,
                                    scp,
                                    grants: grants.clone(),
                                    denials: denials.clone(),
                                    ..setting.clone()
                                };
                                comparison.compare(&world, true);
                            }
                        }
                    }
                }
            }
        }
    }
    comparison.finish("objects of other accounts");
}

/// Up to two levels of an organization; a level that is absent is one without policies.
fn organizations() -> Vec<Vec<Says>> {
    let one = SAYS.into_iter().map(|level| vec![level]);
    let two =
        SAYS.into_iter().flat_map(|first| SAYS.into_iter().map(move |next| vec![first, next]));
    std::iter::once(Vec::new()).chain(one).chain(two).collect()
}

#[test]
fn gates_agree() {
    let mut comparison = Comparison::default();
    let insides = |caller| {
        // A federated user and an AssumeRoot session need their session policy.
        let session = match caller {
            Caller::FederatedUser | Caller::AssumeRoot => Says::Allows,
            _ => Says::Absent,
        };
        [
            (Says::Allows, vec![Naming::Everyone], Vec::new(), session),
            (Says::Allows, Vec::new(), Vec::new(), session),
            (Says::Silent, Vec::new(), Vec::new(), session),
            (Says::Denies, Vec::new(), Vec::new(), session),
            (Says::Allows, Vec::new(), vec![Naming::Everyone], session),
        ]
    };
    for setting in settings() {
        for (identity, grants, denials, session) in insides(setting.caller) {
            for (from_management, resource_in_management, exempt) in [
                (false, false, false),
                (true, false, false),
                (false, true, false),
                (true, true, false),
                (false, false, true),
            ] {
                for scp in organizations() {
                    for endpoint in SAYS {
                        for rcp in SAYS {
                            // The exempt operations are those of ordinary, signed callers.
                            if exempt
                                && (setting.mechanism != Mechanism::Ordinary
                                    || setting.caller == Caller::Anonymous)
                            {
                                continue;
                            }
                            let world = SmallWorld {
                                identity,
                                session,
                                grants: grants.clone(),
                                denials: denials.clone(),
                                from_management,
                                resource_in_management,
                                exempt,
                                endpoint,
                                rcp,
                                scp: scp.clone(),
                                ..setting.clone()
                            };
                            comparison.compare(&world, true);
                        }
                    }
                }
            }
        }
    }
    comparison.finish("gates");
}

fn fit() -> impl Strategy<Value = Fit> {
    prop_oneof![
        3 => Just(Fit::Matches),
        2 => Just(Fit::MatchesByCondition),
        1 => Just(Fit::AnotherAction),
        1 => Just(Fit::AnotherResource),
        1 => Just(Fit::FalseCondition),
    ]
}

/// Two statements; which of them deny is weighted so that something is left to be allowed.
fn two_lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (prop::bool::weighted(0.1), fit()).prop_map(|(denies, fit)| Line {
        denies,
        fit,
        principal: "\"*\"".to_owned(),
    });
    prop::collection::vec(line, 2)
}

/// What statements add up to.
fn sum(lines: Option<&Vec<Line>>) -> Says {
    let Some(lines) = lines else { return Says::Absent };
    let some = |denies| lines.iter().any(|line| line.denies == denies && line.fit.matches());
    match (some(true), some(false)) {
        (true, _) => Says::Denies,
        (false, true) => Says::Allows,
        (false, false) => Says::Silent,
    }
}

/// A world and its layers, two statements each.
fn worlds() -> impl Strategy<Value = (SmallWorld, Layers)> {
    let settings: Vec<_> = settings().collect();
    let optional = || prop::option::weighted(0.7, two_lines());
    let named = || (prop::bool::weighted(0.2), fit(), any::<prop::sample::Index>());
    (
        prop::sample::select(settings),
        (any::<bool>(), any::<bool>()),
        (optional(), optional(), optional(), optional(), optional()),
        prop::collection::vec(two_lines(), 0..=2),
        prop::collection::vec(named(), 2),
    )
        .prop_map(|(setting, management, optional, scp, named)| {
            let (identity, boundary, session, endpoint, rcp) = optional;
            let mut world = SmallWorld {
                from_management: management.0,
                resource_in_management: management.1,
                identity: sum(identity.as_ref()),
                boundary: sum(boundary.as_ref()),
                session: sum(session.as_ref()),
                endpoint: sum(endpoint.as_ref()),
                rcp: sum(rcp.as_ref()),
                scp: scp.iter().map(|level| sum(Some(level))).collect(),
                ..setting
            };
            let mut resource = Vec::new();
            for (denies, fit, index) in named {
                let naming = *index.get(&namings(world.caller));
                if fit.matches() {
                    if denies { &mut world.denials } else { &mut world.grants }.push(naming);
                }
                let principal = scene::principal(world.caller, naming);
                resource.push(Line { denies, fit, principal });
            }
            let resource = Some(resource);
            (world, Layers { identity, boundary, session, resource, endpoint, scp, rcp })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16384, ..ProptestConfig::default() })]

    #[test]
    fn random_worlds_of_two_statements_a_layer_agree((world, layers) in worlds()) {
        let policies = Shelf::default().policies(&world, &layers);
        let found = disagreement(&world, &policies, &scene::request(&world));
        prop_assert!(found.is_none(), "{}\n{layers:?}", found.unwrap_or_default());
    }
}
