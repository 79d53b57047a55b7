"""iamsure's own answers, asked as a user would: `iamsure simulate --requests`."""

import os
import pathlib
import subprocess

from lines import Lines

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    """`IAMSURE`, or what `cargo build --release` leaves."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    found = pathlib.Path(os.environ.get("IAMSURE", target / "release" / "iamsure"))
    if not found.exists():
        raise SystemExit(f"{found} is not there: run `cargo build --release -p iamsure`, or set IAMSURE")
    return str(found)


RUNNING = {}


def decide(cases, switches=()):
    """For each case the decision, or `refused: …` where iamsure cannot read it."""
    if switches not in RUNNING:
        command = [binary(), "simulate", "--requests", "-", "--lenient"]
        for switch in switches:
            command += ["--switch", switch]
        RUNNING[switches] = Lines(command)
    return [said(answer) for answer in RUNNING[switches].ask(cases)]


def said(answer):
    if "error" in answer:
        return "refused: " + answer["error"]["message"]
    # An action that needs no permission is allowed.
    return {"exempt": "allowed"}.get(answer["decision"], answer["decision"])


def version():
    run = subprocess.run([binary(), "--version"], capture_output=True, text=True, check=True)
    # The second line is the date of the reference data.
    return run.stdout.splitlines()[0].split()[-1]
