"""A service that verifies its callers' tokens with PyJWT and the issuer's public keys, and lets in who has the role."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8400")
AUDIENCE = "https://forecasts.forecasts.svc"
ROLE = "forecast-reader"

# Fetched with the first token, so the issuer may start later than this service; and again for an unknown key id,
# at most every five seconds.
keys = jwt.PyJWKClient(f"{ISSUER}/keys", lifespan=300, timeout=5, cooldown_duration=5)


def verify(token):
    """The claims of a token that is good here. The algorithm is ours to choose, never the token's."""
    verified = jwt.decode_complete(
        token,
        keys.get_signing_key_from_jwt(token),
        algorithms=["RS256"],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["exp", "iss", "aud", "sub"]},
    )
    if verified["header"].get("typ") != "at+jwt":  # RFC 9068 §4: no other kind of token counts as an access token.
        raise jwt.InvalidTokenError("not an access token")
    return verified["payload"]


def answer(authorization):
    try:
        claims = verify(authorization.removeprefix("Bearer "))
    except jwt.PyJWKClientConnectionError:
        return 503, {"error": "the issuer's keys cannot be read, so nobody can be let in"}
    except jwt.PyJWTError:
        return 401, {"error": "the token is missing or not valid here"}
    if ROLE not in claims.get("roles", []):
        return 403, {"error": f"the role {ROLE} is missing"}
    return 200, {"forecast": {"monday": "rain"}, "caller": claims["xms_mirid"]}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = answer(self.headers.get("Authorization", ""))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode() + b"\n")


if __name__ == "__main__":
    address = (os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080")))
    with ThreadingHTTPServer(address, Handler) as server:
        print(f"listening on http://{address[0]}:{server.server_port}", flush=True)
        server.serve_forever()
