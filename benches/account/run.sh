#!/usr/bin/env bash
# Three claims about everybody in an invented account, asked of iamsure and of iamprover (PyPI, Apache-2.0), each in one
# run: processor time and elapsed time, and the ratio. Then two roles with a hole each, and whether it is found.
#
#   benches/account/run.sh [PRINCIPALS] [SEED]
#
# Needs cargo, python3 with venv, and a package index. With 10,000 principals the other tool takes about half an hour; 1,000
# is the default.
set -euo pipefail
cd "$(dirname "$0")/../.."

count=${1:-1000}
seed=${2:-7}
version=0.7.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --quiet
target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "iamprover==$version"
python3 benches/account/generate.py "$count" "$seed" > "$work/auth.json"

python3 - "$work" "$target/release/iamsure" "$count" <<'PY'
import json, pathlib, resource, subprocess, sys, time

work, ours, count = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
theirs = work / "venv/bin/iamprover"
actions = ["iam:PassRole", "secretsmanager:GetSecretValue", "s3:GetObject"]
spec = {
    "invariants": [
        {"id": action.replace(":", "-"), "description": action, "forbid": {"action": action, "resource": "*"}}
        for action in actions
    ]
}
# JSON is YAML.
(work / "spec.yaml").write_text(json.dumps(spec))


def run(*command):
    """The exit status, what was printed, and the processor time and the elapsed time in seconds."""
    start = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stdout, (seconds, time.monotonic() - start)


first, *others = [f"never allow {action}" for action in actions]
more = [word for claim in others for word in ("--claim", claim)]
_, text, own = run(ours, "account", "prove", first, work / "auth.json", *more, "--format", "json")
for claim in json.loads(text)["claims"]:
    verdicts = [principal["verdict"] for principal in claim["principals"]]
    print(f"{claim['claim']}: {verdicts.count('refuted')} of {len(verdicts)} break it")
_, _, other = run(theirs, "verify", "--gaad", work / "auth.json", "--invariants", work / "spec.yaml")
for what, own, other in zip(("processor time", "elapsed"), own, other):
    print(f"{count} principals, 3 claims, {what}: iamsure {own:.2f} s, iamprover {other:.2f} s, ratio {other / own:.0f}")

holes = {
    "a Deny for every VPC, and a request through none": {"StringLike": {"aws:SourceVpc": "*"}},
    "a Deny for 0.0.0.0/0, and an address of IPv6": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
}
(work / "one.yaml").write_text(json.dumps({"invariants": [spec["invariants"][2]]}))
for what, condition in holes.items():
    statements = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition},
    ]
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = {
        "RoleName": "reader",
        "RoleId": "AROA00000000000000001",
        "Arn": "arn:aws:iam::111122223333:role/reader",
        "Path": "/",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}],
        "AttachedManagedPolicies": [],
        "InstanceProfileList": [],
    }
    details = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role], "Policies": []}
    (work / "hole.json").write_text(json.dumps(details))
    found, _, _ = run(ours, "account", "prove", "never allow s3:GetObject", work / "hole.json")
    passed, _, _ = run(theirs, "verify", "--gaad", work / "hole.json", "--invariants", work / "one.yaml")
    word = {True: "found", False: "not found"}
    print(f"{what}: iamsure {word[found == 1]}, iamprover {word[passed != 0]}")
    if found != 1:
        sys.exit("the hole was not found")
PY
