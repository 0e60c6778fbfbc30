"""What jhub adds to every way of signing in that is not its own passwords: who comes in is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jhub_allow import Account, Rules
from jhub_names import looks_alike, name_problem, normalise_name
from jhub_naming import naming_of
from jhub_once import OnceHandler, OnceLinkHandler, OnceLinks
from jhub_people import (
    PeopleHandler,
    SignInHandler,
    end_logins_of,
    forget_person,
    free_names,
    has_lost_admin,
    is_admin,
    list_people,
    may_stay,
    refusal,
    remember,
)
from jhub_refusal import refused
from jhub_rehearsal import RESERVING
from jhub_seen import FailedLogins, SeenHandler, begin_logins, forget_logins, note_login
from jhub_trial import TrialHandler, TrialLinkHandler, Trials, as_trial, finish, is_trial, judge, shown
from jupyterhub.auth import Authenticator
from tornado import web
from traitlets import Dict, Unicode


class SignIn(Authenticator):
    """Comes before an authenticator's own class, whose `authenticate` gives an `account` beside the name.

    Removal and demotion count at once, nobody is let in or made admin by being first, and a name stays with the account that
    had it. Configuration of the class itself (`allow_all`, `admin_users`) opens nothing.
    """

    has_list = True
    settings = Dict(help="`signIn` of the hub's settings.").tag(config=True)
    secret = Unicode(help="The client secret, or whatever else the method needs.").tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = Rules.of(self.settings)
        self.issuer: str = self.settings["issuer"]
        self.once = OnceLinks()
        self.failed_logins = FailedLogins()
        self.trials = Trials()

    def database(self) -> Any:
        return self.parent.db

    def normalize_username(self, username: str) -> str:
        """The same writing as the settings file's: lower case, NFKC; without the domain that it says to cut."""
        name = normalise_name(username)
        domain = self.settings["stripDomain"]
        return name.removesuffix(f"@{domain}") if domain else name

    def validate_username(self, username: str) -> bool:
        return username == normalise_name(username) and name_problem(username) is None

    def name_here(self, written: str, provider: str) -> str:
        """The name of whoever a provider calls so. Raises 403 where it cannot be one, or another account can have the same."""
        name = self.normalize_username(written)
        # What JupyterHub normalises once more must not change again: a domain that is cut off twice.
        is_whole = self.normalize_username(name) == name
        if not self.validate_username(name) or not is_whole or looks_alike(written):
            raise refused(f"The name that {provider} has of you cannot be one on this hub.")
        if self.settings["stripDomain"] and "@" not in written:
            raise refused(f"The name that {provider} has of you has no domain, so that it could be somebody else's here.")
        return name

    def get_handlers(self, app: Any) -> list[tuple[str, type[web.RequestHandler]]]:
        has_other_names = free_names(app.db, self.issuer, naming_of(self.settings))
        end_logins_of(app.db, f"{self.settings['method']} {self.issuer}", has_other_names=has_other_names)
        begin_logins(app.db)
        if self.settings.get("people") == "configuration":
            list_people(app.db, self.configured_people(app.load_groups))
        return [
            *super().get_handlers(app),
            *RESERVING,
            (r"/once", OnceHandler),
            (r"/api/jhub/once", OnceLinkHandler),
            (r"/api/jhub/seen", SeenHandler),
            (r"/trial", TrialLinkHandler),
            (r"/api/jhub/sign-in", SignInHandler),
            (r"/api/jhub/trial", TrialHandler),
            (r"/api/jhub/users", PeopleHandler),
        ]

    def configured_people(self, groups: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Whom JupyterHub's own configuration names, for a hub that nobody tells whom its settings file names."""
        admins = {self.normalize_username(name) for name in self.admin_users}
        names = admins | {self.normalize_username(name) for name in self.allowed_users}
        members = {group: entry["users"] if isinstance(entry, Mapping) else entry for group, entry in groups.items()}
        return {
            name: {"admin": name in admins, "groups": sorted(group for group, of in members.items() if name in of)}
            for name in sorted(names)
        }

    async def get_authenticated_user(self, handler: Any, data: Any) -> Any:
        trial = self.trials.of(handler)
        if trial is None:
            return await super().get_authenticated_user(handler, data)
        trial.result = await self.try_out(handler, data)
        return await finish(handler, trial.result)

    async def try_out(self, handler: Any, data: Any) -> dict[str, Any]:
        """What would come of a login that lets nobody in."""
        result: dict[str, Any] = {"name": None, "counts": {}, "getsIn": False, "admin": False}
        with as_trial() as claims:
            try:
                found = await super().get_authenticated_user(handler, data)
            except web.HTTPError as error:
                found, result["why"] = None, str(getattr(error, "jupyterhub_message", None) or error.reason or error)
            except web.Finish:
                raise
            except Exception:
                self.log.exception("A test login failed")
                found, result["why"] = None, "Signing in failed. Why: jhub logs"
        account = found and found.get("account")
        if isinstance(account, Account):
            result = judge(handler.db, self.rules, account, found["name"])
        elif found is None:
            result.setdefault("why", "The name or the password is not right, or the name cannot be one here.")
        else:
            result["why"] = "Nobody vouches for this account."
        return {**result, "claims": shown(claims)}

    async def check_allowed(self, username: str, authentication: Any) -> bool:
        """Decided in `run_post_auth_hook`, which no configuration goes around."""
        return True

    async def run_post_auth_hook(self, handler: Any, authentication: Any) -> Any:
        """The last step before somebody is in. Raises 403 with the reason."""
        if is_trial():
            return authentication
        authentication = await super().run_post_auth_hook(handler, authentication)
        account = authentication and authentication.get("account")
        if not isinstance(account, Account):
            raise refused("Nobody vouches for this account.")
        name, db = authentication["name"], handler.db
        reason = refusal(db, self.rules, account, name)
        if reason is not None:
            self.log.warning("Refused %r of %s: %s", name, account.issuer, reason)
            raise refused(reason)
        user = handler.user_from_username(name)
        remember(db, self.rules, account, user.orm_user)
        note_login(db, self.failed_logins, name)
        return {**authentication, "admin": is_admin(db, self.rules, account, name), "groups": None, "roles": None}

    async def refresh_user(self, user: Any, handler: Any = None, **_: Any) -> bool | dict[str, Any]:
        """By the rules of now: also for a token, which no login ends."""
        db = self.database()
        if not may_stay(db, self.rules, self.issuer, user.name):
            return False
        if user.admin and has_lost_admin(db, self.rules, self.issuer, user.name):
            return {"name": user.name, "admin": False}
        return True

    def add_user(self, user: Any) -> None:
        if not self.validate_username(user.name):
            raise ValueError(f"{user.name!r} cannot be a user's name")

    def delete_user(self, user: Any) -> None:
        forget_person(user.db, user.name)
        forget_logins(user.db, self.failed_logins, user.name)
