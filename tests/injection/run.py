"""Whether text of strangers can be taken for ours: payloads × places × commands × formats × colour.

    cargo build --release && python3 tests/injection/run.py target/release/iamsure [--markdown FOLDER] [WORD…]

Each output is read by a reader of its format: JSON, XML, CSV, TAP, the workflow commands of GitHub, and lines for people.
Nothing that a payload holds may begin a line, change a style, add a cell, a record, a case or a command, or stay unseen.
`--markdown` keeps what was printed as Markdown and written into pages, for `markdown.mjs`, which reads it with micromark.
WORD keeps runs whose name holds it. Exit code 1 if anything was forged.
"""

import csv
import html.parser
import io
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor

# Every payload holds the word PWNED, where it would be seen if it were taken for something else.
PAYLOADS = {
    "line": "x\nPWNED",
    "return": "x\r\nPWNED",
    "command": "x\n::error file=PWNED::PWNED",
    "bare-command": "::error::PWNED",
    "old-command": "x ##[error]PWNED",
    "stop-commands": "x\n::stop-commands::PWNED",
    "style": "x\x1b[1mPWNED\x1b[0m",
    "cursor": "x\x1b[2J\x1b]0;PWNED\x07",
    "c1": "x\x9b31mPWNED\x85PWNED",
    "bidi": "x\u202ePWNED\u2066",
    "zero-width": "x\u200bP\u00adWNED\ufeff",
    "tags": "x\U000e0050\U000e0057PWNED",
    "separator": "x\u2028PWNED\u2029PWNED",
    "nul": "x\x00PWNED\uffff",
    "cell": "x|PWNED\\|PWNED",
    "tick": "`x` | ``PWNED",
    "mdx": "x\\|{globalThis.PWNED=1}",
    "jsx": "<b onClick={PWNED}>",
    "html": "</td></tr><script>PWNED</script><!--",
    "link": "[PWNED](https://example.com) ![PWNED](x)",
    "esm": "import PWNED from 'x'",
    "export": "export const PWNED = 1",
    "list": "+ PWNED",
    "numbered": "1) PWNED",
    "heading": "x" * 79 + " ----- " + "x" * 79 + " PWNED",
    "column": "x" * 79 + " :-: PWNED",
    "formula": "=PWNED(1)",
    "formula-blank": "\t@PWNED",
    "quote": "\",PWNED,\"\nPWNED",
    "xml": "]]>&PWNED;<PWNED/>",
    "tap": "x\nok 99 - PWNED",
    "directive": "x # SKIP PWNED",
    "bail": "x\nBail out! PWNED",
    "percent": "x%0APWNED,line=1::PWNED",
    "yaml": "x\n  ...\n  PWNED: |",
    "json": "x\"}],\"PWNED\":\"\\u001b",
}

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def document(*statements, **fields):
    return {"Version": "2012-10-17", **fields, "Statement": list(statements)}


def policies(text):
    """Where a policy holds text: name, document."""
    deny = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
    yield "sid", document({"Sid": text, **ALLOW}, {"Sid": text + "2", **deny})
    yield "id", document(ALLOW, Id=text)
    yield "action", document(ALLOW, {**ALLOW, "Action": ["s3:PutObject", f"s3:{text}"]})
    yield "service", document(ALLOW, {**ALLOW, "Action": f"{text}:Get"})
    yield "resource", document(ALLOW, {**ALLOW, "Resource": f"arn:aws:s3:::b/{text}"})
    yield "no-arn", document(ALLOW, {**ALLOW, "Resource": text})
    yield "value", document(ALLOW, {**deny, "Condition": {"StringEquals": {"aws:PrincipalTag/team": text}}})
    yield "like", document(ALLOW, {**deny, "Condition": {"StringLike": {"s3:prefix": text + "*"}}})
    yield "number", document(ALLOW, {**deny, "Condition": {"NumericLessThan": {"s3:max-keys": text}}})
    yield "key", document(ALLOW, {**deny, "Condition": {"StringEquals": {f"aws:PrincipalTag/{text}": "x"}}})
    yield "operator", document(ALLOW, {**deny, "Condition": {text: {"aws:username": "x"}}})
    yield "field", document({**ALLOW, text: "x"})
    yield "effect", document({**ALLOW, "Effect": text})


FENCE = '```json title="%s"\n%s\n```\n'


def pages(text):
    """Where a page holds text: name, page."""
    one_line = re.sub(r"[\r\n]", " ", text)
    guard = {
        "Sid": "Guard", "Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": text}},
    }
    plain = {**guard, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}
    policy = lambda statement: FENCE % ("p.json", json.dumps(document(ALLOW, statement), indent=1))
    table = "| `aws:PrincipalTag/team` | %s |\n| --- | --- |\n| %s | %s |\n"
    check = '<!-- iamsure:check policy="#p.json" sid="Guard" %s-->\n\n'
    yield "cell", policy(plain) + check % "" + table % ("Deny applies?", one_line, "Yes")
    yield "answer", policy(plain) + check % "" + table % ("Deny applies?", "absent", one_line)
    yield "heading", policy(plain) + check % "" + table % (one_line, "absent", "No")
    yield "attribute", policy(plain) + check % f"path='{one_line}' " + table % ("Deny applies?", "absent", "No")
    yield "marker", policy(plain) + f"<!-- iamsure:{one_line} -->\n" + table % ("Deny applies?", "absent", "No")
    yield "fence", FENCE % (one_line.replace('"', ""), json.dumps(document(ALLOW, plain))) + check % "" + table % ("Deny applies?", "absent", "No")
    yield "generated", policy(guard) + '\n<!-- iamsure:begin policy="#p.json" sid="Guard" -->\n<!-- iamsure:end -->\n'
    yield "caption", policy(plain) + f"\n<!-- iamsure:begin policy=\"#p.json\" sid=\"Guard\" caption='{one_line}' -->\n<!-- iamsure:end -->\n"


def suites(text):
    """Where a suite holds text: name, suite."""
    q = json.dumps(text)
    head = 'policies:\n  role: { identity: { Version: "2012-10-17", Statement: [{ Sid: One, Effect: Allow, Action: "s3:*", Resource: "*" }] } }\n'
    test = "  - { name: %s, action: \"s3:GetObject\", expect: { direct: %s }%s }\n"
    right, wrong = '"allowed"', '"denied"'
    yield "name", head + "tests:\n" + test % (q, right, "") + test % (json.dumps("b" + text), wrong, "")
    yield "why", head + "tests:\n" + test % ("a", wrong, f", why: {q}, source: {q}, rule: {q}")
    yield "todo", head + "tests:\n" + test % ("a", right, "") + test % ("b", wrong, f", todo: {q}")
    yield "expect", head + "tests:\n" + test % ("a", q, "")
    yield "set", head.replace("role:", q + ":") + "tests:\n" + test % ("a", wrong, "")
    yield "path", head + f"paths:\n  {q}: {{ aws:SourceIp: absent }}\ntests:\n  - {{ name: a, action: \"s3:GetObject\", expect: {{ {q}: denied }} }}\n"
    yield "context", head + f"contexts:\n  {q}: {{ aws:username: {q} }}\ntests:\n" + test % ("a", wrong, f", contexts: [{q}]")
    yield "action", head + "tests:\n" + (test % ("a", right, "")).replace('"s3:GetObject"', json.dumps("s3:" + text))
    yield "resource", head + "tests:\n" + test % ("a", wrong, ", resource: " + json.dumps("arn:aws:s3:::b/" + text))
    yield "reference", head + f"  other: {{ identity: {q} }}\ntests:\n" + test % ("a", right, "")
    yield "field", head + "tests:\n" + test % ("a", right, f", {q}: x")
    yield "claim", head + f"tests:\n  - {{ claim: {json.dumps('never allow s3:GetObject when aws:username is ' + json.dumps(text))} }}\n"
    yield "sid", head.replace("Sid: One", f"Sid: {q}") + "tests:\n" + test % ("a", wrong, "")


ACCOUNT = "111122223333"


def accounts(text):
    """Where an account, a plan or a template holds text: name, file, how it is called, the address of a policy."""
    trust = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    names = ("role", "path", "arn", "inline", "managed", "user", "group", "sid")
    for place in names:
        at = lambda here, usual: text if place == here else usual
        own = document({**ALLOW, "Sid": at("sid", "Own"), "Action": ["s3:GetObject", "iam:PassRole", "sts:AssumeRole"]})
        managed = {"PolicyName": at("managed", "shared"), "Arn": f"arn:aws:iam::{ACCOUNT}:policy/{at('managed', 'shared')}", "DefaultVersionId": "v1",
                   "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document(ALLOW)}]}
        attached = [{"PolicyName": managed["PolicyName"], "PolicyArn": managed["Arn"]}, {"PolicyName": "gone", "PolicyArn": managed["Arn"] + "-gone"}]
        role = {"RoleName": at("role", "app"), "RoleId": "AROA00000000000000001", "Path": at("path", "/"), "AssumeRolePolicyDocument": trust,
                "Arn": at("arn", f"arn:aws:iam::{ACCOUNT}:role/{at('role', 'app')}"), "InstanceProfileList": [],
                "RolePolicyList": [{"PolicyName": at("inline", "own"), "PolicyDocument": own}], "AttachedManagedPolicies": attached[:1]}
        group = {"GroupName": at("group", "devs"), "Arn": f"arn:aws:iam::{ACCOUNT}:group/{at('group', 'devs')}", "GroupPolicyList": [], "AttachedManagedPolicies": attached[:1]}
        user = {"UserName": at("user", "ann"), "UserId": "AIDA00000000000000001", "Arn": f"arn:aws:iam::{ACCOUNT}:user/{at('user', 'ann')}", "Path": "/",
                "GroupList": [group["GroupName"], text], "UserPolicyList": [], "AttachedManagedPolicies": attached}
        details = {"UserDetailList": [user], "GroupDetailList": [group], "RoleDetailList": [role], "Policies": [managed]}
        yield f"account-{place}", json.dumps(details), "auth.json", f"auth.json#role/{role['RoleName']}"
    values = {"name": text, "role": "app", "policy": json.dumps(document({**ALLOW, "Sid": text}))}
    resources = [
        {"address": f"aws_iam_role.{name}", "mode": "managed", "type": "aws_iam_role", "name": name,
         "values": {"name": name, "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}", "assume_role_policy": json.dumps(trust)}} for name in ("app", text)
    ] + [{"address": "aws_iam_role_policy.p", "mode": "managed", "type": "aws_iam_role_policy", "name": "p", "values": values}]
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}, "resource_changes": [], "configuration": {"root_module": {}}}
    yield "plan", json.dumps(plan), "plan.json", "plan.json#aws_iam_role.app"
    made = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": text, "AssumeRolePolicyDocument": trust, "Policies": [
        {"PolicyName": text, "PolicyDocument": document({**ALLOW, "Sid": text, "Resource": {"Fn::Sub": f"arn:aws:s3:::${{{text}}}/{text}"}})}]}}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Description": text, "Parameters": {text: {"Type": "String"}}, "Resources": {"Role": made, text: made}}
    yield "template", json.dumps(template), "template.json", "template.json#Role"


def accounts_as_files(text):
    return [(place, content) for place, content, *_ in accounts(text)]


QUESTIONS = (
    ["who-can", "s3:GetObject"], ["prove", "never allow s3:GetObject unless aws:SecureTransport is true"], ["review"], ["paths"], ["tokens"],
)

def on_accounts(payload, text):
    for place, content, file, address in accounts(text):
        files = {file: content}
        address = address.replace("\0", "")
        for question in QUESTIONS:
            for form in ("human", "markdown", "json", *(("github", "sarif") if question[0] in ("prove", "review") else ())):
                yield f"account {question[0]} {place} {payload}", files, ["account", *question, file, "--format", form], form, ()
        yield f"account paths {place} {payload}", files, ["account", "paths", file, "--dot"], "dot", ()
        both = {"before.json": dict(accounts_as_files("x"))[place], file: content}
        for form in ("human", "markdown", "json", "csv"):
            yield f"account diff {place} {payload}", both, ["account", "diff", "before.json", file, "--format", form], form, ()
        for command in ("matrix", "table"):
            for form in ("table", "svg", "json"):
                yield f"{command} {place} {payload}", files, [command, address, "--format", form], form, ()
        yield f"report {place} {payload}", files, ["report", file, "-o", "page.html"], "human", (("page.html", "html"),)


MANIFEST = """apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPExternalAuthConfig
metadata: {{ name: {q} }}
spec:
  type: awsSts
  awsSts:
    region: us-east-1
    fallbackRoleArn: "arn:aws:iam::111122223333:role/F"
    roleClaim: {q}
    roleMappings:
    - {{ claim: {q}, roleArn: "arn:aws:iam::111122223333:role/X" }}
    - {{ matcher: {m}, roleArn: {q} }}
"""


FINDINGS = ("human", "markdown", "json", "github", "sarif")


def runs():
    """Name, files by name, arguments, format, files that are written."""
    for payload, text in PAYLOADS.items():
        for place, policy in policies(text):
            files = {"p.json": json.dumps(policy)}
            for command, formats in (
                ("validate", FINDINGS), ("lint", FINDINGS), ("matrix", ("table", "markdown", "csv", "json")),
                ("table", ("table", "markdown", "csv", "json")),
            ):
                for form in formats:
                    yield f"{command} {place} {payload}", files, [command, "p.json", "--format", form], form, ()
            ask = ["simulate", "p.json", "--action", "s3:PutObject", "--resource", f"arn:aws:s3:::b/{text}".replace("\0", ""),
                   "--context", f"aws:PrincipalTag/team={text}".replace("\0", "")]
            yield f"simulate {place} {payload}", files, ask, "human", ()
            yield f"simulate {place} {payload}", files, [*ask, "--format", "json"], "lines", ()
            yield f"simulate {place} {payload}", files, [*ask, "--format", "markdown"], "markdown", ()
            claim = ["prove", "never allow s3:PutObject when aws:PrincipalTag/team is x", "p.json"]
            yield f"prove {place} {payload}", files, claim, "human", ()
            for emit in ("simulate", "aws", "test"):
                yield f"prove {place} {payload}", files, [*claim, "--emit", emit], "human", ()
            for form in ("json", "markdown"):
                yield f"prove {place} {payload}", files, [*claim, "--format", form], form, ()
            for form in FINDINGS:
                yield f"prove review {place} {payload}", files, ["prove", "--review", "p.json", "--format", form], form, ()
            other = {**files, "q.json": json.dumps(document(ALLOW))}
            for form in ("human", "markdown", "json"):
                yield f"diff {place} {payload}", other, ["diff", "p.json", "q.json", "--format", form], form, ()
            yield f"init {place} {payload}", files, ["test", "--init", "p.json"], "yaml", ()
        for place, page in pages(text):
            for form in ("human", "github", "json"):
                yield f"docs check {place} {payload}", {"p.md": page}, ["docs", "check", "p.md", "--format", form], form, ()
                yield f"docs scan {place} {payload}", {"p.md": page.replace("iamsure:check", "other")}, ["docs", "scan", "p.md", "--format", form], form, ()
            yield f"docs write {place} {payload}", {"p.md": page}, ["docs", "write", "p.md"], "human", (("p.md", "page"),)
            mdx = re.sub(r"<!--(.*?)-->", r"{/*\1*/}", page, flags=re.S)
            yield f"docs write mdx {place} {payload}", {"p.mdx": mdx}, ["docs", "write", "p.mdx"], "human", (("p.mdx", "page"),)
        for place, suite in suites(text):
            reports = ["--junit", "j.xml", "--sarif", "s.json"]
            for form in ("human", "github", "json", "sarif", "tap"):
                yield f"test {place} {payload}", {"s.iamsure.yaml": suite}, ["test", "s.iamsure.yaml", "--format", form, *reports], form, (
                    ("j.xml", "junit"), ("s.json", "json"))
        q = json.dumps(text)
        manifest = {"m.yaml": MANIFEST.format(q=q, m=json.dumps(f"claims.sub == {json.dumps(text)}")), "c.json": json.dumps({"iss": "https://x", "sub": text, text: [text]})}
        for form in ("human", "markdown", "json"):
            yield f"toolhive {payload}", manifest, ["toolhive", "m.yaml", "--claims", "c.json", "--format", form], form, ()
        # Of each place with each payload a third, another one for the next: all questions see all payloads.
        of_accounts = list(on_accounts(payload, text))
        yield from of_accounts[list(PAYLOADS).index(payload) % 3::3]
        for place, policy in policies(text):
            files = {"p.json": json.dumps(policy), "before.json": json.dumps(document(ALLOW))}
            for command in (["matrix", "p.json"], ["table", "p.json"], ["diff", "before.json", "p.json"]):
                yield f"{command[0]} {place} {payload}", files, [*command, "--format", "svg"], "svg", ()
        paths = {"p.json": json.dumps(document(ALLOW)), "paths.yaml": f"paths:\n  {q}: {{ aws:SourceIp: {{ value: {q}, evidence: observed, source: {q} }} }}\n"}
        for form in ("table", "markdown", "csv", "json"):
            yield f"paths {payload}", paths, ["matrix", "p.json", "--paths", "paths.yaml", "--path", text.replace("\0", ""), "--format", form], form, ()
        # Names of files: of everything but what no file can be called.
        name = text.replace("\0", "").replace("/", "_")
        for suffix, commands in (
            (".json", (["validate"], ["lint"], ["matrix"], *([c, "--format", f] for c in ("validate", "lint") for f in FINDINGS[1:]))), (".md", (["docs", "check"], ["docs", "scan"], ["docs", "check", "--format", "github"])),
            (".iamsure.yaml", (["test"], ["test", "--format", "github"], ["test", "--format", "tap"], ["test", "--format", "json"])),
        ):
            content = {
                ".json": '{"Statement": [{}]}', ".md": dict(pages("x"))["cell"], ".iamsure.yaml": dict(suites("x"))["name"],
            }[suffix]
            for command in commands:
                form = command[-1] if "--format" in command else "human"
                yield f"{' '.join(command)} file {payload}", {name + suffix: content}, [*command, "--", name + suffix], form, ()
                if suffix != ".json":
                    yield f"{' '.join(command)} folder {payload}", {name + suffix: content}, [*command, "."], form, ()
        for wrong in (["matrix", "--", name], ["prove", name.replace("\0", ""), "p.json"], ["matrix", "p.json", "--path", name], ["explain", name], ["actions", name], ["keys", name], [name]):
            yield f"argument {wrong[0] if wrong[0] != name else ''} {payload}", {"p.json": json.dumps(document(ALLOW))}, wrong, "human", ()


STYLE = re.compile("\x1b\\[[0-9;]*m")
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\u2028\u2029]"
)


def hidden(text):
    """What a reader would not see, or a terminal would obey."""
    for c in text:
        if (unicodedata.category(c) == "Cc" and c != "\n") or IGNORABLE.match(c):
            yield f"U+{ord(c):04X} is written as it is"


def commands(text):
    """The lines that GitHub's runner takes for commands."""
    return [line for line in text.split("\n") if line.strip().startswith("::") or "##[" in line]


def people(text):
    yield from hidden(text)
    for line in text.split("\n"):
        if line.lstrip(" ").startswith(("PWNED", "ok 99", "Bail out")):
            yield f"a line was forged: {line!r}"
    if found := commands(text):
        yield f"a workflow command: {found[0]!r}"


PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}


def github(text):
    yield from hidden(text)
    for line in commands(text):
        found = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        if not found:
            yield f"no annotation of ours: {line!r}"
        elif {part.split("=")[0] for part in found[2].split(",")} - PROPERTIES or len(found[2].split(",")) > len(PROPERTIES):
            yield f"a property was forged: {line!r}"
    for line in text.split("\n"):
        if line.startswith("PWNED"):
            yield f"a line was forged: {line!r}"


def tap(text):
    yield from hidden(text)
    lines = text.rstrip("\n").split("\n")
    if lines[0] != "TAP version 14":
        yield f"no TAP: {lines[0]!r}"
    plan, seen, block = None, 0, False
    for line in lines[1:]:
        if block:
            block = line != "  ..."
            if not line.startswith("  "):
                yield f"out of the block: {line!r}"
        elif found := re.fullmatch(r"1\.\.(\d+)", line):
            plan = int(found[1])
        elif re.match(r"(not )?ok ", line):
            seen += 1
            if not re.match(rf"(not )?ok {seen} - ", line):
                yield f"a case was forged: {line!r}"
            directives = re.findall(r"(?<!\\)(?:\\\\)*#", line)
            if len(directives) > 1 or (directives and not re.search(r" # SKIP ", line)):
                yield f"a directive was forged: {line!r}"
        elif line == "  ---":
            block = True
        elif not re.match(r"Bail out! \S.* cannot be read$", line):
            yield f"no line of TAP: {line!r}"
    if plan != seen:
        yield f"{seen} cases of {plan}"


def as_json(text):
    yield from hidden(text)
    if found := commands(text):
        yield f"a workflow command: {found[0]!r}"
    try:
        value = json.loads(text)
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            # The names of fields are ours, but for claims and keys, which are whole.
            if "PWNED" in item:
                yield "a field was forged"
            stack += item.values()
        elif isinstance(item, list):
            stack += item


def json_lines(text):
    for line in text.splitlines():
        yield from as_json(line)


def as_csv(text):
    yield from hidden(text)
    if found := commands(text):
        yield f"a workflow command: {found[0]!r}"
    records = list(csv.reader(io.StringIO(text), strict=True))
    for record in records:
        if len(record) != len(records[0]):
            yield f"a record of {len(record)} cells: {record!r}"
        for cell in record:
            if cell.lstrip().startswith(("=", "+", "-", "@")):
                yield f"a formula: {cell!r}"


def elements(text, faults):
    """The elements of XML; what cannot be in XML at all is refused by the reader, and is a fault."""
    faults.extend(hidden(text))
    try:
        return list(xml.fromstring(text).iter())
    except xml.ParseError as error:
        faults.append(f"no XML: {error}")
        return []


def junit(text):
    # The text of an element is shown by a web page.
    faults = []
    for element in elements(text, faults):
        if element.tag not in ("testsuites", "testsuite", "testcase", "failure", "error", "skipped"):
            faults.append(f"an element was forged: {element.tag}")
    return faults


def yaml(text):
    yield from hidden(text)
    if found := commands(text):
        yield f"a workflow command: {found[0]!r}"
    for line in text.split("\n"):
        if line.startswith("PWNED"):
            yield f"a line was forged: {line!r}"


def markdown(text):
    # What it means is for `markdown.mjs`.
    yield from hidden(text)
    if found := commands(text):
        yield f"a workflow command: {found[0]!r}"


PICTURE = {
    "svg": {"width", "height", "viewBox"}, "style": set(), "rect": {"width", "height", "y", "x", "rx", "fill", "class"},
    "text": {"class", "xml:space", "x", "y"}, "tspan": {"class", "x", "y"}, "title": set(), "desc": set(), "g": {"class"},
}


def svg(text):
    faults = []
    for element in elements(text, faults):
        tag = element.tag.replace("{http://www.w3.org/2000/svg}", "")
        if tag not in PICTURE:
            faults.append(f"an element was forged: {tag}")
        elif others := {name.rsplit("}", 1)[-1] for name in element.attrib} - {name.rsplit(":", 1)[-1] for name in PICTURE[tag]} - {"role", "id"}:
            faults.append(f"an attribute was forged: {others}")
        if tag == "style" and "PWNED" in "".join(element.itertext()):
            faults.append("text of others in a style")
    return faults


def dot(text):
    yield from hidden(text)
    # Outside of quoted texts nothing is of others.
    if "PWNED" in re.sub(r'"(?:[^"\\]|\\.)*"', '""', text, flags=re.DOTALL):
        yield "text of others outside of a quoted text"


class Page(html.parser.HTMLParser):
    """What a browser makes of a page, as far as it could run something."""

    def __init__(self):
        super().__init__()
        self.faults, self.kinds = [], []
        self.within = None

    def handle_starttag(self, tag, attributes):
        self.within = tag if tag in ("script", "style") else self.within
        if tag == "script":
            self.kinds.append(dict(attributes).get("type", "code"))
        if tag in ("iframe", "object", "embed", "base", "img", "link", "form"):
            self.faults.append(f"an element that loads something: {tag}")
        for name, value in attributes:
            if name.startswith("on") or "PWNED" in name or (name in ("href", "src") and not (value or "").startswith("#")):
                self.faults.append(f"an attribute was forged: {name}={value!r}")

    def handle_endtag(self, tag):
        self.within = None if tag == self.within else self.within

    def handle_data(self, data):
        if "PWNED" in data and (self.within == "style" or (self.within == "script" and self.kinds[-1] == "code")):
            self.faults.append(f"text of others in a {self.within}")

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data!r}")


def page(text):
    yield from hidden(text)
    reader = Page()
    reader.feed(text)
    reader.close()
    yield from reader.faults
    if reader.kinds.count("code") > 1 or len(reader.kinds) > 2:
        yield f"scripts: {reader.kinds}"


READERS = {
    "human": people, "table": people, "github": github, "tap": tap, "json": as_json, "lines": json_lines, "csv": as_csv,
    "junit": junit, "sarif": as_json, "yaml": yaml, "markdown": markdown, "page": lambda text: (), "svg": svg, "dot": dot, "html": page,
}


def run(iamsure, kept, number, case):
    name, files, arguments, form, written = case
    wrong = []
    for colour in ("never", "always"):
        with tempfile.TemporaryDirectory() as folder:
            try:
                for file, text in files.items():
                    pathlib.Path(folder, file).write_text(text, encoding="utf-8", newline="")
                done = subprocess.run([iamsure, "--color", colour, *arguments], cwd=folder, capture_output=True, timeout=60)
            except (OSError, ValueError, UnicodeEncodeError):
                return 0, []  # No system has such a file or such an argument.
            output, errors = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
            if colour == "always":
                # Our styles are for the two streams that people read.
                errors = STYLE.sub("", errors)
                output = STYLE.sub("", output) if form in ("human", "table") else output
            texts = [("stderr", people, errors)]
            if output:
                texts.append(("stdout", READERS[form], output))
            for file, reader in written:
                path = pathlib.Path(folder, file)
                if path.exists():
                    texts.append((file, READERS[reader], path.read_bytes().decode("utf-8", "replace")))
            if done.returncode not in (0, 1, 2, 3):
                wrong.append(f"{name}: exit code {done.returncode}: {errors[-200:]}")
            for where, reader, text in texts:
                wrong += [f"{name} --format {form} --color {colour}, {where}: {fault}" for fault in itertools.islice(reader(text), 2)]
                if kept and colour == "never" and (reader is markdown or where.endswith((".md", ".mdx"))):
                    suffix = ".md" if where == "stdout" else f".page{pathlib.Path(where).suffix}"
                    pathlib.Path(kept, f"{number}{suffix}").write_text(text, encoding="utf-8", newline="")
    return 2, wrong


def main():
    arguments = sys.argv[1:]
    kept = None
    if "--markdown" in arguments:
        at = arguments.index("--markdown")
        kept = arguments[at + 1]
        os.makedirs(kept, exist_ok=True)
        del arguments[at:at + 2]
    iamsure, *words = arguments
    iamsure = str(pathlib.Path(iamsure).resolve())
    cases = [case for case in runs() if not words or any(word in case[0] for word in words)]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda numbered: run(iamsure, kept, *numbered), enumerate(cases)))
    wrong = [fault for _, faults in results for fault in faults]
    for fault in wrong[:60]:
        print(fault)
    print(f"{sum(count for count, _ in results)} runs, {len(wrong)} forged")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
