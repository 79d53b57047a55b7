"""Holds the reports of `iamsure test` and the schema of suites to the schemas that others publish.

    python3 tests/formats/check.py PATH-OF-IAMSURE

- JUnit: the XSD of Jenkins' xunit plugin, as the source distribution of pytest carries it (MIT).
- SARIF 2.1.0, of suites and of `lint`, `validate` and `prove --review`: the schema of OASIS, as the crate serde-sarif
  carries it (MIT).
- Suites: every suite of `corpus/` and of `tests/suites/unsound` is accepted by our schema, every one of
  `tests/suites/broken` is refused.

The schemas and the validators come from their registries into a temporary folder; nothing of them is kept. Without
network the script says so and exits with 75, so that a caller can tell "not checked" from "wrong".
"""

import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
VALIDATORS = ["jsonschema==4.25.1", "xmlschema==4.1.0", "PyYAML==6.0.3"]
NOT_CHECKED = 75


def fetched(folder):
    """The folder of a virtual environment, the XSD and the SARIF schema."""
    venv.create(folder / "venv", with_pip=True)
    pip = [folder / "venv/bin/pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *VALIDATORS], check=True)
    subprocess.run(
        [*pip, "download", "--no-deps", "--no-binary", ":all:", "-d", folder, "pytest==8.3.4"],
        check=True,
    )
    with tarfile.open(next(folder.glob("pytest-*.tar.gz"))) as archive:
        member = next(name for name in archive.getnames() if name.endswith("/junit-10.xsd"))
        (folder / "junit.xsd").write_bytes(archive.extractfile(member).read())
    crate = folder / "crate"
    (crate / "src").mkdir(parents=True)
    (crate / "src/lib.rs").write_text("")
    (crate / "Cargo.toml").write_text(
        '[package]\nname = "schemas"\nversion = "0.0.0"\nedition = "2024"\n'
        '[dependencies]\nserde-sarif = "=0.8.0"\n[workspace]\n'
    )
    subprocess.run(["cargo", "vendor", "-q", "vendor"], cwd=crate, check=True, stdout=subprocess.DEVNULL)
    schema = next((crate / "vendor/serde-sarif").rglob("*schema*.json"))
    (folder / "sarif.json").write_bytes(schema.read_bytes())
    return folder


def reports(iamsure, folder):
    """A JUnit and a SARIF report of suites that pass, fail, cannot be decided, are to do and cannot be read."""
    for name, paths in {"corpus": ["corpus"], "wrong": ["tests/suites/outcomes", "tests/suites/broken"]}.items():
        junit, sarif = folder / f"{name}.xml", folder / f"{name}.sarif"
        subprocess.run(
            [iamsure, "test", *paths, "--junit", junit, "--sarif", sarif],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        yield junit, sarif


POLICIES = "corpus/guardrails/*.json"
FINDINGS = {
    "lint": ["lint", POLICIES],
    "validate": ["validate", POLICIES, "corpus/near-misses/policy.json", "tests/cli/paths.yaml"],
    "plan": ["lint", "corpus/accounts/plan.json#aws_iam_role.app"],
    "page": ["lint", "corpus/documentation/right.mdx#shared-role.json"],
    "review": ["prove", "--review", "--trust", "corpus/guardrails/toolhive-trust.json"],
    "suites": ["test", "tests/suites/outcomes", "tests/suites/broken"],
}


def findings(iamsure, folder):
    """A SARIF report of findings about policies, also of a policy in a plan, in a page and on standard input."""
    for name, arguments in FINDINGS.items():
        words = [file for word in arguments for file in (sorted(map(str, ROOT.glob(word))) if "*" in word else [word])]
        sarif = folder / f"findings-{name}.sarif"
        subprocess.run(
            [iamsure, *words, "--format", "sarif", "--output", sarif],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        yield sarif
    sarif = folder / "findings-stdin.sarif"
    sarif.write_bytes(
        subprocess.run([iamsure, "validate", "-", "--format", "sarif"], input=b"{", cwd=ROOT, capture_output=True).stdout
    )
    yield sarif


CHECKS = """
import json, pathlib, sys
import jsonschema, xmlschema, yaml

task = json.load(sys.stdin)
wrong = 0

def said(path, error):
    global wrong
    wrong += 1
    print(f"{path}: {error}")

xsd = xmlschema.XMLSchema(task["xsd"])
sarif = json.loads(pathlib.Path(task["sarif"]).read_text())
sarif = jsonschema.validators.validator_for(sarif)(sarif)
for junit, report in task["reports"]:
    for error in xsd.iter_errors(junit):
        said(junit, error.reason)
    for error in sarif.iter_errors(json.loads(pathlib.Path(report).read_text())):
        said(report, error.message)
for report in task["findings"]:
    try:
        value = json.loads(pathlib.Path(report).read_text())
    except ValueError as error:
        said(report, f"no JSON: {error}")
        continue
    for error in sarif.iter_errors(value):
        said(report, error.message)
    if not value["runs"][0]["results"]:
        said(report, "nothing was found")
suite = json.loads(pathlib.Path(task["suite"]).read_text())
jsonschema.Draft202012Validator.check_schema(suite)
suite = jsonschema.Draft202012Validator(suite)
accepted = refused = 0
for path in task["good"]:
    errors = list(suite.iter_errors(yaml.safe_load(pathlib.Path(path).read_text())))
    accepted += not errors
    for error in errors:
        said(path, f"{list(error.path)}: {error.message}")
for path in task["bad"]:
    if suite.is_valid(yaml.safe_load(pathlib.Path(path).read_text())):
        said(path, "the schema accepts what the program refuses")
    else:
        refused += 1
print(f"{len(task['reports'])} JUnit and SARIF reports valid, {len(task['findings'])} SARIF reports of findings valid, {accepted} suites accepted, {refused} refused" if not wrong else f"{wrong} wrong")
sys.exit(wrong > 0)
"""


def main():
    iamsure = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try:
            fetched(folder)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"not checked: the schemas cannot be fetched ({error})")
            return NOT_CHECKED
        suites = lambda path: sorted(str(file) for file in (ROOT / path).rglob("*.iamsure.yaml"))
        # What is not YAML is nothing that a schema sees.
        good = [file for file in suites("corpus") + suites("tests/suites/unsound") if "/tab." not in file]
        task = {
            "xsd": str(folder / "junit.xsd"),
            "sarif": str(folder / "sarif.json"),
            "suite": str(ROOT / "crates/iamsure-review/src/suite/schema.json"),
            "reports": [[str(a), str(b)] for a, b in reports(iamsure, folder)],
            "findings": [str(file) for file in findings(iamsure, folder)],
            "good": good + suites("tests/suites/outcomes"),
            "bad": suites("tests/suites/broken"),
        }
        run = subprocess.run([folder / "venv/bin/python", "-c", CHECKS], input=json.dumps(task), text=True)
        return run.returncode


if __name__ == "__main__":
    sys.exit(main())
