"""A provider that is slow, that nobody knows, or that talks of something else: said as such, in time, before anybody is led to it."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jhub_provider
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jhub_oidc import OidcSignIn
from tornado import web


def make_certificate(place: Path, name: str, address: str) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = place / f"{name}.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*plain))
    return file


@contextmanager
def run_provider(answer: bytes | None, certificate: Path | None = None) -> Iterator[str]:
    """A provider that gives one answer to everything, with its own address put in; or none before the block ends."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            if answer is None:
                ended.wait()
                return
            body = answer.replace(b"URL", url.encode())
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http{'' if certificate is None else 's'}://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield url
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


def ask(url: str, authority: Path | None = None) -> OidcSignIn:
    """What the hub knows of the provider. Raises what a person would read."""
    nobody: dict[str, Any] = {"everybody": False, "domains": [], "groups": [], "organizations": []}
    said = {
        "method": "oidc", "issuer": url, "clientId": "hub", "label": "Uni", "scopes": ["openid"], "stripDomain": "",
        "caFile": "" if authority is None else str(authority), "usernameClaim": "sub", "groupsClaim": "groups",
        "domainClaim": "email", "allow": nobody, "adminGroups": [], "groups": {},
    }  # fmt: skip

    async def prepare() -> OidcSignIn:
        method = OidcSignIn(settings=said, secret="secret")
        await method.prepare()
        return method

    return asyncio.run(prepare())


DESCRIPTION = json.dumps(
    {
        "issuer": "URL",
        "authorization_endpoint": "URL/authorize",
        "token_endpoint": "URL/token",
        "jwks_uri": "URL/keys",
    }
).encode()


def is_unavailable(url: str, authority: Path | None = None) -> bool:
    with pytest.raises(web.HTTPError) as caught:
        ask(url, authority)
    return caught.value.status_code == 503 and "Try again in a few minutes" in caught.value.jupyterhub_message


def test_a_provider_that_describes_itself_is_believed() -> None:
    with run_provider(DESCRIPTION) as url:
        assert ask(url).authorize_url == f"{url}/authorize"


def test_a_certificate_of_an_authority_that_the_settings_name_is_known(tmp_path: Path) -> None:
    known, other = (make_certificate(tmp_path, name, "127.0.0.1") for name in ("known", "other"))
    with run_provider(DESCRIPTION, known) as url:
        assert ask(url, known).token_url == f"{url}/token"
        assert is_unavailable(url, other)
        assert is_unavailable(url)


def test_a_certificate_for_another_address_is_not(tmp_path: Path) -> None:
    elsewhere = make_certificate(tmp_path, "elsewhere", "127.0.0.2")
    with run_provider(DESCRIPTION, elsewhere) as url:
        assert is_unavailable(url, elsewhere)


def test_a_provider_that_does_not_answer_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_provider, "ANSWER_SECONDS", 1)
    with run_provider(None) as url:
        assert is_unavailable(url)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b"\xff\xfe",
        DESCRIPTION.replace(b'"issuer": "URL"', b'"issuer": "URL/other"'),
        DESCRIPTION.replace(b"URL/token", b"javascript:alert(1)"),
        DESCRIPTION.replace(b'"URL/keys"', b"7"),
    ],
)
def test_garbage_leads_nobody_anywhere(answer: bytes) -> None:
    with run_provider(answer) as url:
        assert is_unavailable(url)
