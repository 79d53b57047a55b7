//! How long does deciding one request take, here and elsewhere?
//! `cargo bench --manifest-path benches/peers/Cargo.toml`
//!
//! One criterion group for each question, so that the engines stand side by side. Every engine must give the
//! right answer before it is timed.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode};
use iamsure_peers::{ENGINES, Shape, Task};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (shape, differ) in [(Shape::Resources, "resources"), (Shape::Actions, "actions")] {
        for (is_hit, answer) in [(true, "hit"), (false, "miss")] {
            let mut group = criterion.benchmark_group(format!("{differ}, {answer}"));
            group.sampling_mode(SamplingMode::Flat).sample_size(10);
            group.warm_up_time(Duration::from_millis(300));
            group.measurement_time(Duration::from_secs(1));
            for statements in [1, 10, 1_000, 10_000] {
                let task = Task { shape, statements, is_hit };
                for (name, engine) in ENGINES {
                    let decide = engine(task);
                    assert_eq!(decide(), is_hit, "{name}: {task:?}");
                    group.bench_function(BenchmarkId::new(name, statements), |bencher| {
                        bencher.iter(|| black_box(decide()));
                    });
                }
            }
            group.finish();
        }
    }
    criterion.final_summary();
}
