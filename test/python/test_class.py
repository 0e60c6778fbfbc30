"""Any authenticator: who comes in is jhub's to decide, whatever the class says."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from jhub_methods import find_class, use_method
from jhub_naming import naming_of
from jhub_people import free_names
from jupyterhub.auth import Authenticator
from test_allow import find_user, new_database
from tornado import web
from traitlets import Unicode, validate
from traitlets.config import Config

from jupyterhub import orm


class Lax(Authenticator):
    """Says what it is told, and lets in whom it likes."""

    greeting = Unicode("").tag(config=True)
    password = Unicode("").tag(config=True)
    said: Any = None
    stays: Any = True
    gone: list[str] = []  # noqa: RUF012

    async def authenticate(self, handler: Any, data: Any) -> Any:
        return self.said

    async def refresh_user(self, user: Any, handler: Any = None) -> Any:
        return self.stays

    def check_allowed(self, username: str, authentication: Any = None) -> bool:
        return True

    def delete_user(self, user: Any) -> None:
        self.gone.append(user.name)


NOBODY: dict[str, Any] = {"everybody": False, "domains": [], "groups": [], "organizations": []}


@pytest.fixture(autouse=True)
def lax(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("lax")
    module.Lax = Lax  # type: ignore[attr-defined]
    module.Other = dict  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lax", module)
    Lax.said, Lax.stays, Lax.gone = None, True, []


def said(**more: Any) -> dict[str, Any]:
    return {
        "method": "class", "family": "class", "class": "lax:Lax", "issuer": "lax:Lax", "config": {}, "stripDomain": "", "label": "Lax",
        "allow": NOBODY, "adminGroups": [], "groups": {}, **more,
    }  # fmt: skip


def method(**more: Any) -> Any:
    config = Config()
    settings = said(**more)
    use_method(config, settings, "a secret")
    return config.JupyterHub.authenticator_class(config=config)


def signs_in(found: Any, db: Any, answer: Any) -> tuple[str, bool] | None:
    """The name and admin rights of whoever comes in; `None` when refused."""
    Lax.said = answer
    handler = SimpleNamespace(db=db, get_signed_cookie=lambda *_, **__: None, user_from_username=partial(find_user, db))
    try:
        came = asyncio.run(found.get_authenticated_user(handler, {}))
    except web.HTTPError as error:
        assert error.status_code == 403
        return None
    if came is None:
        return None
    assert (came["groups"], came["roles"]) == (None, None)
    return came["name"], came["admin"]


def test_only_who_is_listed_or_allowed_comes_in() -> None:
    db = new_database({"ana": True, "ben": False})
    closed = method(config={"greeting": "hello"}, secretTrait="password")
    assert (closed.greeting, closed.password) == ("hello", "a secret")
    assert signs_in(closed, db, "Ana") == ("ana", True)
    everything = {"name": "ben", "admin": True, "groups": ["staff"], "roles": [{"name": "admin"}]}
    assert signs_in(closed, db, everything) == ("ben", False)
    assert signs_in(closed, db, {"name": "zoe", "admin": True}) is None
    assert signs_in(closed, db, None) is None
    by_group = method(allow={**NOBODY, "groups": ["staff"]}, adminGroups=["chiefs"])
    assert signs_in(by_group, db, {"name": "zoe", "groups": ["staff"]}) == ("zoe", False)
    assert signs_in(by_group, db, {"name": "yan", "groups": ("chiefs",)}) == ("yan", True)
    assert signs_in(by_group, db, {"name": "xi", "groups": "staff"}) is None


def test_removal_and_demotion_count_at_once_and_the_class_is_told() -> None:
    db = new_database({"ana": True})
    found = method(allow={**NOBODY, "everybody": True})
    assert signs_in(found, db, "zoe") == ("zoe", False)
    found.database = lambda: db

    def stays(name: str, admin: bool = False) -> Any:
        return asyncio.run(found.refresh_user(SimpleNamespace(name=name, admin=admin)))

    assert stays("zoe") is True
    Lax.stays = False
    assert stays("zoe") is False, "the class ends it"
    Lax.stays = {"name": "zoe", "admin": True}
    assert stays("zoe") is True, "and makes nobody admin"
    found.delete_user(SimpleNamespace(db=db, name="zoe"))
    db.delete(orm.User.find(db, "zoe"))
    db.commit()
    assert Lax.gone == ["zoe"]
    assert stays("zoe") is False
    assert signs_in(found, db, "zoe") is None


def test_a_domain_that_is_cut_off_joins_no_accounts_and_brings_nobody_back() -> None:
    db = new_database({})
    whole, cut = (method(allow={**NOBODY, "everybody": True}, stripDomain=domain) for domain in ("", "uni.example"))
    free_names(db, "lax:Lax", naming_of(whole.settings))
    assert signs_in(whole, db, "eve@uni.example") == ("eve@uni.example", False)
    whole.delete_user(SimpleNamespace(db=db, name="eve@uni.example"))
    db.delete(orm.User.find(db, "eve@uni.example"))
    db.commit()
    free_names(db, "lax:Lax", naming_of(cut.settings))
    assert signs_in(cut, db, "eve@uni.example") is None, "removed by the name of before"
    assert signs_in(cut, db, "Ana@uni.example") == ("ana", False)
    for other in ("ana", "ana@uni.example@uni.example", "ａna@uni.example"):
        assert signs_in(cut, db, other) is None, "another account"


def test_rules_are_looked_at_again_whatever_the_class_says() -> None:
    class Sleepy(Lax):
        auth_refresh_age = 0
        manage_groups = True
        manage_roles = True

    sys.modules["lax"].Lax = Sleepy  # type: ignore[attr-defined]
    found = method()
    assert (found.auth_refresh_age, found.manage_groups, found.manage_roles) == (300, False, False)


class Grouped(Lax):
    """Gives groups only where it is told to, as authenticators of JupyterHub do."""

    pages = Unicode("").tag(config=True)

    @validate("pages")
    def _needs_groups(self, proposal: Any) -> Any:
        if not self.manage_groups:
            raise ValueError("pages needs manage_groups")
        return proposal.value

    async def authenticate(self, handler: Any, data: Any) -> Any:
        return {"name": self.said, "groups": ["staff"]} if self.manage_groups else self.said


def test_a_class_gives_groups_where_a_rule_needs_them_and_the_hub_takes_none_away() -> None:
    sys.modules["lax"].Lax = Grouped  # type: ignore[attr-defined]
    db = new_database({"ana": False})
    found = method(groups={"staff": "ta"}, config={"pages": "of groups"})
    assert found.manage_groups is False, "JupyterHub would make the class's groups the only ones"
    assert signs_in(found, db, "ana") == ("ana", False)
    assert [group.name for group in orm.User.find(db, "ana").groups] == ["ta"]
    assert signs_in(method(adminGroups=["staff"]), db, "ana") == ("ana", True)
    assert signs_in(method(allow={**NOBODY, "groups": ["staff"]}), db, "zoe") == ("zoe", False)
    with pytest.raises(ValueError, match="needs manage_groups"):
        method(config={"pages": "of groups"})


def test_a_class_that_gives_no_name_lets_nobody_in() -> None:
    with pytest.raises(ValueError, match="no name"):
        signs_in(method(), new_database({}), {"admin": True})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"class": "lax:Other"}, "lax:Other is no authenticator"),
        ({"class": "lax:Nothing"}, "lax:Nothing is no authenticator"),
        ({"class": "no_such_package:Class"}, "no Python package 'no_such_package'"),
        ({"config": {"greting": "hi"}}, "lax:Lax has no greting to set"),
        ({"config": {"auth_refresh_age": 0}}, "lax:Lax has no auth_refresh_age to set"),
    ],
)
def test_what_cannot_be_is_said(more: dict[str, Any], words: str) -> None:
    with pytest.raises(SystemExit, match=words):
        use_method(Config(), said(**more), "")


def test_names_are_those_of_jhub() -> None:
    kind = find_class(said())
    assert kind.__name__ == "JhubLax"
    assert issubclass(kind, Lax)
    assert method(stripDomain="uni.example").normalize_username("Ana@UNI.example") == "ana"
    assert not method().validate_username("a/b")
