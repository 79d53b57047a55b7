//! How much memory does a statement take, and how often does a decision allocate?
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin memory`
//!
//! A counting allocator, so that nothing hangs on the machine.

use std::alloc::System;

use iamsure_core::decision::CompiledPolicies;
use iamsure_core::world::Switches;
use iamsure_peers::{ENGINES, Shape, Task, iamsure_parts};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What `make` made, and how many bytes of it stay.
fn kept<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let region = Region::new(ALLOCATOR);
    let made = make();
    let change = region.change();
    (made, change.bytes_allocated.saturating_sub(change.bytes_deallocated))
}

fn main() {
    let statements = 1_000;
    println!(
        "| statements differ in | engine | bytes per statement | allocations per decision, hit | miss |"
    );
    println!("| --- | --- | --- | --- | --- |");
    for shape in [Shape::Resources, Shape::Actions] {
        let task = |is_hit| Task { shape, statements, is_hit };
        for (name, engine) in ENGINES {
            let (hit, bytes) = kept(|| engine(task(true)));
            let miss = engine(task(false));
            let allocations = |decide: &dyn Fn() -> bool| {
                decide();
                let region = Region::new(ALLOCATOR);
                decide();
                region.change().allocations
            };
            let (on_hit, on_miss) = (allocations(&hit), allocations(&miss));
            println!("| {shape:?} | {name} | {} | {on_hit} | {on_miss} |", bytes / statements);
        }
        let ((policies, _), read) = kept(|| iamsure_parts(task(true)));
        let (_compiled, index) = kept(|| CompiledPolicies::new(&policies, Switches::default()));
        println!(
            "| {shape:?} | of iamsure's: as read {}, compiled beside it {} | | | |",
            read / statements,
            index / statements,
        );
    }
}
