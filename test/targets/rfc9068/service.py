"""Verifies tokens with authlib's validator for RFC 9068. The tests of test/targets start it with ISSUER and PORT."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import URLError
from urllib.request import urlopen

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator

ISSUER = os.environ["ISSUER"]
AUDIENCE = "https://forecasts.forecasts.svc"
ROLE = "forecast-reader"


class Validator(JWTBearerTokenValidator):
    def get_jwks(self):
        with urlopen(f"{ISSUER}/keys", timeout=5) as keys:
            return json.load(keys)


def answer(authorization):
    validator = Validator(ISSUER, AUDIENCE)
    try:
        claims = validator.authenticate_token(authorization.removeprefix("Bearer "))
        validator.validate_token(claims, [], None)
    except URLError:
        return 503, {"error": "the issuer's keys cannot be read"}
    except (AuthlibBaseError, ValueError):
        return 401, {"error": "the token is not valid here"}
    if ROLE not in claims["roles"]:
        return 403, {"error": f"the role {ROLE} is missing"}
    return 200, {"caller": claims["xms_mirid"]}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = answer(self.headers.get("Authorization", ""))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode() + b"\n")


with ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler) as server:
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
