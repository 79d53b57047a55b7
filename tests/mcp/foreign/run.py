"""Runs `iamsure toolhive verify` against servers that nobody here wrote, on loopback.

    python3 tests/mcp/foreign/run.py PATH-OF-IAMSURE FOLDER

- `@modelcontextprotocol/server-everything` (npm): the handshake, a session, event streams; it asks for no token.
- A server of the Python SDK (`mcp`, PyPI): 2026-07-28, a token, protected-resource metadata, pages; as event streams and
  as JSON.

What they list is held against what the client of the Python SDK lists, or what the server was given. Packages are installed
into FOLDER and stay there. Without a registry, or without Node, the script says what it could not do; it exits with 75 if it
could do nothing.
"""

import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
SDK = "mcp==2.3.0"
EVERYTHING = "@modelcontextprotocol/server-everything@2026.8.31"
NOT_CHECKED = 75
STARTS = 60
TOKEN = "sdk.test-token~1"

MANIFESTS = """
apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPOIDCConfig
metadata: {{ name: idp }}
spec: {{ type: inline, inline: {{ issuer: {issuer} }} }}
---
apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPExternalAuthConfig
metadata: {{ name: roles }}
spec: {{ type: awsSts, awsSts: {{ region: us-east-1, fallbackRoleArn: "arn:aws:iam::111122223333:role/R" }} }}
---
apiVersion: toolhive.stacklok.dev/v1beta1
kind: MCPRemoteProxy
metadata: {{ name: proxy }}
spec:
  remoteUrl: https://aws-mcp.us-east-1.api.aws/mcp
  oidcConfigRef: {{ name: idp, audience: a, resourceUrl: "{url}" }}
  externalAuthConfigRef: {{ name: roles }}
"""


class Started:
    """A server that has said that it listens, until the end of a `with`."""

    def __init__(self, command, says, env=None):
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
        )
        lines = []
        while True:
            if not select.select([self.process.stdout], [], [], STARTS)[0]:
                raise SystemExit(f"{command} says nothing in {STARTS} s: {lines}")
            line = self.process.stdout.readline()
            lines.append(line)
            if not line:
                raise SystemExit(f"{command} ended: {''.join(lines)}")
            if says(line):
                self.line = line.strip()
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(STARTS)


def installed(folder):
    """The Python of the SDK and the script of the other server; None, said why, for what could not be had."""
    python, script = folder / "venv/bin/python", None
    try:
        if not (folder / "venv/sdk-is-there").exists():
            venv.create(folder / "venv", with_pip=True)
            subprocess.run([python, "-m", "pip", "-q", "--disable-pip-version-check", "install", SDK], check=True)
            (folder / "venv/sdk-is-there").touch()
    except (subprocess.CalledProcessError, OSError) as error:
        print(f"no server and no client of the Python SDK: {SDK} could not be installed ({error})")
        python = None
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        print("no server-everything: there is no npm or no node")
    else:
        script = folder / "node_modules/@modelcontextprotocol/server-everything/dist/index.js"
        try:
            if not script.exists():
                subprocess.run([npm, "install", "--silent", "--no-save", "--prefix", folder, EVERYTHING], check=True)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"no server-everything: it could not be installed ({error})")
            script = None
    return python, script


def verify(iamsure, url, token, *options):
    """The report and the exit code. The token must not be in anything that was printed."""
    env = dict(os.environ, MCP_TOKEN=token)
    command = [iamsure, "toolhive", "verify", url, "--token-env", "MCP_TOKEN", "--timeout", "60"]
    table = subprocess.run([*command, *options], env=env, capture_output=True, text=True)
    ran = subprocess.run([*command, *options, "--format", "json"], env=env, capture_output=True, text=True)
    for text in (table.stdout, table.stderr, ran.stdout, ran.stderr):
        assert token not in text, text
    assert table.returncode == ran.returncode, (table, ran)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout), ran.returncode


def steps(report, with_token):
    return [step["rpc"] or step["method"] for step in report["steps"] if step["withToken"] == with_token]


def names(report):
    return [tool["name"] for tool in report["tools"] or []]


def everything(iamsure, script, python):
    """An older server, which asks for no token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = dict(os.environ, PORT=str(port))
    with Started(["node", script, "streamableHttp"], lambda line: "listening on port" in line, env):
        url = f"http://127.0.0.1:{port}/mcp"
        report, code = verify(iamsure, url, "any.test-token")
        # Served without a token: that, and nothing else, is wrong with it.
        troubles = [step["trouble"] for step in report["steps"] if not step["ok"]]
        assert (code, troubles) == (1, ["served-without-token"]), report
        handshake = ["server/discover", "initialize", "notifications/initialized"]
        assert steps(report, False) == [*handshake, "DELETE"], report
        assert steps(report, True) == [*handshake, "tools/list", "DELETE"], report
        assert report["server"]["protocol"] == "2025-11-25", report
        if python is not None:
            listed = subprocess.run([python, HERE / "sdk_client.py", url], check=True, capture_output=True, text=True)
            assert names(report) == listed.stdout.split(), (names(report), listed.stdout)
        assert "echo" in names(report), report
    print(f"server-everything: {len(names(report))} tools over the handshake, as the SDK's client lists them")


def sdk(iamsure, python, folder, *options):
    """A server of 2026-07-28 that asks for a token."""
    with Started([python, HERE / "sdk_server.py", *options], lambda line: line.strip().isdigit()) as server:
        url = f"http://127.0.0.1:{server.line}/mcp"
        manifests = folder / "manifests.yaml"
        manifests.write_text(MANIFESTS.format(issuer="https://idp.example.com", url=url))
        report, code = verify(iamsure, url, TOKEN, "--manifests", manifests)
        assert (code, report["verdict"]) == (0, "verified"), report
        assert steps(report, False) == ["server/discover", "GET"], report
        assert steps(report, True) == ["server/discover"] + ["tools/list"] * 3, report
        assert report["server"] == {"name": "sdk", "version": "7", "protocol": "2026-07-28"}, report
        assert names(report) == [f"tool-{number}" for number in range(7)], report
        assert {check["holds"] for check in report["checks"]} == {"yes"}, report["checks"]
        assert len(report["checks"]) == 4, report["checks"]

        refused, code = verify(iamsure, url, "another.token", "--manifests", manifests)
        assert code == 1 and refused["tools"] is None, refused
        assert [step["status"] for step in refused["steps"] if step["withToken"]] == [401], refused

        other = url.replace("/mcp", "/other")
        manifests.write_text(MANIFESTS.format(issuer="https://idp.example.com/2", url=other))
        differs, code = verify(iamsure, url, TOKEN, "--manifests", manifests)
        wrong = [check["code"] for check in differs["checks"] if check["holds"] == "no"]
        assert (code, wrong) == (1, ["resource-url", "issuer"]), differs["checks"]
    print(f"Python SDK {' '.join(options)}: 7 tools on 3 pages of 2026-07-28, its metadata as the manifests say")


def main():
    iamsure, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python, script = installed(folder)
    if script is not None:
        everything(iamsure, script, python)
    if python is not None:
        sdk(iamsure, python, folder)
        sdk(iamsure, python, folder, "--json")
    return NOT_CHECKED if python is None and script is None else 0


sys.exit(main())
