#!/usr/bin/env bash
# Every peer in turn; counts go to results.json, from which docs/conformance.md is made. Needs cargo, npm, python3 with pip,
# and the registries. Arguments are passed on: `run.sh --requests 100000 --managed 50000 --seed 9`.
set -euo pipefail
cd "$(dirname "$0")"
cargo build --release --quiet -p iamsure --manifest-path ../../Cargo.toml
for peer in iam_simulate moto_evaluator iam_rs; do
    python3 "$peer.py" --write "$@"
done
