#!/usr/bin/env python3
"""iamsure against the evaluator of moto (PyPI, Apache-2.0), called through `IAMPolicy.is_action_permitted`.

moto is a mock of AWS; its evaluator takes one policy, knows StringEquals alone, and no layers.
"""

import subprocess
import sys

import compare
import generate
import managed
from known_moto import CLASSES
from lines import Lines

# Runs in the peer's own environment; one line in, one out.
PROGRAM = """
import json, sys
from moto.iam.access_control import IAMPolicy, PermissionResult
for line in sys.stdin:
    case = json.loads(line)
    try:
        found = {IAMPolicy({"policy_document": json.dumps(document)}).is_action_permitted(
            case["action"], case["resource"], case["principal"]["arn"], case["context"]
        ) for document in case["policies"].get("identity", [])}
        words = [word for word, result in (("denied", PermissionResult.DENIED), ("allowed", PermissionResult.PERMITTED)) if result in found]
        answer = {"decision": (words + ["neutral"])[0]}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
"""
DECISIONS = {"allowed": "allowed", "denied": "explicitDeny", "neutral": "implicitDeny"}


class Moto:
    name = "moto"
    version = managed.MOTO
    source = "PyPI, Apache-2.0"
    scope = generate.Scope(callers=("user",), layers=("identity",), across_accounts=False)
    classes = CLASSES

    def __init__(self, folder):
        subprocess.run([sys.executable, "-m", "venv", f"{folder}/moto"], check=True)
        python = f"{folder}/moto/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"moto[iam]=={self.version}"], check=True)
        self.running = Lines([python, "-c", PROGRAM])

    def decide(self, cases):
        answers = self.running.ask(cases)
        return [
            compare.Answer.refused(found["error"]) if "error" in found else compare.Answer(DECISIONS[found["decision"]])
            for found in answers
        ]


if __name__ == "__main__":
    compare.main(Moto)
