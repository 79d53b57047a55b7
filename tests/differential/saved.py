"""Every policy that AWS manages, through `iamsure validate`: AWS saved them, so nothing of them may be refused.

One finding is right all the same. AWS's own policies are not held to the length that a customer's policy may have, so
`size-limit` is counted, and compared with a count of the characters made here; any other error fails the run.

    python3 saved.py                   # from moto (PyPI, Apache-2.0), which carries a snapshot; none is kept in the repository
    python3 saved.py --policies DIR    # from a folder of JSON files
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import iamsure
import managed

# 10,240 characters without white space: the most that any identity-based policy of a customer may have.
MOST = 10_240


def validated(folder, names):
    command = [iamsure.binary(), "validate", "--type", "identity", "--format", "json", *names]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return json.loads(run.stdout)["documents"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--policies", help="folder of managed policies, one JSON file each; otherwise taken from moto")
    chosen = arguments.parse_args()
    counts, policies, wrong = collections.Counter(), collections.defaultdict(set), []
    with tempfile.TemporaryDirectory() as work:
        found = managed.documents(chosen.policies, work)
        for name, document in found:
            (pathlib.Path(work) / f"{name}.json").write_text(json.dumps(document, indent=2))
        lengths = {f"{name}.json": len("".join(json.dumps(document, indent=2).split())) for name, document in found}
        for document in validated(work, sorted(lengths)):
            too_long = lengths[document["file"]] > MOST
            errors = [finding for finding in document["findings"] if finding["severity"] == "error"]
            if {finding["code"] for finding in errors} != ({"size-limit"} if too_long else set()):
                wrong.append((document["file"], too_long, [finding["message"] for finding in errors]))
            for finding in document["findings"]:
                kind = (finding["severity"], finding["code"])
                counts[kind] += 1
                policies[kind].add(document["file"])
    print(f"{len(found)} policies")
    for kind, number in sorted(counts.items(), key=lambda item: (item[0][0], -item[1])):
        print(f"  {number:5} {kind[0]} {kind[1]} in {len(policies[kind])} policies")
    for file, too_long, messages in wrong:
        print(f"wrong: {file}{' (longer than a customer may save)' if too_long else ''}: {messages}")
    sys.exit(1 if wrong or not found else 0)


if __name__ == "__main__":
    main()
