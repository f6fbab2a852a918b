"""The service that cannot verify tokens: it knows one password, $ARCHIVE_PASSWORD, and nothing of identities."""

import base64
import hmac
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

EXPECTED = "Basic " + base64.b64encode(f"archive:{os.environ['ARCHIVE_PASSWORD']}".encode()).decode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        known = hmac.compare_digest(self.headers.get("Authorization", ""), EXPECTED)
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(b"the orders of 1998\n" if known else b"wrong password\n")


if __name__ == "__main__":
    with HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
