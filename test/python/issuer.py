"""An OpenID provider on the loopback address that says whatever a test wants it to say."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "hub"
SECRET = "a client secret / with + odd & letters"


class Issuer:
    """Whoever comes is `account`. `spoil` changes the ID token's claims, `answers` whole answers, by path."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key: Any = self.key
        self.account: dict[str, Any] = {}
        self.spoil: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.organizations: list[str] = []
        self.teams: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.url = ""

    def reset(self) -> None:
        self.account, self.spoil, self.userinfo, self.answers = {}, {}, {}, {}
        self.organizations, self.teams = [], []
        self.signing_key = self.key

    def describe(self) -> dict[str, Any]:
        pages = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.url,
            **{f"{name}_endpoint": f"{self.url}/{page}" for name, page in pages.items()},
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self) -> dict[str, Any]:
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**jwk, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        code = f"code{len(self.codes)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        known = {"client": CLIENT, "secret": SECRET}
        given = parse_qs(f"client={client}&secret={secret}".replace("%20", "+"))
        if {key: value[0] for key, value in given.items()} != known:
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.account, **self.spoil}
        claims = {key: value for key, value in claims.items() if value is not None}
        token = jwt.encode(claims, self.signing_key, algorithm="RS256", headers={"kid": "one"})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": token}


    def github(self, path: str) -> Any:
        """GitHub's pages about the account, in its words."""
        teams = [team.split(":") for team in self.teams]
        pages = {
            "user": {"email": None, **self.account},
            "user/orgs": [{"login": name} for name in self.organizations],
            "user/teams": [{"organization": {"login": owner}, "slug": slug} for owner, slug in teams],
        }
        return pages[path]

    def github_token(self, form: dict[str, str]) -> dict[str, str]:
        known = form.get("client_id") == CLIENT and form.get("client_secret") == SECRET
        if not known or self.codes.pop(form.get("code", ""), None) is None:
            return {"error": "bad_verification_code", "error_description": "The code is not right."}
        return {"access_token": "opaque", "token_type": "bearer", "scope": "read:org"}


@contextmanager
def run_issuer() -> Iterator[Issuer]:
    """A provider at an address of its own, until the block ends."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def send(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path in issuer.answers:
                return self.send(*issuer.answers[address.path])
            query = {key: value[0] for key, value in parse_qs(address.query).items()}
            match address.path:
                case "/.well-known/openid-configuration":
                    return self.send(200, json.dumps(issuer.describe()).encode())
                case "/jwks":
                    return self.send(200, json.dumps(issuer.keys()).encode())
                case path if path.startswith("/api/v3/"):
                    return self.send(200, json.dumps(issuer.github(path.removeprefix("/api/v3/"))).encode())
                case "/authorize" | "/login/oauth/authorize":
                    return self.send(302, b"", Location=issuer.authorize(query))
                case "/userinfo":
                    return self.send(200, json.dumps({**issuer.account, **issuer.userinfo}).encode())
            self.send(404, b"{}")

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if "/token" in issuer.answers:
                return self.send(*issuer.answers["/token"])
            fields = {key: value[0] for key, value in parse_qs(form).items()}
            if self.path == "/login/oauth/access_token":
                return self.send(200, json.dumps(issuer.github_token(fields)).encode())
            status, answer = issuer.token(fields, self.headers.get("Authorization", ""))
            self.send(status, json.dumps(answer).encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
