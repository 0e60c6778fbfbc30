"""One test login: what is said of whoever signs in, which name that makes, and whether it opens the hub.

Only the operator's token makes a link. Whoever opens it and signs in in that browser comes in nowhere and is not remembered;
what was said of them is told to the operator alone.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jhub_allow import Account, Rules
from jhub_operator import asks_as_operator
from jhub_people import Listed, is_admin, refusal
from jhub_refusal import refused
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.handlers import BaseHandler
from jupyterhub.scopes import needs_scope
from tornado import web

TRIAL_SECONDS = 600
MOST_TRIALS = 20
COOKIE = "jhub-trial"
LONGEST_TEXT = 300
MOST_ENTRIES = 100
DEEPEST = 4
# What would let others act for the person. An ID token's claims have none; a provider's own page might.
SECRET_KEY = re.compile(r"token|secret|password|assertion|credential", re.IGNORECASE)
SIGNED = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")

# The claims of the test login that goes on.
CLAIMS: ContextVar[dict[str, Any] | None] = ContextVar("jhub_trial_claims", default=None)


@dataclass
class Trial:
    """A test login that was asked for."""

    until: float
    # The digest of the link's key; none once the link was used.
    key: str | None
    result: dict[str, Any] | None = None


class Trials:
    """Test logins by their number, which the browser of one has as a signed cookie."""

    def __init__(self) -> None:
        self.trials: dict[str, Trial] = {}

    def make(self) -> tuple[str, str]:
        """The number of a new one, and the key of its link."""
        self.forget_old()
        while len(self.trials) >= MOST_TRIALS:
            del self.trials[next(iter(self.trials))]
        number, key = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        self.trials[number] = Trial(time.monotonic() + TRIAL_SECONDS, digest(key))
        return number, key

    def open(self, key: str) -> str | None:
        """The number that a key opens; never again after that."""
        self.forget_old()
        for number, trial in self.trials.items():
            if trial.key is not None and secrets.compare_digest(trial.key, digest(key)):
                trial.key = None
                return number
        return None

    def of(self, handler: Any) -> Trial | None:
        """The test login that goes on in a browser. Raises 403 where it has ended: whoever came to try does not come in."""
        self.forget_old()
        number = handler.get_signed_cookie(COOKIE, max_age_days=1)
        if not number:
            return None
        trial = self.trials.get(number.decode())
        if trial is None or trial.key is not None or trial.result is not None:
            handler.clear_cookie(COOKIE, path=handler.hub.base_url)
            raise refused("This test login has ended. To come in, sign in again.")
        return trial

    def forget_old(self) -> None:
        now = time.monotonic()
        self.trials = {number: trial for number, trial in self.trials.items() if trial.until > now}


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def as_trial() -> Iterator[dict[str, Any]]:
    """Within it nobody is let in; gives what `note_claims` is told."""
    claims: dict[str, Any] = {}
    token = CLAIMS.set(claims)
    try:
        yield claims
    finally:
        CLAIMS.reset(token)


def is_trial() -> bool:
    return CLAIMS.get() is not None


def note_claims(said: Mapping[str, Any]) -> None:
    """What somebody else says of whoever signs in; kept only in a test login."""
    claims = CLAIMS.get()
    if claims is not None:
        claims.update(said)


def judge(db: Any, rules: Rules, account: Account, name: str) -> dict[str, Any]:
    """Whether an account would come in under a name, and why, in a sentence."""
    reason = refusal(db, rules, account, name)
    counts = {kind: sorted(getattr(account, kind)) for kind in ("domains", "groups", "organizations")}
    admin = reason is None and is_admin(db, rules, account, name)
    return {
        "name": name,
        "counts": counts,
        "getsIn": reason is None,
        "admin": admin,
        "why": reason or why(db, rules, account, name),
    }


def why(db: Any, rules: Rules, account: Account, name: str) -> str:
    if db.get(Listed, name) is not None:
        return f"{name} is in the settings file."
    if rules.makes_admin(account):
        return f"By adminGroups: {first(rules.admin_groups & account.groups)}."
    for kind in ("domains", "groups", "organizations"):
        common = getattr(rules, kind) & getattr(account, kind)
        if common:
            return f"By allow.{kind}: {first(common)}."
    return "By allow.everybody."


def first(names: frozenset[str]) -> str:
    return min(names)


def shown(value: Any, depth: int = 0) -> Any:
    """A claim as it may leave the hub: no token, no secret, of a size that can be read."""
    if isinstance(value, str):
        return "(not shown)" if SIGNED.search(value) else value[:LONGEST_TEXT]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        some = list(value.items())[:MOST_ENTRIES]
        return {
            str(key): "(not shown)" if SECRET_KEY.search(str(key)) else shown(entry, depth + 1) for key, entry in some
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [shown(entry, depth + 1) for entry in list(value)[:MOST_ENTRIES]]
    return str(value)[:LONGEST_TEXT]


class TrialHandler(APIHandler):
    """`POST` makes one: `{"id": "…", "path": "/trial?token=…"}`. `GET ?id=…` says how far it is: `waiting`, `open`, `done` with
    its result, or `gone`."""

    async def prepare(self) -> None:
        await super().prepare()
        if not asks_as_operator(self):
            raise web.HTTPError(403, "only the command line makes and reads test logins")

    @needs_scope("admin:users")
    def post(self) -> None:
        number, key = self.authenticator.trials.make()
        self.write({"id": number, "path": f"/trial?token={key}"})

    @needs_scope("admin:users")
    def get(self) -> None:
        trials = self.authenticator.trials
        trials.forget_old()
        trial = trials.trials.get(self.get_argument("id", ""))
        if trial is None:
            self.write({"state": "gone"})
        elif trial.result is not None:
            self.write({"state": "done", "result": trial.result})
        else:
            self.write({"state": "waiting" if trial.key is not None else "open"})


class TrialLinkHandler(BaseHandler):
    """Where the link takes people: to signing in, as everybody does it."""

    def get(self) -> None:
        number = self.authenticator.trials.open(self.get_argument("token", ""))
        if number is None:
            raise refused("This link has been used, or is too old. `jhub auth check --login` makes another.")
        # A learning platform comes back by a form of its own site.
        crosses_sites = {"secure": True, "samesite": "None"} if self.request.protocol == "https" else {}
        self.set_signed_cookie(COOKIE, number, expires_days=1, httponly=True, path=self.hub.base_url, **crosses_sites)
        # The login page would let whoever is logged in skip it.
        if not self.authenticator.login_service:
            self.clear_login_cookie()
        self.redirect(self.authenticator.login_url(self.hub.base_url))


async def finish(handler: Any, result: Mapping[str, Any]) -> None:
    """Ends a test login in its browser. Always raises."""
    handler.clear_cookie(COOKIE, path=handler.hub.base_url)
    page = await handler.render_template("trial.html", account_name=result["name"], gets_in=result["getsIn"])
    raise web.Finish(page)
