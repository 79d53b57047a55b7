//! The program decides as section 7.9 does, restated independently, whatever each layer says.
//!
//! Input: text whose characters choose, one after the other, the caller, the mechanism, the place of
//! the resource and what each layer says; characters that are missing choose the first option.

#![cfg_attr(fuzzing, no_main)]

use iamsure_core::decision::{Outcome, Verdict, evaluate};
use iamsure_core::world::Switches;
use iamsure_testkit::restatement::{Caller, Mechanism, Says, SmallWorld, decide, namings};

#[path = "../../tests/agree/scene.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod scene;
mod shim;

fn law(input: &str) {
    let mut characters = input.chars().map(|c| c as usize);
    let mut choose = |options: usize| characters.next().unwrap_or(0) % options;
    let caller = Caller::ALL[choose(Caller::ALL.len())];
    let mechanism = [Mechanism::Ordinary, Mechanism::Trust, Mechanism::Key][choose(3)];
    let mut world = SmallWorld::silent(caller, mechanism, choose(2) == 0);
    if !world.is_settled() {
        return;
    }
    let says = [Says::Absent, Says::Silent, Says::Allows, Says::Denies];
    world.identity = says[choose(4)];
    world.boundary = says[choose(4)];
    world.session = says[choose(4)];
    world.endpoint = says[choose(4)];
    // An RCP says nothing, or denies.
    world.rcp = [Says::Absent, Says::Denies][choose(2)];
    world.scp = (0..choose(3)).map(|_| says[1 + choose(3)]).collect();
    let names = namings(caller);
    world.grants = (0..choose(3)).map(|_| names[choose(names.len())]).collect();
    world.denials = (0..choose(3)).map(|_| names[choose(names.len())]).collect();
    world.from_management = choose(2) == 1;
    world.resource_in_management = choose(2) == 1;

    let policies = scene::Shelf::default().policies(&world, &scene::layers(&world, true));
    let expected = decide(&world);
    let outcome = evaluate(&policies, &scene::request(&world), &Switches::default()).outcome;
    let Outcome::Decided(found) = outcome else { panic!("nothing is unknown: {world:?}") };
    let decision = match found.verdict {
        Verdict::Allowed => "allowed",
        Verdict::Exempt => "exempt",
        Verdict::ExplicitlyDenied => "explicitlyDenied",
        Verdict::ImplicitlyDenied => "implicitlyDenied",
    };
    assert_eq!(expected.decision, decision, "{world:?}");
    assert!(expected.by.is_empty() || expected.by == found.by.name(), "{world:?}");
}

shim::law!(law);
