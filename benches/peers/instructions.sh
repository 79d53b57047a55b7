#!/usr/bin/env bash
# Instructions of one decision, by engine and number of statements, as valgrind counts them.
# Sizes as arguments; 1 10 1000 by default.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --release --quiet --bin repeat
repeat="${CARGO_TARGET_DIR:-target}/release/repeat"
count() { valgrind --tool=callgrind --callgrind-out-file=/dev/null "$repeat" "$@" 2>&1 | sed -n 's/.*Collected : //p'; }

for shape in resources actions; do
  for answer in hit miss; do
    for statements in ${*:-1 10 1000}; do
      for engine in iamsure iam-rs cedar-policy scratchstack-aspen; do
        times=$((statements < 100 ? 100 : 2))
        none=$(count "$engine" "$shape" "$statements" "$answer" 0)
        some=$(count "$engine" "$shape" "$statements" "$answer" "$times")
        echo "$shape, $answer, $statements: $engine $(((some - none) / times))"
      done
    done
  done
done
