#!/usr/bin/env python3
"""iamsure against @cloud-copilot/iam-simulate (npm).

The peer is licensed AGPL-3.0-or-later. It is installed into a temporary folder and run through its documented
`runSimulation`; nothing of it is in this repository, and nothing here depends on it.
"""

import pathlib
import subprocess

import compare
import generate
from known_iam_simulate import CLASSES
from lines import Lines

PACKAGE, VERSION = "@cloud-copilot/iam-simulate", "0.1.173"
DECISIONS = {"Allowed": "allowed", "ExplicitlyDenied": "explicitDeny", "ImplicitlyDenied": "implicitDeny"}
FULL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


def simulation(case):
    """The case in the form of `runSimulation`, as its README writes it."""
    who, policies = case["principal"], case["policies"]
    name = {"root": lambda: f"arn:aws:iam::{who['account']}:root", "service": lambda: who["service"], "anonymous": lambda: None}
    named = lambda found: [{"name": f"policy{at}", "policy": policy} for at, policy in enumerate(found)]
    levels = lambda found: [{"orgIdentifier": f"level{at}", "policies": named(level)} for at, level in enumerate(found)]
    made = {
        "request": {
            "principal": name.get(who["kind"], lambda: who["arn"])(),
            "action": case["action"],
            "resource": {"resource": case["resource"], "accountId": case["resourceAccount"]},
            "contextVariables": case["context"],
        },
        "identityPolicies": named(policies.get("identity", [])),
        "serviceControlPolicies": levels(policies.get("scp", [])),
        "resourceControlPolicies": levels(policies.get("rcp", [])),
    }
    if "boundary" in policies:
        made["permissionBoundaryPolicies"] = named([policies["boundary"]])
    if "session" in policies:
        made["sessionPolicy"] = policies["session"][0]
    if "vpce" in policies:
        made["vpcEndpointPolicies"] = named([policies["vpce"]])
    if "resource" in policies or "trust" in policies:
        made["resourcePolicy"] = policies.get("resource") or policies.get("trust")
    return made


class IamSimulate:
    name = "iam-simulate"
    version = VERSION
    source = "npm, AGPL-3.0-or-later: run, never linked"
    scope = generate.Scope()
    classes = CLASSES

    def __init__(self, folder):
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, f"{PACKAGE}@{VERSION}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.running = Lines(["node", str(pathlib.Path(__file__).with_suffix(".mjs")), folder])

    def decide(self, cases):
        """Its decisions. It leaves out keys that AWS does not list for an action, and says which."""
        answers = self.running.ask([simulation(case) for case in cases])
        return [compare.Answer.refused(found["error"]) if "error" in found else said(found) for found in answers]


def said(found):
    return compare.Answer(DECISIONS[found["decision"]], ignored=tuple(found.get("ignored", ())))


if __name__ == "__main__":
    compare.main(IamSimulate)
