#!/usr/bin/env python3
"""iamsure against iam-rs (crates.io, MIT), built in a temporary folder and called as docs.rs documents it.

Its policies are one bag: identity-based policies of one account, no layers.
"""

import os
import pathlib
import re
import shutil
import subprocess

import compare
import generate
from change import documents, listed, split
from known_iam_rs import CLASSES
from lines import Lines


def typed(value, families):
    """Its context values have types; ours are texts. A key that operators of one family alone ask about holds that type."""
    if isinstance(value, list):
        return value
    if families == {"Bool"} and value in ("true", "false"):
        return value == "true"
    if families == {"Numeric"} and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    return value


def families(case):
    """Which operators ask about each key."""
    found = {}
    for _, document in documents(case):
        for statement in listed(document["Statement"]):
            for operator, keys in statement.get("Condition", {}).items():
                for key in keys:
                    family = re.match("[A-Z][a-z]+", split(operator)[1])[0]
                    found.setdefault(key.lower(), set()).add(family)
    return {key: names - {"Null"} for key, names in found.items()}


def question(case):
    asked = families(case)
    return {
        "policies": case["policies"].get("identity", []),
        "request": {
            "Principal": {"AWS": case["principal"]["arn"]},
            "Action": case["action"],
            "Resource": case["resource"],
            "Context": {key: typed(value, asked.get(key.lower())) for key, value in case["context"].items()},
        },
    }


class IamRs:
    name = "iam-rs"
    version = "0.8.0"
    source = "crates.io, MIT"
    scope = generate.Scope(callers=("user",), layers=("identity",), across_accounts=False)
    classes = CLASSES

    def __init__(self, folder):
        shutil.copytree(pathlib.Path(__file__).with_name("iam_rs"), f"{folder}/iam_rs")
        environment = {**os.environ, "CARGO_TARGET_DIR": f"{folder}/target"}
        command = ["cargo", "build", "--release", "--quiet", "--manifest-path", f"{folder}/iam_rs/Cargo.toml"]
        subprocess.run(command, env=environment, check=True)
        self.running = Lines([f"{folder}/target/release/iam_rs_peer"])

    def decide(self, cases):
        answers = self.running.ask([question(case) for case in cases])
        for case, answer in zip(cases, answers):
            if any(len(names) > 1 for names in families(case).values()):
                answer["error"] = "not asked: a key that operators of two types ask about"
        return [
            compare.Answer.refused(found["error"]) if "error" in found else compare.Answer(found["decision"])
            for found in answers
        ]


if __name__ == "__main__":
    compare.main(IamRs)
