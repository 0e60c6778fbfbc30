"""Signing in with OpenID Connect, at any issuer that describes itself."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import jwt
from jhub_allow import Account, texts, verified_domain
from jhub_provider import ProviderSignIn
from jhub_refusal import refused, unavailable
from oauthenticator.generic import GenericOAuthenticator

log = logging.getLogger("jhub")

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# How far the clocks of issuer and hub may be apart, and how long a description counts.
CLOCK_SECONDS = 60
DESCRIPTION_SECONDS = 3600
LONGEST_SUBJECT = 255


class OidcSignIn(ProviderSignIn, GenericOAuthenticator):
    """Any issuer. Its ID token is checked: signature, issuer, audience and time; and the claims of its own pages against it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = self.settings["scopes"]
        self.description: Mapping[str, Any] = {}
        self.described = 0.0
        self.keys: jwt.PyJWKSet | None = None

    async def prepare(self) -> None:
        """Reads where the issuer has its pages. Raises 503 when it does not say, or says something else."""
        if self.description and time.monotonic() - self.described < DESCRIPTION_SECONDS:
            return
        try:
            found = await self.httpfetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", "describing")
        except Exception as error:
            log.error("%s does not describe itself: %s", self.issuer, error)
            raise unavailable(self.login_service, "does not answer") from error
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not isinstance(found, dict) or not all(is_secure(found.get(key), self.issuer) for key in needed):
            log.error("%s describes itself without %s, or with addresses that are not https", self.issuer, needed)
            raise unavailable(self.login_service, "does not answer as it should")
        if found.get("issuer") != self.issuer:
            log.error("%s says that its issuer is %r", self.issuer, found.get("issuer"))
            raise unavailable(self.login_service, "does not answer as it should")
        userinfo = found.get("userinfo_endpoint")
        self.authorize_url = found["authorization_endpoint"]
        self.token_url = found["token_endpoint"]
        self.userdata_url = userinfo if is_secure(userinfo, self.issuer) else ""
        self.basic_auth = "client_secret_basic" in found.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )
        self.description, self.described, self.keys = found, time.monotonic(), None

    def build_token_info_request_headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "JupyterHub"}
        if self.basic_auth:
            words = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(words.encode()).decode()}"
        return headers

    async def token_to_user(self, token_info: Mapping[str, Any]) -> dict[str, Any]:
        """The claims of whoever signed in: of the ID token, and of the issuer's own page about the same person."""
        claims = await self.read_id_token(token_info.get("id_token"))
        if not self.userdata_url:
            return claims
        info = await super().token_to_user({"token_type": "Bearer", **token_info})
        if not isinstance(info, dict) or info.get("sub") != claims["sub"]:
            raise ValueError("userinfo is about somebody else than the ID token")
        return {**info, **claims}

    async def read_id_token(self, token: Any) -> dict[str, Any]:
        if not isinstance(token, str):
            raise ValueError("there is no ID token")
        supported = self.description.get("id_token_signing_alg_values_supported", ["RS256"])
        claims: dict[str, Any] = jwt.decode(
            token,
            key=await self.find_key(jwt.get_unverified_header(token)),
            algorithms=[name for name in SIGNATURES if name in supported],
            audience=self.client_id,
            issuer=self.issuer,
            leeway=CLOCK_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self.client_id:
            raise ValueError("the ID token is for another client")
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise ValueError("the ID token has no subject that can be kept")
        return claims

    async def find_key(self, header: Mapping[str, Any]) -> Any:
        """The issuer's key of a token; asks again when it is new."""
        for keys in (self.keys, None):
            known = keys or jwt.PyJWKSet.from_dict(await self.httpfetch(self.description["jwks_uri"], "reading keys"))
            self.keys = known
            signing = [key for key in known.keys if key.public_key_use in (None, "sig")]
            fitting = [key for key in signing if header.get("kid") in (None, key.key_id)]
            if len(fitting) == 1 or (fitting and header.get("kid") is not None):
                return fitting[0]
        raise ValueError("the ID token is signed by a key that is not the issuer's")

    def account_of(self, info: Mapping[str, Any]) -> Account:
        institutions = self.settings.get("identityProviders")
        if institutions is not None and info.get("idp") not in institutions:
            raise refused(f"Sign in at {self.login_service} with your own institution; this hub takes no other account.")
        claim = self.settings["domainClaim"]
        domain = info.get(claim) if claim != "email" else verified_domain(info)
        return Account(
            self.issuer,
            info["sub"],
            domains=frozenset() if not isinstance(domain, str) else frozenset([domain.lower()]),
            groups=texts(info.get(self.settings["groupsClaim"])),
        )


def is_secure(address: Any, issuer: str) -> bool:
    """Whether an address of the issuer's is https; or of this machine alone, as the issuer itself is."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and issuer.startswith("http://") and bool(parts.hostname))
