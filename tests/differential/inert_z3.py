#!/usr/bin/env python3
"""Whether a statement changes any access, asked of z3 and of iamsure: the verdicts, and the ratio of times.

Outside the test suite. Needs z3-solver (PyPI) and a folder of identity-based policies, such as the one that
benches/managed/run.sh makes:

    cargo run --profile bench -p iamsure-testkit --example inert -- FOLDER json > inert.jsonl
    python3 tests/differential/inert_z3.py FOLDER inert.jsonl [SAMPLE] [SECONDS] [SEED]

z3 is asked for an action, a resource and values of keys for which some Allow matches and no Deny, with the
statement and not without it, or the other way round. Names of actions are any, published or not. Policies that
use what is not written here (variables, set operators, numbers, dates, addresses) are left out, and counted.
"""

import json
import pathlib
import random
import sys
import time

import z3

TEXT = z3.StringSort()
ANY = z3.AllChar(z3.ReSort(TEXT))
ALL = z3.Full(z3.ReSort(TEXT))
NO_COLON = z3.Intersect(ANY, z3.Complement(z3.Re(":")))


class Unsaid(Exception):
    """Something that this script does not encode."""


def as_list(value):
    return value if isinstance(value, list) else [value]


def text_of(value):
    return json.dumps(value) if isinstance(value, (bool, int, float)) else value


def joined(parts):
    if not parts:
        return z3.Re("")
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def pattern(text, run=lambda at: z3.Star(ANY), one=lambda at: ANY):
    """A pattern of `*` and `?`; what the wildcards stand for hangs on their place."""
    parts, plain = [], ""
    for at, c in enumerate(text):
        if c not in "*?":
            plain += c
            continue
        if plain:
            parts.append(z3.Re(plain))
            plain = ""
        parts.append(run(at) if c == "*" else one(at))
    if plain:
        parts.append(z3.Re(plain))
    return joined(parts)


def resource_pattern(text):
    """M-10 to M-14: in the first five fields `?` is no colon, nor is in `*` but at the end of a field."""
    missing = 5 - text.count(":")
    text += ":*" * max(missing, 0)

    def early(at):
        return text[:at].count(":") < 5

    def run(at):
        ends = at + 1 == len(text) or text[at + 1] == ":"
        return z3.Star(NO_COLON) if early(at) and not ends else z3.Star(ANY)

    return pattern(text, run, lambda at: NO_COLON if early(at) else ANY)


def arn_pattern(text):
    """C-28: six fields, the first five without colons."""
    if text.count(":") < 5:
        return None

    def early(at):
        return text[:at].count(":") < 5

    return pattern(
        text,
        lambda at: z3.Star(NO_COLON if early(at) else ANY),
        lambda at: NO_COLON if early(at) else ANY,
    )


class Request:
    def __init__(self):
        self.action = z3.String("action")
        self.resource = z3.String("resource")
        self.keys = {}
        field = z3.Star(NO_COLON)
        name = joined([z3.Plus(NO_COLON), z3.Re(":"), z3.Plus(NO_COLON)])
        arn = joined([z3.Re("arn:")] + [field, z3.Re(":")] * 4 + [z3.Star(ANY)])
        upper = z3.Range("A", "Z")
        lower = z3.Intersect(ANY, z3.Complement(upper))
        self.facts = [
            z3.InRe(self.action, z3.Intersect(name, z3.Star(lower))),
            z3.Or(self.resource == "*", z3.InRe(self.resource, arn)),
        ]

    def key(self, name):
        """Whether it is there, and its value."""
        folded = name.lower()
        if folded not in self.keys:
            self.keys[folded] = (z3.Bool(f"has {folded}"), z3.String(folded))
        return self.keys[folded]


def clause(request, operator, key, values):
    name = operator
    if ":" in name:
        raise Unsaid("set operator")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    has, value = request.key(key)
    values = [text_of(value) for value in as_list(values)]
    if any("${" in text for text in values):
        raise Unsaid("variable")
    if name == "Null":
        wanted = [text.lower() == "true" for text in values]
        return z3.Or(*[z3.Not(has) if absent else has for absent in wanted])
    negated = name.startswith(("StringNot", "ArnNot"))
    name = name.replace("Not", "", 1)
    if name == "StringEquals":
        matched = [value == text for text in values]
    elif name == "StringLike":
        matched = [z3.InRe(value, pattern(text)) for text in values]
    elif name in ("ArnLike", "ArnEquals"):
        found = [arn_pattern(text) for text in values]
        matched = [z3.InRe(value, known) for known in found if known is not None]
    elif name == "Bool":
        request.facts.append(z3.Or(value == "true", value == "false"))
        matched = [value == text.lower() for text in values]
    else:
        raise Unsaid(name)
    any_of = z3.Or(*matched) if matched else z3.BoolVal(False)
    if negated:
        return z3.Or(z3.Not(has), z3.Not(any_of))
    return z3.Or(z3.Not(has), any_of) if if_exists else z3.And(has, any_of)


def statement(request, found):
    parts = []
    for name, sense in (("Action", True), ("NotAction", False)):
        if name in found:
            texts = [text.lower() for text in as_list(found[name])]
            some = z3.Or(*[z3.InRe(request.action, pattern(text)) for text in texts])
            parts.append(some if sense else z3.Not(some))
    for name, sense in (("Resource", True), ("NotResource", False)):
        if name in found:
            texts = as_list(found[name])
            if any("${" in text for text in texts):
                raise Unsaid("variable")
            one = lambda text: (
                z3.BoolVal(True)
                if text == "*"
                else z3.And(
                    request.resource != "*", z3.InRe(request.resource, resource_pattern(text))
                )
            )
            some = z3.Or(*[one(text) for text in texts])
            parts.append(some if sense else z3.Not(some))
    for operator, keys in found.get("Condition", {}).items():
        for key, values in keys.items():
            parts.append(clause(request, operator, key, values))
    return z3.And(*parts)


def allowed(statements, matches, left_out=None):
    def some(effect):
        return z3.Or(
            *[
                match
                for at, (found, match) in enumerate(zip(statements, matches))
                if found["Effect"] == effect and at != left_out
            ]
        )

    return z3.And(some("Allow"), z3.Not(some("Deny")))


def asked(document, at, seconds):
    """Whether the statement changes no access; and a request, if it does; and the time."""
    start = time.perf_counter()
    statements = as_list(document["Statement"])
    request = Request()
    matches = [statement(request, found) for found in statements]
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    solver.add(*request.facts)
    solver.add(allowed(statements, matches) != allowed(statements, matches, at))
    answer = solver.check()
    took = time.perf_counter() - start
    if answer == z3.unknown:
        return None, None, took
    return answer == z3.unsat, solver.model() if answer == z3.sat else None, took


def main():
    folder, lines, *rest = sys.argv[1:]
    sample, seconds, seed = (rest + ["200", "20", "5"][len(rest) :])[:3]
    known = [json.loads(line) for line in pathlib.Path(lines).read_text().splitlines()]
    counts = {}
    for line in known:
        counts[line["policy"]] = counts.get(line["policy"], 0) + 1
    inert = [line for line in known if line["inertForAnyName"]]
    others = [line for line in known if not line["inertForAnyName"]]
    random.Random(int(seed)).shuffle(others)
    chosen = inert + others[: int(sample)]
    verdicts = {"same": 0, "other": 0, "no answer": 0}
    left_out = {}
    times = []
    for line in chosen:
        if line["why"] == "Exempt":
            # z3 is not told that AWS does not authorize some calls.
            left_out["exempt"] = left_out.get("exempt", 0) + 1
            continue
        document = json.loads((pathlib.Path(folder) / f"{line['policy']}.json").read_text())
        try:
            said, model, took = asked(document, line["statement"], float(seconds))
        except Unsaid as why:
            left_out[str(why)] = left_out.get(str(why), 0) + 1
            continue
        if said is None:
            verdicts["no answer"] += 1
        elif said == line["inertForAnyName"]:
            verdicts["same"] += 1
        else:
            verdicts["other"] += 1
            print(f"OTHER {line['policy']} [{line['statement']}] iamsure {line['inertForAnyName']}, z3 {said}: {model}")
        # iamsure answers for all statements of a policy at once.
        times.append((took, line["seconds"] / counts[line["policy"]]))
    z3_times = sorted(took for took, _ in times)
    own = sum(own for _, own in times)
    at = lambda percent: z3_times[max(0, -(-len(z3_times) * percent // 100) - 1)]
    print(f"{len(inert)} inert and {len(chosen) - len(inert)} other statements, z3 {z3.get_version_string()}, {seconds} s each")
    print(f"  left out: {left_out}")
    print(f"  verdicts: {verdicts}")
    print(f"  z3       p50 {at(50):.4f} s  p90 {at(90):.4f} s  total {sum(z3_times):.2f} s")
    print(f"  iamsure  total {own:.4f} s   z3 / iamsure {sum(z3_times) / own:.0f}")
    return verdicts["other"] > 0


if __name__ == "__main__":
    sys.exit(main())
