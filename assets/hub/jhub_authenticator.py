"""Logging in by passwords that only the operator sets: no sign-up, no first-comer, changes at once.

The base is NativeAuthenticator: its table, its hashes and its page for changing one's own password. Added are REST routes
for the operator's token. Who may log in is who is a user of the hub and has a password.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import bcrypt
from jhub_guesses import Guesses, client_address, place_of, remember_browser
from jhub_names import LONGEST_NAME, name_problem, normalise_name
from jhub_once import OnceHandler, OnceLinkHandler, OnceLinks
from jhub_people import PASSWORD, PeopleHandler, end_logins_of, forget_person
from jhub_rehearsal import RESERVING
from jhub_seen import FailedLogins, SeenHandler, begin_logins, forget_logins, note_failure, note_login
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.handlers import LoginHandler
from jupyterhub.scopes import needs_scope
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.handlers import ChangePasswordHandler
from nativeauthenticator.orm import UserInfo
from sqlalchemy import event
from tornado import web
from traitlets import Integer

from jupyterhub import orm

# A password made by the command line has 59 random bits. Guessing it is hopeless however fast one guess is, so that it needs
# no slow hash; a thousand people are added in seconds.
GENERATED = re.compile(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}")
LEAST_DIFFERENT = 5
GENERATED_ROUNDS = 4
CHOSEN_ROUNDS = 12
# bcrypt reads no further.
LONGEST_PASSWORD = 72


class JhubAuthenticator(NativeAuthenticator):
    """Passwords set by the operator, checked here."""

    has_list = False
    proxies = Integer(1, help="How many proxies of the hub's own stand before it.").tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enable_signup = False
        self.open_signup = False
        self.allow_existing_users = True
        self.guesses = Guesses(self.allowed_failed_logins, self.seconds_before_next_try)
        self.once = OnceLinks()
        self.failed_logins = FailedLogins()
        self.salts = {rounds: bcrypt.gensalt(rounds) for rounds in (GENERATED_ROUNDS, CHOSEN_ROUNDS)}
        # A slow hash holds up nobody but those who wait for theirs.
        self.hashing = ThreadPoolExecutor(max_workers=2, thread_name_prefix="bcrypt")

    def normalize_username(self, username: str) -> str:
        """The same writing as the command line's: lower case, NFKC."""
        return super().normalize_username(normalise_name(username))

    def validate_username(self, username: str) -> bool:
        return username == normalise_name(username) and name_problem(username) is None

    def get_handlers(self, app: Any) -> list[tuple[str, type[web.RequestHandler]]]:
        end_logins_of(app.db, PASSWORD)
        begin_logins(app.db)
        return [
            *RESERVING,
            (r"/login", LoginHandler),
            (r"/once", OnceHandler),
            (r"/change-password", OwnPasswordHandler),
            (r"/api/jhub/once", OnceLinkHandler),
            (r"/api/jhub/seen", SeenHandler),
            (r"/api/jhub/users", PeopleHandler),
            (r"/api/jhub/users/([^/]+)/password", PasswordHandler),
            (r"/api/jhub/passwords", PasswordsHandler),
        ]

    def delete_user(self, user: Any) -> None:
        super().delete_user(user)
        forget_person(user.db, user.name)
        forget_logins(user.db, self.failed_logins, user.name)

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str | None:
        """The name of whoever knows its password. Raises 400 for half a form, 429 after too many tries.

        Takes as long, and counts as much, for a name that does not exist.
        """
        if "username" not in data or "password" not in data:
            raise web.HTTPError(400, "A login needs a username and a password.")
        name = self.normalize_username(data["username"][:LONGEST_NAME])
        place = place_of(handler, name, self.proxies)
        self.take_guess(name, place)
        if not await self.knows_password(name, data["password"]):
            note_failure(handler.db, self.failed_logins, name)
            return None
        self.guesses.forget(name, place)
        remember_browser(handler, name)
        note_login(handler.db, self.failed_logins, name)
        return name

    def take_guess(self, name: str, place: str) -> None:
        if not self.guesses.take(name, place):
            minutes = max(1, round(self.seconds_before_next_try / 60))
            wait = "a minute" if minutes == 1 else f"{minutes} minutes"
            raise web.HTTPError(429, f"Too many wrong passwords. Wait {wait}, then try again.")

    async def knows_password(self, name: str, password: str) -> bool:
        """Whether it is this person's password, also at the end of the check: it may be reset while that goes on."""
        before = self.get_user(name)
        kept = None if before is None else bytes(before.password)
        right = await self.in_thread(self.matches, password, kept)
        after = self.get_user(name)
        return right and after is not None and after.is_authorized and bytes(after.password) == kept

    def matches(self, password: str, kept: bytes | None) -> bool:
        """Whether a hash is that of a password. A failure takes the time of both kinds of hashes, whatever there was."""
        text = password.encode("utf-8", "surrogatepass")
        for rounds, salt in self.salts.items():
            mine = kept if kept is not None and rounds_of(kept) == rounds else None
            made = bcrypt.hashpw(text[:LONGEST_PASSWORD], mine or salt)
            if mine is not None and hmac.compare_digest(made, mine) and len(text) <= LONGEST_PASSWORD:
                return True
        if kept is None or rounds_of(kept) in self.salts or len(text) > LONGEST_PASSWORD:
            return False
        return bcrypt.checkpw(text, kept)

    async def in_thread(self, action: Any, *words: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.hashing, action, *words)

    def check_strength(self, password: Any, whose: str = "") -> None:
        """Raises 400 with the reason when this cannot be a password, or is too easy to guess."""
        if not isinstance(password, str):
            raise web.HTTPError(400, f"the password{whose} is not a text")
        try:
            size = len(password.encode())
        except UnicodeEncodeError:
            raise web.HTTPError(400, f"the password{whose} is not a text that can be written") from None
        if size > LONGEST_PASSWORD:
            raise web.HTTPError(400, f"a password has at most {LONGEST_PASSWORD} bytes, and this{whose} has {size}")
        if len(password) < self.minimum_password_length:
            raise web.HTTPError(400, f"a password has at least {self.minimum_password_length} characters")
        if self.check_common_password and self.is_password_common(password):
            raise web.HTTPError(400, "this password is on the list of the most common ones")

    def hash_password(self, password: str, generated: bool) -> bytes:
        """What is kept of a password that has passed `check_strength`. `generated` is believed of what looks so."""
        quick = generated and GENERATED.fullmatch(password) and len(set(password)) > LEAST_DIFFERENT
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(GENERATED_ROUNDS if quick else CHOSEN_ROUNDS))

    async def hash_passwords(self, passwords: dict[str, Any], *, generated: bool) -> dict[str, bytes]:
        """What is kept of each, by name. Raises 400 when one of them cannot be a password."""
        for name, password in passwords.items():
            self.check_strength(password, f" of {name}")
        hashes = (self.in_thread(self.hash_password, password, generated) for password in passwords.values())
        return dict(zip(passwords, await asyncio.gather(*hashes), strict=True))


def rounds_of(kept: bytes) -> int:
    """The cost of a bcrypt hash: `$2b$12$…`."""
    digits = kept[4:6]
    return int(digits) if digits.isdigit() else 0


@event.listens_for(orm.User.name, "set")
def refuse_new_name(user: Any, value: str, before: Any, initiator: Any) -> None:
    """A person's password, home and servers go by the name: with another they would lose them, or get somebody's."""
    if isinstance(before, str) and value != before:
        raise web.HTTPError(400, f"Names do not change. Add {value} as somebody new, and remove {before}.")


def end_logins(db: Any, user: Any) -> None:
    """Makes the user's cookies and tokens worthless, but for those by which running servers talk to the hub."""
    kept = {id(token) for token in (orm.APIToken.find(db, s.api_token) for s in user.spawners.values() if s.api_token)}
    for token in list(user.orm_user.api_tokens):
        if id(token) not in kept:
            db.delete(token)
    user.orm_user.cookie_id = orm.new_token()


class OwnPasswordHandler(ChangePasswordHandler):
    """The page on which people change their own password. Logins elsewhere end; this browser stays logged in."""

    @web.authenticated
    async def post(self) -> None:
        user = await self.get_current_user()
        old, new, again = (
            self.get_body_argument(name, default="", strip=False)
            for name in ("old_password", "new_password", "new_password_confirmation")
        )
        try:
            await self.change(user, old, new, again)
        except web.HTTPError as refusal:
            message, alert = str(refusal.log_message), "alert-danger"
            self.set_status(refusal.status_code)
        else:
            message = "Your password is changed. Everywhere else you are logged out of the hub, but open pages of your server stay open."
            alert = "alert-success"
        page = await self.render_template(
            "change-password.html", user_name=user.name, result_message=message, alert=alert
        )
        self.finish(page)

    async def change(self, user: Any, old: str, new: str, again: str) -> None:
        """Raises 400 or 429 with a sentence for the person."""
        name, authenticator = user.name, self.authenticator
        authenticator.take_guess(name, f"change {client_address(self.request.headers, authenticator.proxies)}")
        if not await authenticator.knows_password(name, old):
            raise web.HTTPError(400, "That is not your current password. Try again.")
        if new != again:
            raise web.HTTPError(400, "The new password was not the same both times. Try again.")
        kept = await authenticator.hash_passwords({name: new}, generated=False)
        info = authenticator.get_user(name)
        if info is None:
            raise web.HTTPError(400, "You have no password any more.")
        info.password = kept[name]
        end_logins(self.db, user)
        self.db.commit()
        authenticator.guesses.forget_names({name})
        self.set_login_cookie(user)


class PasswordRoute(APIHandler):
    """What both routes share."""

    def body(self) -> dict[str, Any]:
        data = self.get_json_body()
        if not isinstance(data, dict):
            raise web.HTTPError(400, "the body is not a JSON object")
        return data

    async def save(self, passwords: dict[str, Any], *, generated: bool) -> None:
        """Sets all of them from now on or, when one cannot be, none. A few queries, however many there are.

        Open logins of whoever had a password end, and a lock-out after failures is forgotten.
        """
        self.refuse_unknown(passwords)
        kept = await self.authenticator.hash_passwords(passwords, generated=generated)
        self.refuse_unknown(passwords)
        infos = {info.username: info for info in UserInfo.all_users(self.db)}
        try:
            for name, password in kept.items():
                if name in infos:
                    end_logins(self.db, self.find_user(name))
                    infos[name].password = password
                    infos[name].is_authorized = True
                else:
                    self.db.add(UserInfo(username=name, password=password, is_authorized=True))
            self.db.commit()
        except Exception:
            self.db.rollback()
            raise
        self.authenticator.guesses.forget_names(kept.keys())
        self.set_status(204)

    def refuse_unknown(self, passwords: dict[str, Any]) -> None:
        known = {name for (name,) in self.db.query(orm.User.name)}
        unknown = [name for name in passwords if name not in known]
        if unknown:
            raise web.HTTPError(404, f"no such user: {', '.join(unknown)}")


class PasswordHandler(PasswordRoute):
    """`PUT` sets one password: `{"password": "...", "generated": false}`."""

    @needs_scope("admin:users")
    async def put(self, name: str) -> None:
        data = self.body()
        await self.save({name: data.get("password")}, generated=data.get("generated") is True)


class PasswordsHandler(PasswordRoute):
    """`PUT` sets many: `{"passwords": {"ana": "..."}, "generated": false}`; `GET` says who has one.

    `POST` says which of such passwords hold, and who has one that was generated. It counts as no guess, and is quick: a
    password that somebody chose has another hash, and is not tried.
    """

    @needs_scope("admin:users")
    def get(self) -> None:
        self.write(json.dumps({"names": [info.username for info in UserInfo.all_users(self.db)]}))

    @needs_scope("admin:users")
    async def put(self) -> None:
        data = self.body()
        passwords = data.get("passwords")
        if not isinstance(passwords, dict):
            raise web.HTTPError(400, 'the body has no "passwords"')
        await self.save(passwords, generated=data.get("generated") is True)

    @needs_scope("admin:users")
    async def post(self) -> None:
        passwords = self.body().get("passwords")
        if not isinstance(passwords, dict) or not all(isinstance(each, str) for each in passwords.values()):
            raise web.HTTPError(400, 'the body has no "passwords"')
        infos = {info.username: bytes(info.password) for info in UserInfo.all_users(self.db)}
        made = {name: kept for name, kept in infos.items() if rounds_of(kept) == GENERATED_ROUNDS}
        tried = {
            name: text.encode("utf-8", "surrogatepass")[:LONGEST_PASSWORD]
            for name, text in passwords.items()
            if name in made
        }
        in_thread = self.authenticator.in_thread
        answers = await asyncio.gather(*(in_thread(bcrypt.checkpw, text, made[name]) for name, text in tried.items()))
        right = [name for name, holds in zip(tried, answers, strict=True) if holds]
        self.write(json.dumps({"right": right, "made": list(made)}))
