"""Opening the hub from a learning platform, by LTI 1.3."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import jwt
from jhub_allow import Account, texts
from jhub_refusal import refused, unavailable
from jhub_sign_in import SignIn
from jhub_trial import note_claims
from ltiauthenticator.lti13.auth import LTI13Authenticator
from ltiauthenticator.lti13.error import ValidationError
from ltiauthenticator.lti13.handlers import LTI13CallbackHandler, LTI13LoginInitHandler
from ltiauthenticator.lti13.validator import LTI13LaunchValidator
from tornado import web
from tornado.httputil import url_concat

log = logging.getLogger("jhub")

ANSWER_SECONDS = 10
CLOCK_SECONDS = 60
LONGEST_SUBJECT = 255
SIGNATURES = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]
CLAIMS = "https://purl.imsglobal.org/spec/lti/claim/"
# Roles in the course: `http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor`, or the last word alone.
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
# A role within one: `http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant`, in Canvas `instructor`.
SUB_ROLE = re.compile(r"http://purl\.imsglobal\.org/vocab/lis/v2/membership/[A-Za-z]+#([A-Za-z]+)")
ASSISTANT = "TeachingAssistant"
# What a browser says is asked for, in a page of somebody else's.
FRAMES = frozenset(["iframe", "frame", "embed", "object"])


def roles_in_course(roles: frozenset[str]) -> frozenset[str]:
    """Roles whole and by their last word. A platform sends an assistant as an instructor too; here an assistant is none."""
    words = {found[1] for role in roles if (found := SUB_ROLE.fullmatch(role))}
    words |= roles | {role.removeprefix(MEMBERSHIP) for role in roles}
    if any(word.startswith(ASSISTANT) for word in words):
        words -= {"Instructor", f"{MEMBERSHIP}Instructor"}
    return frozenset(words)


class PlatformLoginHandler(LTI13LoginInitHandler):
    """Where the platform begins. The hub answers for its own client only."""

    async def post(self) -> None:
        said = self.get_argument("iss", "")
        if said != self.authenticator.issuer:
            raise refused(f"{said or 'Nobody'} is not the learning platform of this hub.")
        if self.request.headers.get("Sec-Fetch-Dest") in FRAMES:
            await self.offer_window()
        else:
            super().post()

    get = post

    async def offer_window(self) -> None:
        """In a frame of another site no login is kept: the same beginning, as a link to a window of its own."""
        said = {name: self.get_argument(name) for name in self.request.arguments if name != "_xsrf"}
        # Whoever frames this page gets nothing: nobody is signed in on it.
        self.set_header("Content-Security-Policy", "frame-ancestors *")
        self.finish(await self.render_template("framed.html", user=None, window=url_concat(self.request.path, said)))

    def authorize_redirect(self, **words: Any) -> None:
        super().authorize_redirect(**{**words, "client_id": self.authenticator.settings["clientId"]})

    def _set_oauth_cookie(self, key: str, value: str) -> None:
        """The platform sends people back by a form of its own site, with which browsers send no other cookies."""
        self._set_cookie(key, value, expires_days=1, httponly=True, encrypted=True, secure=True, samesite="None")


class PlatformCallbackHandler(LTI13CallbackHandler):
    """Where the platform sends people, with a token that says who they are."""

    async def post(self) -> None:
        if not self._get_state_cookie() or not self._get_nonce_state_cookie():
            raise refused(
                "Your browser did not keep the cookies of this hub. Open it in a new window, by https.", status=400
            )
        self.check_state()
        claims = await self.authenticator.read_launch(self.get_body_argument("id_token", ""))
        self.check_nonce(claims)
        user = await self.login_user(claims)
        if user is None:
            raise refused("Nobody vouches for this account.")
        await self.redirect_to_next_url(user)


class PlatformSignIn(SignIn, LTI13Authenticator):
    """LTI13Authenticator, with keys that are waited for elsewhere, and nobody let in for being sent here."""

    login_handler = PlatformLoginHandler
    callback_handler = PlatformCallbackHandler

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = self.settings
        self.issuer = said["issuer"]
        self.client_id = {said["clientId"]}
        self.authorize_url, self.jwks_endpoint = said["authorizeUrl"], said["keysUrl"]
        self.username_key = said["usernameClaim"]
        self.login_service = said["label"]
        context = ssl.create_default_context(cafile=said["caFile"] or None)
        self.keys = jwt.PyJWKClient(self.jwks_endpoint, timeout=ANSWER_SECONDS, ssl_context=context)
        # A slow platform holds up nobody but those who wait for it.
        self.asking = ThreadPoolExecutor(max_workers=4, thread_name_prefix="lti")

    def login_url(self, base_url: str) -> str:
        """For the handlers, a path; for the button of the login page, the platform, where people open the hub."""
        platform = urlsplit(self.authorize_url)
        return super().login_url(base_url) if base_url == "" else f"{platform.scheme}://{platform.netloc}/"

    async def read_launch(self, token: str) -> dict[str, Any]:
        """The claims of a launch for this hub. Raises 403 for one that is not, 503 where the platform shows no keys."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self.asking, self.check_launch, token)
        except (jwt.PyJWKClientConnectionError, OSError) as error:
            log.error("%s shows no keys: %s", self.jwks_endpoint, error)
            raise unavailable(self.login_service, "does not answer") from error
        except Exception as error:
            log.error("A launch from %s was refused: %s", self.login_service, error)
            raise refused(f"{self.login_service} did not send a sign-in for this hub. Open it there again.") from error

    def check_launch(self, token: str) -> dict[str, Any]:
        """Waits for the platform's keys. Raises whatever is wrong with the token."""
        claims: dict[str, Any] = jwt.decode(
            token,
            key=self.keys.get_signing_key_from_jwt(token),
            algorithms=SIGNATURES,
            audience=self.settings["clientId"],
            issuer=self.issuer,
            leeway=CLOCK_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )
        validator = LTI13LaunchValidator(time_leeway=CLOCK_SECONDS)
        validator.validate_id_token(claims)
        validator.validate_azp_claim(claims, self.client_id)
        deployments = self.settings.get("deployments")
        if deployments is not None and claims.get(f"{CLAIMS}deployment_id") not in deployments:
            raise ValidationError("the launch is of a deployment that does not count")
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise ValidationError("the token has no subject that can be kept")
        return claims

    async def authenticate(self, handler: Any, data: Any = None) -> dict[str, Any] | None:
        """Only what `read_launch` gave; the form of a password is none."""
        if not isinstance(handler, PlatformCallbackHandler) or not data:
            raise web.HTTPError(403, "People open this hub from a learning platform.")
        note_claims(data)
        roles = texts(data.get(f"{CLAIMS}roles"))
        account = Account(self.issuer, data["sub"], groups=roles_in_course(roles))
        return {"name": self.name_of(data), "account": account}

    def name_of(self, claims: Mapping[str, Any]) -> str:
        """The claim that is the name. Raises 403 where there is none: another in its place would be somebody else's."""
        key = self.username_key
        custom = claims.get(f"{CLAIMS}custom")
        places = custom if key.startswith("custom_") else claims
        name = places.get(key.removeprefix("custom_")) if isinstance(places, Mapping) else None
        if not isinstance(name, str) or not name.strip():
            raise refused(f"{self.login_service} did not say your {key}, which is your name on this hub.")
        return self.name_here(name, self.login_service)
