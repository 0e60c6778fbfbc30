"""A link that lets an admin in once: the way in where nobody can sign in otherwise. Only the operator's token makes one."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Any

from jhub_people import Listed
from jhub_refusal import refused
from jhub_seen import note_login
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.handlers import BaseHandler
from jupyterhub.scopes import needs_scope
from tornado import web

LINK_SECONDS = 600


class OnceLinks:
    """Keys that were given out, by their digest: who they let in, and until when."""

    def __init__(self) -> None:
        self.links: dict[str, tuple[str, float]] = {}

    def make(self, name: str) -> str:
        now = time.monotonic()
        self.links = {key: link for key, link in self.links.items() if link[1] > now}
        key = secrets.token_urlsafe(32)
        self.links[digest(key)] = (name, now + LINK_SECONDS)
        return key

    def take(self, key: str) -> str | None:
        """Whom a key lets in; never again after that."""
        name, until = self.links.pop(digest(key), (None, 0.0))
        return name if until > time.monotonic() else None


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class OnceLinkHandler(APIHandler):
    """`POST` makes a link for an admin of the settings file: `{"name": "ana"}` gives `{"path": "/once?token=…"}`."""

    @needs_scope("admin:users")
    def post(self) -> None:
        data = self.get_json_body()
        name = data.get("name") if isinstance(data, dict) else None
        user = self.find_user(name) if isinstance(name, str) else None
        if user is None or not user.admin:
            raise web.HTTPError(404, "no such admin")
        self.write({"path": f"/once?token={self.authenticator.once.make(user.name)}"})


class OnceHandler(BaseHandler):
    """The address to which the link takes its reader."""

    def get(self) -> None:
        name = self.authenticator.once.take(self.get_argument("token", ""))
        user = None if name is None else self.find_user(name)
        if user is None or not user.admin or not may_enter(self.db, self.authenticator, name):
            raise refused("This link has been used, or is too old. The person who runs this hub can make another.")
        self.set_login_cookie(user)
        note_login(self.db, self.authenticator.failed_logins, user.name)
        self.redirect(f"{self.hub.base_url}home")


def may_enter(db: Any, authenticator: Any, name: str | None) -> bool:
    """Where the hub knows whom the settings file names, only those."""
    return not authenticator.has_list or db.get(Listed, name) is not None
