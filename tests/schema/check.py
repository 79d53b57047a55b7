"""Holds every JSON form to its schema in docs/schema.

    python3 tests/schema/check.py PATH-OF-IAMSURE

Every command in a transcript and in the documents is run again with `--format json`, and so are those of MORE, which
are about real inputs. What it prints must be of the schema of the command. Wrong is also:

- a command that has a JSON form and no schema, or of which nothing was run; a schema of which nothing is;
- a field of a schema that no answer holds, but for those of UNSEEN: each field is taken out of its schema, and
  an answer that has it must then be refused, so that no field can be missing;
- a witness that `iamsure simulate --requests` does not read, or that is no request by request.json.

Without jsonschema and a registry to have it from the script says so and exits with 75.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import venv

import proxy

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs/schema"
NOT_CHECKED = 75
ASKED_IN_VENV = "IAMSURE_SCHEMA_CHECK"

try:
    import jsonschema
    import referencing
except ImportError:
    jsonschema = None

# Schemas of what is read, and what the others are made of.
NO_ANSWER = {"vocabulary", "request", "suite", "project"}
# Options with which a command writes something else, or to a file.
ELSEWHERE = {
    "--update", "--init", "--watch", "--schema", "--emit", "--output", "-o", "--junit", "--sarif", "--dot", "--help", "--write",
    "--snapshot", "--tap",
}
TRANSCRIPTS = ["README.md", "docs/*.md", "docs/*/*.md", "tests/cli/*.trycmd"]
COMPANY = "corpus/accounts/company.json"
GUARDRAIL = "corpus/guardrails/toolhive-s3-readonly.json"
# Real inputs beside those of transcripts.
MORE = [
    f"account who-can iam:PassRole {COMPANY}",
    f"account who-can sts:AssumeRole {COMPANY} --resource arn:aws:iam::111122223333:role/Admin",
    f"account prove 'never allow iam:PassRole when aws:MultiFactorAuthPresent is absent' {COMPANY}",
    f"account prove 'never allow iam:PassRole' {COMPANY} --claim 'never allow s3:DeleteBucket'",
    f"account review {COMPANY}",
    f"account paths {COMPANY}",
    f"account tokens {COMPANY}",
    "account paths tests/schema/group.json",
    f"account diff {COMPANY} corpus/accounts/company-after.json",
    f"prove --review {GUARDRAIL} --trust corpus/guardrails/toolhive-trust.json",
    f"prove 'no inert statements' {GUARDRAIL}",
    f"prove 'never allow s3:GetObject when path is direct' {GUARDRAIL}",
    f"prove 'never allow s3:*' corpus/guardrails/allow-s3-read.json --open-world",
    f"diff {GUARDRAIL} corpus/guardrails/wrong-bool-for-boolifexists.json",
    f"lint {GUARDRAIL}",
    "lint corpus/guardrails/*.json",
    "validate corpus/guardrails/*.json",
    f"matrix {GUARDRAIL}",
    "matrix corpus/guardrails/allow-s3-read.json --trust corpus/guardrails/toolhive-trust.json",
    f"table {GUARDRAIL}",
    "table tests/schema/signin.json",
    "test corpus tests/suites/outcomes tests/suites/broken",
    "test corpus/suites/tutorial --coverage --mutants",
    "docs check README.md docs",
    "docs scan README.md docs",
    "actions s3:Get* zocalo:* ec2:Run* nosuch",
    "keys s3:GetObject",
    "keys aws:SourceIp",
    "toolhive corpus/toolhive/mcp-aws.yaml --claims corpus/toolhive/claims.json --trust corpus/toolhive/trust.json"
    " --identity S3ReadOnlyMcpRole=corpus/toolhive/s3-role.json",
    # Nobody listens there.
    "toolhive verify http://127.0.0.1:9/mcp --insecure-http --timeout 2",
    "toolhive verify PROXY --token-env TOKEN --manifests corpus/toolhive/mcp-aws.yaml --claims corpus/toolhive/alice.json"
    " --trust corpus/toolhive/trust.json --identity S3ReadOnlyMcpRole=corpus/toolhive/s3-role.json",
    f"simulate {GUARDRAIL} --call s3:GetObject",
    f"simulate {GUARDRAIL} --action s3:GetObject --resource arn:aws:s3:::b/k --management-account --resource-in-management-account",
    "simulate --requests tests/schema/odd.jsonl",
    "simulate --requests tests/cli/requests.jsonl",
    f"simulate {GUARDRAIL} --requests tests/cli/requests-alone.jsonl",
]
# Fields that no answer here holds, each with the reason.
NOT_ASKED = "no option asks it"
TOO_LARGE = "only of policies that are too large to be asked whole"
UNSEEN = {
    "table/properties/question/anyOf/1.decidedBy": NOT_ASKED,
    "toolhive/$defs/door/properties/tokens/items/properties/exchange/anyOf/0/anyOf/0.refusedBySts": "ToolHive refuses such a token first",
    "account-paths/properties/undecided/items.arn": TOO_LARGE,
    "account-paths/properties/undecided/items.undecided": TOO_LARGE,
    "simulate/$defs/answer.notExcluded": TOO_LARGE,
    "simulate/$defs/answer.notAsked": TOO_LARGE,
    "test/properties/coverage/items.noTable": TOO_LARGE,
    "test/properties/mutants/items/properties/mutants/items.why": TOO_LARGE,
}


def validators():
    """jsonschema, in an environment of its own if it is not here; None if it cannot be had."""
    if jsonschema or os.environ.get(ASKED_IN_VENV):
        return None
    with tempfile.TemporaryDirectory() as folder:
        python = pathlib.Path(folder) / "bin/python"
        try:
            venv.create(folder, with_pip=True)
            subprocess.run([python, "-m", "pip", "-q", "--disable-pip-version-check", "install", "jsonschema==4.25.1"], check=True)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"not checked: jsonschema cannot be fetched ({error})")
            return NOT_CHECKED
        return subprocess.run([python, *sys.argv], env={**os.environ, ASKED_IN_VENV: "1"}, check=False).returncode


def commands_with_json(iamsure):
    """The commands with a JSON form, from their manual pages."""
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([iamsure, "man", "--out", folder], check=True, capture_output=True)
        for page in sorted(pathlib.Path(folder).glob("*.1")):
            text = page.read_text()
            if re.search(r"\\fB\\-\\-format\\fR", text) and re.search(r"^json: ", text, re.M):
                found.add(page.stem.removeprefix("iamsure-"))
    return found


def typed():
    """The commands of transcripts, as lists of words after `iamsure`."""
    for pattern in TRANSCRIPTS:
        for path in sorted(ROOT.glob(pattern)):
            lines = iter(path.read_text().splitlines())
            for line in lines:
                if line.startswith("$ iamsure "):
                    words = shlex.split(line[2:].rstrip("\\"))[1:]
                    yield path.relative_to(ROOT), words


def subject(words, commands):
    """The command, as its schema is called; None if it has no JSON form."""
    names = [word for word in words if not word.startswith("-")][:2]
    name = next((name for name in ("-".join(names), names[0] if names else "") if name in commands), None)
    return "review" if name == "prove" and "--review" in words else name


def as_json(words):
    """The same command with its JSON form."""
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word == "--format":
            skip = True
        elif not word.startswith("--format="):
            kept.append(word)
    if "--requests" in words:
        return kept
    return [*kept, "--format", "json"]


def spread(words):
    """Names with `*` as a shell spreads them."""
    for word in words:
        files = sorted(str(file.relative_to(ROOT)) for file in ROOT.glob(word)) if word.endswith("*.json") else []
        yield from files or [word]


def answers(text):
    """The documents that a command printed: one, or one a line."""
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def run(iamsure, words):
    done = subprocess.run(
        [iamsure, *words], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "NO_COLOR": "1", "TOKEN": proxy.TOKEN},
    )
    return done.returncode, done.stdout, done.stderr


class Schemas:
    """The schemas, and which answers hold which of their fields."""

    def __init__(self):
        self.texts = {path.stem: json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json"))}
        for schema in self.texts.values():
            jsonschema.Draft202012Validator.check_schema(schema)
        resources = [(schema["$id"], referencing.Resource.from_contents(schema)) for schema in self.texts.values()]
        self.registry = referencing.Registry().with_resources(resources)
        self.seen = {}
        self.current = None
        kind = jsonschema.Draft202012Validator
        plain = kind.VALIDATORS["properties"]

        def properties(validator, fields, instance, schema):
            # Of several forms that are tried, the one whose fields are there is meant.
            if self.current and isinstance(instance, dict) and set(schema.get("required", [])) <= instance.keys():
                for name in fields:
                    if name in instance:
                        holders = self.seen.setdefault((id(fields), name), [])
                        if len(holders) < 8 and self.current not in holders:
                            holders.append(self.current)
            yield from plain(validator, fields, instance, schema)

        self.watching = jsonschema.validators.extend(kind, {"properties": properties})

    def errors(self, name, answer):
        return list(self.watching(self.texts[name], registry=self.registry).iter_errors(answer))

    def fields(self):
        """Every object of every schema that has fields, with where it is."""
        def walk(value, where):
            if isinstance(value, dict):
                if isinstance(value.get("properties"), dict) and value.get("additionalProperties") is False:
                    yield where, value
                for key, inner in value.items():
                    yield from walk(inner, f"{where}/{key}")
            elif isinstance(value, list):
                for key, inner in enumerate(value):
                    yield from walk(inner, f"{where}/{key}")
        for name, schema in self.texts.items():
            if name not in NO_ANSWER or name == "vocabulary":
                yield from walk(schema, name)


def unneeded(schemas, all_answers):
    """The fields that can be taken out of a schema without any answer being refused; how many cannot."""
    needed, found = 0, []
    for where, value in schemas.fields():
        for name in list(value["properties"]):
            holders = schemas.seen.get((id(value["properties"]), name), [])
            field, required = value["properties"].pop(name), value.get("required")
            value["required"] = [other for other in required or [] if other != name]
            is_noticed = any(schemas.errors(*all_answers[holder - 1]) for holder in list(holders))
            value["properties"][name] = field
            value["required"] = required
            if required is None:
                del value["required"]
            if is_noticed:
                needed += 1
            else:
                found.append(f"{where}.{name}")
    return needed, found


def witnesses(value):
    """The requests that an answer shows."""
    if isinstance(value, dict):
        if {"principal", "action", "resource", "context"} <= value.keys():
            yield value
        for inner in value.values():
            yield from witnesses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from witnesses(inner)


def main():
    instead = validators()
    if instead is not None:
        return instead
    iamsure = pathlib.Path(sys.argv[1]).resolve()
    commands, schemas, wrong = commands_with_json(iamsure), Schemas(), []
    for name in sorted(commands):
        if name not in schemas.texts:
            wrong.append(f"`iamsure {name}` has a JSON form and no docs/schema/{name}.json")
    jobs, asked, address = [], set(), proxy.started()
    for path, words in [*typed(), *((pathlib.Path("MORE"), shlex.split(line)) for line in MORE)]:
        name = subject(words, commands)
        words = [address if word == "PROXY" else word for word in spread(as_json(words))]
        if name in schemas.texts and not ELSEWHERE & {word.split("=")[0] for word in words} and tuple(words) not in asked:
            asked.add(tuple(words))
            jobs.append((path, name, words))
    counts, refused, all_answers, shown = {}, 0, [], {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda job: run(iamsure, job[2]), jobs)
        for (path, name, words), (code, out, told) in zip(jobs, done):
            line = f"{path}: iamsure {shlex.join(words)}"
            if not out.strip() and code in (2, 1):
                refused += 1
                continue
            try:
                found = answers(out)
            except ValueError as error:
                wrong.append(f"{line}\n    no JSON ({error}), exit {code}: {told.strip()[:200]}")
                continue
            for answer in found:
                # What a plan changes is told as what two accounts differ in.
                if name == "diff" and "question" in answer:
                    name = "account-diff"
                # Where two schemas were named for one command, the first that is right is meant.
                all_answers.append((name, answer))
                schemas.current = len(all_answers)
                errors = schemas.errors(name, answer)
                schemas.current = None
                counts[name] = counts.get(name, 0) + 1
                if errors:
                    best = jsonschema.exceptions.best_match(errors)
                    wrong.append(f"{line}\n    {name}.json at {list(best.absolute_path)}: {best.message[:300]}")
                for witness in witnesses(answer):
                    # A value that is known only after deployment cannot be asked about before.
                    if witness["resource"].startswith("<"):
                        continue
                    shown.setdefault(json.dumps(witness, sort_keys=True), line)
    for name in sorted(set(schemas.texts) - NO_ANSWER - counts.keys()):
        wrong.append(f"docs/schema/{name}.json: no answer was held against it")
    for text, line in shown.items():
        for error in schemas.errors("request", json.loads(text)):
            wrong.append(f"{line}\n    a witness is no request: {error.message[:300]}")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as lines:
        lines.write("".join(text + "\n" for text in shown))
        lines.flush()
        _, out, told = run(iamsure, ["simulate", "--requests", lines.name])
        read = answers(out)
    for answer, (text, line) in zip(read, shown.items()):
        if "error" in answer:
            wrong.append(f"{line}\n    a witness cannot be read: {answer['error']['message']}\n    {text[:300]}")
    if len(read) != len(shown):
        wrong.append(f"{len(shown)} witnesses were asked again, {len(read)} answered: {told[:200]}")
    needed, found = unneeded(schemas, all_answers)
    wrong += [f"{field}: no answer holds it" for field in found if field not in UNSEEN]
    wrong += [f"{field}: an answer holds it, and UNSEEN names it" for field in UNSEEN if field not in found]
    print(f"{len(commands)} commands with a JSON form, {len(schemas.texts)} schemas; {len(jobs)} commands run, {refused} of them refused")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    print(f"{sum(counts.values())} answers; {len(shown)} requests of them read again; {needed} fields cannot be taken out of a schema, {len(found)} were not seen")
    for what in wrong:
        print(what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
