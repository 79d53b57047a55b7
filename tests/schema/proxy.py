"""A server that answers as a proxy of ToolHive does, so that `iamsure toolhive verify` has something to say."""

import http.server
import json
import threading

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZUBleGFtcGxlLmNvbSJ9.c2lnbmF0dXJl"
METADATA = "/.well-known/oauth-protected-resource/mcp"
RESULTS = {
    "initialize": {
        "protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "AWS MCP Server", "version": "1.0.0"},
    },
    "tools/list": {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in ("aws___list_regions", "aws___run_script")]},
}


class Proxy(http.server.BaseHTTPRequestHandler):
    def reply(self, status, value=None, **headers):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        if value is not None:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path != METADATA:
            return self.reply(404)
        self.reply(200, {"resource": "https://mcp.example.com/mcp", "authorization_servers": ["https://idp.example.com"]})

    def do_DELETE(self):
        self.reply(204)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            host = self.headers.get("Host")
            challenge = f'Bearer realm="mcp", scope="tools", error="invalid_token", error_description="none", resource_metadata="http://{host}{METADATA}"'
            return self.reply(401, {"error": "no token"}, WWW_Authenticate=challenge)
        number, method = asked.get("id"), asked["method"]
        if method in RESULTS:
            return self.reply(200, {"jsonrpc": "2.0", "id": number, "result": RESULTS[method]}, Mcp_Session_Id="one")
        if number is None:
            return self.reply(202)
        self.reply(400, {"jsonrpc": "2.0", "id": number, "error": {"code": -32000, "message": "Bad Request: Server not initialized"}})

    def log_message(self, *_):
        pass


def started():
    """Its address; it ends with the program."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/mcp"
