#!/usr/bin/env bash
# The truth table of every AWS managed policy: how many are exact, how long they take, and whether the diagram
# decides as the evaluator does. Needs cargo, python3 with pip, and a package index.
#
#   benches/managed/run.sh [REQUESTS] [SETS] [SEED]
#
# The policies come from moto (PyPI, Apache-2.0), which carries a snapshot of them; nothing of it is kept in
# the repository. FOLDER=path takes policies that are there already, one JSON file each.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=5.2.5
folder=${FOLDER:-.data/managed-policies-moto-$version}

if [ ! -d "$folder" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    python3 -m pip download --quiet --no-deps --only-binary=:all: --dest "$work" "moto==$version"
    python3 - "$work" "$folder" <<'PY'
import ast, json, pathlib, sys, zipfile

work, folder = map(pathlib.Path, sys.argv[1:])
(wheel,) = work.glob("moto-*.whl")
source = zipfile.ZipFile(wheel).read("moto/iam/aws_managed_policies.py").decode()
# One assignment of one string literal; read, never run.
(text,) = [ast.literal_eval(node.value) for node in ast.parse(source).body if isinstance(node, ast.Assign)]
partial = folder.with_name(folder.name + ".partial")
partial.mkdir(parents=True, exist_ok=True)
for name, policy in json.loads(text).items():
    (partial / f"{name}.json").write_text(json.dumps(policy["Document"], indent=2))
partial.rename(folder)
PY
fi

cargo run --quiet --profile bench -p iamsure-testkit --example managed -- "$folder" "$@"
