"""What every provider of accounts has in common: the way there and back, answers in time, and failures in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from jhub_allow import Account, email_domain, is_verified
from jhub_refusal import refused, unavailable
from jhub_sign_in import SignIn
from jhub_trial import note_claims
from jupyterhub.utils import get_browser_protocol
from oauthenticator.oauth2 import OAuthCallbackHandler, OAuthLoginHandler
from tornado.httpclient import HTTPClientError

log = logging.getLogger("jhub")

# How long an answer may take.
ANSWER_SECONDS = 10


class ProviderLoginHandler(OAuthLoginHandler):
    """Sends people to the provider, once it has said where."""

    async def get(self) -> None:
        await self.authenticator.prepare()
        super().get()


class ProviderCallbackHandler(OAuthCallbackHandler):
    """Where the provider sends people back."""

    def check_error(self) -> None:
        if self.get_argument("error", ""):
            raise refused(f"You have not signed in at {self.authenticator.login_service}.")

    def check_arguments(self) -> None:
        super().check_arguments()
        said = self.get_argument("iss", self.authenticator.issuer)
        if said != self.authenticator.issuer:
            raise refused("Another provider than this hub's sent you here.")


class ProviderSignIn(SignIn):
    """Comes before a class of oauthenticator. Its `account_of` says what the provider vouches for."""

    login_handler = ProviderLoginHandler
    callback_handler = ProviderCallbackHandler
    login_service: Any
    http_request_kwargs: Any
    user_auth_state_key: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client_id = self.settings["clientId"]
        self.client_secret = self.secret
        self.login_service = self.settings["label"]
        self.enable_pkce = True
        limits: dict[str, Any] = {"request_timeout": ANSWER_SECONDS, "connect_timeout": ANSWER_SECONDS}
        authority = {"ca_certs": self.settings["caFile"]} if self.settings["caFile"] else {}
        self.http_request_kwargs = {**self.http_request_kwargs, **limits, **authority}

    async def prepare(self) -> None:
        """Before anybody is sent to the provider."""

    def get_callback_url(self, handler: Any = None) -> str:
        """At the address by which this person came, as their browser has it."""
        if handler is None:
            raise ValueError("a callback address is that of a request")
        path = f"{handler.hub.base_url}oauth_callback"
        return f"{get_browser_protocol(handler.request)}://{handler.request.host}{path}"

    async def authenticate(self, handler: Any, data: Any = None, **kwargs: Any) -> Any:
        """Who signed in at the provider. What it answered is in the hub's log, and on no page."""
        try:
            await self.prepare()
            return await super().authenticate(handler, data, **kwargs)
        except Exception as error:
            if getattr(error, "jhub_sign_in", False):
                raise
            log.error("Signing in at %s failed: %s", self.login_service, error)
            if isinstance(error, HTTPClientError) and error.code in (400, 401, 403):
                raise refused(f"{self.login_service} did not accept this sign-in. Try again.") from error
            raise unavailable(self.login_service, "does not answer as it should") from error

    def account_of(self, info: Mapping[str, Any]) -> Account:
        raise NotImplementedError

    async def update_auth_model(self, auth_model: Any) -> Any:
        info = auth_model["auth_state"][self.user_auth_state_key]
        return {**auth_model, "admin": None, "account": self.account_of(info)}

    async def refresh_user(self, user: Any, handler: Any = None, **kwargs: Any) -> bool | dict[str, Any]:
        return await SignIn.refresh_user(self, user, handler)

    def user_info_to_username(self, user_info: Mapping[str, Any]) -> str:
        """The claim that is the name. Raises 403 where there is none that can be believed."""
        note_claims(user_info)
        claim = self.settings["usernameClaim"]
        name = user_info.get(claim)
        if not isinstance(name, str) or not name.strip():
            raise refused(f"{self.login_service} did not say your {claim}, which is your name on this hub.")
        if claim == "email" and not is_verified(user_info):
            raise refused(f"{self.login_service} has not verified your e-mail address, which is your name on this hub.")
        if claim == "email" and email_domain(name) is None:
            raise refused(f"{self.login_service} gives an e-mail address that cannot be a name here.")
        self.name_here(name, self.login_service)
        return name
