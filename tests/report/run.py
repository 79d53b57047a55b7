"""Looks at the pages of `iamsure report` in a browser.

    cargo build --release && python3 tests/report/run.py target/release/iamsure [--pictures FOLDER] [--large PAGE]

Pages are written of policies of the corpus, of hostile texts and of a large policy; `report.mjs` opens them in Chromium by
playwright-core, and the program itself decides what the commands on the pages ask. `--pictures` keeps what pages look like;
`--large` is the page of the large policy, where it was written before, which takes a while.
Exit code 75, with the reason, where there is no Chromium, no npm or no registry.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NOT_CHECKED = 75
# The words of the answer form, and those of the page.
WORDS = {"allow": "allowed", "allowed": "allowed", "explicitDeny": "explicitly denied", "implicitDeny": "implicitly denied", "exempt": "exempt"}

# Every layer, callers that policies name, variables, sets, dates, addresses, and a role whose trust policy is not given.
POLICIES = [
    "guardrails/toolhive-s3-readonly.json",
    "guardrails/aws-deny-delete-through-one-server.json",
    "guardrails/toolhive-default.json",
    "guardrails/toolhive-default-deny-only.json",
    "guardrails/aws-deny-any-mcp.json",
    "guardrails/allow-s3-read.json",
    "guardrails/office-only.json",
    "guardrails/wrong-bool-for-boolifexists.json",
    "guardrails/wrong-calledvia-true.json",
    "--resource-policy guardrails/bucket-of-a-trail.json",
    "--trust guardrails/toolhive-trust.json",
    "--trust guardrails/many-callers-trust.json",
    "near-misses/policy.json",
    "claims/tagger.json",
    "--resource-policy claims/reports-bucket.json",
    "claims/assume-role.json",
    "claims/developer.json",
    "toolhive/s3-role.json",
    "toolhive/default-role.json",
    "--trust toolhive/trust.json",
    "calls/in-tagged.json",
    "calls/instance-only.json",
    "claims/tagger.json --boundary guardrails/allow-s3-read.json --scp guardrails/toolhive-default.json",
    "guardrails/allow-s3-read.json --resource-policy claims/reports-bucket.json --principal arn:aws:iam::444455556666:role/Reader",
]

# Accounts, plans and suites.
OTHERS = [
    "accounts/company.json",
    "accounts/company-after.json --before accounts/company.json",
    "accounts/plan-changes.json",
    "accounts/stack.yaml",
    "accounts/details.json",
    "suites/tutorial/tutorial.iamsure.yaml guardrails/guardrails.iamsure.yaml",
]

HOSTILE = [
    "<script>window.PWNED=1</script>",
    "</script><script>window.PWNED=1</script>",
    "<!--<script>window.PWNED=1//",
    "<img src=x onerror=window.PWNED=1>",
    "\" onfocus=window.PWNED=1 autofocus x=\"",
    "javascript:window.PWNED=1",
    "</style><svg onload=window.PWNED=1>",
    "'; window.PWNED=1; '",
    "\u202ePWNED\u2066\u0000\u2028window.PWNED=1",
    "${window.PWNED=1}`",
]


def give_up(reason):
    print(f"not checked: {reason}")
    sys.exit(NOT_CHECKED)


def browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], **quiet, check=False)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], **quiet, check=False)
        if path := shutil.which("chromium"):
            return path
    give_up("there is no Chromium, and it could not be installed")


def packages():
    if not shutil.which("npm") or not shutil.which("node"):
        give_up("there is no npm")
    done = subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(HERE)], check=False)
    if done.returncode != 0:
        give_up("npm could not fetch playwright-core and axe-core")


def report(program, words, page, cwd):
    done = subprocess.run([program, "report", *words, "-o", str(page)], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"iamsure report {' '.join(words)}: {done.returncode}\n{done.stderr}")


def hostile(folder):
    """A policy in which everything that its author can name is hostile, in a file that is called so."""
    statements = []
    for number, text in enumerate(HOSTILE):
        statements.append({
            "Sid": text,
            "Effect": "Allow" if number % 2 else "Deny",
            "Action": ["s3:GetObject", f"s3:Put{number}"],
            "Resource": f"arn:aws:s3:::bucket/{text}",
            "Condition": {"StringEquals": {"aws:PrincipalTag/t": text}},
        })
    name = "a<img src=x onerror=window.PWNED=1>\"'&.json"
    text = json.dumps({"Version": "2012-10-17", "Id": HOSTILE[0], "Statement": statements}, indent=1)
    (folder / name).write_text(text)
    return name


def hostile_account(folder):
    """An account whose roles are called so, each of which may become the next."""
    roles = []
    for number, text in enumerate(HOSTILE):
        following = HOSTILE[(number + 1) % len(HOSTILE)]
        arn = f"arn:aws:iam::111122223333:role/{number}{text}"
        roles.append({
            "RoleName": f"{number}{text}",
            "Arn": arn,
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Sid": text, "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole",
            }]},
            "RolePolicyList": [{"PolicyName": text, "PolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Sid": text, "Effect": "Allow", "Action": ["sts:AssumeRole", "iam:PassRole"],
                "Resource": [f"arn:aws:iam::111122223333:role/{(number + 1) % len(HOSTILE)}{following}", "*"],
                "Condition": {"StringEquals": {"aws:PrincipalTag/t": text}},
            }]}}],
            "AttachedManagedPolicies": [],
        })
    (folder / "hostile-account.json").write_text(json.dumps({
        "UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": [], "IsTruncated": False,
    }))
    return "hostile-account.json"


def hostile_suite(folder):
    """A suite in which whatever its author names is hostile, and every test fails."""
    (folder / "own.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": text, "Effect": "Deny", "Action": "s3:*", "Resource": f"arn:aws:s3:::bucket/{text}"} for text in HOSTILE
    ]}))
    tests = [
        {"name": f"{number} {text}", "action": "s3:GetObject", "resource": f"arn:aws:s3:::bucket/{text}", "expect": "allowed"}
        for number, text in enumerate(HOSTILE)
    ]
    suite = {"policies": {"own": {"identity": "own.json", "lenient": True}}, "tests": tests}
    (folder / "hostile.iamsure.yaml").write_text(json.dumps(suite))
    return "hostile.iamsure.yaml"


def large(folder):
    """A policy with a table of about a thousand rows."""
    statements = [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::bucket-{number}/*",
            "Condition": {"StringEquals": {"aws:RequestedRegion": f"eu-west-{number}"}},
        }
        for number in range(1, 1001)
    ]
    (folder / "large.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    return "large.json"


def principal(arn):
    """The principal of the request form that an ARN on the command line means."""
    if arn == "anonymous":
        return {"kind": "anonymous"}
    if not arn.startswith("arn:"):
        return {"kind": "service", "service": arn}
    _, _, service, _, account, resource = arn.split(":", 5)
    if resource.startswith(("oidc-provider/", "saml-provider/")):
        return {"kind": "federated-caller", "idp": arn}
    if resource == "root":
        return {"kind": "root", "account": account}
    kinds = {"user": "user", "role": "role", "assumed-role": "role-session", "federated-user": "federated-user"}
    return {"kind": kinds[resource.split("/")[0]], "account": account, "arn": arn}


def request(command):
    """The request of a command, as the shell would hand it to the program; and the words that give the policies."""
    # `shlex` knows no continued lines.
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:2] == ["iamsure", "simulate"], command
    form, context, policies, user = {}, {}, [], {}
    rest = iter(words[2:])
    for word in rest:
        if word in ("--principal", "--action", "--resource"):
            form[word[2:]] = next(rest)
        elif word == "--resource-account":
            form["resourceAccount"] = next(rest)
        elif word == "--user-arn":
            user["userArn"] = next(rest)
        elif word == "--context":
            key, value = next(rest).split("=", 1)
            context[key] = json.loads(value) if value.startswith("[") else value
        elif word == "--absent":
            context[next(rest)] = None
        else:
            policies.append(word)
    form["principal"] = principal(form["principal"]) | user
    form["context"] = {key: value for key, value in context.items() if value is not None}
    return form, policies


def answers(program, commands, cwd):
    """What the program decides of the commands of one page."""
    lines, given = [], None
    for command in commands:
        form, policies = request(command)
        assert given in (None, policies)
        given = policies
        lines.append(json.dumps(form))
    done = subprocess.run(
        [program, "simulate", *given, "--requests", "-"],
        cwd=cwd, input="\n".join(lines), capture_output=True, text=True, check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(commands), done.stderr
    return found


def shown_command(program, command, cwd):
    """What the program prints for a command as it is on the page, run by a shell."""
    own = re.sub(r"^iamsure", shlex.quote(program), command)
    done = subprocess.run(["bash", "-c", f"{own} \\\n  --format json"], cwd=cwd, capture_output=True, text=True, check=False)
    if not done.stdout:
        return done.stderr
    found = json.loads(done.stdout)["decision"]
    return WORDS.get(found, found)


def held_against(program, readings, cwd):
    """Holds what a script said of every combination against the evaluator; how many were held, and what differs."""
    shown = [reading for reading in readings if reading["command"]]
    if not shown:
        return 0, []
    faults = []
    for reading, answer in zip(shown, answers(program, [one["command"] for one in shown], cwd)):
        outcomes = reading["outcomes"]
        decision = WORDS.get(answer.get("decision"), answer.get("decision"))
        if len(outcomes) == 1:
            same = decision == outcomes[0]
            lines = sorted(statement.get("line", 0) for statement in answer.get("statements", []))
            if same and outcomes[0] in ("allowed", "explicitly denied"):
                same = len(lines) == len([number for number in reading["statements"] if number])
        else:
            # Of a policy of a resource alone, one request is decided as if the caller had none of its own, and that is said.
            wants_own = decision == "implicitly denied" and answer.get("by") in ("identity", "session")
            same = decision in ("depends", "denied") or (wants_own and decision in outcomes)
        if not same:
            faults.append({"said": reading, "decided": {key: answer.get(key) for key in ("decision", "by", "statements", "error")}})
    # The words of some commands by a shell.
    step = max(1, len(shown) // 3)
    for reading in shown[::step]:
        decision = shown_command(program, reading["command"], cwd)
        if len(reading["outcomes"]) == 1 and decision != reading["outcomes"][0]:
            faults.append({"said": reading, "shell": decision})
    return len(shown), faults


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    pictures = sys.argv[sys.argv.index("--pictures") + 1] if "--pictures" in sys.argv else None
    chromium = browser()
    packages()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pages = []
        for number, words in enumerate(POLICIES):
            page = folder / f"{number}.html"
            report(program, shlex.split(words), page, ROOT / "corpus")
            pages.append({"page": str(page), "name": words})
        report(program, ["./" + hostile(folder), "--lenient"], folder / "hostile.html", folder)
        if "--large" in sys.argv:
            shutil.copy(sys.argv[sys.argv.index("--large") + 1], folder / "large.html")
        else:
            report(program, [large(folder), "--lenient"], folder / "large.html", folder)
        others = []
        for number, words in enumerate(OTHERS):
            page = folder / f"other-{number}.html"
            report(program, shlex.split(words), page, ROOT / "corpus")
            others.append({"page": str(page), "name": words})
        hostiles = []
        for write in (hostile_account, hostile_suite):
            page = folder / f"{write.__name__}.html"
            report(program, [write(folder)], page, folder)
            hostiles.append(str(page))
        task = {
            "others": others, "hostiles": hostiles,
            "chromium": chromium, "pages": pages, "hostile": str(folder / "hostile.html"),
            "large": str(folder / "large.html"), "out": str(folder / "readings.json"), "pictures": pictures,
            "rows": 0 if "--large" in sys.argv else 1000,
        }
        (folder / "task.json").write_text(json.dumps(task))
        done = subprocess.run(["node", str(HERE / "report.mjs"), str(folder / "task.json")], check=False)
        if done.returncode != 0:
            sys.exit(done.returncode)
        readings = json.loads((folder / "readings.json").read_text())
        total, possible, checked, failed = 0, 0, 0, 0
        for words in POLICIES:
            own = readings[words]
            count, faults = held_against(program, own["readings"], ROOT / "corpus")
            print(f"{words}: {own['combinations']} combinations, {len(own['readings'])} of them possible, {count} decided alike")
            for fault in faults[:3]:
                print("  DIFFERS " + json.dumps(fault))
            total, possible = total + own["combinations"], possible + len(own["readings"])
            checked, failed = checked + count, failed + len(faults)
        print(f"{len(POLICIES)} policies: {total} combinations of classes, {possible} possible, {checked} with a command; {failed} decided otherwise by the evaluator")
        sys.exit(1 if failed or checked == 0 else 0)


if __name__ == "__main__":
    main()
