"""An MCP server of the Python SDK that asks for a token, on a free port of loopback. Prints the port once it listens.

    sdk_server.py [--json]

It serves 2026-07-28 and, to clients that shake hands, earlier versions; with --json it answers with JSON where it would
otherwise answer with event streams. Its tools come in three pages.
"""

import asyncio
import socket
import sys

import uvicorn
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.lowlevel import Server
from mcp_types import ListToolsResult, Tool

TOOLS = [f"tool-{number}" for number in range(7)]
PAGE = 3


class OneToken:
    """Accepts the token that the test gives by its environment, and no other."""

    async def verify_token(self, token):
        return AccessToken(token=token, client_id="test", scopes=[]) if token == "sdk.test-token~1" else None


async def list_tools(context, params):
    start = int(params.cursor) if params and params.cursor else 0
    tools = [Tool(name=name, input_schema={"type": "object"}) for name in TOOLS[start : start + PAGE]]
    end = start + PAGE
    return ListToolsResult(tools=tools, next_cursor=str(end) if end < len(TOOLS) else None)


async def main():
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    auth = AuthSettings(
        issuer_url="https://idp.example.com",
        resource_server_url=f"http://127.0.0.1:{port}/mcp",
        validate_token_resource=False,
    )
    app = Server("sdk", version="7", on_list_tools=list_tools).streamable_http_app(
        json_response="--json" in sys.argv, auth=auth, token_verifier=OneToken()
    )
    # Whoever connects from now on waits until the server takes the connection.
    print(port, flush=True)
    config = uvicorn.Config(app, log_level="warning")
    await uvicorn.Server(config).serve(sockets=[listening])


asyncio.run(main())
