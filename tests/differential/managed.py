"""Requests near the policies that AWS manages.

The documents come from moto (PyPI, Apache-2.0), which carries a snapshot of them; none is kept in the repository.
"""

import ast
import fnmatch
import json
import pathlib
import random
import re
import subprocess
import sys
import zipfile

import generate
from generate import near_text, some
from vocabulary import KEYS, OWN

MOTO = "5.2.5"
REFERENCE = pathlib.Path(__file__).resolve().parents[2] / "crates/iamsure-reference/data/service-reference.txt"
KINDS = {"Bool": "bool", "Date": "date", "Numeric": "number", "Arn": "arn", "IpAddress": "address", "IPAddress": "address"}


def documents(folder, work):
    """Names and documents, from a folder of JSON files or from moto's wheel (read, never run)."""
    if folder:
        return [(path.stem, json.loads(path.read_text())) for path in sorted(pathlib.Path(folder).glob("*.json"))]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", work]
    subprocess.run([*command, f"moto=={MOTO}"], check=True)
    (wheel,) = pathlib.Path(work).glob("moto-*.whl")
    text = zipfile.ZipFile(wheel).read("moto/iam/aws_managed_policies.py").decode()
    (found,) = [ast.literal_eval(node.value) for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    return sorted((name, policy["Document"]) for name, policy in json.loads(found).items())


def published():
    """Actions with the ARN formats of their resources, and the types of keys."""
    actions, keys, formats, wanted = {}, {}, {}, {}
    service = action = resource = None
    for line in REFERENCE.read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if line.startswith("service "):
            service = words[1]
        elif line.startswith("key "):
            keys[words[1].split("$")[0].lower()] = (KINDS.get("".join(words[2:3]), "text"), "multi" in words[2:])
        elif line.startswith("resource "):
            resource = (service, words[1])
        elif line.startswith("  arn "):
            formats.setdefault(resource, []).append(words[1])
        elif line.startswith("action "):
            action = words[1] if ":" in words[1] else f"{service}:{words[1]}"
            wanted[action] = []
        elif line.startswith("  on"):
            wanted[action].append((service, words[1]))
    for action, types in wanted.items():
        actions[action] = [arn for name in types for arn in formats.get(name, [])]
    for key, (kind, multivalued) in KEYS.items():
        keys[key.split("/")[0].lower() + ("/" if "/" in key else "")] = ("text" if kind == "member" else kind, multivalued)
    return actions, keys


def listed(value):
    return value if isinstance(value, list) else [value]


def filled(rng, arn):
    """An ARN of this format, or of this pattern."""
    arn = arn.replace("${Partition}", "aws").replace("${Region}", "us-east-1").replace("${Account}", OWN)
    arn = re.sub(r"\$\{[^}]*\}", lambda _: rng.choice(("red", "blue")), arn)
    arn = arn.replace("?", "x")
    fields = arn.split(":", 5)
    if len(fields) < 6:
        return "*"
    fields[1] = "aws" if "*" in fields[1] else fields[1]
    fields[3] = fields[3].replace("*", "us-east-1")
    fields[4] = fields[4].replace("*", OWN)
    fields[5] = re.sub(r"\*", lambda _: rng.choice(("red", "x", "blue-1")), fields[5])
    return ":".join(fields)


def cases(seed, found, scope):
    """Cases without end; statements, actions, resources and values are those of the document, or beside them."""
    rng = random.Random(seed)
    actions, keys = published()
    by_fold = {name.lower(): name for name in actions}
    folded = sorted(by_fold)
    by_service = {}
    for name in folded:
        by_service.setdefault(name.split(":")[0], []).append(name)
    number = 0
    while True:
        name, document = rng.choice(found)
        statements = listed(document["Statement"])
        near = rng.choice(statements)
        pattern = rng.choice(listed(near.get("Action", near.get("NotAction")))).lower()
        pool = by_service.get(pattern.split(":")[0], folded)
        names = pool if some(rng, 10) else [entry for entry in pool if fnmatch.fnmatchcase(entry, pattern)]
        if not names:
            continue
        action = by_fold[rng.choice(names)]
        if not generate.askable(action, scope):
            continue
        resource = "*"
        if actions[action]:
            resource = filled(rng, rng.choice(actions[action]))
            entry = rng.choice(listed(near.get("Resource", near.get("NotResource", "*"))))
            if some(rng, 60) and entry != "*":
                resource = filled(rng, entry)
            if resource == "*":
                # A request is about one resource; `*` is for actions without resource types.
                continue
        who = generate.caller(rng, generate.Scope(callers=tuple(kind for kind in ("user", "role-session") if kind in scope.callers)))
        case = {
            "id": f"{name}-{number}",
            "principal": who,
            "action": action,
            "resource": resource,
            "resourceAccount": OWN,
            "context": context(rng, statements, near, keys),
            "policies": {"identity": [document]},
        }
        # A role has a trust policy and a key a key policy: here one that leaves it to the account.
        trusted = {"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:*" if action.startswith("sts:") else "kms:*"}
        if action.startswith("sts:") and ":role/" in resource:
            case["policies"]["trust"] = {"Version": "2012-10-17", "Statement": [trusted]}
        elif action.startswith("kms:"):
            case["policies"]["resource"] = {"Version": "2012-10-17", "Statement": [{**trusted, "Resource": "*"}]}
        if "boundary" in scope.layers and some(rng, 15):
            case["policies"]["boundary"] = rng.choice(found)[1]
        if "scp" in scope.layers and some(rng, 10):
            full = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
            case["policies"]["scp"] = [[full]]
        yield case
        number += 1


def context(rng, statements, near, keys):
    """Values for the keys that the statements ask about: absent, as written, or beside it."""
    held = {}
    asked = [near] * 3 + statements
    for _ in range(4):
        for clause in rng.choice(asked).get("Condition", {}).items():
            for key, values in clause[1].items():
                if any(key.lower() == other.lower() for other in held) or some(rng, 30):
                    continue
                written = [json.dumps(value) if not isinstance(value, str) else value for value in listed(values)]
                one = lambda: drawn(rng, rng.choice(written) if written else "red")
                multivalued = keys.get(key.split("/")[0].lower() + ("/" if "/" in key else ""), ("text", False))[1]
                held[key] = [one() for _ in range(rng.choice((0, 1, 2)))] if multivalued else one()
    return held


def drawn(rng, value):
    value = re.sub(r"\$\{[^}]*\}", "red", value)
    if some(rng, 25):
        return near_text(rng, value)
    if value in ("true", "false"):
        return rng.choice(("true", "false"))
    return value.replace("*", rng.choice(("red", "x", ""))).replace("?", "x")
