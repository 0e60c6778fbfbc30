"""Logging in by passwords that only the operator sets: no sign-up, no first-comer, changes at once.

The base is NativeAuthenticator: its table, its hashes, its lock-out after failures and its page for changing one's own
password. Added are REST routes for the operator's token. Who may log in is who is a user of the hub and has a password.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import bcrypt
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.handlers import LoginHandler
from jupyterhub.scopes import needs_scope
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.handlers import ChangePasswordHandler
from nativeauthenticator.orm import UserInfo
from tornado import web

from jupyterhub import orm

# A password made by the command line has 59 random bits and more than this many characters. Guessing it is hopeless
# however fast one guess is, so that it needs no slow hash; a thousand people are added in seconds.
GENERATED_LENGTH = 12
GENERATED_ROUNDS = 4


class JhubAuthenticator(NativeAuthenticator):
    """Passwords set by the operator, checked here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enable_signup = False
        self.open_signup = False
        self.allow_existing_users = True

    def normalize_username(self, username: str) -> str:
        """The same writing as the command line's: lower case, NFKC."""
        folded = unicodedata.normalize("NFKC", username).strip().lower()
        return super().normalize_username(unicodedata.normalize("NFKC", folded))

    def validate_username(self, username: str) -> bool:
        return bool(username) and not any(letter in username for letter in ", /")

    def get_handlers(self, app: Any) -> list[tuple[str, type[web.RequestHandler]]]:
        return [
            (r"/login", LoginHandler),
            (r"/change-password", ChangePasswordHandler),
            (r"/api/jhub/users/([^/]+)/password", PasswordHandler),
            (r"/api/jhub/passwords", PasswordsHandler),
        ]

    def check_strength(self, password: str) -> None:
        """Raises 400 with the reason when a password chosen by a person is too easy to guess."""
        if len(password) < self.minimum_password_length:
            raise web.HTTPError(400, f"a password has at least {self.minimum_password_length} characters")
        if self.check_common_password and self.is_password_common(password):
            raise web.HTTPError(400, "this password is on the list of the most common ones")

    def hash_password(self, password: str, *, generated: bool) -> bytes:
        """What is kept of a password. Raises 400 when one chosen by a person is too easy to guess."""
        if generated and len(password) >= GENERATED_LENGTH:
            return bcrypt.hashpw(password.encode(), bcrypt.gensalt(GENERATED_ROUNDS))
        self.check_strength(password)
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt())


def end_logins(db: Any, user: Any) -> None:
    """Makes the user's cookies and tokens worthless, but for those by which running servers talk to the hub."""
    kept = {id(token) for token in (orm.APIToken.find(db, s.api_token) for s in user.spawners.values() if s.api_token)}
    for token in list(user.orm_user.api_tokens):
        if id(token) not in kept:
            db.delete(token)
    user.orm_user.cookie_id = orm.new_token()


class PasswordRoute(APIHandler):
    """What both routes share."""

    def body(self) -> dict[str, Any]:
        data = self.get_json_body()
        if not isinstance(data, dict):
            raise web.HTTPError(400, "the body is not a JSON object")
        return data

    def save(self, passwords: dict[str, Any], *, generated: bool) -> None:
        """Sets all of them from now on or, when one cannot be, none. A few queries, however many there are.

        Open logins of whoever had a password end, and a lock-out after failures is forgotten.
        """
        known = {name for (name,) in self.db.query(orm.User.name)}
        unknown = [name for name in passwords if name not in known]
        if unknown:
            raise web.HTTPError(404, f"no such user: {', '.join(unknown)}")
        infos = {info.username: info for info in UserInfo.all_users(self.db)}
        try:
            for name, password in passwords.items():
                if not isinstance(password, str):
                    raise web.HTTPError(400, f"the password of {name} is not a text")
                kept = self.authenticator.hash_password(password, generated=generated)
                if name in infos:
                    end_logins(self.db, self.find_user(name))
                    infos[name].password = kept
                    infos[name].is_authorized = True
                else:
                    self.db.add(UserInfo(username=name, password=kept, is_authorized=True))
            self.db.commit()
        except Exception:
            self.db.rollback()
            raise
        for name in passwords:
            self.authenticator.login_attempts.pop(name, None)
        self.set_status(204)


class PasswordHandler(PasswordRoute):
    """`PUT` sets one password: `{"password": "...", "generated": false}`."""

    @needs_scope("admin:users")
    def put(self, name: str) -> None:
        data = self.body()
        self.save({name: data.get("password")}, generated=data.get("generated") is True)


class PasswordsHandler(PasswordRoute):
    """`PUT` sets many: `{"passwords": {"ana": "..."}, "generated": false}`; `GET` says who has one."""

    @needs_scope("admin:users")
    def get(self) -> None:
        self.write(json.dumps({"names": [info.username for info in UserInfo.all_users(self.db)]}))

    @needs_scope("admin:users")
    def put(self) -> None:
        data = self.body()
        passwords = data.get("passwords")
        if not isinstance(passwords, dict):
            raise web.HTTPError(400, 'the body has no "passwords"')
        self.save(passwords, generated=data.get("generated") is True)
