"""One password for everybody in the room. Whoever has it can use anybody's name, but no admin's."""

from __future__ import annotations

from typing import Any

from jhub_allow import Account
from jhub_guesses import Guesses, client_address
from jhub_names import LONGEST_NAME
from jhub_people import Listed
from jhub_refusal import refused
from jhub_seen import note_failure
from jhub_sign_in import SignIn
from jupyterhub.authenticators.shared import SharedPasswordAuthenticator
from tornado import web
from traitlets import Integer

# A room often comes from one address: as many tries as there are people in it.
TRIES = 40
WAIT_SECONDS = 60
LONGEST_PASSWORD = 200


class RoomSignIn(SignIn, SharedPasswordAuthenticator):
    """JupyterHub's own class, with guesses counted. Admins come by a link of the operator's."""

    proxies = Integer(1, help="How many proxies of the hub's own stand before it.").tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_password = comparable(self.secret)
        self.guesses = Guesses(TRIES, WAIT_SECONDS)

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        """Whoever has the room's password, under the name that they give. Raises 400, 403 or 429."""
        if "username" not in data or "password" not in data:
            raise web.HTTPError(400, "A login needs a username and a password.")
        place = client_address(handler.request.headers, self.proxies)
        if not self.guesses.take("", place):
            raise web.HTTPError(429, "Too many wrong passwords. Wait a minute, then try again.")
        name = self.normalize_username(data["username"][:LONGEST_NAME])
        given = comparable(data["password"][:LONGEST_PASSWORD])
        right = await super().authenticate(handler, {"username": name, "password": given})
        if right is None:
            note_failure(handler.db, self.failed_logins, name)
            return None
        self.guesses.forget("", place)
        listed = handler.db.get(Listed, name)
        if listed is not None and listed.admin:
            raise refused(f"{name} is an admin, and admins come by a link: jhub open --admin.")
        return {"name": name, "account": Account(self.issuer, name)}


def comparable(password: str) -> str:
    """JupyterHub's class compares ASCII only."""
    return password.encode("utf-8", "surrogatepass").hex()
