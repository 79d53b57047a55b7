"""What hostile input costs: every command on inputs made to hurt it, with its processor time and peak memory.

    cargo build --release && python3 tests/adversarial/run.py target/release/iamsure [NAME…]

Each input must end within the bounds (5 s of processor time, on a slower machine as much longer as a yardstick takes; 600 MB) with an exit code that the program documents (0, 1, 2 or 3): no panic, no internal
error, no signal. Inputs are generated, not kept. Exit code 1 if a bound is broken. Memory is limited, so that what breaks the
bound does not take the machine along.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading

import containers

SECONDS = 5.0
MEGABYTES = 600

# What the yardstick takes on the machine of docs/performance.md. On a machine where it takes longer everything else may, too.
YARDSTICK = 0.15


def policy(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(**fields):
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **fields}


def when(operator, key, values):
    return {"Condition": {operator: {key: values}}}


def policies():
    """Policy documents by name."""
    yield "nested-200", '{"Statement": ' + "[" * 200 + "]" * 200 + "}"
    yield "nested-1000000", "[" * 1_000_000 + "]" * 1_000_000
    yield "nested-objects", '{"a":' * 100_000 + "1" + "}" * 100_000
    yield "actions-100000", policy([allow(Action=[f"s3:Get{number}" for number in range(100_000)])])
    yield "resources-50000", policy([allow(Resource=[f"arn:aws:s3:::bucket{number}/*" for number in range(50_000)])])
    yield "values-100000", policy([allow(**when("StringLike", "aws:username", [f"u{number}*" for number in range(100_000)]))])
    yield "statements-10000", policy([allow(Sid=f"S{number}", Action=f"s3:Get{number}*") for number in range(10_000)])
    yield "conditions-10000", policy(
        [allow(Sid=f"S{n}", **when("StringEquals", f"aws:PrincipalTag/t{n % 97}", f"v{n}")) for n in range(10_000)]
    )
    yield "keys-20000", policy([allow(Condition={"StringEquals": {f"aws:PrincipalTag/t{n}": "v" for n in range(20_000)}})])
    yield "stars", policy([allow(Resource="arn:aws:s3:::" + "*a" * 50_000 + "b", Action="s3:*" + "*" * 50_000)])
    yield "question-marks", policy([allow(Resource="arn:aws:s3:::" + "?*" * 50_000)])
    yield "infixes", policy(
        [allow(Sid=f"S{n}", Resource=f"arn:aws:s3:::*{'ab'[n % 2]}*{'ba'[n // 2 % 2]}*{n}*") for n in range(40)]
    )
    yield "variables", policy([allow(Resource="arn:aws:s3:::" + "${aws:username}" * 20_000)])
    yield "open-variables", policy([allow(Resource="arn:aws:s3:::" + "${" * 300_000)])
    yield "defaults", policy([allow(Resource="arn:aws:s3:::" + "${aws:username, '${aws:username, '" * 10_000)])
    yield "duplicate-keys", '{"Statement": {' + '"Effect": "Allow",' * 50_000 + '"Effect": "Deny"}}'
    yield "long-text", policy([allow(Sid="S" * 4_000_000)])
    yield "numbers", policy([allow(**when("NumericEquals", "s3:max-keys", ["9" * 100_000, "1e999999999", "-0." + "0" * 100_000 + "1"]))])
    yield "addresses", policy([allow(**when("IpAddress", "aws:SourceIp", [f"10.{n // 256}.{n % 256}.0/24" for n in range(20_000)]))])
    yield "networks-5000", policy([allow(**when("IpAddress", "aws:SourceIp", [f"2001:db8:{n:x}::/48" for n in range(5_000)]))])
    yield "key-long", policy([allow(Condition={"StringEquals": {"aws:PrincipalTa/" + "g" * 1_000_000: "v"}})])
    yield "operator-long", policy([allow(Condition={"StringEqual" + "s" * 1_000_000: {"aws:username": "v"}})])
    yield "action-long", policy([allow(Action="s3:GetObjec" + "t" * 1_000_000)])
    yield "field-long", policy([allow(**{"Actio" + "n" * 1_000_000: "x"})])
    yield "control-characters", policy([allow(Sid="\x1b[2J\u202e\x00".encode("unicode_escape").decode())])


def pages():
    """Markdown by name."""
    table = "| `aws:ViaAWSMCPService` | Denied? |\n| --- | --- |\n"
    fence = "```json title=\"p.json\"\n" + policy([allow()]) + "\n```\n"
    guard = {"Sid": "Guard", **allow(Effect="Deny", **when("StringEquals", "aws:PrincipalTag/team", "x"))}
    yield "distinct-rows-8000.md", (
        "```json title=\"p.json\"\n" + policy([guard]) + "\n```\n\n<!-- iamsure:check policy=\"#p.json\" sid=\"Guard\" -->\n\n"
        + "| `aws:PrincipalTag/team` | Deny applies? |\n| --- | --- |\n" + "".join(f"| `v{n}` | No |\n" for n in range(8_000))
    )
    yield "attribute-long.md", "<!-- iamsure:check polic" + "y" * 1_000_000 + "=x -->\n" + table + "| absent | No |\n"
    yield "open-backticks.md", "`" * 1_000_000
    yield "brackets.md", "[" * 200_000 + "](" * 200_000
    yield "nested-quotes.md", ">" * 50_000 + " x"
    yield "nested-lists.md", "".join(" " * (2 * level) + "- x\n" for level in range(2_000))
    yield "columns-20000.md", "|" + " a |" * 20_000 + "\n|" + " - |" * 20_000 + "\n|" + " absent |" * 20_000 + "\n" + fence
    yield "rows-20000.md", fence + table + "| absent | No |\n" * 20_000
    yield "fences-5000.md", fence * 5_000 + table + "| absent | No |\n"
    yield "comments.md", "<!-- iamsure:check policy=\"#p.json\" -->\n" * 20_000 + fence + table
    yield "open-comment.md", "<!-- iamsure:begin policy=\"#p.json\"" + " x" * 500_000
    yield "emphasis.md", "*a_ " * 200_000
    yield "entities.md", "&" * 500_000 + "\n" + "<" * 500_000


def suites():
    """Suites by name."""
    def bomb():
        yield "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in range(1, 12):
            yield f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n"

    role = 'policies: { role: { identity: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }] } } }\n'
    yield "bomb.iamsure.yaml", "".join(bomb()) + "tests: []\n"
    yield "deep.iamsure.yaml", "tests: " + "[" * 100_000 + "]" * 100_000
    yield "deep-block.iamsure.yaml", "".join(" " * level + "a:\n" for level in range(1_500))
    yield "every-action.iamsure.yaml", role + 'tests:\n  - { name: all, actions: ["*"], expect: { direct: depends } }\n'
    yield "tests-5000.iamsure.yaml", role + "tests:\n" + "".join(
        f'  - {{ name: t{n}, action: "s3:GetObject", expect: {{ direct: allowed }} }}\n' for n in range(5_000)
    )
    yield "product.iamsure.yaml", role + "tests:\n  - name: p\n    actions: [{}]\n    resources: [{}]\n    expect: {{ direct: allowed }}\n".format(
        ", ".join(["s3:GetObject"] * 300), ", ".join(f'"arn:aws:s3:::b/{n}"' for n in range(300))
    )


def many_files():
    """Inputs of several files, or of none: name, files, arguments."""
    role = policy([allow()])
    # Every suite of a level extends every one of the next.
    tree = {
        f"s{level}{letter}.iamsure.yaml": f"extends: [{', '.join(f's{level + 1}{other}.iamsure.yaml' for other in 'abc')}]\n"
        for level in range(12) for letter in "abc"
    }
    tree |= {f"s12{letter}.iamsure.yaml": f"contexts: {{ c{letter}: {{ aws:username: x }} }}\n" for letter in "abc"}
    tree["top.iamsure.yaml"] = "extends: s0a.iamsure.yaml\npolicies: { role: { identity: p.json } }\ntests:\n  - { name: t, action: \"s3:GetObject\", expect: { direct: allowed } }\n"
    yield "extends three ways, twelve deep", {**tree, "p.json": role}, ["test", "top.iamsure.yaml"]
    large = policy([allow(Sid=f"S{n}", Resource=f"arn:aws:s3:::bucket{n}/*") for n in range(1_000)])
    sets = "policies:\n  r0: { identity: p.json }\n" + "".join(f"  r{n}: {{ like: r{n - 1} }}\n" for n in range(1, 4_000))
    some = "tests:\n  - { name: t, policies: r0, action: \"s3:GetObject\", expect: { direct: allowed } }\n"
    yield "like 4000 times", {"p.json": large, "s.iamsure.yaml": sets + some}, ["test", "s.iamsure.yaml"]
    every = f"tests:\n  - {{ name: t, policies: [{', '.join(f'r{n}' for n in range(4_000))}], action: \"s3:GetObject\", expect: {{ direct: allowed }} }}\n"
    yield "like 4000 times, and each asked", {"p.json": large, "s.iamsure.yaml": sets + every}, ["test", "s.iamsure.yaml"]
    bounded = "policies:\n  r0: { identity: p.json }\n" + "".join(f"  r{n}: {{ like: r0, boundary: b{n}.json }}\n" for n in range(1, 4_000))
    bounds = {f"b{n}.json": policy([allow(Resource=f"arn:aws:s3:::bucket{n}/*")]) for n in range(1, 4_000)}
    yield "like 4000 times, each with its own boundary", {"p.json": large, "s.iamsure.yaml": bounded + every, **bounds}, ["test", "s.iamsure.yaml"]
    names = lambda form, count: "[" + ", ".join(form % n for n in range(count)) + "]"
    yield "cases by the billion", {"p.json": role, "s.iamsure.yaml": "policies: { role: { identity: p.json } }\ncontexts:\n" + "".join(
        f"  c{n}: {{ aws:username: u{n} }}\n" for n in range(1_000)) + f"tests:\n  - name: t\n    actions: {names('s3:Get%d', 1_000)}\n    resources: {names('arn:aws:s3:::b/%d', 1_000)}\n"
        f"    contexts: {names('c%d', 1_000)}\n    expect: {{ direct: allowed }}\n"}, ["test", "s.iamsure.yaml"]
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
        "AWS": [f"arn:aws:iam::{100_000_000_000 + n}:role/r{n}" for n in range(5_000)]}}]})
    for command in (["matrix"], ["table"], ["lint"], ["test", "--init"], ["prove", "never allow sts:AssumeRole when aws:SecureTransport is true"]):
        yield f"{command[0]} 5000 principals", {"t.json": trust}, [*command, "--trust", "t.json"]
    yield "a path of a long name", {"p.json": role}, ["matrix", "p.json", "--path", "direc" + "t" * 100_000]
    yield "a field of a long name", {"s.iamsure.yaml": "test" + "s" * 1_000_000 + ": []\n"}, ["test", "s.iamsure.yaml"]
    yield "a policy set of a long name", {"p.json": role, "s.iamsure.yaml": "policies: { role" + "e" * 100_000 + ": { identity: p.json } }\ntests:\n" + "".join(
        f"  - {{ name: t{n}, policies: rol{'e' * 100_000}, action: \"s3:GetObject\", expect: {{ direct: allowed }} }}\n" for n in range(20))}, ["test", "s.iamsure.yaml"]
    head = "apiVersion: toolhive.stacklok.dev/v1beta1\nkind: MCPExternalAuthConfig\nmetadata: { name: x }\nspec:\n  type: awsSts\n  awsSts:\n    region: us-east-1\n    roleMappings:\n"
    mapping = '    - {{ claim: g{n}, roleArn: "arn:aws:iam::111122223333:role/R{n}" }}\n'
    tokens = {f"c{n}.json": json.dumps({"iss": "https://x", "sub": f"u{n}", "groups": [f"g{n}"]}) for n in range(300)}
    claims = [word for name in tokens for word in ("--claims", name)]
    yield "1000 mappings, 300 tokens", {"m.yaml": head + "".join(mapping.format(n=n) for n in range(1_000)), **tokens}, ["toolhive", "m.yaml", *claims]
    matcher = '    - {{ matcher: "claims[\\"sub\\"] == \\"u{n}\\"", roleArn: "arn:aws:iam::111122223333:role/R{n}" }}\n'
    yield "1000 matchers, 300 tokens", {"m.yaml": head + "".join(matcher.format(n=n) for n in range(1_000)), **tokens}, ["toolhive", "m.yaml", *claims]
    doubled = "claims.sub" + " + claims.sub" * 60
    for name, text in (("CEL texts", f"({doubled}) == 'x'"), ("CEL lists", "[" + ",".join([f"({doubled})"] * 40) + "].map(a, [1,2,3,4,5,6,7,8].map(b, a)).size() == 1"),
                       ("CEL doubling", "[claims.sub]" + ".map(a, a + a)" * 12 + ".size() == 1"),
                       ("CEL squares", "claims.l.map(a, claims.l.map(b, claims.sub + b)).size() == 1"),
                       ("CEL maps", "claims.l.map(a, claims.l.map(b, claims.l.map(c, a + b + c))).size() == 1")):
        token = {"iss": "https://x", "sub": "x" * 200_000, "l": ["y" * 2_000] * 100}
        yield name, {"m.yaml": head + "    - { matcher: " + json.dumps(text) + ', roleArn: "arn:aws:iam::111122223333:role/R" }\n', "c.json": json.dumps(token)}, ["toolhive", "m.yaml", "--claims", "c.json"]


def commands():
    """Name, files, arguments."""
    yield from many_files()
    for name, text in policies():
        for command in ("validate", "matrix", "table", "lint"):
            yield f"{command} {name}", {"p.json": text}, [command, "p.json"]
        yield f"simulate {name}", {"p.json": text}, [
            "simulate", "p.json", "--action", "s3:GetObject", "--resource", "arn:aws:s3:::" + "a" * 20_000,
        ]
        yield f"prove {name}", {"p.json": text}, ["prove", "never allow s3:GetObject unless aws:SecureTransport is true", "p.json"]
    for name, text in pages():
        for command in ("check", "scan"):
            yield f"docs {command} {name}", {name: text}, ["docs", command, name]
    for name, text in suites():
        yield f"test {name}", {name: text}, ["test", name]
    bomb = dict(suites())["bomb.iamsure.yaml"]
    yield "paths bomb", {"p.json": policy([allow()]), "paths.yaml": bomb}, ["matrix", "p.json", "--paths", "paths.yaml"]
    yield "manifest bomb", {"m.yaml": bomb, "c.json": "{}"}, ["toolhive", "m.yaml", "--claims", "c.json"]
    claim = " or ".join(f"aws:username is u{number}" for number in range(600))
    yield "claim of 600 alternatives", {"p.json": policy([allow()])}, ["prove", f"never allow * when {claim}", "p.json"]
    yield "claim of 10000 brackets", {"p.json": policy([allow()])}, ["prove", "never allow * when " + "(" * 10_000, "p.json"]
    yield "requests of nothing", {"r.jsonl": "{}\n" * 100_000}, ["simulate", "--requests", "r.jsonl"]
    yield from containers.commands()


def limits(seconds):
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (int(6 * seconds), int(6 * seconds)))


def measured(iamsure, files, arguments, seconds):
    """Exit code, what was said, processor time, megabytes. What else the machine does makes nothing much slower."""
    with tempfile.TemporaryDirectory() as folder:
        for file, text in files.items():
            pathlib.Path(folder, file).write_text(text)
        with open(os.devnull, "wb") as nowhere:
            child = subprocess.Popen(
                [iamsure, *arguments], cwd=folder, stdout=nowhere, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                preexec_fn=lambda: limits(seconds),
            )
            # Long past the bound, so that one that never ends does not keep the others from being run.
            watch = threading.Timer(60 * seconds, child.kill)
            watch.start()
            said = child.stderr.read()
            _, status, usage = os.wait4(child.pid, 0)
            watch.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def yardstick(iamsure):
    """A fixed piece of work of the same program, which nothing here is about: the least of three runs."""
    statements = [allow(Sid=f"S{n}", **when("StringEquals", f"aws:PrincipalTag/t{n % 7}", f"v{n}")) for n in range(2_000)]
    files = {"p.json": policy(statements)}
    return min(measured(iamsure, files, ["table", "p.json"], 60)[2] for _ in range(3))


def main():
    iamsure = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:]
    took = yardstick(iamsure)
    bound = SECONDS * max(1.0, took / YARDSTICK)
    print(f"yardstick {took:.2f} s, bound {bound:.1f} s")
    worst = {"seconds": (0.0, ""), "megabytes": (0.0, "")}
    broken = count = 0
    for name, files, arguments in commands():
        if wanted and not any(word in name for word in wanted):
            continue
        code, said, seconds, megabytes = measured(iamsure, files, arguments, bound)
        count += 1
        wrong = []
        if code not in (0, 1, 2, 3):
            wrong.append(f"exit code {code}: {said[-300:].decode(errors='replace')}")
        if seconds > bound:
            wrong.append(f"over {bound:.1f} s")
        if megabytes > MEGABYTES:
            wrong.append(f"over {MEGABYTES} MB")
        if wrong or seconds > bound / 2:
            print(f"{'WRONG ' if wrong else ''}{name}: exit {code}, {seconds:.2f} s, {megabytes:.0f} MB {'; '.join(wrong)}", flush=True)
        broken += bool(wrong)
        for what, figure in (("seconds", seconds), ("megabytes", megabytes)):
            worst[what] = max(worst[what], (figure, name))
    print(f"{count} inputs, {broken} over a bound or with a wrong exit code")
    print(f"slowest {worst['seconds'][0]:.2f} s ({worst['seconds'][1]}), largest {worst['megabytes'][0]:.0f} MB ({worst['megabytes'][1]})")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
