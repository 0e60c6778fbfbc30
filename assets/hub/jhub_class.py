"""Signing in by any authenticator of JupyterHub. It says who somebody is; who comes in is jhub's to decide, as with every method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from jhub_allow import Account, texts
from jhub_names import normalise_name
from jhub_sign_in import SignIn
from jhub_trial import note_claims
from jupyterhub.auth import Authenticator
from jupyterhub.utils import maybe_future

# Whether the class of others is at work, and not JupyterHub.
CLASS_WORKS: ContextVar[bool] = ContextVar("jhub_class_works", default=False)


@contextmanager
def class_works() -> Iterator[None]:
    token = CLASS_WORKS.set(True)
    try:
        yield
    finally:
        CLASS_WORKS.reset(token)


class AnySignIn(SignIn):
    """Comes before the class of others. A name is all that is known of an account: uncut, it is its own subject."""

    # No longer traits, so that neither the class nor its configuration says otherwise.
    auth_refresh_age = 300
    manage_roles = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        with class_works():
            super().__init__(*args, **kwargs)

    @property
    def manage_groups(self) -> bool:
        """Classes ask for groups only where this is true. JupyterHub would take away those of the settings file."""
        rules = [self.settings.get(key) for key in ("adminGroups", "groups")]
        return CLASS_WORKS.get() and any([*rules, self.settings.get("allow", {}).get("groups")])

    async def authenticate(self, handler: Any, data: Any = None, **words: Any) -> dict[str, Any] | None:
        with class_works():
            found = await maybe_future(super().authenticate(handler, data, **words))
        if found is None:
            return None
        said = dict(found) if isinstance(found, Mapping) else {"name": found}
        if not isinstance(said.get("name"), str):
            raise ValueError("the authenticator gave no name")
        note_claims({key: value for key, value in said.items() if key != "auth_state"})
        self.name_here(said["name"], self.settings["label"])
        subject, groups = normalise_name(said["name"]), said.get("groups")
        account = Account(self.issuer, subject, groups=texts(list(groups)) if isinstance(groups, (list, tuple, set)) else frozenset())
        # What the class says of admins, groups and roles counts by the rules alone.
        return {**said, "admin": None, "groups": None, "roles": None, "account": account}

    async def refresh_user(self, user: Any, handler: Any = None, **words: Any) -> bool | dict[str, Any]:
        """By the rules of now, and as the class itself sees it."""
        mine = await SignIn.refresh_user(self, user, handler)
        if mine is not True:
            return mine
        return bool(await maybe_future(super(SignIn, self).refresh_user(user, handler, **words)))

    def add_user(self, user: Any) -> Any:
        SignIn.add_user(self, user)
        return super(SignIn, self).add_user(user)

    def delete_user(self, user: Any) -> Any:
        SignIn.delete_user(self, user)
        return super(SignIn, self).delete_user(user)


def class_of(settings: Mapping[str, Any]) -> Any:
    """The class that the settings name, behind `AnySignIn`. Ends the hub with a sentence where it is none."""
    module, _, name = settings["class"].partition(":")
    found = getattr(import_module(module), name, None)
    if not isinstance(found, type) or not issubclass(found, Authenticator):
        raise SystemExit(f"{settings['class']} is no authenticator of JupyterHub. Another: jhub auth set")
    return type(f"Jhub{name}", (AnySignIn, found), {"__module__": __name__})


def configure(c: Any, settings: Mapping[str, Any], secret: str, kind: Any) -> None:
    """Sets the traits that the settings file says."""
    unknown = sorted(set(settings["config"]) - set(kind.class_traits(config=True)))
    if unknown:
        raise SystemExit(f"{settings['class']} has no {', '.join(unknown)} to set (auth.config). Change it: jhub config edit")
    for trait, value in settings["config"].items():
        c[kind.__name__][trait] = value
    if settings.get("secretTrait"):
        c[kind.__name__][settings["secretTrait"]] = secret
