//! Decides one request again and again, for counting instructions, which hang on nothing else that runs:
//! the difference of two runs, without and with decisions. `instructions.sh` does that for every engine.

use std::hint::black_box;

use iamsure_peers::{ENGINES, Shape, Task};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, shape, statements, answer, times] = arguments.as_slice() else {
        panic!("repeat ENGINE resources|actions STATEMENTS hit|miss TIMES");
    };
    let task = Task {
        shape: if shape == "actions" { Shape::Actions } else { Shape::Resources },
        statements: statements.parse().unwrap(),
        is_hit: answer == "hit",
    };
    let (_, read) = ENGINES.iter().find(|(name, _)| name == engine).unwrap();
    let decide = read(task);
    for _ in 0..times.parse().unwrap() {
        black_box(decide());
    }
}
