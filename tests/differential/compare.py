"""Two engines, the same cases: where they differ, whether a known class explains it, and the least such case.

A class of differences says how the peer reads IAM otherwise, as a change of the case or as a switch of iamsure. It
explains a difference only if iamsure, asked the changed case or with the switch, answers what the peer answered. So
a class cannot hide another fault that happens to lie beside it, unless that fault leads to the same answer.
"""

import argparse
import dataclasses
import datetime
import itertools
import json
import pathlib
import sys
import tempfile
import time

import generate
import iamsure
import managed
import shrink

RESULTS = pathlib.Path(__file__).with_name("results.json")


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a peer said; `why` if it refused. `ignored`: keys of the request that it says it left out."""

    decision: str | None
    ignored: tuple = ()
    why: str = ""

    @classmethod
    def refused(cls, why):
        return cls(None, why=why)


def without(case, keys):
    """The case without keys that the peer left out."""
    folded = {key.lower() for key in keys}
    return {**case, "context": {key: value for key, value in case["context"].items() if key.lower() not in folded}}


def changed(case, classes):
    """The case as a peer with these differences reads it, and the switches."""
    switches = []
    for known in classes:
        switches += known.switches
        if known.change:
            case = known.change(case) or case
    return case, tuple(sorted(set(switches)))


def ours(asked):
    """Decisions of (case, switches), one run for each set of switches."""
    answers = [None] * len(asked)
    groups = {}
    for at, (_, switches) in enumerate(asked):
        groups.setdefault(switches, []).append(at)
    for switches, places in groups.items():
        for at, decision in zip(places, iamsure.decide([asked[at][0] for at in places], switches)):
            answers[at] = decision
    return answers


def compared(peer, cases):
    """For each case what both said. The peer is asked first: what it leaves out, iamsure is not told either."""
    theirs = peer.decide(cases)
    cases = [without(case, answer.ignored) for case, answer in zip(cases, theirs)]
    return list(zip(cases, theirs, ours([(case, ()) for case in cases])))


def explained(peer, differing):
    """For each differing case the classes that explain it, none of which can be spared; None if nothing does."""
    found = [None] * len(differing)

    def attempt(tried):
        answers = ours([changed(differing[at][0], classes) for at, classes in tried])
        for (at, classes), decision in zip(tried, answers):
            better = found[at] is None or len(classes) < len(found[at])
            if better and decision == differing[at][1].decision:
                found[at] = classes

    attempt([(at, (known,)) for at in range(len(differing)) for known in peer.classes])
    attempt([(at, tuple(peer.classes)) for at, classes in enumerate(found) if classes is None])
    for spared in peer.classes:
        several = [(at, classes) for at, classes in enumerate(found) if classes and len(classes) > 1 and spared in classes]
        attempt([(at, tuple(known for known in classes if known is not spared)) for at, classes in several])
    return found


def differs(both):
    _, theirs, own = both
    return theirs.decision is not None and not own.startswith("refused") and own != theirs.decision


def least(peer, case, classes):
    """The least case near this one that still differs and is explained by the same classes, or by none."""

    def still(candidates):
        found = compared(peer, candidates)
        places = [at for at, both in enumerate(found) if differs(both)]
        whys = dict(zip(places, explained(peer, [found[at] for at in places])))
        return [at in whys and whys[at] == classes for at in range(len(found))]

    return shrink.shrunk(case, still)


def run(peer, source, count, batch=2000):
    """Counts of one source of cases, the first case of each class, and what nothing explains."""
    counts = {"requests": 0, "refused": 0, "agree": 0, "differ": 0, "unexplained": 0}
    refusals, by_class, first, unexplained = {}, {}, {}, []
    while counts["requests"] < count:
        cases = list(itertools.islice(source, min(batch, count - counts["requests"])))
        if not cases:
            break
        counts["requests"] += len(cases)
        differing = []
        for both in compared(peer, cases):
            case, theirs, own = both
            if theirs.decision is None or own.startswith("refused"):
                counts["refused"] += 1
                why = own if own.startswith("refused") else theirs.why
                refusals.setdefault(why[:160], [0, case])[0] += 1
            elif differs(both):
                counts["differ"] += 1
                differing.append(both)
            else:
                counts["agree"] += 1
        for both, classes in zip(differing, explained(peer, differing)):
            if classes is None:
                counts["unexplained"] += 1
                unexplained.append(both)
                continue
            for known in classes:
                by_class[known.name] = by_class.get(known.name, 0) + 1
            # An example shows one class alone, wherever there is one.
            for known in classes:
                if known.name not in first or len(first[known.name][1]) > len(classes):
                    first[known.name] = (both[0], classes)
    return counts, by_class, first, unexplained, refusals


def shown(peer, case, theirs, own):
    print(json.dumps({key: value for key, value in case.items() if key != "id"}, indent=2))
    print(f"  {peer.name}: {theirs.decision}   iamsure: {own}\n")


def main(make):
    arguments = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    arguments.add_argument("--requests", type=int, default=200_000, help="random requests over random policies")
    arguments.add_argument("--managed", type=int, default=50_000, help="requests over AWS managed policies; 0 for none")
    arguments.add_argument("--policies", help="folder of managed policies, one JSON file each; otherwise taken from moto")
    arguments.add_argument("--seed", type=int, default=9)
    arguments.add_argument("--show", type=int, default=5, help="how many unexplained differences to shrink and print")
    arguments.add_argument("--refusals", action="store_true", help="print why requests were not compared")
    arguments.add_argument("--write", action="store_true", help="write the counts to results.json")
    chosen = arguments.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        peer = make(folder)
        print(f"{peer.name} {peer.version}, iamsure {iamsure.version()}, seed {chosen.seed}")
        sources = {"random policies": (generate.cases(chosen.seed, peer.scope), chosen.requests)}
        if chosen.managed:
            documents = managed.documents(chosen.policies, folder)
            sources["AWS managed policies"] = (managed.cases(chosen.seed, documents, peer.scope), chosen.managed)
        runs, classes, failed = {}, {}, False
        for title, (source, count) in sources.items():
            counts, by_class, first, unexplained, refusals = run(peer, source, count)
            print(f"{title}: {counts}")
            for name, number in sorted(by_class.items(), key=lambda item: -item[1]):
                print(f"  {number:7} {name}")
                classes.setdefault(name, {"count": 0})["count"] += number
                if chosen.write and "example" not in classes[name]:
                    case, known = first[name]
                    case = least(peer, case, known)
                    ((case, theirs, own),) = compared(peer, [case])
                    case = {key: value for key, value in case.items() if key != "id"}
                    classes[name]["example"] = {"case": case, "peer": theirs.decision, "iamsure": own}
            if chosen.refusals:
                for why, (number, case) in sorted(refusals.items(), key=lambda item: -item[1][0])[:20]:
                    print(f"  {number:7} not compared: {why}")
            failed |= bool(unexplained)
            for case, _, _ in unexplained[: chosen.show]:
                case = least(peer, case, None)
                shown(peer, *compared(peer, [case])[0])
            runs[title] = counts
        print(f"{time.monotonic() - start:.0f} s")
        if chosen.write and not failed:
            write(peer, chosen.seed, runs, classes)
    sys.exit(1 if failed else 0)


def write(peer, seed, runs, classes):
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results[peer.name] = {
        "version": peer.version,
        "source": peer.source,
        "iamsure": iamsure.version(),
        "date": datetime.date.today().isoformat(),
        "seed": seed,
        "runs": runs,
        "classes": [
            {
                "name": known.name,
                "rules": list(known.rules),
                "what": known.what,
                "evidence": known.evidence,
                "switches": list(known.switches),
                "count": classes.get(known.name, {}).get("count", 0),
                "example": classes.get(known.name, {}).get("example"),
            }
            for known in peer.classes
        ],
    }
    RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False) + "\n")
