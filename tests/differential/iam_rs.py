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
from known_iam_rs import CLASSES
from lines import Lines


def typed(key, value):
    """Its context values have types; ours are texts. A key of a type holds that type where the text reads as one."""
    kind, _ = generate.KEYS.get(key, ("text", False))
    if isinstance(value, list):
        return value
    if kind == "bool" and value in ("true", "false"):
        return value == "true"
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    return value


def question(case):
    return {
        "policies": case["policies"].get("identity", []),
        "request": {
            "Principal": {"AWS": case["principal"]["arn"]},
            "Action": case["action"],
            "Resource": case["resource"],
            "Context": {key: typed(key, value) for key, value in case["context"].items()},
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
        return [
            compare.Answer.refused(found["error"]) if "error" in found else compare.Answer(found["decision"])
            for found in answers
        ]


if __name__ == "__main__":
    compare.main(IamRs)
